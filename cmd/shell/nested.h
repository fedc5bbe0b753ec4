/* Shells in the shell (bash, su, sudo -s), perhaps in another namespace (ip netns exec NS bash): an
 * `exit` leaves each. Private to cmd/shell. */
#ifndef VNET_CMD_SHELL_NESTED_H
#define VNET_CMD_SHELL_NESTED_H

#include "cmd/cmd.h"

struct netns;
struct shell;

struct nested {
    struct nested_shell {
        char *netns;   /* as cmd_env.netns names it; owned */
        uint32_t home; /* its id, 0: that of the shell around it */
    } * shells;        /* the innermost last */
    size_t n, cap;
    const char *outermost; /* the shell's own; borrowed */
};

/* Enter one. ns NULL: in the same namespace; else one of the open transaction. */
void nested_enter(struct shell *sh, const struct netns *ns);
/* Leave the innermost: false, there is none. */
bool nested_leave(struct shell *sh);
void nested_release(struct shell *sh);

/* `ip netns exec NS bash` and the like without commands for it: a nested shell is entered, true;
 * the status is *status. */
bool nested_by_command(struct shell *sh, int argc, char **argv, int *status);
/* cmd_env.exec of tools that the shell runs: what it knows by name. */
int nested_exec(struct cmd_env *env, int argc, char **argv);

#endif
