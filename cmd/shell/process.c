/* Commands as processes: forked children that run vnet's tools themselves. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/shell/process.h"
#include "cmd/shell/run.h"
#include "cmd/shell/state.h"
#include "cmd/signals.h"

/* What a child is to be. */
struct start {
    bool background;
    int in, out;        /* pipes' ends; -1: as the shell has them */
    int unused;         /* the pipe's end that only the next child reads; -1: none */
    int ready;          /* where a listener says that it listens; -1: nobody asks */
    bool ready_at_trap; /* not a listener, but one that sets a trap: it says so once that is set */
};

bool job_control(const struct shell *sh)
{
    return sh->opts.interactive && !sh->subshell;
}

static int fail(struct shell *sh, const char *what)
{
    shell_complain(sh, "%s: %s", what, cmd_strerror(errno));
    return 254;
}

/* ---- the child ---- */

static void say_listening(struct cmd_env *env)
{
    ssize_t n = write(env->listening_fd, "", 1);
    (void)n; /* the shell may have stopped asking */
    close(env->listening_fd);
    env->listening = NULL;
}

/* An environment of its own: another session on the same state file, since locks are a process's.
 */
static struct cmd_env *child_env(const struct cmd_env *env, const struct start *how)
{
    struct cmd_env *own = mem_alloc(sizeof(*own));
    *own = *env;
    own->session = vnet_session_new(vnet_session_path(env->session),
                                    vnet_session_clock(env->session), env->profile);
    vnet_session_interrupt(own->session, env->interrupted);
    own->background |= how->background;
    if (how->ready >= 0) {
        own->listening = say_listening;
        own->listening_fd = how->ready;
    }
    return own;
}

/* Of a subshell that starts another one: what runs here is the other, which never returns to it. */
static void child_env_free(struct cmd_env *env)
{
    if (env)
        vnet_session_free(env->session);
    free(env);
}

static void become_child(struct shell *sh, const struct start *how)
{
    bool control = job_control(sh);
    signals_in_child(how->background && !control);
    struct cmd_env *former = sh->child_env;
    sh->opts.env = sh->child_env = child_env(sh->opts.env, how);
    child_env_free(former);
    sh->subshell = true;
    sh->background_child |= how->background && !control;
    sh->ready_at_trap = how->ready_at_trap;
    sh->jobs.inherited = sh->jobs.n > 0;
    traps_release(&sh->traps);
    if (how->in >= 0)
        io_set(&sh->io, 0, stream_fd(how->in));
    else if (how->background && !control)
        io_set(&sh->io, 0, stream_text(NULL, 0));
    if (how->out >= 0)
        io_set(&sh->io, 1, stream_fd(how->out));
    if (how->unused >= 0)
        close(how->unused);
}

static _Noreturn void end_child(struct shell *sh, int status)
{
    status = traps_on_exit(sh, status);
    const volatile sig_atomic_t *signal = sh->opts.env->interrupted;
    if (signal && *signal && status == 128 + *signal)
        signals_die_of(*signal);
    _exit(status & 0xff);
}

/* Both sides of a fork do this, whichever comes first. */
static void set_group(const struct shell *sh, pid_t pid, pid_t group, bool background)
{
    if (!job_control(sh))
        return;
    setpgid(pid, group);
    if (!background)
        tcsetpgrp(STDIN_FILENO, group ? group : pid ? pid : getpid());
}

/* fork() with what both sides need; 0 in the child, -1: it failed. */
static pid_t start_process(struct shell *sh, struct job *job, const struct start *how)
{
    sigset_t before;
    signals_hold(&before);
    pid_t pid = fork();
    if (pid >= 0)
        set_group(sh, pid, job->pgid, how->background);
    if (pid == 0)
        become_child(sh, how);
    signals_release(&before);
    if (pid <= 0)
        return pid;
    if (!job->pgid && job_control(sh))
        job->pgid = pid;
    job_add_process(job, pid);
    return pid;
}

static int run_node(struct shell *sh, const struct node *n)
{
    return n->kind == NODE_SUBSHELL ? exec_body(sh, n) : exec_node(sh, n);
}

/* ---- pipelines ---- */

/* Start the commands from `first` on. false: it failed, a message was printed. */
static bool start_pipeline(struct shell *sh, struct job *job, const struct node *first,
                           struct start how)
{
    for (const struct node *n = first; n; n = n->next) {
        int ends[2] = {-1, -1};
        if (n->next && pipe(ends) < 0)
            return fail(sh, "pipe"), false;
        how.out = ends[1];
        how.unused = ends[0];
        pid_t pid = start_process(sh, job, &how);
        if (pid == 0)
            end_child(sh, run_node(sh, n));
        if (how.in >= 0)
            close(how.in);
        if (ends[1] >= 0)
            close(ends[1]);
        how.in = ends[0];
        if (pid < 0)
            return fail(sh, "fork"), false;
    }
    return true;
}

static int prepare(struct shell *sh)
{
    int rc = sh->opts.env->files ? files_ready(sh->opts.env->files) : 0;
    if (rc < 0) {
        errno = -rc;
        return fail(sh, "the store for files");
    }
    return 0;
}

