/* Sockets of AF_NETLINK and their messages: messages of a Linux 6.18 kernel, round trips, damaged
 * ones, groups, a full buffer. */
#include <errno.h>

#include "base/mem.h"
#include "inet/sock.h"
#include "tests/unit/net.h"
#include "vnet_netlink.h"
#include "vnet_route.h"
#include "wire/rtnetlink.h"

/* ip addr add 10.0.0.1/24 dev v0 */
static const uint8_t newaddr[] = {
    0x4c, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x2b, 0x44, 0x0b, 0x6b, 0xd1, 0x30, 0x00, 0x00,
    0x02, 0x18, 0x80, 0x00, 0x03, 0x00, 0x00, 0x00, 0x08, 0x00, 0x01, 0x00, 0x0a, 0x00, 0x00, 0x01,
    0x08, 0x00, 0x02, 0x00, 0x0a, 0x00, 0x00, 0x01, 0x07, 0x00, 0x03, 0x00, 0x76, 0x30, 0x00, 0x00,
    0x08, 0x00, 0x08, 0x00, 0x80, 0x00, 0x00, 0x00, 0x14, 0x00, 0x06, 0x00, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0x1c, 0xb4, 0x06, 0x00, 0x1c, 0xb4, 0x06, 0x00};
/* ip route add 10.1.0.0/16 mtu 1300 nexthop via 10.0.0.2 weight 3 nexthop via 10.0.0.3 */
static const uint8_t newroute[] = {
    0x5c, 0x00, 0x00, 0x00, 0x18, 0x00, 0x00, 0x06, 0x2b, 0x44, 0x0b, 0x6b, 0xdf, 0x30, 0x00, 0x00,
    0x02, 0x10, 0x00, 0x00, 0xfe, 0x03, 0x00, 0x01, 0x10, 0x00, 0x00, 0x00, 0x08, 0x00, 0x0f, 0x00,
    0xfe, 0x00, 0x00, 0x00, 0x08, 0x00, 0x01, 0x00, 0x0a, 0x01, 0x00, 0x00, 0x0c, 0x00, 0x08, 0x00,
    0x08, 0x00, 0x02, 0x00, 0x14, 0x05, 0x00, 0x00, 0x24, 0x00, 0x09, 0x00, 0x10, 0x00, 0x10, 0x02,
    0x03, 0x00, 0x00, 0x00, 0x08, 0x00, 0x05, 0x00, 0x0a, 0x00, 0x00, 0x02, 0x10, 0x00, 0x10, 0x00,
    0x03, 0x00, 0x00, 0x00, 0x08, 0x00, 0x05, 0x00, 0x0a, 0x00, 0x00, 0x03};
/* ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0 protocol static extern_learn */
static const uint8_t newneigh[] = {
    0x54, 0x00, 0x00, 0x00, 0x1c, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf6, 0x30,
    0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x80, 0x00, 0x10, 0x01,
    0x08, 0x00, 0x01, 0x00, 0x0a, 0x00, 0x00, 0x09, 0x0a, 0x00, 0x02, 0x00, 0x02, 0x00,
    0x00, 0x00, 0x00, 0x09, 0x00, 0x00, 0x08, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x14, 0x00, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x05, 0x00, 0x0c, 0x00, 0x04, 0x00, 0x00, 0x00};
/* ip rule add not from 1.2.3.0/24 iif v0 fwmark 5/7 prio 9 sport 5-6 uidrange 1-2 table 77
 * suppress_prefixlength 3 */
static const uint8_t newrule[] = {
    0x70, 0x00, 0x00, 0x00, 0x20, 0x00, 0x00, 0x00, 0x2b, 0x44, 0x0b, 0x6b, 0xec, 0x30, 0x00, 0x00,
    0x02, 0x00, 0x18, 0x00, 0x4d, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0x08, 0x00, 0x0f, 0x00,
    0x4d, 0x00, 0x00, 0x00, 0x08, 0x00, 0x0e, 0x00, 0x03, 0x00, 0x00, 0x00, 0x05, 0x00, 0x15, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x07, 0x00, 0x03, 0x00, 0x76, 0x30, 0x00, 0x00, 0x08, 0x00, 0x06, 0x00,
    0x09, 0x00, 0x00, 0x00, 0x08, 0x00, 0x0a, 0x00, 0x05, 0x00, 0x00, 0x00, 0x08, 0x00, 0x10, 0x00,
    0x07, 0x00, 0x00, 0x00, 0x0c, 0x00, 0x14, 0x00, 0x01, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00,
    0x08, 0x00, 0x17, 0x00, 0x05, 0x00, 0x06, 0x00, 0x08, 0x00, 0x02, 0x00, 0x01, 0x02, 0x03, 0x00};

