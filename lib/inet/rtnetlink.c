#include "inet/rtnetlink.h"

#include <errno.h>
#include <string.h>

#include "dev/nsid.h"
#include "inet/addrconf.h"
#include "inet/devinet.h"
#include "inet/fib.h"
#include "inet/fib_internal.h"
#include "inet/neigh.h"
#include "inet/netconf.h"
#include "inet/nexthop.h"
#include "inet/truesize.h"
#include "sim/world.h"
#include "wire/rtnetlink.h"

/* ---- sockets ---- */

void netlink_count_groups(struct netns *ns)
{
    uint32_t groups = 0;
    list_each(pos, &ns->socks->socks)
    {
        groups |= list_entry(pos, struct sock, node)->netlink_groups;
    }
    ns->socks->netlink_groups = groups;
}

int vnet_netlink_bind(struct vnet *w, vnet_sock_id id, uint32_t groups)
{
    struct sock *sk = sock_find(w, id);
    if (!sk || sk->family != VNET_AF_NETLINK)
        return -EBADF;
    sk->netlink_groups = groups;
    netlink_count_groups(sk->ns);
    w->dirty = true;
    return 0;
}

/* netlink_broadcast(): a socket whose buffer is full is told so once (netlink_overrun()). */
static void broadcast(const struct netns *ns, uint32_t group, struct strbuf *msg)
{
    uint32_t len = (uint32_t)msg->len, truesize = skb_truesize(ns->w, len);
    list_each(pos, &ns->socks->socks)
    {
        struct sock *sk = list_entry(pos, struct sock, node);
        if (!(sk->netlink_groups & group))
            continue;
        struct sock_msg *m = sock_queue_rcv(sk, (const uint8_t *)msg->data, len, truesize);
        if (m)
            m->meta = (struct vnet_msg){.time = ns->w->now, .len = len};
        else
            sk->err = ENOBUFS;
        ns->w->dirty = true;
    }
    strbuf_release(msg);
}

/* ---- links ---- */

static void tell_link(const struct netdev *dev, uint16_t type, struct vnet_link_news *news)
{
    struct strbuf msg = STRBUF_INIT;
    struct vnet_link_info info;
    nsid_alloc_lower(dev);
    if (!rtnl_has_listeners(dev->ns, VNET_RTMGRP_LINK))
        return;
    link_fill_info(dev, &info);
    news->below_gone = dev->kind->pair && !dev->kind->lower(dev);
    rtnl_put_link(&msg, type, &info, news);
    broadcast(dev->ns, VNET_RTMGRP_LINK, &msg);
}

void rtmsg_ifinfo(const struct netdev *dev, uint16_t type)
{
    struct vnet_link_news news = {.new_netnsid = -1};
    tell_link(dev, type, &news);
}

void rtmsg_ifinfo_newnet(const struct netdev *dev, int nsid, int ifindex)
{
    struct vnet_link_news news = {.new_netnsid = nsid, .new_ifindex = ifindex};
    tell_link(dev, VNET_RTM_DELLINK, &news);
}

void rtnetlink_event(struct netdev *dev, enum netdev_event event)
{
    if (event == NETDEV_CHANGEMTU || event == NETDEV_CHANGEADDR || event == NETDEV_CHANGENAME ||
        event == NETDEV_CHANGEUPPER)
        rtmsg_ifinfo(dev, VNET_RTM_NEWLINK);
}

/* br_fill_ifinfo(): of what is gone the port's settings are not told. */
void rtmsg_br_ifinfo(const struct netdev *dev, uint16_t type)
{
    struct strbuf msg = STRBUF_INIT;
    struct vnet_link_news news = {.new_netnsid = -1};
    struct vnet_link_info all;
    if (!rtnl_has_listeners(dev->ns, VNET_RTMGRP_LINK))
        return;
    link_fill_info(dev, &all);
    struct vnet_link_info info = {.family = VNET_AF_BRIDGE,
                                  .type = all.type,
                                  .ifindex = all.ifindex,
                                  .flags = all.flags,
                                  .mtu = all.mtu,
                                  .operstate = all.operstate,
                                  .addr = all.addr,
                                  .iflink = all.iflink == all.ifindex ? 0 : all.iflink,
                                  .iflink_netnsid = -1,
                                  .master = all.master};
    memcpy(info.name, all.name, sizeof(info.name));
    if (type == VNET_RTM_NEWLINK)
        info.slave_opts = all.slave_opts;
    rtnl_put_link(&msg, type, &info, &news);
    broadcast(dev->ns, VNET_RTMGRP_LINK, &msg);
}

