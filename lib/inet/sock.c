/* Sockets: their table, their receive and error queues, and the way of what they send
 * (net/core/sock.c, net/ipv4/ip_sockglue.c, ip_output.c). */
#include "inet/sock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "can/af_can.h"
#include "inet/ip.h"
#include "inet/mib.h"
#include "inet/neigh.h"
#include "inet/route_cache.h"
#include "inet/rtnetlink.h"
#include "inet/text.h"
#include "inet/truesize.h"
#include "inet/udp.h"
#include "sim/trace.h"
#include "vnet_addr.h"
#include "vnet_route.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

enum {
    FREE_MSGS_MAX = 64,
    IP_PMTUDISC_DONT = 0,
    IP_PMTUDISC_WANT = 1,
    IP_PMTUDISC_DO = 2,
    IP_PMTUDISC_PROBE = 3,
    IP_PMTUDISC_OMIT = 5
};
enum { SO_EE_ORIGIN_LOCAL = 1, SO_EE_ORIGIN_ICMP = 2 };

/* ---- the table ---- */

void sock_table_init(struct netns *ns)
{
    ns->socks = mem_alloc(sizeof(*ns->socks));
    list_init(&ns->socks->socks);
    list_init(&ns->socks->free_msgs);
    list_init(&ns->socks->flowlabels);
}

static void msg_destroy(struct sock_msg *m)
{
    list_del(&m->node);
    free(m->data);
    free(m);
}

void sock_table_exit(struct netns *ns)
{
    struct sock_table *t = ns->socks;
    list_each_safe(pos, tmp, &t->socks) sock_free(list_entry(pos, struct sock, node));
    list_each_safe(pos, tmp, &t->flowlabels)
        flowlabel_free(list_entry(pos, struct flowlabel, node));
    list_each_safe(pos, tmp, &t->free_msgs) msg_destroy(list_entry(pos, struct sock_msg, node));
    free(t);
    ns->socks = NULL;
}

struct sock *sock_find(struct vnet *w, vnet_sock_id id)
{
    if (w->sock_found && w->sock_found->id == id)
        return w->sock_found;
    netns_each_awake(w, ns)
    {
        list_each(pos, &ns->socks->socks)
        {
            struct sock *sk = list_entry(pos, struct sock, node);
            if (sk->id == id)
                return w->sock_found = sk;
        }
    }
    return NULL;
}

static vnet_sock_id next_id(struct vnet *w)
{
    do {
        if (++w->last_sock_id == 0)
            w->last_sock_id = 1;
    } while (sock_find(w, w->last_sock_id));
    return w->last_sock_id;
}

static bool is_ping(const struct sock *sk)
{
    return sk->type == VNET_SOCK_DGRAM && sk->family != VNET_AF_PACKET;
}

struct sock *sock_new(struct netns *ns, uint8_t family, int type, int protocol, vnet_sock_id id)
{
    struct sock *sk = mem_alloc(sizeof(*sk));
    sk->ns = ns;
    sk->id = id ? id : next_id(ns->w);
    sk->family = family;
    sk->type = type;
    sk->protocol = protocol;
    sk->ttl = -1;
    sk->mc_ttl = 1;
    sk->mc_loop = true;
    sk->pmtudisc = net_sysctl(ns, NET_IPV4_IP_NO_PMTU_DISC) ? 0 : IP_PMTUDISC_WANT;
    sk->rcvbuf = (uint32_t)net_sysctl_global(ns, NET_CORE_RMEM_DEFAULT);
    sk->sndbuf = (uint32_t)net_sysctl_global(ns, NET_CORE_WMEM_DEFAULT);
    sk->can = family == VNET_AF_CAN ? can_raw_opts_new() : NULL;
    ns->socks->npacket += family == VNET_AF_PACKET;
    ns->socks->nping += is_ping(sk);
    list_init(&sk->rx);
    list_init(&sk->errq);
    list_add_tail(&sk->node, &ns->socks->socks);
    return sk;
}

