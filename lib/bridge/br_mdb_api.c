/* vnet_mdb_*: the table of groups as bridge(8) sees and changes it (net/bridge/br_mdb.c). */
#include <errno.h>

#include "bridge/br.h"
#include "dev/vlan.h"
#include "inet/ipv6_addr.h"

/* Measured on 6.1 and 6.18 only: the later one lists the groups of a bridge that does not snoop,
 * and says why nothing can be deleted there; rtnetlink itself looks at the group. */
enum { CLOCK_T = 100, KERNEL_ALWAYS_LISTED = 0x060300 };

static bool kernel_newer(const struct vnet *w)
{
    return w->profile->kernel.version >= KERNEL_ALWAYS_LISTED;
}

static bool newer(const struct bridge *br)
{
    return kernel_newer(dev_world(br->dev));
}

static bool listed(const struct bridge *br)
{
    return br->opt[VNET_BR_MCAST_SNOOPING] || newer(br);
}

static uint32_t timer_left(const struct bridge *br, const struct br_timer *t)
{
    int64_t left = t->due - dev_world(br->dev)->now;
    return timer_pending(&t->timer) && left > 0 ? (uint32_t)(left / (NSEC_PER_SEC / CLOCK_T)) : 0;
}

/* ---- listing ---- */

/* __mdb_fill_info(): pg NULL: the bridge's own membership. */
struct vnet_mdb_entry br_mdb_info(const struct br_mdb *mp, const struct br_pg *pg)
{
    const struct bridge *br = mp->br;
    bool l2 = mp->group.addr.family == VNET_AF_UNSPEC;
    return (struct vnet_mdb_entry){
        .br = br->dev->ifindex,
        .port = pg ? pg->port->dev->ifindex : br->dev->ifindex,
        .addr = mp->group.addr,
        .src = mp->group.src,
        .vid = mp->group.vid,
        .permanent = pg ? pg->flags & PG_PERMANENT : l2,
        .by_hand = pg && pg->flags & PG_BY_USER,
        .has_mode = pg && br_mcast_has_modes(br, &mp->group),
        .mode_include = pg && pg->flags & PG_INCLUDE,
        .star_excl = pg && pg->flags & PG_STAR_EXCL,
        .fast_leave = pg && pg->flags & PG_FAST_LEAVE,
        .timer = timer_left(br, pg ? &pg->timer : &mp->timer),
    };
}

static int dump_group(const struct br_mdb *mp, int (*cb)(const struct vnet_mdb_entry *e, void *arg),
                      void *arg)
{
    struct vnet_mdb_entry e;
    int rc = 0;
    if (mp->host_joined) {
        e = br_mdb_info(mp, NULL);
        rc = cb(&e, arg);
    }
    for (const struct br_pg *pg = mp->ports; rc == 0 && pg; pg = pg->next) {
        e = br_mdb_info(mp, pg);
        rc = cb(&e, arg);
    }
    return rc;
}

int vnet_mdb_dump(const struct netns *ns, int (*cb)(const struct vnet_mdb_entry *e, void *arg),
                  void *arg)
{
    int rc = 0;
    netdev_each(ns, dev, i)
    {
        if (!is_bridge(dev) || !listed(br_of(dev)))
            continue;
        list_each(pos, &br_of(dev)->mcast.mdb)
        {
            rc = dump_group(list_entry(pos, struct br_mdb, node), cb, arg);
            if (rc)
                return rc;
        }
    }
    return 0;
}

/* br_rports_fill_info() */
static int dump_routers(const struct bridge *br,
                        int (*cb)(const struct vnet_mdb_router *r, void *arg), void *arg)
{
    int rc = 0;
    for (const struct br_port *p = br->ports; rc == 0 && p; p = p->next) {
        uint32_t t4 = timer_left(br, &p->mcast[0].router), t6 = timer_left(br, &p->mcast[1].router);
        const struct vnet_mdb_router r = {br->dev->ifindex, p->dev->ifindex,
                                          p->multicast_router == MDB_RTR_PERM, t4 > t6 ? t4 : t6};
        if (p->mcast[0].is_router || p->mcast[1].is_router)
            rc = cb(&r, arg);
    }
    return rc;
}

