/* Routing of packets: is a source valid (rp_filter, accept_local, martians), what becomes of a
 * packet that came in, what of one that goes out. The verdicts are those of `ip route get` on real
 * kernels. */
#include "inet/route.h"

#include <errno.h>

#include "inet/devinet.h"
#include "tests/unit/net.h"
#include "vnet_route.h"

/* veth0 192.168.2.11/24 and veth1 10.0.0.1/24; addresses of the networks, of nobody, of us. */
static struct vnet *world(const char *profile)
{
    struct vnet *w = net_pair(profile, NULL);
    net_addr(w, "veth1", "10.0.0.1", 24);
    if (strcmp(profile, "centos7") == 0) { /* the distribution's own setting aside */
        net_sysctl_set(w, "net/ipv4/conf/all/rp_filter", "0");
        net_sysctl_set(w, "net/ipv4/conf/veth0/rp_filter", "0");
        net_sysctl_set(w, "net/ipv4/conf/veth1/rp_filter", "0");
    }
    return w;
}

struct row {
    const char *profile,
        *sysctl; /* a path below net/ipv4/conf that is set to `value`; NULL: none */
    const char *value, *src, *dst, *dev;
    int rc;
    uint8_t type;     /* where rc is 0 */
    const char *func; /* who drops it */
    const char *reason;
};

static const struct row rows[] = {
    /* a neighbour's packet to us, and to somebody else while forwarding is off and on */
    {"linux6.18", NULL, NULL, "192.168.2.5", "192.168.2.11", "veth0", 0, VNET_RTN_LOCAL, NULL,
     NULL},
    {"linux6.18", NULL, NULL, "192.168.2.5", "10.0.0.9", "veth0", 0, VNET_RTN_UNREACHABLE, NULL,
     NULL},
    {"linux6.18", "veth0/forwarding", "1", "192.168.2.5", "10.0.0.9", "veth0", 0, VNET_RTN_UNICAST,
     NULL, NULL},
    {"linux6.18", "veth0/forwarding", "1", "192.168.2.5", "8.8.8.8", "veth0", 0,
     VNET_RTN_UNREACHABLE, NULL, NULL},
    {"linux6.18", NULL, NULL, "192.168.2.5", "192.168.2.255", "veth0", 0, VNET_RTN_BROADCAST, NULL,
     NULL},
    {"linux6.18", NULL, NULL, "0.0.0.0", "255.255.255.255", "veth0", 0, VNET_RTN_BROADCAST, NULL,
     NULL},
    /* martians */
    {"linux6.18", NULL, NULL, "0.0.0.5", "192.168.2.11", "veth0", -EINVAL, 0, "ip_route_input_slow",
     "IP_INVALID_SOURCE"},
    {"linux6.18", NULL, NULL, "224.0.0.5", "192.168.2.11", "veth0", -EINVAL, 0,
     "ip_route_input_slow", "IP_INVALID_SOURCE"},
    {"linux6.18", NULL, NULL, "192.168.2.5", "0.1.2.3", "veth0", -EINVAL, 0, "ip_route_input_slow",
     "IP_INVALID_DEST"},
    {"linux6.18", NULL, NULL, "192.168.2.5", "127.0.0.1", "veth0", -EINVAL, 0,
     "ip_route_input_slow", "IP_LOCALNET"},
    {"linux6.18", NULL, NULL, "127.0.0.1", "192.168.2.11", "veth0", -EINVAL, 0,
     "ip_route_input_slow", "IP_LOCALNET"},
    {"linux6.18", "veth0/route_localnet", "1", "192.168.2.5", "127.0.0.1", "veth0", 0,
     VNET_RTN_LOCAL, NULL, NULL},
    /* our own address as the source */
    {"linux6.18", NULL, NULL, "10.0.0.1", "192.168.2.11", "veth0", -EINVAL, 0,
     "fib_validate_source", "IP_LOCAL_SOURCE"},
    {"linux6.18", "all/accept_local", "1", "10.0.0.1", "192.168.2.11", "veth0", 0, VNET_RTN_LOCAL,
     NULL, NULL},
    {"linux6.18", "veth1/accept_local", "1", "10.0.0.1", "192.168.2.11", "veth0", -EINVAL, 0,
     "fib_validate_source", "IP_LOCAL_SOURCE"},
    {"centos7", NULL, NULL, "10.0.0.1", "192.168.2.11", "veth0", -EINVAL, 0,
     "__fib_validate_source", "IP_LOCAL_SOURCE"},
    /* a broadcast address as the source: only kernels before 4.15 look it up without rp_filter */
    {"linux6.18", NULL, NULL, "10.0.0.255", "192.168.2.11", "veth0", 0, VNET_RTN_LOCAL, NULL, NULL},
    {"centos7", NULL, NULL, "10.0.0.255", "192.168.2.11", "veth0", -EINVAL, 0,
     "__fib_validate_source", "IP_LOCAL_SOURCE"},
    /* the route back is by the other device, or there is none */
    {"linux6.18", "veth0/rp_filter", "1", "10.0.0.5", "192.168.2.11", "veth0", -EXDEV, 0,
     "__fib_validate_source", "IP_RPFILTER"},
    {"linux6.18", "all/rp_filter", "1", "10.0.0.5", "192.168.2.11", "veth0", -EXDEV, 0,
     "__fib_validate_source", "IP_RPFILTER"},
    {"linux6.18", "veth1/rp_filter", "1", "10.0.0.5", "192.168.2.11", "veth0", 0, VNET_RTN_LOCAL,
     NULL, NULL},
    {"linux6.18", "veth0/rp_filter", "2", "10.0.0.5", "192.168.2.11", "veth0", 0, VNET_RTN_LOCAL,
     NULL, NULL},
    {"linux6.18", "veth0/rp_filter", "2", "8.8.8.8", "192.168.2.11", "veth0", -EXDEV, 0,
     "__fib_validate_source", "IP_RPFILTER"},
    {"linux6.18", NULL, NULL, "8.8.8.8", "192.168.2.11", "veth0", 0, VNET_RTN_LOCAL, NULL, NULL},
    {"linux6.18", "veth0/rp_filter", "1", "192.168.2.5", "192.168.2.11", "veth0", 0, VNET_RTN_LOCAL,
     NULL, NULL},
    /* multicast: all hosts listen to 224.0.0.1, nobody to others */
    {"linux6.18", NULL, NULL, "192.168.2.5", "224.0.0.1", "veth0", 0, VNET_RTN_MULTICAST, NULL,
     NULL},
    {"linux6.18", NULL, NULL, "192.168.2.5", "239.1.2.3", "veth0", -EINVAL, 0, "ip_route_input_rcu",
     ""},
};

