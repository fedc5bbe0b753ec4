/* Codecs of ARP, Ethernet, IPv4, ICMP and the checksum: round trips, truncated input, known
 * vectors. */
#include <stdlib.h>

#include "base/bytes.h"
#include "sim/rng.h"
#include "tests/unit/unit.h"
#include "wire/arp.h"
#include "wire/cksum.h"
#include "wire/ether.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

/* Straight from RFC 1071. */
static uint16_t slow_cksum(const uint8_t *p, size_t len)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void test_cksum(void)
{
    static const uint8_t rfc[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}; /* RFC 1071 3 */
    struct rng r;
    uint8_t p[2000];
    CHECK_INT(cksum(rfc, sizeof(rfc)), (uint16_t)~0xddf2);
    rng_seed(&r, 1);
    for (int i = 0; i < 3000; i++) {
        size_t at = rng_below(&r, 16), len = rng_below(&r, i % 10 ? 100 : 1900);
        rng_bytes(&r, p, sizeof(p));
        if (i % 7 == 0)
            memset(p, i % 2 ? 0xff : 0, sizeof(p)); /* all carries, none */
        CHECK_INT(cksum(p + at, len), slow_cksum(p + at, len));
        size_t cut = len / 2 & ~(size_t)1;
        uint64_t sum = cksum_add(cksum_add(0, p + at, cut), p + at + cut, len - cut);
        CHECK_INT(cksum_finish(sum), slow_cksum(p + at, len));
    }
}

static void test_cksum_of_a_changed_word(void)
{
    struct rng r;
    uint8_t p[64];
    rng_seed(&r, 4);
    for (int i = 0; i < 5000; i++) {
        rng_bytes(&r, p, sizeof(p));
        if (i % 5 == 0)
            memset(p, i % 2 ? 0xff : 0, sizeof(p) - 2 * rng_below(&r, 4));
        size_t at = 2 * rng_below(&r, sizeof(p) / 2);
        uint16_t was = get_be16(p + at), check = cksum(p, sizeof(p));
        put_be16(p + at, (uint16_t)(i % 3 ? rng_next(&r) : 0));
        check = cksum_update(check, was, get_be16(p + at));
        if (check) /* 0: may stand for 0xffff */
            CHECK_INT(check, slow_cksum(p, sizeof(p)));
        else
            CHECK(slow_cksum(p, sizeof(p)) == 0 || slow_cksum(p, sizeof(p)) == 0xffff);
    }
}

static void test_arp(void)
{
    /* A request recorded from a real kernel. */
    static const uint8_t frame[ARP_LEN] = {
        0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01,
        0xc0, 0xa8, 0x02, 0x0b, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, 0xa8, 0x02, 0x0c};
    struct arp_pkt a;
    uint8_t out[ARP_LEN];
    CHECK(arp_parse(frame, sizeof(frame), &a));
    CHECK_INT(a.op, ARP_OP_REQUEST);
    CHECK_INT(a.spa, 0xc0a8020b);
    CHECK_INT(a.tpa, 0xc0a8020c);
    CHECK_MEM(a.sha, "\x02\x00\x00\x00\x00\x01", 6);
    arp_emit(out, &a);
    CHECK_MEM(out, frame, sizeof(frame));
    for (size_t len = 0; len < ARP_LEN; len++) {
        uint8_t *exact = malloc(len ? len : 1); /* so that a sanitizer sees a read beyond */
        memcpy(exact, frame, len);
        CHECK(!arp_parse(exact, len, &a));
        CHECK_INT(arp_parse_hdr(exact, len, &a), len >= ARP_HDR_LEN);
        free(exact);
    }
    memcpy(out, frame, sizeof(out));
    out[4] = 8; /* other address lengths: the fixed part can be read, the rest cannot */
    CHECK(!arp_parse(out, sizeof(out), &a));
    CHECK(arp_parse_hdr(out, sizeof(out), &a));
    CHECK_INT(a.hln, 8);
}

