/* IPv4 packets that go out (net/ipv4/ip_output.c; RFC 791, RFC 1122 3.2.1). */
#include <errno.h>

#include "base/bytes.h"
#include "inet/icmp.h"
#include "inet/ip.h"
#include "inet/mib.h"
#include "inet/neigh.h"
#include "inet/text.h"
#include "netfilter/nf.h"
#include "sim/trace.h"
#include "vnet_capture.h"
#include "vnet_route.h"
#include "wire/ether.h"
#include "wire/ipv4.h"

bool ip_mtu_locked(const struct dst *dst)
{
    return dst->mtu_locked;
}

uint8_t ip_default_ttl(const struct netns *ns)
{
    return (uint8_t)net_sysctl(ns, NET_IPV4_IP_DEFAULT_TTL);
}

/* ip_select_ident(): 0 where fragments cannot come about; else numbers that grow from a start of
 * each pair of addresses. */
static uint16_t select_ident(struct netns *ns, const struct ipv4_hdr *h, bool ignore_df)
{
    if ((h->frag & IPV4_DF) && !ignore_df)
        return 0;
    uint32_t start = (h->saddr * 0x9e3779b1U) ^ (h->daddr * 0x85ebca6bU) ^ h->protocol;
    return (uint16_t)((start >> 16) + ns->ip_id++);
}

/* ip_neigh_for_gw(): the neighbour to send to. Devices that know only one have it at 0.0.0.0. */
static struct neigh *nexthop(struct netns *ns, const struct dst *dst, uint32_t daddr)
{
    if (dst->dev->flags & (VNET_IFF_LOOPBACK | VNET_IFF_POINTOPOINT))
        return neigh_get_v4(ns->arp_tbl, dst->dev, 0);
    if (dst->gateway.family == VNET_AF_UNSPEC)
        return neigh_get_v4(ns->arp_tbl, dst->dev, daddr);
    bool v6 = dst->gateway.family == VNET_AF_INET6;
    return neigh_get(v6 ? ns->nd_tbl : ns->arp_tbl, dst->dev, &dst->gateway);
}

/* Since 6.8 packets are counted apart as the stack makes them and as they leave, in pieces. */
static bool counts_transmits(const struct netns *ns)
{
    return ns->w->profile->kernel.ip_out_transmits;
}

static void count_out(struct netns *ns, const struct skb *skb)
{
    if (counts_transmits(ns))
        ip_inc_packet(ns, IPSTATS_OUTPKTS, skb->len);
    if (skb->dst.type == VNET_RTN_MULTICAST)
        ip_inc_packet(ns, IPSTATS_OUTMCASTPKTS, skb->len);
    else if (skb->dst.type == VNET_RTN_BROADCAST)
        ip_inc_packet(ns, IPSTATS_OUTBCASTPKTS, skb->len);
}

/* ip_finish_output2(): to the neighbour. */
static int finish_output(struct netns *ns, struct skb *skb)
{
    const struct dst *dst = &skb->dst;
    count_out(ns, skb);
    struct neigh *n = nexthop(ns, dst, get_be32(skb_data(skb) + 16));
    skb->dev = dst->dev;
    skb->protocol = ETH_P_IP;
    if (n)
        return neigh_output(n, skb);
    trace(ns->w, dst->dev, "neigh", "ip_finish_output2", VNET_TRACE_DROPPED,
          DROP_REASON(NEIGH_CREATEFAIL), "no neighbour entry for %s can be made",
          dst->gateway.family ? ADDR_STR(&dst->gateway) : V4_STR(get_be32(skb_data(skb) + 16)));
    skb_free(ns->w, skb);
    return -ENOBUFS;
}

/* __ip_finish_output() */
static int fragment_or_finish(struct netns *ns, struct skb *skb)
{
    uint32_t mtu = ip_dst_mtu(&skb->dst);
    if (skb->len > mtu)
        return ip_fragment(ns, skb, mtu, finish_output);
    return finish_output(ns, skb);
}

/* ip_mc_output(): broadcasts, and multicasts to a group that we are in, come back to us, and are
 * worked on before the packet itself goes out. */
