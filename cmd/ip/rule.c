/* `ip rule` (ip/iprule.c of iproute2 6.1.0). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"
#include "cmd/ip/names.h"
#include "cmd/ip/rule_print.h"

/* ---- words that show, flush, add and delete share ---- */

/* "5", "0x10/0xff" */
static int read_fwmark(struct args *a, uint32_t *mark, uint32_t *mask)
{
    char word[64];
    snprintf(word, sizeof(word), "%s", a->v[0]);
    char *slash = strchr(word, '/');
    if (slash)
        *slash = '\0';
    if (!arg_u32(word, 0, mark))
        return arg_invalid(a, "fwmark value is invalid\n", word);
    if (slash && !arg_u32(slash + 1, 0, mask))
        return arg_invalid(a, "fwmask value is invalid\n", slash + 1);
    return ARG_OK;
}

static int read_ports(struct args *a, const char *why, uint16_t *min, uint16_t *max)
{
    int n = sscanf(a->v[0], "%hu-%hu", min, max);
    if (n < 1)
        return arg_invalid(a, why, a->v[0]);
    if (n == 1)
        *max = *min;
    return ARG_OK;
}

static int read_uids(struct args *a, uint32_t *min, uint32_t *max)
{
    unsigned lo, hi;
    if (sscanf(a->v[0], "%u-%u", &lo, &hi) != 2)
        return arg_invalid(a, "invalid UID range\n", a->v[0]);
    *min = lo;
    *max = hi;
    return ARG_OK;
}

enum word {
    W_PRIORITY,
    W_NOT,
    W_TOS,
    W_FWMARK,
    W_IIF,
    W_OIF,
    W_UIDRANGE,
    W_TABLE,
    W_FROM,
    W_TO,
    W_PROTOCOL,
    W_IPPROTO,
    W_SPORT,
    W_DPORT,
    W_SUPPRESS_LEN,
    W_SUPPRESS_GROUP,
};

/* ---- show, flush ---- */

struct listing {
    struct ip *ip;
    struct rule_filter f;
    uint8_t family;
    bool flush;
    struct vnet_rule_info *victims; /* owned; flush only */
    size_t n, cap;
};

static int filter_name(struct listing *l, struct args *a, const struct keyword *kw)
{
    if (!ip_ifname_ok(a->v[0]))
        return arg_invalid(a, kw->why, a->v[0]);
    *(kw->value == W_IIF ? &l->f.iif : &l->f.oif) = a->v[0];
    return ARG_OK;
}

static int filter_protocol(struct listing *l, struct args *a, const struct keyword *kw)
{
    uint32_t v;
    l->f.has_proto = proto_value(a->v[0], &v);
    if (l->f.has_proto)
        l->f.proto = (uint8_t)v;
    else if (strcmp(a->v[0], "all") != 0)
        return arg_invalid(a, kw->why, a->v[0]);
    return ARG_OK;
}

static int filter_small(struct listing *l, struct args *a, const struct keyword *kw)
{
    uint32_t v = 0;
    if (!(kw->value == W_TOS ? dsfield_value : ipproto_value)(a->v[0], &v))
        return arg_invalid(a, kw->why, a->v[0]);
    if (kw->value == W_TOS) {
        l->f.has_tos = true;
        l->f.tos = (uint8_t)v;
    } else {
        l->f.ipproto = (uint8_t)v;
    }
    return ARG_OK;
}

static int filter_not(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    (void)kw;
    ((struct listing *)into)->f.invert = true;
    return ARG_OK;
}

static int filter_word(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    struct rule_filter *f = &l->f;
    int status = arg_next(a);
    if (status)
        return status;
    switch ((enum word)kw->value) {
    case W_PRIORITY:
        f->has_priority = arg_u32(a->v[0], 0, &f->priority);
        return f->has_priority ? ARG_OK : arg_invalid(a, kw->why, a->v[0]);
    case W_TABLE:
        return table_value(a->v[0], &f->table) ? ARG_OK : arg_invalid(a, kw->why, a->v[0]);
    case W_FWMARK:
        return read_fwmark(a, &f->fwmark, &f->fwmask);
    case W_UIDRANGE:
        f->has_uid = true;
        return read_uids(a, &f->uid_min, &f->uid_max);
    case W_SPORT:
        return read_ports(a, kw->why, &f->sport_min, &f->sport_max);
    case W_DPORT:
        return read_ports(a, kw->why, &f->dport_min, &f->dport_max);
    case W_FROM:
        return ip_take_prefix(l->ip, a, l->family, &f->src);
    case W_IIF:
    case W_OIF:
        return filter_name(l, a, kw);
    case W_PROTOCOL:
        return filter_protocol(l, a, kw);
    default:
        return filter_small(l, a, kw);
    }
}

