/* Carrier and operational state (net/core/link_watch.c, RFC 2863), flags as they are reported. */
#include "dev/core.h"
#include "inet/rtnetlink.h"
#include "sim/world.h"

static bool oper_up(const struct netdev *dev)
{
    return dev->operstate == VNET_OPER_UP || dev->operstate == VNET_OPER_UNKNOWN;
}

uint32_t netdev_flags(const struct netdev *dev)
{
    uint32_t flags =
        dev->flags & ~(uint32_t)(VNET_IFF_RUNNING | VNET_IFF_LOWER_UP | VNET_IFF_DORMANT);
    if (!netif_running(dev))
        return flags;
    if (oper_up(dev))
        flags |= VNET_IFF_RUNNING;
    if (netif_carrier_ok(dev))
        flags |= VNET_IFF_LOWER_UP;
    if (dev->dormant)
        flags |= VNET_IFF_DORMANT;
    return flags;
}

enum { KERNEL_ASKS_LOWER = 0x060200 };

/* Is a link below what keeps dev down? Newer kernels look it up by its index, whichever device of
 * dev's own namespace has that. */
static bool lower_is_down(const struct netdev *dev)
{
    const struct netdev *lower = dev->kind->lower ? dev->kind->lower(dev) : NULL;
    if (!lower || lower->ifindex == dev->ifindex)
        return false;
    if (dev_world(dev)->profile->kernel.version < KERNEL_ASKS_LOWER)
        return true;
    lower = netdev_by_index(dev->ns, lower->ifindex);
    return lower && !netif_carrier_ok(lower);
}

/* default_operstate() */
static uint8_t default_operstate(const struct netdev *dev)
{
    if (dev->testing)
        return VNET_OPER_TESTING;
    if (!netif_carrier_ok(dev))
        return lower_is_down(dev) ? VNET_OPER_LOWERLAYERDOWN : VNET_OPER_DOWN;
    return dev->dormant ? VNET_OPER_DORMANT : VNET_OPER_UP;
}

enum { LINK_MODE_DEFAULT, LINK_MODE_DORMANT, LINK_MODE_TESTING };

static void rfc2863_policy(struct netdev *dev)
{
    uint8_t operstate = default_operstate(dev);
    if (operstate == VNET_OPER_UP && dev->linkmode == LINK_MODE_DORMANT)
        operstate = VNET_OPER_DORMANT;
    if (operstate == VNET_OPER_UP && dev->linkmode == LINK_MODE_TESTING)
        operstate = VNET_OPER_TESTING;
    dev->operstate = operstate;
}

void netdev_notify_change(struct netdev *dev, uint32_t flags)
{
    if (!netif_running(dev))
        return;
    dev->flags_changed = flags;
    netdev_notify(dev, NETDEV_CHANGE);
    dev->flags_changed = 0;
}

void netdev_state_change(struct netdev *dev)
{
    if (!netif_running(dev))
        return;
    netdev_notify_change(dev, 0);
    rtmsg_ifinfo(dev, VNET_RTM_NEWLINK);
}

void linkwatch_init_dev(struct netdev *dev)
{
    if (!netif_carrier_ok(dev) || dev->dormant || dev->testing)
        rfc2863_policy(dev);
}

void linkwatch_fire_event(struct netdev *dev)
{
    if (list_empty(&dev->linkwatch))
        list_add_tail(&dev->linkwatch, &dev_world(dev)->linkwatch);
    vnet_touch(dev_world(dev));
}

void linkwatch_run(struct vnet *w)
{
    while (!list_empty(&w->linkwatch)) {
        struct netdev *dev = list_first(&w->linkwatch, struct netdev, linkwatch);
        list_del(&dev->linkwatch);
        dev->qdisc_waits = false;
        rfc2863_policy(dev);
        netdev_state_change(dev);
    }
}

void netif_carrier_on(struct netdev *dev)
{
    if (!dev->no_carrier)
        return;
    dev->no_carrier = false;
    dev->carrier_up_count++;
    dev->qdisc_waits = true;
    linkwatch_fire_event(dev);
}

void netif_carrier_off(struct netdev *dev)
{
    if (dev->no_carrier)
        return;
    dev->no_carrier = true;
    dev->carrier_down_count++;
    linkwatch_fire_event(dev);
}

void netdev_set_operstate(struct netdev *dev, uint8_t wanted)
{
    uint8_t operstate = dev->operstate;
    bool waits = operstate == VNET_OPER_DORMANT || operstate == VNET_OPER_TESTING ||
                 operstate == VNET_OPER_UNKNOWN;
    if (wanted == VNET_OPER_UP && waits && !dev->dormant && !dev->testing)
        operstate = VNET_OPER_UP;
    if ((wanted == VNET_OPER_TESTING || wanted == VNET_OPER_DORMANT) && oper_up(dev))
        operstate = wanted;
    if (operstate == dev->operstate)
        return;
    dev->operstate = operstate;
    netdev_state_change(dev);
}
