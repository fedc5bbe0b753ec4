/* The shell as a program: commands of a file, of an argument, of standard input, of a person. */
#include "cmd/shell/main.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/files.h"
#include "cmd/options.h"
#include "cmd/shell/command.h"
#include "cmd/shell/interactive.h"
#include "cmd/shell/state.h"
#include "cmd/signals.h"

struct settings {
    bool commands; /* -c */
    bool host_commands, interactive, batch;
    bool own_input; /* in memory, but from the host's command line */
    const char *allowed;
    int nargs;
    char **args; /* operands */
};

enum { OPT_FILES = 1, OPT_HOST, OPT_BATCH, EXIT_USAGE = 2, EXIT_NOT_FOUND = 127 };

static const struct long_option longs[] = {
    {"allow-files", 1, OPT_FILES},
    {"allow-host-commands", 0, OPT_HOST},
    {"batch", 0, OPT_BATCH},
    {"help", 0, 'h'},
    {NULL, 0, 0},
};

static const char usage_text[] =
    "Usage: vnet sh [OPTION]... [FILE [ARGUMENT]...]\n"
    "       vnet sh [OPTION]... -c COMMANDS [NAME [ARGUMENT]...]\n"
    "A shell over vnet's tools. Without FILE it reads standard input, or a person's typing.\n"
    "\n"
    "  --allow-files DIR      files below DIR can be read and written; all others that commands\n"
    "                         name are the shell's own, and go when it ends\n"
    "  --allow-host-commands  commands that vnet does not have are run from the host\n"
    "  --batch                the world is in memory while the script runs, in virtual time,\n"
    "                         and is saved once, when it ends; other processes wait\n";

/* -1: go on, else the exit status. */
static int parse_options(struct cmd_env *env, struct options *o, struct settings *set)
{
    for (int option; (option = options_next(o)) != -1;) {
        switch (option) {
        case 'c':
            set->commands = true;
            break;
        case 'i':
            set->interactive = true;
            break;
        case OPT_FILES:
            set->allowed = o->arg;
            break;
        case OPT_HOST:
            set->host_commands = true;
            break;
        case OPT_BATCH:
            set->batch = true;
            break;
        case 'h':
            sink_puts(env->out, usage_text);
            return 0;
        default:
            sink_puts(env->err, usage_text);
            return EXIT_USAGE;
        }
    }
    set->args = o->operands;
    set->nargs = o->noperands;
    if (set->commands && set->nargs == 0) {
        sink_puts(env->err, "vnet: sh: -c: option requires an argument\n");
        return EXIT_USAGE;
    }
    if (set->batch && (set->interactive || set->host_commands)) {
        sink_puts(env->err, "vnet: sh: --batch goes with neither -i nor --allow-host-commands\n");
        return EXIT_USAGE;
    }
    return -1;
}

/* ---- scripts ---- */

/* A command that ended by a signal ends the script by it, too. */
static int end_status(struct shell *sh)
{
    return shell_status(sh);
}

/* Commands as they come, one after the other, each run before the next is read. */
static int run_stream(struct shell *sh, struct reader *in)
{
    struct strbuf text = STRBUF_INIT, line = STRBUF_INIT;
    struct vnet_err err = {""};
    int number = 1, first = 1, rc = 1;
    while (!sh->unwind && (rc = reader_line(in, &line)) == 1) {
        if (memchr(line.data, '\0', line.len)) {
            shell_complain(sh, "cannot execute binary file");
            sh->status = 126;
            break;
        }
        strbuf_add(&text, line.data, line.len);
        number++;
        if (shell_check(strbuf_cstr(&text), &err) == -EAGAIN)
            continue;
        exec_text(sh, text.data, text.len, first);
        strbuf_reset(&text);
        first = number;
    }
    if (rc == 0 && text.len && !sh->unwind)
        exec_text(sh, text.data, text.len, first); /* says what is missing */
    strbuf_release(&text);
    strbuf_release(&line);
    return end_status(sh);
}

static int run_input(struct shell *sh)
{
    struct reader in;
    reader_init_fd(&in, STDIN_FILENO, false);
    in.interrupted = sh->opts.env->interrupted;
    exec_input(sh, &in);
    return end_status(sh);
}

