/* /proc/net/route, ipv6_route (fib_route_seq_show(), net/ipv4/fib_trie.c;
 * ipv6_route_native_seq_show(), net/ipv6/ip6_fib.c). */
#include "base/bytes.h"
#include "inet/addrconf.h"
#include "inet/fib_internal.h"
#include "inet/proc_net.h"
#include "sim/world.h"

/* ---- IPv4: the main table ---- */

struct route_lines {
    const struct netns *ns;
    struct strbuf *out;
};

enum { LINE_WIDTH = 127 }; /* seq_setwidth() */

static void pad_line(struct strbuf *out, size_t from)
{
    while (out->len - from < LINE_WIDTH)
        strbuf_addc(out, ' ');
    strbuf_addc(out, '\n');
}

/* fib_flag_trans() */
static unsigned route_flags(const struct vnet_route_info *r)
{
    unsigned flags = VNET_RTF_UP;
    if (r->type == VNET_RTN_UNREACHABLE || r->type == VNET_RTN_PROHIBIT)
        flags |= VNET_RTF_REJECT;
    if (r->nnh && r->nh[0].gateway.family && get_be32(r->nh[0].gateway.bytes))
        flags |= VNET_RTF_GATEWAY;
    if (r->dst_len == 32)
        flags |= VNET_RTF_HOST;
    return flags;
}

/* As a little-endian machine has it. */
static uint32_t swapped(uint32_t v)
{
    return v >> 24 | (v >> 8 & 0xff00) | (v << 8 & 0xff0000) | v << 24;
}

static int put_route(const struct vnet_route_info *r, void *arg)
{
    const struct route_lines *l = arg;
    const struct vnet_nexthop *nh = r->nnh ? &r->nh[0] : NULL;
    const uint32_t *m = r->metrics;
    char dev[VNET_IFNAMSIZ] = "*";
    size_t from = l->out->len;
    if (r->table != VNET_RT_TABLE_MAIN || r->type == VNET_RTN_BROADCAST ||
        r->type == VNET_RTN_MULTICAST)
        return 0;
    if (nh && nh->oif)
        vnet_link_name(l->ns, nh->oif, dev);
    bool via = nh && nh->gateway.family == VNET_AF_INET;
    strbuf_addf(l->out, "%s\t%08X\t%08X\t%04X\t%d\t%u\t%d\t%08X\t%d\t%u\t%u", dev,
                swapped(r->dst.family ? inet_addr_to_v4(&r->dst) : 0),
                swapped(via ? inet_addr_to_v4(&nh->gateway) : 0), route_flags(r), 0, 0U,
                (int)r->priority, swapped(inet_mask_v4(r->dst_len)),
                m[VNET_RTAX_ADVMSS] ? (int)m[VNET_RTAX_ADVMSS] + 40 : 0, m[VNET_RTAX_WINDOW],
                m[VNET_RTAX_RTT] >> 3);
    pad_line(l->out, from);
    return 0;
}

void proc_route(struct netns *ns, struct strbuf *out)
{
    struct route_lines l = {ns, out};
    size_t from = out->len;
    if (!fib_get_table(ns->fib4, VNET_RT_TABLE_MAIN))
        return;
    strbuf_adds(out, "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow"
                     "\tIRTT");
    pad_line(out, from);
    vnet_route_dump(ns, VNET_AF_INET, put_route, &l);
}

/* ---- IPv6: all tables ---- */

enum {
    RTF_DEFAULT = 0x10000,
    RTF_PREFIX_RT = 0x80000,
    RTF_ANYCAST = 0x100000,
    RTF_NONEXTHOP = 0x200000,
    RTF_EXPIRES = 0x400000,
};
#define RTF_LOCAL      0x80000000U
#define RTF_PREF(pref) ((unsigned)(pref) << 27)

/* addrconf_f6i_alloc() and a user's `ip route add local`. */
static unsigned local_flags(const struct fib_route *r)
{
    unsigned flags = r->type == VNET_RTN_LOCAL     ? RTF_LOCAL
                     : r->type == VNET_RTN_ANYCAST ? RTF_ANYCAST
                                                   : 0;
    return flags && r->protocol == VNET_RTPROT_KERNEL ? flags | RTF_NONEXTHOP : flags;
}

