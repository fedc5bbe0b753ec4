/* What listeners hear of a bridge: its ports, its table, groups, VLANs (net/bridge/br_netlink.c,
 * br_fdb.c, br_mdb.c, br_vlan.c). Nothing is built where nobody listens. */
#include "bridge/br.h"

void br_ifinfo_notify(const struct br_port *p, uint16_t type)
{
    rtmsg_br_ifinfo(p->dev, type);
}

/* fdb_notify() */
void br_fdb_notify(const struct bridge *br, const struct br_fdb *f, uint16_t type)
{
    const struct netns *ns = br->dev->ns;
    if (!rtnl_has_listeners(ns, VNET_RTMGRP_NEIGH))
        return;
    const struct vnet_fdb_info e = br_fdb_info(br, f);
    const struct vnet_neigh_info n = {.family = VNET_AF_BRIDGE,
                                      .ifindex = e.ifindex,
                                      .lladdr = lladdr_eth(e.addr),
                                      .state = e.state,
                                      .flags = e.flags,
                                      .vlan = e.vlan,
                                      .master = e.master};
    rtmsg_fdb(ns, &n, type);
}

void br_mdb_notify(const struct br_mdb *mp, const struct br_pg *pg, uint16_t type)
{
    const struct bridge *br = mp->br;
    if (!rtnl_has_listeners(br->dev->ns, VNET_RTMGRP_MDB))
        return;
    struct vnet_mdb_news m = {.e = br_mdb_info(mp, pg)};
    if (m.e.addr.family == VNET_AF_UNSPEC)
        m.mac = lladdr_eth(m.e.addr.bytes);
    rtmsg_mdb(br->dev->ns, &m, type);
}

void br_rtr_notify(const struct br_port *p, uint16_t type)
{
    const struct netdev *br = p->br->dev;
    if (rtnl_has_listeners(br->ns, VNET_RTMGRP_MDB))
        rtmsg_mdb(
            br->ns,
            &(struct vnet_mdb_news){.e.br = br->ifindex, .e.port = p->dev->ifindex, .router = true},
            type);
}

void br_vlan_notify(const struct bridge *br, const struct br_port *p, uint16_t vid, uint16_t type)
{
    const struct netdev *dev = p ? p->dev : br->dev;
    const struct br_vlans *vg = p ? &p->vlans : &br->vlans;
    const struct br_vlan *v = br_vlan_find(vg, vid);
    if (!rtnl_has_listeners(dev->ns, VNET_RTMGRP_BRVLAN))
        return;
    struct vnet_vlan_news news = {.ifindex = dev->ifindex, .vid = vid};
    if (v && type == VNET_RTM_NEWVLAN) {
        news.pvid = vg->pvid == vid;
        news.untagged = v->flags & BR_VLAN_UNTAGGED;
        news.state = VNET_BR_STATE_FORWARDING;
        news.router = p ? p->multicast_router : 0;
    }
    rtmsg_br_vlan(dev->ns, &news, type);
}
