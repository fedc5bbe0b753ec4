/* The table of groups (net/bridge/br_multicast.c: br_multicast_new_group() and its like). */
#include <string.h>

#include "base/hash.h"
#include "bridge/br.h"
#include "sim/trace.h"

int64_t br_mcast_time(const struct bridge *br, unsigned opt)
{
    return br_jiffies(br, br->opt[opt]);
}

bool br_mcast_has_modes(const struct bridge *br, const struct br_group *g)
{
    switch (g->addr.family) {
    case VNET_AF_INET:
        return br->opt[VNET_BR_MCAST_IGMP_VERSION] == 3;
    case VNET_AF_INET6:
        return br->opt[VNET_BR_MCAST_MLD_VERSION] == 2;
    default:
        return false;
    }
}

static bool same_group(const struct br_group *a, const struct br_group *b)
{
    return a->vid == b->vid && a->addr.family == b->addr.family &&
           memcmp(a->addr.bytes, b->addr.bytes, sizeof(a->addr.bytes)) == 0 &&
           inet_addr_eq(&a->src, &b->src);
}

static uint64_t hash_addr(uint64_t h, const struct inet_addr *a)
{
    uint64_t high, low;
    memcpy(&high, a->bytes, 8);
    memcpy(&low, a->bytes + 8, 8);
    return hash_mix64(hash_mix64(h + high) + low);
}

static uint32_t hash(const struct br_group *g)
{
    uint64_t h = hash_addr(g->vid, &g->addr);
    return (uint32_t)(g->src.family == VNET_AF_UNSPEC ? h : hash_addr(h, &g->src));
}

struct br_mdb *br_mdb_find(const struct bridge *br, const struct br_group *g)
{
    struct htab_link *l = htab_first(&br->mcast.by_group, hash(g));
    for (; l; l = htab_next(l)) {
        struct br_mdb *mp = container_of(l, struct br_mdb, link);
        if (same_group(&mp->group, g))
            return mp;
    }
    return NULL;
}

/* ---- entries ---- */

static void mdb_delete(struct br_mdb *mp)
{
    vnet_touch(dev_world(mp->br->dev));
    timer_cancel(dev_world(mp->br->dev), &mp->timer.timer);
    list_del(&mp->node);
    htab_del(&mp->br->mcast.by_group, &mp->link);
    pool_give(&mp->br->mcast.groups, mp);
}

void br_mdb_put(struct br_mdb *mp)
{
    if (!mp->ports && !mp->host_joined)
        mdb_delete(mp);
}

/* br_multicast_group_expired() */
static void group_expired(struct vnet *w, struct timer *t)
{
    struct br_mdb *mp = container_of(t, struct br_mdb, timer.timer);
    (void)w;
    br_mdb_host_leave(mp);
    br_mdb_put(mp);
}

struct br_mdb *br_mdb_load(struct bridge *br, const struct br_group *g)
{
    struct br_mdb *mp = pool_take(&br->mcast.groups);
    mp->br = br;
    mp->group = *g;
    timer_init(&mp->timer.timer, group_expired);
    list_add_head(&mp->node, &br->mcast.mdb);
    htab_add(&br->mcast.by_group, &mp->link, hash(g));
    return mp;
}

struct br_mdb *br_mdb_new(struct bridge *br, const struct br_group *g)
{
    struct br_mdb *mp = br_mdb_find(br, g);
    if (mp)
        return mp;
    if (br->mcast.by_group.n >= br->opt[VNET_BR_MCAST_HASH_MAX]) {
        br->opt[VNET_BR_MCAST_SNOOPING] = 0;
        vnet_touch(dev_world(br->dev));
        return NULL;
    }
    vnet_touch(dev_world(br->dev));
    return br_mdb_load(br, g);
}

void br_mdb_host_join(struct br_mdb *mp)
{
    struct bridge *br = mp->br;
    mp->host_joined = true;
    if (mp->group.addr.family != VNET_AF_UNSPEC)
        br_timer_set(dev_world(br->dev), &mp->timer,
                     br_mcast_time(br, VNET_BR_MCAST_MEMBERSHIP_INTVL));
    vnet_touch(dev_world(br->dev));
}

