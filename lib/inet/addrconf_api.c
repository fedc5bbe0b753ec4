/* Addresses given by hand (net/ipv6/addrconf.c: inet6_rtm_newaddr, inet6_rtm_deladdr), and sysctls
 * that make addresses. */
#include <errno.h>

#include "inet/addrconf_int.h"
#include "inet/rtnetlink.h"

static struct netdev *find_dev(struct netns *ns, int ifindex, int *error, struct vnet_err *err)
{
    struct netdev *dev = netdev_by_index(ns, ifindex);
    *error = dev ? 0 : ipv6_err(ns->w, err, ENODEV, "Unable to find the interface");
    return dev;
}

/* extract_addr(): the address is `local`, the peer `address` if it is another. */
static int extract_addr(const struct vnet_addr_req *req, struct inet_addr *addr,
                        struct inet_addr *peer)
{
    *peer = (struct inet_addr){0};
    *addr = req->local.family ? req->local : req->address;
    if (addr->family != VNET_AF_INET6)
        return -EINVAL;
    if (req->local.family && req->address.family && !inet_addr_eq(&req->local, &req->address))
        *peer = req->address;
    return 0;
}

/* ---- lifetimes ---- */

struct lifetimes {
    uint32_t valid, preferred;
    uint32_t flags;  /* PERMANENT, DEPRECATED as they follow */
    int64_t expires; /* of the prefix route; 0: never */
};

static int check_lifetimes(const struct vnet *w, const struct vnet_addr_req *req,
                           struct lifetimes *l, struct vnet_err *err)
{
    l->valid = req->has_lft ? req->valid_lft : VNET_LIFETIME_FOREVER;
    l->preferred = req->has_lft ? req->preferred_lft : VNET_LIFETIME_FOREVER;
    l->flags = 0;
    l->expires = 0;
    if (!l->valid || l->preferred > l->valid)
        return ipv6_err(w, err, EINVAL, "address lifetime invalid");
    if (l->valid == VNET_LIFETIME_FOREVER)
        l->flags |= VNET_IFA_F_PERMANENT;
    else
        l->expires = w->now + l->valid * NSEC_PER_SEC;
    if (l->preferred == 0)
        l->flags |= VNET_IFA_F_DEPRECATED;
    return 0;
}

/* ---- new ---- */

static int addr_add(struct netdev *dev, const struct vnet_addr_req *req, struct ipv6_addr_new *cfg,
                    struct vnet_err *err)
{
    const struct vnet *w = dev_world(dev);
    struct lifetimes l;
    int error;
    if (cfg->prefixlen > 128)
        return ipv6_err(w, err, EINVAL, "Invalid prefix length");
    if ((error = check_lifetimes(w, req, &l, err)))
        return error;
    if ((cfg->flags & VNET_IFA_F_MANAGETEMPADDR) && cfg->prefixlen != 64)
        return ipv6_err(w, err, EINVAL,
                        "address with \"mngtmpaddr\" flag must have a prefix length of 64");
    struct inet6_dev *idev = addrconf_add_dev(dev, &error);
    if (!idev)
        return ipv6_err(w, err, -error, "IPv6 is disabled on this device");
    if ((cfg->flags & VNET_IFA_F_MCAUTOJOIN) &&
        (!inet_addr_is_multicast(&cfg->addr) || ipv6_mc_join(idev, &cfg->addr)))
        return ipv6_err(w, err, EINVAL, "Multicast auto join failed");
    cfg->flags |= l.flags;
    cfg->valid_lft = l.valid;
    cfg->preferred_lft = l.preferred;
    struct inet6_ifaddr *ifa = ipv6_add_addr(idev, cfg, &error, err);
    if (!ifa) {
        if (cfg->flags & VNET_IFA_F_MCAUTOJOIN)
            ipv6_mc_leave(idev, &cfg->addr);
        return error;
    }
    if (!(cfg->flags & VNET_IFA_F_NOPREFIXROUTE))
        addrconf_prefix_route(dev, &cfg->addr, cfg->prefixlen, cfg->metric, l.expires);
    if (!(ifa->flags & (VNET_IFA_F_OPTIMISTIC | VNET_IFA_F_NODAD)))
        inet6_ifa_notify(ifa, VNET_RTM_NEWADDR);
    addrconf_dad_start(ifa);
    ipv6_ifa_verify(ifa);
    return 0;
}

