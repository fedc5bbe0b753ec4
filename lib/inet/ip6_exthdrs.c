/* Options and routing headers (net/ipv6/exthdrs.c; RFC 8200 4.2 to 4.4). */
#include "inet/ip6_exthdrs.h"

#include "inet/addrconf_int.h"
#include "inet/mib.h"
#include "vnet_capture.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

void ip6_unknown_option(struct skb *skb, const struct ipv6_opts *opts)
{
    enum { DISCARD = 1, NOT_FOR_GROUPS = 3 };
    struct ipv6_hdr h;
    ipv6_parse(skb_net(skb), IPV6_HDR_LEN, &h);
    const struct inet_addr daddr = inet_addr_v6(h.daddr);
    if (opts->bad_action == DISCARD ||
        (opts->bad_action == NOT_FOR_GROUPS && inet_addr_is_multicast(&daddr)))
        return;
    icmpv6_send(skb, ICMPV6_PARAMPROB, ICMPV6_UNK_OPTION,
                skb->transport - skb->net + opts->bad_offset);
}

static bool drop(struct skb *skb, const char *why)
{
    ip6_inc(skb->dev->ns, IPSTATS_INHDRERRORS);
    trace(dev_world(skb->dev), skb->dev, "ip6", "ipv6_rthdr_rcv", VNET_TRACE_DROPPED,
          DROP_REASON(IP_INHDR), "%s", why);
    return false;
}

bool ipv6_rthdr_rcv(struct skb *skb)
{
    enum { AT_TYPE = 2, AT_SEGMENTS_LEFT = 3 };
    struct ipv6_hdr h;
    const uint8_t *p = skb_transport(skb);
    uint32_t len = skb->head + skb->len - skb->transport;
    ipv6_parse(skb_net(skb), IPV6_HDR_LEN, &h);
    const struct inet_addr daddr = inet_addr_v6(h.daddr);
    if (len < 8 || len < (p[1] + 1U) * 8)
        return drop(skb, "truncated routing header");
    if (inet_addr_is_multicast(&daddr) || skb->pkt_type != VNET_PACKET_HOST)
        return drop(skb, "routing header to more than one");
    if (p[AT_SEGMENTS_LEFT] == 0) {
        skb->transport += (p[1] + 1U) * 8;
        return true;
    }
    icmpv6_send(skb, ICMPV6_PARAMPROB, ICMPV6_HDR_FIELD, skb->transport - skb->net + AT_TYPE);
    return drop(skb, "routing header of a type not accepted");
}
