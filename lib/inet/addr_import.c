/* Addresses as another machine listed them, put in place as they are. */
#include <errno.h>

#include "inet/addrconf_int.h"
#include "vnet_addr.h"

static int import_v4(struct netns *ns, const struct vnet_addr_info *info, struct vnet_err *err)
{
    const uint32_t kept = VNET_IFA_F_NOPREFIXROUTE | VNET_IFA_F_MCAUTOJOIN;
    struct vnet_addr_req req = {.ifindex = info->ifindex,
                                .family = info->family,
                                .prefixlen = info->prefixlen,
                                .has_scope = true,
                                .scope = info->scope,
                                .flags = info->flags & kept,
                                .local = info->local,
                                .address = info->address,
                                .brd = info->brd,
                                .metric = info->metric,
                                .proto = info->proto,
                                .has_lft = true,
                                .valid_lft = info->valid_lft,
                                .preferred_lft = info->preferred_lft,
                                .excl = true};
    for (int i = 0; i < VNET_IFNAMSIZ - 1; i++)
        req.label[i] = info->label[i];
    return vnet_addr_add(ns, &req, err);
}

/* What DAD has found out of a listed address is in its flags. */
static enum inet6_ifaddr_state dad_state(uint32_t flags)
{
    if (flags & VNET_IFA_F_DADFAILED)
        return IFADDR_STATE_ERRDAD;
    return flags & VNET_IFA_F_TENTATIVE ? IFADDR_STATE_PREDAD : IFADDR_STATE_POSTDAD;
}

static void set_lifetimes(struct inet6_ifaddr *ifa, const struct vnet_addr_info *info)
{
    ifa->valid_lft = info->valid_lft;
    ifa->preferred_lft = info->preferred_lft;
    ifa->flags = info->flags & ~(uint32_t)VNET_IFA_F_PERMANENT;
    if (info->valid_lft == VNET_LIFETIME_FOREVER)
        ifa->flags |= VNET_IFA_F_PERMANENT;
    if (info->preferred_lft == 0)
        ifa->flags |= VNET_IFA_F_DEPRECATED;
}

static void make_prefix_route(struct inet6_ifaddr *ifa)
{
    bool forever = ifa->flags & VNET_IFA_F_PERMANENT;
    int64_t end = forever ? 0 : ifa->tstamp + ifa->valid_lft * NSEC_PER_SEC;
    if (!(ifa->flags & VNET_IFA_F_NOPREFIXROUTE) && !netif_is_loopback(ifa->idev->dev))
        addrconf_prefix_route(ifa->idev->dev, &ifa->addr, ifa->prefixlen, ifa->metric, end);
}

static int import_v6(struct netns *ns, const struct vnet_addr_info *info, struct vnet_err *err)
{
    struct netdev *dev = netdev_by_index(ns, info->ifindex);
    struct inet6_dev *idev = dev ? ipv6_find_idev(dev) : NULL;
    char text[INET_ADDRSTRLEN_MAX];
    if (info->valid_lft == 0 || info->preferred_lft > info->valid_lft)
        return vnet_err(err, EINVAL, "%s: not a lifetime", inet_addr_str(&info->local, text));
    if (!idev || in6_dev_conf(idev, IPV6_CONF_disable_ipv6))
        return vnet_err(err, ENODEV, "%s: its device has no IPv6",
                        inet_addr_str(&info->local, text));
    if (ipv6_get_ifaddr(dev, &info->local))
        return 0;
    struct inet6_ifaddr *ifa = addrconf_load_addr(idev, &info->local);
    ifa->prefixlen = info->prefixlen;
    ifa->metric = info->metric;
    ifa->proto = info->proto;
    if (!inet_addr_eq(&info->address, &info->local))
        ifa->peer = info->address;
    set_lifetimes(ifa, info);
    ifa->tstamp = ifa->cstamp = ns->w->now;
    ifa->state = dad_state(info->flags);
    if (ifa->state == IFADDR_STATE_PREDAD)
        addrconf_dad_start(ifa);
    else if (ifa->state == IFADDR_STATE_POSTDAD)
        ipv6_ifa_up(ifa);
    make_prefix_route(ifa);
    ipv6_ifa_verify(ifa);
    vnet_touch(ns->w);
    return 0;
}

int vnet_addr_import(struct netns *ns, const struct vnet_addr_info *info, struct vnet_err *err)
{
    return info->family == VNET_AF_INET6 ? import_v6(ns, info, err) : import_v4(ns, info, err);
}