static int route_in(struct vnet *w, const struct row *r, uint16_t protocol, struct dst *dst)
{
    struct inet_addr src = ip4(r->src), daddr = ip4(r->dst);
    uint8_t header[20] = {[9] = 17};
    struct skb skb = {.buf = header, .cap = 20, .len = 20, .protocol = protocol};
    return ip_route_input(net_dev(w, r->dev), &daddr, &src, 0, &skb, dst);
}

static void run_row(const struct row *r)
{
    struct net_trace t = {0};
    struct dst dst = {0};
    struct vnet *w = world(r->profile);
    char path[64];
    if (r->sysctl) {
        snprintf(path, sizeof(path), "net/ipv4/conf/%s", r->sysctl);
        net_sysctl_set(w, path, r->value);
    }
    vnet_trace_listen(w, net_trace_fn, &t);
    int failed = unit_count.checks_failed;
    CHECK_INT(route_in(w, r, 0x0800, &dst), r->rc);
    if (r->rc == 0)
        CHECK_INT(dst.type, r->type);
    if (r->func)
        CHECK_STR(net_trace_reason(&t, r->func), r->reason);
    if (unit_count.checks_failed != failed)
        printf("#   row: %s -> %s on %s, %s\n", r->src, r->dst, r->dev,
               r->sysctl ? r->sysctl : "no sysctl");
    vnet_free(w);
}

static void test_input(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        run_row(&rows[i]);
}

/* What is asked for an ARP packet drops nothing: IGNORED, and without a reason. */
static void test_arp_verdict(void)
{
    struct net_trace t = {0};
    struct dst dst = {0};
    struct vnet *w = world("linux6.18");
    const struct row r = {.src = "10.0.0.1", .dst = "192.168.2.11", .dev = "veth0"};
    vnet_trace_listen(w, net_trace_fn, &t);
    CHECK_INT(route_in(w, &r, 0x0806, &dst), -EINVAL);
    int i = net_traced(&t, "fib_validate_source", VNET_TRACE_IGNORED);
    CHECK(i >= 0);
    if (i >= 0)
        CHECK_STR(t.ev[i].reason, "");
    vnet_free(w);
}

/* ---- output ---- */

struct out {
    const char *dst, *src, *oif;
    int rc;
    const char *dev, *chosen; /* where rc is 0: the device and the source */
    int rtcf_local;
    const char *iif; /* rt_iif: NULL: none */
};

