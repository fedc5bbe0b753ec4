/* vnet_ntable_*: net/core/neighbour.c: neightbl_dump_info(), neightbl_set(). */
#include "vnet_ntable.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "inet/addrconf.h"
#include "inet/devinet.h"
#include "inet/neigh.h"
#include "sim/world.h"

enum {
    INITIAL_NETNS = 1,
    TICK_MS = 10,                     /* USER_HZ is 100 */
    PACKET_TRUESIZE = 2090,           /* SKB_TRUESIZE(ETH_FRAME_LEN) */
    KERNEL_BLACKHOLE_IPV6 = 0x051100, /* e5f80fcf869a: blackhole_netdev has an IPv6 side */
    KERNEL_BLACKHOLE_IPV4 = 0x060100, /* 22600596b675, which 6.1 has too */
};

/* How a parameter is kept, and in which unit (ms); 0: a number, -1: packets as bytes. */
static const struct {
    enum neigh_parm_id id;
    int unit;
} kept[VNET_NTABLE_PARMS] = {
    [VNET_NTABLE_BASE_REACHABLE] = {NEIGH_PARM_base_reachable_time_ms, 1},
    [VNET_NTABLE_RETRANS] = {NEIGH_PARM_retrans_time_ms, 1},
    [VNET_NTABLE_GC_STALE] = {NEIGH_PARM_gc_stale_time, 1000},
    [VNET_NTABLE_DELAY_PROBE] = {NEIGH_PARM_delay_first_probe_time, 1000},
    [VNET_NTABLE_QUEUE] = {NEIGH_PARM_unres_qlen_bytes, -1},
    [VNET_NTABLE_APP_PROBES] = {NEIGH_PARM_app_solicit, 0},
    [VNET_NTABLE_UCAST_PROBES] = {NEIGH_PARM_ucast_solicit, 0},
    [VNET_NTABLE_MCAST_PROBES] = {NEIGH_PARM_mcast_solicit, 0},
    [VNET_NTABLE_ANYCAST_DELAY] = {NEIGH_PARM_anycast_delay, TICK_MS},
    [VNET_NTABLE_PROXY_DELAY] = {NEIGH_PARM_proxy_delay, TICK_MS},
    [VNET_NTABLE_PROXY_QUEUE] = {NEIGH_PARM_proxy_qlen, 0},
    [VNET_NTABLE_LOCKTIME] = {NEIGH_PARM_locktime, TICK_MS},
};

/* nla_put_msecs() of jiffies_to_msecs(): 32 bits. Ticks below zero are kept as jiffies. */
static uint64_t to_shown(const struct vnet *w, int32_t value, int unit)
{
    if (unit < 0)
        return (uint32_t)value / PACKET_TRUESIZE;
    if (unit == TICK_MS && value < 0)
        unit = 1000 / (int)w->profile->kernel.hz;
    return (uint32_t)((int64_t)value * (unit ? unit : 1));
}

/* msecs_to_jiffies(): up to whole jiffies. false: not kept in that unit, or at all. */
static bool from_given(const struct vnet *w, uint64_t given, int unit, int32_t *value)
{
    if (unit < 0)
        *value = (int32_t)((uint32_t)given * PACKET_TRUESIZE);
    if (unit == 0)
        *value = (int32_t)(uint32_t)given;
    if (unit <= 0)
        return *value >= 0;
    const uint32_t hz = w->profile->kernel.hz;
    uint64_t jiffies = ((uint64_t)(uint32_t)given * hz + 999) / 1000, ms = jiffies * 1000 / hz;
    *value = (int32_t)(ms / (uint64_t)unit);
    return ms <= INT32_MAX && ms % (uint64_t)unit == 0;
}

static const struct neigh_table *table_of(const struct netns *ns, uint8_t family)
{
    return family == VNET_AF_INET ? ns->arp_tbl : ns->nd_tbl;
}

