/* can-utils' cansend and candump over emulated CAN devices. */
#ifndef VNET_CMD_CAN_CAN_H
#define VNET_CMD_CAN_CAN_H

#include "cmd/cmd.h"

int cansend_main(struct cmd_env *env, int argc, char **argv);
int candump_main(struct cmd_env *env, int argc, char **argv);

#endif
