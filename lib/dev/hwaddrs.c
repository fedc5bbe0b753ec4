#include "dev/hwaddrs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dev/mc.h"

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

static void groups(struct walk *k)
{
    for (uint32_t i = 0; i < k->dev->nmc; i++)
        tell(k, k->dev->mc[i].addr.bytes);
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
