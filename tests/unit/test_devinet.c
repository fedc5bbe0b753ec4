/* IPv4 addresses: order, secondaries and their promotion, labels, lifetimes, routes, announcements.
 */
#include "inet/devinet.h"

#include <errno.h>

#include "inet/arp.h"
#include "inet/fib.h"
#include "tests/unit/net.h"
#include "vnet_route.h"

static struct vnet_addr_req request(struct vnet *w, const char *dev, const char *addr, unsigned len)
{
    struct vnet_addr_req r = {.ifindex = vnet_link_index(vnet_init_ns(w), dev),
                              .family = VNET_AF_INET,
                              .prefixlen = (uint8_t)len,
                              .local = ip4(addr),
                              .address = ip4(addr),
                              .excl = true};
    return r;
}

static int scoped(struct vnet *w, const char *addr, unsigned len, uint8_t scope)
{
    struct vnet_addr_req r = request(w, "veth0", addr, len);
    r.has_scope = true;
    r.scope = scope;
    return vnet_addr_add(vnet_init_ns(w), &r, NULL);
}

static int del(struct vnet *w, const char *addr, unsigned len)
{
    struct vnet_addr_req r = request(w, "veth0", addr, len);
    return vnet_addr_del(vnet_init_ns(w), &r, NULL);
}

static int note(const struct vnet_addr_info *a, void *arg)
{
    char text[INET_ADDRSTRLEN_MAX];
    strbuf_addf(arg, "%s%s%s ", inet_addr_str(&a->local, text),
                a->flags & VNET_IFA_F_SECONDARY ? "s" : "",
                a->flags & VNET_IFA_F_DEPRECATED ? "d" : "");
    return 0;
}

/* The addresses of veth0 in order; s: secondary, d: deprecated. */
static void check_list(struct vnet *w, const char *want)
{
    struct strbuf sb = STRBUF_INIT;
    vnet_addr_dump(vnet_init_ns(w), VNET_AF_INET, vnet_link_index(vnet_init_ns(w), "veth0"), note,
                   &sb);
    CHECK_STR(strbuf_cstr(&sb), want);
    strbuf_release(&sb);
}

static int note_connected(const struct fib_route *r, void *arg)
{
    char dst[INET_ADDRSTRLEN_MAX], src[INET_ADDRSTRLEN_MAX];
    if (r->table == VNET_RT_TABLE_MAIN)
        strbuf_addf(arg, "%s/%u:%s ", inet_addr_str(&r->dst.addr, dst), r->dst.len,
                    inet_addr_str(&r->prefsrc, src));
    return 0;
}

/* The connected routes and their preferred sources. */
static void check_connected(struct vnet *w, const char *want)
{
    struct strbuf sb = STRBUF_INIT;
    fib_each(vnet_init_ns(w)->fib4, note_connected, &sb);
    CHECK_STR(strbuf_cstr(&sb), want);
    strbuf_release(&sb);
}

static struct vnet *world(void)
{
    struct vnet *w = net_world("linux6.18");
    net_sysctl_set(w, "net/ipv6/conf/default/disable_ipv6", "1");
    net_veth(w, "veth0", "veth1");
    net_up(w, "veth0", true);
    net_up(w, "veth1", true);
    return w;
}

/* Wider scopes stand first, equals as they came, secondaries last. */
static void test_order(void)
{
    struct vnet *w = world();
    CHECK_INT(scoped(w, "10.0.0.1", 24, VNET_SCOPE_LINK), 0);
    CHECK_INT(scoped(w, "10.0.1.1", 24, VNET_SCOPE_UNIVERSE), 0);
    CHECK_INT(scoped(w, "10.0.2.1", 24, VNET_SCOPE_HOST), 0);
    CHECK_INT(scoped(w, "10.0.1.2", 24, VNET_SCOPE_UNIVERSE), 0);
    CHECK_INT(scoped(w, "10.0.3.1", 24, VNET_SCOPE_UNIVERSE), 0);
    CHECK_INT(scoped(w, "10.0.1.3", 25, VNET_SCOPE_UNIVERSE), 0); /* another subnet */
    CHECK_INT(scoped(w, "10.0.1.4", 24, VNET_SCOPE_LINK), -EINVAL);
    CHECK_INT(scoped(w, "10.0.1.1", 24, VNET_SCOPE_UNIVERSE), -EEXIST);
    check_list(w, "10.0.2.1 10.0.0.1 10.0.1.1 10.0.3.1 10.0.1.3 10.0.1.2s ");
    vnet_free(w);
}

