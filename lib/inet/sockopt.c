/* setsockopt(2) and getsockopt(2) (sock_setsockopt(), do_ip_setsockopt(), raw_seticmpfilter()). */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "can/af_can.h"
#include "inet/sock.h"

static int set_rcvbuf_upto(struct sock *sk, int64_t v, int64_t most)
{
    v = (v < 0 || v > most ? most : v) * 2;
    sk->rcvbuf = (uint32_t)(v > SOCK_MIN_RCVBUF ? v : SOCK_MIN_RCVBUF);
    return 0;
}

static int set_rcvbuf(struct sock *sk, int64_t v)
{
    return set_rcvbuf_upto(sk, v, net_sysctl_global(sk->ns, NET_CORE_RMEM_MAX));
}

/* vnet's own limit is what a state file may hold. */
static int force_rcvbuf(struct sock *sk, int64_t v)
{
    return set_rcvbuf_upto(sk, v, (1 << 30) / 2);
}

static int set_sndbuf(struct sock *sk, int64_t v)
{
    int64_t most = net_sysctl_global(sk->ns, NET_CORE_WMEM_MAX);
    v = (v < 0 || v > most ? most : v) * 2;
    sk->sndbuf = (uint32_t)(v > SOCK_MIN_SNDBUF ? v : SOCK_MIN_SNDBUF);
    return 0;
}

static int set_ttl(struct sock *sk, int64_t v)
{
    if (v == 0 && sk->family == VNET_AF_INET6) { /* IPV6_UNICAST_HOPS takes it */
        sk->ttl = 0;
        return 0;
    }
    if (v != -1 && (v < 1 || v > 255))
        return -EINVAL;
    sk->ttl = (int)v;
    return 0;
}

static int set_mc_ttl(struct sock *sk, int64_t v)
{
    if (v < -1 || v > 255)
        return -EINVAL;
    sk->mc_ttl = v == -1 ? 1 : (int)v;
    return 0;
}

static int set_pmtudisc(struct sock *sk, int64_t v)
{
    if (v < 0 || v > 5)
        return -EINVAL;
    sk->pmtudisc = (int)v;
    return 0;
}

static int set_tos(struct sock *sk, int64_t v)
{
    sk->tos = (int)(v & 0xff);
    return 0;
}

static int set_filter(struct sock *sk, int64_t v)
{
    if (sk->type != VNET_SOCK_RAW || sk->protocol != VNET_IPPROTO_ICMP)
        return -EOPNOTSUPP;
    sk->icmp_filter = (uint32_t)v;
    return 0;
}

int sock_set_ip_options(struct sock *sk, const uint8_t *options, size_t len)
{
    int rc = ip_options_get(sk->ns, &sk->opt, options, len);
    if (rc < 0)
        return rc;
    memset(sk->opt_given, 0, sizeof(sk->opt_given));
    memcpy(sk->opt_given, options, len);
    sk->opt_given_len = (uint8_t)len;
    return 0;
}

int vnet_sock_set_ip_options(struct vnet *w, vnet_sock_id id, const uint8_t *options, size_t len)
{
    struct sock *sk = sock_find(w, id);
    if (!sk)
        return -EBADF;
    return sk->family == VNET_AF_INET ? sock_set_ip_options(sk, options, len) : -ENOPROTOOPT;
}

/* rawv6_seticmpfilter() */
static int set_filter6(struct sock *sk, int64_t v)
{
    if (sk->family != VNET_AF_INET6 || sk->type != VNET_SOCK_RAW ||
        sk->protocol != VNET_IPPROTO_ICMPV6)
        return -EOPNOTSUPP;
    if (v < -1 || v > 255)
        return -EINVAL;
    memset(sk->icmp6_filter, v < 0 ? 0 : 0xff, sizeof(sk->icmp6_filter));
    if (v >= 0)
        sk->icmp6_filter[v >> 5] &= ~(1U << (v & 31));
    return 0;
}

/* An option has a setter, or is a plain member. */
static const struct sockopt {
    int (*set)(struct sock *sk, int64_t value);
    size_t offset;
    enum { AS_BOOL, AS_INT, AS_U32 } kind;
} options[] = {
#define MEMBER(name, as) .offset = offsetof(struct sock, name), .kind = as
    [VNET_SO_BROADCAST] = {MEMBER(broadcast, AS_BOOL)},
    [VNET_SO_DEBUG] = {MEMBER(debug, AS_BOOL)},
    [VNET_SO_DONTROUTE] = {MEMBER(dontroute, AS_BOOL)},
    [VNET_SO_MARK] = {MEMBER(mark, AS_U32)},
    [VNET_SO_RCVBUF] = {.set = set_rcvbuf, MEMBER(rcvbuf, AS_U32)},
    [VNET_SO_RCVBUFFORCE] = {.set = force_rcvbuf, MEMBER(rcvbuf, AS_U32)},
    [VNET_SO_SNDBUF] = {.set = set_sndbuf, MEMBER(sndbuf, AS_U32)},
    [VNET_IP_TTL] = {.set = set_ttl, MEMBER(ttl, AS_INT)},
    [VNET_IP_MULTICAST_TTL] = {.set = set_mc_ttl, MEMBER(mc_ttl, AS_INT)},
    [VNET_IP_MULTICAST_LOOP] = {MEMBER(mc_loop, AS_BOOL)},
    [VNET_IP_TOS] = {.set = set_tos, MEMBER(tos, AS_INT)},
    [VNET_IP_MTU_DISCOVER] = {.set = set_pmtudisc, MEMBER(pmtudisc, AS_INT)},
    [VNET_IP_RECVERR] = {MEMBER(recverr, AS_BOOL)},
    [VNET_IP_RECVTTL] = {MEMBER(recvttl, AS_BOOL)},
    [VNET_ICMP_FILTER] = {.set = set_filter, MEMBER(icmp_filter, AS_U32)},
    [VNET_ICMP6_FILTER] = {.set = set_filter6, MEMBER(icmp6_filter, AS_U32)},
#undef MEMBER
};

/* NULL: this kernel does not have it. */
static const struct sockopt *find(enum vnet_sock_opt opt)
{
    if ((unsigned)opt >= sizeof(options) / sizeof(options[0]) || !options[opt].offset)
        return NULL;
    return &options[opt];
}

int vnet_sock_setopt(struct vnet *w, vnet_sock_id id, enum vnet_sock_opt opt, int64_t value)
{
    struct sock *sk = sock_find(w, id);
    const struct sockopt *o = find(opt);
    if (!sk)
        return -EBADF;
    if (sk->can && opt > VNET_SO_SNDBUF)
        return can_raw_setopt(sk, opt, value);
    if (!o)
        return -ENOPROTOOPT;
    vnet_touch(w);
    if (o->set)
        return o->set(sk, value);
    void *member = (char *)sk + o->offset;
    if (o->kind == AS_BOOL)
        *(bool *)member = value != 0;
    else
        *(uint32_t *)member = (uint32_t)value;
    return 0;
}

int vnet_sock_getopt(struct vnet *w, vnet_sock_id id, enum vnet_sock_opt opt, int64_t *value)
{
    const struct sock *sk = sock_find(w, id);
    const struct sockopt *o = find(opt);
    if (!sk)
        return -EBADF;
    if (!o)
        return -ENOPROTOOPT;
    const void *member = (const char *)sk + o->offset;
    if (o->kind == AS_BOOL)
        *value = *(const bool *)member;
    else if (o->kind == AS_INT)
        *value = *(const int *)member;
    else
        *value = *(const uint32_t *)member;
    return 0;
}
