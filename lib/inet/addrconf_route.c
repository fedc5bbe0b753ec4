/* The routes that IPv6 addresses bring with them (net/ipv6/addrconf.c: addrconf_prefix_route,
 * addrconf_add_mroute; net/ipv6/route.c: addrconf_f6i_alloc, rt6_disable_ip). */
#include <stdlib.h>

#include "base/mem.h"
#include "inet/addrconf_int.h"
#include "inet/fib.h"

static void route_add(struct netdev *dev, const struct fib_route *tmpl)
{
    struct fib_nexthop nh = {.dev = dev};
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

/* ---- looking for routes by device ---- */

struct found {
    const struct netdev *dev;
    const struct inet_prefix *prefix; /* NULL: any */
    struct fib_route *routes;         /* copies; of the nexthops only the device counts */
    uint32_t n, cap;
};

static int collect(const struct fib_route *r, void *arg)
{
    struct found *f = arg;
    if (r->nnh == 0 || r->nh[0].dev != f->dev)
        return 0;
    if (f->prefix && (r->table != VNET_RT_TABLE_MAIN || r->dst.len != f->prefix->len ||
                      !inet_addr_eq(&r->dst.addr, &f->prefix->addr) ||
                      r->nh[0].gateway.family != VNET_AF_UNSPEC))
        return 0;
    ARRAY_GROW(f->routes, f->n, f->cap);
    f->routes[f->n++] = *r;
    return f->prefix != NULL; /* of a prefix the first is enough */
}

static void remove_copy(struct netdev *dev, const struct fib_route *copy)
{
    struct fib_nexthop nh = {.dev = dev};
    struct fib_route r = *copy;
    r.nnh = 1;
    r.nh = &nh;
    fib_remove(dev->ns->fib6, &r);
}

void addrconf_prefix_route_del(struct netdev *dev, const struct inet_addr *pfx, uint8_t len,
                               int64_t expires)
{
    const struct inet_prefix p = {inet_addr_masked(pfx, len), len};
    struct found f = {.dev = dev, .prefix = &p};
    fib_each(dev->ns->fib6, collect, &f);
    if (f.n) {
        struct fib_route r = f.routes[0];
        remove_copy(dev, &r);
        if (expires) {
            r.expires = r.expires ? r.expires : expires;
            r.metrics = NULL;
            route_add(dev, &r);
        }
    }
    free(f.routes);
}

void rt6_disable_ip(struct netdev *dev)
{
    struct found f = {.dev = dev};
    fib_each(dev->ns->fib6, collect, &f);
    for (uint32_t i = 0; i < f.n; i++)
        remove_copy(dev, &f.routes[i]);
    free(f.routes);
}
