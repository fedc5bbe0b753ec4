/* IPv4 (RFC 791): header, options, the payload's protocol. */
#include "cmd/tcpdump/dis.h"

#include <stdio.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "wire/cksum.h"

enum {
    IP_HLEN = 20,
    IP_RES = 0x8000,
    IP_DF = 0x4000,
    IP_MF = 0x2000,
    IP_OFFMASK = 0x1fff,
};

enum {
    OPT_EOL = 0,
    OPT_NOP = 1,
    OPT_RR = 7,
    OPT_TS = 68,
    OPT_LSRR = 131,
    OPT_SSRR = 137,
    OPT_RA = 148
};

enum {
    PROTO_ICMP = 1,
    PROTO_IGMP = 2,
    PROTO_IPIP = 4,
    PROTO_TCP = 6,
    PROTO_UDP = 17,
    PROTO_IPV6 = 41,
    PROTO_ICMPV6 = 58,
    PROTO_NONE = 59,
    PROTO_ND = 77,
};

static const struct nametab option_names[] = {
    {"EOL", OPT_EOL},   {"NOP", OPT_NOP},   {"timestamp", OPT_TS}, {"security", 130},
    {"RR", OPT_RR},     {"SSRR", OPT_SSRR}, {"LSRR", OPT_LSRR},    {"RA", OPT_RA},
    {"traceroute", 82}, {NULL, 0},
};

static const struct nametab flag_names[] = {
    {"+", IP_MF},
    {"DF", IP_DF},
    {"rsvd", IP_RES},
    {NULL, 0},
};

/* ---- options ---- */

static bool put_route(struct dis *d, size_t at, size_t len)
{
    char buf[DIS_NAME];
    if (len < 3) {
        dis_put(d, " [bad length %zu]", len);
        return true;
    }
    if ((len + 1) & 3)
        dis_put(d, " [bad length %zu]", len);
    uint32_t ptr = dis_u8(d, at + 2) - 1u;
    if (ptr < 3 || ((ptr + 1) & 3) || ptr > len + 1)
        dis_put(d, " [bad ptr %u]", dis_u8(d, at + 2));
    for (size_t i = 3; i < len; i += 4) {
        if (!dis_has(d, at + i, 4))
            return false;
        dis_put(d, " %s%s", dis_ip4(d, at + i, buf), ptr > i ? "," : "");
    }
    return true;
}

static bool put_stamps(struct dis *d, size_t at, size_t len, size_t hop, uint32_t ptr)
{
    char buf[DIS_NAME];
    size_t i;
    for (i = 4; i < len; i += hop) {
        if (!dis_has(d, at + i, hop))
            return false;
        dis_put(d, "%s%u@%s", ptr == i ? " ^ " : " ", dis_u32(d, at + i + hop - 4),
                hop == 8 ? dis_ip4(d, at + i, buf) : "");
    }
    dis_put(d, "%s", ptr == i ? " ^ " : "");
    return true;
}

static bool put_timestamp(struct dis *d, size_t at, size_t len)
{
    static const struct nametab kinds[] = {
        {"TSONLY", 0}, {"TS+ADDR", 1}, {"PRESPEC", 3}, {NULL, 0}};
    if (len < 4) {
        dis_put(d, "[bad length %zu]", len);
        return true;
    }
    uint8_t flags = dis_u8(d, at + 3);
    size_t hop = (flags & 15) != 0 ? 8 : 4;
    uint32_t ptr = dis_u8(d, at + 2) - 1u;
    dis_put(d, " TS{");
    if ((len - 4) & (hop - 1))
        dis_put(d, "[bad length %zu]", len);
    if (ptr < 4 || ((ptr - 4) & (hop - 1)) || ptr > len + 1)
        dis_put(d, "[bad ptr %u]", dis_u8(d, at + 2));
    const char *kind = nametab_name(kinds, flags & 15);
    if (kind)
        dis_put(d, "%s", kind);
    else
        dis_put(d, "[bad ts type %u]%s", flags & 15, ptr == 0 ? " ^ " : "");
    if (kind && !put_stamps(d, at, len, hop, ptr))
        return false;
    if (flags >> 4)
        dis_put(d, " [%u hops not recorded]} ", flags >> 4);
    else
        dis_put(d, "}");
    return true;
}

