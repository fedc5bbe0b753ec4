#ifndef VNET_CMD_EXPORT_EXPORT_H
#define VNET_CMD_EXPORT_EXPORT_H

#include "cmd/cmd.h"

/* vnet export --commands [--nics KIND]: the commands that rebuild the namespace. Exit status: 0
 * they do, 1 but for what is named on standard error, 2 usage. */
int export_main(struct cmd_env *env, int argc, char **argv);

/* The commands for one namespace on `out`, what they do not rebuild on `err`. */
void export_namespace(struct vnet *w, struct netns *ns, struct sink *out, struct sink *err);

#endif
