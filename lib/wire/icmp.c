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

void icmp_emit(uint8_t *p, size_t len, const struct icmp_hdr *h)
{
    p[0] = h->type;
    p[1] = h->code;
    put_be16(p + 2, 0);
    put_be32(p + 4, h->rest);
    put_be16(p + 2, cksum(p, len));
}
