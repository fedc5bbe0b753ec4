/* The shell's own commands that touch the emulated machine: echo and cat on /proc/sys. */
#ifndef VNET_CMD_SHELL_BUILTINS_H
#define VNET_CMD_SHELL_BUILTINS_H

#include "cmd/cmd.h"
#include "cmd/shell/words.h"

/* Run a simple command: a tool of vnet's or a builtin. Returns its exit status; -ENOENT: no such
 * command, -ENOTSUP: there is one, but not with what the line asks of it (*err says what). */
int shell_run(struct cmd_env *env, const struct shell_command *cmd, struct vnet_err *err);

#endif
