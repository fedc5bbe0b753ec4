/* What sockets of IPv6 share: binding, connecting, sending (net/ipv6/datagram.c, ip6_output.c,
 * raw.c). */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "inet/addrconf_int.h"
#include "inet/ip.h"
#include "inet/mib.h"
#include "inet/neigh.h"
#include "inet/route.h"
#include "inet/sock.h"
#include "inet/text.h"
#include "inet/udp.h"
#include "wire/cksum.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

enum { IPV6_MAXPLEN = 65535 };
enum { PMTUDISC_DO = 2, PMTUDISC_PROBE = 3, PMTUDISC_INTERFACE = 4, PMTUDISC_OMIT = 5 };

/* ---- scopes ---- */

/* __ipv6_addr_needs_scope_id() */
static bool needs_scope_id(const struct inet_addr *a)
{
    return inet_addr_is_linklocal(a) ||
           (inet_addr_is_multicast(a) && ipv6_scope(a) <= IPV6_SCOPE_LINKLOCAL);
}

int ipv6_iface_scope_id(const struct inet_addr *addr, int ifindex)
{
    return needs_scope_id(addr) ? ifindex : 0;
}

int skb_inet6_iif(const struct skb *skb)
{
    bool routed = skb->has_dst && netif_is_loopback(skb->dev); /* before ip6_rcv_core() */
    return routed && skb->dst.idev ? skb->dst.idev : skb->dev->ifindex;
}

static bool is_set(const struct inet_addr *a)
{
    return a->family != VNET_AF_UNSPEC && !inet_addr_is_any(a);
}

static bool is_v4mapped(const struct inet_addr *a)
{
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(a->bytes, prefix, sizeof(prefix)) == 0;
}

/* ---- bind(2) ---- */

/* The device that a link-local address is sought on; NULL where any will do. */
static int bind_dev(struct sock *sk, const struct vnet_sockaddr6 *addr, struct netdev **dev)
{
    *dev = NULL;
    if (!needs_scope_id(&addr->addr))
        return 0;
    if (addr->scope_id)
        sk->bound_dev_if = addr->scope_id;
    if (!sk->bound_dev_if)
        return -EINVAL;
    *dev = netdev_by_index(sk->ns, sk->bound_dev_if);
    return *dev ? 0 : -ENODEV;
}

int vnet_sock_bind6(struct vnet *w, vnet_sock_id id, const struct vnet_sockaddr6 *addr)
{
    struct sock *sk = sock_find(w, id);
    struct netdev *dev;
    if (!sk)
        return -EBADF;
    bool group = inet_addr_is_multicast(&addr->addr);
    int rc = is_v4mapped(&addr->addr) ? -EADDRNOTAVAIL : bind_dev(sk, addr, &dev);
    if (rc < 0)
        return rc;
    bool checked = is_set(&addr->addr) && !group && !net_sysctl(sk->ns, NET_IPV6_IP_NONLOCAL_BIND);
    if ((checked && !ipv6_find_addr(sk->ns, &addr->addr, dev, false)) ||
        (group && sock_is_ping(sk)))
        return -EADDRNOTAVAIL;
    if (sock_is_ping(sk) && !sk->ident && (rc = ping_get_ident(sk, 0)) < 0)
        return rc;
    sk->rcv_saddr = addr->addr;
    sk->saddr = group ? inet_addr_any(VNET_AF_INET6) : addr->addr;
    vnet_touch(w);
    return 0;
}

/* ---- connect(2) ---- */

/* __ip6_datagram_connect()'s rules on the device: of the address's scope, or the one bound to. */
static int connect_dev(const struct vnet_sockaddr6 *dst, int *bound)
{
    if (!needs_scope_id(&dst->addr))
        return 0;
    if (dst->scope_id && *bound && *bound != dst->scope_id)
        return -EINVAL;
    if (dst->scope_id)
        *bound = dst->scope_id;
    return *bound ? 0 : -EINVAL;
}

static struct inet_addr or_loopback(const struct inet_addr *a)
{
    return is_set(a) ? *a : ipv6_loopback;
}

/* ip6_dst_lookup_flow() */
static int lookup_flow(struct netns *ns, struct flow *fl, struct dst *dst)
{
    int rc = ip6_dst_lookup(ns, fl, dst);
    if (rc == -ENETUNREACH) {
        ip6_inc(ns, IPSTATS_OUTNOROUTES);
        ns->w->dirty = true;
    }
    if (rc == 0 && is_v4mapped(&fl->saddr) && !is_v4mapped(&fl->daddr))
        rc = -EAFNOSUPPORT;
    return rc;
}

