/* System calls on sockets: vnet_sock.h over raw and datagram ICMP sockets (net/socket.c,
 * net/ipv4/af_inet.c, ip_sockglue.c, datagram.c). */
#include <errno.h>
#include <string.h>

#include "can/af_can.h"
#include "inet/fib.h"
#include "inet/mib.h"
#include "inet/route.h"
#include "inet/udp.h"
#include "sim/world.h"
#include "vnet_addr.h"

enum { IPPROTO_MAX = 256 };

/* ping_init_sock(): is group 0 in ping_group_range? */
static bool ping_allowed(const struct netns *ns)
{
    return net_sysctl(ns, NET_IPV4_PING_GROUP_MIN) <= 0 &&
           net_sysctl(ns, NET_IPV4_PING_GROUP_MAX) >= 0;
}

/* can_create() */
static int can_socket(struct netns *ns, int type, int protocol, vnet_sock_id *id)
{
    if (type != VNET_SOCK_RAW || protocol != VNET_CAN_RAW)
        return -EPROTONOSUPPORT;
    *id = sock_new(ns, VNET_AF_CAN, type, protocol, 0)->id;
    ns->w->dirty = true;
    return 0;
}

/* netlink_create(): of NETLINK_ROUTE. It needs no vnet_touch(): no route depends on it. */
static int netlink_socket(struct netns *ns, int type, int protocol, vnet_sock_id *id)
{
    if ((type != VNET_SOCK_RAW && type != VNET_SOCK_DGRAM) || protocol != 0)
        return -EPROTONOSUPPORT;
    *id = sock_new(ns, VNET_AF_NETLINK, type, protocol, 0)->id;
    ns->w->dirty = true;
    return 0;
}

/* packet_create(); what a raw one gets, with link-layer headers, captures show. */
static int packet_socket(struct netns *ns, int type, int protocol, vnet_sock_id *id)
{
    if (type != VNET_SOCK_DGRAM || protocol)
        return -EPROTONOSUPPORT;
    *id = sock_new(ns, VNET_AF_PACKET, type, protocol, 0)->id;
    ns->w->dirty = true;
    return 0;
}

int vnet_socket(struct netns *ns, uint8_t family, int type, int protocol, vnet_sock_id *id)
{
    if (family == VNET_AF_CAN)
        return can_socket(ns, type, protocol, id);
    if (family == VNET_AF_NETLINK)
        return netlink_socket(ns, type, protocol, id);
    if (family == VNET_AF_PACKET)
        return packet_socket(ns, type, protocol, id);
    if (family != VNET_AF_INET && family != VNET_AF_INET6)
        return -EAFNOSUPPORT;
    int icmp = family == VNET_AF_INET ? VNET_IPPROTO_ICMP : VNET_IPPROTO_ICMPV6;
    if (type != VNET_SOCK_RAW && type != VNET_SOCK_DGRAM)
        return -EINVAL;
    bool ping = type == VNET_SOCK_DGRAM && protocol == icmp;
    bool raw = type == VNET_SOCK_RAW && protocol > 0 && protocol < IPPROTO_MAX;
    bool udp = type == VNET_SOCK_DGRAM && protocol == VNET_IPPROTO_UDP;
    if (!ping && !raw && !udp)
        return -EPROTONOSUPPORT;
    if (ping && !ping_allowed(ns))
        return -EACCES;
    *id = sock_new(ns, family, type, protocol, 0)->id;
    vnet_touch(ns->w);
    return 0;
}

void vnet_sock_close(struct vnet *w, vnet_sock_id id)
{
    struct sock *sk = sock_find(w, id);
    if (!sk)
        return;
    sock_free(sk);
    vnet_touch(w);
}

int vnet_sock_bind_device(struct vnet *w, vnet_sock_id id, const char *ifname)
{
    struct sock *sk = sock_find(w, id);
    if (!sk)
        return -EBADF;
    const struct netdev *dev = *ifname ? netdev_by_name(sk->ns, ifname) : NULL;
    if (*ifname && !dev)
        return -ENODEV;
    sk->bound_dev_if = dev ? dev->ifindex : 0;
    vnet_touch(w);
    return 0;
}

int vnet_sock_set_oif(struct vnet *w, vnet_sock_id id, int ifindex)
{
    struct sock *sk = sock_find(w, id);
    if (!sk)
        return -EBADF;
    if (ifindex && !netdev_by_index(sk->ns, ifindex))
        return -ENODEV;
    sk->oif = ifindex;
    vnet_touch(w);
    return 0;
}

