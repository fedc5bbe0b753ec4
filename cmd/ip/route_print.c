/* print_route() and filter_nlmsg() of iproute2 6.1.0 (ip/iproute.c). */
#include "cmd/ip/route_print.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/names.h"
#include "cmd/ip/nexthop_print.h"
#include "vnet_addr.h"

/* ---- which routes ---- */

static bool within(const struct ip_prefix *outer, const struct inet_addr *addr, unsigned len)
{
    return outer->len <= len && ip_bits_equal(&outer->addr, addr, outer->len);
}

static bool covers(const struct inet_addr *addr, unsigned len, const struct ip_prefix *inner)
{
    return len <= inner->len && ip_bits_equal(&inner->addr, addr, len);
}

static bool family_fits(bool given, const struct ip_prefix *p, uint8_t family)
{
    return !given || p->addr.family == VNET_AF_UNSPEC || p->addr.family == family;
}

static bool prefixes_pass(const struct route_filter *f, const struct vnet_route_info *r)
{
    if (!family_fits(f->has_root_dst, &f->root_dst, r->family) ||
        !family_fits(f->has_match_dst, &f->match_dst, r->family) ||
        !family_fits(f->has_root_src, &f->root_src, r->family) ||
        !family_fits(f->has_match_src, &f->match_src, r->family))
        return false;
    if (f->has_root_dst && !within(&f->root_dst, &r->dst, r->dst_len))
        return false;
    if (f->has_match_dst && !covers(&r->dst, r->dst_len, &f->match_dst))
        return false;
    if (f->has_root_src && !within(&f->root_src, &r->src, r->src_len))
        return false;
    return !f->has_match_src || covers(&r->src, r->src_len, &f->match_src);
}

static bool nexthop_passes(const struct route_filter *f, const struct vnet_route_info *r)
{
    static const struct inet_addr none;
    const struct vnet_nexthop *nh = r->nnh == 1 ? r->nh : NULL;
    if (f->via.addr.family) {
        const struct inet_addr *gw = nh ? &nh->gateway : &none;
        uint8_t family = gw->family ? gw->family : r->family;
        if (family != f->via.addr.family || !ip_bits_equal(gw, &f->via.addr, f->via.len))
            return false;
    }
    return !f->oif || (nh && nh->oif == f->oif);
}

bool ip_route_passes(const struct route_filter *f, uint8_t family, const struct vnet_route_info *r)
{
    if (family != VNET_AF_UNSPEC && r->family != family)
        return false;
    if (f->cached != !!(r->flags & VNET_RTM_F_CLONED) || (f->table && f->table != r->table))
        return false;
    if ((f->has_proto && f->proto != r->protocol) || (f->has_scope && f->scope != r->scope) ||
        (f->has_type && f->type != r->type) || (f->has_tos && f->tos != r->tos) ||
        (f->has_metric && f->metric != r->priority) || f->has_iif || f->has_mark)
        return false;
    if (f->prefsrc.addr.family && (r->family != f->prefsrc.addr.family ||
                                   !ip_bits_equal(&r->prefsrc, &f->prefsrc.addr, f->prefsrc.len)))
        return false;
    return prefixes_pass(f, r) && nexthop_passes(f, r);
}

/* ---- printing ---- */

static const char *const metric_names[] = {
    [VNET_RTAX_MTU] = "mtu",
    [VNET_RTAX_WINDOW] = "window",
    [VNET_RTAX_RTT] = "rtt",
    [VNET_RTAX_RTTVAR] = "rttvar",
    [VNET_RTAX_SSTHRESH] = "ssthresh",
    [VNET_RTAX_CWND] = "cwnd",
    [VNET_RTAX_ADVMSS] = "advmss",
    [VNET_RTAX_REORDERING] = "reordering",
    [VNET_RTAX_HOPLIMIT] = "hoplimit",
    [VNET_RTAX_INITCWND] = "initcwnd",
    [VNET_RTAX_FEATURES] = "features",
    [VNET_RTAX_RTO_MIN] = "rto_min",
    [VNET_RTAX_INITRWND] = "initrwnd",
    [VNET_RTAX_QUICKACK] = "quickack",
    [VNET_RTAX_FASTOPEN_NO_COOKIE] = "fastopen_no_cookie",
};

