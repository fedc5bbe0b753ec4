/* ICMPv6 (RFC 4443), neighbour discovery (RFC 4861), MLD (RFC 2710, 3810). */
#include "cmd/tcpdump/dis.h"

enum {
    UNREACHABLE = 1,
    TOO_BIG = 2,
    TIME_EXCEEDED = 3,
    PARAMETER = 4,
    ECHO_REQUEST = 128,
    ECHO_REPLY = 129,
    MLD_QUERY = 130,
    MLD_REPORT = 131,
    MLD_DONE = 132,
    ROUTER_SOLICIT = 133,
    ROUTER_ADVERT = 134,
    NEIGHBOR_SOLICIT = 135,
    NEIGHBOR_ADVERT = 136,
    REDIRECT = 137,
    INVERSE_SOLICIT = 141,
    INVERSE_ADVERT = 142,
    MLD2_REPORT = 143,
    HOME_REQUEST = 144,
    MOBILE_SOLICIT = 146,
};

enum { PROTO_ICMPV6 = 58, QUOTE = 8, QUOTE_SRC = QUOTE + 8, QUOTE_DST = QUOTE + 24 };

static const struct nametab types[] = {
    {"destination unreachable", UNREACHABLE},
    {"packet too big", TOO_BIG},
    {"time exceeded in-transit", TIME_EXCEEDED},
    {"parameter problem", PARAMETER},
    {"echo request", ECHO_REQUEST},
    {"echo reply", ECHO_REPLY},
    {"multicast listener query", MLD_QUERY},
    {"multicast listener report", MLD_REPORT},
    {"multicast listener done", MLD_DONE},
    {"router solicitation", ROUTER_SOLICIT},
    {"router advertisement", ROUTER_ADVERT},
    {"neighbor solicitation", NEIGHBOR_SOLICIT},
    {"neighbor advertisement", NEIGHBOR_ADVERT},
    {"redirect", REDIRECT},
    {"router renumbering", 138},
    {"node information query", 139},
    {"node information reply", 140},
    {"inverse neighbor solicitation", INVERSE_SOLICIT},
    {"inverse neighbor advertisement", INVERSE_ADVERT},
    {"multicast listener report v2", MLD2_REPORT},
    {"ha discovery request", HOME_REQUEST},
    {"ha discovery reply", 145},
    {"mobile router solicitation", MOBILE_SOLICIT},
    {"mobile router advertisement", 147},
    {"RPL", 155},
    {NULL, 0},
};

/* ---- errors ---- */

/* Where the transport header of a quoted packet is; 0: not to be found. */
static size_t quoted_transport(struct dis *d, size_t ip, uint8_t *protocol)
{
    size_t at = ip + 40;
    *protocol = dis_has(d, ip, 8) ? d->data[ip + 6] : 59;
    while (at < d->end) {
        size_t len;
        switch (*protocol) {
        case 6:
        case 17:
            return dis_has(d, at, 4) ? at : 0;
        case 0:
        case 43:
        case 60:
            len = dis_has(d, at, 2) ? (d->data[at + 1] + 1u) * 8 : 0;
            break;
        case 44:
            len = dis_has(d, at, 4) && !(dis_u16(d, at + 2) & 0xfff8) ? 8 : 0;
            break;
        case 51:
            len = dis_has(d, at, 2) ? (d->data[at + 1] + 2u) * 4 : 0;
            break;
        default:
            return 0;
        }
        if (!len)
            return 0;
        *protocol = d->data[at];
        at += len;
    }
    return 0;
}

static void put_port(struct dis *d, size_t at)
{
    char addr[DIS_NAME], port[DIS_NAME];
    uint8_t protocol;
    size_t transport = quoted_transport(d, at + QUOTE, &protocol);
    if (!transport) {
        dis_stop(d);
        return;
    }
    dis_put(d, ", %s %s port %s", dis_ip6(d, at + QUOTE_DST, addr), protocol == 6 ? "tcp" : "udp",
            dis_port(d, protocol == 6, dis_u16(d, transport + 2), port));
}

