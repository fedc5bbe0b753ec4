/* Children, and waiting for them. Private to cmd/shell. */
#ifndef VNET_CMD_SHELL_PROCESS_H
#define VNET_CMD_SHELL_PROCESS_H

#include "cmd/shell/jobs.h"

struct shell;

/* Are jobs process groups of their own, which the terminal is given to? */
bool job_control(const struct shell *sh);
/* Wait until a job has ended or stopped: its status. A signal may end the wait before
 * (128 + its number). */
int job_wait(struct shell *sh, struct job *job);
/* Let a job have the terminal until it ends or stops: its status. go_on: it was stopped. The job is
 * gone then, unless it has stopped. */
int job_foreground(struct shell *sh, struct job *job, bool go_on);
/* Let a stopped job go on in the background. */
void job_go_on(struct job *job);
/* Look what has become of children, without waiting. */
void jobs_poll(struct shell *sh);
/* Say what has changed, forget what has ended (before a prompt). */
void jobs_tell(struct shell *sh);
int job_signal(const struct shell *sh, const struct job *job, int signal);

#endif
