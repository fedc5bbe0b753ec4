/* `ip route show` and `flush` (iproute_list_flush_or_save() of iproute2 6.1.0). */
#include "cmd/ip/route_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"
#include "cmd/ip/names.h"
#include "cmd/ip/route_print.h"

struct listing {
    struct ip *ip;
    struct route_filter f;
    uint8_t family;
    const char *iif, *oif;
    bool table_found;                /* a route of the table was seen */
    struct vnet_route_info *victims; /* owned, with their nexthops; flush only */
    size_t n, cap;
    bool flush;
};

/* ---- selectors ---- */

static int take_table(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    (void)kw;
    int status = arg_next(a);
    if (status || table_value(a->v[0], &l->f.table))
        return status;
    if (strcmp(a->v[0], "all") == 0)
        l->f.table = 0;
    else if (strcmp(a->v[0], "cache") == 0)
        l->f.cached = true;
    else if (strcmp(a->v[0], "help") == 0)
        return ip_usage(l->ip, HELP_ROUTE);
    else
        return arg_invalid(a, "table id value is invalid\n", a->v[0]);
    return ARG_OK;
}

static int take_vrf(struct args *a, void *into, const struct keyword *kw)
{
    (void)into;
    (void)kw;
    int status = arg_next(a);
    return status ? status : arg_invalid(a, "Invalid VRF\n", a->v[0]);
}

static int take_cached(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    (void)kw;
    ((struct listing *)into)->f.cached = true;
    return ARG_OK;
}

static int take_tos(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    uint32_t v;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (!dsfield_value(a->v[0], &v))
        return arg_invalid(a, "TOS value is invalid\n", a->v[0]);
    l->f.has_tos = true;
    l->f.tos = (uint8_t)v;
    return ARG_OK;
}

static int take_protocol(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    uint32_t v;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    l->f.has_proto = proto_value(a->v[0], &v);
    if (l->f.has_proto)
        l->f.proto = (uint8_t)v;
    else if (strcmp(a->v[0], "all") != 0)
        return arg_invalid(a, "invalid \"protocol\"\n", a->v[0]);
    return ARG_OK;
}

static int take_scope(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    uint32_t v;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    l->f.has_scope = scope_value(a->v[0], &v);
    if (l->f.has_scope)
        l->f.scope = (uint8_t)v;
    else if (strcmp(a->v[0], "all") != 0)
        return arg_invalid(a, "invalid \"scope\"\n", a->v[0]);
    return ARG_OK;
}

static int take_type(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    l->f.has_type = rtype_value(a->v[0], &l->f.type);
    return l->f.has_type ? ARG_OK : arg_invalid(a, "node type value is invalid\n", a->v[0]);
}

static int take_mark(struct args *a, void *into, const struct keyword *kw)
{
    uint32_t mark;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (!arg_u32(a->v[0], 0, &mark))
        return arg_invalid(a, "invalid mark value", a->v[0]);
    ((struct listing *)into)->f.has_mark = mark != 0; /* no stored route has a mark */
    return ARG_OK;
}

static int take_metric(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    l->f.has_metric = arg_u32(a->v[0], 0, &l->f.metric);
    return l->f.has_metric ? ARG_OK : arg_invalid(a, "\"metric\" value is invalid\n", a->v[0]);
}

static int take_via(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    uint8_t family = l->family;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (strcmp(a->v[0], "inet") == 0 || strcmp(a->v[0], "inet6") == 0) {
        family = a->v[0][4] ? VNET_AF_INET6 : VNET_AF_INET;
        status = arg_next(a);
        if (status)
            return status;
    }
    return ip_take_prefix(l->ip, a, family, &l->f.via);
}

static int take_src(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    (void)kw;
    int status = arg_next(a);
    return status ? status : ip_take_prefix(l->ip, a, l->family, &l->f.prefsrc);
}

