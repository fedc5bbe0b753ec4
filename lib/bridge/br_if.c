/* Ports: devices that belong to a bridge (net/bridge/br_if.c). */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bridge/br_bpdu.h"
#include "dev/vlan.h"
#include "sim/trace.h"

enum { PORT_PRIORITY = 0x8000 >> BR_PORT_BITS, COST_OF_10G = 2, DATA_LEN = 1500 };

/* port_cost(): by speed where a driver tells one; a VLAN has its device's. */
uint32_t br_port_cost(const struct netdev *dev)
{
    while (is_vlan_dev(dev))
        dev = vlan_dev_real_dev(dev);
    return dev->kind->pair ? COST_OF_10G : BR_DEFAULT_PATH_COST;
}

static int find_portno(const struct bridge *br)
{
    for (int no = 1; no < BR_MAX_PORTS; no++)
        if (!br->by_no[no])
            return no;
    return -EXFULL;
}

struct br_port *br_port_new(struct bridge *br, struct netdev *dev, uint16_t port_no)
{
    struct br_port *p = mem_alloc(sizeof(*p));
    p->br = br;
    p->dev = dev;
    p->port_no = port_no;
    p->path_cost = br_port_cost(dev);
    p->priority = PORT_PRIORITY;
    p->flags = BR_FLAG(LEARNING) | BR_FLAG(FLOOD) | BR_FLAG(MCAST_FLOOD) | BR_FLAG(BCAST_FLOOD);
    p->multicast_router = 1; /* MDB_RTR_TYPE_TEMP_QUERY */
    br_port_timers_init(p);
    br_multicast_port_init(p);
    return p;
}

/* The device belongs to the bridge; its frames go there, and it takes all of them: without VLAN
 * filtering every port is promiscuous (br_manage_promisc()), and those here are with it too, since
 * those that filter (VLANs) ask their devices for it. */
void br_port_link(struct br_port *p)
{
    struct netdev *dev = p->dev;
    netdev_set_allmulti(dev, 1);
    netdev_set_promiscuity(dev, 1);
    dev->br_port = p;
    dev->master = p->br->dev;
    p->next = p->br->ports;
    p->br->ports = p;
    p->br->by_no[p->port_no] = p;
}

static int may_join(const struct netdev *master, const struct netdev *dev, struct vnet_err *err)
{
    if (netif_is_loopback(dev) || dev->addr.len != ETH_ALEN || !netdev_mac_valid(&dev->addr))
        return -EINVAL;
    if (is_bridge(dev))
        return vnet_err(err, ELOOP, "Can not enslave a bridge to a bridge");
    if (netdev_lies_on(dev, master)) /* __netdev_upper_dev_link() */
        return -EBUSY;
    if (!netdev_nest_ok(dev, master))
        return -EMLINK;
    return 0;
}

/* br_set_gso_limits(): the least of its ports'; a bridge that has lost them all has no limit. */
void br_set_gso_limits(struct bridge *br)
{
    uint32_t size = TSO_MAX_SIZE, segs = TSO_MAX_SEGS;
    for (const struct br_port *p = br->ports; p; p = p->next) {
        size = p->dev->tso_max_size < size ? p->dev->tso_max_size : size;
        segs = p->dev->tso_max_segs < segs ? p->dev->tso_max_segs : segs;
    }
    br->had_ports = true;
    br->dev->tso_max_size = size;
    br->dev->tso_max_segs = segs;
    if (br->dev->gso_max_size > br->dev->tso_max_size)
        br->dev->gso_max_size = br->dev->tso_max_size;
    if (br->dev->gso_max_segs > br->dev->tso_max_segs)
        br->dev->gso_max_segs = br->dev->tso_max_segs;
}

/* What a port that came or went changes of the bridge itself. */
static void changed_addr(struct bridge *br)
{
    if (br_stp_recalculate_bridge_id(br))
        netdev_notify(br->dev, NETDEV_CHANGEADDR);
}

