/* Jobs: what was started together, and what became of it. */
#ifndef VNET_CMD_SHELL_JOBS_H
#define VNET_CMD_SHELL_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum job_state { JOB_RUNNING, JOB_STOPPED, JOB_DONE };

struct process {
    pid_t pid;
    int status; /* as of waitpid(2) */
    enum job_state state;
};

struct job {
    int id;
    pid_t pgid; /* 0: in the shell's own process group */
    struct process *processes;
    size_t n, cap;
    char *text;
    bool background;
    bool changed; /* since its state was last told */
};

struct jobs {
    struct job **list;
    size_t n, cap;
    int current, previous; /* ids; 0: none */
    bool inherited; /* they are of the shell that this subshell came from: `jobs` lists them, as
                       bash does for $(jobs -p), until it has one of its own */
};

struct job *jobs_add(struct jobs *jobs, const char *text);
void job_add_process(struct job *job, pid_t pid);
void jobs_remove(struct jobs *jobs, struct job *job);
void jobs_release(struct jobs *jobs);
/* Forget those that are not this process's own. */
void jobs_disown_inherited(struct jobs *jobs);
/* Note what waitpid() said of a process. */
void jobs_note(struct jobs *jobs, pid_t pid, int status);
/* Make it the one that %% means. */
void jobs_make_current(struct jobs *jobs, const struct job *job);

enum job_state job_state(const struct job *job);
/* The exit status of the last process, as $? has it; pipefail: of the last that failed. */
int job_status(const struct job *job, bool pipefail);
/* %1, %%, %+, %-, %name, %?text: NULL: there is none. */
struct job *jobs_find(const struct jobs *jobs, const char *spec);
struct job *jobs_find_pid(const struct jobs *jobs, pid_t pid);
/* "[1]+  Stopped                 ping 10.0.0.1", without a newline; owned. */
char *job_line(const struct jobs *jobs, const struct job *job, bool with_pid);

#endif