/* false: the options were not captured whole. */
static bool put_option(struct dis *d, uint8_t code, size_t at, size_t len)
{
    if (!dis_has(d, at, len))
        return false;
    switch (code) {
    case OPT_TS:
        return put_timestamp(d, at, len);
    case OPT_RR:
    case OPT_SSRR:
    case OPT_LSRR:
        return put_route(d, at, len);
    case OPT_RA:
        if (len < 4)
            dis_put(d, " [bad length %zu]", len);
        else if (dis_u16(d, at + 2))
            dis_put(d, " value %u", dis_u16(d, at + 2));
        return true;
    }
    return true;
}

static bool put_options(struct dis *d, size_t at, size_t len)
{
    char buf[DIS_NAME];
    const char *sep = "";
    while (len > 0 && !d->cut) {
        dis_put(d, "%s", sep);
        sep = ",";
        uint8_t code = dis_u8(d, at);
        dis_put(d, "%s", dis_tok(option_names, "unknown %u", code, buf));
        size_t n = code == OPT_NOP || code == OPT_EOL ? 1 : dis_u8(d, at + 1);
        if (n > len || (n < 2 && code != OPT_NOP && code != OPT_EOL)) {
            dis_put(d, " [bad length %zu]", n);
            return true;
        }
        if (!put_option(d, code, at, n))
            return false;
        if (code == OPT_EOL)
            return true;
        at += n;
        len -= n;
    }
    return true;
}

/* ---- the header ---- */

static void put_header_cksum(struct dis *d, size_t at, size_t hlen)
{
    if (d->o->no_checksums || !dis_has(d, at, hlen))
        return;
    uint16_t sum = dis_cksum(d, at, hlen), field = dis_u16(d, at + 10);
    if (sum)
        dis_put(d, ", bad cksum %x (->%x)!", field, dis_cksum_shouldbe(field, sum));
}

/* "(tos 0x0, ttl 64, ...)" and a new line. False: the options are cut, the packet ends here. */
static bool put_verbose(struct dis *d, size_t at, size_t hlen)
{
    static const char *const ecn[] = {"", ",ECT(1)", ",ECT(0)", ",CE"};
    char flags[DIS_NAME], proto[DIS_NAME];
    uint8_t tos = dis_u8(d, at + 1), ttl = dis_u8(d, at + 8), nh = dis_u8(d, at + 9);
    uint16_t off = dis_u16(d, at + 6);
    bool whole = true;
    dis_put(d, "(tos 0x%x%s", tos, ecn[tos & 3]);
    if (ttl >= 1)
        dis_put(d, ", ttl %u", ttl);
    dis_put(d, ", id %u, offset %u, flags [%s], proto %s (%u), length %u", dis_u16(d, at + 4),
            (off & IP_OFFMASK) * 8, dis_bits(flag_names, "none", off & ~IP_OFFMASK, flags),
            dis_tok(dis_protocols, "unknown", nh, proto), nh, dis_u16(d, at + 2));
    if (hlen > IP_HLEN) {
        dis_put(d, ", options (");
        whole = put_options(d, at + IP_HLEN, hlen - IP_HLEN);
        dis_put(d, "%s)", whole ? "" : " [truncated-option]");
    }
    put_header_cksum(d, at, hlen);
    dis_put(d, ")\n    ");
    return whole;
}

static void put_addresses(struct dis *d, size_t at, const char *after)
{
    char src[DIS_NAME], dst[DIS_NAME];
    dis_put(d, "%s > %s%s", dis_ip4(d, at + 12, src), dis_ip4(d, at + 16, dst), after);
}

/* What the header itself says is wrong; true: the packet's line ends here. */
static bool header_bad(struct dis *d, size_t at, size_t len, size_t hlen, size_t total)
{
    if (len < IP_HLEN) {
        dis_put(d, "truncated-ip %zu", len);
        return true;
    }
    if (hlen < IP_HLEN) {
        dis_put(d, "bad-hlen %zu", hlen);
        return true;
    }
    if (len < total)
        dis_put(d, "truncated-ip - %zu bytes missing! ", total - len);
    if (total < hlen) {
        dis_put(d, "bad-len %zu", total);
        return true;
    }
    (void)at;
    return false;
}

