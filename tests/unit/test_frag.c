/* Fragmentation and reassembly: frames are put on the wire of veth1 by hand, as another host would.
 */
#include "inet/ip.h"
#include "inet/ip_frags.h"
#include "tests/unit/net.h"
#include "wire/cksum.h"
#include "wire/ether.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

enum { PEER = 0xc0a80263, SELF = 0xc0a8020b }; /* 192.168.2.99, 192.168.2.11 */

/* A world whose veth0 has 192.168.2.11 and knows 192.168.2.99; frames are injected into veth0. */
static struct vnet *world(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    const uint8_t m[6] = {2, 0, 0, 0, 0, 0x99};
    struct vnet_neigh_req r = {.family = VNET_AF_INET,
                               .ifindex = net_dev(w, "veth0")->ifindex,
                               .dst = ip4("192.168.2.99"),
                               .has_lladdr = true,
                               .lladdr = lladdr_eth(m),
                               .state = VNET_NUD_PERMANENT};
    CHECK_INT(vnet_neigh_add(vnet_init_ns(w), &r, 0x400, NULL), 0);
    return w;
}

/* An echo request of n bytes (ICMP header included), pattern behind it. */
static void make_echo(uint8_t *p, size_t n)
{
    for (size_t i = 8; i < n; i++)
        p[i] = (uint8_t)(i * 7 + i / 251);
    struct icmp_hdr h = {.type = ICMP_ECHO, .rest = 0x00010002};
    icmp_emit(p, n, &h);
}

static void inject(struct vnet *w, uint16_t id, uint16_t frag, const uint8_t *payload, size_t len,
                   uint8_t tos)
{
    struct netdev *dev = net_dev(w, "veth0");
    struct skb *skb = skb_alloc(w, IPV4_HDR_LEN + len);
    struct ipv4_hdr h = {.version = 4,
                         .hdr_len = 20,
                         .tos = tos,
                         .ttl = 64,
                         .protocol = 1,
                         .id = id,
                         .frag = frag,
                         .tot_len = (uint16_t)(20 + len),
                         .saddr = PEER,
                         .daddr = SELF};
    uint8_t *p = skb_put(skb, 20 + len);
    ipv4_emit(p, &h, NULL);
    memcpy(p + 20, payload, len);
    const uint8_t src[6] = {2, 0, 0, 0, 0, 0x99};
    eth_header(dev, skb, ETH_P_IP, dev->addr.bytes, src);
    netif_receive_skb(dev, skb);
}

/* The part [from, to) of a payload of n bytes. */
static void inject_part(struct vnet *w, uint16_t id, const uint8_t *p, size_t n, size_t from,
                        size_t to)
{
    uint16_t frag = (uint16_t)(from / 8 | (to < n ? IPV4_MF : 0));
    inject(w, id, frag, p + from, to - from, 0);
}

static unsigned replies(struct vnet *w)
{
    return net_frames(w, "veth0", 0x0800, true);
}

static uint64_t queues(const struct vnet *w)
{
    uint64_t n = 0;
    struct netns *ns = vnet_init_ns((struct vnet *)(uintptr_t)w);
    list_each(pos, &ns->frags->by_age) n++;
    return n;
}

