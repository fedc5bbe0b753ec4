/* Neighbour entries, proxies, and what their tables keep. */
#include <stddef.h>

#include "base/nametab.h"
#include "inet/neigh.h"
#include "sim/world.h"
#include "state/fields.h"
#include "state/records.h"

static const struct nametab states[] = {
    {"NONE", VNET_NUD_NONE},           {"INCOMPLETE", VNET_NUD_INCOMPLETE},
    {"REACHABLE", VNET_NUD_REACHABLE}, {"STALE", VNET_NUD_STALE},
    {"DELAY", VNET_NUD_DELAY},         {"PROBE", VNET_NUD_PROBE},
    {"FAILED", VNET_NUD_FAILED},       {"NOARP", VNET_NUD_NOARP},
    {"PERMANENT", VNET_NUD_PERMANENT}, {NULL, 0},
};

/* The time stamps are relative to now on a real kernel too; here absolute, as all saved times. */
static const struct state_field neigh_fields[] = {
    FIELD(neigh, flags, "flags", FIELD_U32, .max = 0xff),
    FIELD(neigh, type, "type", FIELD_U8, .max = 11, .initial = 1),
    FIELD(neigh, protocol, "protocol", FIELD_U8),
    FIELD(neigh, probes, "probes", FIELD_U32, .max = INT32_MAX),
    {.key = NULL},
};

static const struct state_field proxy_fields[] = {
    FIELD(neigh_proxy, flags, "flags", FIELD_U32, .max = 0xff),
    FIELD(neigh_proxy, protocol, "protocol", FIELD_U8),
    FIELD(neigh_proxy, permanent, "permanent", FIELD_BOOL),
    {.key = NULL},
};
static const char *const proxy_keys[] = {"ifindex", "dst", NULL};

/* ---- save ---- */

static void save_queue(const struct neigh *n, struct json_out *o)
{
    if (!n->queue_head)
        return;
    json_put_array(o, "queue", false);
    for (const struct skb *skb = n->queue_head; skb; skb = skb->next) {
        json_put_object(o, NULL, false);
        state_put_skb(o, skb);
        json_put_end(o);
    }
    json_put_end(o);
}

struct saving {
    struct json_out *o;
    struct neigh_before before;
};

/* false: it has more than a record holds. */
static bool save_record(const struct neigh *n, const struct saving *s)
{
    struct neigh_record r = {
        .ifindex = n->dev->ifindex,
        .dst = inet_addr_to_v4(&n->addr),
        .state = (uint8_t)n->nud_state,
        .flags = (uint8_t)n->flags,
        .type = n->type,
        .protocol = n->protocol,
        .has_timer = timer_pending(&n->timer),
        .probes = n->probes,
        .used = n->used,
        .confirmed = n->confirmed,
        .updated = n->updated,
        .expires = n->timer.expires,
        .order = (int64_t)n->timer.seq,
        .lladdr_len = n->ha.len,
    };
    if (n->addr.family != VNET_AF_INET || n->queue_head || n->flags > 0xff ||
        n->ha.len > sizeof(r.lladdr))
        return false;
    memcpy(r.lladdr, n->ha.bytes, sizeof(r.lladdr));
    if (r.has_timer)
        state_note_timer(s->o, r.expires, r.order);
    return state_put_neigh_record(s->o, &r, &s->before);
}

static void save_fields(const struct neigh *n, struct json_out *o, const struct neigh_before *b)
{
    json_put_object(o, NULL, false);
    if (n->dev->ifindex != b->ifindex)
        json_put_int(o, "ifindex", n->dev->ifindex);
    state_put_addr(o, "dst", &n->addr);
    state_put_lladdr(o, "lladdr", &n->ha);
    if (n->nud_state != b->state)
        json_put_str(o, "state", nametab_name(states, n->nud_state));
    state_put_fields(o, neigh_fields, n);
    if (n->used != b->used)
        json_put_int(o, "used", n->used);
    if (n->confirmed != n->used)
        json_put_int(o, "confirmed", n->confirmed);
    if (n->updated != n->used)
        json_put_int(o, "updated", n->updated);
    state_put_timer(o, "timer", &n->timer);
    save_queue(n, o);
    json_put_end(o);
}

