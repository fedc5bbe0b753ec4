/* Putting IPv6 fragments together again (net/ipv6/reassembly.c; RFC 8200 4.5, RFC 5722). */
#include <string.h>

#include "inet/addrconf_int.h"
#include "inet/ip6_exthdrs.h"
#include "inet/ip_frags.h"
#include "inet/mib.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

enum { IPV6_MAXPLEN = 65535, AT_PAYLOAD_LEN = 4, AT_FRAG_OFF = 2 };

struct frag { /* a fragment that came in */
    struct skb *skb;
    struct ipv6_hdr ip;
    struct ipv6_frag h;
    uint32_t hlen; /* bytes in front of the fragment header */
    uint32_t nhoff;
    uint32_t offset, end;
};

static struct skb *drop(struct frag *f, const struct vnet_drop_reason *reason, const char *why)
{
    struct vnet *w = dev_world(f->skb->dev);
    trace(w, f->skb->dev, "ip6", "ip6_frag_queue", VNET_TRACE_DROPPED, reason, "%s", why);
    skb_free(w, f->skb);
    return NULL;
}

static struct skb *fail(struct frag *f, const char *why)
{
    ip6_inc(f->skb->dev->ns, IPSTATS_REASMFAILS);
    return drop(f, NULL, why);
}

/* icmpv6_param_prob() */
static struct skb *parameter_problem(struct frag *f, uint8_t code, uint32_t at, const char *why)
{
    ip6_inc(f->skb->dev->ns, IPSTATS_INHDRERRORS);
    icmpv6_send(f->skb, ICMPV6_PARAMPROB, code, at);
    return drop(f, DROP_REASON(IP_INHDR), why);
}

static struct frag_queue *find_or_make(struct netns *ns, const struct frag *f)
{
    struct frag_key key = {
        .saddr = inet_addr_v6(f->ip.saddr), .daddr = inet_addr_v6(f->ip.daddr), .id = f->h.id};
    if (inet_addr_is_multicast(&key.daddr) || inet_addr_is_linklocal(&key.daddr))
        key.iif = f->skb->dev->ifindex;
    struct frag_queue *q = frag_queue_find(ns->frags6, &key);
    int64_t high = net_sysctl(ns, NET_IPV6_IP6FRAG_HIGH_THRESH);
    if (q)
        return q;
    if (high <= 0 || ns->frags6->mem > (uint64_t)high)
        return NULL;
    q = frag_queue_new(ns->frags6, &key);
    timer_set_jiffies(ns->w, &q->timer, net_sysctl(ns, NET_IPV6_IP6FRAG_TIME) * NSEC_PER_SEC);
    return q;
}

/* Does the fragment's end agree with what is known of the datagram's length? Takes note of it. */
static bool end_fits(struct frag_queue *q, const struct frag *f)
{
    if (!f->h.more) {
        if (f->end < q->len || (q->last_in && f->end != q->len))
            return false;
        q->last_in = true;
        q->len = f->end;
    } else if (f->end > q->len) {
        if (q->last_in)
            return false;
        q->len = f->end;
    }
    return f->end > f->offset;
}

static void note_fragment(struct frag_queue *q, const struct frag *f)
{
    uint32_t size = f->end - f->offset + f->hlen + IPV6_FRAG_LEN;
    q->iif = f->skb->dev->ifindex;
    q->stamp = f->skb->tstamp;
    q->meat += f->end - f->offset;
    q->ecn |= (uint8_t)(1 << (f->ip.tclass & 3));
    frag_charge_packet(q, f->skb->len);
    if (size > q->max_size)
        q->max_size = size;
    if (f->offset == 0) {
        q->head_len = (uint16_t)f->hlen;
        memcpy(q->head, skb_net(f->skb), f->hlen);
        q->head_nexthdr = (uint16_t)f->nhoff;
        q->nexthdr = f->h.nexthdr;
        q->head_payload = f->end;
        q->head_pkt_type = f->skb->pkt_type;
    }
}

/* ip6_frag_reasm(): the datagram is complete. NULL: it cannot be. */
static struct skb *reassemble(struct frag_queue *q, const struct skb *latest)
{
    int ecn = frag_whole_ecn(q->ecn);
    uint32_t payload_len = q->head_len - IPV6_HDR_LEN + q->len;
    if (ecn < 0 || payload_len > IPV6_MAXPLEN)
        return NULL;
    struct skb *skb = skb_alloc(q->frags->ns->w, q->head_len + q->len);
    uint8_t *p = skb_put(skb, q->head_len + q->len);
    memcpy(p, q->head, q->head_len);
    frag_copy_payload(q, p + q->head_len);
    p[q->head_nexthdr] = q->nexthdr;
    p[1] |= (uint8_t)(ecn << 4);
    ipv6_set_payload_len(p, (uint16_t)payload_len);
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
    return skb;
}