/* false: the line ends here. */
static bool put_unreachable(struct dis *d, size_t at, size_t len)
{
    static const struct nametab codes[] = {
        {"unreachable route", 0},   {" unreachable prohibited", 1}, {"beyond scope", 2},
        {"unreachable address", 3}, {"unreachable port", 4},        {NULL, 0},
    };
    char dst[DIS_NAME], src[DIS_NAME], buf[DIS_NAME];
    uint8_t code = dis_u8(d, at + 1);
    dis_put(d, ", %s", dis_tok(codes, "unknown unreach code (%u)", code, buf));
    if (code < 4)
        dis_ip6(d, at + QUOTE_DST, dst);
    if (code == 4)
        put_port(d, at);
    else if (code == 2)
        dis_put(d, " %s, source address %s", dst, dis_ip6(d, at + QUOTE_SRC, src));
    else if (code < 4)
        dis_put(d, " %s", dst);
    else if (d->o->verbose <= 1) {
        dis_unknown(d, at, len, "\n\t");
        return false;
    }
    return true;
}

static void put_time_exceeded(struct dis *d, size_t at)
{
    char dst[DIS_NAME];
    uint8_t code = dis_u8(d, at + 1);
    if (code == 0)
        dis_put(d, " for %s", dis_ip6(d, at + QUOTE_DST, dst));
    else if (code == 1)
        dis_put(d, " (reassembly)");
    else
        dis_put(d, ", unknown code (%u)", code);
}

static void put_parameter(struct dis *d, size_t at)
{
    static const char *const what[] = {"erroneous", "next header", "option",
                                       "incomplete header chain"};
    if (!dis_check(d, at + QUOTE_DST, 16))
        return;
    uint8_t code = dis_u8(d, at + 1);
    if (code < 4)
        dis_put(d, ", %s - octet %u", what[code], dis_u32(d, at + 4));
    else
        dis_put(d, ", code-#%u", code);
}

/* ---- neighbour discovery's options ---- */

static const struct nametab options[] = {
    {"source link-address", 1},
    {"destination link-address", 2},
    {"prefix info", 3},
    {"redirected header", 4},
    {"mtu", 5},
    {"advertisement interval", 7},
    {"homeagent information", 8},

    {"route info", 24},
    {"rdnss", 25},
    {"dnssl", 31},
    {NULL, 0},
};

static const char *preference(uint8_t flags)
{
    static const char *const names[] = {"medium", "high", "rsv", "low"};
    return names[flags >> 3 & 3];
}

static void put_lifetime(struct dis *d, const char *what, uint32_t seconds)
{
    if (seconds == UINT32_MAX)
        dis_put(d, "%sinfinity", what);
    else
        dis_put(d, "%s%us", what, seconds);
}

static void put_prefix_info(struct dis *d, size_t at, size_t len)
{
    static const struct nametab flags[] = {
        {"onlink", 0x80}, {"auto", 0x40}, {"router", 0x20}, {NULL, 0}};
    char prefix[DIS_NAME], buf[DIS_NAME];
    dis_ip6(d, at + 16, prefix);
    dis_put(d, "%s/%u%s, Flags [%s], valid time ", prefix, dis_u8(d, at + 2),
            len != 32 ? "badlen" : "", dis_bits(flags, "none", dis_u8(d, at + 3), buf));
    put_lifetime(d, "", dis_u32(d, at + 4));
    put_lifetime(d, ", pref. time ", dis_u32(d, at + 8));
}

static void put_rdnss(struct dis *d, size_t at, size_t len)
{
    char addr[DIS_NAME];
    put_lifetime(d, " lifetime ", dis_u32(d, at + 4));
    dis_put(d, ",");
    for (size_t i = 8; i + 16 <= len && !d->cut; i += 16)
        dis_put(d, " addr: %s", dis_ip6(d, at + i, addr));
}