/* inet6_addr_modify(): `ip addr replace` of one that is there. */
static int addr_modify(struct inet6_ifaddr *ifa, const struct vnet_addr_req *req,
                       const struct ipv6_addr_new *cfg, struct vnet_err *err)
{
    const uint32_t settable = VNET_IFA_F_DEPRECATED | VNET_IFA_F_PERMANENT | VNET_IFA_F_NODAD |
                              VNET_IFA_F_HOMEADDRESS | VNET_IFA_F_MANAGETEMPADDR |
                              VNET_IFA_F_NOPREFIXROUTE;
    struct netdev *dev = ifa->idev->dev;
    struct lifetimes l;
    int error = check_lifetimes(dev_world(dev), req, &l, err);
    if (error)
        return error;
    if ((cfg->flags & VNET_IFA_F_MANAGETEMPADDR) &&
        ((ifa->flags & VNET_IFA_F_SECONDARY) || ifa->prefixlen != 64))
        return -EINVAL;
    uint32_t metric = cfg->metric ? cfg->metric : ifa->metric;
    bool had_route =
        (ifa->flags & (VNET_IFA_F_PERMANENT | VNET_IFA_F_NOPREFIXROUTE)) == VNET_IFA_F_PERMANENT;
    if (had_route &&
        (metric != ifa->metric || (cfg->flags & VNET_IFA_F_NOPREFIXROUTE) || l.expires))
        addrconf_prefix_route_del(dev, &ifa->addr, ifa->prefixlen, 0);
    if (cfg->peer.family && !inet_addr_eq(&cfg->peer, &ifa->peer)) {
        if (ifa->peer.family)
            addrconf_prefix_route_del(dev, &ifa->peer, ifa->prefixlen, 0);
        ifa->peer = cfg->peer;
    }
    ifa->flags =
        (ifa->flags & ~settable) | (cfg->flags & ~(uint32_t)VNET_IFA_F_OPTIMISTIC) | l.flags;
    ifa->tstamp = dev_world(dev)->now;
    ifa->valid_lft = l.valid;
    ifa->preferred_lft = l.preferred;
    ifa->metric = metric;
    ifa->proto = cfg->proto;
    if (!(cfg->flags & VNET_IFA_F_NOPREFIXROUTE)) {
        addrconf_prefix_route(dev, &ifa->addr, ifa->prefixlen, ifa->metric, l.expires);
        if (ifa->peer.family)
            addrconf_prefix_route(dev, &ifa->peer, ifa->prefixlen, ifa->metric, l.expires);
    }
    inet6_ifa_notify(ifa, VNET_RTM_NEWADDR);
    ipv6_ifa_verify(ifa);
    vnet_touch(dev_world(dev));
    return 0;
}

int addrconf_addr_add(struct netns *ns, const struct vnet_addr_req *req, struct vnet_err *err)
{
    const uint32_t taken = VNET_IFA_F_NODAD | VNET_IFA_F_HOMEADDRESS | VNET_IFA_F_MANAGETEMPADDR |
                           VNET_IFA_F_NOPREFIXROUTE | VNET_IFA_F_MCAUTOJOIN | VNET_IFA_F_OPTIMISTIC;
    struct ipv6_addr_new cfg = {
        .prefixlen = req->prefixlen,
        .flags = req->flags & taken,
        .metric = req->metric,
        .proto = req->proto,
    };
    int error = extract_addr(req, &cfg.addr, &cfg.peer);
    if (error)
        return error;
    cfg.scope = ipv6_rt_scope(&cfg.addr);
    struct netdev *dev = find_dev(ns, req->ifindex, &error, err);
    if (!dev)
        return error;
    struct inet6_dev *idev = ipv6_find_idev(dev);
    if (!idev)
        return ipv6_no_idev(ns);
    if (!in6_dev_all(idev, IPV6_CONF_optimistic_dad) &&
        !in6_dev_conf(idev, IPV6_CONF_optimistic_dad))
        cfg.flags &= ~(uint32_t)VNET_IFA_F_OPTIMISTIC;
    if ((cfg.flags & VNET_IFA_F_NODAD) && (cfg.flags & VNET_IFA_F_OPTIMISTIC))
        return vnet_err(err, EINVAL, "IFA_F_NODAD and IFA_F_OPTIMISTIC are mutually exclusive");
    struct inet6_ifaddr *ifa = ipv6_get_ifaddr(dev, &cfg.addr);
    if (!ifa)
        return addr_add(dev, req, &cfg, err);
    if (req->excl || !req->replace)
        return ipv6_err(ns->w, err, EEXIST, "address already assigned");
    return addr_modify(ifa, req, &cfg, err);
}