static const struct out outs[] = {
    {"192.168.2.12", NULL, NULL, 0, "veth0", "192.168.2.11", 0, NULL},
    {"192.168.2.11", NULL, NULL, 0, "lo", "192.168.2.11", 1, "veth0"}, /* the owner's device */
    {"127.0.0.1", NULL, NULL, 0, "lo", "127.0.0.1", 1, "lo"},
    {"192.168.2.11", NULL, "veth1", 0, "veth1", "10.0.0.1", 0, "veth1"}, /* the route is by lo */
    {"8.8.8.8", NULL, NULL, -ENETUNREACH, NULL, NULL, 0, NULL},
    {"8.8.8.8", NULL, "veth1", 0, "veth1", "10.0.0.1", 0, "veth1"}, /* assumed to be on link */
    {"10.0.0.2", "192.168.2.11", NULL, 0, "veth1", "192.168.2.11", 0, NULL},
    {"10.0.0.2", "1.2.3.4", NULL, -ENETUNREACH, NULL, NULL, 0, NULL}, /* not ours */
    {"10.0.0.2", "224.0.0.1", NULL, -EINVAL, NULL, NULL, 0, NULL},
    {"10.0.0.2", "127.0.0.1", NULL, -EINVAL, NULL, NULL, 0, NULL},
    {"255.255.255.255", NULL, "veth0", 0, "veth0", "192.168.2.11", 1, "veth0"},
    {"255.255.255.255", "10.0.0.1", NULL, 0, "veth1", "10.0.0.1", 1, NULL},
    {"224.0.0.9", NULL, NULL, -ENETUNREACH, NULL, NULL, 0, NULL},
    {"224.0.0.9", NULL, "veth0", 0, "veth0", "192.168.2.11", 0, "veth0"},
    {"192.168.2.255", NULL, NULL, 0, "veth0", "192.168.2.11", 1, NULL},
    {"0.0.0.0", NULL, NULL, 0, "lo", "127.0.0.1", 1, NULL},
};

static void run_out(struct vnet *w, const struct out *o)
{
    struct flow fl = {.daddr = ip4(o->dst)};
    struct dst dst = {0};
    int failed = unit_count.checks_failed;
    char src[INET_ADDRSTRLEN_MAX];
    if (o->src)
        fl.saddr = ip4(o->src);
    if (o->oif)
        fl.oif = net_dev(w, o->oif)->ifindex;
    CHECK_INT(ip_route_output(vnet_init_ns(w), &fl, &dst), o->rc);
    if (o->rc == 0 && dst.dev) {
        CHECK_STR(dst.dev->name, o->dev);
        CHECK_STR(inet_addr_str(&dst.src, src), o->chosen);
        CHECK_INT((dst.flags & VNET_RTCF_LOCAL) != 0, o->rtcf_local);
        CHECK_INT(dst.iif, o->iif ? net_dev(w, o->iif)->ifindex : 0);
    }
    if (unit_count.checks_failed != failed)
        printf("#   row: to %s from %s oif %s\n", o->dst, o->src ? o->src : "-",
               o->oif ? o->oif : "-");
}

static void test_output(void)
{
    struct vnet *w = world("linux6.18");
    for (size_t i = 0; i < sizeof(outs) / sizeof(outs[0]); i++)
        run_out(w, &outs[i]);
    net_up(w, "veth1", false);
    run_out(w, &(struct out){"10.0.0.2", NULL, "veth1", -ENETUNREACH, NULL, NULL, 0, NULL});
    vnet_free(w);
}

static void test_gateway(void)
{
    struct vnet *w = world("linux6.18");
    struct vnet_nexthop nh = {.gateway = ip4("192.168.2.1")};
    struct vnet_route_info r = {
        .family = VNET_AF_INET, .type = VNET_RTN_UNICAST, .nnh = 1, .nh = &nh};
    CHECK_INT(vnet_route_add(vnet_init_ns(w), &r, VNET_NLM_F_CREATE, NULL), 0);
    struct flow fl = {.daddr = ip4("8.8.8.8")};
    struct dst dst = {0};
    CHECK_INT(ip_route_output(vnet_init_ns(w), &fl, &dst), 0);
    CHECK(inet_addr_eq(&dst.gateway, &nh.gateway));
    CHECK(dst.dev == net_dev(w, "veth0"));
    CHECK_INT(dst.mtu, 1500);
    vnet_free(w);
}

int main(void)
{
    RUN(test_input);
    RUN(test_arp_verdict);
    RUN(test_output);
    RUN(test_gateway);
    return unit_end();
}
