/* IPv6 addresses: what comes by itself when a link comes up, by hand, and goes; routes and groups
 * with them. The expected routes, groups and flags were recorded from Linux 6.1 and 6.18. */
#include "tests/unit/net6.h"

#include <errno.h>

#include "sim/timer.h"

enum {
    PERM = VNET_IFA_F_PERMANENT,
    TENTATIVE = VNET_IFA_F_TENTATIVE,
    NODAD = VNET_IFA_F_NODAD,
};
static const char *const profiles[] = {"debian12", "linux6.18"};

#define LO_ROUTE "local ::1/128 lo 0\n"

/* ---- the link comes up ---- */

static void test_loopback(void)
{
    struct vnet *w = net_world("debian12");
    CHECK_TEXT(net6_addrs(w, "lo"), "::1/128 80\n");
    CHECK_TEXT(net6_routes(w), LO_ROUTE);
    net_up(w, "lo", false);
    CHECK_TEXT(net6_addrs(w, "lo"), "");
    CHECK_TEXT(net6_routes(w), "");
    net_up(w, "lo", true);
    CHECK_TEXT(net6_addrs(w, "lo"), "::1/128 80\n");
    CHECK_TEXT(net6_groups(w, "lo"), "ff02::1 ff01::1 ");
    vnet_free(w);
}

static void test_waits_for_carrier(void)
{
    struct vnet *w = net6_pair("debian12", 2);
    net_up(w, "v0", true);
    net_wait_ms(w, 5000);
    CHECK_TEXT(net6_addrs(w, "v0"), "");
    CHECK_TEXT(net6_routes(w), LO_ROUTE);
    CHECK_TEXT(net6_groups(w, "v0"), "ff02::1 ff01::1 ");
    CHECK_INT(net6_frames_out(w, "v0"), 0);
    vnet_free(w);
}

static void test_routes_while_tentative_and_after(void)
{
    for (int i = 0; i < 2; i++) {
        struct vnet *w = net6_pair_up(profiles[i], 2);
        net_wait_ms(w, 1);
        CHECK_TEXT(net6_addrs(w, "v0"), "fe80::ff:fe00:1/64 c0\n");
        CHECK_TEXT(net6_routes(w), "fe80::/64 v1 256\nfe80::/64 v0 256\n" LO_ROUTE
                                   "multicast ff00::/8 v1 256\nmulticast ff00::/8 v0 256\n");
        net_wait_ms(w, 3000);
        CHECK_TEXT(net6_addrs(w, "v0"), "fe80::ff:fe00:1/64 80\n");
        CHECK_TEXT(net6_routes(w),
                   "fe80::/64 v1 256\nfe80::/64 v0 256\n" LO_ROUTE
                   "local fe80::ff:fe00:1/128 v0 0\nlocal fe80::ff:fe00:2/128 v1 0\n"
                   "multicast ff00::/8 v1 256\nmulticast ff00::/8 v0 256\n");
        CHECK_TEXT(net6_groups(w, "v0"), "ff02::1:ff00:1 ff02::1 ff01::1 ");
        vnet_free(w);
    }
}

static void test_down(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    net_wait_ms(w, 3000);
    net_up(w, "v1", false);
    CHECK_TEXT(net6_addrs(w, "v1"), "");
    CHECK_TEXT(net6_addrs(w, "v0"), "fe80::ff:fe00:1/64 80\n");
    CHECK_TEXT(net6_routes(w),
               "fe80::/64 v0 256 linkdown\n" LO_ROUTE "local fe80::ff:fe00:1/128 v0 0\n"
               "multicast ff00::/8 v0 256 linkdown\n");
    CHECK_TEXT(net6_groups(w, "v1"), "ff02::1 ff01::1 ");
    vnet_free(w);
}

static void test_down_in_the_middle(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    net_wait_ms(w, 50);
    net_up(w, "v0", false);
    unsigned sent = net6_frames_out(w, "v0");
    net_wait_ms(w, 10000);
    CHECK_INT(net6_frames_out(w, "v0"), sent);
    CHECK_TEXT(net6_addrs(w, "v0"), "");
    vnet_free(w);
}

static void test_link_deleted(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    net_wait_ms(w, 50);
    CHECK_INT(vnet_link_del(vnet_init_ns(w), vnet_link_index(vnet_init_ns(w), "v0"), NULL), 0);
    net_wait_ms(w, 10000);
    CHECK_TEXT(net6_routes(w), LO_ROUTE);
    vnet_free(w);
}