static int save_neigh(struct neigh *n, void *arg)
{
    struct saving *s = arg;
    if (!save_record(n, s))
        save_fields(n, s->o, &s->before);
    s->before = (struct neigh_before){n->dev->ifindex, n->nud_state, n->used};
    return 0;
}

static bool table_is_default(const struct neigh_table *t)
{
    return !t->last_flush && !timer_pending(&t->gc);
}

static void save_table(const struct neigh_table *t, struct json_out *o)
{
    if (table_is_default(t))
        return;
    json_put_object(o, t->ops->family == VNET_AF_INET ? "arp" : "nd", false);
    if (t->last_flush)
        json_put_int(o, "last_flush", t->last_flush);
    state_put_timer(o, "gc", &t->gc);
    json_put_end(o);
}

static void save_proxies(const struct neigh_table *t, struct json_out *o)
{
    list_each(pos, &t->proxies)
    {
        const struct neigh_proxy *p = list_entry(pos, struct neigh_proxy, node);
        json_put_object(o, NULL, false);
        if (p->dev)
            json_put_int(o, "ifindex", p->dev->ifindex);
        state_put_addr(o, "dst", &p->addr);
        state_put_fields(o, proxy_fields, p);
        json_put_end(o);
    }
}

void state_save_neighs(const struct netns *ns, struct json_out *o)
{
    const struct neigh_table *tables[] = {ns->arp_tbl, ns->nd_tbl};
    if (ns->arp_tbl->entries || ns->nd_tbl->entries) {
        struct saving s = {.o = o};
        json_put_array(o, "neighs", true);
        for (unsigned i = 0; i < 2; i++)
            neigh_each_by_age(tables[i], save_neigh, &s);
        json_put_end(o);
    }
    if (!list_empty(&ns->arp_tbl->proxies) || !list_empty(&ns->nd_tbl->proxies)) {
        json_put_array(o, "proxies", true);
        for (unsigned i = 0; i < 2; i++)
            save_proxies(tables[i], o);
        json_put_end(o);
    }
    if (!table_is_default(ns->arp_tbl) || !table_is_default(ns->nd_tbl)) {
        json_put_object(o, "neigh_tables", false);
        for (unsigned i = 0; i < 2; i++)
            save_table(tables[i], o);
        json_put_end(o);
    }
}

/* ---- load ---- */

struct entry { /* the members that say which entry it is */
    struct netdev *dev;
    struct inet_addr dst;
    struct lladdr lladdr;
    uint32_t state;
    struct neigh_table *t;
};

/* Where an entry belongs. dev NULL: no ifindex, where `any` allows that. */
static int find_place(struct state_loader *l, const struct state_path *at, struct entry *e,
                      int64_t ifindex, bool any)
{
    if (e->dst.family == VNET_AF_UNSPEC)
        return state_fail(l, at, "dst", "is missing");
    if (!l->dev || l->dev->ifindex != ifindex)
        l->dev = ifindex ? netdev_by_index(l->ns, (int)ifindex) : NULL;
    e->dev = l->dev;
    if (!e->dev && (ifindex || !any))
        return state_fail(l, at, "ifindex", "must be the index of a link");
    e->t = e->dst.family == VNET_AF_INET ? l->ns->arp_tbl : l->ns->nd_tbl;
    return 0;
}

/* ifindex and dst. */
static int get_key(struct state_loader *l, const json_t *obj, const struct state_path *at,
                   struct entry *e, bool any)
{
    int64_t ifindex = any ? 0 : l->neigh.ifindex;
    int rc = state_get_int(l, obj, at, "ifindex", 1, INT32_MAX, &ifindex);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "dst", VNET_AF_UNSPEC, &e->dst);
    return rc < 0 ? rc : find_place(l, at, e, ifindex, any);
}

