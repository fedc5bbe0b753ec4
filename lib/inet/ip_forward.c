/* Packets for others (net/ipv4/ip_forward.c; RFC 1812 5.2, 5.3). Reached only where the route
 * lookup of the incoming packet allows forwarding. */
#include "inet/devinet.h"
#include "inet/icmp.h"
#include "inet/icmp_limit.h"
#include "inet/ip.h"
#include "inet/mib.h"
#include "netfilter/nf.h"
#include "sim/trace.h"
#include "vnet_capture.h"
#include "vnet_route.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

enum { KERNEL_FORWARD_COUNTED_FIRST = 0x060600 };

static void drop(struct skb *skb, const struct vnet_drop_reason *reason, const char *why)
{
    struct vnet *w = skb->dev->ns->w;
    trace(w, skb->dev, "ip", "ip_forward", VNET_TRACE_DROPPED, reason, "%s", why);
    skb_free(w, skb);
}

/* The sender could have sent it to the next router itself: all are on one link. */
static void ip_rt_send_redirect(struct skb *skb, const struct ipv4_hdr *h)
{
    const struct dst *dst = &skb->dst;
    const struct in_device *in_dev = dst->dev->in_dev;
    bool by_gateway = dst->gateway.family == VNET_AF_INET;
    if (!in_dev || !in_dev_orconf(in_dev, IPV4_CONF_send_redirects) ||
        !ip_redirect_allow(dst->dev->ns, h->saddr))
        return;
    icmp_send(skb, ICMP_REDIRECT, ICMP_REDIR_HOST,
              by_gateway ? inet_addr_to_v4(&dst->gateway) : h->daddr);
}

void ip_forward(struct skb *skb)
{
    struct netns *ns = skb->dev->ns;
    struct ipv4_hdr h;
    ipv4_parse(skb_data(skb), skb->len, &h);
    if (skb->pkt_type != VNET_PACKET_HOST) {
        drop(skb, NULL, "a group frame is not forwarded");
        return;
    }
    if (h.ttl <= 1) {
        ip_inc(ns, IPSTATS_INHDRERRORS);
        icmp_send(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
        drop(skb, DROP_REASON(IP_INHDR), "time to live exceeded");
        return;
    }
    bool early = ns->w->profile->kernel.version >= KERNEL_FORWARD_COUNTED_FIRST;
    if (early)
        ip_inc(ns, IPSTATS_OUTFORWDATAGRAMS);
    uint32_t mtu = ip_dst_mtu(&skb->dst);
    if (skb->len > mtu && (h.frag & IPV4_DF)) {
        ip_inc(ns, IPSTATS_FRAGFAILS);
        icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu);
        drop(skb, DROP_REASON(PKT_TOO_BIG), "needs fragments, but DF is set");
        return;
    }
    skb_data(skb)[8]--;
    ipv4_recheck(skb_data(skb), h.hdr_len); /* the redirect quotes it so */
    if (skb->dst.do_redirect && !skb->opt.srr)
        ip_rt_send_redirect(skb, &h);
    if (!nf_hook(ns, NF_AT_IP_FORWARD, skb, skb->dev, skb->dst.dev))
        return;
    ip_forward_options(skb);
    ipv4_recheck(skb_data(skb), h.hdr_len);
    if (!early) { /* ip_forward_finish(): the octets a first time */
        ip_inc(ns, IPSTATS_OUTFORWDATAGRAMS);
        ns->mib->ip[IPSTATS_OUTOCTETS] += skb->len;
    }
    ip_output(ns, skb);
}
