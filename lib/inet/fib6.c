/* IPv6 routes within their prefix: insertion, removal, match (net/ipv6/ip6_fib.c, route.c). In a
 * prefix, routes stand by metric, then as they came. A multipath route is several routes with a
 * gateway each ("siblings"): the same prefix and metric. */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "inet/addrconf.h"
#include "inet/devinet.h"
#include "inet/fib_exception.h"
#include "inet/fib_internal.h"
#include "inet/neigh.h"
#include "inet/multipath.h"
#include "inet/nexthop.h"
#include "inet/rtnetlink.h"
#include "sim/world.h"

#define route_of(pos) list_entry(pos, struct fib_route, node)

bool fib6_ecmp(const struct fib_route *r)
{
    return !(r->flags & FIB6_RTF_ADDRCONF) && !r->nhid && r->nnh && r->nh[0].gateway.family;
}

/* ---- insertion: fib6_add_rt2node() ---- */

static const struct fib_nexthop *hop(const struct fib_route *r)
{
    static const struct fib_nexthop none;
    return r->nnh ? &r->nh[0] : &none;
}

/* rt6_duplicate_nexthop() */
static bool same_nexthop(const struct fib_route *a, const struct fib_route *b)
{
    if (a->nhid || b->nhid)
        return a->nhid == b->nhid;
    return hop(a)->dev == hop(b)->dev && inet_addr_eq(&hop(a)->gateway, &hop(b)->gateway);
}

static struct list *after_metric(struct fib_node *n, uint32_t metric)
{
    list_each(pos, &n->routes)
    {
        if (route_of(pos)->priority > metric)
            return pos;
    }
    return &n->routes;
}

static bool has_metric(const struct fib_node *n, uint32_t metric)
{
    list_each(pos, &n->routes)
    {
        if (route_of(pos)->priority == metric)
            return true;
    }
    return false;
}

static struct fib_route *find_duplicate(struct fib_node *n, const struct fib_route *r)
{
    list_each(pos, &n->routes)
    {
        struct fib_route *have = route_of(pos);
        if (have->priority == r->priority && same_nexthop(have, r))
            return have;
    }
    return NULL;
}

/* What a replacement takes the place of: of the same metric, and rather of the same kind (with
 * gateway or without). */
static struct fib_route *find_replaced(struct fib_node *n, const struct fib_route *r)
{
    struct fib_route *fallback = NULL;
    list_each(pos, &n->routes)
    {
        struct fib_route *have = route_of(pos);
        if (have->priority != r->priority)
            continue;
        if (fib6_ecmp(have) == fib6_ecmp(r))
            return have;
        if (!fallback)
            fallback = have;
    }
    return fallback;
}

static void replace_route(struct fib *fib, struct fib_table *t, struct fib_node *n,
                          struct fib_route *old, struct fib_route *r)
{
    bool multipath = fib6_ecmp(old);
    list_insert_before(&r->node, &old->node);
    fib_route_linked(fib, t, r);
    fib_unlink(fib, t, old);
    list_each_safe(pos, tmp, &n->routes)
    {
        struct fib_route *have = route_of(pos);
        if (multipath && have != r && have->priority == r->priority && fib6_ecmp(have))
            fib_unlink(fib, t, have);
    }
}

static int check_duplicates(struct fib_node *n, struct fib_route *r, unsigned nlflags)
{
    if ((nlflags & VNET_NLM_F_EXCL) && has_metric(n, r->priority))
        return -EEXIST;
    struct fib_route *dup = nlflags & VNET_NLM_F_REPLACE ? NULL : find_duplicate(n, r);
    if (!dup)
        return 0;
    if (dup->expires)
        dup->expires = r->expires;
    return -EEXIST;
}

