/* Where the fault is in a command line that a tool has refused. Private to cmd/shell. */
#ifndef VNET_CMD_SHELL_FAULT_H
#define VNET_CMD_SHELL_FAULT_H

#include "cmd/cmd.h"

/* Behind a tool's complaint: the command with a mark under the word that it is about and, where a
 * word of the tables or a name of the world is nearly that, "did you mean". Nothing, if the
 * complaint names no word of the command. said: what the tool has written on standard error. */
void fault_tell(struct cmd_env *env, int argc, char **argv, const char *said, struct sink *out);
/* The name of a command that is nearly this one, NULL: none is; valid as long as the tables are. */
const char *fault_nearest_command(const char *name);

#endif
