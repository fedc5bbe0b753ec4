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

static bool is_group(const uint8_t addr[ETH_ALEN])
{
    return addr[0] & 1;
}

static int uc_add_excl(struct netdev *dev, const uint8_t addr[ETH_ALEN])
{
    if (find(dev, addr) < dev->nhwaddrs)
        return -EEXIST;
    ARRAY_GROW(dev->hwaddrs, dev->nhwaddrs, dev->hwaddrs_cap);
    memcpy(dev->hwaddrs[dev->nhwaddrs++].bytes, addr, ETH_ALEN);
    netdev_uc_count(dev, 1);
    return 0;
}

static int uc_del(struct netdev *dev, const uint8_t addr[ETH_ALEN])
{
    uint32_t i = find(dev, addr);
    if (i == dev->nhwaddrs)
        return -ENOENT;
    dev->nhwaddrs--;
    memmove(dev->hwaddrs + i, dev->hwaddrs + i + 1, (dev->nhwaddrs - i) * sizeof(*dev->hwaddrs));
    netdev_uc_count(dev, -1);
    return 0;
}

int hwaddrs_add(struct netdev *dev, const uint8_t addr[ETH_ALEN])
{
    const struct lladdr group = lladdr_eth(addr);
    int rc = is_group(addr) ? dev_mc_add_excl(dev, &group) : uc_add_excl(dev, addr);
    if (rc == 0)
        vnet_touch(dev_world(dev));
    return rc;
}

int hwaddrs_del(struct netdev *dev, const uint8_t addr[ETH_ALEN])
{
    const struct lladdr group = lladdr_eth(addr);
    int rc = is_group(addr) ? dev_mc_del(dev, &group) : uc_del(dev, addr);
    if (rc == 0)
        vnet_touch(dev_world(dev));
    return rc;
}

void hwaddrs_flush(struct netdev *dev)
{
    while (dev->nhwaddrs)
        uc_del(dev, dev->hwaddrs[dev->nhwaddrs - 1].bytes);
    free(dev->hwaddrs);
    dev->hwaddrs = NULL;
    dev->hwaddrs_cap = 0;
    vnet_touch(dev_world(dev));
}

int hwaddrs_each(const struct netdev *dev,
                 int (*cb)(const struct netdev *dev, const uint8_t *addr, void *arg), void *arg)
{
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && i < dev->nhwaddrs; i++)
        rc = cb(dev, dev->hwaddrs[i].bytes, arg);
    for (uint32_t i = 0; rc == 0 && i < dev->nmc; i++)
        rc = cb(dev, dev->mc[i].addr.bytes, arg);
    return rc;
}
