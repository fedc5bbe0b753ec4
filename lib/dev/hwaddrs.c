#include "dev/hwaddrs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bridge/br.h"
#include "inet/addrconf.h"
#include "inet/devinet.h"

/* Are multicasts for routers and switches listened to (br_multicast_join_snoopers())? */
static bool snoops(const struct netdev *dev)
{
    return is_bridge(dev) && netif_running(dev) && br_of(dev)->opt[VNET_BR_MCAST_SNOOPING];
}

static uint32_t find(const struct netdev *dev, const uint8_t *addr)
{
    uint32_t i = 0;
    while (i < dev->nhwaddrs && memcmp(dev->hwaddrs[i].bytes, addr, ETH_ALEN) != 0)
        i++;
    return i;
}

int hwaddrs_add(struct netdev *dev, const uint8_t addr[ETH_ALEN])
{
    if (find(dev, addr) < dev->nhwaddrs)
        return -EEXIST;
    ARRAY_GROW(dev->hwaddrs, dev->nhwaddrs, dev->hwaddrs_cap);
    memcpy(dev->hwaddrs[dev->nhwaddrs++].bytes, addr, ETH_ALEN);
    if (!(addr[0] & 1))
        netdev_uc_count(dev, 1);
    vnet_touch(dev_world(dev));
    return 0;
}

int hwaddrs_del(struct netdev *dev, const uint8_t addr[ETH_ALEN])
{
    uint32_t i = find(dev, addr);
    if (i == dev->nhwaddrs)
        return -ENOENT;
    dev->nhwaddrs--;
    memmove(dev->hwaddrs + i, dev->hwaddrs + i + 1, (dev->nhwaddrs - i) * sizeof(*dev->hwaddrs));
    if (!(addr[0] & 1))
        netdev_uc_count(dev, -1);
    vnet_touch(dev_world(dev));
    return 0;
}

void hwaddrs_flush(struct netdev *dev)
{
    while (dev->nhwaddrs)
        hwaddrs_del(dev, dev->hwaddrs[dev->nhwaddrs - 1].bytes);
    free(dev->hwaddrs);
    dev->hwaddrs = NULL;
    dev->hwaddrs_cap = 0;
}

struct walk {
    const struct netdev *dev;
    int (*cb)(const struct netdev *dev, const uint8_t *addr, void *arg);
    void *arg;
    int rc;
};

static void tell(struct walk *k, const uint8_t *addr)
{
    if (k->rc == 0)
        k->rc = k->cb(k->dev, addr, k->arg);
}

static void by_hand(struct walk *k, bool multicast)
{
    for (uint32_t i = 0; i < k->dev->nhwaddrs; i++)
        if ((k->dev->hwaddrs[i].bytes[0] & 1) == multicast)
            tell(k, k->dev->hwaddrs[i].bytes);
}

static void group6(struct walk *k, const struct inet_addr *group)
{
    uint8_t addr[ETH_ALEN] = {0x33, 0x33};
    memcpy(addr + 2, group->bytes + 12, 4);
    tell(k, addr);
}

/* ff01::1 and ff02::1 have the same address: it is there once. */
static bool is_first(const struct inet6_dev *idev, const struct inet6_mc *mc)
{
    for (const struct list *pos = mc->node.next; pos != &idev->mc_list; pos = pos->next) {
        const struct inet6_mc *older = container_of(pos, const struct inet6_mc, node);
        if (memcmp(older->addr.bytes + 12, mc->addr.bytes + 12, 4) == 0)
            return false;
    }
    return true;
}

static bool is_snoopers6(const struct inet_addr *group)
{
    static const uint8_t bytes[16] = {0xff, 0x02, [15] = 0x6a};
    return memcmp(group->bytes, bytes, sizeof(bytes)) == 0;
}

/* In the order in which they are joined: IPv6's first with the device; those of a bridge before it
 * is up, IPv4's then, the rest of IPv6's. The list of these has the newest first. */
static void groups(struct walk *k)
{
    static const uint8_t all_hosts[] = {0x01, 0x00, 0x5e, 0, 0, 0x01};
    static const uint8_t snoopers[] = {0x01, 0x00, 0x5e, 0, 0, 0x6a};
    const struct inet6_dev *idev = k->dev->in6_dev;
    bool in4 = k->dev->in_dev && netif_running(k->dev) && k->dev->flags & VNET_IFF_MULTICAST;
    bool told = !in4;
    if (idev)
        for (const struct list *pos = idev->mc_list.prev; pos != &idev->mc_list; pos = pos->prev) {
            const struct inet6_mc *mc = container_of(pos, const struct inet6_mc, node);
            bool bridges = is_snoopers6(&mc->addr);
            if (in4 && bridges && snoops(k->dev))
                tell(k, snoopers);
            if (is_first(idev, mc))
                group6(k, &mc->addr);
            if (!told && (bridges || !snoops(k->dev)))
                tell(k, all_hosts);
            told = told || bridges || !snoops(k->dev);
        }
    if (!told) {
        if (snoops(k->dev))
            tell(k, snoopers);
        tell(k, all_hosts);
    }
}

int hwaddrs_each(const struct netdev *dev,
                 int (*cb)(const struct netdev *dev, const uint8_t *addr, void *arg), void *arg)
{
    struct walk k = {dev, cb, arg, 0};
    by_hand(&k, false);
    groups(&k);
    by_hand(&k, true);
    return k.rc;
}
