/* Neighbour discovery between the ends of a pair in one namespace, ICMPv6 echo and errors, and what
 * is refused on the way in. Frames marked so were recorded from Linux 6.18. */
#include "tests/unit/net6.h"

#include <errno.h>

#include "inet/ipv6.h"
#include "inet/route.h"
#include "wire/cksum.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

#define LL1 "fe80::ff:fe00:1"
#define LL2 "fe80::ff:fe00:2"
#define B1  "fe80000000000000000000fffe000001"
#define B2  "fe80000000000000000000fffe000002"

/* Recorded: `ping -I v0 fe80::ff:fe00:2` resolves, v1 asks back by unicast 5 s later. */
#define NS_MULTICAST                                  \
    "3333ff00000202000000000186dd6000000000203aff" B1 \
    "ff0200000000000000000001ff00000287007c9700000000" B2 "0101020000000001"
#define NA_SOLICITED                                                \
    "02000000000102000000000286dd6000000000203aff" B2 B1 "88001b1a" \
    "60000000" B2 "0201020000000002"
#define NS_UNICAST \
    "02000000000102000000000286dd6000000000203aff" B2 B1 "87007d1b00000000" B1 "0101020000000002"
#define NA_UNICAST "02000000000202000000000186dd6000000000183aff" B1 B2 "88003f2640000000" B1

static struct vnet *settled_pair(const char *profile)
{
    struct vnet *w = net6_pair_up(profile, 2);
    net_wait_ms(w, 12000);
    return w;
}

/* An echo request of `len` payload bytes by the routes; 0 or -errno. */
static int echo(struct vnet *w, const char *ifname, const char *daddr, size_t len)
{
    struct netns *ns = vnet_init_ns(w);
    struct flow fl = {.family = VNET_AF_INET6, .daddr = ip6(daddr), .proto = 58};
    struct dst dst = {0};
    fl.oif = ifname ? vnet_link_index(ns, ifname) : 0;
    int rc = ip6_route_output(ns, &fl, &dst);
    if (rc || dst.error)
        return rc ? rc : dst.error;
    struct inet_addr src = fl.saddr;
    if (!src.family || inet_addr_is_any(&src))
        CHECK(ipv6_select_addr(ns, dst.dev, &fl.daddr, &src));
    struct skb *skb = skb_alloc(w, 8 + len);
    const struct icmpv6_hdr h = {.type = ICMPV6_ECHO_REQUEST, .info = 0x12340001};
    icmpv6_emit(skb_put(skb, 8), &h);
    memset(skb_put(skb, len), 0xa5, len);
    icmpv6_checksum(skb_data(skb), skb->len, src.bytes, fl.daddr.bytes);
    skb->dst = dst;
    skb->has_dst = true;
    skb->sock = 1; /* as if by a socket: groups loop back */
    const struct ip6_send how = {.nexthdr = 58, .hop_limit = -1};
    return ip6_send_skb(ns, skb, &src, &fl.daddr, &how);
}

static uint16_t nud(struct vnet *w, const char *ifname, const char *addr)
{
    const struct inet_addr a = ip6(addr);
    const struct neigh *n = neigh_lookup(vnet_init_ns(w)->nd_tbl, net_dev(w, ifname), &a);
    return n ? n->nud_state : 0;
}

/* ---- resolution ---- */

static void test_resolves_and_answers(void)
{
    struct vnet *w = settled_pair("linux6.18");
    unsigned a = net6_frames_out(w, "v0"), b = net6_frames_out(w, "v1");
    CHECK_INT(echo(w, "v0", LL2, 56), 0);
    CHECK_INT(nud(w, "v0", LL2), VNET_NUD_INCOMPLETE);
    net_wait_ms(w, 1);
    CHECK(net6_sent(w, "v0", NS_MULTICAST, &a));
    CHECK(net6_sent(w, "v1", NA_SOLICITED, &b));
    CHECK_INT(nud(w, "v0", LL2), VNET_NUD_REACHABLE);
    CHECK_INT(net6_count(w, "v0", 128), 1);
    CHECK_INT(net6_count(w, "v1", 129), 1);
    CHECK_INT(nud(w, "v1", LL1), VNET_NUD_DELAY); /* learnt from the solicitation, then used */
    net_wait_ms(w, 6000);
    CHECK(net6_sent(w, "v1", NS_UNICAST, &b));
    CHECK(net6_sent(w, "v0", NA_UNICAST, &a));
    CHECK_INT(nud(w, "v1", LL1), VNET_NUD_REACHABLE);
    vnet_free(w);
}

