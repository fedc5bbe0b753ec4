#include "cmd/teach/trial.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/mem.h"
#include "cmd/complete.h"
#include "cmd/teach/witness.h"
#include "vnet_capture.h"
#include "vnet_klog.h"

enum { MOST_EVENTS = 400000, MOST_EVENTS_SHORT = 20000, MOST_WORDS = 64 };
#define ENDLESS_TIME (5 * NSEC_PER_SEC) /* of a command that would not end by itself */

bool trial_command(struct cmd_env *env, int argc, char **argv, int *status)
{
    const struct tool *tool = tool_find(argv[0]);
    *status = TRIAL_USAGE;
    if (env->complete && argc == 1)
        complete_offer_source(env->complete, COMPLETE_TOOLS);
    else if (!tool || tool->origin != TOOL_REAL)
        sink_printf(env->err, "vnet: \"%s\" is no command that sends packets\n", argv[0]);
    else if (env->complete)
        *status = tool->run(env, argc, argv);
    else
        return true;
    return false;
}

static struct cmd_env inner_env(const struct cmd_env *env, struct vnet_session *session,
                                struct sink *out, struct sink *err)
{
    struct cmd_env inner = *env;
    inner.session = session;
    inner.out = out;
    inner.err = err;
    if (!env->own_process) /* a shell's would run commands in the shell's own world */
        inner.exec = NULL;
    inner.own_process = false;
    inner.may_wait_forever = true;
    return inner;
}

bool trial_apply(const struct cmd_env *env, struct vnet_session *session, const char *line)
{
    char *copy = mem_strdup(line), *argv[MOST_WORDS + 1], *rest = NULL;
    int argc = 0;
    for (char *word = strtok_r(copy, " ", &rest); word && argc < MOST_WORDS;
         word = strtok_r(NULL, " ", &rest))
        argv[argc++] = word;
    argv[argc] = NULL;
    struct sink out, err;
    sink_init_mem(&out);
    sink_init_mem(&err);
    struct cmd_env inner = inner_env(env, session, &out, &err);
    inner.netns = "";
    const struct tool *tool = argc ? tool_find(argv[0]) : NULL;
    bool ok = tool && tool_run(tool, &inner, argc, argv) == 0;
    sink_release(&out);
    sink_release(&err);
    free(copy);
    return ok;
}

/* The world of a session in memory between two commands. */
static struct vnet *open_world(struct vnet_session *session)
{
    struct vnet *w = NULL;
    struct vnet_err err;
    return vnet_begin(session, false, &w, &err) < 0 ? NULL : w;
}

static void close_world(struct vnet_session *session)
{
    struct vnet_err err;
    vnet_commit(session, &err);
}

static void take_log(struct trial *t, const struct vnet *w, uint64_t from)
{
    uint64_t first = vnet_klog_first(w);
    for (uint64_t i = from > first ? from : first; i < vnet_klog_next(w); i++)
        strbuf_addf(&t->log, "%s\n", vnet_klog_get(w, i).text);
}

static void run_tool(struct trial *t, const struct cmd_env *env, struct vnet_session *session,
                     int argc, char **argv, unsigned wants)
{
    volatile sig_atomic_t stop = 0;
    struct witness before = {0};
    struct cmd_env inner = inner_env(env, session, &t->out, &t->err);
    struct vnet *w = open_world(session);
    if (!w)
        return;
    if (wants & TRIAL_SHOWN)
        witness_read(&before, w);
    uint64_t logged = vnet_klog_next(w);
    steps_listen(&t->steps, w, wants & TRIAL_SHORT ? MOST_EVENTS_SHORT : MOST_EVENTS, &stop);
    uint64_t position = vnet_capture_position(w);
    inner.interrupted = &stop;
    inner.deadline = vnet_now(w) + ENDLESS_TIME;
    inner.deadline_signal = SIGINT;
    close_world(session);
    vnet_session_interrupt(session, &stop);
    t->status = tool_run(tool_find(argv[0]), &inner, argc, argv);
    vnet_session_interrupt(session, NULL);
    w = open_world(session);
    if (w) {
        vnet_trace_listen(w, NULL, NULL); /* that the world goes away is no step */
        if (wants & TRIAL_SHOWN) {
            witness_tell(&before, w, &t->shown);
            take_log(t, w, logged);
        }
        if (wants & TRIAL_FRAMES)
            t->overwritten = vnet_capture_pcapng(w, position, &t->frames);
        close_world(session);
    }
    witness_release(&before);
}

