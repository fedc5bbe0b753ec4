/* Routes of both families in the state file, in the order of a dump. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nametab.h"
#include "dev/netdev.h"
#include "inet/fib_internal.h"
#include "inet/nexthop.h"
#include "state/fields.h"
#include "state/records.h"
#include "state/state.h"
#include "state/values.h"
#include "vnet_addr.h"

static const struct nametab prefs[] = {{"medium", 0}, {"high", 1}, {"low", 3}, {NULL, 0}};

static const struct {
    const char *key;
    uint32_t flag;
} route6_flags[] = {
    {"addrconf", FIB6_RTF_ADDRCONF},
    {"dynamic", FIB6_RTF_DYNAMIC},
    {"modified", FIB6_RTF_MODIFIED},
};
static const struct nametab nexthop_flags[] = {{"dead", VNET_RTNH_F_DEAD},
                                               {"pervasive", VNET_RTNH_F_PERVASIVE},
                                               {"onlink", VNET_RTNH_F_ONLINK},
                                               {"linkdown", VNET_RTNH_F_LINKDOWN},
                                               {NULL, 0}};

static const struct nametab metric_names[] = {{"lock", VNET_RTAX_LOCK},
                                              {"mtu", VNET_RTAX_MTU},
                                              {"window", VNET_RTAX_WINDOW},
                                              {"rtt", VNET_RTAX_RTT},
                                              {"rttvar", VNET_RTAX_RTTVAR},
                                              {"ssthresh", VNET_RTAX_SSTHRESH},
                                              {"cwnd", VNET_RTAX_CWND},
                                              {"advmss", VNET_RTAX_ADVMSS},
                                              {"reordering", VNET_RTAX_REORDERING},
                                              {"hoplimit", VNET_RTAX_HOPLIMIT},
                                              {"initcwnd", VNET_RTAX_INITCWND},
                                              {"features", VNET_RTAX_FEATURES},
                                              {"rto_min", VNET_RTAX_RTO_MIN},
                                              {"initrwnd", VNET_RTAX_INITRWND},
                                              {"quickack", VNET_RTAX_QUICKACK},
                                              {"cc_algo", VNET_RTAX_CC_ALGO},
                                              {"fastopen_no_cookie", VNET_RTAX_FASTOPEN_NO_COOKIE},
                                              {NULL, 0}};

/* ---- save ---- */

static void put_flags(struct json_out *o, uint32_t flags)
{
    if (!flags)
        return;
    json_put_array(o, "flags", false);
    for (const struct nametab *t = nexthop_flags; t->name; t++)
        if (flags & t->value)
            json_put_str(o, NULL, t->name);
    json_put_end(o);
}

/* What fib_nh_scope is for want of anything special. */
static uint8_t usual_scope(const struct fib_route *r, const struct fib_nexthop *nh)
{
    if (r->dst.addr.family == VNET_AF_INET6)
        return 0;
    if (r->scope == VNET_SCOPE_HOST)
        return VNET_SCOPE_NOWHERE;
    return nh->gateway.family ? VNET_SCOPE_LINK : VNET_SCOPE_HOST;
}

static void put_nexthop(struct json_out *o, const struct fib_route *r, const struct fib_nexthop *nh)
{
    state_put_addr(o, "gateway", &nh->gateway);
    if (nh->dev)
        json_put_str(o, "dev", nh->dev->name);
    if (nh->weight)
        json_put_int(o, "weight", nh->weight + 1);
    if (nh->scope != usual_scope(r, nh))
        json_put_int(o, "nexthop_scope", nh->scope);
    put_flags(o, nh->flags);
}

static void put_nexthops(struct json_out *o, const struct fib_route *r)
{
    if (r->nhid) { /* they are the object's */
        json_put_int(o, "nhid", r->nhid);
        put_flags(o, r->flags);
        return;
    }
    if (r->nnh == 1) {
        put_nexthop(o, r, &r->nh[0]);
        return;
    }
    put_flags(o, r->flags);
    if (r->nnh == 0)
        return;
    json_put_array(o, "nexthops", false);
    for (unsigned i = 0; i < r->nnh; i++) {
        json_put_object(o, NULL, false);
        put_nexthop(o, r, &r->nh[i]);
        json_put_end(o);
    }
    json_put_end(o);
}

