/* IPv6 in and out (net/ipv6/ip6_input.c, ip6_output.c; RFC 8200), ICMPv6, ND. */
#ifndef VNET_INET_IPV6_H
#define VNET_INET_IPV6_H

#include "inet/neigh.h"

extern const struct neigh_ops nd_ops;
/* Protocol handler of ETH_P_IPV6. Consumes. */
void ipv6_rcv(struct skb *skb, struct netdev *dev);

/* dst_output() of a packet whose IPv6 header stands at skb->head, by skb->dst: loopback of
 * multicast, neighbour. 0 or -errno. Consumes. */
int ip6_output(struct netns *ns, struct skb *skb);

struct ip6_send { /* what goes into the header */
    uint8_t nexthdr, tclass;
    int hop_limit; /* -1: the device's (conf hop_limit) */
    uint32_t flowlabel;
    bool count_later; /* an ICMPv6 message is counted only when it is out (ND, MLD) */
    bool ignore_df;   /* fragmented where it does not fit (else that is -EMSGSIZE) */
};
/* Push an IPv6 header on skb (payload) and send it by skb->dst (has_dst set). 0 or -errno
 * (-EMSGSIZE: larger than the route's MTU). Consumes. */
int ip6_send_skb(struct netns *ns, struct skb *skb, const struct inet_addr *saddr,
                 const struct inet_addr *daddr, const struct ip6_send *how);

/* ip6_make_flowlabel() for who has asked for none. */
uint32_t ip6_auto_flowlabel(const struct netns *ns, const struct inet_addr *saddr,
                            const struct inet_addr *daddr, uint8_t type);
/* ip6_fragment(): split skb (IPv6 header first) to pieces of at most mtu and hand each to `output`.
 * Consumes. -EMSGSIZE if its sender does not want that. (inet/ip6_fragment.c) */
int ip6_fragment(struct netns *ns, struct skb *skb, uint32_t mtu,
                 int (*output)(struct netns *ns, struct skb *skb));

void ip6_frags_init(struct netns *ns);
void ip6_frags_exit(struct netns *ns);

/* icmpv6_send(): answer skb (IPv6 header at skb->net; not consumed) with an error. info: the second
 * word, host order. Obeys the rules of who may be answered. */
void icmpv6_send(struct skb *skb, uint8_t type, uint8_t code, uint32_t info);
/* icmpv6_rcv(): local delivery of protocol 58; skb->transport set. Consumes. */
void icmpv6_rcv(struct skb *skb);

#endif
