/* A bridge without ports (net/bridge/): frames sent on it go nowhere. */
#include <errno.h>

#include "dev/core.h"
#include "sim/world.h"

enum { BRIDGE_MAX_MTU = 65535 };

static void br_setup(struct netdev *dev)
{
    ether_setup(dev);
    netdev_random_mac(dev);
    dev->max_mtu = BRIDGE_MAX_MTU;
    if (dev->ns->w->profile->kernel.version < 0x040300) /* no IFF_NO_QUEUE yet */
        dev->txqlen = 0;
}

static int br_validate(const struct vnet_link_req *req, struct vnet_err *err)
{
    (void)err;
    if (!(req->set & VNET_LINK_ADDR))
        return 0;
    if (req->addr.len != ETH_ALEN)
        return -EINVAL;
    return netdev_mac_valid(&req->addr) ? 0 : -EADDRNOTAVAIL;
}

/* br_stp_change_bridge_id() looks at the ports anew (br_port_state_selection()): without a live one
 * the carrier goes. A bridge whose address was never set still has the carrier it was born with. */
static void br_set_address(struct netdev *dev, const struct lladdr *addr)
{
    dev->addr = *addr;
    netif_carrier_off(dev);
}

static int br_newlink(struct netdev *dev, const char *name, const struct vnet_link_req *req,
                      struct vnet_err *err)
{
    (void)err;
    int rc = netdev_insert(dev, name);
    if (rc == 0 && req->set & VNET_LINK_ADDR)
        br_set_address(dev, &dev->addr);
    return rc;
}

static int br_xmit(struct netdev *dev, struct skb *skb)
{
    dev->stats.tx_packets++;
    dev->stats.tx_bytes += skb->len;
    skb_free(dev_world(dev), skb);
    return 0;
}

const struct link_kind bridge_kind = {
    .name = "bridge",
    .state_name = "bridge",
    .user_can_add = true,
    .netns_local = true,
    .setup = br_setup,
    .newlink = br_newlink,
    .set_address = br_set_address,
    .xmit = br_xmit,
    .validate = br_validate,
};
