/* The `ip` command of iproute2. */
#ifndef VNET_CMD_IP_IP_H
#define VNET_CMD_IP_IP_H

#include "cmd/cmd.h"

/* argv[0] is "ip". Exit status as the real one: 0, 1 (failed), 2 (the kernel refused), 255 (usage).
 */
int ip_main(struct cmd_env *env, int argc, char **argv);

#endif