/* Groups that something was sent to are there too, as `ip neigh show nud noarp` lists them. */
static void test_groups_are_neighbours(void)
{
    static const char *const groups[] = {"ff02::2", "ff02::16", "ff02::1:ff00:1"};
    struct vnet *w = settled_pair("debian12");
    for (int i = 0; i < 3; i++)
        CHECK_INT(nud(w, "v0", groups[i]), VNET_NUD_NOARP);
    const struct inet_addr g = ip6("ff02::16");
    const uint8_t mac[6] = {0x33, 0x33, 0, 0, 0, 0x16};
    CHECK_MEM(neigh_lookup(vnet_init_ns(w)->nd_tbl, net_dev(w, "v0"), &g)->ha.bytes, mac, 6);
    net_up(w, "v0", false);
    CHECK_INT(nud(w, "v0", "ff02::16"), 0);
    vnet_free(w);
}

static void test_nobody_answers(void)
{
    struct vnet *w = settled_pair("debian12");
    struct net_trace t = {0};
    net6_add(w, "v0", "2001:db8::1", 64, VNET_IFA_F_NODAD);
    net_wait_ms(w, 3000);
    unsigned before = net6_count(w, "v0", 135);
    vnet_trace_listen(w, net_trace_fn, &t);
    CHECK_INT(echo(w, NULL, "2001:db8::2", 56), 0);
    net_wait_ms(w, 5000);
    CHECK_INT(net6_count(w, "v0", 135) - before, 3);
    CHECK_INT(nud(w, "v0", "2001:db8::2"), VNET_NUD_FAILED);
    CHECK_STR(net_trace_reason(&t, "ndisc_error_report"), "NEIGH_FAILED");
    /* Address unreachable, from and to the sender, by lo: 40 + 8 + 40 + 64 bytes and the header. */
    const struct recorder_entry *e = net_frame(w, "lo", 0x86dd, true, 0);
    CHECK(e != NULL);
    CHECK_INT(e ? e->len : 0, 14 + 40 + 8 + 40 + 64);
    CHECK_INT(e ? net6_icmp_type(e) : 0, ICMPV6_DEST_UNREACH);
    CHECK_INT(e ? recorder_bytes(e)[14 + 41] : 0, ICMPV6_ADDR_UNREACH);
    vnet_free(w);
}

static void test_own_address_by_loopback(void)
{
    struct vnet *w = settled_pair("debian12");
    CHECK_INT(echo(w, NULL, "::1", 8), 0);
    net_wait_ms(w, 1);
    CHECK_INT(net6_count(w, "lo", 128), 1);
    CHECK_INT(net6_count(w, "lo", 129), 1);
    CHECK_INT(echo(w, "v0", LL1, 8), 0);
    net_wait_ms(w, 1);
    CHECK_INT(net6_count(w, "lo", 129), 2);
    vnet_free(w);
}

static void test_all_nodes(void)
{
    struct vnet *w = settled_pair("debian12");
    CHECK_INT(echo(w, "v0", "ff02::1", 56), 0);
    net_wait_ms(w, 1);
    CHECK_INT(net6_count(w, "v0", 128), 1);
    CHECK_INT(net6_count(w, "v1", 129), 1); /* the other end */
    CHECK_INT(net6_count(w, "lo", 129), 1); /* and we ourselves */
    vnet_free(w);
}

static void test_flow_label_of_replies(void)
{
    static const char *const profiles[] = {"centos7", "debian12"};
    for (int i = 0; i < 2; i++) {
        struct vnet *w = settled_pair(profiles[i]);
        unsigned nth = 0, nth2 = 0;
        CHECK_INT(echo(w, "v0", LL2, 56), 0);
        CHECK_INT(echo(w, "v0", LL2, 56), 0);
        net_wait_ms(w, 1);
        const struct recorder_entry *a = net6_find(w, "v1", 129, &nth);
        const struct recorder_entry *b = net6_find(w, "v1", 129, &nth);
        const struct recorder_entry *ns = net6_find(w, "v0", 135, &nth2);
        CHECK(a && b && ns);
        uint32_t label = get_be32(recorder_bytes(a) + 14) & 0xfffff;
        CHECK_INT(label != 0, i);
        CHECK_INT(get_be32(recorder_bytes(b) + 14) & 0xfffff, label);
        CHECK_INT(get_be32(recorder_bytes(ns) + 14) & 0xfffff, 0);
        vnet_free(w);
    }
}

