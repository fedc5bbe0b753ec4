#include "wire/rtnetlink.h"

#include <errno.h>

#include "base/mem.h"

/* ---- numbers as a little-endian machine has them ---- */

static uint64_t get_le(const uint8_t *p, unsigned size)
{
    uint64_t v = 0;
    while (size-- > 0)
        v = v << 8 | p[size];
    return v;
}

static void put_le(uint8_t *p, unsigned size, uint64_t v)
{
    for (unsigned i = 0; i < size; i++, v >>= 8)
        p[i] = (uint8_t)v;
}

/* ---- tables ---- */

enum kind {
    IN_U8, /* an integer of that size in the struct; in the message `size` bytes */
    IN_U16,
    IN_U32,
    IN_U64,
    IN_S32,  /* absent: -1 */
    IN_TOLD, /* absent: VNET_NETCONF_NOT_TOLD */
    IN_BOOL,
    IN_BIT1,   /* a bool that is bit 1 of the number: FIB_RULE_INVERT */
    IN_NAME,   /* char[VNET_IFNAMSIZ] */
    IN_TEXT,   /* const char *; NULL: absent */
    IN_ADDR,   /* struct inet_addr; UNSPEC: absent */
    IN_LLADDR, /* struct lladdr */
};

struct row {
    uint16_t where; /* in the header: the offset; else the attribute's type */
    uint8_t kind;
    uint8_t size; /* of a number in the message */
    size_t offset;
    uint8_t at;  /* of a number that is part of an attribute: its offset there */
    bool always; /* also where it is zero */
};

struct layout {
    unsigned header_len;
    const struct row *header, *attrs; /* ended by size 0 */
};

#define NUM(s, member, w, k, n)                                                      \
    {                                                                                \
        .where = (w), .kind = (k), .size = (n), .offset = offsetof(struct s, member) \
    }
#define NUM_ALWAYS(s, member, w, k, n)                                                \
    {                                                                                 \
        .where = (w), .kind = (k), .size = (n), .offset = offsetof(struct s, member), \
        .always = true                                                                \
    }
#define PART(s, member, w, k, n, a)                                                             \
    {                                                                                           \
        .where = (w), .kind = (k), .size = (n), .offset = offsetof(struct s, member), .at = (a) \
    }
#define END       \
    {             \
        .size = 0 \
    }

static const struct row link_header[] = {
    NUM(vnet_link_info, family, 0, IN_U8, 1), NUM(vnet_link_info, type, 2, IN_U16, 2),
    NUM(vnet_link_info, ifindex, 4, IN_U32, 4), NUM(vnet_link_info, flags, 8, IN_U32, 4), END};
enum {
    IFLA_LINK = 5,
    IFLA_PROTINFO = 12,
    IFLA_LINKINFO = 18,
    IFLA_PROP_LIST = 52,
    IFLA_ALT_IFNAME = 53
};
enum {
    IFLA_INFO_KIND = 1,
    IFLA_INFO_DATA = 2,
    IFLA_INFO_SLAVE_KIND = 4,
    IFLA_INFO_SLAVE_DATA = 5,
    NLA_NESTED = 0x8000
};
static const struct row link_attrs[] = {NUM(vnet_link_info, name, 3, IN_NAME, 1),
                                        NUM(vnet_link_info, txqlen, 13, IN_U32, 4),
                                        NUM_ALWAYS(vnet_link_info, operstate, 16, IN_U8, 1),
                                        NUM_ALWAYS(vnet_link_info, linkmode, 17, IN_U8, 1),
                                        NUM_ALWAYS(vnet_link_info, mtu, 4, IN_U32, 4),
                                        NUM(vnet_link_info, min_mtu, 50, IN_U32, 4),
                                        NUM(vnet_link_info, max_mtu, 51, IN_U32, 4),
                                        NUM(vnet_link_info, group, 27, IN_U32, 4),
                                        NUM(vnet_link_info, promiscuity, 30, IN_U32, 4),
                                        NUM(vnet_link_info, allmulti, 61, IN_U32, 4),
                                        NUM(vnet_link_info, num_tx_queues, 31, IN_U32, 4),
                                        NUM(vnet_link_info, gso_max_segs, 40, IN_U32, 4),
                                        NUM(vnet_link_info, gso_max_size, 41, IN_U32, 4),
                                        NUM(vnet_link_info, gro_max_size, 58, IN_U32, 4),
                                        NUM(vnet_link_info, tso_max_size, 59, IN_U32, 4),
                                        NUM(vnet_link_info, tso_max_segs, 60, IN_U32, 4),
                                        NUM(vnet_link_info, num_rx_queues, 32, IN_U32, 4),
                                        NUM(vnet_link_info, iflink, IFLA_LINK, IN_U32, 4),
                                        NUM(vnet_link_info, iflink_netnsid, 37, IN_S32, 4),
                                        NUM(vnet_link_info, master, 10, IN_U32, 4),
                                        NUM(vnet_link_info, carrier, 33, IN_BOOL, 1),
                                        NUM(vnet_link_info, carrier_changes, 35, IN_U32, 4),
                                        NUM(vnet_link_info, qdisc, 6, IN_TEXT, 1),
                                        NUM(vnet_link_info, alias, 20, IN_TEXT, 1),
                                        NUM(vnet_link_info, addr, 1, IN_LLADDR, 1),
                                        NUM(vnet_link_info, brd, 2, IN_LLADDR, 1),
                                        END};

