/* `ip route add`, `change`, `replace`, `prepend`, `append`, `test`, `delete` (iproute_modify() of
 * iproute2 6.1.0). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cmd/ip/help.h"
#include "cmd/ip/names.h"
#include "cmd/ip/route_list.h"
#include "cmd/ip/route_print.h"
#include "vnet_addr.h"

struct change {
    struct ip *ip;
    bool del;
    struct vnet_route_info r;
    struct vnet_nexthop nh; /* of via, dev, onlink */
    const char *dev;
    const char *refusal; /* what the kernel says of an attribute: "any" is an address of no bytes */
    bool has_via, has_dst, has_table, has_scope, has_nexthops;
    struct vnet_nexthop *hops; /* of nexthop ...: room for VNET_NEXTHOPS_MAX */
    unsigned nhops;
};

static void adopt_family(struct change *c, const struct ip_prefix *p)
{
    if (c->r.family == VNET_AF_UNSPEC)
        c->r.family = p->addr.family;
}

static int take_src(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    struct ip_prefix p;
    (void)kw;
    int status = arg_next(a);
    if (!status)
        status = ip_take_addr(c->ip, a, c->r.family, &p);
    if (status)
        return status;
    adopt_family(c, &p);
    if (p.size)
        c->r.prefsrc = p.addr;
    else
        c->refusal = IP_POLICY;
    return ARG_OK;
}

/* "[inet|inet6] ADDRESS": the cursor is on the word behind `via`. */
static int read_gateway(struct change *c, struct args *a, struct inet_addr *gateway)
{
    struct ip_prefix p;
    uint8_t family = c->r.family;
    const char *word = a->v[0];
    if (strcmp(word, "link") == 0 || strcmp(word, "mpls") == 0 || strcmp(word, "bridge") == 0)
        return arg_unsupported(a, "ip route ... via", word);
    if (strcmp(word, "inet") == 0 || strcmp(word, "inet6") == 0) {
        family = word[4] ? VNET_AF_INET6 : VNET_AF_INET;
        int status = arg_next(a);
        if (status)
            return status;
    }
    int status = ip_take_addr(c->ip, a, family, &p);
    if (status)
        return status;
    adopt_family(c, &p);
    if (p.size)
        *gateway = p.addr;
    else if (p.addr.family != c->r.family)
        c->refusal = "Invalid IPv6 address in RTA_VIA";
    else
        c->refusal = c->has_nexthops ? "Invalid IPv4 address in RTA_GATEWAY" : IP_POLICY;
    return ARG_OK;
}

static int take_via(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    (void)kw;
    if (c->has_via)
        return arg_invalid(a, "use nexthop syntax to specify multiple via\n", a->v[0]);
    c->has_via = true;
    int status = arg_next(a);
    return status ? status : read_gateway(c, a, &c->nh.gateway);
}

static int take_from(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    struct ip_prefix p;
    (void)kw;
    int status = arg_next(a);
    if (!status)
        status = ip_take_prefix(c->ip, a, c->r.family, &p);
    if (status)
        return status;
    adopt_family(c, &p);
    if (p.size)
        c->r.src = p.addr;
    c->r.src_len = p.len;
    return ARG_OK;
}

enum number { NUM_EXPIRES, NUM_PRIORITY, NUM_NHID };

static int take_number(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    int status = arg_next(a);
    if (status)
        return status;
    uint32_t expires = 0;
    uint32_t *const numbers[] = {
        [NUM_EXPIRES] = &expires, [NUM_PRIORITY] = &c->r.priority, [NUM_NHID] = &c->r.nhid};
    if (!arg_u32(a->v[0], 0, numbers[kw->value]))
        return arg_invalid(a, kw->why, a->v[0]);
    if (kw->value == NUM_EXPIRES)
        c->r.expires = expires;
    return ARG_OK;
}

enum named { NAMED_TOS, NAMED_SCOPE, NAMED_PROTO, NAMED_TABLE };

