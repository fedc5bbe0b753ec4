/* What a device receives besides its own address (net/core/dev_addr_lists.c): unicast addresses
 * (uc) and those of multicast groups (mc), each set by hand or wanted by what lies on the device.
 */
#ifndef VNET_DEV_ADDR_LISTS_H
#define VNET_DEV_ADDR_LISTS_H

#include "dev/netdev.h"

struct hw_addr { /* struct netdev_hw_addr */
    struct lladdr addr;
    uint32_t users;
    uint32_t synced; /* how many of the users are devices above that passed it down */
    bool fixed;      /* global_use: by a user's request; counts as one of the users */
    bool passed;     /* sync_cnt: down to the device below, which counts as one of the users */
};

/* As in the kernel, what changes a list calls dev_set_rx_mode(); the flushes do not. */
void dev_uc_add(struct netdev *dev, const struct lladdr *addr);
void dev_mc_add(struct netdev *dev, const struct lladdr *addr);
/* -ENOENT: it is not there. One that was set by hand stays so while it has other users. */
int dev_uc_del(struct netdev *dev, const struct lladdr *addr);
int dev_mc_del(struct netdev *dev, const struct lladdr *addr);
/* By a user's request, where nobody has it. -EEXIST */
int dev_uc_add_excl(struct netdev *dev, const struct lladdr *addr);
int dev_mc_add_excl(struct netdev *dev, const struct lladdr *addr);
/* SIOCADDMULTI: dev_mc_add_global(), twice is once. */
void dev_mc_add_fixed(struct netdev *dev, const struct lladdr *addr);
/* SIOCDELMULTI: dev_mc_del_global(). -ENOENT: no user asked for it. */
int dev_mc_del_fixed(struct netdev *dev, const struct lladdr *addr);
/* dev_uc_sync() and dev_mc_sync(), as their opposites: `to`, on which `from` lies, receives what
 * that does; no longer. */
void dev_addrs_sync(struct netdev *to, struct netdev *from);
void dev_addrs_unsync(struct netdev *to, struct netdev *from);
/* dev_uc_flush(), dev_mc_flush(): all of them. */
void dev_uc_flush(struct netdev *dev);
void dev_mc_flush(struct netdev *dev);

/* NULL: it is not there. */
struct hw_addr *hw_addr_find(const struct hw_addr_list *list, const struct lladdr *addr);
/* For the state file: another at the end. */
struct hw_addr *hw_addr_append(struct hw_addr_list *list, const struct lladdr *addr);

#endif
