/* UDP over IPv6 (net/ipv6/udp.c). */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inet/addrconf_int.h"
#include "inet/mib.h"
#include "inet/udp.h"
#include "vnet_capture.h"
#include "wire/cksum.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"
#include "wire/udp.h"

static void drop(struct skb *skb, const struct vnet_drop_reason *reason, const char *why)
{
    struct vnet *w = dev_world(skb->dev);
    trace(w, skb->dev, "udp", "__udp6_lib_rcv", VNET_TRACE_DROPPED, reason, "%s", why);
    skb_free(w, skb);
}

/* udp6_csum_init(): no checksum is no good here. */
static bool checksum_ok(const struct skb *skb, const struct ipv6_hdr *h, const struct udp_hdr *u)
{
    if (skb->ip_summed == CHECKSUM_PARTIAL)
        return true;
    return u->check &&
           cksum_ipv6(h->saddr, h->daddr, VNET_IPPROTO_UDP, skb_transport(skb), u->len) == 0;
}

void udpv6_rcv(struct skb *skb)
{
    struct netns *ns = skb->dev->ns;
    struct ipv6_hdr h;
    struct udp_hdr u;
    size_t len = skb->head + skb->len - skb->transport;
    ipv6_parse(skb_net(skb), IPV6_HDR_LEN, &h);
    if (!udp_parse(skb_transport(skb), len, &u) || u.len < UDP_HDR_LEN || u.len > len) {
        ns->mib->udp6[UDP_MIB_INERRORS]++;
        drop(skb, DROP_REASON(PKT_TOO_SMALL), "shorter than its header says");
        return;
    }
    if (!checksum_ok(skb, &h, &u)) {
        ns->mib->udp6[UDP_MIB_INCSUMERRORS]++;
        ns->mib->udp6[UDP_MIB_INERRORS]++;
        drop(skb, DROP_REASON(UDP_CSUM), "bad checksum");
        return;
    }
    const struct udp_flow fl = {.saddr = inet_addr_v6(h.saddr),
                                .daddr = inet_addr_v6(h.daddr),
                                .sport = u.sport,
                                .dport = u.dport,
                                .dif = skb_inet6_iif(skb)};
    struct sock *sk = udp_lookup(ns, &fl);
    if (sk) {
        udp_queue_rcv(sk, skb, &fl, skb_transport(skb) + UDP_HDR_LEN, u.len - UDP_HDR_LEN,
                      h.hop_limit, h.tclass);
        skb_free(ns->w, skb);
        return;
    }
    ns->mib->udp6[UDP_MIB_NOPORTS]++;
    icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_PORT_UNREACH, 0);
    drop(skb, DROP_REASON(NO_SOCKET), "no socket has this port");
}

void udp6_icmp_error(struct skb *skb, const struct sock6_error *e)
{
    enum { PMTUDISC_DONT = 0 };
    struct udp_hdr u;
    uint32_t end = skb->head + skb->len;
    if (!udp_parse(skb->buf + e->payload, end - e->payload, &u))
        return;
    const struct udp_flow back = {.saddr = e->daddr,
                                  .daddr = e->saddr,
                                  .sport = u.dport,
                                  .dport = u.sport,
                                  .dif = skb_inet6_iif(skb)};
    struct sock *sk = udp_lookup(skb->dev->ns, &back);
    if (!sk) {
        skb->dev->ns->mib->icmp6[ICMP_MIB_INERRORS]++;
        return;
    }
    struct icmp_errno as = icmpv6_errno(e->type, e->code);
    bool hard = e->type == ICMPV6_PKT_TOOBIG ? sk->pmtudisc != PMTUDISC_DONT : as.fatal;
    if (!sk->recverr && (!hard || sk->daddr.family == VNET_AF_UNSPEC))
        return;
    if (sk->recverr) {
        struct sock6_error behind = *e;
        behind.payload += UDP_HDR_LEN;
        behind.port = u.dport;
        sock6_queue_icmp_err(sk, skb, &behind, as.error);
    }
    sk->err = as.error;
    trace(sk->ns->w, skb->dev, "socket", "__udp6_lib_err", VNET_TRACE_OK, NULL,
          "socket %u is told: ICMPv6 type %u code %u", sk->id, e->type, e->code);
}

int udpv6_sendmsg(struct sock *sk, const void *payload, size_t len, const struct vnet_sockaddr6 *to,
                  uint16_t port)
{
    if (len > INT_MAX - UDP_HDR_LEN)
        return -EMSGSIZE; /* what is less, but too much, __ip6_append_data() refuses */
    int rc = sk->ident ? 0 : udp_get_port(sk, 0);
    if (rc < 0)
        return rc;
    uint8_t *datagram = mem_alloc(len + UDP_HDR_LEN);
    const struct udp_hdr u = {
        .sport = sk->ident, .dport = port, .len = (uint16_t)(len + UDP_HDR_LEN)};
    udp_emit(datagram, &u);
    memcpy(datagram + UDP_HDR_LEN, payload, len);
    rc = sock6_send(sk, datagram, len + UDP_HDR_LEN, to, 0);
    free(datagram);
    return rc;
}
