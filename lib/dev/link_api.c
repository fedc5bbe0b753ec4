/* vnet_link_*: RTM_NEWLINK, RTM_SETLINK, RTM_DELLINK (net/core/rtnetlink.c). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "dev/core.h"
#include "dev/nsid.h"
#include "inet/addrconf.h"
#include "inet/rtnetlink.h"
#include "sim/world.h"
#include "vnet_link.h"

enum { KERNEL_LIVE_RENAME = 0x060200, ALIAS_MAX = 255 };

/* ---- checks ---- */

/* From 6.13 on (per-namespace RTNL). */
enum { KERNEL_NEWLINK_IN_STEPS = 0x060d00 };

/* What is said of a pair's other end is looked at with all else (rtnl_newlink()), before what there
 * is; older kernels come to it when they make that end. */
static int validate_kind(const struct netns *ns, const struct vnet_link_req *req,
                         const struct link_kind *kind, struct vnet_err *err)
{
    if (!kind || !kind->validate)
        return 0;
    int rc = kind->validate(ns, req, err);
    bool peer_too = req->peer && ns->w->profile->kernel.version >= KERNEL_NEWLINK_IN_STEPS;
    return rc == 0 && peer_too ? kind->validate(ns, req->peer, err) : rc;
}

/* validate_linkmsg(), inet6_validate_link_af() */
static int validate_linkmsg(const struct netdev *dev, const struct vnet_link_req *req,
                            struct vnet_err *err)
{
    int rc = netdev_validate_gso(dev, req, err);
    if (rc)
        return rc;
    if ((req->set & VNET_LINK_ADDR && req->addr.len < dev->addr.len) ||
        (req->set & VNET_LINK_BRD && req->brd.len < dev->addr.len))
        return -EINVAL;
    if (!(req->set & VNET_LINK_ADDRGEN))
        return 0;
    if (!dev->in6_dev)
        return -EAFNOSUPPORT;
    if (req->addr_gen_mode > VNET_ADDRGEN_RANDOM)
        return -EINVAL;
    bool stable = req->addr_gen_mode == VNET_ADDRGEN_STABLE_PRIVACY;
    return stable && !dev->in6_dev->has_secret ? -EINVAL : 0;
}

/* ---- set: one function a field, in the order of do_setlink() ---- */

static int set_netns(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    if (!req->netns)
        return -ESRCH;
    const char *pattern = req->set & VNET_LINK_NAME ? req->newname : NULL;
    int ifindex = req->set & VNET_LINK_NEWINDEX ? req->newindex : 0;
    return dev_change_net_namespace(dev, req->netns, pattern, ifindex, err);
}

static int set_address(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    (void)err;
    if (!dev->addr.len) /* no ndo_set_mac_address */
        return -EOPNOTSUPP;
    const struct lladdr addr = lladdr_eth(req->addr.bytes);
    if (!lladdr_eq(&addr, &dev->addr)) {
        if (!netdev_mac_valid(&addr))
            return -EADDRNOTAVAIL;
        if (dev->kind->set_address)
            dev->kind->set_address(dev, &addr);
        else
            dev->addr = addr;
    }
    dev->addr_assign_type = NET_ADDR_SET;
    netdev_notify(dev, NETDEV_CHANGEADDR);
    return 0;
}

static int set_mtu(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    if (req->mtu == dev->mtu)
        return 0;
    int rc = netdev_validate_mtu(dev, req->mtu, err);
    if (rc == 0 && dev->kind->change_mtu)
        rc = dev->kind->change_mtu(dev, req->mtu);
    if (rc)
        return rc;
    dev->mtu = req->mtu;
    netdev_notify(dev, NETDEV_CHANGEMTU);
    return 0;
}

static int set_group(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    (void)err;
    dev->group = req->group;
    return 0;
}

