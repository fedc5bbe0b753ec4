/* What a reader types between the steps of a lesson is no part of it: its captures show what its
 * own commands caused. */
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cmd/replay/run.h"
#include "vnet_capture.h"

uint64_t replay_own_begins(struct replay *r)
{
    struct vnet *w;
    struct vnet_err err;
    if (vnet_begin(r->env.session, false, &w, &err) < 0)
        return 0;
    uint64_t from = vnet_capture_position(w);
    if (!r->own.since)
        r->own.last = vnet_capture_last(w);
    r->own.since = r->own.since ? r->own.since : r->own.n + 1;
    vnet_abort(r->env.session);
    return from;
}

void replay_own_ends(struct replay *r, uint64_t from)
{
    struct vnet *w;
    struct vnet_err err;
    if (vnet_begin(r->env.session, false, &w, &err) < 0)
        return;
    ARRAY_GROW(r->own.v, r->own.n, r->own.cap);
    r->own.v[r->own.n++] = (struct cmd_span){from, vnet_capture_position(w)};
    vnet_abort(r->env.session);
}

void replay_own_forget(struct replay *r)
{
    free(r->own.v);
    r->own = (struct replay_own){.v = NULL};
}

/* What comes behind a command in the foreground is of the reader's, too: answers, questions asked
 * again. */
void replay_own_hide(struct replay *r, size_t i)
{
    size_t traffic = r->plan[i].traffic;
    struct vnet *w;
    struct vnet_err err;
    r->env.unseen = r->own.v;
    r->env.nunseen = r->own.n;
    if (!r->own.since || !r->own.n || vnet_begin(r->env.session, false, &w, &err) < 0)
        return;
    vnet_capture_last_from(w, r->own.last);
    if (traffic != SIZE_MAX && !r->t.steps[traffic].background)
        r->own.v[r->own.since - 1].to = vnet_capture_position(w);
    vnet_commit(r->env.session, &err);
}
