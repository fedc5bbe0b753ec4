/* Routes and rules of both families in the state file, in the order of a dump. */
#include "state/fields.h"
#include "state/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nametab.h"
#include "base/text.h"
#include "dev/netdev.h"
#include "inet/fib_exception.h"
#include "inet/fib_internal.h"
#include "inet/nexthop.h"
#include "state/records.h"
#include "vnet_addr.h"

static const struct nametab prefs[] = {{"medium", 0}, {"high", 1}, {"low", 3}, {NULL, 0}};

static const struct nametab actions[] = {{"lookup", VNET_FR_ACT_TO_TBL},
                                         {"goto", VNET_FR_ACT_GOTO},
                                         {"nop", VNET_FR_ACT_NOP},
                                         {"blackhole", VNET_FR_ACT_BLACKHOLE},
                                         {"unreachable", VNET_FR_ACT_UNREACHABLE},
                                         {"prohibit", VNET_FR_ACT_PROHIBIT},
                                         {NULL, 0}};

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

/* A value by its name, or as a number where it has none; nothing at its default. */
static void put_name(struct json_out *o, const char *key, const struct nametab *t, uint32_t value,
                     uint32_t dflt)
{
    const char *name = nametab_name(t, value);
    if (value == dflt)
        return;
    if (name)
        json_put_str(o, key, name);
    else
        json_put_int(o, key, value);
}

static void put_nonzero(struct json_out *o, const char *key, int64_t value)
{
    if (value)
        json_put_int(o, key, value);
}

static void put_addr(struct json_out *o, const char *key, const struct inet_addr *a)
{
    char text[INET_ADDRSTRLEN_MAX];
    if (a->family)
        json_put_str(o, key, inet_addr_str(a, text));
}

static void put_prefix(struct json_out *o, const char *key, const struct inet_prefix *p)
{
    char text[INET_ADDRSTRLEN_MAX + 4];
    inet_addr_str(&p->addr, text);
    if (p->len != inet_addr_bits(p->addr.family))
        snprintf(text + strlen(text), 5, "/%u", p->len);
    json_put_str(o, key, text);
}

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
    put_addr(o, "gateway", &nh->gateway);
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
        put_nonzero(o, t->name, metrics[t->value]);
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
    put_prefix(o, "dst", &r->dst);
    if (r->src.len)
        put_prefix(o, "from", &r->src);
    put_name(o, "table", state_route_tables, r->table, VNET_RT_TABLE_MAIN);
    put_name(o, "type", state_route_types, r->type, VNET_RTN_UNICAST);
    put_nexthops(o, r);
    put_name(o, "protocol", state_route_protocols, r->protocol, VNET_RTPROT_BOOT);
    put_name(o, "scope", state_route_scopes, r->scope, VNET_SCOPE_UNIVERSE);
    put_addr(o, "prefsrc", &r->prefsrc);
    put_nonzero(o, "tos", r->tos);
    put_nonzero(o, "metric", r->priority);
    put_name(o, "pref", prefs, r->pref, 0);
    put_metrics(o, r->metrics);
    put_nonzero(o, "expires", r->expires);
    for (size_t i = 0; v6 && i < ARRAY_LEN(route6_flags); i++)
        if (r->flags & route6_flags[i].flag)
            json_put_bool(o, route6_flags[i].key, true);
    json_put_end(o);
    return 0;
}

static void put_range(struct json_out *o, const char *key, int64_t min, int64_t max)
{
    json_put_array(o, key, false);
    json_put_int(o, NULL, min);
    json_put_int(o, NULL, max);
    json_put_end(o);
}

