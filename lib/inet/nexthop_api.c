/* Nexthop objects as they are shown: RTM_GETNEXTHOP, RTM_GETNEXTHOPBUCKET (net/ipv4/nexthop.c). */
#include <errno.h>

#include "inet/nexthop.h"
#include "sim/world.h"

static uint64_t ticks(int64_t ns)
{
    return ns > 0 ? (uint64_t)(ns / VNET_CLOCK_T) : 0;
}

static unsigned list_members(const struct nexthop *nh, struct vnet_nh_member *out)
{
    unsigned n = nh->nmembers < VNET_NH_MEMBERS_MAX ? nh->nmembers : VNET_NH_MEMBERS_MAX;
    for (unsigned i = 0; i < n; i++)
        out[i] = (struct vnet_nh_member){nh->members[i].nh->id, nh->members[i].weight};
    return n;
}

void nexthop_fill_info(const struct nexthop *nh, struct vnet_nh_info *info,
                       struct vnet_nh_member *members)
{
    *info = (struct vnet_nh_info){
        .id = nh->id, .family = nh->family, .protocol = nh->protocol, .flags = nh->flags};
    info->fdb = nh->fdb;
    if (nh->group) {
        info->members = members;
        info->nmembers = list_members(nh, members);
    } else if (nh->blackhole) {
        info->blackhole = true;
    } else {
        info->scope = nh->hop.scope;
        info->gateway = nh->hop.gateway;
        info->oif = nh->hop.dev ? nh->hop.dev->ifindex : 0;
    }
    if (!nh->res)
        return;
    const struct nh_res_table *t = nh->res;
    info->group_type = VNET_NH_GRP_RES;
    info->buckets = t->n;
    info->idle_timer = (uint32_t)ticks(t->idle_timer);
    info->unbalanced_timer = (uint32_t)ticks(t->unbalanced_timer);
    if (!nh_res_balanced(t))
        info->unbalanced_time = ticks(nh->ns->w->now - t->unbalanced_since);
}

int vnet_nh_get(const struct netns *ns, uint32_t id, struct vnet_nh_info *info,
                struct vnet_nh_member *members, struct vnet_err *err)
{
    if (!id)
        return vnet_err(err, EINVAL, "Invalid nexthop id");
    const struct nexthop *nh = nexthop_find(ns, id);
    if (!nh)
        return -ENOENT;
    nexthop_fill_info(nh, info, members);
    return 0;
}

static bool by_device(const struct nexthop *nh, const struct vnet_nh_filter *f)
{
    const struct netdev *dev = nh->hop.dev;
    if (f->oif && (!dev || dev->ifindex != f->oif))
        return false;
    return !f->master || (dev && dev->master && dev->master->ifindex == f->master);
}

/* nh_dump_filtered() */
static bool wanted(const struct nexthop *nh, const struct vnet_nh_filter *f)
{
    if (f->groups && !nh->group)
        return false;
    if (!f->oif && !f->master && !f->family)
        return true;
    return !nh->group && (!f->family || nh->family == f->family) && by_device(nh, f);
}

int vnet_nh_dump(const struct netns *ns, const struct vnet_nh_filter *filter,
                 int (*cb)(const struct vnet_nh_info *info, void *arg), void *arg)
{
    struct vnet_nh_member members[VNET_NH_MEMBERS_MAX];
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < ns->nexthops->n; i++) {
        struct vnet_nh_info info;
        if (!wanted(ns->nexthops->nh[i], filter))
            continue;
        nexthop_fill_info(ns->nexthops->nh[i], &info, members);
        rc = cb(&info, arg);
    }
    return rc;
}

/* ---- buckets ---- */

static void fill_bucket(const struct nexthop *nh, uint16_t index, struct vnet_nh_bucket *b)
{
    const struct nh_res_bucket *bucket = &nh->res->buckets[index];
    *b = (struct vnet_nh_bucket){.id = nh->id,
                                 .index = index,
                                 .nhid = bucket->nhid,
                                 .protocol = nh->protocol,
                                 .idle_time = ticks(nh->ns->w->now - bucket->used_time)};
}

/* nexthop_find_group_resilient() */
static int find_resilient(const struct netns *ns, uint32_t id, const struct nexthop **nh,
                          struct vnet_err *err)
{
    *nh = nexthop_find(ns, id);
    if (!*nh)
        return -ENOENT;
    if (!(*nh)->group)
        return vnet_err(err, EINVAL, "Not a nexthop group");
    if (!(*nh)->res)
        return vnet_err(err, EINVAL, "Nexthop group not of type resilient");
    return 0;
}

static int dump_buckets(const struct nexthop *nh, const struct vnet_nh_filter *f,
                        int (*cb)(const struct vnet_nh_bucket *b, void *arg), void *arg)
{
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < nh->res->n; i++) {
        struct vnet_nh_bucket b;
        fill_bucket(nh, (uint16_t)i, &b);
        const struct nexthop *member = nexthop_find(nh->ns, b.nhid);
        if ((f->nhid && b.nhid != f->nhid) || !member || !by_device(member, f))
            continue;
        rc = cb(&b, arg);
    }
    return rc;
}

int vnet_nh_bucket_dump(const struct netns *ns, const struct vnet_nh_filter *filter,
                        int (*cb)(const struct vnet_nh_bucket *b, void *arg), void *arg,
                        struct vnet_err *err)
{
    if (filter->id) {
        const struct nexthop *nh;
        int rc = find_resilient(ns, filter->id, &nh, err);
        return rc ? rc : dump_buckets(nh, filter, cb, arg);
    }
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < ns->nexthops->n; i++)
        if (ns->nexthops->nh[i]->res)
            rc = dump_buckets(ns->nexthops->nh[i], filter, cb, arg);
    return rc;
}

int vnet_nh_bucket_get(const struct netns *ns, uint32_t id, uint16_t index,
                       struct vnet_nh_bucket *b, struct vnet_err *err)
{
    const struct nexthop *nh;
    int rc = find_resilient(ns, id, &nh, err);
    if (rc)
        return rc;
    if (index >= nh->res->n)
        return vnet_err(err, ENOENT, "Bucket index out of bounds");
    fill_bucket(nh, index, b);
    return 0;
}
