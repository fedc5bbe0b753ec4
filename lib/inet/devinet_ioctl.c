/* Requests on interfaces by ioctl(2): dev_ioctl() (net/core/dev_ioctl.c) and devinet_ioctl()
 * (net/ipv4/devinet.c). */
#include <errno.h>
#include <string.h>

#include "dev/core.h"
#include "inet/devinet.h"
#include "inet/fib_internal.h"
#include "sim/world.h"
#include "vnet_ifreq.h"

#define ifa_of(pos) list_entry(pos, struct in_ifaddr, node)

enum { KERNEL_ZERONET = 0x050300, KERNEL_CLASS_E = 0x050000 };

static struct netdev *find_dev(const struct netns *ns, const char *name)
{
    char base[VNET_IFNAMSIZ] = "";
    size_t n = strcspn(name, ":");
    if (n >= sizeof(base))
        return NULL;
    memcpy(base, name, n);
    return netdev_by_name(ns, base);
}

int vnet_ifreq_index(const struct netns *ns, const char *name)
{
    const struct netdev *dev = find_dev(ns, name);
    return dev ? dev->ifindex : 0;
}

/* The first address with this label; NULL: none. */
static struct in_ifaddr *find_label(const struct netdev *dev, const char *name)
{
    if (!dev->in_dev)
        return NULL;
    list_each(pos, &dev->in_dev->ifa_list)
    {
        if (strcmp(ifa_of(pos)->label, name) == 0)
            return ifa_of(pos);
    }
    return NULL;
}

/* ---- flags ---- */

int vnet_ifreq_flags(const struct netns *ns, const char *name, uint16_t *flags)
{
    const struct netdev *dev = find_dev(ns, name);
    if (!dev)
        return -ENODEV;
    *flags = (uint16_t)netdev_flags(dev);
    return 0;
}

static int set_label_flags(struct netdev *dev, const char *name, uint16_t flags)
{
    struct in_ifaddr *ifa = find_label(dev, name);
    if (!ifa)
        return -EADDRNOTAVAIL;
    if (!(flags & VNET_IFF_UP))
        inet_del_ifa(ifa);
    return 0;
}

int vnet_ifreq_set_flags(struct netns *ns, const char *name, uint16_t flags)
{
    struct netdev *dev = find_dev(ns, name);
    if (!dev)
        return -ENODEV;
    if (strchr(name, ':'))
        return set_label_flags(dev, name, flags);
    int rc = netdev_change_flags(dev, flags, NULL);
    linkwatch_run(ns->w);
    return rc;
}

/* ---- addresses ---- */

struct find {
    const char *label;
    struct vnet_addr_info *info;
};

static int take_label(const struct vnet_addr_info *info, void *arg)
{
    const struct find *f = arg;
    if (strcmp(info->label, f->label) != 0)
        return 0;
    *f->info = *info;
    return 1;
}

int vnet_ifreq_addr(const struct netns *ns, const char *name, struct vnet_addr_info *info)
{
    const struct netdev *dev = find_dev(ns, name);
    struct find f = {name, info};
    if (!dev)
        return -ENODEV;
    return vnet_addr_dump(ns, VNET_AF_INET, dev->ifindex, take_label, &f) ? 0 : -EADDRNOTAVAIL;
}

/* inet_abc_len(): bits of the network part by the address's class; -1: no address of a host. */
static int class_len(const struct netns *ns, uint32_t addr)
{
    bool zero = fib_kernel_since(ns, KERNEL_ZERONET) ? addr == 0 : addr >> 24 == 0;
    if (zero || addr == 0xffffffffU)
        return 0;
    if (addr >> 31 == 0)
        return 8;
    if (addr >> 30 == 2)
        return 16;
    if (addr >> 29 == 6)
        return 24;
    return addr >> 28 == 15 && fib_kernel_since(ns, KERNEL_CLASS_E) ? 32 : -1;
}

/* inet_set_ifa() */
static int insert(struct in_ifaddr *ifa)
{
    inet_pin_conf(ifa->in_dev);
    if (inet_addr_is_loopback(&ifa->local))
        ifa->scope = VNET_SCOPE_HOST;
    return inet_insert_ifa(ifa, NULL);
}

static struct in_ifaddr *new_ifa(struct netdev *dev, const char *name)
{
    struct in_ifaddr *ifa = inet_alloc_ifa(dev->in_dev);
    if (strchr(name, ':')) {
        memset(ifa->label, 0, sizeof(ifa->label));
        memcpy(ifa->label, name, strnlen(name, sizeof(ifa->label) - 1));
    }
    return ifa;
}

static int set_address(struct netdev *dev, const char *name, struct in_ifaddr *ifa, uint32_t value)
{
    int len = class_len(dev->ns, value);
    if (len < 0)
        return -EINVAL;
    if (!dev->in_dev)
        return -ENOBUFS;
    if (ifa && inet_addr_to_v4(&ifa->local) == value)
        return 0;
    if (ifa)
        inet_unlink_ifa(ifa);
    else
        ifa = new_ifa(dev, name);
    bool one_end = dev->flags & VNET_IFF_POINTOPOINT;
    ifa->local = ifa->address = inet_addr_v4(value);
    ifa->broadcast = (struct inet_addr){0};
    ifa->scope = VNET_SCOPE_UNIVERSE;
    ifa->prefixlen = (uint8_t)(one_end ? 32 : len);
    if (!one_end && dev->flags & VNET_IFF_BROADCAST && len < 31)
        ifa->broadcast = inet_addr_broadcast(&ifa->local, ifa->prefixlen);
    inet_set_lifetime(ifa, VNET_LIFETIME_FOREVER, VNET_LIFETIME_FOREVER);
    return insert(ifa);
}