int vnet_mdb_routers(const struct netns *ns, int (*cb)(const struct vnet_mdb_router *r, void *arg),
                     void *arg)
{
    netdev_each(ns, dev, i)
    {
        int rc = is_bridge(dev) && listed(br_of(dev)) ? dump_routers(br_of(dev), cb, arg) : 0;
        if (rc)
            return rc;
    }
    return 0;
}

/* ---- changing ---- */

/* is_valid_mdb_entry(), later rtnl_validate_mdb_entry(): what is wrong with the group; NULL:
 * nothing. */
static const char *bad_group(const struct vnet_mdb_entry *e, bool later)
{
    if (e->addr.family == VNET_AF_INET && !inet_addr_is_multicast(&e->addr) &&
        !(later && inet_addr_is_any(&e->addr)))
        return later ? "IPv4 entry group address is not multicast or 0.0.0.0"
                     : "IPv4 entry group address is not multicast";
    if (e->addr.family == VNET_AF_INET && inet_addr_to_v4(&e->addr) >> 8 == 0xe00000)
        return "IPv4 entry group address is local multicast";
    if (e->addr.family == VNET_AF_INET6 && inet_addr_eq(&e->addr, &ipv6_all_nodes))
        return "IPv6 entry group address is link-local all nodes";
    if (e->addr.family == VNET_AF_UNSPEC && !(e->addr.bytes[0] & 1))
        return "L2 entry group is not multicast";
    return e->vid >= VLAN_VID_MASK ? "Invalid entry VLAN id" : NULL;
}

/* is_valid_mdb_source() */
static const char *bad_source(const struct vnet_mdb_entry *e)
{
    if (e->src.family == VNET_AF_UNSPEC)
        return NULL;
    if (e->addr.family == VNET_AF_UNSPEC)
        return "Invalid protocol used with source address";
    bool v4 = e->addr.family == VNET_AF_INET;
    if (e->src.family != e->addr.family)
        return v4 ? "IPv4 invalid source address length" : "IPv6 invalid source address length";
    if (inet_addr_is_multicast(&e->src))
        return v4 ? "IPv4 multicast source address is not allowed"
                  : "IPv6 multicast source address is not allowed";
    return NULL;
}

/* A group that only other devices than bridges have. */
static const char *bad_zero(const struct vnet_mdb_entry *e)
{
    return e->addr.family == VNET_AF_INET && inet_addr_is_any(&e->addr)
               ? "IPv4 entry group address 0.0.0.0 is not allowed"
               : NULL;
}

/* What cannot be joined whatever else there is. */
static const char *bad_join(const struct vnet_mdb_entry *e)
{
    bool l2 = e->addr.family == VNET_AF_UNSPEC, host = e->port == e->br;
    bool any = e->src.family == VNET_AF_UNSPEC || inet_addr_is_any(&e->src);
    if (host && !l2 && e->permanent)
        return "Flags are not allowed for host groups";
    if (host && !l2 && !any)
        return "Groups with sources cannot be manually host joined";
    return l2 && !e->permanent ? "Only permanent L2 entries allowed" : NULL;
}

static int refuse(struct vnet_err *err, int code, const char *why)
{
    return vnet_err(err, code, "bridge: %s", why);
}

struct change {
    struct bridge *br;
    struct br_port *p; /* NULL: the bridge itself */
    const struct vnet_mdb_entry *e;
};

