/* vnet_brport_*, vnet_fdb_*, vnet_brvlan_*: what bridge(8) asks for (net/core/rtnetlink.c,
 * net/bridge/br_netlink.c, br_fdb.c). */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "bridge/br.h"
#include "dev/addr_lists.h"
#include "dev/vlan.h"
#include "wire/ether.h"

enum { CLOCK_T = 100, NUD_ALL = VNET_NUD_PERMANENT | VNET_NUD_NOARP | VNET_NUD_REACHABLE };

bool vnet_link_is_bridge(const struct netns *ns, int ifindex)
{
    const struct netdev *dev = netdev_by_index(ns, ifindex);
    return dev && is_bridge(dev);
}

bool vnet_brport_stp_xstats(const struct netns *ns, int ifindex, struct vnet_stp_xstats *x)
{
    const struct netdev *dev = netdev_by_index(ns, ifindex);
    if (!dev || !dev->br_port)
        return false;
    *x = dev->br_port->stp_xstats;
    return true;
}

/* br_setlink() */
static int set_port(struct br_port *p, const struct vnet_link_opts *opts, struct vnet_err *err)
{
    int rc = br_setport(p, opts, err);
    if (rc == 0)
        br_ifinfo_notify(p, VNET_RTM_NEWLINK);
    linkwatch_run(dev_world(p->dev));
    return rc;
}

int vnet_brport_set(struct netns *ns, int ifindex, const struct vnet_link_opts *opts, uint8_t whose,
                    struct vnet_err *err)
{
    struct netdev *dev = netdev_by_index(ns, ifindex);
    bool self = whose & VNET_NTF_SELF, master = whose & VNET_NTF_MASTER || !self;
    if (!dev)
        return -ENODEV;
    if (master && !dev->br_port)
        return -EOPNOTSUPP;
    int rc = master ? set_port(dev->br_port, opts, err) : 0;
    return rc == 0 && self && !is_bridge(dev) ? -EOPNOTSUPP : rc;
}

/* ---- the forwarding table ---- */

static bool expired(const struct bridge *br, const struct br_fdb *f)
{
    uint64_t hold = br->topology_change ? br->forward_delay : br->ageing_time;
    return !(f->flags & (FDB_STATIC | FDB_EXT_LEARN)) &&
           f->updated + br_jiffies(br, hold) <= dev_world(br->dev)->now;
}

/* fdb_to_nud() */
static uint16_t nud_of(const struct bridge *br, const struct br_fdb *f)
{
    if (f->flags & FDB_LOCAL)
        return VNET_NUD_PERMANENT;
    if (f->flags & FDB_STATIC)
        return VNET_NUD_NOARP;
    return expired(br, f) ? VNET_NUD_STALE : VNET_NUD_REACHABLE;
}

static uint32_t clock_ago(const struct bridge *br, int64_t when)
{
    return (uint32_t)((dev_world(br->dev)->now - when) / (NSEC_PER_SEC / CLOCK_T));
}

struct vnet_fdb_info br_fdb_info(const struct bridge *br, const struct br_fdb *f)
{
    struct vnet_fdb_info info = {
        .ifindex = f->dst ? f->dst->dev->ifindex : br->dev->ifindex,
        .master = br->dev->ifindex,
        .vlan = f->vlan,
        .state = nud_of(br, f),
        .flags = (uint8_t)((f->flags & FDB_EXT_LEARN ? VNET_NTF_EXT_LEARNED : 0) |
                           (f->flags & FDB_STICKY ? VNET_NTF_STICKY : 0)),
        .has_times = true,
        .used = clock_ago(br, f->used),
        .updated = clock_ago(br, f->updated),
    };
    memcpy(info.addr, f->addr, ETH_ALEN);
    return info;
}

struct dump {
    int (*cb)(const struct vnet_fdb_info *f, void *arg);
    void *arg;
};

/* br_fdb_dump(): entries of one port, or of the bridge itself. */
static int dump_table(const struct dump *d, const struct bridge *br, const struct br_port *p)
{
    list_each(pos, &br->fdb_list)
    {
        const struct br_fdb *f = list_entry(pos, struct br_fdb, node);
        if (f->dst != p)
            continue;
        const struct vnet_fdb_info info = br_fdb_info(br, f);
        int rc = d->cb(&info, d->arg);
        if (rc)
            return rc;
    }
    return 0;
}

