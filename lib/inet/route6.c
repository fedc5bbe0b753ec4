/* IPv6 packets find their way (net/ipv6/route.c, ip6_output.c). */
#include <errno.h>

#include "inet/addrconf.h"
#include "inet/fib_exception.h"
#include "inet/fib_internal.h"
#include "inet/multipath.h"
#include "inet/route.h"
#include "inet/route_text.h"
#include "inet/text.h"
#include "sim/trace.h"

enum { LOOPBACK_IFINDEX = 1 };

/* rt6_need_strict(): the device is part of such an address. */
static bool need_strict(const struct inet_addr *a)
{
    return inet_addr_is_multicast(a) || inet_addr_is_linklocal(a) || inet_addr_is_loopback(a);
}

static unsigned reachable_flag(const struct netns *ns)
{
    return ns->sysctls->ipv6_all.v[IPV6_CONF_forwarding] ? 0 : RT6_LOOKUP_F_REACHABLE;
}

/* rt6_find_cached_rt() */
static void apply_exception(const struct fib_result *res, const struct inet_addr *daddr,
                            struct dst *dst)
{
    static const struct inet_addr on_link = {0};
    const struct fib *fib = dst->dev->ns->fib6;
    const struct fib_exception *e =
        list_empty(&fib->exceptions) ? NULL : fib_exception_find(fib, res->nh, daddr);
    if (!e)
        return;
    dst->expires = e->expires;
    dst->pmtu = e->mtu;
    if (e->mtu)
        dst->mtu = e->mtu;
    if (e->redirect.family) /* to the destination itself: it is on link */
        dst->gateway = inet_addr_eq(&e->redirect, daddr) ? on_link : e->redirect;
}

static void fill_dst(const struct fib_result *res, const struct inet_addr *daddr, bool input,
                     int iif, struct dst *dst)
{
    const struct fib_route *r = res->route;
    struct netdev *dev = res->nh->dev;
    bool local = r->type == VNET_RTN_LOCAL || r->type == VNET_RTN_ANYCAST;
    *dst = (struct dst){.dev = local ? dev->ns->loopback : dev,
                        .gateway = res->nh->gateway,
                        .table = res->table,
                        .flags = local ? VNET_RTCF_LOCAL : 0,
                        .iif = iif,
                        .idev = dev->ifindex,
                        .type = r->type,
                        .scope = r->scope,
                        .prefix_len = r->dst.len,
                        .protocol = r->protocol,
                        .input = input,
                        .discard = fib6_rejects(r),
                        .route = r};
    uint32_t mtu = r->metrics ? r->metrics[VNET_RTAX_MTU] : 0;
    dst->mtu = mtu ? mtu : dst->dev->mtu;
    dst->hop_limit = (uint8_t)(r->metrics ? r->metrics[VNET_RTAX_HOPLIMIT] : 0);
    if (!local)
        apply_exception(res, daddr, dst);
    if (dev->in6_dev)
        dst->nopolicy = in6_dev_conf(dev->in6_dev, IPV6_CONF_disable_policy);
}

/* ip6_route_get_saddr() */
static int choose_source(struct netns *ns, struct flow *fl, const struct fib_result *res)
{
    if (fl->saddr.family && !inet_addr_is_any(&fl->saddr))
        return 0;
    if (res->route->prefsrc.family) {
        fl->saddr = res->route->prefsrc;
        return 0;
    }
    return ipv6_select_addr(ns, res->nh->dev, &fl->daddr, &fl->saddr) ? 0 : -EADDRNOTAVAIL;
}

static bool any_source(const struct flow *fl)
{
    return !fl->saddr.family || inet_addr_is_any(&fl->saddr);
}

int fib6_lookup_output(struct netns *ns, struct flow *fl, unsigned flags, struct fib_result *res)
{
    flags |= reachable_flag(ns);
    fl->family = VNET_AF_INET6;
    fl->iif = LOOPBACK_IFINDEX;
    if (need_strict(&fl->daddr) || (fl->oif && any_source(fl)))
        flags |= RT6_LOOKUP_F_IFACE;
    return fib6_lookup(ns->fib6, fl, flags, res);
}