static int filter_to(struct args *a, void *into)
{
    struct listing *l = into;
    if (arg_matches(a->v[0], "dst") || arg_matches(a->v[0], "to")) {
        int status = arg_next(a);
        if (status)
            return status;
    }
    return ip_take_prefix(l->ip, a, l->family, &l->f.dst);
}

static const struct keyword filter_words[] = {
    {"preference", true, filter_word, W_PRIORITY, "preference value is invalid\n"},
    {"order", true, filter_word, W_PRIORITY, "preference value is invalid\n"},
    {"priority", true, filter_word, W_PRIORITY, "preference value is invalid\n"},
    {"not", false, filter_not, W_NOT, NULL},
    {"tos", false, filter_word, W_TOS, "TOS value is invalid\n"},
    {"dsfield", false, filter_word, W_TOS, "TOS value is invalid\n"},
    {"fwmark", false, filter_word, W_FWMARK, NULL},
    {"dev", false, filter_word, W_IIF, "\"iif\"/\"dev\" not a valid ifname"},
    {"iif", false, filter_word, W_IIF, "\"iif\"/\"dev\" not a valid ifname"},
    {"oif", false, filter_word, W_OIF, "\"oif\" not a valid ifname"},
    {"l3mdev", false, arg_refuse, 0, "ip rule"},
    {"uidrange", false, filter_word, W_UIDRANGE, NULL},
    {"tun_id", true, arg_refuse, 0, "ip rule"},
    {"lookup", true, filter_word, W_TABLE, "table id value is invalid\n"},
    {"table", true, filter_word, W_TABLE, "table id value is invalid\n"},
    {"from", true, filter_word, W_FROM, NULL},
    {"src", true, filter_word, W_FROM, NULL},
    {"protocol", true, filter_word, W_PROTOCOL, "invalid \"protocol\"\n"},
    {"ipproto", false, filter_word, W_IPPROTO, "Invalid \"ipproto\" value\n"},
    {"sport", false, filter_word, W_SPORT, "invalid port range\n"},
    {"dport", false, filter_word, W_DPORT, "invalid dport range\n"},
    {NULL, false, NULL, 0, NULL},
};

static int look_at_rule(const struct vnet_rule_info *r, void *arg)
{
    struct listing *l = arg;
    if (!ip_rule_passes(&l->f, r))
        return 0;
    if (!l->flush) {
        ip_print_rule(l->ip, r);
        return 0;
    }
    /* the kernel leaves a priority of 0 out of its dump, and such a rule is not flushed */
    if (r->priority == 0 || (l->f.has_proto && l->f.proto != r->protocol))
        return 0;
    ARRAY_GROW(l->victims, l->n, l->cap);
    l->victims[l->n] = *r;
    l->victims[l->n++].has_goto = r->goto_priority != 0; /* it is in the message that comes back */
    return 0;
}

static int delete_victims(struct listing *l)
{
    struct vnet_err err = {""};
    for (size_t i = 0; i < l->n; i++) {
        l->victims[i].has_priority = true;
        if (ip_answer(l->ip, vnet_rule_del(l->ip->ns, &l->victims[i], &err), &err)) {
            sink_puts(l->ip->err, "Dump terminated\n");
            return ARG_FAILED;
        }
    }
    return ARG_OK;
}

static int list(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct listing l = {.ip = ip, .flush = verb->value};
    l.family = ip->opt.family ? ip->opt.family : VNET_AF_INET;
    int status = args_read(a, filter_words, &l, filter_to);
    if (status)
        return status;
    json_begin(&ip->out);
    if (l.family != VNET_AF_PACKET)
        vnet_rule_dump(ip->ns, l.family, look_at_rule, &l);
    status = delete_victims(&l);
    json_end(&ip->out);
    free(l.victims);
    return status;
}

/* ---- add, delete ---- */

struct change {
    struct ip *ip;
    struct vnet_rule_info r;
    bool has_table;
};

static int take_not(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    (void)kw;
    ((struct change *)into)->r.invert = true;
    return ARG_OK;
}

