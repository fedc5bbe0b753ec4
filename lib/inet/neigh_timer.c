/* The neighbour state machine driven by time and by use: neigh_timer_handler(),
 * __neigh_event_send(), neigh_invalidate(), neigh_resolve_output() of net/core/neighbour.c. */
#include <errno.h>

#include "inet/neigh.h"
#include "inet/rtnetlink.h"
#include "inet/text.h"
#include "inet/truesize.h"
#include "sim/trace.h"
#include "sim/world.h"

static struct vnet *world(const struct neigh *n)
{
    return n->tbl->ns->w;
}

/* ---- the queue of packets that wait for the address ---- */

struct skb *neigh_dequeue(struct neigh *n)
{
    struct skb *skb = n->queue_head;
    if (!skb)
        return NULL;
    n->tbl->queued--;
    n->queue_head = skb->next;
    if (!n->queue_head)
        n->queue_tail = NULL;
    skb->next = NULL;
    uint32_t size = skb_truesize(world(n), skb->len);
    n->queue_bytes -= size < n->queue_bytes ? size : n->queue_bytes;
    return skb;
}

void neigh_queue_purge(struct neigh *n)
{
    for (struct skb *skb; (skb = neigh_dequeue(n)) != NULL;)
        skb_free(world(n), skb);
    n->queue_bytes = 0;
}

void neigh_queue_append(struct neigh *n, struct skb *skb)
{
    skb->next = NULL;
    *(n->queue_tail ? &n->queue_tail->next : &n->queue_head) = skb;
    n->queue_tail = skb;
    n->queue_bytes += skb_truesize(world(n), skb->len);
    n->tbl->queued++;
}

static void enqueue(struct neigh *n, struct skb *skb)
{
    uint32_t size = skb_truesize(world(n), skb->len);
    int64_t limit = neigh_parm(n, NEIGH_PARM_unres_qlen_bytes);
    while ((int64_t)n->queue_bytes + size > limit) {
        struct skb *old = neigh_dequeue(n);
        if (!old)
            break;
        trace(world(n), n->dev, "neigh", "__neigh_event_send", VNET_TRACE_DROPPED,
              DROP_REASON(NEIGH_QUEUEFULL), "the queue for %s is full (unres_qlen_bytes)",
              ADDR_STR(&n->addr));
        skb_free(world(n), old);
    }
    neigh_queue_append(n, skb);
    trace(world(n), n->dev, "neigh", "__neigh_event_send", VNET_TRACE_QUEUED, NULL,
          "%s is not resolved yet", ADDR_STR(&n->addr));
}

/* ---- probes ---- */

static int64_t retrans(const struct neigh *n)
{
    int64_t t = neigh_parm_ms(n, NEIGH_PARM_retrans_time_ms);
    return t > NSEC_PER_SEC / 100 ? t : NSEC_PER_SEC / 100;
}

void neigh_add_timer(struct neigh *n, int64_t delay)
{
    if (n->used < n->confirmed)
        n->used = n->confirmed;
    timer_set_jiffies(world(n), &n->timer, delay);
}

static void probe(struct neigh *n)
{
    neigh_hold(n);
    n->tbl->ops->solicit(n, n->queue_tail);
    n->probes++;
    neigh_put(n);
}

static uint32_t max_probes(const struct neigh *n)
{
    bool again = n->nud_state & VNET_NUD_PROBE;
    return (uint32_t)(neigh_parm(n, NEIGH_PARM_ucast_solicit) +
                      neigh_parm(n, NEIGH_PARM_app_solicit) +
                      neigh_parm(n, again ? NEIGH_PARM_mcast_resolicit : NEIGH_PARM_mcast_solicit));
}

void neigh_invalidate(struct neigh *n)
{
    n->updated = neigh_jiffies(world(n));
    trace(world(n), n->dev, "neigh", "neigh_invalidate", VNET_TRACE_OK, NULL,
          "%s did not answer: FAILED", ADDR_STR(&n->addr));
    neigh_hold(n);
    /* error_report may come back to this very entry and queue anew. */
    while (n->nud_state == VNET_NUD_FAILED) {
        struct skb *skb = neigh_dequeue(n);
        if (!skb)
            break;
        n->tbl->ops->error_report(n, skb);
    }
    neigh_queue_purge(n);
    neigh_put(n);
}

/* ---- the timer ---- */

static void set_state(struct neigh *n, uint16_t state)
{
    n->nud_state = state;
    n->updated = neigh_jiffies(world(n));
}

/* REACHABLE has run out, or was confirmed meanwhile: how long to wait next (ns). */
static int64_t timer_reachable(struct neigh *n, int64_t now, bool *notify)
{
    int64_t until = n->confirmed + neigh_reachable_time(n);
    int64_t delay_first = neigh_parm(n, NEIGH_PARM_delay_first_probe_time) * NSEC_PER_SEC;
    if (now <= until)
        return until - now;
    set_state(n, now <= n->used + delay_first ? VNET_NUD_DELAY : VNET_NUD_STALE);
    *notify = n->nud_state == VNET_NUD_STALE;
    return delay_first;
}

