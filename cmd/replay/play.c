/* Playing a whole transcript, again with longer waits where that makes a mismatch go away:
 * addresses are tentative for a while, neighbour entries age, links that came up speak IPv6 for
 * some seconds. */
#include "cmd/replay/play.h"

#include <stdlib.h>

#include "base/mem.h"

enum { MAX_RETRIES = 64 };
static const int longer_waits[] = {10, 60};

static int play_steps(struct replay *r, struct playing *p, struct vnet_err *err)
{
    for (size_t i = 0; i < r->t.n; i++) {
        const struct step *s = &r->t.steps[i];
        if (s->kind != STEP_DIRECTIVE)
            replay_step(r, i, &p->outcomes[i]);
        else if (!replay_is_setting(s->command) && replay_directive(r, s->command, err) < 0) {
            p->failed_line = s->line_no;
            return -1;
        }
    }
    return 0;
}

static void forget_outcomes(struct playing *p)
{
    for (size_t i = 0; i < p->n; i++) {
        replay_outcome_release(&p->outcomes[i]);
        p->outcomes[i] = (struct replay_outcome){0};
    }
}

/* Once from the start, with the waits of now. */
static int play_once(struct replay *r, struct playing *p, const char *profile, struct vnet_err *err)
{
    const struct unify_opts opts = {.ifindex_bound = true};
    struct vnet *w = replay_world(&r->t, profile, err);
    if (!w)
        return -1;
    forget_outcomes(p);
    r->clock_known = false;
    r->u = unify_new(&opts);
    r->env.session = vnet_session_memory(w);
    int rc = play_steps(r, p, err);
    vnet_session_free(r->env.session);
    unify_free(r->u);
    return rc;
}

static size_t first_mismatch(const struct playing *p, const bool *given_up)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->outcomes[i].verdict == REPLAY_BEHAVIOURAL && !given_up[i])
            return i;
    return p->n;
}

/* The step before which a longer wait may help step i. */
static size_t step_to_delay(const struct replay *r, size_t i)
{
    const struct step *s = &r->t.steps[i];
    return s->kind == STEP_CAPTURE && s->traffic < i ? s->traffic : i;
}

/* Try longer waits for the mismatch at step i: 1 if it is gone. */
static int retry(struct replay *r, struct playing *p, size_t i, const char *profile,
                 struct vnet_err *err)
{
    size_t at = step_to_delay(r, i);
    int before = r->waits[at];
    for (size_t k = 0; k < ARRAY_LEN(longer_waits); k++) {
        r->waits[at] = longer_waits[k];
        if (play_once(r, p, profile, err) < 0)
            return -1;
        if (p->outcomes[i].verdict != REPLAY_BEHAVIOURAL)
            return 1;
    }
    r->waits[at] = before;
    return play_once(r, p, profile, err);
}

int play(struct replay *r, struct playing *p, const char *profile, struct vnet_err *err)
{
    int rc;
    size_t i;
    bool *given_up = mem_calloc(r->t.n, sizeof(*given_up));
    *p = (struct playing){.outcomes = mem_calloc(r->t.n, sizeof(*p->outcomes)), .n = r->t.n};
    r->waits = mem_calloc(r->t.n, sizeof(*r->waits));
    rc = play_once(r, p, profile, err);
    for (int tries = 0; rc >= 0 && tries < MAX_RETRIES; tries++) {
        i = first_mismatch(p, given_up);
        if (i == p->n)
            break;
        rc = retry(r, p, i, profile, err);
        given_up[i] = rc == 0;
    }
    for (i = 0; i < p->n; i++)
        p->outcomes[i].waited = r->waits[i];
    free(given_up);
    free(r->waits);
    r->waits = NULL;
    return rc < 0 ? -1 : 0;
}

void playing_release(struct playing *p)
{
    forget_outcomes(p);
    free(p->outcomes);
}