static struct vnet_netlink_msg msg;

static void test_addr(void)
{
    CHECK_INT(vnet_netlink_parse(newaddr, sizeof(newaddr), &msg), 0);
    struct inet_addr a = ip4("10.0.0.1");
    CHECK_INT(msg.type, VNET_RTM_NEWADDR);
    CHECK(inet_addr_eq(&msg.addr.local, &a));
    CHECK_INT(msg.addr.prefixlen, 24);
    CHECK_INT(msg.addr.flags, VNET_IFA_F_PERMANENT);
    CHECK_INT(msg.addr.valid_lft, VNET_LIFETIME_FOREVER);
    CHECK_STR(msg.addr.label, "v0");
}

static void test_route(void)
{
    CHECK_INT(vnet_netlink_parse(newroute, sizeof(newroute), &msg), 0);
    struct inet_addr gw = ip4("10.0.0.3"), dst = ip4("10.1.0.0");
    CHECK_INT(msg.type, VNET_RTM_NEWROUTE);
    CHECK(inet_addr_eq(&msg.route.dst, &dst));
    CHECK_INT(msg.route.dst_len, 16);
    CHECK_INT(msg.route.table, VNET_RT_TABLE_MAIN);
    CHECK_INT(msg.route.metrics[VNET_RTAX_MTU], 1300);
    CHECK_INT(msg.route.nnh, 2);
    CHECK_INT(msg.nh[0].weight, 2);
    CHECK(inet_addr_eq(&msg.nh[1].gateway, &gw));
}

static void test_neigh(void)
{
    CHECK_INT(vnet_netlink_parse(newneigh, sizeof(newneigh), &msg), 0);
    CHECK_INT(msg.neigh.state, VNET_NUD_PERMANENT);
    CHECK_INT(msg.neigh.flags, VNET_NTF_EXT_LEARNED);
    CHECK_INT(msg.neigh.protocol, VNET_RTPROT_STATIC);
    CHECK_INT(msg.neigh.lladdr.bytes[5], 9);
}

static void test_rule(void)
{
    CHECK_INT(vnet_netlink_parse(newrule, sizeof(newrule), &msg), 0);
    CHECK(msg.rule.invert);
    CHECK_INT(msg.rule.src_len, 24);
    CHECK_STR(msg.rule.iif, "v0");
    CHECK_INT(msg.rule.fwmark, 5);
    CHECK_INT(msg.rule.fwmask, 7);
    CHECK_INT(msg.rule.priority, 9);
    CHECK_INT(msg.rule.sport_max, 6);
    CHECK(msg.rule.has_uid);
    CHECK_INT(msg.rule.uid_max, 2);
    CHECK_INT(msg.rule.table, 77);
    CHECK_INT(msg.rule.suppress_prefixlen, 3);
    CHECK_INT(msg.rule.suppress_ifgroup, -1);
}

/* What is taken apart and put together again says the same. */
static void again(const uint8_t *bytes, size_t n)
{
    static struct vnet_netlink_msg back;
    struct strbuf out = STRBUF_INIT;
    CHECK_INT(vnet_netlink_parse(bytes, n, &msg), 0);
    if (msg.type == VNET_RTM_NEWADDR)
        rtnl_put_addr(&out, msg.type, &msg.addr);
    else if (msg.type == VNET_RTM_NEWROUTE)
        rtnl_put_route(&out, msg.type, &msg.route);
    else if (msg.type == VNET_RTM_NEWNEIGH)
        rtnl_put_neigh(&out, msg.type, &msg.neigh);
    else
        rtnl_put_rule(&out, msg.type, &msg.rule);
    CHECK_INT(vnet_netlink_parse((const uint8_t *)out.data, out.len, &back), 0);
    msg.route.nh = back.route.nh; /* an address, which a copy does not share */
    CHECK_MEM(&back, &msg, sizeof(msg));
    strbuf_release(&out);
}

static void test_round_trips(void)
{
    again(newaddr, sizeof(newaddr));
    again(newneigh, sizeof(newneigh));
    again(newrule, sizeof(newrule));
}