static void init(struct trial *t, unsigned wants)
{
    *t = (struct trial){.shown = STRBUF_INIT,
                        .log = STRBUF_INIT,
                        .frames = STRBUF_INIT,
                        .status = -1,
                        .steps.hooks = wants & TRIAL_HOOKS};
    sink_init_mem(&t->out);
    sink_init_mem(&t->err);
}

static bool run_in(struct trial *t, const struct cmd_env *env, struct vnet_session *session,
                   const char *const *fixes, size_t n, int argc, char **argv, unsigned wants)
{
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++)
        ok = trial_apply(env, session, fixes[i]);
    if (ok)
        run_tool(t, env, session, argc, argv, wants);
    return ok;
}

bool trial_run(struct trial *t, const struct cmd_env *env, struct vnet *w, const char *const *fixes,
               size_t n, int argc, char **argv, unsigned wants)
{
    struct vnet_session *session = vnet_session_memory(w);
    init(t, wants);
    bool ran = run_in(t, env, session, fixes, n, argc, argv, wants);
    vnet_session_free(session);
    return ran;
}

struct vnet *trial_changed(const struct cmd_env *env, struct vnet *w, const char *const *lines,
                           size_t n)
{
    struct vnet_session *session = vnet_session_memory(w);
    for (size_t i = 0; i < n; i++)
        trial_apply(env, session, lines[i]);
    return vnet_session_take(session);
}

void trial_release(struct trial *t)
{
    steps_release(&t->steps);
    strbuf_release(&t->shown);
    strbuf_release(&t->log);
    strbuf_release(&t->frames);
    sink_release(&t->out);
    sink_release(&t->err);
}

const struct step *trial_first_loss(const struct trial *t)
{
    for (size_t i = 0; i < t->steps.n; i++)
        if (step_is_loss(&t->steps.v[i]) && !step_is_background(&t->steps.v[i]))
            return &t->steps.v[i];
    return NULL;
}

void trial_last_words(const struct trial *t, struct strbuf *sb)
{
    const struct strbuf *said = &(t->status && t->err.buf.len ? &t->err : &t->out)->buf;
    const char *text = said->len ? said->data : "";
    size_t end = said->len;
    const char *summary = said->len ? strstr(text, "packets transmitted") : NULL;
    if (summary)
        end = (size_t)(summary - text) + strcspn(summary, "\n");
    while (end > 0 && text[end - 1] == '\n')
        end--;
    size_t begin = end;
    while (begin > 0 && text[begin - 1] != '\n')
        begin--;
    strbuf_add(sb, text + begin, end - begin);
}

void trial_outcome(const struct trial *t, struct strbuf *sb)
{
    const struct step *loss = t->status ? trial_first_loss(t) : NULL;
    trial_last_words(t, sb);
    if (!sb->len)
        strbuf_addf(sb, "exit status %d", t->status);
    if (!loss)
        return;
    strbuf_adds(sb, ": ");
    step_put_loss(sb, loss);
    step_put_reason(sb, loss);
}

/* ---- in a child process ---- */

/* Copies of a frame that is sent to all are lost here and there without harm, and early. */
static const struct step *last_loss(const struct trial *t)
{
    const struct step *last = NULL;
    for (size_t i = 0; i < t->steps.n; i++)
        if (step_is_loss(&t->steps.v[i]) && !step_is_background(&t->steps.v[i]))
            last = &t->steps.v[i];
    return last;
}