/* A field whose text older tools put a second blank before. */
static void print_spaced(struct ip *ip, const char *key, const char *fmt, const char *value)
{
    if (ip->facts->ip_route_wide)
        print_text(&ip->out, " ");
    print_str(&ip->out, TO_ANY, key, fmt, value);
}

/* "10.0.0.0/8", or without a length for a host. */
static const char *prefix_text(const struct ip *ip, const struct inet_addr *addr, unsigned len,
                               char *buf, size_t size)
{
    char host[INET_ADDRSTRLEN_MAX];
    if (len == inet_addr_bits(addr->family))
        snprintf(buf, size, "%s", ip_host_str(ip, addr, host));
    else
        snprintf(buf, size, "%s/%u", inet_addr_str(addr, host), len);
    return buf;
}

static void print_destination(struct ip *ip, const struct vnet_route_info *r)
{
    struct printer *p = &ip->out;
    char buf[NAME_MAX_LEN], text[INET_ADDRSTRLEN_MAX + 8];
    if (r->type != VNET_RTN_UNICAST || ip->opt.details)
        print_str(p, TO_ANY, "type", "%s ", rtype_name(r->type, ip->opt.numeric, buf));
    if (r->dst.family && r->dst_len)
        print_colored(p, TO_ANY, ip_family_color(r->family), "dst", "%s ",
                      prefix_text(ip, &r->dst, r->dst_len, text, sizeof(text)));
    else
        print_str(p, TO_ANY, "dst", "%s ", "default");
    if (r->src.family)
        print_colored(p, TO_ANY, ip_family_color(r->family), "from", "from %s ",
                      prefix_text(ip, &r->src, r->src_len, text, sizeof(text)));
    if (r->nhid)
        print_uint(p, TO_ANY, "nhid", "nhid %u ", r->nhid);
}

void ip_print_gateway(struct ip *ip, uint8_t family, const struct inet_addr *gw)
{
    struct printer *p = &ip->out;
    char buf[INET_ADDRSTRLEN_MAX];
    const char *host = ip_host_str(ip, gw, buf);
    enum print_color color = ip_family_color(gw->family);
    if (gw->family == family) {
        print_str(p, TO_JSON, "gateway", NULL, host);
        print_text(p, "via ");
        print_colored(p, TO_TEXT, color, NULL, "%s ", host);
        return;
    }
    json_open_object(p, "via");
    print_str(p, TO_ANY, "family", "via %s ", ip_family_name(gw->family));
    print_colored(p, TO_ANY, color, "host", "%s ", host);
    json_close_object(p);
}

void ip_print_device(struct ip *ip, const char *key, int ifindex)
{
    char name[VNET_IFNAMSIZ];
    print_str(&ip->out, TO_TEXT, NULL, "%s ", key);
    print_colored(&ip->out, TO_ANY, COLOR_IFNAME, key, "%s ", ip_link_name(ip, ifindex, name));
}

/* ip_print_rt_flags(): RTNH_F_* and, as iproute2 6.1.0 reads them, RTM_F_* that share bits with the
 * kernel's RTCF_*. */
void ip_print_rt_flags(struct ip *ip, uint32_t flags)
{
    static const struct {
        uint32_t flag;
        const char *name;
        bool recent;
    } rows[] = {
        {VNET_RTNH_F_DEAD, "dead", false},           {VNET_RTNH_F_ONLINK, "onlink", false},
        {VNET_RTNH_F_PERVASIVE, "pervasive", false}, {VNET_RTNH_F_LINKDOWN, "linkdown", true},
        {0x20000000, "rt_offload_failed", true},
    };
    json_open_array(&ip->out, "flags");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if ((flags & rows[i].flag) && (!rows[i].recent || ip->facts->route_linkdown_shown))
            print_str(&ip->out, TO_ANY, NULL, ip->out.in_json ? "%s" : "%s ", rows[i].name);
    json_close_array(&ip->out);
}

