/* Datagrams that are being put together again, of either family: their queues, and the bytes in
 * them (net/ipv4/inet_fragment.c; RFC 5722 on overlaps). */
#include "inet/ip_frags.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inet/truesize.h"

/* ---- queues ---- */

static struct list *bucket(struct ip_frags *f, const struct frag_key *k)
{
    uint32_t h = k->id * 0xc2b2ae35U ^ k->protocol;
    for (unsigned i = 0; i < sizeof(k->saddr.bytes); i++)
        h = (h ^ k->saddr.bytes[i] ^ (uint32_t)k->daddr.bytes[i] << 8) * 0x9e3779b1U;
    return &f->buckets[(h >> 16 ^ h) % FRAG_BUCKETS];
}

static uint32_t empty_size(const struct frag_queue *q)
{
    return q->key.saddr.family == VNET_AF_INET6 ? FQ6_SIZE : IPQ_SIZE;
}

static void charge(struct frag_queue *q, uint32_t bytes)
{
    q->charged += bytes;
    q->frags->mem += bytes;
}

void frag_charge_packet(struct frag_queue *q, uint32_t len)
{
    charge(q, skb_truesize(q->frags->ns->w, len));
}

struct frag_queue *frag_queue_new(struct ip_frags *f, const struct frag_key *key)
{
    struct frag_queue *q = mem_alloc(sizeof(*q));
    q->frags = f;
    q->key = *key;
    list_init(&q->runs);
    timer_init(&q->timer, f->expire);
    list_add_head(&q->node, bucket(f, key));
    list_add_tail(&q->age, &f->by_age);
    charge(q, empty_size(q));
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

void frag_queue_clear(struct frag_queue *q)
{
    drop_runs(q);
    q->frags->mem -= q->charged - empty_size(q);
    q->charged = empty_size(q);
    q->len = q->meat = q->max_size = q->max_df_size = 0;
    q->last_in = false;
    q->ecn = 0;
    q->head_len = 0;
    q->iif = 0;
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

struct frag_queue *frag_queue_find(struct ip_frags *f, const struct frag_key *key)
{
    list_each(pos, bucket(f, key))
    {
        struct frag_queue *q = list_entry(pos, struct frag_queue, node);
        if (q->key.id == key->id && q->key.protocol == key->protocol && q->key.iif == key->iif &&
            inet_addr_eq(&q->key.saddr, &key->saddr) && inet_addr_eq(&q->key.daddr, &key->daddr))
            return q;
    }
    return NULL;
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

enum frag_insert frag_insert(struct frag_queue *q, uint32_t offset, const uint8_t *data,
                             uint32_t len)
{
    uint32_t end = offset + len;
    struct frag_run *last =
        list_empty(&q->runs) ? NULL : list_entry(q->runs.prev, struct frag_run, node);
    if (!last || last->end < end) {
        if (last && offset < last->end)
            return FRAG_OVERLAP;
        if (last && offset == last->end)
            run_grow(last, data, len);
        else
            frag_run_append(q, offset, data, len);
        return FRAG_INSERTED;
    }
    list_each(pos, &q->runs)
    {
        struct frag_run *r = list_entry(pos, struct frag_run, node);
        if (end <= r->offset) {
            run_insert(&r->node, offset, data, len);
            return FRAG_INSERTED;
        }
        if (offset < r->end)
            return offset >= r->offset && end <= r->end ? FRAG_DUPLICATE : FRAG_OVERLAP;
    }
    return FRAG_OVERLAP; /* not reached: the last run ends at or behind `end` */
}

bool frag_complete(const struct frag_queue *q)
{
    return q->head_len && q->last_in && q->meat == q->len;
}

void frag_copy_payload(const struct frag_queue *q, uint8_t *to)
{
    list_each(pos, &q->runs)
    {
        const struct frag_run *r = list_entry(pos, struct frag_run, node);
        memcpy(to + r->offset, r->data, r->end - r->offset);
    }
}

int frag_whole_ecn(uint8_t seen)
{
    enum { NOT_ECT = 1, CE = 8, ECN_CE = 3 };
    if ((seen & NOT_ECT) && seen != NOT_ECT)
        return -1;
    return (seen & CE) && seen != CE ? ECN_CE : 0;
}

struct ip_frags *ip_frags_new(struct netns *ns, void (*expire)(struct vnet *w, struct timer *t))
{
    struct ip_frags *f = mem_alloc(sizeof(*f));
    f->ns = ns;
    f->expire = expire;
    list_init(&f->by_age);
    for (unsigned i = 0; i < FRAG_BUCKETS; i++)
        list_init(&f->buckets[i]);
    return f;
}

void ip_frags_free(struct ip_frags *f)
{
    list_each_safe(pos, tmp, &f->by_age) frag_queue_free(list_entry(pos, struct frag_queue, age));
    free(f);
}
