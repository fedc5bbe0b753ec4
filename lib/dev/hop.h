/* Frames in flight: between the device that sent them and the one they arrive at. */
#ifndef VNET_DEV_HOP_H
#define VNET_DEV_HOP_H

#include "base/list.h"
#include "dev/netdev.h"
#include "sim/timer.h"

struct dev_hop {
    struct list node; /* in vnet.frames_in_flight, or the pool's free list */
    struct timer timer;
    struct netdev *to;
    struct skb *skb; /* owned */
};

/* A frame for `to`, without arming the timer (on load dev_hop_restore() follows). Owns skb. */
struct dev_hop *dev_hop_new(struct netdev *to, struct skb *skb);
/* Arm it with a saved time and sequence number. */
void dev_hop_restore(struct dev_hop *hop, int64_t expires, uint64_t seq);
/* Frames on the way to a device arrive now: the softirq that takes them runs before the sender goes
 * on, and what it finds depends on that. */
void dev_hop_flush(struct netdev *to);
/* The device goes: its frames are lost. */
void dev_hop_drop(struct netdev *to);
/* Free all frames in flight and the pool (world's end). */
void dev_hop_release(struct vnet *w);

#endif
