/* IPv4 routes within their prefix: insertion, removal, match (net/ipv4/fib_trie.c). In a prefix,
 * routes stand by table (the higher id first), tos (descending), priority, then as they came. */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "inet/devinet.h"
#include "inet/fib_internal.h"
#include "inet/rtnetlink.h"

#define route_of(pos) list_entry(pos, struct fib_route, node)

/* fib_find_info(): are these the same but for destination, tos and state? */
static bool same_info(const struct fib_route *a, const struct fib_route *b)
{
    enum { STATE = VNET_RTNH_F_DEAD | VNET_RTNH_F_LINKDOWN };
    if (a->nhid != b->nhid || a->nnh != b->nnh || a->protocol != b->protocol ||
        a->scope != b->scope || a->priority != b->priority || a->type != b->type ||
        ((a->flags ^ b->flags) & ~(uint32_t)STATE) || !inet_addr_eq(&a->prefsrc, &b->prefsrc) ||
        !fib_metrics_eq(a->metrics, b->metrics))
        return false;
    for (unsigned i = 0; i < a->nnh; i++)
        if (!fib_nexthop_eq(&a->nh[i], &b->nh[i]))
            return false;
    return true;
}

/* fib_find_alias(): the first route of the table not before (tos, priority); NULL: none. */
static struct fib_route *find_alias(struct fib_node *n, uint32_t table, uint8_t tos,
                                    uint32_t priority)
{
    list_each(pos, &n->routes)
    {
        struct fib_route *r = route_of(pos);
        if (r->table > table)
            continue;
        if (r->table != table)
            return NULL;
        if (r->tos > tos)
            continue;
        if (r->priority >= priority || r->tos < tos)
            return r;
    }
    return NULL;
}

/* Where the section of a table ends in a prefix. */
static struct list *section_end(struct fib_node *n, uint32_t table)
{
    list_each(pos, &n->routes)
    {
        if (route_of(pos)->table < table)
            return pos;
    }
    return &n->routes;
}

static bool same_rank(const struct fib_route *a, const struct fib_route *b)
{
    return a->table == b->table && a->tos == b->tos && a->priority == b->priority;
}

static void replace_route(struct fib *fib, struct fib_table *t, struct fib_route *old,
                          struct fib_route *r)
{
    list_insert_before(&r->node, &old->node);
    fib_route_linked(fib, t, r);
    fib_unlink(fib, t, old);
    rtmsg_fib(fib->ns, r, VNET_RTM_NEWROUTE);
    vnet_touch(fib->ns->w);
}

/* Of the routes of first's rank, the one that is as r; NULL: none, *end is where they end. */
static struct fib_route *find_same(struct fib_node *n, struct fib_route *first,
                                   const struct fib_route *r, struct list **end)
{
    struct list *p = &first->node;
    for (; p != &n->routes && same_rank(route_of(p), r); p = p->next)
        if (same_info(route_of(p), r))
            return route_of(p);
    *end = p;
    return NULL;
}

/* Routes of r's rank are there, `first` the first of them: 0 and in *pos where r goes; -EEXIST; 1:
 * r has taken the place of the first, or is there already. */
static int among_equals(struct fib *fib, struct fib_table *t, struct fib_node *n,
                        struct fib_route *r, unsigned nlflags, struct list **pos)
{
    struct fib_route *first = route_of(*pos);
    struct list *end;
    if (nlflags & VNET_NLM_F_EXCL)
        return -EEXIST;
    struct fib_route *match = find_same(n, first, r, &end);
    if (nlflags & VNET_NLM_F_REPLACE && match == first) {
        fib_route_free(r);
        return 1;
    }
    if (match)
        return -EEXIST;
    if (nlflags & VNET_NLM_F_REPLACE) {
        replace_route(fib, t, first, r);
        return 1;
    }
    if (nlflags & VNET_NLM_F_APPEND)
        *pos = end;
    return 0;
}

int fib4_insert(struct fib *fib, struct fib_table *t, struct fib_route *r, unsigned nlflags)
{
    struct fib_node *n = fib_trie_find(t->trie, &r->dst);
    struct fib_route *fa = n ? find_alias(n, t->id, r->tos, r->priority) : NULL;
    struct list *pos = fa ? &fa->node : n ? section_end(n, t->id) : NULL;
    if (fa && same_rank(fa, r)) {
        int rc = among_equals(fib, t, n, r, nlflags, &pos);
        if (rc < 0)
            fib_route_free(r);
        if (rc)
            return rc < 0 ? rc : 0;
    }
    if (!(nlflags & VNET_NLM_F_CREATE)) {
        fib_route_free(r);
        return -ENOENT;
    }
    if (!n) {
        n = fib_trie_get(t->trie, &r->dst);
        pos = &n->routes;
    }
    list_insert_before(&r->node, pos);
    fib_route_linked(fib, t, r);
    rtmsg_fib(fib->ns, r, VNET_RTM_NEWROUTE);
    vnet_touch(fib->ns->w);
    return 0;
}

/* ---- removal ---- */

static bool gateway_matches(const struct inet_addr *want, const struct inet_addr *have)
{
    return inet_addr_eq(want, have);
}

