/* The IPv6 side of a device: its making and end, what happens when the link comes and goes
 * (net/ipv6/addrconf.c: ipv6_add_dev, addrconf_notify, addrconf_ifdown). */
#include "inet/addrconf.h"

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "inet/addrconf_int.h"
#include "inet/fib.h"
#include "inet/rtnetlink.h"
#include "wire/ipv6.h"

/* ---- making ---- */

/* addrconf_link_ready(): operational, and a real qdisc at work, which dev_activate() sees to only
 * where there is a carrier. */
static bool link_ready(const struct netdev *dev)
{
    bool oper_up = dev->operstate == VNET_OPER_UP || dev->operstate == VNET_OPER_UNKNOWN;
    return netif_running(dev) && oper_up && netif_carrier_ok(dev) &&
           strcmp(dev->qdisc, "noop") != 0;
}

struct inet6_dev *in6_dev_load(struct netdev *dev)
{
    const struct inet_sysctls *s = dev->ns->sysctls;
    struct inet6_dev *idev = mem_alloc(sizeof(*idev));
    idev->dev = dev;
    list_init(&idev->addr_list);
    list_init(&idev->ac_list);
    idev->conf = s->ipv6_default;
    idev->neigh = neigh_defaults(dev->ns)->neigh6_default;
    idev->conf.v[IPV6_CONF_mtu] = (int32_t)dev->mtu;
    if (dev->flags & (VNET_IFF_NOARP | VNET_IFF_LOOPBACK))
        idev->conf.v[IPV6_CONF_accept_dad] = -1;
    if (netif_is_loopback(dev))
        idev->conf.v[IPV6_CONF_use_tempaddr] = -1;
    timer_init(&idev->rs, addrconf_rs_timer);
    ipv6_mc_init_dev(idev);
    dev->in6_dev = idev;
    return idev;
}

struct inet6_dev *in6_dev_init(struct netdev *dev)
{
    if (dev->mtu < IPV6_MIN_MTU)
        return NULL;
    struct inet6_dev *idev = in6_dev_load(dev);
    if (link_ready(dev))
        idev->if_flags |= IF_READY;
    inet6_netconf_notify(idev, VNET_RTM_NEWNETCONF);
    ipv6_mc_join(idev, &ipv6_node_all_nodes);
    ipv6_mc_join(idev, &ipv6_all_nodes);
    if (in6_dev_conf(idev, IPV6_CONF_forwarding) && (dev->flags & VNET_IFF_MULTICAST))
        ipv6_mc_join(idev, &ipv6_all_routers);
    vnet_touch(dev_world(dev));
    return idev;
}

void in6_dev_destroy(struct netdev *dev)
{
    struct inet6_dev *idev = dev->in6_dev;
    if (!idev)
        return;
    idev->dead = true;
    list_each_safe(pos, tmp, &idev->addr_list)
    {
        ipv6_ifa_free(list_entry(pos, struct inet6_ifaddr, node));
    }
    list_each_safe(pos, tmp, &idev->ac_list)
    {
        free(list_entry(pos, struct inet6_ac, node));
    }
    timer_cancel(idev_world(idev), &idev->rs);
    ipv6_mc_destroy_dev(idev);
    dev->in6_dev = NULL;
    free(idev);
}

struct inet6_dev *ipv6_find_idev(struct netdev *dev)
{
    struct inet6_dev *idev = dev->in6_dev ? dev->in6_dev : in6_dev_init(dev);
    if (idev && netif_running(dev))
        ipv6_mc_up(idev);
    return idev;
}

int ipv6_no_idev(const struct netns *ns)
{
    return ns->w->profile->kernel.version >= 0x050400 ? -EINVAL : -ENOBUFS;
}

struct inet6_dev *addrconf_add_dev(struct netdev *dev, int *error)
{
    struct inet6_dev *idev = ipv6_find_idev(dev);
    *error = !idev                                        ? ipv6_no_idev(dev->ns)
             : in6_dev_conf(idev, IPV6_CONF_disable_ipv6) ? -EACCES
                                                          : 0;
    if (*error)
        return NULL;
    if (!netif_is_loopback(dev))
        addrconf_add_mroute(dev);
    return idev;
}

/* ---- addresses that come by themselves ---- */

