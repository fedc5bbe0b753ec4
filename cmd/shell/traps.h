/* What the shell does when it ends, or when a signal comes (XCU 2.14, trap). Private to cmd/shell.
 */
#ifndef VNET_CMD_SHELL_TRAPS_H
#define VNET_CMD_SHELL_TRAPS_H

#include <stdbool.h>

struct shell;

enum { TRAP_EXIT, TRAP_HUP, TRAP_INT, TRAP_TERM, TRAPS };

struct traps {
    char *action[TRAPS]; /* owned; NULL: none */
};

void traps_release(struct traps *t);
/* A signal has come for which there is an action: it is run, and the signal is forgotten. */
void traps_on_signal(struct shell *sh);
/* The shell, or a subshell, ends: the status that it ends with, which was to be `status`. */
int traps_on_exit(struct shell *sh, int status);
/* Is there an action for this signal? */
bool traps_has(const struct shell *sh, int signal);

#endif