/* nlmsg_populate_fdb() */
static int dump_own(const struct dump *d, const struct netdev *dev,
                    const struct hw_addr_list *addrs)
{
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && i < addrs->n; i++) {
        struct vnet_fdb_info info = {
            .ifindex = dev->ifindex, .state = VNET_NUD_PERMANENT, .flags = VNET_NTF_SELF};
        memcpy(info.addr, addrs->v[i].addr.bytes, ETH_ALEN);
        rc = d->cb(&info, d->arg);
    }
    return rc;
}

/* What rtnl_fdb_dump() lists of one device. */
static int dump_device(struct dump *d, const struct netdev *dev)
{
    const struct br_port *p = dev->br_port;
    int rc = p ? dump_table(d, p->br, p) : 0;
    bool ether = dev->type == VNET_ARPHRD_ETHER;
    if (rc == 0 && ether)
        rc = dump_own(d, dev, &dev->uc);
    if (rc == 0 && ether)
        rc = dump_own(d, dev, &dev->mc);
    return rc == 0 && is_bridge(dev) ? dump_table(d, br_of(dev), NULL) : rc;
}

int vnet_fdb_dump(const struct netns *ns, int br, int port,
                  int (*cb)(const struct vnet_fdb_info *f, void *arg), void *arg)
{
    struct dump d = {cb, arg};
    netdev_each(ns, dev, i)
    {
        bool of_br =
            is_bridge(dev) ? dev->ifindex == br : dev->br_port && dev->master->ifindex == br;
        if ((br && !of_br) || (port && dev->ifindex != port))
            continue;
        int rc = dump_device(&d, dev);
        if (rc)
            return rc;
    }
    return 0;
}

/* ---- adding ---- */

static void set_kind(struct br_fdb *f, uint16_t state)
{
    uint8_t kind = state & VNET_NUD_PERMANENT ? FDB_LOCAL | FDB_STATIC
                   : state & VNET_NUD_NOARP   ? FDB_STATIC
                                              : 0;
    f->flags = (uint8_t)((f->flags & ~(FDB_LOCAL | FDB_STATIC)) | kind);
}

/* fdb_add_entry() */
static int add_entry(struct bridge *br, struct br_port *p, const struct vnet_fdb_info *f,
                     uint16_t vlan, unsigned how)
{
    bool sticky = f->flags & VNET_NTF_STICKY;
    bool learns = p && (p->state == VNET_BR_STATE_LEARNING || p->state == VNET_BR_STATE_FORWARDING);
    if (p && !(f->state & (VNET_NUD_PERMANENT | VNET_NUD_NOARP)) && !learns)
        return -EPERM;
    if ((!p && !(f->state & VNET_NUD_PERMANENT)) || (sticky && f->state & VNET_NUD_PERMANENT))
        return -EINVAL;
    struct br_fdb *entry = br_fdb_find(br, f->addr, vlan);
    if (entry && how & VNET_FDB_EXCL)
        return -EEXIST;
    if (!entry && !(how & VNET_FDB_CREATE))
        return -ENOENT;
    bool made = !entry;
    if (made)
        entry = br_fdb_create(br, p, f->addr, vlan, 0);
    uint8_t was = entry->flags;
    bool moved = made || entry->dst != p || nud_of(br, entry) != f->state;
    entry->dst = p;
    set_kind(entry, f->state);
    entry->flags =
        (uint8_t)((entry->flags & ~FDB_STICKY) | FDB_BY_USER | (sticky ? FDB_STICKY : 0));
    entry->used = dev_world(br->dev)->now;
    if (moved || was != entry->flags) {
        entry->updated = entry->used;
        br_fdb_notify(br, entry, VNET_RTM_NEWNEIGH);
    }
    vnet_touch(dev_world(br->dev));
    return 0;
}

/* br_fdb_external_learn_add() */
static int external_learn(struct bridge *br, struct br_port *p, const struct vnet_fdb_info *f,
                          uint16_t vlan, struct vnet_err *err)
{
    if (!p && !(f->state & VNET_NUD_PERMANENT))
        return vnet_err(err, EINVAL, "bridge: FDB entry towards bridge must be permanent");
    struct br_fdb *entry = br_fdb_find(br, f->addr, vlan);
    if (!entry)
        entry = br_fdb_create(br, p, f->addr, vlan, 0);
    entry->dst = p;
    entry->updated = dev_world(br->dev)->now;
    entry->flags |= FDB_EXT_LEARN | FDB_BY_USER;
    if (!p)
        entry->flags |= FDB_LOCAL;
    br_fdb_notify(br, entry, VNET_RTM_NEWNEIGH);
    return 0;
}

