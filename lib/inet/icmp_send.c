/* ICMP errors that we send (__icmp_send(), net/ipv4/icmp.c; RFC 1122 3.2.2, RFC 1812 4.3.2). */
#include <string.h>

#include "base/bytes.h"
#include "inet/devinet.h"
#include "inet/icmp.h"
#include "inet/icmp_limit.h"
#include "inet/route_cache.h"
#include "inet/text.h"
#include "sim/trace.h"
#include "vnet_capture.h"
#include "vnet_route.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

enum { QUOTE_MAX = 576 };

/* May this packet be answered by an error? NULL: yes; else why not. */
static const char *unanswerable(const struct skb *skb, const struct ipv4_hdr *h, uint8_t type)
{
    if (skb->pkt_type != VNET_PACKET_HOST || skb->looped)
        return "it came in a group frame";
    if (skb->dst.flags & (VNET_RTCF_BROADCAST | VNET_RTCF_MULTICAST))
        return "it was for a group";
    if (h->frag & IPV4_OFFSET)
        return "only a first fragment is answered";
    if (!icmp_type_is_error(type) || h->protocol != 1)
        return NULL;
    uint32_t net_len = skb->head + skb->len - skb->net;
    if (net_len <= h->hdr_len)
        return "it is too short to tell what it is";
    uint8_t inner = skb_net(skb)[h->hdr_len];
    if (inner > ICMP_TYPE_MAX || icmp_type_is_error(inner))
        return "it is an ICMP error itself";
    return NULL;
}

/* The source: the address that the packet was for, if it is ours; else left to routing. */
static struct inet_addr error_source(struct netns *ns, const struct skb *skb,
                                     const struct ipv4_hdr *h)
{
    struct inet_addr any = inet_addr_any(VNET_AF_INET), to = inet_addr_v4(h->saddr), src;
    if (skb->dst.flags & VNET_RTCF_LOCAL)
        return inet_addr_v4(h->daddr);
    if (!skb->dst.input || !net_sysctl(ns, NET_IPV4_ICMP_ERRORS_USE_INBOUND_IFADDR))
        return any;
    const struct netdev *in = netdev_by_index(ns, skb->iif);
    if (in && inet_select_addr(ns, in, &to, VNET_SCOPE_LINK, &src))
        return src;
    return any;
}

static struct skb *make_error(struct netns *ns, const struct skb *about, const struct dst *dst,
                              const struct icmp_hdr *icmp, uint32_t options_len)
{
    uint32_t mtu = ip_dst_mtu(dst), headers = IPV4_HDR_LEN + options_len + ICMP_HDR_LEN;
    uint32_t room = mtu < QUOTE_MAX ? mtu : QUOTE_MAX;
    if (room <= headers + IPV4_HDR_LEN)
        return NULL;
    room -= headers;
    uint32_t quote = about->head + about->len - about->net;
    if (quote > room)
        quote = room;
    struct skb *skb = skb_alloc(ns->w, ICMP_HDR_LEN + quote);
    uint8_t *p = skb_put(skb, ICMP_HDR_LEN + quote);
    memcpy(p + ICMP_HDR_LEN, skb_net(about), quote);
    icmp_emit(p, ICMP_HDR_LEN + quote, icmp);
    skb->has_dst = true;
    skb->dst = *dst;
    return skb;
}

/* icmp_route_lookup() */
static bool route_error(struct netns *ns, const struct skb *skb, const struct ipv4_hdr *h,
                        uint8_t tos, struct dst *dst)
{
    struct inet_addr saddr = error_source(ns, skb, h);
    struct flow4 fl = {
        .daddr = h->saddr,
        .saddr = inet_addr_to_v4(&saddr),
        .mark = ip4_reply_mark(ns, skb),
        .tos = tos & 0x1e,
        .proto = 1,
    };
    return ip_route_output_cached(ns, &fl, dst) == 0;
}

static void not_sent(const struct skb *skb, uint8_t type, uint8_t code, const char *why)
{
    trace(skb->dev->ns->w, skb->dev, "icmp", "icmp_send", VNET_TRACE_IGNORED, NULL,
          "type %u code %u is not sent: %s", type, code, why);
}

void icmp_send(struct skb *skb, uint8_t type, uint8_t code, uint32_t info)
{
    struct ipv4_hdr h;
    struct dst dst;
    uint32_t len = skb->head + skb->len - skb->net;
    if (!skb->has_dst || !skb->dev || !ipv4_parse(skb_net(skb), len, &h))
        return;
    struct netns *ns = skb->dev->ns;
    const char *why = unanswerable(skb, &h, type);
    if (why) {
        not_sent(skb, type, code, why);
        return;
    }
    if (!netif_is_loopback(skb->dev) && !icmp_global_allow(ns, type, code))
        return;
    struct ip_options opt;
    if (ip_options_echo(skb, &opt) < 0)
        return;
    uint8_t tos = (h.tos & 0x1e) | 0xc0; /* precedence: internetwork control (RFC 1812 4.3.2.5) */
    if (!route_error(ns, skb, &h, tos, &dst)) {
        not_sent(skb, type, code, "no route to the sender");
        return;
    }
    struct icmp_hdr icmp = {.type = type, .code = code, .rest = info};
    struct skb *error = icmp_peer_allow(ns, dst.dev, h.saddr, type, code)
                            ? make_error(ns, skb, &dst, &icmp, opt.len)
                            : NULL;
    if (!error)
        return;
    trace(ns->w, dst.dev, "icmp", "icmp_send", VNET_TRACE_SENT, NULL,
          "type %u code %u to %s about its packet to %s", type, code, V4_STR(h.saddr),
          V4_STR(h.daddr));
    struct ip_send how = {.protocol = 1, .tos = tos, .ttl = -1, .opt = opt.len ? &opt : NULL};
    ip_send_skb(ns, error, h.saddr, &how);
}
