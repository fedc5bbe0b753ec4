/* Sockets inside the world: CAN, raw and datagram ICMP (net/ipv4/raw.c, ping.c, ip_sockglue.c). */
#ifndef VNET_INET_SOCK_H
#define VNET_INET_SOCK_H

#include "base/list.h"
#include "dev/netdev.h"
#include "inet/ip_options.h"
#include "inet/sysctls.h"
#include "vnet_sock.h"

struct ipv4_hdr;

struct sock_msg { /* one datagram in a receive or error queue */
    struct list node;
    struct vnet_msg meta;
    uint32_t truesize; /* what SO_RCVBUF is charged with */
    uint32_t len, cap;
    uint8_t *data; /* owned; cap bytes, len of them used */
};

struct sock {
    struct list node; /* in sock_table.socks */
    struct netns *ns;
    vnet_sock_id id;
    uint8_t family;
    int type, protocol;
    int bound_dev_if, oif;
    struct inet_addr rcv_saddr;    /* bind(); UNSPEC: any */
    struct inet_addr saddr, daddr; /* connect() */
    uint16_t ident; /* inet_num: the id of a datagram ICMP socket, the port of UDP; 0: none yet */
    uint16_t dport; /* UDP: connect() */
    uint16_t ip_id; /* inet_id: next identification of a connected socket's packets */
    int ttl, mc_ttl, tos, pmtudisc;
    bool mc_loop, broadcast, recverr, recvttl, debug, dontroute;
    uint32_t mark, icmp_filter;
    uint8_t opt_given[IP_OPTIONS_MAX]; /* IP_OPTIONS as set, for the state file */
    uint8_t opt_given_len;             /* bytes; 0: none */
    struct ip_options opt;             /* the same, compiled */
    uint32_t icmp6_filter[8];          /* IPv6: bit n: type n is not delivered */
    uint32_t rcvbuf, sndbuf, rmem_alloc;
    int err; /* sk_err: pending error, positive */
    struct list rx, errq;
    uint64_t drops;
    uint32_t netlink_groups;  /* of VNET_AF_NETLINK: VNET_RTMGRP_* */
    struct can_raw_opts *can; /* of VNET_AF_CAN (can/af_can.h); owned; NULL: IPv4 */
};

/* A datagram ICMP socket? */
static inline bool sock_is_ping(const struct sock *sk)
{
    return sk->type == VNET_SOCK_DGRAM &&
           (sk->protocol == VNET_IPPROTO_ICMP || sk->protocol == VNET_IPPROTO_ICMPV6) &&
           (sk->family == VNET_AF_INET || sk->family == VNET_AF_INET6);
}

struct sock_table {
    struct list socks;
    struct list free_msgs; /* sock_msg that wait for reuse */
    uint32_t nfree;
    uint32_t npacket;        /* sockets of VNET_AF_PACKET among them */
    uint32_t nping;          /* datagram sockets of the others */
    uint32_t netlink_groups; /* that any of them has joined */
    uint16_t ping_rover;     /* the id that the last datagram socket got */
    struct list flowlabels;  /* struct flowlabel */
};

struct flowlabel { /* struct ip6_flowlabel */
    struct list node;
    uint32_t label;    /* 20 bits */
    vnet_sock_id sock; /* that holds it; 0: gone */
    int64_t expires;   /* if gone: until when nobody else gets it, ns */
};
struct flowlabel *flowlabel_new(struct sock_table *t, uint32_t label);
void flowlabel_free(struct flowlabel *fl);
/* fl6_sock_lookup() */
struct sock;
bool sock_has_flowlabel(const struct sock *sk, uint32_t label);
void sock_release_flowlabels(const struct sock *sk);

void sock_table_init(struct netns *ns);
void sock_table_exit(struct netns *ns);
struct sock *sock_find(struct vnet *w, vnet_sock_id id);

enum { SOCK_MIN_RCVBUF = 2304, SOCK_MIN_SNDBUF = 4608 };

