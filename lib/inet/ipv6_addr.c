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
    if (inet_addr_is_any(a))
        return IPV6_SCOPE_INVALID;
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
