/* The path MTUs that IPv6 has learned, and the end of routes that expire. */
#ifndef VNET_INET_FIB6_EXCEPTION_H
#define VNET_INET_FIB6_EXCEPTION_H

#include "inet/fib.h"
#include "sim/timer.h"

struct fib6_exception { /* in fib.exceptions */
    struct list node;
    struct inet_addr daddr, gateway; /* gateway UNSPEC: on link */
    int ifindex;
    uint32_t mtu;
    int64_t expires; /* ns */
};

/* An empty one, for the state file too. */
struct fib6_exception *fib6_exception_new(struct fib *fib);
/* What is known of daddr behind this nexthop; NULL: nothing. */
const struct fib6_exception *fib6_exception_find(const struct fib *fib,
                                                 const struct fib_nexthop *nh,
                                                 const struct inet_addr *daddr);
/* A packet to daddr, sent by device oif (0: any), was too big for a link of mtu bytes. */
void ip6_update_pmtu(struct netns *ns, const struct inet_addr *daddr, int oif, uint32_t mtu);
void fib6_exceptions_drop(struct fib *fib, const struct fib_route *r);
void fib6_exceptions_flush(struct fib *fib);

/* fib6_start_gc(): a route was inserted. */
void fib6_start_gc(struct fib *fib, const struct fib_route *r);
/* ip6_fib_timer */
void fib6_gc_timer(struct vnet *w, struct timer *t);

#endif
