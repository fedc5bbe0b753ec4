/* The tables of a FIB: making, finding, walking, saving; lookups through the rules. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inet/fib_exception.h"
#include "inet/fib_internal.h"
#include "inet/rtnetlink.h"
#include "sim/world.h"

enum { FIB_TABLE_HASHSZ = 256 };

bool fib_kernel_since(const struct netns *ns, uint32_t version)
{
    return ns->w->profile->kernel.version >= version;
}

struct vnet_err *fib_extack(const struct netns *ns, struct vnet_err *err)
{
    if (err)
        err->msg[0] = '\0';
    return fib_kernel_since(ns, 0x040c00) ? err : NULL;
}

int fib_type_error(uint8_t type)
{
    static const int errors[] = {
        [VNET_RTN_BLACKHOLE] = -EINVAL, [VNET_RTN_UNREACHABLE] = -EHOSTUNREACH,
        [VNET_RTN_PROHIBIT] = -EACCES,  [VNET_RTN_THROW] = -EAGAIN,
        [VNET_RTN_NAT] = -EINVAL,
    };
    return type < ARRAY_LEN(errors) ? errors[type] : -EINVAL;
}

/* ---- routes ---- */

struct fib_nexthop *fib_route_hops(struct fib_route *r, unsigned n)
{
    if (r->nh != &r->own)
        free(r->nh);
    r->own = (struct fib_nexthop){0};
    r->nnh = n;
    r->nh = n > 1 ? mem_calloc(n, sizeof(*r->nh)) : n ? &r->own : NULL;
    return r->nh;
}

void fib_route_free(struct fib_route *r)
{
    if (!r)
        return;
    free(r->metrics);
    fib_route_hops(r, 0);
    free(r);
}

struct fib_route *fib_route_dup(const struct fib_route *r)
{
    struct fib_route *d = mem_realloc(NULL, sizeof(*d)); /* there may be very many */
    *d = *r;
    list_init(&d->node);
    d->nh = NULL;
    d->metrics = NULL;
    if (r->nnh)
        memcpy(fib_route_hops(d, r->nnh), r->nh, r->nnh * sizeof(*d->nh));
    if (r->metrics) {
        d->metrics = mem_calloc(VNET_RTAX_MAX + 1, sizeof(*d->metrics));
        memcpy(d->metrics, r->metrics, (VNET_RTAX_MAX + 1) * sizeof(*d->metrics));
    }
    return d;
}

bool fib_metrics_eq(const uint32_t *a, const uint32_t *b)
{
    for (unsigned i = 0; i <= VNET_RTAX_MAX; i++)
        if ((a ? a[i] : 0) != (b ? b[i] : 0))
            return false;
    return true;
}

bool fib_nexthop_eq(const struct fib_nexthop *a, const struct fib_nexthop *b)
{
    enum { STATE = VNET_RTNH_F_DEAD | VNET_RTNH_F_LINKDOWN };
    return a->dev == b->dev && a->scope == b->scope && a->weight == b->weight &&
           inet_addr_eq(&a->gateway, &b->gateway) && ((a->flags ^ b->flags) & ~STATE) == 0;
}

/* ---- tables ---- */

static struct fib_trie *trie_new(uint8_t family)
{
    struct fib_trie *t = mem_alloc(sizeof(*t));
    *t = (struct fib_trie)FIB_TRIE_INIT((uint8_t)inet_addr_bits(family));
    return t;
}

static unsigned bucket(uint32_t id)
{
    return id & (FIB_TABLE_HASHSZ - 1);
}

struct fib_table *fib_get_table(const struct fib *fib, uint32_t id)
{
    if (id == VNET_RT_TABLE_UNSPEC)
        id = VNET_RT_TABLE_MAIN;
    if (id == VNET_RT_TABLE_MAIN)
        return fib->main;
    if (id == VNET_RT_TABLE_LOCAL)
        return fib->local;
    for (unsigned i = 0; i < fib->ntables && bucket(fib->tables[i]->id) <= bucket(id); i++)
        if (fib->tables[i]->id == id)
            return fib->tables[i];
    return NULL;
}

