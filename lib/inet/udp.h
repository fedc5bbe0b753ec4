/* UDP inside the world (net/ipv4/udp.c, net/ipv6/udp.c; RFC 768). */
#ifndef VNET_INET_UDP_H
#define VNET_INET_UDP_H

#include "inet/sock.h"

struct ipv4_hdr;
struct ipv6_hdr;

/* udp_rcv(): local delivery of protocol 17; skb->head at the UDP header. Consumes. */
void udp_rcv(struct skb *skb, const struct ipv4_hdr *h);
/* udpv6_rcv(): skb->transport: the UDP header. Consumes. */
void udpv6_rcv(struct skb *skb);
/* udp_err(): an ICMP error about a datagram of ours: inner: offset in skb->buf of the quoted IPv4
 * header, which quoted is. */
void udp_icmp_error(struct skb *skb, const struct ipv4_hdr *quoted, uint32_t inner, uint8_t type,
                    uint8_t code, uint32_t info);
/* udpv6_err() */
void udp6_icmp_error(struct skb *skb, const struct sock6_error *e);

/* ---- between udp*.c ---- */

struct udp_flow { /* a datagram as it is received */
    struct inet_addr saddr, daddr;
    uint16_t sport, dport;
    int dif; /* ifindex it came in by */
};
/* __udp4_lib_lookup(), __udp6_lib_lookup(): the socket that it is for; NULL: none. */
struct sock *udp_lookup(const struct netns *ns, const struct udp_flow *fl);
/* udp_lib_get_port(): port 0: any. -EADDRINUSE. */
int udp_get_port(struct sock *sk, uint16_t port);
/* udp_queue_rcv_skb(): the payload, len bytes, to the socket's receive queue. */
void udp_queue_rcv(struct sock *sk, const struct skb *skb, const struct udp_flow *fl,
                   const uint8_t *payload, uint32_t len, uint8_t ttl, uint8_t tos);
/* Is the checksum left to the device (CHECKSUM_PARTIAL)? Not of what will be fragments. */
bool udp_offloads(const struct dst *dst, size_t packet_len);
int udp_sendmsg(struct sock *sk, const void *payload, size_t len, const struct inet_addr *to,
                uint16_t port);
int udpv6_sendmsg(struct sock *sk, const void *payload, size_t len, const struct vnet_sockaddr6 *to,
                  uint16_t port);

static inline bool sock_is_udp(const struct sock *sk)
{
    return sk->type == VNET_SOCK_DGRAM && sk->protocol == VNET_IPPROTO_UDP &&
           (sk->family == VNET_AF_INET || sk->family == VNET_AF_INET6);
}

#endif