/* The script itself is the user's own file, named on the host's command line. */
static int run_file(struct shell *sh, const char *name)
{
    struct reader in;
    int fd = files_open(NULL, name, 0);
    if (fd < 0) {
        struct strbuf text = STRBUF_INIT;
        strbuf_addf(&text, "vnet: sh: %s: %s\n", name, cmd_strerror(-fd));
        shell_say(sh, 2, text.data);
        strbuf_release(&text);
        return fd == -ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_FOUND - 1;
    }
    reader_init_fd(&in, fd, true);
    int status = run_stream(sh, &in);
    reader_release(&in);
    return status;
}

static int run(struct shell *sh, const struct settings *set)
{
    int first = set->commands ? 2 : 1;
    if (set->nargs > first)
        shell_set_arguments(sh, set->args + first, set->nargs - first);
    if (set->commands)
        return exec_text(sh, set->args[0], strlen(set->args[0]), 1);
    if (set->nargs)
        return run_file(sh, set->args[0]);
    return sh->opts.interactive ? interactive_run(sh) : run_input(sh);
}

/* A shell with files of its own below `allowed` (NULL: none of the host's), and what it needs. NULL
 * after a message. */
static struct shell *make_shell(struct cmd_env *env, struct cmd_env *own, const char *allowed,
                                struct shell_opts *opts)
{
    *own = *env;
    own->files = files_new(allowed, env->getenv ? env->getenv("TMPDIR") : NULL);
    if (!own->files) {
        sink_printf(env->err, "vnet: sh: %s: %s\n", allowed, cmd_strerror(errno));
        return NULL;
    }
    own->own_process = false;
    opts->env = own;
    opts->processes = vnet_session_path(env->session); /* a replay's world is in its memory */
    signals_catch_hangup();
    return shell_new(opts);
}

int sh_run_words(struct cmd_env *env, int argc, char **argv)
{
    struct shell_opts opts = {.name = "bash"};
    struct cmd_env own;
    if (!command_is_program(NULL, argv[0]))
        return -ENOENT;
    struct shell *sh = make_shell(env, &own, NULL, &opts);
    int status = sh ? command_run(sh, argc, argv, COMMAND_NO_FUNCTIONS) : EXIT_USAGE;
    shell_free(sh);
    files_free(own.files);
    return status;
}

static int run_shell(struct cmd_env *env, const struct settings *set)
{
    struct cmd_env own;
    bool person = !set->batch && set->nargs == 0 && (set->interactive || isatty(STDIN_FILENO));
    const char *name = set->commands ? (set->nargs > 1 ? set->args[1] : "bash")
                       : set->nargs  ? set->args[0]
                                     : "bash";
    struct shell_opts opts = {.name = name,
                              .own_input = set->own_input,
                              .interactive = person,
                              .allow_host_commands = set->host_commands};
    struct shell *sh = make_shell(env, &own, set->allowed, &opts);
    int status = sh ? traps_on_exit(sh, run(sh, set)) : EXIT_USAGE;
    shell_free(sh);
    files_free(own.files);
    return status;
}

/* All of it in one transaction. */
static int run_batch(struct cmd_env *env, struct settings *set)
{
    struct vnet_err err = {""};
    struct cmd_env inner = *env;
    set->own_input = true;
    inner.session = vnet_session_lend(env->session, &err);
    int status = inner.session ? run_shell(&inner, set) : 1;
    if (inner.session && vnet_session_return(env->session, inner.session, &err) == 0)
        return status;
    sink_printf(env->err, "vnet: %s\n", err.msg);
    return 1;
}

int sh_main(struct cmd_env *env, int argc, char **argv)
{
    struct settings set = {.nargs = 0};
    struct options o;
    options_init(&o, argc, argv, "+cih", longs, env->err);
    o.complete = env->complete;
    int status = parse_options(env, &o, &set);
    if (status < 0)
        status = set.batch && vnet_session_path(env->session) ? run_batch(env, &set)
                                                              : run_shell(env, &set);
    options_release(&o);
    return status;
}