void br_mdb_host_leave(struct br_mdb *mp)
{
    if (!mp->host_joined)
        return;
    mp->host_joined = false;
    br_mdb_notify(mp, NULL, VNET_RTM_DELMDB);
    timer_cancel(dev_world(mp->br->dev), &mp->timer.timer);
    vnet_touch(dev_world(mp->br->dev));
}

/* ---- ports of entries ---- */

struct br_pg *br_pg_find(const struct br_mdb *mp, const struct br_port *p)
{
    struct br_pg *pg = mp->ports;
    while (pg && pg->port != p)
        pg = pg->next;
    return pg;
}

/* br_multicast_port_group_expired() */
static void pg_expired(struct vnet *w, struct timer *t)
{
    struct br_pg *pg = container_of(t, struct br_pg, timer.timer);
    (void)w;
    if (netif_running(pg->mp->br->dev) && !(pg->flags & PG_PERMANENT))
        br_pg_delete(pg);
}

/* Does a come before b on the bridge's list of ports? */
static bool before(const struct br_port *a, const struct br_port *b)
{
    const struct br_port *p = a;
    while (p && p != b)
        p = p->next;
    return p != NULL;
}

struct br_pg *br_pg_new(struct br_mdb *mp, struct br_port *p, uint8_t flags)
{
    struct br_pg **at = &mp->ports;
    while (*at && before((*at)->port, p))
        at = &(*at)->next;
    struct br_pg *pg = pool_take(&mp->br->mcast.members);
    *pg = (struct br_pg){.next = *at, .mp = mp, .port = p, .flags = flags};
    timer_init(&pg->timer.timer, pg_expired);
    timer_init(&pg->rexmit.timer, br_multicast_rexmit_expired);
    *at = pg;
    vnet_touch(dev_world(mp->br->dev));
    return pg;
}

static void pg_free(struct br_pg *pg)
{
    struct bridge *br = pg->mp->br;
    struct vnet *w = dev_world(br->dev);
    struct br_pg **at = &pg->mp->ports;
    while (*at != pg)
        at = &(*at)->next;
    *at = pg->next;
    timer_cancel(w, &pg->timer.timer);
    timer_cancel(w, &pg->rexmit.timer);
    br_eht_release(pg);
    pool_give(&br->mcast.members, pg);
}

/* br_multicast_del_pg(), but for what follows of it */
static void pg_remove(struct br_pg *pg)
{
    br_mdb_notify(pg->mp, pg, VNET_RTM_DELMDB);
    br_eht_flush(pg);
    pg_free(pg);
}

/* br_multicast_sg_del_exclude_ports(): the ports of (*, G), and the bridge, are in (S, G) only
 * beside others. */
static void del_star_ports(struct br_mdb *mp)
{
    for (const struct br_pg *pg = mp->ports; pg; pg = pg->next)
        if (!(pg->flags & (PG_STAR_EXCL | PG_PERMANENT)))
            return;
    mp->host_joined = false;
    for (struct br_pg *pg = mp->ports, *next; pg; pg = next) {
        next = pg->next;
        if (!(pg->flags & PG_PERMANENT))
            pg_remove(pg);
    }
}

void br_pg_delete(struct br_pg *pg)
{
    struct br_mdb *mp = pg->mp;
    vnet_touch(dev_world(mp->br->dev));
    pg_remove(pg);
    if (!br_group_is_star(&mp->group))
        del_star_ports(mp);
    br_mdb_put(mp);
}

void br_mdb_add_star_ports(const struct br_mdb *star, struct br_mdb *mp)
{
    if (star->host_joined)
        mp->host_joined = true; /* br_multicast_sg_host_state() */
    for (const struct br_pg *of = star->ports; of; of = of->next) {
        if (of->flags & PG_INCLUDE || of->port->state == VNET_BR_STATE_DISABLED ||
            br_pg_find(mp, of->port))
            continue;
        struct br_pg *pg = br_pg_new(mp, of->port, PG_INCLUDE);
        br_mdb_notify(mp, pg, VNET_RTM_NEWMDB);
        pg->flags |= PG_STAR_EXCL;
    }
}

