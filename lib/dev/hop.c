#include "dev/hop.h"

#include "sim/trace.h"
#include "sim/world.h"

static void arrive(struct vnet *w, struct timer *t)
{
    struct skb *skb = container_of(t, struct skb, arrival);
    (void)w;
    list_del(&skb->in_flight);
    netif_receive_skb(skb->dev, skb);
}

void dev_hop_begin(struct netdev *to, struct skb *skb)
{
    skb->dev = to;
    timer_init(&skb->arrival, arrive);
    list_add_tail(&skb->in_flight, &dev_world(to)->frames_in_flight);
}

/* What a CPU needs of time for a frame, and how many may wait for it (sysctl netdev_max_backlog): a
 * loop of bridges would else fill memory, and time would stand still. */
#define SERVICE_NS 1000
enum { MAX_BACKLOG = 1000 };

static bool backlog_full(const struct netdev *to)
{
    int64_t wire = to->hop_ns_min + to->hop_ns_spread;
    return to->hop_last - dev_world(to)->now - wire > (int64_t)MAX_BACKLOG * SERVICE_NS;
}

/* A frame never overtakes one that left before it. */
static int64_t arrival_time(struct vnet *w, struct netdev *to)
{
    int64_t at = w->now + to->hop_ns_min;
    if (to->hop_ns_spread > 0)
        at += (int64_t)rng_below(&w->rng, (uint64_t)to->hop_ns_spread);
    if (at < to->hop_last + SERVICE_NS)
        at = to->hop_last + SERVICE_NS;
    to->hop_last = at;
    return at;
}

void dev_hop_schedule(struct netdev *to, struct skb *skb)
{
    struct vnet *w = dev_world(to);
    if (backlog_full(to)) {
        trace(w, to, "receive", "enqueue_to_backlog", VNET_TRACE_DROPPED, NULL,
              "%d frames wait already", MAX_BACKLOG);
        to->stats.rx_dropped++;
        skb_free(w, skb);
        return;
    }
    dev_hop_begin(to, skb);
    timer_set_in_line(w, &skb->arrival, arrival_time(w, to));
}

void dev_hop_schedule_after(struct netdev *to, struct skb *skb, int64_t after)
{
    if (to->hop_last < after)
        to->hop_last = after;
    dev_hop_schedule(to, skb);
}

void dev_hop_restored(struct skb *skb)
{
    if (skb->arrival.expires > skb->dev->hop_last)
        skb->dev->hop_last = skb->arrival.expires;
}

static struct skb *first_for(struct vnet *w, const struct netdev *to)
{
    list_each(pos, &w->frames_in_flight)
    {
        struct skb *skb = list_entry(pos, struct skb, in_flight);
        if (skb->dev == to)
            return skb;
    }
    return NULL;
}

void dev_hop_flush(struct netdev *to)
{
    struct vnet *w = dev_world(to);
    struct skb *skb;
    while ((skb = first_for(w, to))) {
        timer_cancel(w, &skb->arrival);
        arrive(w, &skb->arrival);
    }
}

static void lose(struct vnet *w, struct skb *skb)
{
    timer_cancel(w, &skb->arrival);
    list_del(&skb->in_flight);
    skb_free(w, skb);
}

void dev_hop_drop(struct netdev *to)
{
    struct vnet *w = dev_world(to);
    list_each_safe(pos, tmp, &w->frames_in_flight)
    {
        struct skb *skb = list_entry(pos, struct skb, in_flight);
        if (skb->dev == to)
            lose(w, skb);
    }
}

void dev_hop_release(struct vnet *w)
{
    list_each_safe(pos, tmp, &w->frames_in_flight)
    {
        lose(w, list_entry(pos, struct skb, in_flight));
    }
}