/* The entry itself; NULL, and *rc, if there cannot be one. */
static struct neigh *make_neigh(struct state_loader *l, const struct state_path *at,
                                const struct entry *e, int *rc)
{
    struct neigh *n = NULL;
    if ((e->state & NUD_VALID) && e->lladdr.len != e->dev->addr.len)
        *rc = state_fail(l, at, "lladdr", "must be a link-layer address of the link's length");
    else if (!(n = neigh_load(e->t, e->dev, &e->dst, e->state == VNET_NUD_PERMANENT)))
        *rc = state_fail(l, at, "dst", "is there twice");
    if (!n)
        return NULL;
    n->ha = e->lladdr;
    n->nud_state = (uint16_t)e->state;
    return n;
}

static int get_state(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     struct entry *e)
{
    const char *name = nametab_name(states, l->neigh.state);
    int rc = state_get_lladdr(l, obj, at, "lladdr", &e->lladdr);
    if (rc == 0)
        rc = state_get_str(l, obj, at, "state", 16, &name);
    if (rc < 0)
        return rc;
    if (!nametab_value(states, name, &e->state))
        return state_fail(l, at, "state",
                          "must be one of NONE, INCOMPLETE, REACHABLE, STALE, "
                          "DELAY, PROBE, FAILED, NOARP, PERMANENT");
    return 0;
}

static int get_queue(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     struct neigh *n)
{
    const json_t *list = json_object_get(obj, "queue"), *v;
    const struct state_path list_at = {.up = at, .key = "queue"};
    bool v4 = n->addr.family == VNET_AF_INET;
    size_t i;
    if (list && (!json_is_array(list) || n->nud_state != VNET_NUD_INCOMPLETE))
        return state_fail(l, at, "queue", "must be an array, of an INCOMPLETE entry");
    json_array_foreach(list, i, v)
    {
        const struct state_path item = {.up = &list_at, .index = i};
        struct skb *skb;
        int rc = state_only_keys(l, v, &item, state_skb_keys);
        if (rc == 0)
            rc = state_get_skb(l, l->ns, v, &item, &skb);
        if (rc < 0)
            return rc;
        neigh_queue_append(n, skb);
        skb->dev = n->dev;
        if (skb->len < (v4 ? 20 : 40) || skb_data(skb)[0] >> 4 != (v4 ? 4 : 6))
            return state_fail(l, &item, "data", "must be a packet of the entry's family");
        if (!skb->has_dst || skb->dst.dev != n->dev)
            return state_fail(l, &item, "route", "must be by the entry's link");
    }
    return 0;
}

/* "confirmed" and "updated" are as "used" where they are left out. */
static int get_times(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     struct neigh *n)
{
    n->used = l->neigh.used;
    int rc = state_get_int(l, obj, at, "used", -STATE_TIME_MAX, STATE_TIME_MAX, &n->used);
    n->confirmed = n->updated = n->used;
    if (rc == 0)
        rc = state_get_int(l, obj, at, "confirmed", -STATE_TIME_MAX, STATE_TIME_MAX, &n->confirmed);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "updated", -STATE_TIME_MAX, STATE_TIME_MAX, &n->updated);
    return rc;
}

/* INCOMPLETE, if a user has set it, lasts (__neigh_update() starts no timer). */
static bool timer_fits(const struct neigh *n)
{
    if (timer_pending(&n->timer))
        return n->nud_state & NUD_IN_TIMER;
    return !(n->nud_state & NUD_IN_TIMER & ~VNET_NUD_INCOMPLETE);
}

static int check_timer(struct state_loader *l, const struct state_path *at, const struct neigh *n)
{
    if (timer_fits(n))
        return 0;
    return state_fail(l, at, "timer", "must be there in states that end by themselves, only");
}

static void remember(struct state_loader *l, const struct neigh *n)
{
    l->neigh = (struct neigh_before){n->dev->ifindex, n->nud_state, n->used};
}

