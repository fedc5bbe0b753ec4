/* What ICMP errors teach about single destinations: path MTUs and redirects, and their end. */
#include "inet/fib_exception.h"
#include "inet/fib_internal.h"
#include "inet/ip.h"
#include "inet/route.h"
#include "tests/unit/net.h"
#include "vnet_route.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

static void route_add(struct vnet *w, const char *dst, uint8_t len, const char *via)
{
    const struct vnet_nexthop nh = {.gateway = ip4(via)};
    const struct vnet_route_info r = {.family = VNET_AF_INET,
                                      .dst = ip4(dst),
                                      .dst_len = len,
                                      .table = VNET_RT_TABLE_MAIN,
                                      .type = VNET_RTN_UNICAST,
                                      .nnh = 1,
                                      .nh = &nh};
    CHECK_INT(vnet_route_add(vnet_init_ns(w), &r, VNET_NLM_F_CREATE, NULL), 0);
}

static void neigh_add(struct vnet *w, const char *addr)
{
    const struct vnet_neigh_req req = {.family = VNET_AF_INET,
                                       .ifindex = net_dev(w, "veth0")->ifindex,
                                       .dst = ip4(addr),
                                       .has_lladdr = true,
                                       .lladdr = {6, PEER_MAC},
                                       .state = VNET_NUD_PERMANENT};
    CHECK_INT(vnet_neigh_add(vnet_init_ns(w), &req, VNET_NLM_F_CREATE, NULL), 0);
}

/* veth0 is 192.168.2.11, with a default route by .1; a raw socket has pinged. */
static struct vnet *world(vnet_sock_id *id)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    route_add(w, "0.0.0.0", 0, "192.168.2.1");
    neigh_add(w, "192.168.2.1");
    neigh_add(w, "192.168.2.2");
    *id = net_ping_socket(w, NULL);
    return w;
}

/* An ICMP message from a host, about a ping of ours to daddr. */
static void message(struct vnet *w, const char *from, const char *daddr, uint8_t type, uint8_t code,
                    uint32_t rest)
{
    uint8_t p[IPV4_HDR_LEN + ICMP_HDR_LEN + IPV4_HDR_LEN + ICMP_HDR_LEN] = {0};
    struct ipv4_hdr h = {.version = 4, .hdr_len = IPV4_HDR_LEN, .ttl = 64, .protocol = 1};
    struct inet_addr a = ip4(from), us = ip4("192.168.2.11"), to = ip4(daddr);
    h.saddr = inet_addr_to_v4(&us);
    h.daddr = inet_addr_to_v4(&to);
    h.tot_len = IPV4_HDR_LEN + ICMP_HDR_LEN;
    ipv4_emit(p + IPV4_HDR_LEN + ICMP_HDR_LEN, &h, NULL);
    p[2 * IPV4_HDR_LEN + ICMP_HDR_LEN] = ICMP_ECHO;
    h.daddr = h.saddr;
    h.saddr = inet_addr_to_v4(&a);
    h.tot_len = sizeof(p);
    ipv4_emit(p, &h, NULL);
    const struct icmp_hdr icmp = {.type = type, .code = code, .rest = rest};
    icmp_emit(p + IPV4_HDR_LEN, sizeof(p) - IPV4_HDR_LEN, &icmp);
    net_inject(w, "veth0", 0x0800, NULL, p, sizeof(p));
}

static struct dst way_to(struct vnet *w, const char *daddr)
{
    struct flow fl = {.family = VNET_AF_INET, .daddr = ip4(daddr)};
    struct dst dst = {0};
    CHECK_INT(ip_route_output(vnet_init_ns(w), &fl, &dst), 0);
    return dst;
}

static bool goes_by(struct vnet *w, const char *daddr, const char *gateway)
{
    const struct dst dst = way_to(w, daddr);
    const struct inet_addr gw = ip4(gateway);
    return inet_addr_eq(&dst.gateway, &gw);
}

static void redirect(struct vnet *w, const char *from, const char *gateway)
{
    const struct inet_addr gw = ip4(gateway);
    message(w, from, "10.1.1.1", ICMP_REDIRECT, ICMP_REDIR_HOST, inet_addr_to_v4(&gw));
}