void sock_free(struct sock *sk)
{
    if (sk->ns->w->sock_found == sk)
        sk->ns->w->sock_found = NULL;
    list_each_safe(pos, tmp, &sk->rx) msg_destroy(list_entry(pos, struct sock_msg, node));
    list_each_safe(pos, tmp, &sk->errq) msg_destroy(list_entry(pos, struct sock_msg, node));
    can_raw_opts_free(sk->can);
    sock_release_flowlabels(sk);
    sk->ns->socks->npacket -= sk->family == VNET_AF_PACKET;
    sk->ns->socks->nping -= is_ping(sk);
    list_del(&sk->node);
    if (sk->netlink_groups)
        netlink_count_groups(sk->ns);
    free(sk);
}

/* ---- queues ---- */

struct sock_msg *sock_msg_first(struct list *queue)
{
    return list_first(queue, struct sock_msg, node);
}

static struct sock_msg *msg_get(struct sock_table *t, uint32_t len)
{
    struct sock_msg *m = sock_msg_first(&t->free_msgs);
    if (m) {
        list_del(&m->node);
        t->nfree--;
    } else {
        m = mem_alloc(sizeof(*m));
        list_init(&m->node);
    }
    if (m->cap < len || !m->data) {
        m->cap = len > 256 ? len : 256;
        m->data = mem_realloc(m->data, m->cap);
    }
    return m;
}

void sock_msg_free(struct sock *sk, struct sock_msg *m)
{
    struct sock_table *t = sk->ns->socks;
    sk->rmem_alloc -= m->truesize;
    if (t->nfree >= FREE_MSGS_MAX) {
        msg_destroy(m);
        return;
    }
    list_del(&m->node);
    list_add_head(&m->node, &t->free_msgs);
    t->nfree++;
}

static struct sock_msg *append(struct sock *sk, struct list *queue, const uint8_t *data,
                               uint32_t len, uint32_t truesize)
{
    struct sock_msg *m = msg_get(sk->ns->socks, len);
    m->len = len;
    m->truesize = truesize;
    memcpy(m->data, data, len);
    sk->rmem_alloc += truesize;
    list_add_tail(&m->node, queue);
    return m;
}

void sock_queue_append(struct sock *sk, struct list *queue, const struct vnet_msg *meta,
                       const uint8_t *data, uint32_t len, uint32_t truesize)
{
    struct sock_msg *m = append(sk, queue, data, len, truesize);
    m->meta = *meta;
    m->meta.len = len;
}

struct sock_msg *sock_queue_rcv(struct sock *sk, const uint8_t *data, uint32_t len,
                                uint32_t truesize)
{
    if (sk->rmem_alloc >= sk->rcvbuf) {
        sk->drops++;
        trace(sk->ns->w, NULL, "socket", "__sock_queue_rcv_skb", VNET_TRACE_DROPPED,
              DROP_REASON(SOCKET_RCVBUFF), "the receive buffer of socket %u is full", sk->id);
        return NULL;
    }
    return append(sk, &sk->rx, data, len, truesize);
}

void sock_msg_ipv4(struct sock_msg *m, const struct skb *skb, const struct ipv4_hdr *h)
{
    const size_t untold = offsetof(struct vnet_msg, pkttype); /* the rest is zero */
    struct vnet_msg *to = &m->meta;
    to->time = skb->tstamp;
    to->len = m->len;
    inet_addr_set_v4(&to->from, h->saddr);
    to->ttl = h->ttl;
    to->tos = h->tos;
    to->iif = skb_inet_iif(skb);
    memset((uint8_t *)to + untold, 0, sizeof(*to) - untold);
}

bool sock_queue_err(struct sock *sk, const struct vnet_msg *meta, const uint8_t *data, uint32_t len,
                    uint32_t truesize)
{
    if (sk->rmem_alloc + truesize >= sk->rcvbuf)
        return false;
    sock_queue_append(sk, &sk->errq, meta, data, len, truesize);
    return true;
}

/* ---- errors ---- */

