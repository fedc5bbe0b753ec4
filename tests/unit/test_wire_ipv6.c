/* Codecs of IPv6, ICMPv6, ND and MLD: frames recorded from a Linux 6.1 and 6.18 kernel, round
 * trips, truncated and malformed input. */
#include "base/addr.h"
#include "base/bytes.h"
#include "tests/unit/unit.h"
#include "wire/cksum.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

/* A MLDv2 report of one group, as a veth end with MAC 02:00:00:00:00:01 sends first. */
static const uint8_t report[] = {
    0x60, 0x00, 0x00, 0x00, 0x00, 0x24, 0x00, 0x01, 0,    0,    0,    0,    0,    0,    0,    0,
    0,    0,    0,    0,    0,    0,    0,    0,    0xff, 0x02, 0,    0,    0,    0,    0,    0,
    0,    0,    0,    0,    0,    0,    0,    0x16, 0x3a, 0x00, 0x05, 0x02, 0x00, 0x00, 0x01, 0x00,
    0x8f, 0x00, 0x6f, 0x89, 0,    0,    0,    1,    0x04, 0,    0,    0,    0xff, 0x02, 0,    0,
    0,    0,    0,    0,    0,    0,    0,    1,    0xff, 0,    0,    1};
/* Its neighbour solicitation for duplicate address detection, with a nonce. */
static const uint8_t dad_ns[] = {
    0x60, 0x00, 0x00, 0x00, 0x00, 0x20, 0x3a, 0xff, 0,    0,    0,    0,    0,    0,    0,
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0xff, 0x02, 0,    0,    0,    0,
    0,    0,    0,    0,    0,    0x01, 0xff, 0x00, 0x00, 0x01, 0x87, 0x00, 0x3e, 0x25, 0,
    0,    0,    0,    0xfe, 0x80, 0,    0,    0,    0,    0,    0,    0,    0,    0x00, 0xff,
    0xfe, 0x00, 0x00, 0x01, 0x0e, 0x01, 0x67, 0x7d, 0xd2, 0x25, 0xf7, 0x53};
/* Its router solicitation. */
static const uint8_t rs[] = {0x60, 0x00, 0x00, 0x00, 0x00, 0x10, 0x3a, 0xff, 0xfe, 0x80, 0,    0,
                             0,    0,    0,    0,    0,    0,    0x00, 0xff, 0xfe, 0x00, 0x00, 0x01,
                             0xff, 0x02, 0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
                             0,    0,    0,    0x02, 0x85, 0x00, 0x7b, 0x2c, 0,    0,    0,    0,
                             0x01, 0x01, 0x02, 0,    0,    0,    0,    0x01};

static const uint8_t *payload(const uint8_t *frame)
{
    return frame + IPV6_HDR_LEN;
}

/* ---- IPv6 ---- */

static void test_header_round_trip(void)
{
    static const uint8_t *const frames[] = {report, dad_ns, rs};
    for (size_t i = 0; i < 3; i++) {
        struct ipv6_hdr h;
        uint8_t out[IPV6_HDR_LEN];
        CHECK(ipv6_parse(frames[i], IPV6_HDR_LEN, &h));
        CHECK_INT(h.version, 6);
        ipv6_emit(out, &h);
        CHECK_MEM(out, frames[i], sizeof(out));
    }
}

static void test_header_fields(void)
{
    struct ipv6_hdr h = {
        .tclass = 0xab, .flowlabel = 0x12345, .payload_len = 77, .nexthdr = 58, .hop_limit = 9};
    struct ipv6_hdr back;
    uint8_t out[IPV6_HDR_LEN];
    h.saddr[15] = 1;
    h.daddr[0] = 0xff;
    ipv6_emit(out, &h);
    CHECK(ipv6_parse(out, sizeof(out), &back));
    CHECK_INT(back.tclass, 0xab);
    CHECK_INT(back.flowlabel, 0x12345);
    CHECK_INT(back.payload_len, 77);
    CHECK_INT(back.nexthdr, 58);
    CHECK_INT(back.hop_limit, 9);
    CHECK_INT(back.saddr[15], 1);
    CHECK_INT(back.daddr[0], 0xff);
    CHECK(!ipv6_parse(out, IPV6_HDR_LEN - 1, &back));
}

