/* ICMPv6 (RFC 4443; net/ipv6/icmp.c): echo, errors, dispatch to ND and MLD. */
#include "base/mem.h"
#include "dev/skb.h"
#include "inet/addrconf_int.h"
#include "inet/conf_trace.h"
#include "inet/fib_exception.h"
#include "inet/icmp_limit.h"
#include "inet/mib.h"
#include "inet/route.h"
#include "inet/sock.h"
#include "wire/cksum.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

static void verdict(const struct skb *skb, const char *func, enum vnet_verdict v,
                    const struct vnet_drop_reason *reason, const char *why)
{
    trace(dev_world(skb->dev), skb->dev, "icmp6", func, v, reason, "%s", why);
}

/* IP6_REPLY_MARK() */
static uint32_t reply_mark(const struct netns *ns, const struct skb *skb)
{
    return net_sysctl(ns, NET_IPV6_FWMARK_REFLECT) ? skb->mark : 0;
}

/* ---- sending by route ---- */

/* Route and send an ICMPv6 message (skb: from its header on). saddr UNSPEC: to be chosen. */
static void send_routed(struct netns *ns, struct skb *skb, struct flow *fl, struct ip6_send how)
{
    struct dst dst = {0};
    fl->family = VNET_AF_INET6;
    fl->proto = IPV6_NEXTHDR_ICMP;
    if (ip6_route_output(ns, fl, &dst) || dst.error || !dst.dev) {
        skb_free(ns->w, skb);
        return;
    }
    struct inet_addr src = fl->saddr;
    if (src.family == VNET_AF_UNSPEC || inet_addr_is_any(&src)) {
        if (!ipv6_select_addr(ns, dst.dev, &fl->daddr, &src)) {
            skb_free(ns->w, skb);
            return;
        }
    }
    icmpv6_checksum(skb_data(skb), skb->len, src.bytes, fl->daddr.bytes);
    skb->dst = dst;
    skb->has_dst = true;
    how.flowlabel = ip6_auto_flowlabel(ns, &src, &fl->daddr, skb_data(skb)[0]);
    ip6_send_skb(ns, skb, &src, &fl->daddr, &how);
}

/* icmp6_iif(): by lo, the device that owns the address. */
static int in_ifindex(const struct skb *skb, const struct inet_addr *daddr)
{
    if (!netif_is_loopback(skb->dev))
        return skb->dev->ifindex;
    const struct inet6_ifaddr *ifa = ipv6_find_addr(skb->dev->ns, daddr, NULL, false);
    return ifa ? ifa->idev->dev->ifindex : skb->dev->ifindex;
}

/* ---- echo ---- */