/* __br_fdb_add() */
static int add_one(struct bridge *br, struct br_port *p, const struct vnet_fdb_info *f,
                   uint16_t vlan, unsigned how, struct vnet_err *err)
{
    if (f->flags & VNET_NTF_USE) {
        if (!p)
            return -EINVAL;
        if (p->state == VNET_BR_STATE_LEARNING || p->state == VNET_BR_STATE_FORWARDING)
            br_fdb_update(br, p, f->addr, vlan, FDB_BY_USER);
        return 0;
    }
    if (f->flags & VNET_NTF_EXT_LEARNED)
        return external_learn(br, p, f, vlan, err);
    return add_entry(br, p, f, vlan, how);
}

/* br_fdb_add(): without a VLAN the address is put into all that the port has. */
static int br_fdb_add(struct bridge *br, struct br_port *p, const struct vnet_fdb_info *f,
                      unsigned how, struct vnet_err *err)
{
    static const uint8_t none[ETH_ALEN];
    const struct br_vlans *vg = p ? &p->vlans : &br->vlans;
    if (!(f->state & NUD_ALL))
        return vnet_err(err, EINVAL, "bridge: invalid state");
    if (memcmp(f->addr, none, ETH_ALEN) == 0)
        return -EINVAL;
    if (f->vlan)
        return br_vlan_used(br_vlan_find(vg, f->vlan), !p) ? add_one(br, p, f, f->vlan, how, err)
                                                           : -EINVAL;
    int rc = add_one(br, p, f, 0, how, err);
    for (uint32_t i = 0; rc == 0 && i < vg->n; i++)
        if (br_vlan_used(&vg->v[i], !p))
            rc = add_one(br, p, f, vg->v[i].vid, how, err);
    return rc;
}

static struct bridge *bridge_of(const struct netdev *dev)
{
    return dev->br_port ? dev->br_port->br : is_bridge(dev) ? br_of(dev) : NULL;
}

/* The table of the device itself: a bridge's, else its list of addresses (ndo_dflt_fdb_add()). */
static int add_self(struct netdev *dev, const struct vnet_fdb_info *f, unsigned how,
                    struct vnet_err *err)
{
    if (is_bridge(dev))
        return br_fdb_add(br_of(dev), NULL, f, how, err);
    if (!(f->state & VNET_NUD_PERMANENT) || f->vlan)
        return -EINVAL;
    const struct lladdr addr = lladdr_eth(f->addr);
    int rc =
        ether_is_multicast(f->addr) ? dev_mc_add_excl(dev, &addr) : dev_uc_add_excl(dev, &addr);
    if (rc == 0)
        vnet_touch(dev_world(dev));
    return rc == -EEXIST && !(how & VNET_FDB_EXCL) ? 0 : rc;
}

/* rtnl_fdb_notify(): later kernels leave it to the bridge, which has told already. */
static void notify_self(const struct netdev *dev, const struct vnet_fdb_info *f, uint16_t type)
{
    enum { KERNEL_BRIDGE_TELLS = 0x060d00 };
    const struct vnet_neigh_info n = {.family = VNET_AF_BRIDGE,
                                      .ifindex = dev->ifindex,
                                      .lladdr = lladdr_eth(f->addr),
                                      .state = f->state,
                                      .flags = VNET_NTF_SELF,
                                      .vlan = f->vlan};
    if (is_bridge(dev) && dev_world(dev)->profile->kernel.version >= KERNEL_BRIDGE_TELLS)
        return;
    if (rtnl_has_listeners(dev->ns, VNET_RTMGRP_NEIGH))
        rtmsg_fdb(dev->ns, &n, type);
}

/* What is asked of a table: of which, and whose device it is. */
struct whose {
    struct netdev *dev;
    struct br_port *p; /* the master's table is meant, too: the port; NULL: it is not */
    bool self;
};

enum {
    KERNEL_NUMBER_FIRST = 0x060800, /* 38985e8c278a: the bridge reads what a flush says */
    KERNEL_ANY_VLAN_DELETED = 0x061000
};

