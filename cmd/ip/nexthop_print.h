/* How `ip nexthop` prints nexthop objects and the buckets of resilient groups. */
#ifndef VNET_CMD_IP_NEXTHOP_PRINT_H
#define VNET_CMD_IP_NEXTHOP_PRINT_H

#include "cmd/ip/ctx.h"
#include "vnet_nexthop.h"

/* A line of its own. */
void ip_print_nexthop(struct ip *ip, const struct vnet_nh_info *nh);
/* Within a route's record: key "nh_info"; nothing if there is no such object. */
void ip_print_nexthop_of(struct ip *ip, uint32_t id);
void ip_print_bucket(struct ip *ip, const struct vnet_nh_bucket *b);

#endif
