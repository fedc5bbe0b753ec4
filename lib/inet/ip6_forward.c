/* Packets for others (net/ipv6/ip6_output.c: ip6_forward; RFC 8200, RFC 4443). */
#include <errno.h>

#include "dev/skb.h"
#include "inet/addrconf_int.h"
#include "inet/conf_trace.h"
#include "inet/icmp_limit.h"
#include "inet/mib.h"
#include "netfilter/nf.h"
#include "vnet_capture.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

enum { KERNEL_FORWARD_OCTETS_ONCE = 0x060600 };

static void drop(struct skb *skb, const struct vnet_drop_reason *reason, const char *why)
{
    struct vnet *w = dev_world(skb->dev);
    trace(w, skb->dev, "ip6", "ip6_forward", VNET_TRACE_DROPPED, reason, "%s", why);
    skb_free(w, skb);
}

/* RFC 4291: what has no global meaning stays on its link; NULL: may be forwarded. */
static const char *bad_source(struct skb *skb, const struct inet_addr *saddr)
{
    if (skb->dst.dev == skb->dev)
        return NULL;
    if (inet_addr_is_any(saddr) || inet_addr_is_multicast(saddr) || inet_addr_is_loopback(saddr))
        return "source is not an address of one node";
    if (!inet_addr_is_linklocal(saddr))
        return NULL;
    icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_NOT_NEIGHBOUR, 0);
    return "source is link-local";
}

/* The packet leaves by where it came from: its sender could have done without this router. */
static void redirect(struct skb *skb, const struct inet_addr *daddr)
{
    const struct dst *dst = &skb->dst;
    if (dst->dev == skb->dev && icmp_peer_spend(dst->dev->ns, daddr, NSEC_PER_SEC))
        ndisc_send_redirect(skb, dst->gateway.family ? &dst->gateway : daddr);
}

static uint32_t forward_mtu(const struct dst *dst)
{
    uint32_t mtu = dst->mtu ? dst->mtu : dst->dev->mtu;
    return mtu < IPV6_MIN_MTU ? IPV6_MIN_MTU : mtu;
}

void ip6_forward(struct netns *ns, struct skb *skb)
{
    struct ipv6_hdr h;
    ipv6_parse(skb_data(skb), skb->len, &h);
    const struct inet_addr saddr = inet_addr_v6(h.saddr);
    uint32_t mtu = forward_mtu(&skb->dst);
    int forwarding = ns->sysctls->ipv6_all.v[IPV6_CONF_forwarding];
    conf_trace_net(skb->dev, "net.ipv6.conf.all.forwarding", forwarding, "ip6_forward");
    if (!forwarding) {
        ip6_inc(ns, IPSTATS_INADDRERRORS);
        drop(skb, DROP_REASON(IP_INADDRERRORS), "not for us, and forwarding is off");
        return;
    }
    if (skb->pkt_type != VNET_PACKET_HOST) {
        drop(skb, NULL, "not sent to our link-layer address");
        return;
    }
    if (h.hop_limit <= 1) {
        ip6_inc(ns, IPSTATS_INHDRERRORS);
        icmpv6_send(skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT, 0);
        drop(skb, DROP_REASON(IP_INHDR), "hop limit exceeded");
        return;
    }
    const struct inet_addr daddr = inet_addr_v6(h.daddr);
    redirect(skb, &daddr);
    const char *bad = bad_source(skb, &saddr);
    if (bad) {
        ip6_inc(ns, IPSTATS_INADDRERRORS);
        drop(skb, DROP_REASON(IP_INADDRERRORS), bad);
        return;
    }
    if (skb->len > mtu) {
        ip6_inc(ns, IPSTATS_INTOOBIGERRORS);
        ip6_inc(ns, IPSTATS_FRAGFAILS);
        icmpv6_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
        drop(skb, DROP_REASON(PKT_TOO_BIG), "larger than the MTU");
        return;
    }
    skb_data(skb)[7]--; /* hop limit */
    if (!nf_hook(ns, NF_AT_IP6_FORWARD, skb, skb->dev, skb->dst.dev))
        return;
    trace(ns->w, skb->dev, "ip6", "ip6_forward", VNET_TRACE_OK, NULL, "to %s", skb->dst.dev->name);
    ip6_inc(ns, IPSTATS_OUTFORWDATAGRAMS);
    if (ns->w->profile->kernel.version < KERNEL_FORWARD_OCTETS_ONCE)
        ns->mib->ip6[IPSTATS_OUTOCTETS] += skb->len;
    ip6_output(ns, skb);
}