static void put_rule_selectors(struct json_out *o, const struct vnet_rule_info *r)
{
    const struct inet_prefix src = {r->src, r->src_len}, dst = {r->dst, r->dst_len};
    if (r->invert)
        json_put_bool(o, "not", true);
    if (r->src_len)
        put_prefix(o, "src", &src);
    if (r->dst_len)
        put_prefix(o, "dst", &dst);
    put_nonzero(o, "tos", r->tos);
    put_nonzero(o, "fwmark", r->fwmark);
    put_nonzero(o, "fwmask", r->fwmask);
    if (r->iif[0])
        json_put_str(o, "iif", r->iif);
    if (r->oif[0])
        json_put_str(o, "oif", r->oif);
    if (r->has_uid)
        put_range(o, "uid", r->uid_min, r->uid_max);
    put_nonzero(o, "ipproto", r->ipproto);
    if (r->sport_max)
        put_range(o, "sport", r->sport_min, r->sport_max);
    if (r->dport_max)
        put_range(o, "dport", r->dport_min, r->dport_max);
}

static int save_rule(const struct vnet_rule_info *r, void *arg)
{
    struct json_out *o = arg;
    json_put_object(o, NULL, false);
    if (r->family == VNET_AF_INET6)
        json_put_str(o, "family", "inet6");
    json_put_int(o, "priority", r->priority);
    put_rule_selectors(o, r);
    put_name(o, "action", actions, r->action, VNET_FR_ACT_TO_TBL);
    put_name(o, "table", state_route_tables, r->table, VNET_RT_TABLE_UNSPEC);
    put_nonzero(o, "goto", r->goto_priority);
    if (r->suppress_prefixlen != -1)
        json_put_int(o, "suppress_prefixlen", r->suppress_prefixlen);
    if (r->suppress_ifgroup != -1)
        json_put_int(o, "suppress_ifgroup", r->suppress_ifgroup);
    put_name(o, "protocol", state_route_protocols, r->protocol, VNET_RTPROT_UNSPEC);
    json_put_end(o);
    return 0;
}

/* Would the routes of the file alone bring this table back? */
static bool table_implied(const struct fib *fib, const struct fib_table *t)
{
    if (fib->family == VNET_AF_INET6 && (t == fib->main || t == fib->local))
        return true; /* always there */
    if (t == fib->main && fib->local && fib->local->trie == t->trie)
        return fib->local->routes != 0; /* it brings both */
    return t->routes != 0;
}

static bool all_implied(const struct fib *fib)
{
    for (unsigned i = 0; i < fib->ntables; i++)
        if (!table_implied(fib, fib->tables[i]))
            return false;
    return true;
}

static const struct state_field exception_fields[] = {
    FIELD(fib_exception, ifindex, "ifindex", FIELD_INT),
    FIELD(fib_exception, mtu, "mtu", FIELD_U32, .max = INT32_MAX),
    FIELD(fib_exception, mtu_locked, "mtu_locked", FIELD_BOOL),
    FIELD(fib_exception, expires, "expires", FIELD_I64, .max = STATE_TIME_MAX),
    FIELD(fib_exception, stamp, "stamp", FIELD_I64, .max = STATE_TIME_MAX),
    {.key = NULL},
};

static void save_exceptions(const struct fib *fib, struct json_out *o)
{
    if (list_empty(&fib->exceptions))
        return;
    json_put_array(o, "exceptions", true);
    list_each(pos, &fib->exceptions)
    {
        const struct fib_exception *e = list_entry(pos, struct fib_exception, node);
        json_put_object(o, NULL, false);
        state_put_addr(o, "daddr", &e->daddr);
        state_put_addr(o, "gateway", &e->gateway);
        state_put_addr(o, "redirect", &e->redirect);
        state_put_fields(o, exception_fields, e);
        json_put_end(o);
    }
    json_put_end(o);
}

static void save_family(const struct fib *fib, const char *key, struct json_out *o)
{
    json_put_object(o, key, false);
    if (fib->custom_rules)
        json_put_bool(o, "custom_rules", true);
    if (fib->custom_local)
        json_put_bool(o, "custom_local", true);
    if (!all_implied(fib)) {
        json_put_array(o, "tables", false);
        for (unsigned i = 0; i < fib->ntables; i++)
            json_put_int(o, NULL, fib->tables[i]->id);
        json_put_end(o);
    }
    state_put_timer(o, "gc", &fib->gc);
    save_exceptions(fib, o);
    json_put_end(o);
}

