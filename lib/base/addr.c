#include "base/addr.h"

#include <arpa/inet.h>
#include <stdio.h>

struct inet_addr inet_addr_v6(const uint8_t bytes[16])
{
    struct inet_addr a = {.family = VNET_AF_INET6};
    memcpy(a.bytes, bytes, 16);
    return a;
}

bool inet_addr_is_loopback(const struct inet_addr *a)
{
    static const uint8_t one[16] = {[15] = 1};
    if (a->family == VNET_AF_INET6)
        return memcmp(a->bytes, one, 16) == 0;
    return a->family == VNET_AF_INET && a->bytes[0] == 127;
}

bool inet_addr_is_linklocal(const struct inet_addr *a)
{
    return a->family == VNET_AF_INET6 && a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
}

int inet_addr_cmp(const struct inet_addr *a, const struct inet_addr *b)
{
    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    return memcmp(a->bytes, b->bytes, 16);
}

struct inet_addr inet_addr_masked(const struct inet_addr *a, unsigned len)
{
    struct inet_addr m = *a;
    if (a->family == VNET_AF_INET) {
        put_be32(m.bytes, get_be32(m.bytes) & inet_mask_v4(len));
        return m;
    }
    for (unsigned i = 0; i < sizeof(m.bytes); i++) {
        if (len >= 8) {
            len -= 8;
        } else {
            m.bytes[i] &= (uint8_t)(0xff00U >> len);
            len = 0;
        }
    }
    return m;
}

struct inet_addr inet_addr_broadcast(const struct inet_addr *a, unsigned len)
{
    return inet_addr_v4(inet_addr_to_v4(a) | ~inet_mask_v4(len));
}

bool inet_prefix_has(const struct inet_prefix *p, const struct inet_addr *a)
{
    if (p->addr.family != a->family)
        return false;
    struct inet_addr pm = inet_addr_masked(&p->addr, p->len);
    struct inet_addr am = inet_addr_masked(a, p->len);
    return inet_addr_eq(&pm, &am);
}

uint32_t inet_mask_v4(unsigned len)
{
    return len == 0 ? 0 : len >= 32 ? 0xffffffffU : ~(0xffffffffU >> len);
}

int inet_mask_len(uint32_t mask)
{
    for (unsigned len = 0; len <= 32; len++)
        if (inet_mask_v4(len) == mask)
            return (int)len;
    return -1;
}

/* One decimal part as inet_pton(3) has it: 0..255 without leading zeros. Its end, NULL: it is bad.
 */
static const char *parse_octet(const char *s, uint8_t *out)
{
    unsigned v = 0, n = 0;
    for (; s[n] >= '0' && s[n] <= '9' && n < 3; n++)
        v = v * 10 + (unsigned)(s[n] - '0');
    if (n == 0 || v > 255 || (n > 1 && *s == '0'))
        return NULL;
    *out = (uint8_t)v;
    return s + n;
}

static bool parse_v4(const char *s, uint8_t out[4])
{
    for (unsigned i = 0; i < 4; i++) {
        s = parse_octet(s, &out[i]);
        if (!s || *s != (i < 3 ? '.' : '\0'))
            return false;
        s++;
    }
    return true;
}

bool inet_addr_parse(uint8_t family, const char *s, struct inet_addr *out)
{
    struct inet_addr a = {.family = family};
    bool ok = family == VNET_AF_INET    ? parse_v4(s, a.bytes)
              : family == VNET_AF_INET6 ? inet_pton(AF_INET6, s, a.bytes) == 1
                                        : false;
    if (ok)
        *out = a;
    return ok;
}

static char *put_octet(char *p, unsigned v)
{
    if (v >= 100)
        *p++ = (char)('0' + v / 100);
    if (v >= 10)
        *p++ = (char)('0' + v / 10 % 10);
    *p++ = (char)('0' + v % 10);
    return p;
}

static const char *v4_str(const uint8_t b[4], char *buf)
{
    char *p = buf;
    for (unsigned i = 0; i < 4; i++) {
        p = put_octet(p, b[i]);
        *p++ = i < 3 ? '.' : '\0';
    }
    return buf;
}

static char *put_word(char *p, unsigned v)
{
    static const char digits[] = "0123456789abcdef";
    for (int shift = v >> 12 ? 12 : v >> 8 ? 8 : v >> 4 ? 4 : 0; shift >= 0; shift -= 4)
        *p++ = digits[v >> shift & 15];
    return p;
}

/* The longest run of two or more words of 0, of several the first: from `from` to before `to`. */
static void find_zeros(const uint8_t b[16], unsigned *from, unsigned *to)
{
    *from = *to = 8;
    for (unsigned i = 0, n; i < 8; i += n + 1) {
        for (n = 0; i + n < 8 && !get_be16(b + 2 * (i + n)); n++)
            ;
        if (n >= 2 && n > *to - *from) {
            *from = i;
            *to = i + n;
        }
    }
}

/* RFC 5952; as inet_ntop(3), with an IPv4 address behind ::ffff: and behind six words of 0. */
static const char *v6_str(const uint8_t b[16], char *buf)
{
    unsigned from, to;
    char *p = buf;
    find_zeros(b, &from, &to);
    bool v4 = from == 0 && (to == 6 || (to == 5 && get_be16(b + 10) == 0xffff));
    for (unsigned i = 0; i < (v4 ? 6 : 8); i++) {
        if (i > 0 || from == 0)
            *p++ = ':';
        if (i == from)
            i = to - 1;
        else
            p = put_word(p, get_be16(b + 2 * i));
    }
    if (v4 || (from < 8 && to == 8))
        *p++ = ':';
    *p = '\0';
    if (v4)
        v4_str(b + 12, p);
    return buf;
}

const char *inet_addr_str(const struct inet_addr *a, char buf[INET_ADDRSTRLEN_MAX])
{
    if (a->family == VNET_AF_INET)
        return v4_str(a->bytes, buf);
    if (a->family == VNET_AF_INET6)
        return v6_str(a->bytes, buf);
    buf[0] = '\0';
    return buf;
}

struct lladdr lladdr_eth(const uint8_t bytes[ETH_ALEN])
{
    struct lladdr a = {.len = ETH_ALEN};
    memcpy(a.bytes, bytes, ETH_ALEN);
    return a;
}

const char *lladdr_str(const struct lladdr *a, char buf[LLADDR_STRLEN_MAX])
{
    static const char digits[] = "0123456789abcdef";
    char *p = buf;
    for (unsigned i = 0; i < a->len && i < LLADDR_MAX; i++) {
        if (i)
            *p++ = ':';
        *p++ = digits[a->bytes[i] >> 4];
        *p++ = digits[a->bytes[i] & 15];
    }
    *p = '\0';
    return buf;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool lladdr_parse(const char *s, struct lladdr *out)
{
    struct lladdr a = {0};
    for (;;) {
        if (hex_digit(*s) < 0 || a.len == LLADDR_MAX)
            return false;
        int v = hex_digit(*s++);
        if (hex_digit(*s) >= 0)
            v = v * 16 + hex_digit(*s++);
        a.bytes[a.len++] = (uint8_t)v;
        if (*s == '\0')
            break;
        if (*s++ != ':')
            return false;
    }
    *out = a;
    return true;
}

void lladdr_eui64(const struct lladdr *mac, uint8_t id[8])
{
    const uint8_t *m = mac->bytes;
    const uint8_t eui[8] = {m[0] ^ 2, m[1], m[2], 0xff, 0xfe, m[3], m[4], m[5]};
    memcpy(id, eui, 8);
}
