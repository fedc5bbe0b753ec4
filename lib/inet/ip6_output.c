/* IPv6 out (net/ipv6/ip6_output.c, RFC 8200). */
#include <errno.h>

#include "dev/skb.h"
#include "inet/addrconf_int.h"
#include "inet/mib.h"
#include "netfilter/nf.h"
#include "vnet_capture.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

static int drop(struct skb *skb, struct netdev *dev, const struct vnet_drop_reason *reason,
                int error, const char *why)
{
    struct vnet *w = dev_world(dev);
    trace(w, dev, "ip6", "ip6_finish_output2", VNET_TRACE_DROPPED, reason, "%s", why);
    skb_free(w, skb);
    return error;
}

/* The loopback of multicast: our own group hears it too (dev_loopback_xmit()). */
static void loop_multicast(struct netdev *dev, const struct skb *skb)
{
    struct skb *copy = skb_copy(dev_world(dev), skb);
    copy->looped = true;
    copy->has_dst = false;
    copy->dev = dev;
    copy->iif = dev->ifindex;
    copy->tstamp = dev_world(dev)->now;
    copy->pkt_type = VNET_PACKET_HOST;
    if (nf_hook(dev->ns, NF_AT_IP6_FINISH_OUTPUT2, copy, NULL, dev))
        ipv6_rcv(copy, dev);
}

/* To a group: why it goes no further; NULL: it leaves. */
static const char *multicast_out(struct netdev *dev, const struct skb *skb,
                                 const struct ipv6_hdr *h, const struct inet_addr *daddr)
{
    bool loop = netif_is_loopback(dev);
    if (!loop && skb->sock && !skb->no_mc_loop && ipv6_chk_mcast_addr(dev, daddr)) {
        loop_multicast(dev, skb);
        if (h->hop_limit == 0) {
            ip6_inc(dev->ns, IPSTATS_OUTDISCARDS);
            return "hop limit 0";
        }
    }
    ip6_inc_packet(dev->ns, IPSTATS_OUTMCASTPKTS, skb->len);
    return ipv6_scope(daddr) > IPV6_SCOPE_NODELOCAL || loop ? NULL : "group of the node itself";
}

static int finish_output2(struct netns *ns, struct skb *skb)
{
    struct netdev *dev = skb->dst.dev;
    struct ipv6_hdr h;
    if (!ipv6_parse(skb_data(skb), skb->len, &h))
        return drop(skb, dev, DROP_REASON(IP_INHDR), -EINVAL, "truncated header");
    if (ns->w->profile->kernel.ip_out_transmits)
        ip6_inc_packet(ns, IPSTATS_OUTPKTS, skb->len);
    struct inet_addr daddr = inet_addr_v6(h.daddr);
    const char *stays = inet_addr_is_multicast(&daddr) ? multicast_out(dev, skb, &h, &daddr) : NULL;
    if (stays)
        return drop(skb, dev, NULL, 0, stays);
    const struct inet_addr *nexthop =
        skb->dst.gateway.family == VNET_AF_INET6 ? &skb->dst.gateway : &daddr;
    struct neigh *n = neigh_get(ns->nd_tbl, dev, nexthop);
    if (!n) {
        ip6_inc(ns, IPSTATS_OUTNOROUTES);
        return drop(skb, dev, DROP_REASON(NEIGH_CREATEFAIL), -EINVAL, "no neighbour entry");
    }
    return neigh_output(n, skb);
}

/* ip6_skb_dst_mtu() */
static uint32_t dst_mtu(const struct dst *dst)
{
    return dst->mtu ? dst->mtu : dst->dev->mtu;
}

/* ip6_pkt_discard_out() */
static int discard_out(struct netns *ns, struct skb *skb)
{
    ip6_inc(ns, IPSTATS_OUTNOROUTES);
    icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_NOROUTE, 0);
    trace(ns->w, skb->dev, "ip6", "ip6_pkt_drop", VNET_TRACE_DROPPED, DROP_REASON(IP_OUTNOROUTES),
          "the route by lo leads nowhere");
    skb_free(ns->w, skb);
    return 0;
}

int ip6_output(struct netns *ns, struct skb *skb)
{
    struct netdev *dev = skb->dst.dev, *in = skb->dev;
    skb->dev = dev;
    if (skb->dst.discard)
        return discard_out(ns, skb);
    skb->protocol = 0x86dd;
    if (dev->in6_dev && in6_dev_conf(dev->in6_dev, IPV6_CONF_disable_ipv6)) {
        ip6_inc(ns, IPSTATS_OUTDISCARDS);
        return drop(skb, dev, DROP_REASON(IPV6DISABLED), 0, "IPv6 is disabled on the device");
    }
    if (!nf_hook(ns, NF_AT_IP6_OUTPUT, skb, in, dev))
        return -EPERM;
    uint32_t mtu = dst_mtu(&skb->dst);
    if (skb->len > mtu)
        return ip6_fragment(ns, skb, mtu, finish_output2);
    return finish_output2(ns, skb);
}

