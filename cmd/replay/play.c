/* Playing a whole transcript from the start. */
#include "cmd/replay/play.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cmd/files.h"
#include "cmd/shell/shell.h"

/* So many decisions of the stack are enough for one play: a flood of pings has that many. */
#define MOST_WORK 3000000

/* Bytes that the files of a transcript may hold. */
#define MOST_FILES (16 << 20)

/* A line may run so many commands. */
enum { MOST_COMMANDS = 2000 };

struct playback {
    struct replay *r;
    struct playing *p;
    const struct play_opts *opts; /* callbacks only where `watched` */
    bool watched;
};

static bool before(struct playback *b, size_t i)
{
    return !b->watched || !b->opts->before_step || b->opts->before_step(b->r, i, b->opts->arg);
}

static bool after(struct playback *b, size_t i)
{
    return !b->watched || !b->opts->after_step ||
           b->opts->after_step(b->r, i, &b->p->outcomes[i], b->opts->arg);
}

/* false: the play ends here. */
static bool play_step(struct playback *b, size_t i)
{
    if (!before(b, i)) {
        b->p->ended = true;
        return false;
    }
    replay_step(b->r, i, &b->p->outcomes[i]);
    b->p->ended = !after(b, i);
    return !b->p->ended;
}

/* The captures of this traffic, wherever they are printed: what they show is its alone now. */
static bool play_captures(struct playback *b, size_t traffic)
{
    const struct replay *r = b->r;
    for (size_t i = 0; i < r->t.n; i++)
        if (r->t.steps[i].kind == STEP_CAPTURE && r->plan[i].traffic == traffic && !play_step(b, i))
            return false;
    return true;
}

static bool is_deferred(const struct replay *r, size_t i)
{
    return r->t.steps[i].kind == STEP_CAPTURE && r->plan[i].traffic != SIZE_MAX;
}

/* 1: go on; 0: the play ends here; -1: *err. */
static int play_directive(struct playback *b, const struct step *s, struct vnet_err *err)
{
    if (replay_is_setting(s->command) || replay_directive(b->r, s->command, err) == 0)
        return 1;
    b->p->failed_line = s->line_no;
    return -1;
}

static int play_steps(struct playback *b, struct vnet_err *err)
{
    struct replay *r = b->r;
    for (size_t i = 0; i < r->t.n; i++) {
        const struct step *s = &r->t.steps[i];
        int rc = 1;
        if (s->kind == STEP_DIRECTIVE)
            rc = play_directive(b, s, err);
        else if (!is_deferred(r, i))
            rc = play_step(b, i) && (s->kind != STEP_TRAFFIC || play_captures(b, i));
        if (rc <= 0)
            return rc;
        b->p->nplayed = i + 1;
    }
    return 0;
}

static void forget_outcomes(struct playing *p)
{
    for (size_t i = 0; i < p->n; i++) {
        replay_outcome_release(&p->outcomes[i]);
        p->outcomes[i] = (struct replay_outcome){0};
    }
    p->nplayed = 0;
}

/* Files and commands of the host are out of its reach, and whatever it runs ends. */
static struct shell *open_shell(struct replay *r)
{
    const struct shell_opts opts = {.env = &r->env,
                                    .name = "bash",
                                    .most_output = REPLAY_MOST_OUTPUT,
                                    .most_commands = MOST_COMMANDS};
    return shell_new(&opts);
}

static bool interrupted(const struct replay *r)
{
    return r->user_interrupt && *r->user_interrupt;
}

static bool enough(void *arg)
{
    const struct replay *r = arg;
    return r->reasons.work > MOST_WORK || r->screen.error || interrupted(r);
}

static int play_in_world(struct playback *b, struct vnet *w, struct vnet_err *err)
{
    const struct unify_opts opts = {.ifindex_bound = true, .elisions = true};
    struct replay *r = b->r;
    r->clock_known = false;
    r->stop = 0;
    r->typed = false;
    r->missing = 0;
    r->u = unify_new(&opts);
    r->reasons = (struct reasons){.enough = enough, .arg = r, .stop = &r->stop};
    reasons_listen(&r->reasons, w);
    r->env.interrupted = &r->stop;
    r->env.session = vnet_session_memory(w);
    vnet_session_interrupt(r->env.session, &r->stop);
    r->env.files = files_new(NULL, NULL);
    files_limit(r->env.files, MOST_FILES);
    r->shell = open_shell(r);
    int rc = play_steps(b, err);
    replay_release_captures(r);
    replay_own_forget(r);
    shell_free(r->shell);
    files_free(r->env.files);
    b->p->work = r->reasons.work;
    for (size_t i = 0; i < b->p->n; i++)
        unify_steps_tell(r->u, &b->p->outcomes[i].diff);
    vnet_session_free(r->env.session);
    unify_free(r->u);
    reasons_forget(&r->reasons);
    return rc == 0 && interrupted(r) ? vnet_err(err, EINTR, "interrupted") : rc;
}

static int play_with(struct playback *b, struct vnet_err *err)
{
    struct vnet *w =
        replay_world(&b->r->t, b->opts->profile, b->opts->frozen, &b->r->not_imported, err);
    if (!w)
        return -1;
    forget_outcomes(b->p);
    return play_in_world(b, w, err);
}

int play_once(struct replay *r, struct playing *p, const struct play_opts *opts,
              struct vnet_err *err)
{
    struct playback b = {r, p, opts, false};
    return play_with(&b, err);
}

static struct step_plan *first_plan(const struct transcript *t)
{
    struct step_plan *plan = mem_calloc(t->n, sizeof(*plan));
    for (size_t i = 0; i < t->n; i++)
        plan[i].traffic = t->steps[i].traffic;
    return plan;
}

int play(struct replay *r, struct playing *p, const struct play_opts *opts, struct vnet_err *err)
{
    struct playback b = {r, p, opts, opts->before_step || opts->after_step};
    *p = (struct playing){.outcomes = mem_calloc(r->t.n, sizeof(*p->outcomes)), .n = r->t.n};
    r->plan = first_plan(&r->t);
    r->watched = SIZE_MAX;
    int rc = opts->frozen ? 0 : play_once(r, p, opts, err);
    if (rc == 0 && !opts->frozen)
        rc = play_variants(r, p, opts, err);
    if (rc == 0 && (opts->frozen || b.watched))
        do
            rc = play_with(&b, err);
        while (rc == 0 && p->ended && opts->again && opts->again(opts->arg));
    free(r->plan);
    r->plan = NULL;
    strbuf_release(&r->neighbours);
    return rc;
}

void playing_release(struct playing *p)
{
    forget_outcomes(p);
    free(p->outcomes);
}
