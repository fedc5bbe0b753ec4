#include "cmd/shell/tasks.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cmd/shell/state.h"

enum {
    MOST_TASKS = 64,      /* at a time */
    STACK_SIZE = 8 << 20, /* as a process's: the C library's own is smaller in places */
    FIRST_ID = 1000
};

enum task_state {
    TASK_READY,
    TASK_ASLEEP,    /* until its time has come */
    TASK_LISTENING, /* ... or something happens in the world */
    TASK_JOINING,   /* ... or another one ends */
    TASK_DONE,
};

struct task {
    struct tasks *all;
    pid_t id; /* 0: the main one */
    pthread_t thread;
    bool joined; /* its thread is gone */
    pthread_cond_t turn;
    enum task_state state;
    int64_t wake;                 /* world time; 0: never */
    int result;                   /* of its waiting: 0 or -errno */
    volatile sig_atomic_t signal; /* what its commands see as theirs; 0: none */
    struct cmd_env env;
    struct shell *sh; /* its own copy */
    struct node node; /* what it runs: without what follows it in a list */
    struct program *program;
    int status;
    int refused;
    struct vnet_err refusal;
};

struct tasks {
    pthread_mutex_t lock; /* held by the thread that runs */
    struct task *main, *running;
    struct task **list; /* but the main one */
    size_t n, cap;
    pid_t last_id;
    unsigned long commands;
};

/* ---- what the session asks while there is more than one ---- */

static int take_turns(struct tasks *t, enum task_state state, int64_t wake);

static int turn_sleep(void *arg, int64_t until)
{
    return take_turns(arg, TASK_ASLEEP, until);
}

static int turn_wait(void *arg, int64_t until)
{
    return take_turns(arg, TASK_LISTENING, until);
}

static void share(struct tasks *t, bool on)
{
    const struct vnet_session_turns turns = {turn_sleep, turn_wait, t};
    vnet_session_share(t->main->sh->opts.env->session, on ? &turns : NULL);
}

/* ---- whose turn it is ---- */

static bool main_interrupted(const struct tasks *t)
{
    return exec_interrupted(t->main->sh);
}

/* A task that has something to do now, the main one last. */
static struct task *ready_task(const struct tasks *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct task *task = t->list[i];
        if (task->state == TASK_READY || (task->signal && task->state != TASK_DONE))
            return task;
    }
    return t->main->state == TASK_READY ? t->main : NULL;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return !a || (b && b < a) ? b : a;
}

static int64_t earliest_wake(const struct tasks *t)
{
    int64_t wake = t->main->wake;
    for (size_t i = 0; i < t->n; i++)
        if (t->list[i]->state != TASK_DONE)
            wake = earlier(wake, t->list[i]->wake);
    return wake;
}

static void rouse(struct task *task, int64_t now)
{
    if (task->state == TASK_DONE)
        return;
    if (task->state == TASK_LISTENING || (task->wake && task->wake <= now))
        task->state = TASK_READY;
}

/* Let the world go on to what happens next. */
static int go_on(struct tasks *t, int64_t until)
{
    struct vnet_session *s = t->main->sh->opts.env->session;
    struct vnet_err err;
    struct vnet *w;
    int64_t next;
    int rc = vnet_begin(s, false, &w, &err);
    if (rc < 0)
        return rc;
    next = vnet_next_event(w);
    vnet_run_until(w, next < until ? next : until);
    next = vnet_now(w);
    rc = vnet_commit(s, &err);
    rouse(t->main, next);
    for (size_t i = 0; i < t->n; i++)
        rouse(t->list[i], next);
    return rc;
}

static struct task *wake_main(struct tasks *t, int result)
{
    t->main->result = result;
    t->main->state = TASK_READY;
    return t->main;
}

static struct task *next_task(struct tasks *t)
{
    for (;;) {
        for (size_t i = 0; i < t->n && main_interrupted(t); i++)
            if (!t->list[i]->signal)
                t->list[i]->signal = SIGINT;
        struct task *task = ready_task(t);
        if (task)
            return task;
        if (main_interrupted(t))
            return wake_main(t, -EINTR);
        int64_t wake = earliest_wake(t);
        int rc = wake ? go_on(t, wake) : -EAGAIN;
        if (rc < 0)
            return wake_main(t, rc);
    }
}

/* `me` stands still until it is its turn again. */
static void hand_over(struct task *me, struct task *to)
{
    struct tasks *t = me->all;
    t->running = to;
    if (to == me)
        return;
    pthread_cond_signal(&to->turn);
    while (t->running != me)
        pthread_cond_wait(&me->turn, &t->lock);
}

static int take_turns(struct tasks *t, enum task_state state, int64_t wake)
{
    struct task *me = t->running;
    if (me->signal)
        return -EINTR;
    me->state = state;
    me->wake = wake;
    me->result = 0;
    hand_over(me, next_task(t));
    me->state = TASK_READY;
    me->wake = 0;
    return me->signal ? -EINTR : me->result;
}

/* ---- one task ---- */

static void end_task(struct task *me)
{
    struct tasks *t = me->all;
    me->refused = me->sh->refused;
    me->refusal = me->sh->refusal;
    shell_free(me->sh);
    me->sh = NULL;
    program_unref(me->program);
    me->state = TASK_DONE;
    if (t->main->state == TASK_JOINING)
        t->main->state = TASK_READY;
    for (size_t i = 0; i < t->n; i++)
        if (t->list[i]->state == TASK_JOINING)
            t->list[i]->state = TASK_READY;
    if (!tasks_busy(t))
        share(t, false);
}

