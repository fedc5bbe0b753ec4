#include "inet/multipath.h"

#include "base/hash.h"
#include "dev/skb.h"
#include "inet/fib_internal.h"
#include "inet/ipv6_addr.h"
#include "inet/neigh.h"
#include "inet/sysctls.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

enum { PROTO_TCP = 6, PROTO_UDP = 17, PROTO_DCCP = 33, PROTO_SCTP = 132, PROTO_UDPLITE = 136 };
enum { /* FIB_MULTIPATH_HASH_FIELD_*, of the outer header */
       FIELD_SRC_IP = 1 << 0,
       FIELD_DST_IP = 1 << 1,
       FIELD_IP_PROTO = 1 << 2,
       FIELD_SRC_PORT = 1 << 4,
       FIELD_DST_PORT = 1 << 5,
};

int multipath_policy(const struct netns *ns, uint8_t family)
{
    return (int)net_sysctl(ns, family == VNET_AF_INET6 ? NET_IPV6_FIB_MULTIPATH_HASH_POLICY
                                                       : NET_IPV4_FIB_MULTIPATH_HASH_POLICY);
}

static unsigned hashed_fields(const struct netns *ns, uint8_t family)
{
    switch (multipath_policy(ns, family)) {
    case MULTIPATH_L4:
        return FIELD_SRC_IP | FIELD_DST_IP | FIELD_IP_PROTO | FIELD_SRC_PORT | FIELD_DST_PORT;
    case MULTIPATH_CUSTOM:
        return (unsigned)net_sysctl(ns, family == VNET_AF_INET6
                                            ? NET_IPV6_FIB_MULTIPATH_HASH_FIELDS
                                            : NET_IPV4_FIB_MULTIPATH_HASH_FIELDS);
    default:
        return FIELD_SRC_IP | FIELD_DST_IP;
    }
}

bool multipath_gateway_good(const struct netns *ns, const struct fib_nexthop *nh)
{
    bool v6 = nh->gateway.family == VNET_AF_INET6;
    const struct neigh *n = neigh_lookup(v6 ? ns->nd_tbl : ns->arp_tbl, nh->dev, &nh->gateway);
    return !n || n->nud_state & NUD_VALID;
}

uint32_t multipath_hash(const struct netns *ns, const struct flow *fl)
{
    static const struct fib_key none;
    unsigned f = hashed_fields(ns, fl->family);
    struct fib_key s = f & FIELD_SRC_IP ? fib_key(&fl->saddr) : none;
    struct fib_key d = f & FIELD_DST_IP ? fib_key(&fl->daddr) : none;
    uint64_t h = hash_mix64(hash_mix64(s.hi ^ hash_mix64(s.lo)) ^ d.hi ^ hash_mix64(d.lo + 1));
    uint64_t ports = (f & FIELD_IP_PROTO ? (uint64_t)fl->proto << 32 : 0) |
                     (f & FIELD_SRC_PORT ? (uint64_t)fl->sport << 16 : 0) |
                     (f & FIELD_DST_PORT ? (uint64_t)fl->dport : 0);
    return (uint32_t)((ports ? hash_mix64(h ^ ports) : h) >> 33);
}

/* ---- what a packet is ---- */

static bool has_ports(uint8_t protocol)
{
    return protocol == PROTO_TCP || protocol == PROTO_UDP || protocol == PROTO_UDPLITE ||
           protocol == PROTO_SCTP || protocol == PROTO_DCCP;
}

static void take_ports(struct flow *fl, const uint8_t *p, size_t len)
{
    if (!has_ports(fl->proto) || len < 4)
        return;
    fl->sport = get_be16(p);
    fl->dport = get_be16(p + 2);
}

static void dissect4(const uint8_t *p, size_t len, struct flow *fl)
{
    struct ipv4_hdr h;
    if (!ipv4_parse(p, len, &h))
        return;
    fl->proto = h.protocol;
    if (!ipv4_is_fragment(&h) && h.hdr_len <= len)
        take_ports(fl, p + h.hdr_len, len - h.hdr_len);
}

static void dissect6(const uint8_t *p, size_t len, struct flow *fl)
{
    struct ipv6_hdr h;
    size_t off = IPV6_HDR_LEN;
    uint8_t protocol;
    if (!ipv6_parse(p, len, &h))
        return;
    protocol = h.nexthdr;
    bool whole = ipv6_skip_exthdr(p, len, &off, &protocol);
    fl->proto = protocol;
    if (whole && off <= len)
        take_ports(fl, p + off, len - off);
}

void multipath_dissect(const struct netns *ns, const struct skb *skb, struct flow *fl)
{
    bool v6 = fl->family == VNET_AF_INET6;
    const struct fib *fib = v6 ? ns->fib6 : ns->fib4;
    int policy = multipath_policy(ns, fl->family);
    bool l4 = policy == MULTIPATH_L4 || policy == MULTIPATH_CUSTOM;
    if (!skb || (!l4 && !fib->fldissect))
        return;
    size_t len = skb->head + skb->len - skb->net;
    if (v6)
        dissect6(skb_net(skb), len, fl);
    else
        dissect4(skb_net(skb), len, fl);
}

void multipath_look_inside(const struct netns *ns, const struct skb *skb, struct flow *fl)
{
    struct ipv4_hdr h, inner;
    if (!skb || multipath_policy(ns, VNET_AF_INET) != MULTIPATH_L3)
        return;
    size_t len = skb->head + skb->len - skb->net;
    const uint8_t *p = skb_net(skb);
    if (!ipv4_parse(p, len, &h) || h.protocol != 1 || (h.frag & IPV4_OFFSET) ||
        len < (size_t)h.hdr_len + ICMP_HDR_LEN)
        return;
    uint8_t type = p[h.hdr_len];
    if (type != ICMP_DEST_UNREACH && type != ICMP_REDIRECT && type != ICMP_TIME_EXCEEDED &&
        type != ICMP_PARAMETERPROB)
        return;
    size_t at = (size_t)h.hdr_len + ICMP_HDR_LEN;
    if (!ipv4_parse(p + at, len - at, &inner))
        return;
    fl->saddr = inet_addr_v4(inner.saddr);
    fl->daddr = inet_addr_v4(inner.daddr);
}
