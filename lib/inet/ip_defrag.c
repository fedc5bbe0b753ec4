/* Putting fragments together again (net/ipv4/ip_fragment.c, net/ipv4/inet_fragment.c; RFC 791 3.2,
 * RFC 5722 on overlaps). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "inet/icmp.h"
#include "inet/ip.h"
#include "inet/ip_frags.h"
#include "inet/route.h"
#include "inet/sysctls.h"
#include "inet/truesize.h"
#include "sim/trace.h"
#include "vnet_route.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

enum { IPQ_SIZE = 216 }; /* sizeof(struct ipq), what an empty queue is charged with */

/* ---- queues ---- */

static struct list *bucket(struct ip_frags *f, uint32_t saddr, uint32_t daddr, uint16_t id,
                           uint8_t protocol)
{
    uint32_t h = (saddr * 0x9e3779b1U) ^ (daddr * 0x85ebca6bU) ^ (id * 0xc2b2ae35U) ^ protocol;
    return &f->buckets[(h >> 16 ^ h) % FRAG_BUCKETS];
}

static void charge(struct frag_queue *q, uint32_t bytes)
{
    q->charged += bytes;
    q->frags->mem += bytes;
}

static void ip_expire(struct vnet *w, struct timer *t);

struct frag_queue *frag_queue_new(struct ip_frags *f, uint32_t saddr, uint32_t daddr, uint16_t id,
                                  uint8_t protocol)
{
    struct frag_queue *q = mem_alloc(sizeof(*q));
    q->frags = f;
    q->saddr = saddr;
    q->daddr = daddr;
    q->id = id;
    q->protocol = protocol;
    list_init(&q->runs);
    timer_init(&q->timer, ip_expire);
    list_add_head(&q->node, bucket(f, saddr, daddr, id, protocol));
    list_add_tail(&q->age, &f->by_age);
    charge(q, IPQ_SIZE);
    return q;
}

static void drop_runs(struct frag_queue *q)
{
    list_each_safe(pos, tmp, &q->runs)
    {
        struct frag_run *r = list_entry(pos, struct frag_run, node);
        list_del(&r->node);
        free(r->data);
        free(r);
    }
}

void frag_queue_free(struct frag_queue *q)
{
    timer_cancel(q->frags->ns->w, &q->timer);
    drop_runs(q);
    q->frags->mem -= q->charged;
    list_del(&q->node);
    list_del(&q->age);
    free(q);
}

static struct frag_queue *find(struct ip_frags *f, const struct ipv4_hdr *h)
{
    struct list *head = bucket(f, h->saddr, h->daddr, h->id, h->protocol);
    list_each(pos, head)
    {
        struct frag_queue *q = list_entry(pos, struct frag_queue, node);
        if (q->saddr == h->saddr && q->daddr == h->daddr && q->id == h->id &&
            q->protocol == h->protocol)
            return q;
    }
    return NULL;
}

static void arm(struct frag_queue *q)
{
    const struct netns *ns = q->frags->ns;
    timer_set_jiffies(ns->w, &q->timer, net_sysctl(ns, NET_IPV4_IPFRAG_TIME) * NSEC_PER_SEC);
}

/* ip_find(): the queue of this datagram, new if need be; NULL: the memory for fragments is used up.
 */
static struct frag_queue *find_or_make(struct ip_frags *f, const struct ipv4_hdr *h)
{
    struct frag_queue *q = find(f, h);
    if (q)
        return q;
    int64_t high = net_sysctl(f->ns, NET_IPV4_IPFRAG_HIGH_THRESH);
    if (high <= 0 || f->mem > (uint64_t)high)
        return NULL;
    q = frag_queue_new(f, h->saddr, h->daddr, h->id, h->protocol);
    arm(q);
    return q;
}

/* ---- runs of bytes ---- */

static void run_grow(struct frag_run *r, const uint8_t *data, uint32_t len)
{
    uint32_t have = r->end - r->offset;
    if (have + len > r->cap) {
        r->cap = (have + len) * 2;
        r->data = mem_realloc(r->data, r->cap);
    }
    memcpy(r->data + have, data, len);
    r->end += len;
}

static void run_insert(struct list *before, uint32_t offset, const uint8_t *data, uint32_t len)
{
    struct frag_run *r = mem_alloc(sizeof(*r));
    r->offset = r->end = offset;
    run_grow(r, data, len);
    list_insert_before(&r->node, before);
}

void frag_run_append(struct frag_queue *q, uint32_t offset, const uint8_t *data, uint32_t len)
{
    run_insert(&q->runs, offset, data, len);
}

enum insert { INSERTED, DUPLICATE, OVERLAP };

