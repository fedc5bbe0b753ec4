/* What kind of IPv6 address is this? (net/ipv6/addrconf_core.c, include/net/ipv6.h) */
#ifndef VNET_INET_IPV6_ADDR_H
#define VNET_INET_IPV6_ADDR_H

#include "base/addr.h"

enum {                          /* scopes of RFC 4291 2.7, __IPV6_ADDR_SCOPE_* */
       IPV6_SCOPE_INVALID = -1, /* of :: */
       IPV6_SCOPE_NODELOCAL = 0x01,
       IPV6_SCOPE_LINKLOCAL = 0x02,
       IPV6_SCOPE_SITELOCAL = 0x05,
       IPV6_SCOPE_GLOBAL = 0x0e,
};

/* ipv6_addr_src_scope(): of a unicast address or a multicast group (its scope field). Loopback
 * counts as link-local. */
int ipv6_scope(const struct inet_addr *a);
/* ipv6_addr_scope() as RT_SCOPE_* (rt_scope()): what is shown of an address. */
uint8_t ipv6_rt_scope(const struct inet_addr *a);
/* fec0::/10 */
bool ipv6_is_sitelocal(const struct inet_addr *a);
/* rt6_need_strict(): link-local, multicast, loopback: the device matters. */
bool ipv6_need_strict(const struct inet_addr *a);
/* ipv6_addr_diff(): leading bits in common, 0..128. */
unsigned ipv6_common_bits(const struct inet_addr *a, const struct inet_addr *b);
/* ORCHID, 2001:10::/28 */
bool ipv6_is_orchid(const struct inet_addr *a);
/* ff02::1:ffXX:XXXX of a. */
struct inet_addr ipv6_solicited_group(const struct inet_addr *a);

extern const struct inet_addr ipv6_any, ipv6_loopback, ipv6_all_nodes, ipv6_all_routers,
    ipv6_node_all_nodes, ipv6_node_all_routers, ipv6_site_all_routers, ipv6_mld2_routers;

#endif
