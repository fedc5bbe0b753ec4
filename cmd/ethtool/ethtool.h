/* ethtool(8): what a device tells of itself. */
#ifndef VNET_CMD_ETHTOOL_ETHTOOL_H
#define VNET_CMD_ETHTOOL_ETHTOOL_H

#include "cmd/cmd.h"

int ethtool_main(struct cmd_env *env, int argc, char **argv);

#endif