static const struct row link_news_attrs[] = {NUM(vnet_link_news, new_netnsid, 45, IN_S32, 4),
                                             NUM(vnet_link_news, new_ifindex, 49, IN_U32, 4), END};

static const struct row addr_header[] = {
    NUM(vnet_addr_info, family, 0, IN_U8, 1), NUM(vnet_addr_info, prefixlen, 1, IN_U8, 1),
    NUM(vnet_addr_info, scope, 3, IN_U8, 1), NUM(vnet_addr_info, ifindex, 4, IN_U32, 4), END};
static const struct row addr_attrs[] = {NUM(vnet_addr_info, address, 1, IN_ADDR, 1),
                                        NUM(vnet_addr_info, local, 2, IN_ADDR, 1),
                                        NUM(vnet_addr_info, brd, 4, IN_ADDR, 1),
                                        NUM(vnet_addr_info, label, 3, IN_NAME, 1),
                                        NUM(vnet_addr_info, flags, 8, IN_U32, 4),
                                        NUM(vnet_addr_info, metric, 9, IN_U32, 4),
                                        NUM(vnet_addr_info, proto, 11, IN_U8, 1),
                                        PART(vnet_addr_info, preferred_lft, 6, IN_U32, 4, 0),
                                        PART(vnet_addr_info, valid_lft, 6, IN_U32, 4, 4),
                                        END};

static const struct row route_header[] = {NUM(vnet_route_info, family, 0, IN_U8, 1),
                                          NUM(vnet_route_info, dst_len, 1, IN_U8, 1),
                                          NUM(vnet_route_info, src_len, 2, IN_U8, 1),
                                          NUM(vnet_route_info, tos, 3, IN_U8, 1),
                                          NUM(vnet_route_info, protocol, 5, IN_U8, 1),
                                          NUM(vnet_route_info, scope, 6, IN_U8, 1),
                                          NUM(vnet_route_info, type, 7, IN_U8, 1),
                                          NUM(vnet_route_info, flags, 8, IN_U32, 4),
                                          END};
enum { RTA_OIF = 4, RTA_GATEWAY = 5, RTA_METRICS = 8, RTA_MULTIPATH = 9, RTA_VIA = 18 };
static const struct row route_attrs[] = {NUM(vnet_route_info, dst, 1, IN_ADDR, 1),
                                         NUM(vnet_route_info, src, 2, IN_ADDR, 1),
                                         NUM(vnet_route_info, iif, 3, IN_U32, 4),
                                         NUM(vnet_route_info, priority, 6, IN_U32, 4),
                                         NUM(vnet_route_info, prefsrc, 7, IN_ADDR, 1),
                                         NUM(vnet_route_info, table, 15, IN_U32, 4),
                                         NUM(vnet_route_info, mark, 16, IN_U32, 4),
                                         NUM(vnet_route_info, nhid, 30, IN_U32, 4),
                                         NUM(vnet_route_info, pref, 20, IN_U8, 1),
                                         PART(vnet_route_info, expires, 12, IN_U32, 4, 8),
                                         PART(vnet_route_info, cache_error, 12, IN_U32, 4, 12),
                                         END};

static const struct row neigh_header[] = {
    NUM(vnet_neigh_info, family, 0, IN_U8, 1), NUM(vnet_neigh_info, ifindex, 4, IN_U32, 4),
    NUM(vnet_neigh_info, state, 8, IN_U16, 2), NUM(vnet_neigh_info, flags, 10, IN_U32, 1),
    NUM(vnet_neigh_info, type, 11, IN_U8, 1),  END};
static const struct row neigh_attrs[] = {NUM(vnet_neigh_info, dst, 1, IN_ADDR, 1),
                                         NUM(vnet_neigh_info, lladdr, 2, IN_LLADDR, 1),
                                         PART(vnet_neigh_info, confirmed_ms, 3, IN_U64, 4, 0),
                                         PART(vnet_neigh_info, used_ms, 3, IN_U64, 4, 4),
                                         PART(vnet_neigh_info, updated_ms, 3, IN_U64, 4, 8),
                                         PART(vnet_neigh_info, refcnt, 3, IN_U32, 4, 12),
                                         NUM(vnet_neigh_info, probes, 4, IN_U32, 4),
                                         NUM(vnet_neigh_info, protocol, 12, IN_U8, 1),
                                         NUM(vnet_neigh_info, vlan, 5, IN_U16, 2),
                                         NUM(vnet_neigh_info, master, 9, IN_U32, 4),
                                         END};

static const struct row rule_header[] = {NUM(vnet_rule_info, family, 0, IN_U8, 1),
                                         NUM(vnet_rule_info, dst_len, 1, IN_U8, 1),
                                         NUM(vnet_rule_info, src_len, 2, IN_U8, 1),
                                         NUM(vnet_rule_info, tos, 3, IN_U8, 1),
                                         NUM(vnet_rule_info, action, 7, IN_U8, 1),
                                         NUM(vnet_rule_info, invert, 8, IN_BIT1, 4),
                                         END};