static int insert_in_node(struct fib *fib, struct fib_table *t, struct fib_node *n,
                          struct fib_route *r, unsigned nlflags)
{
    int error = check_duplicates(n, r, nlflags);
    if (error)
        return error;
    struct fib_route *old = nlflags & VNET_NLM_F_REPLACE ? find_replaced(n, r) : NULL;
    if (old) {
        replace_route(fib, t, n, old, r);
        return 0;
    }
    if (nlflags & VNET_NLM_F_REPLACE && !(nlflags & VNET_NLM_F_CREATE))
        return -ENOENT;
    list_insert_before(&r->node, after_metric(n, r->priority));
    fib_route_linked(fib, t, r);
    return 0;
}

int fib6_insert(struct fib *fib, struct fib_table *t, struct fib_route *r, unsigned nlflags,
                struct vnet_err *err)
{
    bool must_exist = nlflags & VNET_NLM_F_REPLACE && !(nlflags & VNET_NLM_F_CREATE);
    struct fib_node *n = fib_find_node(t, &r->dst, &r->src);
    if (must_exist && !n) { /* fib6_add_1(), which finds a table's root in any case */
        bool root = r->dst.len == 0 && r->src.len == 0;
        fib_route_free(r);
        return root ? -ENOENT : vnet_err(err, ENOENT, "Can not replace route - no match found");
    }
    if (!n)
        n = fib_get_node(t, r);
    int error = insert_in_node(fib, t, n, r, nlflags);
    if (error) {
        fib_route_free(r);
        fib_trie_prune(t->trie, n);
        return error;
    }
    if (!(nlflags & FIB6_SILENT))
        inet6_rt_notify(fib->ns, n, r, VNET_RTM_NEWROUTE);
    fib6_start_gc(fib, r);
    vnet_touch(fib->ns->w);
    return 0;
}

/* ---- match ---- */

enum { SCORE_FAIL = -3 };

static bool ignores_linkdown(const struct netdev *dev)
{
    return dev->in6_dev && in6_dev_conf(dev->in6_dev, IPV6_CONF_ignore_routes_with_linkdown);
}

static bool gateway_failed(const struct fib_nexthop *nh)
{
    struct neigh *n = neigh_lookup(nh->dev->ns->nd_tbl, nh->dev, &nh->gateway);
    return n && n->nud_state & VNET_NUD_FAILED;
}

static int wanted_dev(const struct flow *fl, unsigned flags)
{
    return flags & RT6_LOOKUP_INPUT ? fl->iif : fl->oif;
}

/* rt6_score_route(), with the checks of find_match() */
static int score(const struct fib_route *r, const struct flow *fl, unsigned flags)
{
    static const int prefs[] = {[0] = 1, [1] = 2, [2] = 1, [3] = 0}; /* IPV6_DECODE_PREF */
    const struct fib_nexthop *nh = hop(r);
    if (!nh->dev || nh->flags & VNET_RTNH_F_DEAD ||
        (r->expires && r->expires <= nh->dev->ns->w->now))
        return SCORE_FAIL;
    if (nh->flags & VNET_RTNH_F_LINKDOWN && !(flags & RT6_LOOKUP_F_IGNORE_LINKSTATE) &&
        ignores_linkdown(nh->dev))
        return SCORE_FAIL;
    int wanted = wanted_dev(fl, flags);
    int m = !wanted || nh->dev->ifindex == wanted ? 2 : 0;
    if (!m && flags & RT6_LOOKUP_F_IFACE)
        return SCORE_FAIL;
    m |= prefs[r->pref & 3] << 2;
    if (flags & RT6_LOOKUP_F_REACHABLE && nh->gateway.family && gateway_failed(nh))
        return SCORE_FAIL;
    return m;
}

/* rt6_select(): the best of the first metric that has any. */
static const struct fib_route *select_in_node(const struct fib_node *n, const struct flow *fl,
                                              unsigned flags)
{
    const struct fib_route *best = NULL;
    int best_score = -1;
    uint32_t first = route_of(n->routes.next)->priority;
    list_each(pos, &n->routes)
    {
        const struct fib_route *r = route_of(pos);
        if (best && best->priority == first && r->priority != first)
            break;
        int m = score(r, fl, flags);
        if (m > best_score) {
            best = r;
            best_score = m;
        }
    }
    return best;
}

