/* Shared by the files of IPv6 address configuration (addrconf*.c, mld*.c, ndisc*.c); not for
 * others. */
#ifndef VNET_INET_ADDRCONF_INT_H
#define VNET_INET_ADDRCONF_INT_H

#include "inet/addrconf.h"
#include "inet/ipv6.h"
#include "inet/ipv6_addr.h"
#include "sim/trace.h"
#include "sim/world.h"
#include "vnet_route.h"

static inline struct vnet *idev_world(const struct inet6_dev *idev)
{
    return idev->dev->ns->w;
}

/* ---- the clock of delayed works (addrconf_int.c) ---- */

/* ns of one jiffy of the profile's kernel. */
int64_t jiffy_ns(const struct vnet *w);
/* prandom_u32_max() over the jiffies in `delay` ns, as ns: uniform in [0, delay). */
int64_t random_jiffies(struct vnet *w, int64_t delay);
/* mod_delayed_work(): a delay of 0 runs at once, behind what is pending for now. */
void work_schedule(struct vnet *w, struct timer *t, int64_t delay);

/* ---- addrconf.c ---- */

/* addrconf_add_dev(): makes the IPv6 side if need be, joins groups, multicast route. NULL and
 * *error. */
struct inet6_dev *addrconf_add_dev(struct netdev *dev, int *error);
struct inet6_dev *ipv6_find_idev(struct netdev *dev);
/* The errno where that finds none: -EINVAL since 5.4 (db0b99f59ae4), before -ENOBUFS. */
int ipv6_no_idev(const struct netns *ns);
void addrconf_ifdown(struct netdev *dev, bool unregister);
/* Interface identifier from the MAC; false: this kind of device has none. */
bool ipv6_generate_eui64(const struct netdev *dev, uint8_t id[8]);
/* ipv6_generate_stable_address() (RFC 7217); false without a secret. */
bool ipv6_generate_stable(const struct inet6_dev *idev, uint8_t dad_count, struct inet_addr *addr);
void addrconf_addr_gen(struct inet6_dev *idev);
/* The addresses that a ready link gets by itself: ::1, link-local. */
void addrconf_init_auto_addrs(struct netdev *dev);
bool ipv6_accept_ra(const struct inet6_dev *idev);

/* ---- addrconf_addr.c ---- */

struct ipv6_addr_new {           /* struct ifa6_config */
    struct inet_addr addr, peer; /* peer UNSPEC: none */
    uint8_t prefixlen, scope, proto;
    uint32_t flags, metric, valid_lft, preferred_lft;
};
/* ipv6_add_addr(): NULL, *error and *err. */
struct inet6_ifaddr *ipv6_add_addr(struct inet6_dev *idev, const struct ipv6_addr_new *cfg,
                                   int *error, struct vnet_err *err);
/* A message of addrconf.c, which kernels have since 6.6; returns -error. */
int ipv6_err(const struct vnet *w, struct vnet_err *err, int error, const char *msg);
/* ipv6_del_addr(): frees ifa. */
void ipv6_del_addr(struct inet6_ifaddr *ifa);
/* ipv6_ifa_notify(RTM_NEWADDR / RTM_DELADDR): the address's routes and groups. */
void ipv6_ifa_up(struct inet6_ifaddr *ifa);
void ipv6_ifa_gone(struct inet6_ifaddr *ifa);
/* Unlink and free, nothing else. */
void ipv6_ifa_free(struct inet6_ifaddr *ifa);
/* Set the timer of the address's lifetimes (addrconf_verify). */
void ipv6_ifa_verify(struct inet6_ifaddr *ifa);
/* ipv6_get_ifaddr(): on this device, tentative or not. */
struct inet6_ifaddr *ipv6_get_ifaddr(const struct netdev *dev, const struct inet_addr *addr);
/* Remove the prefix route unless another address needs it (check_cleanup_prefix_route). */
void addrconf_cleanup_prefix(struct inet6_ifaddr *ifa);

/* ---- addrconf_dad.c, addrconf_rs.c ---- */

void addrconf_dad_work(struct vnet *w, struct timer *t);
void addrconf_dad_start(struct inet6_ifaddr *ifa);
void addrconf_dad_run(struct inet6_dev *idev);
void addrconf_join_solict(struct inet6_dev *idev, const struct inet_addr *addr);
void addrconf_leave_solict(struct inet6_dev *idev, const struct inet_addr *addr);
void addrconf_rs_timer(struct vnet *w, struct timer *t);
/* The first router solicitation, when a link-local address is there without these flags. */
void addrconf_rs_start(struct inet6_dev *idev, uint32_t banned_flags);

/* ---- addrconf_route.c ---- */

