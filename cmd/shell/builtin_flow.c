/* Builtins that say what runs next. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/shell/builtins.h"
#include "cmd/shell/main.h"
#include "cmd/shell/run.h"
#include "cmd/shell/state.h"

int builtin_colon(struct call *c)
{
    (void)c;
    return 0;
}

int builtin_false(struct call *c)
{
    (void)c;
    return 1;
}

/* An optional number behind the name. 0: *n is set; else the exit status after a message. */
static int read_number(struct call *c, long missing, long least, long *n)
{
    char *end;
    *n = missing;
    if (c->argc < 2)
        return 0;
    *n = strtol(c->argv[1], &end, 10);
    if (end == c->argv[1] || *end)
        return builtin_usage(c, "%s: numeric argument required", c->argv[1]);
    if (c->argc > 2)
        return builtin_fail(c, "too many arguments");
    return *n < least ? builtin_fail(c, "%s: loop count out of range", c->argv[1]) : 0;
}

/* ---- loops, functions, the shell ---- */

static int leave_loops(struct call *c, enum unwind how)
{
    struct shell *sh = c->sh;
    long n;
    int status = read_number(c, 1, 1, &n);
    if (status)
        return status;
    if (!sh->loops) {
        builtin_fail(c, "only meaningful in a `for', `while', or `until' loop");
        return 0;
    }
    sh->unwind = how;
    sh->unwind_levels = n < sh->loops ? (int)n : sh->loops;
    return 0;
}

int builtin_break(struct call *c)
{
    return leave_loops(c, UNWIND_BREAK);
}

int builtin_continue(struct call *c)
{
    return leave_loops(c, UNWIND_CONTINUE);
}

int builtin_return(struct call *c)
{
    long n;
    int status = read_number(c, c->sh->status, -256, &n);
    if (!c->sh->calls)
        return builtin_usage(c, "can only `return' from a function or sourced script");
    c->sh->unwind = UNWIND_RETURN;
    return status ? status : (int)(n & 0xff);
}

static bool warn_of_stopped_jobs(struct call *c)
{
    struct shell *sh = c->sh;
    if (!sh->opts.interactive || sh->subshell || sh->stop_warned)
        return false;
    for (size_t i = 0; i < sh->jobs.n; i++)
        if (job_state(sh->jobs.list[i]) == JOB_STOPPED) {
            sink_puts(c->env->err, "There are stopped jobs.\n");
            sh->stop_warned = true;
            return true;
        }
    return false;
}

int builtin_exit(struct call *c)
{
    struct shell *sh = c->sh;
    long n;
    int status = read_number(c, sh->status, -256, &n);
    if (status == 1)
        return status;
    if (!sh->subshell && nested_leave(sh))
        return status ? status : (int)(n & 0xff);
    if (warn_of_stopped_jobs(c))
        return 1;
    if (sh->opts.interactive && !sh->subshell)
        sink_puts(c->env->err, "exit\n");
    sh->unwind = UNWIND_EXIT;
    return status ? status : (int)(n & 0xff);
}

int builtin_shift(struct call *c)
{
    struct words *args = &c->sh->args;
    long n;
    int status = read_number(c, 1, 0, &n);
    if (status)
        return status;
    if ((size_t)n > args->n)
        return 1;
    for (long i = 0; i < n; i++)
        free(args->v[i]);
    if (n) {
        memmove(args->v, args->v + n, (args->n - (size_t)n + 1) * sizeof(*args->v));
        args->n -= (size_t)n;
    }
    return 0;
}

/* ---- commands of words and of files ---- */

int builtin_eval(struct call *c)
{
    struct strbuf text = STRBUF_INIT;
    for (int i = 1; i < c->argc; i++)
        strbuf_addf(&text, "%s%s", i > 1 ? " " : "", c->argv[i]);
    int line = c->sh->line, status = 0;
    if (text.len)
        status = exec_text(c->sh, text.data, text.len, line);
    strbuf_release(&text);
    return status;
}