#ifndef ENONET
#define ENONET EHOSTUNREACH
#endif

static struct icmp_errno unreach_errno(uint8_t code)
{
    static const struct icmp_errno table[] = {
        {ENETUNREACH, false},  {EHOSTUNREACH, false}, {ENOPROTOOPT, true},  {ECONNREFUSED, true},
        {EMSGSIZE, false},     {EOPNOTSUPP, false},   {ENETUNREACH, true},  {EHOSTDOWN, true},
        {ENONET, true},        {ENETUNREACH, true},   {EHOSTUNREACH, true}, {ENETUNREACH, false},
        {EHOSTUNREACH, false}, {EHOSTUNREACH, true},  {EHOSTUNREACH, true}, {EHOSTUNREACH, true},
    };
    return code < sizeof(table) / sizeof(table[0]) ? table[code]
                                                   : (struct icmp_errno){EHOSTUNREACH, false};
}

struct icmp_errno icmp_errno_of(const struct sock *sk, uint8_t type, uint8_t code)
{
    if (type == ICMP_PARAMETERPROB)
        return (struct icmp_errno){EPROTO, true};
    if (type != ICMP_DEST_UNREACH)
        return (struct icmp_errno){EHOSTUNREACH, false};
    if (code == ICMP_FRAG_NEEDED)
        return (struct icmp_errno){EMSGSIZE, sk->pmtudisc != IP_PMTUDISC_DONT};
    return unreach_errno(code);
}

struct icmp_errno icmp_errno_of_dgram(const struct sock *sk, uint8_t type, uint8_t code)
{
    bool unasked =
        type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED && sk->pmtudisc == IP_PMTUDISC_DONT;
    return unasked ? (struct icmp_errno){0, false} : icmp_errno_of(sk, type, code);
}

void sock_queue_icmp_err(struct sock *sk, const struct skb *skb, uint32_t inner, uint32_t quoted,
                         int error, uint8_t type, uint8_t code, uint32_t info, uint16_t port)
{
    struct ipv4_hdr outer, quote;
    uint32_t end = skb->head + skb->len;
    if (!ipv4_parse(skb_net(skb), end - skb->net, &outer) ||
        !ipv4_parse(skb->buf + inner, end - inner, &quote) || quoted > end)
        return;
    struct vnet_msg meta = {
        .time = skb->tstamp,
        .from = inet_addr_v4(quote.daddr),
        .port = port,
        .ttl = outer.ttl,
        .tos = outer.tos,
        .iif = skb_inet_iif(skb),
        .ee_errno = error,
        .ee_origin = SO_EE_ORIGIN_ICMP,
        .ee_type = type,
        .ee_code = code,
        .ee_info = info,
        .offender = inet_addr_v4(outer.saddr),
    };
    sock_queue_err(sk, &meta, skb->buf + quoted, end - quoted,
                   skb_truesize(sk->ns->w, end - skb->net));
}

void sock_local_error(struct sock *sk, int error, const struct inet_addr *daddr, uint16_t port,
                      uint32_t info)
{
    struct vnet_msg meta = {
        .time = sk->ns->w->now,
        .from = *daddr,
        .port = port,
        .ttl = -1,
        .ee_errno = error,
        .ee_origin = SO_EE_ORIGIN_LOCAL,
        .ee_info = info,
    };
    if (sk->recverr)
        sock_queue_err(sk, &meta, (const uint8_t *)"", 0, skb_truesize(sk->ns->w, IPV4_HDR_LEN));
}

/* ---- sending ---- */

struct wmem {
    vnet_sock_id id;
    uint32_t bytes;
};

static int add_queued(struct neigh *n, void *arg)
{
    struct wmem *m = arg;
    for (const struct skb *skb = n->queue_head; skb; skb = skb->next)
        if (skb->sock == m->id)
            m->bytes += skb_truesize(n->tbl->ns->w, skb->len);
    return 0;
}

/* A packet holds its socket's send buffer until a device has it: only those that wait for a
 * neighbour do so for longer than a call. */