enum { FRA_UID_RANGE = 20 };
static const struct row rule_attrs[] = {NUM(vnet_rule_info, dst, 1, IN_ADDR, 1),
                                        NUM(vnet_rule_info, src, 2, IN_ADDR, 1),
                                        NUM(vnet_rule_info, iif, 3, IN_NAME, 1),
                                        NUM(vnet_rule_info, goto_priority, 4, IN_U32, 4),
                                        NUM(vnet_rule_info, priority, 6, IN_U32, 4),
                                        NUM(vnet_rule_info, fwmark, 10, IN_U32, 4),
                                        NUM(vnet_rule_info, suppress_ifgroup, 13, IN_S32, 4),
                                        NUM(vnet_rule_info, suppress_prefixlen, 14, IN_S32, 4),
                                        NUM(vnet_rule_info, table, 15, IN_U32, 4),
                                        NUM(vnet_rule_info, fwmask, 16, IN_U32, 4),
                                        NUM(vnet_rule_info, oif, 17, IN_NAME, 1),
                                        NUM(vnet_rule_info, protocol, 21, IN_U8, 1),
                                        NUM(vnet_rule_info, ipproto, 22, IN_U8, 1),
                                        PART(vnet_rule_info, sport_min, 23, IN_U16, 2, 0),
                                        PART(vnet_rule_info, sport_max, 23, IN_U16, 2, 2),
                                        PART(vnet_rule_info, dport_min, 24, IN_U16, 2, 0),
                                        PART(vnet_rule_info, dport_max, 24, IN_U16, 2, 2),
                                        END};

static const struct row netconf_header[] = {NUM(vnet_netconf_info, family, 0, IN_U8, 1), END};
static const struct row netconf_attrs[] = {
    NUM_ALWAYS(vnet_netconf_info, ifindex, 1, IN_U32, 4),
    NUM(vnet_netconf_info, forwarding, 2, IN_TOLD, 4),
    NUM(vnet_netconf_info, rp_filter, 3, IN_TOLD, 4),
    NUM(vnet_netconf_info, mc_forwarding, 4, IN_TOLD, 4),
    NUM(vnet_netconf_info, proxy_neigh, 5, IN_TOLD, 4),
    NUM(vnet_netconf_info, ignore_routes_with_linkdown, 6, IN_TOLD, 4),
    END};

static const struct row nsid_header[] = {END};
enum { NETNSA_NAME = 64 }; /* none of Linux's */
static const struct row nsid_attrs[] = {NUM_ALWAYS(vnet_nsid_info, nsid, 1, IN_U32, 4),
                                        NUM(vnet_nsid_info, name, NETNSA_NAME, IN_TEXT, 1), END};

static const struct row nexthop_header[] = {
    NUM(vnet_nh_info, family, 0, IN_U8, 1), NUM(vnet_nh_info, scope, 1, IN_U8, 1),
    NUM(vnet_nh_info, protocol, 2, IN_U8, 1), NUM(vnet_nh_info, flags, 4, IN_U8, 4), END};
enum { NHA_GROUP = 2, NHA_BLACKHOLE = 4, NHA_FDB = 11, NHA_RES_GROUP = 12 };
static const struct row nexthop_attrs[] = {
    NUM(vnet_nh_info, id, 1, IN_U32, 4), NUM(vnet_nh_info, group_type, 3, IN_U16, 2),
    NUM(vnet_nh_info, oif, 5, IN_U32, 4), NUM(vnet_nh_info, gateway, 6, IN_ADDR, 1), END};
static const struct row res_group_attrs[] = {
    NUM_ALWAYS(vnet_nh_info, buckets, 1, IN_U16, 2),
    NUM_ALWAYS(vnet_nh_info, idle_timer, 2, IN_U32, 4),
    NUM_ALWAYS(vnet_nh_info, unbalanced_timer, 3, IN_U32, 4),
    NUM_ALWAYS(vnet_nh_info, unbalanced_time, 4, IN_U64, 8), END};

/* Flat, where Linux nests a struct br_mdb_entry in MDBA_MDB and a struct bridge_vlan_info in
 * BRIDGE_VLANDB_ENTRY. */
static const struct row mdb_header[] = {NUM(vnet_mdb_news, e.br, 4, IN_U32, 4), END};
static const struct row mdb_attrs[] = {NUM(vnet_mdb_news, e.port, 1, IN_U32, 4),
                                       NUM(vnet_mdb_news, router, 2, IN_BOOL, 1),
                                       NUM(vnet_mdb_news, e.addr, 3, IN_ADDR, 1),
                                       NUM(vnet_mdb_news, mac, 4, IN_LLADDR, 1),
                                       NUM(vnet_mdb_news, e.vid, 5, IN_U16, 2),
                                       NUM(vnet_mdb_news, e.permanent, 6, IN_BOOL, 1),
                                       NUM(vnet_mdb_news, e.by_hand, 7, IN_BOOL, 1),
                                       NUM(vnet_mdb_news, e.has_mode, 8, IN_BOOL, 1),
                                       NUM(vnet_mdb_news, e.mode_include, 9, IN_BOOL, 1),
                                       NUM(vnet_mdb_news, e.timer, 10, IN_U32, 4),
                                       NUM(vnet_mdb_news, e.src, 11, IN_ADDR, 1),
                                       NUM(vnet_mdb_news, e.star_excl, 12, IN_BOOL, 1),
                                       NUM(vnet_mdb_news, e.fast_leave, 13, IN_BOOL, 1),
                                       END};