void trial_sum_up(struct trial_result *r, const struct trial *t, bool ran)
{
    const struct step *loss = t->status ? trial_first_loss(t) : NULL;
    struct strbuf sb = STRBUF_INIT;
    *r = (struct trial_result){.works = ran && t->status == 0, .events = t->steps.events};
    for (size_t i = 0; i < t->steps.n; i++)
        r->reach += !step_is_background(&t->steps.v[i]);
    if (!ran)
        return;
    trial_last_words(t, &sb);
    if (loss) {
        strbuf_adds(&sb, ": ");
        step_put_loss(&sb, loss);
    }
    r->outcome = strbuf_detach(&sb);
    const struct step *last = t->status ? last_loss(t) : NULL;
    r->place = last ? mem_strdup(last->netns) : NULL;
    r->end = last ? mem_strdup(last->detail) : NULL;
}

void trial_result_release(struct trial_result *r)
{
    free(r->outcome);
    free(r->place);
    free(r->end);
}

static void read_answer(int fd, struct strbuf *sb)
{
    char part[512];
    for (ssize_t n; (n = read(fd, part, sizeof(part))) != 0;) {
        if (n > 0)
            strbuf_add(sb, part, (size_t)n);
        else if (errno != EINTR)
            return;
    }
}

struct child { /* what it has to its end, on its stack, where a leak checker finds it */
    int fd;
    const struct trial *trial;
    struct vnet_session *session;
};

/* Its answer is the result, then the texts of it. */
static _Noreturn void answer(const struct child *c, bool ran)
{
    struct trial_result r;
    trial_sum_up(&r, c->trial, ran);
    write_all(c->fd, (const char *)&r, sizeof(r));
    if (r.outcome)
        write_all(c->fd, r.outcome, strlen(r.outcome) + 1);
    if (r.place)
        write_all(c->fd, r.place, strlen(r.place) + 1);
    if (r.end)
        write_all(c->fd, r.end, strlen(r.end) + 1);
    _exit(0);
}

/* Frames go round and round: the command has not worked by now, and its world is not needed. */
static void give_up(void *arg)
{
    answer(arg, true);
}

/* It frees nothing: that it ends does that faster. */
static _Noreturn void be_child(int fd, const struct cmd_env *env, struct vnet *w,
                               const char *const *fixes, size_t n, int argc, char **argv)
{
    struct trial t;
    struct child c = {fd, &t, vnet_session_memory(w)};
    volatile sig_atomic_t stop = 0;
    init(&t, TRIAL_SHORT);
    t.steps.give_up = give_up;
    t.steps.arg = &c;
    steps_listen(&t.steps, w, MOST_EVENTS_SHORT, &stop); /* while the fixes are made */
    answer(&c, run_in(&t, env, c.session, fixes, n, argc, argv, TRIAL_SHORT));
}

static void take_answer(struct trial_result *r, const struct strbuf *answer)
{
    *r = (struct trial_result){0};
    if (answer->len < sizeof(*r))
        return; /* the child was killed */
    memcpy(r, answer->data, sizeof(*r));
    const char *text = answer->data + sizeof(*r);
    if (r->outcome)
        r->outcome = mem_strdup(text);
    if (r->place) { /* both or none */
        text += strlen(text) + 1;
        r->place = mem_strdup(text);
        r->end = mem_strdup(text + strlen(text) + 1);
    }
}

void trial_quick(struct trial_result *r, const struct cmd_env *env, struct vnet *w,
                 const char *const *fixes, size_t n, int argc, char **argv)
{
    int fds[2] = {-1, -1};
    struct strbuf answer = STRBUF_INIT;
    pid_t pid = pipe(fds) < 0 ? -1 : fork();
    if (pid == 0)
        be_child(fds[1], env, w, fixes, n, argc, argv);
    if (fds[1] >= 0)
        close(fds[1]);
    if (pid > 0) {
        read_answer(fds[0], &answer);
        take_answer(r, &answer);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
    } else { /* there are too many processes or files */
        struct trial t;
        bool ran = trial_run(&t, env, vnet_clone(w), fixes, n, argc, argv, TRIAL_SHORT);
        trial_sum_up(r, &t, ran);
        trial_release(&t);
    }
    if (fds[0] >= 0)
        close(fds[0]);
    strbuf_release(&answer);
}
