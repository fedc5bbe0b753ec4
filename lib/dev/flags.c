/* Up and down, and the other flags (net/core/dev.c: __dev_open, __dev_close_many,
 * __dev_change_flags). */
#include <errno.h>
#include <string.h>

#include "dev/core.h"
#include "dev/vlan.h"
#include "inet/rtnetlink.h"
#include "sim/world.h"

const struct nametab vnet_link_flag_names[] = {
    {"LOOPBACK", VNET_IFF_LOOPBACK},
    {"BROADCAST", VNET_IFF_BROADCAST},
    {"POINTOPOINT", VNET_IFF_POINTOPOINT},
    {"MULTICAST", VNET_IFF_MULTICAST},
    {"NOARP", VNET_IFF_NOARP},
    {"ALLMULTI", VNET_IFF_ALLMULTI},
    {"PROMISC", VNET_IFF_PROMISC},
    {"MASTER", VNET_IFF_MASTER},
    {"SLAVE", VNET_IFF_SLAVE},
    {"DEBUG", VNET_IFF_DEBUG},
    {"DYNAMIC", VNET_IFF_DYNAMIC},
    {"AUTOMEDIA", VNET_IFF_AUTOMEDIA},
    {"PORTSEL", VNET_IFF_PORTSEL},
    {"NOTRAILERS", VNET_IFF_NOTRAILERS},
    {"UP", VNET_IFF_UP},
    {"LOWER_UP", VNET_IFF_LOWER_UP},
    {"DORMANT", VNET_IFF_DORMANT},
    {"ECHO", VNET_IFF_ECHO},
    {NULL, 0},
};

static const uint32_t settable = VNET_IFF_DEBUG | VNET_IFF_NOTRAILERS | VNET_IFF_NOARP |
                                 VNET_IFF_DYNAMIC | VNET_IFF_MULTICAST | VNET_IFF_PORTSEL |
                                 VNET_IFF_AUTOMEDIA;

/* The carrier is looked at by ndo_open; the device counts as up afterwards. */
static int dev_open(struct netdev *dev)
{
    int rc = dev->kind->open ? dev->kind->open(dev) : 0;
    if (rc)
        return rc;
    dev->flags |= VNET_IFF_UP;
    dev_set_rx_mode(dev);
    dev->qdisc_waits = false; /* dev_activate(): does not wait for linkwatch */
    if (strcmp(dev->qdisc, "noop") == 0)
        memcpy(dev->qdisc, dev->default_qdisc, sizeof(dev->qdisc));
    return 0;
}

static void dev_close(struct netdev *dev)
{
    netdev_notify(dev, NETDEV_GOING_DOWN);
    if (dev->kind->stop)
        dev->kind->stop(dev);
    dev->flags &= ~(uint32_t)VNET_IFF_UP;
}

int netdev_open(struct netdev *dev, struct vnet_err *err)
{
    return netdev_change_flags(dev, dev->flags | VNET_IFF_UP, err);
}

void netdev_close(struct netdev *dev)
{
    netdev_change_flags(dev, dev->flags & ~(uint32_t)VNET_IFF_UP, NULL);
}

void netdev_say_mode(const struct netdev *dev, const char *mode, bool entered)
{
    const char *what = entered ? "entered" : "left";
    if (dev_world(dev)->profile->kernel.log_allmulti)
        netdev_printk(dev, VNET_KLOG_INFO, "%s %s mode", what, mode);
    else if (strcmp(mode, "promiscuous") == 0)
        printk(dev->ns, VNET_KLOG_INFO, "device %s %s %s mode", dev->name, what, mode);
}

static bool is_on(const struct netdev *dev, uint32_t flag)
{
    return flag == VNET_IFF_PROMISC ? netdev_promiscuity(dev) > 0 : dev->allmulti > 0;
}

/* __dev_set_promiscuity(), __dev_set_allmulti() */
static void count(struct netdev *dev, uint32_t *counter, uint32_t flag, int by)
{
    bool was = *counter > 0, was_on = is_on(dev, flag);
    *counter += (uint32_t)by;
    if (was_on != is_on(dev, flag))
        netdev_say_mode(dev, flag == VNET_IFF_PROMISC ? "promiscuous" : "allmulticast", !was_on);
    if (was != (*counter > 0) && dev->kind->change_rx_flags)
        dev->kind->change_rx_flags(dev, flag, by);
    vnet_touch(dev_world(dev));
}

void netdev_set_promiscuity(struct netdev *dev, int by)
{
    count(dev, &dev->promiscuity, VNET_IFF_PROMISC, by);
}

void netdev_set_allmulti(struct netdev *dev, int by)
{
    count(dev, &dev->allmulti, VNET_IFF_ALLMULTI, by);
}

static void follow_uc(struct netdev *dev)
{
    bool wanted = dev->uc.n > 0 && !dev->kind->filters_unicast;
    if (dev->uc_promisc == wanted)
        return;
    dev->uc_promisc = wanted;
    netdev_set_promiscuity(dev, wanted ? 1 : -1);
}

void dev_set_rx_mode(struct netdev *dev)
{
    if (!netif_running(dev))
        return;
    const struct vnet *w = dev_world(dev);
    follow_uc(dev);
    if (dev->kind->set_rx_mode && !w->loading && !w->ending)
        dev->kind->set_rx_mode(dev);
}

/* A capture on a VLAN wants its device so, too. */
uint32_t netdev_promiscuity(const struct netdev *dev)
{
    uint32_t n = dev->promiscuity + dev->captures;
    for (const struct netdev *vlan = dev->vlans; vlan; vlan = vlan_of(vlan)->next)
        if (!vlan->promiscuity && netif_running(vlan) && netdev_promiscuity(vlan))
            n++;
    return n;
}

static void count_mode(struct netdev *dev, uint32_t flags, uint32_t mode,
                       void (*set)(struct netdev *dev, int by))
{
    if (!((flags ^ dev->flags) & mode))
        return;
    dev->flags ^= mode;
    set(dev, dev->flags & mode ? 1 : -1);
}

int netdev_change_flags(struct netdev *dev, uint32_t flags, struct vnet_err *err)
{
    int rc = 0;
    uint32_t old = dev->flags;
    (void)err;
    dev->flags = (flags & settable) | (dev->flags & ~settable);
    dev_set_rx_mode(dev);
    if ((old ^ flags) & VNET_IFF_UP) {
        if (old & VNET_IFF_UP)
            dev_close(dev);
        else
            rc = dev_open(dev);
    }
    count_mode(dev, flags, VNET_IFF_PROMISC, netdev_set_promiscuity);
    count_mode(dev, flags, VNET_IFF_ALLMULTI, netdev_set_allmulti);
    if (rc)
        return rc;
    uint32_t changes = old ^ dev->flags;
    if (changes)
        rtmsg_ifinfo(dev, VNET_RTM_NEWLINK);
    if (changes & VNET_IFF_UP)
        netdev_notify(dev, dev->flags & VNET_IFF_UP ? NETDEV_UP : NETDEV_DOWN);
    if (netif_running(dev) && changes & settable)
        netdev_notify_change(dev, changes);
    if (changes)
        vnet_touch(dev_world(dev));
    return 0;
}