static bool put_route_info(struct dis *d, size_t at, size_t len)
{
    char buf[DIS_NAME];
    struct inet_addr a = inet_addr_any(VNET_AF_INET6);
    uint32_t lifetime = dis_u32(d, at + 4);
    if (len > 24) {
        dis_stop(d);
        return false;
    }
    for (size_t i = 8; i < len; i++)
        a.bytes[i - 8] = dis_u8(d, at + i);
    dis_put(d, " %s/%u, pref=%s", inet_addr_str(&a, buf), dis_u8(d, at + 2),
            preference(dis_u8(d, at + 3)));
    put_lifetime(d, ", lifetime=", lifetime);
    return true;
}

static void put_bytes(struct dis *d, size_t at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        dis_put(d, "%s%02x", i ? ":" : "", dis_u8(d, at + i));
}

/* What an option says. false: the options end here. */
static bool put_option(struct dis *d, uint8_t type, size_t at, size_t len, size_t start)
{
    switch (type) {
    case 1:
    case 2:
        put_bytes(d, at + 2, len - 2);
        return true;
    case 3:
        put_prefix_info(d, at, len);
        return true;
    case 4:
        dis_unknown(d, start, len, "\n\t    ");
        return true;
    case 5:
        dis_put(d, " %u%s", dis_u32(d, at + 4), len != 8 ? "bad option length" : "");
        return true;
    case 7:
        dis_put(d, " %ums", dis_u32(d, at + 4));
        return true;
    case 8:
        dis_put(d, " preference %u, lifetime %u", dis_u16(d, at + 4), dis_u16(d, at + 6));
        return true;
    case 24:
        return put_route_info(d, at, len);
    case 25:
        put_rdnss(d, at, len);
        return true;
    }
    if (d->o->verbose > 1)
        return true;
    dis_unknown(d, at + 2, len - 2, "\n\t  ");
    return false;
}

static void put_nd_options(struct dis *d, size_t at, size_t left)
{
    char buf[DIS_NAME];
    size_t start = at;
    while (at < d->end && left > 0 && !d->cut) {
        if (!dis_check(d, at, 2))
            return;
        uint8_t type = dis_u8(d, at);
        size_t len = dis_u8(d, at + 1) * 8u;
        if (len == 0 || !dis_has(d, at, len)) {
            dis_stop(d);
            return;
        }
        dis_put(d,
                "\n\t  %s option (%u), length %zu (%zu): ", dis_tok(options, "unknown", type, buf),
                type, len, len / 8);
        if (!put_option(d, type, at, len, start))
            return;
        if (d->o->verbose > 1)
            dis_unknown(d, at + 2, len - 2, "\n\t    ");
        at += len;
        left = left > len ? left - len : 0;
    }
}

static void put_router_advert(struct dis *d, size_t at, size_t len)
{
    static const struct nametab flags[] = {{"managed", 0x80},
                                           {"other stateful", 0x40},
                                           {"home agent", 0x20},
                                           {"ipv6 only", 0x02},
                                           {NULL, 0}};
    char buf[DIS_NAME];
    if (!d->o->verbose)
        return;
    uint32_t retransmit = dis_u32(d, at + 12);
    uint8_t f = dis_u8(d, at + 5);
    dis_put(d,
            "\n\thop limit %u, Flags [%s], pref %s, router lifetime %us, reachable time %ums, "
            "retrans timer %ums",
            dis_u8(d, at + 4), dis_bits(flags, "none", f, buf), preference(f), dis_u16(d, at + 6),
            dis_u32(d, at + 8), retransmit);
    put_nd_options(d, at + 16, len - 16);
}

