/* IPv6 addresses of devices (net/ipv6/addrconf.c; RFC 4862, RFC 4429), and the IPv6 side of a
 * device. */
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
    struct list node; /* in inet6_dev.addr_list, ordered by scope (ipv6_link_dev_addr) */
    struct inet6_dev *idev;
    struct inet_addr addr, peer;     /* peer UNSPEC: none */
    uint8_t prefixlen, scope, proto; /* scope: VNET_SCOPE_* */
    uint32_t flags, metric;
    uint32_t valid_lft, preferred_lft; /* seconds */
    int64_t tstamp, cstamp;
    enum inet6_ifaddr_state state;
    uint8_t dad_probes;
    uint8_t stable_retry; /* stable_privacy_retry */
    uint64_t dad_nonce;   /* 48 bits in network byte order (first byte highest), 0: none */
    struct timer dad;     /* dad_work */
    struct timer expiry;  /* its next change of state by lifetime (addrconf_verify) */
};

enum inet6_mc_flags { /* MAF_* */
                      MAF_TIMER_RUNNING = 0x01,
                      MAF_LAST_REPORTER = 0x02,
                      MAF_LOADED = 0x04,
                      MAF_NOREPORT = 0x08,
};

struct inet6_mc { /* a multicast group joined: struct ifmcaddr6 */
    struct list node;
    struct inet6_dev *idev;
    struct inet_addr addr;
    uint32_t users;
    uint8_t crcount;    /* state-change reports left (MLDv2) */
    uint32_t mca_flags; /* MAF_* */
    struct timer timer; /* mca_work: answer to a query, MLDv1 report */
};

struct inet6_ac { /* an anycast address: struct ifacaddr6 (subnet routers', with forwarding) */
    struct list node;
    struct inet_addr addr;
    uint32_t users;
};

enum inet6_if_flags { /* IF_* */
                      IF_RS_SENT = 0x10,
                      IF_RA_RCVD = 0x20,
};
#define IF_READY 0x80000000U

struct inet6_dev {
    struct netdev *dev;
    struct list addr_list;    /* struct inet6_ifaddr */
    struct list mc_list;      /* struct inet6_mc, newest first */
    struct list ac_list;      /* struct inet6_ac, newest first */
    struct ipv6_conf conf;    /* addr_gen_mode among them */
    struct neigh_parms neigh; /* nd_parms */
    uint32_t if_flags;        /* IF_* */
    bool dead;
    bool has_secret; /* sysctl stable_secret was set (or drawn, addr_gen_mode random) */
    uint8_t secret[16];
    struct inet_addr token; /* lower half of addresses made from advertisements; UNSPEC: none */
    uint8_t rs_probes;
    int64_t rs_interval; /* ns */
    struct timer rs;     /* rs_timer: router solicitations */
    struct timer mc_ifc; /* mc_ifc_work: MLDv2 state-change reports */
    struct timer mc_dad; /* mc_dad_work: reports again once DAD is over */
    struct timer mc_gq;  /* mc_gq_work: answer to a general query */
    uint8_t mc_ifc_count, mc_dad_count, mc_qrv;
    int64_t mc_v1_seen;    /* a MLDv1 querier was seen: v1 until then; 0: never */
    int64_t mc_qi, mc_qri; /* query interval, query response interval: ns */
    struct list mc_tomb;   /* struct inet6_mc: groups left whose leave report is still owed */
};

/* ipv6_add_dev(): NULL if the MTU is below 1280. Joins the all-nodes groups. */
struct inet6_dev *in6_dev_init(struct netdev *dev);
/* The same for a state file's load: nothing joined. */
struct inet6_dev *in6_dev_load(struct netdev *dev);
void in6_dev_destroy(struct netdev *dev);
/* netdev notifier of IPv6 (addrconf_notify, ndisc_netdev_event). */
void addrconf_event(struct netdev *dev, enum netdev_event event);

/* ---- after a write to a sysctl (inet/sysctl.c); the value is in its conf already ---- */

