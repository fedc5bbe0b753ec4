/* Link-layer multicast addresses that a device listens to (net/core/dev_addr_lists.c). */
#ifndef VNET_DEV_MC_H
#define VNET_DEV_MC_H

#include "dev/netdev.h"

struct dev_mc { /* struct netdev_hw_addr */
    struct lladdr addr;
    uint32_t users;
    uint32_t synced; /* how many of the users are devices above that passed it down */
    bool fixed;      /* global_use: by a user's request; counts as one of the users */
    bool passed;     /* sync_cnt: down to the device below, which counts as one of the users */
};

/* As in the kernel, each of these that changes the list calls dev_set_rx_mode(). */
void dev_mc_add(struct netdev *dev, const struct lladdr *addr);
/* -ENOENT: it is not there. One that was set by hand stays so while it has other users. */
int dev_mc_del(struct netdev *dev, const struct lladdr *addr);
/* By a user's request, where nobody has it. -EEXIST */
int dev_mc_add_excl(struct netdev *dev, const struct lladdr *addr);
/* SIOCADDMULTI: dev_mc_add_global(), twice is once. */
void dev_mc_add_fixed(struct netdev *dev, const struct lladdr *addr);
/* SIOCDELMULTI: dev_mc_del_global(). -ENOENT: no user asked for it. */
int dev_mc_del_fixed(struct netdev *dev, const struct lladdr *addr);
/* dev_mc_sync(), dev_mc_unsync(): `to`, on which `from` lies, listens to what that does; no longer.
 */
void dev_mc_sync(struct netdev *to, struct netdev *from);
void dev_mc_unsync(struct netdev *to, struct netdev *from);
/* dev_mc_flush(): all of them. */
void dev_mc_flush(struct netdev *dev);
/* For the state file: another at the end. */
struct dev_mc *dev_mc_append(struct netdev *dev, const struct lladdr *addr);

#endif