/* "[root|match|exact] PREFIX" into the two ends of the filter. */
static int take_range(struct args *a, struct listing *l, struct ip_prefix *root, bool *has_root,
                      struct ip_prefix *match, bool *has_match)
{
    bool is_root = arg_matches(a->v[0], "root"), is_match = arg_matches(a->v[0], "match");
    struct ip_prefix p;
    int status = ARG_OK;
    if (is_root || is_match || arg_matches(a->v[0], "exact"))
        status = arg_next(a);
    if (!status)
        status = ip_take_prefix(l->ip, a, l->family, &p);
    if (status)
        return status;
    /* "any" names no family and no length: it selects nothing away */
    bool given = p.addr.family || p.len_given;
    if (!is_match) {
        *root = p;
        *has_root = given;
    }
    if (!is_root) {
        *match = p;
        *has_match = given;
    }
    return ARG_OK;
}

static int take_from(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    (void)kw;
    int status = arg_next(a);
    return status ? status
                  : take_range(a, l, &l->f.root_src, &l->f.has_root_src, &l->f.match_src,
                               &l->f.has_match_src);
}

static int take_to(struct args *a, void *into)
{
    struct listing *l = into;
    if (arg_matches(a->v[0], "to")) {
        int status = arg_next(a);
        if (status)
            return status;
    }
    return take_range(a, l, &l->f.root_dst, &l->f.has_root_dst, &l->f.match_dst,
                      &l->f.has_match_dst);
}

static const struct keyword selectors[] = {{"table", true, take_table, 0, NULL},
                                           {"vrf", true, take_vrf, 0, NULL},
                                           {"cached", true, take_cached, 0, NULL},
                                           {"cloned", true, take_cached, 0, NULL},
                                           {"tos", false, take_tos, 0, NULL},
                                           {"dsfield", true, take_tos, 0, NULL},
                                           {"protocol", true, take_protocol, 0, NULL},
                                           {"scope", true, take_scope, 0, NULL},
                                           {"type", true, take_type, 0, NULL},
                                           {"dev", false, ARG_TEXT(listing, oif), NULL},
                                           {"oif", false, ARG_TEXT(listing, oif), NULL},
                                           {"iif", false, ARG_TEXT(listing, iif), NULL},
                                           {"mark", false, take_mark, 0, NULL},
                                           {"metric", true, take_metric, 0, NULL},
                                           {"priority", true, take_metric, 0, NULL},
                                           {"preference", false, take_metric, 0, NULL},
                                           {"via", false, take_via, 0, NULL},
                                           {"src", false, take_src, 0, NULL},
                                           {"realms", true, arg_refuse, 0, "ip route"},
                                           {"from", true, take_from, 0, NULL},
                                           {NULL, false, NULL, 0, NULL}};

static int read_selectors(struct listing *l, struct args *a)
{
    int status = args_read(a, selectors, l, take_to);
    if (status)
        return status;
    if (l->family == VNET_AF_UNSPEC && l->f.table)
        l->family = VNET_AF_INET;
    if (l->iif) {
        if (!ip_link_index(l->ip, l->iif))
            return ip_nodev(l->ip, l->iif);
        l->f.has_iif = true;
    }
    if (l->oif) {
        l->f.oif = ip_link_index(l->ip, l->oif);
        if (!l->f.oif)
            return ip_nodev(l->ip, l->oif);
    }
    return ARG_OK;
}

/* ---- the dump ---- */

static void keep_victim(struct listing *l, const struct vnet_route_info *r)
{
    struct vnet_nexthop *nh = mem_calloc(r->nnh ? r->nnh : 1, sizeof(*nh));
    ARRAY_GROW(l->victims, l->n, l->cap);
    l->victims[l->n] = *r;
    if (r->nnh)
        memcpy(nh, r->nh, r->nnh * sizeof(*nh));
    l->victims[l->n++].nh = nh;
}

static void drop_victims(struct listing *l)
{
    for (size_t i = 0; i < l->n; i++)
        free((void *)(uintptr_t)l->victims[i].nh);
    free(l->victims);
    l->victims = NULL;
    l->n = l->cap = 0;
}

/* The kernel's own catch-all in an IPv6 table is not to be flushed. */
static bool is_null_entry(const struct vnet_route_info *r)
{
    return r->family == VNET_AF_INET6 && r->dst_len == 0 && r->type == VNET_RTN_UNREACHABLE &&
           r->priority == UINT32_MAX;
}

