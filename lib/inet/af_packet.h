/* Packet sockets inside the stack (net/packet/af_packet.c). They are sockets like others: of family
 * VNET_AF_PACKET, bound to the device bound_dev_if, their protocol is an ethertype. */
#ifndef VNET_INET_AF_PACKET_H
#define VNET_INET_AF_PACKET_H

#include "inet/sock.h"

/* packet_rcv() of all sockets that want a frame: one that came in by skb->dev (skb->head at its
 * network header), or, by dev_queue_xmit_nit(), one that goes out (at its link-layer header). Does
 * not consume. */
void packet_rcv_all(struct netdev *dev, const struct skb *skb, bool outgoing);
static inline void packet_rcv(struct netdev *dev, const struct skb *skb, bool outgoing)
{
    if (dev->ns->socks && dev->ns->socks->npacket)
        packet_rcv_all(dev, skb, outgoing);
}
/* packet_notifier() */
void packet_netdev_event(struct netdev *dev, enum netdev_event event);

#endif
