#include "cmd/shell/host.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/shell/process.h"
#include "cmd/shell/state.h"
#include "cmd/signals.h"

static void set_environment(const struct vars *vars)
{
    for (size_t i = 0; i < vars->n; i++)
        if (vars->list[i].exported && vars->list[i].value)
            setenv(vars->list[i].name, vars->list[i].value, 1);
}

/* Streams in memory cannot be handed to a program. */
static int put_streams(struct shell *sh)
{
    for (int fd = 0; fd < 3; fd++) {
        const struct stream *s = sh->io.at[fd];
        if (!s)
            close(fd);
        else if (s->fd < 0)
            return -1;
        else if (s->fd != fd && dup2(s->fd, fd) < 0)
            return -1;
    }
    return 0;
}

/* vnet's tools act in the same namespace there. */
static void set_netns(const char *netns)
{
    if (*netns)
        setenv("VNET_NETNS", netns, 1);
}

/* before: signals_release() */
static _Noreturn void execute(struct shell *sh, char **argv, const sigset_t *before)
{
    signals_in_child(sh->background_child);
    signals_default();
    signals_release(before);
    if (job_control(sh)) {
        setpgid(0, 0);
        tcsetpgrp(STDIN_FILENO, getpid());
    }
    if (put_streams(sh) < 0) {
        shell_complain(sh, "%s: a host command cannot read or write vnet's own files", argv[0]);
        _exit(126);
    }
    set_environment(&sh->vars);
    set_netns(sh->opts.env->netns);
    execvp(argv[0], argv);
    int status = errno == ENOENT ? 127 : 126;
    if (status == 127)
        shell_complain(sh, "%s: command not found", argv[0]);
    else
        shell_complain(sh, "%s: %s", argv[0], cmd_strerror(errno));
    _exit(status);
}

int host_run(struct shell *sh, int argc, char **argv)
{
    (void)argc;
    struct job *job = jobs_add(&sh->jobs, argv[0]);
    sigset_t before;
    signals_hold(&before);
    pid_t pid = fork();
    if (pid == 0)
        execute(sh, argv, &before);
    signals_release(&before);
    if (pid > 0) {
        if (job_control(sh)) {
            setpgid(pid, pid);
            job->pgid = pid;
        }
        job_add_process(job, pid);
    } else {
        shell_complain(sh, "fork: %s", cmd_strerror(errno));
    }
    return job_foreground(sh, job, false);
}
