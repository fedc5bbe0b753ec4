/* What a device receives besides its own address (net/core/dev_addr_lists.c): unicast addresses,
 * which are set by hand (`bridge fdb add ... self`), and those of multicast groups (dev/mc.h). */
#ifndef VNET_DEV_HWADDRS_H
#define VNET_DEV_HWADDRS_H

#include "dev/netdev.h"

/* dev_uc_add_excl(), dev_mc_add_excl(): -EEXIST. dev_uc_del(), dev_mc_del(): -ENOENT. */
int hwaddrs_add(struct netdev *dev, const uint8_t addr[ETH_ALEN]);
int hwaddrs_del(struct netdev *dev, const uint8_t addr[ETH_ALEN]);
/* dev_uc_flush() */
void hwaddrs_flush(struct netdev *dev);
/* Unicast first. A non-zero return of cb ends it and is returned. */
int hwaddrs_each(const struct netdev *dev,
                 int (*cb)(const struct netdev *dev, const uint8_t *addr, void *arg), void *arg);

#endif