enum { IP6_RT_PRIO_ADDRCONF = 256 };
/* addrconf_prefix_route(): in table main. metric 0: 256. expires: ns since the epoch, 0: never. */
void addrconf_prefix_route(struct netdev *dev, const struct inet_addr *pfx, uint8_t len,
                           uint32_t metric, int64_t expires);
/* Remove the first on-link route to this prefix by dev; expires not 0: let it expire instead. */
void addrconf_prefix_route_del(struct netdev *dev, const struct inet_addr *pfx, uint8_t len,
                               int64_t expires);
void addrconf_add_mroute(struct netdev *dev);
/* The /128 in table local, of type LOCAL or ANYCAST. */
void addrconf_host_route(struct netdev *dev, const struct inet_addr *addr, uint8_t type);
void addrconf_host_route_del(struct netdev *dev, const struct inet_addr *addr, uint8_t type);

/* ---- anycast.c ---- */

void addrconf_join_anycast(struct inet6_ifaddr *ifa);
void addrconf_leave_anycast(struct inet6_ifaddr *ifa);
void ipv6_ac_destroy_dev(struct inet6_dev *idev);

/* ---- mld.c, mld_report.c, mld_query.c ---- */

void ipv6_mc_init_dev(struct inet6_dev *idev);
void ipv6_mc_up(struct inet6_dev *idev);
void ipv6_mc_down(struct inet6_dev *idev);
void ipv6_mc_destroy_dev(struct inet6_dev *idev);
void ipv6_mc_dad_complete(struct inet6_dev *idev);
bool mld_in_v2_mode_only(const struct inet6_dev *idev);
bool mld_in_v1_mode(const struct inet6_dev *idev);
int64_t mld_unsolicited_interval(const struct inet6_dev *idev); /* ns */
void ipv6_mc_free(struct inet6_mc *mc);                         /* unlinks */
void mld_clear_delrec(struct inet6_dev *idev);
void mld_ifc_stop(struct inet6_dev *idev);
void mld_send_cr(struct inet6_dev *idev);
void mld_send_initial_cr(struct inet6_dev *idev);
/* Current state of one group (NULL: all). */
void mld_send_report(struct inet6_dev *idev, struct inet6_mc *mc);
/* igmp6_send(): a MLDv1 message. */
void mld1_send(struct inet6_dev *idev, const struct inet_addr *group, uint8_t type);
void mld_gq_work(struct vnet *w, struct timer *t);
void mld_mca_work(struct vnet *w, struct timer *t);
/* igmp6_event_query(), igmp6_event_report(): skb->transport set; consume. */
void igmp6_event_query(struct skb *skb);
void igmp6_event_report(struct skb *skb);

/* ---- ndisc.c, ndisc_rcv.c, ndisc_redirect.c ---- */

/* skb: an ICMPv6 message, without its checksum. Consumes. */
void ndisc_send_skb(struct netdev *dev, struct skb *skb, const struct inet_addr *daddr,
                    const struct inet_addr *saddr);
/* ndisc_send_redirect(): tell the sender of skb (IPv6 header first) of a better first hop. */
void ndisc_send_redirect(const struct skb *skb, const struct inet_addr *target);
/* ndisc_redirect_rcv(): skb->transport: the message. Not consumed. */
void ndisc_redirect_rcv(const struct skb *skb);

/* saddr NULL: the link-local address (none: nothing is sent). nonce 0: none. */
void ndisc_send_ns(struct netdev *dev, const struct inet_addr *target,
                   const struct inet_addr *daddr, const struct inet_addr *saddr, uint64_t nonce);
struct ndisc_na {
    bool router, solicited, override, with_lladdr;
};
void ndisc_send_na(struct netdev *dev, const struct inet_addr *daddr,
                   const struct inet_addr *target, struct ndisc_na how);
void ndisc_send_rs(struct netdev *dev, const struct inet_addr *saddr,
                   const struct inet_addr *daddr);
void ndisc_event(struct netdev *dev, enum netdev_event event);
/* ndisc_rcv(): skb->transport set. Consumes. */
void ndisc_rcv(struct skb *skb);
/* A neighbour solicitation that has waited, its IPv6 header at skb->head. Does not consume. */
void pndisc_redo(struct skb *skb);

/* ---- ip6_output.c, ip6_forward.c ---- */

/* A packet of others, skb->dst says where to. Consumes. */
void ip6_forward(struct netns *ns, struct skb *skb);

/* icmp6_dst_alloc(): out by dev, whatever the routes say. */
void icmp6_dst(struct skb *skb, struct netdev *dev, const struct inet_addr *saddr,
               const struct inet_addr *daddr);

#endif
