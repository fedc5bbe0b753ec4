/* Addresses of a device: adding, removing, finding, lifetimes (net/ipv6/addrconf.c). */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "inet/addrconf_int.h"
#include "inet/fib.h"
#include "inet/rtnetlink.h"

/* ---- finding ---- */

struct inet6_ifaddr *ipv6_get_ifaddr(const struct netdev *dev, const struct inet_addr *addr)
{
    if (!dev->in6_dev)
        return NULL;
    list_each(pos, &dev->in6_dev->addr_list)
    {
        struct inet6_ifaddr *ifa = list_entry(pos, struct inet6_ifaddr, node);
        if (inet_addr_eq(&ifa->addr, addr))
            return ifa;
    }
    return NULL;
}

/* Optimistic addresses count as complete (RFC 4429). */
static bool is_tentative(const struct inet6_ifaddr *ifa)
{
    return (ifa->flags & (VNET_IFA_F_TENTATIVE | VNET_IFA_F_OPTIMISTIC)) == VNET_IFA_F_TENTATIVE;
}

struct inet6_ifaddr *ipv6_find_addr(const struct netns *ns, const struct inet_addr *addr,
                                    const struct netdev *dev, bool tentative)
{
    netdev_each(ns, d, i)
    {
        if (dev && d != dev)
            continue;
        struct inet6_ifaddr *ifa = ipv6_get_ifaddr(d, addr);
        if (ifa && (tentative || !is_tentative(ifa)))
            return ifa;
    }
    return NULL;
}

struct inet6_ifaddr *ipv6_get_lladdr(const struct netdev *dev, uint32_t banned_flags)
{
    if (!dev->in6_dev)
        return NULL;
    struct list *head = &dev->in6_dev->addr_list;
    for (struct list *pos = head->prev; pos != head; pos = pos->prev) {
        struct inet6_ifaddr *ifa = list_entry(pos, struct inet6_ifaddr, node);
        if (ifa->scope == VNET_SCOPE_LINK && !(ifa->flags & banned_flags))
            return ifa;
        if (ifa->scope == VNET_SCOPE_HOST)
            break;
    }
    return NULL;
}

bool ipv6_chk_prefix(const struct inet_addr *addr, const struct netdev *dev)
{
    if (!dev->in6_dev)
        return false;
    list_each(pos, &dev->in6_dev->addr_list)
    {
        const struct inet6_ifaddr *ifa = list_entry(pos, struct inet6_ifaddr, node);
        if (ipv6_common_bits(addr, &ifa->addr) >= ifa->prefixlen)
            return true;
    }
    return false;
}

/* ---- adding ---- */

/* ipv6_link_dev_addr(): wider scopes first, the newest first among equals. */
static void link_addr(struct inet6_dev *idev, struct inet6_ifaddr *ifa)
{
    int scope = ipv6_scope(&ifa->addr);
    struct list *at = &idev->addr_list;
    list_each(pos, &idev->addr_list)
    {
        if (scope >= ipv6_scope(&list_entry(pos, struct inet6_ifaddr, node)->addr)) {
            at = pos;
            break;
        }
    }
    list_insert_before(&ifa->node, at);
}

static void expiry_timer(struct vnet *w, struct timer *t);

static struct inet6_ifaddr *alloc_addr(struct inet6_dev *idev, const struct inet_addr *addr)
{
    struct inet6_ifaddr *ifa = mem_alloc(sizeof(*ifa));
    ifa->idev = idev;
    ifa->addr = *addr;
    ifa->scope = ipv6_rt_scope(addr);
    ifa->valid_lft = ifa->preferred_lft = VNET_LIFETIME_FOREVER;
    timer_init(&ifa->dad, addrconf_dad_work);
    timer_init(&ifa->expiry, expiry_timer);
    return ifa;
}

