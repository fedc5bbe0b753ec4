/* nsenter and unshare of util-linux, as far as they are about networks. */
#ifndef VNET_CMD_NSENTER_H
#define VNET_CMD_NSENTER_H

#include "cmd/cmd.h"

int nsenter_main(struct cmd_env *env, int argc, char **argv);
int unshare_main(struct cmd_env *env, int argc, char **argv);

/* "TOOL: failed to execute COMMAND: ...": 127. */
int exec_failed(struct cmd_env *env, const char *tool, const char *command);

#endif
