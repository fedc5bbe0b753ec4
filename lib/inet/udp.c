/* UDP: ports, who a datagram is for, and IPv4's side of it (net/ipv4/udp.c, datagram.c; RFC 768,
 * RFC 1122 4.1). */
#include "inet/udp.h"

#include <errno.h>
#include <string.h>

#include "inet/icmp.h"
#include "inet/ip.h"
#include "inet/mib.h"
#include "inet/text.h"
#include "inet/truesize.h"
#include "sim/trace.h"
#include "vnet_route.h"
#include "wire/cksum.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"
#include "wire/udp.h"

static bool is_set(const struct inet_addr *a)
{
    return a->family != VNET_AF_UNSPEC && !inet_addr_is_any(a);
}

/* ---- ports ---- */

/* inet_rcv_saddr_equal(), and devices. */
static bool conflicts(const struct sock *a, const struct sock *b)
{
    bool same_addr = !is_set(&a->rcv_saddr) || !is_set(&b->rcv_saddr) ||
                     inet_addr_eq(&a->rcv_saddr, &b->rcv_saddr);
    bool same_dev = !a->bound_dev_if || !b->bound_dev_if || a->bound_dev_if == b->bound_dev_if;
    return same_addr && same_dev;
}

static bool port_in_use(const struct sock *me, uint16_t port)
{
    list_each(pos, &me->ns->socks->socks)
    {
        const struct sock *sk = list_entry(pos, struct sock, node);
        if (sk != me && sock_is_udp(sk) && sk->ident == port && conflicts(me, sk))
            return true;
    }
    return false;
}

int udp_get_port(struct sock *sk, uint16_t port)
{
    const struct netns *ns = sk->ns;
    uint32_t low = (uint32_t)net_sysctl(ns, NET_IPV4_IP_LOCAL_PORT_MIN);
    uint32_t n = (uint32_t)net_sysctl(ns, NET_IPV4_IP_LOCAL_PORT_MAX) - low + 1;
    if (port) {
        if (port_in_use(sk, port))
            return -EADDRINUSE;
        sk->ident = port;
        return 0;
    }
    uint32_t first = (uint32_t)rng_below(&ns->w->rng, n);
    for (uint32_t i = 0; i < n; i++) {
        uint16_t try = (uint16_t)(low + (first + i) % n);
        if (port_in_use(sk, try))
            continue;
        sk->ident = try;
        return 0;
    }
    return -EADDRINUSE;
}

/* compute_score(): -1: it is not for this socket. */
static int score(const struct sock *sk, const struct udp_flow *fl)
{
    int points = 1;
    if (!sock_is_udp(sk) || sk->family != fl->daddr.family || sk->ident != fl->dport)
        return -1;
    if (is_set(&sk->rcv_saddr) && !inet_addr_eq(&sk->rcv_saddr, &fl->daddr))
        return -1;
    if (is_set(&sk->daddr) && !inet_addr_eq(&sk->daddr, &fl->saddr))
        return -1;
    if (sk->dport && sk->dport != fl->sport)
        return -1;
    if (sk->bound_dev_if && sk->bound_dev_if != fl->dif)
        return -1;
    points += is_set(&sk->rcv_saddr) ? 4 : 0;
    points += is_set(&sk->daddr) ? 4 : 0;
    points += sk->dport ? 4 : 0;
    return points + (sk->bound_dev_if ? 4 : 0);
}

struct sock *udp_lookup(const struct netns *ns, const struct udp_flow *fl)
{
    struct sock *best = NULL;
    int most = 0;
    list_each(pos, &ns->socks->socks)
    {
        struct sock *sk = list_entry(pos, struct sock, node);
        int points = score(sk, fl);
        if (points > most) {
            most = points;
            best = sk;
        }
    }
    return best;
}

/* ---- receiving ---- */

static void count(struct sock *sk, enum udp_mib field)
{
    struct mib *mib = sk->ns->mib;
    (sk->family == VNET_AF_INET6 ? mib->udp6 : mib->udp)[field]++;
}