static int take_prefix(struct change *c, struct args *a, struct inet_addr *addr, uint8_t *len)
{
    struct ip_prefix p;
    int status = ip_take_prefix(c->ip, a, c->r.family, &p);
    if (status)
        return status;
    *len = p.len;
    if (p.size && p.len)
        *addr = p.addr;
    return ARG_OK;
}

static int take_name(struct change *c, struct args *a, const struct keyword *kw)
{
    char *name = kw->value == W_IIF ? c->r.iif : c->r.oif;
    if (!ip_ifname_ok(a->v[0]))
        return arg_invalid(a, kw->why, a->v[0]);
    snprintf(name, VNET_IFNAMSIZ, "%s", a->v[0]);
    return ARG_OK;
}

static int take_small(struct change *c, struct args *a, const struct keyword *kw)
{
    uint32_t v;
    bool ok = kw->value == W_TOS        ? dsfield_value(a->v[0], &v)
              : kw->value == W_PROTOCOL ? proto_value(a->v[0], &v)
                                        : ipproto_value(a->v[0], &v);
    if (!ok)
        return arg_invalid(a, kw->why, a->v[0]);
    *(kw->value == W_TOS        ? &c->r.tos
      : kw->value == W_PROTOCOL ? &c->r.protocol
                                : &c->r.ipproto) = (uint8_t)v;
    return ARG_OK;
}

static int take_suppressor(struct change *c, struct args *a, const struct keyword *kw)
{
    uint32_t group;
    int len;
    if (kw->value == W_SUPPRESS_GROUP) {
        if (!group_value(a->v[0], &group))
            return arg_invalid(a, kw->why, a->v[0]);
        c->r.suppress_ifgroup = (int32_t)group;
        return ARG_OK;
    }
    if (!arg_int(a->v[0], 0, &len) || len < 0)
        return arg_invalid(a, kw->why, a->v[0]);
    c->r.suppress_prefixlen = len;
    return ARG_OK;
}

static int take_word(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    struct vnet_rule_info *r = &c->r;
    int status = arg_next(a);
    if (status)
        return status;
    switch ((enum word)kw->value) {
    case W_FROM:
        return take_prefix(c, a, &r->src, &r->src_len);
    case W_TO:
        return take_prefix(c, a, &r->dst, &r->dst_len);
    case W_PRIORITY:
        r->has_priority = arg_u32(a->v[0], 0, &r->priority);
        return r->has_priority ? ARG_OK : arg_invalid(a, kw->why, a->v[0]);
    case W_FWMARK:
        return read_fwmark(a, &r->fwmark, &r->fwmask);
    case W_TABLE:
        c->has_table = true;
        return table_value(a->v[0], &r->table) ? ARG_OK : arg_invalid(a, kw->why, a->v[0]);
    case W_UIDRANGE:
        r->has_uid = true;
        return read_uids(a, &r->uid_min, &r->uid_max);
    case W_SPORT:
        r->has_sport = true;
        return read_ports(a, kw->why, &r->sport_min, &r->sport_max);
    case W_DPORT:
        r->has_dport = true;
        return read_ports(a, kw->why, &r->dport_min, &r->dport_max);
    case W_IIF:
    case W_OIF:
        return take_name(c, a, kw);
    case W_SUPPRESS_LEN:
    case W_SUPPRESS_GROUP:
        return take_suppressor(c, a, kw);
    default:
        return take_small(c, a, kw);
    }
}

/* "[type] ACTION": goto N, nop, or a route type. */
static int take_action(struct args *a, void *into)
{
    struct change *c = into;
    uint32_t type;
    int status = strcmp(a->v[0], "type") == 0 ? arg_next(a) : ARG_OK;
    if (status)
        return status;
    if (arg_matches(a->v[0], "help"))
        return ip_usage(c->ip, HELP_RULE);
    if (arg_matches(a->v[0], "goto")) {
        type = VNET_FR_ACT_GOTO;
        status = arg_next(a);
        if (status)
            return status;
        if (!arg_u32(a->v[0], 0, &c->r.goto_priority))
            return arg_invalid(a, "invalid target\n", a->v[0]);
        c->r.has_goto = true;
    } else if (arg_matches(a->v[0], "nop")) {
        type = VNET_FR_ACT_NOP;
    } else if (!rtype_value(a->v[0], &type)) {
        return arg_invalid(a, "Failed to parse rule type", a->v[0]);
    }
    c->r.action = (uint8_t)type;
    c->has_table = true;
    return ARG_OK;
}