static const struct row vlan_header[] = {NUM(vnet_vlan_news, ifindex, 4, IN_U32, 4), END};
static const struct row vlan_attrs[] = {
    NUM(vnet_vlan_news, vid, 1, IN_U16, 2),       NUM(vnet_vlan_news, pvid, 2, IN_BOOL, 1),
    NUM(vnet_vlan_news, untagged, 3, IN_BOOL, 1), NUM(vnet_vlan_news, state, 4, IN_U8, 1),
    NUM(vnet_vlan_news, router, 5, IN_U8, 1),     END};

static const struct row nsname_header[] = {END};
static const struct row nsname_attrs[] = {NUM(vnet_nsname_news, name, 1, IN_TEXT, 1), END};

static const struct layout link_layout = {16, link_header, link_attrs},
                           addr_layout = {8, addr_header, addr_attrs},
                           route_layout = {12, route_header, route_attrs},
                           neigh_layout = {12, neigh_header, neigh_attrs},
                           rule_layout = {12, rule_header, rule_attrs},
                           netconf_layout = {4, netconf_header, netconf_attrs},
                           nsid_layout = {4, nsid_header, nsid_attrs},
                           nsname_layout = {4, nsname_header, nsname_attrs},
                           nexthop_layout = {8, nexthop_header, nexthop_attrs},
                           mdb_layout = {8, mdb_header, mdb_attrs},
                           vlan_layout = {8, vlan_header, vlan_attrs},
                           link_news_layout = {0, NULL, link_news_attrs},
                           res_group_layout = {0, NULL, res_group_attrs};

/* ---- numbers in structs ---- */

static uint64_t read_number(const struct row *r, const void *from)
{
    const char *p = (const char *)from + r->offset;
    switch ((enum kind)r->kind) {
    case IN_U8:
        return *(const uint8_t *)p;
    case IN_BOOL:
        return *(const bool *)(const void *)p;
    case IN_BIT1:
        return *(const bool *)(const void *)p ? 2 : 0;
    case IN_U16:
        return *(const uint16_t *)(const void *)p;
    case IN_U64:
    case IN_TOLD:
        return *(const uint64_t *)(const void *)p;
    default:
        return *(const uint32_t *)(const void *)p;
    }
}

static bool is_absent(const struct row *r, uint64_t v)
{
    return r->kind == IN_S32    ? (int32_t)v == -1
           : r->kind == IN_TOLD ? (int64_t)v == VNET_NETCONF_NOT_TOLD
                                : v == 0;
}

static void write_number(const struct row *r, void *to, uint64_t v)
{
    char *p = (char *)to + r->offset;
    switch ((enum kind)r->kind) {
    case IN_U8:
        *(uint8_t *)p = (uint8_t)v;
        break;
    case IN_BOOL:
        *(bool *)(void *)p = v != 0;
        break;
    case IN_BIT1:
        *(bool *)(void *)p = v >> 1 & 1;
        break;
    case IN_U16:
        *(uint16_t *)(void *)p = (uint16_t)v;
        break;
    case IN_U64:
    case IN_TOLD:
        *(uint64_t *)(void *)p = v;
        break;
    default:
        *(uint32_t *)(void *)p = (uint32_t)v;
    }
}

/* ---- putting ---- */

static void pad(struct strbuf *out)
{
    while (out->len % 4)
        strbuf_addc(out, '\0');
}

static size_t open_attr(struct strbuf *out, uint16_t type)
{
    uint8_t b[4] = {0};
    size_t start = out->len;
    put_le(b + 2, 2, type);
    strbuf_add(out, b, sizeof(b));
    return start;
}

static void close_attr(struct strbuf *out, size_t start)
{
    put_le((uint8_t *)out->data + start, 2, out->len - start);
    pad(out);
}

static void put_attr(struct strbuf *out, uint16_t type, const void *bytes, size_t n)
{
    size_t start = open_attr(out, type);
    strbuf_add(out, bytes, n);
    close_attr(out, start);
}

static void put_u32(struct strbuf *out, uint16_t type, uint32_t v)
{
    uint8_t b[4];
    put_le(b, 4, v);
    put_attr(out, type, b, sizeof(b));
}

