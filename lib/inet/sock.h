/* Sockets inside the world: raw and datagram ICMP (net/ipv4/raw.c, ping.c, ip_sockglue.c). */
#ifndef VNET_INET_SOCK_H
#define VNET_INET_SOCK_H

#include "base/list.h"
#include "dev/netdev.h"
#include "vnet_sock.h"

struct sock_msg { /* one datagram in a receive or error queue */
    struct list node;
    struct vnet_msg meta;
    uint32_t truesize;  /* what SO_RCVBUF is charged with */
    uint32_t len;
    uint8_t *data;      /* owned */
};

struct sock {
    struct list node;   /* in sock_table.socks */
    struct netns *ns;
    vnet_sock_id id;
    uint8_t family;
    int type, protocol;
    int bound_dev_if, oif;
    struct inet_addr rcv_saddr; /* bind(); UNSPEC: any */
    struct inet_addr saddr, daddr; /* connect() */
    uint16_t ident;     /* inet_num: the id of a datagram ICMP socket */
    int ttl, mc_ttl, tos, pmtudisc;
    bool mc_loop, broadcast, recverr, recvttl;
    uint32_t mark, icmp_filter;
    uint32_t rcvbuf, sndbuf, rmem_alloc;
    int err;            /* sk_err: pending error, positive */
    struct list rx, errq;
    uint64_t drops;
};

struct sock_table {
    struct list socks;
};

void sock_table_init(struct netns *ns);
void sock_table_exit(struct netns *ns);
struct sock *sock_find(struct vnet *w, vnet_sock_id id);

/* raw_local_deliver(): give a copy to every raw socket that matches (protocol, addresses, device,
 * ICMP filter). skb: IPv4 header at skb->net, not consumed. true if any took it. */
bool raw_local_deliver(struct skb *skb, uint8_t protocol);
/* ping_rcv(): an echo reply for a datagram socket. Not consumed. */
bool ping_rcv(struct skb *skb);
/* raw_icmp_error() and ping_err(): an ICMP error about a packet of ours; skb->net: the outer header;
 * inner: offset in skb->buf of the quoted IPv4 header. */
void sock_icmp_error(struct skb *skb, uint32_t inner, uint8_t type, uint8_t code, uint32_t info);
/* ip_local_error(): EMSGSIZE and the like, to the socket's own error queue. */
void sock_local_error(struct sock *sk, int error, const struct inet_addr *daddr, uint32_t info);

#endif