/* All of a file; 0 or -errno. */
static int read_all(struct call *c, const char *name, struct strbuf *text)
{
    enum { LARGEST = 16 << 20 };
    char block[8192];
    struct reader in;
    ssize_t n;
    int rc = cmd_open_reader(c->env, name, &in);
    if (rc < 0)
        return rc;
    while ((n = reader_read(&in, block, sizeof(block))) > 0 && text->len < LARGEST)
        strbuf_add(text, block, (size_t)n);
    reader_release(&in);
    if (n < 0)
        return (int)n;
    return n > 0 || (text->len && memchr(text->data, '\0', text->len)) ? -ENOEXEC : 0;
}

int builtin_dot(struct call *c)
{
    struct strbuf text = STRBUF_INIT;
    struct shell *sh = c->sh;
    if (c->argc < 2)
        return builtin_usage(c, "filename argument required");
    int status = 0, rc = read_all(c, c->argv[1], &text);
    if (rc < 0) {
        shell_complain(sh, "%s: %s", c->argv[1], cmd_strerror(-rc));
        status = 1;
    } else if (text.len) {
        sh->calls++;
        status = exec_text(sh, text.data, text.len, 1);
        sh->calls--;
        if (sh->unwind == UNWIND_RETURN)
            sh->unwind = UNWIND_NONE;
    }
    strbuf_release(&text);
    return status;
}

/* A shell of its own, which begins as a copy of this one. */
static struct shell *new_script(struct call *c, const char *name, char **args, int n)
{
    struct shell *copy = shell_copy(c->sh);
    functions_release(&copy->functions);
    copy->opts.name = name;
    copy->opts.interactive = false;
    copy->loops = copy->calls = copy->guarded = 0;
    shell_set_arguments(copy, args, n);
    return copy;
}

static int end_script(struct call *c, struct shell *copy)
{
    int status = traps_on_exit(copy, copy->status);
    if (copy->refused)
        shell_refused(c->sh, copy->refused, copy->refusal.msg);
    shell_free(copy);
    return status;
}

/* Text as its commands. */
static int run_script(struct call *c, const char *text, const char *name, char **args, int n)
{
    struct shell *copy = new_script(c, name, args, n);
    exec_text(copy, text, strlen(text), 1);
    return end_script(c, copy);
}

/* Are there commands on standard input: a pipe, a file, a here-document, not who types? */
static bool has_commands(const struct reader *in)
{
    const struct reader *from = in->shared ? in->shared : in;
    return from->fd < 0 ? from->len > 0 : from->fd != STDIN_FILENO;
}

static int run_piped(struct call *c, char **args, int n)
{
    struct shell *copy = new_script(c, c->argv[0], args, n);
    exec_input(copy, c->env->in);
    return end_script(c, copy);
}

static int run_script_file(struct call *c)
{
    struct strbuf text = STRBUF_INIT;
    int status, rc = read_all(c, c->argv[1], &text);
    if (rc < 0) {
        sink_printf(c->env->err, "%s: %s: %s\n", c->argv[0], c->argv[1], cmd_strerror(-rc));
        status = rc == -ENOENT ? 127 : 126;
    } else {
        status = run_script(c, strbuf_cstr(&text), c->argv[1], c->argv + 2, c->argc - 2);
    }
    strbuf_release(&text);
    return status;
}

/* bash, sh: in the same world. */
int builtin_shell(struct call *c)
{
    if (c->argc == 1 && has_commands(c->env->in))
        return run_piped(c, NULL, 0);
    if (c->argc == 1) {
        nested_enter(c->sh, NULL);
        return 0;
    }
    if (strcmp(c->argv[1], "-s") == 0 && has_commands(c->env->in))
        return run_piped(c, c->argv + 2, c->argc - 2);
    if (strcmp(c->argv[1], "-c") == 0) {
        if (c->argc < 3)
            return builtin_usage(c, "-c: option requires an argument");
        return run_script(c, c->argv[2], c->argc > 3 ? c->argv[3] : c->argv[0], c->argv + 4,
                          c->argc > 4 ? c->argc - 4 : 0);
    }
    if (c->argv[1][0] == '-')
        return shell_unsupported(c->sh, "%s %s is not supported", c->argv[0], c->argv[1]);
    return run_script_file(c);
}

/* ---- words before a command ---- */