static void three_of_one_subnet(struct vnet *w)
{
    net_addr(w, "veth0", "10.0.0.1", 24);
    net_addr(w, "veth0", "10.0.0.2", 24);
    net_addr(w, "veth0", "10.0.0.3", 24);
    net_addr(w, "veth0", "10.0.9.1", 24);
    check_list(w, "10.0.0.1 10.0.9.1 10.0.0.2s 10.0.0.3s ");
    check_connected(w, "10.0.0.0/24:10.0.0.1 10.0.9.0/24:10.0.9.1 ");
}

static void test_secondaries_go(void)
{
    struct vnet *w = world();
    three_of_one_subnet(w);
    CHECK_INT(del(w, "10.0.0.2", 24), 0);
    check_list(w, "10.0.0.1 10.0.9.1 10.0.0.3s ");
    CHECK_INT(del(w, "10.0.0.1", 24), 0);
    check_list(w, "10.0.9.1 ");
    check_connected(w, "10.0.9.0/24:10.0.9.1 ");
    CHECK_INT(del(w, "10.0.0.3", 24), -EADDRNOTAVAIL);
    vnet_free(w);
}

static void test_promotion(void)
{
    struct vnet *w = world();
    net_sysctl_set(w, "net/ipv4/conf/veth0/promote_secondaries", "1");
    three_of_one_subnet(w);
    CHECK_INT(del(w, "10.0.0.1", 24), 0);
    check_list(w, "10.0.9.1 10.0.0.2 10.0.0.3s ");
    check_connected(w, "10.0.0.0/24:10.0.0.2 10.0.9.0/24:10.0.9.1 ");
    vnet_free(w);
}

/* With its last address a device loses its routes, also those of the user. */
static void test_last_address(void)
{
    struct vnet *w = world();
    net_addr(w, "veth0", "10.0.0.1", 24);
    struct vnet_nexthop nh = {.oif = vnet_link_index(vnet_init_ns(w), "veth0")};
    struct vnet_route_info r = {.family = VNET_AF_INET,
                                .dst = ip4("172.16.0.0"),
                                .dst_len = 16,
                                .type = VNET_RTN_UNICAST,
                                .scope = VNET_SCOPE_LINK,
                                .nnh = 1,
                                .nh = &nh};
    CHECK_INT(vnet_route_add(vnet_init_ns(w), &r, VNET_NLM_F_CREATE, NULL), 0);
    check_connected(w, "10.0.0.0/24:10.0.0.1 172.16.0.0/16: ");
    CHECK_INT(del(w, "10.0.0.1", 24), 0);
    check_connected(w, "");
    vnet_free(w);
}

/* A route that prefers an address goes with it. */
static void test_preferred_source(void)
{
    struct vnet *w = world();
    net_addr(w, "veth0", "10.0.0.1", 24);
    net_addr(w, "veth0", "10.0.5.1", 24);
    struct vnet_nexthop nh = {.oif = vnet_link_index(vnet_init_ns(w), "veth0")};
    struct vnet_route_info r = {.family = VNET_AF_INET,
                                .dst = ip4("172.16.0.0"),
                                .dst_len = 16,
                                .type = VNET_RTN_UNICAST,
                                .scope = VNET_SCOPE_LINK,
                                .nnh = 1,
                                .nh = &nh,
                                .prefsrc = ip4("10.0.5.1")};
    CHECK_INT(vnet_route_add(vnet_init_ns(w), &r, VNET_NLM_F_CREATE, NULL), 0);
    CHECK_INT(del(w, "10.0.5.1", 24), 0);
    check_connected(w, "10.0.0.0/24:10.0.0.1 ");
    vnet_free(w);
}

static void test_lifetimes(void)
{
    struct vnet *w = world();
    struct vnet_addr_req r = request(w, "veth0", "10.0.0.1", 24);
    r.has_lft = true;
    r.valid_lft = 10;
    r.preferred_lft = 4;
    net_addr(w, "veth0", "10.0.5.1", 24);
    CHECK_INT(vnet_addr_add(vnet_init_ns(w), &r, NULL), 0);
    net_wait_ms(w, 3900);
    check_list(w, "10.0.5.1 10.0.0.1 ");
    net_wait_ms(w, 200);
    check_list(w, "10.0.5.1 10.0.0.1d ");
    struct vnet *copy = vnet_clone(w); /* what is pending is saved */
    net_wait_ms(w, 5800);
    check_list(w, "10.0.5.1 10.0.0.1d ");
    net_wait_ms(w, 200);
    check_list(w, "10.0.5.1 ");
    net_wait_ms(copy, 6000);
    check_list(copy, "10.0.5.1 ");
    check_connected(copy, "10.0.5.0/24:10.0.5.1 ");
    r.preferred_lft = 20; /* longer than valid */
    CHECK_INT(vnet_addr_add(vnet_init_ns(w), &r, NULL), -EINVAL);
    vnet_free(copy);
    vnet_free(w);
}

