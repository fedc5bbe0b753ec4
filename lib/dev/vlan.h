/* VLAN devices and tags (net/8021q; IEEE 802.1Q). */
#ifndef VNET_DEV_VLAN_H
#define VNET_DEV_VLAN_H

#include "dev/core.h"

enum {
    VLAN_VID_MASK = 0x0fff,
    VLAN_PRIO_SHIFT = 13,
    VLAN_HLEN = 4,
    ETH_P_8021Q = 0x8100,
    ETH_P_8021AD = 0x88a8,
};

struct vlan_map { /* what is mapped is not 0 */
    uint32_t from, to;
};

struct vlan_dev {
    struct netdev *real_dev;
    struct netdev *next; /* on the same device: real_dev->vlans; the last made comes first */
    uint16_t proto, vid;
    uint32_t flags;          /* VNET_VLAN_* */
    uint32_t ingress[8];     /* priority of a packet by that of its tag */
    struct vlan_map *egress; /* the other way; the last added comes first; owned */
    uint32_t negress, egress_cap;
    struct lladdr real_dev_addr; /* its device's, as it was when it came up or was told of it */
};

static inline bool is_vlan_dev(const struct netdev *dev)
{
    return dev->kind == &vlan_kind;
}
static inline struct vlan_dev *vlan_of(const struct netdev *dev)
{
    return dev->priv;
}
static inline struct netdev *vlan_dev_real_dev(const struct netdev *dev)
{
    return vlan_of(dev)->real_dev;
}
/* vlan_do_receive(): the device that a tagged frame is for; it is counted there. NULL: none, the
 * frame is its own. */
struct netdev *vlan_do_receive(struct netdev *dev, struct skb *skb);
/* A tag in the data of a received frame, whose Ethernet header is off, out of it. false: too short.
 */
bool skb_vlan_untag(struct skb *skb);
/* The tag of a frame into the data, which begins with the Ethernet header. */
void vlan_insert_tag(struct skb *skb);
/* Do frames leave it with their tag beside them (NETIF_F_HW_VLAN_CTAG_TX)? */
bool netdev_tags_beside(const struct netdev *dev);

/* What happens to a device that VLANs lie on (vlan_device_event()), in netdev_chain. */
void vlan_device_event(struct netdev *dev, enum netdev_event event);
/* May it lie on that device, if it is to have that tag: not on itself, nor too high up. */
bool vlan_may_lie_on(const struct netdev *dev, const struct netdev *real_dev);
/* For the state file: a VLAN that is up wants of its device what it does itself. */
void vlan_load_wants(struct netdev *dev);
/* For the state file: lay it on its device. */
void vlan_link(struct netdev *dev, struct netdev *real_dev);

#endif
