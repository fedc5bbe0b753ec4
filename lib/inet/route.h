/* Routing of packets (net/ipv4/route.c, fib_frontend.c; net/ipv6/route.c). */
#ifndef VNET_INET_ROUTE_H
#define VNET_INET_ROUTE_H

#include "dev/skb.h"
#include "inet/dst.h"

struct netns;
struct netdev;

/* ip_route_output_key(): fills dst; fl->saddr is completed with the source chosen. -ENETUNREACH,
 * -EINVAL, -ENODEV, ... */
int ip_route_output(struct netns *ns, struct flow *fl, struct dst *dst);
/* ip_route_input(): for a packet that came in by dev. 0 and dst (dst->type LOCAL, BROADCAST,
 * MULTICAST, UNICAST = forward; dst->error set: unreachable), or -EINVAL/-EXDEV (martian,
 * rp_filter), already traced. */
int ip_route_input(struct netdev *dev, const struct inet_addr *daddr, const struct inet_addr *saddr,
                   uint8_t tos, struct skb *skb, struct dst *dst);
/* fib_validate_source(): 0 or positive: fine (1: source is on a shared medium), -EXDEV, -EINVAL. */
int fib_validate_source(struct netdev *dev, const struct inet_addr *saddr,
                        const struct inet_addr *daddr, uint8_t tos, uint32_t mark, int oif);
int ip6_route_output(struct netns *ns, struct flow *fl, struct dst *dst);
/* ip6_dst_lookup_tail(): where there is no route for any source, one is chosen all the same, and
 * there may be a route for that (`ip -6 route add ... from`). -EADDRNOTAVAIL: no source either. */
int ip6_dst_lookup(struct netns *ns, struct flow *fl, struct dst *dst);
int ip6_route_input(struct netdev *dev, const struct inet_addr *daddr,
                    const struct inet_addr *saddr, const struct skb *skb, struct dst *dst);

#endif
