/* neigh_update() of net/core/neighbour.c: what was learned about a neighbour, by whom, and what
 * becomes of the packets that wait for it. */
#include <errno.h>

#include "inet/neigh.h"
#include "inet/rtnetlink.h"
#include "sim/trace.h"
#include "sim/world.h"

struct change {
    const struct lladdr *ha; /* the address to have; NULL: the entry keeps its own */
    uint16_t state;
    bool isrouter_override;
};

/* What neigh_update() tells listeners of. */
struct before {
    uint16_t state;
    uint32_t flags;
    struct lladdr ha;
};

static bool is_news(const struct neigh *n, const struct before *b)
{
    const uint32_t told = VNET_NTF_EXT_LEARNED | VNET_NTF_ROUTER;
    if ((n->flags ^ b->flags) & told)
        return true;
    if (!(n->nud_state & NUD_VALID))
        return (b->state & NUD_VALID) ||
               (b->state & VNET_NUD_INCOMPLETE && n->nud_state & VNET_NUD_FAILED);
    return n->nud_state != b->state || !lladdr_eq(&n->ha, &b->ha);
}

static void update_flags(struct neigh *n, uint32_t flags)
{
    if (!(flags & NEIGH_UPDATE_F_ADMIN))
        return;
    if (flags & NEIGH_UPDATE_F_EXT_LEARNED)
        n->flags |= VNET_NTF_EXT_LEARNED;
    else
        n->flags &= ~(uint32_t)VNET_NTF_EXT_LEARNED;
}

/* To a state without a valid address: FAILED, NONE, INCOMPLETE. */
static void update_invalid(struct neigh *n, uint16_t state)
{
    uint16_t old = n->nud_state;
    if (old & NUD_IN_TIMER)
        timer_cancel(n->tbl->ns->w, &n->timer);
    n->nud_state = state;
    if ((old & (VNET_NUD_INCOMPLETE | VNET_NUD_PROBE)) && (state & VNET_NUD_FAILED))
        neigh_invalidate(n);
}

/* Which address and state follow. false: the news is ignored. */
static bool weigh(struct neigh *n, struct change *c, uint32_t flags)
{
    uint16_t old = n->nud_state;
    if (!(old & NUD_VALID))
        return true;
    if (!c->ha) {
        if (c->state == VNET_NUD_STALE && !(flags & NEIGH_UPDATE_F_ADMIN))
            c->state = old;
        return true;
    }
    if (flags & NEIGH_UPDATE_F_OVERRIDE)
        return true;
    c->isrouter_override = false;
    if (!(flags & NEIGH_UPDATE_F_WEAK_OVERRIDE) || !(old & NUD_CONNECTED))
        return false;
    c->ha = NULL;
    c->state = VNET_NUD_STALE;
    return true;
}

static void enter_state(struct neigh *n, uint16_t state)
{
    if (n->nud_state & NUD_IN_TIMER)
        timer_cancel(n->tbl->ns->w, &n->timer);
    if (state & VNET_NUD_PROBE)
        n->probes = 0;
    if (state & NUD_IN_TIMER)
        neigh_add_timer(n, state & VNET_NUD_REACHABLE ? neigh_reachable_time(n) : 0);
    n->nud_state = state;
}

/* The address is known at last: send what waited. */
static void flush_queue(struct neigh *n)
{
    neigh_hold(n);
    while ((n->nud_state & NUD_VALID) && n->queue_head) {
        neigh_output(n, neigh_dequeue(n));
    }
    neigh_queue_purge(n);
    neigh_put(n);
}

static void apply(struct neigh *n, const struct change *c)
{
    uint16_t old = n->nud_state;
    int64_t now = neigh_jiffies(n->tbl->ns->w);
    if (c->state != old || c->ha)
        n->updated = now;
    if (c->state != old)
        enter_state(n, c->state);
    if (c->ha) {
        n->ha = *c->ha;
        if (!(c->state & NUD_CONNECTED))
            n->confirmed = now - 2 * neigh_parm_ms(n, NEIGH_PARM_base_reachable_time_ms);
    }
    if (c->state != old && !(old & NUD_VALID))
        flush_queue(n);
}

static void update_is_router(struct neigh *n, uint32_t flags)
{
    if (flags & NEIGH_UPDATE_F_ISROUTER)
        n->flags |= VNET_NTF_ROUTER;
    else
        n->flags &= ~(uint32_t)VNET_NTF_ROUTER;
}

static int update_valid(struct neigh *n, const struct lladdr *lladdr, uint16_t state,
                        uint32_t flags, struct vnet_err *err)
{
    bool known = n->nud_state & NUD_VALID;
    if (!lladdr && !known)
        return vnet_err(err, EINVAL, "No link layer address given");
    struct change c = {
        .ha = lladdr && !(known && lladdr_eq(lladdr, &n->ha)) ? lladdr : NULL,
        .state = state,
        .isrouter_override = flags & NEIGH_UPDATE_F_OVERRIDE_ISROUTER,
    };
    if (state & NUD_CONNECTED)
        n->confirmed = neigh_jiffies(n->tbl->ns->w);
    if (weigh(n, &c, flags))
        apply(n, &c);
    if (c.isrouter_override)
        update_is_router(n, flags);
    return 0;
}

int neigh_update(struct neigh *n, const struct lladdr *lladdr, uint16_t state, uint32_t flags,
                 struct vnet_err *err)
{
    uint16_t old = n->nud_state;
    int rc = 0;
    if (n->dead)
        return vnet_err(err, EPERM, "Neighbor entry is now dead");
    if (!(flags & NEIGH_UPDATE_F_ADMIN) && (old & (VNET_NUD_NOARP | VNET_NUD_PERMANENT)))
        return -EPERM;
    const struct before before = {old, n->flags, n->ha};
    neigh_hold(n);
    update_flags(n, flags);
    if (flags & NEIGH_UPDATE_F_USE)
        n->nud_state = old & ~VNET_NUD_PERMANENT;
    else if (!(state & NUD_VALID))
        update_invalid(n, state);
    else
        rc = update_valid(n, lladdr, state, flags, err);
    neigh_gc_list_update(n);
    if (!(flags & NEIGH_UPDATE_F_USE) && is_news(n, &before))
        neigh_notify(n, VNET_RTM_NEWNEIGH);
    neigh_put(n);
    return rc;
}
