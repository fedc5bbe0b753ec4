/* Addresses as a user asks for them: inet_rtm_newaddr(), inet_rtm_deladdr(), inet_dump_ifaddr()
 * (net/ipv4/devinet.c); IPv6's are in inet/addrconf.c. */
#include <errno.h>
#include <string.h>

#include "inet/addrconf.h"
#include "inet/devinet.h"
#include "inet/fib_internal.h"
#include "inet/igmp.h"
#include "inet/rtnetlink.h"
#include "sim/world.h"

#define ifa_of(pos) list_entry(pos, struct in_ifaddr, node)

/* Flags that only IPv6 addresses have (IPV6ONLY_FLAGS). */
#define IPV6ONLY_FLAGS                                                                          \
    (VNET_IFA_F_NODAD | VNET_IFA_F_OPTIMISTIC | VNET_IFA_F_DADFAILED | VNET_IFA_F_HOMEADDRESS | \
     VNET_IFA_F_TENTATIVE | VNET_IFA_F_MANAGETEMPADDR | VNET_IFA_F_STABLE_PRIVACY)

/* The texts of these requests came with 6.9; before, the errno is all there is. */
static int refuse(const struct netns *ns, struct vnet_err *err, int error, const char *text)
{
    return fib_kernel_since(ns, 0x060900) ? vnet_err(err, error, "ipv4: %s", text) : -error;
}

/* The checks of rtm_to_ifaddr() */
static int check_request(struct netns *ns, const struct vnet_addr_req *req,
                         struct in_device **in_dev, struct vnet_err *err)
{
    if (req->prefixlen > 32)
        return refuse(ns, err, EINVAL, "Invalid prefix length");
    if (!req->local.family)
        return refuse(ns, err, EINVAL, "Local address is not supplied");
    struct netdev *dev = netdev_by_index(ns, req->ifindex);
    if (!dev)
        return refuse(ns, err, ENODEV, "Device not found");
    if (!dev->in_dev)
        return -ENOBUFS;
    if (req->has_lft && (!req->valid_lft || req->preferred_lft > req->valid_lft))
        return refuse(ns, err, EINVAL, "address lifetime invalid");
    *in_dev = dev->in_dev;
    return 0;
}

static struct in_ifaddr *ifa_from(struct in_device *in_dev, const struct vnet_addr_req *req)
{
    struct in_ifaddr *ifa = inet_alloc_ifa(in_dev);
    ifa->local = req->local;
    ifa->address = req->address.family ? req->address : req->local;
    ifa->prefixlen = req->prefixlen;
    ifa->flags = req->flags & ~(uint32_t)IPV6ONLY_FLAGS;
    ifa->scope = req->scope;
    if (req->brd.family && !inet_addr_is_any(&req->brd))
        ifa->broadcast = req->brd;
    ifa->metric = req->metric;
    ifa->proto = req->proto;
    if (req->label[0])
        memcpy(ifa->label, req->label, sizeof(ifa->label));
    ifa->label[VNET_IFNAMSIZ - 1] = '\0';
    return ifa;
}

/* find_matching_ifa() */
static struct in_ifaddr *find_same(const struct in_device *in_dev, const struct vnet_addr_req *req)
{
    const struct inet_addr *address = req->address.family ? &req->address : &req->local;
    list_each(pos, &in_dev->ifa_list)
    {
        struct in_ifaddr *ifa = ifa_of(pos);
        if (ifa->prefixlen == req->prefixlen && inet_addr_eq(&ifa->local, &req->local) &&
            inet_ifa_match(address, ifa))
            return ifa;
    }
    return NULL;
}

static int change_existing(struct in_ifaddr *ifa, const struct vnet_addr_req *req, uint32_t valid,
                           uint32_t preferred, struct vnet_err *err)
{
    struct netns *ns = ifa->in_dev->dev->ns;
    if (req->excl || !req->replace)
        return refuse(ns, err, EEXIST, "Address already assigned");
    if (ifa->metric != req->metric) {
        fib_modify_prefix_metric(ifa, req->metric);
        ifa->metric = req->metric;
    }
    if (fib_kernel_since(ns, 0x061200))
        ifa->proto = req->proto;
    inet_set_lifetime(ifa, valid, preferred);
    rtmsg_ifa(ifa, VNET_RTM_NEWADDR);
    vnet_touch(ns->w);
    return 0;
}

static int addr_add4(struct netns *ns, const struct vnet_addr_req *req, struct vnet_err *err)
{
    struct in_device *in_dev = NULL;
    int error = check_request(ns, req, &in_dev, err);
    if (error)
        return error;
    uint32_t valid = req->has_lft ? req->valid_lft : VNET_LIFETIME_FOREVER;
    uint32_t preferred = req->has_lft ? req->preferred_lft : VNET_LIFETIME_FOREVER;
    inet_pin_conf(in_dev);
    vnet_touch(ns->w);
    struct in_ifaddr *same = inet_addr_is_any(&req->local) ? NULL : find_same(in_dev, req);
    if (same)
        return change_existing(same, req, valid, preferred, err);
    if (req->flags & VNET_IFA_F_MCAUTOJOIN && !inet_addr_is_multicast(&req->local))
        return refuse(ns, err, EINVAL, "Multicast auto join failed");
    if (req->flags & VNET_IFA_F_MCAUTOJOIN &&
        (error = ip_mc_autojoin(in_dev, inet_addr_to_v4(&req->local), true)))
        return refuse(ns, err, -error, "Multicast auto join failed");
    struct in_ifaddr *ifa = ifa_from(in_dev, req);
    inet_set_lifetime(ifa, valid, preferred);
    return inet_insert_ifa(ifa, err);
}

