/* Network cards, and the wires between them. */
#ifndef VNET_DEV_NIC_H
#define VNET_DEV_NIC_H

#include "dev/netdev.h"

/* A wire between two cards that have none. */
void nic_wire(struct netdev *a, struct netdev *b);
/* The card at the other end; NULL: none, what is sent leaves the world. */
struct netdev *nic_wired_to(const struct netdev *dev);
/* How long a frame takes to get here, ns: at least min, and up to spread more. */
void nic_set_delay(struct netdev *dev, int64_t min, int64_t spread);

#endif
