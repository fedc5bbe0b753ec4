/* Groups of nexthop objects (net/ipv4/nexthop.c: nh_check_attr_group(), nexthop_create_group(),
 * replace_nexthop_grp(), remove_nh_grp_entry()). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inet/fib_internal.h"
#include "inet/nexthop.h"
#include "sim/world.h"
#include "vnet_addr.h"

enum { IDLE_TIMER_TICKS = 12000, WEIGHT_MAX = 255 }; /* NH_RES_DEFAULT_IDLE_TIMER: 120 s */

/* ---- checks ---- */

static int check_ids(const struct netns *ns, const struct vnet_nh_info *req, struct vnet_err *err)
{
    bool wide = fib_kernel_since(ns, 0x060c00); /* 6.12 made weights 16 bits wide */
    for (unsigned i = 0; i < req->nmembers; i++) {
        if (!wide && req->members[i].weight > WEIGHT_MAX)
            return vnet_err(err, EINVAL, "Invalid value for weight");
        for (unsigned j = i + 1; j < req->nmembers; j++)
            if (req->members[i].id == req->members[j].id)
                return vnet_err(err, EINVAL, "Nexthop id can not be used twice in a group");
    }
    return 0;
}

/* valid_group_nh() */
static int check_member(const struct nexthop *nh, unsigned paths, struct vnet_err *err)
{
    if (nh->group)
        return vnet_err(err, EINVAL, "%s group can not be a nexthop within a group",
                        nh->res ? "Resilient" : "Hash-threshold");
    if (nh->blackhole && paths > 1)
        return vnet_err(err, EINVAL,
                        "Blackhole nexthop can not be used in a group with more than 1 path");
    return 0;
}

/* nh_check_attr_fdb_group() */
static int check_fdb_member(const struct nexthop *nh, uint8_t *family, struct vnet_err *err)
{
    if (!nh->fdb)
        return vnet_err(err, EINVAL, "FDB nexthop group can only have fdb nexthops");
    if (*family && *family != nh->family)
        return vnet_err(err, EINVAL, "FDB nexthop group cannot have mixed family nexthops");
    *family = nh->family;
    return 0;
}

int nexthop_check_members(const struct netns *ns, const struct vnet_nh_info *req,
                          struct vnet_err *err)
{
    uint8_t family = VNET_AF_UNSPEC;
    for (unsigned i = 0; i < req->nmembers; i++) {
        const struct nexthop *nh = nexthop_find(ns, req->members[i].id);
        if (!nh)
            return vnet_err(err, EINVAL, "Invalid nexthop id");
        int error = check_member(nh, req->nmembers, err);
        if (!error && req->fdb)
            error = check_fdb_member(nh, &family, err);
        else if (!error && nh->fdb)
            error = vnet_err(err, EINVAL, "Non FDB nexthop group cannot have fdb nexthops");
        if (error)
            return error;
    }
    return 0;
}

static bool has_resilient_words(const struct vnet_nh_info *req)
{
    return req->has_buckets || req->has_idle_timer || req->has_unbalanced_timer;
}

int nexthop_check_group(const struct netns *ns, const struct vnet_nh_info *req,
                        struct vnet_err *err)
{
    bool resilient = req->group_type == VNET_NH_GRP_RES;
    if (resilient && !fib_kernel_since(ns, 0x050d00)) /* 5.13 */
        return vnet_err(err, EINVAL, "Invalid group type");
    if (req->nmembers == 0)
        return vnet_err(err, EINVAL, "Invalid length for nexthop group attribute");
    return check_ids(ns, req, err);
}

int nexthop_check_group_words(const struct vnet_nh_info *req, struct vnet_err *err)
{
    bool resilient = req->group_type == VNET_NH_GRP_RES;
    if (req->has_oif || req->gateway.family || req->blackhole ||
        (!resilient && has_resilient_words(req)))
        return vnet_err(err, EINVAL, "No other attributes can be set in nexthop groups");
    if (resilient && req->has_buckets && !req->buckets)
        return vnet_err(err, EINVAL, "Number of buckets needs to be non-0");
    return 0;
}

