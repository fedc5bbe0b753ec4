#include "cmd/shell/jobs.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "base/strbuf.h"

/* ---- the table ---- */

struct job *jobs_add(struct jobs *jobs, const char *text)
{
    jobs_disown_inherited(jobs);
    struct job *job = mem_alloc(sizeof(*job));
    for (size_t i = 0; i < jobs->n; i++)
        if (jobs->list[i]->id > job->id)
            job->id = jobs->list[i]->id;
    job->id++;
    job->text = mem_strdup(text);
    ARRAY_GROW(jobs->list, jobs->n, jobs->cap);
    jobs->list[jobs->n++] = job;
    return job;
}

void job_add_process(struct job *job, pid_t pid)
{
    ARRAY_GROW(job->processes, job->n, job->cap);
    job->processes[job->n++] = (struct process){.pid = pid, .state = JOB_RUNNING};
}

static void free_job(struct job *job)
{
    free(job->processes);
    free(job->text);
    free(job);
}

static const struct job *by_id(const struct jobs *jobs, int id)
{
    for (size_t i = 0; i < jobs->n; i++)
        if (jobs->list[i]->id == id)
            return jobs->list[i];
    return NULL;
}

/* The newest job but `except` that % or - may mean: a stopped one before a running one. */
static int newest(const struct jobs *jobs, int except)
{
    int id = 0;
    bool stopped = false;
    for (size_t i = 0; i < jobs->n; i++) {
        const struct job *job = jobs->list[i];
        bool is_stopped = job_state(job) == JOB_STOPPED;
        if (job->id == except || !job->background || (stopped && !is_stopped))
            continue;
        id = job->id;
        stopped = is_stopped;
    }
    return id;
}

void jobs_remove(struct jobs *jobs, struct job *job)
{
    size_t i = 0;
    while (jobs->list[i] != job)
        i++;
    memmove(&jobs->list[i], &jobs->list[i + 1], (jobs->n - i - 1) * sizeof(*jobs->list));
    jobs->n--;
    free_job(job);
    if (!by_id(jobs, jobs->current))
        jobs->current = by_id(jobs, jobs->previous) ? jobs->previous : newest(jobs, 0);
    if (!by_id(jobs, jobs->previous) || jobs->previous == jobs->current)
        jobs->previous = newest(jobs, jobs->current);
}

void jobs_release(struct jobs *jobs)
{
    for (size_t i = 0; i < jobs->n; i++)
        free_job(jobs->list[i]);
    free(jobs->list);
    *jobs = (struct jobs){0};
}

void jobs_disown_inherited(struct jobs *jobs)
{
    if (jobs->inherited)
        jobs_release(jobs);
}

void jobs_make_current(struct jobs *jobs, const struct job *job)
{
    if (jobs->current == job->id)
        return;
    jobs->previous = jobs->current;
    jobs->current = job->id;
}

/* ---- states ---- */

void jobs_note(struct jobs *jobs, pid_t pid, int status)
{
    for (size_t i = 0; i < jobs->n; i++)
        for (size_t k = 0; k < jobs->list[i]->n; k++) {
            struct process *p = &jobs->list[i]->processes[k];
            if (p->pid != pid || p->state == JOB_DONE)
                continue;
            p->status = status;
            p->state = WIFSTOPPED(status) ? JOB_STOPPED : JOB_DONE;
            jobs->list[i]->changed = true;
        }
}

enum job_state job_state(const struct job *job)
{
    enum job_state state = JOB_DONE;
    for (size_t i = 0; i < job->n; i++) {
        if (job->processes[i].state == JOB_RUNNING)
            return JOB_RUNNING;
        if (job->processes[i].state == JOB_STOPPED)
            state = JOB_STOPPED;
    }
    return state;
}

