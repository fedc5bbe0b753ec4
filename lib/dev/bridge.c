/* A bridge without ports (net/bridge/): frames sent on it go nowhere. */
#include <errno.h>

#include "dev/core.h"
#include "sim/world.h"

enum { BRIDGE_MAX_MTU = 65535, KERNEL_FILL_INFO = 0x031200 };

#define GC_FIRST    (NSEC_PER_SEC / 10)
#define AGEING_TIME (300 * NSEC_PER_SEC)

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
    dev->bridge_id_set = true;
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

/* br_stp_enable_bridge(), br_stp_disable_bridge(): without STP only old entries are looked for. */
static int br_open(struct netdev *dev)
{
    dev->bridge_gc = dev_world(dev)->now + GC_FIRST;
    return 0;
}

static int br_stop(struct netdev *dev)
{
    dev->bridge_gc = 0;
    return 0;
}

/* br_fdb_cleanup() comes back after the ageing time. */
static int64_t gc_left(const struct netdev *dev)
{
    int64_t since = dev_world(dev)->now - dev->bridge_gc;
    if (dev->bridge_gc == 0)
        return 0;
    return since < 0 ? -since : AGEING_TIME - since % AGEING_TIME;
}

static void br_fill_info(const struct netdev *dev, struct vnet_link_info *info)
{
    const struct kernel_facts *k = &dev_world(dev)->profile->kernel;
    if (k->version < KERNEL_FILL_INFO)
        return;
    info->bridge = (struct vnet_bridge_info){
        .told = true,
        .vlans = k->bridge_vlans,
        .id = dev->bridge_id_set ? dev->addr : lladdr_eth((const uint8_t[ETH_ALEN]){0}),
        .gc_timer = (uint32_t)(gc_left(dev) / (NSEC_PER_SEC / 100)),
        /* br_multicast_ctx_init(): a quarter of 125 s, in jiffies */
        .startup_query_interval = (uint32_t)(125 * k->hz / 4 * 100 / k->hz),
    };
}

const struct link_kind bridge_kind = {
    .name = "bridge",
    .state_name = "bridge",
    .user_can_add = true,
    .netns_local = true,
    .setup = br_setup,
    .newlink = br_newlink,
    .open = br_open,
    .stop = br_stop,
    .fill_info = br_fill_info,
    .set_address = br_set_address,
    .xmit = br_xmit,
    .validate = br_validate,
};