static void test_ether(void)
{
    struct ether_hdr h = {{1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 11, 12}, ETH_P_ARP}, back;
    uint8_t p[ETH_HLEN];
    ether_emit(p, &h);
    CHECK(ether_parse(p, sizeof(p), &back));
    CHECK_MEM(back.dst, h.dst, 6);
    CHECK_MEM(back.src, h.src, 6);
    CHECK_INT(back.type, ETH_P_ARP);
    CHECK(!ether_parse(p, sizeof(p) - 1, &back));
    CHECK(ether_is_multicast(p));
    CHECK(!ether_is_broadcast(p));
    CHECK(ether_is_broadcast((const uint8_t *)"\xff\xff\xff\xff\xff\xff"));
}

static void test_ipv4(void)
{
    struct rng r;
    rng_seed(&r, 2);
    for (int i = 0; i < 500; i++) {
        uint8_t options[40], p[IPV4_HDR_MAX];
        rng_bytes(&r, options, sizeof(options));
        struct ipv4_hdr h = {.version = 4,
                             .hdr_len = (uint8_t)(20 + 4 * rng_below(&r, 11)),
                             .tos = (uint8_t)rng_next(&r),
                             .ttl = (uint8_t)rng_next(&r),
                             .protocol = (uint8_t)rng_next(&r),
                             .tot_len = (uint16_t)rng_next(&r),
                             .id = (uint16_t)rng_next(&r),
                             .frag = (uint16_t)rng_next(&r),
                             .saddr = (uint32_t)rng_next(&r),
                             .daddr = (uint32_t)rng_next(&r)};
        struct ipv4_hdr back;
        ipv4_emit(p, &h, options);
        CHECK_INT(slow_cksum(p, h.hdr_len), 0);
        CHECK(ipv4_parse(p, h.hdr_len, &back));
        CHECK_INT(back.hdr_len, h.hdr_len);
        CHECK_INT(back.frag, h.frag);
        CHECK_INT(back.saddr, h.saddr);
        uint8_t again[IPV4_HDR_MAX];
        ipv4_emit(again, &back, options);
        CHECK_MEM(again, p, h.hdr_len);
        CHECK_MEM(p + 20, options, h.hdr_len - 20u);
        CHECK(!ipv4_parse(p, 19, &back));
        CHECK(ipv4_cksum_ok(p, h.hdr_len));
        p[8]--;
        CHECK(!ipv4_cksum_ok(p, h.hdr_len));
        ipv4_recheck(p, h.hdr_len);
        CHECK_INT(slow_cksum(p, h.hdr_len), 0);
    }
}

static void test_icmp(void)
{
    struct rng r;
    uint8_t p[100];
    rng_seed(&r, 3);
    for (size_t len = ICMP_HDR_LEN; len <= sizeof(p); len++) {
        struct icmp_hdr h = {(uint8_t)rng_next(&r), (uint8_t)rng_next(&r), 0,
                             (uint32_t)rng_next(&r)};
        struct icmp_hdr back;
        rng_bytes(&r, p, sizeof(p));
        icmp_emit(p, len, &h);
        CHECK_INT(slow_cksum(p, len), 0);
        CHECK(icmp_parse(p, len, &back));
        CHECK_INT(back.type, h.type);
        CHECK_INT(back.code, h.code);
        CHECK_INT(back.rest, h.rest);
        CHECK_INT(icmp_echo_id(&back), h.rest >> 16);
        CHECK_INT(icmp_echo_seq(&back), h.rest & 0xffff);
    }
    CHECK(!icmp_parse(p, ICMP_HDR_LEN - 1, &(struct icmp_hdr){0}));
    CHECK(icmp_type_is_error(ICMP_DEST_UNREACH) && icmp_type_is_error(ICMP_REDIRECT));
    CHECK(!icmp_type_is_error(ICMP_ECHO) && !icmp_type_is_error(200));
}

int main(void)
{
    RUN(test_cksum);
    RUN(test_cksum_of_a_changed_word);
    RUN(test_arp);
    RUN(test_ether);
    RUN(test_ipv4);
    RUN(test_icmp);
    return unit_end();
}