/* br_mdb_parse() */
static int parse(const struct netdev *dev, const struct vnet_mdb_entry *e, struct vnet_err *err)
{
    if (!dev)
        return refuse(err, ENODEV, "Bridge device doesn't exist");
    if (!is_bridge(dev))
        return refuse(err, EOPNOTSUPP, "Device is not a bridge");
    const char *why = bad_group(e, false);
    if (!why)
        why = bad_source(e);
    return why ? refuse(err, EINVAL, why) : 0;
}

/* rtnl_mdb_add(), rtnl_mdb_del(): the group first. */
static int parse_newer(const struct netdev *dev, const struct vnet_mdb_entry *e,
                       struct vnet_err *err)
{
    const char *why = bad_group(e, true);
    if (why)
        return vnet_err(err, EINVAL, "%s", why);
    if (!dev)
        return vnet_err(err, ENODEV, "Device doesn't exist");
    return is_bridge(dev) ? 0 : vnet_err(err, EOPNOTSUPP, "Device does not support MDB operations");
}

static int find_bridge(struct netns *ns, const struct vnet_mdb_entry *e, struct change *c,
                       struct vnet_err *err)
{
    const struct netdev *dev = netdev_by_index(ns, e->br);
    int rc = kernel_newer(ns->w) ? parse_newer(dev, e, err) : parse(dev, e, err);
    if (rc == 0)
        *c = (struct change){.br = br_of(dev), .e = e};
    return rc;
}

/* Is the table in use at all? */
static const char *not_now(const struct bridge *br)
{
    return !netif_running(br->dev)            ? "Bridge device is not running"
           : !br->opt[VNET_BR_MCAST_SNOOPING] ? "Bridge's multicast processing is disabled"
                                              : NULL;
}

static int find_port(struct netns *ns, struct change *c, struct vnet_err *err)
{
    const struct netdev *dev = netdev_by_index(ns, c->e->port);
    if (c->e->port == c->br->dev->ifindex)
        return 0;
    if (!dev)
        return refuse(err, ENODEV, "Port net device doesn't exist");
    if (!dev->br_port)
        return refuse(err, EOPNOTSUPP, "Net device is not a bridge port");
    c->p = dev->br_port;
    if (c->p->br != c->br)
        return refuse(err, EINVAL, "Port belongs to a different bridge device");
    return 0;
}

/* Without a source: also 0.0.0.0 and ::. */
static struct br_group group_of(const struct change *c, uint16_t vid)
{
    struct br_group g = {.addr = c->e->addr, .src = c->e->src, .vid = vid};
    if (inet_addr_is_any(&g.src))
        g.src = (struct inet_addr){.family = VNET_AF_UNSPEC};
    return g;
}

static int host_join(struct br_mdb *mp, struct vnet_err *err)
{
    if (mp->host_joined)
        return refuse(err, EEXIST, "Group is already joined by host");
    br_mdb_host_join(mp);
    br_mdb_notify(mp, NULL, VNET_RTM_NEWMDB);
    return 0;
}

static const char *joined_already(const struct br_mdb *mp)
{
    return !newer(mp->br)                 ? "Group is already joined by port"
           : br_group_is_star(&mp->group) ? "(*, G) group is already joined by port"
                                          : "(S, G) group is already joined by port";
}

/* br_mdb_add_group_sg(): a source that filter modes are known for has the ports of (*, G), too. */
static void add_star_ports(struct br_mdb *mp)
{
    struct br_group g = mp->group;
    g.src = (struct inet_addr){.family = VNET_AF_UNSPEC};
    const struct br_mdb *star = br_mdb_find(mp->br, &g);
    if (star && star != mp && br_mcast_has_modes(mp->br, &g))
        br_mdb_add_star_ports(star, mp);
}