/* ip6_frag_queue(): consumes f->skb. */
static struct skb *queue_fragment(struct frag_queue *q, struct frag *f)
{
    const uint8_t *payload = skb_transport(f->skb) + IPV6_FRAG_LEN;
    if (!end_fits(q, f)) {
        frag_queue_free(q);
        return fail(f, "the fragments contradict each other");
    }
    switch (frag_insert(q, f->offset, payload, f->end - f->offset)) {
    case FRAG_DUPLICATE:
        return drop(f, DROP_REASON(DUP_FRAG), "a fragment that is there already");
    case FRAG_OVERLAP:
        frag_queue_free(q);
        return fail(f, "fragments overlap: the datagram is given up");
    case FRAG_INSERTED:
        break;
    }
    note_fragment(q, f);
    struct skb *whole = frag_complete(q) ? reassemble(q, f->skb) : NULL;
    trace(dev_world(f->skb->dev), f->skb->dev, "ip6", "ip6_frag_queue",
          whole ? VNET_TRACE_OK : VNET_TRACE_QUEUED, NULL, "%u of %u bytes%s", q->meat, q->len,
          q->last_in ? "" : " or more");
    if (frag_complete(q))
        ip6_inc(q->frags->ns, whole ? IPSTATS_REASMOKS : IPSTATS_REASMFAILS);
    if (frag_complete(q))
        frag_queue_free(q);
    skb_free(dev_world(f->skb->dev), f->skb);
    return whole;
}

/* ipv6frag_thdr_truncated(): must all headers stand in the first fragment? Since 5.11. */
static bool headers_cut(const struct frag *f)
{
    uint8_t proto = f->h.nexthdr;
    size_t off = f->hlen + IPV6_FRAG_LEN, len = f->skb->head + f->skb->len - f->skb->net;
    if (f->offset || dev_world(f->skb->dev)->profile->kernel.version < 0x050b00)
        return false;
    if (!ipv6_skip_exthdr(skb_net(f->skb), len, &off, &proto))
        return false;
    return off + (proto == IPV6_NEXTHDR_ICMP ? 1 : 0) > len;
}

struct skb *ipv6_frag_rcv(struct skb *skb, uint32_t nhoff)
{
    struct frag f = {.skb = skb, .hlen = skb->transport - skb->net, .nhoff = nhoff};
    uint32_t len = skb->head + skb->len - skb->transport;
    ip6_inc(skb->dev->ns, IPSTATS_REASMREQDS);
    ipv6_parse(skb_net(skb), IPV6_HDR_LEN, &f.ip);
    if (!ipv6_frag_parse(skb_transport(skb), len, &f.h) || f.hlen > FRAG_HEAD_MAX)
        return parameter_problem(&f, ICMPV6_HDR_FIELD, f.hlen, "truncated fragment header");
    f.offset = f.h.offset;
    f.end = f.offset + len - IPV6_FRAG_LEN;
    if (!f.offset && !f.h.more) { /* one that is whole (RFC 6946) */
        ip6_inc(skb->dev->ns, IPSTATS_REASMOKS);
        skb->transport += IPV6_FRAG_LEN;
        return skb;
    }
    if (headers_cut(&f))
        return parameter_problem(&f, ICMPV6_HDR_INCOMP, 0, "headers go beyond the first fragment");
    if (f.end > IPV6_MAXPLEN)
        return parameter_problem(&f, ICMPV6_HDR_FIELD, f.hlen + AT_FRAG_OFF, "datagram too long");
    if (f.h.more && f.end % 8)
        return parameter_problem(&f, ICMPV6_HDR_FIELD, AT_PAYLOAD_LEN,
                                 "a fragment but the last of no multiple of 8 bytes");
    struct frag_queue *q = find_or_make(skb->dev->ns, &f);
    if (!q)
        return fail(&f, "too much memory in fragments (ip6frag_high_thresh)");
    return queue_fragment(q, &f);
}

/* ---- time runs out ---- */

/* The first fragment as it came, for the ICMPv6 error; NULL: its device is gone. */
static struct skb *first_fragment(const struct frag_queue *q)
{
    struct netns *ns = q->frags->ns;
    struct netdev *dev = netdev_by_index(ns, q->iif);
    const struct frag_run *r = list_first(&q->runs, struct frag_run, node);
    const struct ipv6_frag h = {.nexthdr = q->nexthdr, .more = true, .id = q->key.id};
    if (!dev || !r)
        return NULL;
    uint32_t len = q->head_len + IPV6_FRAG_LEN + q->head_payload;
    struct skb *skb = skb_alloc(ns->w, len);
    uint8_t *p = skb_put(skb, len);
    memcpy(p, q->head, q->head_len);
    ipv6_frag_emit(p + q->head_len, &h);
    memcpy(p + q->head_len + IPV6_FRAG_LEN, r->data, q->head_payload);
    skb->net = skb->head;
    skb->transport = skb->head + q->head_len;
    skb->dev = dev;
    skb->iif = q->iif;
    skb->pkt_type = q->head_pkt_type;
    return skb;
}

/* ip6frag_expire_frag_queue() */
static void frag_expire(struct vnet *w, struct timer *t)
{
    struct frag_queue *q = container_of(t, struct frag_queue, timer);
    struct skb *skb = q->head_len ? first_fragment(q) : NULL;
    trace(w, skb ? skb->dev : NULL, "ip6", "ip6frag_expire_frag_queue", VNET_TRACE_DROPPED,
          DROP_REASON(FRAG_REASM_TIMEOUT), "%u bytes of a datagram came, not all (ip6frag_time)",
          q->meat);
    if (netdev_by_index(q->frags->ns, q->iif)) {
        ip6_inc(q->frags->ns, IPSTATS_REASMFAILS);
        ip6_inc(q->frags->ns, IPSTATS_REASMTIMEOUT);
    }
    frag_queue_free(q);
    if (!skb)
        return;
    icmpv6_send(skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_FRAGTIME, 0);
    skb_free(w, skb);
}

void ip6_frags_init(struct netns *ns)
{
    ns->frags6 = ip_frags_new(ns, frag_expire);
}

void ip6_frags_exit(struct netns *ns)
{
    ip_frags_free(ns->frags6);
    ns->frags6 = NULL;
}
