/* A device moves to another namespace (net/core/dev.c: __dev_change_net_namespace). */
#include <errno.h>
#include <string.h>

#include "dev/addr_lists.h"
#include "dev/core.h"
#include "dev/hop.h"
#include "dev/nsid.h"
#include "dev/pair.h"
#include "inet/rtnetlink.h"
#include "sim/world.h"

enum { KERNEL_SAYS_WHY = 0x060800, KERNEL_MOVES_ALTNAMES = 0x060200 };

/* Has the kernel words for why not? */
static bool says_why(const struct netdev *dev)
{
    return dev_world(dev)->profile->kernel.version >= KERNEL_SAYS_WHY;
}

static int refuse(const struct netdev *dev, struct vnet_err *err, int error, const char *why)
{
    return says_why(dev) ? vnet_err(err, error, "%s", why) : -error;
}

/* The name that it will have there: its own if that is free, else one by the pattern. */
static int choose_name(const struct netdev *dev, const struct netns *to, const char *pattern,
                       char name[VNET_IFNAMSIZ], struct vnet_err *err)
{
    memcpy(name, dev->name, VNET_IFNAMSIZ);
    if (!netdev_by_name(to, dev->name))
        return 0;
    if (!pattern)
        return refuse(dev, err, EEXIST,
                      "An interface with the same name exists in the target netns");
    int rc = netdev_valid_name(to, pattern, name);
    if (rc == 0 && netdev_name_has_sysctls(name))
        rc = -EINVAL;
    if (rc < 0 && says_why(dev))
        return vnet_err(
            err, -rc, "Unable to use '%s' for the new interface name in the target netns", pattern);
    return rc;
}

static int check_altnames(const struct netdev *dev, const struct netns *to, struct vnet_err *err)
{
    for (char **alt = dev->altnames; alt && *alt; alt++) {
        if (!netdev_by_name(to, *alt))
            continue;
        if (says_why(dev))
            return vnet_err(err, EEXIST,
                            "An interface with the altname %s exists in the target netns", *alt);
        return -EEXIST;
    }
    return 0;
}

static int choose_index(const struct netdev *dev, struct netns *to, int wanted, int *ifindex,
                        struct vnet_err *err)
{
    *ifindex = wanted ? wanted : dev->ifindex;
    if (!netdev_by_index(to, *ifindex))
        return 0;
    if (!wanted) {
        *ifindex = netdev_new_index(to);
        return 0;
    }
    if (says_why(dev))
        return vnet_err(err, EBUSY, "The ifindex %d is not available in the target netns", wanted);
    return -EBUSY;
}

/* What it was in the old namespace goes: addresses, routes, neighbours, queueing, settings; flags,
 * addresses of its own, counters, alias and group stay. */
static void move(struct netdev *dev, struct netns *to, const char *name, int ifindex)
{
    if (is_pair(dev))
        pair_peer(dev); /* who sleeps knows the other where it was */
    netdev_close(dev);
    netdev_unlist(dev);
    strcpy(dev->qdisc, "noop");
    dev_uc_flush(dev);
    netdev_notify(dev, NETDEV_UNREGISTER);
    dev_mc_flush(dev);
    rtmsg_ifinfo_newnet(dev, nsid_alloc(dev->ns, to), ifindex);
    dev_hop_drop(dev);
    list_del(&dev->linkwatch);
    dev->ns = to;
    dev->ifindex = ifindex;
    memmove(dev->name, name, VNET_IFNAMSIZ);
    netdev_list(dev);
    netdev_notify(dev, NETDEV_REGISTER);
    rtmsg_ifinfo(dev, VNET_RTM_NEWLINK);
    vnet_touch(to->w);
}

/* Since about 6.13 do_setlink() does not even ask where a device is already; seen on 6.18. */
enum { KERNEL_LOOKS_FIRST = 0x060d00 };

int dev_change_net_namespace(struct netdev *dev, struct netns *to, const char *pattern, int ifindex,
                             struct vnet_err *err)
{
    char name[VNET_IFNAMSIZ];
    int index;
    if (dev->ns == to && dev_world(dev)->profile->kernel.version >= KERNEL_LOOKS_FIRST)
        return 0;
    if (dev->kind->netns_local)
        return refuse(dev, err, EINVAL, "The interface netns is immutable");
    if (dev->ns == to)
        return 0;
    int rc = choose_name(dev, to, pattern, name, err);
    if (rc == 0)
        rc = check_altnames(dev, to, err);
    if (rc == 0)
        rc = choose_index(dev, to, ifindex, &index, err);
    if (rc == 0)
        move(dev, to, name, index);
    return rc;
}