static int look_at_route(const struct vnet_route_info *r, void *arg)
{
    struct listing *l = arg;
    if (!ip_route_passes(&l->f, l->ip->opt.family, r) || (l->flush && is_null_entry(r)))
        return 0;
    if (l->flush)
        keep_victim(l, r);
    if (!l->flush || l->ip->opt.stats > 1)
        ip_print_route(l->ip, &l->f, r);
    return 0;
}

/* A kernel that is to filter by the table says so of one that was never made; a listing of main is
 * empty then (save_route_errhndlr()). */
static int check_table(struct listing *l, const char *ended)
{
    if (!l->f.table || !ip_strict(l->ip) || (l->f.table == VNET_RT_TABLE_MAIN && !l->flush) ||
        vnet_route_table_exists(l->ip->ns, l->family, l->f.table))
        return ARG_OK;
    sink_printf(l->ip->err, "Error: %s: FIB table does not exist.\n%s terminated\n",
                l->family == VNET_AF_INET6 ? "ipv6" : "ipv4", ended);
    return ARG_REFUSED;
}

static int dump(struct listing *l, const char *ended)
{
    if (l->family == VNET_AF_PACKET)
        return ARG_OK;
    int status = check_table(l, ended);
    if (!status && l->f.cached)
        vnet_route_dump_cached(l->ip->ns, l->family, look_at_route, l);
    else if (!status)
        vnet_route_dump(l->ip->ns, l->family, look_at_route, l);
    return status;
}

int ip_list_routes(struct ip *ip, struct args *a)
{
    struct listing l = {.ip = ip, .family = ip->opt.family, .f.table = VNET_RT_TABLE_MAIN};
    int status = read_selectors(&l, a);
    if (status)
        return status;
    json_begin(&ip->out);
    status = dump(&l, "Dump");
    if (!status)
        json_end(&ip->out);
    return status;
}

/* ---- flush ---- */

static int delete_victims(struct listing *l)
{
    for (size_t i = 0; i < l->n; i++) {
        int rc = l->f.cached ? vnet_route_del_cached(l->ip->ns, &l->victims[i])
                             : vnet_route_del(l->ip->ns, &l->victims[i], NULL);
        if (rc < 0) { /* rtnl_send_check() says nothing of the kernel's words */
            sink_printf(l->ip->err, "Failed to send flush request: %s\n", cmd_strerror(-rc));
            return ARG_REFUSED;
        }
    }
    return ARG_OK;
}

static void report_end(struct ip *ip, int round)
{
    if (!ip->opt.stats)
        return;
    if (round == 0)
        sink_puts(ip->out.out, "Nothing to flush.\n");
    else
        sink_printf(ip->out.out, "*** Flush is complete after %d round%s ***\n", round,
                    round > 1 ? "s" : "");
}

static int flush(struct listing *l)
{
    struct ip *ip = l->ip;
    for (int round = 0;; round++) {
        int status = dump(l, "Flush");
        size_t n = l->n;
        if (!status)
            status = delete_victims(l);
        drop_victims(l);
        if (status)
            return status;
        if (n == 0) {
            report_end(ip, round);
            return ARG_OK;
        }
        if (ip->opt.stats)
            sink_printf(ip->out.out, "\n*** Round %d, deleting %zu entries ***\n", round + 1, n);
    }
}

int ip_flush_routes(struct ip *ip, struct args *a)
{
    struct listing l = {
        .ip = ip, .family = ip->opt.family, .f.table = VNET_RT_TABLE_MAIN, .flush = true};
    if (a->n <= 0) {
        sink_puts(ip->err, "\"ip route flush\" requires arguments.\n");
        return ARG_FAILED;
    }
    int status = read_selectors(&l, a);
    if (status)
        return status;
    if (l.f.cached && l.family != VNET_AF_INET6) {
        vnet_route_flush_cache(ip->ns);
        if (ip->opt.stats)
            sink_puts(ip->out.out, "*** IPv4 routing cache is flushed.\n");
        if (l.family == VNET_AF_INET)
            return ARG_OK;
    }
    return flush(&l);
}
