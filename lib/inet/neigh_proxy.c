/* Whom this host answers for: proxies, and requests that are answered after a while (pneigh_* of
 * net/core/neighbour.c). */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "inet/arp.h"
#include "inet/neigh.h"
#include "inet/rtnetlink.h"
#include "sim/trace.h"
#include "sim/world.h"
#include "wire/ether.h"

static void proxy_free(struct neigh_table *t, struct neigh_proxy *p)
{
    if (t->ops->proxy_gone)
        t->ops->proxy_gone(p->dev, &p->addr);
    list_del(&p->node);
    free(p);
}

static struct neigh_proxy *proxy_find(struct neigh_table *t, const struct inet_addr *addr,
                                      const struct netdev *dev, bool exact)
{
    list_each(pos, &t->proxies)
    {
        struct neigh_proxy *p = list_entry(pos, struct neigh_proxy, node);
        if (inet_addr_eq(&p->addr, addr) && (p->dev == dev || (!exact && !p->dev)))
            return p;
    }
    return NULL;
}

struct neigh_proxy *neigh_proxy_lookup(struct neigh_table *t, const struct inet_addr *addr,
                                       const struct netdev *dev)
{
    return proxy_find(t, addr, dev, false);
}

struct neigh_proxy *neigh_proxy_add(struct neigh_table *t, const struct inet_addr *addr,
                                    struct netdev *dev)
{
    struct neigh_proxy *p = neigh_proxy_lookup(t, addr, dev);
    if (p)
        return p;
    p = mem_alloc(sizeof(*p));
    p->addr = *addr;
    p->dev = dev;
    list_add_head(&p->node, &t->proxies);
    return p;
}

int neigh_proxy_del(struct neigh_table *t, const struct inet_addr *addr, struct netdev *dev)
{
    struct neigh_proxy *p = proxy_find(t, addr, dev, true);
    if (!p)
        return -ENOENT;
    proxy_free(t, p);
    return 0;
}

void neigh_proxies_flush(struct neigh_table *t, const struct netdev *dev, bool skip_permanent)
{
    list_each_safe(pos, tmp, &t->proxies)
    {
        struct neigh_proxy *p = list_entry(pos, struct neigh_proxy, node);
        if (p->dev == dev && !(skip_permanent && p->permanent)) {
            proxy_free(t, p);
        }
    }
}

void neigh_proxies_release(struct neigh_table *t)
{
    list_each_safe(pos, tmp, &t->proxies) free(list_entry(pos, struct neigh_proxy, node));
    neigh_proxy_purge(t);
}

/* ---- requests that wait ---- */

enum { USER_HZ = 100 };

void neigh_proxy_purge(struct neigh_table *t)
{
    list_each_safe(pos, tmp, &t->proxy_queue)
    {
        struct skb *skb = list_entry(pos, struct skb, in_flight);
        timer_cancel(t->ns->w, &skb->arrival);
        list_del(&skb->in_flight);
        skb_free(t->ns->w, skb);
    }
}

/* neigh_proxy_process() of one of them. */
static void redo(struct vnet *w, struct timer *timer)
{
    struct skb *skb = container_of(timer, struct skb, arrival);
    struct netns *ns = skb->dev->ns;
    const struct neigh_table *t = skb->protocol == ETH_P_ARP ? ns->arp_tbl : ns->nd_tbl;
    list_del(&skb->in_flight);
    t->ops->proxy_redo(skb);
    skb_free(w, skb);
}

void neigh_proxy_queue(struct neigh_table *t, struct skb *skb)
{
    timer_init(&skb->arrival, redo);
    list_add_tail(&skb->in_flight, &t->proxy_queue);
}

static int32_t queued(const struct neigh_table *t, const struct netdev *dev)
{
    int32_t n = 0;
    list_each(pos, &t->proxy_queue) n += list_entry(pos, struct skb, in_flight)->dev == dev;
    return n;
}

int32_t neigh_proxy_delay(const struct neigh_table *t, const struct netdev *dev)
{
    const struct neigh_parms *p = t->ops->parms(dev);
    return p ? p->v[NEIGH_PARM_proxy_delay] : 0;
}

void neigh_proxy_enqueue(struct neigh_table *t, const struct skb *skb)
{
    struct vnet *w = t->ns->w;
    struct netdev *dev = skb->dev;
    const struct neigh_parms *p = t->ops->parms(dev);
    int64_t delay = (int64_t)neigh_proxy_delay(t, dev) * NSEC_PER_SEC / USER_HZ;
    if (!p || queued(t, dev) > p->v[NEIGH_PARM_proxy_qlen]) {
        trace(w, dev, "neigh", "pneigh_enqueue", VNET_TRACE_DROPPED, NULL,
              "proxy_qlen requests for others wait already");
        return;
    }
    struct skb *copy = skb_copy(w, skb);
    copy->has_dst = false;
    neigh_proxy_queue(t, copy);
    timer_set_jiffies(w, &copy->arrival,
                      delay > 0 ? (int64_t)rng_below(&w->rng, (uint64_t)delay) : 0);
    trace(w, dev, "neigh", "pneigh_enqueue", VNET_TRACE_QUEUED, NULL,
          "a request for somebody else is answered after a random part of proxy_delay");
}
