/* What arping does before it sends: device, addresses, socket. */
#include <errno.h>
#include <string.h>

#include "cmd/arping/arping.h"
#include "cmd/resolve.h"
#include "vnet_packet.h"
#include "vnet_route.h"

/* guess_device(): that of the route to the destination. */
static int guess_device(struct arping *a)
{
    struct vnet_route_query q = {.family = VNET_AF_INET, .dst = a->gdst, .dst_len = 32};
    struct vnet_route_info route;
    struct vnet_nexthop nh[VNET_NEXTHOPS_MAX];
    if (vnet_route_get(a->s.ns, &q, &route, nh, NULL) < 0) {
        arping_complain(a, 0, "NETLINK_ROUTE unexpected iov element");
        return 1;
    }
    a->device = vnet_link_name(a->s.ns, route.nnh ? nh[0].oif : 0, a->device_name);
    return ARPING_GO_ON;
}

/* check_ifflags() */
static int check_flags(struct arping *a, uint32_t flags)
{
    const char *what = !(flags & VNET_IFF_UP)                         ? "down"
                       : flags & (VNET_IFF_NOARP | VNET_IFF_LOOPBACK) ? "not ARPable"
                                                                      : NULL;
    if (!what)
        return ARPING_GO_ON;
    if (!a->quiet)
        sink_printf(a->env->out, "Interface \"%s\" is %s\n", a->device, what);
    return flags & VNET_IFF_UP && a->dad ? 0 : ARPING_E_FAILED;
}

/* check_device() */
static int check_device(struct arping *a)
{
    int index = vnet_link_index(a->s.ns, a->device);
    bool there = index && vnet_link_get(a->s.ns, index, &a->me) == 0 &&
                 strcmp(a->me.name, a->device) == 0; /* the names of getifaddrs() */
    int status = there ? check_flags(a, a->me.flags) : ARPING_GO_ON;
    if (status != ARPING_GO_ON)
        return status;
    if (there && a->me.addr.len && a->me.brd.len)
        return ARPING_GO_ON;
    arping_complain(a, 0, "Device %s not available.", a->device);
    return ARPING_E_FAILED;
}

static int read_target(struct arping *a)
{
    if (resolve_host(vnet_hosts(a->s.w), a->target, VNET_AF_INET, &a->gdst))
        return ARPING_GO_ON;
    arping_complain(a, 0, "%s: Temporary failure in name resolution", a->target);
    return ARPING_E_FAILED;
}

static int probe_failed(struct arping *a, int error, const char *call)
{
    if (error == 0)
        return ARPING_GO_ON;
    arping_complain(a, -error, "%s", call);
    return ARPING_E_FAILED;
}

/* What the probing socket is asked: may it have this source, or which would it get? */
static int ask_socket(struct arping *a, vnet_sock_id probe)
{
    struct vnet *w = a->s.w;
    vnet_sock_bind_device(w, probe, a->device);
    if (a->source || !inet_addr_is_any(&a->gsrc))
        return probe_failed(a, vnet_sock_bind(w, probe, &a->gsrc), "bind");
    if (a->dad || a->unsolicited)
        return ARPING_GO_ON;
    vnet_sock_setopt(w, probe, VNET_SO_DONTROUTE, 1);
    int status = probe_failed(a, vnet_sock_connect(w, probe, &a->gdst), "connect");
    if (status == ARPING_GO_ON)
        vnet_sock_name(w, probe, &a->gsrc);
    return status;
}

static int probe_source(struct arping *a)
{
    vnet_sock_id probe;
    if (a->dad && !a->source)
        return ARPING_GO_ON;
    int error = vnet_socket(a->s.ns, VNET_AF_INET, VNET_SOCK_RAW, VNET_IPPROTO_ICMP, &probe);
    if (error)
        return probe_failed(a, error, "socket");
    int status = ask_socket(a, probe);
    vnet_sock_close(a->s.w, probe);
    return status;
}

static int read_source(struct arping *a)
{
    a->gsrc = inet_addr_any(VNET_AF_INET);
    if (a->source && !resolve_aton(a->source, &a->gsrc)) {
        arping_complain(a, 0, "invalid source %s", a->source);
        return ARPING_E_FAILED;
    }
    if (!a->dad && a->unsolicited && !a->source)
        a->gsrc = a->gdst;
    return probe_source(a);
}

static int open_socket(struct arping *a)
{
    int error = vnet_socket(a->s.ns, VNET_AF_PACKET, VNET_SOCK_DGRAM, 0, &a->s.sock);
    if (error == 0)
        error = vnet_packet_bind(a->s.w, a->s.sock, a->me.ifindex, VNET_ETH_P_ARP);
    if (error == 0)
        return ARPING_GO_ON;
    arping_complain(a, -error, "bind");
    return ARPING_E_FAILED;
}

static int print_banner(struct arping *a)
{
    char dst[INET_ADDRSTRLEN_MAX], src[INET_ADDRSTRLEN_MAX];
    if (!a->quiet)
        sink_printf(a->env->out, "ARPING %s from %s %s\n", inet_addr_str(&a->gdst, dst),
                    inet_addr_str(&a->gsrc, src), a->device);
    if (a->source || a->dad || !inet_addr_is_any(&a->gsrc))
        return ARPING_GO_ON;
    arping_complain(a, 0, "no source address in not-DAD mode");
    return ARPING_E_FAILED;
}

int arping_setup(struct arping *a)
{
    static int (*const steps[])(struct arping * a) = {check_device, read_source, open_socket,
                                                      print_banner};
    int status = read_target(a);
    if (status == ARPING_GO_ON && !a->device)
        status = guess_device(a);
    for (size_t i = 0; status == ARPING_GO_ON && i < sizeof(steps) / sizeof(steps[0]); i++)
        status = steps[i](a);
    a->he = a->me.brd;
    return status;
}