/* Random cuts in random order, some twice: answered whole, byte for byte. */
static void test_random(void)
{
    struct vnet *w = world();
    uint8_t p[3000];
    for (int round = 0; round < 300; round++) {
        size_t n = 64 + rng_below(&w->rng, 1400), cut[64] = {0};
        unsigned pieces = 0, order[64];
        make_echo(p, n);
        while (cut[pieces] < n && pieces < 60) {
            size_t len = 8 * (1 + rng_below(&w->rng, 40));
            cut[pieces + 1] = cut[pieces] + len < n ? cut[pieces] + len : n;
            order[pieces] = pieces;
            pieces++;
        }
        for (unsigned i = pieces; i > 1; i--) {
            unsigned j = (unsigned)rng_below(&w->rng, i), t = order[i - 1];
            order[i - 1] = order[j];
            order[j] = t;
        }
        recorder_clear(&w->recorder);
        for (unsigned i = 0; i < pieces; i++) {
            unsigned k = order[i];
            inject_part(w, (uint16_t)round, p, n, cut[k], cut[k + 1]);
            if (i + 1 < pieces && rng_below(&w->rng, 4) == 0)
                inject_part(w, (uint16_t)round, p, n, cut[k], cut[k + 1]);
        }
        CHECK_INT(replies(w), 1);
        const struct recorder_entry *e = net_frame(w, "veth0", 0x0800, true, 0);
        CHECK_INT(e ? e->len : 0, 14 + 20 + n);
        p[0] = 0; /* the reply: type 0 */
        icmp_emit(p, n, &(struct icmp_hdr){.type = ICMP_ECHOREPLY, .rest = 0x00010002});
        if (e)
            CHECK_MEM(recorder_bytes(e) + 34, p, n);
        CHECK_INT(queues(w), 0);
    }
    CHECK_INT(vnet_init_ns(w)->frags->mem, 0);
    vnet_free(w);
}

/* RFC 5722: a fragment that overlaps another one kills the datagram. */
static void test_overlap(void)
{
    struct net_trace t = {0};
    struct vnet *w = world();
    uint8_t p[256];
    make_echo(p, sizeof(p));
    vnet_trace_listen(w, net_trace_fn, &t);
    inject_part(w, 1, p, 256, 0, 64);
    inject_part(w, 1, p, 256, 56, 128); /* one block twice */
    CHECK_INT(queues(w), 0);
    CHECK(net_traced(&t, "ip_frag_queue", VNET_TRACE_DROPPED) >= 0);
    inject_part(w, 1, p, 256, 128, 256);
    CHECK_INT(replies(w), 0);
    CHECK_INT(queues(w), 1); /* the rest begins a queue of its own */
    vnet_free(w);
}

static void test_duplicate(void)
{
    struct net_trace t = {0};
    struct vnet *w = world();
    uint8_t p[256];
    make_echo(p, sizeof(p));
    inject_part(w, 1, p, 256, 64, 256);
    vnet_trace_listen(w, net_trace_fn, &t);
    inject_part(w, 1, p, 256, 64, 256);
    CHECK_STR(net_trace_reason(&t, "ip_frag_queue"), "DUP_FRAG");
    inject_part(w, 1, p, 256, 0, 64);
    CHECK_INT(replies(w), 1);
    vnet_free(w);
}

/* Ends that contradict each other. */
static void test_two_ends(void)
{
    struct vnet *w = world();
    uint8_t p[256];
    make_echo(p, sizeof(p));
    inject(w, 1, 128 / 8, p + 128, 128, 0); /* the last one: 256 bytes in all */
    inject(w, 1, 64 / 8, p + 64, 64, 0);    /* last too: 128 in all */
    CHECK_INT(queues(w), 0);
    inject(w, 2, 64 / 8, p + 64, 64, 0);
    inject(w, 2, 128 / 8 | IPV4_MF, p + 128, 64, 0); /* beyond the end */
    CHECK_INT(queues(w), 0);
    inject(w, 3, 0 | IPV4_MF, p, 4, 0); /* less than a block */
    CHECK_INT(queues(w), 0);
    CHECK_INT(replies(w), 0);
    vnet_free(w);
}

/* More than 65535 bytes in all: the "ping of death" is dropped. */
static void test_too_long(void)
{
    struct vnet *w = world();
    static uint8_t p[1480];
    for (unsigned at = 0; at < 65528 - 1480; at += 1480)
        inject(w, 1, (uint16_t)(at / 8 | IPV4_MF), p, 1480, 0);
    inject(w, 1, 65120 / 8, p, 1480, 0);
    CHECK_INT(queues(w), 0);
    CHECK_INT(replies(w), 0);
    vnet_free(w);
}

