/* Commands in the background of a shell in memory. Each has a thread, of which only one runs at any
 * moment: it hands over where it waits for the world's time, for frames or for another command, and
 * the one that waits for the earliest time goes on. So the order is the same in each run. Private
 * to cmd/shell. */
#ifndef VNET_CMD_SHELL_TASKS_H
#define VNET_CMD_SHELL_TASKS_H

#include <stdbool.h>
#include <sys/types.h>

#include "cmd/shell/ast.h"

struct shell;
struct tasks;

/* main: the shell that the others are started from; borrowed. */
struct tasks *tasks_new(struct shell *main);
/* Ends those that still run, as by SIGHUP. To be called by the thread that called tasks_new(). */
void tasks_free(struct tasks *t);

/* Run a copy of the shell on `n`, until it first waits. Its id, in place of a process's; or -1
 * after a message: there are too many. */
pid_t tasks_start(struct shell *sh, const struct node *n);
/* Does one of them still run? */
bool tasks_busy(const struct tasks *t);
/* Until one of them ends: 0; -EINTR: a signal or the deadline of sh's commands came before that;
 * -EAGAIN: nothing more can come. */
int tasks_wait(struct shell *sh);
/* Has it ended? *status is as waitpid(2) has it; what it was refused becomes sh's. */
bool tasks_ended(struct shell *sh, pid_t id, int *status);
/* Let it have a signal and deal with it: 0, -ESRCH, -ENOTSUP. */
int tasks_signal(struct tasks *t, pid_t id, int signal);
/* The signal that the running task has had, which is replaced; 0: none, as the main one always has.
 */
int tasks_swap_signal(struct tasks *t, int signal);

/* Commands executed since this was last set to 0, by all of them. */
unsigned long *tasks_commands(struct tasks *t);

#endif
