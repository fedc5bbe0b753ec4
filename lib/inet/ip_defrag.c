/* Putting IPv4 fragments together again (net/ipv4/ip_fragment.c; RFC 791 3.2). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "inet/icmp.h"
#include "inet/ip.h"
#include "inet/ip_frags.h"
#include "inet/mib.h"
#include "inet/route.h"
#include "inet/sysctls.h"
#include "inet/truesize.h"
#include "sim/trace.h"
#include "vnet_route.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

static void arm(struct frag_queue *q)
{
    const struct netns *ns = q->frags->ns;
    timer_set_jiffies(ns->w, &q->timer, net_sysctl(ns, NET_IPV4_IPFRAG_TIME) * NSEC_PER_SEC);
}

/* ip_find(): the queue of this datagram, new if need be; NULL: the memory for fragments is used up.
 */
static struct frag_queue *find_or_make(struct ip_frags *f, const struct ipv4_hdr *h)
{
    const struct frag_key key = {.saddr = inet_addr_v4(h->saddr),
                                 .daddr = inet_addr_v4(h->daddr),
                                 .id = h->id,
                                 .protocol = h->protocol};
    struct frag_queue *q = frag_queue_find(f, &key);
    if (q)
        return q;
    int64_t high = net_sysctl(f->ns, NET_IPV4_IPFRAG_HIGH_THRESH);
    if (high <= 0 || f->mem > (uint64_t)high)
        return NULL;
    q = frag_queue_new(f, &key);
    arm(q);
    return q;
}

/* ---- one fragment ---- */

struct frag { /* a fragment that came in */
    struct skb *skb;
    struct ipv4_hdr h;
    uint32_t offset, end;
    bool more;
};

static void drop(struct skb *skb, const struct vnet_drop_reason *reason, const char *why)
{
    struct vnet *w = skb->dev->ns->w;
    trace(w, skb->dev, "ip", "ip_frag_queue", VNET_TRACE_DROPPED, reason, "%s", why);
    skb_free(w, skb);
}

/* ip_frag_too_far(): the source has sent many fragments of other datagrams meanwhile. */
static bool too_far(struct frag_queue *q)
{
    int64_t max = net_sysctl(q->frags->ns, NET_IPV4_IPFRAG_MAX_DIST);
    if (max <= 0)
        return false;
    uint32_t start = q->rid, latest = 0;
    list_each(pos, &q->frags->by_age)
    {
        const struct frag_queue *other = list_entry(pos, struct frag_queue, age);
        if (inet_addr_eq(&other->key.saddr, &q->key.saddr) && other->rid > latest)
            latest = other->rid;
    }
    q->rid = latest + 1;
    return !list_empty(&q->runs) && q->rid - start > (uint64_t)max;
}

/* ip_frag_reinit(): begin anew. */
static void reinit(struct frag_queue *q)
{
    frag_queue_clear(q);
    arm(q);
}

/* Does the fragment's end agree with what is known of the datagram's length? Takes note of it. */
static bool end_fits(struct frag_queue *q, struct frag *f)
{
    if (!f->more) {
        if (f->end < q->len || (q->last_in && f->end != q->len))
            return false;
        q->last_in = true;
        q->len = f->end;
    } else {
        f->end &= ~7U;
        if (f->end > q->len) {
            if (q->last_in)
                return false;
            q->len = f->end;
        }
    }
    return f->end > f->offset;
}

static void note_fragment(struct frag_queue *q, const struct frag *f)
{
    uint32_t size = f->end - f->offset + f->h.hdr_len;
    q->iif = f->skb->dev->ifindex;
    q->stamp = f->skb->tstamp;
    q->meat += f->end - f->offset;
    q->ecn |= (uint8_t)(1 << (f->h.tos & 3));
    frag_charge_packet(q, f->skb->len);
    if (size > q->max_size)
        q->max_size = size;
    if ((f->h.frag & IPV4_DF) && size > q->max_df_size)
        q->max_df_size = size;
    if (f->offset == 0) {
        q->head_len = f->h.hdr_len;
        memcpy(q->head, skb_data(f->skb), f->h.hdr_len);
        q->head_payload = f->end;
        q->head_pkt_type = f->skb->pkt_type;
    }
}

/* ip_frag_reasm(): the datagram is complete. NULL: it cannot be. */
static struct skb *reassemble(struct frag_queue *q, const struct skb *latest)
{
    int ecn = frag_whole_ecn(q->ecn);
    uint32_t len = q->head_len + q->len;
    if (ecn < 0 || len > IPV4_MAX_LEN)
        return NULL;
    struct skb *skb = skb_alloc(q->frags->ns->w, len);
    uint8_t *p = skb_put(skb, len);
    memcpy(p, q->head, q->head_len);
    frag_copy_payload(q, p + q->head_len);
    p[1] |= (uint8_t)ecn;
    put_be16(p + 2, (uint16_t)len);
    put_be16(p + 6, q->max_df_size == q->max_size ? IPV4_DF : 0);
    ipv4_recheck(p, q->head_len);
    skb->net = skb->head;
    skb->transport = skb->head + q->head_len;
    skb->dev = latest->dev;
    skb->iif = latest->iif;
    skb->tstamp = q->stamp;
    skb->protocol = latest->protocol;
    skb->pkt_type = q->head_pkt_type;
    skb->mark = latest->mark;
    skb->has_dst = latest->has_dst;
    skb->dst = latest->dst;
    skb->looped = latest->looped;
    ip_options_find(skb);
    return skb;
}

