/* ping (iputils 20221126): ICMP echo over the emulated sockets. */
#ifndef VNET_CMD_PING_PING_H
#define VNET_CMD_PING_PING_H

#include "cmd/cmd.h"

int ping_main(struct cmd_env *env, int argc, char **argv);

#endif
