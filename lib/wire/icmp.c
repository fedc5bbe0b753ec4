#include "wire/icmp.h"

#include "base/bytes.h"
#include "wire/cksum.h"

bool icmp_type_is_error(uint8_t type)
{
    static const uint32_t errors = 1U << ICMP_DEST_UNREACH | 1U << ICMP_SOURCE_QUENCH |
                                   1U << ICMP_REDIRECT | 1U << ICMP_TIME_EXCEEDED |
                                   1U << ICMP_PARAMETERPROB;
    return type <= ICMP_TYPE_MAX && (errors >> type & 1);
}

/* The header's own words are added as they are known, not as they are read back: bytes that were
 * just written one by one cannot be loaded as a word until they have reached the cache. */
void icmp_emit(uint8_t *p, size_t len, const struct icmp_hdr *h)
{
    uint64_t sum = (uint64_t)(h->type << 8 | h->code) + h->rest;
    size_t data = len > ICMP_HDR_LEN ? len - ICMP_HDR_LEN : 0;
    struct icmp_hdr whole = *h;
    whole.check = cksum_finish(cksum_add(sum, p + ICMP_HDR_LEN, data));
    icmp_put(p, &whole);
}
