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

bool inet_addr_parse(uint8_t family, const char *s, struct inet_addr *out)
{
    struct inet_addr a = {.family = family};
    int af = family == VNET_AF_INET6 ? AF_INET6 : AF_INET;
    if (inet_addr_size(family) == 0 || inet_pton(af, s, a.bytes) != 1)
        return false;
    *out = a;
    return true;
}

const char *inet_addr_str(const struct inet_addr *a, char buf[INET_ADDRSTRLEN_MAX])
{
    int af = a->family == VNET_AF_INET6 ? AF_INET6 : AF_INET;
    if (inet_addr_size(a->family) == 0 || !inet_ntop(af, a->bytes, buf, INET_ADDRSTRLEN_MAX))
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
    buf[0] = '\0';
    for (unsigned i = 0; i < a->len && i < LLADDR_MAX; i++)
        sprintf(buf + (i ? i * 3 - 1 : 0), i ? ":%02x" : "%02x", a->bytes[i]);
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
