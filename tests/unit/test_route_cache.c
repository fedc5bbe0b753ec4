/* The route cache answers as the lookup behind it does, whatever is changed in between. */
#include "inet/route_cache.h"
#include "tests/unit/net.h"
#include "vnet_route.h"

enum { ADDRS = 8, OIFS = 4 };

static const char *const addrs[ADDRS] = {"192.168.2.11", "192.168.2.12",  "192.168.2.50",
                                         "10.1.2.3",     "192.168.2.255", "127.0.0.1",
                                         "224.0.0.1",    "172.16.0.9"};

static bool same(int rc1, const struct dst *a, int rc2, const struct dst *b)
{
    return rc1 == rc2 &&
           (rc1 < 0 || (a->dev == b->dev && inet_addr_eq(&a->src, &b->src) && a->type == b->type &&
                        a->flags == b->flags && a->iif == b->iif && a->mtu == b->mtu &&
                        a->error == b->error && inet_addr_eq(&a->gateway, &b->gateway)));
}

static void compare_output(struct vnet *w, const char *daddr, const char *saddr, int oif)
{
    struct flow f1 = {.family = VNET_AF_INET, .daddr = ip4(daddr), .oif = oif, .proto = 1};
    struct dst d1 = {0}, d2 = {0}, d3 = {0};
    if (saddr)
        f1.saddr = ip4(saddr);
    struct flow4 f2 = {.daddr = inet_addr_to_v4(&f1.daddr),
                       .saddr = inet_addr_to_v4(&f1.saddr),
                       .oif = oif,
                       .proto = 1},
                 f3 = f2;
    struct netns *ns = vnet_init_ns(w);
    int direct = ip_route_output(ns, &f1, &d1);
    int first = ip_route_output_cached(ns, &f2, &d2);
    int again = ip_route_output_cached(ns, &f3, &d3);
    if (!same(direct, &d1, first, &d2) || !same(direct, &d1, again, &d3))
        printf("# to %s from %s by %d\n", daddr, saddr ? saddr : "-", oif);
    CHECK(same(direct, &d1, first, &d2));
    CHECK(same(direct, &d1, again, &d3));
    if (direct == 0) {
        CHECK(inet_addr_to_v4(&f1.saddr) == f2.saddr && f2.saddr == f3.saddr);
        CHECK(inet_addr_to_v4(&f1.daddr) == f2.daddr && f2.daddr == f3.daddr);
    }
}

static void compare_input(struct vnet *w, const char *dev, const char *daddr, const char *saddr)
{
    struct netdev *d = net_dev(w, dev);
    struct inet_addr da = ip4(daddr), sa = ip4(saddr);
    struct dst d1 = {0}, d2 = {0}, d3 = {0};
    struct skb *skb = skb_alloc(w, 0);
    if (!d->in_dev)
        return;
    int direct = ip_route_input(d, &da, &sa, 0, skb, &d1);
    uint32_t d4 = inet_addr_to_v4(&da), s4 = inet_addr_to_v4(&sa);
    CHECK(same(direct, &d1, ip_route_input_cached(d, d4, s4, 0, skb, &d2), &d2));
    CHECK(same(direct, &d1, ip_route_input_cached(d, d4, s4, 0, skb, &d3), &d3));
    skb_free(w, skb);
}

static void compare_all(struct vnet *w)
{
    for (int i = 0; i < ADDRS; i++) {
        for (int oif = 0; oif < OIFS; oif++) {
            compare_output(w, addrs[i], NULL, oif);
            compare_output(w, addrs[i], "192.168.2.11", oif);
        }
        compare_input(w, "veth0", addrs[i], "192.168.2.50");
        compare_input(w, "veth1", addrs[i], "192.168.2.11");
    }
}

static void add_route(struct vnet *w, const char *dst, unsigned len, int oif, const char *via,
                      bool add)
{
    struct vnet_nexthop nh = {.oif = oif};
    struct vnet_route_info r = {.family = VNET_AF_INET,
                                .dst = ip4(dst),
                                .dst_len = (uint8_t)len,
                                .type = VNET_RTN_UNICAST,
                                .protocol = VNET_RTPROT_BOOT,
                                .table = VNET_RT_TABLE_MAIN,
                                .scope = via ? VNET_SCOPE_UNIVERSE : VNET_SCOPE_LINK,
                                .nnh = 1,
                                .nh = &nh};
    if (via)
        nh.gateway = ip4(via);
    if (add)
        vnet_route_add(vnet_init_ns(w), &r, VNET_NLM_F_CREATE | VNET_NLM_F_EXCL, NULL);
    else
        vnet_route_del(vnet_init_ns(w), &r, NULL);
}

