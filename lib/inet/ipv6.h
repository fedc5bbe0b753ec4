/* IPv6 in and out (net/ipv6/ip6_input.c, ip6_output.c; RFC 8200), ICMPv6, ND. */
#ifndef VNET_INET_IPV6_H
#define VNET_INET_IPV6_H

#include "inet/neigh.h"

extern const struct neigh_ops nd_ops;
/* Protocol handler of ETH_P_IPV6. Consumes. */
void ipv6_rcv(struct skb *skb, struct netdev *dev);

#endif