static const struct start plain_start = {.in = -1, .out = -1, .unused = -1, .ready = -1};

int process_pipeline(struct shell *sh, const struct node *first, const char *text)
{
    int status = prepare(sh);
    if (status)
        return status;
    struct job *job = jobs_add(&sh->jobs, text ? text : "");
    if (!start_pipeline(sh, job, first, plain_start))
        sh->status = 254;
    return job_foreground(sh, job, false);
}

int process_captured(struct shell *sh, const struct node *body, struct strbuf *out)
{
    char block[8192];
    int ends[2], status = prepare(sh);
    if (status)
        return status;
    if (pipe(ends) < 0)
        return fail(sh, "pipe");
    struct job *job = jobs_add(&sh->jobs, "");
    struct start how = plain_start;
    how.out = ends[1];
    how.unused = ends[0];
    pid_t pid = start_process(sh, job, &how);
    if (pid == 0)
        end_child(sh, run_node(sh, body));
    close(ends[1]);
    for (ssize_t n; (n = read(ends[0], block, sizeof(block))) > 0 || (n < 0 && errno == EINTR);)
        if (n > 0)
            strbuf_add(out, block, (size_t)n);
    close(ends[0]);
    return job_foreground(sh, job, false);
}

int process_tool(struct shell *sh, const struct tool *tool, int argc, char **argv)
{
    struct strbuf text = STRBUF_INIT;
    int status = prepare(sh);
    if (status)
        return status;
    for (int i = 0; i < argc; i++)
        strbuf_addf(&text, "%s%s", i ? " " : "", argv[i]);
    struct job *job = jobs_add(&sh->jobs, text.data);
    strbuf_release(&text);
    pid_t pid = start_process(sh, job, &plain_start);
    if (pid == 0) {
        sh->alone = true;
        end_child(sh, run_tool(sh, tool, argc, argv));
    }
    if (pid < 0)
        fail(sh, "fork");
    return job_foreground(sh, job, false);
}

/* ---- the background ---- */

static bool word_is(const struct word *w, const char *text)
{
    const struct part *p = w->parts;
    if (!p || p->next || p->kind != PART_TEXT)
        return false;
    const char *slash = strrchr(p->text, '/');
    return strcmp(slash ? slash + 1 : p->text, text) == 0;
}

/* Does the word stand anywhere in these commands? */
static bool mentions(const struct node *n, const char *text)
{
    for (; n; n = n->next) {
        for (const struct word *w = n->words; w; w = w->next)
            if (word_is(w, text))
                return true;
        if (mentions(n->list, text) || mentions(n->left, text) || mentions(n->right, text))
            return true;
    }
    return false;
}

