/* `vnet sh`, and `vnet` alone. */
#ifndef VNET_CMD_SHELL_MAIN_H
#define VNET_CMD_SHELL_MAIN_H

#include "cmd/cmd.h"

int sh_main(struct cmd_env *env, int argc, char **argv);

#endif
