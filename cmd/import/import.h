#ifndef VNET_CMD_IMPORT_IMPORT_H
#define VNET_CMD_IMPORT_IMPORT_H

#include "cmd/cmd.h"

/* vnet import [--profile P] [--seed N] [--force] FILE... Exit status: 0 all was taken, 1 something
 * could not be represented (named on standard error), 2 nothing was made. */
int import_main(struct cmd_env *env, int argc, char **argv);

#endif