static void put_metrics(struct json_out *o, const uint32_t *metrics)
{
    if (!metrics)
        return;
    json_put_object(o, "metrics", false);
    for (const struct nametab *t = metric_names; t->name; t++)
        state_put_nonzero(o, t->name, metrics[t->value]);
    json_put_end(o);
}

static bool is_plain(const char *s)
{
    while (json_is_plain(*s))
        s++;
    return !*s;
}

/* An IPv4 address other than 0.0.0.0 as a record has it, or none. */
static bool to_record_addr(const struct inet_addr *a, uint32_t *out)
{
    *out = a->family ? inet_addr_to_v4(a) : 0;
    return !a->family || (a->family == VNET_AF_INET && *out);
}

/* The nexthop of a record: one that is as most are, or none. */
static bool to_record_hop(const struct fib_route *r, struct route_record *out)
{
    const struct fib_nexthop *nh = r->nh;
    if (r->nhid || r->nnh > 1 || (r->nnh ? nh->flags : r->flags))
        return false;
    if (r->nnh == 0)
        return true;
    if (!nh->dev || nh->weight || nh->scope != usual_scope(r, nh) || !is_plain(nh->dev->name))
        return false;
    out->dev = nh->dev->name;
    out->dev_len = strlen(nh->dev->name) & 15;
    return to_record_addr(&nh->gateway, &out->gateway);
}

/* false: it has more than a record holds. */
static bool save_route_record(const struct fib_route *r, struct route_run *run)
{
    struct route_record record = {.dst = inet_addr_to_v4(&r->dst.addr),
                                  .len = r->dst.len,
                                  .table = r->table,
                                  .type = r->type & 15,
                                  .protocol = r->protocol,
                                  .scope = r->scope,
                                  .metric = r->priority};
    if (r->dst.addr.family != VNET_AF_INET || r->tos || r->pref || r->metrics || r->expires ||
        r->type > 15 || !to_record_hop(r, &record) || !to_record_addr(&r->prefsrc, &record.prefsrc))
        return false;
    state_put_route_record(run, &record);
    return true;
}

static int save_route(const struct fib_route *r, void *arg)
{
    struct route_run *run = arg;
    struct json_out *o = run->o;
    if (save_route_record(r, run))
        return 0;
    state_end_route_run(run);
    bool v6 = r->dst.addr.family == VNET_AF_INET6;
    json_put_object(o, NULL, false);
    state_put_prefix(o, "dst", &r->dst);
    if (r->src.len)
        state_put_prefix(o, "from", &r->src);
    state_put_name(o, "table", state_route_tables, r->table, VNET_RT_TABLE_MAIN);
    state_put_name(o, "type", state_route_types, r->type, VNET_RTN_UNICAST);
    put_nexthops(o, r);
    state_put_name(o, "protocol", state_route_protocols, r->protocol, VNET_RTPROT_BOOT);
    state_put_name(o, "scope", state_route_scopes, r->scope, VNET_SCOPE_UNIVERSE);
    state_put_addr(o, "prefsrc", &r->prefsrc);
    state_put_nonzero(o, "tos", r->tos);
    state_put_nonzero(o, "metric", r->priority);
    state_put_name(o, "pref", prefs, r->pref, 0);
    put_metrics(o, r->metrics);
    state_put_nonzero(o, "expires", r->expires);
    for (size_t i = 0; v6 && i < ARRAY_LEN(route6_flags); i++)
        if (r->flags & route6_flags[i].flag)
            json_put_bool(o, route6_flags[i].key, true);
    json_put_end(o);
    return 0;
}

void state_save_routes(const struct netns *ns, struct json_out *o)
{
    struct route_run run = {.o = o};
    json_put_array(o, "routes", true);
    fib_each(ns->fib4, save_route, &run);
    fib_each(ns->fib6, save_route, &run);
    state_end_route_run(&run);
    json_put_end(o);
}

/* ---- load ---- */