static bool kernel_since(const struct netdev *dev, uint32_t version)
{
    return dev_world(dev)->profile->kernel.version >= version;
}

/* fdb_vid_parse() */
static int check_vid(uint16_t vlan, struct vnet_err *err)
{
    return vlan < VLAN_VID_MASK ? 0 : vnet_err(err, EINVAL, "invalid vlan id");
}

/* rtnl_fdb_add(), rtnl_fdb_del(): -ENODEV, or -EOPNOTSUPP: no table at all. */
static int find_whose(struct netns *ns, const struct vnet_fdb_info *f, const char *no_ethernet,
                      struct whose *w, struct vnet_err *err)
{
    uint8_t flags = f->flags & (VNET_NTF_SELF | VNET_NTF_MASTER);
    struct netdev *dev = netdev_by_index(ns, f->ifindex);
    if (!dev)
        return vnet_err(err, ENODEV, "unknown ifindex");
    if (dev->type != VNET_ARPHRD_ETHER)
        return vnet_err(err, EINVAL, "%s", no_ethernet);
    int rc = check_vid(f->vlan, err);
    if (rc)
        return rc;
    *w = (struct whose){.dev = dev, .self = flags & VNET_NTF_SELF};
    if (!flags || flags & VNET_NTF_MASTER)
        w->p = dev->br_port;
    return w->p || w->self ? 0 : -EOPNOTSUPP;
}

int vnet_fdb_add(struct netns *ns, const struct vnet_fdb_info *f, unsigned how,
                 struct vnet_err *err)
{
    struct whose w;
    int rc = find_whose(ns, f, "FDB add only supported for Ethernet devices", &w, err);
    if (rc == 0 && w.p)
        rc = br_fdb_add(w.p->br, w.p, f, how, err);
    if (rc || !w.self)
        return rc;
    rc = add_self(w.dev, f, how, err);
    if (rc == 0)
        notify_self(w.dev, f, VNET_RTM_NEWNEIGH);
    return rc;
}

/* ---- deleting ---- */

static int delete_one(struct bridge *br, struct br_port *p, const uint8_t *addr, uint16_t vlan)
{
    struct br_fdb *f = br_fdb_find(br, addr, vlan);
    if (!f || f->dst != p)
        return -ENOENT;
    br_fdb_delete(br, f);
    return 0;
}

/* br_fdb_delete(): well if any was there. */
static int br_fdb_del(struct bridge *br, struct br_port *p, const struct vnet_fdb_info *f)
{
    const struct br_vlans *vg = p ? &p->vlans : &br->vlans;
    if (f->vlan && !br_vlan_find(vg, f->vlan) && !kernel_since(br->dev, KERNEL_ANY_VLAN_DELETED))
        return -EINVAL;
    if (f->vlan)
        return delete_one(br, p, f->addr, f->vlan);
    int rc = delete_one(br, p, f->addr, 0);
    for (uint32_t i = 0; i < vg->n; i++)
        if (br_vlan_used(&vg->v[i], !p) && delete_one(br, p, f->addr, vg->v[i].vid) == 0)
            rc = 0;
    return rc;
}

static const char no_delete[] = "FDB delete only supported for Ethernet devices";

/* ndo_dflt_fdb_del(), or the bridge's */
static int del_self(struct netdev *dev, const struct vnet_fdb_info *f)
{
    if (is_bridge(dev))
        return br_fdb_del(br_of(dev), NULL, f);
    if (!(f->state & VNET_NUD_PERMANENT))
        return -EINVAL;
    const struct lladdr addr = lladdr_eth(f->addr);
    int rc = ether_is_multicast(f->addr) ? dev_mc_del(dev, &addr) : dev_uc_del(dev, &addr);
    if (rc == 0)
        vnet_touch(dev_world(dev));
    return rc;
}

int vnet_fdb_del(struct netns *ns, const struct vnet_fdb_info *f, struct vnet_err *err)
{
    struct whose w = {0};
    int rc = 0;
    if (ns->w->profile->kernel.version >= KERNEL_NUMBER_FIRST)
        rc = check_vid(f->vlan, err);
    if (rc == 0)
        rc = find_whose(ns, f, no_delete, &w, err);
    if (rc == 0 && w.p)
        rc = br_fdb_del(w.p->br, w.p, f);
    if (rc || !w.self)
        return rc;
    rc = del_self(w.dev, f);
    if (rc == 0)
        notify_self(w.dev, f, VNET_RTM_DELNEIGH);
    return rc;
}

