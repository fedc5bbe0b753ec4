/* Ethernet framing of received frames. */
#ifndef VNET_DEV_ETHER_H
#define VNET_DEV_ETHER_H

#include "dev/netdev.h"

enum { ETH_HLEN = 14 };

/* eth_type_trans(): set mac, net, pkt_type and protocol of a frame that came in by dev, and take
 * the header off. false: too short for one. */
bool eth_type_trans(struct skb *skb, const struct netdev *dev);

#endif
