/* A physical NIC as the machine of a tutorial has it: there before the first command, its cable
 * plugged in. What it sends leaves the world, unless its wire leads to another one. */
#include <errno.h>
#include <string.h>

#include "dev/core.h"
#include "dev/nic.h"
#include "dev/pair.h"
#include "sim/world.h"

enum { NIC_MAX_MTU = 65535 }; /* as virtio_net; it takes jumbo frames */

static void nic_setup(struct netdev *dev)
{
    ether_setup(dev);
    dev->max_mtu = NIC_MAX_MTU;
    strcpy(dev->default_qdisc, "fq_codel");
    pair_setup(dev);
}

static int nic_open(struct netdev *dev)
{
    if (!dev->unplugged)
        netif_carrier_on(dev);
    return 0;
}

static int nic_stop(struct netdev *dev)
{
    netif_carrier_off(dev);
    return 0;
}

static bool listens(const struct netdev *to, const struct skb *skb)
{
    return is_skb_forwardable(to, skb) && netif_carrier_ok(to) && !to->unplugged;
}

static int nic_xmit(struct netdev *dev, struct skb *skb)
{
    struct netdev *to = nic_wired_to(dev);
    dev->stats.tx_packets++;
    dev->stats.tx_bytes += skb->len;
    if (!to || !listens(to, skb)) {
        skb_free(dev_world(dev), skb);
        return 0;
    }
    skb_scrub_packet(skb, true);
    to->stats.rx_packets++;
    to->stats.rx_bytes += skb->len;
    dev_hop_schedule(to, skb);
    return 0;
}

void nic_wire(struct netdev *a, struct netdev *b)
{
    pair_tie(a, b);
}

struct netdev *nic_wired_to(const struct netdev *dev)
{
    return pair_peer(dev);
}

void nic_set_delay(struct netdev *dev, int64_t min, int64_t spread)
{
    dev->hop_ns_min = min;
    dev->hop_ns_spread = spread;
}

const struct link_kind nic_kind = {
    .state_name = "nic",
    .filters_unicast = true,
    .setup = nic_setup,
    .open = nic_open,
    .stop = nic_stop,
    .xmit = nic_xmit,
    .uninit = pair_uninit,
};

int vnet_nic_add(struct netns *ns, int ifindex, const char *name, const struct lladdr *mac,
                 const char *qdisc, uint32_t queues, struct vnet_err *err)
{
    if (mac->len != ETH_ALEN || !netdev_mac_valid(mac))
        return vnet_err(err, EADDRNOTAVAIL, "not a unicast Ethernet address");
    if (strlen(qdisc) >= VNET_IFNAMSIZ)
        return vnet_err(err, EINVAL, "qdisc name is too long");
    const struct vnet_link_req req = {.set = VNET_LINK_NUMTXQ | VNET_LINK_NUMRXQ,
                                      .num_tx_queues = queues,
                                      .num_rx_queues = queues};
    int rc;
    struct netdev *dev = netdev_create(ns, &nic_kind, &req, &rc, err);
    if (!dev)
        return rc;
    dev->ifindex = ifindex;
    dev->addr = *mac;
    dev->no_carrier = true;
    strcpy(dev->default_qdisc, qdisc);
    rc = netdev_insert(dev, name);
    if (rc)
        netdev_free(dev);
    return rc;
}

int vnet_nic_plug(struct netns *ns, int ifindex, bool plugged, struct vnet_err *err)
{
    struct netdev *dev = netdev_by_index(ns, ifindex);
    if (!dev)
        return -ENODEV;
    if (dev->kind != &nic_kind)
        return vnet_err(err, EOPNOTSUPP, "%s is no network card", dev->name);
    dev->unplugged = !plugged;
    if (!plugged)
        netif_carrier_off(dev);
    else if (netif_running(dev))
        netif_carrier_on(dev);
    linkwatch_run(ns->w);
    vnet_touch(ns->w);
    return 0;
}

bool vnet_link_is_nic(const struct netns *ns, int ifindex)
{
    const struct netdev *dev = netdev_by_index(ns, ifindex);
    return dev && dev->kind == &nic_kind;
}