/* br_mdb_add_group() */
static int add_group(const struct change *c, uint16_t vid, struct vnet_err *err)
{
    const struct br_group g = group_of(c, vid);
    const char *why = bad_join(c->e);
    struct br_mdb *mp = why ? NULL : br_mdb_new(c->br, &g);
    if (why)
        return refuse(err, EINVAL, why);
    if (!mp)
        return -E2BIG;
    if (!c->p)
        return host_join(mp, err);
    if (br_pg_find(mp, c->p))
        return refuse(err, EEXIST, joined_already(mp));
    unsigned flags =
        PG_BY_USER | (c->e->permanent ? PG_PERMANENT : 0) | (br_group_is_star(&g) ? 0 : PG_INCLUDE);
    struct br_pg *pg = br_pg_new(mp, c->p, (uint8_t)flags);
    if (!c->e->permanent)
        br_timer_set(dev_world(c->br->dev), &pg->timer,
                     br_mcast_time(c->br, VNET_BR_MCAST_MEMBERSHIP_INTVL));
    br_mdb_notify(mp, pg, VNET_RTM_NEWMDB);
    add_star_ports(mp);
    return 0;
}

/* __br_mdb_del() */
static int del_group(const struct change *c, uint16_t vid, struct vnet_err *err)
{
    const struct br_group g = group_of(c, vid);
    struct br_mdb *mp = br_mdb_find(c->br, &g);
    struct br_pg *pg = mp && c->p ? br_pg_find(mp, c->p) : NULL;
    (void)err;
    if (mp && !c->p && mp->host_joined) {
        br_mdb_host_leave(mp);
        br_mdb_put(mp);
        return 0;
    }
    if (!pg)
        return -EINVAL;
    br_pg_delete(pg);
    return 0;
}

/* Where frames are filtered by VLANs and none is named: in each that the port is in, the first
 * that cannot be ends adding; whether deleting succeeds, the last one tells. */
static int each_vlan(const struct change *c, bool add, struct vnet_err *err)
{
    int (*change)(const struct change *c, uint16_t vid, struct vnet_err *err) =
        add ? add_group : del_group;
    const struct br_vlans *vg = c->p ? &c->p->vlans : &c->br->vlans;
    int rc = 0;
    if (!c->br->opt[VNET_BR_VLAN_FILTERING] || c->e->vid)
        return change(c, c->e->vid, err);
    for (uint32_t i = 0; (rc == 0 || !add) && i < vg->n; i++)
        rc = change(c, vg->v[i].vid, err);
    return rc;
}

/* br_mdb_config_init() of later kernels; before, the source comes with the group and what cannot
 * be joined behind the state of the port. */
static int check_port(struct netns *ns, struct change *c, bool add, struct vnet_err *err)
{
    const struct vnet_mdb_entry *e = c->e;
    bool later = newer(c->br);
    int rc = find_port(ns, c, err);
    const char *why = later ? bad_zero(e) : NULL;
    if (!why && later)
        why = bad_source(e);
    if (!why && later && add)
        why = bad_join(e);
    if (!why && add && c->p && c->p->state == VNET_BR_STATE_DISABLED && !e->permanent)
        why = "Port is in disabled state and entry is not permanent";
    return rc == 0 && why ? refuse(err, EINVAL, why) : rc;
}

int vnet_mdb_add(struct netns *ns, const struct vnet_mdb_entry *e, struct vnet_err *err)
{
    struct change c;
    int rc = find_bridge(ns, e, &c, err);
    if (rc == 0 && not_now(c.br))
        rc = refuse(err, EINVAL, not_now(c.br));
    if (rc == 0)
        rc = check_port(ns, &c, true, err);
    return rc ? rc : each_vlan(&c, true, err);
}

int vnet_mdb_del(struct netns *ns, const struct vnet_mdb_entry *e, struct vnet_err *err)
{
    struct change c;
    int rc = find_bridge(ns, e, &c, err);
    if (rc)
        return rc;
    if (not_now(c.br))
        return newer(c.br) ? refuse(err, EINVAL, not_now(c.br)) : -EINVAL;
    rc = check_port(ns, &c, false, err);
    return rc ? rc : each_vlan(&c, false, err);
}