static void set_mtu(struct vnet *w, const char *ifname, uint32_t mtu)
{
    struct vnet_link_req req = {.set = VNET_LINK_MTU, .mtu = mtu};
    snprintf(req.ifname, sizeof(req.ifname), "%s", ifname);
    CHECK_INT(vnet_link_set(vnet_init_ns(w), &req, NULL), 0);
}

static void test_small_mtu(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    net_wait_ms(w, 3000);
    set_mtu(w, "v0", 1279);
    CHECK(net6_dev(w, "v0") == NULL);
    CHECK_TEXT(net6_routes(w), "fe80::/64 v1 256\n" LO_ROUTE "local fe80::ff:fe00:2/128 v1 0\n"
                               "multicast ff00::/8 v1 256\n");
    set_mtu(w, "v0", 1500);
    CHECK_TEXT(net6_addrs(w, "v0"), "fe80::ff:fe00:1/64 c0\n");
    net_wait_ms(w, 1);
    CHECK_TEXT(net6_groups(w, "v0"), "ff02::1:ff00:1 ff02::1 ff01::1 ");
    vnet_free(w);
}

/* ---- duplicate address detection ---- */

static void test_duplicate(void)
{
    struct vnet *w = net6_pair_up("linux6.18", 1); /* both ends have one MAC */
    net_wait_ms(w, 5000);
    const struct inet_addr ll = ip6("fe80::ff:fe00:1");
    struct netns *ns = vnet_init_ns(w);
    const struct inet6_ifaddr *a = ipv6_find_addr(ns, &ll, net_dev(w, "v0"), true);
    const struct inet6_ifaddr *b = ipv6_find_addr(ns, &ll, net_dev(w, "v1"), true);
    const uint32_t failed = PERM | TENTATIVE | VNET_IFA_F_DADFAILED;
    CHECK(a && b);
    CHECK((a->flags == failed && b->flags == PERM) || (a->flags == PERM && b->flags == failed));
    /* Only the winner asked. */
    CHECK_INT(net6_count(w, "v0", 135) + net6_count(w, "v1", 135), 1);
    CHECK(ipv6_find_addr(ns, &ll, NULL, false) == (a->flags == PERM ? a : b));
    vnet_free(w);
}

static void test_duplicate_disables(void)
{
    struct vnet *w = net_world("debian12");
    net_sysctl_set(w, "net/ipv6/conf/default/accept_dad", "2");
    struct vnet_link_req peer = {
        .ifname = "v1", .set = VNET_LINK_ADDR, .addr = {6, {2, 0, 0, 0, 0, 1}}};
    struct vnet_link_req req = {.ifname = "v0",
                                .set = VNET_LINK_ADDR,
                                .addr = {6, {2, 0, 0, 0, 0, 1}},
                                .kind = "veth",
                                .peer = &peer};
    CHECK_INT(vnet_link_add(vnet_init_ns(w), &req, NULL), 0);
    net_up(w, "v0", true);
    net_up(w, "v1", true);
    net_wait_ms(w, 5000);
    int off0 = net6_dev(w, "v0")->conf.v[IPV6_CONF_disable_ipv6];
    int off1 = net6_dev(w, "v1")->conf.v[IPV6_CONF_disable_ipv6];
    CHECK_INT(off0 + off1, 1);
    CHECK_TEXT(net6_addrs(w, off0 ? "v0" : "v1"), "");
    vnet_free(w);
}

static void test_dad_transmits(void)
{
    static const char *const values[] = {"0", "1", "3"};
    static const int probes[] = {0, 1, 3};
    for (int i = 0; i < 3; i++) {
        struct vnet *w = net6_pair("debian12", 2);
        net_sysctl_set(w, "net/ipv6/conf/v0/dad_transmits", values[i]);
        net_up(w, "v0", true);
        net_up(w, "v1", true);
        net_wait_ms(w, 6000);
        CHECK_INT(net6_count(w, "v0", 135), probes[i]);
        CHECK_TEXT(net6_addrs(w, "v0"), "fe80::ff:fe00:1/64 80\n");
        vnet_free(w);
    }
}