/* 30 s, then time exceeded in reassembly, if the first fragment is there; the quote is that one. */
static void test_timeout(void)
{
    struct net_trace t = {0};
    struct vnet *w = world();
    uint8_t p[256];
    make_echo(p, sizeof(p));
    inject_part(w, 1, p, 256, 0, 64);
    inject_part(w, 2, p, 256, 64, 128);
    net_wait_ms(w, 29000);
    CHECK_INT(replies(w), 0);
    vnet_trace_listen(w, net_trace_fn, &t);
    net_wait_ms(w, 5000);
    CHECK_STR(net_trace_reason(&t, "ip_expire"), "FRAG_REASM_TIMEOUT");
    CHECK_INT(queues(w), 0);
    CHECK_INT(replies(w), 1);
    const struct recorder_entry *e = net_frame(w, "veth0", 0x0800, true, 0);
    CHECK_INT(e->len, 14 + 20 + 8 + 20 + 64);
    CHECK_INT(recorder_bytes(e)[34], ICMP_TIME_EXCEEDED);
    CHECK_INT(recorder_bytes(e)[35], ICMP_EXC_FRAGTIME);
    vnet_free(w);
}

static void test_memory_limit(void)
{
    struct vnet *w = world();
    uint8_t p[256];
    make_echo(p, sizeof(p));
    net_sysctl_set(w, "net/ipv4/ipfrag_low_thresh", "2000");
    net_sysctl_set(w, "net/ipv4/ipfrag_high_thresh", "3000");
    for (uint16_t id = 0; id < 50; id++)
        inject_part(w, id, p, 256, 0, 64);
    CHECK(queues(w) < 5);
    CHECK(queues(w) > 1);
    vnet_free(w);
}

/* ECN: congestion marked on any fragment marks the whole; "not capable" mixed in spoils it. */
static void test_ecn(void)
{
    struct vnet *w = world();
    uint8_t p[128];
    make_echo(p, sizeof(p));
    inject(w, 1, IPV4_MF, p, 64, 2);
    inject(w, 1, 64 / 8, p + 64, 64, 3);
    CHECK_INT(replies(w), 1);
    CHECK_INT(recorder_bytes(net_frame(w, "veth0", 0x0800, true, 0))[15] & 3, 3);
    inject(w, 2, IPV4_MF, p, 64, 0);
    inject(w, 2, 64 / 8, p + 64, 64, 3);
    CHECK_INT(replies(w), 1);
    vnet_free(w);
}

/* What we send ourselves: sizes, offsets, flags, one identification. */
static void test_output(void)
{
    struct vnet *w = world();
    vnet_sock_id s = net_ping_socket(w, NULL);
    CHECK_INT(net_echo(w, s, "192.168.2.99", 1, 4000), 0);
    CHECK_INT(replies(w), 3);
    static const struct {
        uint32_t len, frag;
    } want[] = {{1500, IPV4_MF}, {1500, 1480 / 8 | IPV4_MF}, {20 + 1040, 2960 / 8}};
    uint16_t id = 0;
    for (unsigned i = 0; i < 3; i++) {
        struct ipv4_hdr h;
        const struct recorder_entry *e = net_frame(w, "veth0", 0x0800, true, i);
        ipv4_parse(recorder_bytes(e) + 14, e->len - 14, &h);
        CHECK_INT(h.tot_len, want[i].len);
        CHECK_INT(h.frag, want[i].frag);
        CHECK_INT(cksum(recorder_bytes(e) + 14, 20), 0);
        CHECK(i == 0 || h.id == id);
        id = h.id;
    }
    vnet_sock_setopt(w, s, VNET_IP_MTU_DISCOVER, 2);
    CHECK_INT(net_echo(w, s, "192.168.2.99", 1, 1481), -90); /* EMSGSIZE */
    CHECK_INT(net_echo(w, s, "192.168.2.99", 1, 1480), 0);
    vnet_free(w);
}

int main(void)
{
    RUN(test_random);
    RUN(test_overlap);
    RUN(test_duplicate);
    RUN(test_two_ends);
    RUN(test_too_long);
    RUN(test_timeout);
    RUN(test_memory_limit);
    RUN(test_ecn);
    RUN(test_output);
    return unit_end();
}