/* ip6_dst_hoplimit(): of the route, the device, the namespace. */
static uint8_t dst_hoplimit(const struct netns *ns, const struct dst *dst)
{
    if (dst->hop_limit)
        return dst->hop_limit;
    const struct inet6_dev *idev = dst->dev->in6_dev;
    return (uint8_t)(idev ? in6_dev_conf(idev, IPV6_CONF_hop_limit)
                          : ns->sysctls->ipv6_default.v[IPV6_CONF_hop_limit]);
}

/* The type of the ICMPv6 message in a packet without its header, behind a router alert if there is
 * one; -1: it has none. */
static int icmp_type(const struct skb *skb, uint8_t nexthdr)
{
    size_t at = 0;
    if (nexthdr == IPV6_NEXTHDR_HOP) {
        nexthdr = skb_data(skb)[0];
        at = IPV6_RA_LEN;
    }
    return nexthdr == IPV6_NEXTHDR_ICMP && skb->len > at ? skb_data(skb)[at] : -1;
}

/* A packet of our own, ready; `type` of its ICMPv6 message, -1: it is none. Only MLD and ND count
 * their messages when these are out. */
static int send_counted(struct netns *ns, struct skb *skb, int type, bool count_later)
{
    skb->net = skb->head;
    ip6_inc(ns, IPSTATS_OUTREQUESTS);
    if (!ns->w->profile->kernel.ip_out_transmits)
        ns->mib->ip6[IPSTATS_OUTOCTETS] += skb->len;
    if (type >= 0 && !count_later)
        icmp6_out_count(ns, (uint8_t)type);
    if (!nf_hook(ns, NF_AT_IP6_LOCAL_OUT, skb, NULL, skb->dst.dev)) {
        ip6_inc(ns, IPSTATS_OUTDISCARDS);
        return -EPERM;
    }
    int rc = ip6_output(ns, skb);
    if (rc < 0)
        ip6_inc(ns, IPSTATS_OUTDISCARDS);
    else if (type >= 0 && count_later)
        icmp6_out_count(ns, (uint8_t)type);
    return rc;
}

int ip6_send_skb(struct netns *ns, struct skb *skb, const struct inet_addr *saddr,
                 const struct inet_addr *daddr, const struct ip6_send *how)
{
    struct ipv6_hdr h = {
        .tclass = how->tclass,
        .flowlabel = how->flowlabel,
        .payload_len = (uint16_t)skb->len,
        .nexthdr = how->nexthdr,
        .hop_limit = how->hop_limit < 0 ? dst_hoplimit(ns, &skb->dst) : (uint8_t)how->hop_limit,
    };
    if (skb->len > UINT16_MAX ||
        (!how->ignore_df && skb->len + IPV6_HDR_LEN > dst_mtu(&skb->dst))) {
        skb_free(ns->w, skb);
        return -EMSGSIZE;
    }
    const int type = icmp_type(skb, how->nexthdr);
    memcpy(h.saddr, saddr->bytes, 16);
    memcpy(h.daddr, daddr->bytes, 16);
    skb->ignore_df = how->ignore_df;
    skb->transport = skb->head;
    ipv6_emit(skb_push(skb, IPV6_HDR_LEN), &h);
    return send_counted(ns, skb, type, how->count_later);
}

/* auto_flowlabels 1, the default since 4.2: a hash of the flow, keyed by what is random in this
 * world. */
uint32_t ip6_auto_flowlabel(const struct netns *ns, const struct inet_addr *saddr,
                            const struct inet_addr *daddr, uint8_t type)
{
    const struct vnet *w = ns->w;
    uint64_t h = (uint64_t)w->boot ^ (uint64_t)type * 0x9e3779b97f4a7c15ULL;
    int64_t mode = net_sysctl(ns, NET_IPV6_AUTO_FLOWLABELS);
    if (w->profile->kernel.version < 0x040200 || mode == 0 || mode == 2)
        return 0;
    for (int i = 0; i < 16; i++)
        h = (h ^ saddr->bytes[i] ^ (uint64_t)daddr->bytes[i] << 8) * 0x100000001b3ULL;
    return (uint32_t)(h >> 24) & 0xfffff;
}

void icmp6_dst(struct skb *skb, struct netdev *dev, const struct inet_addr *saddr,
               const struct inet_addr *daddr)
{
    skb->has_dst = true;
    skb->dst = (struct dst){
        .dev = dev,
        .src = *saddr,
        .mtu = dev->mtu,
        .type = inet_addr_is_multicast(daddr) ? VNET_RTN_MULTICAST : VNET_RTN_UNICAST,
        .prefix_len = 128,
    };
}