static void init_loopback(struct netdev *dev)
{
    const struct ipv6_addr_new cfg = {
        .addr = ipv6_loopback,
        .prefixlen = 128,
        .scope = VNET_SCOPE_HOST,
        .proto = 1, /* IFAPROT_KERNEL_LO */
        .flags = VNET_IFA_F_PERMANENT,
        .valid_lft = VNET_LIFETIME_FOREVER,
        .preferred_lft = VNET_LIFETIME_FOREVER,
    };
    struct inet6_dev *idev = ipv6_find_idev(dev);
    int error;
    struct inet6_ifaddr *ifa = idev ? ipv6_add_addr(idev, &cfg, &error, NULL) : NULL;
    if (!ifa)
        return;
    ifa->flags &= ~(uint32_t)VNET_IFA_F_TENTATIVE;
    ipv6_ifa_up(ifa);
}

bool ipv6_generate_eui64(const struct netdev *dev, uint8_t id[8])
{
    if (dev->type != VNET_ARPHRD_ETHER || dev->addr.len != ETH_ALEN)
        return false;
    lladdr_eui64(&dev->addr, id);
    return true;
}

static void add_linklocal(struct inet6_dev *idev, const struct inet_addr *addr, uint32_t flags)
{
    struct ipv6_addr_new cfg = {
        .addr = *addr,
        .prefixlen = 64,
        .scope = VNET_SCOPE_LINK,
        .proto = 3, /* IFAPROT_KERNEL_LL */
        .flags = flags | VNET_IFA_F_PERMANENT,
        .valid_lft = VNET_LIFETIME_FOREVER,
        .preferred_lft = VNET_LIFETIME_FOREVER,
    };
    bool optimistic =
        in6_dev_all(idev, IPV6_CONF_optimistic_dad) || in6_dev_conf(idev, IPV6_CONF_optimistic_dad);
    if (optimistic && !in6_dev_all(idev, IPV6_CONF_forwarding))
        cfg.flags |= VNET_IFA_F_OPTIMISTIC;
    int error;
    struct inet6_ifaddr *ifa = ipv6_add_addr(idev, &cfg, &error, NULL);
    if (!ifa)
        return;
    char text[INET_ADDRSTRLEN_MAX];
    trace(idev_world(idev), idev->dev, "addrconf", "addrconf_add_linklocal", VNET_TRACE_OK, NULL,
          "%s added", inet_addr_str(addr, text));
    addrconf_prefix_route(idev->dev, addr, 64, 0, 0);
    addrconf_dad_start(ifa);
}

void addrconf_addr_gen(struct inet6_dev *idev)
{
    struct inet_addr addr = {VNET_AF_INET6, {0xfe, 0x80}};
    switch (in6_dev_conf(idev, IPV6_CONF_addr_gen_mode)) {
    case VNET_ADDRGEN_RANDOM:
        if (!idev->has_secret)
            rng_bytes(&idev_world(idev)->rng, idev->secret, sizeof(idev->secret));
        idev->has_secret = true;
        /* fall through */
    case VNET_ADDRGEN_STABLE_PRIVACY:
        if (ipv6_generate_stable(idev, 0, &addr))
            add_linklocal(idev, &addr, VNET_IFA_F_STABLE_PRIVACY);
        break;
    case VNET_ADDRGEN_EUI64:
        if (ipv6_generate_eui64(idev->dev, addr.bytes + 8))
            add_linklocal(idev, &addr, 0);
        break;
    default: /* VNET_ADDRGEN_NONE */
        break;
    }
}

void addrconf_init_auto_addrs(struct netdev *dev)
{
    if (dev->type == VNET_ARPHRD_LOOPBACK) {
        init_loopback(dev);
        return;
    }
    if (dev->type != VNET_ARPHRD_ETHER)
        return;
    int error;
    struct inet6_dev *idev = addrconf_add_dev(dev, &error);
    if (idev)
        addrconf_addr_gen(idev);
}

/* ---- down ---- */

static bool is_local(const struct inet_addr *a)
{
    return inet_addr_is_linklocal(a) || inet_addr_is_loopback(a);
}