void rtmsg_fdb(const struct netns *ns, const struct vnet_neigh_info *n, uint16_t type)
{
    struct strbuf msg = STRBUF_INIT;
    rtnl_put_neigh(&msg, type, n);
    broadcast(ns, VNET_RTMGRP_NEIGH, &msg);
}

void rtmsg_mdb(const struct netns *ns, const struct vnet_mdb_news *m, uint16_t type)
{
    struct strbuf msg = STRBUF_INIT;
    rtnl_put_mdb(&msg, type, m);
    broadcast(ns, VNET_RTMGRP_MDB, &msg);
}

void rtmsg_br_vlan(const struct netns *ns, const struct vnet_vlan_news *v, uint16_t type)
{
    struct strbuf msg = STRBUF_INIT;
    rtnl_put_vlan(&msg, type, v);
    broadcast(ns, VNET_RTMGRP_BRVLAN, &msg);
}

/* ---- addresses ---- */

static void tell_addr(const struct netns *ns, uint32_t group, uint16_t type,
                      const struct vnet_addr_info *info)
{
    struct strbuf msg = STRBUF_INIT;
    rtnl_put_addr(&msg, type, info);
    broadcast(ns, group, &msg);
}

void rtmsg_ifa(const struct in_ifaddr *ifa, uint16_t type)
{
    const struct netns *ns = ifa->in_dev->dev->ns;
    struct vnet_addr_info info;
    if (!rtnl_has_listeners(ns, VNET_RTMGRP_IPV4_IFADDR))
        return;
    inet_fill_ifaddr(ifa, &info);
    tell_addr(ns, VNET_RTMGRP_IPV4_IFADDR, type, &info);
}

void inet6_ifa_notify(const struct inet6_ifaddr *ifa, uint16_t type)
{
    const struct netns *ns = ifa->idev->dev->ns;
    struct vnet_addr_info info;
    if (!rtnl_has_listeners(ns, VNET_RTMGRP_IPV6_IFADDR))
        return;
    inet6_fill_ifaddr(ifa, &info);
    tell_addr(ns, VNET_RTMGRP_IPV6_IFADDR, type, &info);
}

/* ---- routes ---- */

static void tell_route(const struct netns *ns, uint32_t group, uint16_t type,
                       const struct vnet_route_info *info)
{
    struct strbuf msg = STRBUF_INIT;
    rtnl_put_route(&msg, type, info);
    broadcast(ns, group, &msg);
}

void rtmsg_fib(const struct netns *ns, const struct fib_route *r, uint16_t type)
{
    struct vnet_nexthop nh[VNET_NEXTHOPS_MAX];
    struct vnet_route_info info;
    if (!rtnl_has_listeners(ns, VNET_RTMGRP_IPV4_ROUTE))
        return;
    fib_fill_info(ns, r, VNET_AF_INET, &info, nh);
    tell_route(ns, VNET_RTMGRP_IPV4_ROUTE, type, &info);
}

void inet6_rt_notify(const struct netns *ns, const struct fib_node *n, const struct fib_route *r,
                     uint16_t type)
{
    struct vnet_nexthop nh[VNET_NEXTHOPS_MAX];
    struct vnet_route_info info;
    if (!rtnl_has_listeners(ns, VNET_RTMGRP_IPV6_ROUTE))
        return;
    fib_fill_info(ns, r, VNET_AF_INET6, &info, nh);
    if (n && !r->nhid)
        fib6_fill_siblings(n, r, &info, nh);
    tell_route(ns, VNET_RTMGRP_IPV6_ROUTE, type, &info);
}

/* ---- neighbours, rules ---- */