void udp_queue_rcv(struct sock *sk, const struct skb *skb, const struct udp_flow *fl,
                   const uint8_t *payload, uint32_t len, uint8_t ttl, uint8_t tos)
{
    uint32_t truesize = skb_truesize(sk->ns->w, skb->head + skb->len - skb->net);
    struct sock_msg *m = sock_queue_rcv(sk, payload, len, truesize);
    if (!m) {
        count(sk, UDP_MIB_RCVBUFERRORS);
        count(sk, UDP_MIB_INERRORS);
        return;
    }
    m->meta = (struct vnet_msg){
        .time = skb->tstamp,
        .from = fl->saddr,
        .port = fl->sport,
        .ttl = ttl,
        .tos = tos,
        .iif = fl->dif,
        .len = len,
    };
    count(sk, UDP_MIB_INDATAGRAMS);
    trace(sk->ns->w, skb->dev, "socket", "udp_queue_rcv_skb", VNET_TRACE_OK, NULL,
          "received by socket %u", sk->id);
}

static void drop(struct skb *skb, const struct vnet_drop_reason *reason, const char *why)
{
    struct vnet *w = skb->dev->ns->w;
    trace(w, skb->dev, "udp", "__udp4_lib_rcv", VNET_TRACE_DROPPED, reason, "%s", why);
    skb_free(w, skb);
}

/* The sum of the pseudo-header (RFC 768), not folded. */
static uint64_t pseudo_sum(uint32_t saddr, uint32_t daddr, uint32_t len)
{
    return (uint64_t)(saddr >> 16) + (saddr & 0xffff) + (daddr >> 16) + (daddr & 0xffff) +
           VNET_IPPROTO_UDP + len;
}

/* udp4_csum_init() */
static bool checksum_ok(const struct skb *skb, const struct ipv4_hdr *h, const struct udp_hdr *u)
{
    if (!u->check || skb->ip_summed == CHECKSUM_PARTIAL)
        return true;
    uint64_t sum = pseudo_sum(h->saddr, h->daddr, u->len);
    return cksum_finish(cksum_add(sum, skb_data(skb), u->len)) == 0;
}

static struct udp_flow flow_of(const struct skb *skb, const struct ipv4_hdr *h,
                               const struct udp_hdr *u)
{
    return (struct udp_flow){.saddr = inet_addr_v4(h->saddr),
                             .daddr = inet_addr_v4(h->daddr),
                             .sport = u->sport,
                             .dport = u->dport,
                             .dif = skb_inet_iif(skb)};
}

/* __udp4_lib_mcast_deliver() */
static void deliver_group(struct skb *skb, const struct ipv4_hdr *h, const struct udp_flow *fl,
                          uint32_t len)
{
    struct netns *ns = skb->dev->ns;
    bool any = false;
    list_each(pos, &ns->socks->socks)
    {
        struct sock *sk = list_entry(pos, struct sock, node);
        if (score(sk, fl) < 0)
            continue;
        udp_queue_rcv(sk, skb, fl, skb_data(skb) + UDP_HDR_LEN, len, h->ttl, h->tos);
        any = true;
    }
    if (any) {
        skb_free(ns->w, skb);
        return;
    }
    ns->mib->udp[UDP_MIB_IGNOREDMULTI]++;
    drop(skb, DROP_REASON(NO_SOCKET), "no socket for this group");
}

/* __udp4_lib_rcv() */
void udp_rcv(struct skb *skb, const struct ipv4_hdr *h)
{
    struct netns *ns = skb->dev->ns;
    struct udp_hdr u;
    if (!udp_parse(skb_data(skb), skb->len, &u) || u.len < UDP_HDR_LEN || u.len > skb->len) {
        ns->mib->udp[UDP_MIB_INERRORS]++;
        drop(skb, DROP_REASON(PKT_TOO_SMALL), "shorter than its header says");
        return;
    }
    if (!checksum_ok(skb, h, &u)) {
        ns->mib->udp[UDP_MIB_INCSUMERRORS]++;
        ns->mib->udp[UDP_MIB_INERRORS]++;
        drop(skb, DROP_REASON(UDP_CSUM), "bad checksum");
        return;
    }
    const struct udp_flow fl = flow_of(skb, h, &u);
    if (skb->dst.flags & (VNET_RTCF_BROADCAST | VNET_RTCF_MULTICAST)) {
        deliver_group(skb, h, &fl, u.len - UDP_HDR_LEN);
        return;
    }
    struct sock *sk = udp_lookup(ns, &fl);
    if (!sk) {
        ns->mib->udp[UDP_MIB_NOPORTS]++;
        icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
        drop(skb, DROP_REASON(NO_SOCKET), "no socket has this port");
        return;
    }
    udp_queue_rcv(sk, skb, &fl, skb_data(skb) + UDP_HDR_LEN, u.len - UDP_HDR_LEN, h->ttl, h->tos);
    skb_free(ns->w, skb);
}

