/* System calls on UDP sockets: vnet_udp.h (net/ipv4/af_inet.c, net/ipv6/af_inet6.c). */
#include <errno.h>

#include "inet/udp.h"
#include "sim/world.h"
#include "vnet_udp.h"

static struct sock *udp_sock(struct vnet *w, vnet_sock_id id)
{
    struct sock *sk = sock_find(w, id);
    return sk && sock_is_udp(sk) ? sk : NULL;
}

int vnet_udp_bind(struct vnet *w, vnet_sock_id id, const struct vnet_sockaddr6 *addr, uint16_t port)
{
    struct sock *sk = udp_sock(w, id);
    if (!sk)
        return -EBADF;
    if (sk->ident)
        return -EINVAL;
    int rc = sk->family == VNET_AF_INET6 ? vnet_sock_bind6(w, id, addr)
                                         : vnet_sock_bind(w, id, &addr->addr);
    if (rc < 0)
        return rc;
    rc = udp_get_port(sk, port);
    if (rc < 0)
        sk->rcv_saddr = sk->saddr = (struct inet_addr){0};
    return rc;
}

int vnet_udp_connect(struct vnet *w, vnet_sock_id id, const struct vnet_sockaddr6 *to,
                     uint16_t port)
{
    struct sock *sk = udp_sock(w, id);
    if (!sk)
        return -EBADF;
    int rc = sk->ident ? 0 : udp_get_port(sk, 0); /* inet_autobind() */
    if (rc < 0)
        return -EAGAIN;
    sk->dport = port;
    rc = sk->family == VNET_AF_INET6 ? vnet_sock_connect6(w, id, to)
                                     : vnet_sock_connect(w, id, &to->addr);
    if (rc < 0)
        sk->dport = 0;
    return rc;
}

int vnet_udp_send(struct vnet *w, vnet_sock_id id, const void *payload, size_t len,
                  const struct vnet_sockaddr6 *to, uint16_t port)
{
    struct sock *sk = udp_sock(w, id);
    if (!sk)
        return -EBADF;
    const struct vnet_sockaddr6 connected = {.addr = sk->daddr};
    if (!to && sk->daddr.family == VNET_AF_UNSPEC)
        return -EDESTADDRREQ;
    port = to ? port : sk->dport;
    to = to ? to : &connected;
    w->dirty = true;
    return sk->family == VNET_AF_INET6 ? udpv6_sendmsg(sk, payload, len, to, port)
                                       : udp_sendmsg(sk, payload, len, &to->addr, port);
}

uint16_t vnet_udp_port(struct vnet *w, vnet_sock_id id)
{
    const struct sock *sk = udp_sock(w, id);
    return sk ? sk->ident : 0;
}
