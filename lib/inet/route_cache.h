/* A small cache in front of the route lookups of a packet's path: flows repeat, the FIB rarely
 * changes. Kernels cache the outcome at the nexthop and drop it by a generation count
 * (rt_cache_flush()); here the generation is the world's count of vnet_touch(). */
#ifndef VNET_INET_ROUTE_CACHE_H
#define VNET_INET_ROUTE_CACHE_H

#include "inet/route.h"

struct flow4 {             /* what a packet is routed by, addresses in host order */
    uint32_t daddr, saddr; /* saddr 0: to be chosen; both are completed by the lookup */
    uint32_t mark;
    int oif; /* ifindex, 0: any */
    uint8_t tos, scope, proto;
};

/* As ip_route_output() and ip_route_input() without an skb's mark, whose answers they give:
 * straight from there while somebody listens to traces, which tell of the lookup itself. */
int ip_route_output_cached(struct netns *ns, struct flow4 *fl, struct dst *dst);
int ip_route_input_cached(struct netdev *dev, uint32_t daddr, uint32_t saddr, uint8_t tos,
                          struct skb *skb, struct dst *dst);
void rt_cache_free(struct netns *ns);

#endif
