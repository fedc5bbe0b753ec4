/* Subnet-router anycast addresses, present while forwarding (net/ipv6/anycast.c, RFC 4291 2.6.1).
 */
#include <stdlib.h>

#include "base/mem.h"
#include "inet/addrconf_int.h"

static struct inet6_ac *ac_find(const struct inet6_dev *idev, const struct inet_addr *addr)
{
    list_each(pos, &idev->ac_list)
    {
        struct inet6_ac *ac = list_entry(pos, struct inet6_ac, node);
        if (inet_addr_eq(&ac->addr, addr))
            return ac;
    }
    return NULL;
}

struct inet6_ac *ipv6_ac_load(struct inet6_dev *idev, const struct inet_addr *addr)
{
    if (ac_find(idev, addr))
        return NULL;
    struct inet6_ac *ac = mem_alloc(sizeof(*ac));
    ac->addr = *addr;
    ac->users = 1;
    list_add_tail(&ac->node, &idev->ac_list);
    return ac;
}

/* The all-zero address of the subnet; false: none (RFC 6164: /127 and longer have none). */
static bool subnet_router(const struct inet6_ifaddr *ifa, struct inet_addr *out)
{
    if (ifa->prefixlen >= 127)
        return false;
    *out = inet_addr_masked(&ifa->addr, ifa->prefixlen);
    return !inet_addr_is_any(out);
}

void addrconf_join_anycast(struct inet6_ifaddr *ifa)
{
    struct inet6_dev *idev = ifa->idev;
    struct inet_addr addr;
    if (idev->dead || !subnet_router(ifa, &addr))
        return;
    struct inet6_ac *ac = ac_find(idev, &addr);
    if (ac) {
        ac->users++;
        return;
    }
    ac = mem_alloc(sizeof(*ac));
    ac->addr = addr;
    ac->users = 1;
    list_add_head(&ac->node, &idev->ac_list);
    addrconf_host_route(idev->dev, &addr, VNET_RTN_ANYCAST);
    addrconf_join_solict(idev, &addr);
}

static void ac_drop(struct inet6_dev *idev, struct inet6_ac *ac)
{
    struct inet_addr addr = ac->addr;
    list_del(&ac->node);
    free(ac);
    addrconf_leave_solict(idev, &addr);
    addrconf_host_route_del(idev->dev, &addr, VNET_RTN_ANYCAST);
}

void addrconf_leave_anycast(struct inet6_ifaddr *ifa)
{
    struct inet_addr addr;
    if (!subnet_router(ifa, &addr))
        return;
    struct inet6_ac *ac = ac_find(ifa->idev, &addr);
    if (ac && --ac->users == 0)
        ac_drop(ifa->idev, ac);
}

void ipv6_ac_destroy_dev(struct inet6_dev *idev)
{
    list_each_safe(pos, tmp, &idev->ac_list)
    {
        ac_drop(idev, list_entry(pos, struct inet6_ac, node));
    }
}

bool ipv6_chk_acast_addr(const struct netdev *dev, const struct inet_addr *addr)
{
    return dev->in6_dev && ac_find(dev->in6_dev, addr);
}