/* dev_disable_change(): conf.X.disable_ipv6 of one device. */
void addrconf_disable_ipv6(struct inet6_dev *idev, bool disable);
/* dev_forward_change(): conf.X.forwarding went from or to zero. */
void addrconf_forwarding_changed(struct inet6_dev *idev);
/* A write to conf.X.addr_gen_mode (addrconf_sysctl_addr_gen_mode): as below, and an address is made
 * at once. */
int addrconf_write_addr_gen_mode(struct inet6_dev *idev, uint8_t mode);
/* `ip link set X addrgenmode` (inet6_set_link_af): for the addresses made from now on. -EINVAL: no
 * such mode, or stable_privacy without a secret. */
int addrconf_set_addr_gen_mode(struct inet6_dev *idev, uint8_t mode);
/* conf.X.stable_secret: an address as 16 bytes; addr_gen_mode becomes stable_privacy. */
void addrconf_set_secret(struct inet6_dev *idev, const uint8_t secret[16]);

/* ---- addresses ---- */

/* inet6_rtm_newaddr(), inet6_rtm_deladdr(): as vnet_addr_add(), vnet_addr_del(), for IPv6. */
int addrconf_addr_add(struct netns *ns, const struct vnet_addr_req *req, struct vnet_err *err);
int addrconf_addr_del(struct netns *ns, const struct vnet_addr_req *req, struct vnet_err *err);
/* in6_dump_addrs(): the addresses of one device in the kernel's order. */
int addrconf_addr_dump(const struct netdev *dev,
                       int (*cb)(const struct vnet_addr_info *info, void *arg), void *arg);
/* ipv6_chk_addr(): is addr one of ours (tentative not counted unless `tentative`) on dev (NULL:
 * any)? */
struct inet6_ifaddr *ipv6_find_addr(const struct netns *ns, const struct inet_addr *addr,
                                    const struct netdev *dev, bool tentative);
/* ipv6_get_lladdr(): the device's link-local address without any of the flags; NULL: none. */
struct inet6_ifaddr *ipv6_get_lladdr(const struct netdev *dev, uint32_t banned_flags);
/* ipv6_chk_prefix(): is addr in a subnet of the device? */
bool ipv6_chk_prefix(const struct inet_addr *addr, const struct netdev *dev);
/* ipv6_chk_acast_addr() */
bool ipv6_chk_acast_addr(const struct netdev *dev, const struct inet_addr *addr);
/* ipv6_dev_get_saddr(): dev NULL: any. false: there is none. */
bool ipv6_select_addr(struct netns *ns, const struct netdev *dev, const struct inet_addr *daddr,
                      struct inet_addr *out);
/* addrconf_dad_failure(): the sender of skb, a frame, uses the tentative address. */
void addrconf_dad_failure(struct inet6_ifaddr *ifa, const struct skb *skb);

/* ---- multicast (inet/mld.c) ---- */

/* Does dev listen to this group? */
bool ipv6_chk_mcast_addr(const struct netdev *dev, const struct inet_addr *group);
int ipv6_mc_join(struct inet6_dev *idev, const struct inet_addr *group);
int ipv6_mc_leave(struct inet6_dev *idev, const struct inet_addr *group);

/* For the state file: an address or group with the given key, no side effects. */
struct inet6_ifaddr *addrconf_load_addr(struct inet6_dev *idev, const struct inet_addr *addr);
struct inet6_mc *ipv6_mc_load(struct inet6_dev *idev, const struct inet_addr *group, bool tomb);
struct inet6_ac *ipv6_ac_load(struct inet6_dev *idev, const struct inet_addr *addr);

/* Values as the kernel combines them. */
static inline int in6_dev_conf(const struct inet6_dev *d, enum ipv6_conf_id id)
{
    return d->conf.v[id];
}
static inline int in6_dev_all(const struct inet6_dev *d, enum ipv6_conf_id id)
{
    return d->dev->ns->sysctls->ipv6_all.v[id];
}

/* inet6_fill_ifaddr(): the address as it is shown. */
void inet6_fill_ifaddr(const struct inet6_ifaddr *ifa, struct vnet_addr_info *info);

#endif
