/* Nexthop objects in the state file: single ones by id, then groups as they were formed. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nametab.h"
#include "inet/nexthop.h"
#include "state/fields.h"
#include "vnet_addr.h"
#include "vnet_route.h"

enum { BUCKETS_MAX = 65535, WEIGHT_MAX = 65536 };

static const struct nametab families[] = {
    {"inet", VNET_AF_INET}, {"inet6", VNET_AF_INET6}, {NULL, 0}};

static const struct state_field nexthop_fields[] = {
    FIELD(nexthop, protocol, "protocol", FIELD_U8),
    FIELD(nexthop, flags, "flags", FIELD_U8, .max = 31),
    FIELD(nexthop, blackhole, "blackhole", FIELD_BOOL),
    FIELD(nexthop, fdb, "fdb", FIELD_BOOL),
    FIELD(nexthop, hop.flags, "nexthop_flags", FIELD_U8, .max = 31),
    FIELD(nexthop, hop.scope, "scope", FIELD_U8, .initial = VNET_SCOPE_LINK),
    {.key = NULL},
};
static const char *const nexthop_keys[] = {"id",    "family",    "dev", "gateway",
                                           "group", "resilient", NULL};

static const struct state_field resilient_fields[] = {
    FIELD(nh_res_table, idle_timer, "idle_timer", FIELD_I64, .max = STATE_TIMER_MAX),
    FIELD(nh_res_table, unbalanced_timer, "unbalanced_timer", FIELD_I64, .max = STATE_TIMER_MAX),
    FIELD(nh_res_table, unbalanced_since, "unbalanced_since", FIELD_I64, .max = STATE_TIME_MAX),
    {.key = NULL},
};
static const char *const resilient_keys[] = {"buckets", "upkeep", NULL};

static const struct state_field bucket_fields[] = {
    FIELD(nh_res_bucket, nhid, "nhid", FIELD_U32),
    FIELD(nh_res_bucket, used_time, "used", FIELD_I64, .max = STATE_TIME_MAX),
    FIELD(nh_res_bucket, migrated_time, "migrated", FIELD_I64, .max = STATE_TIME_MAX),
    {.key = NULL},
};

/* ---- save ---- */

static void save_group(const struct nexthop *nh, struct json_out *o)
{
    json_put_array(o, "group", false);
    for (unsigned i = 0; i < nh->nmembers; i++) {
        json_put_array(o, NULL, false);
        json_put_int(o, NULL, nh->members[i].nh->id);
        json_put_int(o, NULL, nh->members[i].weight);
        json_put_end(o);
    }
    json_put_end(o);
}

static void save_resilient(const struct nh_res_table *t, struct json_out *o)
{
    json_put_object(o, "resilient", false);
    state_put_fields(o, resilient_fields, t);
    json_put_array(o, "buckets", false);
    for (unsigned i = 0; i < t->n; i++) {
        json_put_object(o, NULL, false);
        state_put_fields(o, bucket_fields, &t->buckets[i]);
        json_put_end(o);
    }
    json_put_end(o);
    state_put_timer(o, "upkeep", &t->upkeep);
    json_put_end(o);
}

static void save_nexthop(const struct nexthop *nh, struct json_out *o)
{
    json_put_object(o, NULL, false);
    json_put_int(o, "id", nh->id);
    if (nh->family)
        json_put_str(o, "family", nametab_name(families, nh->family));
    state_put_fields(o, nexthop_fields, nh);
    if (nh->hop.dev)
        json_put_str(o, "dev", nh->hop.dev->name);
    state_put_addr(o, "gateway", &nh->hop.gateway);
    if (nh->group)
        save_group(nh, o);
    if (nh->res)
        save_resilient(nh->res, o);
    json_put_end(o);
}

void state_save_nexthops(const struct netns *ns, struct json_out *o)
{
    const struct nexthop_table *t = ns->nexthops;
    if (t->last_id)
        json_put_int(o, "last_nexthop", t->last_id);
    if (t->n == 0)
        return;
    json_put_array(o, "nexthops", true);
    for (unsigned i = 0; i < t->n; i++)
        if (!t->nh[i]->group)
            save_nexthop(t->nh[i], o);
    size_t n;
    struct nexthop **groups = nexthop_groups(ns, NULL, &n);
    while (n > 0)
        save_nexthop(groups[--n], o);
    free(groups);
    json_put_end(o);
}

/* ---- load ---- */

static int load_single(struct state_loader *l, const json_t *obj, const struct state_path *at,
                       struct nexthop *nh)
{
    const char *family = NULL, *dev = NULL;
    uint32_t value = 0;
    int rc = state_get_str(l, obj, at, "family", 8, &family);
    if (rc == 0 && (!family || !nametab_value(families, family, &value)))
        rc = state_fail(l, at, "family", "must be \"inet\" or \"inet6\"");
    nh->family = (uint8_t)value;
    if (rc == 0)
        rc = state_get_str(l, obj, at, "dev", VNET_IFNAMSIZ - 1, &dev);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "gateway", nh->family, &nh->hop.gateway);
    if (rc < 0)
        return rc;
    nh->hop.dev = dev ? netdev_by_name(l->ns, dev) : NULL;
    return nh->hop.dev || nh->fdb ? 0 : state_fail(l, at, "dev", "must name a link");
}

