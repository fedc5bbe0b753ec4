/* Builtins on jobs. */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/shell/builtins.h"
#include "cmd/shell/process.h"
#include "cmd/shell/state.h"

/* The job that a word means, NULL after a message. */
static struct job *find_job(struct call *c, const char *spec)
{
    struct job *job = jobs_find(&c->sh->jobs, spec ? spec : "%%");
    if (!job)
        builtin_fail(c, "%s: no such job", spec ? spec : "current");
    return job;
}

static bool need_job_control(struct call *c)
{
    if (job_control(c->sh) || !c->sh->opts.processes)
        return true;
    builtin_fail(c, "no job control");
    return false;
}

int builtin_jobs(struct call *c)
{
    struct jobs *jobs = &c->sh->jobs;
    bool with_pid = false, only_pid = false;
    for (int i = 1; i < c->argc; i++) {
        with_pid |= strcmp(c->argv[i], "-l") == 0;
        only_pid |= strcmp(c->argv[i], "-p") == 0;
        if (strcmp(c->argv[i], "-l") != 0 && strcmp(c->argv[i], "-p") != 0)
            return shell_unsupported(c->sh, "jobs %s is not supported", c->argv[i]);
    }
    jobs_poll(c->sh);
    for (size_t i = 0; i < jobs->n;) {
        struct job *job = jobs->list[i];
        if (!job->n) { /* this very command, whose process has not been noted yet */
            i++;
            continue;
        }
        char *line = job_line(jobs, job, with_pid);
        if (only_pid)
            sink_printf(c->env->out, "%ld\n", (long)job->processes[0].pid);
        else
            sink_printf(c->env->out, "%s\n", line);
        free(line);
        job->changed = false;
        if (job_state(job) == JOB_DONE && !jobs->inherited)
            jobs_remove(jobs, job);
        else
            i++;
    }
    return 0;
}

int builtin_fg(struct call *c)
{
    if (!need_job_control(c))
        return 1;
    struct job *job = find_job(c, c->argc > 1 ? c->argv[1] : NULL);
    if (!job)
        return 1;
    sink_printf(c->env->out, "%s\n", job->text);
    sink_flush(c->env->out);
    return job_foreground(c->sh, job, true);
}

int builtin_bg(struct call *c)
{
    int status = 0, i = 1;
    if (!need_job_control(c))
        return 1;
    do {
        struct job *job = find_job(c, i < c->argc ? c->argv[i] : NULL);
        if (!job) {
            status = 1;
        } else if (job_state(job) == JOB_RUNNING) {
            builtin_fail(c, "job %d already in background", job->id);
        } else {
            jobs_make_current(&c->sh->jobs, job);
            sink_printf(c->env->out, "[%d]+ %s &\n", job->id, job->text);
            job_go_on(job);
        }
    } while (++i < c->argc);
    return status;
}

/* ---- wait ---- */

static int wait_for_all(struct shell *sh)
{
    for (size_t i = 0; i < sh->jobs.n;) {
        struct job *job = sh->jobs.list[i];
        if (job_state(job) == JOB_STOPPED) {
            i++;
            continue;
        }
        job_wait(sh, job);
        if (exec_interrupted(sh))
            return 128 + (int)*sh->opts.env->interrupted;
        if (job_control(sh))
            i++; /* it is told of before the prompt */
        else
            jobs_remove(&sh->jobs, job);
    }
    return 0;
}

static int wait_for(struct call *c, const char *word)
{
    struct shell *sh = c->sh;
    struct job *job;
    if (*word == '%') {
        job = jobs_find(&sh->jobs, word);
        if (!job)
            return builtin_fail(c, "%s: no such job", word), 127;
    } else {
        char *end;
        long pid = strtol(word, &end, 10);
        if (*end || end == word)
            return builtin_fail(c, "`%s': not a pid or valid job spec", word);
        job = jobs_find_pid(&sh->jobs, (pid_t)pid);
        if (!job)
            return builtin_fail(c, "pid %ld is not a child of this shell", pid), 127;
    }
    int status = job_wait(sh, job);
    if (job_state(job) == JOB_DONE && !job_control(sh))
        jobs_remove(&sh->jobs, job);
    return status;
}

