/* ping6_run() (iputils 20221126, ping6_common.c): source, device and options of an IPv6 ping. */
#include <errno.h>
#include <stdio.h>

#include "cmd/ping/state.h"
#include "vnet_addr.h"
#include "vnet_link.h"

static bool is_link_scoped(const struct inet_addr *a)
{
    return inet_addr_is_linklocal(a) || (inet_addr_is_multicast(a) && (a->bytes[1] & 0x0f) == 2);
}

/* if_name2index() */
static int device_index(struct ping *p, int *ifindex)
{
    *ifindex = vnet_link_index(p->ns, p->o.device);
    if (*ifindex > 0)
        return -1;
    ping_complain(p, "unknown iface: %s", p->o.device);
    return 2;
}

static int bind_device(struct ping *p)
{
    char what[64];
    int rc = vnet_sock_bind_device(p->w, p->sock, p->o.device);
    if (rc == 0)
        return -1;
    snprintf(what, sizeof(what), "SO_BINDTODEVICE %.40s", p->o.device);
    return ping_fail(p, what, -rc);
}

static int has_addr(const struct vnet_addr_info *info, void *arg)
{
    return inet_addr_eq(&info->local, arg);
}

/* Connect a UDP socket to the target and look at its own address. For a link-local target the
 * address that iputils 20221126 connects to is of family 0, which connects to nothing: the source
 * stays "::". */
static int choose_source(struct ping *p)
{
    const struct vnet_sockaddr6 dst = {.addr = p->dst, .scope_id = p->scope_id};
    struct vnet_sockaddr6 src = {.addr = inet_addr_any(VNET_AF_INET6)};
    const char *device = p->o.device ? p->o.device : "";
    int rc =
        is_link_scoped(&p->dst) ? 0 : vnet_sock_probe_source6(p->ns, &dst, device, p->o.mark, &src);
    if (rc < 0)
        return ping_fail(p, "connect", -rc);
    p->o.source6 = src.addr;
    p->source_scope = src.scope_id;
    if (*device && !vnet_addr_dump(p->ns, VNET_AF_INET6, vnet_link_index(p->ns, device), has_addr,
                                   &p->o.source6))
        ping_complain(p, "Warning: source address might be selected on device other than: %s",
                      device);
    return -1;
}

static int find_source(struct ping *p)
{
    bool given = p->o.source6.family != VNET_AF_UNSPEC && !inet_addr_is_any(&p->o.source6);
    int rc = -1;
    if (p->o.device)
        rc = device_index(p, &p->pktinfo);
    if (rc == -1 && p->o.device && (!given || p->o.strict_source))
        rc = bind_device(p);
    if (rc == -1 && !given)
        rc = choose_source(p);
    else if (rc == -1 && p->o.device && is_link_scoped(&p->o.source6))
        p->source_scope = p->pktinfo;
    return rc;
}

static void set_sockopts(struct ping *p)
{
    enum { ECHO_REPLY = 129, IPV6_HEADER = 40 };
    vnet_sock_setopt(p->w, p->sock, VNET_IP_RECVERR, 1);
    ping_set_buffers(p, IPV6_HEADER);
    vnet_sock_setopt(p->w, p->sock, VNET_ICMP6_FILTER, ECHO_REPLY);
    ping_set_flags(p);
    if (p->o.ttl_given) {
        vnet_sock_setopt(p->w, p->sock, VNET_IP_MULTICAST_TTL, p->o.ttl);
        vnet_sock_setopt(p->w, p->sock, VNET_IP_TTL, p->o.ttl);
    }
}

static int set_options(struct ping *p)
{
    struct ping_opts *o = &p->o;
    p->multicast = inet_addr_is_multicast(&p->dst);
    p->subnet_router = true;
    for (int i = 8; i < 16; i++)
        p->subnet_router = p->subnet_router && p->dst.bytes[i] == 0;
    if (p->multicast && o->pmtudisc < 0)
        o->pmtudisc = 2;
    if (o->tos)
        vnet_sock_setopt(p->w, p->sock, VNET_IP_TOS, o->tos);
    if (o->pmtudisc >= 0)
        vnet_sock_setopt(p->w, p->sock, VNET_IP_MTU_DISCOVER, o->pmtudisc);
    if (o->strict_source) {
        const struct vnet_sockaddr6 src = {.addr = o->source6, .scope_id = p->source_scope};
        int rc = vnet_sock_bind6(p->w, p->sock, &src);
        if (rc < 0)
            return ping_fail(p, "bind icmp socket", -rc);
    }
    set_sockopts(p);
    int rc = o->flow_given ? vnet_sock_flowlabel(p->w, p->sock, &o->flowlabel) : 0;
    return rc < 0 ? ping_fail(p, "can't set flowlabel", -rc) : -1;
}

int ping_setup6(struct ping *p)
{
    if (p->o.nhops)
        return ping_usage(p);
    if (p->dgram && inet_addr_is_linklocal(&p->dst) && !p->scope_id)
        ping_complain(p, "Warning: IPv6 link-local address on ICMP datagram socket may require "
                         "ifname or scope-id => use: address%%<ifname|scope-id>");
    int rc = find_source(p);
    return rc == -1 ? set_options(p) : rc;
}

void ping_print_banner6(struct ping *p)
{
    char a[128];
    struct sink *out = p->env->out;
    sink_printf(out, "PING %s(%s) ", p->hostname,
                ping_addr_text(p, &p->dst, p->scope_id, a, sizeof(a)));
    if (p->o.flow_given)
        sink_printf(out, ", flow 0x%05x, ", p->o.flowlabel);
    if (p->o.device || p->o.strict_source)
        sink_printf(out,
                    "from %s %s: ", ping_addr_text(p, &p->o.source6, p->source_scope, a, sizeof(a)),
                    p->o.device ? p->o.device : "");
    sink_printf(out, "%lld data bytes\n", (long long)p->o.datalen);
}
