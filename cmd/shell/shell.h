/* The shell of vnet: POSIX's language over vnet's tools. Nothing of the host is run, read or
 * written unless that is allowed. */
#ifndef VNET_CMD_SHELL_SHELL_H
#define VNET_CMD_SHELL_SHELL_H

#include "cmd/cmd.h"

struct shell;

struct shell_opts {
    /* What commands run with; borrowed, and read anew for each command: its session, sinks and
     * deadline may change between runs. Its `in` may be NULL: nothing to read, in memory. */
    struct cmd_env *env;
    const char *name; /* $0, and the first word of messages: "bash" */
    /* Commands are processes of their own where a shell would fork: needs a session on a state
     * file, and sinks on file descriptors 1 and 2. Else all runs in this process, one command after
     * the other, those in the background by turns (tasks.h). */
    bool processes;
    bool own_input;   /* in memory: standard input is the process's own, else there is none */
    bool interactive; /* a person types: job control, messages as at a prompt */
    bool allow_host_commands;    /* with processes: what vnet does not have is run from the host */
    size_t most_output;          /* in memory: bytes a command may print or collect, 0: no limit */
    unsigned long most_commands; /* a run may execute, 0: no limit */
};

/* opts is copied, the strings in it are borrowed. env->files are the shell's files. */
struct shell *shell_new(const struct shell_opts *opts);
void shell_free(struct shell *sh);
/* $1, $2, ...; copied. */
void shell_set_arguments(struct shell *sh, char *const *argv, int n);

/* Can this be run? 0; -EAGAIN: it is not complete, more lines are needed; -EINVAL: a syntax error;
 * -ENOTSUP: something this shell does not do. *err says what. */
int shell_check(const char *text, struct vnet_err *err);
/* Run commands, of one line or several. A syntax error is reported as the shell does (status 2).
 * Returns the exit status of the last command; or -ENOENT, -ENOTSUP if a command was not known or
 * something was not supported: it was reported on standard error, the rest was run as a shell goes
 * on after that, shell_status() is the exit status, and *err says what it was first. */
int shell_run(struct shell *sh, const char *text, struct vnet_err *err);
/* In memory: does something run in the background? It goes on as commands, or the session's sleep,
 * let time pass; what it prints goes where its commands were told to print. */
bool shell_busy(const struct shell *sh);
int shell_status(const struct shell *sh);
/* The `exit` that ends the shell has been run. */
bool shell_exited(const struct shell *sh);

#endif