/* What new devices begin with. */
static struct neigh_parms *defaults_of(struct inet_sysctls *s, uint8_t family)
{
    return family == VNET_AF_INET ? &s->neigh4_default : &s->neigh6_default;
}

/* gc_thresh1, 2, 3 and gc_interval stand one behind the other. */
static int first_sysctl(uint8_t family)
{
    return family == VNET_AF_INET ? NET_IPV4_GC_THRESH1 : NET_IPV6_GC_THRESH1;
}

/* ---- show ---- */

struct dump {
    const struct netns *ns;
    int (*cb)(const struct vnet_ntable *t, void *arg);
    void *arg;
};

struct count {
    int ifindex;
    uint32_t n;
};

static int count_entry(struct neigh *n, void *arg)
{
    struct count *c = arg;
    c->n += n->dev->ifindex == c->ifindex;
    return 0;
}

/* Each entry of a device holds its parameters (neigh_parms_clone()). */
static uint32_t refs(const struct netns *ns, uint8_t family, int ifindex)
{
    struct count c = {ifindex, 1};
    if (ifindex > 0)
        neigh_each(table_of(ns, family), count_entry, &c);
    return c.n;
}

/* neightbl_fill_parms() */
static int tell(const struct dump *d, uint8_t family, int ifindex, const struct neigh_parms *p)
{
    struct vnet_ntable t = {.family = family,
                            .name = table_of(d->ns, family)->ops->id,
                            .ifindex = ifindex,
                            .refcnt = refs(d->ns, family, ifindex)};
    const struct inet_sysctls *s = neigh_defaults(d->ns);
    const int first = first_sysctl(family);
    for (int i = 0; i < VNET_NTABLE_PARMS; i++)
        t.parm[i] = to_shown(d->ns->w, p->v[kept[i].id], kept[i].unit);
    t.reachable = (uint32_t)(neigh_parms_reachable_time(d->ns, family, ifindex, p) / NSEC_PER_MSEC);
    t.has_thresh = ifindex < 0;
    if (t.has_thresh) {
        for (int i = 0; i < 3; i++)
            t.thresh[i] = (uint32_t)s->net[first + i];
        t.gc_int = (uint32_t)s->net[first + 3] * 1000;
    }
    return d->cb(&t, d->arg);
}

/* The side of blackhole_netdev, a device of the initial namespace without a number. It is made when
 * the protocol is: after lo for IPv4, before it for IPv6. */
static bool has_blackhole(const struct netns *ns, uint8_t family)
{
    uint32_t since = family == VNET_AF_INET ? KERNEL_BLACKHOLE_IPV4 : KERNEL_BLACKHOLE_IPV6;
    return ns->id == INITIAL_NETNS && ns->w->profile->kernel.version >= since;
}

/* It keeps what it began with: no write to "default" reaches it. */
static int tell_blackhole(const struct dump *d, uint8_t family)
{
    struct inet_sysctls s;
    if (!has_blackhole(d->ns, family))
        return 0;
    sysctls_defaults(&d->ns->w->profile->kernel, &s);
    return tell(d, family, 0, defaults_of(&s, family));
}

static int dump_table(const struct dump *d, uint8_t family)
{
    const struct inet_sysctls *s = neigh_defaults(d->ns);
    int rc = tell(d, family, -1, family == VNET_AF_INET ? &s->neigh4_default : &s->neigh6_default);
    for (uint32_t i = d->ns->ndevs; rc == 0 && i-- > 0;) { /* newest first */
        const struct netdev *dev = d->ns->devs[i];
        const struct neigh_parms *p = table_of(d->ns, family)->ops->parms(dev);
        if (netif_is_loopback(dev) && family == VNET_AF_INET)
            rc = tell_blackhole(d, family);
        if (rc == 0 && p)
            rc = tell(d, family, dev->ifindex, p);
    }
    return rc == 0 && family == VNET_AF_INET6 ? tell_blackhole(d, family) : rc;
}