/* The numbers of one attribute: a row and those after it of the same attribute. */
static void put_numbers(struct strbuf *out, const struct row *r, const void *from)
{
    uint8_t b[32] = {0};
    unsigned len = 0;
    bool given = false;
    for (uint16_t where = r->where; r->size && r->where == where; r++) {
        uint64_t v = read_number(r, from);
        given |= r->always || !is_absent(r, v);
        put_le(b + r->at, r->size, v);
        if (r->at + (unsigned)r->size > len)
            len = r->at + (unsigned)r->size;
    }
    r--;
    if (given)
        put_attr(out, r->where, b, len);
}

static void put_value(struct strbuf *out, const struct row *r, const void *from)
{
    const char *p = (const char *)from + r->offset;
    if (r->kind == IN_NAME && *p) {
        put_attr(out, r->where, p, strlen(p) + 1);
    } else if (r->kind == IN_TEXT && *(const char *const *)(const void *)p) {
        const char *text = *(const char *const *)(const void *)p;
        put_attr(out, r->where, text, strlen(text) + 1);
    } else if (r->kind == IN_ADDR) {
        const struct inet_addr *a = (const void *)p;
        if (inet_addr_size(a->family))
            put_attr(out, r->where, a->bytes, inet_addr_size(a->family));
    } else if (r->kind == IN_LLADDR && ((const struct lladdr *)(const void *)p)->len) {
        const struct lladdr *a = (const void *)p;
        put_attr(out, r->where, a->bytes, a->len);
    }
}

static void put_rows(struct strbuf *out, const struct row *rows, const void *from)
{
    for (const struct row *r = rows; r->size; r++) {
        if (r->kind >= IN_NAME)
            put_value(out, r, from);
        else if (r == rows || r[-1].where != r->where)
            put_numbers(out, r, from);
    }
}

/* The message so far; its length is filled in by finish(). */
static size_t begin(struct strbuf *out, uint16_t type, const struct layout *l, const void *from)
{
    uint8_t b[NLMSG_HDR_LEN + 16] = {0};
    size_t start = out->len;
    put_le(b + 4, 2, type);
    for (const struct row *r = l->header; r->size; r++)
        put_le(b + NLMSG_HDR_LEN + r->where, r->size, read_number(r, from));
    strbuf_add(out, b, NLMSG_HDR_LEN + l->header_len);
    put_rows(out, l->attrs, from);
    return start;
}

static void finish(struct strbuf *out, size_t start)
{
    put_le((uint8_t *)out->data + start, 4, out->len - start);
}

/* Options of a bridge or a port, each by its number from 1 on. */
static void put_opts(struct strbuf *out, uint16_t type, const struct vnet_link_opts *o)
{
    uint8_t b[8];
    size_t nest = open_attr(out, type);
    for (int i = 0; i < VNET_LINK_OPTS_MAX; i++) {
        if (!(o->given >> i & 1))
            continue;
        put_le(b, sizeof(b), o->v[i]);
        put_attr(out, (uint16_t)(i + 1), b, sizeof(b));
    }
    close_attr(out, nest);
}

void rtnl_put_mdb(struct strbuf *out, uint16_t type, const struct vnet_mdb_news *m)
{
    finish(out, begin(out, type, &mdb_layout, m));
}

void rtnl_put_vlan(struct strbuf *out, uint16_t type, const struct vnet_vlan_news *v)
{
    finish(out, begin(out, type, &vlan_layout, v));
}

void rtnl_put_link(struct strbuf *out, uint16_t type, const struct vnet_link_info *l,
                   const struct vnet_link_news *news)
{
    size_t start = begin(out, type, &link_layout, l), nest;
    put_rows(out, link_news_attrs, news);
    if (news->below_gone)
        put_u32(out, IFLA_LINK, 0);
    if (l->family && l->slave_opts.given)
        put_opts(out, IFLA_PROTINFO | NLA_NESTED, &l->slave_opts);
    if (l->kind || l->master_kind) {
        nest = open_attr(out, IFLA_LINKINFO);
        if (l->kind)
            put_attr(out, IFLA_INFO_KIND, l->kind, strlen(l->kind) + 1);
        if (l->is_bridge)
            put_opts(out, IFLA_INFO_DATA, &l->opts);
        if (l->master_kind)
            put_attr(out, IFLA_INFO_SLAVE_KIND, l->master_kind, strlen(l->master_kind) + 1);
        if (l->slave_opts.given)
            put_opts(out, IFLA_INFO_SLAVE_DATA, &l->slave_opts);
        close_attr(out, nest);
    }
    if (l->altnames && *l->altnames) {
        nest = open_attr(out, IFLA_PROP_LIST | NLA_NESTED);
        for (const char *const *name = l->altnames; *name; name++)
            put_attr(out, IFLA_ALT_IFNAME, *name, strlen(*name) + 1);
        close_attr(out, nest);
    }
    finish(out, start);
}

void rtnl_put_addr(struct strbuf *out, uint16_t type, const struct vnet_addr_info *a)
{
    finish(out, begin(out, type, &addr_layout, a));
}

static void put_gateway(struct strbuf *out, uint8_t family, const struct inet_addr *gateway)
{
    unsigned n = inet_addr_size(gateway->family);
    if (!n)
        return;
    if (gateway->family == family) {
        put_attr(out, RTA_GATEWAY, gateway->bytes, n);
        return;
    }
    uint8_t via[2 + 16];
    put_le(via, 2, gateway->family);
    memcpy(via + 2, gateway->bytes, n);
    put_attr(out, RTA_VIA, via, 2 + n);
}