static int take_named(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    uint32_t v = 0;
    int status = arg_next(a);
    if (status)
        return status;
    bool ok = kw->value == NAMED_TOS     ? dsfield_value(a->v[0], &v)
              : kw->value == NAMED_SCOPE ? scope_value(a->v[0], &v)
              : kw->value == NAMED_PROTO ? proto_value(a->v[0], &v)
                                         : table_value(a->v[0], &v);
    if (!ok)
        return arg_invalid(a, kw->why, a->v[0]);
    switch ((enum named)kw->value) {
    case NAMED_TOS:
        c->r.tos = (uint8_t)v;
        break;
    case NAMED_SCOPE:
        c->r.scope = (uint8_t)v;
        c->has_scope = true;
        break;
    case NAMED_PROTO:
        c->r.protocol = (uint8_t)v;
        break;
    case NAMED_TABLE:
        c->r.table = v;
        c->has_table = true;
        break;
    }
    return ARG_OK;
}

/* ---- metrics ---- */

/* What x86-64 makes of a double that is put into an unsigned int: its low 32 bits, 0 beyond 2^63.
 */
static uint32_t low_bits(double t)
{
    return t < 9223372036854775808.0 ? (uint32_t)(uint64_t)t : 0;
}

/* get_time_rtt(): milliseconds; *raw: no unit was given. */
static bool read_milliseconds(const char *s, uint32_t *ms, bool *raw)
{
    char *end;
    errno = 0;
    double t = strchr(s, '.') ? strtod(s, &end) : (double)strtoul(s, &end, 0);
    if (end == s || t < 0 || errno == ERANGE)
        return false;
    *raw = *end == '\0';
    if (strcasecmp(end, "s") == 0 || strcasecmp(end, "sec") == 0 || strcasecmp(end, "secs") == 0)
        t *= 1000;
    else if (!*raw && strcasecmp(end, "ms") != 0 && strcasecmp(end, "msec") != 0 &&
             strcasecmp(end, "msecs") != 0)
        return false;
    *ms = low_bits(t);
    *ms += *ms < t;
    return true;
}

/* "[lock] VALUE" */
static int step_over_lock(struct change *c, struct args *a, uint32_t rtax)
{
    int status = arg_next(a);
    if (status || strcmp(a->v[0], "lock") != 0)
        return status;
    c->r.metrics[VNET_RTAX_LOCK] |= 1U << rtax;
    return arg_next(a);
}

static int take_metric(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    uint32_t v;
    int status = step_over_lock(c, a, kw->value);
    if (status)
        return status;
    if (!arg_u32(a->v[0], 0, &v) || (kw->value == VNET_RTAX_HOPLIMIT && v > 255))
        return arg_invalid(a, kw->why, a->v[0]);
    c->r.metrics[kw->value] = v;
    return ARG_OK;
}

static int take_time(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    uint32_t ms;
    bool raw;
    int status = kw->value == VNET_RTAX_RTO_MIN ? arg_next(a) : step_over_lock(c, a, kw->value);
    if (status)
        return status;
    if (kw->value == VNET_RTAX_RTO_MIN)
        c->r.metrics[VNET_RTAX_LOCK] |= 1U << VNET_RTAX_RTO_MIN;
    if (!read_milliseconds(a->v[0], &ms, &raw))
        return arg_invalid(a, kw->why, a->v[0]);
    if (!raw && kw->value == VNET_RTAX_RTT)
        ms *= 8;
    if (!raw && kw->value == VNET_RTAX_RTTVAR)
        ms *= 4;
    c->r.metrics[kw->value] = ms;
    return ARG_OK;
}

static int take_features(struct args *a, void *into, const struct keyword *kw)
{
    int status = arg_next(a);
    if (status)
        return status;
    if (strcmp(a->v[0], "ecn") != 0)
        return arg_invalid(a, kw->why, a->v[0]);
    ((struct change *)into)->r.metrics[VNET_RTAX_FEATURES] |= 1;
    return ARG_OK;
}

static int take_bool(struct args *a, void *into, const struct keyword *kw)
{
    bool quick = kw->value == VNET_RTAX_QUICKACK;
    uint32_t v;
    int status = arg_next(a);
    if (status)
        return status;
    if (!arg_u32(a->v[0], 0, &v))
        return arg_invalid(a, kw->why, a->v[0]);
    if (v > 1)
        return arg_invalid(a,
                           quick ? "\"quickack\" value should be 0 or 1\n"
                                 : "\"fastopen_no_cookie\" value should be 0 or 1\n",
                           a->v[0]);
    ((struct change *)into)->r.metrics[kw->value] = v;
    return ARG_OK;
}

/* ---- the rest ---- */

static int take_onlink(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    (void)kw;
    ((struct change *)into)->nh.flags |= VNET_RTNH_F_ONLINK;
    return ARG_OK;
}

