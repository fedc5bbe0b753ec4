/* What a bridge that snoops knows, in the state file: "mdb" of a bridge, and "mcast" of it and of
 * its ports, IPv4 and IPv6, where there is anything to tell. */
#include "state/bridge_mcast.h"

#include <string.h>

#include "base/mem.h"
#include "base/put.h"
#include "state/bridge_records.h"

enum { MOST = 65536 };

static const struct state_field ctx_fields[] = {
    FIELD(br_mcast_ctx, startup_sent, "startup_sent", FIELD_U32),
    FIELD(br_mcast_ctx, is_router, "is_router", FIELD_BOOL),
    {.key = NULL},
};
static const struct state_field querier_fields[] = {
    FIELD(br_querier, delay_time, "delay_time", FIELD_I64, .min = 0, .max = STATE_TIMER_MAX),
    {.key = NULL},
};
static const struct state_field pg_fields[] = {
    FIELD(br_pg, flags, "flags", FIELD_U8, .max = PG_FLAGS),
    FIELD(br_pg, rexmit_cnt, "queries_left", FIELD_U8),
    {.key = NULL},
};
static const struct state_field mdb_fields[] = {
    FIELD(br_mdb, group.vid, "vid", FIELD_U16, .max = 4094),
    FIELD(br_mdb, host_joined, "host", FIELD_BOOL),
    {.key = NULL},
};

/* ---- save ---- */

static bool ctx_usual(const struct br_mcast_ctx ctx[2], const struct br_querier other[2])
{
    for (int v6 = 0; v6 <= 1; v6++) {
        const struct br_mcast_ctx *c = &ctx[v6];
        if (timer_pending(&c->own_query.timer) || timer_pending(&c->router.timer) ||
            c->startup_sent || c->is_router)
            return false;
        if (other && (timer_pending(&other[v6].timer.timer) || other[v6].delay_time ||
                      other[v6].addr.family != VNET_AF_UNSPEC))
            return false;
    }
    return true;
}

void state_put_mcast_ctx(struct json_out *o, const struct br_mcast_ctx ctx[2],
                         const struct br_querier other[2])
{
    if (ctx_usual(ctx, other))
        return;
    json_put_array(o, "mcast", false);
    for (int v6 = 0; v6 <= 1; v6++) {
        json_put_object(o, NULL, false);
        state_put_fields(o, ctx_fields, &ctx[v6]);
        state_put_br_timer(o, BR_TIMER("own_query"), &ctx[v6].own_query);
        state_put_br_timer(o, BR_TIMER("router"), &ctx[v6].router);
        if (other) {
            state_put_fields(o, querier_fields, &other[v6]);
            state_put_br_timer(o, BR_TIMER("querier_timer"), &other[v6].timer);
            state_put_addr(o, "querier", &other[v6].addr);
        }
        json_put_end(o);
    }
    json_put_end(o);
}

/* ... one member or two behind others. */
static char *put_br_timer(char *p, const char *key, const char *due, const struct br_timer *t,
                          struct json_out *o)
{
    if (!timer_pending(&t->timer))
        return p;
    p = PUT(put_bytes(PUT(p, ",\""), key, strlen(key)), "\":");
    p = put_timer(p, &t->timer, o);
    if (t->due == t->timer.expires)
        return p;
    p = PUT(put_bytes(PUT(p, ",\""), due, strlen(due)), "\":");
    return put_int(p, t->due);
}

static void save_hosts(const struct br_pg *pg, struct json_out *o)
{
    if (!pg->hosts)
        return;
    json_put_array(o, "hosts", false);
    for (const struct br_host *host = pg->hosts; host; host = host->next) {
        json_put_object(o, NULL, false);
        state_put_addr(o, "addr", &host->addr);
        state_put_br_timer(o, BR_TIMER("timer"), &host->timer);
        json_put_end(o);
    }
    json_put_end(o);
}

static void save_pg(const struct br_pg *pg, struct json_out *o)
{
    enum { ROOM = 512 }; /* a number, 2 fields, 2 timers */
    json_put_object(o, NULL, false);
    char *p = put_uint(PUT(json_put_members(o, ROOM), "\"no\":"), pg->port->port_no);
    p = put_fields(p, pg_fields, pg);
    p = put_br_timer(p, BR_TIMER("timer"), &pg->timer, o);
    json_put_text_end(o, put_br_timer(p, BR_TIMER("next_query"), &pg->rexmit, o));
    save_hosts(pg, o);
    json_put_end(o);
}

static void save_ports(const struct br_mdb *mp, struct json_out *o)
{
    if (!mp->ports)
        return;
    json_put_array(o, "ports", false);
    for (const struct br_pg *pg = mp->ports; pg; pg = pg->next)
        save_pg(pg, o);
    json_put_end(o);
}