static void print_origin(struct ip *ip, const struct route_filter *f,
                         const struct vnet_route_info *r)
{
    char buf[NAME_MAX_LEN];
    bool details = ip->opt.details, numeric = ip->opt.numeric;
    if (r->table && (r->table != VNET_RT_TABLE_MAIN || details) && !f->table)
        print_spaced(ip, "table", "table %s ", table_name(r->table, numeric, buf));
    if (r->flags & VNET_RTM_F_CLONED)
        return;
    if ((r->protocol != VNET_RTPROT_BOOT || details) && !f->has_proto)
        print_spaced(ip, "protocol", "proto %s ", proto_name(r->protocol, numeric, buf));
    if ((r->scope != VNET_SCOPE_UNIVERSE || details) && !f->has_scope)
        print_spaced(ip, "scope", "scope %s ", scope_name(r->scope, numeric, buf));
}

static bool single_host(const struct ip_prefix *p)
{
    return p->addr.family && p->len == inet_addr_bits(p->addr.family);
}

static void print_prefsrc(struct ip *ip, const struct vnet_route_info *r)
{
    struct printer *p = &ip->out;
    char buf[INET_ADDRSTRLEN_MAX];
    inet_addr_str(&r->prefsrc, buf);
    if (ip->facts->ip_route_wide)
        print_text(p, " ");
    print_text(p, "src ");
    print_colored(p, TO_ANY, ip_family_color(r->family), "prefsrc", "%s ", buf);
}

static void print_mark(struct printer *p, uint32_t mark)
{
    if (mark)
        print_uint(p, TO_ANY, "mark", mark >= 16 ? "mark 0x%x " : "mark %u ", mark);
}

static void print_cache_flags(struct ip *ip, uint32_t flags)
{
    static const struct {
        uint32_t flag;
        const char *name;
    } rows[] = {
        /* linux/in_route.h, in iproute2's order */
        {0x80000000, "local"},      {0x40000000, "reject"},     {0x20000000, "mc"},
        {0x10000000, "brd"},        {0x08000000, "dst-nat"},    {0x00800000, "src-nat"},
        {0x00400000, "masq"},       {0x00020000, "dst-direct"}, {0x04000000, "src-direct"},
        {0x00040000, "redirected"}, {0x01000000, "redirect"},   {0x00200000, "fastroute"},
        {0x00010000, "notify"},     {0x00080000, "proxy"},
    };
    struct printer *p = &ip->out;
    flags &= ~0xffffU;
    print_nl(p);
    print_text(p, "    cache ");
    if (flags)
        print_text(p, "<");
    json_open_array(p, "cache");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (flags & rows[i].flag) {
            flags &= ~rows[i].flag;
            print_str(p, TO_ANY, NULL, flags ? "%s," : "%s> ", rows[i].name);
        }
    }
    if (flags)
        print_uint(p, TO_TEXT, NULL, "%x>", flags);
    json_close_array(p);
}

static void print_cacheinfo(struct printer *p, const struct vnet_route_info *r)
{
    if (!r->has_cacheinfo)
        return;
    if (r->has_expires)
        print_int(p, TO_ANY, "expires", "expires %dsec ", (int)r->expires);
    if (r->cache_error)
        print_uint(p, TO_ANY, "error", "error %u ", -r->cache_error);
}

static void print_features(struct printer *p, uint32_t features)
{
    if (features & 1)
        print_null(p, TO_ANY, "ecn", "ecn ");
    if (features & ~1U)
        print_0xhex(p, TO_ANY, "features", "%#llx ", features);
}

static void print_milliseconds(struct printer *p, const char *key, uint32_t ms)
{
    json_u64(p, key, ms);
    if (p->in_json)
        return;
    if (ms >= 1000)
        sink_printf(p->out, "%gs ", ms / 1e3);
    else
        sink_printf(p->out, "%ums ", ms);
}

static void print_metric(struct printer *p, unsigned i, uint32_t value, bool locked)
{
    print_str(p, TO_TEXT, NULL, "%s ", metric_names[i]);
    if (locked)
        print_text(p, "lock ");
    if (i == VNET_RTAX_FEATURES)
        print_features(p, value);
    else if (i == VNET_RTAX_RTT)
        print_milliseconds(p, metric_names[i], value / 8);
    else if (i == VNET_RTAX_RTTVAR)
        print_milliseconds(p, metric_names[i], value / 4);
    else if (i == VNET_RTAX_RTO_MIN)
        print_milliseconds(p, metric_names[i], value);
    else
        print_uint(p, TO_ANY, metric_names[i], "%u ", value);
}

