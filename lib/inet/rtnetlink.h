/* Telling rtnetlink's listeners of changes (net/core/rtnetlink.c: rtmsg_ifinfo, and its like in the
 * subjects). Nothing is built where nobody listens. type: VNET_RTM_NEW... or VNET_RTM_DEL... */
#ifndef VNET_INET_RTNETLINK_H
#define VNET_INET_RTNETLINK_H

#include "inet/sock.h"
#include "vnet_netlink.h"

struct in_ifaddr;
struct inet6_ifaddr;
struct inet6_dev;
struct in_device;
struct fib_node;
struct fib_route;
struct neigh;
struct nexthop;

/* Has any socket of the namespace joined one of the groups? */
static inline bool rtnl_has_listeners(const struct netns *ns, uint32_t groups)
{
    return ns->socks && ns->socks->netlink_groups & groups;
}

/* What tells of a device also makes a number for the namespace of its peer. */
void rtmsg_ifinfo(const struct netdev *dev, uint16_t type);
/* The device goes to the namespace of that number, where it has that index. */
void rtmsg_ifinfo_newnet(const struct netdev *dev, int nsid, int ifindex);
/* rtnetlink_event(): changes of a device that are told by themselves. */
void rtnetlink_event(struct netdev *dev, enum netdev_event event);
void rtmsg_ifa(const struct in_ifaddr *ifa, uint16_t type);
void inet6_ifa_notify(const struct inet6_ifaddr *ifa, uint16_t type);
/* rtmsg_fib() */
void rtmsg_fib(const struct netns *ns, const struct fib_route *r, uint16_t type);
/* inet6_rt_notify(): n: its prefix, for the siblings that are told with it; NULL: it alone. */
void inet6_rt_notify(const struct netns *ns, const struct fib_node *n, const struct fib_route *r,
                     uint16_t type);
void neigh_notify(struct neigh *n, uint16_t type);
void notify_rule_change(const struct netns *ns, const struct vnet_rule_info *r, uint16_t type);
/* inet_netconf_notify_devconf(): all values of a device. */
void inet_netconf_notify(const struct in_device *in_dev, uint16_t type);
void inet6_netconf_notify(const struct inet6_dev *idev, uint16_t type);
/* One value, in which the others are -1. */
void netconf_notify(const struct netns *ns, const struct vnet_netconf_info *c);

/* What a bridge tells of its port: br_ifinfo_notify(); of a group, of a VLAN. */
void rtmsg_br_ifinfo(const struct netdev *dev, uint16_t type);
void rtmsg_fdb(const struct netns *ns, const struct vnet_neigh_info *n, uint16_t type);
void rtmsg_mdb(const struct netns *ns, const struct vnet_mdb_news *m, uint16_t type);
void rtmsg_br_vlan(const struct netns *ns, const struct vnet_vlan_news *v, uint16_t type);

/* nexthop_notify() */
void nexthop_notify(const struct nexthop *nh, uint16_t type);
/* What inotify(7) of /run/netns tells: to listeners in all namespaces. */
void rtnl_notify_name(struct vnet *w, const char *name, uint16_t type);
/* rtnl_net_notifyid(): ns has, or had, this number for peer. */
void rtnl_net_notifyid(const struct netns *ns, const struct netns *peer, int nsid, uint16_t type);

/* The groups that any socket of the namespace has joined, counted anew. */
void netlink_count_groups(struct netns *ns);

#endif
