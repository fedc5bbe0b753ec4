#include "vnet_maddr.h"

#include <errno.h>

#include "dev/addr_lists.h"
#include "sim/world.h"

/* Only devices of Ethernet have an ndo_set_rx_mode(). */
static int find(struct netns *ns, const char *ifname, struct lladdr *addr, struct netdev **dev)
{
    *dev = netdev_by_name(ns, ifname);
    if (!*dev)
        return -ENODEV;
    if ((*dev)->type != VNET_ARPHRD_ETHER)
        return -EINVAL;
    addr->len = (*dev)->addr.len;
    return 0;
}

int vnet_maddr_add(struct netns *ns, const char *ifname, const struct lladdr *addr)
{
    struct lladdr a = *addr;
    struct netdev *dev;
    int rc = find(ns, ifname, &a, &dev);
    if (rc < 0)
        return rc;
    dev_mc_add_fixed(dev, &a);
    ns->w->dirty = true;
    return 0;
}

int vnet_maddr_del(struct netns *ns, const char *ifname, const struct lladdr *addr)
{
    struct lladdr a = *addr;
    struct netdev *dev;
    int rc = find(ns, ifname, &a, &dev);
    if (rc == 0)
        rc = dev_mc_del_fixed(dev, &a);
    if (rc == 0)
        ns->w->dirty = true;
    return rc;
}
