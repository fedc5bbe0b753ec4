/* The program: which tool, which state, which clock; then what the tool leaves to the process. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/netns.h"
#include "cmd/shell/main.h"
#include "cmd/vnet/activate.h"
#include "cmd/signals.h"
#include "cmd/vnet/vnet.h"

struct settings {
    const char *program;                /* argv[0] */
    const char *file, *clock, *profile; /* NULL: not given */
};

static const char *environment(const char *name)
{
    return getenv(name);
}

/* ---- settings ---- */

static char *default_file(void)
{
    struct strbuf sb = STRBUF_INIT;
    const char *state_home = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state_home && *state_home == '/')
        strbuf_addf(&sb, "%s/vnet/state.json", state_home);
    else if (home && *home)
        strbuf_addf(&sb, "%s/.local/state/vnet/state.json", home);
    return strbuf_detach(&sb);
}

static const char *or_environment(const char *given, const char *name)
{
    const char *value = getenv(name);
    return given ? given : value && *value ? value : NULL;
}

static bool read_clock(const char *name, enum vnet_clock_mode *clock, struct sink *err)
{
    *clock = VNET_CLOCK_REAL;
    if (!name || strcmp(name, "real") == 0)
        return true;
    *clock = VNET_CLOCK_VIRTUAL;
    if (strcmp(name, "virtual") == 0)
        return true;
    sink_printf(err, "vnet: the clock must be \"real\" or \"virtual\", not \"%s\"\n", name);
    return false;
}

static bool read_profile(const char *name, const struct vnet_profile **profile, struct sink *err)
{
    *profile = name ? vnet_profile_find(name) : NULL;
    if (name && !*profile)
        sink_printf(err, "vnet: unknown profile \"%s\" (see vnet help)\n", name);
    return *profile || !name;
}

/* NULL after a message. */
static struct vnet_session *open_session(const struct settings *set, struct cmd_env *env)
{
    enum vnet_clock_mode clock;
    const char *file = or_environment(set->file, "VNET_STATE");
    if (!read_clock(or_environment(set->clock, "VNET_CLOCK"), &clock, env->err) ||
        !read_profile(or_environment(set->profile, "VNET_PROFILE"), &env->profile, env->err))
        return NULL;
    char *fallback = default_file();
    if (!file)
        file = fallback;
    struct vnet_session *s = *file ? vnet_session_new(file, clock, env->profile) : NULL;
    if (!s)
        sink_puts(env->err, "vnet: no state file: set VNET_STATE or HOME, or give -f FILE\n");
    free(fallback);
    return s;
}

/* ---- running ---- */

/* bash in a shell that was activated: the host's, whose tools are vnet's and act in the namespace.
 * 126, 127: it could not be run. */
static int exec_real_shell(struct cmd_env *env, char **argv)
{
    if (*env->netns)
        setenv("VNET_NETNS", env->netns, 1);
    else
        unsetenv("VNET_NETNS");
    vnet_session_keep(env->session);
    signals_default();
    execvp(argv[0], argv);
    return errno == ENOENT ? -ENOENT : 126;
}

/* Who has activated vnet there. Not root: a shell's redirections to /proc/sys are the host's. */
static bool wants_real_shell(void)
{
    const char *active = environment("VNET_ACTIVE");
    return active && *active && geteuid() != 0;
}

/* Tools; shells; what vnet's shell has besides. Nothing else of the host. */
static int exec_command(struct cmd_env *env, int argc, char **argv)
{
    if (is_shell_name(argv[0]))
        return wants_real_shell() ? exec_real_shell(env, argv) : sh_main(env, argc, argv);
    const char *slash = strrchr(argv[0], '/');
    const struct tool *tool = tool_find(slash ? slash + 1 : argv[0]);
    if (!tool || tool->origin != TOOL_REAL)
        return sh_run_words(env, argc, argv);
    argv[0] = (char *)tool->name;
    env->background |= signals_catch(tool->catches_interrupt);
    return tool_run(tool, env, argc, argv);
}

