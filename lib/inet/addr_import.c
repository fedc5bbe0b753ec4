/* Addresses as another machine listed them, put in place as they are. */
#include <errno.h>

#include "inet/addrconf_int.h"
#include "vnet_addr.h"

static int import_v4(struct netns *ns, const struct vnet_addr_info *info, struct vnet_err *err)
{
    struct vnet_addr_req req = {.ifindex = info->ifindex,
                                .family = info->family,
                                .prefixlen = info->prefixlen,
                                .has_scope = true,
                                .scope = info->scope,
                                .flags = info->flags & VNET_IFA_F_NOPREFIXROUTE,
                                .local = info->local,
                                .address = info->address,
                                .brd = info->brd,
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

static int import_v6(struct netns *ns, const struct vnet_addr_info *info, struct vnet_err *err)
{
    struct netdev *dev = netdev_by_index(ns, info->ifindex);
    struct inet6_dev *idev = dev ? ipv6_find_idev(dev) : NULL;
    char text[INET_ADDRSTRLEN_MAX];
    if (!idev)
        return vnet_err(err, ENODEV, "%s: its device has no IPv6",
                        inet_addr_str(&info->local, text));
    if (ipv6_get_ifaddr(dev, &info->local))
        return 0;
    struct inet6_ifaddr *ifa = addrconf_load_addr(idev, &info->local);
    ifa->prefixlen = info->prefixlen;
    ifa->flags = info->flags | VNET_IFA_F_PERMANENT;
    ifa->valid_lft = ifa->preferred_lft = VNET_LIFETIME_FOREVER;
    ifa->tstamp = ifa->cstamp = ns->w->now;
    ifa->state = dad_state(info->flags);
    if (ifa->state == IFADDR_STATE_PREDAD)
        addrconf_dad_start(ifa);
    else if (ifa->state == IFADDR_STATE_POSTDAD)
        ipv6_ifa_up(ifa);
    vnet_touch(ns->w);
    return 0;
}

int vnet_addr_import(struct netns *ns, const struct vnet_addr_info *info, struct vnet_err *err)
{
    return info->family == VNET_AF_INET6 ? import_v6(ns, info, err) : import_v4(ns, info, err);
}
