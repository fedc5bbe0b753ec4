/* Raw IPv6 sockets (net/ipv6/raw.c). */
#include <errno.h>

#include "inet/addrconf_int.h"
#include "inet/sock.h"
#include "inet/text.h"
#include "inet/truesize.h"
#include "wire/cksum.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

enum { ICMP_FILTER_MIN = 4, PMTUDISC_DO = 2 };

static bool addr_matches(const struct inet_addr *want, const struct inet_addr *have)
{
    return want->family == VNET_AF_UNSPEC || inet_addr_is_any(want) || inet_addr_eq(want, have);
}

static bool is_raw6(const struct sock *sk, uint8_t protocol)
{
    return sk->family == VNET_AF_INET6 && sk->type == VNET_SOCK_RAW && sk->protocol == protocol;
}

/* raw_v6_match() */
static bool raw_match(const struct sock *sk, uint8_t protocol, const struct inet_addr *rmt,
                      const struct inet_addr *loc, int dif)
{
    return is_raw6(sk, protocol) && addr_matches(&sk->daddr, rmt) &&
           addr_matches(&sk->rcv_saddr, loc) && (!sk->bound_dev_if || sk->bound_dev_if == dif);
}

/* icmpv6_filter(): true: the socket does not want this type. */
static bool icmpv6_filtered(const struct sock *sk, const struct skb *skb, size_t len)
{
    if (sk->protocol != VNET_IPPROTO_ICMPV6)
        return false;
    if (len < ICMP_FILTER_MIN)
        return true;
    uint8_t type = skb_transport(skb)[0];
    return sk->icmp6_filter[type >> 5] >> (type & 31) & 1;
}

bool sock6_queue_rcv(struct sock *sk, const struct skb *skb, const struct ipv6_hdr *h)
{
    uint32_t end = skb->head + skb->len;
    struct sock_msg *m = sock_queue_rcv(sk, skb_transport(skb), end - skb->transport,
                                        skb_truesize(sk->ns->w, end - skb->net));
    if (!m)
        return false;
    m->meta = (struct vnet_msg){
        .time = skb->tstamp,
        .from = inet_addr_v6(h->saddr),
        .ttl = h->hop_limit,
        .tos = h->tclass,
        .iif = skb_inet6_iif(skb),
        .len = end - skb->transport,
    };
    m->meta.scope_id = ipv6_iface_scope_id(&m->meta.from, m->meta.iif);
    return true;
}

/* rawv6_rcv(): ICMPv6's checksum is the socket's own affair. */
static void rawv6_rcv(struct sock *sk, const struct skb *skb, const struct ipv6_hdr *h, size_t len)
{
    if (sk->protocol == VNET_IPPROTO_ICMPV6 &&
        cksum_ipv6(h->saddr, h->daddr, IPV6_NEXTHDR_ICMP, skb_transport(skb), len) != 0) {
        sk->drops++;
        trace(sk->ns->w, skb->dev, "socket", "rawv6_rcv_skb", VNET_TRACE_DROPPED, NULL,
              "bad checksum");
        return;
    }
    if (sock6_queue_rcv(sk, skb, h))
        trace(sk->ns->w, skb->dev, "socket", "rawv6_rcv", VNET_TRACE_OK, NULL,
              "received by socket %u", sk->id);
}

bool raw6_local_deliver(const struct skb *skb, uint8_t protocol)
{
    struct netns *ns = skb->dev->ns;
    struct ipv6_hdr h;
    bool taken = false;
    if (list_empty(&ns->socks->socks))
        return false;
    ipv6_parse(skb_net(skb), IPV6_HDR_LEN, &h);
    const struct inet_addr saddr = inet_addr_v6(h.saddr), daddr = inet_addr_v6(h.daddr);
    size_t len = skb->head + skb->len - skb->transport;
    int dif = skb_inet6_iif(skb);
    list_each(pos, &ns->socks->socks)
    {
        struct sock *sk = list_entry(pos, struct sock, node);
        if (raw_match(sk, protocol, &saddr, &daddr, dif)) {
            taken = true;
            if (!icmpv6_filtered(sk, skb, len))
                rawv6_rcv(sk, skb, &h, len);
        } else if (is_raw6(sk, protocol)) {
            trace(ns->w, skb->dev, "socket", "raw_v6_match", VNET_TRACE_IGNORED, NULL,
                  "socket %u does not match: it is bound to device %d, the packet is from %s by %d",
                  sk->id, sk->bound_dev_if, ADDR_STR(&saddr), dif);
        }
    }
    return taken;
}

/* ---- errors ---- */

/* icmpv6_err_convert() */
struct icmp_errno icmpv6_errno(uint8_t type, uint8_t code)
{
    static const struct icmp_errno unreach[] = {
        {ENETUNREACH, false}, {EACCES, true}, {EHOSTUNREACH, false}, {EHOSTUNREACH, false},
        {ECONNREFUSED, true}, {EACCES, true}, {EACCES, true},
    };
    switch (type) {
    case ICMPV6_DEST_UNREACH:
        return code < sizeof(unreach) / sizeof(unreach[0]) ? unreach[code]
                                                           : (struct icmp_errno){EPROTO, true};
    case ICMPV6_PKT_TOOBIG:
        return (struct icmp_errno){EMSGSIZE, false};
    case ICMPV6_PARAMPROB:
        return (struct icmp_errno){EPROTO, true};
    case ICMPV6_TIME_EXCEED:
        return (struct icmp_errno){EHOSTUNREACH, false};
    default:
        return (struct icmp_errno){EPROTO, false};
    }
}

/* rawv6_err() */
static void rawv6_err(struct sock *sk, struct skb *skb, const struct sock6_error *e)
{
    struct icmp_errno as = icmpv6_errno(e->type, e->code);
    bool connected = sk->daddr.family != VNET_AF_UNSPEC, hard = as.fatal;
    if ((!sk->recverr && !connected) || e->type == NDISC_REDIRECT)
        return;
    if (e->type == ICMPV6_PKT_TOOBIG)
        hard = sk->pmtudisc == PMTUDISC_DO;
    if (sk->recverr)
        sock6_queue_icmp_err(sk, skb, e, as.error);
    if (sk->recverr || hard)
        sk->err = as.error;
    trace(sk->ns->w, skb->dev, "socket", "rawv6_err", VNET_TRACE_OK, NULL,
          "socket %u is told: ICMPv6 type %u code %u", sk->id, e->type, e->code);
}

void raw6_icmp_error(struct skb *skb, const struct sock6_error *e)
{
    int dif = skb_inet6_iif(skb);
    list_each_safe(pos, tmp, &skb->dev->ns->socks->socks)
    {
        struct sock *sk = list_entry(pos, struct sock, node);
        if (raw_match(sk, e->protocol, &e->daddr, &e->saddr, dif))
            rawv6_err(sk, skb, e);
        else if (is_raw6(sk, e->protocol))
            trace(sk->ns->w, skb->dev, "socket", "raw6_icmp_error", VNET_TRACE_IGNORED, NULL,
                  "socket %u is bound to device %d, the error came by %s", sk->id, sk->bound_dev_if,
                  skb->dev->name);
    }
}

int rawv6_sendmsg(struct sock *sk, const void *payload, size_t len, const struct vnet_sockaddr6 *to,
                  int pktinfo)
{
    enum { CHECKSUM_END = 4 };
    if (sk->protocol == VNET_IPPROTO_ICMPV6 && len < CHECKSUM_END)
        return -EINVAL;
    return sock6_send(sk, payload, len, to, pktinfo);
}
