#include "dev/skb.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/world.h"

struct skb *skb_alloc(struct vnet *w, size_t room)
{
    uint32_t cap = room <= SKB_SMALL - SKB_HEADROOM ? SKB_SMALL : (uint32_t)(room + SKB_HEADROOM);
    struct skb *skb = w->skb_pool;
    uint8_t *buf;
    if (cap == SKB_SMALL && skb) {
        w->skb_pool = skb->next;
        buf = skb->buf;
    } else {
        skb = mem_alloc(sizeof(*skb));
        buf = mem_alloc(cap);
    }
    *skb = (struct skb){.buf = buf, .cap = cap, .head = SKB_HEADROOM};
    return skb;
}

void skb_free(struct vnet *w, struct skb *skb)
{
    if (!skb)
        return;
    if (skb->cap == SKB_SMALL) {
        skb->next = w->skb_pool;
        w->skb_pool = skb;
        return;
    }
    free(skb->buf);
    free(skb);
}

struct skb *skb_copy(struct vnet *w, const struct skb *skb)
{
    struct skb *copy = skb_alloc(w, skb->cap - SKB_HEADROOM);
    uint8_t *buf = copy->buf;
    uint32_t cap = copy->cap;
    memcpy(buf, skb->buf, skb->head + skb->len);
    *copy = *skb;
    copy->next = NULL;
    copy->buf = buf;
    copy->cap = cap;
    return copy;
}

/* Move the data up by `by` bytes in a larger buffer, so that headers fit in front. */
static void grow_headroom(struct skb *skb, uint32_t by)
{
    skb->buf = mem_realloc(skb->buf, skb->cap + by);
    memmove(skb->buf + skb->head + by, skb->buf + skb->head, skb->len);
    skb->cap += by;
    skb->head += by;
    skb->mac += by;
    skb->net += by;
    skb->transport += by;
}

uint8_t *skb_push(struct skb *skb, size_t n)
{
    if (n > skb->head)
        grow_headroom(skb, (uint32_t)n + SKB_HEADROOM);
    skb->head -= (uint32_t)n;
    skb->len += (uint32_t)n;
    return skb->buf + skb->head;
}

uint8_t *skb_pull(struct skb *skb, size_t n)
{
    if (n > skb->len)
        return NULL;
    skb->head += (uint32_t)n;
    skb->len -= (uint32_t)n;
    return skb->buf + skb->head;
}

uint8_t *skb_put(struct skb *skb, size_t n)
{
    uint32_t tail = skb->head + skb->len;
    if (n > skb->cap - tail) {
        skb->cap = tail + (uint32_t)n;
        skb->buf = mem_realloc(skb->buf, skb->cap);
    }
    skb->len += (uint32_t)n;
    return skb->buf + tail;
}

void skb_trim(struct skb *skb, size_t n)
{
    if (n < skb->len)
        skb->len = (uint32_t)n;
}

void skb_pool_release(struct vnet *w)
{
    while (w->skb_pool) {
        struct skb *skb = w->skb_pool;
        w->skb_pool = skb->next;
        free(skb->buf);
        free(skb);
    }
}