uint32_t sock_wmem(const struct sock *sk)
{
    struct wmem m = {.id = sk->id};
    struct neigh_table *tbl = sk->family == VNET_AF_INET6 ? sk->ns->nd_tbl : sk->ns->arp_tbl;
    if (tbl->queued > 0)
        neigh_each(tbl, add_queued, &m);
    return m.bytes;
}

/* With the ports, which rules may ask for. */
static int lookup_udp(struct sock *sk, const struct inet_addr *daddr, struct sock_route *r)
{
    struct flow fl = {
        .family = VNET_AF_INET,
        .daddr = *daddr,
        .saddr = sk->saddr,
        .oif = sk->bound_dev_if ? sk->bound_dev_if : sk->oif,
        .mark = sk->mark,
        .tos = (uint8_t)(sk->tos & 0x1e),
        .scope = sk->dontroute ? VNET_SCOPE_LINK : VNET_SCOPE_UNIVERSE,
        .proto = VNET_IPPROTO_UDP,
        .sport = sk->ident,
        .dport = r->dport,
    };
    int rc = ip_route_output(sk->ns, &fl, &r->skb->dst);
    r->daddr = inet_addr_to_v4(&fl.daddr);
    return rc;
}

static int lookup(struct sock *sk, const struct inet_addr *daddr, struct sock_route *r)
{
    if (sock_is_udp(sk))
        return lookup_udp(sk, daddr, r);
    struct flow4 fl = {
        .daddr = inet_addr_to_v4(daddr),
        .saddr = inet_addr_to_v4(&sk->saddr),
        .oif = sk->bound_dev_if ? sk->bound_dev_if : sk->oif,
        .mark = sk->mark,
        .tos = (uint8_t)(sk->tos & 0x1e),
        .scope = sk->dontroute ? VNET_SCOPE_LINK : VNET_SCOPE_UNIVERSE,
        .proto = (uint8_t)sk->protocol,
    };
    int rc = ip_route_output_cached(sk->ns, &fl, &r->skb->dst);
    r->daddr = fl.daddr;
    return rc;
}

/* __ip_append_data()'s limit: may len bytes be sent, in fragments if need be? */
static int check_size(struct sock *sk, struct sock_route *r, size_t len)
{
    struct dst *dst = &r->skb->dst;
    if (sk->pmtudisc >= IP_PMTUDISC_PROBE) { /* ip_sk_use_pmtu(): not the path's, nor the route's */
        dst->mtu = dst->dev->mtu;
        dst->pmtu = 0;
    }
    uint32_t mtu = ip_dst_mtu(dst), most = r->ignore_df ? IPV4_MAX_LEN : mtu;
    if (mtu < 68)
        return -ENETUNREACH;
    uint32_t hdr_len = IPV4_HDR_LEN + sk->opt.len;
    if (len + hdr_len > most) {
        struct inet_addr to = inet_addr_v4(r->daddr);
        sock_local_error(sk, EMSGSIZE, &to, sk->dport, mtu - sk->opt.len);
        return -EMSGSIZE;
    }
    bool want =
        sk->pmtudisc == IP_PMTUDISC_WANT && !ip_mtu_locked(&r->skb->dst) && len + hdr_len <= mtu;
    r->df = want || (sk->pmtudisc >= IP_PMTUDISC_DO && sk->pmtudisc < 4);
    return 0;
}

/* sock_alloc_send_skb(), which only sockets with a transport header use: what came in meanwhile is
 * reported, and who has filled the send buffer must wait. */
static int alloc_first(struct sock *sk, uint32_t wmem)
{
    int error = sk->err;
    if (sk->type == VNET_SOCK_RAW)
        return 0;
    sk->err = 0;
    if (error)
        return -error;
    return wmem >= sk->sndbuf ? -EAGAIN : 0;
}