/* With keep_addr_on_down an address stays behind, tentative again and without its routes. */
static void keep_address(struct inet6_ifaddr *ifa)
{
    timer_cancel(idev_world(ifa->idev), &ifa->dad);
    ifa->state = IFADDR_STATE_PREDAD;
    if (!(ifa->flags & VNET_IFA_F_NODAD))
        ifa->flags |= VNET_IFA_F_TENTATIVE;
    addrconf_host_route_del(ifa->idev->dev, &ifa->addr, VNET_RTN_LOCAL);
    if (in6_dev_conf(ifa->idev, IPV6_CONF_forwarding))
        addrconf_leave_anycast(ifa);
    addrconf_leave_solict(ifa->idev, &ifa->addr);
}

static void drop_addresses(struct inet6_dev *idev, bool unregister)
{
    int keep = in6_dev_all(idev, IPV6_CONF_keep_addr_on_down);
    if (!keep)
        keep = in6_dev_conf(idev, IPV6_CONF_keep_addr_on_down);
    bool keep_any = !unregister && keep > 0 && !in6_dev_conf(idev, IPV6_CONF_disable_ipv6);
    list_each_safe(pos, tmp, &idev->addr_list)
    {
        struct inet6_ifaddr *ifa = list_entry(pos, struct inet6_ifaddr, node);
        if (keep_any && (ifa->flags & VNET_IFA_F_PERMANENT) && !is_local(&ifa->addr)) {
            keep_address(ifa);
            continue;
        }
        ipv6_ifa_gone(ifa);
        ipv6_ifa_free(ifa);
    }
}

void addrconf_ifdown(struct netdev *dev, bool unregister)
{
    fib6_dev_down(dev, unregister); /* rt6_disable_ip() */
    neigh_ifdown(dev->ns->nd_tbl, dev);
    struct inet6_dev *idev = dev->in6_dev;
    if (!idev)
        return;
    bool was_ready = idev->if_flags & IF_READY;
    idev->dead = unregister;
    timer_cancel(idev_world(idev), &idev->rs);
    if (!unregister)
        idev->if_flags &= ~(IF_RS_SENT | IF_RA_RCVD | IF_READY);
    drop_addresses(idev, unregister);
    if (unregister)
        ipv6_ac_destroy_dev(idev);
    if (was_ready || unregister) /* groups of a link that never was stay as they are */
        ipv6_mc_down(idev);
    vnet_touch(dev_world(dev));
    if (!unregister)
        return;
    inet6_netconf_notify(idev, VNET_RTM_DELNETCONF);
    in6_dev_destroy(dev);
}

/* ---- up ---- */

/* addrconf_permanent_addr(): addresses given while the device was down, or kept. */
static void restore_permanent(struct inet6_dev *idev)
{
    list_each(pos, &idev->addr_list)
    {
        struct inet6_ifaddr *ifa = list_entry(pos, struct inet6_ifaddr, node);
        if (!(ifa->flags & VNET_IFA_F_PERMANENT))
            continue;
        if (!(ifa->flags & VNET_IFA_F_NOPREFIXROUTE))
            addrconf_prefix_route(idev->dev, &ifa->addr, ifa->prefixlen, ifa->metric, 0);
        if (ifa->state == IFADDR_STATE_PREDAD)
            addrconf_dad_start(ifa);
    }
}

/* The link is ready: addresses, duplicate address detection of those that waited. */
static void link_becomes_ready(struct netdev *dev)
{
    struct inet6_dev *idev = dev->in6_dev ? dev->in6_dev : in6_dev_init(dev);
    if (!idev)
        return;
    idev->if_flags |= IF_READY;
    trace(dev_world(dev), dev, "addrconf", "addrconf_notify", VNET_TRACE_OK, NULL,
          "link becomes ready");
    addrconf_init_auto_addrs(dev);
    addrconf_dad_run(idev);
    fib6_dev_up(dev);
    if (dev->mtu >= IPV6_MIN_MTU)
        idev->conf.v[IPV6_CONF_mtu] = (int32_t)dev->mtu;
    else
        addrconf_ifdown(dev, dev != dev->ns->loopback);
}

static void not_ready(const struct netdev *dev)
{
    enum { KERNEL_SILENT = 0x050000 }; /* pr_debug() on 6.1 */
    trace(dev_world(dev), dev, "addrconf", "addrconf_notify", VNET_TRACE_OK, NULL,
          "link is not ready");
    if (dev_world(dev)->profile->kernel.version < KERNEL_SILENT)
        printk(dev->ns, VNET_KLOG_INFO, "IPv6: ADDRCONF(NETDEV_UP): %s: link is not ready",
               dev->name);
}

