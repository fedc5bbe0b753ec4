/* Raw IPv4 sockets (net/ipv4/raw.c). */
#include <errno.h>
#include <string.h>

#include "inet/fib_exception.h"
#include "inet/ip.h"
#include "inet/sock.h"
#include "inet/text.h"
#include "inet/truesize.h"
#include "inet/udp.h"
#include "sim/trace.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

static bool addr_matches(const struct inet_addr *want, uint32_t have)
{
    return want->family == VNET_AF_UNSPEC || inet_addr_is_any(want) ||
           inet_addr_to_v4(want) == have;
}

/* raw_v4_match() */
static bool raw_match(const struct sock *sk, uint8_t protocol, uint32_t raddr, uint32_t laddr,
                      int dif)
{
    return sk->family == VNET_AF_INET && sk->type == VNET_SOCK_RAW && sk->protocol == protocol &&
           (!sk->bound_dev_if || sk->bound_dev_if == dif) && addr_matches(&sk->daddr, raddr) &&
           addr_matches(&sk->rcv_saddr, laddr);
}

/* icmp_filter(): true: the socket does not want this type. */
static bool icmp_filtered(const struct sock *sk, const struct skb *skb, const struct ipv4_hdr *h)
{
    uint32_t end = skb->head + skb->len, at = skb->net + h->hdr_len;
    if (sk->protocol != VNET_IPPROTO_ICMP)
        return false;
    if (at + ICMP_HDR_LEN > end)
        return true;
    uint8_t type = skb->buf[at];
    return type < 32 && (sk->icmp_filter >> type & 1);
}

static void raw_rcv(struct sock *sk, const struct skb *skb, const struct ipv4_hdr *h)
{
    uint32_t len = skb->head + skb->len - skb->net;
    struct sock_msg *m = sock_queue_rcv(sk, skb_net(skb), len, skb_truesize(sk->ns->w, len));
    if (!m)
        return;
    sock_msg_ipv4(m, skb, h);
    trace(sk->ns->w, skb->dev, "socket", "raw_rcv", VNET_TRACE_OK, NULL, "received by socket %u",
          sk->id);
}

bool raw_local_deliver(struct skb *skb, const struct ipv4_hdr *h)
{
    struct netns *ns = skb->dev->ns;
    bool taken = false;
    if (list_empty(&ns->socks->socks))
        return false;
    int dif = ns->w->profile->kernel.raw_match_inet_iif ? skb_inet_iif(skb) : skb->dev->ifindex;
    list_each(pos, &ns->socks->socks)
    {
        struct sock *sk = list_entry(pos, struct sock, node);
        if (raw_match(sk, h->protocol, h->saddr, h->daddr, dif)) {
            taken = true;
            if (!icmp_filtered(sk, skb, h))
                raw_rcv(sk, skb, h);
        } else if (sk->type == VNET_SOCK_RAW && sk->protocol == h->protocol) {
            trace(ns->w, skb->dev, "socket", "raw_v4_match", VNET_TRACE_IGNORED, NULL,
                  "socket %u does not match: it is bound to device %d, the packet is from %s by %d",
                  sk->id, sk->bound_dev_if, V4_STR(h->saddr), dif);
        }
    }
    return taken;
}

/* ---- errors ---- */

static void raw_err(struct sock *sk, struct skb *skb, uint32_t inner, const struct ipv4_hdr *quoted,
                    const struct icmp_hdr *icmp, uint32_t info)
{
    bool connected = sk->daddr.family != VNET_AF_UNSPEC;
    sock_icmp_learn(skb, sk, quoted, icmp->type, icmp->code, info);
    if (icmp->type == ICMP_REDIRECT || (!sk->recverr && !connected))
        return;
    if (icmp->type == ICMP_SOURCE_QUENCH)
        return;
    const struct icmp_errno as = icmp_errno_of(sk, icmp->type, icmp->code);
    if (sk->recverr)
        sock_queue_icmp_err(sk, skb, inner, inner + quoted->hdr_len, as.error, icmp->type,
                            icmp->code, info, 0);
    if (sk->recverr || as.fatal)
        sk->err = as.error;
    trace(sk->ns->w, skb->dev, "socket", "raw_err", VNET_TRACE_OK, NULL,
          "socket %u is told: ICMP type %u code %u", sk->id, icmp->type, icmp->code);
}

void sock_icmp_learn(const struct skb *skb, const struct sock *sk, const struct ipv4_hdr *quoted,
                     uint8_t type, uint8_t code, uint32_t info)
{
    if (type == ICMP_REDIRECT)
        ipv4_redirect(skb, sk, quoted, code, info);
    else if (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED)
        ipv4_update_pmtu(skb->dev->ns, sk, quoted, info);
}

/* icmp_err(): about an answer of the kernel, or what a datagram socket sent. */
static void icmp_err(struct skb *skb, const struct ipv4_hdr *quoted, uint32_t at, uint8_t type,
                     uint8_t code, uint32_t info)
{
    if (skb->buf[at] == ICMP_ECHOREPLY)
        sock_icmp_learn(skb, NULL, quoted, type, code, info);
    else
        ping_icmp_error(skb, quoted, at, type, code, info);
}

void sock_icmp_error(struct skb *skb, uint32_t inner, uint8_t type, uint8_t code, uint32_t info)
{
    struct ipv4_hdr h;
    struct icmp_hdr icmp = {.type = type, .code = code};
    uint32_t end = skb->head + skb->len;
    if (!ipv4_parse(skb->buf + inner, end - inner, &h) || inner + h.hdr_len + 8U > end)
        return;
    list_each_safe(pos, tmp, &skb->dev->ns->socks->socks)
    {
        struct sock *sk = list_entry(pos, struct sock, node);
        if (raw_match(sk, h.protocol, h.daddr, h.saddr, skb->dev->ifindex))
            raw_err(sk, skb, inner, &h, &icmp, info);
        else if (sk->family == VNET_AF_INET && sk->type == VNET_SOCK_RAW &&
                 sk->protocol == h.protocol)
            trace(sk->ns->w, skb->dev, "socket", "raw_icmp_error", VNET_TRACE_IGNORED, NULL,
                  "socket %u is bound to device %d, the error came by %s", sk->id, sk->bound_dev_if,
                  skb->dev->name);
    }
    if (h.protocol == VNET_IPPROTO_UDP)
        udp_icmp_error(skb, &h, inner, type, code, info);
    if (h.protocol == VNET_IPPROTO_ICMP)
        icmp_err(skb, &h, inner + h.hdr_len, type, code, info);
}

/* ---- sending ---- */

int raw_sendmsg(struct sock *sk, const void *payload, size_t len, const struct inet_addr *daddr)
{
    struct sock_route r;
    int rc = sock_route_send(sk, daddr, len, &r);
    if (rc < 0)
        return rc;
    memcpy(skb_put(r.skb, len), payload, len);
    return sock_send(sk, &r);
}