static char *put_addr(char *p, const struct inet_addr *a)
{
    char buf[INET_ADDRSTRLEN_MAX];
    const char *text = inet_addr_str(a, buf);
    return PUT(put_bytes(p, text, strlen(text)), "\"");
}

static void save_group(const struct br_mdb *mp, struct json_out *o)
{
    enum { ROOM = 512 }; /* 2 addresses, 2 fields */
    const struct br_group *g = &mp->group;
    char *p = json_put_members(o, ROOM);
    if (g->addr.family == VNET_AF_UNSPEC)
        p = PUT(put_lladdr(PUT(p, "\"mac\":\""), g->addr.bytes, ETH_ALEN), "\"");
    else
        p = put_addr(PUT(p, "\"grp\":\""), &g->addr);
    if (g->src.family != VNET_AF_UNSPEC)
        p = put_addr(PUT(p, ",\"src\":\""), &g->src);
    json_put_text_end(o, put_fields(p, mdb_fields, mp));
}

/* The newest is the first of the list, and is to be the last here. */
void state_put_mdb(struct json_out *o, const struct bridge *br)
{
    const struct list *head = &br->mcast.mdb;
    if (list_empty(head))
        return;
    json_put_array(o, "mdb", true);
    for (const struct list *pos = head->prev; pos != head; pos = pos->prev) {
        const struct br_mdb *mp = container_of(pos, const struct br_mdb, node);
        json_put_object(o, NULL, false);
        save_group(mp, o);
        state_put_br_timer(o, BR_TIMER("timer"), &mp->timer);
        save_ports(mp, o);
        json_put_end(o);
    }
    json_put_end(o);
}

/* ---- load ---- */

static int load_querier(struct state_loader *l, const json_t *obj, const struct state_path *at,
                        struct br_querier *q, bool v6)
{
    int rc = state_get_fields(l, obj, at, querier_fields, q);
    if (rc == 0)
        rc = state_get_br_timer(l, obj, at, BR_TIMER("querier_timer"), &q->timer);
    if (rc == 0 && json_object_get(obj, "querier"))
        rc = state_get_addr(l, obj, at, "querier", v6 ? VNET_AF_INET6 : VNET_AF_INET, &q->addr);
    return rc;
}

static int load_ctx(struct state_loader *l, const json_t *obj, const struct state_path *at,
                    struct br_mcast_ctx *c, struct br_querier *other)
{
    static const char *const keys[] = {"startup_sent",
                                       "is_router",
                                       "own_query",
                                       "own_query_due",
                                       "router",
                                       "router_due",
                                       "delay_time",
                                       "querier_timer",
                                       "querier_timer_due",
                                       "querier",
                                       NULL};
    int rc = state_only_keys(l, obj, at, keys);
    if (rc == 0)
        rc = state_get_fields(l, obj, at, ctx_fields, c);
    if (rc == 0)
        rc = state_get_br_timer(l, obj, at, BR_TIMER("own_query"), &c->own_query);
    if (rc == 0)
        rc = state_get_br_timer(l, obj, at, BR_TIMER("router"), &c->router);
    if (rc == 0 && other)
        rc = load_querier(l, obj, at, other, c->v6);
    return rc;
}

int state_get_mcast_ctx(struct state_loader *l, const json_t *obj, const struct state_path *up,
                        struct br_mcast_ctx ctx[2], struct br_querier other[2])
{
    const struct state_path at = {.up = up, .key = "mcast"};
    const json_t *list = json_object_get(obj, "mcast");
    int rc = 0;
    if (!list)
        return 0;
    if (json_array_size(list) != 2)
        return state_fail(l, up, "mcast", "must be an array of two, for IPv4 and IPv6");
    for (size_t v6 = 0; rc == 0 && v6 <= 1; v6++) {
        const struct state_path item = {.up = &at, .index = v6};
        rc = load_ctx(l, json_array_get(list, v6), &item, &ctx[v6], other ? &other[v6] : NULL);
    }
    return rc;
}

static int make_port(struct state_loader *l, const struct state_path *at, struct br_mdb *mp,
                     int64_t no, struct br_pg **pg)
{
    struct br_port *p = mp->br->by_no[no];
    if (!p || br_pg_find(mp, p))
        return state_fail(l, at, "no", "must be the number of a port, once");
    *pg = br_pg_new(mp, p, 0);
    return 0;
}

static int load_host(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     void *arg)
{
    struct br_pg *pg = arg;
    const struct br_host *known = pg->hosts;
    struct inet_addr addr = {0};
    int rc = state_get_addr(l, obj, at, "addr", pg->mp->group.addr.family, &addr);
    if (rc < 0)
        return rc;
    while (known && !inet_addr_eq(&known->addr, &addr))
        known = known->next;
    struct br_host *host = known || !addr.family ? NULL : br_eht_add(pg, &addr);
    if (!host)
        return state_fail(l, at, "addr", "must be an address, once, of no more than 512 hosts");
    rc = state_get_br_timer(l, obj, at, BR_TIMER("timer"), &host->timer);
    return rc ? rc : state_no_others(l, obj, at);
}