int builtin_command(struct call *c)
{
    int first = 1;
    bool name = false;
    for (; first < c->argc && c->argv[first][0] == '-' && c->argv[first][1]; first++) {
        if (strcmp(c->argv[first], "-v") == 0)
            name = true;
        else if (strcmp(c->argv[first], "-p") != 0)
            return shell_unsupported(c->sh, "command %s is not supported", c->argv[first]);
    }
    if (first >= c->argc)
        return 0;
    if (!name)
        return command_run(c->sh, c->argc - first, c->argv + first, COMMAND_NO_FUNCTIONS);
    const char *word = c->argv[first];
    if (!builtin_find(word) && !function_find(c->sh, word) && !command_tool(word))
        return 1;
    sink_printf(c->env->out, "%s\n", word);
    return 0;
}

int builtin_exec(struct call *c)
{
    if (c->argc == 1) {
        c->sh->keep_io = true;
        return 0;
    }
    int status = command_run(c->sh, c->argc - 1, c->argv + 1, COMMAND_NO_FUNCTIONS);
    c->sh->unwind = UNWIND_EXIT;
    return status;
}

/* `vnet sh`: as bash, which it is here. Its options open the host's files and programs, which is
 * for the host's command line alone. */
static int vnet_sh(struct call *c)
{
    char bash[] = "bash";
    const char *word = c->argc > 2 ? c->argv[2] : "";
    if (word[0] == '-' && strcmp(word, "-c") != 0)
        return shell_unsupported(c->sh, "sh: %s is not supported within the shell", word);
    char *sh = c->argv[1];
    struct call inner = *c;
    inner.argc--;
    inner.argv++;
    // cppcheck-suppress autoVariables ; taken back below
    inner.argv[0] = bash;
    int status = builtin_shell(&inner);
    c->argv[1] = sh;
    return status;
}

/* Tools of vnet's own. */
int builtin_vnet(struct call *c)
{
    if (c->argc == 1)
        return builtin_usage(c, "you are in it; see help");
    const struct tool *tool = tool_find(c->argv[1]);
    if (!tool)
        return builtin_usage(c, "unknown tool \"%s\"", c->argv[1]);
    bool help = c->argc == 3 && (!strcmp(c->argv[2], "--help") || !strcmp(c->argv[2], "-h"));
    if (tool->run == sh_main && !help)
        return vnet_sh(c);
    return run_tool(c->sh, tool, c->argc - 1, c->argv + 1);
}

/* sudo's options: with a value, without one, those that ask for a shell. */
static int skip_sudo_options(struct call *c, bool *shell)
{
    int i = 1;
    *shell = false;
    for (; i < c->argc && c->argv[i][0] == '-' && c->argv[i][1]; i++) {
        const char *word = c->argv[i];
        if (strcmp(word, "--") == 0)
            return i + 1;
        if (strcmp(word, "-u") == 0 || strcmp(word, "-g") == 0)
            i++;
        else if (strspn(word + 1, "EHnSkPbisu") != strlen(word + 1) || strchr(word, 'b'))
            return -1;
        *shell |= strchr(word, 'i') || strchr(word, 's');
    }
    return i;
}

int builtin_sudo(struct call *c)
{
    bool shell;
    int first = skip_sudo_options(c, &shell);
    if (first < 0)
        return shell_unsupported(c->sh, "these options of sudo are not supported");
    if (first < c->argc && strchr(c->argv[first], '='))
        return shell_unsupported(c->sh, "sudo %s is not supported: set the variable before sudo",
                                 c->argv[first]);
    if (first < c->argc)
        return command_run(c->sh, c->argc - first, c->argv + first, COMMAND_NO_FUNCTIONS);
    if (!shell)
        return builtin_usage(c, "a command is missing");
    nested_enter(c->sh, NULL);
    return 0;
}

int builtin_su(struct call *c)
{
    static const char *const plain[] = {"-", "-l", "--login", "root"};
    for (int i = 1; i < c->argc; i++) {
        bool known = false;
        for (size_t k = 0; k < ARRAY_LEN(plain); k++)
            known |= strcmp(c->argv[i], plain[k]) == 0;
        if (strcmp(c->argv[i], "-c") == 0 && i + 1 < c->argc)
            return run_script(c, c->argv[i + 1], "bash", NULL, 0);
        if (!known)
            return shell_unsupported(c->sh, "su %s is not supported: there is one user, root",
                                     c->argv[i]);
    }
    nested_enter(c->sh, NULL);
    return 0;
}
