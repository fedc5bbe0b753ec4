#include "wire/ipv6.h"

#include <string.h>

#include "base/bytes.h"

enum { TLV_PAD1 = 0, TLV_PADN = 1, TLV_ROUTERALERT = 5, PAD_MAX = 7 };

bool ipv6_parse(const uint8_t *p, size_t len, struct ipv6_hdr *out)
{
    if (len < IPV6_HDR_LEN)
        return false;
    uint32_t word = get_be32(p);
    *out = (struct ipv6_hdr){
        .version = (uint8_t)(word >> 28),
        .tclass = (uint8_t)(word >> 20),
        .flowlabel = word & 0xfffff,
        .payload_len = get_be16(p + 4),
        .nexthdr = p[6],
        .hop_limit = p[7],
    };
    memcpy(out->saddr, p + 8, 16);
    memcpy(out->daddr, p + 24, 16);
    return true;
}

void ipv6_emit(uint8_t *p, const struct ipv6_hdr *h)
{
    put_be32(p, 6U << 28 | (uint32_t)h->tclass << 20 | (h->flowlabel & 0xfffff));
    put_be16(p + 4, h->payload_len);
    p[6] = h->nexthdr;
    p[7] = h->hop_limit;
    memcpy(p + 8, h->saddr, 16);
    memcpy(p + 24, h->daddr, 16);
}

void ipv6_set_payload_len(uint8_t *p, uint16_t len)
{
    put_be16(p + 4, len);
}

/* Padding: at most 7 bytes in a row, all zero. */
static bool pad_ok(const uint8_t *opt, unsigned optlen, unsigned *padlen)
{
    *padlen += optlen;
    if (*padlen > PAD_MAX)
        return false;
    for (unsigned i = 2; i < optlen; i++) {
        if (opt[i] != 0)
            return false;
    }
    return true;
}

/* One option of optlen bytes at p + off; false: malformed, or the walk is over (bad_action). */
static bool take_option(const uint8_t *p, unsigned off, unsigned optlen, struct ipv6_opts *out)
{
    const uint8_t *opt = p + off;
    if (opt[0] == TLV_ROUTERALERT) {
        if (optlen != 4)
            return false;
        out->has_router_alert = true;
        out->router_alert = get_be16(opt + 2);
        return true;
    }
    if (opt[0] >> 6 == 0)
        return true;
    out->bad_action = opt[0] >> 6;
    out->bad_offset = (uint16_t)off;
    return false;
}

bool ipv6_opts_parse(const uint8_t *p, size_t len, struct ipv6_opts *out)
{
    if (len < 8)
        return false;
    *out = (struct ipv6_opts){.nexthdr = p[0], .len = (uint16_t)((p[1] + 1) * 8)};
    if (len < out->len)
        return false;
    unsigned padlen = 0;
    for (unsigned off = 2, optlen; off < out->len; off += optlen) {
        bool pad1 = p[off] == TLV_PAD1;
        if (!pad1 && off + 2 > out->len)
            return false;
        optlen = pad1 ? 1 : p[off + 1] + 2U;
        if (off + optlen > out->len)
            return false;
        if (pad1 || p[off] == TLV_PADN) {
            if (!pad_ok(p + off, optlen, &padlen))
                return false;
            continue;
        }
        padlen = 0;
        if (!take_option(p, off, optlen, out))
            return out->bad_action != 0;
    }
    return padlen < 8;
}

static bool is_ext_hdr(uint8_t proto)
{
    return proto == IPV6_NEXTHDR_HOP || proto == IPV6_NEXTHDR_ROUTING ||
           proto == IPV6_NEXTHDR_FRAGMENT || proto == IPV6_NEXTHDR_AUTH ||
           proto == IPV6_NEXTHDR_NONE || proto == IPV6_NEXTHDR_DEST;
}

bool ipv6_skip_exthdr(const uint8_t *p, size_t len, size_t *off, uint8_t *proto)
{
    while (is_ext_hdr(*proto)) {
        struct ipv6_frag frag = {0};
        size_t at = *off, hdr_len;
        if (*proto == IPV6_NEXTHDR_NONE || at + 8 > len)
            return false;
        if (*proto == IPV6_NEXTHDR_FRAGMENT) {
            ipv6_frag_parse(p + at, len - at, &frag);
            hdr_len = IPV6_FRAG_LEN;
        } else {
            hdr_len = *proto == IPV6_NEXTHDR_AUTH ? (p[at + 1] + 2U) * 4 : (p[at + 1] + 1U) * 8;
        }
        *proto = p[at];
        *off += hdr_len;
        if (frag.offset)
            break;
    }
    return *off <= len;
}

bool ipv6_frag_parse(const uint8_t *p, size_t len, struct ipv6_frag *out)
{
    if (len < IPV6_FRAG_LEN)
        return false;
    uint16_t word = get_be16(p + 2);
    *out = (struct ipv6_frag){
        .nexthdr = p[0], .offset = (uint16_t)(word & ~7U), .more = word & 1, .id = get_be32(p + 4)};
    return true;
}

void ipv6_frag_emit(uint8_t p[IPV6_FRAG_LEN], const struct ipv6_frag *h)
{
    p[0] = h->nexthdr;
    p[1] = 0;
    put_be16(p + 2, (uint16_t)((h->offset & ~7U) | (h->more ? 1 : 0)));
    put_be32(p + 4, h->id);
}

void ipv6_emit_router_alert(uint8_t p[IPV6_RA_LEN], uint8_t nexthdr, uint16_t value)
{
    p[0] = nexthdr;
    p[1] = 0;
    p[2] = TLV_ROUTERALERT;
    p[3] = 2;
    put_be16(p + 4, value);
    p[6] = TLV_PADN;
    p[7] = 0;
}

void ipv6_mc_mac(const uint8_t group[16], uint8_t mac[6])
{
    mac[0] = mac[1] = 0x33;
    memcpy(mac + 2, group + 12, 4);
}

static const uint8_t solicited_prefix[13] = {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff};

void ipv6_solicited_node(const uint8_t addr[16], uint8_t group[16])
{
    memcpy(group, solicited_prefix, 13);
    memcpy(group + 13, addr + 13, 3);
}

bool ipv6_is_solicited_node(const uint8_t addr[16])
{
    return memcmp(addr, solicited_prefix, 13) == 0;
}
