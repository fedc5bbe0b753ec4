/* Duplicate address detection (RFC 4862 5.4, RFC 7527; net/ipv6/addrconf.c: addrconf_dad_*). */
#include "base/strbuf.h"
#include "inet/addrconf_int.h"
#include "inet/rtnetlink.h"
#include "inet/text.h"

enum {
    UNSURE = VNET_IFA_F_TENTATIVE | VNET_IFA_F_OPTIMISTIC | VNET_IFA_F_DADFAILED,
    NO_ND = VNET_IFF_NOARP | VNET_IFF_LOOPBACK,
};

static void trace_addr(const struct inet6_ifaddr *ifa, const char *func, const char *what)
{
    char text[INET_ADDRSTRLEN_MAX];
    trace(idev_world(ifa->idev), ifa->idev->dev, "dad", func, VNET_TRACE_OK, NULL, "%s: %s",
          inet_addr_str(&ifa->addr, text), what);
}

/* ---- the solicited-node group ---- */

void addrconf_join_solict(struct inet6_dev *idev, const struct inet_addr *addr)
{
    if (idev->dev->flags & NO_ND)
        return;
    const struct inet_addr group = ipv6_solicited_group(addr);
    ipv6_mc_join(idev, &group);
}

void addrconf_leave_solict(struct inet6_dev *idev, const struct inet_addr *addr)
{
    if (idev->dev->flags & NO_ND)
        return;
    const struct inet_addr group = ipv6_solicited_group(addr);
    ipv6_mc_leave(idev, &group);
}

/* ---- the end of it ---- */

/* ipv6_lonely_lladdr(): no other link-local address is complete. */
static bool lonely_lladdr(const struct inet6_ifaddr *ifa)
{
    const struct list *head = &ifa->idev->addr_list;
    list_each(pos, head)
    {
        const struct inet6_ifaddr *o = list_entry(pos, struct inet6_ifaddr, node);
        if (o != ifa && o->scope == VNET_SCOPE_LINK &&
            (o->flags & (VNET_IFA_F_PERMANENT | UNSURE)) == VNET_IFA_F_PERMANENT)
            return false;
    }
    return true;
}

static bool wants_unsolicited_na(const struct inet6_dev *idev)
{
    return in6_dev_conf(idev, IPV6_CONF_ndisc_notify) || in6_dev_all(idev, IPV6_CONF_ndisc_notify);
}

static void dad_completed(struct inet6_ifaddr *ifa, bool send_na)
{
    struct inet6_dev *idev = ifa->idev;
    struct netdev *dev = idev->dev;
    timer_cancel(idev_world(idev), &ifa->dad);
    trace_addr(ifa, "addrconf_dad_completed", "ours");
    ipv6_ifa_up(ifa);
    bool send_mld = ifa->scope == VNET_SCOPE_LINK && lonely_lladdr(ifa);
    bool send_rs = send_mld && ipv6_accept_ra(idev) && !netif_is_loopback(dev) &&
                   in6_dev_conf(idev, IPV6_CONF_router_solicitations) != 0;
    if (send_mld)
        ipv6_mc_dad_complete(idev);
    if (send_na && wants_unsolicited_na(idev))
        ndisc_send_na(dev, &ipv6_all_nodes, &ifa->addr,
                      (struct ndisc_na){.router = in6_dev_conf(idev, IPV6_CONF_forwarding),
                                        .override = true,
                                        .with_lladdr = true});
    if (send_rs)
        addrconf_rs_start(idev, VNET_IFA_F_TENTATIVE);
}

static void dad_succeeded(struct inet6_ifaddr *ifa)
{
    bool was_tentative =
        (ifa->flags & (VNET_IFA_F_TENTATIVE | VNET_IFA_F_OPTIMISTIC)) == VNET_IFA_F_TENTATIVE;
    ifa->flags &= ~(uint32_t)UNSURE;
    dad_completed(ifa, was_tentative);
}

/* addrconf_dad_stop(): the address stays tentative if it is permanent (or merely waits for the
 * link), else it goes. */
static void dad_stop(struct inet6_ifaddr *ifa, bool failed)
{
    if (failed)
        ifa->flags |= VNET_IFA_F_DADFAILED;
    if (failed && !(ifa->flags & VNET_IFA_F_PERMANENT)) {
        ipv6_del_addr(ifa);
        return;
    }
    timer_cancel(idev_world(ifa->idev), &ifa->dad);
    ifa->flags |= VNET_IFA_F_TENTATIVE;
    if (!failed)
        return;
    ifa->flags &= ~(uint32_t)VNET_IFA_F_OPTIMISTIC;
    inet6_ifa_notify(ifa, VNET_RTM_NEWADDR);
}