static int get_flags(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     uint32_t *flags)
{
    const json_t *list = json_object_get(obj, "flags"), *v;
    size_t i;
    if (list && !json_is_array(list))
        return state_fail(l, at, "flags", "must be an array");
    json_array_foreach(list, i, v)
    {
        uint32_t flag = 0;
        const char *name = json_string_value(v);
        if (!name || !nametab_value(nexthop_flags, name, &flag))
            return state_fail(l, at, "flags", "has a flag that is not known");
        *flags |= flag;
    }
    return 0;
}

static int load_nexthop(struct state_loader *l, const json_t *obj, const struct state_path *at,
                        const struct fib_route *r, struct fib_nexthop *nh)
{
    bool v6 = r->dst.addr.family == VNET_AF_INET6;
    const char *name = NULL;
    uint32_t flags = 0;
    int64_t weight = 1;
    int rc = state_get_str(l, obj, at, "dev", VNET_IFNAMSIZ - 1, &name);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "gateway", v6 ? VNET_AF_INET6 : VNET_AF_UNSPEC,
                            &nh->gateway);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "weight", 1, 256, &weight);
    if (rc == 0)
        rc = get_flags(l, obj, at, &flags);
    nh->weight = (uint8_t)(weight - 1);
    nh->flags = (uint8_t)flags;
    nh->scope = usual_scope(r, nh);
    if (rc == 0)
        rc = state_get_byte(l, obj, at, "nexthop_scope", &nh->scope);
    if (rc < 0)
        return rc;
    nh->dev = name ? netdev_by_name(l->ns, name) : NULL;
    return nh->dev ? 0 : state_fail(l, at, "dev", "must name a link");
}

static int load_nexthops(struct state_loader *l, const json_t *obj, const struct state_path *at,
                         struct fib_route *r)
{
    static const char *const keys[] = {"gateway", "dev", "weight", "nexthop_scope", "flags", NULL};
    const struct state_path list = {.up = at, .key = "nexthops"};
    const json_t *array = json_object_get(obj, "nexthops"), *v;
    size_t i, n = json_array_size(array);
    int rc = get_flags(l, obj, at, &r->flags);
    if (rc < 0)
        return rc;
    if (r->dst.addr.family == VNET_AF_INET6 || n < 2 || n > VNET_NEXTHOPS_MAX)
        return state_fail(l, at, "nexthops", "must be an array of 2 to %d, and of an IPv4 route",
                          VNET_NEXTHOPS_MAX);
    fib_route_hops(r, (unsigned)n);
    json_array_foreach(array, i, v)
    {
        const struct state_path item = {.up = &list, .index = i};
        rc = state_only_keys(l, v, &item, keys);
        if (rc == 0)
            rc = load_nexthop(l, v, &item, r, &r->nh[i]);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int load_metrics(struct state_loader *l, const json_t *obj, const struct state_path *at,
                        struct fib_route *r)
{
    const struct state_path here = {.up = at, .key = "metrics"};
    const json_t *v = json_object_get(obj, "metrics"), *m;
    const char *key;
    if (!v)
        return 0;
    if (!json_is_object(v))
        return state_fail(l, at, "metrics", "must be an object");
    r->metrics = mem_calloc(VNET_RTAX_MAX + 1, sizeof(*r->metrics));
    json_object_foreach(v, key, m)
    {
        uint32_t id;
        if (!nametab_value(metric_names, key, &id))
            return state_fail(l, &here, key, "is not known to this version of vnet");
        int rc = state_get_number(l, v, &here, key, UINT32_MAX, &r->metrics[id]);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int load_route6_flags(struct state_loader *l, const json_t *obj, const struct state_path *at,
                             struct fib_route *r)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ARRAY_LEN(route6_flags); i++) {
        bool set = false;
        rc = state_get_bool(l, obj, at, route6_flags[i].key, &set);
        r->flags |= set ? route6_flags[i].flag : 0;
    }
    return rc;
}

/* All but the nexthops. */
static int load_route_fields(struct state_loader *l, const json_t *obj, const struct state_path *at,
                             struct fib_route *r)
{
    uint8_t family = r->dst.addr.family;
    int rc = state_get_name(l, obj, at, "table", state_route_tables, UINT32_MAX, &r->table);
    if (rc == 0)
        rc = state_get_name8(l, obj, at, "type", state_route_types, &r->type);
    if (rc == 0)
        rc = state_get_name8(l, obj, at, "protocol", state_route_protocols, &r->protocol);
    if (rc == 0)
        rc = state_get_name8(l, obj, at, "scope", state_route_scopes, &r->scope);
    if (rc == 0)
        rc = state_get_name8(l, obj, at, "pref", prefs, &r->pref);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "prefsrc", family, &r->prefsrc);
    if (rc == 0)
        rc = state_get_byte(l, obj, at, "tos", &r->tos);
    if (rc == 0)
        rc = state_get_number(l, obj, at, "metric", UINT32_MAX, &r->priority);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "expires", 0, STATE_TIMER_MAX, &r->expires);
    if (rc == 0)
        rc = load_metrics(l, obj, at, r);
    if (rc == 0 && family == VNET_AF_INET6)
        rc = load_route6_flags(l, obj, at, r);
    unsigned most = family == VNET_AF_INET6 ? VNET_RTN_MAX : VNET_RTN_THROW;
    if (rc == 0 && (r->table == 0 || r->type == 0 || r->type > most))
        rc = state_fail(l, at, NULL, "has a table or type that cannot be");
    return rc;
}