/* dev_change_name() */
static int set_name(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    (void)err;
    if (netif_running(dev) && dev->ns->w->profile->kernel.version < KERNEL_LIVE_RENAME)
        return -EBUSY;
    if (strcmp(req->newname, dev->name) == 0)
        return 0;
    char name[VNET_IFNAMSIZ];
    int rc = netdev_valid_name(dev->ns, req->newname, name);
    if (rc == 0 && netdev_name_has_sysctls(name))
        rc = -EINVAL;
    if (rc)
        return rc;
    char old[VNET_IFNAMSIZ];
    memcpy(old, dev->name, sizeof(old));
    netdev_rename(dev, name);
    netdev_printk(dev, VNET_KLOG_INFO, "renamed from %s%s", old,
                  netif_running(dev) ? " (while UP)" : "");
    netdev_notify(dev, NETDEV_CHANGENAME);
    return 0;
}

static int set_alias(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    (void)err;
    if (strlen(req->alias) > ALIAS_MAX || text_has_control(req->alias))
        return -EINVAL; /* the kernel takes control characters; no terminal is to see them */
    free(dev->alias);
    dev->alias = req->alias[0] ? mem_strdup(req->alias) : NULL;
    return 0;
}

static int set_broadcast(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    (void)err;
    if (dev->addr.len)
        dev->brd = lladdr_eth(req->brd.bytes);
    netdev_notify(dev, NETDEV_CHANGEADDR);
    return 0;
}

static int set_flags(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    if (!req->change)
        return 0;
    uint32_t flags = (req->flags & req->change) | (dev->flags & ~req->change);
    return netdev_change_flags(dev, flags, err);
}

/* do_set_master() */
static int set_master(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    if (dev->master) {
        if (dev->master->ifindex == req->master)
            return 0;
        int rc = dev->master->kind->del_slave(dev->master, dev);
        if (rc)
            return rc;
    }
    if (req->master == 0)
        return 0;
    struct netdev *upper = netdev_by_index(dev->ns, req->master);
    if (!upper)
        return -EINVAL;
    return upper->kind->add_slave ? upper->kind->add_slave(upper, dev, err) : -EOPNOTSUPP;
}

/* dev_change_carrier() */
static int set_carrier(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    (void)err;
    return dev->kind->change_carrier ? dev->kind->change_carrier(dev, req->carrier) : -EOPNOTSUPP;
}

static int set_txqlen(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    uint32_t old = dev->txqlen;
    (void)err;
    dev->txqlen = req->txqlen;
    if (dev->txqlen != old) /* NETDEV_CHANGE_TX_QUEUE_LEN */
        rtmsg_ifinfo(dev, VNET_RTM_NEWLINK);
    return 0;
}

static int set_operstate(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    (void)err;
    netdev_set_operstate(dev, req->operstate);
    return 0;
}

static int set_linkmode(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    (void)err;
    if (dev->linkmode != req->linkmode)
        netdev_state_change(dev);
    dev->linkmode = req->linkmode;
    return 0;
}

/* inet6_set_link_af() */
static int set_addr_gen_mode(struct netdev *dev, const struct vnet_link_req *req,
                             struct vnet_err *err)
{
    (void)err;
    if (!dev->in6_dev) /* a small MTU of the same request has ended IPv6 on it */
        return -EAFNOSUPPORT;
    return addrconf_set_addr_gen_mode(dev->in6_dev, req->addr_gen_mode);
}

struct setter {
    uint32_t bit; /* VNET_LINK_*; 0: always */
    int (*set)(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err);
};

static const struct setter setters[] = {
    {VNET_LINK_NETNS, set_netns},
    {VNET_LINK_ADDR, set_address},
    {VNET_LINK_MTU, set_mtu},
    {VNET_LINK_GROUP, set_group},
    {VNET_LINK_NAME, set_name},
    {VNET_LINK_ALIAS, set_alias},
    {VNET_LINK_BRD, set_broadcast},
    {0, set_flags},
    {VNET_LINK_MASTER, set_master},
    {VNET_LINK_CARRIER, set_carrier},
    {VNET_LINK_TXQLEN, set_txqlen},
    {VNET_LINK_GSO_SIZE, netdev_set_gso_size},
    {VNET_LINK_GSO_SEGS, netdev_set_gso_segs},
    {VNET_LINK_GRO_SIZE, netdev_set_gro_size},
    {VNET_LINK_OPERSTATE, set_operstate},
    {VNET_LINK_LINKMODE, set_linkmode},
    {VNET_LINK_ADDRGEN, set_addr_gen_mode},
};