static void print_metrics(struct printer *p, const struct vnet_route_info *r)
{
    uint32_t locks = r->metrics[VNET_RTAX_LOCK];
    bool any = false;
    for (unsigned i = VNET_RTAX_LOCK; i <= VNET_RTAX_MAX; i++)
        any |= r->metrics[i] != 0;
    if (!any)
        return;
    json_open_array(p, "metrics");
    json_open_object(p, NULL);
    for (unsigned i = VNET_RTAX_MTU; i <= VNET_RTAX_MAX; i++) {
        bool locked = locks >> i & 1;
        bool given = r->metrics[i] || locked;
        if (given && metric_names[i] && !(i == VNET_RTAX_HOPLIMIT && r->metrics[i] == UINT32_MAX))
            print_metric(p, i, r->metrics[i], locked);
    }
    json_close_object(p);
    json_close_array(p);
}

static void print_pref(struct printer *p, uint8_t pref)
{
    static const char *const names[] = {"medium", "high", NULL, "low"};
    if (pref < ARRAY_LEN(names) && names[pref])
        print_str(p, TO_ANY, "pref", "pref %s", names[pref]);
    else
        print_uint(p, TO_ANY, "pref", "%u", pref);
}

static void print_multipath(struct ip *ip, const struct vnet_route_info *r)
{
    struct printer *p = &ip->out;
    json_open_array(p, "nexthops");
    for (unsigned i = 0; i < r->nnh; i++) {
        const struct vnet_nexthop *nh = &r->nh[i];
        json_open_object(p, NULL);
        print_nl(p);
        print_text(p, "\tnexthop ");
        if (nh->gateway.family)
            ip_print_gateway(ip, r->family, &nh->gateway);
        bool color = p->color;
        p->color = false; /* iproute2 forgets it here */
        ip_print_device(ip, "dev", nh->oif);
        p->color = color;
        print_int(p, TO_ANY, "weight", "weight %d ", nh->weight + 1);
        ip_print_rt_flags(ip, nh->flags);
        json_close_object(p);
    }
    json_close_array(p);
}

static void print_attributes(struct ip *ip, const struct route_filter *f,
                             const struct vnet_route_info *r)
{
    struct printer *p = &ip->out;
    char buf[NAME_MAX_LEN];
    const struct vnet_nexthop *nh = r->nnh == 1 ? r->nh : NULL;
    if (r->tos && !f->has_tos)
        print_str(p, TO_ANY, "tos", "tos %s ", dsfield_name(r->tos, ip->opt.numeric, buf));
    if (nh && nh->gateway.family && (nh->gateway.family != r->family || !single_host(&f->via)))
        ip_print_gateway(ip, r->family, &nh->gateway);
    if (nh && nh->oif && !f->oif)
        ip_print_device(ip, "dev", nh->oif);
    print_origin(ip, f, r);
    if (r->prefsrc.family && !single_host(&f->prefsrc))
        print_prefsrc(ip, r);
    if ((r->priority || r->family == VNET_AF_INET6) && !f->has_metric) {
        if (ip->facts->ip_route_wide)
            print_text(p, " ");
        print_uint(p, TO_ANY, "metric", "metric %u ", r->priority);
    }
    ip_print_rt_flags(ip, r->flags | (nh ? nh->flags : 0U));
    print_mark(p, r->mark);
    if (r->has_uid && ip->facts->route_get_uid)
        print_uint(p, TO_ANY, "uid", "uid %u ", r->uid);
}

void ip_print_route(struct ip *ip, const struct route_filter *f, const struct vnet_route_info *r)
{
    struct printer *p = &ip->out;
    json_open_object(p, NULL);
    print_destination(ip, r);
    print_attributes(ip, f, r);
    if (r->family == VNET_AF_INET && (r->flags & VNET_RTM_F_CLONED))
        print_cache_flags(ip, r->flags);
    print_cacheinfo(p, r);
    print_metrics(p, r);
    if (r->iif && !f->has_iif)
        ip_print_device(ip, "iif", r->iif);
    if (r->family == VNET_AF_INET6 && ip->facts->ip_pref_shown)
        print_pref(p, r->pref);
    if (r->nhid && ip->opt.details) {
        print_text(p, "\n\tnh_info ");
        ip_print_nexthop_of(ip, r->nhid);
    }
    if (r->nnh > 1)
        print_multipath(ip, r);
    print_text(p, "\n");
    json_close_object(p);
}
