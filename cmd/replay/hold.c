/* Captures that run while traffic does. What they print is taken from the recorder afterwards; but
 * that they run is felt: a bridge whose device is promiscuous passes up what it forwards. */
#include <stdint.h>

#include "cmd/replay/recognise.h"
#include "cmd/replay/run.h"
#include "vnet_capture.h"

static void keep(struct vnet_capture *cap, void *arg)
{
    struct step_plan *plan = arg;
    if (plan->held)
        vnet_capture_close(plan->held);
    plan->held = cap;
}

/* The step whose traffic is the first that the capture shows. */
static size_t first_traffic(const struct replay *r, size_t capture)
{
    const struct step *s = &r->t.steps[capture];
    bool guessed = r->plan[capture].traffic != s->traffic;
    return guessed ? r->plan[capture].traffic : s->first;
}

/* One in the background runs by itself. */
static bool runs_beside(const struct replay *r, size_t capture, size_t traffic)
{
    const struct step *s = &r->t.steps[capture];
    return s->kind == STEP_CAPTURE && !s->background && r->plan[capture].traffic != SIZE_MAX &&
           first_traffic(r, capture) == traffic && recognise_call(s->command, "tcpdump");
}

void replay_hold_captures(struct replay *r, size_t i)
{
    struct vnet_err err;
    if (r->t.steps[i].kind != STEP_TRAFFIC || r->stop)
        return;
    for (size_t k = 0; k < r->t.n; k++) {
        if (!runs_beside(r, k, i))
            continue;
        const char *terminal = r->env.netns;
        r->env.hold = keep;
        r->env.hold_arg = &r->plan[k];
        if (r->plan[k].netns)
            r->env.netns = r->plan[k].netns;
        replay_run_line(r, r->t.steps[k].command, &err);
        r->env.hold = NULL;
        r->env.netns = terminal;
        strbuf_reset(&r->screen.buf);
    }
}

void replay_release_capture(struct replay *r, size_t i)
{
    if (r->plan[i].held)
        vnet_capture_close(r->plan[i].held);
    r->plan[i].held = NULL;
}

void replay_release_captures(struct replay *r)
{
    for (size_t i = 0; i < r->t.n; i++)
        replay_release_capture(r, i);
}