/* struct rtnexthop */
static void put_multipath(struct strbuf *out, const struct vnet_route_info *r)
{
    size_t nest = open_attr(out, RTA_MULTIPATH);
    for (unsigned i = 0; i < r->nnh; i++) {
        const struct vnet_nexthop *nh = &r->nh[i];
        uint8_t b[8] = {0, 0, nh->flags, nh->weight};
        size_t start = out->len;
        put_le(b + 4, 4, (uint32_t)nh->oif);
        strbuf_add(out, b, sizeof(b));
        put_gateway(out, r->family, &nh->gateway);
        put_le((uint8_t *)out->data + start, 2, out->len - start);
    }
    close_attr(out, nest);
}

static void put_metrics(struct strbuf *out, const struct vnet_route_info *r)
{
    bool any = false;
    for (unsigned i = 1; i <= VNET_RTAX_MAX; i++)
        any |= r->metrics[i] != 0;
    if (!any)
        return;
    size_t nest = open_attr(out, RTA_METRICS);
    for (unsigned i = 1; i <= VNET_RTAX_MAX; i++)
        if (r->metrics[i])
            put_u32(out, (uint16_t)i, r->metrics[i]);
    close_attr(out, nest);
}

void rtnl_put_route(struct strbuf *out, uint16_t type, const struct vnet_route_info *r)
{
    struct vnet_route_info copy = *r;
    if (r->nnh == 1)
        copy.flags |= r->nh[0].flags;
    size_t start = begin(out, type, &route_layout, &copy);
    put_metrics(out, r);
    if (r->nnh > 1) {
        put_multipath(out, r);
    } else if (r->nnh == 1) {
        put_gateway(out, r->family, &r->nh[0].gateway);
        if (r->nh[0].oif)
            put_u32(out, RTA_OIF, (uint32_t)r->nh[0].oif);
    }
    finish(out, start);
}

void rtnl_put_neigh(struct strbuf *out, uint16_t type, const struct vnet_neigh_info *n)
{
    finish(out, begin(out, type, &neigh_layout, n));
}

void rtnl_put_rule(struct strbuf *out, uint16_t type, const struct vnet_rule_info *r)
{
    size_t start = begin(out, type, &rule_layout, r);
    uint8_t range[8]; /* both may be 0, the range of root */
    put_le(range, 4, r->uid_min);
    put_le(range + 4, 4, r->uid_max);
    if (r->has_uid)
        put_attr(out, FRA_UID_RANGE, range, sizeof(range));
    finish(out, start);
}

void rtnl_put_netconf(struct strbuf *out, uint16_t type, const struct vnet_netconf_info *c)
{
    finish(out, begin(out, type, &netconf_layout, c));
}

void rtnl_put_nsname(struct strbuf *out, uint16_t type, const struct vnet_nsname_news *n)
{
    finish(out, begin(out, type, &nsname_layout, n));
}

void rtnl_put_nsid(struct strbuf *out, uint16_t type, const struct vnet_nsid_info *n)
{
    finish(out, begin(out, type, &nsid_layout, n));
}

/* struct nexthop_grp */
static void put_members(struct strbuf *out, const struct vnet_nh_info *nh)
{
    size_t nest = open_attr(out, NHA_GROUP);
    for (unsigned i = 0; i < nh->nmembers; i++) {
        uint8_t b[8] = {0};
        put_le(b, 4, nh->members[i].id);
        b[4] = (uint8_t)(nh->members[i].weight - 1);
        b[5] = (uint8_t)((nh->members[i].weight - 1) >> 8);
        strbuf_add(out, b, sizeof(b));
    }
    close_attr(out, nest);
}

void rtnl_put_nexthop(struct strbuf *out, uint16_t type, const struct vnet_nh_info *nh)
{
    size_t start = begin(out, type, &nexthop_layout, nh);
    if (nh->members)
        put_members(out, nh);
    if (nh->blackhole)
        put_attr(out, NHA_BLACKHOLE, "", 0);
    if (nh->fdb)
        put_attr(out, NHA_FDB, "", 0);
    if (nh->group_type == VNET_NH_GRP_RES) {
        size_t nest = open_attr(out, NHA_RES_GROUP);
        put_rows(out, res_group_attrs, nh);
        close_attr(out, nest);
    }
    finish(out, start);
}

/* ---- taking apart ---- */

struct attr {
    uint16_t type;
    const uint8_t *data;
    size_t len;
};

/* The attribute at *at of `n` bytes; false at the end, or if it is not whole. */
static bool next_attr(const uint8_t *bytes, size_t n, size_t *at, struct attr *a)
{
    if (*at >= n || n - *at < 4)
        return false;
    size_t len = get_le(bytes + *at, 2);
    if (len < 4 || len > n - *at)
        return false;
    a->type = (uint16_t)(get_le(bytes + *at + 2, 2) & ~(uint64_t)NLA_NESTED);
    a->data = bytes + *at + 4;
    a->len = len - 4;
    *at += (len + 3) & ~(size_t)3;
    return true;
}

