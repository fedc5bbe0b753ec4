/* Shells in the shell (bash, su, sudo -s), perhaps in another namespace (ip netns exec NS bash): an
 * `exit` leaves each. Private to cmd/shell. */
#ifndef VNET_CMD_SHELL_NESTED_H
#define VNET_CMD_SHELL_NESTED_H

#include "cmd/cmd.h"

struct shell;

struct nested {
    char **netns; /* theirs, the innermost last, as cmd_env.netns names them; owned */
    size_t n, cap;
    const char *outermost; /* the shell's own; borrowed */
};

/* Enter one. netns NULL: in the same namespace. */
void nested_enter(struct shell *sh, const char *netns);
/* Leave the innermost: false, there is none. */
bool nested_leave(struct shell *sh);
void nested_release(struct shell *sh);

/* `ip netns exec NS bash` and the like without commands for it: a nested shell is entered, true;
 * the status is *status. */
bool nested_by_command(struct shell *sh, int argc, char **argv, int *status);
/* cmd_env.exec of tools that the shell runs: what it knows by name. */
int nested_exec(struct cmd_env *env, int argc, char **argv);

#endif
