/* What virtual CAN devices have in common. */
#ifndef VNET_DEV_CAN_H
#define VNET_DEV_CAN_H

#include "dev/netdev.h"

void can_setup(struct netdev *dev);
bool can_type_trans(struct skb *skb, const struct netdev *dev);
int can_change_mtu(struct netdev *dev, uint32_t mtu);
/* can_dropped_invalid_skb(): true: no CAN frame, it was counted, dropped and freed. */
bool can_dropped_invalid(struct netdev *dev, struct skb *skb);

#endif
