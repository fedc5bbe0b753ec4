#include "inet/ipv6_addr.h"

#include "base/bytes.h"
#include "base/mem.h"
#include "vnet_addr.h"
#include "wire/ipv6.h"

#define GROUP(scope, last)             \
    {                                  \
        VNET_AF_INET6,                 \
        {                              \
            0xff, scope, [15] = (last) \
        }                              \
    }

const struct inet_addr ipv6_any = {VNET_AF_INET6, {0}};
const struct inet_addr ipv6_loopback = {VNET_AF_INET6, {[15] = 1}};
const struct inet_addr ipv6_all_nodes = GROUP(2, 1);
const struct inet_addr ipv6_all_routers = GROUP(2, 2);
const struct inet_addr ipv6_node_all_nodes = GROUP(1, 1);
const struct inet_addr ipv6_node_all_routers = GROUP(1, 2);
const struct inet_addr ipv6_site_all_routers = GROUP(5, 2);
const struct inet_addr ipv6_mld2_routers = GROUP(2, 0x16);

bool ipv6_is_sitelocal(const struct inet_addr *a)
{
    return a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0xc0;
}

int ipv6_scope(const struct inet_addr *a)
{
    if (inet_addr_is_multicast(a))
        return a->bytes[1] & 0x0f;
    if (inet_addr_is_linklocal(a) || inet_addr_is_loopback(a))
        return IPV6_SCOPE_LINKLOCAL;
    return ipv6_is_sitelocal(a) ? IPV6_SCOPE_SITELOCAL : IPV6_SCOPE_GLOBAL;
}

uint8_t ipv6_rt_scope(const struct inet_addr *a)
{
    if (inet_addr_is_loopback(a))
        return VNET_SCOPE_HOST;
    switch (ipv6_scope(a)) {
    case IPV6_SCOPE_NODELOCAL:
        return VNET_SCOPE_HOST;
    case IPV6_SCOPE_LINKLOCAL:
        return VNET_SCOPE_LINK;
    case IPV6_SCOPE_SITELOCAL:
        return VNET_SCOPE_SITE;
    default:
        return VNET_SCOPE_UNIVERSE;
    }
}

bool ipv6_need_strict(const struct inet_addr *a)
{
    return inet_addr_is_multicast(a) || inet_addr_is_linklocal(a) || inet_addr_is_loopback(a);
}

struct label_row {
    uint8_t prefix[16];
    uint8_t len;
    uint32_t label;
};

/* The kernel's own rows, most specific first as it looks them up. */
static const struct label_row labels[] = {
    {{[15] = 1}, 128, 0},           /* ::1 */
    {{[10] = 0xff, 0xff}, 96, 4},   /* ::ffff:0:0 */
    {{0}, 96, 3},                   /* IPv4-compatible */
    {{0x20, 0x01, 0, 0}, 32, 6},    /* Teredo */
    {{0x20, 0x01, 0, 0x10}, 28, 7}, /* ORCHID */
    {{0x20, 0x02}, 16, 2},          /* 6to4 */
    {{0x3f, 0xfe}, 16, 12},         /* 6bone */
    {{0xfe, 0xc0}, 10, 11},         /* site-local */
    {{0xfc}, 7, 5},                 /* ULA */
    {{0}, 0, 1},                    /* ::/0 */
};

uint32_t ipv6_label(const struct inet_addr *a)
{
    for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
        const struct inet_prefix p = {inet_addr_v6(labels[i].prefix), labels[i].len};
        if (inet_prefix_has(&p, a))
            return labels[i].label;
    }
    return 1;
}

unsigned ipv6_common_bits(const struct inet_addr *a, const struct inet_addr *b)
{
    for (unsigned i = 0; i < 16; i++) {
        unsigned differ = a->bytes[i] ^ b->bytes[i], bits = 0;
        if (!differ)
            continue;
        while (!(differ & 0x80U >> bits))
            bits++;
        return i * 8 + bits;
    }
    return 128;
}

bool ipv6_is_orchid(const struct inet_addr *a)
{
    return get_be32(a->bytes) >> 4 == 0x2001001;
}

struct inet_addr ipv6_solicited_group(const struct inet_addr *a)
{
    struct inet_addr group = {.family = VNET_AF_INET6};
    ipv6_solicited_node(a->bytes, group.bytes);
    return group;
}