/* ---- errors ---- */

void udp_icmp_error(struct skb *skb, const struct ipv4_hdr *quoted, uint32_t inner, uint8_t type,
                    uint8_t code, uint32_t info)
{
    struct udp_hdr u;
    uint32_t at = inner + quoted->hdr_len, end = skb->head + skb->len;
    if (!udp_parse(skb->buf + at, end - at, &u))
        return;
    const struct udp_flow back = {.saddr = inet_addr_v4(quoted->daddr),
                                  .daddr = inet_addr_v4(quoted->saddr),
                                  .sport = u.dport,
                                  .dport = u.sport,
                                  .dif = skb->dev->ifindex};
    struct sock *sk = udp_lookup(skb->dev->ns, &back);
    if (!sk) {
        icmp_inc(skb->dev->ns, ICMP_MIB_INERRORS);
        return;
    }
    sock_icmp_learn(skb, sk, quoted, type, code, info);
    if (type == ICMP_SOURCE_QUENCH || type == ICMP_REDIRECT)
        return;
    const struct icmp_errno as = icmp_errno_of_dgram(sk, type, code);
    if (!as.error || (!sk->recverr && (!as.fatal || !is_set(&sk->daddr))))
        return;
    if (sk->recverr)
        sock_queue_icmp_err(sk, skb, inner, at + UDP_HDR_LEN, as.error, type, code, info, u.dport);
    sk->err = as.error;
    trace(sk->ns->w, skb->dev, "socket", "__udp4_lib_err", VNET_TRACE_OK, NULL,
          "socket %u is told: ICMP type %u code %u", sk->id, type, code);
}

/* ---- sending ---- */

bool udp_offloads(const struct dst *dst, size_t packet_len)
{
    uint32_t mtu = dst->mtu ? dst->mtu : dst->dev->mtu;
    bool offers = netif_is_loopback(dst->dev) || dst->dev->type == VNET_ARPHRD_ETHER;
    return offers && packet_len <= mtu;
}

/* udp_send_skb() */
int udp_sendmsg(struct sock *sk, const void *payload, size_t len, const struct inet_addr *to,
                uint16_t port)
{
    struct sock_route r = {.dport = port};
    if (len > IPV4_MAX_LEN)
        return -EMSGSIZE;
    int rc = sk->ident ? 0 : udp_get_port(sk, 0);
    if (rc == 0)
        rc = sock_route_send(sk, to, len + UDP_HDR_LEN, &r);
    if (rc < 0)
        return rc;
    const uint32_t total = (uint32_t)len + UDP_HDR_LEN;
    const struct dst *dst = &r.skb->dst;
    uint8_t *p = skb_put(r.skb, total);
    uint64_t sum = pseudo_sum(inet_addr_to_v4(&dst->src), r.daddr, total);
    struct udp_hdr u = {.sport = sk->ident, .dport = port, .len = (uint16_t)total};
    memcpy(p + UDP_HDR_LEN, payload, len);
    if (udp_offloads(dst, total + IPV4_HDR_LEN + sk->opt.len)) {
        r.skb->ip_summed = CHECKSUM_PARTIAL;
        u.check = cksum_fold(sum);
    } else {
        udp_emit(p, &u);
        u.check = cksum_finish(cksum_add(sum, p, total));
        u.check = u.check ? u.check : 0xffff;
    }
    udp_emit(p, &u);
    return sock_send(sk, &r);
}
