/* What IPv6 learns of single destinations: the path's MTU (RFC 8201), better gateways (RFC 4861 8;
 * net/ipv6/route.c). And routes with an end, which are thrown out when somebody looks
 * (fib6_run_gc(), net/ipv6/ip6_fib.c). */
#include "inet/fib_exception.h"

#include <errno.h>

#include "inet/fib_internal.h"
#include "inet/neigh.h"
#include "inet/route.h"
#include "sim/trace.h"
#include "sim/world.h"
#include "wire/ipv6.h"

static int64_t gc_interval(const struct netns *ns)
{
    return net_sysctl(ns, NET_IPV6_ROUTE_GC_INTERVAL) * NSEC_PER_SEC;
}

static void start_gc(struct fib *fib)
{
    if (!timer_pending(&fib->gc))
        timer_set_jiffies(fib->ns->w, &fib->gc, gc_interval(fib->ns));
}

/* rt6_insert_exception(): what was known before is forgotten. */
static struct fib_exception *insert(struct netns *ns, const struct fib_nexthop *nh,
                                    const struct inet_addr *daddr)
{
    struct fib_exception *e = fib_exception_get(ns->fib6, nh, daddr);
    e->redirect = (struct inet_addr){0};
    e->mtu = 0;
    e->expires = 0;
    e->stamp = ns->w->now;
    start_gc(ns->fib6); /* fib6_force_start_gc() */
    vnet_touch(ns->w);
    return e;
}

/* __ip6_rt_update_pmtu(): what a redirect said stays. */
void ip6_update_pmtu(struct netns *ns, const struct inet_addr *daddr, int oif, uint32_t mtu)
{
    struct flow fl = {.family = VNET_AF_INET6, .daddr = *daddr, .oif = oif, .anysrc = true};
    struct fib_result res = {0};
    struct dst dst;
    mtu = mtu < IPV6_MIN_MTU ? IPV6_MIN_MTU : mtu;
    if (ip6_route_output(ns, &fl, &dst) < 0 || dst.flags & VNET_RTCF_LOCAL || mtu >= dst.mtu ||
        fib6_lookup_output(ns, &fl, 0, &res) < 0)
        return;
    const struct fib_exception *old = fib_exception_find(ns->fib6, res.nh, daddr);
    struct inet_addr redirect = {0};
    if (old)
        redirect = old->redirect;
    struct fib_exception *e = insert(ns, res.nh, daddr);
    e->redirect = redirect;
    e->mtu = mtu;
    e->expires = ns->w->now + net_sysctl(ns, NET_IPV6_ROUTE_MTU_EXPIRES) * NSEC_PER_SEC;
    trace(ns->w, dst.dev, "route", "__ip6_rt_update_pmtu", VNET_TRACE_OK, NULL,
          "the path takes %u bytes", mtu);
}

/* ---- redirects ---- */

struct ip6rd_flowi {
    struct flow fl;
    struct inet_addr gateway; /* of the router that sent the redirect */
};

/* ip6_redirect_nh_match(): is that the nexthop's, or that of an earlier redirect? */
static bool comes_from(const struct fib *fib, const struct fib_nexthop *nh,
                       const struct ip6rd_flowi *rd)
{
    if (!nh->dev || nh->flags & VNET_RTNH_F_DEAD || !nh->gateway.family ||
        nh->dev->ifindex != rd->fl.oif)
        return false;
    if (inet_addr_eq(&nh->gateway, &rd->gateway))
        return true;
    const struct fib_exception *e = fib_exception_find(fib, nh, &rd->fl.daddr);
    return e && inet_addr_eq(&e->redirect, &rd->gateway);
}

static bool is_reject(const struct fib_route *r)
{
    return r->type >= VNET_RTN_BLACKHOLE && r->type <= VNET_RTN_THROW;
}

static const struct fib_nexthop *find_in_node(const struct fib *fib, const struct fib_node *n,
                                              const struct ip6rd_flowi *rd)
{
    list_each(pos, &n->routes)
    {
        const struct fib_route *r = list_entry(pos, struct fib_route, node);
        if (r->expires && r->expires <= fib->ns->w->now)
            continue;
        if (is_reject(r))
            break;
        for (unsigned i = 0; i < r->nnh; i++)
            if (comes_from(fib, &r->nh[i], rd))
                return &r->nh[i];
    }
    return NULL;
}

/* __ip6_route_redirect(): a route that goes by this gateway. */
static int find_by_gateway(struct fib *fib, const struct fib_table *t, const struct flow *fl,
                           unsigned flags, struct fib_result *res)
{
    const struct fib_node *n = fib_trie_match6(t->trie, &fl->daddr, &fl->saddr);
    (void)flags;
    for (; n; n = fib_trie_backtrack(n, &fl->saddr)) {
        res->nh = find_in_node(fib, n, container_of(fl, const struct ip6rd_flowi, fl));
        if (res->nh)
            return 0;
    }
    return -EAGAIN;
}

const struct fib_nexthop *ip6_redirected_nexthop(struct netdev *dev, const struct inet_addr *daddr,
                                                 const struct inet_addr *saddr,
                                                 const struct inet_addr *router)
{
    const struct ip6rd_flowi rd = {.fl = {.family = VNET_AF_INET6,
                                          .daddr = *daddr,
                                          .saddr = *saddr,
                                          .oif = dev->ifindex,
                                          .iif = dev->ns->loopback->ifindex},
                                   .gateway = *router};
    struct fib_result res = {0};
    return fib_rules_lookup(dev->ns->fib6, &rd.fl, find_by_gateway, 0, &res) == 0 ? res.nh : NULL;
}

void ip6_redirect(struct netdev *dev, const struct fib_nexthop *nh, const struct inet_addr *daddr,
                  const struct inet_addr *gateway)
{
    struct fib_exception *e = insert(dev->ns, nh, daddr);
    e->redirect = *gateway;
    trace(dev->ns->w, dev, "route", "rt6_do_redirect", VNET_TRACE_OK, NULL,
          "the better gateway is used from now on");
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
static bool exception_aged(const struct fib *fib, const struct fib_exception *e)
{
    struct netdev *dev = netdev_by_index(fib->ns, e->ifindex);
    int64_t timeout = net_sysctl(fib->ns, NET_IPV6_ROUTE_GC_TIMEOUT) * NSEC_PER_SEC;
    int64_t end = e->expires ? e->expires : e->stamp + timeout;
    const struct inet_addr *gateway = e->redirect.family ? &e->redirect : &e->gateway;
    if (end <= fib->ns->w->now || !dev)
        return true;
    if (!gateway->family || inet_addr_eq(gateway, &e->daddr))
        return false;
    const struct neigh *n = neigh_lookup(fib->ns->nd_tbl, dev, gateway);
    return !n || !(n->flags & VNET_NTF_ROUTER);
}

static void age_exceptions(struct fib *fib, bool *more)
{
    list_each_safe(pos, tmp, &fib->exceptions)
    {
        struct fib_exception *e = list_entry(pos, struct fib_exception, node);
        if (exception_aged(fib, e))
            fib_exception_free(e);
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
        timer_set_jiffies(w, t, gc_interval(fib->ns));
}

void fib6_start_gc(struct fib *fib, const struct fib_route *r)
{
    if (r->expires)
        start_gc(fib);
}
