#include "wire/ipv4.h"

#include <string.h>

#include "base/bytes.h"

void ipv4_recheck(uint8_t *p, size_t hdr_len)
{
    put_be16(p + 10, 0);
    put_be16(p + 10, ipv4_cksum(p, hdr_len));
}

/* Of the fixed header, the checksum left out, from the fields: cheaper than to read them back. */
static uint64_t sum_fields(const struct ipv4_hdr *h)
{
    return (uint64_t)((4U << 4 | h->hdr_len / 4) << 8 | h->tos) + h->tot_len + h->id + h->frag +
           (uint64_t)(h->ttl << 8 | h->protocol) + h->saddr + h->daddr;
}

void ipv4_emit(uint8_t *p, const struct ipv4_hdr *h, const uint8_t *options)
{
    size_t options_len = h->hdr_len - IPV4_HDR_LEN;
    uint64_t sum = sum_fields(h);
    p[0] = (uint8_t)(4 << 4 | h->hdr_len / 4);
    p[1] = h->tos;
    put_be16(p + 2, h->tot_len);
    put_be16(p + 4, h->id);
    put_be16(p + 6, h->frag);
    p[8] = h->ttl;
    p[9] = h->protocol;
    put_be32(p + 12, h->saddr);
    put_be32(p + 16, h->daddr);
    if (h->hdr_len > IPV4_HDR_LEN) {
        memcpy(p + IPV4_HDR_LEN, options, options_len);
        sum = cksum_add(sum, p + IPV4_HDR_LEN, options_len);
    }
    put_be16(p + 10, cksum_finish(sum));
}
