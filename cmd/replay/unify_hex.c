/* Hex dumps of packets, compared field by field; see unify_hex.h. */
#include "cmd/replay/unify_hex.h"

#include <ctype.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"

/* tcpdump's line: tab, "0x0000: ", eight groups of " xxxx", and with -X two spaces and the text. */
#define OFFSET_LEN  9
#define HEX_WIDTH   40
#define TEXT_COLUMN (OFFSET_LEN + HEX_WIDTH + 2)
#define LINE_BYTES  16
#define DUMP_MAX    4096 /* bytes compared by field; a longer dump must be equal */

#define ETHERTYPE_IP  0x0800
#define ETHERTYPE_ARP 0x0806
#define ETHERTYPE_IP6 0x86dd
#define PROTO_ICMP    1
#define PROTO_ICMP6   58

#define ICMP6_RS         133
#define ICMP6_NS         135
#define ICMP6_NA         136
#define ICMP6_MLD2       143
#define ND_SOURCE_LLADDR 1
#define ND_TARGET_LLADDR 2
#define ND_NONCE         14

/* The same part of the packet on both sides. */
struct view {
    const uint8_t *e, *a;
    size_t len;
};

static bool is_dump_line(const char *line)
{
    return strncmp(line, "\t0x", 3) == 0 && strlen(line) > OFFSET_LEN && line[7] == ':';
}

size_t unify_hexdump_lines(const struct unify_text *text, size_t at)
{
    size_t n = 0;
    while (at + n < text->n && is_dump_line(text->line[at + n]) &&
           (n == 0 || strncmp(text->line[at + n], "\t0x0000:", 8) != 0))
        n++;
    return n;
}

/* The bytes that a line shows. Returns how many. */
static size_t parse_line(const char *line, uint8_t bytes[LINE_BYTES])
{
    static const char hex[] = "0123456789abcdef";
    size_t n = 0;
    for (size_t i = OFFSET_LEN; line[i] && i < OFFSET_LEN + HEX_WIDTH && n < LINE_BYTES; i++) {
        const char *hi = line[i] == ' ' ? NULL : strchr(hex, line[i]);
        const char *lo = hi && line[i + 1] ? strchr(hex, line[i + 1]) : NULL;
        if (!lo)
            continue;
        bytes[n++] = (uint8_t)((hi - hex) << 4 | (lo - hex));
        i++;
    }
    return n;
}

/* The form of the line is the expected one, and its text column shows its own bytes. */
static bool same_form(const char *expected, const char *actual, const uint8_t *bytes, size_t n)
{
    size_t len = strlen(expected);
    if (strlen(actual) != len || strncmp(expected, actual, OFFSET_LEN) != 0)
        return false;
    for (size_t i = OFFSET_LEN; i < len && i < TEXT_COLUMN; i++)
        if (isxdigit((unsigned char)expected[i]) ? !isxdigit((unsigned char)actual[i])
                                                 : expected[i] != actual[i])
            return false;
    for (size_t i = 0; i < n && TEXT_COLUMN + i < len; i++)
        if (actual[TEXT_COLUMN + i] != (bytes[i] > 0x20 && bytes[i] < 0x7f ? (char)bytes[i] : '.'))
            return false;
    return true;
}

static struct view part(const struct view *v, size_t from)
{
    return (struct view){v->e + from, v->a + from, v->len - from};
}

static bool same_bytes(const struct view *v, size_t from, size_t len)
{
    size_t n = from >= v->len ? 0 : v->len - from < len ? v->len - from : len;
    return memcmp(v->e + (n ? from : 0), v->a + (n ? from : 0), n) == 0;
}