static void put_later_fragment(struct dis *d, size_t at)
{
    if (d->o->quiet > 1)
        return;
    put_addresses(d, at, ":");
    uint8_t protocol = dis_u8(d, at + 9);
    const char *name = dis_protocol_name(d, protocol);
    if (name)
        dis_put(d, " %s", name);
    else
        dis_put(d, " ip-proto-%u", protocol);
}

static void put_payload(struct dis *d, size_t at, size_t hlen, size_t len)
{
    uint8_t nh = dis_u8(d, at + 9);
    if (nh != PROTO_TCP && nh != PROTO_UDP) /* those put ports behind the addresses */
        put_addresses(d, at, ": ");
    if (!dis_has(d, at, hlen)) {
        dis_put(d, " [remaining caplen(%zu) < header length(%zu)]", dis_left(d, at), hlen);
        dis_cut(d);
        return;
    }
    print_ip_payload(d, nh, at + hlen, len - hlen, 4, dis_u16(d, at + 6) & IP_MF, at);
}

void print_ip(struct dis *d, size_t at, size_t len)
{
    d->proto = "ip";
    uint8_t first = dis_u8(d, at);
    if (d->cut)
        return;
    if (first >> 4 != 4) {
        dis_put(d, first >> 4 == 6 ? "IP6, wrong link-layer encapsulation" : "IP%u", first >> 4);
        dis_invalid(d);
        return;
    }
    if (!d->o->link_header)
        dis_put(d, "IP ");
    if (!dis_has(d, at, IP_HLEN)) {
        dis_trunc(d);
        return;
    }
    size_t hlen = (first & 15) * 4u, total = dis_u16(d, at + 2);
    if (header_bad(d, at, len, hlen, total))
        return;
    size_t whole = d->end;
    if (at + total < d->end)
        d->end = at + total; /* the rest is padding */
    if (d->o->verbose && !put_verbose(d, at, hlen)) {
        put_addresses(d, at, ": ");
        dis_trunc(d);
    } else if (dis_u16(d, at + 6) & IP_OFFMASK) {
        put_later_fragment(d, at);
    } else {
        put_payload(d, at, hlen, total);
    }
    d->end = whole;
}

/* ---- what IP carries ---- */

static void put_wrong_version(struct dis *d, uint8_t protocol, unsigned needs)
{
    char buf[DIS_NAME];
    dis_put(d, "[%s requires IPv%u]", dis_tok(dis_protocols, "unknown", protocol, buf), needs);
    dis_invalid(d);
}

static void put_unknown_protocol(struct dis *d, uint8_t protocol, size_t len)
{
    const char *name = dis_protocol_name(d, protocol);
    if (name)
        dis_put(d, " %s %zu", name, len);
    else
        dis_put(d, " ip-proto-%u %zu", protocol, len);
}

void print_ip_payload(struct dis *d, uint8_t protocol, size_t at, size_t len, unsigned version,
                      bool fragmented, size_t ip)
{
    switch (protocol) {
    case PROTO_ICMP:
        if (version == 4)
            print_icmp(d, at, len, fragmented);
        else
            put_wrong_version(d, protocol, 4);
        break;
    case PROTO_ICMPV6:
        if (version == 6)
            print_icmp6(d, at, len, ip, fragmented);
        else
            put_wrong_version(d, protocol, 6);
        break;
    case PROTO_IGMP:
        if (version == 4)
            print_igmp(d, at, len);
        else
            put_wrong_version(d, protocol, 4);
        break;
    case PROTO_UDP:
        print_udp(d, at, len, ip, fragmented);
        break;
    case PROTO_TCP:
        print_tcp(d, at, len, ip, fragmented);
        break;
    case PROTO_IPIP:
        print_ip(d, at, len);
        break;
    case PROTO_IPV6:
        print_ip6(d, at, len);
        break;
    case PROTO_NONE:
        dis_put(d, "no next header");
        break;
    case PROTO_ND:
        dis_put(d, " nd %zu", len);
        break;
    default:
        put_unknown_protocol(d, protocol, len);
    }
}