static bool lives_elsewhere(const struct fib_route *a, const struct fib_route *b)
{
    return a->priority == b->priority && fib6_ecmp(b);
}

/* fib6_select_path(): spread flows over the siblings by weight. */
static const struct fib_route *select_sibling(const struct fib_node *n, const struct fib_route *r,
                                              const struct flow *fl, unsigned flags)
{
    if (!fib6_ecmp(r) || (fl->oif && hop(r)->dev->ifindex == fl->oif))
        return r;
    uint64_t total = 0, w = 0;
    list_each(pos, &n->routes)
    {
        if (lives_elsewhere(r, route_of(pos)) && !(hop(route_of(pos))->flags & VNET_RTNH_F_DEAD))
            total += hop(route_of(pos))->weight + 1U;
    }
    uint32_t hash = multipath_hash(hop(r)->dev->ns, fl);
    list_each(pos, &n->routes)
    {
        const struct fib_route *sib = route_of(pos);
        if (!lives_elsewhere(r, sib) || hop(sib)->flags & VNET_RTNH_F_DEAD)
            continue;
        w += hop(sib)->weight + 1U;
        if (multipath_takes(hash, w, total))
            return score(sib, fl, flags) >= 0 ? sib : r;
    }
    return r;
}

static int fill_result(const struct fib_table *t, const struct fib_route *r, const struct flow *fl,
                       struct fib_result *res)
{
    res->route = r;
    res->nh = r->nhid && r->nnh > 1
                  ? nexthop_select(r->nh[0].dev->ns, r, multipath_hash(r->nh[0].dev->ns, fl))
                  : hop(r);
    res->table = t->id;
    res->prefix_len = r->dst.len;
    res->type = r->blackhole ? VNET_RTN_BLACKHOLE : r->type;
    res->scope = r->scope;
    return fib_type_error(res->type);
}

static int table_lookup(const struct fib_table *t, const struct flow *fl, unsigned flags,
                        struct fib_result *res)
{
    const struct fib_node *n = fib_trie_match6(t->trie, &fl->daddr, &fl->saddr);
    for (; n; n = fib_trie_backtrack(n, &fl->saddr)) {
        const struct fib_route *r = select_in_node(n, fl, flags);
        if (r)
            return fill_result(t, select_sibling(n, r, fl, flags), fl, res);
    }
    return -ENOENT;
}

/* fib6_table_lookup(): reachable gateways first, then any. -EAGAIN: no route. */
int fib6_table_lookup(struct fib *fib, const struct fib_table *t, const struct flow *fl,
                      unsigned flags, struct fib_result *res)
{
    (void)fib;
    int error = table_lookup(t, fl, flags, res);
    if (error == -ENOENT && flags & RT6_LOOKUP_F_REACHABLE)
        error = table_lookup(t, fl, flags & ~(unsigned)RT6_LOOKUP_F_REACHABLE, res);
    return error == -ENOENT ? -EAGAIN : error;
}

int fib6_lookup(struct fib *fib, const struct flow *fl, unsigned flags, struct fib_result *res)
{
    int error;
    if (fib->custom_rules) {
        error = fib_rules_lookup(fib, fl, fib6_table_lookup, flags, res);
    } else {
        error = fib6_table_lookup(fib, fib->local, fl, flags, res);
        if (error == -EAGAIN)
            error = fib6_table_lookup(fib, fib->main, fl, flags, res);
    }
    return error == -EAGAIN || error == -ESRCH ? -ENETUNREACH : error;
}

/* ---- devices ---- */

/* Nexthop objects keep their own watch on devices. */
static bool by_dev(const struct fib_route *r, const struct netdev *dev)
{
    return !r->nhid && hop(r)->dev == dev;
}