static void table_place(struct fib *fib, struct fib_table *t, bool last)
{
    unsigned at = 0;
    while (at < fib->ntables && (bucket(fib->tables[at]->id) < bucket(t->id) ||
                                 (last && bucket(fib->tables[at]->id) == bucket(t->id))))
        at++;
    ARRAY_GROW(fib->tables, fib->ntables, fib->tables_cap);
    memmove(&fib->tables[at + 1], &fib->tables[at], (fib->ntables - at) * sizeof(*fib->tables));
    fib->tables[at] = t;
    fib->ntables++;
    if (t->id == VNET_RT_TABLE_LOCAL)
        fib->local = t;
    else if (t->id == VNET_RT_TABLE_MAIN)
        fib->main = t;
    else if (t->id == VNET_RT_TABLE_DEFAULT)
        fib->dflt = t;
}

/* Local and main share a trie since 4.1 (0ddcf43d5d4a) while there are no rules of the user. */
static bool shares_main(const struct fib *fib, uint32_t id)
{
    return id == VNET_RT_TABLE_LOCAL && fib->family == VNET_AF_INET && !fib->custom_rules &&
           fib_kernel_since(fib->ns, 0x040100);
}

static struct fib_table *table_make(struct fib *fib, uint32_t id, bool last)
{
    struct fib_table *t = mem_alloc(sizeof(*t));
    t->id = id;
    if (shares_main(fib, id)) {
        if (!fib->main)
            table_make(fib, VNET_RT_TABLE_MAIN, last);
        t->trie = fib->main->trie;
    } else {
        t->trie = trie_new(fib->family);
    }
    table_place(fib, t, last);
    return t;
}

struct fib_table *fib_new_table(struct fib *fib, uint32_t id)
{
    if (id == VNET_RT_TABLE_UNSPEC)
        id = VNET_RT_TABLE_MAIN;
    struct fib_table *t = fib_get_table(fib, id);
    if (t)
        return t;
    vnet_touch(fib->ns->w); /* it stays, also when the route that it was made for is refused */
    return table_make(fib, id, false);
}

struct fib_node *fib_find_node(const struct fib_table *t, const struct inet_prefix *dst,
                               const struct inet_prefix *src)
{
    struct fib_node *n = fib_trie_find(t->trie, dst);
    return n && src->len ? fib_trie_find_src(n, src) : n;
}

struct fib_node *fib_get_node(struct fib_table *t, const struct fib_route *r)
{
    struct fib_node *n = fib_trie_get(t->trie, &r->dst);
    return r->src.len ? fib_trie_get_src(t->trie, n, &r->src) : n;
}

static void insert_last(struct fib_table *t, struct fib_route *r)
{
    struct fib_node *n = fib_get_node(t, r);
    list_add_tail(&r->node, &n->routes);
}

static void move_to_own_trie(struct fib *fib, struct fib_table *t, struct fib_node *n,
                             struct fib_route *r, void *arg)
{
    struct fib_table *own = arg;
    (void)fib;
    (void)n;
    if (t->id != own->id)
        return;
    list_del(&r->node);
    insert_last(own, r);
}

void fib_unmerge(struct fib *fib)
{
    if (!fib->local || fib->local->trie != fib->main->trie)
        return;
    struct fib_table own = {.id = VNET_RT_TABLE_LOCAL, .trie = trie_new(fib->family)};
    fib_each_safe(fib, move_to_own_trie, &own);
    fib->local->trie = own.trie;
}

/* ---- walking ---- */

static struct fib_node *first_node(const struct fib *fib, const struct fib_table *t)
{
    return fib->family == VNET_AF_INET ? fib_trie_first_v4(t->trie) : fib_trie_first_v6(t->trie);
}

static struct fib_node *next_node(const struct fib *fib, const struct fib_node *n)
{
    return fib->family == VNET_AF_INET ? fib_trie_next_v4(n) : fib_trie_next_v6(n);
}