int vnet_sock_connect6(struct vnet *w, vnet_sock_id id, const struct vnet_sockaddr6 *dst)
{
    struct sock *sk = sock_find(w, id);
    struct dst route;
    if (!sk)
        return -EBADF;
    if (is_v4mapped(&dst->addr)) /* raw and ICMP sockets are of IPv6 only */
        return -EAFNOSUPPORT;
    int rc = connect_dev(dst, &sk->bound_dev_if);
    if (rc < 0)
        return rc;
    struct flow fl = {.family = VNET_AF_INET6,
                      .daddr = or_loopback(&dst->addr),
                      .saddr = sk->saddr,
                      .oif = sk->bound_dev_if,
                      .mark = sk->mark,
                      .proto = (uint8_t)sk->protocol,
                      .sport = sk->ident,
                      .dport = sk->dport};
    rc = lookup_flow(sk->ns, &fl, &route);
    if (rc < 0)
        return rc;
    if (!is_set(&sk->saddr))
        sk->saddr = fl.saddr;
    if (!is_set(&sk->rcv_saddr))
        sk->rcv_saddr = fl.saddr;
    sk->daddr = fl.daddr;
    vnet_touch(w);
    return 0;
}

/* A socket of IPv6 reaches IPv4 by addresses ::ffff:a.b.c.d. */
static int probe_mapped(struct netns *ns, const struct inet_addr *dst, const char *ifname,
                        uint32_t mark, struct vnet_sockaddr6 *src)
{
    static const struct inet_addr none = {0};
    struct inet_addr v4 = {.family = VNET_AF_INET}, from;
    memcpy(v4.bytes, dst->bytes + 12, 4);
    int rc = vnet_sock_probe_source(ns, &v4, ifname, &none, 0, mark, false, &from);
    if (rc < 0)
        return rc;
    src->addr = *dst;
    memcpy(src->addr.bytes + 12, from.bytes, 4);
    return 0;
}

int vnet_sock_probe_source6(struct netns *ns, const struct vnet_sockaddr6 *dst, const char *ifname,
                            uint32_t mark, struct vnet_sockaddr6 *src)
{
    const struct netdev *dev = *ifname ? netdev_by_name(ns, ifname) : NULL;
    int bound = dev ? dev->ifindex : 0;
    struct dst route;
    if (*ifname && !dev)
        return -ENODEV;
    *src = (struct vnet_sockaddr6){0};
    if (is_v4mapped(&dst->addr))
        return probe_mapped(ns, &dst->addr, ifname, mark, src);
    int rc = connect_dev(dst, &bound);
    if (rc < 0)
        return rc;
    struct flow fl = {.family = VNET_AF_INET6,
                      .daddr = or_loopback(&dst->addr),
                      .oif = bound,
                      .mark = mark,
                      .proto = 17,
                      .dport = 1025};
    rc = lookup_flow(ns, &fl, &route);
    src->addr = fl.saddr;
    src->scope_id = ipv6_iface_scope_id(&fl.saddr, bound);
    return rc;
}

/* ---- sending ---- */

/* rawv6_sendmsg()'s choice: the scope of the destination, the bound device, IPV6_PKTINFO. */
static int out_ifindex(const struct sock *sk, const struct vnet_sockaddr6 *to, int pktinfo)
{
    int oif = to->scope_id && needs_scope_id(&to->addr) ? to->scope_id : 0;
    if (!oif)
        oif = sk->bound_dev_if;
    if (oif && pktinfo && pktinfo != oif)
        return -EINVAL;
    if (!oif)
        oif = pktinfo;
    if (sock_is_ping(sk) && sk->bound_dev_if && oif != sk->bound_dev_if)
        return -EINVAL;
    if (!oif)
        oif = sk->oif;
    bool lost = sock_is_ping(sk) && !oif && needs_scope_id(&to->addr);
    return lost ? -EINVAL : oif; /* ping_v6_sendmsg() wants to know the link */
}

