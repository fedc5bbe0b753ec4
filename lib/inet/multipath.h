/* Which of several nexthops a flow takes: its hash by net.ipv4.fib_multipath_hash_policy and its
 * sisters, and the thresholds that the hash is held against (fib_multipath_hash(),
 * rt6_multipath_hash(), fib_rebalance(); RFC 2992). */
#ifndef VNET_INET_MULTIPATH_H
#define VNET_INET_MULTIPATH_H

#include "dev/netdev.h"
#include "inet/dst.h"

struct skb;
struct fib_nexthop;

enum { /* fib_multipath_hash_policy */
       MULTIPATH_L3 = 0,
       MULTIPATH_L4 = 1,
       MULTIPATH_L3_INNER = 2, /* of tunnels, of which there are none: as 0 */
       MULTIPATH_CUSTOM = 3,   /* fib_multipath_hash_fields */
};
int multipath_policy(const struct netns *ns, uint8_t family);
/* 31 bits; which those are is vnet's own affair: kernels draw a key at each boot. */
uint32_t multipath_hash(const struct netns *ns, const struct flow *fl);
/* Does the hash fall into the share of a nexthop? upto: the weights up to and with it. */
static inline bool multipath_takes(uint32_t hash, uint64_t upto, uint64_t total)
{
    return hash <= ((upto << 31) + total / 2) / total - 1;
}

/* ipv4_good_nh(), ipv6_good_nh(): is the gateway reachable, as far as is known? */
bool multipath_gateway_good(const struct netns *ns, const struct fib_nexthop *nh);

/* Protocol and ports of a packet that came in, into its flow, where a rule or the policy asks for
 * them (fib4_rules_early_flow_dissect(), ip_multipath_l3_keys()): fragments have no ports. */
void multipath_dissect(const struct netns *ns, const struct skb *skb, struct flow *fl);
/* Whom an ICMP error that is forwarded is hashed for: the packet that it is about. */
void multipath_look_inside(const struct netns *ns, const struct skb *skb, struct flow *fl);

#endif