/* What has DO_SETLINK_NOTIFY set. */
enum {
    TOLD_AT_THE_END = VNET_LINK_ALIAS | VNET_LINK_GROUP | VNET_LINK_LINKMODE | VNET_LINK_ADDRGEN
};

/* options: rtnl_changelink() has changed some, which is told, too. */
static int do_setlink(struct netdev *dev, const struct vnet_link_req *req, uint32_t skip,
                      bool options, struct vnet_err *err)
{
    int rc = validate_linkmsg(dev, req, err);
    for (size_t i = 0; rc == 0 && i < ARRAY_LEN(setters); i++)
        if (!setters[i].bit || setters[i].bit & req->set & ~skip)
            rc = setters[i].set(dev, req, err);
    if (rc == 0 && (options || req->set & ~skip & TOLD_AT_THE_END))
        netdev_state_change(dev);
    vnet_touch(dev_world(dev));
    return rc;
}

/* rtnl_changelink(): options of the kind, then of the port, before all else. Older kernels look
 * over the request before that, too. */
static int changelink(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    const struct link_kind *kind = req->kind ? link_kind_find(req->kind) : NULL;
    const struct link_kind *master = dev->master ? dev->master->kind : NULL;
    bool look = dev_world(dev)->profile->kernel.version < KERNEL_NEWLINK_IN_STEPS;
    int rc = look ? validate_linkmsg(dev, req, err) : 0;
    if (rc == 0 && req->has_data)
        rc = kind != dev->kind || !kind->changelink ? -EOPNOTSUPP : kind->changelink(dev, req, err);
    if (rc == 0 && req->has_slave_data)
        rc = master && master->slave_changelink
                 ? master->slave_changelink(dev, req->slave_opts, err)
                 : -EOPNOTSUPP;
    return rc;
}

static struct netdev *find(const struct netns *ns, const struct vnet_link_req *req)
{
    if (req->ifindex > 0)
        return netdev_by_index(ns, req->ifindex);
    return req->ifname[0] ? netdev_by_name(ns, req->ifname) : NULL;
}

/* rtnl_group_changelink() */
static int set_of_group(struct netns *ns, const struct vnet_link_req *req, struct vnet_err *err)
{
    int rc = 0;
    for (int i = vnet_link_next(ns, 0); i && rc == 0; i = vnet_link_next(ns, i)) {
        struct netdev *dev = netdev_by_index(ns, i);
        if (dev->group == req->group)
            rc = do_setlink(dev, req, VNET_LINK_GROUP, false, err);
    }
    return rc;
}

int vnet_link_set(struct netns *ns, const struct vnet_link_req *req, struct vnet_err *err)
{
    struct netdev *dev = find(ns, req);
    bool all = req->ifindex == 0 && !req->ifname[0] && req->set & VNET_LINK_GROUP;
    if (req->netns_bad)
        return -EINVAL;
    bool options = req->has_data || req->has_slave_data;
    int rc = req->kind ? validate_kind(ns, req, link_kind_find(req->kind), err) : 0;
    if (rc)
        return rc;
    rc = dev ? changelink(dev, req, err) : all ? set_of_group(ns, req, err) : -ENODEV;
    if (rc == 0 && dev)
        rc = do_setlink(dev, req, 0, options, err);
    linkwatch_run(ns->w);
    return rc;
}

/* ---- add ---- */

enum { KERNEL_LOOKS_THERE = 0x060f00 };

/* In which namespace the name and index of a new device must be free, before it is made. */
static struct netns *asked_of(struct netns *ns, const struct vnet_link_req *req)
{
    bool there = !req->replace && ns->w->profile->kernel.version >= KERNEL_LOOKS_THERE;
    return there && req->set & VNET_LINK_NETNS && req->netns ? req->netns : ns;
}