/* One buffer a fragment: others than the first may fill the send buffer twice. */
int sock_alloc_packets(struct sock *sk, size_t len, uint32_t hdr, uint32_t whole, uint32_t room)
{
    uint32_t wmem = sock_wmem(sk), left = (uint32_t)len;
    int rc = alloc_first(sk, wmem);
    bool first_is_free = sk->type != VNET_SOCK_RAW;
    while (rc == 0) {
        uint32_t part = left > whole ? room : left;
        if (!first_is_free && 1 + (uint64_t)wmem > 2 * (uint64_t)sk->sndbuf)
            rc = -ENOBUFS;
        first_is_free = false;
        left -= part;
        if (left == 0)
            break;
        wmem += skb_truesize(sk->ns->w, part + hdr);
    }
    return rc;
}

static int route_send(struct sock *sk, const struct inet_addr *daddr, size_t len,
                      struct sock_route *r)
{
    const struct dst *dst = &r->skb->dst;
    int rc = lookup(sk, daddr, r);
    if (rc < 0) {
        if (rc == -ENETUNREACH && sk->type == VNET_SOCK_DGRAM) /* ping_v4_sendmsg() */
            ip_inc(sk->ns, IPSTATS_OUTNOROUTES);
        trace(sk->ns->w, NULL, "route", "ip_route_output_flow", VNET_TRACE_DROPPED,
              DROP_REASON(IP_OUTNOROUTES), "no route to %s", ADDR_STR(daddr));
        return rc;
    }
    if ((dst->flags & VNET_RTCF_BROADCAST) && !sk->broadcast)
        return -EACCES;
    r->ignore_df = sk->pmtudisc < IP_PMTUDISC_DO || sk->pmtudisc == IP_PMTUDISC_OMIT;
    r->ttl = dst->type == VNET_RTN_MULTICAST ? sk->mc_ttl : sk->ttl;
    rc = check_size(sk, r, len);
    if (rc < 0)
        return rc;
    uint32_t hdr_len = IPV4_HDR_LEN + sk->opt.len, whole = ip_dst_mtu(dst) - hdr_len;
    return sock_alloc_packets(sk, len, hdr_len, whole, whole & ~7U);
}

int sock_route_send(struct sock *sk, const struct inet_addr *daddr, size_t len,
                    struct sock_route *r)
{
    if (len > IPV4_MAX_LEN)
        return -EMSGSIZE;
    r->skb = skb_alloc(sk->ns->w, len);
    int rc = route_send(sk, daddr, len, r);
    r->skb->has_dst = rc == 0;
    if (rc < 0)
        skb_free(sk->ns->w, r->skb);
    return rc;
}

/* udp_send_skb(), udp_v6_send_skb() */
static void count_datagram(struct sock *sk, int rc)
{
    uint64_t *mib = sk->family == VNET_AF_INET6 ? sk->ns->mib->udp6 : sk->ns->mib->udp;
    if (rc == 0)
        mib[UDP_MIB_OUTDATAGRAMS]++;
    else if (rc == -ENOBUFS)
        mib[UDP_MIB_SNDBUFERRORS]++;
}

int sock_sent(struct sock *sk, int rc)
{
    if (sock_is_udp(sk))
        count_datagram(sk, rc);
    return rc == -ENOBUFS && !sk->recverr ? 0 : rc;
}

int sock_send(struct sock *sk, const struct sock_route *r)
{
    struct skb *skb = r->skb;
    struct ip_send how = {
        .protocol = (uint8_t)sk->protocol,
        .tos = (uint8_t)sk->tos,
        .ttl = r->ttl,
        .df = r->df,
        .ignore_df = r->ignore_df,
        .opt = sk->opt.len ? &sk->opt : NULL,
    };
    if (sk->type == VNET_SOCK_DGRAM && !inet_addr_is_any(&sk->daddr) && sk->daddr.family) {
        how.has_id = true; /* a connected socket counts its own */
        how.id = sk->ip_id++;
    }
    skb->sock = sk->id;
    skb->mark = sk->mark;
    skb->no_mc_loop = !sk->mc_loop;
    return sock_sent(sk, ip_send_skb(sk->ns, skb, r->daddr, &how));
}
