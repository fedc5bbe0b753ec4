/* The outcome of a route lookup, by value: what the kernel keeps in struct rtable / rt6_info. */
#ifndef VNET_INET_DST_H
#define VNET_INET_DST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

struct netdev;

struct flow { /* struct flowi4 / flowi6 */
    uint8_t family;
    struct inet_addr daddr, saddr; /* saddr any/UNSPEC: to be chosen */
    int oif, iif;                  /* ifindexes, 0: none */
    uint32_t mark, uid;
    uint8_t tos, scope, proto;
    uint16_t sport, dport;
    bool anysrc; /* FLOWI_FLAG_ANYSRC: the source need not be local */
    bool known_nh;
};

struct dst {
    struct netdev *dev;       /* output device; for local delivery: of the loopback or the owner */
    struct inet_addr gateway; /* family UNSPEC: on link, the next hop is the destination */
    struct inet_addr src;     /* the source that was chosen or asked for */
    uint32_t table;           /* the FIB table that answered */
    uint32_t mtu;             /* of the route or the device */
    uint32_t flags;           /* VNET_RTCF_* */
    int iif;                  /* rt_iif: what a socket bound to a device is matched against */
    uint32_t pmtu;            /* the path's MTU as it was learned, 0: it was not */
    int64_t expires; /* when what was learned of the destination is forgotten, ns; 0: never */
    int idev;        /* IPv6, ifindex: rt6i_idev, of a local address the one that has it */
    int error;       /* -errno of a reject route: the packet is to be answered by ICMP */
    bool discard;    /* IPv6, of a unicast route by lo: there is one, but packets go nowhere */
    uint8_t type;    /* RTN_* */
    uint8_t scope, prefix_len, protocol;
    uint8_t hop_limit; /* the route's metric; 0: none */
    bool input;        /* made by ip_route_input */
    bool do_redirect;
    bool mtu_locked; /* IPv4: of the route, or pmtu is too small to be true: DF is not set for it */
    bool nopolicy;
    bool plain;        /* neither gateway nor metrics of the route apply */
    const void *route; /* struct fib_route that matched; for `ip route get` only, never kept */
};

#endif
