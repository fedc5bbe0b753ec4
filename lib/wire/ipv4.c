#include "wire/ipv4.h"

#include <string.h>

#include "base/bytes.h"

void ipv4_recheck(uint8_t *p, size_t hdr_len)
{
    put_be16(p + 10, 0);
    put_be16(p + 10, ipv4_cksum(p, hdr_len));
}

uint64_t ipv4_emit_options(uint8_t *p, const uint8_t *options, size_t len)
{
    memcpy(p + IPV4_HDR_LEN, options, len);
    return cksum_add(0, p + IPV4_HDR_LEN, len);
}
