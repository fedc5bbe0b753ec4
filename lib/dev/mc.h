/* Link-layer multicast addresses that a device listens to (net/core/dev_addr_lists.c). */
#ifndef VNET_DEV_MC_H
#define VNET_DEV_MC_H

#include "dev/netdev.h"

struct dev_mc { /* struct netdev_hw_addr */
    struct lladdr addr;
    uint32_t users;
    bool fixed; /* global_use: by a user's request; counts as one of the users */
};

void dev_mc_add(struct netdev *dev, const struct lladdr *addr);
void dev_mc_del(struct netdev *dev, const struct lladdr *addr);
/* SIOCADDMULTI: dev_mc_add_global(), twice is once. */
void dev_mc_add_fixed(struct netdev *dev, const struct lladdr *addr);
/* SIOCDELMULTI: dev_mc_del_global(). -ENOENT: no user asked for it. */
int dev_mc_del_fixed(struct netdev *dev, const struct lladdr *addr);
/* dev_mc_flush(): all of them. */
void dev_mc_flush(struct netdev *dev);
/* For the state file: another at the end. */
struct dev_mc *dev_mc_append(struct netdev *dev, const struct lladdr *addr);

#endif
