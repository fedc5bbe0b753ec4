/* vnet's own commands. */
#ifndef VNET_CMD_VNET_VNET_H
#define VNET_CMD_VNET_VNET_H

#include "cmd/cmd.h"

#define VNET_VERSION "0.1.0"

/* vnet init [--preset P] [--profile P] [--seed N] [--force] */
int init_main(struct cmd_env *env, int argc, char **argv);
/* vnet help */
int help_main(struct cmd_env *env, int argc, char **argv);

#endif
