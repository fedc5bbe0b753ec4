/* What the kernel tells of changes: rtnetlink's multicast groups, through a socket of AF_NETLINK
 * (vnet_socket(ns, VNET_AF_NETLINK, VNET_SOCK_RAW, 0, &id), vnet_sock.h). Its receive buffer is
 * bounded: what does not fit is lost, and the next vnet_recvmsg() says so once, with -ENOBUFS. */
#ifndef VNET_NETLINK_H
#define VNET_NETLINK_H

#include "vnet_addr.h"
#include "vnet_bridge.h"
#include "vnet_link.h"
#include "vnet_neigh.h"
#include "vnet_nexthop.h"
#include "vnet_route.h"
#include "vnet_sock.h"

enum { /* RTM_*: the even ones tell of what is new or changed, those after them of what is gone */
       VNET_RTM_NEWLINK = 16,
       VNET_RTM_DELLINK,
       VNET_RTM_NEWADDR = 20,
       VNET_RTM_DELADDR,
       VNET_RTM_NEWROUTE = 24,
       VNET_RTM_DELROUTE,
       VNET_RTM_NEWNEIGH = 28,
       VNET_RTM_DELNEIGH,
       VNET_RTM_NEWRULE = 32,
       VNET_RTM_DELRULE,
       VNET_RTM_NEWNETCONF = 80,
       VNET_RTM_DELNETCONF,
       VNET_RTM_NEWNSID = 88,
       VNET_RTM_DELNSID,
       VNET_RTM_NEWMDB = 84,
       VNET_RTM_DELMDB,
       VNET_RTM_NEWNEXTHOP = 104,
       VNET_RTM_DELNEXTHOP,
       VNET_RTM_NEWVLAN = 112,
       VNET_RTM_DELVLAN,
       VNET_RTM_NEWNSNAME = 0x8000, /* none of Linux's, where inotify(7) of /run/netns tells */
       VNET_RTM_DELNSNAME,
};

enum { /* RTNLGRP_*, as bits of vnet_netlink_bind() */
       VNET_RTMGRP_LINK = 1 << 0,
       VNET_RTMGRP_BRVLAN = 1 << 1, /* 33 in Linux, which has no bit for it */
       VNET_RTMGRP_NEIGH = 1 << 2,
       VNET_RTMGRP_NSNAME = 1 << 3, /* names of namespaces; none of Linux's (there of tc) */
       VNET_RTMGRP_IPV4_IFADDR = 1 << 4,
       VNET_RTMGRP_IPV4_ROUTE = 1 << 6,
       VNET_RTMGRP_IPV4_RULE = 1 << 7,
       VNET_RTMGRP_IPV6_IFADDR = 1 << 8,
       VNET_RTMGRP_IPV6_ROUTE = 1 << 10,
       VNET_RTMGRP_IPV6_RULE = 1 << 18,
       VNET_RTMGRP_IPV4_NETCONF = 1 << 23,
       VNET_RTMGRP_IPV6_NETCONF = 1 << 24,
       VNET_RTMGRP_MDB = 1 << 25,
       VNET_RTMGRP_NSID = 1 << 27,
};
#define VNET_RTMGRP_NEXTHOP (1U << 31)

enum { VNET_NETCONF_ALL = -1, VNET_NETCONF_DEFAULT = -2 }; /* in the place of an ifindex */

#define VNET_NETCONF_NOT_TOLD INT64_MIN
struct vnet_netconf_info { /* values: 32 bits without a sign, or VNET_NETCONF_NOT_TOLD */
    uint8_t family;
    int ifindex;
    int64_t rp_filter, forwarding, mc_forwarding, proxy_neigh, ignore_routes_with_linkdown;
};

/* Whose settings, and none of them told. */
static inline struct vnet_netconf_info vnet_netconf_none(uint8_t family, int ifindex)
{
    const int64_t none = VNET_NETCONF_NOT_TOLD;
    return (struct vnet_netconf_info){family, ifindex, none, none, none, none, none};
}

struct vnet_nsid_info {
    int nsid;
    /* what /run/netns calls the namespace ("": nothing): a listener of the kernel's would look
     * there as soon as it hears of the number; one of ours may hear of it later */
    const char *name;
};

struct vnet_nsname_news {
    const char *name; /* of a file in /run/netns */
};

struct vnet_link_news { /* what only a message tells of a link */
    bool below_gone;    /* it lies on another one, and that one is not there */
    int new_netnsid;    /* the namespace that it went to; -1: none */
    int new_ifindex;    /* its index there */
};

struct vnet_mdb_news {
    struct vnet_mdb_entry e; /* where router: br and port only */
    bool router;             /* the port has a multicast router behind it */
    struct lladdr mac;       /* e.addr's bytes, where that is a link-layer address */
};

struct vnet_vlan_news { /* a VLAN of a bridge or its port */
    int ifindex;
    uint16_t vid;
    bool pvid, untagged;
    uint8_t state;  /* VNET_BR_STATE_* */
    uint8_t router; /* MDB_RTR_TYPE_*; 0: not told */
};

struct vnet_netlink_msg {
    uint16_t type; /* VNET_RTM_*: which of the following it is */
    union {
        struct vnet_link_info link; /* without stats and has_inet6 */
        struct vnet_addr_info addr;
        struct vnet_route_info route; /* nh: the array below */
        struct vnet_neigh_info neigh;
        struct vnet_rule_info rule;
        struct vnet_netconf_info netconf;
        struct vnet_nsid_info nsid;
        struct vnet_nsname_news nsname;
        struct vnet_nh_info nexthop; /* members: the array below */
        struct vnet_mdb_news mdb;
        struct vnet_vlan_news vlan;
    };
    struct vnet_link_news link_news;
    const char *altnames[64 + 1];
    struct vnet_nexthop nh[VNET_NEXTHOPS_MAX];
    struct vnet_nh_member members[VNET_NH_MEMBERS_MAX];
};

/* Settings of devices, then of all and default; IPv4's first (family UNSPEC: both). A non-zero
 * return of cb ends the dump and is returned. */
int vnet_netconf_dump(const struct netns *ns, uint8_t family,
                      int (*cb)(const struct vnet_netconf_info *c, void *arg), void *arg);
/* bind(2) to groups. -EBADF: no socket of this family. */
int vnet_netlink_bind(struct vnet *w, vnet_sock_id id, uint32_t groups);
/* Take a message apart that vnet_recvmsg() gave. Strings in m point into the bytes. -EBADMSG. */
int vnet_netlink_parse(const uint8_t *bytes, size_t n, struct vnet_netlink_msg *m);

#endif