/* inet_addr_valid_or_nonlocal() */
static bool bindable(struct netns *ns, const struct inet_addr *addr, uint8_t type)
{
    return net_sysctl(ns, NET_IPV4_IP_NONLOCAL_BIND) || inet_addr_is_any(addr) ||
           type == VNET_RTN_LOCAL || type == VNET_RTN_MULTICAST || type == VNET_RTN_BROADCAST;
}

int vnet_sock_bind(struct vnet *w, vnet_sock_id id, const struct inet_addr *addr)
{
    struct sock *sk = sock_find(w, id);
    if (!sk)
        return -EBADF;
    uint8_t type = inet_addr_type(sk->ns, addr);
    bool group = type == VNET_RTN_MULTICAST || type == VNET_RTN_BROADCAST;
    if (!bindable(sk->ns, addr, type) || (group && sock_is_ping(sk)))
        return -EADDRNOTAVAIL;
    if (sock_is_ping(sk) && !sk->ident) {
        int rc = ping_get_ident(sk, 0);
        if (rc < 0)
            return rc;
    }
    sk->rcv_saddr = *addr;
    sk->saddr = group ? inet_addr_any(VNET_AF_INET) : *addr;
    vnet_touch(w);
    return 0;
}

static bool is_set(const struct inet_addr *a)
{
    return a->family != VNET_AF_UNSPEC && !inet_addr_is_any(a);
}

/* ip_route_connect(): the first lookup chooses the addresses, the second is made with them. */
static int ip_route_connect(struct netns *ns, struct flow *fl, struct dst *route)
{
    bool whole = is_set(&fl->daddr) && is_set(&fl->saddr);
    int oif = fl->oif;
    int rc = ip_route_output(ns, fl, route);
    if (rc < 0 || whole)
        return rc;
    fl->oif = oif;
    return ip_route_output(ns, fl, route);
}

/* __ip4_datagram_connect(): the route; that there is none is counted. */
static int connect_route(struct netns *ns, struct flow *fl, struct dst *route)
{
    int rc = ip_route_connect(ns, fl, route);
    if (rc == -ENETUNREACH) {
        ip_inc(ns, IPSTATS_OUTNOROUTES);
        ns->w->dirty = true;
    }
    return rc;
}

int vnet_sock_bind_ident(struct vnet *w, vnet_sock_id id, uint16_t ident)
{
    struct sock *sk = sock_find(w, id);
    if (!sk)
        return -EBADF;
    vnet_touch(w);
    return ping_get_ident(sk, ident);
}

/* __ip4_datagram_connect() */
int vnet_sock_connect(struct vnet *w, vnet_sock_id id, const struct inet_addr *dst)
{
    struct sock *sk = sock_find(w, id);
    if (!sk)
        return -EBADF;
    struct flow fl = {
        .family = VNET_AF_INET,
        .daddr = *dst,
        .saddr = sk->saddr,
        .oif = sk->bound_dev_if ? sk->bound_dev_if : sk->oif,
        .mark = sk->mark,
        .tos = (uint8_t)(sk->tos & 0x1e),
        .scope = sk->dontroute ? VNET_SCOPE_LINK : VNET_SCOPE_UNIVERSE,
        .proto = (uint8_t)sk->protocol,
        .sport = sk->ident,
        .dport = sk->dport,
    };
    struct dst route;
    int rc = connect_route(sk->ns, &fl, &route);
    if (rc < 0)
        return rc;
    if ((route.flags & VNET_RTCF_BROADCAST) && !sk->broadcast)
        return -EACCES;
    if (!is_set(&sk->saddr))
        sk->saddr = route.src;
    if (!is_set(&sk->rcv_saddr))
        sk->rcv_saddr = route.src;
    sk->daddr = fl.daddr;
    sk->ip_id = (uint16_t)vnet_random(w);
    vnet_touch(w);
    return 0;
}

int vnet_sock_name(struct vnet *w, vnet_sock_id id, struct inet_addr *addr)
{
    const struct sock *sk = sock_find(w, id);
    if (!sk)
        return -EBADF;
    *addr = is_set(&sk->rcv_saddr) ? sk->rcv_saddr : sk->saddr;
    if (addr->family == VNET_AF_UNSPEC)
        *addr = inet_addr_any(VNET_AF_INET);
    return 0;
}