static int64_t timer_delay(struct neigh *n, int64_t now)
{
    int64_t delay_first = neigh_parm(n, NEIGH_PARM_delay_first_probe_time) * NSEC_PER_SEC;
    if (now <= n->confirmed + delay_first) {
        set_state(n, VNET_NUD_REACHABLE);
        return n->confirmed + neigh_reachable_time(n) - now;
    }
    set_state(n, VNET_NUD_PROBE);
    n->probes = 0;
    return retrans(n);
}

void neigh_timer_handler(struct vnet *w, struct timer *t)
{
    struct neigh *n = container_of(t, struct neigh, timer);
    int64_t now = neigh_jiffies(w), next = retrans(n);
    bool notify = false;

    if (!(n->nud_state & NUD_IN_TIMER))
        return;
    if (n->nud_state & VNET_NUD_REACHABLE)
        next = timer_reachable(n, now, &notify);
    else if ((notify = n->nud_state & VNET_NUD_DELAY))
        next = timer_delay(n, now);

    bool probing = n->nud_state & (VNET_NUD_INCOMPLETE | VNET_NUD_PROBE);
    if (probing && n->probes >= max_probes(n)) {
        n->nud_state = VNET_NUD_FAILED;
        neigh_invalidate(n);
        neigh_notify(n, VNET_RTM_NEWNEIGH);
        return;
    }
    if (n->nud_state & NUD_IN_TIMER)
        timer_set_jiffies(w, &n->timer, next > NSEC_PER_SEC / 100 ? next : NSEC_PER_SEC / 100);
    if (probing)
        probe(n);
    if (notify)
        neigh_notify(n, VNET_RTM_NEWNEIGH);
}

/* ---- use ---- */

/* NONE or FAILED: begin to resolve. false: nobody may be asked, the entry failed. */
static bool start_resolving(struct neigh *n)
{
    struct vnet *w = world(n);
    if (neigh_parm(n, NEIGH_PARM_mcast_solicit) + neigh_parm(n, NEIGH_PARM_app_solicit) == 0) {
        set_state(n, VNET_NUD_FAILED);
        return false;
    }
    n->probes = (uint32_t)neigh_parm(n, NEIGH_PARM_ucast_solicit);
    timer_cancel(w, &n->timer);
    set_state(n, VNET_NUD_INCOMPLETE);
    neigh_add_timer(n, retrans(n));
    return true;
}

static void drop(struct neigh *n, struct skb *skb, const struct vnet_drop_reason *reason)
{
    trace(world(n), n->dev, "neigh", "__neigh_event_send", VNET_TRACE_DROPPED, reason,
          "%s cannot be resolved", ADDR_STR(&n->addr));
    if (skb)
        skb_free(world(n), skb);
}

/* __neigh_event_send() of a state that is not good for sending. */
static bool event_send(struct neigh *n, struct skb *skb)
{
    if (n->dead) {
        drop(n, skb, DROP_REASON(NEIGH_DEAD));
        return true;
    }
    if (n->nud_state & VNET_NUD_STALE) {
        timer_cancel(world(n), &n->timer);
        set_state(n, VNET_NUD_DELAY);
        neigh_add_timer(n, neigh_parm(n, NEIGH_PARM_delay_first_probe_time) * NSEC_PER_SEC);
        return false;
    }
    bool start = !(n->nud_state & VNET_NUD_INCOMPLETE);
    if (start && !start_resolving(n)) {
        drop(n, skb, DROP_REASON(NEIGH_FAILED));
        return true;
    }
    if (skb)
        enqueue(n, skb);
    if (start)
        probe(n);
    return true;
}

bool neigh_event_send(struct neigh *n, struct skb *skb)
{
    n->used = neigh_jiffies(world(n));
    if (n->nud_state & (NUD_CONNECTED | VNET_NUD_DELAY | VNET_NUD_PROBE))
        return false;
    return event_send(n, skb);
}

static const char *state_name(uint16_t state)
{
    return state & VNET_NUD_REACHABLE   ? "REACHABLE"
           : state & VNET_NUD_PERMANENT ? "PERMANENT"
           : state & VNET_NUD_STALE     ? "STALE"
           : state & VNET_NUD_DELAY     ? "DELAY"
           : state & VNET_NUD_PROBE     ? "PROBE"
                                        : "not resolved";
}

int neigh_output(struct neigh *n, struct skb *skb)
{
    if (!(n->nud_state & NUD_CONNECTED) && neigh_event_send(n, skb))
        return 0;
    if (!(n->nud_state & VNET_NUD_NOARP))
        trace(world(n), n->dev, "neigh", "neigh_output", VNET_TRACE_OK, NULL, "%s is %s at %s",
              ADDR_STR(&n->addr), state_name(n->nud_state),
              lladdr_str(&n->ha, (char[LLADDR_STRLEN_MAX]){0}));
    eth_header(n->dev, skb, skb->protocol, n->ha.bytes, NULL);
    return dev_queue_xmit(n->dev, skb);
}
