/* The bridge as a device (net/bridge/br_device.c, br_netlink.c). */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bridge/br_bpdu.h"

enum { BRIDGE_MAX_MTU = 65535, KERNEL_NO_QUEUE = 0x040300, KERNEL_KNOWS_OWN = 0x060100 };

/* br_dev_setup() */
static void br_setup(struct netdev *dev)
{
    struct bridge *br = mem_alloc(sizeof(*br));
    ether_setup(dev);
    netdev_random_mac(dev);
    dev->max_mtu = BRIDGE_MAX_MTU;
    if (dev_world(dev)->profile->kernel.version < KERNEL_NO_QUEUE)
        dev->txqlen = 0;
    dev->priv = br;
    br->dev = dev;
    br_fdb_init(br);
    br_timers_init(br);
    br_options_init(br);
    br_multicast_init(br);
}

static void br_uninit(struct netdev *dev)
{
    struct bridge *br = br_of(dev);
    br_fdb_release(br);
    br_multicast_release(br);
    free(br->vlans.v);
    free(br);
}

static int br_validate(const struct netns *ns, const struct vnet_link_req *req,
                       struct vnet_err *err)
{
    (void)err;
    int rc = ether_validate_addr(req);
    return rc == 0 && req->opts ? br_options_validate(ns, req->opts) : rc;
}

/* br_dev_newlink() */
static int br_newlink(struct netdev *dev, const char *name, const struct vnet_link_req *req,
                      struct vnet_err *err)
{
    int rc = netdev_insert(dev, name);
    if (rc)
        return rc;
    if (req->set & VNET_LINK_ADDR)
        br_stp_change_bridge_id(br_of(dev), req->addr.bytes);
    rc = br_changelink(dev, req, err);
    if (rc) {
        dev->initializing = true;
        br_dellink_ports(dev);
        netdev_withdraw(dev);
    }
    return rc;
}

void br_dellink_ports(struct netdev *dev)
{
    struct bridge *br = br_of(dev);
    while (br->ports)
        del_nbp(br->ports);
    br_fdb_delete_by_port(br, NULL, 0, true);
    timer_cancel(dev_world(dev), &br->gc.timer);
}

static void br_dellink(struct netdev *dev)
{
    br_dellink_ports(dev);
    netdev_unregister(dev);
}

/* br_set_mac_address() */
static void br_set_address(struct netdev *dev, const struct lladdr *addr)
{
    br_stp_change_bridge_id(br_of(dev), addr->bytes);
}

static int br_change_mtu(struct netdev *dev, uint32_t mtu)
{
    (void)mtu;
    br_of(dev)->mtu_set_by_user = true;
    return 0;
}

static int br_open(struct netdev *dev)
{
    br_stp_enable_bridge(br_of(dev));
    br_multicast_open(br_of(dev));
    br_multicast_join_snoopers(br_of(dev));
    return 0;
}

static int br_stop(struct netdev *dev)
{
    br_stp_disable_bridge(br_of(dev));
    br_multicast_stop(br_of(dev));
    br_multicast_leave_snoopers(br_of(dev));
    return 0;
}

/* br_device_event(), br_vlan_bridge_event(): since 6.1 at the latest a new bridge's own address is
 * in its table, without a VLAN. */
void br_registered(struct netdev *dev)
{
    struct bridge *br = br_of(dev);
    if (dev->initializing && dev_world(dev)->profile->kernel.version >= KERNEL_KNOWS_OWN)
        br_fdb_change_mac_address(br, dev->addr.bytes);
    uint16_t pvid = (uint16_t)br->opt[VNET_BR_VLAN_DEFAULT_PVID];
    if (br_vlans_known(br) && pvid && dev->initializing)
        br_vlan_add(br, NULL, pvid, BR_VLAN_PVID | BR_VLAN_UNTAGGED | BR_VLAN_BRENTRY);
}

static int slave_changelink(struct netdev *dev, const struct vnet_link_opts *opts,
                            struct vnet_err *err)
{
    return dev->br_port ? br_setport(dev->br_port, opts, err) : 0;
}

const struct link_kind bridge_kind = {
    .name = "bridge",
    .state_name = "bridge",
    .user_can_add = true,
    .netns_local = true,
    .setup = br_setup,
    .newlink = br_newlink,
    .changelink = br_changelink,
    .slave_changelink = slave_changelink,
    .dellink = br_dellink,
    .open = br_open,
    .stop = br_stop,
    .fill_info = br_fill_info,
    .fill_slave_info = br_port_fill_info,
    .set_address = br_set_address,
    .change_mtu = br_change_mtu,
    .xmit = br_dev_xmit,
    .validate = br_validate,
    .add_slave = br_add_if,
    .del_slave = br_del_if,
    .uninit = br_uninit,
};
