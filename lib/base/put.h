/* Writing text whose form is known beforehand into memory that has room for it: each function
 * returns the place behind what it wrote. The counterpart of base/scan.h. */
#ifndef VNET_BASE_PUT_H
#define VNET_BASE_PUT_H

#include "base/addr.h"

enum { PUT_INT_ROOM = 24 }; /* a number has at most 20 bytes */

/* PUT(p, "literal") */
#define PUT(p, literal) put_bytes((p), "" literal, sizeof(literal) - 1)
static inline char *put_bytes(char *p, const char *bytes, size_t n)
{
    memcpy(p, bytes, n);
    return p + n;
}

/* Both copy PUT_INT_ROOM bytes, whatever lies behind the digits. */
static inline char *put_digits(char *p, uint64_t v, bool negative)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233"
        "34353637383940414243444546474849505152535455565758596061626364656667"
        "6869707172737475767778798081828384858687888990919293949596979899";
    char digits[2 * PUT_INT_ROOM], *d = digits + PUT_INT_ROOM, *end = d;
    for (; v >= 10; v /= 100)
        memcpy(d -= 2, pairs + 2 * (v % 100), 2);
    if (v || d == end)
        *--d = (char)('0' + v);
    if (negative)
        *--d = '-';
    memcpy(p, d, PUT_INT_ROOM);
    return p + (end - d);
}

static inline char *put_uint(char *p, uint64_t v)
{
    return put_digits(p, v, false);
}

static inline char *put_int(char *p, int64_t v)
{
    return put_digits(p, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, v < 0);
}

/* Host order. */
static inline char *put_v4(char *p, uint32_t addr)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        unsigned part = addr >> shift & 255;
        if (part >= 100)
            *p++ = (char)('0' + part / 100);
        if (part >= 10)
            *p++ = (char)('0' + part / 10 % 10);
        *p++ = (char)('0' + part % 10);
        *p++ = '.';
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
