/* tcpdump(8) over the emulated devices. */
#ifndef VNET_CMD_TCPDUMP_TCPDUMP_H
#define VNET_CMD_TCPDUMP_TCPDUMP_H

#include "cmd/cmd.h"

/* A struct tool's run: exit statuses and messages of tcpdump 4.99.3 with libpcap 1.10.3. */
int tcpdump_main(struct cmd_env *env, int argc, char **argv);

#endif
