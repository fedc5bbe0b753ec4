#include "cmd/shell/nested.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/args.h"
#include "cmd/netns.h"
#include "cmd/shell/command.h"
#include "cmd/shell/state.h"

void nested_enter(struct shell *sh, const char *netns)
{
    struct nested *in = &sh->nested;
    char *now = mem_strdup(netns ? netns : sh->opts.env->netns);
    if (!in->n)
        in->outermost = sh->opts.env->netns;
    ARRAY_GROW(in->netns, in->n, in->cap);
    in->netns[in->n++] = now;
    sh->opts.env->netns = now;
}

bool nested_leave(struct shell *sh)
{
    struct nested *in = &sh->nested;
    if (!in->n)
        return false;
    free(in->netns[--in->n]);
    sh->opts.env->netns = in->n ? in->netns[in->n - 1] : in->outermost;
    return true;
}

/* What a copy of a shell has entered is left: its maker's environment is the same. */
void nested_release(struct shell *sh)
{
    while (nested_leave(sh))
        ;
    free(sh->nested.netns);
    sh->nested = (struct nested){NULL, 0, 0, NULL};
}

/* ---- by a command ---- */

/* "ip netns exec NS SHELL": NS, NULL: it is something else. */
static const char *ip_netns_exec(int argc, char **argv)
{
    bool fits = argc == 5 && strcmp(argv[0], "ip") == 0 && strcmp(argv[1], "netns") == 0 &&
                strcmp(argv[2], "exec") == 0;
    return fits && is_shell_name(argv[4]) ? argv[3] : NULL;
}

static bool find_netns(struct shell *sh, const char *name, char ref[NETNS_REF_MAX])
{
    struct vnet *w;
    struct netns *here;
    if (cmd_begin(sh->opts.env, &w, &here) < 0)
        return false;
    const struct netns *ns = netns_named(w, name);
    if (ns)
        netns_ref(ns, ref);
    cmd_abort(sh->opts.env);
    return ns;
}

bool nested_by_command(struct shell *sh, int argc, char **argv, int *status)
{
    char ref[NETNS_REF_MAX];
    const char *name = ip_netns_exec(argc, argv);
    if (!name || sh->subshell || !find_netns(sh, name, ref))
        return false; /* the tool says what is wrong */
    nested_enter(sh, ref);
    *status = 0;
    return true;
}

int nested_exec(struct cmd_env *env, int argc, char **argv)
{
    struct shell *sh = env->exec_arg;
    struct cmd_env *outer = sh->opts.env, own = *outer;
    if (!command_known(sh, argv[0]))
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