static void test_too_large(void)
{
    struct vnet *w = settled_pair("debian12");
    CHECK_INT(echo(w, "v0", LL2, 1452), 0);
    CHECK_INT(echo(w, "v0", LL2, 1453), -EMSGSIZE);
    vnet_free(w);
}

/* ---- what comes in ---- */

struct refusal {
    const char *what;
    const char *frame;
    const char *func;
    enum vnet_verdict verdict;
    const char *reason; /* NULL: none */
};

#define IP(plen, next, hop, src, dst) "02000000000102000000000986dd60000000" plen next hop src dst
#define ANY                           "00000000000000000000000000000000"
#define LO                            "00000000000000000000000000000001"

/* Each is sent by v1 to v0. */
static const struct refusal refusals[] = {
    {"truncated header", "02000000000102000000000986dd60000000", "ip6_rcv_core", VNET_TRACE_DROPPED,
     "IP_INHDR"},
    {"version 4", "02000000000102000000000986dd4000000000003bff" B2 B1, "ip6_rcv_core",
     VNET_TRACE_DROPPED, "UNHANDLED_PROTO"},
    {"other MAC", "02000000000702000000000986dd6000000000003bff" B2 B1, "ip6_rcv_core",
     VNET_TRACE_DROPPED, "OTHERHOST"},
    {"loopback source", IP("0000", "3b", "40", LO, B1), "ip6_rcv_core", VNET_TRACE_DROPPED,
     "IP_INHDR"},
    {"group as source", IP("0000", "3b", "40", "ff020000000000000000000000000001", B1),
     "ip6_rcv_core", VNET_TRACE_DROPPED, "IP_INHDR"},
    {"node-local group", IP("0000", "3b", "40", B2, "ff010000000000000000000000000001"),
     "ip6_rcv_core", VNET_TRACE_DROPPED, "IP_INHDR"},
    {"longer than the frame", IP("0009", "3b", "40", B2, B1), "ip6_rcv_core", VNET_TRACE_DROPPED,
     "PKT_TOO_SMALL"},
    {"bad hop-by-hop header", IP("0008", "00", "40", B2, B1) "3a00010500000000",
     "ipv6_parse_hopopts", VNET_TRACE_DROPPED, NULL},
    {"unknown protocol", IP("0000", "fd", "40", B2, B1), "ip6_protocol_deliver_rcu",
     VNET_TRACE_DROPPED, "IP_NOPROTO"},
    {"not for us", IP("0000", "3b", "40", B2, "20010db8000000000000000000000099"), NULL,
     VNET_TRACE_DROPPED, NULL},
    {"bad checksum", IP("0008", "3a", "40", B2, B1) "8000000000000000", "icmpv6_rcv",
     VNET_TRACE_DROPPED, "ICMP_CSUM"},
    {"short ICMPv6", IP("0004", "3a", "40", B2, B1) "80000000", "icmpv6_rcv", VNET_TRACE_DROPPED,
     "PKT_TOO_SMALL"},
};

static void test_refused(void)
{
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        const struct refusal *r = &refusals[i];
        struct vnet *w = settled_pair("debian12");
        struct net_trace t = {0};
        vnet_trace_listen(w, net_trace_fn, &t);
        net6_inject(w, "v1", r->frame);
        net_wait_ms(w, 1);
        int at = -1;
        for (unsigned k = 0; k < t.n; k++) {
            if (t.ev[k].verdict == r->verdict && (!r->func || !strcmp(t.ev[k].func, r->func)))
                at = (int)k;
        }
        if (at < 0)
            printf("# %s\n", r->what);
        CHECK(at >= 0);
        if (at >= 0 && r->reason)
            CHECK_STR(t.ev[at].reason, r->reason);
        vnet_free(w);
    }
}

