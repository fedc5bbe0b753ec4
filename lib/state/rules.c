/* Rules of both families in the state file, in the order of a dump. */
#include <string.h>

#include "base/text.h"
#include "inet/fib_internal.h"
#include "state/fields.h"
#include "state/records.h"
#include "state/state.h"
#include "state/values.h"

static const struct nametab actions[] = {{"lookup", VNET_FR_ACT_TO_TBL},
                                         {"goto", VNET_FR_ACT_GOTO},
                                         {"nop", VNET_FR_ACT_NOP},
                                         {"blackhole", VNET_FR_ACT_BLACKHOLE},
                                         {"unreachable", VNET_FR_ACT_UNREACHABLE},
                                         {"prohibit", VNET_FR_ACT_PROHIBIT},
                                         {NULL, 0}};

/* ---- save ---- */

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
        state_put_prefix(o, "src", &src);
    if (r->dst_len)
        state_put_prefix(o, "dst", &dst);
    state_put_nonzero(o, "tos", r->tos);
    state_put_nonzero(o, "fwmark", r->fwmark);
    state_put_nonzero(o, "fwmask", r->fwmask);
    if (r->iif[0])
        json_put_str(o, "iif", r->iif);
    if (r->oif[0])
        json_put_str(o, "oif", r->oif);
    if (r->has_uid)
        put_range(o, "uid", r->uid_min, r->uid_max);
    state_put_nonzero(o, "ipproto", r->ipproto);
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
    state_put_name(o, "action", actions, r->action, VNET_FR_ACT_TO_TBL);
    state_put_name(o, "table", state_route_tables, r->table, VNET_RT_TABLE_UNSPEC);
    state_put_nonzero(o, "goto", r->goto_priority);
    if (r->suppress_prefixlen != -1)
        json_put_int(o, "suppress_prefixlen", r->suppress_prefixlen);
    if (r->suppress_ifgroup != -1)
        json_put_int(o, "suppress_ifgroup", r->suppress_ifgroup);
    state_put_name(o, "protocol", state_route_protocols, r->protocol, VNET_RTPROT_UNSPEC);
    json_put_end(o);
    return 0;
}

void state_save_rules(const struct netns *ns, struct json_out *o)
{
    if (fib_rules_are_default(ns->fib4) && fib_rules_are_default(ns->fib6))
        return;
    json_put_array(o, "rules", true);
    fib_rule_each(ns->fib4, save_rule, o);
    fib_rule_each(ns->fib6, save_rule, o);
    json_put_end(o);
}

/* ---- load ---- */

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
    int rc = state_get_prefix(l, obj, at, "src", true, &src);
    if (rc == 0)
        rc = state_get_prefix(l, obj, at, "dst", true, &dst);
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
        rc = state_get_byte(l, obj, at, "tos", &r->tos);
    if (rc == 0)
        rc = state_get_number(l, obj, at, "fwmark", UINT32_MAX, &r->fwmark);
    if (rc == 0)
        rc = state_get_number(l, obj, at, "fwmask", UINT32_MAX, &r->fwmask);
    if (rc == 0)
        rc = get_ifname(l, obj, at, "iif", r->iif);
    if (rc == 0)
        rc = get_ifname(l, obj, at, "oif", r->oif);
    r->has_uid = json_object_get(obj, "uid") != NULL;
    if (rc == 0)
        rc = get_range(l, obj, at, "uid", UINT32_MAX, &r->uid_min, &r->uid_max);
    if (rc == 0)
        rc = state_get_byte(l, obj, at, "ipproto", &r->ipproto);
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
    int rc = state_get_number(l, obj, at, "priority", UINT32_MAX, &r->priority);
    if (rc == 0)
        rc = state_get_name8(l, obj, at, "action", actions, &r->action);
    if (rc == 0)
        rc = state_get_name(l, obj, at, "table", state_route_tables, UINT32_MAX, &r->table);
    if (rc == 0)
        rc = state_get_number(l, obj, at, "goto", UINT32_MAX, &r->goto_priority);
    if (rc == 0)
        rc = get_suppress(l, obj, at, "suppress_prefixlen", &r->suppress_prefixlen);
    if (rc == 0)
        rc = get_suppress(l, obj, at, "suppress_ifgroup", &r->suppress_ifgroup);
    if (rc == 0)
        rc = state_get_name8(l, obj, at, "protocol", state_route_protocols, &r->protocol);
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

int state_load_rules(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    if (json_object_get(obj, "rules")) {
        fib_rules_free(l->ns->fib4);
        fib_rules_free(l->ns->fib6);
    }
    return state_get_list(l, obj, at, "rules", load_rule);
}