static int load_record(struct state_loader *l, const struct neigh_record *r,
                       const struct state_path *at)
{
    struct entry e = {.dst = inet_addr_v4(r->dst),
                      .lladdr.len = r->lladdr_len,
                      .state = r->state ? r->state : l->neigh.state};
    memcpy(e.lladdr.bytes, r->lladdr, r->lladdr_len);
    int rc = find_place(l, at, &e, r->ifindex ? r->ifindex : l->neigh.ifindex, false);
    struct neigh *n = rc == 0 ? make_neigh(l, at, &e, &rc) : NULL;
    if (!n)
        return rc;
    n->flags = r->flags;
    n->type = r->type;
    n->protocol = r->protocol;
    n->probes = r->probes;
    n->used = r->has_used ? r->used : l->neigh.used;
    n->confirmed = r->has_confirmed ? r->confirmed : n->used;
    n->updated = r->has_updated ? r->updated : n->used;
    if (r->has_timer)
        rc = state_set_timer(l, at, "timer", r->expires, r->order, &n->timer);
    if (rc == 0)
        rc = check_timer(l, at, n);
    neigh_gc_list_update(n);
    remember(l, n);
    return rc;
}

static int load_neigh(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    const struct neigh_record *record = json_record(obj);
    if (l->format < 2)
        l->neigh = (struct neigh_before){0};
    if (record)
        return load_record(l, record, at);
    struct entry e = {0};
    int rc = get_key(l, obj, at, &e, false);
    if (rc == 0)
        rc = get_state(l, obj, at, &e);
    struct neigh *n = rc == 0 ? make_neigh(l, at, &e, &rc) : NULL;
    if (!n)
        return rc;
    rc = state_get_fields(l, obj, at, neigh_fields, n);
    if (rc == 0)
        rc = get_times(l, obj, at, n);
    if (rc == 0)
        rc = state_get_timer(l, obj, at, "timer", &n->timer);
    if (rc == 0)
        rc = check_timer(l, at, n);
    if (rc == 0)
        rc = get_queue(l, obj, at, n);
    if (rc == 0)
        rc = state_no_others(l, obj, at);
    neigh_gc_list_update(n);
    remember(l, n);
    return rc;
}

static int load_proxy(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    struct entry e = {0};
    int rc = state_only_fields(l, obj, at, proxy_fields, proxy_keys);
    if (rc == 0)
        rc = get_key(l, obj, at, &e, true);
    if (rc < 0)
        return rc;
    struct neigh_proxy *p = neigh_proxy_add(e.t, &e.dst, e.dev);
    list_del(&p->node); /* as they were: the latest first */
    list_add_tail(&p->node, &e.t->proxies);
    return state_get_fields(l, obj, at, proxy_fields, p);
}

static int load_table(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      struct neigh_table *t)
{
    static const char *const keys[] = {"last_flush", "gc", NULL};
    int rc = obj ? state_only_keys(l, obj, at, keys) : 0;
    if (rc == 0)
        rc = state_get_int(l, obj, at, "last_flush", 0, STATE_TIME_MAX, &t->last_flush);
    if (rc == 0)
        rc = state_get_timer(l, obj, at, "gc", &t->gc);
    return rc;
}

int state_load_neighs(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {"arp", "nd", NULL};
    const struct state_path tables_at = {.up = at, .key = "neigh_tables"};
    const struct state_path arp_at = {.up = &tables_at, .key = "arp"};
    const struct state_path nd_at = {.up = &tables_at, .key = "nd"};
    const json_t *tables = json_object_get(obj, "neigh_tables");
    neigh_expect(l->ns->arp_tbl, json_array_size(json_object_get(obj, "neighs")));
    l->dev = NULL;
    l->neigh = (struct neigh_before){0};
    int rc = state_get_list(l, obj, at, "neighs", load_neigh);
    if (rc == 0)
        rc = state_get_list(l, obj, at, "proxies", load_proxy);
    if (rc == 0 && tables)
        rc = state_only_keys(l, tables, &tables_at, keys);
    if (rc == 0)
        rc = load_table(l, json_object_get(tables, "arp"), &arp_at, l->ns->arp_tbl);
    if (rc == 0)
        rc = load_table(l, json_object_get(tables, "nd"), &nd_at, l->ns->nd_tbl);
    return rc;
}
