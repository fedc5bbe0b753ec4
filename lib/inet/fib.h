/* The forwarding information base, both families: tables, longest-prefix match, rules.
 * IPv4: net/ipv4/fib_trie.c, fib_semantics.c, fib_frontend.c, fib_rules.c. IPv6:
 * net/ipv6/ip6_fib.c, route.c. */
#ifndef VNET_INET_FIB_H
#define VNET_INET_FIB_H

#include "base/list.h"
#include "dev/netdev.h"
#include "inet/dst.h"
#include "vnet_route.h"

struct fib_nexthop {
    struct netdev *dev;       /* NULL: none (blackhole ...) */
    struct inet_addr gateway; /* UNSPEC: none */
    uint8_t flags;            /* RTNH_F_* */
    uint8_t weight;           /* less 1, as in rtnh_hops */
    uint8_t scope;            /* IPv4: fib_nh_scope */
};

struct fib_route {    /* an alias at a prefix: fib_alias with its fib_info, or fib6_info */
    struct list node; /* among routes of the same prefix, in the kernel's order */
    struct inet_prefix dst, src; /* src: IPv6 (rt6i_src), of length 0 where any will do */
    uint8_t tos, type, protocol, scope, pref;
    uint32_t table, priority;
    struct inet_addr prefsrc;
    uint32_t *metrics; /* VNET_RTAX_MAX + 1 values, owned; NULL: none */
    uint32_t flags;    /* IPv4: VNET_RTNH_F_DEAD, LINKDOWN; IPv6: FIB6_RTF_* */
    int64_t expires;   /* ns since the epoch; 0: never */
    unsigned nnh;
    struct fib_nexthop *nh, own; /* nh: &own, or owned (fib_route_hops()); borrowed where the route
                                    is only a request */
    uint32_t nhid;  /* of a nexthop object, whose nexthops these are; 0: the route's own */
    bool blackhole; /* the object is a blackhole */
};

enum {
    FIB6_RTF_DYNAMIC = 0x10, /* as SIOCADDRT was told, for those who ask for the flags */
    FIB6_RTF_MODIFIED = 0x20,
    FIB6_RTF_ADDRCONF = 0x40000, /* made by router advertisements: no multipath */
};

struct fib; /* all tables and rules of a family in a namespace: inet/fib_table.c */

struct fib *fib_new(struct netns *ns, uint8_t family);
void fib_free(struct fib *fib);

/* Lookup through the rules. 0 and *res (route, nexthop index), or -errno (-ENETUNREACH; -EINVAL
 * blackhole, -EHOSTUNREACH unreachable, -EACCES prohibit, as fib_props has them). */
struct fib_result {
    const struct fib_route *route;
    const struct fib_nexthop *nh;
    uint32_t table;
    uint8_t prefix_len, type, scope;
};
int fib_lookup(struct fib *fib, const struct flow *fl, bool ignore_linkstate,
               struct fib_result *res);
/* In one table only (fib_table_lookup). -EAGAIN: no match. */
int fib_table_lookup(struct fib *fib, uint32_t table, const struct flow *fl,
                     struct fib_result *res);
/* inet_addr_type_dev_table(), whose device matters to VRFs only: RTN_LOCAL, BROADCAST, UNICAST,
 * MULTICAST, ... whatever device it is of. */
uint8_t inet_addr_type(struct netns *ns, const struct inet_addr *addr);
uint8_t inet_addr_type_table(struct netns *ns, const struct inet_addr *addr, uint32_t table);

/* Add without the checks of a user's request (fib_magic, addrconf): takes a copy. */
int fib_insert(struct fib *fib, const struct fib_route *r, unsigned nlflags, struct vnet_err *err);
/* Remove the first route that matches prefix, type, and where non-zero table, scope, protocol, oif,
 * prefsrc, priority. -ESRCH. */
int fib_remove(struct fib *fib, const struct fib_route *match);
/* Devices and addresses come and go (fib_sync_up, fib_sync_down_dev, fib_sync_down_addr, rt6 ...).
 */
void fib_dev_up(struct netdev *dev);
void fib_dev_down(struct netdev *dev, bool unregister);
void fib_dev_carrier(struct netdev *dev); /* IPv4 alone */
/* Their IPv6 half alone (rt6_sync_up, rt6_disable_ip); fib_dev_up() and fib_dev_down() do it too.
 */
/* fib6_nh_init(): VNET_RTNH_F_LINKDOWN, or 0, of a new route of that type. */
uint8_t fib6_linkdown(const struct netdev *dev, uint8_t type);
void fib6_dev_up(struct netdev *dev);
void fib6_dev_down(struct netdev *dev, bool unregister);
/* NETDEV_CHANGE of a device that is ready for IPv6, or is not (rt6_sync_up, rt6_sync_down_dev). */
void fib6_dev_ready(struct netdev *dev, bool ready);
/* Routes that prefer this source forget it (rt6_remove_prefsrc): an IPv6 address went. */
void fib6_remove_prefsrc(struct netns *ns, const struct netdev *dev, const struct inet_addr *addr);
/* fib_compute_spec_dst(): the address by which this host knows itself to the sender of skb, a
 * packet that came in and has its route: what it was sent to, if that is ours alone. Host order; 0:
 * none. */
uint32_t fib_compute_spec_dst(const struct skb *skb);
/* IPv4 address added/removed: local, broadcast and connected routes (fib_add_ifaddr,
 * fib_del_ifaddr). */
struct in_ifaddr;
void fib_add_ifaddr(struct in_ifaddr *ifa);
void fib_del_ifaddr(struct in_ifaddr *ifa, struct in_ifaddr *iprim);

/* All routes in dump order. */
int fib_each(const struct fib *fib, int (*cb)(const struct fib_route *r, void *arg), void *arg);
/* All rules in order of priority (for saving). */
int fib_rule_each(const struct fib *fib, int (*cb)(const struct vnet_rule_info *r, void *arg),
                  void *arg);
/* Load: back to what a namespace begins with / put a route into its place in dump order (behind
 * those of its rank), without side effects; takes a copy / append a rule: -EINVAL if its priority
 * is smaller than that of the last. */
void fib_reset(struct fib *fib);
void fib_load_route(struct fib *fib, const struct fib_route *r);
int fib_load_rule(struct fib *fib, const struct vnet_rule_info *r);

#endif