/* Hosts tell of groups of IP only. */
static int load_hosts(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      struct br_pg *pg)
{
    if (!json_object_get(obj, "hosts"))
        return 0;
    if (!br_group_is_star(&pg->mp->group))
        return state_fail(l, at, "hosts", "must be of a group of IP, of any source");
    return state_get_list_into(l, obj, at, "hosts", load_host, pg);
}

static int load_port(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     struct br_mdb *mp)
{
    int64_t no = 0;
    struct br_pg *pg;
    int rc = state_get_int(l, obj, at, "no", 1, BR_MAX_PORTS - 1, &no);
    if (rc == 0)
        rc = make_port(l, at, mp, no, &pg);
    if (rc < 0)
        return rc;
    rc = state_get_fields(l, obj, at, pg_fields, pg);
    if (rc == 0)
        rc = state_get_br_timer(l, obj, at, BR_TIMER("timer"), &pg->timer);
    if (rc == 0)
        rc = state_get_br_timer(l, obj, at, BR_TIMER("next_query"), &pg->rexmit);
    if (rc == 0)
        rc = load_hosts(l, obj, at, pg);
    return rc ? rc : state_no_others(l, obj, at);
}

static int load_ports(struct state_loader *l, const json_t *obj, const struct state_path *up,
                      struct br_mdb *mp)
{
    const struct state_path at = {.up = up, .key = "ports"};
    const json_t *list = json_object_get(obj, "ports"), *v;
    size_t i;
    json_array_foreach(list, i, v)
    {
        const struct state_path item = {.up = &at, .index = i};
        int rc = load_port(l, v, &item, mp);
        if (rc < 0)
            return rc;
    }
    return mp->ports || mp->host_joined ? 0 : state_fail(l, up, NULL, "has no member");
}

static int load_group(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      struct br_group *g)
{
    struct lladdr mac = {0};
    int64_t vid = 0;
    bool l2 = json_object_get(obj, "mac") != NULL;
    int rc = state_get_int(l, obj, at, "vid", 0, 4094, &vid);
    g->vid = (uint16_t)vid;
    if (rc == 0 && l2)
        rc = state_get_lladdr(l, obj, at, "mac", &mac);
    else if (rc == 0)
        rc = state_get_addr(l, obj, at, "grp", VNET_AF_UNSPEC, &g->addr);
    if (rc == 0 && !l2 && json_object_get(obj, "src"))
        rc = state_get_addr(l, obj, at, "src", g->addr.family, &g->src);
    if (rc < 0)
        return rc;
    if (l2)
        memcpy(g->addr.bytes, mac.bytes, ETH_ALEN);
    if (l2 ? mac.len != ETH_ALEN || !(mac.bytes[0] & 1) : g->addr.family == VNET_AF_UNSPEC)
        return state_fail(l, at, l2 ? "mac" : "grp", "must be the address of a group");
    if (g->src.family != VNET_AF_UNSPEC && !state_mdb_source_ok(g))
        return state_fail(l, at, "src", "must be the address of a host");
    return 0;
}

static int take_port(struct state_loader *l, const struct mdb_record *r,
                     const struct state_path *at, struct br_mdb *mp)
{
    const struct state_path list = {.up = at, .key = "ports"}, first = {.up = &list};
    struct br_pg *pg;
    int rc = make_port(l, &first, mp, r->no, &pg);
    if (rc < 0)
        return rc;
    pg->flags = r->flags;
    pg->timer.due = r->due;
    return state_set_timer(l, &first, "timer", r->expires, r->order, &pg->timer.timer);
}

int state_load_mdb(struct state_loader *l, const json_t *obj, const struct state_path *at,
                   struct bridge *br)
{
    const struct mdb_record *r = json_record(obj);
    struct br_group g = r ? r->group : (struct br_group){.vid = 0};
    int rc = r ? 0 : load_group(l, obj, at, &g);
    if (rc < 0)
        return rc;
    if (br_mdb_find(br, &g))
        return state_fail(l, at, NULL, "is there twice");
    if (br->mcast.by_group.n >= MOST)
        return state_fail(l, at, NULL, "is more than %d", MOST);
    struct br_mdb *mp = br_mdb_load(br, &g);
    if (r)
        return take_port(l, r, at, mp);
    rc = state_get_fields(l, obj, at, mdb_fields, mp);
    if (rc == 0)
        rc = state_get_br_timer(l, obj, at, BR_TIMER("timer"), &mp->timer);
    if (rc == 0)
        rc = load_ports(l, obj, at, mp);
    return rc ? rc : state_no_others(l, obj, at);
}
