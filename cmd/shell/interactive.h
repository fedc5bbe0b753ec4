/* The shell at a terminal. Private to cmd/shell. */
#ifndef VNET_CMD_SHELL_INTERACTIVE_H
#define VNET_CMD_SHELL_INTERACTIVE_H

struct shell;

/* Read, run, print, until ^D or exit: the exit status. */
int interactive_run(struct shell *sh);

#endif
