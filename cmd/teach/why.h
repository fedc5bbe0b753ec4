/* vnet why [OPTION]... COMMAND [ARGUMENT]...: find what would make a command work, by trying. */
#ifndef VNET_CMD_TEACH_WHY_H
#define VNET_CMD_TEACH_WHY_H

#include "cmd/cmd.h"

int why_main(struct cmd_env *env, int argc, char **argv);

#endif
