#include "dev/hop.h"

#include <stdlib.h>

#include "base/mem.h"
#include "sim/world.h"

static void hop_put(struct vnet *w, struct dev_hop *hop)
{
    list_del(&hop->node);
    hop->skb = NULL;
    hop->to = NULL;
    hop->node.next = w->hop_pool ? &w->hop_pool->node : NULL;
    w->hop_pool = hop;
}

static struct dev_hop *hop_get(struct vnet *w)
{
    struct dev_hop *hop = w->hop_pool;
    if (!hop)
        return mem_alloc(sizeof(*hop));
    struct list *next = hop->node.next;
    w->hop_pool = next ? list_entry(next, struct dev_hop, node) : NULL;
    return hop;
}

static void hop_arrive(struct vnet *w, struct timer *t)
{
    struct dev_hop *hop = container_of(t, struct dev_hop, timer);
    struct netdev *to = hop->to;
    struct skb *skb = hop->skb;
    hop_put(w, hop);
    netif_receive_skb(to, skb);
}

struct dev_hop *dev_hop_new(struct netdev *to, struct skb *skb)
{
    struct vnet *w = dev_world(to);
    struct dev_hop *hop = hop_get(w);
    hop->to = to;
    hop->skb = skb;
    timer_init(&hop->timer, hop_arrive);
    list_add_tail(&hop->node, &w->frames_in_flight);
    return hop;
}

/* A frame never overtakes one that left before it. */
static int64_t arrival_time(struct vnet *w, struct netdev *to)
{
    int64_t at = w->now + to->hop_ns_min;
    if (to->hop_ns_spread > 0)
        at += (int64_t)rng_below(&w->rng, (uint64_t)to->hop_ns_spread);
    if (at <= to->hop_last)
        at = to->hop_last + 1;
    to->hop_last = at;
    return at;
}

void dev_hop_schedule(struct netdev *to, struct skb *skb)
{
    struct vnet *w = dev_world(to);
    struct dev_hop *hop = dev_hop_new(to, skb);
    timer_set(w, &hop->timer, arrival_time(w, to));
}

void dev_hop_schedule_after(struct netdev *to, struct skb *skb, int64_t after)
{
    if (to->hop_last < after)
        to->hop_last = after;
    dev_hop_schedule(to, skb);
}

void dev_hop_restore(struct dev_hop *hop, int64_t expires, uint64_t seq)
{
    if (expires > hop->to->hop_last)
        hop->to->hop_last = expires;
    timer_restore(dev_world(hop->to), &hop->timer, expires, seq);
}

static struct dev_hop *first_for(struct vnet *w, const struct netdev *to)
{
    list_each(pos, &w->frames_in_flight)
    {
        struct dev_hop *hop = list_entry(pos, struct dev_hop, node);
        if (hop->to == to)
            return hop;
    }
    return NULL;
}

void dev_hop_flush(struct netdev *to)
{
    struct vnet *w = dev_world(to);
    struct dev_hop *hop;
    while ((hop = first_for(w, to))) {
        timer_cancel(w, &hop->timer);
        hop_arrive(w, &hop->timer);
    }
}

static void hop_lose(struct vnet *w, struct dev_hop *hop)
{
    timer_cancel(w, &hop->timer);
    skb_free(w, hop->skb);
    hop_put(w, hop);
}

void dev_hop_drop(struct netdev *to)
{
    struct vnet *w = dev_world(to);
    list_each_safe(pos, tmp, &w->frames_in_flight)
    {
        struct dev_hop *hop = list_entry(pos, struct dev_hop, node);
        if (hop->to == to)
            hop_lose(w, hop);
    }
}

void dev_hop_release(struct vnet *w)
{
    list_each_safe(pos, tmp, &w->frames_in_flight)
    {
        hop_lose(w, list_entry(pos, struct dev_hop, node));
    }
    while (w->hop_pool)
        free(hop_get(w));
}