/* Whose table is asked; NULL: err says why there is none. */
static const struct bridge *queried(const struct netns *ns, const struct vnet_fdb_query *q,
                                    struct vnet_err *err, int *rc)
{
    const struct netdev *dev = netdev_by_index(ns, q->ifindex);
    const struct netdev *br = q->master ? netdev_by_index(ns, q->master) : dev;
    if (q->ifindex && !dev)
        *rc = vnet_err(err, ENODEV, "Unknown device ifindex");
    else if (dev && q->master)
        *rc = vnet_err(err, EINVAL, "Master and device are mutually exclusive");
    else if (q->master && !br)
        *rc = vnet_err(err, EINVAL, "Invalid master ifindex");
    else if (dev && (!q->flags || q->flags & VNET_NTF_MASTER) && !dev->br_port)
        *rc = vnet_err(err, EINVAL, "Device is not a bridge port");
    else if (dev && (!q->flags || q->flags & VNET_NTF_MASTER))
        return dev->br_port->br;
    else if (!br || !is_bridge(br))
        *rc = vnet_err(err, EOPNOTSUPP, "Fdb get operation not supported by device");
    else
        return br_of(br);
    return NULL;
}

/* rtnl_fdb_get() */
int vnet_fdb_get(const struct netns *ns, const struct vnet_fdb_query *q, struct vnet_fdb_info *info,
                 struct vnet_err *err)
{
    int rc = 0;
    const struct bridge *br = queried(ns, q, err, &rc);
    if (!br)
        return rc;
    const struct br_fdb *f = br_fdb_find(br, q->addr, q->vlan);
    if (!f)
        return vnet_err(err, ENOENT, "Fdb entry not found");
    *info = br_fdb_info(br, f);
    return 0;
}

static uint8_t kinds_of(uint16_t state, uint8_t flags)
{
    return (uint8_t)((state & VNET_NUD_PERMANENT ? FDB_LOCAL : 0) |
                     (state & VNET_NUD_NOARP ? FDB_STATIC : 0) |
                     (flags & VNET_NTF_USE ? FDB_BY_USER : 0) |
                     (flags & VNET_NTF_EXT_LEARNED ? FDB_EXT_LEARN : 0) |
                     (flags & VNET_NTF_STICKY ? FDB_STICKY : 0));
}

/* What br_fdb_delete_bulk() asks of the words: the number of the VLAN, and
 * __fdb_flush_validate_ifindex(). */
static int check_flush(const struct bridge *br, const struct vnet_fdb_flush *q,
                       struct vnet_err *err)
{
    const struct netdev *dev = netdev_by_index(br->dev->ns, q->port);
    if (q->vlan >= VLAN_VID_MASK)
        return vnet_err(err, EINVAL, "integer out of range");
    if (!q->port)
        return 0;
    if (!dev)
        return vnet_err(err, ENODEV, "bridge: Unknown flush device ifindex");
    if (!is_bridge(dev) && !dev->br_port)
        return vnet_err(err, EINVAL, "bridge: Flush device is not a bridge or bridge port");
    if (is_bridge(dev) && dev != br->dev)
        return vnet_err(err, EINVAL,
                        "bridge: Flush bridge device does not match target bridge device");
    if (dev->br_port && dev->br_port->br != br)
        return vnet_err(err, EINVAL, "bridge: Port belongs to a different bridge device");
    return 0;
}

/* br_fdb_flush() of what matches (__fdb_flush_matches()) */
static void flush_matching(struct bridge *br, const struct vnet_fdb_flush *q, int port)
{
    const uint8_t want = kinds_of(q->state, q->flags),
                  mask = kinds_of(q->state_mask, q->flags_mask);
    list_each_safe(pos, next, &br->fdb_list)
    {
        struct br_fdb *f = list_entry(pos, struct br_fdb, node);
        int of = f->dst ? f->dst->dev->ifindex : br->dev->ifindex;
        if (!q->offloaded && (!q->vlan || q->vlan == f->vlan) && (!port || port == of) &&
            (f->flags & mask) == want)
            br_fdb_delete(br, f);
    }
}