/* ip_frag_queue(): consumes f->skb. */
static struct skb *queue_fragment(struct frag_queue *q, struct frag *f)
{
    struct netns *ns = q->frags->ns;
    if (too_far(q)) {
        ip_inc(ns, IPSTATS_REASMFAILS);
        reinit(q);
    }
    if (!end_fits(q, f)) {
        ip_inc(ns, IPSTATS_REASMFAILS);
        frag_queue_free(q);
        drop(f->skb, NULL, "the fragments contradict each other");
        return NULL;
    }
    const uint8_t *payload = skb_data(f->skb) + f->h.hdr_len;
    switch (frag_insert(q, f->offset, payload, f->end - f->offset)) {
    case FRAG_DUPLICATE:
        drop(f->skb, DROP_REASON(DUP_FRAG), "a fragment that is there already");
        return NULL;
    case FRAG_OVERLAP:
        ip_inc(ns, IPSTATS_REASM_OVERLAPS);
        ip_inc(ns, IPSTATS_REASMFAILS);
        frag_queue_free(q);
        drop(f->skb, NULL, "fragments overlap: the datagram is given up");
        return NULL;
    case FRAG_INSERTED:
        break;
    }
    note_fragment(q, f);
    struct skb *whole = frag_complete(q) ? reassemble(q, f->skb) : NULL;
    trace(f->skb->dev->ns->w, f->skb->dev, "ip", "ip_frag_queue",
          whole ? VNET_TRACE_OK : VNET_TRACE_QUEUED, NULL, "%u of %u bytes%s", q->meat, q->len,
          q->last_in ? "" : " or more");
    if (frag_complete(q))
        ip_inc(ns, whole ? IPSTATS_REASMOKS : IPSTATS_REASMFAILS);
    if (frag_complete(q))
        frag_queue_free(q);
    skb_free(f->skb->dev->ns->w, f->skb);
    return whole;
}

struct skb *ip_defrag(struct netns *ns, struct skb *skb)
{
    struct frag f = {.skb = skb};
    ip_inc(ns, IPSTATS_REASMREQDS);
    ipv4_parse(skb_data(skb), skb->len, &f.h);
    struct frag_queue *q = find_or_make(ns->frags, &f.h);
    if (!q) {
        ip_inc(ns, IPSTATS_REASMFAILS);
        drop(skb, NULL, "too much memory in fragments (ipfrag_high_thresh)");
        return NULL;
    }
    f.offset = (uint32_t)(f.h.frag & IPV4_OFFSET) * 8;
    f.end = f.offset + skb->len - f.h.hdr_len;
    f.more = f.h.frag & IPV4_MF;
    return queue_fragment(q, &f);
}

/* ---- time runs out ---- */

/* The first fragment as it came, for the ICMP error; NULL: its device is gone. */
static struct skb *first_fragment(const struct frag_queue *q)
{
    struct netns *ns = q->frags->ns;
    struct netdev *dev = netdev_by_index(ns, q->iif);
    const struct frag_run *r = list_first(&q->runs, struct frag_run, node);
    if (!dev || !r)
        return NULL;
    struct skb *skb = skb_alloc(ns->w, q->head_len + q->head_payload);
    memcpy(skb_put(skb, q->head_len), q->head, q->head_len);
    memcpy(skb_put(skb, q->head_payload), r->data, q->head_payload);
    skb->net = skb->head;
    skb->transport = skb->head + q->head_len;
    skb->dev = dev;
    skb->iif = q->iif;
    skb->pkt_type = q->head_pkt_type;
    ip_options_find(skb);
    return skb;
}

static void ip_expire(struct vnet *w, struct timer *t)
{
    struct frag_queue *q = container_of(t, struct frag_queue, timer);
    struct skb *skb = q->head_len ? first_fragment(q) : NULL;
    ip_inc(q->frags->ns, IPSTATS_REASMFAILS);
    ip_inc(q->frags->ns, IPSTATS_REASMTIMEOUT);
    trace(w, skb ? skb->dev : NULL, "ip", "ip_expire", VNET_TRACE_DROPPED,
          DROP_REASON(FRAG_REASM_TIMEOUT), "%u bytes of a datagram came, not all (ipfrag_time)",
          q->meat);
    frag_queue_free(q);
    if (!skb)
        return;
    struct ipv4_hdr h;
    ipv4_parse(skb_data(skb), skb->len, &h);
    struct inet_addr daddr = inet_addr_v4(h.daddr), saddr = inet_addr_v4(h.saddr);
    skb->has_dst = ip_route_input(skb->dev, &daddr, &saddr, h.tos, skb, &skb->dst) == 0;
    if (skb->has_dst)
        icmp_send(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_FRAGTIME, 0);
    skb_free(w, skb);
}

void ip_frags_init(struct netns *ns)
{
    ns->frags = ip_frags_new(ns, ip_expire);
}

void ip_frags_exit(struct netns *ns)
{
    ip_frags_free(ns->frags);
    ns->frags = NULL;
}