/* ---- the beginning ---- */

static uint64_t draw_nonce(struct vnet *w)
{
    uint64_t nonce;
    do {
        nonce = rng_next(&w->rng) >> 16;
    } while (nonce == 0);
    return nonce;
}

/* addrconf_dad_kick(): a random delay before the first probe. */
static void dad_kick(struct inet6_ifaddr *ifa)
{
    struct inet6_dev *idev = ifa->idev;
    struct vnet *w = idev_world(idev);
    int64_t delay = in6_dev_conf(idev, IPV6_CONF_router_solicitation_delay) * NSEC_PER_SEC;
    delay = ifa->flags & VNET_IFA_F_OPTIMISTIC ? 0 : random_jiffies(w, delay);
    bool enhanced =
        in6_dev_conf(idev, IPV6_CONF_enhanced_dad) || in6_dev_all(idev, IPV6_CONF_enhanced_dad);
    ifa->dad_nonce = enhanced ? draw_nonce(w) : 0;
    ifa->dad_probes = (uint8_t)in6_dev_conf(idev, IPV6_CONF_dad_transmits);
    work_schedule(w, &ifa->dad, delay);
}

static bool dad_needless(const struct inet6_ifaddr *ifa)
{
    const struct inet6_dev *idev = ifa->idev;
    bool accepts = in6_dev_all(idev, IPV6_CONF_accept_dad) >= 1 ||
                   in6_dev_conf(idev, IPV6_CONF_accept_dad) >= 1;
    return (idev->dev->flags & NO_ND) || !accepts || !(ifa->flags & VNET_IFA_F_TENTATIVE) ||
           (ifa->flags & VNET_IFA_F_NODAD);
}

static void dad_begin(struct inet6_ifaddr *ifa)
{
    addrconf_join_solict(ifa->idev, &ifa->addr);
    if (dad_needless(ifa)) {
        dad_succeeded(ifa);
        return;
    }
    if (!(ifa->idev->if_flags & IF_READY)) {
        trace_addr(ifa, "addrconf_dad_begin", "link is not ready");
        dad_stop(ifa, false);
        return;
    }
    if (ifa->flags & VNET_IFA_F_OPTIMISTIC)
        addrconf_host_route(ifa->idev->dev, &ifa->addr, VNET_RTN_LOCAL);
    dad_kick(ifa);
}

void addrconf_dad_start(struct inet6_ifaddr *ifa)
{
    ifa->state = IFADDR_STATE_PREDAD;
    work_schedule(idev_world(ifa->idev), &ifa->dad, 0);
}

void addrconf_dad_run(struct inet6_dev *idev)
{
    list_each(pos, &idev->addr_list)
    {
        struct inet6_ifaddr *ifa = list_entry(pos, struct inet6_ifaddr, node);
        if ((ifa->flags & VNET_IFA_F_TENTATIVE) && ifa->state == IFADDR_STATE_DAD)
            dad_kick(ifa);
    }
}

/* ---- a conflict ---- */

/* The address from the MAC itself is taken: with accept_dad 2 IPv6 goes off on the device. */
static bool must_disable(const struct inet6_ifaddr *ifa)
{
    const struct inet6_dev *idev = ifa->idev;
    struct inet_addr own = {VNET_AF_INET6, {0xfe, 0x80}};
    bool strict =
        in6_dev_all(idev, IPV6_CONF_accept_dad) > 1 || in6_dev_conf(idev, IPV6_CONF_accept_dad) > 1;
    return strict && !in6_dev_conf(idev, IPV6_CONF_disable_ipv6) &&
           !(ifa->flags & VNET_IFA_F_STABLE_PRIVACY) &&
           ipv6_generate_eui64(idev->dev, own.bytes + 8) && inet_addr_eq(&own, &ifa->addr);
}

static void dad_abort(struct inet6_ifaddr *ifa)
{
    struct inet6_dev *idev = ifa->idev;
    bool disable = must_disable(ifa);
    if (disable)
        idev->conf.v[IPV6_CONF_disable_ipv6] = 1;
    dad_stop(ifa, true);
    if (disable)
        addrconf_ifdown(idev->dev, false);
}

