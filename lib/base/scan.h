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

/* Decimal, no sign, no leading zero, at most `max`. */
static inline bool scan_uint(struct scan *s, int64_t max, int64_t *out)
{
    const char *p = s->p;
    unsigned d = (unsigned)(unsigned char)*p - '0';
    uint64_t v = d; /* of 19 digits at most: below 10^19 */
    if (d > 9)
        return false;
    const char *last = v ? p + 19 : p + 1;
    while ((d = (unsigned)(unsigned char)*++p - '0') <= 9 && p < last)
        v = v * 10 + d;
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

/* An IPv4 address as inet_addr_str() writes it; host order. */
static inline bool scan_v4(struct scan *s, uint32_t *out)
{
    const char *p = s->p;
    uint32_t v = 0;
    for (int i = 0; i < 4; i++, p++) {
        unsigned part = (unsigned)(unsigned char)*p - '0', d;
        if (part > 9)
            return false;
        for (p++; part && part < 26 && (d = (unsigned)(unsigned char)*p - '0') <= 9; p++)
            part = part * 10 + d;
        if (part > 255 || (i < 3 && *p != '.'))
            return false;
        v = v << 8 | part;
    }
    s->p = p - 1;
    *out = v;
    return true;
}

/* The value of a digit as hex is written; 0xff: none. */
static inline unsigned scan_hex(char c)
{
    unsigned d = (unsigned)(unsigned char)c - '0', letter = (unsigned)(unsigned char)c - 'a';
    return d <= 9 ? d : letter <= 5 ? letter + 10 : 0xff;
}

/* A link-layer address as lladdr_str() writes it. */
static inline bool scan_lladdr(struct scan *s, struct lladdr *out)
{
    const char *p = s->p;
    uint8_t n = 0;
    do {
        unsigned hi = scan_hex(p[0]), lo = hi > 15 ? hi : scan_hex(p[1]);
        if (lo > 15 || n == LLADDR_MAX)
            return false;
        out->bytes[n++] = (uint8_t)(hi << 4 | lo);
        p += 3;
    } while (p[-1] == ':');
    s->p = p - 1;
    out->len = n;
    return true;
}

#endif