/* ---- making ---- */

struct nexthop *nexthop_create_group(struct netns *ns, const struct vnet_nh_info *req)
{
    struct nexthop *nh = mem_alloc(sizeof(*nh));
    nh->ns = ns;
    nh->group = true;
    nh->fdb = req->fdb;
    nh->hop.scope = VNET_SCOPE_LINK;
    nh->formed = ++ns->nexthops->formed;
    nh->nmembers = req->nmembers;
    nh->members = mem_calloc(req->nmembers, sizeof(*nh->members));
    for (unsigned i = 0; i < req->nmembers; i++) {
        nh->members[i].nh = nexthop_find(ns, req->members[i].id);
        nh->members[i].weight = req->members[i].weight;
    }
    if (req->group_type != VNET_NH_GRP_RES)
        return nh;
    nh->res = nh_res_new(nh, req->buckets);
    nh->res->idle_timer = (req->has_idle_timer ? req->idle_timer : IDLE_TIMER_TICKS) * VNET_CLOCK_T;
    nh->res->unbalanced_timer = req->unbalanced_timer * VNET_CLOCK_T;
    return nh;
}

static int by_formation(const void *a, const void *b)
{
    const struct nexthop *x = *(struct nexthop *const *)a, *y = *(struct nexthop *const *)b;
    return (x->formed < y->formed) - (x->formed > y->formed);
}

struct nexthop **nexthop_groups(const struct netns *ns, const struct nexthop *nh, size_t *n)
{
    const struct nexthop_table *t = ns->nexthops;
    struct nexthop **groups = NULL;
    size_t cap = 0;
    *n = 0;
    for (unsigned i = 0; i < t->n; i++) {
        if (!t->nh[i]->group || (nh && !nexthop_in_group(t->nh[i], nh)))
            continue;
        ARRAY_GROW(groups, *n, cap);
        groups[(*n)++] = t->nh[i];
    }
    if (*n)
        qsort(groups, *n, sizeof(*groups), by_formation);
    return groups;
}

bool nexthop_in_group(const struct nexthop *group, const struct nexthop *nh)
{
    for (unsigned i = 0; i < group->nmembers; i++)
        if (group->members[i].nh == nh)
            return true;
    return false;
}

/* ---- changing ---- */

/* The table of the old group goes on with the new one's members and timers. */
static int replace_resilient(struct nexthop *old, struct nexthop *nh,
                             const struct vnet_nh_info *req, struct vnet_err *err)
{
    struct nh_res_table *t = old->res;
    if (req->has_buckets && req->buckets != t->n)
        return vnet_err(err, EINVAL,
                        "Can not change number of buckets of a resilient nexthop group.");
    if (req->has_idle_timer)
        t->idle_timer = nh->res->idle_timer;
    if (req->has_unbalanced_timer)
        t->unbalanced_timer = nh->res->unbalanced_timer;
    old->res = nh->res;
    nh->res = t;
    nexthop_adopt(old, nh);
    nh_res_members_changed(t);
    return 0;
}

int nexthop_replace_group(struct nexthop *old, struct nexthop *nh, const struct vnet_nh_info *req,
                          struct vnet_err *err)
{
    if (!nh->group)
        return vnet_err(err, EINVAL, "Can not replace a nexthop group with a nexthop.");
    if (!old->res != !nh->res)
        return vnet_err(err, EINVAL,
                        "Can not replace a nexthop group with one of a different type.");
    nh->protocol = old->protocol; /* a group keeps its own */
    if (old->res)
        return replace_resilient(old, nh, req, err);
    nexthop_adopt(old, nh);
    return 0;
}

void nexthop_leave_group(struct nexthop *group, const struct nexthop *nh)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < group->nmembers; i++)
        if (group->members[i].nh != nh)
            group->members[kept++] = group->members[i];
    group->nmembers = kept;
    group->formed = ++group->ns->nexthops->formed;
    if (group->res)
        nh_res_members_changed(group->res);
}
