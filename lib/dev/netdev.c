/* Devices: made, registered, unregistered, found (net/core/dev.c). */
#include "dev/netdev.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dev/addr_lists.h"
#include "dev/core.h"
#include "dev/hop.h"
#include "inet/rtnetlink.h"
#include "sim/world.h"

enum { TX_QUEUE_LEN = 1000, GSO_MAX_SIZE = 65536, GSO_MAX_SEGS = 65535, MAX_QUEUES = 4096 };

/* Where the device of an index is, or would be inserted. */
static uint32_t lower_bound(const struct netns *ns, int ifindex)
{
    uint32_t lo = 0, hi = ns->ndevs;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (ns->devs[mid]->ifindex < ifindex)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

struct netdev *netdev_by_index(const struct netns *ns, int ifindex)
{
    uint32_t i = lower_bound(ns, ifindex);
    return i < ns->ndevs && ns->devs[i]->ifindex == ifindex ? ns->devs[i] : NULL;
}

int vnet_link_next(const struct netns *ns, int after_ifindex)
{
    uint32_t i = after_ifindex == INT32_MAX ? ns->ndevs : lower_bound(ns, after_ifindex + 1);
    return i < ns->ndevs ? ns->devs[i]->ifindex : 0;
}

void netdev_list(struct netdev *dev)
{
    struct netns *ns = dev->ns;
    uint32_t at = lower_bound(ns, dev->ifindex);
    ARRAY_GROW(ns->devs, ns->ndevs, ns->devs_cap);
    memmove(ns->devs + at + 1, ns->devs + at, (ns->ndevs - at) * sizeof(*ns->devs));
    ns->devs[at] = dev;
    ns->ndevs++;
    netdev_list_name(dev);
}

void netdev_unlist(struct netdev *dev)
{
    struct netns *ns = dev->ns;
    uint32_t at = lower_bound(ns, dev->ifindex);
    netdev_unlist_name(dev);
    ns->ndevs--;
    memmove(ns->devs + at, ns->devs + at + 1, (ns->ndevs - at) * sizeof(*ns->devs));
}

/* dev_new_index(): counts on from the last one given out, not from the highest. */
int netdev_new_index(struct netns *ns)
{
    do {
        ns->last_ifindex = ns->last_ifindex == INT32_MAX ? 1 : ns->last_ifindex + 1;
    } while (netdev_by_index(ns, ns->last_ifindex));
    return ns->last_ifindex;
}

struct netdev *netdev_alloc(struct netns *ns, const struct link_kind *kind)
{
    struct netdev *dev = mem_alloc(sizeof(*dev));
    dev->ns = ns;
    dev->kind = kind;
    dev->txqlen = TX_QUEUE_LEN;
    dev->num_tx_queues = dev->num_rx_queues = 1;
    dev->real_num_tx_queues = dev->real_num_rx_queues = 1;
    dev->gso_max_size = dev->tso_max_size = dev->gro_max_size = GSO_MAX_SIZE;
    dev->gso_max_segs = dev->tso_max_segs = GSO_MAX_SEGS;
    strcpy(dev->qdisc, "noop");
    strcpy(dev->default_qdisc, "noqueue");
    list_init(&dev->linkwatch);
    kind->setup(dev);
    return dev;
}

void netdev_free(struct netdev *dev)
{
    if (dev->kind->uninit)
        dev->kind->uninit(dev);
    for (char **alt = dev->altnames; alt && *alt; alt++)
        free(*alt);
    free(dev->altnames);
    free(dev->alias);
    dev_uc_flush(dev);
    dev_mc_flush(dev);
    free(dev);
}

int netdev_validate_mtu(const struct netdev *dev, uint32_t mtu, struct vnet_err *err)
{
    if (mtu > INT32_MAX || mtu < dev->min_mtu)
        return vnet_err(err, EINVAL, "mtu less than device minimum");
    if (dev->max_mtu > 0 && mtu > dev->max_mtu)
        return vnet_err(err, EINVAL, "mtu greater than device maximum");
    return 0;
}

static bool queues_ok(uint32_t n)
{
    return n >= 1 && n <= MAX_QUEUES;
}

static int create_queues(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    if (dev->kind->num_queues)
        dev->num_tx_queues = dev->num_rx_queues = dev->kind->num_queues(dev->ns);
    if (req->set & VNET_LINK_NUMTXQ)
        dev->num_tx_queues = req->num_tx_queues;
    if (req->set & VNET_LINK_NUMRXQ)
        dev->num_rx_queues = req->num_rx_queues;
    if (!queues_ok(dev->num_tx_queues))
        return vnet_err(err, EINVAL, "Invalid number of transmit queues");
    if (!queues_ok(dev->num_rx_queues))
        return vnet_err(err, EINVAL, "Invalid number of receive queues");
    return 0;
}

/* validate_linkmsg() of a device to be */
static int validate_new(const struct netdev *dev, const struct vnet_link_req *req,
                        struct vnet_err *err)
{
    if (((req->set & VNET_LINK_ADDR) && req->addr.len < dev->addr.len) ||
        ((req->set & VNET_LINK_BRD) && req->brd.len < dev->addr.len))
        return -EINVAL;
    int rc = netdev_validate_gso(dev, req, err);
    if (rc == 0 && req->set & VNET_LINK_ADDRGEN)
        rc = -EAFNOSUPPORT; /* inet6_validate_link_af(): it has no IPv6 yet */
    return rc;
}

/* rtnl_create_link() */
static int create_values(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    int rc = create_queues(dev, req, err);
    if (rc == 0)
        rc = validate_new(dev, req, err);
    if (rc == 0 && req->set & VNET_LINK_MTU)
        rc = netdev_validate_mtu(dev, req->mtu, err);
    if (rc)
        return rc;
    if (req->set & VNET_LINK_MTU)
        dev->mtu = req->mtu;
    if (req->set & VNET_LINK_ADDR)
        dev->addr_assign_type = NET_ADDR_SET;
    if (req->set & VNET_LINK_ADDR && dev->addr.len)
        dev->addr = lladdr_eth(req->addr.bytes);
    if (req->set & VNET_LINK_BRD && dev->addr.len)
        dev->brd = lladdr_eth(req->brd.bytes);
    if (req->set & VNET_LINK_TXQLEN)
        dev->txqlen = req->txqlen;
    if (req->set & VNET_LINK_OPERSTATE)
        netdev_set_operstate(dev, req->operstate);
    if (req->set & VNET_LINK_LINKMODE)
        dev->linkmode = req->linkmode;
    if (req->set & VNET_LINK_GROUP)
        dev->group = req->group;
    netdev_create_gso(dev, req);
    return 0;
}

struct netdev *netdev_create(struct netns *ns, const struct link_kind *kind,
                             const struct vnet_link_req *req, int *error, struct vnet_err *err)
{
    struct netdev *dev = netdev_alloc(ns, kind);
    *error = create_values(dev, req, err);
    dev->initializing = true;
    if (*error == 0)
        return dev;
    netdev_free(dev);
    return NULL;
}

int netdev_insert(struct netdev *dev, const char *name)
{
    struct netns *ns = dev->ns;
    int rc = netdev_valid_name(ns, name, dev->name);
    if (rc)
        return rc;
    if (dev->ifindex == 0)
        dev->ifindex = netdev_new_index(ns);
    else if (netdev_by_index(ns, dev->ifindex))
        return -EBUSY;
    if (netdev_name_has_sysctls(dev->name)) { /* its number is gone: NETDEV_REGISTER fails */
        vnet_touch(ns->w);
        return -EINVAL;
    }
    linkwatch_init_dev(dev);
    netdev_list(dev);
    netdev_notify(dev, NETDEV_REGISTER);
    vnet_touch(ns->w);
    return 0;
}

struct netdev *netdev_register(struct netns *ns, const struct link_kind *kind, const char *name,
                               int ifindex, const struct vnet_link_req *req, int *error,
                               struct vnet_err *err)
{
    static const struct vnet_link_req none = {0};
    struct netdev *dev = netdev_create(ns, kind, req ? req : &none, error, err);
    if (!dev)
        return NULL;
    dev->ifindex = ifindex;
    *error = req && kind->newlink ? kind->newlink(dev, name, req, err) : netdev_insert(dev, name);
    if (*error == 0)
        return dev;
    netdev_free(dev);
    return NULL;
}

void netdev_withdraw(struct netdev *dev)
{
    netdev_close(dev);
    netdev_unlist(dev);
    dev->unregistering = true;
    netdev_notify(dev, NETDEV_UNREGISTER);
    dev_hop_drop(dev);
    list_del(&dev->linkwatch);
}

void netdev_unregister_many(struct netdev *const *devs, unsigned n)
{
    struct vnet *w = dev_world(devs[0]);
    for (unsigned i = 0; i < n; i++)
        netdev_close(devs[i]);
    for (unsigned i = 0; i < n; i++)
        netdev_unlist(devs[i]);
    for (unsigned i = 0; i < n; i++) {
        strcpy(devs[i]->qdisc, "noop"); /* dev_shutdown() */
        devs[i]->unregistering = true;
        netdev_notify(devs[i], NETDEV_UNREGISTER);
        if (!devs[i]->initializing)
            rtmsg_ifinfo(devs[i], VNET_RTM_DELLINK);
    }
    for (unsigned i = 0; i < n; i++) {
        dev_hop_drop(devs[i]);
        list_del(&devs[i]->linkwatch);
        netdev_free(devs[i]);
    }
    vnet_touch(w);
}

void netdev_unregister(struct netdev *dev)
{
    netdev_unregister_many(&dev, 1);
}
