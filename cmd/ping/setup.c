#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ping/state.h"
#include "vnet_addr.h"
#include "vnet_link.h"

int ping_fail(struct ping *p, const char *what, int error)
{
    ping_complain(p, "%s: %s", what, cmd_strerror(error));
    return 2;
}

static int resolve_hops(struct ping *p)
{
    int rc = -1;
    if (!ping_route_allowed(p))
        return ping_usage(p);
    for (int i = 0; rc == -1 && i < p->o.nhops; i++)
        rc = ping_resolve4(p, p->o.hops[i], &p->route[p->nroute++]);
    return rc;
}

static int bind_device(struct ping *p)
{
    char what[64];
    int rc = p->o.device ? vnet_sock_bind_device(p->w, p->sock, p->o.device) : 0;
    if (rc == 0)
        return -1;
    if (inet_addr_is_multicast(
            &p->dst)) { /* then IP_MULTICAST_IF would do, which asks for a number */
        ping_complain(p, "unknown iface: %s", p->o.device);
        return 2;
    }
    snprintf(what, sizeof(what), "SO_BINDTODEVICE %.40s", p->o.device);
    return ping_fail(p, what, -rc);
}

/* getifaddrs() names an address by its label: eth0:1 is another device than eth0. */
static int has_addr(const struct vnet_addr_info *info, void *arg)
{
    const struct ping *p = arg;
    return strcmp(info->label, p->o.device) == 0 && inet_addr_eq(&info->local, &p->o.source);
}

/* The source chosen lies on another device than asked for, or is the target itself. */
static void check_device_source(struct ping *p)
{
    int ifindex = vnet_link_index(p->ns, p->o.device);
    if (!vnet_addr_dump(p->ns, VNET_AF_INET, ifindex, has_addr, p))
        ping_complain(p, "Warning: source address might be selected on device other than: %s",
                      p->o.device);
    else if (inet_addr_eq(&p->o.source, &p->dst))
        vnet_sock_bind_device(p->w, p->sock, "");
}

/* Connect a UDP socket to the target and look at its own address. */
static int choose_source(struct ping *p)
{
    const char *device = p->o.device ? p->o.device : "";
    const struct inet_addr none = {0};
    int rc = vnet_sock_probe_source(p->ns, &p->dst, device, &none, (uint8_t)p->o.tos, p->o.mark,
                                    false, &p->o.source);
    if (rc == -EACCES) {
        if (!p->o.broadcast) {
            ping_complain(p, "Do you want to ping broadcast? Then -b. If not, check your local "
                             "firewall rules");
            return 2;
        }
        sink_puts(p->env->err, "WARNING: pinging broadcast address\n");
        rc = vnet_sock_probe_source(p->ns, &p->dst, device, &none, (uint8_t)p->o.tos, p->o.mark,
                                    true, &p->o.source);
    }
    if (rc < 0)
        return ping_fail(p, "connect", -rc);
    p->o.source.family = VNET_AF_INET; /* 0.0.0.0 where there is none */
    if (p->o.device)
        check_device_source(p);
    return -1;
}

static int find_source(struct ping *p)
{
    int rc = bind_device(p);
    if (rc == -1 && (p->o.source.family == VNET_AF_UNSPEC || inet_addr_is_any(&p->o.source)))
        rc = choose_source(p);
    if (rc == -1 && inet_addr_is_any(&p->dst))
        p->dst = p->o.source;
    return rc;
}

void ping_set_buffers(struct ping *p, int64_t header)
{
    int64_t alloc = p->o.datalen + 8;
    alloc += (alloc + 511) / 512 * (header + 16 + 64 + 160);
    vnet_sock_setopt(p->w, p->sock, VNET_SO_SNDBUF, p->o.sndbuf ? p->o.sndbuf : alloc);
    int64_t want = alloc * p->o.preload, got = 0;
    vnet_sock_setopt(p->w, p->sock, VNET_SO_RCVBUF, want < 65536 ? 65536 : want);
    if (vnet_sock_getopt(p->w, p->sock, VNET_SO_RCVBUF, &got) == 0 && got < want)
        ping_complain(p, "WARNING: probably, rcvbuf is not enough to hold preload");
}

void ping_set_flags(struct ping *p)
{
    const struct ping_opts *o = &p->o;
    if (o->broadcast)
        vnet_sock_setopt(p->w, p->sock, VNET_SO_BROADCAST, 1);
    if (o->noloop)
        vnet_sock_setopt(p->w, p->sock, VNET_IP_MULTICAST_LOOP, 0);
    if (o->debug)
        vnet_sock_setopt(p->w, p->sock, VNET_SO_DEBUG, 1);
    if (o->dontroute)
        vnet_sock_setopt(p->w, p->sock, VNET_SO_DONTROUTE, 1);
    if (o->mark_given)
        vnet_sock_setopt(p->w, p->sock, VNET_SO_MARK, o->mark);
}