/* A solicitation or advertisement, checksum filled in, sent by v1 to v0. */
static void inject_nd(struct vnet *w, const char *head, const char *body, uint8_t hop_limit)
{
    char frame[512];
    uint8_t msg[256], addrs[32];
    snprintf(frame, sizeof(frame), "%s%s", head, body);
    size_t len = strlen(body) / 2;
    for (size_t i = 0; i < len; i++)
        sscanf(body + 2 * i, "%2hhx", &msg[i]);
    for (size_t i = 0; i < 32; i++)
        sscanf(head + 2 * (14 + 8 + i), "%2hhx", &addrs[i]);
    icmpv6_checksum(msg, len, addrs, addrs + 16);
    snprintf(frame + strlen(head) + 4, 5, "%02x%02x", msg[2], msg[3]);
    memcpy(frame + strlen(head) + 8, body + 8, strlen(body) - 8);
    char hop[3];
    snprintf(hop, sizeof(hop), "%02x", hop_limit);
    memcpy(frame + 2 * (14 + 7), hop, 2);
    net6_inject(w, "v1", frame);
    net_wait_ms(w, 1);
}

#define SOL1 "ff0200000000000000000001ff000001"

static void test_solicitations_refused(void)
{
    static const struct {
        const char *head, *body, *why;
        uint8_t hop_limit;
    } rows[] = {
        {IP("0018", "3a", "ff", B2, B1), "8700000000000000" B1, "hop limit is not 255", 254},
        {IP("0018", "3a", "ff", B2, B1), "8701000000000000" B1, "code is not 0", 255},
        {IP("0017", "3a", "ff", B2, B1), "8700000000000000fe80000000000000000000fffe0000",
         "truncated", 255},
        {IP("0018", "3a", "ff", B2, B1), "8700000000000000ff020000000000000000000000000001",
         "multicast target", 255},
        {IP("0018", "3a", "ff", ANY, B1), "8700000000000000" B1,
         "bad DAD packet (wrong destination)", 255},
        {IP("0020", "3a", "ff", ANY, SOL1), "8700000000000000" B1 "0101020000000009",
         "bad DAD packet (link-layer address option)", 255},
        {IP("001a", "3a", "ff", B2, B1), "8700000000000000" B1 "0100", "bad options", 255},
        {IP("0028", "3a", "ff", B2, B1), "8700000000000000" B1 "01020200000000090000000000000000",
         "invalid link-layer address length", 255},
        {IP("0018", "3a", "ff", B2, B1), "8700000000000000" B2, "not our address", 255},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct vnet *w = settled_pair("debian12");
        struct net_trace t = {0};
        unsigned before = net6_frames_out(w, "v0");
        vnet_trace_listen(w, net_trace_fn, &t);
        inject_nd(w, rows[i].head, rows[i].body, rows[i].hop_limit);
        bool found = false;
        for (unsigned k = 0; k < t.n; k++)
            found |= strstr(t.ev[k].detail, rows[i].why) != NULL;
        if (!found)
            printf("# %s\n", rows[i].why);
        CHECK(found);
        CHECK_INT(net6_frames_out(w, "v0"), before);
        vnet_free(w);
    }
}

/* Somebody probes for our address: we tell everybody that it is ours. */
static void test_defends_its_address(void)
{
    struct vnet *w = settled_pair("debian12");
    unsigned nth = net6_frames_out(w, "v0");
    inject_nd(w, IP("0018", "3a", "ff", ANY, SOL1), "8700000000000000" B1, 255);
    const struct recorder_entry *e = net_frame(w, "v0", 0x86dd, true, nth);
    CHECK(net6_frame_is(e,
                        "33330000000102000000000186dd6000000000203aff" B1
                        "ff0200000000000000000000000000018800....20000000" B1 "0201020000000001"));
    vnet_free(w);
}

static void test_advertisement_while_tentative(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    net_wait_ms(w, 40);
    inject_nd(w, IP("0020", "3a", "ff", B1, "ff020000000000000000000000000001"),
              "8800000020000000" B1 "0201020000000009", 255);
    net_wait_ms(w, 5000);
    CHECK_TEXT(net6_addrs(w, "v0"), "fe80::ff:fe00:1/64 c8\n");
    vnet_free(w);
}