static const char *attr_text(const struct attr *a)
{
    return a->len && memchr(a->data, '\0', a->len) ? (const char *)a->data : NULL;
}

static void attr_addr(const struct attr *a, struct inet_addr *addr)
{
    if (a->len != 4 && a->len != 16)
        return;
    *addr = inet_addr_any(a->len == 4 ? VNET_AF_INET : VNET_AF_INET6);
    memcpy(addr->bytes, a->data, a->len);
}

static void take_value(const struct row *r, const struct attr *a, void *to)
{
    char *p = (char *)to + r->offset;
    const char *text = attr_text(a);
    if (r->kind == IN_NAME && text && strlen(text) < VNET_IFNAMSIZ) {
        memcpy(p, text, strlen(text) + 1);
    } else if (r->kind == IN_TEXT) {
        *(const char **)(void *)p = text;
    } else if (r->kind == IN_ADDR) {
        attr_addr(a, (struct inet_addr *)(void *)p);
    } else if (r->kind == IN_LLADDR && a->len <= LLADDR_MAX) {
        struct lladdr *ll = (void *)p;
        ll->len = (uint8_t)a->len;
        memcpy(ll->bytes, a->data, a->len);
    }
}

static void take_attr(const struct layout *l, const struct attr *a, void *to)
{
    for (const struct row *r = l->attrs; r->size; r++) {
        if (r->where != a->type)
            continue;
        if (r->kind >= IN_NAME)
            take_value(r, a, to);
        else if (a->len >= (size_t)r->at + r->size)
            write_number(r, to, get_le(a->data + r->at, r->size));
    }
}

static void take_opts(const struct attr *data, struct vnet_link_opts *o)
{
    struct attr a;
    for (size_t at = 0; next_attr(data->data, data->len, &at, &a);) {
        if (a.type == 0 || a.type > VNET_LINK_OPTS_MAX || a.len != 8)
            continue;
        o->given |= UINT64_C(1) << (a.type - 1);
        o->v[a.type - 1] = get_le(a.data, 8);
    }
}

static void take_linkinfo(const struct attr *info, struct vnet_link_info *l)
{
    struct attr a;
    for (size_t at = 0; next_attr(info->data, info->len, &at, &a);) {
        if (a.type == IFLA_INFO_KIND)
            l->kind = attr_text(&a);
        else if (a.type == IFLA_INFO_SLAVE_KIND)
            l->master_kind = attr_text(&a);
        else if (a.type == IFLA_INFO_DATA)
            take_opts(&a, &l->opts);
        else if (a.type == IFLA_INFO_SLAVE_DATA)
            take_opts(&a, &l->slave_opts);
    }
    l->is_bridge = l->opts.given;
}

static void take_altnames(const struct attr *list, struct vnet_netlink_msg *m)
{
    struct attr a;
    size_t n = 0;
    for (size_t at = 0; next_attr(list->data, list->len, &at, &a);)
        if (a.type == IFLA_ALT_IFNAME && attr_text(&a) && n + 1 < ARRAY_LEN(m->altnames))
            m->altnames[n++] = attr_text(&a);
    m->altnames[n] = NULL;
    m->link.altnames = m->altnames;
}

static void take_link_attr(const struct attr *a, struct vnet_netlink_msg *m)
{
    if (a->type == IFLA_PROTINFO)
        take_opts(a, &m->link.slave_opts);
    else if (a->type == IFLA_LINKINFO)
        take_linkinfo(a, &m->link);
    else if (a->type == IFLA_PROP_LIST)
        take_altnames(a, m);
    else if (a->type == IFLA_LINK)
        m->link_news.below_gone = m->link.iflink == 0;
    else
        take_attr(&link_news_layout, a, &m->link_news);
}

static void take_gateway(const struct attr *a, struct vnet_nexthop *nh)
{
    struct attr via = *a;
    if (a->type == RTA_VIA && a->len > 2) {
        via.data += 2;
        via.len -= 2;
    }
    if (a->type == RTA_GATEWAY || a->type == RTA_VIA)
        attr_addr(&via, &nh->gateway);
}

static void take_multipath(const struct attr *list, struct vnet_netlink_msg *m)
{
    const uint8_t *p = list->data;
    size_t left = list->len;
    m->route.nnh = 0;
    while (left >= 8 && m->route.nnh < VNET_NEXTHOPS_MAX) {
        struct vnet_nexthop *nh = &m->nh[m->route.nnh];
        size_t len = get_le(p, 2), at = 8;
        struct attr a;
        if (len < 8 || len > left)
            break;
        *nh = (struct vnet_nexthop){
            .flags = p[2], .weight = p[3], .oif = (int)(uint32_t)get_le(p + 4, 4)};
        while (next_attr(p, len, &at, &a))
            take_gateway(&a, nh);
        m->route.nnh++;
        p += len;
        left -= len;
    }
}