static void netdev_up(struct netdev *dev)
{
    struct inet6_dev *idev = dev->in6_dev;
    if (idev && in6_dev_conf(idev, IPV6_CONF_disable_ipv6))
        return;
    if (idev)
        restore_permanent(idev);
    if (link_ready(dev))
        link_becomes_ready(dev);
    else
        not_ready(dev);
}

static void netdev_change(struct netdev *dev)
{
    struct inet6_dev *idev = dev->in6_dev;
    if (!idev || in6_dev_conf(idev, IPV6_CONF_disable_ipv6))
        return;
    if (!link_ready(dev)) {
        fib6_dev_ready(dev, false);
        return;
    }
    if (idev->if_flags & IF_READY) { /* perhaps another link now: tell its switches our groups */
        ipv6_mc_up(idev);
        fib6_dev_ready(dev, true);
        return;
    }
    if (dev_world(dev)->profile->kernel.log_link_ready)
        printk(dev->ns, VNET_KLOG_INFO, "IPv6: ADDRCONF(NETDEV_CHANGE): %s: link becomes ready",
               dev->name);
    link_becomes_ready(dev);
}

static void netdev_changemtu(struct netdev *dev)
{
    struct inet6_dev *idev = dev->in6_dev;
    if (dev->mtu < IPV6_MIN_MTU) {
        addrconf_ifdown(dev, dev != dev->ns->loopback);
        return;
    }
    if (idev) {
        idev->conf.v[IPV6_CONF_mtu] = (int32_t)dev->mtu;
        return;
    }
    idev = in6_dev_init(dev);
    if (idev->if_flags & IF_READY)
        link_becomes_ready(dev);
}

static void addrconf_notify(struct netdev *dev, enum netdev_event event)
{
    switch (event) {
    case NETDEV_REGISTER:
        if (!dev->in6_dev && !dev_world(dev)->loading) /* a state says itself which have one */
            in6_dev_init(dev);
        break;
    case NETDEV_UP:
        netdev_up(dev);
        break;
    case NETDEV_CHANGE:
        netdev_change(dev);
        break;
    case NETDEV_CHANGEMTU:
        netdev_changemtu(dev);
        break;
    case NETDEV_CHANGENAME: /* its sysctls go and come */
        if (dev->in6_dev) {
            inet6_netconf_notify(dev->in6_dev, VNET_RTM_DELNETCONF);
            inet6_netconf_notify(dev->in6_dev, VNET_RTM_NEWNETCONF);
        }
        break;
    case NETDEV_DOWN:
    case NETDEV_UNREGISTER:
        addrconf_ifdown(dev, event == NETDEV_UNREGISTER);
        break;
    default:
        break;
    }
}

void addrconf_event(struct netdev *dev, enum netdev_event event)
{
    addrconf_notify(dev, event);
    ndisc_event(dev, event);
}

/* ---- sysctls ---- */

void addrconf_disable_ipv6(struct inet6_dev *idev, bool disable)
{
    addrconf_notify(idev->dev, disable ? NETDEV_DOWN : NETDEV_UP);
}

void addrconf_forwarding_changed(struct inet6_dev *idev)
{
    static const struct inet_addr *const groups[] = {&ipv6_all_routers, &ipv6_node_all_routers,
                                                     &ipv6_site_all_routers};
    bool on = in6_dev_conf(idev, IPV6_CONF_forwarding);
    for (size_t i = 0; (idev->dev->flags & VNET_IFF_MULTICAST) && i < ARRAY_LEN(groups); i++) {
        if (on)
            ipv6_mc_join(idev, groups[i]);
        else
            ipv6_mc_leave(idev, groups[i]);
    }
    list_each(pos, &idev->addr_list)
    {
        struct inet6_ifaddr *ifa = list_entry(pos, struct inet6_ifaddr, node);
        if (ifa->flags & VNET_IFA_F_TENTATIVE)
            continue;
        if (on)
            addrconf_join_anycast(ifa);
        else
            addrconf_leave_anycast(ifa);
    }
    vnet_touch(idev_world(idev));
}