/* ---- delete ---- */

int addrconf_addr_del(struct netns *ns, const struct vnet_addr_req *req, struct vnet_err *err)
{
    struct inet_addr addr, peer;
    int error = extract_addr(req, &addr, &peer);
    if (error)
        return error;
    if (req->prefixlen > 128)
        return ipv6_err(ns->w, err, EINVAL, "Invalid prefix length");
    struct netdev *dev = find_dev(ns, req->ifindex, &error, err);
    if (!dev)
        return error;
    if (!dev->in6_dev)
        return ipv6_err(ns->w, err, ENXIO, "IPv6 is disabled on this device");
    struct inet6_ifaddr *ifa = ipv6_get_ifaddr(dev, &addr);
    if (!ifa || ifa->prefixlen != req->prefixlen)
        return ipv6_err(ns->w, err, EADDRNOTAVAIL, "address not found");
    ipv6_del_addr(ifa);
    if (inet_addr_is_multicast(&addr))
        ipv6_mc_leave(dev->in6_dev, &addr);
    return 0;
}

/* ---- dump ---- */

/* Seconds left of a lifetime given at tstamp. */
static uint32_t left(uint32_t lft, int64_t age)
{
    if (lft == VNET_LIFETIME_FOREVER)
        return lft;
    return lft > age ? (uint32_t)(lft - age) : 0;
}

void inet6_fill_ifaddr(const struct inet6_ifaddr *ifa, struct vnet_addr_info *info)
{
    const struct netdev *dev = ifa->idev->dev;
    int64_t age = (dev_world(dev)->now - ifa->tstamp) / NSEC_PER_SEC;
    bool has_peer = ifa->peer.family != VNET_AF_UNSPEC;
    *info = (struct vnet_addr_info){
        .ifindex = dev->ifindex,
        .family = VNET_AF_INET6,
        .prefixlen = ifa->prefixlen,
        .scope = ifa->scope,
        .flags = ifa->flags,
        .local = ifa->addr,
        .address = has_peer ? ifa->peer : ifa->addr,
        .metric = ifa->metric,
        .proto = ifa->proto,
        .valid_lft = left(ifa->valid_lft, age),
        .preferred_lft = left(ifa->preferred_lft, age),
    };
}

int addrconf_addr_dump(const struct netdev *dev,
                       int (*cb)(const struct vnet_addr_info *info, void *arg), void *arg)
{
    if (!dev->in6_dev)
        return 0;
    list_each(pos, &dev->in6_dev->addr_list)
    {
        struct vnet_addr_info info;
        inet6_fill_ifaddr(list_entry(pos, struct inet6_ifaddr, node), &info);
        int error = cb(&info, arg);
        if (error)
            return error;
    }
    return 0;
}

/* ---- address generation ---- */

int addrconf_set_addr_gen_mode(struct inet6_dev *idev, uint8_t mode)
{
    if (mode > VNET_ADDRGEN_RANDOM || (mode == VNET_ADDRGEN_STABLE_PRIVACY && !idev->has_secret))
        return -EINVAL;
    idev->conf.v[IPV6_CONF_addr_gen_mode] = mode;
    vnet_touch(idev_world(idev));
    return 0;
}

int addrconf_write_addr_gen_mode(struct inet6_dev *idev, uint8_t mode)
{
    bool changes = in6_dev_conf(idev, IPV6_CONF_addr_gen_mode) != mode;
    int error = addrconf_set_addr_gen_mode(idev, mode);
    if (error == 0 && changes)
        addrconf_init_auto_addrs(idev->dev);
    return error;
}

void addrconf_set_secret(struct inet6_dev *idev, const uint8_t secret[16])
{
    memcpy(idev->secret, secret, sizeof(idev->secret));
    idev->has_secret = true;
    idev->conf.v[IPV6_CONF_addr_gen_mode] = VNET_ADDRGEN_STABLE_PRIVACY;
    vnet_touch(idev_world(idev));
}
