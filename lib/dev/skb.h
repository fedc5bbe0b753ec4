/* Packet buffers. One owner at a time: a function that takes a struct skb consumes it, unless it
 * says otherwise. Buffers come from the world's pool. */
#ifndef VNET_DEV_SKB_H
#define VNET_DEV_SKB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "inet/dst.h"
#include "inet/ip_options.h"
#include "sim/timer.h"

struct vnet;
struct netdev;

enum {
    SKB_HEADROOM = 64, /* room for link and network headers in front of the data */
    SKB_SMALL = 2048,  /* bytes in a pooled buffer; larger ones are allocated one by one */
};

enum { /* of the transport header */
       CHECKSUM_NONE = 0,
       CHECKSUM_PARTIAL = 3, /* only the pseudo-header's: the rest was left to a device, which, not
                                being one of wire, never does it; nor is it verified */
};

struct skb {
    uint8_t *buf; /* owned memory of `cap` bytes */
    uint32_t cap;
    uint32_t head;                /* offset in buf of the first byte of data */
    uint32_t len;                 /* bytes of data */
    uint32_t mac, net, transport; /* offsets in buf of the headers (valid once parsed or pushed) */
    struct skb *next;             /* queues, free list */
    struct netdev *dev;           /* out: the device to send by, then the one at the link's other
                                     end; in: the device it came in by */
    int64_t tstamp;               /* when it was received (world clock, ns); 0: not yet */
    uint16_t protocol;            /* ethertype, host order */
    uint8_t pkt_type;             /* enum vnet_pkttype */
    uint8_t ip_summed;            /* CHECKSUM_* */
    uint16_t vlan_proto;          /* ethertype of a VLAN tag that is not in the data; 0: none */
    uint16_t vlan_tci;
    /* while it is in a bridge: BR_INPUT_SKB_CB() */
    bool br_filtered, br_isolated, br_igmp, br_mrouters_only;
    uint32_t mark, priority;
    uint32_t sock; /* vnet_sock_id of the sending socket, 0: none (errors go back to it) */
    int iif;       /* ifindex of the receiving device (IPCB iif) */
    bool has_dst;
    bool looped;     /* a copy looped back to its sender (multicast, broadcast) */
    bool ignore_df;  /* may be fragmented although DF is set (its socket does not insist) */
    bool raw_taken;  /* a raw socket got a copy */
    bool no_mc_loop; /* IP_MULTICAST_LOOP off: multicasts do not come back to us */
    uint8_t hops;    /* nesting guard: devices passed without a queue between */
    struct ip_opt_places opt; /* IPCB(skb)->opt: of an IPv4 packet whose options were compiled */
    struct dst dst;           /* the route, valid if has_dst; else not even initialised */
    struct list in_flight;    /* in vnet.frames_in_flight while a link has it (dev/hop.h) */
    struct timer arrival;
};

/* An empty buffer able to hold `room` bytes behind SKB_HEADROOM. */
struct skb *skb_alloc(struct vnet *w, size_t room);
void skb_free(struct vnet *w, struct skb *skb);
/* A deep copy; the route is copied too. */
struct skb *skb_copy(struct vnet *w, const struct skb *skb);

static inline uint8_t *skb_data(const struct skb *skb)
{
    return skb->buf + skb->head;
}
static inline uint8_t *skb_net(const struct skb *skb)
{
    return skb->buf + skb->net;
}
static inline uint8_t *skb_transport(const struct skb *skb)
{
    return skb->buf + skb->transport;
}
/* skb_scrub_packet(): what is of the host that sent it stays there; xnet: of its namespace, too. */
static inline void skb_scrub_packet(struct skb *skb, bool xnet)
{
    skb->has_dst = false;
    skb->sock = 0;
    skb->priority = 0;
    if (xnet)
        skb->mark = 0;
}
/* skb_push() and skb_put() where the buffer is too small. */
VNET_COLD void skb_grow_headroom(struct skb *skb, uint32_t by);
VNET_COLD void skb_grow_tail(struct skb *skb, uint32_t cap);

/* Make room of n bytes in front; returns the new first byte. Grows the headroom if there is too
 * little. */
static inline uint8_t *skb_push(struct skb *skb, size_t n)
{
    if (n > skb->head)
        skb_grow_headroom(skb, (uint32_t)n + SKB_HEADROOM);
    skb->head -= (uint32_t)n;
    skb->len += (uint32_t)n;
    return skb->buf + skb->head;
}
/* Take n bytes off the front; NULL if there are fewer. */
static inline uint8_t *skb_pull(struct skb *skb, size_t n)
{
    if (n > skb->len)
        return NULL;
    skb->head += (uint32_t)n;
    skb->len -= (uint32_t)n;
    return skb->buf + skb->head;
}
/* Append n bytes (uninitialised); returns the first of them. */
static inline uint8_t *skb_put(struct skb *skb, size_t n)
{
    uint32_t tail = skb->head + skb->len;
    if (n > skb->cap - tail)
        skb_grow_tail(skb, tail + (uint32_t)n);
    skb->len += (uint32_t)n;
    return skb->buf + tail;
}
/* Cut the data to n bytes; a no-op if it is shorter. */
static inline void skb_trim(struct skb *skb, size_t n)
{
    if (n < skb->len)
        skb->len = (uint32_t)n;
}

/* Free all pooled memory (world's end). */
void skb_pool_release(struct vnet *w);

#endif
