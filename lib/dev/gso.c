/* How large packets that are cut or put together by the device may be (net/core/rtnetlink.c,
 * netif_set_gso_max_size() and its like). No emulated device cuts any: the numbers are shown. */
#include <errno.h>

#include "dev/core.h"
#include "sim/world.h"

enum { KERNEL_GSO_CHECKED_FIRST = 0x060500, GSO_SEGS_MAX = 65535, GRO_SIZE_MAX = 8 * 65535 };

static bool old_kernel(const struct netdev *dev)
{
    return dev_world(dev)->profile->kernel.version < KERNEL_GSO_CHECKED_FIRST;
}

/* IFLA_GSO_MAX_SIZE's policy, and validate_linkmsg() where it looks at these */
int netdev_validate_gso(const struct netdev *dev, const struct vnet_link_req *req,
                        struct vnet_err *err)
{
    if (req->set & VNET_LINK_GSO_SIZE &&
        req->gso_max_size < dev_world(dev)->profile->kernel.gso_size_min)
        return vnet_err(err, ERANGE, "integer out of range");
    if (old_kernel(dev))
        return 0;
    if (req->set & VNET_LINK_GSO_SIZE && req->gso_max_size > dev->tso_max_size)
        return vnet_err(err, EINVAL, "too big gso_max_size");
    if (req->set & VNET_LINK_GSO_SEGS &&
        (req->gso_max_segs > GSO_SEGS_MAX || req->gso_max_segs > dev->tso_max_segs))
        return vnet_err(err, EINVAL, "too big gso_max_segs");
    if (req->set & VNET_LINK_GRO_SIZE && req->gro_max_size > GRO_SIZE_MAX)
        return vnet_err(err, EINVAL, "too big gro_max_size");
    return 0;
}

int netdev_set_gso_size(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    (void)err;
    if (!dev_world(dev)->profile->kernel.gso_size_min)
        return 0;
    if (old_kernel(dev) && req->gso_max_size > dev->tso_max_size)
        return -EINVAL;
    dev->gso_max_size = req->gso_max_size;
    return 0;
}

int netdev_set_gso_segs(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    (void)err;
    if (!dev_world(dev)->profile->kernel.gso_size_min)
        return 0;
    if (req->gso_max_segs > GSO_SEGS_MAX || req->gso_max_segs > dev->tso_max_segs)
        return -EINVAL;
    dev->gso_max_segs = req->gso_max_segs;
    return 0;
}

int netdev_set_gro_size(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    (void)err;
    if (dev_world(dev)->profile->kernel.gso_size_min)
        dev->gro_max_size = req->gro_max_size;
    return 0;
}

/* rtnl_create_link(): no bounds but validate_linkmsg()'s */
void netdev_create_gso(struct netdev *dev, const struct vnet_link_req *req)
{
    if (!dev_world(dev)->profile->kernel.gso_size_min)
        return;
    if (req->set & VNET_LINK_GSO_SIZE)
        dev->gso_max_size = req->gso_max_size;
    if (req->set & VNET_LINK_GSO_SEGS)
        dev->gso_max_segs = req->gso_max_segs;
    if (req->set & VNET_LINK_GRO_SIZE)
        dev->gro_max_size = req->gro_max_size;
}
