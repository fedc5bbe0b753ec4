#include "sim/recorder.h"

#include <string.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "dev/vlan.h"
#include "sim/world.h"

/* The ring holds entries back to back; `wrap`, when set, is where the older run ends, and the newer
 * run starts again at 0. The oldest entries give way. */

static struct recorder_entry *entry_at(const struct recorder *r, uint32_t offset)
{
    return (struct recorder_entry *)(void *)(r->ring + offset);
}

static bool is_empty(const struct recorder *r)
{
    return r->first_seq == r->next_seq;
}

/* The entries of the older run that begin before `end`, of all of it at most, give way. */
static void drop_older(struct recorder *r, uint32_t end)
{
    uint32_t head = r->head, n = 0;
    for (; head < r->wrap && head < end; n++)
        head += entry_at(r, head)->size;
    r->first_seq += n;
    r->head = head;
    if (head == r->wrap)
        r->head = r->wrap = 0;
}

/* Room for `size` contiguous bytes at tail. */
static inline void make_room(struct recorder *r, uint32_t size)
{
    if (r->tail + size > RECORDER_RING) {
        if (r->wrap) /* the older run lies ahead of tail: all of it goes first */
            drop_older(r, r->wrap);
        r->wrap = r->tail;
        r->tail = 0;
    }
    if (r->wrap && r->head < r->tail + size)
        drop_older(r, r->tail + size);
}

/* A tag beside the frame is put back where it belongs, as libpcap does (PACKET_AUXDATA). */
VNET_COLD static void put_tagged(uint8_t *to, const struct skb *skb, uint32_t caplen)
{
    enum { ADDRS = 2 * ETH_ALEN };
    uint8_t h[ADDRS + VLAN_HLEN];
    const uint8_t *from = skb->buf + skb->mac;
    memcpy(h, from, ADDRS);
    put_be16(h + ADDRS, skb->vlan_proto);
    put_be16(h + ADDRS + 2, skb->vlan_tci);
    uint32_t first = caplen < sizeof(h) ? caplen : (uint32_t)sizeof(h);
    memcpy(to, h, first);
    memcpy(to + first, from + ADDRS, caplen - first);
}

VNET_COLD static void first_frame(struct vnet *w, const struct netdev *dev, const struct skb *skb,
                                  uint8_t pkttype)
{
    w->recorder.ring = mem_alloc(RECORDER_RING);
    recorder_frame(w, dev, skb, pkttype);
}

void recorder_frame(struct vnet *w, const struct netdev *dev, const struct skb *skb,
                    uint8_t pkttype)
{
    struct recorder *r = &w->recorder;
    if (dev->ns->outside)
        return;
    if (!r->ring) {
        first_frame(w, dev, skb, pkttype);
        return;
    }
    uint32_t tag = skb->vlan_proto ? VLAN_HLEN : 0;
    uint32_t len = skb->head + skb->len - skb->mac + tag;
    uint32_t caplen = len < r->snaplen ? len : r->snaplen;
    uint32_t size = (uint32_t)(sizeof(struct recorder_entry) + caplen + 7) & ~7U;
    make_room(r, size);
    struct recorder_entry *e = entry_at(r, r->tail);
    e->size = size;
    e->len = len;
    e->caplen = caplen;
    e->ifindex = dev->ifindex;
    e->netns = dev->ns->id;
    e->arphrd = dev->type;
    e->pkttype = pkttype;
    e->time = skb->tstamp ? skb->tstamp : w->now;
    e->seq = r->next_seq++;
    memcpy(e->ifname, dev->name, sizeof(e->ifname));
    r->tail += size;
    if (tag)
        put_tagged((uint8_t *)(e + 1), skb, caplen);
    else
        memcpy(e + 1, skb->buf + skb->mac, caplen);
}

const struct recorder_entry *recorder_first(const struct recorder *r)
{
    return is_empty(r) ? NULL : entry_at(r, r->head);
}

const struct recorder_entry *recorder_next(const struct recorder *r, const struct recorder_entry *e)
{
    uint32_t offset = (uint32_t)((const uint8_t *)e - r->ring) + e->size;
    if (r->wrap && offset == r->wrap)
        offset = 0;
    return offset == r->tail ? NULL : entry_at(r, offset);
}

void recorder_clear(struct recorder *r)
{
    r->head = r->tail = r->wrap = 0;
    r->first_seq = r->next_seq;
}

/* Forget the frames from seq `end` on. */
static void drop_from(struct recorder *r, uint64_t end)
{
    const struct recorder_entry *e = recorder_first(r);
    while (e && e->seq < end)
        e = recorder_next(r, e);
    if (!e)
        return;
    uint32_t offset = (uint32_t)((const uint8_t *)e - r->ring);
    if (offset >= r->head)
        r->wrap = 0;
    r->tail = offset;
    r->next_seq = e->seq;
    if (is_empty(r))
        r->head = r->tail = r->wrap = 0;
}

void recorder_move(struct recorder *to, struct recorder *from, uint64_t end)
{
    drop_from(from, end);
    to->ring = from->ring;
    to->head = from->head;
    to->tail = from->tail;
    to->wrap = from->wrap;
    to->first_seq = is_empty(from) ? to->next_seq : from->first_seq;
    from->ring = NULL;
}

void recorder_release(struct recorder *r)
{
    free(r->ring);
    free(r->segment.devices);
    *r = (struct recorder){0};
}
