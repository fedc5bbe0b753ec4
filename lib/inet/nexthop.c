/* Nexthop objects: made, replaced, removed; the routes that name them (net/ipv4/nexthop.c of 6.1
 * and 6.18). */
#include "inet/multipath.h"
#include "inet/nexthop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inet/fib_internal.h"
#include "inet/neigh.h"
#include "inet/rtnetlink.h"
#include "sim/world.h"
#include "vnet_addr.h"

void nexthop_net_init(struct netns *ns)
{
    ns->nexthops = mem_alloc(sizeof(*ns->nexthops));
}

void nexthop_net_exit(struct netns *ns)
{
    for (unsigned i = 0; i < ns->nexthops->n; i++)
        nexthop_free(ns->nexthops->nh[i]);
    free(ns->nexthops->nh);
    free(ns->nexthops);
    ns->nexthops = NULL;
}

/* ---- the table ---- */

/* Where an id is, or would go. */
static unsigned place(const struct nexthop_table *t, uint32_t id)
{
    unsigned lo = 0, hi = t->n;
    while (lo < hi) {
        unsigned mid = (lo + hi) / 2;
        if (t->nh[mid]->id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

struct nexthop *nexthop_find(const struct netns *ns, uint32_t id)
{
    const struct nexthop_table *t = ns->nexthops;
    unsigned i = place(t, id);
    return i < t->n && t->nh[i]->id == id ? t->nh[i] : NULL;
}

void nexthop_insert(struct netns *ns, struct nexthop *nh)
{
    struct nexthop_table *t = ns->nexthops;
    unsigned i = place(t, nh->id);
    if (t->n == t->cap) {
        t->cap = t->cap ? 2 * t->cap : 8;
        t->nh = mem_realloc(t->nh, t->cap * sizeof(*t->nh));
    }
    memmove(t->nh + i + 1, t->nh + i, (t->n - i) * sizeof(*t->nh));
    t->nh[i] = nh;
    t->n++;
    vnet_touch(ns->w);
}

static void take_out(struct nexthop *nh)
{
    struct nexthop_table *t = nh->ns->nexthops;
    unsigned i = place(t, nh->id);
    memmove(t->nh + i, t->nh + i + 1, (t->n - i - 1) * sizeof(*t->nh));
    t->n--;
    vnet_touch(nh->ns->w);
}

void nexthop_free(struct nexthop *nh)
{
    nh_res_free(nh->res);
    free(nh->members);
    free(nh);
}

struct nexthop *nexthop_load(struct netns *ns, uint32_t id)
{
    struct nexthop *nh = mem_alloc(sizeof(*nh));
    nh->ns = ns;
    nh->id = id;
    nexthop_insert(ns, nh);
    return nh;
}

void nexthop_adopt(struct nexthop *nh, struct nexthop *other)
{
    uint32_t id = nh->id;
    struct nexthop old = *nh;
    *nh = *other;
    nh->id = id;
    *other = old;
    if (nh->res)
        nh->res->group = nh;
    nexthop_free(other);
}

bool nexthop_is_blackhole(const struct nexthop *nh)
{
    if (nh->group)
        return nh->nmembers == 1 && nh->members[0].nh->blackhole;
    return nh->blackhole;
}

/* ---- routes ---- */

static int check_scope(const struct nexthop *nh, uint8_t scope, struct vnet_err *err)
{
    if (scope == VNET_SCOPE_HOST && nh->hop.gateway.family)
        return vnet_err(err, EINVAL, "Route with host scope can not have a gateway");
    if (nh->hop.flags & VNET_RTNH_F_ONLINK && scope >= VNET_SCOPE_LINK)
        return vnet_err(err, EINVAL, "Scope mismatch with nexthop");
    return 0;
}

static int check_route4(const struct nexthop *nh, uint8_t scope, struct vnet_err *err)
{
    if (nh->fdb)
        return vnet_err(err, EINVAL, "Route cannot point to a fdb nexthop");
    if (nh->group && scope == VNET_SCOPE_HOST)
        return vnet_err(err, EINVAL, "Route with host scope can not have multiple nexthops");
    return check_scope(nh->group ? nh->members[0].nh : nh, scope, err);
}

static int check_route6(const struct nexthop *nh, struct vnet_err *err)
{
    bool v4 = nh->family == VNET_AF_INET;
    for (unsigned i = 0; i < nh->nmembers; i++)
        v4 |= nh->members[i].nh->family == VNET_AF_INET;
    if (v4)
        return vnet_err(err, EINVAL, "IPv6 routes can not use an IPv4 nexthop");
    return nh->fdb ? vnet_err(err, EINVAL, "Route cannot point to a fdb nexthop") : 0;
}

int nexthop_check_route(const struct nexthop *nh, uint8_t family, uint8_t scope,
                        struct vnet_err *err)
{
    return family == VNET_AF_INET6 ? check_route6(nh, err) : check_route4(nh, scope, err);
}

struct check_routes {
    const struct nexthop *nh;
    uint32_t id;
    struct vnet_err *err;
};

static int check_one_route(const struct fib_route *r, void *arg)
{
    struct check_routes *c = arg;
    if (r->nhid != c->id)
        return 0;
    return nexthop_check_route(c->nh, r->dst.addr.family, r->scope, c->err);
}

int nexthop_check_routes(const struct nexthop *old, const struct nexthop *nh, struct vnet_err *err)
{
    struct check_routes c = {nh, old->id, err};
    int error = fib_each(old->ns->fib4, check_one_route, &c);
    return error ? error : fib_each(old->ns->fib6, check_one_route, &c);
}

static unsigned hops_of(const struct nexthop *nh, struct fib_nexthop *out)
{
    if (!nh->group) {
        *out = nh->hop;
        return 1;
    }
    for (unsigned i = 0; i < nh->nmembers; i++) {
        out[i] = nh->members[i].nh->hop;
        out[i].weight = (uint8_t)(nh->members[i].weight - 1);
    }
    return nh->nmembers;
}

void nexthop_fill_route(struct fib_route *r, const struct nexthop *nh)
{
    r->nnh = hops_of(nh, fib_route_hops(r, nh->group ? nh->nmembers : 1));
    r->nhid = nh->id;
    r->blackhole = nexthop_is_blackhole(nh);
}

static void refill_route(struct fib *fib, struct fib_table *t, struct fib_node *n,
                         struct fib_route *r, void *arg)
{
    const struct nexthop *nh = arg;
    (void)fib;
    (void)t;
    (void)n;
    if (r->nhid == nh->id)
        nexthop_fill_route(r, nh);
}

/* The routes that name nh, or a group that it is in. */
static void refill_routes(struct nexthop *nh)
{
    struct netns *ns = nh->ns;
    fib_each_safe(ns->fib4, refill_route, nh);
    fib_each_safe(ns->fib6, refill_route, nh);
    for (unsigned i = 0; i < ns->nexthops->n; i++)
        if (nexthop_in_group(ns->nexthops->nh[i], nh))
            refill_routes(ns->nexthops->nh[i]);
}

static void drop_route(struct fib *fib, struct fib_table *t, struct fib_node *n,
                       struct fib_route *r, void *arg)
{
    const struct nexthop *nh = arg;
    (void)n;
    if (r->nhid != nh->id)
        return;
    if (fib->family == VNET_AF_INET6) /* fib_flush() says nothing */
        inet6_rt_notify(fib->ns, NULL, r, VNET_RTM_DELROUTE);
    fib_unlink(fib, t, r);
}

static void tell_route(struct fib *fib, struct fib_table *t, struct fib_node *n,
                       struct fib_route *r, void *arg)
{
    const struct nexthop *nh = arg;
    (void)t;
    (void)n;
    if (r->nhid != nh->id)
        return;
    if (fib->family == VNET_AF_INET6)
        inet6_rt_notify(fib->ns, NULL, r, VNET_RTM_NEWROUTE);
    else
        rtmsg_fib(fib->ns, r, VNET_RTM_NEWROUTE);
}

static void tell_routes_of(const struct nexthop *nh)
{
    fib_each_safe(nh->ns->fib4, tell_route, (void *)nh);
    fib_each_safe(nh->ns->fib6, tell_route, (void *)nh);
}

/* nexthop_replace_notify(): for listeners that know nothing of objects (nexthop_compat_mode). */
static void tell_routes(const struct nexthop *nh)
{
    size_t n;
    if (!rtnl_has_listeners(nh->ns, VNET_RTMGRP_IPV4_ROUTE | VNET_RTMGRP_IPV6_ROUTE))
        return;
    tell_routes_of(nh);
    struct nexthop **groups = nexthop_groups(nh->ns, nh, &n);
    for (size_t i = 0; i < n; i++)
        tell_routes_of(groups[i]);
    free(groups);
}

/* nexthop_select_path_hthr() */
static const struct fib_nexthop *select_by_threshold(const struct netns *ns,
                                                     const struct fib_route *r, uint32_t hash)
{
    const struct fib_nexthop *fallback = NULL;
    uint64_t total = 0, w = 0;
    for (unsigned i = 0; i < r->nnh; i++)
        total += r->nh[i].weight + 1U;
    for (unsigned i = 0; i < r->nnh; i++) {
        const struct fib_nexthop *nh = &r->nh[i];
        w += nh->weight + 1U;
        if (!multipath_takes(hash, w, total))
            continue;
        if (multipath_gateway_good(ns, nh))
            return nh;
        if (!fallback)
            fallback = nh;
    }
    return fallback;
}

const struct fib_nexthop *nexthop_select(const struct netns *ns, const struct fib_route *r,
                                         uint32_t hash)
{
    const struct nexthop *nh = nexthop_find(ns, r->nhid);
    if (nh && nh->res)
        return &r->nh[nh_res_select(nh->res, hash) % r->nnh];
    return select_by_threshold(ns, r, hash);
}

/* ---- removal ---- */

/* remove_nexthop_from_groups(): a group without members goes. */
static void leave_groups(const struct nexthop *nh, bool told)
{
    size_t n;
    struct nexthop **groups = nexthop_groups(nh->ns, nh, &n);
    for (size_t i = 0; i < n; i++) {
        if (groups[i]->nmembers == 1) {
            nexthop_remove(groups[i], told);
            continue;
        }
        nexthop_leave_group(groups[i], nh);
        refill_routes(groups[i]);
        if (told)
            nexthop_notify(groups[i], VNET_RTM_NEWNEXTHOP);
    }
    free(groups);
}

void nexthop_remove(struct nexthop *nh, bool told)
{
    struct netns *ns = nh->ns;
    take_out(nh);
    if (told)
        nexthop_notify(nh, VNET_RTM_DELNEXTHOP);
    fib_each_safe(ns->fib4, drop_route, nh);
    fib_each_safe(ns->fib6, drop_route, nh);
    if (!nh->group)
        leave_groups(nh, told);
    nexthop_free(nh);
}

/* nexthop_flush_dev() */
static void flush_dev(const struct netdev *dev, bool down)
{
    struct nexthop_table *t = dev->ns->nexthops;
    for (unsigned i = 0; i < t->n;) {
        struct nexthop *nh = t->nh[i];
        if (nh->group || nh->fdb || nh->hop.dev != dev || (nh->blackhole && down)) {
            i++;
        } else {
            nexthop_remove(nh, false);
            i = 0;
        }
    }
}

void nexthop_netdev_event(struct netdev *dev, enum netdev_event event)
{
    bool running = netdev_flags(dev) & (VNET_IFF_RUNNING | VNET_IFF_LOWER_UP);
    if (event == NETDEV_UNREGISTER)
        flush_dev(dev, false);
    else if (event == NETDEV_DOWN || (event == NETDEV_CHANGE && !running))
        flush_dev(dev, true);
}

/* ---- requests ---- */

/* The device of a request: ready to send. */
static int check_device(const struct netns *ns, const struct vnet_nh_info *req,
                        struct vnet_err *err)
{
    const struct netdev *dev = req->oif ? netdev_by_index(ns, req->oif) : NULL;
    if (!dev)
        return vnet_err(err, EINVAL, "Invalid device index");
    if (!netif_running(dev))
        return vnet_err(err, ENETDOWN, "Nexthop device is not up");
    if (!netif_carrier_ok(dev))
        return vnet_err(err, ENETDOWN, "Carrier for nexthop device is down");
    return 0;
}

static int check_fdb(const struct vnet_nh_info *req, struct vnet_err *err)
{
    if (req->has_oif || req->blackhole)
        return vnet_err(err, EINVAL, "Fdb attribute can not be used with encap, oif or blackhole");
    if (req->flags)
        return vnet_err(err, EINVAL, "Unsupported nexthop flags in ancillary header");
    return 0;
}

static int check_hop(const struct vnet_nh_info *req, struct vnet_err *err)
{
    if (req->blackhole)
        return req->gateway.family || req->has_oif
                   ? vnet_err(err, EINVAL,
                              "Blackhole attribute can not be used with gateway, oif, encap or fdb")
                   : 0;
    if (!req->fdb && !req->has_oif)
        return vnet_err(err, EINVAL,
                        "Device attribute required for non-blackhole and non-fdb nexthops");
    return 0;
}

static int check_onlink(const struct vnet_nh_info *req, struct vnet_err *err)
{
    if (!req->blackhole && !req->gateway.family && req->flags & VNET_RTNH_F_ONLINK)
        return vnet_err(err, EINVAL, "ONLINK flag can not be set for nexthop without a gateway");
    return 0;
}

/* rtm_to_nh_config_rtnl(): what is named must be there. */
static int check_named(const struct netns *ns, const struct vnet_nh_info *req, struct vnet_err *err)
{
    if (req->members)
        return nexthop_check_members(ns, req, err);
    return req->blackhole || req->fdb ? 0 : check_device(ns, req, err);
}

static int check_family(const struct vnet_nh_info *req, struct vnet_err *err)
{
    if (!req->members && req->family != VNET_AF_INET && req->family != VNET_AF_INET6)
        return vnet_err(err, EINVAL, "Invalid address family");
    int error = req->fdb ? check_fdb(req, err) : 0;
    if (!error && req->members && req->family)
        error = vnet_err(err, EINVAL, "Invalid family for group");
    return error;
}

/* Since about 6.16 what is named is looked up last, under the lock; seen on 6.18, not on 6.1. */
enum { KERNEL_LOOKS_LAST = 0x061000 };

/* rtm_to_nh_config() */
static int check_request(const struct netns *ns, const struct vnet_nh_info *req, bool replace,
                         struct vnet_err *err)
{
    bool last = fib_kernel_since(ns, KERNEL_LOOKS_LAST);
    int error = check_family(req, err);
    if (!error)
        error = req->members ? nexthop_check_group(ns, req, err) : check_hop(req, err);
    if (!error && !last)
        error = check_named(ns, req, err);
    if (!error)
        error = req->members ? nexthop_check_group_words(req, err) : check_onlink(req, err);
    if (!error && replace && !req->id)
        error = vnet_err(err, EINVAL, "Replace requires nexthop id");
    if (!error && last)
        error = check_named(ns, req, err);
    return error;
}

/* nexthop_create(): the nexthop itself, checked as one of a route is. */
static int create_hop(struct netns *ns, struct nexthop *nh, const struct vnet_nh_info *req,
                      struct vnet_err *err)
{
    struct vnet_nexthop want = {
        .oif = req->blackhole ? ns->loopback->ifindex : req->oif,
        .gateway = req->gateway,
        .flags = req->flags,
    };
    int error = 0;
    nh->hop.scope = VNET_SCOPE_LINK;
    nh->hop.gateway = req->gateway;
    nh->hop.flags = req->flags;
    if (req->fdb)
        return 0;
    if (req->family == VNET_AF_INET6) {
        uint8_t scope = nh->hop.scope;
        error = fib6_nh_init(ns->fib6, &nh->hop, &want, err);
        nh->hop.scope = scope;
    } else {
        nh->hop.dev = netdev_by_index(ns, want.oif);
        error = fib_check_nh(ns->fib4, &nh->hop, want.oif, VNET_RT_TABLE_MAIN, 0, err);
    }
    nh->flags = nh->hop.flags;
    return error;
}

static struct nexthop *create(struct netns *ns, const struct vnet_nh_info *req, int *error,
                              struct vnet_err *err)
{
    if (req->members)
        return nexthop_create_group(ns, req);
    struct nexthop *nh = mem_alloc(sizeof(*nh));
    nh->ns = ns;
    nh->family = req->family;
    nh->blackhole = req->blackhole;
    nh->fdb = req->fdb;
    *error = create_hop(ns, nh, req, err);
    if (!*error)
        return nh;
    nexthop_free(nh);
    return NULL;
}

static int check_replacement_in_groups(const struct nexthop *old, const struct nexthop *nh,
                                       struct vnet_err *err)
{
    const struct nexthop_table *t = old->ns->nexthops;
    for (unsigned i = 0; i < t->n; i++) {
        const struct nexthop *group = t->nh[i];
        if (!nexthop_in_group(group, old))
            continue;
        if (nh->blackhole && group->nmembers > 1)
            return vnet_err(
                err, EINVAL,
                "Blackhole nexthop can not be a member of a group with more than one path");
        int error = nexthop_check_routes(group, nh, err);
        if (error)
            return error;
    }
    return 0;
}

/* replace_nexthop(). Owns nh on success. */
static int replace(struct nexthop *old, struct nexthop *nh, const struct vnet_nh_info *req,
                   struct vnet_err *err)
{
    int error = nexthop_check_routes(old, nh, err);
    if (!error)
        error = check_replacement_in_groups(old, nh, err);
    if (!error && old->group)
        error = nexthop_replace_group(old, nh, req, err);
    else if (!error && nh->group)
        error = vnet_err(err, EINVAL, "Can not replace a nexthop with a nexthop group.");
    else if (!error)
        nexthop_adopt(old, nh);
    if (error)
        return error;
    refill_routes(old);
    vnet_touch(old->ns->w);
    return 0;
}

/* insert_nexthop() */
static int insert(struct netns *ns, struct nexthop *nh, const struct vnet_nh_info *req,
                  unsigned nlflags, struct vnet_err *err)
{
    struct nexthop *old = nexthop_find(ns, nh->id);
    if (old)
        return nlflags & VNET_NLM_F_REPLACE ? replace(old, nh, req, err) : -EEXIST;
    if (nh->res && !req->has_buckets)
        return vnet_err(err, EINVAL, "Number of buckets not specified for nexthop group insertion");
    if (nh->res)
        nh_res_start(nh->res);
    nexthop_insert(ns, nh);
    return 0;
}

/* nh_find_unused_id() */
static uint32_t unused_id(struct netns *ns)
{
    do
        ns->nexthops->last_id++;
    while (!ns->nexthops->last_id || nexthop_find(ns, ns->nexthops->last_id));
    vnet_touch(ns->w); /* it is used up, also if the nexthop is refused */
    return ns->nexthops->last_id;
}

int vnet_nh_add(struct netns *ns, const struct vnet_nh_info *req, unsigned nlflags,
                struct vnet_err *err)
{
    if (!fib_kernel_since(ns, 0x050300))
        return -EOPNOTSUPP;
    int error = check_request(ns, req, nlflags & VNET_NLM_F_REPLACE, err);
    if (error)
        return error;
    uint32_t id = req->id ? req->id : unused_id(ns);
    struct nexthop *nh = create(ns, req, &error, err);
    if (!nh)
        return error;
    nh->id = id;
    nh->protocol = req->protocol;
    bool replaces = nexthop_find(ns, id);
    error = insert(ns, nh, req, nlflags, err);
    if (error) {
        nexthop_free(nh);
        return error;
    }
    nexthop_notify(nexthop_find(ns, id), VNET_RTM_NEWNEXTHOP);
    if (replaces)
        tell_routes(nexthop_find(ns, id));
    return 0;
}

int vnet_nh_del(struct netns *ns, uint32_t id, struct vnet_err *err)
{
    if (!id)
        return vnet_err(err, EINVAL, "Invalid nexthop id");
    struct nexthop *nh = nexthop_find(ns, id);
    if (!nh)
        return -ENOENT;
    nexthop_remove(nh, true);
    return 0;
}
