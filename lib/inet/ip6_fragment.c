/* Cutting IPv6 packets to the size of a link, by their sender only (ip6_fragment(),
 * net/ipv6/ip6_output.c; RFC 8200 4.5). */
#include <errno.h>
#include <string.h>

#include "dev/skb.h"
#include "inet/addrconf_int.h"
#include "inet/mib.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

/* ip6_find_1stfragopt(): what must stand in every fragment; *nexthdr: the field that names what
 * comes behind it. */
static size_t unfragmentable(const uint8_t *p, size_t len, size_t *nexthdr)
{
    size_t off = IPV6_HDR_LEN;
    *nexthdr = 6;
    while (p[*nexthdr] == IPV6_NEXTHDR_HOP || p[*nexthdr] == IPV6_NEXTHDR_ROUTING) {
        if (off + 8 > len || off + (p[off + 1] + 1U) * 8 > len)
            break;
        *nexthdr = off;
        off += (p[off + 1] + 1U) * 8;
    }
    return off;
}

struct cut { /* where the whole is cut, and what all pieces have in common */
    const struct skb *whole;
    size_t hlen, nexthdr;
    uint32_t id;
};

/* `len` bytes of the fragmentable part from `offset` on. */
static struct skb *make_fragment(struct vnet *w, const struct cut *c, uint32_t offset, uint32_t len,
                                 bool more)
{
    const struct skb *whole = c->whole;
    struct skb *skb = skb_copy(w, whole);
    skb_trim(skb, 0);
    uint8_t *p = skb_put(skb, c->hlen + IPV6_FRAG_LEN + len);
    const struct ipv6_frag frag = {.nexthdr = skb_data(whole)[c->nexthdr],
                                   .offset = (uint16_t)offset,
                                   .more = more,
                                   .id = c->id};
    memcpy(p, skb_data(whole), c->hlen);
    p[c->nexthdr] = IPV6_NEXTHDR_FRAGMENT;
    ipv6_frag_emit(p + c->hlen, &frag);
    memcpy(p + c->hlen + IPV6_FRAG_LEN, skb_data(whole) + c->hlen + offset, len);
    ipv6_set_payload_len(p, (uint16_t)(skb->len - IPV6_HDR_LEN));
    skb->net = skb->head;
    skb->transport = skb->head + (uint32_t)c->hlen;
    return skb;
}

static int refuse(struct netns *ns, struct skb *skb, uint32_t mtu)
{
    ip6_inc(ns, IPSTATS_FRAGFAILS);
    icmpv6_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
    trace(ns->w, skb->dev, "ip6", "ip6_fragment", VNET_TRACE_DROPPED, DROP_REASON(PKT_TOO_BIG),
          "%u bytes do not fit into %u, and their sender does not want fragments", skb->len, mtu);
    skb_free(ns->w, skb);
    return -EMSGSIZE;
}

int ip6_fragment(struct netns *ns, struct skb *skb, uint32_t mtu,
                 int (*output)(struct netns *ns, struct skb *skb))
{
    struct cut c = {.whole = skb};
    c.hlen = unfragmentable(skb_data(skb), skb->len, &c.nexthdr);
    if (!skb->ignore_df || mtu < c.hlen + IPV6_FRAG_LEN + 8)
        return refuse(ns, skb, mtu);
    uint32_t payload = skb->len - (uint32_t)c.hlen;
    uint32_t room = mtu - (uint32_t)c.hlen - IPV6_FRAG_LEN;
    int rc = 0;
    do
        c.id = (uint32_t)vnet_random(ns->w); /* ipv6_select_ident() */
    while (c.id == 0);
    for (uint32_t at = 0, len; at < payload && rc == 0; at += len) {
        bool more = payload - at > room;
        len = more ? room & ~7U : payload - at;
        rc = output(ns, make_fragment(ns->w, &c, at, len, more));
        if (rc == 0)
            ip6_inc(ns, IPSTATS_FRAGCREATES);
    }
    ip6_inc(ns, rc == 0 ? IPSTATS_FRAGOKS : IPSTATS_FRAGFAILS);
    skb_free(ns->w, skb);
    return rc;
}