static int load_nhid(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     struct fib_route *r)
{
    int64_t id = 0;
    struct vnet_err err = {""};
    int rc = state_get_int(l, obj, at, "nhid", 1, UINT32_MAX, &id);
    if (rc == 0)
        rc = get_flags(l, obj, at, &r->flags);
    if (rc < 0)
        return rc;
    const struct nexthop *nh = nexthop_find(l->ns, (uint32_t)id);
    if (!nh)
        return state_fail(l, at, "nhid", "must be the id of a nexthop");
    if (nexthop_check_route(nh, r->dst.addr.family, r->scope, &err) < 0)
        return state_fail(l, at, "nhid", "does not fit: %s", err.msg);
    nexthop_fill_route(r, nh);
    return 0;
}

static int load_route_nexthops(struct state_loader *l, const json_t *obj,
                               const struct state_path *at, struct fib_route *r)
{
    bool v6 = r->dst.addr.family == VNET_AF_INET6;
    if (json_object_get(obj, "nhid"))
        return load_nhid(l, obj, at, r);
    if (json_object_get(obj, "nexthops"))
        return load_nexthops(l, obj, at, r);
    if (!v6 && fib_type_error(r->type))
        return json_object_get(obj, "dev")
                   ? state_fail(l, at, "dev", "cannot be in a route of this type")
                   : get_flags(l, obj, at, &r->flags);
    fib_route_hops(r, 1);
    int rc = load_nexthop(l, obj, at, r, &r->nh[0]);
    if (rc == 0 && !v6)
        r->flags = r->nh[0].flags;
    return rc;
}

/* `from`: the source, of IPv6 only. */
static int load_from(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     struct fib_route *r)
{
    int rc = state_get_prefix(l, obj, at, "from", false, &r->src);
    if (rc < 0 || !json_object_get(obj, "from"))
        return rc;
    if (r->dst.addr.family != VNET_AF_INET6 || r->src.addr.family != VNET_AF_INET6 || !r->src.len)
        return state_fail(l, at, "from", "must be an IPv6 prefix that is not empty");
    return 0;
}

/* The device of a record; the last one found is likely. */
static struct netdev *record_dev(struct state_loader *l, const struct route_record *r)
{
    char name[VNET_IFNAMSIZ] = "";
    memcpy(name, r->dev, r->dev_len);
    if (!l->dev || strcmp(l->dev->name, name) != 0)
        l->dev = netdev_by_name(l->ns, name);
    return l->dev;
}

static int load_route_record(struct state_loader *l, const struct route_record *r,
                             const struct state_path *at)
{
    struct fib_nexthop nh = {.dev = NULL};
    struct fib_route route = {.dst = {inet_addr_v4(r->dst), r->len},
                              .type = r->type,
                              .protocol = r->protocol,
                              .scope = r->scope,
                              .table = r->table,
                              .priority = r->metric,
                              .nh = &nh};
    if (r->prefsrc)
        route.prefsrc = inet_addr_v4(r->prefsrc);
    if (fib_type_error(r->type)) {
        if (r->dev_len)
            return state_fail(l, at, "dev", "cannot be in a route of this type");
    } else {
        if (r->gateway)
            nh.gateway = inet_addr_v4(r->gateway);
        nh.scope = usual_scope(&route, &nh);
        nh.dev = r->dev_len ? record_dev(l, r) : NULL;
        if (!nh.dev)
            return state_fail(l, at, "dev", "must name a link");
        route.nnh = 1;
    }
    fib_load_route(l->ns->fib4, &route);
    return 0;
}