/* Cut short, and with every byte changed: refused, or something, but nothing beyond its end. */
static void damage(const uint8_t *bytes, size_t n)
{
    for (size_t len = 0; len < n; len++) {
        uint8_t *part = mem_alloc(len + 1);
        memcpy(part, bytes, len);
        if (len >= 4)
            part[0] = (uint8_t)len;
        int rc = vnet_netlink_parse(part, len, &msg);
        CHECK(rc == 0 || rc == -EBADMSG);
        free(part);
    }
    for (size_t i = 4; i < n; i++) {
        uint8_t *copy = mem_alloc(n);
        memcpy(copy, bytes, n);
        for (int v = 0; v < 256; v += 5) {
            copy[i] = (uint8_t)v;
            int rc = vnet_netlink_parse(copy, n, &msg);
            CHECK(rc == 0 || rc == -EBADMSG);
        }
        free(copy);
    }
}

static void test_damaged(void)
{
    damage(newaddr, sizeof(newaddr));
    damage(newroute, sizeof(newroute));
    damage(newneigh, sizeof(newneigh));
    damage(newrule, sizeof(newrule));
}

/* ---- sockets ---- */

static vnet_sock_id listen_to(struct vnet *w, uint32_t groups)
{
    vnet_sock_id id = 0;
    CHECK_INT(vnet_socket(vnet_init_ns(w), VNET_AF_NETLINK, VNET_SOCK_RAW, 0, &id), 0);
    CHECK_INT(vnet_netlink_bind(w, id, groups), 0);
    return id;
}

/* The type of the next message, 0: none, -errno. */
static long next(struct vnet *w, vnet_sock_id id)
{
    static uint8_t bytes[65535];
    struct vnet_msg meta;
    long n = vnet_recvmsg(w, id, bytes, sizeof(bytes), 0, &meta);
    if (n < 0)
        return n == -EAGAIN ? 0 : n;
    CHECK_INT(vnet_netlink_parse(bytes, (size_t)n, &msg), 0);
    return msg.type;
}

static void add_veth(struct vnet *w)
{
    const struct vnet_link_req peer = {.ifname = "v1"};
    const struct vnet_link_req req = {.ifname = "v0", .kind = "veth", .peer = &peer};
    CHECK_INT(vnet_link_add(vnet_init_ns(w), &req, NULL), 0);
}

static void test_groups(void)
{
    struct vnet *w = net_world("debian12");
    vnet_sock_id links = listen_to(w, VNET_RTMGRP_LINK);
    vnet_sock_id routes = listen_to(w, VNET_RTMGRP_IPV4_ROUTE);
    add_veth(w);
    CHECK_INT(next(w, links), VNET_RTM_NEWLINK);
    CHECK_STR(msg.link.name, "v1");
    CHECK(msg.link_news.below_gone);
    CHECK_STR(msg.link.kind, "veth");
    CHECK_INT(next(w, links), VNET_RTM_NEWLINK);
    CHECK_STR(msg.link.name, "v0");
    CHECK_INT(msg.link.iflink, 2);
    CHECK_INT(next(w, links), 0);
    CHECK_INT(next(w, routes), 0);
    vnet_link_del(vnet_init_ns(w), 2, NULL);
    CHECK_INT(next(w, links), VNET_RTM_DELLINK);
    CHECK_INT(next(w, links), VNET_RTM_DELLINK);
    CHECK_INT(next(w, links), 0);
    vnet_sock_close(w, links);
    CHECK(vnet_init_ns(w)->socks->netlink_groups == VNET_RTMGRP_IPV4_ROUTE);
    vnet_free(w);
}

static void test_overrun(void)
{
    struct vnet *w = net_world("debian12");
    vnet_sock_id links = listen_to(w, VNET_RTMGRP_LINK);
    struct vnet_link_req req = {.ifname = "v0", .set = VNET_LINK_MTU};
    long n = 0, rc = 0;
    add_veth(w);
    for (unsigned i = 0; i < 2000; i++) {
        req.mtu = 1000 + i;
        vnet_link_set(vnet_init_ns(w), &req, NULL);
    }
    CHECK_INT(next(w, links), -ENOBUFS); /* once */
    while ((rc = next(w, links)) > 0)
        n++;
    CHECK_INT(rc, 0);
    CHECK(n > 100 && n < 2000);
    vnet_free(w);
}

int main(void)
{
    RUN(test_addr);
    RUN(test_route);
    RUN(test_neigh);
    RUN(test_rule);
    RUN(test_round_trips);
    RUN(test_damaged);
    RUN(test_groups);
    RUN(test_overrun);
    return unit_end();
}