int fib_each(const struct fib *fib, int (*cb)(const struct fib_route *r, void *arg), void *arg)
{
    for (unsigned i = 0; i < fib->ntables; i++) {
        const struct fib_table *t = fib->tables[i];
        unsigned left = t->routes;
        for (struct fib_node *n = left ? first_node(fib, t) : NULL; left; n = next_node(fib, n)) {
            list_each(pos, &n->routes)
            {
                const struct fib_route *r = list_entry(pos, struct fib_route, node);
                bool own = r->table == t->id;
                int rc = own ? cb(r, arg) : 0;
                left -= own;
                if (rc)
                    return rc;
            }
        }
    }
    return 0;
}

struct emptied { /* nodes to give back once the walk is over */
    struct emptied_node {
        struct fib_key key, src;
        uint8_t len, src_len;
    } * v;
    unsigned n, cap;
};

static void note_emptied(struct emptied *e, struct fib_node *n)
{
    const struct fib_node *dst = fib_trie_owner(n);
    ARRAY_GROW(e->v, e->n, e->cap);
    e->v[e->n] = (struct emptied_node){.key = dst->key, .len = dst->len};
    if (n != dst) {
        e->v[e->n].src = n->key;
        e->v[e->n].src_len = n->len;
    }
    e->n++;
}

static void prune_emptied(struct fib_trie *trie, const struct emptied *e)
{
    for (unsigned i = 0; i < e->n; i++) {
        const struct emptied_node *v = &e->v[i];
        struct fib_node *n = fib_trie_find_key(trie, v->key, v->len);
        fib_trie_prune(trie, n && v->src_len ? fib_trie_find_src_key(n, v->src, v->src_len) : n);
    }
}

static void each_route_safe(struct fib *fib, struct fib_table *t, struct fib_node *n,
                            fib_each_fn *cb, void *arg)
{
    list_each_safe(pos, tmp, &n->routes)
    {
        struct fib_route *r = list_entry(pos, struct fib_route, node);
        if (r->table == t->id)
            cb(fib, t, n, r, arg);
    }
}

static void each_in_table(struct fib *fib, struct fib_table *t, fib_each_fn *cb, void *arg)
{
    struct emptied e = {0};
    struct fib_trie *trie = t->trie;
    uint32_t seen = 0;
    for (struct fib_node *n = first_node(fib, t); n; n = next_node(fib, n), seen++) {
        bool had = !list_empty(&n->routes);
        each_route_safe(fib, t, n, cb, arg);
        if (had && list_empty(&n->routes))
            note_emptied(&e, n);
    }
    prune_emptied(trie, &e);
    free(e.v);
    vnet_worked(fib->ns->w, seen);
}

void fib_each_safe(struct fib *fib, fib_each_fn *cb, void *arg)
{
    for (unsigned i = 0; i < fib->ntables; i++)
        each_in_table(fib, fib->tables[i], cb, arg);
}

/* ---- the whole FIB ---- */

static void init_defaults(struct fib *fib)
{
    fib_rules_init(fib);
    if (fib->family == VNET_AF_INET) /* its tables are made when a first route is put there */
        return;
    fib_new_table(fib, VNET_RT_TABLE_MAIN); /* fib6_tables_init() */
    fib_new_table(fib, VNET_RT_TABLE_LOCAL);
}

struct fib *fib_new(struct netns *ns, uint8_t family)
{
    struct fib *fib = mem_alloc(sizeof(*fib));
    fib->ns = ns;
    fib->family = family;
    list_init(&fib->rules);
    list_init(&fib->exceptions);
    timer_init(&fib->gc, fib6_gc_timer);
    for (unsigned i = 0; i < IN4_ADDR_HSIZE; i++)
        list_init(&fib->addrs[i]);
    init_defaults(fib);
    return fib;
}

static void free_route(struct fib *fib, struct fib_table *t, struct fib_node *n,
                       struct fib_route *r, void *arg)
{
    (void)n;
    (void)arg;
    fib_unlink(fib, t, r);
}

