/* ICMP (net/ipv4/icmp.c, RFC 792, RFC 1122). */
#ifndef VNET_INET_ICMP_H
#define VNET_INET_ICMP_H

#include "inet/ip.h"
#include "inet/sysctls.h"

struct ipv4_hdr;

/* icmp_send(): answer skb (IPv4 header at skb->net; not consumed) with an error. info: the second
 * word (MTU, gateway), host order. Obeys the rules of who may be answered and the rate limit. */
void icmp_send(struct skb *skb, uint8_t type, uint8_t code, uint32_t info);
/* icmp_rcv(): local delivery of protocol 1, behind header h; skb->transport set. Consumes. */
void icmp_rcv(struct skb *skb, const struct ipv4_hdr *h);
/* IP4_REPLY_MARK(): what an answer of the kernel's own to skb is routed by (fwmark_reflect). */
static inline uint32_t ip4_reply_mark(const struct netns *ns, const struct skb *skb)
{
    return net_sysctl(ns, NET_IPV4_FWMARK_REFLECT) ? skb->mark : 0;
}
void icmp_net_init(struct netns *ns);
void icmp_net_exit(struct netns *ns);

#endif