struct inet6_ifaddr *addrconf_load_addr(struct inet6_dev *idev, const struct inet_addr *addr)
{
    if (ipv6_get_ifaddr(idev->dev, addr))
        return NULL;
    struct inet6_ifaddr *ifa = alloc_addr(idev, addr);
    ifa->scope = ipv6_rt_scope(addr);
    list_add_tail(&ifa->node, &idev->addr_list);
    return ifa;
}

int ipv6_err(const struct vnet *w, struct vnet_err *err, int error, const char *msg)
{
    if (w->profile->kernel.version < 0x060600)
        return -error;
    return vnet_err(err, error, "ipv6: %s", msg);
}

static int check_new(struct inet6_dev *idev, const struct ipv6_addr_new *cfg, struct vnet_err *err)
{
    const struct vnet *w = idev_world(idev);
    const struct inet_addr *a = &cfg->addr;
    if (inet_addr_is_any(a))
        return ipv6_err(w, err, EADDRNOTAVAIL, "Invalid address");
    if (inet_addr_is_multicast(a) && !(cfg->flags & VNET_IFA_F_MCAUTOJOIN))
        return ipv6_err(w, err, EADDRNOTAVAIL,
                        "Cannot assign multicast address without \"IFA_F_MCAUTOJOIN\" flag");
    if (!netif_is_loopback(idev->dev) && inet_addr_is_loopback(a))
        return ipv6_err(w, err, EADDRNOTAVAIL, "Cannot assign loopback address on this device");
    if (idev->dead)
        return ipv6_err(w, err, ENODEV, "device is going away");
    if (in6_dev_conf(idev, IPV6_CONF_disable_ipv6))
        return ipv6_err(w, err, EACCES, "IPv6 is disabled on this device");
    if (ipv6_get_ifaddr(idev->dev, a))
        return ipv6_err(w, err, EEXIST, "address already assigned");
    return 0;
}

struct inet6_ifaddr *ipv6_add_addr(struct inet6_dev *idev, const struct ipv6_addr_new *cfg,
                                   int *error, struct vnet_err *err)
{
    struct vnet *w = idev_world(idev);
    *error = check_new(idev, cfg, err);
    if (*error)
        return NULL;
    struct inet6_ifaddr *ifa = alloc_addr(idev, &cfg->addr);
    ifa->peer = cfg->peer;
    ifa->prefixlen = cfg->prefixlen;
    ifa->scope = cfg->scope;
    ifa->proto = cfg->proto;
    ifa->metric = cfg->metric;
    ifa->flags = cfg->flags;
    if (!(ifa->flags & VNET_IFA_F_NODAD))
        ifa->flags |= VNET_IFA_F_TENTATIVE;
    ifa->valid_lft = cfg->valid_lft;
    ifa->preferred_lft = cfg->preferred_lft;
    ifa->cstamp = ifa->tstamp = w->now;
    link_addr(idev, ifa);
    vnet_touch(w);
    return ifa;
}

/* ---- the routes and groups of an address ---- */

void ipv6_ifa_up(struct inet6_ifaddr *ifa)
{
    struct netdev *dev = ifa->idev->dev;
    inet6_ifa_notify(ifa, VNET_RTM_NEWADDR);
    addrconf_host_route(dev, &ifa->addr, VNET_RTN_LOCAL);
    if (in6_dev_conf(ifa->idev, IPV6_CONF_forwarding))
        addrconf_join_anycast(ifa);
    if (ifa->peer.family != VNET_AF_UNSPEC)
        addrconf_prefix_route(dev, &ifa->peer, 128, ifa->metric, 0);
}

void ipv6_ifa_gone(struct inet6_ifaddr *ifa)
{
    struct netdev *dev = ifa->idev->dev;
    inet6_ifa_notify(ifa, VNET_RTM_DELADDR);
    if (in6_dev_conf(ifa->idev, IPV6_CONF_forwarding))
        addrconf_leave_anycast(ifa);
    addrconf_leave_solict(ifa->idev, &ifa->addr);
    if (ifa->peer.family != VNET_AF_UNSPEC)
        addrconf_prefix_route_del(dev, &ifa->peer, 128, 0);
    addrconf_host_route_del(dev, &ifa->addr, VNET_RTN_LOCAL);
}

