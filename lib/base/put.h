/* Writing text whose form is known beforehand into memory that has room for it: each function
 * returns the place behind what it wrote. The counterpart of base/scan.h. */
#ifndef VNET_BASE_PUT_H
#define VNET_BASE_PUT_H

#include "base/addr.h"

enum { PUT_INT_ROOM = 28 }; /* a number has at most 20 bytes */

/* PUT(p, "literal") */
#define PUT(p, literal) put_bytes((p), "" literal, sizeof(literal) - 1)
static inline char *put_bytes(char *p, const char *bytes, size_t n)
{
    memcpy(p, bytes, n);
    return p + n;
}

extern const char put_pairs[201];     /* "00" to "99" */
extern const char put_octets[256][5]; /* "0." to "255." */

/* Below 10^8, with leading zeros: 8 digits. */
static inline char *put_8_digits(char *p, uint32_t v)
{
    uint32_t hi = v / 10000, lo = v % 10000;
    memcpy(p, put_pairs + hi / 100 * 2, 2);
    memcpy(p + 2, put_pairs + hi % 100 * 2, 2);
    memcpy(p + 4, put_pairs + lo / 100 * 2, 2);
    memcpy(p + 6, put_pairs + lo % 100 * 2, 2);
    return p + 8;
}

/* Below 10^8; there is room for 8 bytes. */
static inline char *put_up_to_8_digits(char *p, uint32_t v)
{
    char digits[16];
    unsigned zeros = (v < 10000000) + (v < 1000000) + (v < 100000) + (v < 10000) + (v < 1000) +
                     (v < 100) + (v < 10);
    put_8_digits(digits, v);
    memcpy(p, digits + zeros, 8);
    return p + 8 - zeros;
}

/* Both may write up to PUT_INT_ROOM bytes, whatever the number's length. */
static inline char *put_uint(char *p, uint64_t v)
{
    const uint32_t e8 = 100000000;
    if (v < 10) {
        *p = (char)('0' + v);
        return p + 1;
    }
    if (v < e8)
        return put_up_to_8_digits(p, (uint32_t)v);
    uint64_t high = v / e8;
    if (high < e8) {
        p = put_up_to_8_digits(p, (uint32_t)high);
    } else {
        p = put_up_to_8_digits(p, (uint32_t)(high / e8));
        p = put_8_digits(p, (uint32_t)(high % e8));
    }
    return put_8_digits(p, (uint32_t)(v % e8));
}

static inline char *put_int(char *p, int64_t v)
{
    if (v >= 0)
        return put_uint(p, (uint64_t)v);
    *p = '-';
    return put_uint(p + 1, 0 - (uint64_t)v);
}

/* Host order; writes up to 16 bytes. */
static inline char *put_v4(char *p, uint32_t addr)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        unsigned part = addr >> shift & 255;
        memcpy(p, put_octets[part], 4);
        p += 2 + (part >= 10) + (part >= 100);
    }
    return p - 1;
}

/* n > 0 bytes, 3 * n - 1 of text. */
static inline char *put_lladdr(char *p, const uint8_t *bytes, unsigned n)
{
    static const char hex[] = "0123456789abcdef";
    for (unsigned i = 0; i < n; i++) {
        *p++ = hex[bytes[i] >> 4];
        *p++ = hex[bytes[i] & 15];
        *p++ = ':';
    }
    return p - 1;
}

#endif
