/* SIOCADDRT and SIOCDELRT (ip_rt_ioctl(), rtentry_to_fib_config(): net/ipv4/fib_frontend.c;
 * ipv6_route_ioctl(), rtmsg_to_fib6_config(): net/ipv6/route.c). */
#include <errno.h>
#include <string.h>

#include "inet/devinet.h"
#include "inet/fib_internal.h"

/* bad_mask() */
static bool bad_mask(uint32_t mask, uint32_t addr)
{
    uint32_t low = ~mask;
    return addr & low || low & (low + 1);
}

static int set_destination(const struct vnet_rtentry *rt, struct vnet_route_info *req)
{
    req->dst = rt->dst.family ? rt->dst : inet_addr_any(VNET_AF_INET);
    req->dst_len = 32;
    if (rt->flags & VNET_RTF_HOST)
        return 0;
    if (bad_mask(rt->genmask, inet_addr_to_v4(&req->dst)))
        return -EINVAL;
    req->dst_len = (uint8_t)inet_mask_len(rt->genmask);
    return 0;
}

/* "veth1:7": the device, and the address with that label as the preferred source. */
static int set_device(struct netns *ns, const char *name, struct vnet_route_info *req,
                      struct vnet_nexthop *nh)
{
    char base[VNET_IFNAMSIZ] = "";
    size_t n = strcspn(name, ":");
    if (n >= sizeof(base))
        return -ENODEV;
    memcpy(base, name, n);
    struct netdev *dev = netdev_by_name(ns, base);
    if (!dev || (name[n] == ':' && !dev->in_dev))
        return -ENODEV;
    nh->oif = dev->ifindex;
    if (name[n] != ':')
        return 0;
    list_each(pos, &dev->in_dev->ifa_list)
    {
        const struct in_ifaddr *ifa = list_entry(pos, struct in_ifaddr, node);
        if (strncmp(ifa->label, name, VNET_IFNAMSIZ - 1) == 0) {
            req->prefsrc = ifa->local;
            return 0;
        }
    }
    return -ENODEV;
}

static void set_metrics(const struct vnet_rtentry *rt, struct vnet_route_info *req)
{
    if (rt->flags & VNET_RTF_MTU)
        req->metrics[VNET_RTAX_ADVMSS] = rt->mtu - 40;
    if (rt->flags & VNET_RTF_WINDOW)
        req->metrics[VNET_RTAX_WINDOW] = rt->window;
    if (rt->flags & VNET_RTF_IRTT)
        req->metrics[VNET_RTAX_RTT] = (uint32_t)rt->irtt << 3;
}

static void set_gateway(struct netns *ns, const struct vnet_rtentry *rt,
                        struct vnet_route_info *req, struct vnet_nexthop *nh)
{
    if (!rt->gateway.family || inet_addr_is_any(&rt->gateway))
        return;
    nh->gateway = rt->gateway;
    if (rt->flags & VNET_RTF_GATEWAY &&
        inet_addr_type_table(ns, &rt->gateway, VNET_RT_TABLE_MAIN) == VNET_RTN_UNICAST)
        req->scope = VNET_SCOPE_UNIVERSE;
}

/* What a request that rejects nothing has in addition. */
static int set_nexthop(struct netns *ns, bool add, const struct vnet_rtentry *rt,
                       struct vnet_route_info *req, struct vnet_nexthop *nh)
{
    req->scope = VNET_SCOPE_NOWHERE;
    req->type = VNET_RTN_UNICAST;
    int error = rt->dev ? set_device(ns, rt->dev, req, nh) : 0;
    if (error)
        return error;
    set_gateway(ns, rt, req, nh);
    if (!add)
        return 0;
    if (rt->flags & VNET_RTF_GATEWAY && !nh->gateway.family)
        return -EINVAL;
    if (req->scope == VNET_SCOPE_NOWHERE)
        req->scope = VNET_SCOPE_LINK;
    set_metrics(rt, req);
    return 0;
}

int vnet_route_ioctl(struct netns *ns, bool add, const struct vnet_rtentry *rt)
{
    struct vnet_nexthop nh = {0};
    struct vnet_route_info req = {
        .family = VNET_AF_INET, .table = VNET_RT_TABLE_MAIN, .nnh = 1, .nh = &nh};
    int error = set_destination(rt, &req);
    if (error)
        return error;
    req.protocol = add ? VNET_RTPROT_BOOT : VNET_RTPROT_UNSPEC;
    req.priority = rt->metric ? (uint32_t)(rt->metric - 1) : 0;
    if (rt->flags & VNET_RTF_REJECT) {
        req.scope = VNET_SCOPE_HOST;
        req.type = VNET_RTN_UNREACHABLE;
        req.nnh = 0;
    } else {
        error = set_nexthop(ns, add, rt, &req, &nh);
        if (error)
            return error;
    }
    if (add)
        return vnet_route_add(ns, &req, VNET_NLM_F_CREATE, NULL);
    return vnet_route_del(ns, &req, NULL);
}

int vnet_route6_ioctl(struct netns *ns, bool add, const struct vnet_in6_rtmsg *rt)
{
    struct vnet_nexthop nh = {.oif = rt->ifindex};
    struct vnet_route_info req = {.family = VNET_AF_INET6,
                                  .dst = rt->dst,
                                  .dst_len = rt->dst_len,
                                  .table = VNET_RT_TABLE_MAIN,
                                  .priority = rt->metric ? rt->metric : IP6_RT_PRIO_USER,
                                  .rtf = rt->flags & (VNET_RTF_DYNAMIC | VNET_RTF_MODIFIED),
                                  .nnh = 1,
                                  .nh = &nh};
    if (rt->flags & VNET_RTF_GATEWAY)
        nh.gateway = rt->gateway;
    if (rt->flags & VNET_RTF_HOST) /* the kernel takes RTF_HOST for RTNH_F_ONLINK: both are 4 */
        nh.flags = VNET_RTNH_F_ONLINK;
    if (add)
        return vnet_route_add(ns, &req, VNET_NLM_F_CREATE, NULL);
    return vnet_route_del(ns, &req, NULL);
}
