/* Packet sockets inside the stack (net/packet/af_packet.c). They are sockets like others: of family
 * VNET_AF_PACKET, bound to the device bound_dev_if, their protocol is an ethertype. */
#ifndef VNET_INET_AF_PACKET_H
#define VNET_INET_AF_PACKET_H

#include "inet/sock.h"

/* Whose turn it is to have a frame. */
enum packet_turn {
    PACKET_OUT,   /* dev_queue_xmit_nit(): those of all protocols, of what goes out */
    PACKET_ALL,   /* those of all protocols, of what comes in */
    PACKET_TYPE,  /* those of its protocol */
    PACKET_BOUND, /* of its protocol, and bound to that device */
};

/* packet_rcv() of all sockets that want a frame: one that came in by dev (skb->head at its network
 * header), or one that goes out (at its link-layer header). Does not consume. */
void packet_rcv_all(struct netdev *dev, const struct skb *skb, enum packet_turn turn);
static inline void packet_rcv(struct netdev *dev, const struct skb *skb, enum packet_turn turn)
{
    if (dev->ns->socks && dev->ns->socks->npacket)
        packet_rcv_all(dev, skb, turn);
}
/* packet_notifier() */
void packet_netdev_event(struct netdev *dev, enum netdev_event event);

#endif
