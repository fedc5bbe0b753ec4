/* How `ip route` prints a route, and which ones a command is about. */
#ifndef VNET_CMD_IP_ROUTE_PRINT_H
#define VNET_CMD_IP_ROUTE_PRINT_H

#include "cmd/ip/prefix.h"
#include "vnet_route.h"

/* iproute2's filter of the selectors; what is given exactly is not printed again. */
struct route_filter {
    uint32_t table; /* 0: any */
    bool cached;    /* entries of the routing cache only */
    bool has_proto, has_scope, has_tos, has_metric, has_mark, has_type, has_iif;
    uint8_t proto, scope, tos;
    uint32_t type, metric;
    int oif; /* 0: any */
    struct ip_prefix prefsrc, via;
    /* root: not less specific than; match: not more specific than, and covering */
    bool has_root_dst, has_match_dst, has_root_src, has_match_src;
    struct ip_prefix root_dst, match_dst, root_src, match_src;
};

bool ip_route_passes(const struct route_filter *f, uint8_t family, const struct vnet_route_info *r);
void ip_print_route(struct ip *ip, const struct route_filter *f, const struct vnet_route_info *r);
/* "via 10.0.0.1 " of a route of this family, "dev NAME ", RTNH_F_* in words. */
void ip_print_gateway(struct ip *ip, uint8_t family, const struct inet_addr *gw);
void ip_print_device(struct ip *ip, const char *key, int ifindex);
void ip_print_rt_flags(struct ip *ip, uint32_t flags);

#endif
