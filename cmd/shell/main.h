/* `vnet sh`, and `vnet` alone. */
#ifndef VNET_CMD_SHELL_MAIN_H
#define VNET_CMD_SHELL_MAIN_H

#include "cmd/cmd.h"

int sh_main(struct cmd_env *env, int argc, char **argv);
/* Run one command as the shell does, without looking at its words: its status; -ENOENT: the shell
 * has no such command. */
int sh_run_words(struct cmd_env *env, int argc, char **argv);

#endif
