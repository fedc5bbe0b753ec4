/* Who hears of a device's changes, in the order of the kernel's netdev_chain: rtnetlink, ARP, IPv4
 * addresses and their routes, nexthop objects, IPv6 (with ND), packet and CAN sockets, VLANs,
 * bridges. */
#include "bridge/br.h"
#include "can/af_can.h"
#include "dev/vlan.h"
#include "inet/af_packet.h"
#include "inet/addrconf.h"
#include "inet/devinet.h"
#include "inet/neigh.h"
#include "inet/nexthop.h"
#include "inet/rtnetlink.h"

/* arp_netdev_event() */
static void arp_event(struct netdev *dev, enum netdev_event event)
{
    struct neigh_table *t = dev->ns->arp_tbl;
    if (event == NETDEV_CHANGEADDR)
        neigh_changeaddr(t, dev);
    if (event != NETDEV_CHANGE)
        return;
    if (dev->flags_changed & VNET_IFF_NOARP)
        neigh_changeaddr(t, dev);
    const struct in_device *in_dev = dev->in_dev;
    if (!netif_carrier_ok(dev) && in_dev && in_dev_andconf(in_dev, IPV4_CONF_arp_evict_nocarrier))
        neigh_carrier_down(t, dev);
}

/* arp_ifdown(), at the end of fib_disable_ip() and inetdev_destroy(). */
static void arp_down_event(struct netdev *dev, enum netdev_event event)
{
    if (event == NETDEV_DOWN || event == NETDEV_UNREGISTER)
        neigh_ifdown(dev->ns->arp_tbl, dev);
}

typedef void listener_fn(struct netdev *dev, enum netdev_event event);

static listener_fn *const netdev_chain[] = {
    rtnetlink_event, arp_event,           inetdev_event,    arp_down_event,    nexthop_netdev_event,
    addrconf_event,  packet_netdev_event, can_netdev_event, vlan_device_event, br_device_event,
};

void netdev_notify(struct netdev *dev, enum netdev_event event)
{
    vnet_touch(dev_world(dev));
    for (unsigned i = 0; i < sizeof(netdev_chain) / sizeof(netdev_chain[0]); i++)
        netdev_chain[i](dev, event);
}
