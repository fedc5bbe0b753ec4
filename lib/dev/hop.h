/* Frames in flight: between the device that sent them and the one they arrive at. */
#ifndef VNET_DEV_HOP_H
#define VNET_DEV_HOP_H

#include "dev/netdev.h"

/* On load: a frame is on its way to `to`. Consumes. The caller restores its timer, skb->arrival. */
void dev_hop_begin(struct netdev *to, struct skb *skb);
/* ... which is armed now: later frames come later. */
void dev_hop_restored(struct skb *skb);
/* Frames on the way to a device arrive now: the softirq that takes them runs before the sender goes
 * on, and what it finds depends on that. */
void dev_hop_flush(struct netdev *to);
/* The device goes: its frames are lost. */
void dev_hop_drop(struct netdev *to);
/* Free all frames in flight (world's end). */
void dev_hop_release(struct vnet *w);

#endif