static void test_nonce_only_if_enhanced(void)
{
    for (int enhanced = 0; enhanced < 2; enhanced++) {
        struct vnet *w = net6_pair("debian12", 2);
        unsigned nth = 0;
        net_sysctl_set(w, "net/ipv6/conf/all/enhanced_dad", "0");
        net_sysctl_set(w, "net/ipv6/conf/v0/enhanced_dad", enhanced ? "1" : "0");
        net_up(w, "v0", true);
        net_up(w, "v1", true);
        net_wait_ms(w, 3000);
        const struct recorder_entry *ns = net6_find(w, "v0", 135, &nth);
        CHECK(ns != NULL);
        CHECK_INT(ns ? ns->len : 0, enhanced ? 86 : 78);
        vnet_free(w);
    }
}

/* ---- by hand ---- */

static void test_addresses_before_up(void)
{
    struct vnet *w = net6_pair("debian12", 2);
    CHECK_INT(net6_add(w, "v0", "2001:db8::1", 64, 0), 0);
    CHECK_INT(net6_add(w, "v0", "2001:db8:3::1", 64, NODAD), 0);
    CHECK_INT(net6_add(w, "v0", "fec0::1", 64, 0), 0);
    CHECK_TEXT(net6_addrs(w, "v0"), "2001:db8:3::1/64 82\n2001:db8::1/64 c0\nfec0::1/64 c0\n");
    /* The device is down: no prefix routes, and a local route only of what needs no detection. */
    CHECK_TEXT(net6_routes(w), LO_ROUTE "local 2001:db8:3::1/128 v0 0\n");
    net_up(w, "v0", true);
    net_up(w, "v1", true);
    net_wait_ms(w, 3000);
    CHECK_TEXT(net6_addrs(w, "v0"), "2001:db8:3::1/64 82\n2001:db8::1/64 80\nfec0::1/64 80\n"
                                    "fe80::ff:fe00:1/64 80\n");
    CHECK_TEXT(net6_routes(w), "2001:db8::/64 v0 256\n2001:db8:3::/64 v0 256\nfe80::/64 v1 256\n"
                               "fe80::/64 v0 256\nfec0::/64 v0 256\n" LO_ROUTE
                               "local 2001:db8::1/128 v0 0\nlocal 2001:db8:3::1/128 v0 0\n"
                               "local fe80::ff:fe00:1/128 v0 0\nlocal fe80::ff:fe00:2/128 v1 0\n"
                               "local fec0::1/128 v0 0\n"
                               "multicast ff00::/8 v1 256\nmulticast ff00::/8 v0 256\n");
    CHECK_TEXT(net6_groups(w, "v0"), "ff02::1:ff00:1*4 ff02::1 ff01::1 ");
    vnet_free(w);
}

static void test_prefix_route_goes_with_the_last(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    char *routes;
    net6_add(w, "v0", "2001:db8::1", 64, NODAD);
    net6_add(w, "v0", "2001:db8::2", 64, NODAD);
    CHECK_INT(net6_del(w, "v0", "2001:db8::1", 64), 0);
    routes = net6_routes(w);
    CHECK(strstr(routes, "2001:db8::/64 v0 256\n") != NULL);
    CHECK(strstr(routes, "local 2001:db8::1/128") == NULL);
    free(routes);
    CHECK_INT(net6_del(w, "v0", "2001:db8::2", 64), 0);
    routes = net6_routes(w);
    CHECK(strstr(routes, "2001:db8::") == NULL);
    free(routes);
    vnet_free(w);
}

static void test_peer(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    struct vnet_addr_req req = net6_req(w, "v0", "2001:db8:1::1", 128);
    req.address = ip6("2001:db8:2::2");
    req.flags = NODAD;
    req.metric = 7;
    CHECK_INT(vnet_addr_add(vnet_init_ns(w), &req, NULL), 0);
    net_wait_ms(w, 1);
    char *routes = net6_routes(w);
    CHECK(strstr(routes, "2001:db8:1::1/128 v0 7\n2001:db8:2::2/128 v0 7\n") == routes);
    CHECK(strstr(routes, "local 2001:db8:1::1/128 v0 0\n") != NULL);
    free(routes);
    CHECK_INT(net6_del(w, "v0", "2001:db8:1::1", 128), 0);
    routes = net6_routes(w);
    CHECK(strstr(routes, "2001:db8") == NULL);
    free(routes);
    vnet_free(w);
}

struct refusal {
    const char *addr;
    unsigned len;
    uint32_t flags;
    int error;
    const char *msg; /* since 6.6 */
};