/* rtnl_fdb_del() in bulk */
int vnet_fdb_flush(struct netns *ns, const struct vnet_fdb_flush *q, struct vnet_err *err)
{
    const struct netdev *dev = netdev_by_index(ns, q->ifindex);
    int rc = -EOPNOTSUPP;
    if (!dev)
        return vnet_err(err, ENODEV, "unknown ifindex");
    if (dev->type != VNET_ARPHRD_ETHER)
        return vnet_err(err, EINVAL, "%s", no_delete);
    if (!kernel_since(dev, KERNEL_NUMBER_FIRST) && check_vid(q->vlan, err))
        return -EINVAL;
    if (q->whose & VNET_NTF_MASTER && dev->br_port) {
        rc = check_flush(dev->br_port->br, q, err);
        if (rc)
            return rc;
        flush_matching(dev->br_port->br, q, q->port ? q->port : dev->ifindex);
    }
    if (!(q->whose & VNET_NTF_SELF) || !is_bridge(dev))
        return q->whose & VNET_NTF_SELF ? -EOPNOTSUPP : rc;
    rc = check_flush(br_of(dev), q, err);
    if (!rc)
        flush_matching(br_of(dev), q, q->port);
    return rc;
}

/* ---- VLANs ---- */

static const struct br_vlans *vlans_of(const struct netdev *dev)
{
    return dev->br_port ? &dev->br_port->vlans : is_bridge(dev) ? &br_of(dev)->vlans : NULL;
}

bool vnet_brvlan_get(const struct netns *ns, int ifindex, unsigned i, struct vnet_brvlan *v)
{
    const struct netdev *dev = netdev_by_index(ns, ifindex);
    const struct br_vlans *vg = dev ? vlans_of(dev) : NULL;
    for (uint32_t at = 0; vg && at < vg->n; at++) {
        if (!br_vlan_used(&vg->v[at], is_bridge(dev)) || i-- > 0)
            continue;
        *v = (struct vnet_brvlan){.vid = vg->v[at].vid,
                                  .pvid = vg->pvid == vg->v[at].vid,
                                  .untagged = vg->v[at].flags & BR_VLAN_UNTAGGED};
        return true;
    }
    return false;
}

/* br_process_vlan_info(): the numbers are looked at first; who deletes is not told more. */
static int check_range(const struct vnet_brvlan *v, uint16_t last, bool add, struct vnet_err *err)
{
    if (v->vid != 0 && last < VLAN_VID_MASK)
        return 0;
    return add ? vnet_err(err, EINVAL, "bridge: Vlan id is invalid") : -EINVAL;
}

/* br_vlan_info() of one; what is not there, a kernel without VLANs included, is deleted as well. */
static int change_vlan(struct bridge *br, struct br_port *p, const struct vnet_brvlan *v,
                       uint16_t vid, bool add)
{
    uint8_t flags = (uint8_t)((v->pvid ? BR_VLAN_PVID : 0) | (v->untagged ? BR_VLAN_UNTAGGED : 0));
    if (add)
        return br_vlan_add(br, p, vid, p ? flags : (uint8_t)(flags | BR_VLAN_BRENTRY));
    if (br_vlans_known(br))
        br_vlan_delete(br, p, vid);
    return 0;
}

/* br_afspec() of RTM_SETLINK and RTM_DELLINK */
int vnet_brvlan_change(struct netns *ns, int ifindex, const struct vnet_brvlan *v, uint16_t last,
                       bool add, uint8_t whose, struct vnet_err *err)
{
    struct netdev *dev = netdev_by_index(ns, ifindex);
    struct bridge *br = dev ? bridge_of(dev) : NULL;
    bool self = whose & VNET_NTF_SELF, master = whose & VNET_NTF_MASTER || !self;
    if (!dev)
        return -ENODEV;
    if (!br || (master ? !dev->br_port : !is_bridge(dev)))
        return -EOPNOTSUPP;
    int rc = check_range(v, last, add, err);
    if (rc)
        return rc;
    if (add && !br_vlans_known(br))
        return -EOPNOTSUPP;
    for (uint16_t vid = v->vid; rc == 0 && vid <= last; vid++)
        rc = change_vlan(br, dev->br_port, v, vid, add);
    return rc == 0 && self && !is_bridge(dev) ? -EOPNOTSUPP : rc; /* which has not been asked yet */
}
