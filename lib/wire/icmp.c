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

bool icmp_parse(const uint8_t *p, size_t len, struct icmp_hdr *out)
{
    if (len < ICMP_HDR_LEN)
        return false;
    out->type = p[0];
    out->code = p[1];
    out->check = get_be16(p + 2);
    out->rest = get_be32(p + 4);
    return true;
}

void icmp_emit(uint8_t *p, size_t len, const struct icmp_hdr *h)
{
    p[0] = h->type;
    p[1] = h->code;
    put_be16(p + 2, 0);
    put_be32(p + 4, h->rest);
    put_be16(p + 2, cksum(p, len));
}
