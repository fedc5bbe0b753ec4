/* What is known of single destinations beyond their route: the path's MTU (RFC 8201; struct
 * rt6_exception, net/ipv6/route.c). And routes with an end, which are thrown out when somebody
 * looks (fib6_run_gc(), net/ipv6/ip6_fib.c). */
#include "inet/fib6_exception.h"

#include <stdlib.h>

#include "base/mem.h"
#include "inet/fib_internal.h"
#include "inet/neigh.h"
#include "inet/route.h"
#include "sim/trace.h"
#include "sim/world.h"
#include "wire/ipv6.h"

#define MTU_EXPIRES (10 * 60 * NSEC_PER_SEC) /* ip6_rt_mtu_expires */
#define GC_INTERVAL (30 * NSEC_PER_SEC)      /* ip6_rt_gc_interval */

struct fib6_exception *fib6_exception_new(struct fib *fib)
{
    struct fib6_exception *e = mem_alloc(sizeof(*e));
    list_add_tail(&e->node, &fib->exceptions);
    return e;
}

static void exception_free(struct fib6_exception *e)
{
    list_del(&e->node);
    free(e);
}

static struct fib6_exception *find(const struct fib *fib, const struct fib_nexthop *nh,
                                   const struct inet_addr *daddr)
{
    list_each_safe(pos, tmp, &fib->exceptions)
    {
        struct fib6_exception *e = list_entry(pos, struct fib6_exception, node);
        if (e->expires <= fib->ns->w->now)
            exception_free(e);
        else if (e->ifindex == nh->dev->ifindex && inet_addr_eq(&e->daddr, daddr) &&
                 inet_addr_eq(&e->gateway, &nh->gateway))
            return e;
    }
    return NULL;
}

const struct fib6_exception *fib6_exception_find(const struct fib *fib,
                                                 const struct fib_nexthop *nh,
                                                 const struct inet_addr *daddr)
{
    return list_empty(&fib->exceptions) ? NULL : find(fib, nh, daddr);
}

void ip6_update_pmtu(struct netns *ns, const struct inet_addr *daddr, int oif, uint32_t mtu)
{
    struct flow fl = {.family = VNET_AF_INET6, .daddr = *daddr, .oif = oif, .anysrc = true};
    struct dst dst;
    mtu = mtu < IPV6_MIN_MTU ? IPV6_MIN_MTU : mtu;
    if (ip6_route_output(ns, &fl, &dst) < 0 || dst.flags & VNET_RTCF_LOCAL || mtu >= dst.mtu)
        return;
    const struct fib_nexthop nh = {.dev = dst.dev, .gateway = dst.gateway};
    struct fib6_exception *e = find(ns->fib6, &nh, daddr);
    if (!e)
        e = fib6_exception_new(ns->fib6);
    e->daddr = *daddr;
    e->gateway = dst.gateway;
    e->ifindex = dst.dev->ifindex;
    e->mtu = mtu;
    e->expires = ns->w->now + MTU_EXPIRES;
    if (!timer_pending(&ns->fib6->gc)) /* fib6_force_start_gc() */
        timer_set_jiffies(ns->w, &ns->fib6->gc, GC_INTERVAL);
    vnet_touch(ns->w);
    trace(ns->w, dst.dev, "route", "__ip6_rt_update_pmtu", VNET_TRACE_OK, NULL,
          "the path takes %u bytes", mtu);
}

/* A route goes, and what hung on it. */
void fib6_exceptions_drop(struct fib *fib, const struct fib_route *r)
{
    list_each_safe(pos, tmp, &fib->exceptions)
    {
        struct fib6_exception *e = list_entry(pos, struct fib6_exception, node);
        if (r->nnh && r->nh[0].dev && e->ifindex == r->nh[0].dev->ifindex &&
            inet_addr_eq(&e->gateway, &r->nh[0].gateway) && inet_prefix_has(&r->dst, &e->daddr))
            exception_free(e);
    }
}

void fib6_exceptions_flush(struct fib *fib)
{
    list_each_safe(pos, tmp, &fib->exceptions)
        exception_free(list_entry(pos, struct fib6_exception, node));
}

/* ---- routes that expire ---- */

static void age(struct fib *fib, struct fib_table *t, struct fib_node *n, struct fib_route *r,
                void *arg)
{
    bool *more = arg;
    (void)n;
    if (r->expires && r->expires < fib->ns->w->now)
        fib_unlink(fib, t, r);
    else if (r->expires)
        *more = true;
}

/* rt6_age_examine_exception(): what was learned by way of a gateway that does not say that it is a
 * router does not last. */
static bool exception_aged(const struct fib *fib, const struct fib6_exception *e)
{
    struct netdev *dev = netdev_by_index(fib->ns, e->ifindex);
    if (e->expires < fib->ns->w->now || !dev)
        return true;
    if (!e->gateway.family)
        return false;
    const struct neigh *n = neigh_lookup(fib->ns->nd_tbl, dev, &e->gateway);
    return !n || !(n->flags & VNET_NTF_ROUTER);
}

static void age_exceptions(struct fib *fib, bool *more)
{
    list_each_safe(pos, tmp, &fib->exceptions)
    {
        struct fib6_exception *e = list_entry(pos, struct fib6_exception, node);
        if (exception_aged(fib, e))
            exception_free(e);
        else
            *more = true;
    }
}

void fib6_gc_timer(struct vnet *w, struct timer *t)
{
    struct fib *fib = container_of(t, struct fib, gc);
    bool more = false;
    fib_each_safe(fib, age, &more);
    age_exceptions(fib, &more);
    if (more)
        timer_set_jiffies(w, t, GC_INTERVAL);
}

void fib6_start_gc(struct fib *fib, const struct fib_route *r)
{
    if (r->expires && !timer_pending(&fib->gc))
        timer_set_jiffies(fib->ns->w, &fib->gc, GC_INTERVAL);
}