/* ---- removing ---- */

void ipv6_ifa_free(struct inet6_ifaddr *ifa)
{
    struct vnet *w = idev_world(ifa->idev);
    timer_cancel(w, &ifa->dad);
    timer_cancel(w, &ifa->expiry);
    list_del(&ifa->node);
    free(ifa);
}

void addrconf_cleanup_prefix(struct inet6_ifaddr *ifa)
{
    int64_t expires = 0;
    list_each(pos, &ifa->idev->addr_list)
    {
        const struct inet6_ifaddr *o = list_entry(pos, struct inet6_ifaddr, node);
        if (o == ifa || o->prefixlen != ifa->prefixlen ||
            ipv6_common_bits(&o->addr, &ifa->addr) < ifa->prefixlen)
            continue;
        if (o->flags & (VNET_IFA_F_PERMANENT | VNET_IFA_F_NOPREFIXROUTE))
            return;
        int64_t end = o->tstamp + o->valid_lft * NSEC_PER_SEC;
        expires = end > expires ? end : expires;
    }
    addrconf_prefix_route_del(ifa->idev->dev, &ifa->addr, ifa->prefixlen, expires);
}

void ipv6_del_addr(struct inet6_ifaddr *ifa)
{
    struct vnet *w = idev_world(ifa->idev);
    char text[INET_ADDRSTRLEN_MAX];
    trace(w, ifa->idev->dev, "addrconf", "ipv6_del_addr", VNET_TRACE_OK, NULL, "%s removed",
          inet_addr_str(&ifa->addr, text));
    bool own_prefix =
        (ifa->flags & (VNET_IFA_F_PERMANENT | VNET_IFA_F_NOPREFIXROUTE)) == VNET_IFA_F_PERMANENT;
    ipv6_ifa_gone(ifa);
    if (own_prefix)
        addrconf_cleanup_prefix(ifa);
    fib6_remove_prefsrc(ifa->idev->dev->ns, ifa->idev->dev, &ifa->addr);
    ipv6_ifa_free(ifa);
    vnet_touch(w);
}

/* ---- lifetimes (addrconf_verify_rtnl) ---- */

void ipv6_ifa_verify(struct inet6_ifaddr *ifa)
{
    struct vnet *w = idev_world(ifa->idev);
    bool forever = ifa->preferred_lft == VNET_LIFETIME_FOREVER;
    bool keeps = ifa->valid_lft == VNET_LIFETIME_FOREVER;
    int64_t next = INT64_MAX;
    if (!forever && !(ifa->flags & VNET_IFA_F_DEPRECATED))
        next = ifa->tstamp + ifa->preferred_lft * NSEC_PER_SEC;
    else if (!keeps)
        next = ifa->tstamp + ifa->valid_lft * NSEC_PER_SEC;
    if (next == INT64_MAX)
        timer_cancel(w, &ifa->expiry);
    else
        timer_set(w, &ifa->expiry, next);
}

static void expiry_timer(struct vnet *w, struct timer *t)
{
    struct inet6_ifaddr *ifa = container_of(t, struct inet6_ifaddr, expiry);
    int64_t age = (w->now - ifa->tstamp) / NSEC_PER_SEC;
    char text[INET_ADDRSTRLEN_MAX];
    if (ifa->valid_lft != VNET_LIFETIME_FOREVER && age >= ifa->valid_lft) {
        ipv6_del_addr(ifa);
        return;
    }
    if (age >= ifa->preferred_lft && !(ifa->flags & VNET_IFA_F_DEPRECATED)) {
        ifa->flags |= VNET_IFA_F_DEPRECATED;
        inet6_ifa_notify(ifa, VNET_RTM_NEWADDR);
        trace(w, ifa->idev->dev, "addrconf", "addrconf_verify_rtnl", VNET_TRACE_OK, NULL,
              "%s is deprecated", inet_addr_str(&ifa->addr, text));
    }
    ipv6_ifa_verify(ifa);
}