static int take_vrf(struct args *a, void *into, const struct keyword *kw)
{
    (void)into;
    int status = arg_next(a);
    return status ? status : arg_invalid(a, kw->why, a->v[0]);
}

static int take_pref(struct args *a, void *into, const struct keyword *kw)
{
    static const struct {
        const char *name;
        uint8_t value;
    } prefs[] = {{"low", 3}, {"medium", 0}, {"high", 1}};
    struct change *c = into;
    int status = arg_next(a);
    if (status)
        return status;
    for (size_t i = 0; i < sizeof(prefs) / sizeof(prefs[0]); i++) {
        if (strcmp(a->v[0], prefs[i].name) == 0) {
            c->r.pref = prefs[i].value;
            return ARG_OK;
        }
    }
    return arg_u8(a->v[0], 0, &c->r.pref) ? ARG_OK : arg_invalid(a, kw->why, a->v[0]);
}

/* ---- nexthops ---- */

struct hop {
    struct change *c;
    struct vnet_nexthop nh;
};

/* Of several the kernel finds the first; one of each family are two attributes. */
static int take_hop_via(struct args *a, void *into, const struct keyword *kw)
{
    struct hop *h = into;
    struct inet_addr gateway = {.family = VNET_AF_UNSPEC};
    (void)kw;
    int status = arg_next(a);
    if (status == ARG_OK)
        status = read_gateway(h->c, a, &gateway);
    if (!h->nh.gateway.family)
        h->nh.gateway = gateway;
    else if (gateway.family && gateway.family != h->nh.gateway.family)
        h->c->refusal = "Nexthop configuration can not contain both GATEWAY and VIA";
    return status;
}

static int take_hop_dev(struct args *a, void *into, const struct keyword *kw)
{
    struct hop *h = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    h->nh.oif = ip_link_index(h->c->ip, a->v[0]);
    if (h->nh.oif)
        return ARG_OK;
    ip_nodev(h->c->ip, a->v[0]);
    sink_puts(a->err, "Error: cannot parse nexthop\n");
    return ARG_USAGE;
}

static int take_hop_weight(struct args *a, void *into, const struct keyword *kw)
{
    uint32_t w;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (!arg_u32(a->v[0], 0, &w) || w == 0 || w > 256)
        return arg_invalid(a, "\"weight\" is invalid\n", a->v[0]);
    ((struct hop *)into)->nh.weight = (uint8_t)(w - 1);
    return ARG_OK;
}

static int take_hop_onlink(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    (void)kw;
    ((struct hop *)into)->nh.flags |= VNET_RTNH_F_ONLINK;
    return ARG_OK;
}

static const struct keyword hop_words[] = {
    {"via", false, take_hop_via, 0, NULL},       {"dev", false, take_hop_dev, 0, NULL},
    {"weight", false, take_hop_weight, 0, NULL}, {"onlink", false, take_hop_onlink, 0, NULL},
    {"realms", true, arg_refuse, 0, "ip route"}, {"encap", false, arg_refuse, 0, "ip route"},
    {"as", false, arg_refuse, 0, "ip route"},    {NULL, false, NULL, 0, NULL},
};

/* The next `nexthop`, or what does not belong here. */
static int end_of_hop(struct args *a, void *into)
{
    (void)into;
    if (strcmp(a->v[0], "nexthop") == 0) {
        a->v--; /* args_read() steps over the last word taken */
        a->n++;
        return ARG_STOP;
    }
    sink_printf(a->err, "Error: \"nexthop\" or end of line is expected instead of \"%s\"\n",
                a->v[0]);
    return ARG_USAGE;
}

/* The cursor is on the first `nexthop`. */
static int read_nexthops(struct change *c, struct args *a)
{
    while (a->n > 0) {
        struct hop h = {.c = c};
        if (a->n <= 1) {
            sink_puts(a->err, "Error: unexpected end of line after \"nexthop\"\n");
            return ARG_USAGE;
        }
        arg_advance(a);
        int status = args_read(a, hop_words, &h, end_of_hop);
        if (status)
            return status;
        if (c->nhops == VNET_NEXTHOPS_MAX)
            return arg_unsupported(a, "ip route: more nexthops than", "256");
        c->hops[c->nhops++] = h.nh;
    }
    return ARG_OK;
}

