/* The IPv4 header (RFC 791). */
#ifndef VNET_WIRE_IPV4_H
#define VNET_WIRE_IPV4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "wire/cksum.h"

enum { IPV4_HDR_LEN = 20, IPV4_HDR_MAX = 60, IPV4_MAX_LEN = 65535 };
enum { IPV4_DF = 0x4000, IPV4_MF = 0x2000, IPV4_OFFSET = 0x1fff };

struct ipv4_hdr { /* host order */
    uint8_t version, tos, ttl, protocol;
    uint8_t hdr_len;  /* bytes: 20..60 */
    uint16_t tot_len; /* bytes, header included */
    uint16_t id;
    uint16_t frag; /* flags and offset in 8-byte units, as on the wire */
    uint16_t check;
    uint32_t saddr, daddr;
};

static inline bool ipv4_is_fragment(const struct ipv4_hdr *h)
{
    return h->frag & (IPV4_MF | IPV4_OFFSET);
}

/* Read the fixed header; nothing is verified but that 20 bytes are there (false) - version, lengths
 * and checksum are for the caller to judge, as ip_rcv() does. */
static inline bool ipv4_parse(const uint8_t *p, size_t len, struct ipv4_hdr *out)
{
    if (len < IPV4_HDR_LEN) {
        *out = (struct ipv4_hdr){0};
        return false;
    }
    out->version = p[0] >> 4;
    out->hdr_len = (uint8_t)((p[0] & 0x0f) * 4);
    out->tos = p[1];
    out->tot_len = get_be16(p + 2);
    out->id = get_be16(p + 4);
    out->frag = get_be16(p + 6);
    out->ttl = p[8];
    out->protocol = p[9];
    out->check = get_be16(p + 10);
    out->saddr = get_be32(p + 12);
    out->daddr = get_be32(p + 16);
    return true;
}
/* Write h->hdr_len bytes: the fixed header, and hdr_len - 20 bytes of options (may be NULL when
 * there are none); the checksum is computed. */
void ipv4_emit(uint8_t *p, const struct ipv4_hdr *h, const uint8_t *options);
/* The checksum over hdr_len bytes, a multiple of 4: 0 when they include their own valid one. Most
 * headers are of 20 bytes, which is worth a loop of its own. */
static inline uint16_t ipv4_cksum(const uint8_t *p, size_t hdr_len)
{
    uint64_t sum = (uint64_t)get_be32(p) + get_be32(p + 4) + get_be32(p + 8) + get_be32(p + 12) +
                   get_be32(p + 16);
    for (size_t i = IPV4_HDR_LEN; i + 4 <= hdr_len; i += 4)
        sum += get_be32(p + i);
    return cksum_finish(sum);
}
/* Recompute the checksum of a header of hdr_len bytes that was changed in place. */
void ipv4_recheck(uint8_t *p, size_t hdr_len);

#endif
