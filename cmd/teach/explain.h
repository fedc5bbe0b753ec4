/* vnet explain [OPTION]... COMMAND [ARGUMENT]...: run a command on a copy of the world, and tell
 * the way of its packets. */
#ifndef VNET_CMD_TEACH_EXPLAIN_H
#define VNET_CMD_TEACH_EXPLAIN_H

#include "cmd/cmd.h"

int explain_main(struct cmd_env *env, int argc, char **argv);

#endif