static int refused(struct netns *ns, const struct flow *fl, int error, const char *why)
{
    trace(ns->w, ns->loopback, "route", "ip6_route_output_flags", VNET_TRACE_REFUSED, NULL, "%s %s",
          why, ADDR_STR(&fl->daddr));
    return error;
}

/* Since ip6_rt_type_to_error(), a route by lo is found, and what takes it is discarded then. */
enum { KERNEL_DISCARDS_LATER = 0x041200 };

static int route_output(struct netns *ns, struct flow *fl, unsigned flags, struct dst *dst)
{
    struct fib_result res = {0};
    int error = fib6_lookup_output(ns, fl, flags, &res);
    if (!error && fib6_rejects(res.route) && ns->w->profile->kernel.version < KERNEL_DISCARDS_LATER)
        error = -ENETUNREACH;
    if (error)
        return refused(ns, fl, error, "no way to");
    error = fl->anysrc ? 0 : choose_source(ns, fl, &res);
    if (error)
        return refused(ns, fl, error, "no source address for");
    fill_dst(&res, &fl->daddr, false, fl->oif ? fl->oif : res.nh->dev->ifindex, dst);
    dst->src = fl->saddr;
    trace(ns->w, dst->dev, "route", "ip6_route_output_flags", VNET_TRACE_OK, NULL, "%s from %s: %s",
          ADDR_STR(&fl->daddr), ADDR_STR(&fl->saddr), ROUTE_STR(dst, &fl->daddr));
    return 0;
}

int ip6_route_output(struct netns *ns, struct flow *fl, struct dst *dst)
{
    return route_output(ns, fl, 0, dst);
}

/* ip6_dst_lookup_tail(): where there is no way, another source than none may have one. */
int ip6_dst_lookup(struct netns *ns, struct flow *fl, struct dst *dst)
{
    int error = route_output(ns, fl, 0, dst);
    if (!error || error == -EADDRNOTAVAIL || !any_source(fl))
        return error;
    if (!ipv6_select_addr(ns, NULL, &fl->daddr, &fl->saddr))
        return -EADDRNOTAVAIL;
    return route_output(ns, fl, fl->oif ? RT6_LOOKUP_F_IFACE : 0, dst);
}

int ip6_route_input(struct netdev *dev, const struct inet_addr *daddr,
                    const struct inet_addr *saddr, const struct skb *skb, struct dst *dst)
{
    struct netns *ns = dev->ns;
    struct flow fl = {
        .family = VNET_AF_INET6, .daddr = *daddr, .saddr = *saddr, .iif = dev->ifindex};
    struct fib_result res = {0};
    unsigned flags = reachable_flag(ns) | RT6_LOOKUP_INPUT;
    multipath_dissect(ns, skb, &fl);
    if (need_strict(daddr))
        flags |= RT6_LOOKUP_F_IFACE;
    int error = fib6_lookup(ns->fib6, &fl, flags, &res);
    if (error) {
        *dst = (struct dst){.dev = ns->loopback,
                            .type = VNET_RTN_UNREACHABLE,
                            .input = true,
                            .iif = dev->ifindex,
                            .error = error};
        trace(dev_world(dev), dev, "route", "ip6_route_input", VNET_TRACE_OK, NULL,
              "no route: unreachable");
        return 0;
    }
    fill_dst(&res, daddr, true, dev->ifindex, dst);
    dst->src = *daddr;
    if (!dst->error)
        trace(dev_world(dev), dev, "route", "ip6_route_input", VNET_TRACE_OK, NULL,
              "%s from %s: %s", ADDR_STR(daddr), ADDR_STR(saddr), ROUTE_STR(dst, daddr));
    return 0;
}
