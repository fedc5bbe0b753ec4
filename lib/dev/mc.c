#include "dev/mc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dev/core.h"
#include "sim/world.h"

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
    dev_set_rx_mode(dev);
}

int dev_mc_del(struct netdev *dev, const struct lladdr *addr)
{
    struct dev_mc *mc = find(dev, addr);
    if (!mc)
        return -ENOENT;
    drop_user(dev, mc);
    dev_set_rx_mode(dev);
    return 0;
}

int dev_mc_add_excl(struct netdev *dev, const struct lladdr *addr)
{
    if (find(dev, addr))
        return -EEXIST;
    dev_mc_append(dev, addr)->fixed = true;
    dev_set_rx_mode(dev);
    return 0;
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
    dev_set_rx_mode(dev);
}

int dev_mc_del_fixed(struct netdev *dev, const struct lladdr *addr)
{
    struct dev_mc *mc = find(dev, addr);
    if (!mc || !mc->fixed)
        return -ENOENT;
    mc->fixed = false;
    drop_user(dev, mc);
    dev_set_rx_mode(dev);
    return 0;
}

/* __hw_addr_sync_one() */
static void pass_down(struct netdev *to, struct dev_mc *mc)
{
    struct dev_mc *below = find(to, &mc->addr);
    if (below)
        below->users++;
    else
        below = dev_mc_append(to, &mc->addr);
    below->synced++;
    mc->users++;
    mc->passed = true;
}

/* __hw_addr_unsync_one(): true: nobody listens to it any more, mc is gone. */
static bool take_back(struct netdev *to, struct netdev *from, struct dev_mc *mc)
{
    struct dev_mc *below = find(to, &mc->addr);
    if (!below || !below->synced)
        return false;
    below->synced--;
    drop_user(to, below);
    bool last = mc->users == 1;
    mc->passed = false;
    drop_user(from, mc);
    return last;
}

void dev_mc_sync(struct netdev *to, struct netdev *from)
{
    uint32_t i = 0;
    while (i < from->nmc) {
        struct dev_mc *mc = &from->mc[i];
        bool gone = false;
        if (!mc->passed)
            pass_down(to, mc);
        else if (mc->users <= 1) /* none but the device below */
            gone = take_back(to, from, mc);
        i += !gone;
    }
    dev_set_rx_mode(to);
}

void dev_mc_unsync(struct netdev *to, struct netdev *from)
{
    uint32_t i = 0;
    while (i < from->nmc)
        i += !(from->mc[i].passed && take_back(to, from, &from->mc[i]));
    dev_set_rx_mode(to);
}

void dev_mc_flush(struct netdev *dev)
{
    free(dev->mc);
    dev->mc = NULL;
    dev->nmc = dev->mc_cap = 0;
}