static uint32_t broadcast_of(const struct in_ifaddr *ifa)
{
    return ifa->broadcast.family ? inet_addr_to_v4(&ifa->broadcast) : 0;
}

/* devinet_ioctl() does not look at the answer: an address that may not come back is gone, silently.
 */
static int put_back(struct in_ifaddr *ifa)
{
    (void)inet_insert_ifa(ifa, NULL);
    return 0;
}

static int set_broadcast(struct in_ifaddr *ifa, uint32_t value)
{
    if (broadcast_of(ifa) == value)
        return 0;
    inet_unlink_ifa(ifa);
    ifa->broadcast = value ? inet_addr_v4(value) : (struct inet_addr){0};
    return put_back(ifa);
}

static int set_peer(struct in_ifaddr *ifa, uint32_t value)
{
    if (inet_addr_to_v4(&ifa->address) == value)
        return 0;
    if (class_len(ifa->in_dev->dev->ns, value) < 0)
        return -EINVAL;
    inet_unlink_ifa(ifa);
    ifa->address = inet_addr_v4(value);
    return put_back(ifa);
}

static int set_netmask(struct in_ifaddr *ifa, uint32_t value)
{
    int len = inet_mask_len(value);
    if (len < 0)
        return -EINVAL;
    if (ifa->prefixlen == len)
        return 0;
    struct inet_addr was = inet_addr_broadcast(&ifa->local, ifa->prefixlen);
    inet_unlink_ifa(ifa);
    ifa->prefixlen = (uint8_t)len;
    if (ifa->in_dev->dev->flags & VNET_IFF_BROADCAST && len < 31 &&
        inet_addr_eq(&ifa->broadcast, &was))
        ifa->broadcast = inet_addr_broadcast(&ifa->local, ifa->prefixlen);
    return put_back(ifa);
}

int vnet_ifreq_set(struct netns *ns, const char *name, enum vnet_ifreq_field field,
                   const struct inet_addr *value)
{
    struct netdev *dev = find_dev(ns, name);
    if (!dev)
        return -ENODEV;
    struct in_ifaddr *ifa = find_label(dev, name);
    if (!ifa && field != VNET_IFREQ_ADDR)
        return -EADDRNOTAVAIL;
    uint32_t v = inet_addr_to_v4(value);
    vnet_touch(ns->w);
    switch (field) {
    case VNET_IFREQ_ADDR:
        return set_address(dev, name, ifa, v);
    case VNET_IFREQ_DSTADDR:
        return set_peer(ifa, v);
    case VNET_IFREQ_BRDADDR:
        return set_broadcast(ifa, v);
    default:
        return set_netmask(ifa, v);
    }
}

/* ---- the device: dev_ifsioc() ---- */

int vnet_ifreq_set_mtu(struct netns *ns, const char *name, int mtu)
{
    struct vnet_link_req req = {.ifindex = vnet_ifreq_index(ns, name), .set = VNET_LINK_MTU};
    req.mtu = (uint32_t)mtu;
    if (!req.ifindex)
        return -ENODEV;
    return mtu < 0 ? -EINVAL : vnet_link_set(ns, &req, NULL);
}

int vnet_ifreq_set_txqlen(struct netns *ns, const char *name, int qlen)
{
    struct vnet_link_req req = {.ifindex = vnet_ifreq_index(ns, name), .set = VNET_LINK_TXQLEN};
    req.txqlen = (uint32_t)qlen;
    if (!req.ifindex)
        return -ENODEV;
    return qlen < 0 ? -EINVAL : vnet_link_set(ns, &req, NULL);
}

int vnet_ifreq_set_hwaddr(struct netns *ns, const char *name, uint16_t arphrd,
                          const struct lladdr *addr)
{
    const struct netdev *dev = find_dev(ns, name);
    if (!dev)
        return -ENODEV;
    if (!dev->addr.len) /* no ndo_set_mac_address */
        return -EOPNOTSUPP;
    if (arphrd != dev->type)
        return -EINVAL;
    struct vnet_link_req req = {.ifindex = dev->ifindex, .set = VNET_LINK_ADDR, .addr = *addr};
    return vnet_link_set(ns, &req, NULL);
}

int vnet_ifreq_rename(struct netns *ns, const char *name, const char *newname)
{
    struct vnet_link_req req = {.ifindex = vnet_ifreq_index(ns, name), .set = VNET_LINK_NAME};
    if (!req.ifindex)
        return -ENODEV;
    size_t n = strnlen(newname, sizeof(req.newname) - 1);
    memcpy(req.newname, newname, n);
    return vnet_link_set(ns, &req, NULL);
}