static void put_neighbor(struct dis *d, size_t at, size_t len, uint8_t type)
{
    static const struct nametab flags[] = {
        {"router", 0x80000000}, {"solicited", 0x40000000}, {"override", 0x20000000}, {NULL, 0}};
    char buf[DIS_NAME];
    dis_put(d, ", %s %s", type == NEIGHBOR_SOLICIT ? "who has" : "tgt is", dis_ip6(d, at + 8, buf));
    if (!d->o->verbose)
        return;
    if (type == NEIGHBOR_ADVERT)
        dis_put(d, ", Flags [%s]", dis_bits(flags, "none", dis_u32(d, at + 4), buf));
    put_nd_options(d, at + 24, len - 24);
}

static void put_redirect(struct dis *d, size_t at, size_t len)
{
    char buf[DIS_NAME];
    dis_put(d, ", %s", dis_ip6(d, at + 24, buf));
    dis_put(d, " to %s", dis_ip6(d, at + 8, buf));
    if (d->o->verbose)
        put_nd_options(d, at + 40, len - 40);
}

/* ---- multicast listeners ---- */

static void put_mld(struct dis *d, size_t at)
{
    char buf[DIS_NAME];
    if (dis_has(d, at, 24))
        dis_put(d, "max resp delay: %u addr: %s", dis_u16(d, at + 4), dis_ip6(d, at + 8, buf));
}

static void put_sources(struct dis *d, size_t at, unsigned n)
{
    char buf[DIS_NAME];
    if (d->o->verbose <= 1) {
        dis_put(d, ", %u source(s)", n);
        return;
    }
    dis_put(d, " {");
    for (unsigned i = 0; i < n && !d->cut; i++)
        dis_put(d, " %s", dis_ip6(d, at + i * 16, buf));
    dis_put(d, " }");
}

static void put_querier(struct dis *d, size_t at)
{
    uint8_t misc = dis_u8(d, at + 24);
    if (misc & 8)
        dis_put(d, " sflag");
    if (misc & 7)
        dis_put(d, " robustness=%u", misc & 7);
    uint8_t qqic = dis_u8(d, at + 25);
    unsigned interval = qqic < 128 ? qqic : ((qqic & 15u) | 16) << ((qqic >> 4 & 7) + 3);
    dis_put(d, " qqi=%u", interval);
}

static void put_mld2_query(struct dis *d, size_t at, size_t len)
{
    char buf[DIS_NAME];
    uint16_t code = dis_u16(d, at + 4);
    unsigned delay = code < 32768 ? code : ((code & 0x0fffu) | 0x1000) << ((code >> 12 & 7) + 3);
    if (d->o->verbose) {
        dis_put(d, " [max resp delay=%u]", delay);
    }
    dis_put(d, " [gaddr %s", dis_ip6(d, at + 8, buf));
    if (d->o->verbose)
        put_querier(d, at);
    unsigned n = dis_u16(d, at + 26);
    if (len < 28 + n * 16u)
        dis_put(d, " [invalid number of sources]");
    else if (n > 0)
        put_sources(d, at + 28, n);
    dis_put(d, "]");
}

/* One group record; the bytes it takes, 0: it is not whole. */
static size_t put_group(struct dis *d, size_t at, size_t left)
{
    static const struct nametab kinds[] = {{"is_in", 1}, {"is_ex", 2}, {"to_in", 3}, {"to_ex", 4},
                                           {"allow", 5}, {"block", 6}, {NULL, 0}};
    char buf[DIS_NAME];
    uint8_t kind = dis_u8(d, at);
    unsigned n = dis_u16(d, at + 2);
    dis_put(d, " [gaddr %s", dis_ip6(d, at + 4, buf));
    dis_put(d, " %s", dis_tok(kinds, " [v2-report-#%u]", kind, buf));
    if (left < 20 + n * 16u) {
        dis_put(d, " [invalid number of sources %u]", n);
        return 0;
    }
    put_sources(d, at + 20, n);
    dis_put(d, "]");
    return 20 + n * 16u;
}

