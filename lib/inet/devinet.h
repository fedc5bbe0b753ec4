/* IPv4 addresses of devices (net/ipv4/devinet.c) and the IPv4 side of a device. */
#ifndef VNET_INET_DEVINET_H
#define VNET_INET_DEVINET_H

#include "base/list.h"
#include "inet/sysctls.h"
#include "sim/timer.h"
#include "vnet_addr.h"

/* One address; in in_device.ifa_list: primaries of a scope before those of a narrower scope,
 * secondaries behind (__inet_insert_ifa). */
struct in_ifaddr {
    struct list node;
    struct list hash; /* in the namespace's hash by local address */
    struct in_device *in_dev;
    struct inet_addr local, address; /* address: the peer, or the same */
    struct inet_addr broadcast;      /* UNSPEC: none */
    uint8_t prefixlen, scope, proto;
    uint32_t flags; /* VNET_IFA_F_* */
    uint32_t metric;
    char label[VNET_IFNAMSIZ];
    uint32_t valid_lft, preferred_lft; /* seconds as given, VNET_LIFETIME_FOREVER */
    int64_t tstamp, cstamp;            /* when the lifetimes were given; when made */
    struct timer expiry;               /* next change of state by lifetime */
};

struct in_device {
    struct netdev *dev;
    struct list ifa_list;
    struct ipv4_conf conf;
    struct neigh_parms neigh;       /* arp_parms */
    bool dead;                      /* on its way out: no promotions */
    uint8_t mr_ifc_count;           /* reports of changes to come (inet/igmp.h) */
    struct timer mr_ifc;            /* the next of these */
    struct timer mr_gq;             /* the answer to a general query */
    int64_t mr_v1_seen, mr_v2_seen; /* a querier of that version is there until then */
    uint32_t mr_qi, mr_qri;         /* s: its interval, the time that answers have */
    uint8_t mr_qrv;                 /* its robustness */
    struct list mc_list;            /* struct ip_mc, newest first */
    struct list mc_tomb;            /* the same: groups left whose leave is still to be told */
};

struct in_device *inetdev_init(struct netdev *dev);
void inetdev_destroy(struct netdev *dev);
/* An address with its defaults (family, label), not yet on the device. */
struct in_ifaddr *inet_alloc_ifa(struct in_device *in_dev);
/* __inet_insert_ifa(): puts ifa in its place and brings its routes. Owns ifa (freed on error).
 * -EEXIST, -EINVAL. */
int inet_insert_ifa(struct in_ifaddr *ifa, struct vnet_err *err);
/* inet_del_ifa(): with its routes; secondaries go or are promoted. */
void inet_del_ifa(struct in_ifaddr *ifa);
/* The same, but ifa stays: for inet_insert_ifa() again. The caller owns it. */
void inet_unlink_ifa(struct in_ifaddr *ifa);
/* inet_fill_ifaddr(): the address as it is shown. */
void inet_fill_ifaddr(const struct in_ifaddr *ifa, struct vnet_addr_info *info);
/* set_ifa_lifetime(), seconds; arms the timer. */
void inet_set_lifetime(struct in_ifaddr *ifa, uint32_t valid, uint32_t preferred);
/* The device's settings no longer follow a change of "default" (ipv4_devconf_setall,
 * neigh_parms_data_state_setall): it has, or had, an address. */
void inet_pin_conf(struct in_device *in_dev);
/* inet_lookup_ifaddr_rcu(): NULL if the namespace does not own addr. */
struct in_ifaddr *inet_lookup_ifaddr(const struct netns *ns, const struct inet_addr *addr);
/* Is dst in the subnet of ifa? (inet_ifa_match) */
bool inet_ifa_match(const struct inet_addr *dst, const struct in_ifaddr *ifa);
/* For the state file: append as it is, no side effects. Owns ifa. */
void inet_load_ifa(struct in_ifaddr *ifa);
/* netdev notifier of IPv4: makes in_device at REGISTER, 127.0.0.1/8 when lo comes up, gratuitous
 * ARP, FIB updates (fib_netdev_event) in the kernel's order. */
void inetdev_event(struct netdev *dev, enum netdev_event event);

/* inet_select_addr(): a source on dev (or any device) for dst (UNSPEC: any) of at most this scope.
 */
bool inet_select_addr(const struct netns *ns, const struct netdev *dev, const struct inet_addr *dst,
                      uint8_t scope, struct inet_addr *out);
/* inet_confirm_addr(): does `local` (UNSPEC: any) exist on dev (NULL: any) with scope <= scope, and
 * face dst? */
bool inet_confirm_addr(const struct netns *ns, const struct netdev *dev,
                       const struct inet_addr *dst, const struct inet_addr *local, uint8_t scope,
                       struct inet_addr *out);
/* inet_addr_onlink(): are a and b (UNSPEC: only a) in one subnet of the device? */
bool inet_addr_onlink(const struct in_device *in_dev, const struct inet_addr *a,
                      const struct inet_addr *b);
/* The device that owns a local address (ip_dev_find), NULL: none. */
struct netdev *ip_dev_find(const struct netns *ns, const struct inet_addr *addr);

/* Values as IN_DEV_* combine them. */
static inline int in_dev_conf(const struct in_device *d, enum ipv4_conf_id id)
{
    return d->conf.v[id];
}
static inline int in_dev_all(const struct in_device *d, enum ipv4_conf_id id)
{
    return d->dev->ns->sysctls->ipv4_all.v[id];
}
static inline int in_dev_orconf(const struct in_device *d, enum ipv4_conf_id id)
{
    return in_dev_all(d, id) || in_dev_conf(d, id);
}
static inline int in_dev_andconf(const struct in_device *d, enum ipv4_conf_id id)
{
    return in_dev_all(d, id) && in_dev_conf(d, id);
}
static inline int in_dev_maxconf(const struct in_device *d, enum ipv4_conf_id id)
{
    int a = in_dev_all(d, id), b = in_dev_conf(d, id);
    return a > b ? a : b;
}

#endif