static _Noreturn void run_tool(const struct tool *tool, const struct settings *set, int argc,
                               char **argv)
{
    struct sink out, err;
    sink_init_fd(&out, STDOUT_FILENO);
    sink_init_fd(&err, STDERR_FILENO);
    err.line_buffered = true;
    struct cmd_env env = {.out = &out,
                          .err = &err,
                          .netns = or_environment(NULL, "VNET_NETNS"),
                          .interrupted = signals_flag(),
                          .own_process = true,
                          .getenv = environment,
                          .exec = exec_command,
                          .program = set->program};
    int status = 2;
    if (!env.netns)
        env.netns = "";
    env.session = open_session(set, &env);
    if (env.session) {
        env.may_wait_forever = vnet_session_clock(env.session) == VNET_CLOCK_REAL;
        vnet_session_interrupt(env.session, signals_flag());
        env.background = signals_catch(tool->catches_interrupt);
        status = tool_run(tool, &env, argc, argv);
    }
    status = tool_write_status(tool, &err, -sink_release(&out), status);
    sink_release(&err);
    int signal = *signals_flag();
    if (signal && status == 128 + signal)
        signals_die_of(signal);
    exit(status); /* the session is not taken apart: the system does that faster */
}

/* ---- vnet's own command line ---- */

static int complain(const char *what, const char *word)
{
    struct sink err;
    sink_init_fd(&err, STDERR_FILENO);
    sink_printf(&err, "vnet: %s \"%s\"; see vnet help\n", what, word);
    sink_release(&err);
    return 2;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const struct {
    const char *option;
    size_t offset; /* in struct settings */
} options[] = {
    {"-f", offsetof(struct settings, file)},
    {"--file", offsetof(struct settings, file)},
    {"--clock", offsetof(struct settings, clock)},
    {"--profile", offsetof(struct settings, profile)},
};

/* "--clock virtual" or "--clock=virtual"; words taken, 0: not one of ours, -1: its value is
 * missing. */
static int take_option(struct settings *set, char **argv)
{
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        size_t n = strlen(options[i].option);
        if (strncmp(argv[0], options[i].option, n) != 0)
            continue;
        const char **value = (const char **)(void *)((char *)set + options[i].offset);
        bool attached = argv[0][n] == '=' && n > 2;
        if (!attached && argv[0][n])
            continue;
        *value = attached ? argv[0] + n + 1 : argv[1];
        return !*value ? -1 : attached ? 1 : 2;
    }
    return 0;
}

static int print_version(void)
{
    struct sink out;
    sink_init_fd(&out, STDOUT_FILENO);
    sink_puts(&out, "vnet " VNET_VERSION "\n");
    return sink_release(&out) < 0;
}

static int vnet_main(struct settings set, char **argv)
{
    char help[] = "help", sh[] = "sh";
    while (*argv && (*argv)[0] == '-') {
        if (strcmp(*argv, "--version") == 0)
            return print_version();
        if (strncmp(*argv, "--allow-", 8) == 0)
            break;
        if (strcmp(*argv, "--help") == 0 || strcmp(*argv, "-h") == 0) {
            // cppcheck-suppress autoVariables ; main() does not look at it again
            *argv = help;
            break;
        }
        int n = take_option(&set, argv);
        if (n <= 0)
            return complain(n ? "a value is missing after" : "unknown option", *argv);
        argv += n;
    }
    if (!*argv || strncmp(*argv, "--allow-", 8) == 0)
        *--argv = sh; /* argv[0], the program's own name, is done with */
    const struct tool *tool = tool_find(*argv);
    if (!tool)
        return complain("unknown tool", *argv);
    int argc = 0;
    while (argv[argc])
        argc++;
    run_tool(tool, &set, argc, argv);
}

int main(int argc, char **argv)
{
    char vnet[] = "vnet", *nameless[] = {vnet, NULL};
    const struct settings set = {.program = argc > 0 ? argv[0] : NULL};
    if (argc < 1)
        argv = nameless;
    const char *name = base_name(argv[0]);
    const struct tool *tool = tool_find(name);
    if (!tool)
        tool = guard_find(name);
    if (!tool || tool->origin != TOOL_REAL)
        return vnet_main(set, argv + 1);
    argv[0] = (char *)(uintptr_t)name;
    run_tool(tool, &set, argc, argv);
}