static bool names_netns(const struct vnet_link_req *req)
{
    return req->netns || !(req->set & VNET_LINK_NETNS);
}

static int check_new(struct netns *ns, const struct vnet_link_req *req,
                     const struct link_kind *kind, struct vnet_err *err)
{
    if (req->netns_bad || (req->peer && req->peer->netns_bad))
        return -EINVAL;
    if (req->ifindex < 0)
        return vnet_err(err, EINVAL, "ifindex can't be negative");
    int rc = validate_kind(ns, req, kind, err);
    if (rc)
        return rc;
    if (find(asked_of(ns, req), req))
        return req->replace ? -EOPNOTSUPP : -EEXIST;
    if (!kind)
        return vnet_err(err, EOPNOTSUPP, "Unknown device type");
    return names_netns(req) && (!req->peer || names_netns(req->peer)) ? 0 : -ESRCH;
}

int netdev_configure_new(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    uint32_t old = dev->flags;
    int rc = req ? set_flags(dev, req, err) : 0;
    if (rc == 0 && dev->flags == old) /* else it was told by what changed the flags */
        rtmsg_ifinfo(dev, VNET_RTM_NEWLINK);
    if (rc == 0)
        dev->initializing = false;
    return rc;
}

/* What rtnl_newlink_create() does once the device is registered. */
static int configure_new(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    int rc = netdev_configure_new(dev, req, err);
    if (rc == 0 && req->set & VNET_LINK_MASTER)
        rc = set_master(dev, req, err);
    return rc;
}

static void dellink(struct netdev *dev)
{
    if (dev->kind->dellink)
        dev->kind->dellink(dev);
    else
        netdev_unregister(dev);
}

int vnet_link_add(struct netns *ns, const struct vnet_link_req *asked, struct vnet_err *err)
{
    struct vnet_link_req own = *asked;
    const struct vnet_link_req *req = &own;
    own.from = ns;
    const struct link_kind *kind = req->kind ? link_kind_find(req->kind) : NULL;
    if (kind && !kind->user_can_add)
        kind = NULL;
    int rc = check_new(ns, req, kind, err);
    if (rc)
        return rc;
    char name[VNET_IFNAMSIZ + 2];
    snprintf(name, sizeof(name), req->ifname[0] ? "%s" : "%s%%d",
             req->ifname[0] ? req->ifname : kind->name);
    struct netns *to = req->set & VNET_LINK_NETNS ? req->netns : ns;
    struct netdev *dev = netdev_register(to, kind, name, req->ifindex, req, &rc, err);
    if (dev) {
        rc = configure_new(dev, req, err);
        if (rc)
            dellink(dev);
    }
    linkwatch_run(ns->w);
    return rc;
}

/* ---- delete ---- */

int vnet_link_del(struct netns *ns, int ifindex, struct vnet_err *err)
{
    (void)err;
    struct netdev *dev = netdev_by_index(ns, ifindex);
    if (!dev)
        return -ENODEV;
    if (!dev->kind->user_can_add)
        return -EOPNOTSUPP;
    dellink(dev);
    linkwatch_run(ns->w);
    return 0;
}

static struct netdev *first_of_group(const struct netns *ns, uint32_t group)
{
    for (uint32_t i = 0; i < ns->ndevs; i++)
        if (ns->devs[i]->group == group)
            return ns->devs[i];
    return NULL;
}

int vnet_link_del_group(struct netns *ns, uint32_t group, struct vnet_err *err)
{
    (void)err;
    if (group == 0)
        return -EPERM;
    if (!first_of_group(ns, group))
        return -ENODEV;
    for (uint32_t i = 0; i < ns->ndevs; i++)
        if (ns->devs[i]->group == group && !ns->devs[i]->kind->user_can_add)
            return -EOPNOTSUPP;
    struct netdev *dev;
    while ((dev = first_of_group(ns, group)))
        dellink(dev);
    linkwatch_run(ns->w);
    return 0;
}

/* ---- ask ---- */