static void test_redirect(void)
{
    vnet_sock_id id;
    struct vnet *w = world(&id);
    redirect(w, "192.168.2.3", "192.168.2.2"); /* not from the gateway in use */
    CHECK(goes_by(w, "10.1.1.1", "192.168.2.1"));
    redirect(w, "192.168.2.1", "192.168.2.1");
    redirect(w, "192.168.2.1", "192.168.2.11"); /* ourselves */
    redirect(w, "192.168.2.1", "224.0.0.9");
    redirect(w, "192.168.2.1", "192.168.2.9"); /* whose MAC is not known yet */
    CHECK(goes_by(w, "10.1.1.1", "192.168.2.1"));
    redirect(w, "192.168.2.1", "192.168.2.2");
    CHECK(goes_by(w, "10.1.1.1", "192.168.2.2"));
    CHECK(goes_by(w, "10.1.1.2", "192.168.2.1"));
    CHECK(way_to(w, "10.1.1.1").flags & VNET_RTCF_REDIRECTED);
    net_wait_ms(w, 299 * 1000);
    CHECK(goes_by(w, "10.1.1.1", "192.168.2.2"));
    net_wait_ms(w, 2 * 1000);
    CHECK(goes_by(w, "10.1.1.1", "192.168.2.1"));
    vnet_free(w);
}

/* Nobody asked, nobody learns; and hosts may be told not to believe. */
static void test_redirect_ignored(void)
{
    vnet_sock_id id;
    struct vnet *w = world(&id);
    net_sysctl_set(w, "net/ipv4/conf/all/accept_redirects", "0");
    net_sysctl_set(w, "net/ipv4/conf/veth0/accept_redirects", "0");
    redirect(w, "192.168.2.1", "192.168.2.2");
    CHECK(goes_by(w, "10.1.1.1", "192.168.2.1"));
    net_sysctl_set(w, "net/ipv4/conf/all/accept_redirects", "1");
    vnet_sock_close(w, id);
    redirect(w, "192.168.2.1", "192.168.2.2");
    CHECK(goes_by(w, "10.1.1.1", "192.168.2.1"));
    vnet_free(w);
}

static void test_pmtu(void)
{
    vnet_sock_id id;
    struct vnet *w = world(&id);
    message(w, "10.9.9.9", "10.1.1.1", ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 1300);
    struct dst dst = way_to(w, "10.1.1.1");
    CHECK_INT(ip_dst_mtu(&dst), 1300);
    CHECK(!ip_mtu_locked(&dst));
    dst = way_to(w, "10.1.1.2");
    CHECK_INT(ip_dst_mtu(&dst), 1500);
    message(w, "10.9.9.9", "10.1.1.1", ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 1400); /* not larger */
    dst = way_to(w, "10.1.1.1");
    CHECK_INT(ip_dst_mtu(&dst), 1300);
    message(w, "10.9.9.9", "10.1.1.1", ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 68);
    dst = way_to(w, "10.1.1.1");
    CHECK_INT(ip_dst_mtu(&dst), 552);
    CHECK(ip_mtu_locked(&dst));
    net_wait_ms(w, 601 * 1000);
    dst = way_to(w, "10.1.1.1");
    CHECK_INT(ip_dst_mtu(&dst), 1500);
    vnet_free(w);
}

/* With the route goes what hung on it. */
static void test_route_gone(void)
{
    vnet_sock_id id;
    struct vnet *w = world(&id);
    struct fib *fib = vnet_init_ns(w)->fib4;
    redirect(w, "192.168.2.1", "192.168.2.2");
    message(w, "10.9.9.9", "10.2.2.2", ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 1300);
    CHECK(!list_empty(&fib->exceptions));
    route_add(w, "10.1.0.0", 16, "192.168.2.1");
    const struct vnet_route_info r = {.family = VNET_AF_INET, .table = VNET_RT_TABLE_MAIN};
    CHECK_INT(vnet_route_del(vnet_init_ns(w), &r, NULL), 0);
    CHECK(list_empty(&fib->exceptions));
    vnet_free(w);
}

int main(void)
{
    RUN(test_redirect);
    RUN(test_redirect_ignored);
    RUN(test_pmtu);
    RUN(test_route_gone);
    return unit_end();
}
