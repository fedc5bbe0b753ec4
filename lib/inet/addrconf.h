/* IPv6 addresses of devices (net/ipv6/addrconf.c; RFC 4862, RFC 4429), and the IPv6 side of a device. */
#ifndef VNET_INET_ADDRCONF_H
#define VNET_INET_ADDRCONF_H

#include "base/list.h"
#include "inet/sysctls.h"
#include "sim/timer.h"
#include "vnet_addr.h"

enum inet6_ifaddr_state { /* INET6_IFADDR_STATE_* */
    IFADDR_STATE_PREDAD,
    IFADDR_STATE_DAD,
    IFADDR_STATE_POSTDAD,
    IFADDR_STATE_ERRDAD,
};

struct inet6_ifaddr {
    struct list node;        /* in inet6_dev.addr_list, ordered by scope (ipv6_link_dev_addr) */
    struct inet6_dev *idev;
    struct inet_addr addr, peer; /* peer UNSPEC: none */
    uint8_t prefixlen, scope, proto;
    uint32_t flags, metric;
    uint32_t valid_lft, preferred_lft; /* seconds */
    int64_t tstamp, cstamp;
    enum inet6_ifaddr_state state;
    uint8_t dad_probes;
    uint64_t dad_nonce;
    struct timer dad;        /* dad_work */
    struct timer expiry;
};

struct inet6_mc { /* a multicast group joined: struct ifmcaddr6 */
    struct list node;
    struct inet6_dev *idev;
    struct inet_addr addr;
    uint32_t users;
    uint8_t crcount;         /* state-change reports left (MLDv2) */
    uint32_t mca_flags;
};

struct inet6_dev {
    struct netdev *dev;
    struct list addr_list, mc_list;
    struct ipv6_conf conf;
    struct neigh_parms neigh; /* nd_parms */
    uint8_t addr_gen_mode;
    bool ready, dead;        /* IF_READY */
    uint8_t rs_probes;
    int64_t rs_interval;     /* ns */
    struct timer rs;         /* rs_timer: router solicitations */
    struct timer mc_ifc;     /* mc_ifc_work: MLDv2 state-change reports */
    struct timer mc_dad;     /* mc_dad_work: reports again once DAD is over */
    uint8_t mc_ifc_count, mc_dad_count;
    struct list mc_tomb;     /* groups left whose leave report is still owed */
};

struct inet6_dev *in6_dev_init(struct netdev *dev);
void in6_dev_destroy(struct netdev *dev);
/* netdev notifier of IPv6 (addrconf_notify). */
void addrconf_event(struct netdev *dev, enum netdev_event event);
/* accept/forget IPv6 by sysctl disable_ipv6, addr_gen_mode (called by inet/sysctl.c after a write). */
void addrconf_disable_ipv6(struct inet6_dev *idev, bool disable);
/* ipv6_chk_addr(): is addr one of ours (tentative not counted unless `tentative`) on dev (NULL: any)? */
struct inet6_ifaddr *ipv6_find_addr(const struct netns *ns, const struct inet_addr *addr,
                                    const struct netdev *dev, bool tentative);
/* ipv6_dev_get_saddr() */
bool ipv6_select_addr(struct netns *ns, const struct netdev *dev, const struct inet_addr *daddr,
                      struct inet_addr *out);

/* Does dev listen to this group? */
bool ipv6_chk_mcast_addr(const struct netdev *dev, const struct inet_addr *group);
int ipv6_mc_join(struct inet6_dev *idev, const struct inet_addr *group);
int ipv6_mc_leave(struct inet6_dev *idev, const struct inet_addr *group);

#endif