/* icmpv6_echo_reply(): in its order. The trace is told of the one that decides. */
static bool ignores_echo(const struct skb *skb, bool group, bool anycast)
{
    const struct {
        bool asked;
        enum net_sysctl_id id;
        const char *name;
    } rows[] = {{true, NET_IPV6_ICMP_ECHO_IGNORE_ALL, "net.ipv6.icmp.echo_ignore_all"},
                {group, NET_IPV6_ICMP_ECHO_IGNORE_MULTICAST, "net.ipv6.icmp.echo_ignore_multicast"},
                {anycast, NET_IPV6_ICMP_ECHO_IGNORE_ANYCAST, "net.ipv6.icmp.echo_ignore_anycast"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t value = rows[i].asked ? net_sysctl(skb->dev->ns, rows[i].id) : 0;
        if (!value)
            continue;
        conf_trace_net(skb->dev, rows[i].name, value, "icmpv6_echo_reply");
        return true;
    }
    return false;
}

static void echo_reply(const struct skb *skb, const struct ipv6_hdr *ip)
{
    struct netns *ns = skb->dev->ns;
    size_t len = skb->head + skb->len - skb->transport;
    const struct inet_addr daddr = inet_addr_v6(ip->daddr);
    const struct ip6_send how = {
        .nexthdr = IPV6_NEXTHDR_ICMP, .hop_limit = -1, .tclass = ip->tclass, .ignore_df = true};
    struct flow fl = {.daddr = inet_addr_v6(ip->saddr),
                      .oif = in_ifindex(skb, &daddr),
                      .mark = reply_mark(ns, skb)};
    bool group = inet_addr_is_multicast(&daddr);
    bool anycast = skb->has_dst && skb->dst.type == VNET_RTN_ANYCAST;
    bool local = skb->has_dst && skb->dst.type == VNET_RTN_LOCAL; /* ipv6_unicast_destination() */
    if (local || (anycast && net_sysctl(ns, NET_IPV6_ANYCAST_SRC_ECHO_REPLY)))
        fl.saddr = daddr;
    if (ignores_echo(skb, group, anycast)) {
        verdict(skb, "icmpv6_echo_reply", VNET_TRACE_IGNORED, NULL, "echo_ignore_* is set");
        return;
    }
    struct skb *reply = skb_alloc(ns->w, len);
    memcpy(skb_put(reply, len), skb_transport(skb), len);
    skb_data(reply)[0] = ICMPV6_ECHO_REPLY;
    send_routed(ns, reply, &fl, how);
}

/* ---- errors ---- */

/* icmpv6_send()'s rules: never about an error, a group (but PKT_TOOBIG and unknown options), or a
 * packet of no certain sender. */
static bool may_answer(const struct skb *skb, const struct ipv6_hdr *ip, uint8_t type, uint8_t code)
{
    const struct inet_addr saddr = inet_addr_v6(ip->saddr), daddr = inet_addr_v6(ip->daddr);
    bool group_ok =
        type == ICMPV6_PKT_TOOBIG || (type == ICMPV6_PARAMPROB && code == ICMPV6_UNK_OPTION);
    if (inet_addr_is_any(&saddr) || inet_addr_is_multicast(&saddr))
        return false;
    if (inet_addr_is_multicast(&daddr) && !group_ok)
        return false;
    size_t at = skb->net + IPV6_HDR_LEN, end = skb->head + skb->len;
    bool is_error =
        ip->nexthdr == IPV6_NEXTHDR_ICMP && at < end && !(skb->buf[at] & ICMPV6_INFOMSG_MASK);
    return !is_error;
}

/* icmpv6_mask_allow(): by net.ipv6.icmp.ratemask; "packet too big" never is. */
static bool is_limited(const struct netns *ns, uint8_t type)
{
    const int64_t *mask = &ns->sysctls->net[NET_IPV6_ICMP_RATEMASK];
    return type != ICMPV6_PKT_TOOBIG && ((uint64_t)mask[type / 64] >> type % 64 & 1);
}

/* icmpv6_global_allow(), icmpv6_xrlim_allow(): wider prefixes are given more. */
static bool may_send_now(const struct skb *skb, uint8_t type, const struct flow *fl)
{
    struct netns *ns = skb->dev->ns;
    struct flow probe = *fl;
    struct dst dst;
    if (!is_limited(ns, type))
        return true;
    if (!netif_is_loopback(skb->dev) && !icmp_global_spend(ns)) {
        icmp_inc(ns, ICMP_MIB_RATELIMITGLOBAL); /* ICMP's own, of both families */
        return false;
    }
    probe.family = VNET_AF_INET6;
    probe.proto = IPV6_NEXTHDR_ICMP;
    probe.anysrc = true;
    if (ip6_route_output(ns, &probe, &dst) || netif_is_loopback(dst.dev))
        return true;
    int64_t timeout = net_sysctl(ns, NET_IPV6_ICMP_RATELIMIT) * NSEC_PER_MSEC;
    if (ns->w->profile->kernel.version < 0x061200) /* 6.18 goes by its shorter default alone */
        timeout >>= (128 - dst.prefix_len) >> 5;
    if (icmp_peer_spend(ns, &fl->daddr, timeout))
        return true;
    icmp6_inc(ns, ICMP_MIB_RATELIMITHOST);
    return false;
}

void icmpv6_send(struct skb *skb, uint8_t type, uint8_t code, uint32_t info)
{
    struct netns *ns = skb->dev->ns;
    struct ipv6_hdr ip;
    size_t quoted = skb->head + skb->len - skb->net;
    const size_t room = IPV6_MIN_MTU - IPV6_HDR_LEN - ICMPV6_HDR_LEN;
    if (!ipv6_parse(skb_net(skb), quoted, &ip) || !may_answer(skb, &ip, type, code))
        return;
    quoted = quoted < room ? quoted : room;
    const struct ip6_send how = {.nexthdr = IPV6_NEXTHDR_ICMP, .hop_limit = -1};
    const struct icmpv6_hdr h = {.type = type, .code = code, .info = info};
    struct flow fl = {.daddr = inet_addr_v6(ip.saddr), .mark = reply_mark(ns, skb)};
    const struct inet_addr daddr = inet_addr_v6(ip.daddr);
    if (ipv6_find_addr(ns, &daddr, skb->dev, false) ||
        (net_sysctl(ns, NET_IPV6_ICMP_ERROR_ANYCAST_AS_UNICAST) &&
         ipv6_chk_acast_addr(skb->dev, &daddr)))
        fl.saddr = daddr;
    if (ipv6_need_strict(&fl.daddr))
        fl.oif = skb->dev->ifindex;
    if (!may_send_now(skb, type, &fl))
        return;
    struct skb *err = skb_alloc(ns->w, ICMPV6_HDR_LEN + quoted);
    icmpv6_emit(skb_put(err, ICMPV6_HDR_LEN), &h);
    memcpy(skb_put(err, quoted), skb_net(skb), quoted);
    verdict(skb, "icmp6_send", VNET_TRACE_OK, NULL, "error message");
    send_routed(ns, err, &fl, how);
}

/* ---- icmpv6_rcv() ---- */

static void refuse(const struct skb *skb, const struct vnet_drop_reason *reason, const char *why)
{
    icmp6_inc(skb->dev->ns, ICMP_MIB_INERRORS);
    verdict(skb, "icmpv6_rcv", VNET_TRACE_DROPPED, reason, why);
}

static bool checksum_ok(const struct skb *skb, const struct ipv6_hdr *ip)
{
    size_t len = skb->head + skb->len - skb->transport;
    return cksum_ipv6(ip->saddr, ip->daddr, IPV6_NEXTHDR_ICMP, skb_transport(skb), len) == 0;
}

/* icmpv6_err(): the path to where the quoted packet was sent has a smaller MTU. */
static void packet_too_big(const struct skb *skb, uint32_t mtu)
{
    struct ipv6_hdr quoted;
    uint32_t at = skb->transport + ICMPV6_HDR_LEN, end = skb->head + skb->len;
    if (!ipv6_parse(skb->buf + at, end - at, &quoted))
        return;
    const struct inet_addr daddr = inet_addr_v6(quoted.daddr);
    ip6_update_pmtu(skb->dev->ns, &daddr, skb->dev->ifindex, mtu);
}

/* An error about a packet of ours: it concerns sockets. */
static void error_in(struct skb *skb)
{
    struct icmpv6_hdr h;
    icmpv6_parse(skb_transport(skb), ICMPV6_HDR_LEN, &h);
    if (h.type == ICMPV6_PKT_TOOBIG)
        packet_too_big(skb, h.info);
    sock6_icmp_error(skb, skb->transport + ICMPV6_HDR_LEN, h.type, h.code, h.info);
}

static void other_message(struct skb *skb, const struct ipv6_hdr *ip)
{
    uint8_t type = skb_transport(skb)[0];
    if (type == ICMPV6_ECHO_REQUEST) {
        echo_reply(skb, ip);
    } else if (type == ICMPV6_ECHO_REPLY) {
        if (!ping6_rcv(skb) && !skb->raw_taken)
            verdict(skb, "ping_rcv", VNET_TRACE_DROPPED, DROP_REASON(NO_SOCKET), "nobody asked");
    } else if (!(type & ICMPV6_INFOMSG_MASK)) {
        error_in(skb);
    }
}

/* Those that consume the packet themselves; NULL: none does. */
static void (*message_handler(uint8_t type))(struct skb *)
{
    switch (type) {
    case NDISC_ROUTER_SOLICITATION:
    case NDISC_ROUTER_ADVERTISEMENT:
    case NDISC_NEIGHBOUR_SOLICITATION:
    case NDISC_NEIGHBOUR_ADVERTISEMENT:
    case NDISC_REDIRECT:
        return ndisc_rcv;
    case ICMPV6_MGM_QUERY:
        return igmp6_event_query;
    case ICMPV6_MGM_REPORT:
        return igmp6_event_report;
    default:
        return NULL;
    }
}

void icmpv6_rcv(struct skb *skb)
{
    struct vnet *w = dev_world(skb->dev);
    struct ipv6_hdr ip;
    size_t len = skb->head + skb->len - skb->transport;
    ipv6_parse(skb_net(skb), IPV6_HDR_LEN, &ip);
    struct mib *mib = skb->dev->ns->mib;
    mib->icmp6[ICMP_MIB_INMSGS]++;
    if (len < ICMPV6_HDR_LEN) {
        refuse(skb, DROP_REASON(PKT_TOO_SMALL), "truncated");
    } else if (!checksum_ok(skb, &ip)) {
        mib->icmp6[ICMP_MIB_CSUMERRORS]++;
        refuse(skb, DROP_REASON(ICMP_CSUM), "bad checksum");
    } else {
        uint8_t type = skb_transport(skb)[0];
        mib->icmp6msg[type]++;
        void (*handler)(struct skb *) = message_handler(type);
        if (handler) {
            handler(skb);
            return;
        }
        other_message(skb, &ip);
    }
    skb_free(w, skb);
}
