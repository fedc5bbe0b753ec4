/* Datagram ICMPv6 sockets, and errors to sockets of IPv6 (net/ipv6/ping.c, net/ipv4/ping.c). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inet/addrconf_int.h"
#include "inet/sock.h"
#include "inet/truesize.h"
#include "inet/udp.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

enum { SO_EE_ORIGIN_ICMP6 = 3, PMTUDISC_DO = 2 };

/* ping_lookup() */
static struct sock *ping_lookup(const struct skb *skb, const struct inet_addr *laddr,
                                uint16_t ident)
{
    int dif = skb_inet6_iif(skb);
    list_each(pos, &skb->dev->ns->socks->socks)
    {
        struct sock *sk = list_entry(pos, struct sock, node);
        bool any = sk->rcv_saddr.family == VNET_AF_UNSPEC || inet_addr_is_any(&sk->rcv_saddr);
        if (sk->family == VNET_AF_INET6 && sock_is_ping(sk) && ident && sk->ident == ident &&
            (any || inet_addr_eq(&sk->rcv_saddr, laddr)) &&
            (!sk->bound_dev_if || sk->bound_dev_if == dif))
            return sk;
    }
    return NULL;
}

bool ping6_rcv(const struct skb *skb)
{
    struct icmpv6_hdr icmp;
    struct ipv6_hdr h;
    size_t len = skb->head + skb->len - skb->transport;
    if (!icmpv6_parse(skb_transport(skb), len, &icmp))
        return false;
    ipv6_parse(skb_net(skb), IPV6_HDR_LEN, &h);
    const struct inet_addr daddr = inet_addr_v6(h.daddr);
    struct sock *sk = ping_lookup(skb, &daddr, (uint16_t)(icmp.info >> 16));
    if (!sk)
        return false;
    sock6_queue_rcv(sk, skb, &h);
    return true;
}

int ping_v6_sendmsg(struct sock *sk, const void *payload, size_t len,
                    const struct vnet_sockaddr6 *to, int pktinfo)
{
    struct icmpv6_hdr icmp;
    enum { LEN_MAX = 65535 };
    if (len > LEN_MAX)
        return -EMSGSIZE;
    if (!icmpv6_parse(payload, len, &icmp) || icmp.type != ICMPV6_ECHO_REQUEST || icmp.code != 0)
        return -EINVAL;
    int rc = sk->ident ? 0 : ping_get_ident(sk, 0);
    if (rc < 0)
        return rc;
    uint8_t *copy = mem_alloc(len);
    memcpy(copy, payload, len);
    icmp.info = (uint32_t)sk->ident << 16 | (icmp.info & 0xffff);
    icmpv6_emit(copy, &icmp);
    rc = sock6_send(sk, copy, len, to, pktinfo);
    free(copy);
    return rc;
}

/* ---- errors ---- */

void sock6_queue_icmp_err(struct sock *sk, const struct skb *skb, const struct sock6_error *e,
                          int error)
{
    struct ipv6_hdr outer;
    uint32_t end = skb->head + skb->len;
    ipv6_parse(skb_net(skb), IPV6_HDR_LEN, &outer);
    struct vnet_msg meta = {
        .time = skb->tstamp,
        .from = e->daddr,
        .port = e->port,
        .ttl = outer.hop_limit,
        .tos = outer.tclass,
        .iif = skb_inet6_iif(skb),
        .ee_errno = error,
        .ee_origin = SO_EE_ORIGIN_ICMP6,
        .ee_type = e->type,
        .ee_code = e->code,
        .ee_info = e->info,
        .offender = inet_addr_v6(outer.saddr),
    };
    meta.scope_id = ipv6_iface_scope_id(&meta.from, meta.iif);
    meta.offender_scope = ipv6_iface_scope_id(&meta.offender, meta.iif);
    sock_queue_err(sk, &meta, skb->buf + e->payload, end - e->payload,
                   skb_truesize(sk->ns->w, end - skb->net));
}

/* ping_err() */
static void ping6_err(struct skb *skb, const struct sock6_error *e)
{
    struct icmpv6_hdr icmp;
    uint32_t end = skb->head + skb->len;
    if (!icmpv6_parse(skb->buf + e->payload, end - e->payload, &icmp) ||
        icmp.type != ICMPV6_ECHO_REQUEST)
        return;
    struct sock *sk = ping_lookup(skb, &e->saddr, (uint16_t)(icmp.info >> 16));
    struct icmp_errno as = icmpv6_errno(e->type, e->code);
    if (!sk)
        return;
    if (!sk->recverr && (!as.fatal || sk->daddr.family == VNET_AF_UNSPEC))
        return;
    if (sk->recverr)
        sock6_queue_icmp_err(sk, skb, e, as.error);
    sk->err = as.error;
}

/* icmpv6_notify() */
void sock6_icmp_error(struct skb *skb, uint32_t inner, uint8_t type, uint8_t code, uint32_t info)
{
    struct ipv6_hdr h;
    uint32_t end = skb->head + skb->len;
    if (!ipv6_parse(skb->buf + inner, end - inner, &h))
        return;
    struct sock6_error e = {.type = type, .code = code, .info = info, .protocol = h.nexthdr};
    size_t off = IPV6_HDR_LEN;
    if (!ipv6_skip_exthdr(skb->buf + inner, end - inner, &off, &e.protocol))
        return;
    e.payload = inner + (uint32_t)off;
    e.saddr = inet_addr_v6(h.saddr);
    e.daddr = inet_addr_v6(h.daddr);
    if (end - e.payload < ICMPV6_HDR_LEN)
        return;
    if (e.protocol == IPV6_NEXTHDR_ICMP)
        ping6_err(skb, &e);
    else if (e.protocol == VNET_IPPROTO_UDP)
        udp6_icmp_error(skb, &e);
    raw6_icmp_error(skb, &e);
}