static bool delete_matches(const struct in_ifaddr *ifa, const struct vnet_addr_req *req)
{
    if (req->local.family && !inet_addr_eq(&req->local, &ifa->local))
        return false;
    if (req->label[0] && strcmp(req->label, ifa->label) != 0)
        return false;
    return !req->address.family ||
           (req->prefixlen == ifa->prefixlen && inet_ifa_match(&req->address, ifa));
}

static int addr_del4(struct netns *ns, const struct vnet_addr_req *req, struct vnet_err *err)
{
    struct netdev *dev = netdev_by_index(ns, req->ifindex);
    if (!dev || !dev->in_dev)
        return refuse(ns, err, ENODEV, "Device not found");
    list_each(pos, &dev->in_dev->ifa_list)
    {
        if (!delete_matches(ifa_of(pos), req))
            continue;
        if (inet_addr_is_multicast(&ifa_of(pos)->address))
            ip_mc_autojoin(dev->in_dev, inet_addr_to_v4(&ifa_of(pos)->address), false);
        inet_del_ifa(ifa_of(pos));
        return 0;
    }
    return refuse(ns, err, EADDRNOTAVAIL, "Address not found");
}

int vnet_addr_add(struct netns *ns, const struct vnet_addr_req *req, struct vnet_err *err)
{
    err = fib_extack(ns, err);
    if (req->family == VNET_AF_INET)
        return addr_add4(ns, req, err);
    return req->family == VNET_AF_INET6 ? addrconf_addr_add(ns, req, err) : -EOPNOTSUPP;
}

int vnet_addr_del(struct netns *ns, const struct vnet_addr_req *req, struct vnet_err *err)
{
    err = fib_extack(ns, err);
    if (req->family == VNET_AF_INET)
        return addr_del4(ns, req, err);
    return req->family == VNET_AF_INET6 ? addrconf_addr_del(ns, req, err) : -EOPNOTSUPP;
}

/* ---- dump ---- */

/* What is left of a lifetime, in seconds (inet_fill_ifaddr). */
static uint32_t lifetime_left(const struct in_ifaddr *ifa, uint32_t lft)
{
    int64_t age = (ifa->in_dev->dev->ns->w->now - ifa->tstamp) / NSEC_PER_SEC;
    if (ifa->flags & VNET_IFA_F_PERMANENT || lft == VNET_LIFETIME_FOREVER)
        return VNET_LIFETIME_FOREVER;
    return lft > age ? (uint32_t)(lft - age) : 0;
}

void inet_fill_ifaddr(const struct in_ifaddr *ifa, struct vnet_addr_info *info)
{
    *info = (struct vnet_addr_info){.ifindex = ifa->in_dev->dev->ifindex,
                                    .family = VNET_AF_INET,
                                    .prefixlen = ifa->prefixlen,
                                    .scope = ifa->scope,
                                    .flags = ifa->flags,
                                    .local = ifa->local,
                                    .address = ifa->address,
                                    .brd = ifa->broadcast,
                                    .metric = ifa->metric,
                                    .proto = ifa->proto};
    memcpy(info->label, ifa->label, sizeof(info->label));
    info->valid_lft = lifetime_left(ifa, ifa->valid_lft);
    info->preferred_lft = lifetime_left(ifa, ifa->preferred_lft);
}

static int dump_one(const struct in_ifaddr *ifa,
                    int (*cb)(const struct vnet_addr_info *info, void *arg), void *arg)
{
    struct vnet_addr_info info;
    inet_fill_ifaddr(ifa, &info);
    return cb(&info, arg);
}

static int dump_dev4(const struct netdev *dev,
                     int (*cb)(const struct vnet_addr_info *info, void *arg), void *arg)
{
    int rc = 0;
    if (!dev->in_dev)
        return 0;
    for (struct list *pos = dev->in_dev->ifa_list.next; !rc && pos != &dev->in_dev->ifa_list;
         pos = pos->next)
        rc = dump_one(ifa_of(pos), cb, arg);
    return rc;
}

int vnet_addr_dump(const struct netns *ns, uint8_t family, int ifindex,
                   int (*cb)(const struct vnet_addr_info *info, void *arg), void *arg)
{
    int rc = 0;
    for (uint32_t i = 0; !rc && family != VNET_AF_INET6 && i < ns->ndevs; i++)
        if (!ifindex || ns->devs[i]->ifindex == ifindex)
            rc = dump_dev4(ns->devs[i], cb, arg);
    for (uint32_t i = 0; !rc && family != VNET_AF_INET && i < ns->ndevs; i++)
        if (!ifindex || ns->devs[i]->ifindex == ifindex)
            rc = addrconf_addr_dump(ns->devs[i], cb, arg);
    return rc;
}