static void free_tables(struct fib *fib)
{
    fib_each_safe(fib, free_route, NULL);
    for (unsigned i = 0; i < fib->ntables; i++) {
        struct fib_table *t = fib->tables[i];
        if (t != fib->local || t->trie != (fib->main ? fib->main->trie : NULL)) {
            fib_trie_clear(t->trie);
            free(t->trie);
        }
    }
    for (unsigned i = 0; i < fib->ntables; i++)
        free(fib->tables[i]);
    free(fib->tables);
    fib->tables = NULL;
    fib->ntables = fib->tables_cap = 0;
    fib->local = fib->main = fib->dflt = NULL;
}

void fib_free(struct fib *fib)
{
    if (!fib)
        return;
    timer_cancel(fib->ns->w, &fib->gc);
    fib_exceptions_flush(fib);
    free_tables(fib);
    fib_rules_free(fib);
    free(fib);
}

static uint32_t *prefsrc_count(struct fib *fib, const struct inet_addr *src)
{
    struct fib_key k = fib_key(src);
    return &fib->prefsrc[((k.hi ^ k.lo) * 0x9e3779b97f4a7c15ULL) >> 56];
}

/* Of the many local routes, each has its own address as its source. */
static bool is_counted(const struct fib *fib, const struct fib_route *r)
{
    return r->prefsrc.family && (fib->family == VNET_AF_INET6 || r->table == VNET_RT_TABLE_MAIN);
}

bool fib_route_lame(const struct fib_route *r)
{
    enum { STATE = VNET_RTNH_F_DEAD | VNET_RTNH_F_LINKDOWN };
    uint32_t flags = r->flags;
    for (unsigned i = 0; i < r->nnh; i++)
        flags |= r->nh[i].flags;
    return flags & STATE;
}

void fib_route_linked(struct fib *fib, struct fib_table *t, const struct fib_route *r)
{
    vnet_touch(fib->ns->w);
    t->routes++;
    t->defaults += r->dst.len == 0;
    fib->lame |= fib_route_lame(r);
    if (is_counted(fib, r))
        ++*prefsrc_count(fib, &r->prefsrc);
}

void fib_forget_prefsrc(struct fib *fib, struct fib_route *r)
{
    vnet_touch(fib->ns->w);
    if (is_counted(fib, r))
        --*prefsrc_count(fib, &r->prefsrc);
    r->prefsrc = (struct inet_addr){0};
}

bool fib_may_prefer(const struct fib *fib, const struct inet_addr *src)
{
    return *prefsrc_count((struct fib *)fib, src) != 0;
}

void fib_unlink(struct fib *fib, struct fib_table *t, struct fib_route *r)
{
    vnet_touch(fib->ns->w);
    t->routes--;
    t->defaults -= r->dst.len == 0;
    fib_forget_prefsrc(fib, r);
    if (!list_empty(&fib->exceptions))
        fib_exceptions_drop(fib, r);
    list_del(&r->node);
    fib_route_free(r);
}

int fib_insert(struct fib *fib, const struct fib_route *r, unsigned nlflags, struct vnet_err *err)
{
    struct fib_table *t = fib_new_table(fib, r->table);
    struct fib_route *d = fib_route_dup(r);
    d->dst.addr = inet_addr_masked(&d->dst.addr, d->dst.len);
    d->table = t->id;
    vnet_touch(fib->ns->w);
    if (fib->family == VNET_AF_INET)
        return fib4_insert(fib, t, d, nlflags);
    return fib6_insert(fib, t, d, nlflags, err);
}

static bool removes(const struct fib_route *r, const struct fib_route *m)
{
    return (!m->type || r->type == m->type) && (!m->scope || r->scope == m->scope) &&
           (!m->protocol || r->protocol == m->protocol) &&
           (!m->priority || r->priority == m->priority) &&
           (!m->prefsrc.family || inet_addr_eq(&r->prefsrc, &m->prefsrc)) &&
           (!m->nnh || !m->nh[0].dev || (r->nnh && r->nh[0].dev == m->nh[0].dev)) &&
           (!m->nnh || !m->nh[0].gateway.family ||
            (r->nnh && inet_addr_eq(&r->nh[0].gateway, &m->nh[0].gateway)));
}