/* Those of a port, or all but the permanent ones. */
static void delete_of_port(struct br_port *p, bool all)
{
    list_each_safe(pos, next, &p->br->mcast.mdb)
    {
        struct br_pg *pg = br_pg_find(list_entry(pos, struct br_mdb, node), p);
        if (pg && (all || !(pg->flags & PG_PERMANENT)))
            br_pg_delete(pg);
    }
}

/* ---- the bridge, its ports ---- */

/* br_multicast_add_router(), br_multicast_rport_del_notify(): told once of both protocols. */
void br_multicast_set_rport(struct br_mcast_ctx *c, bool on)
{
    if (!c->port || c->is_router == on)
        return;
    c->is_router = on;
    if (!c->port->mcast[!c->v6].is_router)
        br_rtr_notify(c->port, on ? VNET_RTM_NEWMDB : VNET_RTM_DELMDB);
}

/* br_ip4_multicast_router_expired(), br_ip4_multicast_local_router_expired() */
static void router_expired(struct vnet *w, struct timer *t)
{
    struct br_mcast_ctx *c = container_of(t, struct br_mcast_ctx, router.timer);
    (void)w;
    br_multicast_set_rport(c, false);
}

static void querier_expired(struct vnet *w, struct timer *t)
{
    struct br_querier *q = container_of(t, struct br_querier, timer.timer);
    struct bridge *br = q->br;
    (void)w;
    if (netif_running(br->dev) &&
        br->opt[VNET_BR_MCAST_SNOOPING]) /* br_multicast_querier_expired() */
        br_multicast_start_querier(&br->mcast.ctx[q == &br->mcast.other[1]]);
}

static void ctx_init(struct br_mcast_ctx ctx[2], struct bridge *br, struct br_port *p)
{
    for (int v6 = 0; v6 <= 1; v6++) {
        ctx[v6] = (struct br_mcast_ctx){.br = br, .port = p, .v6 = v6};
        timer_init(&ctx[v6].own_query.timer, br_multicast_query_expired);
        timer_init(&ctx[v6].router.timer, router_expired);
    }
}

void br_multicast_init(struct bridge *br)
{
    list_init(&br->mcast.mdb);
    br->mcast.groups.size = sizeof(struct br_mdb);
    br->mcast.members.size = sizeof(struct br_pg);
    ctx_init(br->mcast.ctx, br, NULL);
    for (int v6 = 0; v6 <= 1; v6++) {
        br->mcast.other[v6].br = br;
        timer_init(&br->mcast.other[v6].timer.timer, querier_expired);
    }
}

void br_multicast_port_init(struct br_port *p)
{
    ctx_init(p->mcast, p->br, p);
}

static void ctx_stop(struct br_mcast_ctx ctx[2])
{
    for (int v6 = 0; v6 <= 1; v6++) {
        struct vnet *w = dev_world(ctx[v6].br->dev);
        timer_cancel(w, &ctx[v6].own_query.timer);
        timer_cancel(w, &ctx[v6].router.timer);
        br_multicast_set_rport(&ctx[v6], false);
    }
}

void br_multicast_disable_port(struct br_port *p)
{
    delete_of_port(p, false);
    ctx_stop(p->mcast);
}

void br_multicast_del_port(struct br_port *p)
{
    delete_of_port(p, true);
    ctx_stop(p->mcast);
}

void br_multicast_stop(struct bridge *br)
{
    ctx_stop(br->mcast.ctx);
    for (int v6 = 0; v6 <= 1; v6++)
        timer_cancel(dev_world(br->dev), &br->mcast.other[v6].timer.timer);
}

void br_multicast_release(struct bridge *br)
{
    br_multicast_stop(br);
    list_each_safe(pos, next, &br->mcast.mdb)
    {
        struct br_mdb *mp = list_entry(pos, struct br_mdb, node);
        while (mp->ports)
            pg_free(mp->ports);
        mdb_delete(mp);
    }
    htab_release(&br->mcast.by_group);
    pool_release(&br->mcast.groups);
    pool_release(&br->mcast.members);
}
