/* What single destinations have taught: nexthop exceptions of both families, and what IPv4 learns
 * from ICMP errors (net/ipv4/route.c: __ip_rt_update_pmtu(), __ip_do_redirect(); RFC 1191, RFC 1122
 * 3.2.2.2). */
#include "inet/fib_exception.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "inet/devinet.h"
#include "inet/fib_internal.h"
#include "inet/ip.h"
#include "inet/neigh.h"
#include "inet/route.h"
#include "inet/sock.h"
#include "sim/trace.h"
#include "sim/world.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

struct fib_exception *fib_exception_new(struct fib *fib)
{
    struct fib_exception *e = mem_alloc(sizeof(*e));
    e->stamp = fib->ns->w->now;
    list_add_tail(&e->node, &fib->exceptions);
    return e;
}

void fib_exception_free(struct fib_exception *e)
{
    list_del(&e->node);
    free(e);
}

static bool is_over(const struct fib *fib, const struct fib_exception *e)
{
    return e->expires && e->expires <= fib->ns->w->now;
}

struct fib_exception *fib_exception_find(const struct fib *fib, const struct fib_nexthop *nh,
                                         const struct inet_addr *daddr)
{
    list_each_safe(pos, tmp, &fib->exceptions)
    {
        struct fib_exception *e = list_entry(pos, struct fib_exception, node);
        if (is_over(fib, e))
            fib_exception_free(e);
        else if (e->ifindex == nh->dev->ifindex && inet_addr_eq(&e->daddr, daddr) &&
                 inet_addr_eq(&e->gateway, &nh->gateway))
            return e;
    }
    return NULL;
}

struct fib_exception *fib_exception_get(struct fib *fib, const struct fib_nexthop *nh,
                                        const struct inet_addr *daddr)
{
    struct fib_exception *e = fib_exception_find(fib, nh, daddr);
    if (e)
        return e;
    e = fib_exception_new(fib);
    e->daddr = *daddr;
    e->gateway = nh->gateway;
    e->ifindex = nh->dev->ifindex;
    return e;
}

bool fib_exception_hangs_on(const struct fib_exception *e, const struct fib_route *r)
{
    for (unsigned i = 0; i < r->nnh; i++)
        if (r->nh[i].dev && e->ifindex == r->nh[i].dev->ifindex &&
            inet_addr_eq(&e->gateway, &r->nh[i].gateway))
            return inet_prefix_has(&r->dst, &e->daddr);
    return false;
}

void fib_exceptions_drop(struct fib *fib, const struct fib_route *r)
{
    list_each_safe(pos, tmp, &fib->exceptions)
    {
        struct fib_exception *e = list_entry(pos, struct fib_exception, node);
        if (fib_exception_hangs_on(e, r))
            fib_exception_free(e);
    }
}

void fib_exceptions_flush(struct fib *fib)
{
    list_each_safe(pos, tmp, &fib->exceptions)
        fib_exception_free(list_entry(pos, struct fib_exception, node));
}

/* ---- IPv4 ---- */

/* __build_flow_key(): how the packet that is quoted was routed. */
static struct flow quoted_flow(const struct sock *sk, const struct ipv4_hdr *quoted)
{
    struct flow fl = {
        .family = VNET_AF_INET,
        .daddr = inet_addr_v4(quoted->daddr),
        .saddr = inet_addr_v4(quoted->saddr),
        .tos = quoted->tos & 0x1e,
        .proto = quoted->protocol,
    };
    if (!sk)
        return fl;
    fl.oif = sk->bound_dev_if;
    fl.mark = sk->mark;
    fl.tos = (uint8_t)(sk->tos & 0x1e);
    fl.proto = (uint8_t)sk->protocol;
    return fl;
}

/* The nexthop that an exception for this flow belongs to; false: there is no route. */
static bool nexthop_of(struct netns *ns, struct flow *fl, struct fib_result *res)
{
    *res = (struct fib_result){0};
    if (fib_lookup(ns->fib4, fl, false, res) != 0)
        return false;
    fib_select_path(ns, fl, res);
    return res->nh->dev != NULL;
}

/* __ip_rt_update_pmtu() */
static void rt_update_pmtu(struct netns *ns, const struct dst *dst, struct flow *fl, uint32_t mtu)
{
    uint32_t old = dst->mtu ? dst->mtu : dst->dev->mtu;
    uint32_t least = (uint32_t)net_sysctl(ns, NET_IPV4_MIN_PMTU);
    int64_t life = net_sysctl(ns, NET_IPV4_MTU_EXPIRES) * NSEC_PER_SEC;
    struct fib_result res;
    if (ip_mtu_locked(dst) || old < mtu)
        return;
    bool lock = mtu < least;
    if (lock)
        mtu = old < least ? old : least;
    if (dst->pmtu == mtu && !lock && ns->w->now < dst->expires - life / 2)
        return;
    fl->oif = dst->dev->ifindex;
    if (!nexthop_of(ns, fl, &res))
        return;
    struct fib_exception *e = fib_exception_get(ns->fib4, res.nh, &fl->daddr);
    e->mtu = mtu;
    e->mtu_locked = lock;
    e->expires = ns->w->now + life > 1 ? ns->w->now + life : 1;
    vnet_touch(ns->w);
    trace(ns->w, dst->dev, "route", "__ip_rt_update_pmtu", VNET_TRACE_OK, NULL,
          "the path takes %u bytes", mtu);
}

