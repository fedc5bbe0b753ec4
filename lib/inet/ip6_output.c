/* IPv6 out (net/ipv6/ip6_output.c, RFC 8200). No fragmentation: nothing here sends more than an
 * MTU. */
#include <errno.h>

#include "dev/skb.h"
#include "inet/addrconf_int.h"
#include "vnet_capture.h"
#include "wire/ipv6.h"

static int drop(struct skb *skb, struct netdev *dev, const struct vnet_drop_reason *reason,
                int error, const char *why)
{
    struct vnet *w = dev_world(dev);
    trace(w, dev, "ip6", "ip6_finish_output2", VNET_TRACE_DROPPED, reason, "%s", why);
    skb_free(w, skb);
    return error;
}

/* ip6_mc_output's loopback: our own group hears it too (dev_loopback_xmit()). */
static void loop_multicast(struct netdev *dev, const struct skb *skb)
{
    struct skb *copy = skb_copy(dev_world(dev), skb);
    copy->looped = true;
    copy->has_dst = false;
    copy->dev = dev;
    copy->iif = dev->ifindex;
    copy->pkt_type = VNET_PACKET_HOST;
    ipv6_rcv(copy, dev);
}

/* Groups that neither loop nor leave the node. */
static bool multicast_out(struct netdev *dev, const struct skb *skb, const struct inet_addr *daddr)
{
    if (!netif_is_loopback(dev) && skb->sock && ipv6_chk_mcast_addr(dev, daddr))
        loop_multicast(dev, skb);
    return ipv6_scope(daddr) > IPV6_SCOPE_NODELOCAL || netif_is_loopback(dev);
}

int ip6_output(struct netns *ns, struct skb *skb)
{
    struct netdev *dev = skb->dst.dev;
    struct ipv6_hdr h;
    skb->net = skb->head;
    skb->dev = dev;
    skb->protocol = 0x86dd;
    if (!ipv6_parse(skb_data(skb), skb->len, &h))
        return drop(skb, dev, DROP_REASON(IP_INHDR), -EINVAL, "truncated header");
    if (dev->in6_dev && in6_dev_conf(dev->in6_dev, IPV6_CONF_disable_ipv6))
        return drop(skb, dev, DROP_REASON(IPV6DISABLED), 0, "IPv6 is disabled on the device");
    struct inet_addr daddr = inet_addr_v6(h.daddr);
    if (inet_addr_is_multicast(&daddr) && !multicast_out(dev, skb, &daddr))
        return drop(skb, dev, NULL, 0, "group of the node itself");
    const struct inet_addr *nexthop =
        skb->dst.gateway.family == VNET_AF_INET6 ? &skb->dst.gateway : &daddr;
    struct neigh *n = neigh_get(ns->nd_tbl, dev, nexthop);
    if (!n)
        return drop(skb, dev, DROP_REASON(NEIGH_CREATEFAIL), -EINVAL, "no neighbour entry");
    return neigh_output(n, skb);
}

int ip6_send_skb(struct netns *ns, struct skb *skb, const struct inet_addr *saddr,
                 const struct inet_addr *daddr, const struct ip6_send *how)
{
    const struct netdev *dev = skb->dst.dev;
    uint32_t mtu = skb->dst.mtu ? skb->dst.mtu : dev->mtu;
    struct ipv6_hdr h = {
        .tclass = how->tclass,
        .flowlabel = how->flowlabel,
        .payload_len = (uint16_t)skb->len,
        .nexthdr = how->nexthdr,
        .hop_limit = (uint8_t)how->hop_limit,
    };
    if (how->hop_limit < 0)
        h.hop_limit = (uint8_t)(dev->in6_dev ? in6_dev_conf(dev->in6_dev, IPV6_CONF_hop_limit)
                                             : ns->sysctls->ipv6_default.v[IPV6_CONF_hop_limit]);
    if (skb->len + IPV6_HDR_LEN > mtu) {
        skb_free(ns->w, skb);
        return -EMSGSIZE;
    }
    memcpy(h.saddr, saddr->bytes, 16);
    memcpy(h.daddr, daddr->bytes, 16);
    skb->transport = skb->head;
    ipv6_emit(skb_push(skb, IPV6_HDR_LEN), &h);
    return ip6_output(ns, skb);
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
