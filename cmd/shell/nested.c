#include "cmd/shell/nested.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/args.h"
#include "cmd/netns.h"
#include "cmd/shell/command.h"
#include "cmd/shell/state.h"

void nested_enter(struct shell *sh, const struct netns *ns)
{
    struct nested *in = &sh->nested;
    char ref[NETNS_REF_MAX];
    char *now = mem_strdup(ns ? netns_ref(ns, ref) : sh->opts.env->netns);
    uint32_t home = ns ? vnet_netns_id(ns) : 0;
    if (home)
        vnet_session_enter(sh->opts.env->session, home);
    if (!in->n)
        in->outermost = sh->opts.env->netns;
    ARRAY_GROW(in->shells, in->n, in->cap);
    in->shells[in->n++] = (struct nested_shell){now, home};
    sh->opts.env->netns = now;
}

bool nested_leave(struct shell *sh)
{
    struct nested *in = &sh->nested;
    if (!in->n)
        return false;
    const struct nested_shell *last = &in->shells[--in->n];
    if (last->home)
        vnet_session_leave(sh->opts.env->session, last->home);
    free(last->netns);
    sh->opts.env->netns = in->n ? in->shells[in->n - 1].netns : in->outermost;
    return true;
}

/* What a copy of a shell has entered is left: its maker's environment is the same. */
void nested_release(struct shell *sh)
{
    while (nested_leave(sh))
        ;
    free(sh->nested.shells);
    sh->nested = (struct nested){NULL, 0, 0, NULL};
}

/* ---- by a command ---- */

/* What stands before a shell without commands: "ip netns exec NS bash", "nsenter --net=FILE",
 * "unshare -n bash". */
enum { NO_SHELL, OF_NAME, OF_FILE, OF_PID, OF_ITS_OWN };

static const char *after(const char *word, const char *option)
{
    size_t n = strlen(option);
    return strncmp(word, option, n) == 0 && word[n] ? word + n : NULL;
}

static int read_nsenter(int argc, char **argv, const char **which)
{
    if (argc == 3 && is_shell_name(argv[2]))
        argc--;
    if (argc == 2) {
        *which = after(argv[1], "--net=");
        if (!*which)
            *which = after(argv[1], "-n");
        return *which ? OF_FILE : NO_SHELL;
    }
    if (argc == 5 && is_shell_name(argv[4]))
        argc--;
    if (argc != 4 || strcmp(argv[1], "-t") != 0 || strcmp(argv[3], "-n") != 0)
        return NO_SHELL;
    *which = argv[2];
    return OF_PID;
}

static int read_words(int argc, char **argv, const char **which)
{
    if (strcmp(argv[0], "ip") == 0) {
        bool fits = argc == 5 && strcmp(argv[1], "netns") == 0 && strcmp(argv[2], "exec") == 0;
        *which = argv[argc > 3 ? 3 : 0];
        return fits && is_shell_name(argv[4]) ? OF_NAME : NO_SHELL;
    }
    if (strcmp(argv[0], "nsenter") == 0)
        return read_nsenter(argc, argv, which);
    if (strcmp(argv[0], "unshare") != 0 || argc < 2 || argc > 3)
        return NO_SHELL;
    bool net = strcmp(argv[1], "-n") == 0 || strcmp(argv[1], "--net") == 0;
    return net && (argc == 2 || is_shell_name(argv[2])) ? OF_ITS_OWN : NO_SHELL;
}

static struct netns *find_netns(struct cmd_env *env, struct vnet *w, struct netns *here, int kind,
                                const char *which)
{
    struct vnet_err err;
    int rc;
    switch (kind) {
    case OF_NAME:
        return netns_named(w, which);
    case OF_FILE:
        return strchr(which, '/') ? netns_of_file(env, w, here, which) : NULL;
    case OF_PID:
        return netns_of_pid(env, w, atoi(which));
    default:
        return vnet_netns_add(here, "", &rc, &err);
    }
}

bool nested_by_command(struct shell *sh, int argc, char **argv, int *status)
{
    struct cmd_env *env = sh->opts.env;
    const char *which = NULL;
    struct vnet *w;
    struct netns *here;
    int kind = read_words(argc, argv, &which);
    if (kind == NO_SHELL || sh->subshell || cmd_begin(env, &w, &here) < 0)
        return false; /* the tool says what is wrong */
    const struct netns *ns = find_netns(env, w, here, kind, which);
    if (!ns) {
        cmd_abort(env);
        return false;
    }
    nested_enter(sh, ns);
    *status = cmd_commit(env) < 0;
    return true;
}

int nested_exec(struct cmd_env *env, int argc, char **argv)
{
    struct shell *sh = env->exec_arg;
    struct cmd_env *outer = sh->opts.env, own = *outer;
    if (!command_is_program(sh, argv[0]))
        return -ENOENT;
    own.netns = env->netns;
    own.deadline = env->deadline;
    own.deadline_signal = env->deadline_signal;
    // cppcheck-suppress autoVariables ; taken back below
    sh->opts.env = &own;
    int status = command_run(sh, argc, argv, COMMAND_NO_FUNCTIONS);
    sh->opts.env = outer;
    return status;
}
