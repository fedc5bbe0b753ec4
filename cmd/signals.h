/* The signals of this process. The flag that a handler sets is the one object of the program that
 * is neither constant nor hangs on something: a handler can reach nothing else. */
#ifndef VNET_CMD_SIGNALS_H
#define VNET_CMD_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* The number of the signal that asked to end, 0: none. */
const volatile sig_atomic_t *signals_flag(void);
void signals_forget(void);

/* For a tool: SIGTERM and SIGINT set the flag; where SIGINT is ignored, since a shell has started
 * us in the background, it stays so unless even_ignored. true: it was ignored. */
bool signals_catch(bool even_ignored);
/* For a shell, which has files to remove: SIGHUP, unless it is ignored, sets the flag, too. */
void signals_catch_hangup(void);
/* For a shell at a terminal: it outlives what ends or stops its commands. */
void signals_at_prompt(void);
/* Around a fork(): no signal is handled, so that none that is meant for the child is lost before
 * signals_in_child(); both sides release them. */
void signals_hold(sigset_t *before);
void signals_release(const sigset_t *before);
/* In a child of a shell: as for a tool. background: SIGINT is ignored. */
void signals_in_child(bool background);
/* Before another program is executed: nothing is caught. */
void signals_default(void);
/* End as the signal ends a process, so that the parent sees it. */
void signals_die_of(int signal);

#endif
