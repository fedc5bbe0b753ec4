/* Going back: undo, redo, history, snapshots. */
#ifndef VNET_CMD_VNET_HISTORY_H
#define VNET_CMD_VNET_HISTORY_H

#include "cmd/cmd.h"

/* vnet undo [N], vnet redo [N]: exit status 1 when there are not so many steps */
int undo_main(struct cmd_env *env, int argc, char **argv);
int redo_main(struct cmd_env *env, int argc, char **argv);
/* vnet history */
int history_main(struct cmd_env *env, int argc, char **argv);
/* vnet snapshot save|list|restore|diff|delete [NAME]... */
int snapshot_main(struct cmd_env *env, int argc, char **argv);

/* snapshot_diff.c: what the tools show of one world and not of the other, "- " and "+ " before each
 * line, and the namespace's name. Are there any? Both are only read. */
bool snapshot_diff(struct cmd_env *env, struct vnet *before, struct vnet *after);

#endif