static void add_addr(struct vnet *w, const char *dev, const char *addr)
{
    struct vnet_addr_req req = {.ifindex = net_dev(w, dev)->ifindex,
                                .family = VNET_AF_INET,
                                .prefixlen = 24,
                                .local = ip4(addr),
                                .address = ip4(addr),
                                .excl = true};
    vnet_addr_add(vnet_init_ns(w), &req, NULL);
}

static void del_addr(struct vnet *w, const char *dev, const char *addr)
{
    struct vnet_addr_req req = {.ifindex = net_dev(w, dev)->ifindex,
                                .family = VNET_AF_INET,
                                .prefixlen = 24,
                                .local = ip4(addr),
                                .address = ip4(addr)};
    vnet_addr_del(vnet_init_ns(w), &req, NULL);
}

static void set_mtu(struct vnet *w, const char *dev, uint32_t mtu)
{
    struct vnet_link_req req = {.set = VNET_LINK_MTU, .mtu = mtu};
    snprintf(req.ifname, sizeof(req.ifname), "%s", dev);
    vnet_link_set(vnet_init_ns(w), &req, NULL);
}

static void rule(struct vnet *w, bool add)
{
    struct vnet_rule_info r = {.family = VNET_AF_INET,
                               .action = VNET_FR_ACT_PROHIBIT,
                               .priority = 100,
                               .has_priority = true,
                               .dst = ip4("10.0.0.0"),
                               .dst_len = 8,
                               .suppress_prefixlen = -1,
                               .suppress_ifgroup = -1};
    if (add)
        vnet_rule_add(vnet_init_ns(w), &r, NULL);
    else
        vnet_rule_del(vnet_init_ns(w), &r, NULL);
}

static void change(struct vnet *w, unsigned which)
{
    const char *dev = which & 1 ? "veth1" : "veth0";
    int index = net_dev(w, dev)->ifindex;
    switch (which / 2 % 11) {
    case 0:
        net_up(w, dev, false);
        break;
    case 1:
        net_up(w, dev, true);
        break;
    case 2:
        add_route(w, "10.0.0.0", 8, index, NULL, which & 32);
        break;
    case 3:
        add_route(w, "0.0.0.0", 0, index, "192.168.2.50", which & 32);
        break;
    case 4:
        del_addr(w, dev, which & 32 ? "192.168.2.12" : "192.168.2.11");
        break;
    case 5:
        add_addr(w, dev, which & 1 ? "192.168.2.12" : "192.168.2.11");
        break;
    case 6:
        net_sysctl_set(w, "net/ipv4/conf/all/rp_filter", which & 1 ? "1" : "0");
        break;
    case 7:
        net_sysctl_set(w, "net/ipv4/conf/all/accept_local", which & 1 ? "1" : "0");
        break;
    case 8:
        set_mtu(w, dev, which & 32 ? 1500 : 1300);
        break;
    case 9:
        rule(w, which & 1);
        break;
    default:
        add_route(w, "172.16.0.0", 16, index, NULL, which & 32);
        break;
    }
}

static void test_random_changes(void)
{
    struct vnet *w = net_pair("linux6.18", "192.168.2.12");
    struct rng r;
    rng_seed(&r, 11);
    compare_all(w);
    for (int i = 0; i < 1500; i++) {
        change(w, (unsigned)rng_below(&r, 64));
        compare_all(w);
    }
    vnet_free(w);
}

/* An address that ends by its lifetime takes its routes along, without any request. */
static void test_expiry(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    struct vnet_addr_req req = {.ifindex = net_dev(w, "veth1")->ifindex,
                                .family = VNET_AF_INET,
                                .prefixlen = 24,
                                .local = ip4("10.1.2.1"),
                                .address = ip4("10.1.2.1"),
                                .has_lft = true,
                                .valid_lft = 20,
                                .preferred_lft = 10};
    CHECK_INT(vnet_addr_add(vnet_init_ns(w), &req, NULL), 0);
    for (int i = 0; i < 30; i++) {
        compare_all(w);
        net_wait_ms(w, 1000);
    }
    struct flow4 fl = {.daddr = 0x0a010203, .proto = 1};
    struct dst d;
    CHECK(ip_route_output_cached(vnet_init_ns(w), &fl, &d) < 0);
    vnet_free(w);
}

int main(void)
{
    RUN(test_random_changes);
    RUN(test_expiry);
    return unit_end();
}
