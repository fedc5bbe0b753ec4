/* Ethernet framing of received frames. */
#ifndef VNET_DEV_ETHER_H
#define VNET_DEV_ETHER_H

#include "dev/netdev.h"

#include "wire/ether.h"

/* The protocol of a frame by the two bytes behind its addresses (or tag) and what follows. */
uint16_t eth_proto(uint16_t type, const uint8_t *payload, size_t len);
/* eth_type_trans(): set mac, net, pkt_type and protocol of a frame that came in by dev, and take
 * the header off. false: too short for one. */
bool eth_type_trans(struct skb *skb, const struct netdev *dev);

#endif