/* What routes and rules alone do not say: tables without routes, that there were rules once. */
static void save_fib(const struct netns *ns, struct json_out *o)
{
    const struct fib *fib[] = {ns->fib4, ns->fib6};
    static const char *const names[] = {"inet", "inet6"};
    bool any = false;
    for (unsigned i = 0; i < 2; i++)
        any |= fib[i]->custom_rules || fib[i]->custom_local || !all_implied(fib[i]) ||
               timer_pending(&fib[i]->gc) || !list_empty(&fib[i]->exceptions);
    if (!any)
        return;
    json_put_object(o, "fib", false);
    for (unsigned i = 0; i < 2; i++)
        save_family(fib[i], names[i], o);
    json_put_end(o);
}

void state_save_routes(const struct netns *ns, struct json_out *o)
{
    save_fib(ns, o);
    struct route_run run = {.o = o};
    json_put_array(o, "routes", true);
    fib_each(ns->fib4, save_route, &run);
    fib_each(ns->fib6, save_route, &run);
    state_end_route_run(&run);
    json_put_end(o);
    if (fib_rules_are_default(ns->fib4) && fib_rules_are_default(ns->fib6))
        return;
    json_put_array(o, "rules", true);
    fib_rule_each(ns->fib4, save_rule, o);
    fib_rule_each(ns->fib6, save_rule, o);
    json_put_end(o);
}

/* ---- load ---- */

typedef int load_fn(struct state_loader *l, const json_t *v, const struct state_path *at);

static int load_list(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     const char *key, load_fn *load)
{
    const struct state_path list = {.up = at, .key = key};
    const json_t *array = json_object_get(obj, key), *v;
    size_t i;
    int rc = 0;
    if (array && !json_is_array(array))
        return state_fail(l, at, key, "must be an array");
    json_array_foreach(array, i, v)
    {
        const struct state_path item = {.up = &list, .index = i};
        if (rc == 0)
            rc = load(l, v, &item);
    }
    return rc;
}

static int get_number(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      const char *key, int64_t max, uint32_t *out)
{
    int64_t v = *out;
    int rc = state_get_int(l, obj, at, key, 0, max, &v);
    *out = (uint32_t)v;
    return rc;
}

static int get_byte(struct state_loader *l, const json_t *obj, const struct state_path *at,
                    const char *key, uint8_t *out)
{
    uint32_t v = *out;
    int rc = get_number(l, obj, at, key, 255, &v);
    *out = (uint8_t)v;
    return rc;
}

/* A name of the table or a number. */
static int get_name(struct state_loader *l, const json_t *obj, const struct state_path *at,
                    const char *key, const struct nametab *t, int64_t max, uint32_t *out)
{
    const json_t *v = json_object_get(obj, key);
    if (!json_is_string(v))
        return get_number(l, obj, at, key, max, out);
    if (!nametab_value(t, json_string_value(v), out))
        return state_fail(l, at, key, "is not a known name");
    return 0;
}

static int get_name8(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     const char *key, const struct nametab *t, uint8_t *out)
{
    uint32_t v = *out;
    int rc = get_name(l, obj, at, key, t, 255, &v);
    *out = (uint8_t)v;
    return rc;
}

/* "10.0.0.0/8", "10.0.0.1", "::/0" */
static bool parse_prefix(const char *text, bool host_bits, struct inet_prefix *p)
{
    char addr[INET_ADDRSTRLEN_MAX];
    const char *slash = strchr(text, '/');
    size_t n = slash ? (size_t)(slash - text) : strlen(text);
    if (n >= sizeof(addr))
        return false;
    memcpy(addr, text, n);
    addr[n] = '\0';
    if (!inet_addr_parse(VNET_AF_INET, addr, &p->addr) &&
        !inet_addr_parse(VNET_AF_INET6, addr, &p->addr))
        return false;
    unsigned bits = inet_addr_bits(p->addr.family), len = bits;
    if (slash) {
        size_t digits = strspn(slash + 1, "0123456789");
        if (digits == 0 || digits > 3 || slash[1 + digits])
            return false;
        len = (unsigned)strtoul(slash + 1, NULL, 10);
    }
    p->len = (uint8_t)len;
    struct inet_addr net = inet_addr_masked(&p->addr, len);
    return len <= bits && (host_bits || inet_addr_eq(&net, &p->addr));
}