int vnet_ntable_dump(const struct netns *ns, uint8_t family,
                     int (*cb)(const struct vnet_ntable *t, void *arg), void *arg)
{
    const struct dump d = {ns, cb, arg};
    int rc = 0;
    if (family == VNET_AF_UNSPEC || family == VNET_AF_INET)
        rc = dump_table(&d, VNET_AF_INET);
    if (rc == 0 && (family == VNET_AF_UNSPEC || family == VNET_AF_INET6))
        rc = dump_table(&d, VNET_AF_INET6);
    return rc;
}

/* ---- change ---- */

/* lookup_neigh_parms() */
static struct neigh_parms *find_parms(struct netns *ns, uint8_t family, int ifindex)
{
    const struct netdev *dev = ifindex ? netdev_by_index(ns, ifindex) : NULL;
    if (!ifindex && ns->id == INITIAL_NETNS)
        return defaults_of(ns->sysctls, family);
    return dev ? table_of(ns, family)->ops->parms(dev) : NULL;
}

static int set_parms(struct netns *ns, struct neigh_parms *p, const struct vnet_ntable_change *c,
                     unsigned *bad)
{
    struct neigh_parms changed = *p;
    for (int i = 0; i < VNET_NTABLE_PARMS; i++) {
        if (!(c->set & 1U << i))
            continue;
        *bad = (unsigned)i;
        if (!from_given(ns->w, c->parm[i], kept[i].unit, &changed.v[kept[i].id]))
            return -EOPNOTSUPP;
        changed.set |= 1U << kept[i].id;
    }
    *p = changed;
    return 0;
}

static int check_table(const struct vnet_ntable_change *c, unsigned *bad)
{
    for (unsigned i = 0; i < VNET_NTABLE_OWN; i++) {
        bool time = i == VNET_NTABLE_OWN - 1;
        *bad = VNET_NTABLE_PARMS + i;
        if (c->set_tbl & 1U << i &&
            (time ? c->gc_int % 1000 || c->gc_int / 1000 > INT32_MAX : c->thresh[i] > INT32_MAX))
            return -EOPNOTSUPP;
    }
    return 0;
}

static void set_table(struct netns *ns, uint8_t family, const struct vnet_ntable_change *c)
{
    const int first = first_sysctl(family);
    for (int i = 0; i < 3; i++)
        if (c->set_tbl & 1U << i)
            ns->sysctls->net[first + i] = (int32_t)c->thresh[i];
    if (c->set_tbl & 1U << 3)
        ns->sysctls->net[first + 3] = (int64_t)(c->gc_int / 1000);
    neigh_gc_kick(family == VNET_AF_INET ? ns->arp_tbl : ns->nd_tbl);
}

int vnet_ntable_set(struct netns *ns, const struct vnet_ntable_change *c, unsigned *bad)
{
    uint8_t family = strcmp(c->name, ns->arp_tbl->ops->id) == 0  ? VNET_AF_INET
                     : strcmp(c->name, ns->nd_tbl->ops->id) == 0 ? VNET_AF_INET6
                                                                 : VNET_AF_UNSPEC;
    if (!family || (c->family && c->family != family))
        return -ENOENT;
    bool of_parms = c->set || c->ifindex;
    struct neigh_parms *p = of_parms ? find_parms(ns, family, c->ifindex) : NULL;
    if (of_parms && !p)
        return -ENOENT;
    int rc = check_table(c, bad);
    if (!c->ifindex)
        netns_wake_all(ns->w); /* devices elsewhere begin with these, too */
    if (rc == 0 && p)
        rc = set_parms(ns, p, c, bad);
    if (rc)
        return rc;
    vnet_touch(ns->w);
    if (c->set_tbl && ns->id != INITIAL_NETNS)
        return -ENOENT; /* the parameters are changed all the same */
    if (c->set_tbl)
        set_table(ns, family, c);
    return 0;
}
