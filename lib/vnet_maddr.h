/* Link-layer multicast addresses that users ask a device to listen to. */
#ifndef VNET_MADDR_H
#define VNET_MADDR_H

#include "vnet.h"

/* SIOCADDMULTI, SIOCDELMULTI (dev_ifsioc(), net/core/dev_ioctl.c): of as many bytes as the device's
 * own. -ENODEV; -EINVAL: the device has no filter of addresses; -ENOENT: it was not asked for. */
int vnet_maddr_add(struct netns *ns, const char *ifname, const struct lladdr *addr);
int vnet_maddr_del(struct netns *ns, const char *ifname, const struct lladdr *addr);

#endif