static int get_prefix(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      const char *key, bool host_bits, struct inet_prefix *p)
{
    const char *text = NULL;
    int rc = state_get_str(l, obj, at, key, INET_ADDRSTRLEN_MAX + 4, &text);
    if (rc == 0 && text && !parse_prefix(text, host_bits, p))
        return state_fail(l, at, key, "must be an address prefix%s",
                          host_bits ? "" : " without bits behind its length");
    return rc;
}

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
        rc = get_byte(l, obj, at, "nexthop_scope", &nh->scope);
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
        int rc = get_number(l, v, &here, key, UINT32_MAX, &r->metrics[id]);
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
    int rc = get_name(l, obj, at, "table", state_route_tables, UINT32_MAX, &r->table);
    if (rc == 0)
        rc = get_name8(l, obj, at, "type", state_route_types, &r->type);
    if (rc == 0)
        rc = get_name8(l, obj, at, "protocol", state_route_protocols, &r->protocol);
    if (rc == 0)
        rc = get_name8(l, obj, at, "scope", state_route_scopes, &r->scope);
    if (rc == 0)
        rc = get_name8(l, obj, at, "pref", prefs, &r->pref);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "prefsrc", family, &r->prefsrc);
    if (rc == 0)
        rc = get_byte(l, obj, at, "tos", &r->tos);
    if (rc == 0)
        rc = get_number(l, obj, at, "metric", UINT32_MAX, &r->priority);
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
    int rc = get_prefix(l, obj, at, "from", false, &r->src);
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
        !(state_scan_prefix(text, json_string_length(v), p) || parse_prefix(text, false, p)))
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
    int rc = get_prefix(l, obj, at, "dst", false, &r->dst);
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

/* ---- rules ---- */

static int get_range(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     const char *key, int64_t max, uint32_t *lo, uint32_t *hi)
{
    const json_t *v = json_object_get(obj, key);
    const json_t *a = json_array_get(v, 0), *b = json_array_get(v, 1);
    if (!v)
        return 0;
    int64_t x = json_integer_value(a), y = json_integer_value(b);
    if (json_array_size(v) != 2 || !json_is_integer(a) || !json_is_integer(b) || x < 0 || x > y ||
        y > max)
        return state_fail(l, at, key, "must be [first, last]");
    *lo = (uint32_t)x;
    *hi = (uint32_t)y;
    return 0;
}

static int get_ports(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     const char *key, uint16_t *lo, uint16_t *hi)
{
    uint32_t a = 0, b = 0;
    int rc = get_range(l, obj, at, key, 0xfffe, &a, &b);
    *lo = (uint16_t)a;
    *hi = (uint16_t)b;
    return rc;
}

static int get_ifname(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      const char *key, char *out)
{
    const char *name = NULL;
    int rc = state_get_str(l, obj, at, key, VNET_IFNAMSIZ - 1, &name);
    if (rc == 0 && name && text_has_control(name)) /* a rule takes what no link can be called */
        return state_fail(l, at, key, "must not have control characters");
    if (rc == 0 && name)
        memcpy(out, name, strlen(name) + 1);
    return rc;
}

static int load_rule_prefixes(struct state_loader *l, const json_t *obj,
                              const struct state_path *at, struct vnet_rule_info *r)
{
    struct inet_prefix src = {{0}, 0}, dst = {{0}, 0};
    int rc = get_prefix(l, obj, at, "src", true, &src);
    if (rc == 0)
        rc = get_prefix(l, obj, at, "dst", true, &dst);
    if (rc == 0 &&
        ((src.len && src.addr.family != r->family) || (dst.len && dst.addr.family != r->family)))
        rc = state_fail(l, at, NULL, "mixes IPv4 and IPv6");
    r->src = src.len ? src.addr : (struct inet_addr){0};
    r->dst = dst.len ? dst.addr : (struct inet_addr){0};
    r->src_len = src.len;
    r->dst_len = dst.len;
    return rc;
}