static bool get_member(const json_t *v, struct netns *ns, struct nh_member *m)
{
    const json_t *id = json_array_get(v, 0), *weight = json_array_get(v, 1);
    if (json_array_size(v) != 2 || !json_is_integer(id) || !json_is_integer(weight))
        return false;
    int64_t number = json_integer_value(id), w = json_integer_value(weight);
    if (number < 1 || number > UINT32_MAX || w < 1 || w > WEIGHT_MAX)
        return false;
    m->nh = nexthop_find(ns, (uint32_t)number);
    m->weight = (uint32_t)w;
    return m->nh && !m->nh->group;
}

static int load_group(struct state_loader *l, const json_t *list, const struct state_path *at,
                      struct nexthop *nh)
{
    const json_t *v;
    size_t n = json_array_size(list), i;
    if (!json_is_array(list) || n < 1 || n > VNET_NH_MEMBERS_MAX)
        return state_fail(l, at, "group", "must be an array of 1 to %d", VNET_NH_MEMBERS_MAX);
    nh->group = true;
    nh->formed = ++l->ns->nexthops->formed;
    nh->members = mem_calloc(n, sizeof(*nh->members));
    json_array_foreach(list, i, v)
    {
        struct nh_member m = {0};
        if (!get_member(v, l->ns, &m) || m.nh->fdb != nh->fdb || nexthop_in_group(nh, m.nh))
            return state_fail(l, at, "group",
                              "must hold pairs of a nexthop's id, each but once, and a weight");
        nh->members[nh->nmembers++] = m;
    }
    return 0;
}

static int load_buckets(struct state_loader *l, const json_t *list, const struct state_path *up,
                        struct nh_res_table *t)
{
    const struct state_path at = {.up = up, .key = "buckets"};
    const json_t *v;
    size_t i;
    json_array_foreach(list, i, v)
    {
        const struct state_path item = {.up = &at, .index = i};
        int rc = state_only_fields(l, v, &item, bucket_fields, NULL);
        if (rc == 0)
            rc = state_get_fields(l, v, &item, bucket_fields, &t->buckets[i]);
        if (rc < 0)
            return rc;
        const struct nexthop *nh = nexthop_find(l->ns, t->buckets[i].nhid);
        if (!nh || !nexthop_in_group(t->group, nh))
            return state_fail(l, &item, "nhid", "must be a member of the group");
        t->buckets[i].occupied = true;
    }
    nh_res_recount(t);
    return 0;
}

static int load_resilient(struct state_loader *l, const json_t *obj, const struct state_path *up,
                          struct nexthop *nh)
{
    const struct state_path at = {.up = up, .key = "resilient"};
    const json_t *res = json_object_get(obj, "resilient"), *list = json_object_get(res, "buckets");
    size_t n = json_array_size(list);
    if (!res)
        return 0;
    if (!nh->group)
        return state_fail(l, up, "resilient", "is of groups only");
    if (!json_is_array(list) || n < 1 || n > BUCKETS_MAX)
        return state_fail(l, &at, "buckets", "must be an array of 1 to %d", BUCKETS_MAX);
    nh->res = nh_res_new(nh, (uint16_t)n);
    int rc = state_only_fields(l, res, &at, resilient_fields, resilient_keys);
    if (rc == 0)
        rc = state_get_fields(l, res, &at, resilient_fields, nh->res);
    if (rc == 0)
        rc = load_buckets(l, list, &at, nh->res);
    return rc ? rc : state_get_timer(l, res, &at, "upkeep", &nh->res->upkeep);
}

static int load_nexthop(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    const json_t *group = json_object_get(obj, "group");
    int64_t id = 0;
    int rc = state_only_fields(l, obj, at, nexthop_fields, nexthop_keys);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "id", 1, UINT32_MAX, &id);
    if (rc < 0)
        return rc;
    if (!id || nexthop_find(l->ns, (uint32_t)id))
        return state_fail(l, at, "id", "must be a number that no other nexthop has");
    struct nexthop *nh = nexthop_load(l->ns, (uint32_t)id);
    rc = state_get_fields(l, obj, at, nexthop_fields, nh);
    if (rc == 0)
        rc = group ? load_group(l, group, at, nh) : load_single(l, obj, at, nh);
    return rc ? rc : load_resilient(l, obj, at, nh);
}

int state_load_nexthops(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    int64_t last = 0;
    int rc = state_get_int(l, obj, at, "last_nexthop", 0, UINT32_MAX, &last);
    l->ns->nexthops->last_id = (uint32_t)last;
    return rc ? rc : state_get_list(l, obj, at, "nexthops", load_nexthop);
}
