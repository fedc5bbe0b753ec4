#include "wire/cksum.h"

#include <string.h>

#include "base/bytes.h"

/* Sums 64-bit machine words in machine order (RFC 1071 2(B): byte order does not matter to the
 * sum), the carries set aside, and swaps once at the end. */
uint64_t cksum_add(uint64_t sum, const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    uint64_t acc = 0, w;
    for (; len >= 32; len -= 32, p += 32) {
        uint64_t q[4];
        memcpy(q, p, 32);
        acc += q[0];
        acc += acc < q[0];
        acc += q[1];
        acc += acc < q[1];
        acc += q[2];
        acc += acc < q[2];
        acc += q[3];
        acc += acc < q[3];
    }
    for (; len >= 8; len -= 8, p += 8) {
        memcpy(&w, p, 8);
        acc += w;
        acc += acc < w;
    }
    if (len & 4) {
        uint32_t half;
        memcpy(&half, p, 4);
        acc += half;
        acc += acc < half;
        p += 4;
    }
    if (len & 3) {
        uint8_t tail[4] = {p[0], len & 2 ? p[1] : 0, (len & 3) == 3 ? p[2] : 0, 0};
        uint32_t half;
        memcpy(&half, tail, 4);
        acc += half;
        acc += acc < half;
    }
    acc = (acc & 0xffffffff) + (acc >> 32);
    acc = (acc & 0xffff) + (acc >> 16 & 0xffff) + (acc >> 32);
    acc = (acc & 0xffff) + (acc >> 16);
    uint16_t folded = (uint16_t)((acc & 0xffff) + (acc >> 16));
    uint8_t raw[2];
    memcpy(raw, &folded, 2);
    return sum + get_be16(raw);
}

uint16_t cksum_finish(uint64_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

uint16_t cksum(const void *bytes, size_t len)
{
    return cksum_finish(cksum_add(0, bytes, len));
}

uint16_t cksum_ipv6(const uint8_t src[16], const uint8_t dst[16], uint8_t next_header,
                    const void *payload, size_t len)
{
    uint64_t sum = cksum_add(0, src, 16);
    sum = cksum_add(sum, dst, 16);
    sum += (len >> 16) + (len & 0xffff) + next_header;
    return cksum_finish(cksum_add(sum, payload, len));
}