static const struct keyword words[] = {
    {"not", false, take_not, W_NOT, NULL},
    {"from", false, take_word, W_FROM, NULL},
    {"to", false, take_word, W_TO, NULL},
    {"preference", true, take_word, W_PRIORITY, "preference value is invalid\n"},
    {"order", true, take_word, W_PRIORITY, "preference value is invalid\n"},
    {"priority", true, take_word, W_PRIORITY, "preference value is invalid\n"},
    {"tos", false, take_word, W_TOS, "TOS value is invalid\n"},
    {"dsfield", true, take_word, W_TOS, "TOS value is invalid\n"},
    {"fwmark", false, take_word, W_FWMARK, NULL},
    {"realms", true, arg_refuse, 0, "ip rule"},
    {"protocol", true, take_word, W_PROTOCOL, "\"protocol\" value is invalid\n"},
    {"tun_id", true, arg_refuse, 0, "ip rule"},
    {"table", true, take_word, W_TABLE, "invalid table ID\n"},
    {"lookup", false, take_word, W_TABLE, "invalid table ID\n"},
    {"suppress_prefixlength", true, take_word, W_SUPPRESS_LEN,
     "suppress_prefixlength value is invalid\n"},
    {"sup_pl", false, take_word, W_SUPPRESS_LEN, "suppress_prefixlength value is invalid\n"},
    {"suppress_ifgroup", true, take_word, W_SUPPRESS_GROUP, "Invalid \"suppress_ifgroup\" value\n"},
    {"sup_group", false, take_word, W_SUPPRESS_GROUP, "Invalid \"suppress_ifgroup\" value\n"},
    {"dev", false, take_word, W_IIF, "\"iif\"/\"dev\" not a valid ifname"},
    {"iif", false, take_word, W_IIF, "\"iif\"/\"dev\" not a valid ifname"},
    {"oif", false, take_word, W_OIF, "\"oif\" not a valid ifname"},
    {"l3mdev", false, arg_refuse, 0, "ip rule"},
    {"uidrange", false, take_word, W_UIDRANGE, NULL},
    {"nat", false, arg_refuse, 0, "ip rule"},
    {"map-to", true, arg_refuse, 0, "ip rule"},
    {"ipproto", false, take_word, W_IPPROTO, "Invalid \"ipproto\" value\n"},
    {"sport", false, take_word, W_SPORT, "invalid port range\n"},
    {"dport", false, take_word, W_DPORT, "invalid dport range\n"},
    {NULL, false, NULL, 0, NULL},
};

enum { RULE_ADD, RULE_DELETE };

static int modify(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    bool add = verb->value == RULE_ADD;
    struct vnet_err err = {""};
    struct change c = {
        .ip = ip,
        .r = {.family = ip->opt.family,
              .action = add ? VNET_FR_ACT_TO_TBL : 0,
              .suppress_prefixlen = -1,
              .suppress_ifgroup = -1},
    };
    if (a->n == 0) {
        sink_printf(ip->err, "\"ip rule %s\" requires arguments.\n", add ? "add" : "del");
        return ARG_FAILED;
    }
    int status = args_read(a, words, &c, take_action);
    if (status)
        return status;
    if (c.r.family == VNET_AF_UNSPEC)
        c.r.family = VNET_AF_INET;
    if (!c.has_table && add)
        c.r.table = VNET_RT_TABLE_MAIN;
    if (c.r.src.family && c.r.src.family != c.r.family)
        return ip_refuse(ip, "Invalid source address");
    if (c.r.dst.family && c.r.dst.family != c.r.family)
        return ip_refuse(ip, "Invalid dst address");
    return ip_answer(
        ip, add ? vnet_rule_add(ip->ns, &c.r, &err) : vnet_rule_del(ip->ns, &c.r, &err), &err);
}

/* ---- verbs ---- */

static int help(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)a;
    (void)verb;
    return ip_usage(ip, HELP_RULE);
}

static const struct ip_verb verbs[] = {
    {"list", true, true, list, false},
    {"lst", true, true, list, false},
    {"show", true, true, list, false},
    {"save", true, false, NULL, 0},
    {"restore", true, false, NULL, 0},
    {"add", true, true, modify, RULE_ADD},
    {"delete", true, true, modify, RULE_DELETE},
    {"flush", true, true, list, true},
    {"help", true, false, help, 0},
    {NULL, false, false, NULL, 0},
};

int ip_rule_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb without = {"show", false, true, list, false};
    return ip_run_verb(ip, a, verbs, "rule", &without);
}