static void put_mld2_report(struct dis *d, size_t at, size_t len)
{
    if (len < 8) {
        dis_put(d, " [invalid len %zu]", len);
        return;
    }
    unsigned n = dis_u16(d, at + 6);
    dis_put(d, ", %u group record(s)", n);
    if (!d->o->verbose)
        return;
    for (size_t i = 8; n > 0 && !d->cut; n--) {
        if (len < i + 20) {
            dis_put(d, " [invalid number of groups]");
            return;
        }
        size_t size = put_group(d, at + i, len - i);
        if (size == 0)
            return;
        i += size;
    }
}

/* ---- the message ---- */

static void put_cksum(struct dis *d, size_t at, size_t len, size_t ip)
{
    if (!dis_has(d, at, len))
        return;
    uint16_t field = dis_u16(d, at + 2);
    uint16_t sum = ip_pseudo_cksum(d, ip, at, len, len, PROTO_ICMPV6);
    if (sum)
        dis_put(d, "[bad icmp6 cksum 0x%04x -> 0x%04x!] ", field, dis_cksum_shouldbe(field, sum));
    else
        dis_put(d, "[icmp6 sum ok] ");
}

/* With -v these say their length before their details. */
static bool length_first(uint8_t type)
{
    return (type >= ROUTER_SOLICIT && type <= REDIRECT) || type == 145 || type == 147;
}

/* false: the line ends here. */
static bool put_details(struct dis *d, size_t at, size_t len, uint8_t type)
{
    switch (type) {
    case UNREACHABLE:
        return put_unreachable(d, at, len);
    case TOO_BIG:
        dis_put(d, ", mtu %u", dis_u32(d, at + 4));
        break;
    case TIME_EXCEEDED:
        put_time_exceeded(d, at);
        break;
    case PARAMETER:
        put_parameter(d, at);
        break;
    case ECHO_REQUEST:
    case ECHO_REPLY:
        dis_put(d, ", id %u, seq %u", dis_u16(d, at + 4), dis_u16(d, at + 6));
        break;
    case MLD_QUERY:
        if (len == 24) {
            put_mld(d, at);
        } else if (len >= 28) {
            dis_put(d, " v2");
            put_mld2_query(d, at, len);
        } else {
            dis_put(d, " unknown-version (len %zu) ", len);
        }
        break;
    case MLD_REPORT:
    case MLD_DONE:
        put_mld(d, at);
        break;
    case ROUTER_SOLICIT:
        if (d->o->verbose)
            put_nd_options(d, at + 8, len - 8);
        break;
    case ROUTER_ADVERT:
        put_router_advert(d, at, len);
        break;
    case NEIGHBOR_SOLICIT:
    case NEIGHBOR_ADVERT:
        put_neighbor(d, at, len, type);
        break;
    case REDIRECT:
        put_redirect(d, at, len);
        break;
    case MLD2_REPORT:
        put_mld2_report(d, at, len);
        break;
    case HOME_REQUEST:
    case MOBILE_SOLICIT:
        dis_put(d, ", id 0x%04x", dis_u16(d, at + 4));
        break;
    }
    return true;
}

void print_icmp6(struct dis *d, size_t at, size_t len, size_t ip, bool fragmented)
{
    char buf[DIS_NAME];
    d->proto = "icmp6";
    if (len == 0) {
        dis_put(d, "ICMP6, length 0");
        dis_invalid(d);
        return;
    }
    if (d->o->verbose && !fragmented)
        put_cksum(d, at, len, ip);
    uint8_t type = dis_u8(d, at);
    dis_put(d, "ICMP6, %s", dis_tok(types, "unknown icmp6 type (%u)", type, buf));
    if (d->o->verbose && length_first(type))
        dis_put(d, ", length %zu", len);
    if (!dis_need(d, at, 2) || !put_details(d, at, len, type))
        return;
    if (!nametab_name(types, type)) {
        dis_put(d, ", length %zu", len);
        if (d->o->verbose <= 1)
            dis_unknown(d, at, len, "\n\t");
        return;
    }
    if (!d->o->verbose)
        dis_put(d, ", length %zu", len);
}