static int take_nexthop(struct args *a, void *into, const struct keyword *kw)
{
    (void)kw;
    ((struct change *)into)->has_nexthops = true;
    a->v--; /* they are read when all else has been: the cursor shall end on this word */
    a->n++;
    return ARG_STOP;
}

static int take_destination(struct args *a, void *into)
{
    struct change *c = into;
    struct ip_prefix p;
    uint32_t type;
    if (strcmp(a->v[0], "to") == 0) {
        int status = arg_next(a);
        if (status)
            return status;
    }
    if ((a->v[0][0] < '0' || a->v[0][0] > '9') && rtype_value(a->v[0], &type)) {
        int status = arg_next(a);
        if (status)
            return status;
        c->r.type = (uint8_t)type;
    }
    if (arg_matches(a->v[0], "help"))
        return ip_usage(c->ip, HELP_ROUTE);
    if (c->has_dst)
        return arg_garbage(a, "to", a->v[0]);
    int status = ip_take_prefix(c->ip, a, c->r.family, &p);
    if (status)
        return status;
    adopt_family(c, &p);
    c->r.dst_len = p.len;
    c->has_dst = true;
    if (p.size)
        c->r.dst = p.addr;
    return ARG_OK;
}

/* In iproute_modify()'s order. */
static const struct keyword words[] = {
    {"src", false, take_src, 0, NULL},
    {"as", false, arg_refuse, 0, "ip route"},
    {"via", false, take_via, 0, NULL},
    {"from", false, take_from, 0, NULL},
    {"tos", false, take_named, NAMED_TOS, "\"tos\" value is invalid\n"},
    {"dsfield", true, take_named, NAMED_TOS, "\"tos\" value is invalid\n"},
    {"expires", false, take_number, NUM_EXPIRES, "\"expires\" value is invalid\n"},
    {"metric", true, take_number, NUM_PRIORITY, "\"metric\" value is invalid\n"},
    {"priority", true, take_number, NUM_PRIORITY, "\"metric\" value is invalid\n"},
    {"preference", false, take_number, NUM_PRIORITY, "\"metric\" value is invalid\n"},
    {"scope", false, take_named, NAMED_SCOPE, "invalid \"scope\" value\n"},
    {"mtu", false, take_metric, VNET_RTAX_MTU, "\"mtu\" value is invalid\n"},
    {"hoplimit", false, take_metric, VNET_RTAX_HOPLIMIT, "\"hoplimit\" value is invalid\n"},
    {"advmss", false, take_metric, VNET_RTAX_ADVMSS, "\"mss\" value is invalid\n"},
    {"reordering", true, take_metric, VNET_RTAX_REORDERING, "\"reordering\" value is invalid\n"},
    {"rtt", false, take_time, VNET_RTAX_RTT, "\"rtt\" value is invalid\n"},
    {"rto_min", false, take_time, VNET_RTAX_RTO_MIN, "\"rto_min\" value is invalid\n"},
    {"window", true, take_metric, VNET_RTAX_WINDOW, "\"window\" value is invalid\n"},
    {"cwnd", true, take_metric, VNET_RTAX_CWND, "\"cwnd\" value is invalid\n"},
    {"initcwnd", true, take_metric, VNET_RTAX_INITCWND, "\"initcwnd\" value is invalid\n"},
    {"initrwnd", true, take_metric, VNET_RTAX_INITRWND, "\"initrwnd\" value is invalid\n"},
    {"features", true, take_features, 0, "\"features\" value not valid\n"},
    {"quickack", true, take_bool, VNET_RTAX_QUICKACK, "\"quickack\" value is invalid\n"},
    {"congctl", true, arg_refuse, 0, "ip route"},
    {"rttvar", true, take_time, VNET_RTAX_RTTVAR, "\"rttvar\" value is invalid\n"},
    {"ssthresh", true, take_metric, VNET_RTAX_SSTHRESH, "\"ssthresh\" value is invalid\n"},
    {"realms", true, arg_refuse, 0, "ip route"},
    {"onlink", false, take_onlink, 0, NULL},
    {"nexthop", false, take_nexthop, 0, NULL},
    {"nhid", false, take_number, NUM_NHID, "\"id\" value is invalid\n"},
    {"protocol", true, take_named, NAMED_PROTO, "\"protocol\" value is invalid\n"},
    {"table", true, take_named, NAMED_TABLE, "\"table\" value is invalid\n"},
    {"vrf", true, take_vrf, 0, "Invalid VRF\n"},
    {"dev", false, ARG_TEXT(change, dev), NULL},
    {"oif", false, ARG_TEXT(change, dev), NULL},
    {"pref", true, take_pref, 0, "\"pref\" value is invalid\n"},
    {"encap", false, arg_refuse, 0, "ip route"},
    {"ttl-propagate", false, arg_refuse, 0, "ip route"},
    {"fastopen_no_cookie", true, take_bool, VNET_RTAX_FASTOPEN_NO_COOKIE,
     "\"fastopen_no_cookie\" value is invalid\n"},
    {NULL, false, NULL, 0, NULL},
};