int vnet_sock_probe_source(struct netns *ns, const struct inet_addr *dst, const char *ifname,
                           const struct inet_addr *bound, uint8_t tos, uint32_t mark,
                           bool broadcast, struct inet_addr *src)
{
    const struct netdev *dev = ifname && *ifname ? netdev_by_name(ns, ifname) : NULL;
    if (ifname && *ifname && !dev)
        return -ENODEV;
    if (is_set(bound) && !bindable(ns, bound, inet_addr_type(ns, bound)))
        return -EADDRNOTAVAIL;
    struct flow fl = {
        .family = VNET_AF_INET,
        .daddr = *dst,
        .saddr = *bound,
        .oif = dev ? dev->ifindex : 0,
        .mark = mark,
        .tos = tos & 0x1e,
        .proto = 17,
        .dport = 1025,
    };
    struct dst route;
    int rc = connect_route(ns, &fl, &route);
    if (rc < 0)
        return rc;
    if ((route.flags & VNET_RTCF_BROADCAST) && !broadcast)
        return -EACCES;
    *src = is_set(bound) ? *bound : route.src;
    return 0;
}

/* ---- transfer ---- */

int vnet_sendto(struct vnet *w, vnet_sock_id id, const void *payload, size_t len,
                const struct inet_addr *dst)
{
    struct sock *sk = sock_find(w, id);
    if (!sk)
        return -EBADF;
    w->dirty = true; /* not vnet_touch(): routes stay as they are */
    if (sk->can)
        return can_raw_sendmsg(sk, payload, len);
    if (sk->family == VNET_AF_NETLINK)
        return -EOPNOTSUPP; /* requests have calls of their own: vnet_link.h and its like */
    if (sk->family == VNET_AF_PACKET)
        return -EDESTADDRREQ; /* vnet_packet_send() */
    const struct inet_addr *to = dst && dst->family != VNET_AF_UNSPEC ? dst : &sk->daddr;
    if (to->family == VNET_AF_UNSPEC)
        return -EDESTADDRREQ;
    if (sock_is_udp(sk))
        return -EDESTADDRREQ; /* vnet_udp_send(): a port is part of where to */
    return sk->type == VNET_SOCK_RAW ? raw_sendmsg(sk, payload, len, to)
                                     : ping_sendmsg(sk, payload, len, to);
}

static long take(struct sock *sk, struct sock_msg *m, void *buf, size_t size, struct vnet_msg *msg)
{
    size_t n = m->len < size ? m->len : size;
    memcpy(buf, m->data, n);
    *msg = m->meta;
    msg->len = m->len;
    sock_msg_free(sk, m);
    return (long)n;
}

/* ip_recv_error(), sock_dequeue_err_skb(): the pending error follows the queue of ICMP errors. */
static long take_error(struct sock *sk, void *buf, size_t size, struct vnet_msg *msg)
{
    enum { SO_EE_ORIGIN_ICMP = 2 };
    struct sock_msg *m = sock_msg_first(&sk->errq);
    if (!m)
        return -EAGAIN;
    bool icmp = m->meta.ee_origin == SO_EE_ORIGIN_ICMP;
    long n = take(sk, m, buf, size, msg);
    const struct sock_msg *next = sock_msg_first(&sk->errq);
    bool next_icmp = next && next->meta.ee_origin == SO_EE_ORIGIN_ICMP;
    if (next_icmp)
        sk->err = next->meta.ee_errno;
    else if (icmp)
        sk->err = 0;
    return n;
}

long vnet_recvmsg(struct vnet *w, vnet_sock_id id, void *buf, size_t size, int flags,
                  struct vnet_msg *msg)
{
    struct sock *sk = sock_find(w, id);
    if (!sk)
        return -EBADF;
    w->dirty = true;
    if (flags & VNET_MSG_ERRQUEUE)
        return take_error(sk, buf, size, msg);
    if (sk->err) {
        int error = sk->err;
        sk->err = 0;
        return -error;
    }
    struct sock_msg *m = sock_msg_first(&sk->rx);
    return m ? take(sk, m, buf, size, msg) : -EAGAIN;
}

static bool readable(const struct sock *sk)
{
    return sk->err || !list_empty(&sk->rx) || !list_empty(&sk->errq);
}

bool vnet_sock_readable(struct vnet *w, vnet_sock_id id)
{
    const struct sock *sk = sock_find(w, id);
    return sk && readable(sk);
}

static bool any_readable(struct vnet *w, const vnet_sock_id *ids, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (vnet_sock_readable(w, ids[i]))
            return true;
    return false;
}

bool vnet_sock_wait_any(struct vnet *w, const vnet_sock_id *ids, unsigned n, int64_t until,
                        const volatile sig_atomic_t *stop)
{
    while (!any_readable(w, ids, n))
        if ((stop && *stop) || !vnet_run_one(w, until))
            return false;
    return true;
}

/* No event closes a socket. */
bool vnet_sock_wait(struct vnet *w, vnet_sock_id id, int64_t until,
                    const volatile sig_atomic_t *stop)
{
    const struct sock *sk = sock_find(w, id);
    while (sk && !readable(sk))
        if ((stop && *stop) || !vnet_run_one(w, until))
            return false;
    return sk;
}
