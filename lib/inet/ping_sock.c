/* Datagram ICMP sockets (net/ipv4/ping.c). */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "inet/ip.h"
#include "inet/sock.h"
#include "inet/truesize.h"
#include "sim/trace.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

#ifndef EREMOTEIO
#define EREMOTEIO EIO
#endif

static bool ident_in_use(const struct sock *me, uint16_t ident)
{
    netns_each_awake(me->ns->w, ns)
    {
        list_each(pos, &ns->socks->socks)
        {
            const struct sock *sk = list_entry(pos, struct sock, node);
            if (sk != me && sock_is_ping(sk) && sk->ident == ident)
                return true;
        }
    }
    return false;
}

int ping_get_ident(struct sock *sk, uint16_t ident)
{
    uint16_t *rover = &vnet_init_ns(sk->ns->w)->socks->ping_rover;
    if (ident) {
        sk->ident = ident;
        return ident_in_use(sk, ident) ? -EADDRINUSE : 0;
    }
    uint16_t try = *rover;
    for (uint32_t i = 0; i < 0xffff; i++) {
        if (++try == 0)
            try = 1;
        if (!ident_in_use(sk, try)) {
            sk->ident = *rover = try;
            return 0;
        }
    }
    return -EADDRINUSE;
}

/* ping_lookup() */
static struct sock *ping_lookup(const struct skb *skb, uint16_t ident)
{
    struct ipv4_hdr h;
    int dif = skb_inet_iif(skb);
    if (!skb->dev->ns->socks->nping)
        return NULL;
    ipv4_parse(skb_net(skb), IPV4_HDR_LEN, &h);
    list_each(pos, &skb->dev->ns->socks->socks)
    {
        struct sock *sk = list_entry(pos, struct sock, node);
        bool any = sk->rcv_saddr.family == VNET_AF_UNSPEC || inet_addr_is_any(&sk->rcv_saddr);
        if (sock_is_ping(sk) && sk->ident == ident && ident &&
            (any || inet_addr_to_v4(&sk->rcv_saddr) == h.daddr) &&
            (!sk->bound_dev_if || sk->bound_dev_if == dif))
            return sk;
    }
    return NULL;
}

bool ping_rcv(struct skb *skb)
{
    struct icmp_hdr icmp;
    struct ipv4_hdr h;
    if (!icmp_parse(skb_data(skb), skb->len, &icmp))
        return false;
    struct sock *sk = ping_lookup(skb, icmp_echo_id(&icmp));
    if (!sk)
        return false;
    ipv4_parse(skb_net(skb), IPV4_HDR_LEN, &h);
    struct sock_msg *m = sock_queue_rcv(sk, skb_data(skb), skb->len,
                                        skb_truesize(sk->ns->w, skb->head + skb->len - skb->net));
    if (!m)
        return true;
    sock_msg_ipv4(m, skb, &h);
    return true;
}

/* ping_err() */
static struct icmp_errno ping_errno(const struct sock *sk, uint8_t type, uint8_t code)
{
    if (type == ICMP_SOURCE_QUENCH || type == ICMP_REDIRECT)
        return (struct icmp_errno){EREMOTEIO, false};
    return icmp_errno_of_dgram(sk, type, code);
}

void ping_icmp_error(struct skb *skb, const struct ipv4_hdr *quoted, uint32_t inner, uint8_t type,
                     uint8_t code, uint32_t info)
{
    struct icmp_hdr icmp;
    uint32_t end = skb->head + skb->len;
    if (!icmp_parse(skb->buf + inner, end - inner, &icmp) || icmp.type != ICMP_ECHO)
        return;
    struct sock *sk = ping_lookup(skb, icmp_echo_id(&icmp));
    if (!sk)
        return;
    sock_icmp_learn(skb, sk, quoted, type, code, info);
    const struct icmp_errno as = ping_errno(sk, type, code);
    if (!as.error)
        return;
    bool connected = sk->daddr.family != VNET_AF_UNSPEC;
    if (!sk->recverr && (!as.fatal || !connected))
        return;
    if (sk->recverr)
        sock_queue_icmp_err(sk, skb, skb->head + ICMP_HDR_LEN, inner, as.error, type, code, info,
                            0);
    sk->err = as.error;
}

int ping_sendmsg(struct sock *sk, const void *payload, size_t len, const struct inet_addr *daddr)
{
    struct icmp_hdr icmp;
    struct sock_route r;
    if (len > IPV4_MAX_LEN)
        return -EMSGSIZE;
    if (!icmp_parse(payload, len, &icmp) || icmp.type != ICMP_ECHO || icmp.code != 0)
        return -EINVAL;
    int rc = sk->ident ? 0 : ping_get_ident(sk, 0);
    if (rc == 0)
        rc = sock_route_send(sk, daddr, len, &r);
    if (rc < 0)
        return rc;
    uint8_t *p = skb_put(r.skb, len);
    memcpy(p, payload, len);
    icmp.rest = (uint32_t)sk->ident << 16 | icmp_echo_seq(&icmp);
    icmp_emit(p, len, &icmp);
    return sock_send(sk, &r);
}