/* ---- completing ---- */

static void default_table_and_scope(struct change *c)
{
    uint8_t type = c->r.type;
    bool here = type == VNET_RTN_LOCAL || type == VNET_RTN_NAT;
    bool many = type == VNET_RTN_BROADCAST || type == VNET_RTN_ANYCAST;
    if (!c->has_table && (here || many))
        c->r.table = VNET_RT_TABLE_LOCAL;
    if (c->has_scope)
        return;
    if (c->r.family == VNET_AF_INET6)
        c->r.scope = VNET_SCOPE_UNIVERSE;
    else if (here)
        c->r.scope = VNET_SCOPE_HOST;
    else if (many || type == VNET_RTN_MULTICAST)
        c->r.scope = VNET_SCOPE_LINK;
    else if (type != VNET_RTN_UNICAST && type != VNET_RTN_UNSPEC)
        return;
    else if (c->del)
        c->r.scope = VNET_SCOPE_NOWHERE;
    else if (!c->has_via && !c->has_nexthops && !c->r.nhid)
        c->r.scope = VNET_SCOPE_LINK;
}

/* fib_create_info(): what stands before the nexthops must agree with the first of them. */
static int check_agreement(struct change *c)
{
    const char *what = NULL;
    if (c->nh.oif && c->nh.oif != c->hops[0].oif)
        what = "Nexthop device index does not match RTA_OIF";
    else if (c->has_via && !inet_addr_eq(&c->nh.gateway, &c->hops[0].gateway))
        what = "Nexthop gateway does not match RTA_GATEWAY or RTA_VIA";
    return what ? ip_refuse(c->ip, what) : ARG_OK;
}

static int complete(struct change *c, struct args *a)
{
    if (!c->has_dst)
        return ip_usage(c->ip, HELP_ROUTE);
    if (c->dev) {
        c->nh.oif = ip_link_index(c->ip, c->dev);
        if (!c->nh.oif)
            return ip_nodev(c->ip, c->dev);
    }
    if (c->has_nexthops) {
        int status = read_nexthops(c, a);
        if (status)
            return status;
    }
    if (c->r.family == VNET_AF_UNSPEC)
        c->r.family = VNET_AF_INET;
    default_table_and_scope(c);
    if (c->refusal)
        return ip_refuse(c->ip, c->refusal);
    if (c->nhops) {
        c->r.nh = c->hops;
        c->r.nnh = c->nhops;
        c->r.multipath = true;
        c->r.flags = c->nh.flags;
        return c->del ? ARG_OK : check_agreement(c);
    }
    c->r.nh = &c->nh;
    c->r.nnh = c->nh.oif || c->has_via || c->nh.flags;
    return ARG_OK;
}

int ip_modify_route(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct vnet_err err = {""};
    bool del = verb->value == ROUTE_DELETE;
    struct vnet_nexthop hops[VNET_NEXTHOPS_MAX];
    struct change c = {
        .ip = ip,
        .hops = hops,
        .del = del,
        .r = {.family = ip->opt.family,
              .table = VNET_RT_TABLE_MAIN,
              .scope = del ? VNET_SCOPE_NOWHERE : VNET_SCOPE_UNIVERSE,
              .protocol = del ? VNET_RTPROT_UNSPEC : VNET_RTPROT_BOOT,
              .type = del ? VNET_RTN_UNSPEC : VNET_RTN_UNICAST},
    };
    int status = args_read(a, words, &c, take_destination);
    if (!status)
        status = complete(&c, a);
    if (status)
        return status;
    return ip_answer(ip,
                     del ? vnet_route_del(ip->ns, &c.r, &err)
                         : vnet_route_add(ip->ns, &c.r, verb->value, &err),
                     &err);
}
