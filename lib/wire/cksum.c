#include "wire/cksum.h"

#include <string.h>

#include "base/bytes.h"

/* Sums 64-bit machine words in machine order (RFC 1071 2(B): byte order does not matter to the
 * sum), carries end around, and swaps once at the end. */
static inline uint64_t add_carry(uint64_t acc, uint64_t w)
{
    uint64_t sum = acc + w;
    return sum + (sum < acc);
}

static inline uint64_t load64(const uint8_t *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof(w));
    return w;
}

/* The last 1..3 bytes, as if zeros stood behind them. */
static uint32_t load_tail(const uint8_t *p, size_t len)
{
    const uint8_t tail[4] = {p[0], len > 1 ? p[1] : 0, len > 2 ? p[2] : 0, 0};
    return get_host32(tail);
}

static inline uint16_t sum_bytes(const uint8_t *p, size_t len)
{
    uint64_t a = 0;
    for (; len >= 32; len -= 32, p += 32) {
        a = add_carry(a, load64(p));
        a = add_carry(a, load64(p + 8));
        a = add_carry(a, load64(p + 16));
        a = add_carry(a, load64(p + 24));
    }
    for (; len >= 8; len -= 8, p += 8)
        a = add_carry(a, load64(p));
    if (len & 4) {
        a = add_carry(a, get_host32(p));
        p += 4;
    }
    if (len & 3)
        a = add_carry(a, load_tail(p, len & 3));
    uint16_t folded = cksum_fold(a);
    uint8_t raw[2];
    memcpy(raw, &folded, sizeof(raw));
    return get_be16(raw);
}

uint64_t cksum_add(uint64_t sum, const void *bytes, size_t len)
{
    return sum + sum_bytes(bytes, len);
}

uint16_t cksum(const void *bytes, size_t len)
{
    return (uint16_t)~sum_bytes(bytes, len);
}

uint16_t cksum_ipv6(const uint8_t src[16], const uint8_t dst[16], uint8_t next_header,
                    const void *payload, size_t len)
{
    uint64_t sum = cksum_add(0, src, 16);
    sum = cksum_add(sum, dst, 16);
    sum += (len >> 16) + (len & 0xffff) + next_header;
    return cksum_finish(cksum_add(sum, payload, len));
}