static void *task_thread(void *arg)
{
    struct task *me = arg;
    struct tasks *t = me->all;
    pthread_mutex_lock(&t->lock);
    while (t->running != me)
        pthread_cond_wait(&me->turn, &t->lock);
    me->status = me->node.kind == NODE_SUBSHELL ? exec_body(me->sh, &me->node)
                                                : exec_node(me->sh, &me->node);
    me->status = traps_on_exit(me->sh, me->status);
    end_task(me);
    t->running = next_task(t);
    pthread_cond_signal(&t->running->turn);
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

/* Signals are the main thread's. */
static int start_thread(struct task *task)
{
    pthread_attr_t attr;
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_SIZE);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(&task->thread, &attr, task_thread, task);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    return -rc;
}

static struct task *new_task(struct tasks *t)
{
    struct task *task = mem_alloc(sizeof(*task));
    task->all = t;
    pthread_cond_init(&task->turn, NULL);
    return task;
}

static void free_task(struct task *task)
{
    pthread_cond_destroy(&task->turn);
    free(task);
}

static void prepare(struct task *task, struct shell *sh, const struct node *n)
{
    task->env = *sh->opts.env;
    task->env.interrupted = &task->signal;
    task->env.deadline = 0;
    task->env.background = true;
    task->env.capture_last = false;
    task->sh = shell_copy(sh);
    task->sh->opts.env = &task->env;
    io_set(&task->sh->io, 0, stream_text(NULL, 0));
    task->program = program_ref(sh->program);
    task->node = *n;
    task->node.next = NULL;
    task->node.background = false;
}

static size_t count_running(const struct tasks *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        n += t->list[i]->state != TASK_DONE;
    return n;
}

pid_t tasks_start(struct shell *sh, const struct node *n)
{
    struct tasks *t = sh->tasks;
    struct task *task;
    if (count_running(t) >= MOST_TASKS) {
        shell_unsupported(sh, "more than %d commands in the background are not run", MOST_TASKS);
        return -1;
    }
    task = new_task(t);
    prepare(task, sh, n);
    int rc = start_thread(task);
    if (rc < 0) {
        shell_complain(sh, "fork: %s", cmd_strerror(-rc));
        shell_free(task->sh);
        program_unref(task->program);
        free_task(task);
        return -1;
    }
    task->id = ++t->last_id;
    ARRAY_GROW(t->list, t->n, t->cap);
    t->list[t->n++] = task;
    share(t, true);
    hand_over(t->running, task); /* which stays ready itself */
    return task->id;
}

/* ---- all of them ---- */

struct tasks *tasks_new(struct shell *main)
{
    struct tasks *t = mem_alloc(sizeof(*t));
    pthread_mutex_init(&t->lock, NULL);
    pthread_mutex_lock(&t->lock);
    t->last_id = FIRST_ID;
    t->main = t->running = new_task(t);
    t->main->sh = main;
    return t;
}

bool tasks_busy(const struct tasks *t)
{
    return count_running(t) > 0;
}

unsigned long *tasks_commands(struct tasks *t)
{
    return &t->commands;
}

/* Its thread has nothing left to do but to end. */
static void join(struct task *task)
{
    if (!task->joined)
        pthread_join(task->thread, NULL);
    task->joined = true;
}

void tasks_free(struct tasks *t)
{
    for (size_t i = 0; i < t->n; i++) /* dying, it may start others, which die in their turn */
        while (t->list[i]->state != TASK_DONE) {
            t->list[i]->signal = SIGHUP;
            hand_over(t->main, t->list[i]);
        }
    pthread_mutex_unlock(&t->lock);
    for (size_t i = 0; i < t->n; i++) {
        join(t->list[i]);
        free_task(t->list[i]);
    }
    pthread_mutex_destroy(&t->lock);
    free_task(t->main);
    free(t->list);
    free(t);
}

int tasks_wait(struct shell *sh)
{
    struct task *me = sh->tasks->running;
    int64_t now, deadline = sh->opts.env->deadline;
    struct vnet_err err;
    if (!tasks_busy(sh->tasks) || (me != sh->tasks->main && count_running(sh->tasks) == 1))
        return -EAGAIN;
    int rc = take_turns(sh->tasks, TASK_JOINING, deadline);
    if (rc == 0 && deadline && vnet_session_now(sh->opts.env->session, &now, &err) == 0 &&
        now >= deadline)
        return -EINTR;
    return rc;
}

static struct task *find(const struct tasks *t, pid_t id)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->list[i]->id == id)
            return t->list[i];
    return NULL;
}

bool tasks_ended(struct shell *sh, pid_t id, int *status)
{
    struct task *task = find(sh->tasks, id);
    if (!task || task->state != TASK_DONE)
        return false;
    join(task);
    if (task->refused)
        shell_refused(sh, task->refused, task->refusal.msg);
    bool killed = task->signal && task->status == 128 + task->signal;
    *status = killed ? (int)task->signal : (task->status & 0xff) << 8;
    return true;
}

int tasks_signal(struct tasks *t, pid_t id, int signal)
{
    struct task *task = find(t, id);
    if (!task || task->state == TASK_DONE)
        return -ESRCH;
    if (signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU)
        return -ENOTSUP;
    if (signal == 0 || signal == SIGCONT || signal == SIGCHLD)
        return 0;
    task->signal = signal;
    if (task != t->running)
        hand_over(t->running, task);
    return 0;
}

int tasks_swap_signal(struct tasks *t, int signal)
{
    int before = (int)t->running->signal;
    if (t->running != t->main)
        t->running->signal = signal;
    return before;
}
