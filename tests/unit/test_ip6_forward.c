/* Packets that are not for this host: ICMPv6 errors as recorded from Linux 6.18, forwarding. */
#include "tests/unit/net6.h"

#include "wire/icmpv6.h"

#define SRC "20010db8000100000000000000000002" /* 2001:db8:1::2, beyond v1 */
#define US  "20010db8000100000000000000000001"
#define DST "20010db8000200000000000000000002" /* 2001:db8:2::2, beyond w0 */
/* 8 bytes of UDP, sent by v1 to v0's MAC. */
#define PACKET(src, dst, hop) \
    "02000000000102000000000286dd60000000000811" hop src dst "0001020304050607"

static void neigh_add(struct vnet *w, const char *ifname, const char *dst, uint8_t last)
{
    const struct vnet_neigh_req req = {
        .family = VNET_AF_INET6,
        .ifindex = vnet_link_index(vnet_init_ns(w), ifname),
        .dst = ip6(dst),
        .has_lladdr = true,
        .lladdr = {6, {2, 0, 0, 0, 0, last}},
        .state = VNET_NUD_PERMANENT,
    };
    CHECK_INT(vnet_neigh_add(vnet_init_ns(w), &req, VNET_NLM_F_CREATE, NULL), 0);
}

/* v0 and w0 have a subnet each; what w1 receives goes nowhere. */
static struct vnet *router(bool forwarding)
{
    struct vnet *w = net6_pair_up("linux6.18", 2);
    net_veth(w, "w0", "w1");
    net_sysctl_set(w, "net/ipv6/conf/w1/disable_ipv6", "1");
    net_up(w, "w0", true);
    net_up(w, "w1", true);
    net6_add(w, "v0", "2001:db8:1::1", 64, VNET_IFA_F_NODAD);
    net6_add(w, "w0", "2001:db8:2::1", 64, VNET_IFA_F_NODAD);
    neigh_add(w, "v0", "2001:db8:1::2", 2);
    neigh_add(w, "w0", "2001:db8:2::2", 4);
    if (forwarding)
        net_sysctl_set(w, "net/ipv6/conf/all/forwarding", "1");
    net_wait_ms(w, 20000);
    return w;
}

static void reject_route(struct vnet *w, const char *dst, uint8_t type)
{
    const struct vnet_route_info r = {
        .family = VNET_AF_INET6,
        .dst = ip6(dst),
        .dst_len = 48,
        .type = type,
        .protocol = VNET_RTPROT_BOOT,
        .table = VNET_RT_TABLE_MAIN,
    };
    CHECK_INT(vnet_route_add(vnet_init_ns(w), &r, VNET_NLM_F_CREATE | VNET_NLM_F_EXCL, NULL), 0);
}

/* The first frame that v0 sends after v1 sent this one. */
static const struct recorder_entry *answer(struct vnet *w, const char *frame)
{
    unsigned before = net6_frames_out(w, "v0");
    net6_inject(w, "v1", frame);
    net_wait_ms(w, 1);
    return net_frame(w, "v0", 0x86dd, true, before);
}

/* An error from 2001:db8:1::1 about PACKET: type, code, second word. The flow label is a hash. */
#define ERROR(type_code, sum, word, dst, hop)                                \
    "02000000000202000000000186dd600.....00383a40" US SRC type_code sum word \
    "60000000000811" hop SRC dst "0001020304050607"

#define NOWHERE(x) "20010db8000" x "00000000000000000002"

static void test_no_route(void)
{
    struct vnet *w = router(false);
    const struct recorder_entry *e = answer(w, PACKET(SRC, NOWHERE("9"), "40"));
    CHECK(net6_frame_is(e, ERROR("0100", "ca3d", "00000000", NOWHERE("9"), "40")));
    vnet_free(w);
}