/* __ip6_append_data()'s limits: may len bytes be sent, in fragments if need be? */
static int check_size(struct sock *sk, const struct flow *fl, const struct dst *dst, size_t len)
{
    bool of_device = sk->pmtudisc >= PMTUDISC_PROBE && sk->pmtudisc != PMTUDISC_OMIT;
    uint32_t mtu = of_device ? dst->dev->mtu : dst->mtu;
    bool ignore_df = sk->pmtudisc < PMTUDISC_DO || sk->pmtudisc == PMTUDISC_OMIT;
    uint32_t most = ignore_df ? IPV6_MAXPLEN + IPV6_HDR_LEN : mtu;
    if (mtu < IPV6_MIN_MTU)
        return -EINVAL;
    if (len + IPV6_HDR_LEN > most) {
        sock_local_error(sk, EMSGSIZE, &fl->daddr, fl->dport, mtu);
        return -EMSGSIZE;
    }
    uint32_t whole = mtu - IPV6_HDR_LEN;
    return sock_alloc_packets(sk, len, IPV6_HDR_LEN, whole, (whole & ~7U) - IPV6_FRAG_LEN);
}

/* udp_v6_send_skb(), udp6_hwcsum_outgoing() */
static void udp6_checksum(struct skb *skb, const struct dst *dst, const struct flow *fl)
{
    uint8_t *p = skb_data(skb);
    put_be16(p + 6, 0);
    if (udp_offloads(dst, skb->len + IPV6_HDR_LEN)) {
        skb->ip_summed = CHECKSUM_PARTIAL;
        uint64_t sum = cksum_add(VNET_IPPROTO_UDP + skb->len, fl->saddr.bytes, 16);
        put_be16(p + 6, cksum_fold(cksum_add(sum, fl->daddr.bytes, 16)));
        return;
    }
    uint16_t check = cksum_ipv6(fl->saddr.bytes, fl->daddr.bytes, VNET_IPPROTO_UDP, p, skb->len);
    put_be16(p + 6, check ? check : 0xffff);
}

int sock6_send(struct sock *sk, const void *payload, size_t len, const struct vnet_sockaddr6 *to,
               int pktinfo)
{
    int oif = out_ifindex(sk, to, pktinfo);
    if (to->flowlabel && !sock_has_flowlabel(sk, to->flowlabel))
        return -EINVAL;
    struct flow fl = {.family = VNET_AF_INET6,
                      .daddr = or_loopback(&to->addr),
                      .saddr = sk->saddr,
                      .oif = oif,
                      .mark = sk->mark,
                      .proto = (uint8_t)sk->protocol,
                      .sport = sk->ident,
                      .dport =
                          sock_is_udp(sk) ? get_be16((const uint8_t *)payload + 2) : sk->dport};
    struct dst dst;
    int rc = oif < 0 ? oif : lookup_flow(sk->ns, &fl, &dst);
    if (rc < 0)
        return rc;
    rc = check_size(sk, &fl, &dst, len);
    if (rc < 0)
        return rc;
    const bool group = inet_addr_is_multicast(&fl.daddr);
    struct ip6_send how = {.nexthdr = (uint8_t)sk->protocol,
                           .tclass = (uint8_t)sk->tos,
                           .hop_limit = group ? sk->mc_ttl : sk->ttl,
                           .flowlabel = to->flowlabel,
                           .ignore_df = true};
    struct skb *skb = skb_alloc(sk->ns->w, len);
    memcpy(skb_put(skb, len), payload, len);
    if (sk->protocol == VNET_IPPROTO_ICMPV6)
        icmpv6_checksum(skb_data(skb), len, fl.saddr.bytes, fl.daddr.bytes);
    if (sock_is_udp(sk))
        udp6_checksum(skb, &dst, &fl);
    if (!how.flowlabel)
        how.flowlabel = ip6_auto_flowlabel(sk->ns, &fl.saddr, &fl.daddr, skb_data(skb)[0]);
    skb->has_dst = true;
    skb->dst = dst;
    skb->sock = sk->id;
    skb->mark = sk->mark;
    skb->no_mc_loop = !sk->mc_loop;
    return sock_sent(sk, ip6_send_skb(sk->ns, skb, &fl.saddr, &fl.daddr, &how));
}

int vnet_sendto6(struct vnet *w, vnet_sock_id id, const void *payload, size_t len,
                 const struct vnet_sockaddr6 *dst, int pktinfo)
{
    struct sock *sk = sock_find(w, id);
    if (!sk)
        return -EBADF;
    if (sk->family != VNET_AF_INET6)
        return -EAFNOSUPPORT;
    w->dirty = true; /* not vnet_touch(): routes stay as they are */
    if (sock_is_udp(sk))
        return -EDESTADDRREQ; /* vnet_udp_send() */
    return sk->type == VNET_SOCK_RAW ? rawv6_sendmsg(sk, payload, len, dst, pktinfo)
                                     : ping_v6_sendmsg(sk, payload, len, dst, pktinfo);
}
