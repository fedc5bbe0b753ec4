/* Choosing among a namespace's IPv4 addresses (net/ipv4/devinet.c). */
#include "inet/devinet.h"
#include "inet/fib_internal.h"

#define ifa_of(pos) list_entry(pos, struct in_ifaddr, node)

bool inet_ifa_match(const struct inet_addr *dst, const struct in_ifaddr *ifa)
{
    uint32_t mask = inet_mask_v4(ifa->prefixlen);
    return ((inet_addr_to_v4(dst) ^ inet_addr_to_v4(&ifa->address)) & mask) == 0;
}

static bool given(const struct inet_addr *a)
{
    return a && a->family && !inet_addr_is_any(a);
}

/* With route_localnet, addresses of lo may be used towards the link. */
static uint8_t scope_limit(const struct in_device *in_dev)
{
    return in_dev_orconf(in_dev, IPV4_CONF_route_localnet) ? VNET_SCOPE_LINK : VNET_SCOPE_HOST;
}

static uint8_t narrowed(const struct in_ifaddr *ifa, uint8_t limit)
{
    return ifa->scope < limit ? ifa->scope : limit;
}

static const struct in_ifaddr *select_on(const struct in_device *in_dev,
                                         const struct inet_addr *dst, uint8_t scope)
{
    const struct in_ifaddr *first = NULL;
    uint8_t limit = scope_limit(in_dev);
    list_each(pos, &in_dev->ifa_list)
    {
        const struct in_ifaddr *ifa = ifa_of(pos);
        if (ifa->flags & VNET_IFA_F_SECONDARY || narrowed(ifa, limit) > scope)
            continue;
        if (!given(dst) || inet_ifa_match(dst, ifa))
            return ifa;
        if (!first)
            first = ifa;
    }
    return first;
}

/* in_dev_select_addr() */
static const struct in_ifaddr *select_any(const struct in_device *in_dev, uint8_t scope)
{
    list_each(pos, &in_dev->ifa_list)
    {
        const struct in_ifaddr *ifa = ifa_of(pos);
        if (!(ifa->flags & VNET_IFA_F_SECONDARY) && ifa->scope != VNET_SCOPE_LINK &&
            ifa->scope <= scope)
            return ifa;
    }
    return NULL;
}

bool inet_select_addr(const struct netns *ns, const struct netdev *dev, const struct inet_addr *dst,
                      uint8_t scope, struct inet_addr *out)
{
    const struct in_ifaddr *ifa = NULL;
    if (dev && dev->in_dev)
        ifa = select_on(dev->in_dev, dst, scope);
    for (uint32_t i = 0; !ifa && i < ns->ndevs; i++)
        if (ns->devs[i]->in_dev)
            ifa = select_any(ns->devs[i]->in_dev, scope);
    if (ifa)
        *out = ifa->local;
    return ifa != NULL;
}

/* confirm_addr_indev() */
static const struct in_ifaddr *confirm_on(const struct in_device *in_dev,
                                          const struct inet_addr *dst,
                                          const struct inet_addr *local, uint8_t scope)
{
    const struct in_ifaddr *found = NULL;
    uint8_t limit = scope_limit(in_dev);
    bool same = false;
    list_each(pos, &in_dev->ifa_list)
    {
        const struct in_ifaddr *ifa = ifa_of(pos);
        bool wide = narrowed(ifa, limit) <= scope;
        if (!found && wide && (!given(local) || inet_addr_eq(local, &ifa->local))) {
            found = ifa;
            if (same)
                break;
        }
        if (same)
            continue;
        same = (!given(local) || inet_ifa_match(local, ifa)) &&
               (!given(dst) || inet_ifa_match(dst, ifa));
        if (!same || !found)
            continue;
        if (given(local) || !given(dst) || inet_ifa_match(&found->local, ifa))
            break;
        if (wide)
            return ifa;
        same = false;
    }
    return same ? found : NULL;
}

bool inet_confirm_addr(const struct netns *ns, const struct netdev *dev,
                       const struct inet_addr *dst, const struct inet_addr *local, uint8_t scope,
                       struct inet_addr *out)
{
    const struct in_ifaddr *ifa = NULL;
    if (dev) {
        ifa = dev->in_dev ? confirm_on(dev->in_dev, dst, local, scope) : NULL;
    } else {
        for (uint32_t i = 0; !ifa && i < ns->ndevs; i++)
            if (ns->devs[i]->in_dev)
                ifa = confirm_on(ns->devs[i]->in_dev, dst, local, scope);
    }
    if (ifa && out)
        *out = ifa->local;
    return ifa != NULL;
}

bool inet_addr_onlink(const struct in_device *in_dev, const struct inet_addr *a,
                      const struct inet_addr *b)
{
    list_each(pos, &in_dev->ifa_list)
    {
        const struct in_ifaddr *ifa = ifa_of(pos);
        if (inet_ifa_match(a, ifa) && (!given(b) || inet_ifa_match(b, ifa)))
            return true;
    }
    return false;
}

struct netdev *ip_dev_find(const struct netns *ns, const struct inet_addr *addr)
{
    const struct in_ifaddr *ifa = inet_lookup_ifaddr(ns, addr);
    if (ifa)
        return ifa->in_dev->dev;
    /* So that communication over loopback subnets works. */
    struct flow fl = {.family = VNET_AF_INET, .daddr = *addr};
    struct fib_result res = {0};
    if (fib_table_lookup(ns->fib4, VNET_RT_TABLE_LOCAL, &fl, &res) == 0 &&
        res.type == VNET_RTN_LOCAL)
        return res.nh->dev;
    return NULL;
}