static void test_own_nonce_is_no_conflict(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    struct inet6_dev *idev = net6_dev(w, "v0");
    net_wait_ms(w, 40);
    struct inet6_ifaddr *ifa = ipv6_get_lladdr(idev->dev, 0);
    char body[100];
    snprintf(body, sizeof(body), "8700000000000000" B1 "0e01%012llx",
             (unsigned long long)ifa->dad_nonce);
    inject_nd(w, IP("0020", "3a", "ff", ANY, SOL1), body, 255);
    CHECK_INT(ifa->state, IFADDR_STATE_DAD);
    net_wait_ms(w, 5000);
    CHECK_TEXT(net6_addrs(w, "v0"), "fe80::ff:fe00:1/64 80\n");
    vnet_free(w);
}

static void test_unsolicited_changes_lladdr(void)
{
    struct vnet *w = settled_pair("debian12");
    const struct inet_addr ll2 = ip6(LL2);
    CHECK_INT(echo(w, "v0", LL2, 56), 0);
    net_wait_ms(w, 1);
    const struct neigh *n = neigh_lookup(vnet_init_ns(w)->nd_tbl, net_dev(w, "v0"), &ll2);
    inject_nd(w, IP("0020", "3a", "ff", B2, B1), "8800000020000000" B2 "0201020000000009", 255);
    CHECK_INT(n->ha.bytes[5], 9);
    CHECK_INT(n->nud_state, VNET_NUD_STALE);
    CHECK_INT(n->flags & VNET_NTF_ROUTER, 0);
    inject_nd(w, IP("0020", "3a", "ff", B2, B1), "88000000c0000000" B2 "0201020000000009", 255);
    CHECK_INT(n->nud_state, VNET_NUD_REACHABLE);
    CHECK_INT(n->flags & VNET_NTF_ROUTER, VNET_NTF_ROUTER);
    vnet_free(w);
}

static void test_ndisc_notify(void)
{
    struct vnet *w = net6_pair("debian12", 2);
    net_sysctl_set(w, "net/ipv6/conf/all/ndisc_notify", "1");
    net_up(w, "v0", true);
    net_up(w, "v1", true);
    net_wait_ms(w, 3000);
    CHECK_INT(net6_count(w, "v0", 136), 1);
    vnet_free(w);
}

/* A router learns those that solicit it. */
static void test_router_solicitation(void)
{
    struct vnet *w = net6_pair("debian12", 2);
    net_sysctl_set(w, "net/ipv6/conf/v0/forwarding", "1");
    net_up(w, "v0", true);
    net_up(w, "v1", true);
    net_wait_ms(w, 3000);
    CHECK_INT(nud(w, "v0", LL2), VNET_NUD_STALE);
    CHECK_INT(net6_count(w, "v0", 133), 0); /* and does not solicit itself */
    vnet_free(w);
}

static void test_router_advertisement_ends_solicitations(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    net_wait_ms(w, 3000);
    CHECK_INT(net6_count(w, "v0", 133), 1);
    inject_nd(w, IP("0018", "3a", "ff", B2, "ff020000000000000000000000000001"),
              "860000004000000000000000000000000101020000000002", 255);
    const struct inet_addr ll2 = ip6(LL2);
    const struct neigh *n = neigh_lookup(vnet_init_ns(w)->nd_tbl, net_dev(w, "v0"), &ll2);
    CHECK(n && (n->flags & VNET_NTF_ROUTER));
    net_wait_ms(w, 20000);
    CHECK_INT(net6_count(w, "v0", 133), 1);
    vnet_free(w);
}

int main(void)
{
    RUN(test_resolves_and_answers);
    RUN(test_groups_are_neighbours);
    RUN(test_nobody_answers);
    RUN(test_own_address_by_loopback);
    RUN(test_all_nodes);
    RUN(test_flow_label_of_replies);
    RUN(test_too_large);
    RUN(test_refused);
    RUN(test_solicitations_refused);
    RUN(test_defends_its_address);
    RUN(test_advertisement_while_tentative);
    RUN(test_own_nonce_is_no_conflict);
    RUN(test_unsolicited_changes_lladdr);
    RUN(test_ndisc_notify);
    RUN(test_router_solicitation);
    RUN(test_router_advertisement_ends_solicitations);
    return unit_end();
}
