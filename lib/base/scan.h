/* Reading text whose form is known beforehand: each function takes what stands at s->p, or returns
 * false, after which s->p means nothing. They accept less than parsers do (no other spelling of the
 * same value), so whoever gives up tries a parser. */
#ifndef VNET_BASE_SCAN_H
#define VNET_BASE_SCAN_H

#include "base/addr.h"

struct scan {
    const char *p, *end; /* *end is 0 */
};

/* SCAN(s, "literal") */
#define SCAN(s, literal) scan_bytes((s), "" literal, sizeof(literal) - 1)
static inline bool scan_bytes(struct scan *s, const char *bytes, size_t n)
{
    if ((size_t)(s->end - s->p) < n || memcmp(s->p, bytes, n) != 0)
        return false;
    s->p += n;
    return true;
}

/* The number that 8 digits make; false if one of them is none. */
static inline bool scan_8_digits(const char *p, uint32_t *out)
{
    const uint64_t ones = 0x0101010101010101, high = 0xf0 * ones;
    uint64_t v = get_le64((const uint8_t *)p); /* a digit a byte, the first in the lowest */
    if ((v & high) != 0x30 * ones || ((v + 6 * ones) & high) != 0x30 * ones)
        return false;
    v -= 0x30 * ones;
    v = v * 10 + (v >> 8);                                   /* every other byte: two digits */
    v = (v & 0xff00ff00ff00ff) * (1 + (100ULL << 16)) >> 16; /* ... of 16 bits: four */
    v = (v & 0xffff0000ffff) * (1 + (10000ULL << 32)) >> 32;
    *out = (uint32_t)v;
    return true;
}

/* Decimal, no sign, no leading zero, at most `max`. */
static inline bool scan_uint(struct scan *s, int64_t max, int64_t *out)
{
    const char *p = s->p, *last; /* of 19 digits at most: below 10^19 */
    unsigned d = (unsigned)(unsigned char)*p - '0';
    uint64_t v = d;
    uint32_t eight;
    if (d > 9)
        return false;
    last = v ? p + 19 : p + 1;
    for (p++; last - p >= 8 && s->end - p >= 8 && scan_8_digits(p, &eight); p += 8)
        v = v * 100000000 + eight;
    while ((d = (unsigned)(unsigned char)*p - '0') <= 9 && p < last) {
        v = v * 10 + d;
        p++;
    }
    s->p = p;
    *out = (int64_t)v;
    return d > 9 && v <= (uint64_t)max;
}

/* The same with a sign where it is negative, at least `-max`. */
static inline bool scan_int(struct scan *s, int64_t max, int64_t *out)
{
    bool negative = *s->p == '-';
    s->p += negative;
    if (!scan_uint(s, max, out) || (negative && *out == 0))
        return false;
    if (negative)
        *out = -*out;
    return true;
}

/* Up to three digits that make at most 255, without leading zeros: their end; NULL: it is bad. */
static inline const char *scan_octet(const char *p, uint32_t *out)
{
    unsigned v = (unsigned)(unsigned char)p[0] - '0', d;
    if (v > 9)
        return NULL;
    *out = v;
    if ((d = (unsigned)(unsigned char)p[1] - '0') > 9)
        return p + 1;
    if (v == 0)
        return NULL;
    *out = v = v * 10 + d;
    if ((d = (unsigned)(unsigned char)p[2] - '0') > 9)
        return p + 2;
    *out = v = v * 10 + d;
    return v <= 255 ? p + 3 : NULL;
}

/* An IPv4 address as inet_addr_str() writes it; host order. */
static inline bool scan_v4(struct scan *s, uint32_t *out)
{
    const char *p = s->p;
    uint32_t a, b, c, d;
    if (!(p = scan_octet(p, &a)) || *p != '.' || !(p = scan_octet(p + 1, &b)) || *p != '.' ||
        !(p = scan_octet(p + 1, &c)) || *p != '.' || !(p = scan_octet(p + 1, &d)))
        return false;
    s->p = p;
    *out = a << 24 | b << 16 | c << 8 | d;
    return true;
}

/* The value of a digit as hex is written; 0xff: none. */
extern const unsigned char scan_hex_digits[256];
static inline unsigned scan_hex(char c)
{
    return scan_hex_digits[(unsigned char)c];
}

/* Plain characters (json_is_plain()) up to a quote, and that: how many, from 1 to `most`; 0:
 * anything else. */
size_t scan_plain(struct scan *s, size_t most);
/* A string in quotes, of plain characters (json_is_plain()): at least one, less than `room`. */
bool scan_text(struct scan *s, char *out, size_t room);

/* A link-layer address as lladdr_str() writes it. */
static inline bool scan_lladdr(struct scan *s, struct lladdr *out)
{
    const char *p = s->p;
    uint8_t n = 0;
    do {
        unsigned hi = scan_hex(p[0]), lo = scan_hex(p[hi <= 15]); /* not behind the end */
        if ((hi | lo) > 15 || n == LLADDR_MAX)
            return false;
        out->bytes[n++] = (uint8_t)(hi << 4 | lo);
        p += 3;
    } while (p[-1] == ':');
    s->p = p - 1;
    out->len = n;
    return true;
}

#endif