/* RFC 1071 over what is there, on top of sum: 0 if the checksum within is right. */
static uint16_t checksum(uint32_t sum, const uint8_t *p, size_t len)
{
    for (size_t i = 0; i + 1 < len; i += 2)
        sum += get_be16(p + i);
    if (len & 1)
        sum += (uint32_t)p[len - 1] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

/* A checksum may differ where the packet does; it must be right for the actual one. */
static bool same_checksum(const struct view *v, size_t at, size_t covered)
{
    return covered > v->len ? same_bytes(v, at, 2) : checksum(0, v->a, covered) == 0;
}

/* ping's payload starts with the time of sending, if it is long enough. */
static bool same_echo(struct unify *u, const struct view *v)
{
    const size_t header = 8, stamp = 16;
    if (v->len < header)
        return same_bytes(v, 0, v->len);
    bool stamped = v->len >= header + stamp;
    return same_bytes(v, 0, 2) &&
           unify_bind(u, VAR_ECHO_ID, get_be16(v->e + 4), get_be16(v->a + 4)) &&
           same_bytes(v, 6, 2) && same_bytes(v, header + (stamped ? stamp : 0), v->len);
}

static bool same_ip(struct unify *u, const struct view *v, bool quoted);

/* whole: all of the message is there, so that its checksum can be computed. */
static bool same_icmp(struct unify *u, const struct view *v, bool whole)
{
    uint8_t type = v->e[0];
    if (v->len < 8 || type != v->a[0])
        return same_bytes(v, 0, v->len);
    if (whole && !same_checksum(v, 2, v->len))
        return false;
    if (type == 0 || type == 8)
        return same_echo(u, v);
    struct view inner = part(v, 8);
    if (type == 3 || type == 5 || type == 11 || type == 12)
        return same_bytes(v, 0, 2) && same_bytes(v, 4, 4) && same_ip(u, &inner, true);
    return same_bytes(v, 0, v->len);
}

static bool same_ip_id(struct unify *u, uint16_t e, uint16_t a)
{
    return e && a ? unify_bind(u, VAR_IP_ID, e, a) : e == a;
}

/* quoted: inside an ICMP error, which quotes only the start of a long packet. */
static bool same_ip(struct unify *u, const struct view *v, bool quoted)
{
    size_t header = (size_t)(v->len ? v->e[0] & 15 : 0) * 4;
    if (header < 20 || v->len < header || v->e[0] >> 4 != 4)
        return same_bytes(v, 0, v->len);
    if (!same_bytes(v, 0, 4) || !same_ip_id(u, get_be16(v->e + 4), get_be16(v->a + 4)) ||
        !same_bytes(v, 6, 4) || !same_checksum(v, 10, header) || !same_bytes(v, 12, header - 12))
        return false;
    bool fragment = get_be16(v->e + 6) & 0x3fff;
    struct view body = part(v, header);
    if (v->e[9] != PROTO_ICMP || (get_be16(v->e + 6) & 0x1fff) || body.len == 0)
        return same_bytes(&body, 0, body.len);
    return same_icmp(u, &body, !fragment && !quoted && get_be16(v->e + 2) == v->len);
}

/* The options of neighbour discovery (RFC 4861 section 4.6) from offset at on. */
static bool same_nd_options(struct unify *u, const struct view *v, size_t at)
{
    for (size_t len; at + 8 <= v->len; at += len) {
        uint8_t type = v->e[at];
        len = (size_t)v->e[at + 1] * 8;
        if (len == 0 || !same_bytes(v, at, 2))
            return false;
        bool six =
            len == 8 && (type == ND_SOURCE_LLADDR || type == ND_TARGET_LLADDR || type == ND_NONCE);
        if (six ? !unify_nd_option(u, v->e + at + 2, v->a + at + 2) : !same_bytes(v, at, len))
            return false;
    }
    return same_bytes(v, at, v->len);
}

static bool same_icmp6(struct unify *u, const struct view *v)
{
    if (v->len >= 24 && (v->e[0] == ICMP6_NS || v->e[0] == ICMP6_NA))
        return same_bytes(v, 0, 2) && same_bytes(v, 4, 4) && unify_in6(u, v->e + 8, v->a + 8) &&
               same_nd_options(u, v, 24);
    if (v->len >= 8 && v->e[0] == ICMP6_RS)
        return same_bytes(v, 0, 2) && same_bytes(v, 4, 4) && same_nd_options(u, v, 8);
    return same_bytes(v, 0, v->len);
}

/* MLDv2 (RFC 3810 section 5.2) behind its eight bytes of hop-by-hop options: one group record. */
static bool same_mld(struct unify *u, const struct view *v)
{
    if (v->len != 36 || v->e[8] != ICMP6_MLD2 || v->e[15] != 1)
        return same_bytes(v, 0, v->len);
    return same_bytes(v, 0, 10) && same_bytes(v, 12, 8) && unify_in6(u, v->e + 20, v->a + 20);
}

/* The checksum over the pseudo-header of RFC 8200 section 8.1 and the message. */
static bool icmp6_checksum_right(const struct view *v, size_t at)
{
    uint32_t pseudo = (uint32_t)(v->len - at) + PROTO_ICMP6;
    uint16_t addresses = (uint16_t)~checksum(0, v->a + 8, 32);
    return checksum(pseudo + addresses, v->a + at, v->len - at) == 0;
}

static bool same_ip6(struct unify *u, const struct view *v)
{
    const size_t header = 40, hop_by_hop = 8;
    struct view body = part(v, header);
    size_t icmp6 = v->e[6] == 0 ? header + hop_by_hop : header;
    if (v->len < icmp6 + 4 || (v->e[6] != PROTO_ICMP6 && v->e[6] != 0))
        return same_bytes(v, 0, v->len);
    if (!same_bytes(v, 0, 8) || !unify_in6(u, v->e + 8, v->a + 8) ||
        !unify_in6(u, v->e + 24, v->a + 24) || !icmp6_checksum_right(v, icmp6))
        return false;
    return v->e[6] == 0 ? same_mld(u, &body) : same_icmp6(u, &body);
}

static bool same_arp(struct unify *u, const struct view *v)
{
    if (v->len < 28)
        return same_bytes(v, 0, v->len);
    return same_bytes(v, 0, 8) && unify_mac(u, v->e + 8, v->a + 8) && same_bytes(v, 14, 4) &&
           unify_mac(u, v->e + 18, v->a + 18) && same_bytes(v, 24, v->len - 24);
}

static bool same_ether(struct unify *u, const struct view *v)
{
    struct view body = part(v, 14);
    if (!unify_mac(u, v->e, v->a) || !unify_mac(u, v->e + 6, v->a + 6) || !same_bytes(v, 12, 2))
        return false;
    switch (get_be16(v->e + 12)) {
    case ETHERTYPE_IP:
        return same_ip(u, &body, false);
    case ETHERTYPE_ARP:
        return same_arp(u, &body);
    case ETHERTYPE_IP6:
        return same_ip6(u, &body);
    default:
        return same_bytes(&body, 0, body.len);
    }
}

/* -x and -X leave the link header out, -xx and -XX do not: the first bytes tell. */
static bool same_packet(struct unify *u, const struct view *v)
{
    static const uint8_t arp_start[] = {0, 1, 8, 0, 6, 4};
    if (v->len >= 20 && v->e[0] == 0x45)
        return same_ip(u, v, false);
    if (v->len >= 28 && memcmp(v->e, arp_start, sizeof(arp_start)) == 0)
        return same_arp(u, v);
    if (v->len > 40 && v->e[0] == 0x60 && v->a[0] == 0x60)
        return same_ip6(u, v);
    return v->len > 14 ? same_ether(u, v) : same_bytes(v, 0, v->len);
}

bool unify_hexdump(struct unify *u, const char *const *expected, const char *const *actual,
                   size_t n)
{
    uint8_t e[DUMP_MAX], a[DUMP_MAX];
    size_t len = 0;
    for (size_t i = 0; i < n && len + LINE_BYTES <= DUMP_MAX; i++) {
        size_t elen = parse_line(expected[i], e + len);
        size_t alen = parse_line(actual[i], a + len);
        if (elen != alen || !same_form(expected[i], actual[i], a + len, alen))
            return false;
        len += elen;
    }
    for (size_t i = DUMP_MAX / LINE_BYTES; i < n; i++)
        if (strcmp(expected[i], actual[i]) != 0)
            return false;
    struct view v = {e, a, len};
    return same_packet(u, &v);
}
