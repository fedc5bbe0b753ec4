/* `ip route get` (iproute_get() of iproute2 6.1.0). */
#include <string.h>

#include "cmd/ip/help.h"
#include "cmd/ip/names.h"
#include "cmd/ip/route_list.h"
#include "cmd/ip/route_print.h"

struct query {
    struct ip *ip;
    struct vnet_route_query q;
    const char *iif, *oif;
    bool found, from, connected;
};

static int take_tos(struct args *a, void *into, const struct keyword *kw)
{
    uint32_t v;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (!dsfield_value(a->v[0], &v))
        return arg_invalid(a, "TOS value is invalid\n", a->v[0]);
    ((struct query *)into)->q.tos = (uint8_t)v;
    return ARG_OK;
}

/* A kernel takes no other length than a host's: iproute2 says so and goes on. */
static uint8_t host_length(struct ip *ip, uint8_t family, const struct ip_prefix *p)
{
    unsigned bits = family ? inet_addr_bits(family) : p->len;
    if (p->len != bits)
        sink_printf(ip->err,
                    "Warning: /%u as prefix is invalid, only /%u (or none) is supported.\n", p->len,
                    bits);
    return (uint8_t)bits;
}

static int take_from(struct args *a, void *into, const struct keyword *kw)
{
    struct query *q = into;
    struct ip_prefix p;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (arg_matches(a->v[0], "help"))
        return ip_usage(q->ip, HELP_ROUTE);
    q->from = true;
    status = ip_take_prefix(q->ip, a, q->q.family, &p);
    if (status)
        return status;
    if (q->q.family == VNET_AF_UNSPEC)
        q->q.family = p.addr.family;
    if (p.size)
        q->q.src = p.addr;
    q->q.has_src = p.size > 0;
    q->q.src_len = p.len;
    return ARG_OK;
}

static int take_u32(struct args *a, void *into, const struct keyword *kw)
{
    struct query *q = into;
    int status = arg_next(a);
    if (status)
        return status;
    return arg_u32(a->v[0], 0, kw->value ? &q->q.uid : &q->q.mark)
               ? ARG_OK
               : arg_invalid(a, kw->why, a->v[0]);
}

static int take_port(struct args *a, void *into, const struct keyword *kw)
{
    struct query *q = into;
    int status = arg_next(a);
    if (status)
        return status;
    return arg_u16(a->v[0], 0, kw->value ? &q->q.dport : &q->q.sport)
               ? ARG_OK
               : arg_invalid(a, kw->why, a->v[0]);
}

static int take_ipproto(struct args *a, void *into, const struct keyword *kw)
{
    uint32_t v;
    int status = arg_next(a);
    if (status)
        return status;
    if (!ipproto_value(a->v[0], &v))
        return arg_invalid(a, kw->why, a->v[0]);
    ((struct query *)into)->q.ipproto = (uint8_t)v;
    return ARG_OK;
}

static int take_vrf(struct args *a, void *into, const struct keyword *kw)
{
    (void)into;
    int status = arg_next(a);
    return status ? status : arg_invalid(a, kw->why, a->v[0]);
}

static int take_connected(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    (void)kw;
    ((struct query *)into)->connected = true;
    return ARG_OK;
}

static int take_fibmatch(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    (void)kw;
    ((struct query *)into)->q.fibmatch = true;
    return ARG_OK;
}

static int take_to(struct args *a, void *into)
{
    struct query *q = into;
    struct ip_prefix p;
    if (strcmp(a->v[0], "to") == 0) {
        int status = arg_next(a);
        if (status)
            return status;
    }
    if (arg_matches(a->v[0], "help"))
        return ip_usage(q->ip, HELP_ROUTE);
    int status = ip_take_prefix(q->ip, a, q->q.family, &p);
    if (status)
        return status;
    if (q->q.family == VNET_AF_UNSPEC)
        q->q.family = p.addr.family;
    if (p.size)
        q->q.dst = p.addr;
    q->q.dst_len = host_length(q->ip, q->q.family, &p);
    q->found = true;
    return ARG_OK;
}

static const struct keyword words[] = {
    {"tos", false, take_tos, 0, NULL},
    {"dsfield", true, take_tos, 0, NULL},
    {"from", true, take_from, 0, NULL},
    {"iif", true, ARG_TEXT(query, iif), NULL},
    {"mark", true, take_u32, 0, "invalid mark value"},
    {"oif", true, ARG_TEXT(query, oif), NULL},
    {"dev", false, ARG_TEXT(query, oif), NULL},
    {"notify", true, arg_refuse, 0, "ip route get"},
    {"connected", true, take_connected, 0, NULL},
    {"vrf", true, take_vrf, 0, "Invalid VRF\n"},
    {"uid", true, take_u32, 1, "invalid UID\n"},
    {"fibmatch", true, take_fibmatch, 0, NULL},
    {"as", false, arg_refuse, 0, "ip route get"},
    {"sport", true, take_port, 0, "invalid sport\n"},
    {"dport", true, take_port, 1, "invalid dport\n"},
    {"ipproto", true, take_ipproto, 0, "Invalid \"ipproto\" value\n"},
    {NULL, false, NULL, 0, NULL},
};

static int complete(struct query *q)
{
    if (!q->found) {
        sink_puts(q->ip->err, "need at least a destination address\n");
        return ARG_FAILED;
    }
    if (q->iif) {
        q->q.iif = ip_link_index(q->ip, q->iif);
        if (!q->q.iif)
            return ip_nodev(q->ip, q->iif);
    }
    if (q->oif) {
        q->q.oif = ip_link_index(q->ip, q->oif);
        if (!q->q.oif)
            return ip_nodev(q->ip, q->oif);
    }
    if (q->q.family == VNET_AF_UNSPEC)
        q->q.family = VNET_AF_INET;
    q->q.strict = ip_strict(q->ip);
    return ARG_OK;
}

static int ask_and_print(struct query *q, bool *has_source)
{
    static const struct route_filter all;
    struct vnet_err err = {""};
    struct vnet_nexthop nh[VNET_NEXTHOPS_MAX];
    struct vnet_route_info answer = {0};
    int status = ip_answer(q->ip, vnet_route_get(q->ip->ns, &q->q, &answer, nh, &err), &err);
    if (status)
        return status;
    json_begin(&q->ip->out);
    ip_print_route(q->ip, &all, &answer);
    json_end(&q->ip->out);
    *has_source = answer.prefsrc.family != VNET_AF_UNSPEC;
    return ARG_OK;
}

/* `connected` asks again: the second question is the first one once more (a slip of iproute2's that
 * 6.1.0 still has), and its answer is never JSON. */
static int ask_again(struct query *q, bool has_source)
{
    if (!has_source) {
        sink_puts(q->ip->err, "Failed to connect the route\n");
        return ARG_FAILED;
    }
    bool json = q->ip->out.json;
    q->ip->out.json = false;
    int status = ask_and_print(q, &has_source);
    q->ip->out.json = json;
    return status;
}

int ip_get_route(struct ip *ip, struct args *a)
{
    struct query q = {.ip = ip, .q.family = ip->opt.family};
    int status = args_read(a, words, &q, take_to);
    if (status)
        return status;
    if (ip->opt.stats)
        return arg_unsupported(a, "ip option", "-s with route get: cache statistics");
    status = complete(&q);
    bool has_source = false;
    if (!status)
        status = ask_and_print(&q, &has_source);
    return status || !q.connected || q.from ? status : ask_again(&q, has_source);
}