static void test_reject_routes(void)
{
    struct vnet *w = router(false);
    reject_route(w, "2001:db8:a::", VNET_RTN_UNREACHABLE);
    reject_route(w, "2001:db8:b::", VNET_RTN_BLACKHOLE);
    reject_route(w, "2001:db8:c::", VNET_RTN_PROHIBIT);
    CHECK(net6_frame_is(answer(w, PACKET(SRC, NOWHERE("a"), "40")),
                        ERROR("0100", "ca3c", "00000000", NOWHERE("a"), "40")));
    CHECK(answer(w, PACKET(SRC, NOWHERE("b"), "40")) == NULL);
    CHECK(net6_frame_is(answer(w, PACKET(SRC, NOWHERE("c"), "40")),
                        ERROR("0101", "ca39", "00000000", NOWHERE("c"), "40")));
    vnet_free(w);
}

static void test_host_does_not_forward(void)
{
    struct vnet *w = router(false);
    struct net_trace t = {0};
    vnet_trace_listen(w, net_trace_fn, &t);
    unsigned before = net6_frames_out(w, "w0");
    CHECK(answer(w, PACKET(SRC, DST, "40")) == NULL);
    CHECK_INT(net6_frames_out(w, "w0"), before);
    CHECK_STR(net_trace_reason(&t, "ip6_forward"), "IP_INADDRERRORS");
    vnet_free(w);
}

static void test_forwarded(void)
{
    struct vnet *w = router(true);
    unsigned before = net6_frames_out(w, "w0");
    CHECK(answer(w, PACKET(SRC, DST, "40")) == NULL);
    const struct recorder_entry *e = net_frame(w, "w0", 0x86dd, true, before);
    CHECK(net6_frame_is(e,
                        "020000000004............86dd600000000008113f" SRC DST "0001020304050607"));
    vnet_free(w);
}

static void test_hop_limit(void)
{
    struct vnet *w = router(true);
    const struct recorder_entry *e = answer(w, PACKET(SRC, DST, "01"));
    CHECK(net6_frame_is(e, ERROR("0300", "....", "00000000", DST, "01")));
    vnet_free(w);
}

static void test_too_big(void)
{
    struct vnet *w = router(true);
    char frame[2 * (14 + 40 + 1304) + 1];
    struct vnet_link_req mtu = {.ifname = "w0", .set = VNET_LINK_MTU, .mtu = 1300};
    CHECK_INT(vnet_link_set(vnet_init_ns(w), &mtu, NULL), 0);
    strcpy(frame, PACKET(SRC, DST, "40"));
    memcpy(frame + 2 * (14 + 4), "0518", 4);
    memset(frame + 2 * (14 + 40), '0', 2 * 1304);
    frame[2 * (14 + 40 + 1304)] = '\0';
    const struct recorder_entry *e = answer(w, frame);
    CHECK(e != NULL);
    if (e) {
        CHECK_INT(net6_icmp_type(e), ICMPV6_PKT_TOOBIG);
        CHECK_INT(get_be32(recorder_bytes(e) + 14 + 40 + 4), 1300);
        CHECK_INT(e->len, 14 + 1280); /* no more than the least MTU is quoted */
    }
    vnet_free(w);
}

/* What has no meaning beyond its link is not forwarded; the sender is told. */
static void test_link_local_source(void)
{
    struct vnet *w = router(true);
    unsigned before = net6_frames_out(w, "w0"), nth = net6_frames_out(w, "v0");
    net6_inject(w, "v1", PACKET("fe80000000000000000000fffe000002", DST, "40"));
    net_wait_ms(w, 1);
    CHECK_INT(net6_frames_out(w, "w0"), before);
    const struct recorder_entry *e = net6_find(w, "v0", ICMPV6_DEST_UNREACH, &nth);
    CHECK(e && recorder_bytes(e)[14 + 41] == ICMPV6_NOT_NEIGHBOUR);
    vnet_free(w);
}

int main(void)
{
    RUN(test_no_route);
    RUN(test_reject_routes);
    RUN(test_host_does_not_forward);
    RUN(test_forwarded);
    RUN(test_hop_limit);
    RUN(test_too_big);
    RUN(test_link_local_source);
    return unit_end();
}