int builtin_wait(struct call *c)
{
    int status = 0;
    jobs_disown_inherited(&c->sh->jobs);
    if (c->argc == 1)
        return wait_for_all(c->sh);
    if (c->argv[1][0] == '-')
        return shell_unsupported(c->sh, "wait %s is not supported", c->argv[1]);
    for (int i = 1; i < c->argc; i++)
        status = wait_for(c, c->argv[i]);
    return status;
}

/* ---- kill ---- */

static const struct {
    const char *name;
    int number;
} signals[] = {
    {"HUP", SIGHUP},   {"INT", SIGINT},   {"QUIT", SIGQUIT}, {"KILL", SIGKILL}, {"USR1", SIGUSR1},
    {"USR2", SIGUSR2}, {"PIPE", SIGPIPE}, {"ALRM", SIGALRM}, {"TERM", SIGTERM}, {"CHLD", SIGCHLD},
    {"CONT", SIGCONT}, {"STOP", SIGSTOP}, {"TSTP", SIGTSTP}, {"TTIN", SIGTTIN}, {"TTOU", SIGTTOU},
};

static int signal_number(const char *name)
{
    char *end;
    long n = strtol(name, &end, 10);
    if (end != name && !*end)
        return n >= 0 && n < 65 ? (int)n : -1;
    if (strncmp(name, "SIG", 3) == 0)
        name += 3;
    for (size_t i = 0; i < ARRAY_LEN(signals); i++)
        if (strcmp(signals[i].name, name) == 0)
            return signals[i].number;
    return -1;
}

static int list_signals(struct call *c)
{
    for (size_t i = 0; i < ARRAY_LEN(signals); i++)
        sink_printf(c->env->out, "%2d) SIG%s\n", signals[i].number, signals[i].name);
    return 0;
}

/* The shell itself and its own children only: other processes are the host's. */
static int kill_one(struct call *c, const char *word, int signal)
{
    struct jobs *jobs = &c->sh->jobs;
    char *end;
    long pid = strtol(word, &end, 10);
    struct job *job;
    jobs_poll(c->sh);
    if (*word == '%') {
        job = jobs_find(jobs, word);
        if (!job)
            return builtin_fail(c, "%s: no such job", word);
    } else if (end == word || *end) {
        return builtin_fail(c, "%s: arguments must be process or job IDs", word);
    } else if (pid == c->sh->pid && c->sh->opts.processes) {
        return kill(c->sh->pid, signal) < 0;
    } else {
        job = jobs_find_pid(jobs, (pid_t)labs(pid));
        if (!job)
            return builtin_fail(c, "(%ld) - No such process", pid);
    }
    bool whole = *word == '%' || pid < 0 || !c->sh->opts.processes;
    int rc = whole ? job_signal(c->sh, job, signal) : kill((pid_t)pid, signal) < 0 ? -errno : 0;
    if (rc == -ENOTSUP)
        return shell_unsupported(c->sh, "stopping a command is not supported here");
    if (rc < 0)
        return builtin_fail(c, "(%s) - %s", word, cmd_strerror(-rc));
    if (job_state(job) == JOB_STOPPED && (signal == SIGTERM || signal == SIGHUP))
        job_signal(c->sh, job, SIGCONT);
    if (signal == SIGCONT)
        job_go_on(job);
    return 0;
}

int builtin_kill(struct call *c)
{
    int first = 1, signal = SIGTERM, status = 0;
    if (c->argc > 1 && strcmp(c->argv[1], "-l") == 0)
        return list_signals(c);
    if (c->argc > 2 && strcmp(c->argv[1], "-s") == 0) {
        signal = signal_number(c->argv[2]);
        first = 3;
    } else if (c->argc > 1 && c->argv[1][0] == '-' && strcmp(c->argv[1], "--") != 0) {
        signal = signal_number(c->argv[1] + 1);
        first = 2;
    }
    if (signal < 0)
        return builtin_fail(c, "%s: invalid signal specification", c->argv[first - 1]);
    if (first < c->argc && strcmp(c->argv[first], "--") == 0)
        first++;
    if (first >= c->argc)
        return builtin_usage(c, "usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... "
                                "or kill -l [sigspec]");
    for (int i = first; i < c->argc; i++)
        status |= kill_one(c, c->argv[i], signal);
    return status;
}