/* One of a list of destinations. */
static int get_destination(struct state_loader *l, const json_t *v, const struct state_path *at,
                           struct inet_prefix *p)
{
    const char *text = json_string_value(v);
    if (!text ||
        !(state_scan_prefix(text, json_string_length(v), p) || state_parse_prefix(text, false, p)))
        return state_fail(l, at, NULL, "must be an address prefix without bits behind its length");
    return 0;
}

/* "dst": a prefix, or a list of those of routes that have all else in common: its first. */
static int load_first_dst(struct state_loader *l, const json_t *obj, const struct state_path *at,
                          struct fib_route *r)
{
    const struct state_path list = {.up = at, .key = "dst"}, item = {.up = &list};
    const json_t *dst = json_object_get(obj, "dst");
    if (json_is_array(dst))
        return json_array_size(dst) ? get_destination(l, json_first_child(dst), &item, &r->dst)
                                    : state_fail(l, at, "dst", "must not be empty");
    int rc = state_get_prefix(l, obj, at, "dst", false, &r->dst);
    if (rc == 0 && !r->dst.addr.family)
        rc = state_fail(l, at, "dst", "is missing");
    return rc;
}

/* The route r; of a list, one for each. What each has memory for is not in lists: a short file
 * shall not make a large world. */
static int load_each_dst(struct state_loader *l, const json_t *obj, const struct state_path *at,
                         struct fib_route *r)
{
    const struct state_path list = {.up = at, .key = "dst"};
    const json_t *dst = json_object_get(obj, "dst"), *v;
    uint8_t family = r->dst.addr.family;
    struct fib *fib = family == VNET_AF_INET6 ? l->ns->fib6 : l->ns->fib4;
    size_t i;
    if (!json_is_array(dst)) {
        fib_load_route(fib, r);
        return 0;
    }
    if (r->nnh > 1 || r->metrics)
        return state_fail(l, at, "dst", "cannot be a list where there are nexthops or metrics");
    json_array_foreach(dst, i, v)
    {
        const struct state_path item = {.up = &list, .index = i};
        int rc = get_destination(l, v, &item, &r->dst);
        if (rc == 0 && r->dst.addr.family != family)
            rc = state_fail(l, &item, NULL, "mixes IPv4 and IPv6");
        if (rc < 0)
            return rc;
        fib_load_route(fib, r);
    }
    return 0;
}

static int load_route(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    const struct route_record *record = json_record(obj);
    if (record)
        return load_route_record(l, record, at);
    static const char *const keys[] = {
        "dst",  "from",    "table",    "type",     "gateway", "dev",      "weight", "nexthop_scope",
        "nhid", "flags",   "nexthops", "protocol", "scope",   "prefsrc",  "tos",    "metric",
        "pref", "metrics", "expires",  "addrconf", "dynamic", "modified", NULL};
    struct fib_route r = {
        .type = VNET_RTN_UNICAST, .protocol = VNET_RTPROT_BOOT, .table = VNET_RT_TABLE_MAIN};
    int rc = state_only_keys(l, obj, at, keys);
    if (rc == 0)
        rc = load_first_dst(l, obj, at, &r);
    if (rc == 0)
        rc = load_from(l, obj, at, &r);
    if (rc == 0)
        rc = load_route_fields(l, obj, at, &r);
    if (rc == 0)
        rc = load_route_nexthops(l, obj, at, &r);
    if (rc == 0)
        rc = load_each_dst(l, obj, at, &r);
    free(r.metrics);
    fib_route_hops(&r, 0);
    return rc;
}

int state_load_routes(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    l->dev = NULL;
    return state_get_list(l, obj, at, "routes", load_route);
}
