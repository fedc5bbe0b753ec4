/* The two ends of a veth pair. */
#ifndef VNET_DEV_VETH_H
#define VNET_DEV_VETH_H

#include "dev/netdev.h"

/* The other end; NULL while a pair is being made or taken down. dev is a veth. */
struct netdev *veth_peer(const struct netdev *dev);
/* Make two veths the ends of one pair. */
void veth_tie(struct netdev *a, struct netdev *b);

#endif