/* A capture, ip monitor and its like: they say when they listen. */
static bool is_listener(const struct node *n)
{
    static const char *const words[] = {"tcpdump", "candump", "monitor"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (mentions(n, words[i]))
            return true;
    return false;
}

/* Until the listener that was started misses nothing any more, or what sets a trap dies of no
 * signal that it is for: with the virtual clock the commands behind it, a sleep included, would be
 * over before it begins. Or until the job ends; the bound is for one that waits
 * for this shell first, and far beyond what a start takes on a busy machine. */
static void await_ready(int fd)
{
    enum { MOST_MS = 10000 };
    struct pollfd p = {.fd = fd, .events = POLLIN};
    poll(&p, 1, MOST_MS);
}

/* Start it; with the virtual clock, return only when it is ready, if it can say so. */
static bool start_background(struct shell *sh, struct job *job, const struct node *n)
{
    int ends[2] = {-1, -1};
    bool virtual = vnet_session_clock(sh->opts.env->session) == VNET_CLOCK_VIRTUAL;
    bool listens = is_listener(n);
    struct start how = plain_start;
    how.background = true;
    how.ready_at_trap = !listens && mentions(n, "trap");
    bool awaited = virtual && (listens || how.ready_at_trap);
    if (awaited && pipe(ends) < 0)
        return fail(sh, "pipe"), false;
    how.ready = ends[1];
    bool piped = n->kind == NODE_PIPELINE && !n->negated;
    bool started = start_pipeline(sh, job, piped ? n->list : n, how);
    if (awaited) {
        close(ends[1]);
        await_ready(ends[0]);
        close(ends[0]);
    }
    return started;
}

int process_background(struct shell *sh, const struct node *n)
{
    int status = prepare(sh);
    if (status)
        return status;
    struct job *job = jobs_add(&sh->jobs, n->text ? n->text : "");
    struct node alone = *n; /* what follows it in the list does not belong to it */
    job->background = true;
    alone.next = NULL;
    alone.background = false;
    bool started = start_background(sh, job, &alone);
    if (!started)
        return 254;
    sh->background = job->processes[job->n - 1].pid;
    jobs_make_current(&sh->jobs, job);
    if (job_control(sh)) {
        struct strbuf text = STRBUF_INIT;
        strbuf_addf(&text, "[%d] %ld\n", job->id, (long)sh->background);
        shell_say(sh, 2, text.data);
        strbuf_release(&text);
    }
    return 0;
}

/* ---- waiting ---- */

/* One change of a child; false: there is none, or (waiting) a signal came. */
static bool wait_once(struct shell *sh, int flags)
{
    int status;
    pid_t pid = waitpid(-1, &status, flags | (job_control(sh) ? WUNTRACED : 0));
    if (pid > 0)
        jobs_note(&sh->jobs, pid, status);
    return pid > 0;
}

/* In memory. The deadline that its commands have is the end of it, as if somebody typed ^C. */
static int wait_for_tasks(struct shell *sh, const struct job *job)
{
    int rc = 0;
    jobs_poll(sh);
    while (rc == 0 && job_state(job) == JOB_RUNNING) {
        rc = tasks_wait(sh);
        jobs_poll(sh);
    }
    if (job_state(job) == JOB_DONE)
        return job_status(job, sh->pipefail);
    if (!job->background && job_signal(sh, job, SIGINT) == 0)
        jobs_poll(sh);
    return 128 + SIGINT;
}

int job_wait(struct shell *sh, struct job *job)
{
    if (!sh->opts.processes)
        return wait_for_tasks(sh, job);
    while (job_state(job) == JOB_RUNNING) {
        if (wait_once(sh, 0))
            continue;
        if (errno == ECHILD)
            break;
        if (exec_interrupted(sh) && job->background)
            return 128 + (int)*sh->opts.env->interrupted;
    }
    return job_status(job, sh->pipefail);
}

static void poll_tasks(struct shell *sh)
{
    for (size_t i = 0; i < sh->jobs.n; i++) {
        const struct process *p = sh->jobs.list[i]->processes;
        int status;
        if (p->state != JOB_DONE && tasks_ended(sh, p->pid, &status))
            jobs_note(&sh->jobs, p->pid, status);
    }
}

void jobs_poll(struct shell *sh)
{
    if (!sh->opts.processes) {
        poll_tasks(sh);
        return;
    }
    if (sh->jobs.inherited)
        return;
    while (wait_once(sh, WNOHANG))
        ;
}

static void print_line(struct shell *sh, const struct job *job)
{
    char *line = job_line(&sh->jobs, job, false);
    shell_say(sh, 2, line);
    shell_say(sh, 2, "\n");
    free(line);
}

void jobs_tell(struct shell *sh)
{
    jobs_poll(sh);
    for (size_t i = 0; i < sh->jobs.n;) {
        struct job *job = sh->jobs.list[i];
        bool done = job_state(job) == JOB_DONE;
        if (job->changed && job_control(sh))
            print_line(sh, job);
        job->changed = false;
        if (done)
            jobs_remove(&sh->jobs, job);
        else
            i++;
    }
}

/* How a foreground job ended, as bash tells it; the shell's own script ends of the same signal. */
static void tell_end(struct shell *sh, const struct job *job)
{
    int status = job->processes[job->n - 1].status;
    int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (!signal)
        return;
    if (signal == SIGINT) {
        if (job_control(sh))
            shell_say(sh, 2, "\n");
        if (job_control(sh))
            sh->unwind = UNWIND_ABORT;
        else if (exec_interrupted(sh))
            sh->unwind = UNWIND_EXIT;
    } else if (signal != SIGPIPE && job_control(sh)) {
        char *line = job_line(&sh->jobs, job, false);
        char *state = strchr(line, ' ');
        shell_say(sh, 2, state + strspn(state, " "));
        shell_say(sh, 2, "\n");
        free(line);
    }
}

int job_signal(const struct shell *sh, const struct job *job, int signal)
{
    int rc = 0;
    if (!sh->opts.processes)
        return tasks_signal(sh->tasks, job->processes[0].pid, signal);
    if (job->pgid)
        return kill(-job->pgid, signal) < 0 ? -errno : 0;
    for (size_t i = 0; i < job->n; i++)
        if (job->processes[i].state != JOB_DONE && kill(job->processes[i].pid, signal) < 0)
            rc = -errno;
    return rc;
}

void job_go_on(struct job *job)
{
    for (size_t i = 0; i < job->n; i++)
        if (job->processes[i].state == JOB_STOPPED)
            job->processes[i].state = JOB_RUNNING;
    job->changed = false;
    if (job->pgid)
        kill(-job->pgid, SIGCONT);
}

int job_foreground(struct shell *sh, struct job *job, bool go_on)
{
    bool control = job_control(sh);
    if (!job->n) {
        jobs_remove(&sh->jobs, job);
        return 254;
    }
    if (control)
        tcsetpgrp(STDIN_FILENO, job->pgid);
    job->background = false;
    if (go_on)
        job_go_on(job);
    int status = job_wait(sh, job);
    if (control)
        tcsetpgrp(STDIN_FILENO, getpgrp());
    if (job_state(job) == JOB_STOPPED) {
        job->background = true;
        jobs_make_current(&sh->jobs, job);
        shell_say(sh, 2, "\n");
        print_line(sh, job);
        job->changed = false;
        return status;
    }
    tell_end(sh, job);
    if (*signals_flag() == SIGINT && !sh->unwind) /* the job has dealt with it */
        signals_forget();
    jobs_remove(&sh->jobs, job);
    return status;
}
