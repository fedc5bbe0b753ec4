/* What is known of single destinations beyond their route: the path's MTU, and the better gateway
 * that a redirect named (struct fib_nh_exception, net/ipv4/route.c; struct rt6_exception,
 * net/ipv6/route.c). */
#ifndef VNET_INET_FIB_EXCEPTION_H
#define VNET_INET_FIB_EXCEPTION_H

#include "inet/fib.h"
#include "sim/timer.h"

struct fib_exception { /* in fib.exceptions */
    struct list node;
    struct inet_addr daddr;
    struct inet_addr gateway; /* with ifindex: the nexthop that it belongs to; UNSPEC: on link */
    int ifindex;
    struct inet_addr
        redirect;    /* the gateway instead; daddr itself: on link; UNSPEC: as the nexthop */
    uint32_t mtu;    /* 0: none was learned */
    bool mtu_locked; /* IPv4: it is smaller than route/min_pmtu */
    int64_t expires; /* ns; 0: IPv6, not by itself */
    int64_t stamp;   /* when it came about, ns */
};

/* An empty one, for the state file too. */
struct fib_exception *fib_exception_new(struct fib *fib);
void fib_exception_free(struct fib_exception *e);
/* What is known of daddr behind this nexthop; NULL: nothing. */
struct fib_exception *fib_exception_find(const struct fib *fib, const struct fib_nexthop *nh,
                                         const struct inet_addr *daddr);
/* The same, made if there is none. */
struct fib_exception *fib_exception_get(struct fib *fib, const struct fib_nexthop *nh,
                                        const struct inet_addr *daddr);
/* Is it of a nexthop of this route, which leads to it? */
bool fib_exception_hangs_on(const struct fib_exception *e, const struct fib_route *r);
/* A route goes, and what hung on it. */
void fib_exceptions_drop(struct fib *fib, const struct fib_route *r);
void fib_exceptions_flush(struct fib *fib);

/* ---- IPv4 ---- */

struct ipv4_hdr;
struct sock;
/* ipv4_sk_update_pmtu(), ipv4_sk_redirect(), and without a socket (sk NULL) ipv4_update_pmtu(),
 * ipv4_redirect(): what an ICMP error about a packet of ours, whose header is quoted, teaches. skb:
 * the error, by skb->dev, its IPv4 header at skb->net. mtu, gateway: host order. */
void ipv4_update_pmtu(struct netns *ns, const struct sock *sk, const struct ipv4_hdr *quoted,
                      uint32_t mtu);
void ipv4_redirect(const struct skb *skb, const struct sock *sk, const struct ipv4_hdr *quoted,
                   uint8_t code, uint32_t gateway);

/* ---- IPv6 ---- */

/* A packet to daddr, sent by device oif (0: any), was too big for a link of mtu bytes. */
void ip6_update_pmtu(struct netns *ns, const struct inet_addr *daddr, int oif, uint32_t mtu);
/* ip6_route_redirect(): the nexthop by dev that packets from saddr to daddr take, if router is its
 * gateway, or that of an earlier redirect. NULL: there is none. */
const struct fib_nexthop *ip6_redirected_nexthop(struct netdev *dev, const struct inet_addr *daddr,
                                                 const struct inet_addr *saddr,
                                                 const struct inet_addr *router);
/* The end of rt6_do_redirect(): from there packets to daddr go by another gateway, or to daddr
 * itself. */
void ip6_redirect(struct netdev *dev, const struct fib_nexthop *nh, const struct inet_addr *daddr,
                  const struct inet_addr *gateway);
/* fib6_start_gc(): a route was inserted. */
void fib6_start_gc(struct fib *fib, const struct fib_route *r);
/* ip6_fib_timer */
void fib6_gc_timer(struct vnet *w, struct timer *t);

#endif