static void test_refusals(void)
{
    static const struct refusal rows[] = {
        {"2001:db8::1", 48, 0, EEXIST, "ipv6: address already assigned"},
        {"::", 64, 0, EADDRNOTAVAIL, "ipv6: Invalid address"},
        {"::1", 128, 0, EADDRNOTAVAIL, "ipv6: Cannot assign loopback address on this device"},
        {"ff02::5", 64, 0, EADDRNOTAVAIL,
         "ipv6: Cannot assign multicast address without \"IFA_F_MCAUTOJOIN\" flag"},
        {"2001:db8::7", 48, VNET_IFA_F_MANAGETEMPADDR, EINVAL,
         "ipv6: address with \"mngtmpaddr\" flag must have a prefix length of 64"},
        {"2001:db8::7", 129, 0, EINVAL, "ipv6: Invalid prefix length"},
    };
    for (int p = 0; p < 2; p++) {
        struct vnet *w = net6_pair_up(profiles[p], 2);
        CHECK_INT(net6_add(w, "v0", "2001:db8::1", 64, 0), 0);
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            struct vnet_addr_req req = net6_req(w, "v0", rows[i].addr, rows[i].len);
            struct vnet_err err = {{0}};
            req.flags = rows[i].flags;
            CHECK_INT(vnet_addr_add(vnet_init_ns(w), &req, &err), -rows[i].error);
            CHECK_STR(err.msg, p ? rows[i].msg : "");
        }
        CHECK_INT(net6_del(w, "v0", "2001:db8::9", 64), -EADDRNOTAVAIL);
        CHECK_INT(net6_del(w, "v0", "2001:db8::1", 48), -EADDRNOTAVAIL);
        net_sysctl_set(w, "net/ipv6/conf/v0/disable_ipv6", "1");
        CHECK_INT(net6_add(w, "v0", "2001:db8::1", 64, 0), -EACCES);
        vnet_free(w);
    }
}

static int lifetimes_cb(const struct vnet_addr_info *a, void *arg)
{
    struct vnet_addr_info *out = arg;
    if (a->scope == VNET_SCOPE_UNIVERSE)
        *out = *a;
    return 0;
}

static struct vnet_addr_info global_of(struct vnet *w, const char *ifname)
{
    struct vnet_addr_info info = {0};
    vnet_addr_dump(vnet_init_ns(w), VNET_AF_INET6, vnet_link_index(vnet_init_ns(w), ifname),
                   lifetimes_cb, &info);
    return info;
}

static void test_lifetimes(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    struct vnet_addr_req req = net6_req(w, "v0", "2001:db8::1", 64);
    req.has_lft = true;
    req.valid_lft = 100;
    req.preferred_lft = 50;
    req.flags = NODAD;
    CHECK_INT(vnet_addr_add(vnet_init_ns(w), &req, NULL), 0);
    net_wait_ms(w, 3500);
    struct vnet_addr_info a = global_of(w, "v0");
    CHECK_INT(a.flags, NODAD);
    CHECK_INT(a.valid_lft, 97);
    CHECK_INT(a.preferred_lft, 47);
    net_wait_ms(w, 48000);
    a = global_of(w, "v0");
    CHECK_INT(a.flags, NODAD | VNET_IFA_F_DEPRECATED);
    CHECK_INT(a.preferred_lft, 0);
    net_wait_ms(w, 48000);
    CHECK_INT(global_of(w, "v0").family, VNET_AF_INET6);
    net_wait_ms(w, 3000);
    CHECK_INT(global_of(w, "v0").family, 0);
    char *routes = net6_routes(w);
    CHECK(strstr(routes, "local 2001:db8::1/128") == NULL);
    free(routes);
    req.valid_lft = 10;
    req.preferred_lft = 20;
    CHECK_INT(vnet_addr_add(vnet_init_ns(w), &req, NULL), -EINVAL);
    req.valid_lft = req.preferred_lft = 0;
    CHECK_INT(vnet_addr_add(vnet_init_ns(w), &req, NULL), -EINVAL);
    vnet_free(w);
}