static int load_rule_selectors(struct state_loader *l, const json_t *obj,
                               const struct state_path *at, struct vnet_rule_info *r)
{
    int rc = load_rule_prefixes(l, obj, at, r);
    if (rc == 0)
        rc = state_get_bool(l, obj, at, "not", &r->invert);
    if (rc == 0)
        rc = get_byte(l, obj, at, "tos", &r->tos);
    if (rc == 0)
        rc = get_number(l, obj, at, "fwmark", UINT32_MAX, &r->fwmark);
    if (rc == 0)
        rc = get_number(l, obj, at, "fwmask", UINT32_MAX, &r->fwmask);
    if (rc == 0)
        rc = get_ifname(l, obj, at, "iif", r->iif);
    if (rc == 0)
        rc = get_ifname(l, obj, at, "oif", r->oif);
    r->has_uid = json_object_get(obj, "uid") != NULL;
    if (rc == 0)
        rc = get_range(l, obj, at, "uid", UINT32_MAX, &r->uid_min, &r->uid_max);
    if (rc == 0)
        rc = get_byte(l, obj, at, "ipproto", &r->ipproto);
    if (rc == 0)
        rc = get_ports(l, obj, at, "sport", &r->sport_min, &r->sport_max);
    if (rc == 0)
        rc = get_ports(l, obj, at, "dport", &r->dport_min, &r->dport_max);
    return rc;
}

static int get_suppress(struct state_loader *l, const json_t *obj, const struct state_path *at,
                        const char *key, int32_t *out)
{
    int64_t v = *out;
    int rc = state_get_int(l, obj, at, key, -1, INT32_MAX, &v);
    *out = (int32_t)v;
    return rc;
}

static int load_rule_action(struct state_loader *l, const json_t *obj, const struct state_path *at,
                            struct vnet_rule_info *r)
{
    int rc = get_number(l, obj, at, "priority", UINT32_MAX, &r->priority);
    if (rc == 0)
        rc = get_name8(l, obj, at, "action", actions, &r->action);
    if (rc == 0)
        rc = get_name(l, obj, at, "table", state_route_tables, UINT32_MAX, &r->table);
    if (rc == 0)
        rc = get_number(l, obj, at, "goto", UINT32_MAX, &r->goto_priority);
    if (rc == 0)
        rc = get_suppress(l, obj, at, "suppress_prefixlen", &r->suppress_prefixlen);
    if (rc == 0)
        rc = get_suppress(l, obj, at, "suppress_ifgroup", &r->suppress_ifgroup);
    if (rc == 0)
        rc = get_name8(l, obj, at, "protocol", state_route_protocols, &r->protocol);
    if (rc == 0 && r->action == VNET_FR_ACT_GOTO && r->goto_priority <= r->priority)
        rc = state_fail(l, at, "goto", "must be a later priority");
    return rc;
}

static int load_rule(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {"family",
                                       "priority",
                                       "not",
                                       "src",
                                       "dst",
                                       "tos",
                                       "fwmark",
                                       "fwmask",
                                       "iif",
                                       "oif",
                                       "uid",
                                       "ipproto",
                                       "sport",
                                       "dport",
                                       "action",
                                       "table",
                                       "goto",
                                       "suppress_prefixlen",
                                       "suppress_ifgroup",
                                       "protocol",
                                       NULL};
    struct vnet_rule_info r = {.family = VNET_AF_INET,
                               .action = VNET_FR_ACT_TO_TBL,
                               .has_priority = true,
                               .suppress_prefixlen = -1,
                               .suppress_ifgroup = -1};
    const char *family = NULL;
    int rc = state_only_keys(l, obj, at, keys);
    if (rc == 0)
        rc = state_get_str(l, obj, at, "family", 8, &family);
    if (rc == 0 && family && strcmp(family, "inet6") != 0)
        rc = state_fail(l, at, "family", "can only be inet6");
    if (family)
        r.family = VNET_AF_INET6;
    if (rc == 0)
        rc = load_rule_selectors(l, obj, at, &r);
    if (rc == 0)
        rc = load_rule_action(l, obj, at, &r);
    if (rc == 0 && fib_load_rule(family ? l->ns->fib6 : l->ns->fib4, &r) < 0)
        rc = state_fail(l, at, "priority", "must not be smaller than that of the rule before");
    return rc;
}