void ipv4_update_pmtu(struct netns *ns, const struct sock *sk, const struct ipv4_hdr *quoted,
                      uint32_t mtu)
{
    enum { PMTUDISC_INTERFACE = 4 }; /* ip_sk_accept_pmtu(): that and IP_PMTUDISC_OMIT do not */
    struct flow fl = quoted_flow(sk, quoted);
    struct dst dst;
    if (sk && sk->pmtudisc >= PMTUDISC_INTERFACE)
        return;
    if (ip_route_output(ns, &fl, &dst) == 0)
        rt_update_pmtu(ns, &dst, &fl, mtu);
}

/* IN_DEV_RX_REDIRECTS() */
static bool accepts_redirects(const struct in_device *d)
{
    return in_dev_conf(d, IPV4_CONF_forwarding) ? in_dev_andconf(d, IPV4_CONF_accept_redirects)
                                                : in_dev_orconf(d, IPV4_CONF_accept_redirects);
}

/* ip_fib_check_default(): is it the gateway of a route by the device? */
static int uses_gateway(const struct fib_route *r, void *arg)
{
    const struct fib_nexthop *want = arg;
    for (unsigned i = 0; i < r->nnh; i++)
        if (r->nh[i].dev == want->dev && inet_addr_eq(&r->nh[i].gateway, &want->gateway) &&
            !(r->nh[i].flags & VNET_RTNH_F_DEAD))
            return 1;
    return 0;
}

/* Why a redirect is not believed; NULL: it is. */
static const char *rejected(const struct skb *skb, const struct inet_addr *new_gw,
                            const struct inet_addr *old_gw)
{
    const struct in_device *in_dev = skb->dev->in_dev;
    struct fib_nexthop nh = {.dev = skb->dev, .gateway = *new_gw};
    if (inet_addr_eq(new_gw, old_gw))
        return "the new gateway is the old one";
    if (!accepts_redirects(in_dev))
        return "accept_redirects is 0";
    if (inet_addr_is_multicast(new_gw) || inet_addr_is_bcast_all(new_gw) || !new_gw->bytes[0])
        return "the new gateway is no unicast address";
    if (in_dev_orconf(in_dev, IPV4_CONF_shared_media))
        return inet_addr_type(skb->dev->ns, new_gw) == VNET_RTN_UNICAST
                   ? NULL
                   : "the new gateway is no unicast address of others";
    if (!inet_addr_onlink(in_dev, new_gw, old_gw))
        return "the new gateway is not in the subnet of the old one (shared_media is 0)";
    if (in_dev_orconf(in_dev, IPV4_CONF_secure_redirects) &&
        !fib_each(skb->dev->ns->fib4, uses_gateway, &nh))
        return "the new gateway is not one of ours (secure_redirects)";
    return NULL;
}

static void redirect_verdict(const struct skb *skb, enum vnet_verdict v, const char *why)
{
    trace(skb->dev->ns->w, skb->dev, "route", "__ip_do_redirect", v, NULL, "%s", why);
}

/* The nexthop's exception, unless the new gateway must be asked for its address first. */
static void follow(const struct skb *skb, const struct dst *dst, struct flow *fl,
                   const struct inet_addr *new_gw)
{
    struct netns *ns = skb->dev->ns;
    struct neigh *n = neigh_get(ns->arp_tbl, dst->dev, new_gw);
    struct fib_result res;
    if (!n)
        return;
    if (!(n->nud_state & NUD_VALID)) {
        redirect_verdict(skb, VNET_TRACE_IGNORED, "the new gateway's address is not known yet");
        neigh_event_send(n, NULL);
        return;
    }
    if (!nexthop_of(ns, fl, &res))
        return;
    struct fib_exception *e = fib_exception_get(ns->fib4, res.nh, &fl->daddr);
    e->redirect = *new_gw;
    e->expires = ns->w->now + net_sysctl_global(ns, NET_IPV4_ROUTE_GC_TIMEOUT) * NSEC_PER_SEC;
    vnet_touch(ns->w);
    redirect_verdict(skb, VNET_TRACE_OK, "the better gateway is used from now on");
}

/* __ip_do_redirect() */
static void do_redirect(const struct skb *skb, const struct dst *dst, struct flow *fl, uint8_t code,
                        uint32_t gateway)
{
    const struct inet_addr new_gw = inet_addr_v4(gateway);
    const struct inet_addr old_gw = inet_addr_v4(get_be32(skb_net(skb) + 12));
    if ((code & 7) > ICMP_REDIR_HOSTTOS || !skb->dev->in_dev)
        return;
    if (!inet_addr_eq(&dst->gateway, &old_gw)) {
        redirect_verdict(skb, VNET_TRACE_IGNORED, "it is not from the gateway that is used");
        return;
    }
    const char *why = rejected(skb, &new_gw, &old_gw);
    if (why) {
        redirect_verdict(skb, VNET_TRACE_IGNORED, why);
        return;
    }
    fl->oif = dst->dev->ifindex;
    follow(skb, dst, fl, &new_gw);
}

void ipv4_redirect(const struct skb *skb, const struct sock *sk, const struct ipv4_hdr *quoted,
                   uint8_t code, uint32_t gateway)
{
    struct flow fl = quoted_flow(sk, quoted);
    struct dst dst;
    if (ip_route_output(skb->dev->ns, &fl, &dst) == 0)
        do_redirect(skb, &dst, &fl, code, gateway);
}
