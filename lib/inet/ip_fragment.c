/* Cutting IPv4 packets to the size of a link (ip_do_fragment(), net/ipv4/ip_output.c; RFC 791 3.2).
 */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "inet/icmp.h"
#include "inet/ip.h"
#include "inet/mib.h"
#include "sim/trace.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

/* ip_options_fragment(): only options with the copy bit go into later fragments; NOPs stand for the
 * rest. */
static void keep_copied_options(uint8_t *opt, size_t len)
{
    enum { END = 0, NOOP = 1, COPY = 0x80 };
    for (size_t at = 0; at < len && opt[at] != END;) {
        size_t n = opt[at] == NOOP || at + 1 >= len || opt[at + 1] < 2 ? 1 : opt[at + 1];
        if (n > len - at)
            n = len - at;
        if (!(opt[at] & COPY))
            memset(opt + at, NOOP, n);
        at += n;
    }
}

/* A fragment: the header of `whole` and `len` bytes of its payload from `offset` on. */
static struct skb *make_fragment(struct vnet *w, const struct skb *whole, const struct ipv4_hdr *h,
                                 uint32_t offset, uint32_t len, bool more)
{
    struct skb *skb = skb_alloc(w, h->hdr_len + len);
    uint8_t *p = skb_put(skb, h->hdr_len + len);
    memcpy(p, skb_data(whole), h->hdr_len);
    memcpy(p + h->hdr_len, skb_data(whole) + h->hdr_len + offset, len);
    put_be16(p + 2, (uint16_t)(h->hdr_len + len));
    uint32_t frag = (h->frag & IPV4_OFFSET) + offset / 8;
    put_be16(p + 6, (uint16_t)(frag | (more || (h->frag & IPV4_MF) ? IPV4_MF : 0)));
    if (offset > 0)
        keep_copied_options(p + IPV4_HDR_LEN, h->hdr_len - IPV4_HDR_LEN);
    ipv4_recheck(p, h->hdr_len);
    skb->net = skb->head;
    skb->transport = skb->head + h->hdr_len;
    skb->dev = whole->dev;
    skb->dst = whole->dst;
    skb->has_dst = whole->has_dst;
    skb->sock = whole->sock;
    skb->mark = whole->mark;
    skb->priority = whole->priority;
    skb->pkt_type = whole->pkt_type;
    skb->ignore_df = whole->ignore_df;
    return skb;
}

static int refuse(struct netns *ns, struct skb *skb, uint32_t mtu)
{
    ip_inc(ns, IPSTATS_FRAGFAILS);
    icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu);
    trace(ns->w, skb->dev, "ip", "ip_fragment", VNET_TRACE_DROPPED, DROP_REASON(PKT_TOO_BIG),
          "%u bytes do not fit into %u, and DF is set", skb->len, mtu);
    skb_free(ns->w, skb);
    return -EMSGSIZE;
}

int ip_fragment(struct netns *ns, struct skb *skb, uint32_t mtu,
                int (*output)(struct netns *ns, struct skb *skb))
{
    struct ipv4_hdr h;
    int rc = 0;
    ipv4_parse(skb_data(skb), skb->len, &h);
    if ((h.frag & IPV4_DF) && !skb->ignore_df)
        return refuse(ns, skb, mtu);
    uint32_t payload = skb->len - h.hdr_len;
    uint32_t room = mtu > h.hdr_len + 8U ? (mtu - h.hdr_len) & ~7U : 8;
    for (uint32_t at = 0; at < payload && rc == 0; at += room) {
        bool more = payload - at > mtu - h.hdr_len;
        uint32_t len = more ? room : payload - at;
        rc = output(ns, make_fragment(ns->w, skb, &h, at, len, more));
        if (rc == 0)
            ip_inc(ns, IPSTATS_FRAGCREATES);
        if (!more)
            break;
    }
    ip_inc(ns, rc == 0 ? IPSTATS_FRAGOKS : IPSTATS_FRAGFAILS);
    skb_free(ns->w, skb);
    return rc;
}