/* ---- tables ---- */

static int load_exception(struct state_loader *l, const json_t *obj, const struct state_path *at,
                          struct fib *fib)
{
    static const char *const keys[] = {"daddr", "gateway", "redirect", NULL};
    const uint32_t least = fib->family == VNET_AF_INET6 ? 1280 : 1;
    int rc = state_only_fields(l, obj, at, exception_fields, keys);
    if (rc < 0)
        return rc;
    struct fib_exception *e = fib_exception_new(fib);
    rc = state_get_fields(l, obj, at, exception_fields, e);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "daddr", fib->family, &e->daddr);
    if (rc == 0) /* IPv4 may go by an IPv6 gateway */
        rc = state_get_addr(l, obj, at, "gateway", 0, &e->gateway);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "redirect", fib->family, &e->redirect);
    if (rc == 0 &&
        (!e->ifindex || !e->daddr.family || (e->mtu ? e->mtu < least : !e->redirect.family)))
        rc =
            state_fail(l, at, NULL, "must have \"daddr\", \"ifindex\" and \"mtu\" or \"redirect\"");
    return rc;
}

static int load_exception4(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    return load_exception(l, obj, at, l->ns->fib4);
}

static int load_exception6(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    return load_exception(l, obj, at, l->ns->fib6);
}

static int load_family(struct state_loader *l, const json_t *obj, const struct state_path *at,
                       const char *key, struct fib *fib)
{
    static const char *const keys[] = {"custom_rules", "custom_local", "tables",
                                       "gc",           "exceptions",   NULL};
    const struct state_path here = {.up = at, .key = key};
    const json_t *f = json_object_get(obj, key), *v;
    size_t i;
    int rc = f ? state_only_keys(l, f, &here, keys) : 0;
    if (rc == 0)
        rc = state_get_bool(l, f, &here, "custom_rules", &fib->custom_rules);
    if (rc == 0)
        rc = state_get_bool(l, f, &here, "custom_local", &fib->custom_local);
    if (rc == 0 && f && fib->family == VNET_AF_INET6)
        rc = state_get_timer(l, f, &here, "gc", &fib->gc);
    if (rc == 0 && f)
        rc = state_get_list(l, f, &here, "exceptions",
                            fib->family == VNET_AF_INET6 ? load_exception6 : load_exception4);
    json_array_foreach(json_object_get(f, "tables"), i, v)
    {
        if (rc < 0)
            break;
        if (!json_is_integer(v) || json_integer_value(v) < 1 || json_integer_value(v) > UINT32_MAX)
            rc = state_fail(l, &here, "tables", "must be numbers of tables");
        else
            fib_load_table(fib, (uint32_t)json_integer_value(v));
    }
    return rc;
}

static int load_fib(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {"inet", "inet6", NULL};
    const struct state_path here = {.up = at, .key = "fib"};
    const json_t *fib = json_object_get(obj, "fib");
    int rc = fib ? state_only_keys(l, fib, &here, keys) : 0;
    if (rc == 0)
        rc = load_family(l, fib, &here, "inet", l->ns->fib4);
    if (rc == 0)
        rc = load_family(l, fib, &here, "inet6", l->ns->fib6);
    return rc;
}

int state_load_routes(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    fib_reset(l->ns->fib4);
    fib_reset(l->ns->fib6);
    l->dev = NULL;
    int rc = load_fib(l, obj, at);
    if (rc == 0)
        rc = load_list(l, obj, at, "routes", load_route);
    if (rc < 0)
        return rc;
    if (json_object_get(obj, "rules")) {
        fib_rules_free(l->ns->fib4);
        fib_rules_free(l->ns->fib6);
    }
    return load_list(l, obj, at, "rules", load_rule);
}
