#include "dev/mc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static struct dev_mc *find(const struct netdev *dev, const struct lladdr *addr)
{
    for (uint32_t i = 0; i < dev->nmc; i++)
        if (dev->mc[i].addr.len == addr->len &&
            memcmp(dev->mc[i].addr.bytes, addr->bytes, addr->len) == 0)
            return &dev->mc[i];
    return NULL;
}

struct dev_mc *dev_mc_append(struct netdev *dev, const struct lladdr *addr)
{
    ARRAY_GROW(dev->mc, dev->nmc, dev->mc_cap);
    struct dev_mc *mc = &dev->mc[dev->nmc++];
    *mc = (struct dev_mc){.addr = *addr, .users = 1};
    return mc;
}

static void drop_user(struct netdev *dev, struct dev_mc *mc)
{
    if (--mc->users)
        return;
    size_t at = (size_t)(mc - dev->mc);
    dev->nmc--;
    memmove(mc, mc + 1, (dev->nmc - at) * sizeof(*mc));
}

/* __hw_addr_add_ex(), __hw_addr_del_ex() */
void dev_mc_add(struct netdev *dev, const struct lladdr *addr)
{
    struct dev_mc *mc = find(dev, addr);
    if (mc)
        mc->users++;
    else
        dev_mc_append(dev, addr);
}

void dev_mc_del(struct netdev *dev, const struct lladdr *addr)
{
    struct dev_mc *mc = find(dev, addr);
    if (mc)
        drop_user(dev, mc);
}

void dev_mc_add_fixed(struct netdev *dev, const struct lladdr *addr)
{
    struct dev_mc *mc = find(dev, addr);
    if (mc && mc->fixed)
        return;
    if (mc)
        mc->users++;
    else
        mc = dev_mc_append(dev, addr);
    mc->fixed = true;
}

int dev_mc_del_fixed(struct netdev *dev, const struct lladdr *addr)
{
    struct dev_mc *mc = find(dev, addr);
    if (!mc || !mc->fixed)
        return -ENOENT;
    mc->fixed = false;
    drop_user(dev, mc);
    return 0;
}

void dev_mc_flush(struct netdev *dev)
{
    free(dev->mc);
    dev->mc = NULL;
    dev->nmc = dev->mc_cap = 0;
}
