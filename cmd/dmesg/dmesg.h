#ifndef VNET_CMD_DMESG_DMESG_H
#define VNET_CMD_DMESG_DMESG_H

#include "cmd/cmd.h"

int dmesg_main(struct cmd_env *env, int argc, char **argv);

#endif