/* A socket without side effects on routing; id 0: the next. For the state file too. */
struct sock *sock_new(struct netns *ns, uint8_t family, int type, int protocol, vnet_sock_id id);
void sock_free(struct sock *sk);
/* sock_queue_rcv_skb(): append what lies in data to sk->rx: the message, whose meta the caller
 * fills in (meta.len too). NULL: the receive buffer is full, traced and counted as a drop. */
struct sock_msg *sock_queue_rcv(struct sock *sk, const uint8_t *data, uint32_t len,
                                uint32_t truesize);
/* The same for either queue, whatever the limits (for the state file). */
void sock_queue_append(struct sock *sk, struct list *queue, const struct vnet_msg *meta,
                       const uint8_t *data, uint32_t len, uint32_t truesize);
/* sock_queue_err_skb() */
bool sock_queue_err(struct sock *sk, const struct vnet_msg *meta, const uint8_t *data, uint32_t len,
                    uint32_t truesize);
/* ip_icmp_error(): quoted: offset in skb->buf of what follows the quoted headers; port: UDP: that
 * the datagram was sent to. */
void sock_queue_icmp_err(struct sock *sk, const struct skb *skb, uint32_t inner, uint32_t quoted,
                         int error, uint8_t type, uint8_t code, uint32_t info, uint16_t port);
/* First message; NULL: none. sock_msg_free() takes it out and gives its memory back. */
struct sock_msg *sock_msg_first(struct list *queue);
void sock_msg_free(struct sock *sk, struct sock_msg *msg);
/* Bytes (truesize) of packets of this socket that wait for a neighbour: sk_wmem_alloc_get(). */
uint32_t sock_wmem(const struct sock *sk);

/* ip_options_get() for a socket of VNET_AF_INET: -EINVAL, -EPERM. */
int sock_set_ip_options(struct sock *sk, const uint8_t *options, size_t len);
/* The buffers that __ip_append_data() gets for len bytes: one where they fit into `whole`, else one
 * for each `room`; `hdr` bytes of header before each. -EAGAIN, -ENOBUFS or the pending error. */
int sock_alloc_packets(struct sock *sk, size_t len, uint32_t hdr, uint32_t whole, uint32_t room);

/* What raw_sendmsg() and ping_v4_sendmsg() share: route, permissions, limits. 0 or -errno. */
struct sock_route {
    uint32_t daddr;  /* host order */
    struct skb *skb; /* a buffer for the payload, with its route */
    bool df, ignore_df;
    int ttl;
    uint16_t dport; /* UDP: given by the caller */
};
int sock_route_send(struct sock *sk, const struct inet_addr *daddr, size_t len,
                    struct sock_route *r);
/* Send r->skb, whose payload has been put there. Consumes it. */
int sock_send(struct sock *sk, const struct sock_route *r);
/* What the sender hears of a packet that was sent with rc: that a queue was full (-ENOBUFS) only if
 * it asked for errors. UDP counts it. */
int sock_sent(struct sock *sk, int rc);
int raw_sendmsg(struct sock *sk, const void *payload, size_t len, const struct inet_addr *daddr);
int ping_sendmsg(struct sock *sk, const void *payload, size_t len, const struct inet_addr *daddr);
/* ping_get_port(): an id of its own; ident 0: any. -EADDRINUSE, -EAGAIN. */
int ping_get_ident(struct sock *sk, uint16_t ident);
/* icmp_err_convert[]: errno and whether it is fatal, of an unreachable's code. */
struct icmp_errno {
    int error;
    bool fatal;
};
/* What ICMP errors are to sockets (icmp_err_convert[], and raw_err(), __udp4_lib_err(), ping_err()
 * of the other types); source quenches and redirects are for each protocol to say. */
struct icmp_errno icmp_errno_of(const struct sock *sk, uint8_t type, uint8_t code);
/* The same for datagram sockets: without path MTU discovery, "fragmentation needed" is none (0). */
struct icmp_errno icmp_errno_of_dgram(const struct sock *sk, uint8_t type, uint8_t code);
/* What an error about a packet that sk (NULL: the kernel) sent says of the way there. */
void sock_icmp_learn(const struct skb *skb, const struct sock *sk, const struct ipv4_hdr *quoted,
                     uint8_t type, uint8_t code, uint32_t info);
