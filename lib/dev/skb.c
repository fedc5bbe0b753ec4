#include "dev/skb.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "sim/world.h"

VNET_COLD static struct skb *new_skb(uint32_t cap)
{
    struct skb *skb = mem_alloc(sizeof(*skb));
    skb->buf = mem_alloc(cap);
    skb->cap = cap;
    skb->head = SKB_HEADROOM;
    return skb;
}

struct skb *skb_alloc(struct vnet *w, size_t room)
{
    struct skb *skb = w->skb_pool;
    if (room > SKB_SMALL - SKB_HEADROOM)
        return new_skb((uint32_t)(room + SKB_HEADROOM));
    if (!skb)
        return new_skb(SKB_SMALL);
    w->skb_pool = skb->next;
    memset(&skb->len, 0, offsetof(struct skb, dst) - offsetof(struct skb, len));
    skb->head = SKB_HEADROOM;
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
void skb_grow_headroom(struct skb *skb, uint32_t by)
{
    skb->buf = mem_realloc(skb->buf, skb->cap + by);
    memmove(skb->buf + skb->head + by, skb->buf + skb->head, skb->len);
    skb->cap += by;
    skb->head += by;
    skb->mac += by;
    skb->net += by;
    skb->transport += by;
}

void skb_grow_tail(struct skb *skb, uint32_t cap)
{
    skb->buf = mem_realloc(skb->buf, cap);
    skb->cap = cap;
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