static void test_replace(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    struct vnet_addr_req req = net6_req(w, "v0", "2001:db8::1", 64);
    net6_add(w, "v0", "2001:db8::1", 64, NODAD);
    req.excl = false;
    CHECK_INT(vnet_addr_add(vnet_init_ns(w), &req, NULL), -EEXIST);
    req.replace = req.has_lft = true;
    req.valid_lft = 100;
    req.preferred_lft = 0;
    CHECK_INT(vnet_addr_add(vnet_init_ns(w), &req, NULL), 0);
    CHECK_INT(global_of(w, "v0").flags, VNET_IFA_F_DEPRECATED);
    req.has_lft = false;
    req.metric = 9;
    CHECK_INT(vnet_addr_add(vnet_init_ns(w), &req, NULL), 0);
    CHECK_INT(global_of(w, "v0").flags, PERM);
    CHECK_INT(global_of(w, "v0").valid_lft, VNET_LIFETIME_FOREVER);
    char *routes = net6_routes(w);
    CHECK(strstr(routes, "2001:db8::/64 v0 9\n") != NULL);
    free(routes);
    vnet_free(w);
}

/* ---- sysctls ---- */

static void test_keep_addr_on_down(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    net_sysctl_set(w, "net/ipv6/conf/v0/keep_addr_on_down", "1");
    net6_add(w, "v0", "2001:db8:9::1", 64, 0);
    net6_add(w, "v0", "2001:db8:a::1", 64, NODAD);
    net_wait_ms(w, 3000);
    net_up(w, "v0", false);
    CHECK_TEXT(net6_addrs(w, "v0"), "2001:db8:a::1/64 82\n2001:db8:9::1/64 c0\n");
    char *routes = net6_routes(w);
    CHECK(strstr(routes, "v0") == NULL);
    free(routes);
    net_up(w, "v0", true);
    net_wait_ms(w, 1);
    CHECK_TEXT(net6_addrs(w, "v0"),
               "2001:db8:a::1/64 82\n2001:db8:9::1/64 c0\nfe80::ff:fe00:1/64 c0\n");
    net_wait_ms(w, 3000);
    CHECK_TEXT(net6_addrs(w, "v0"),
               "2001:db8:a::1/64 82\n2001:db8:9::1/64 80\nfe80::ff:fe00:1/64 80\n");
    vnet_free(w);
}

static void test_disable_ipv6(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    net_wait_ms(w, 3000);
    net_sysctl_set(w, "net/ipv6/conf/all/disable_ipv6", "1");
    CHECK_TEXT(net6_addrs(w, "lo"), "");
    CHECK_TEXT(net6_addrs(w, "v0"), "");
    CHECK_TEXT(net6_routes(w), "");
    unsigned sent = net6_frames_out(w, "v0");
    net_wait_ms(w, 10000);
    CHECK_INT(net6_frames_out(w, "v0"), sent);
    net_sysctl_set(w, "net/ipv6/conf/all/disable_ipv6", "0");
    CHECK_TEXT(net6_addrs(w, "lo"), "::1/128 80\n");
    CHECK_TEXT(net6_addrs(w, "v0"), "fe80::ff:fe00:1/64 c0\n");
    vnet_free(w);
}

static void test_forwarding(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    net_wait_ms(w, 3000);
    net_sysctl_set(w, "net/ipv6/conf/v0/forwarding", "1");
    CHECK_TEXT(net6_groups(w, "v0"), "ff02::1:ff00:0 ff05::2 ff01::2 ff02::2 ff02::1:ff00:1 "
                                     "ff02::1 ff01::1 ");
    char *routes = net6_routes(w);
    CHECK(strstr(routes, "anycast fe80::/128 v0 0\n") != NULL);
    free(routes);
    const struct inet_addr any = ip6("fe80::");
    CHECK(ipv6_chk_acast_addr(net_dev(w, "v0"), &any));
    net_sysctl_set(w, "net/ipv6/conf/v0/forwarding", "0");
    CHECK_TEXT(net6_groups(w, "v0"), "ff02::1:ff00:1 ff02::1 ff01::1 ");
    routes = net6_routes(w);
    CHECK(strstr(routes, "anycast") == NULL);
    free(routes);
    vnet_free(w);
}

static void test_stable_privacy(void)
{
    struct vnet *w = net6_pair("debian12", 2);
    net_sysctl_set(w, "net/ipv6/conf/v0/stable_secret", "2001:db8::1234:5678");
    net_sysctl_set(w, "net/ipv6/conf/v1/stable_secret", "2001:db8::1234:5679");
    net_up(w, "v0", true);
    net_up(w, "v1", true);
    CHECK_TEXT(net6_addrs(w, "v0"), "fe80::71d8:1385:74ce:e11c/64 8c0\n");
    CHECK_TEXT(net6_addrs(w, "v1"), "fe80::78d3:7792:5912:350c/64 8c0\n");
    vnet_free(w);
}