/* rt6_add_dflt_router(), addrconf_prefix_rcv() */
static unsigned addrconf_flags(const struct fib_route *r)
{
    if (!(r->flags & FIB6_RTF_ADDRCONF))
        return 0;
    return FIB6_RTF_ADDRCONF | (r->nh[0].gateway.family ? RTF_DEFAULT : RTF_PREFIX_RT);
}

/* fib6_info.fib6_flags */
static unsigned route6_flags(const struct fib_route *r)
{
    const struct fib_nexthop *nh = &r->nh[0];
    if (fib6_rejects(r))
        return VNET_RTF_REJECT | RTF_NONEXTHOP;
    unsigned flags = VNET_RTF_UP | local_flags(r) | addrconf_flags(r) | RTF_PREF(r->pref) |
                     (r->flags & (FIB6_RTF_DYNAMIC | FIB6_RTF_MODIFIED));
    if (nh->gateway.family)
        flags |= VNET_RTF_GATEWAY;
    if (nh->flags & VNET_RTNH_F_ONLINK)
        flags |= VNET_RTF_HOST; /* the same bit */
    return r->expires ? flags | RTF_EXPIRES : flags;
}

/* Nodes that only join branches borrow the first route below them (fib6_find_prefix()). */
static unsigned borrowed(const struct fib_node *n)
{
    unsigned times = 0;
    for (const struct fib_node *p = n->parent; p && p->len; n = p, p = p->parent) {
        if (n->sub_root || !list_empty(&p->routes) || (p->child[0] && p->child[0] != n))
            break;
        times++;
    }
    return times;
}

/* fib6_info.fib6_ref: the table's, that of the address whose route it is, and those of joining
 * nodes. What each CPU keeps of a route that it has used (rt6i_pcpu) is not counted. */
static unsigned references(const struct netns *ns, const struct fib_node *n,
                           const struct fib_route *r)
{
    unsigned refs = 1;
    if (r->type == VNET_RTN_LOCAL && r->protocol == VNET_RTPROT_KERNEL && r->dst.len == 128 &&
        ipv6_find_addr(ns, &r->dst.addr, r->nh[0].dev, true))
        refs++;
    return n->routes.next == &r->node ? refs + borrowed(n) : refs;
}

static void put_bytes(struct strbuf *out, const struct inet_addr *a)
{
    for (unsigned i = 0; i < 16; i++)
        strbuf_addf(out, "%02x", a->family ? a->bytes[i] : 0U);
}

static void put_route6(struct strbuf *out, const struct fib_route *r, unsigned refs)
{
    const struct fib_nexthop *nh = &r->nh[0];
    put_bytes(out, &r->dst.addr);
    strbuf_addf(out, " %02x ", r->dst.len);
    put_bytes(out, &r->src.addr);
    strbuf_addf(out, " %02x ", r->src.len);
    put_bytes(out, &nh->gateway);
    strbuf_addf(out, " %08x %08x %08x %08x %8s\n", r->priority, refs, 0U, route6_flags(r),
                nh->dev ? nh->dev->name : "");
}

/* fib6_null_entry, which a table's root has as long as it has no other route. */
static void put_null_entry(const struct netns *ns, struct strbuf *out)
{
    const struct fib_route null_entry = {
        .type = VNET_RTN_UNREACHABLE,
        .protocol = VNET_RTPROT_KERNEL,
        .priority = UINT32_MAX,
        .nnh = 1,
        .nh = &(struct fib_nexthop){.dev = ns->loopback},
    };
    put_route6(out, &null_entry, 1);
}

static void put_table6(const struct netns *ns, const struct fib_table *t, struct strbuf *out)
{
    bool has_default = false;
    for (struct fib_node *n = fib_trie_first_v6(t->trie); n; n = fib_trie_next_v6(n)) {
        list_each(pos, &n->routes)
        {
            const struct fib_route *r = list_entry(pos, struct fib_route, node);
            if (r->nnh)
                put_route6(out, r, references(ns, n, r));
            has_default |= r->dst.len == 0 && r->src.len == 0;
        }
    }
    if (!has_default)
        put_null_entry(ns, out);
}

void proc_ipv6_route(struct netns *ns, struct strbuf *out)
{
    const struct fib *fib = ns->fib6;
    for (unsigned i = 0; i < fib->ntables; i++)
        put_table6(ns, fib->tables[i], out);
}
