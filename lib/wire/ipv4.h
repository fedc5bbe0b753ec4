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
/* Of the fixed header, the checksum left out, from the fields: cheaper than to read them back. */
static inline uint64_t ipv4_sum_fields(const struct ipv4_hdr *h)
{
    return (uint64_t)((4U << 4 | h->hdr_len / 4) << 8 | h->tos) + h->tot_len + h->id + h->frag +
           (uint64_t)(h->ttl << 8 | h->protocol) + h->saddr + h->daddr;
}
/* For ipv4_emit(): len bytes of options behind the fixed header; their sum. */
uint64_t ipv4_emit_options(uint8_t *p, const uint8_t *options, size_t len);
/* Write h->hdr_len bytes: the fixed header, and hdr_len - 20 bytes of options (may be NULL when
 * there are none); the checksum is computed. */
static inline void ipv4_emit(uint8_t *p, const struct ipv4_hdr *h, const uint8_t *options)
{
    uint64_t sum = ipv4_sum_fields(h);
    p[0] = (uint8_t)(4 << 4 | h->hdr_len / 4);
    p[1] = h->tos;
    put_be16(p + 2, h->tot_len);
    put_be16(p + 4, h->id);
    put_be16(p + 6, h->frag);
    p[8] = h->ttl;
    p[9] = h->protocol;
    put_be32(p + 12, h->saddr);
    put_be32(p + 16, h->daddr);
    if (h->hdr_len > IPV4_HDR_LEN)
        sum += ipv4_emit_options(p, options, (size_t)(h->hdr_len - IPV4_HDR_LEN));
    put_be16(p + 10, cksum_finish(sum));
}
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
/* Does a header of hdr_len bytes, a multiple of 4, hold its own valid checksum? The sum is all ones
 * then, whichever way round its words are read. */
static inline bool ipv4_cksum_ok(const uint8_t *p, size_t hdr_len)
{
    uint64_t sum = (uint64_t)get_host32(p) + get_host32(p + 4) + get_host32(p + 8) +
                   get_host32(p + 12) + get_host32(p + 16);
    for (size_t i = IPV4_HDR_LEN; i + 4 <= hdr_len; i += 4)
        sum += get_host32(p + i);
    return cksum_fold(sum) == 0xffff;
}
/* Recompute the checksum of a header of hdr_len bytes that was changed in place. */
void ipv4_recheck(uint8_t *p, size_t hdr_len);

#endif