int fib_remove(struct fib *fib, const struct fib_route *m)
{
    struct fib_table *t = fib_get_table(fib, m->table);
    struct fib_node *n = t ? fib_find_node(t, &m->dst, &m->src) : NULL;
    if (!n)
        return -ESRCH;
    list_each(pos, &n->routes)
    {
        struct fib_route *r = list_entry(pos, struct fib_route, node);
        if (r->table != t->id || !removes(r, m))
            continue;
        if (fib->family == VNET_AF_INET6)
            inet6_rt_notify(fib->ns, NULL, r, VNET_RTM_DELROUTE);
        else
            rtmsg_fib(fib->ns, r, VNET_RTM_DELROUTE);
        fib_unlink(fib, t, r);
        fib_trie_prune(t->trie, n);
        vnet_touch(fib->ns->w);
        return 0;
    }
    return -ESRCH;
}

/* ---- the state file ---- */

void fib_reset(struct fib *fib)
{
    free_tables(fib);
    fib_rules_free(fib);
    fib->custom_rules = fib->custom_local = false;
    init_defaults(fib);
}

struct fib_table *fib_load_table(struct fib *fib, uint32_t id)
{
    struct fib_table *t = fib_get_table(fib, id);
    return t ? t : table_make(fib, id, true);
}

/* Does a come after b in their prefix, by its rank? */
static bool ranks_after(const struct fib_route *a, const struct fib_route *b)
{
    if (a->dst.addr.family == VNET_AF_INET6)
        return a->priority > b->priority;
    if (a->table != b->table)
        return a->table < b->table;
    return a->tos != b->tos ? a->tos < b->tos : a->priority > b->priority;
}

void fib_load_route(struct fib *fib, const struct fib_route *r)
{
    struct fib_table *t = fib_load_table(fib, r->table);
    struct fib_route *d = fib_route_dup(r);
    struct fib_node *n = fib_get_node(t, d);
    struct list *pos = &n->routes;
    while (pos->prev != &n->routes && ranks_after(list_entry(pos->prev, struct fib_route, node), d))
        pos = pos->prev;
    list_insert_before(&d->node, pos);
    fib_route_linked(fib, t, d);
}

/* ---- lookup ---- */

static int lookup4(struct fib *fib, const struct fib_table *t, const struct flow *fl,
                   unsigned flags, struct fib_result *res)
{
    (void)fib;
    return fib4_table_lookup(t, fl, flags != 0, res);
}

static int lookup_without_rules(struct fib *fib, const struct flow *fl, bool ignore_linkstate,
                                struct fib_result *res)
{
    struct fib_table *const order[] = {fib->local, fib->main, fib->dflt};
    const struct fib_trie *done = NULL;
    int error = -EAGAIN;
    /* A kernel whose local and main share a trie asks main only: so does its answer's table. */
    unsigned first = fib->local && fib->main && fib->local->trie == fib->main->trie;
    for (unsigned i = first; i < ARRAY_LEN(order) && error == -EAGAIN; i++) {
        if (!order[i] || order[i]->trie == done)
            continue;
        error = fib4_table_lookup(order[i], fl, ignore_linkstate, res);
        done = order[i]->trie;
    }
    return error == -EAGAIN ? -ENETUNREACH : error;
}

int fib_lookup(struct fib *fib, const struct flow *fl, bool ignore_linkstate,
               struct fib_result *res)
{
    if (fib->family == VNET_AF_INET6)
        return fib6_lookup(fib, fl, ignore_linkstate ? RT6_LOOKUP_F_IGNORE_LINKSTATE : 0, res);
    if (!fib->custom_rules)
        return lookup_without_rules(fib, fl, ignore_linkstate, res);
    int error = fib_rules_lookup(fib, fl, lookup4, ignore_linkstate, res);
    return error == -ESRCH ? -ENETUNREACH : error;
}

int fib_table_lookup(struct fib *fib, uint32_t table, const struct flow *fl, struct fib_result *res)
{
    const struct fib_table *t = fib_get_table(fib, table);
    if (!t)
        return -EAGAIN;
    if (fib->family == VNET_AF_INET6)
        return fib6_table_lookup(fib, t, fl, 0, res);
    return fib4_table_lookup(t, fl, false, res);
}
