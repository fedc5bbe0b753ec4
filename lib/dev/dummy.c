/* A device that takes what it is given and loses it (drivers/net/dummy.c). */
#include <errno.h>

#include "dev/core.h"
#include "sim/world.h"

static void dummy_setup(struct netdev *dev)
{
    ether_setup(dev);
    dev->flags = (dev->flags | VNET_IFF_NOARP) & ~(uint32_t)VNET_IFF_MULTICAST;
    dev->min_mtu = dev->max_mtu = 0;
    netdev_random_mac(dev);
}

static int dummy_validate(const struct netns *ns, const struct vnet_link_req *req,
                          struct vnet_err *err)
{
    (void)ns;
    (void)err;
    return ether_validate_addr(req);
}

static int dummy_xmit(struct netdev *dev, struct skb *skb)
{
    dev->stats.tx_packets++;
    dev->stats.tx_bytes += skb->len;
    skb_free(dev_world(dev), skb);
    return 0;
}

static int dummy_change_carrier(struct netdev *dev, bool on)
{
    if (on)
        netif_carrier_on(dev);
    else
        netif_carrier_off(dev);
    return 0;
}

const struct link_kind dummy_kind = {
    .name = "dummy",
    .state_name = "dummy",
    .user_can_add = true,
    .setup = dummy_setup,
    .xmit = dummy_xmit,
    .validate = dummy_validate,
    .change_carrier = dummy_change_carrier,
};