static int note_label(const struct vnet_addr_info *a, void *arg)
{
    strbuf_addf(arg, "%s ", a->label);
    return 0;
}

/* The first label is the device's name, others keep their alias or get one (inetdev_changename). */
static void test_labels(void)
{
    struct vnet *w = world();
    struct strbuf sb = STRBUF_INIT;
    struct vnet_addr_req r = request(w, "veth0", "10.0.1.1", 24);
    net_addr(w, "veth0", "10.0.0.1", 24);
    strcpy(r.label, "veth0:web");
    CHECK_INT(vnet_addr_add(vnet_init_ns(w), &r, NULL), 0);
    net_addr(w, "veth0", "10.0.2.1", 24);
    net_up(w, "veth0", false);
    struct vnet_link_req name = {.ifname = "veth0", .set = VNET_LINK_NAME, .newname = "uplink"};
    CHECK_INT(vnet_link_set(vnet_init_ns(w), &name, NULL), 0);
    vnet_addr_dump(vnet_init_ns(w), VNET_AF_INET, vnet_link_index(vnet_init_ns(w), "uplink"),
                   note_label, &sb);
    CHECK_STR(strbuf_cstr(&sb), "uplink uplink:web uplink:3 ");
    strbuf_release(&sb);
    vnet_free(w);
}

static void test_gratuitous_arp(void)
{
    struct vnet *w = world();
    net_addr(w, "veth0", "10.0.0.1", 24);
    net_sysctl_set(w, "net/ipv4/conf/veth0/arp_notify", "1");
    net_up(w, "veth0", false);
    CHECK_INT(net_frames(w, "veth0", 0x0806, true), 0);
    net_up(w, "veth0", true);
    const struct recorder_entry *e = net_frame(w, "veth0", 0x0806, true, 0);
    CHECK(e != NULL);
    if (e) {
        const uint8_t *arp = recorder_bytes(e) + 14;
        CHECK_INT(arp[7], 1);                       /* a request */
        CHECK_MEM(arp + 14, "\x0a\x00\x00\x01", 4); /* sender and target are the address */
        CHECK_MEM(arp + 24, "\x0a\x00\x00\x01", 4);
    }
    vnet_free(w);
}

/* A source on the way to dst: of the device, in dst's subnet, not narrower than the scope. */
static void test_select(void)
{
    struct vnet *w = world();
    struct netns *ns = vnet_init_ns(w);
    struct inet_addr out = {0}, dst = ip4("10.0.1.99");
    char text[INET_ADDRSTRLEN_MAX];
    scoped(w, "10.0.0.1", 24, VNET_SCOPE_UNIVERSE);
    scoped(w, "10.0.1.1", 24, VNET_SCOPE_UNIVERSE);
    scoped(w, "10.0.2.1", 24, VNET_SCOPE_LINK);
    CHECK(inet_select_addr(ns, net_dev(w, "veth0"), &dst, VNET_SCOPE_UNIVERSE, &out));
    CHECK_STR(inet_addr_str(&out, text), "10.0.1.1");
    CHECK(inet_select_addr(ns, net_dev(w, "veth0"), NULL, VNET_SCOPE_UNIVERSE, &out));
    CHECK_STR(inet_addr_str(&out, text), "10.0.0.1");
    CHECK(inet_select_addr(ns, net_dev(w, "veth1"), NULL, VNET_SCOPE_UNIVERSE, &out)); /* any */
    CHECK_STR(inet_addr_str(&out, text), "10.0.0.1");
    dst = ip4("10.0.2.7");
    CHECK(!inet_confirm_addr(ns, net_dev(w, "veth1"), &dst, NULL, VNET_SCOPE_LINK, &out));
    CHECK(inet_confirm_addr(ns, NULL, &dst, NULL, VNET_SCOPE_LINK, &out));
    CHECK_STR(inet_addr_str(&out, text), "10.0.2.1");
    CHECK(ip_dev_find(ns, &out) == net_dev(w, "veth0"));
    vnet_free(w);
}

int main(void)
{
    RUN(test_order);
    RUN(test_secondaries_go);
    RUN(test_promotion);
    RUN(test_last_address);
    RUN(test_preferred_source);
    RUN(test_lifetimes);
    RUN(test_labels);
    RUN(test_gratuitous_arp);
    RUN(test_select);
    return unit_end();
}