static int mc_output(struct netns *ns, struct skb *skb)
{
    struct skb *back = skb_copy(ns->w, skb);
    if (nf_hook(ns, NF_AT_IP_MC_OUTPUT, back, NULL, back->dev))
        ip_loop_back(back);
    bool last_hop = skb_data(skb)[8] == 0;
    if (last_hop && skb->dst.flags & VNET_RTCF_MULTICAST) {
        skb_free(ns->w, skb); /* TTL 0: not beyond this host */
        return 0;
    }
    if (!nf_hook(ns, NF_AT_IP_MC_OUTPUT, skb, NULL, skb->dev))
        return -EPERM;
    return fragment_or_finish(ns, skb);
}

int ip_output(struct netns *ns, struct skb *skb)
{
    const struct dst *dst = &skb->dst;
    struct netdev *in = skb->dev;
    skb->dev = dst->dev;
    if (!counts_transmits(ns)) {
        ip_inc(ns, IPSTATS_OUTREQUESTS);
        ns->mib->ip[IPSTATS_OUTOCTETS] += skb->len;
    }
    bool group = dst->flags & (VNET_RTCF_BROADCAST | VNET_RTCF_MULTICAST);
    bool back = (dst->flags & VNET_RTCF_LOCAL) && !netif_is_loopback(dst->dev);
    if ((dst->flags & VNET_RTCF_MULTICAST) && skb->no_mc_loop)
        back = false;
    if (group && back)
        return mc_output(ns, skb);
    if (!nf_hook(ns, NF_AT_IP_OUTPUT, skb, in, dst->dev))
        return -EPERM;
    return fragment_or_finish(ns, skb);
}

/* __ip_local_out() */
static int local_out(struct netns *ns, struct skb *skb)
{
    if (counts_transmits(ns))
        ip_inc(ns, IPSTATS_OUTREQUESTS);
    skb->net = skb->head;
    if (!nf_hook(ns, NF_AT_IP_LOCAL_OUT, skb, NULL, skb->dst.dev))
        return -EPERM;
    return ip_output(ns, skb);
}

int ip_local_out(struct netns *ns, struct skb *skb)
{
    struct ipv4_hdr h;
    if (!ipv4_parse(skb_data(skb), skb->len, &h) || h.hdr_len < IPV4_HDR_LEN ||
        h.hdr_len > skb->len) {
        skb_free(ns->w, skb);
        return -EINVAL;
    }
    put_be16(skb_data(skb) + 2, (uint16_t)skb->len);
    ipv4_recheck(skb_data(skb), h.hdr_len);
    return local_out(ns, skb);
}

/* ip_select_ttl() */
static uint8_t select_ttl(const struct netns *ns, const struct ip_send *how, const struct dst *dst)
{
    if (how->ttl >= 0)
        return (uint8_t)how->ttl;
    return dst->hop_limit ? dst->hop_limit : ip_default_ttl(ns);
}

int ip_send_skb(struct netns *ns, struct skb *skb, uint32_t daddr, const struct ip_send *how)
{
    struct ipv4_hdr h = {
        .version = 4,
        .hdr_len = (uint8_t)(IPV4_HDR_LEN + (how->opt ? how->opt->len : 0)),
        .tos = how->tos,
        .ttl = select_ttl(ns, how, &skb->dst),
        .protocol = how->protocol,
        .frag = how->df ? IPV4_DF : 0,
        .saddr = inet_addr_to_v4(&skb->dst.src),
        .daddr = daddr,
    };
    if (skb->len + h.hdr_len > IPV4_MAX_LEN) {
        skb_free(ns->w, skb);
        return -EMSGSIZE;
    }
    h.tot_len = (uint16_t)(skb->len + h.hdr_len);
    h.id = how->has_id ? how->id : select_ident(ns, &h, how->ignore_df);
    skb->ignore_df = how->ignore_df;
    skb->transport = skb->head;
    ipv4_emit(skb_push(skb, h.hdr_len), &h, how->opt ? how->opt->data : NULL);
    if (how->opt) {
        ip_options_build(skb, how->opt);
        ipv4_recheck(skb_data(skb), h.hdr_len);
    }
    trace(ns->w, skb->dst.dev, "ip", "ip_local_out", VNET_TRACE_OK, NULL,
          "%s > %s, protocol %u, %u bytes", V4_STR(h.saddr), V4_STR(h.daddr), h.protocol,
          h.tot_len);
    if (h.protocol == 1)
        icmp_out_count(ns, skb_transport(skb)[0]);
    int rc = local_out(ns, skb);
    if (rc < 0)
        ip_inc(ns, IPSTATS_OUTDISCARDS);
    return rc;
}
