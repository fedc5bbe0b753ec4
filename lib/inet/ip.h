/* IPv4 in and out (net/ipv4/ip_input.c, ip_output.c, ip_forward.c; RFC 791). */
#ifndef VNET_INET_IP_H
#define VNET_INET_IP_H

#include "dev/netdev.h"
#include "dev/skb.h"
#include "wire/ipv4.h"

struct sock;

/* Protocol handler of ETH_P_IP. Consumes. */
void ip_rcv(struct skb *skb, struct netdev *dev);

struct ip_send { /* what ip_push_pending_frames()/ip_build_and_send_pkt() put in the header */
    uint8_t protocol, tos;
    int ttl; /* -1: the namespace's default (or the route's) */
    bool df;
    bool ignore_df; /* df set, but fragmenting is still allowed (not IP_PMTUDISC_DO) */
    uint16_t id;    /* used if has_id, else as ip_select_ident() */
    bool has_id;
    const struct ip_options *opt; /* NULL: none */
};
/* Push an IPv4 header on skb (payload) and send it by skb->dst (has_dst set; daddr given, source is
 * skb->dst.src): LOCAL_OUT, fragmentation, neighbour. 0 or -errno (-EMSGSIZE with df). Consumes.
 * A route for broadcast or multicast also hands a copy to the local stack. */
int ip_send_skb(struct netns *ns, struct skb *skb, uint32_t daddr, const struct ip_send *how);
/* ip_output(): a packet with its IPv4 header and its route. Consumes. */
int ip_output(struct netns *ns, struct skb *skb);
/* ip_forward(): a packet for somebody else, with its route. Consumes. */
void ip_forward(struct skb *skb);
/* ip_mc_finish_output(): the local copy of a packet that we sent to a group or to all. Consumes. */
void ip_loop_back(struct skb *skb);
/* ipv4_mtu(): of the route, else the device; at most 65535. */
static inline uint32_t ip_dst_mtu(const struct dst *dst)
{
    uint32_t mtu = dst->mtu ? dst->mtu : dst->dev->mtu;
    return mtu < IPV4_MAX_LEN ? mtu : IPV4_MAX_LEN;
}
/* ip_mtu_locked(): the MTU is none that path MTU discovery may find. */
bool ip_mtu_locked(const struct dst *dst);
/* ip4_dst_hoplimit() */
uint8_t ip_default_ttl(const struct netns *ns);
/* ip_local_out() for a packet whose IPv4 header is there (raw with IP_HDRINCL). Consumes. */
int ip_local_out(struct netns *ns, struct skb *skb);

/* ip_fragment(): split skb (IPv4 header first) to pieces of at most mtu and hand each to `output`.
 * Consumes. -EMSGSIZE if DF forbids. (inet/ip_fragment.c) */
int ip_fragment(struct netns *ns, struct skb *skb, uint32_t mtu,
                int (*output)(struct netns *ns, struct skb *skb));
/* ip_defrag(): feed a fragment; the whole datagram when complete, NULL when queued or dropped. */
struct skb *ip_defrag(struct netns *ns, struct skb *skb);
void ip_frags_init(struct netns *ns);
void ip_frags_exit(struct netns *ns);

#endif