/* fib_nh_match() */
static bool nexthops_match(const struct vnet_route_info *req, const struct fib_route *r)
{
    const struct vnet_nexthop *w = req->nh;
    if (req->priority && req->priority != r->priority)
        return false;
    if (req->nhid)
        return req->nhid == r->nhid;
    bool one = req->nnh == 1 && !req->multipath;
    bool gateway = one && w->gateway.family && !inet_addr_is_any(&w->gateway); /* fc_gw_family */
    bool single = one && (w->oif || gateway);
    if (req->nnh == 0 || (one && !single))
        return true;
    if (r->nhid) /* cannot be told by what its nexthops are */
        return false;
    if (single) {
        const struct fib_nexthop *nh = r->nnh ? &r->nh[0] : NULL;
        int oif = nh && nh->dev ? nh->dev->ifindex : 0;
        static const struct inet_addr none;
        return (!w->oif || w->oif == oif) &&
               (!gateway || gateway_matches(&w->gateway, nh ? &nh->gateway : &none));
    }
    for (unsigned i = 0; i < r->nnh; i++) {
        if (i >= req->nnh)
            return false;
        if (w[i].oif && (!r->nh[i].dev || w[i].oif != r->nh[i].dev->ifindex))
            return false;
        if (w[i].gateway.family && !gateway_matches(&w[i].gateway, &r->nh[i].gateway))
            return false;
    }
    return true;
}

/* fib_metrics_match(): those that the request names. */
static bool metrics_match(const struct vnet_route_info *req, const struct fib_route *r)
{
    for (unsigned i = VNET_RTAX_LOCK; i <= VNET_RTAX_MAX; i++)
        if (req->metrics[i] && req->metrics[i] != (r->metrics ? r->metrics[i] : 0))
            return false;
    return true;
}

static bool delete_matches(const struct vnet_route_info *req, const struct fib_route *r)
{
    return (!req->type || r->type == req->type) &&
           (req->scope == VNET_SCOPE_NOWHERE || r->scope == req->scope) &&
           (!req->prefsrc.family || inet_addr_eq(&r->prefsrc, &req->prefsrc)) &&
           (!req->protocol || r->protocol == req->protocol) && nexthops_match(req, r) &&
           metrics_match(req, r);
}

int fib4_delete(struct fib *fib, struct fib_table *t, const struct vnet_route_info *req)
{
    struct inet_prefix dst = {req->dst, req->dst_len};
    struct fib_node *n = fib_trie_find(t->trie, &dst);
    struct fib_route *fa = n ? find_alias(n, t->id, req->tos, 0) : NULL;
    if (!fa)
        return -ESRCH;
    for (struct list *p = &fa->node; p != &n->routes; p = p->next) {
        struct fib_route *r = route_of(p);
        if (r->table != t->id || r->tos != req->tos)
            break;
        if (!delete_matches(req, r))
            continue;
        rtmsg_fib(fib->ns, r, VNET_RTM_DELROUTE);
        fib_unlink(fib, t, r);
        fib_trie_prune(t->trie, n);
        vnet_touch(fib->ns->w);
        return 0;
    }
    return -ESRCH;
}

/* ---- match ---- */

static bool ignores_linkdown(const struct netdev *dev)
{
    return dev->in_dev && in_dev_orconf(dev->in_dev, IPV4_CONF_ignore_routes_with_linkdown);
}

/* fib_lookup_good_nhc() */
static bool good_nexthop(const struct fib_nexthop *nh, const struct flow *fl, bool ignore_linkstate)
{
    if (nh->flags & VNET_RTNH_F_DEAD || !nh->dev)
        return false;
    if ((nh->flags & VNET_RTNH_F_LINKDOWN) && !ignore_linkstate && ignores_linkdown(nh->dev))
        return false;
    return !fl->oif || fl->oif == nh->dev->ifindex;
}

/* 0: res filled; 1: not this route; -errno: a route that rejects. */
static int match_route(const struct fib_route *r, const struct flow *fl, bool ignore_linkstate,
                       struct fib_result *res)
{
    if ((r->tos && r->tos != fl->tos) || r->scope < fl->scope)
        return 1;
    uint8_t type = r->blackhole ? VNET_RTN_BLACKHOLE : r->type;
    int error = fib_type_error(type);
    if (error) {
        res->type = type;
        return error;
    }
    if (r->flags & VNET_RTNH_F_DEAD)
        return 1;
    for (unsigned i = 0; i < r->nnh; i++) {
        if (!good_nexthop(&r->nh[i], fl, ignore_linkstate))
            continue;
        res->route = r;
        res->nh = &r->nh[i];
        res->prefix_len = r->dst.len;
        res->type = r->type;
        res->scope = r->scope;
        return 0;
    }
    return 1;
}

int fib4_table_lookup(const struct fib_table *t, const struct flow *fl, bool ignore_linkstate,
                      struct fib_result *res)
{
    const struct fib_node *n = fib_trie_match(t->trie, &fl->daddr);
    for (; n; n = fib_trie_shorter(n)) {
        list_each(pos, &n->routes)
        {
            int rc = match_route(route_of(pos), fl, ignore_linkstate, res);
            if (rc > 0)
                continue;
            res->table = t->id;
            return rc;
        }
    }
    return -EAGAIN;
}

static void flush_dead(struct fib *fib, struct fib_table *t, struct fib_node *n,
                       struct fib_route *r, void *arg)
{
    (void)n;
    (void)arg;
    if (r->flags & VNET_RTNH_F_DEAD)
        fib_unlink(fib, t, r);
}

void fib4_flush(struct netns *ns)
{
    fib_each_safe(ns->fib4, flush_dead, NULL);
    vnet_touch(ns->w);
}
