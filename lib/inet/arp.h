/* ARP (net/ipv4/arp.c, RFC 826). */
#ifndef VNET_INET_ARP_H
#define VNET_INET_ARP_H

#include "inet/neigh.h"

extern const struct neigh_ops arp_ops;
/* Protocol handler of ETH_P_ARP: arp_rcv() and arp_process(). Consumes. */
void arp_rcv(struct skb *skb, struct netdev *dev);
/* arp_send(). dst_hw NULL: broadcast. All addresses IPv4. */
void arp_send(struct netdev *dev, uint16_t op, const struct inet_addr *dst_ip,
              const struct inet_addr *src_ip, const uint8_t *dst_hw, const uint8_t *src_hw,
              const uint8_t *target_hw);

#endif
