/* netstat(8) of net-tools 2.10. */
#ifndef VNET_CMD_NET_TOOLS_NETSTAT_H
#define VNET_CMD_NET_TOOLS_NETSTAT_H

#include "cmd/cmd.h"

int netstat_main(struct cmd_env *env, int argc, char **argv);

#endif