static int set_options(struct ping *p)
{
    enum { IPV4_HEADER = 20 };
    struct ping_opts *o = &p->o;
    int rc;
    p->multicast = o->broadcast || inet_addr_is_multicast(&p->dst);
    if (p->multicast && o->pmtudisc < 0)
        o->pmtudisc = 2;
    if (o->tos)
        vnet_sock_setopt(p->w, p->sock, VNET_IP_TOS, o->tos);
    if (o->pmtudisc >= 0)
        vnet_sock_setopt(p->w, p->sock, VNET_IP_MTU_DISCOVER, o->pmtudisc);
    if (o->strict_source && (rc = vnet_sock_bind(p->w, p->sock, &o->source)) < 0)
        return ping_fail(p, "bind", -rc);
    /* not delivered: all but echo replies and errors */
    vnet_sock_setopt(p->w, p->sock, VNET_ICMP_FILTER,
                     (uint32_t) ~(1U << 0 | 1U << 3 | 1U << 4 | 1U << 5 | 1U << 11 | 1U << 12));
    vnet_sock_setopt(p->w, p->sock, VNET_IP_RECVERR, 1);
    if ((rc = ping_set_ip_options(p)) != -1)
        return rc;
    ping_set_buffers(p, IPV4_HEADER);
    ping_set_flags(p);
    if (o->ttl_given) {
        vnet_sock_setopt(p->w, p->sock, VNET_IP_MULTICAST_TTL, o->ttl);
        if ((rc = vnet_sock_setopt(p->w, p->sock, VNET_IP_TTL, o->ttl)) < 0)
            return ping_fail(p, "cannot set unicast time-to-live", -rc);
    }
    return -1;
}

/* fill(): -p's bytes over the whole of the data; "PATTERN: 0x..." */
static int fill_pattern(struct ping *p)
{
    uint8_t pattern[16];
    unsigned n = 0, digits;
    for (const char *s = p->o.pattern; *s; s++) {
        if (!isxdigit((unsigned char)*s)) {
            ping_complain(p, "patterns must be specified as hex digits: %s", s);
            return 2;
        }
    }
    for (const char *s = p->o.pattern; *s && n < sizeof(pattern); n++, s += digits) {
        char two[3] = {s[0], s[1], '\0'};
        unsigned v = 0;
        digits = s[1] ? 2 : 1;
        sscanf(two, "%x", &v);
        pattern[n] = (uint8_t)v;
    }
    /* The whole of the data, but data shorter than pattern and header gets the pattern once. */
    int64_t filled = p->o.datalen < n + PING_HEADER ? n : p->o.datalen;
    for (int64_t i = 0; n && i < filled && i < p->o.datalen; i++)
        p->out[PING_HEADER + i] = pattern[i % n];
    if (!p->o.quiet) {
        sink_puts(p->env->out, "PATTERN: 0x");
        for (unsigned i = 0; i < n; i++)
            sink_printf(p->env->out, "%02x", pattern[i]);
        sink_puts(p->env->out, "\n");
    }
    return -1;
}

static int make_buffers(struct ping *p)
{
    if (p->o.datalen > PING_MAX_DATA) {
        ping_complain(p, "-s %lld: more than vnet emulates (%d)", (long long)p->o.datalen,
                      PING_MAX_DATA);
        return 2;
    }
    p->out = mem_alloc(PING_HEADER + (size_t)p->o.datalen + PING_TIMEVAL);
    p->in_size = (size_t)p->o.datalen + 60 + 76; /* MAXIPLEN, MAXICMPLEN */
    p->in = mem_alloc(p->in_size);
    p->timing = p->o.datalen >= PING_TIMEVAL;
    if (p->o.pattern)
        return fill_pattern(p);
    for (int64_t i = 0; i < p->o.datalen; i++)
        p->out[PING_HEADER + i] = (uint8_t)i;
    return -1;
}

static void print_banner(struct ping *p)
{
    char a[INET_ADDRSTRLEN_MAX];
    struct sink *out = p->env->out;
    sink_printf(out, "PING %s (%s) ", p->hostname, inet_addr_str(&p->dst, a));
    if (p->o.device || p->o.strict_source)
        sink_printf(out, "from %s %s: ", inet_addr_str(&p->o.source, a),
                    p->o.device ? p->o.device : "");
    sink_printf(out, "%lld(%lld) bytes of data.\n", (long long)p->o.datalen,
                (long long)p->o.datalen + 28 + ping_options_len(p));
}

static int check_rate(struct ping *p)
{
    if (p->o.flood && !p->o.interval_given)
        p->o.interval = 0;
    if (p->o.interval < INT_MAX / p->o.preload)
        return -1;
    ping_complain(p, "illegal preload and/or interval: %d", p->o.interval);
    return 2;
}

/* -C. Where -I named the source, iputils 20221126 connects to an address that it has not filled in,
 * mostly of family 0, which connects to nothing. */
static int connect_socket(struct ping *p)
{
    if (!p->o.connect || p->o.source_given)
        return -1;
    const struct vnet_sockaddr6 dst6 = {.addr = p->dst, .scope_id = p->scope_id};
    int rc = ping_is_v6(p) ? vnet_sock_connect6(p->w, p->sock, &dst6)
                           : vnet_sock_connect(p->w, p->sock, &p->dst);
    return rc < 0 ? ping_fail(p, "connect failed", -rc) : -1;
}

static int setup4(struct ping *p)
{
    int rc = resolve_hops(p);
    if (rc == -1)
        rc = find_source(p);
    return rc == -1 ? set_options(p) : rc;
}

int ping_setup(struct ping *p)
{
    int rc = make_buffers(p);
    if (rc == -1)
        rc = ping_find_target(p);
    if (rc == -1)
        rc = ping_is_v6(p) ? ping_setup6(p) : setup4(p);
    if (rc != -1)
        return rc;
    if (ping_is_v6(p))
        ping_print_banner6(p);
    else
        print_banner(p);
    rc = check_rate(p);
    return rc == -1 ? connect_socket(p) : rc;
}
