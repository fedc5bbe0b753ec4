/* A bridge that snoops is in the group of all snoopers (RFC 4286; net/bridge/br_multicast.c:
 * br_multicast_join_snoopers()). */
#include "bridge/br.h"
#include "inet/addrconf.h"
#include "inet/devinet.h"
#include "inet/igmp.h"

enum { ALL_SNOOPERS = 0xe000006a }; /* 224.0.0.106 */

static const struct inet_addr all_snoopers6 = {
    VNET_AF_INET6, {0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x6a}};

void br_multicast_join_snoopers(struct bridge *br)
{
    if (!br->opt[VNET_BR_MCAST_SNOOPING])
        return;
    if (br->dev->in_dev)
        ip_mc_join(br->dev->in_dev, ALL_SNOOPERS);
    if (br->dev->in6_dev)
        ipv6_mc_join(br->dev->in6_dev, &all_snoopers6);
}

void br_multicast_leave_snoopers(struct bridge *br)
{
    if (!br->opt[VNET_BR_MCAST_SNOOPING])
        return;
    if (br->dev->in_dev)
        ip_mc_leave(br->dev->in_dev, ALL_SNOOPERS);
    if (br->dev->in6_dev)
        ipv6_mc_leave(br->dev->in6_dev, &all_snoopers6);
}

/* Since 6.16 what was learned of ports is forgotten when a bridge no longer snoops. */
static void stop_ports(struct bridge *br)
{
    enum { KERNEL_STOPS_PORTS = 0x061000 };
    if (dev_world(br->dev)->profile->kernel.version < KERNEL_STOPS_PORTS)
        return;
    for (struct br_port *p = br->ports; p; p = p->next)
        br_multicast_disable_port(p);
}

int br_multicast_toggle(struct bridge *br, uint64_t on)
{
    bool was = br->opt[VNET_BR_MCAST_SNOOPING];
    if (was == (on != 0))
        return 0;
    if (was && netif_running(br->dev))
        br_multicast_leave_snoopers(br);
    if (was)
        stop_ports(br);
    br->opt[VNET_BR_MCAST_SNOOPING] = on != 0;
    if (!was && netif_running(br->dev)) {
        br_multicast_open(br);
        for (struct br_port *p = br->ports; p; p = p->next)
            br_multicast_enable_port(p);
        br_multicast_join_snoopers(br);
    }
    return 0;
}
