/* IPv6 extension headers of packets for us (net/ipv6/exthdrs.c, reassembly.c). */
#ifndef VNET_INET_IP6_EXTHDRS_H
#define VNET_INET_IP6_EXTHDRS_H

#include "dev/skb.h"

/* Options of the header at skb->transport, `len` bytes of which are there, are wrong as `opts`
 * says: the sender may be told (ip6_tlvopt_unknown()). Not consumed. */
struct ipv6_opts;
void ip6_unknown_option(struct skb *skb, const struct ipv6_opts *opts);
/* A routing header at skb->transport, which moves behind it; false: the packet ends here, its
 * sender may have been told (ipv6_rthdr_rcv()). Not consumed. */
bool ipv6_rthdr_rcv(struct skb *skb);
/* A fragment header at skb->transport; nhoff: offset from skb->net of the field that named it. The
 * whole packet, skb->transport behind its unfragmentable part, or NULL. Consumes. */
struct skb *ipv6_frag_rcv(struct skb *skb, uint32_t nhoff);

#endif