/* inet_frag_queue_insert() */
static enum insert insert_bytes(struct frag_queue *q, uint32_t offset, const uint8_t *data,
                                uint32_t len)
{
    uint32_t end = offset + len;
    struct frag_run *last =
        list_empty(&q->runs) ? NULL : list_entry(q->runs.prev, struct frag_run, node);
    if (!last || last->end < end) {
        if (last && offset < last->end)
            return OVERLAP;
        if (last && offset == last->end)
            run_grow(last, data, len);
        else
            frag_run_append(q, offset, data, len);
        return INSERTED;
    }
    list_each(pos, &q->runs)
    {
        struct frag_run *r = list_entry(pos, struct frag_run, node);
        if (end <= r->offset) {
            run_insert(&r->node, offset, data, len);
            return INSERTED;
        }
        if (offset < r->end)
            return offset >= r->offset && end <= r->end ? DUPLICATE : OVERLAP;
    }
    return OVERLAP; /* not reached: the last run ends at or behind `end` */
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
        if (other->saddr == q->saddr && other->rid > latest)
            latest = other->rid;
    }
    q->rid = latest + 1;
    return !list_empty(&q->runs) && q->rid - start > (uint64_t)max;
}

/* ip_frag_reinit(): begin anew. */
static void reinit(struct frag_queue *q)
{
    drop_runs(q);
    q->frags->mem -= q->charged - IPQ_SIZE;
    q->charged = IPQ_SIZE;
    q->len = q->meat = q->max_size = q->max_df_size = 0;
    q->last_in = false;
    q->ecn = q->head_len = 0;
    q->iif = 0;
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
    charge(q, skb_truesize(q->frags->ns->w, f->skb->len));
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

/* ip_frag_ecn_table[]: the ECN bits of the whole; -1: the fragments disagree. */
static int whole_ecn(uint8_t seen)
{
    enum { NOT_ECT = 1, CE = 8, ECN_CE = 3 };
    if ((seen & NOT_ECT) && seen != NOT_ECT)
        return -1;
    return (seen & CE) && seen != CE ? ECN_CE : 0;
}

/* ip_frag_reasm(): the datagram is complete. NULL: it cannot be. */
static struct skb *reassemble(struct frag_queue *q, const struct skb *latest)
{
    int ecn = whole_ecn(q->ecn);
    uint32_t len = q->head_len + q->len;
    if (ecn < 0 || len > IPV4_MAX_LEN)
        return NULL;
    struct skb *skb = skb_alloc(q->frags->ns->w, len);
    uint8_t *p = skb_put(skb, len);
    memcpy(p, q->head, q->head_len);
    list_each(pos, &q->runs)
    {
        const struct frag_run *r = list_entry(pos, struct frag_run, node);
        memcpy(p + q->head_len + r->offset, r->data, r->end - r->offset);
    }
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

static bool complete(const struct frag_queue *q)
{
    return q->head_len && q->last_in && q->meat == q->len;
}

/* ip_frag_queue(): consumes f->skb. */
static struct skb *queue_fragment(struct frag_queue *q, struct frag *f)
{
    if (too_far(q))
        reinit(q);
    if (!end_fits(q, f)) {
        frag_queue_free(q);
        drop(f->skb, NULL, "the fragments contradict each other");
        return NULL;
    }
    const uint8_t *payload = skb_data(f->skb) + f->h.hdr_len;
    switch (insert_bytes(q, f->offset, payload, f->end - f->offset)) {
    case DUPLICATE:
        drop(f->skb, DROP_REASON(DUP_FRAG), "a fragment that is there already");
        return NULL;
    case OVERLAP:
        frag_queue_free(q);
        drop(f->skb, NULL, "fragments overlap: the datagram is given up");
        return NULL;
    case INSERTED:
        break;
    }
    note_fragment(q, f);
    struct skb *whole = complete(q) ? reassemble(q, f->skb) : NULL;
    trace(f->skb->dev->ns->w, f->skb->dev, "ip", "ip_frag_queue",
          whole ? VNET_TRACE_OK : VNET_TRACE_QUEUED, NULL, "%u of %u bytes%s", q->meat, q->len,
          q->last_in ? "" : " or more");
    if (complete(q))
        frag_queue_free(q);
    skb_free(f->skb->dev->ns->w, f->skb);
    return whole;
}

struct skb *ip_defrag(struct netns *ns, struct skb *skb)
{
    struct frag f = {.skb = skb};
    ipv4_parse(skb_data(skb), skb->len, &f.h);
    struct frag_queue *q = find_or_make(ns->frags, &f.h);
    if (!q) {
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
    struct ip_frags *f = mem_alloc(sizeof(*f));
    f->ns = ns;
    list_init(&f->by_age);
    for (unsigned i = 0; i < FRAG_BUCKETS; i++)
        list_init(&f->buckets[i]);
    ns->frags = f;
}

void ip_frags_exit(struct netns *ns)
{
    list_each_safe(pos, tmp, &ns->frags->by_age)
        frag_queue_free(list_entry(pos, struct frag_queue, age));
    free(ns->frags);
    ns->frags = NULL;
}