int vnet_link_index(const struct netns *ns, const char *name)
{
    const struct netdev *dev = netdev_by_name(ns, name);
    return dev ? dev->ifindex : 0;
}

const char *vnet_link_name(const struct netns *ns, int ifindex, char buf[VNET_IFNAMSIZ])
{
    const struct netdev *dev = netdev_by_index(ns, ifindex);
    memset(buf, 0, VNET_IFNAMSIZ);
    if (dev)
        memcpy(buf, dev->name, VNET_IFNAMSIZ);
    return buf;
}

/* rtnl_fill_link_netnsid(): whoever is shown the link can name the other's namespace. */
static void fill_lower(const struct netdev *dev, struct vnet_link_info *info)
{
    const struct netdev *lower = dev->kind->lower ? dev->kind->lower(dev) : NULL;
    info->iflink = lower ? lower->ifindex : 0;
    info->iflink_netnsid = -1;
    if (lower && lower->ns != dev->ns)
        info->iflink_netnsid = nsid_alloc(dev->ns, lower->ns);
}

static void fill_relations(const struct netdev *dev, struct vnet_link_info *info)
{
    info->master = dev->master ? dev->master->ifindex : 0;
    info->master_kind = dev->master ? dev->master->kind->name : NULL;
    info->kind = dev->kind->name;
    info->altnames = (const char *const *)dev->altnames;
    info->alias = dev->alias;
    info->has_inet6 = dev->in6_dev != NULL;
    if (dev->in6_dev)
        info->addr_gen_mode = (uint8_t)dev->in6_dev->conf.v[IPV6_CONF_addr_gen_mode];
}

static void fill_values(const struct netdev *dev, struct vnet_link_info *info)
{
    info->mtu = dev->mtu;
    info->min_mtu = dev->min_mtu;
    info->max_mtu = dev->max_mtu;
    info->group = dev->group;
    info->txqlen = dev->txqlen;
    info->qdisc = dev->qdisc;
    info->promiscuity = netdev_promiscuity(dev);
    info->allmulti = dev->allmulti;
    info->num_tx_queues = dev->num_tx_queues;
    if (dev_world(dev)->profile->kernel.dump_rx_queues)
        info->num_rx_queues = dev->num_rx_queues;
    info->gso_max_size = dev->gso_max_size;
    info->gso_max_segs = dev->gso_max_segs;
    info->tso_max_size = dev->tso_max_size;
    info->tso_max_segs = dev->tso_max_segs;
    info->gro_max_size = dev->gro_max_size;
    info->stats = dev->stats;
}

void link_fill_info(const struct netdev *dev, struct vnet_link_info *info)
{
    *info = (struct vnet_link_info){.ifindex = dev->ifindex, .type = dev->type};
    fill_lower(dev, info);
    memcpy(info->name, dev->name, sizeof(info->name));
    info->flags = netdev_flags(dev);
    info->operstate = netif_running(dev) ? dev->operstate : VNET_OPER_DOWN;
    info->linkmode = dev->linkmode;
    info->carrier = netif_carrier_ok(dev);
    info->carrier_changes = dev->carrier_up_count + dev->carrier_down_count;
    info->addr = dev->addr;
    info->brd = dev->brd;
    fill_values(dev, info);
    fill_relations(dev, info);
    if (dev->kind->fill_info)
        dev->kind->fill_info(dev, info);
    if (dev->master && dev->master->kind->fill_slave_info)
        dev->master->kind->fill_slave_info(dev, info);
}

void vnet_link_asked(const struct netns *ns, int ifindex)
{
    const struct netdev *dev = ifindex ? netdev_by_index(ns, ifindex) : NULL;
    if (dev)
        nsid_alloc_lower(dev);
    if (!ifindex)
        netdev_each(ns, d, i) nsid_alloc_lower(d);
}

int vnet_link_get(const struct netns *ns, int ifindex, struct vnet_link_info *info)
{
    const struct netdev *dev = netdev_by_index(ns, ifindex);
    if (!dev)
        return -ENODEV;
    link_fill_info(dev, info);
    return 0;
}