static void test_router_alert(void)
{
    struct ipv6_opts o;
    uint8_t out[IPV6_RA_LEN];
    ipv6_emit_router_alert(out, IPV6_NEXTHDR_ICMP, IPV6_RA_MLD);
    CHECK_MEM(out, payload(report), sizeof(out));
    CHECK(ipv6_opts_parse(out, sizeof(out), &o));
    CHECK_INT(o.nexthdr, IPV6_NEXTHDR_ICMP);
    CHECK_INT(o.len, 8);
    CHECK(o.has_router_alert);
    CHECK_INT(o.router_alert, 0);
    CHECK_INT(o.bad_action, 0);
}

static void test_options_malformed(void)
{
    static const struct {
        uint8_t bytes[16];
        size_t len;
        bool ok;
        uint8_t action;
    } rows[] = {
        {{58, 0, 1, 4, 0, 0, 0, 0}, 8, true, 0},    /* PadN */
        {{58, 0, 0, 0, 0, 0, 0, 0}, 8, true, 0},    /* six Pad1 */
        {{58, 0, 1, 4, 0, 1, 0, 0}, 8, false, 0},   /* padding is not zero */
        {{58, 0, 1, 5, 0, 0, 0, 0}, 8, false, 0},   /* past the end */
        {{58, 1, 1, 4, 0, 0, 0, 0}, 8, false, 0},   /* header past the end */
        {{58, 0, 1, 3, 0, 0, 0, 1}, 8, false, 0},   /* an option of one byte */
        {{58, 0, 5, 3, 0, 0, 0, 0}, 8, false, 0},   /* router alert of 5 bytes */
        {{58, 0, 0x1e, 4, 9, 9, 9, 9}, 8, true, 0}, /* unknown, skip */
        {{58, 0, 0x4e, 4, 9, 9, 9, 9}, 8, true, 1}, /* unknown, discard */
        {{58, 0, 0xce, 4, 9, 9, 9, 9}, 8, true, 3}, /* unknown, tell if unicast */
        {{58, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 16, false, 0}, /* too much padding */
        {{58, 0, 0, 0, 0, 0, 0, 0}, 7, false, 0},
        {{58}, 0, false, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct ipv6_opts o = {0};
        CHECK_INT(ipv6_opts_parse(rows[i].bytes, rows[i].len, &o), rows[i].ok);
        if (rows[i].ok)
            CHECK_INT(o.bad_action, rows[i].action);
    }
}

static void test_groups(void)
{
    struct inet_addr a, g;
    uint8_t out[16], mac[6];
    const uint8_t want[6] = {0x33, 0x33, 0xff, 0x12, 0x34, 0x56};
    CHECK(inet_addr_parse(VNET_AF_INET6, "fe80::ff:fe12:3456", &a));
    CHECK(inet_addr_parse(VNET_AF_INET6, "ff02::1:ff12:3456", &g));
    ipv6_solicited_node(a.bytes, out);
    CHECK_MEM(out, g.bytes, 16);
    CHECK(ipv6_is_solicited_node(out));
    CHECK(!ipv6_is_solicited_node(a.bytes));
    ipv6_mc_mac(out, mac);
    CHECK_MEM(mac, want, 6);
}

/* ---- ICMPv6, neighbour discovery ---- */

static bool checksum_valid(const uint8_t *frame, size_t skip, size_t len)
{
    return cksum_ipv6(frame + 8, frame + 24, IPV6_NEXTHDR_ICMP, payload(frame) + skip,
                      len - IPV6_HDR_LEN - skip) == 0;
}

static void test_recorded_checksums(void)
{
    CHECK(checksum_valid(report, IPV6_RA_LEN, sizeof(report)));
    CHECK(checksum_valid(dad_ns, 0, sizeof(dad_ns)));
    CHECK(checksum_valid(rs, 0, sizeof(rs)));
}

static void test_ns_round_trip(void)
{
    struct nd_msg m;
    struct nd_opts opts;
    uint8_t out[32];
    const uint8_t *icmp = payload(dad_ns);
    CHECK(nd_msg_parse(icmp, 32, &m));
    CHECK_INT(m.icmp.type, NDISC_NEIGHBOUR_SOLICITATION);
    CHECK(nd_opts_parse(icmp + ND_NS_LEN, 8, &opts));
    CHECK_INT(nd_opt_nonce(&opts.nonce), 0x677dd225f753);
    CHECK_INT(opts.source.len, 0);
    nd_msg_emit(out, &m);
    CHECK_INT(nd_opt_emit_nonce(out + ND_NS_LEN, nd_opt_nonce(&opts.nonce)), 8);
    icmpv6_checksum(out, 32, dad_ns + 8, dad_ns + 24);
    CHECK_MEM(out, icmp, 32);
    for (size_t len = 0; len < ND_NS_LEN; len++)
        CHECK(!nd_msg_parse(icmp, len, &m));
}

static void test_rs_round_trip(void)
{
    struct icmpv6_hdr h;
    struct nd_opts opts;
    uint8_t out[16];
    const uint8_t *icmp = payload(rs);
    CHECK(icmpv6_parse(icmp, 16, &h));
    CHECK_INT(h.type, NDISC_ROUTER_SOLICITATION);
    CHECK(nd_opts_parse(icmp + ND_RS_LEN, 8, &opts));
    const uint8_t *mac = nd_opt_lladdr(&opts.source, 6);
    CHECK(mac != NULL);
    CHECK(nd_opt_lladdr(&opts.source, 8) == NULL);
    icmpv6_emit(out, &h);
    CHECK_INT(nd_opt_emit_lladdr(out + ND_RS_LEN, ND_OPT_SOURCE_LL_ADDR, mac, 6), 8);
    icmpv6_checksum(out, sizeof(out), rs + 8, rs + 24);
    CHECK_MEM(out, icmp, sizeof(out));
}

static void test_options_of_nd(void)
{
    struct nd_opts o;
    const uint8_t zero[8] = {ND_OPT_NONCE, 0}, past[8] = {ND_OPT_NONCE, 2};
    const uint8_t unknown[16] = {200, 1, 1, 1, 1, 1, 1, 1, ND_OPT_TARGET_LL_ADDR, 1, 9};
    const uint8_t twice[16] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2};
    const uint8_t long_nonce[16] = {ND_OPT_NONCE, 2, 7};
    CHECK(nd_opts_parse(zero, 0, &o));
    CHECK(!nd_opts_parse(zero, 8, &o));
    CHECK(!nd_opts_parse(past, 8, &o));
    CHECK(!nd_opts_parse(past, 1, &o));
    CHECK(nd_opts_parse(unknown, 16, &o));
    CHECK_INT(o.target.data[0], 9);
    CHECK(nd_opts_parse(twice, 16, &o));
    CHECK_INT(o.source.data[0], 1);
    CHECK(nd_opts_parse(long_nonce, 16, &o));
    CHECK_INT(nd_opt_nonce(&o.nonce), 0);
}

static void test_lladdr_padding(void)
{
    uint8_t out[16];
    const uint8_t addr[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    memset(out, 0xee, sizeof(out));
    CHECK_INT(nd_opt_emit_lladdr(out, ND_OPT_TARGET_LL_ADDR, addr, 8), 16);
    CHECK_INT(out[1], 2);
    CHECK_MEM(out + 2, addr, 8);
    CHECK_INT(out[10] | out[15], 0);
}

static void test_ra(void)
{
    const uint8_t ra[16] = {134, 0, 0, 0, 64, 0x40, 0x07, 0x08, 0, 0, 0x75, 0x30, 0, 0, 3, 0xe8};
    struct nd_ra r;
    CHECK(nd_ra_parse(ra, 16, &r));
    CHECK_INT(r.hop_limit, 64);
    CHECK_INT(r.flags, 0x40);
    CHECK_INT(r.lifetime, 1800);
    CHECK_INT(r.reachable_time, 30000);
    CHECK_INT(r.retrans_timer, 1000);
    CHECK(!nd_ra_parse(ra, 15, &r));
}

/* ---- MLD ---- */

static void test_report_round_trip(void)
{
    const uint8_t *mld = payload(report) + IPV6_RA_LEN;
    size_t len = sizeof(report) - IPV6_HDR_LEN - IPV6_RA_LEN, off = MLD2_REPORT_HDR;
    uint8_t out[28];
    struct mld2_grec g;
    CHECK_INT(len, sizeof(out));
    CHECK_INT(mld2_report_parse(mld, len), 1);
    CHECK(mld2_grec_parse(mld, len, &off, &g));
    CHECK_INT(g.type, MLD2_CHANGE_TO_EXCLUDE);
    CHECK_INT(g.nsrcs, 0);
    CHECK_INT(off, len);
    CHECK(!mld2_grec_parse(mld, len, &off, &g));
    mld2_report_emit(out, 1);
    mld2_grec_emit(out + MLD2_REPORT_HDR, &g);
    icmpv6_checksum(out, sizeof(out), report + 8, report + 24);
    CHECK_MEM(out, mld, sizeof(out));
}

static void test_report_truncated(void)
{
    const uint8_t *mld = payload(report) + IPV6_RA_LEN;
    uint8_t many[28];
    struct mld2_grec g;
    for (size_t len = MLD2_REPORT_HDR; len < 28; len++) {
        size_t off = MLD2_REPORT_HDR;
        CHECK(!mld2_grec_parse(mld, len, &off, &g));
        CHECK_INT(off, MLD2_REPORT_HDR);
    }
    CHECK_INT(mld2_report_parse(mld, 7), -1);
    memcpy(many, mld, sizeof(many));
    put_be16(many + MLD2_REPORT_HDR + 2, 1); /* one source, which is not there */
    size_t off = MLD2_REPORT_HDR;
    CHECK(!mld2_grec_parse(many, sizeof(many), &off, &g));
    many[MLD2_REPORT_HDR + 3] = 0;
    many[MLD2_REPORT_HDR + 1] = 255; /* auxiliary data */
    CHECK(!mld2_grec_parse(many, sizeof(many), &off, &g));
}

static void test_query(void)
{
    uint8_t q[28] = {130, 0, 0, 0, 0x27, 0x10};
    struct mld_msg m;
    CHECK(mld_parse(q, 24, &m));
    CHECK(!m.v2);
    CHECK_INT(m.max_delay_ms, 10000);
    q[24] = 0x0a; /* suppress, robustness 2 */
    q[25] = 0x8c; /* 28 << 3 */
    CHECK(mld_parse(q, 28, &m));
    CHECK(m.v2 && m.suppress);
    CHECK_INT(m.qrv, 2);
    CHECK_INT(m.qqi, 28 << 3);
    CHECK_INT(m.nsrcs, 0);
    put_be16(q + 4, 0x9234); /* mantissa 0x1234 << 4 */
    CHECK(mld_parse(q, 28, &m));
    CHECK_INT(m.max_delay_ms, 0x1234 << 4);
    CHECK(!mld_parse(q, 23, &m));
}

static void test_mld1(void)
{
    uint8_t out[MLD_LEN];
    struct mld_msg m;
    const uint8_t group[16] = {0xff, 2, [15] = 9};
    mld1_emit(out, ICMPV6_MGM_REPORT, group);
    CHECK(mld_parse(out, sizeof(out), &m));
    CHECK_INT(m.icmp.type, ICMPV6_MGM_REPORT);
    CHECK_MEM(m.group, group, 16);
}

int main(void)
{
    RUN(test_header_round_trip);
    RUN(test_header_fields);
    RUN(test_router_alert);
    RUN(test_options_malformed);
    RUN(test_groups);
    RUN(test_recorded_checksums);
    RUN(test_ns_round_trip);
    RUN(test_rs_round_trip);
    RUN(test_options_of_nd);
    RUN(test_lladdr_padding);
    RUN(test_ra);
    RUN(test_report_round_trip);
    RUN(test_report_truncated);
    RUN(test_query);
    RUN(test_mld1);
    return unit_end();
}
