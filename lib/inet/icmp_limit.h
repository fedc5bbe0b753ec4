/* ICMP's rate limits (icmp_global_allow(), icmpv4_xrlim_allow(); net/ipv4/icmp.c, inetpeer.c). */
#ifndef VNET_INET_ICMP_LIMIT_H
#define VNET_INET_ICMP_LIMIT_H

#include "base/list.h"
#include "inet/ip.h"

struct icmp_peer { /* struct inet_peer: the bucket of one destination, for all that is limited */
    struct list node;
    struct inet_addr addr;
    int64_t tokens;       /* ns */
    int64_t last;         /* ns */
    uint32_t n_redirects; /* that it was sent, and went on all the same */
};

struct icmp_state {
    uint32_t credit; /* messages that may be sent now, to all */
    int64_t stamp;   /* when credit was last added, ns */
    struct list peers;
    uint32_t npeers;
};

/* May a message of this type be sent at all now? Takes from the namespace's bucket. */
bool icmp_global_allow(struct netns *ns, uint8_t type, uint8_t code);
/* And to this destination by this device? */
bool icmp_peer_allow(struct netns *ns, const struct netdev *out, uint32_t daddr, uint8_t type,
                     uint8_t code);
/* The same two for types that are limited, of either family. timeout: ns for one message. */
bool icmp_global_spend(struct netns *ns);
bool icmp_peer_spend(struct netns *ns, const struct inet_addr *daddr, int64_t timeout);
/* ip_error()'s limit: may this sender be told that there is no way? (route/error_cost) */
bool ip_error_allow(struct netns *ns, uint32_t saddr);
/* ip_rt_send_redirect()'s limits: may this sender be told of a better gateway, again? */
bool ip_redirect_allow(struct netns *ns, uint32_t saddr);
/* For the state file. */
struct icmp_peer *icmp_peer_add(struct icmp_state *s, const struct inet_addr *addr);

#endif