int br_add_if(struct netdev *master, struct netdev *dev, struct vnet_err *err)
{
    struct bridge *br = br_of(master);
    int rc = may_join(master, dev, err);
    int no = rc ? rc : find_portno(br);
    if (no < 0)
        return no;
    struct br_port *p = br_port_new(br, dev, (uint16_t)no);
    br_init_port(p);
    br_set_state(p, VNET_BR_STATE_DISABLED);
    br_port_link(p);
    netdev_notify(dev, NETDEV_CHANGEUPPER);
    if (netdev_promiscuity(dev) == 1) /* __dev_set_promiscuity() tells when the flag changes */
        rtmsg_ifinfo(dev, VNET_RTM_NEWLINK);
    br_fdb_add_local(br, p, dev->addr.bytes, 0);
    nbp_vlan_init(p);
    bool moved = br_stp_recalculate_bridge_id(br);
    if (netif_running(dev) && netif_oper_up(dev) && netif_running(master))
        br_stp_enable_port(p);
    br_ifinfo_notify(p, VNET_RTM_NEWLINK);
    if (moved)
        netdev_notify(master, NETDEV_CHANGEADDR);
    br_mtu_auto_adjust(br);
    br_set_gso_limits(br);
    return 0;
}

static void unlink_port(struct br_port *p)
{
    struct br_port **at = &p->br->ports;
    while (*at != p)
        at = &(*at)->next;
    *at = p->next;
    p->br->by_no[p->port_no] = NULL;
}

void del_nbp(struct br_port *p)
{
    struct netdev *dev = p->dev;
    struct bridge *br = p->br;
    bool last = netdev_promiscuity(dev) == 1;
    netdev_set_allmulti(dev, -1);
    netdev_set_promiscuity(dev, -1);
    if (last)
        rtmsg_ifinfo(dev, VNET_RTM_NEWLINK);
    br_stp_disable_port(p);
    br_ifinfo_notify(p, VNET_RTM_DELLINK);
    unlink_port(p);
    nbp_vlan_flush(p);
    br_fdb_delete_by_port(br, p, 0, true);
    dev->br_port = NULL;
    dev->master = NULL;
    netdev_notify(dev, NETDEV_CHANGEUPPER);
    br_multicast_del_port(p);
    free(p->vlans.v);
    free(p);
}

int br_del_if(struct netdev *master, struct netdev *dev)
{
    struct bridge *br = br_of(master);
    if (!dev->br_port || dev->br_port->br != br)
        return -EINVAL;
    del_nbp(dev->br_port);
    br_mtu_auto_adjust(br);
    br_set_gso_limits(br);
    changed_addr(br);
    return 0;
}

/* br_mtu_min(): the least of its ports', unless it was set by hand. */
void br_mtu_auto_adjust(struct bridge *br)
{
    uint32_t mtu = 0;
    if (br->mtu_set_by_user)
        return;
    for (const struct br_port *p = br->ports; p; p = p->next)
        if (!mtu || p->dev->mtu < mtu)
            mtu = p->dev->mtu;
    if (!mtu)
        mtu = DATA_LEN;
    if (mtu == br->dev->mtu || mtu < br->dev->min_mtu)
        return;
    br->dev->mtu = mtu;
    netdev_notify(br->dev, NETDEV_CHANGEMTU);
}

/* br_port_carrier_check(); true: its listeners have been told. */
static bool carrier_check(struct br_port *p)
{
    struct netdev *dev = p->dev;
    bool live = netif_running(dev) && netif_oper_up(dev);
    if (live && !p->admin_cost)
        p->path_cost = br_port_cost(dev);
    if (!netif_running(p->br->dev))
        return false;
    if (live && p->state == VNET_BR_STATE_DISABLED)
        br_stp_enable_port(p);
    else if (!live && p->state != VNET_BR_STATE_DISABLED)
        br_stp_disable_port(p);
    else
        return false;
    return true;
}

static bool port_event(struct br_port *p, enum netdev_event event)
{
    struct bridge *br = p->br;
    switch (event) {
    case NETDEV_CHANGEMTU:
        br_mtu_auto_adjust(br);
        return true; /* nobody is told */
    case NETDEV_CHANGEADDR:
        br_fdb_changeaddr(p, p->dev->addr.bytes);
        changed_addr(br);
        return false;
    case NETDEV_CHANGE:
        return carrier_check(p);
    case NETDEV_DOWN:
        if (!netif_running(br->dev))
            return false;
        br_stp_disable_port(p);
        return true;
    case NETDEV_UP:
        if (!netif_running(br->dev) || !netif_oper_up(p->dev))
            return false;
        br_stp_enable_port(p);
        return true;
    case NETDEV_UNREGISTER:
        br_del_if(br->dev, p->dev);
        return true;
    default:
        return true;
    }
}

void br_device_event(struct netdev *dev, enum netdev_event event)
{
    if (event == NETDEV_REGISTER && is_bridge(dev))
        br_registered(dev);
    if (dev->br_port && !port_event(dev->br_port, event))
        br_ifinfo_notify(dev->br_port, VNET_RTM_NEWLINK);
}
