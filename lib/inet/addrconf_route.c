/* The routes that IPv6 addresses bring with them (net/ipv6/addrconf.c: addrconf_prefix_route,
 * addrconf_add_mroute; net/ipv6/route.c: addrconf_f6i_alloc, rt6_disable_ip). */
#include "inet/addrconf_int.h"
#include "inet/fib.h"

static void route_add(struct netdev *dev, const struct fib_route *tmpl)
{
    struct fib_nexthop nh = {.dev = dev, .flags = fib6_linkdown(dev, tmpl->type)};
    struct fib_route r = *tmpl;
    r.protocol = VNET_RTPROT_KERNEL;
    r.nnh = 1;
    r.nh = &nh;
    fib_insert(dev->ns->fib6, &r, VNET_NLM_F_CREATE, NULL);
}

void addrconf_prefix_route(struct netdev *dev, const struct inet_addr *pfx, uint8_t len,
                           uint32_t metric, int64_t expires)
{
    if (!netif_running(dev)) /* fib6_nh_init(): "Nexthop device is not up" */
        return;
    const struct fib_route r = {
        .dst = {inet_addr_masked(pfx, len), len},
        .type = VNET_RTN_UNICAST,
        .table = VNET_RT_TABLE_MAIN,
        .priority = metric ? metric : IP6_RT_PRIO_ADDRCONF,
        .expires = expires,
    };
    route_add(dev, &r);
}

void addrconf_add_mroute(struct netdev *dev)
{
    if (!netif_running(dev))
        return;
    const struct fib_route r = {
        .dst = {{VNET_AF_INET6, {0xff}}, 8},
        .type = VNET_RTN_MULTICAST,
        .table = VNET_RT_TABLE_LOCAL,
        .priority = IP6_RT_PRIO_ADDRCONF,
    };
    route_add(dev, &r);
}

void addrconf_host_route(struct netdev *dev, const struct inet_addr *addr, uint8_t type)
{
    const struct fib_route r = {.dst = {*addr, 128}, .type = type, .table = VNET_RT_TABLE_LOCAL};
    route_add(dev, &r);
}

void addrconf_host_route_del(struct netdev *dev, const struct inet_addr *addr, uint8_t type)
{
    struct fib_nexthop nh = {.dev = dev};
    const struct fib_route r = {
        .dst = {*addr, 128}, .type = type, .table = VNET_RT_TABLE_LOCAL, .nnh = 1, .nh = &nh};
    fib_remove(dev->ns->fib6, &r);
}

/* ---- removing prefix routes ---- */

struct found {
    const struct netdev *dev;
    const struct inet_prefix *prefix;
    struct fib_route route; /* a copy; of the nexthops only the device counts */
    bool found;
};

static int match(const struct fib_route *r, void *arg)
{
    struct found *f = arg;
    if (r->table != VNET_RT_TABLE_MAIN || r->dst.len != f->prefix->len ||
        !inet_addr_eq(&r->dst.addr, &f->prefix->addr))
        return 0;
    if (r->nnh == 0 || r->nh[0].dev != f->dev || r->nh[0].gateway.family != VNET_AF_UNSPEC)
        return 0;
    f->route = *r;
    f->found = true;
    return 1;
}

/* addrconf_get_prefix_route() */
void addrconf_prefix_route_del(struct netdev *dev, const struct inet_addr *pfx, uint8_t len,
                               int64_t expires)
{
    const struct inet_prefix p = {inet_addr_masked(pfx, len), len};
    struct found f = {.dev = dev, .prefix = &p};
    struct fib_nexthop nh = {.dev = dev};
    fib_each(dev->ns->fib6, match, &f);
    if (!f.found)
        return;
    f.route.nnh = 1;
    f.route.nh = &nh;
    f.route.metrics = NULL;
    fib_remove(dev->ns->fib6, &f.route);
    if (!expires)
        return;
    f.route.expires = f.route.expires ? f.route.expires : expires;
    route_add(dev, &f.route);
}