/* RFC 7217: another address from the same secret. */
static void stable_retry(struct inet6_ifaddr *ifa)
{
    const struct netns *ns = ifa->idev->dev->ns;
    struct vnet *w = idev_world(ifa->idev);
    struct ipv6_addr_new cfg = {
        .addr = ifa->addr,
        .prefixlen = ifa->prefixlen,
        .scope = ifa->scope,
        .flags = ifa->flags & ~(uint32_t)UNSURE,
        .valid_lft = ifa->valid_lft,
        .preferred_lft = ifa->preferred_lft,
    };
    int error;
    uint8_t retries = (uint8_t)(ifa->stable_retry + 1);
    if (retries > net_sysctl(ns, NET_IPV6_IDGEN_RETRIES) ||
        !ipv6_generate_stable(ifa->idev, retries, &cfg.addr))
        return;
    struct inet6_ifaddr *next = ipv6_add_addr(ifa->idev, &cfg, &error, NULL);
    if (!next)
        return;
    next->stable_retry = retries;
    next->state = IFADDR_STATE_PREDAD;
    work_schedule(w, &next->dad, net_sysctl(ns, NET_IPV6_IDGEN_DELAY) * NSEC_PER_SEC);
}

static void say_duplicate(const struct inet6_ifaddr *ifa, const struct skb *skb)
{
    enum { KERNEL_SAYS_WHO = 0x040c00 };
    const struct netdev *dev = ifa->idev->dev;
    struct strbuf who = STRBUF_INIT;
    if (!net_ratelimit(dev->ns))
        return;
    if (dev_world(dev)->profile->kernel.version >= KERNEL_SAYS_WHO) {
        const struct lladdr source = lladdr_eth(skb->buf + skb->mac + ETH_ALEN);
        char text[LLADDR_STRLEN_MAX];
        strbuf_addf(&who, " used by %s", lladdr_str(&source, text));
    }
    printk(dev->ns, VNET_KLOG_INFO, "IPv6: %s: IPv6 duplicate address %s%s detected!", dev->name,
           ADDR_STR(&ifa->addr), strbuf_cstr(&who));
    strbuf_release(&who);
}

void addrconf_dad_failure(struct inet6_ifaddr *ifa, const struct skb *skb)
{
    if (ifa->state != IFADDR_STATE_DAD)
        return;
    trace_addr(ifa, "addrconf_dad_failure", "duplicate address detected");
    say_duplicate(ifa, skb);
    if (ifa->flags & VNET_IFA_F_STABLE_PRIVACY)
        stable_retry(ifa);
    ifa->state = IFADDR_STATE_ERRDAD;
    work_schedule(idev_world(ifa->idev), &ifa->dad, 0);
}

/* ---- probing ---- */

static void dad_probe(struct inet6_ifaddr *ifa)
{
    struct inet6_dev *idev = ifa->idev;
    struct vnet *w = idev_world(idev);
    int64_t retrans = idev->neigh.v[NEIGH_PARM_retrans_time_ms] * NSEC_PER_MSEC;
    if (!ifa->dad_probes) {
        ifa->state = IFADDR_STATE_POSTDAD;
        dad_succeeded(ifa);
        return;
    }
    ifa->dad_probes--;
    work_schedule(w, &ifa->dad, retrans > 10 * NSEC_PER_MSEC ? retrans : 10 * NSEC_PER_MSEC);
    const struct inet_addr group = ipv6_solicited_group(&ifa->addr);
    ndisc_send_ns(idev->dev, &ifa->addr, &group, &ipv6_any, ifa->dad_nonce);
}

void addrconf_dad_work(struct vnet *w, struct timer *t)
{
    (void)w;
    struct inet6_ifaddr *ifa = container_of(t, struct inet6_ifaddr, dad);
    switch (ifa->state) {
    case IFADDR_STATE_PREDAD:
        ifa->state = IFADDR_STATE_DAD;
        dad_begin(ifa);
        break;
    case IFADDR_STATE_ERRDAD:
        ifa->state = IFADDR_STATE_POSTDAD;
        dad_abort(ifa);
        break;
    case IFADDR_STATE_DAD:
        if (!ifa->idev->dead && (ifa->idev->if_flags & IF_READY))
            dad_probe(ifa);
        break;
    case IFADDR_STATE_POSTDAD:
        break;
    }
}
