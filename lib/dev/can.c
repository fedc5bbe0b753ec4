/* Virtual CAN devices, as far as they are alike (drivers/net/can/vcan.c, vxcan.c, dev/skb.c). */
#include "dev/can.h"

#include <errno.h>

#include "can/af_can.h"
#include "sim/trace.h"

enum {
    CANXL_MIN_MTU = 76,
    CANXL_MAX_MTU = 2060,
    KERNEL_CANXL = 0x060100,
    CAN_HOP_MIN = 4000,
    CAN_HOP_SPREAD = 6000,
};

/* No link-layer addresses or headers, and no limits to the MTU but can_change_mtu()'s. */
void can_setup(struct netdev *dev)
{
    dev->type = VNET_ARPHRD_CAN;
    dev->mtu = VNET_CANFD_MTU;
    dev->flags = VNET_IFF_NOARP;
    dev->hop_ns_min = CAN_HOP_MIN;
    dev->hop_ns_spread = CAN_HOP_SPREAD;
}

bool can_type_trans(struct skb *skb, const struct netdev *dev)
{
    (void)dev;
    skb->mac = skb->net = skb->head;
    return can_skb_ok(skb);
}

int can_change_mtu(struct netdev *dev, uint32_t mtu)
{
    bool xl = dev_world(dev)->profile->kernel.version >= KERNEL_CANXL && mtu >= CANXL_MIN_MTU &&
              mtu <= CANXL_MAX_MTU;
    if (netif_running(dev))
        return -EBUSY;
    return mtu == VNET_CAN_MTU || mtu == VNET_CANFD_MTU || xl ? 0 : -EINVAL;
}

bool can_dropped_invalid(struct netdev *dev, struct skb *skb)
{
    struct vnet *w = dev_world(dev);
    if (can_skb_ok(skb))
        return false;
    trace(w, dev, "xmit", "can_dropped_invalid_skb", VNET_TRACE_DROPPED, NULL,
          "ethertype 0x%04x, %u bytes: not a CAN frame", skb->protocol, skb->len);
    dev->stats.tx_dropped++;
    skb_free(w, skb);
    return true;
}