/* ping_err(): inner: offset in skb->buf of the ICMP header behind the quoted one. */
void ping_icmp_error(struct skb *skb, const struct ipv4_hdr *quoted, uint32_t inner, uint8_t type,
                     uint8_t code, uint32_t info);
/* inet_iif(): the device that a socket is matched against. */
static inline int skb_inet_iif(const struct skb *skb)
{
    return skb->has_dst && skb->dst.iif ? skb->dst.iif : skb->iif;
}

/* Fill in m->meta: it is of skb, whose IPv4 header is h. */
void sock_msg_ipv4(struct sock_msg *m, const struct skb *skb, const struct ipv4_hdr *h);

/* raw_local_deliver(): give a copy to every raw socket that matches (protocol, addresses, device,
 * ICMP filter). skb: IPv4 header at skb->net, which h is, not consumed. true if any took it. */
bool raw_local_deliver(struct skb *skb, const struct ipv4_hdr *h);
/* ping_rcv(): an echo reply for a datagram socket. Not consumed. */
bool ping_rcv(struct skb *skb);
/* raw_icmp_error() and ping_err(): an ICMP error about a packet of ours; skb->net: the outer
 * header; inner: offset in skb->buf of the quoted IPv4 header. */
void sock_icmp_error(struct skb *skb, uint32_t inner, uint8_t type, uint8_t code, uint32_t info);
/* ---- IPv6: sock6.c, raw6.c, ping6.c ---- */

/* What rawv6_sendmsg() and ping_v6_sendmsg() share, from the address to the wire. The payload's
 * checksum, at bytes 2 and 3, is filled in. 0 or -errno. */
int sock6_send(struct sock *sk, const void *payload, size_t len, const struct vnet_sockaddr6 *to,
               int pktinfo);
int rawv6_sendmsg(struct sock *sk, const void *payload, size_t len, const struct vnet_sockaddr6 *to,
                  int pktinfo);
int ping_v6_sendmsg(struct sock *sk, const void *payload, size_t len,
                    const struct vnet_sockaddr6 *to, int pktinfo);
struct sock6_error {               /* an ICMPv6 error, and the packet of ours that it quotes */
    uint8_t type, code, protocol;  /* protocol: of what lies behind the quoted headers */
    uint32_t info;                 /* the second word, host order */
    uint32_t payload;              /* offset of that in skb->buf */
    uint16_t port;                 /* UDP: that the datagram was sent to */
    struct inet_addr saddr, daddr; /* of the quoted packet */
};
/* icmpv6_err_convert() */
struct icmp_errno icmpv6_errno(uint8_t type, uint8_t code);
/* ipv6_icmp_error() */
void sock6_queue_icmp_err(struct sock *sk, const struct skb *skb, const struct sock6_error *e,
                          int error);
void raw6_icmp_error(struct skb *skb, const struct sock6_error *e);
/* raw6_local_deliver(): as raw_local_deliver(); skb->transport: what the sockets get. */
bool raw6_local_deliver(const struct skb *skb, uint8_t protocol);
/* ping_rcv() for ICMPv6. */
bool ping6_rcv(const struct skb *skb);
/* icmpv6_notify()'s part for sockets: skb->net: the outer header; inner: offset in skb->buf of the
 * quoted IPv6 header. */
void sock6_icmp_error(struct skb *skb, uint32_t inner, uint8_t type, uint8_t code, uint32_t info);
/* What lies from skb->transport on, to the socket's receive queue. false: it is full. */
struct ipv6_hdr;
bool sock6_queue_rcv(struct sock *sk, const struct skb *skb, const struct ipv6_hdr *h);
/* inet6_iif(), and ipv6_iface_scope_id(): what a socket is told with an address of the packet. */
int skb_inet6_iif(const struct skb *skb);
int ipv6_iface_scope_id(const struct inet_addr *addr, int ifindex);

/* ip_local_error(): EMSGSIZE and the like, to the socket's own error queue. */
void sock_local_error(struct sock *sk, int error, const struct inet_addr *daddr, uint16_t port,
                      uint32_t info);

#endif