static void test_addr_gen_mode(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    struct inet6_dev *idev = net6_dev(w, "v0");
    CHECK_INT(addrconf_set_addr_gen_mode(idev, VNET_ADDRGEN_NONE), 0);
    CHECK_TEXT(net6_addrs(w, "v0"), "fe80::ff:fe00:1/64 c0\n");
    net_up(w, "v0", false);
    net_up(w, "v0", true);
    CHECK_TEXT(net6_addrs(w, "v0"), "");
    CHECK_INT(addrconf_set_addr_gen_mode(idev, VNET_ADDRGEN_EUI64), 0);
    CHECK_TEXT(net6_addrs(w, "v0"), "");
    CHECK_INT(addrconf_set_addr_gen_mode(idev, VNET_ADDRGEN_STABLE_PRIVACY), -EINVAL);
    CHECK_INT(addrconf_set_addr_gen_mode(idev, 4), -EINVAL);
    CHECK_INT(addrconf_set_addr_gen_mode(idev, VNET_ADDRGEN_NONE), 0);
    CHECK_INT(addrconf_write_addr_gen_mode(idev, VNET_ADDRGEN_RANDOM), 0);
    char *addrs = net6_addrs(w, "v0");
    CHECK(strstr(addrs, "fe80::") == addrs && strstr(addrs, "/64 8c0\n") != NULL);
    free(addrs);
    vnet_free(w);
}

/* ---- source selection ---- */

static void check_source(struct vnet *w, const char *ifname, const char *daddr, const char *want)
{
    const struct inet_addr to = ip6(daddr);
    struct inet_addr src = {0};
    char text[INET_ADDRSTRLEN_MAX];
    bool ok = ipv6_select_addr(vnet_init_ns(w), ifname ? net_dev(w, ifname) : NULL, &to, &src);
    CHECK_STR(ok ? inet_addr_str(&src, text) : "none", want);
}

static void test_source_selection(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    net_wait_ms(w, 3000);
    check_source(w, "v0", "2001:db8::2", "fe80::ff:fe00:1"); /* none wide enough */
    net6_add(w, "v0", "2001:db8:1::1", 64, NODAD);
    net6_add(w, "v0", "2001:db8:2::1", 64, NODAD);
    net6_add(w, "v0", "fd00::1", 64, NODAD);
    net6_add(w, "v1", "2001:db8:3::1", 64, NODAD);
    check_source(w, "v0", "fe80::ff:fe00:2", "fe80::ff:fe00:1"); /* scope */
    check_source(w, "v0", "ff02::1", "fe80::ff:fe00:1");
    check_source(w, "v0", "2001:db8:1::9", "2001:db8:1::1"); /* longest match */
    check_source(w, "v0", "2001:db8:2::9", "2001:db8:2::1");
    check_source(w, "v0", "fd00::9", "fd00::1");             /* label */
    check_source(w, "v0", "2001:db8:3::9", "2001:db8:2::1"); /* the device comes first */
    check_source(w, NULL, "2001:db8:3::9", "2001:db8:3::1");
    check_source(w, NULL, "::1", "::1");
    check_source(w, "v0", "2001:db8:3::1", "2001:db8:3::1"); /* the same address */
    vnet_free(w);
}

int main(void)
{
    RUN(test_loopback);
    RUN(test_waits_for_carrier);
    RUN(test_routes_while_tentative_and_after);
    RUN(test_down);
    RUN(test_down_in_the_middle);
    RUN(test_link_deleted);
    RUN(test_small_mtu);
    RUN(test_duplicate);
    RUN(test_duplicate_disables);
    RUN(test_dad_transmits);
    RUN(test_nonce_only_if_enhanced);
    RUN(test_addresses_before_up);
    RUN(test_prefix_route_goes_with_the_last);
    RUN(test_peer);
    RUN(test_refusals);
    RUN(test_lifetimes);
    RUN(test_replace);
    RUN(test_keep_addr_on_down);
    RUN(test_disable_ipv6);
    RUN(test_forwarding);
    RUN(test_stable_privacy);
    RUN(test_addr_gen_mode);
    RUN(test_source_selection);
    return unit_end();
}
