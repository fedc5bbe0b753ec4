/* vnet show [OPTION]...: draw the world. */
#ifndef VNET_CMD_PICTURE_SHOW_H
#define VNET_CMD_PICTURE_SHOW_H

#include "cmd/cmd.h"

int show_main(struct cmd_env *env, int argc, char **argv);

#endif