static void take_route_attr(const struct attr *a, struct vnet_netlink_msg *m)
{
    struct attr metric;
    if (a->type == RTA_MULTIPATH)
        take_multipath(a, m);
    if ((a->type == RTA_OIF && a->len == 4) || a->type == RTA_GATEWAY || a->type == RTA_VIA) {
        m->route.nnh = 1;
        take_gateway(a, &m->nh[0]);
        if (a->type == RTA_OIF)
            m->nh[0].oif = (int)(uint32_t)get_le(a->data, 4);
    }
    if (a->type != RTA_METRICS)
        return;
    for (size_t at = 0; next_attr(a->data, a->len, &at, &metric);)
        if (metric.type <= VNET_RTAX_MAX && metric.len == 4)
            m->route.metrics[metric.type] = (uint32_t)get_le(metric.data, 4);
}

static void take_rule_attr(const struct attr *a, struct vnet_netlink_msg *m)
{
    if (a->type != FRA_UID_RANGE || a->len != 8)
        return;
    m->rule.has_uid = true;
    m->rule.uid_min = (uint32_t)get_le(a->data, 4);
    m->rule.uid_max = (uint32_t)get_le(a->data + 4, 4);
}

static void take_members(const struct attr *list, struct vnet_netlink_msg *m)
{
    m->nexthop.members = m->members;
    for (size_t at = 0; list->len - at >= 8 && m->nexthop.nmembers < VNET_NH_MEMBERS_MAX; at += 8)
        m->members[m->nexthop.nmembers++] =
            (struct vnet_nh_member){.id = (uint32_t)get_le(list->data + at, 4),
                                    .weight = (uint32_t)get_le(list->data + at + 4, 2) + 1};
}

static void take_nexthop_attr(const struct attr *a, struct vnet_netlink_msg *m)
{
    struct attr part;
    if (a->type == NHA_GROUP)
        take_members(a, m);
    else if (a->type == NHA_BLACKHOLE)
        m->nexthop.blackhole = true;
    else if (a->type == NHA_FDB)
        m->nexthop.fdb = true;
    if (a->type != NHA_RES_GROUP)
        return;
    for (size_t at = 0; next_attr(a->data, a->len, &at, &part);)
        take_attr(&res_group_layout, &part, &m->nexthop);
}

static const struct format {
    uint16_t type; /* RTM_NEW...; the one for what is gone follows it */
    const struct layout *layout;
    void (*other)(const struct attr *a, struct vnet_netlink_msg *m); /* attributes in no row */
} formats[] = {
    {VNET_RTM_NEWLINK, &link_layout, take_link_attr},
    {VNET_RTM_NEWADDR, &addr_layout, NULL},
    {VNET_RTM_NEWROUTE, &route_layout, take_route_attr},
    {VNET_RTM_NEWNEIGH, &neigh_layout, NULL},
    {VNET_RTM_NEWRULE, &rule_layout, take_rule_attr},
    {VNET_RTM_NEWNETCONF, &netconf_layout, NULL},
    {VNET_RTM_NEWNSID, &nsid_layout, NULL},
    {VNET_RTM_NEWNSNAME, &nsname_layout, NULL},
    {VNET_RTM_NEWMDB, &mdb_layout, NULL},
    {VNET_RTM_NEWNEXTHOP, &nexthop_layout, take_nexthop_attr},
    {VNET_RTM_NEWVLAN, &vlan_layout, NULL},
};

/* What the structs have for "absent" that is not zero. */
static void set_absent(struct vnet_netlink_msg *m)
{
    if (m->type / 2 == VNET_RTM_NEWLINK / 2) {
        m->link.iflink_netnsid = m->link_news.new_netnsid = -1;
    } else if (m->type / 2 == VNET_RTM_NEWRULE / 2) {
        m->rule.suppress_ifgroup = m->rule.suppress_prefixlen = -1;
        m->rule.has_priority = true;
    } else if (m->type / 2 == VNET_RTM_NEWNETCONF / 2) {
        m->netconf = vnet_netconf_none(VNET_AF_UNSPEC, 0);
    } else if (m->type / 2 == VNET_RTM_NEWROUTE / 2) {
        m->route.nh = m->nh;
    }
}

int vnet_netlink_parse(const uint8_t *bytes, size_t n, struct vnet_netlink_msg *m)
{
    const struct format *f = formats;
    struct attr a;
    memset(m, 0, sizeof(*m));
    if (n < NLMSG_HDR_LEN || get_le(bytes, 4) != n)
        return -EBADMSG;
    m->type = (uint16_t)get_le(bytes + 4, 2);
    while (f < formats + ARRAY_LEN(formats) && f->type / 2 != m->type / 2)
        f++;
    if (f == formats + ARRAY_LEN(formats) || n < NLMSG_HDR_LEN + f->layout->header_len)
        return -EBADMSG;
    set_absent(m);
    for (const struct row *r = f->layout->header; r->size; r++)
        write_number(r, &m->link, get_le(bytes + NLMSG_HDR_LEN + r->where, r->size));
    for (size_t at = NLMSG_HDR_LEN + f->layout->header_len; next_attr(bytes, n, &at, &a);) {
        take_attr(f->layout, &a, &m->link);
        if (f->other)
            f->other(&a, m);
    }
    return 0;
}