struct down {
    struct netdev *dev;
    bool unregister;
};

/* Is a sibling of r's on a device that stays? (rt6_multipath_dead_count) */
static bool sibling_lives(const struct fib_node *n, const struct fib_route *r,
                          const struct netdev *dev)
{
    if (!fib6_ecmp(r))
        return false;
    list_each(pos, &n->routes)
    {
        const struct fib_route *sib = route_of(pos);
        if (lives_elsewhere(r, sib) && !by_dev(sib, dev) && !(hop(sib)->flags & VNET_RTNH_F_DEAD))
            return true;
    }
    return false;
}

/* fib6_ifdown() */
static void route_down(struct fib *fib, struct fib_table *t, struct fib_node *n,
                       struct fib_route *r, void *arg)
{
    const struct down *d = arg;
    if (!by_dev(r, d->dev))
        return;
    if (d->unregister || !sibling_lives(n, r, d->dev)) {
        inet6_rt_notify(fib->ns, NULL, r, VNET_RTM_DELROUTE);
        fib_unlink(fib, t, r);
    } else {
        r->nh[0].flags |= VNET_RTNH_F_DEAD | VNET_RTNH_F_LINKDOWN;
    }
}

void fib6_dev_down(struct netdev *dev, bool unregister)
{
    struct down d = {dev, unregister};
    fib_each_safe(dev->ns->fib6, route_down, &d);
    vnet_touch(dev->ns->w);
}

struct up {
    struct netdev *dev;
    uint8_t flags;
    bool set;
};

static void route_flags(struct fib *fib, struct fib_table *t, struct fib_node *n,
                        struct fib_route *r, void *arg)
{
    const struct up *u = arg;
    (void)fib;
    (void)t;
    (void)n;
    if (!by_dev(r, u->dev))
        return;
    if (!u->set)
        r->nh[0].flags &= (uint8_t)~u->flags;
    else if (r->type != VNET_RTN_LOCAL && r->type != VNET_RTN_ANYCAST)
        r->nh[0].flags |= u->flags;
}

static void change_flags(struct netdev *dev, uint8_t flags, bool set)
{
    struct up u = {dev, flags, set};
    fib_each_safe(dev->ns->fib6, route_flags, &u);
    vnet_touch(dev->ns->w);
}

uint8_t fib6_linkdown(const struct netdev *dev, uint8_t type)
{
    bool here = type == VNET_RTN_LOCAL || type == VNET_RTN_ANYCAST;
    return here || netif_carrier_ok(dev) ? 0 : VNET_RTNH_F_LINKDOWN;
}

void fib6_dev_up(struct netdev *dev)
{
    uint8_t linkdown = netif_carrier_ok(dev) ? VNET_RTNH_F_LINKDOWN : 0;
    change_flags(dev, (uint8_t)(VNET_RTNH_F_DEAD | linkdown), false);
}

void fib6_dev_ready(struct netdev *dev, bool ready)
{
    if (fib_kernel_since(dev->ns, 0x041000)) /* 4.16 */
        change_flags(dev, VNET_RTNH_F_LINKDOWN, !ready);
}

struct lost_source {
    const struct netdev *dev;
    const struct inet_addr *addr;
};

static void forget_source(struct fib *fib, struct fib_table *t, struct fib_node *n,
                          struct fib_route *r, void *arg)
{
    const struct lost_source *l = arg;
    (void)t;
    (void)n;
    if ((!l->dev || by_dev(r, l->dev)) && inet_addr_eq(&r->prefsrc, l->addr))
        fib_forget_prefsrc(fib, r);
}

void fib6_remove_prefsrc(struct netns *ns, const struct netdev *dev, const struct inet_addr *addr)
{
    if (!fib_may_prefer(ns->fib6, addr))
        return;
    struct lost_source l = {dev, addr};
    fib_each_safe(ns->fib6, forget_source, &l);
}