static int exit_status(int status)
{
    if (WIFSTOPPED(status))
        return 128 + WSTOPSIG(status);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int job_status(const struct job *job, bool pipefail)
{
    int last = job->n ? exit_status(job->processes[job->n - 1].status) : 0;
    for (size_t i = job->n; pipefail && i-- > 0;)
        if (exit_status(job->processes[i].status))
            return exit_status(job->processes[i].status);
    return last;
}

/* ---- finding ---- */

static struct job *by_text(const struct jobs *jobs, const char *text, bool anywhere)
{
    for (size_t i = jobs->n; i-- > 0;) {
        const char *found = strstr(jobs->list[i]->text, text);
        if (found && (anywhere || found == jobs->list[i]->text))
            return jobs->list[i];
    }
    return NULL;
}

struct job *jobs_find(const struct jobs *jobs, const char *spec)
{
    char *end;
    spec += *spec == '%';
    if (!*spec || strcmp(spec, "%") == 0 || strcmp(spec, "+") == 0)
        return (struct job *)(uintptr_t)by_id(jobs, jobs->current);
    if (strcmp(spec, "-") == 0)
        return (struct job *)(uintptr_t)by_id(jobs, jobs->previous);
    long id = strtol(spec, &end, 10);
    if (!*end)
        return (struct job *)(uintptr_t)by_id(jobs, (int)id);
    return *spec == '?' ? by_text(jobs, spec + 1, true) : by_text(jobs, spec, false);
}

struct job *jobs_find_pid(const struct jobs *jobs, pid_t pid)
{
    for (size_t i = 0; i < jobs->n; i++)
        for (size_t k = 0; k < jobs->list[i]->n; k++)
            if (jobs->list[i]->processes[k].pid == pid)
                return jobs->list[i];
    return NULL;
}

/* ---- words ---- */

static const struct {
    int signal;
    const char *name;
} signal_names[] = {
    {SIGHUP, "Hangup"},
    {SIGINT, "Interrupt"},
    {SIGQUIT, "Quit"},
    {SIGILL, "Illegal instruction"},
    {SIGABRT, "Aborted"},
    {SIGFPE, "Floating point exception"},
    {SIGKILL, "Killed"},
    {SIGSEGV, "Segmentation fault"},
    {SIGPIPE, "Broken pipe"},
    {SIGALRM, "Alarm clock"},
    {SIGTERM, "Terminated"},
    {SIGUSR1, "User defined signal 1"},
    {SIGUSR2, "User defined signal 2"},
};

static void add_state(struct strbuf *out, const struct job *job)
{
    int status = job->n ? job->processes[job->n - 1].status : 0;
    if (job_state(job) != JOB_DONE) {
        strbuf_adds(out, job_state(job) == JOB_STOPPED ? "Stopped" : "Running");
    } else if (!WIFSIGNALED(status)) {
        strbuf_adds(out, "Done");
        if (WEXITSTATUS(status)) {
            strbuf_reset(out);
            strbuf_addf(out, "Exit %d", WEXITSTATUS(status));
        }
    } else {
        for (size_t i = 0; i < ARRAY_LEN(signal_names); i++)
            if (signal_names[i].signal == WTERMSIG(status))
                strbuf_adds(out, signal_names[i].name);
        if (!out->len)
            strbuf_addf(out, "Signal %d", WTERMSIG(status));
    }
}

char *job_line(const struct jobs *jobs, const struct job *job, bool with_pid)
{
    struct strbuf line = STRBUF_INIT, state = STRBUF_INIT;
    char mark = jobs->current == job->id ? '+' : jobs->previous == job->id ? '-' : ' ';
    add_state(&state, job);
    strbuf_addf(&line, "[%d]%c ", job->id, mark);
    if (with_pid && job->n)
        strbuf_addf(&line, "%5ld ", (long)job->processes[0].pid);
    else
        strbuf_addc(&line, ' ');
    strbuf_addf(&line, "%-24s%s%s", strbuf_cstr(&state), job->text,
                job_state(job) == JOB_RUNNING ? " &" : "");
    strbuf_release(&state);
    return strbuf_detach(&line);
}