void neigh_notify(struct neigh *n, uint16_t type)
{
    const struct netns *ns = n->tbl->ns;
    struct strbuf msg = STRBUF_INIT;
    struct vnet_neigh_info info;
    if (!rtnl_has_listeners(ns, VNET_RTMGRP_NEIGH))
        return;
    neigh_fill_info(n, &info);
    rtnl_put_neigh(&msg, type, &info);
    broadcast(ns, VNET_RTMGRP_NEIGH, &msg);
}

void notify_rule_change(const struct netns *ns, const struct vnet_rule_info *r, uint16_t type)
{
    uint32_t group = r->family == VNET_AF_INET6 ? VNET_RTMGRP_IPV6_RULE : VNET_RTMGRP_IPV4_RULE;
    struct strbuf msg = STRBUF_INIT;
    if (!rtnl_has_listeners(ns, group))
        return;
    rtnl_put_rule(&msg, type, r);
    broadcast(ns, group, &msg);
}

/* ---- settings of devices ---- */

static void tell_netconf(const struct netns *ns, uint16_t type, const struct vnet_netconf_info *c)
{
    bool v6 = c->family == VNET_AF_INET6;
    uint32_t group = v6 ? VNET_RTMGRP_IPV6_NETCONF : VNET_RTMGRP_IPV4_NETCONF;
    struct strbuf msg = STRBUF_INIT;
    if (!rtnl_has_listeners(ns, group))
        return;
    rtnl_put_netconf(&msg, type, c);
    broadcast(ns, group, &msg);
}

void netconf_notify(const struct netns *ns, const struct vnet_netconf_info *c)
{
    tell_netconf(ns, VNET_RTM_NEWNETCONF, c);
}

void inet_netconf_notify(const struct in_device *in_dev, uint16_t type)
{
    struct vnet_netconf_info c;
    const struct netns *ns = in_dev->dev->ns;
    if (!rtnl_has_listeners(ns, VNET_RTMGRP_IPV4_NETCONF))
        return;
    netconf_fill4(ns, &in_dev->conf, in_dev->dev->ifindex, &c);
    if (type == VNET_RTM_DELNETCONF)
        c = vnet_netconf_none(c.family, c.ifindex); /* is gone */
    tell_netconf(ns, type, &c);
}

void inet6_netconf_notify(const struct inet6_dev *idev, uint16_t type)
{
    struct vnet_netconf_info c;
    const struct netns *ns = idev->dev->ns;
    if (!rtnl_has_listeners(ns, VNET_RTMGRP_IPV6_NETCONF))
        return;
    netconf_fill6(ns, &idev->conf, idev->dev->ifindex, &c);
    if (type == VNET_RTM_DELNETCONF)
        c = vnet_netconf_none(c.family, c.ifindex); /* is gone */
    tell_netconf(ns, type, &c);
}

/* ---- nexthop objects, namespaces ---- */

void nexthop_notify(const struct nexthop *nh, uint16_t type)
{
    struct vnet_nh_member members[VNET_NH_MEMBERS_MAX];
    struct strbuf msg = STRBUF_INIT;
    struct vnet_nh_info info;
    if (!rtnl_has_listeners(nh->ns, VNET_RTMGRP_NEXTHOP))
        return;
    nexthop_fill_info(nh, &info, members);
    rtnl_put_nexthop(&msg, type, &info);
    broadcast(nh->ns, VNET_RTMGRP_NEXTHOP, &msg);
}

void rtnl_notify_name(struct vnet *w, const char *name, uint16_t type)
{
    const struct vnet_nsname_news news = {name};
    netns_each_awake(w, ns)
    {
        struct strbuf msg = STRBUF_INIT;
        if (!rtnl_has_listeners(ns, VNET_RTMGRP_NSNAME))
            continue;
        rtnl_put_nsname(&msg, type, &news);
        broadcast(ns, VNET_RTMGRP_NSNAME, &msg);
    }
}

void rtnl_net_notifyid(const struct netns *ns, const struct netns *peer, int nsid, uint16_t type)
{
    struct strbuf msg = STRBUF_INIT;
    const struct vnet_nsid_info info = {nsid, peer->name};
    if (!rtnl_has_listeners(ns, VNET_RTMGRP_NSID))
        return;
    rtnl_put_nsid(&msg, type, &info);
    broadcast(ns, VNET_RTMGRP_NSID, &msg);
}
