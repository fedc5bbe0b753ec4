/* ICMP: who is answered, with what, how often. */
#include "inet/icmp.h"
#include "inet/icmp_limit.h"
#include "tests/unit/net.h"
#include "vnet_route.h"
#include "wire/cksum.h"
#include "wire/ether.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"
#include "wire/udp.h"

enum { MAX_PACKET = 1500 };

static struct vnet *world(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    struct vnet_neigh_req r = {.family = VNET_AF_INET,
                               .ifindex = net_dev(w, "veth0")->ifindex,
                               .dst = ip4("192.168.2.99"),
                               .has_lladdr = true,
                               .lladdr = lladdr_eth((const uint8_t *)PEER_MAC),
                               .state = VNET_NUD_PERMANENT};
    vnet_neigh_add(vnet_init_ns(w), &r, VNET_NLM_F_CREATE, NULL);
    return w;
}

struct probe {
    uint8_t protocol, type, tos;
    uint16_t frag;
    uint32_t daddr; /* 0: 192.168.2.11 */
    unsigned len;   /* behind the IP header; 0: 64 */
    bool broadcast;
};

static void inject(struct vnet *w, const struct probe *pr)
{
    uint8_t p[MAX_PACKET] = {0};
    unsigned len = pr->len ? pr->len : 64;
    struct ipv4_hdr h = {.version = 4,
                         .hdr_len = 20,
                         .tos = pr->tos,
                         .ttl = 64,
                         .protocol = pr->protocol,
                         .frag = pr->frag,
                         .tot_len = (uint16_t)(20 + len),
                         .saddr = 0xc0a80263,
                         .daddr = pr->daddr ? pr->daddr : 0xc0a8020b};
    ipv4_emit(p, &h, NULL);
    for (unsigned i = 8; i < len; i++)
        p[20 + i] = (uint8_t)i;
    icmp_emit(p + 20, len, &(struct icmp_hdr){.type = pr->type, .rest = 0x11112222});
    if (pr->protocol == 17) /* a datagram without a checksum */
        udp_emit(p + 20, &(struct udp_hdr){.sport = 1, .dport = 2, .len = (uint16_t)len});
    net_inject(w, "veth0", ETH_P_IP, pr->broadcast ? net_broadcast() : NULL, p, 20 + len);
}

static unsigned answers(struct vnet *w)
{
    return net_frames(w, "veth0", ETH_P_IP, true);
}

static const uint8_t *answer(struct vnet *w, unsigned nth, struct ipv4_hdr *h)
{
    const struct recorder_entry *e = net_frame(w, "veth0", ETH_P_IP, true, nth);
    if (!e || !ipv4_parse(recorder_bytes(e) + 14, e->caplen - 14, h))
        return NULL;
    return recorder_bytes(e) + 34;
}

static void test_echo(void)
{
    struct vnet *w = world();
    struct ipv4_hdr h;
    inject(w, &(struct probe){.protocol = 1, .type = ICMP_ECHO, .tos = 0x28, .len = 300});
    CHECK_INT(answers(w), 1);
    const uint8_t *p = answer(w, 0, &h);
    CHECK(p != NULL);
    CHECK_INT(h.saddr, 0xc0a8020b);
    CHECK_INT(h.daddr, 0xc0a80263);
    CHECK_INT(h.tos, 0x28);
    CHECK_INT(h.ttl, 64);
    CHECK_INT(h.frag, 0);
    CHECK_INT(h.tot_len, 320);
    CHECK_INT(p[0], ICMP_ECHOREPLY);
    CHECK_INT(get_be32(p + 4), 0x11112222);
    CHECK_INT(cksum(p, 300), 0);
    for (unsigned i = 8; i < 300; i++)
        CHECK_INT(p[i], (uint8_t)i);
    vnet_free(w);
}

static void test_timestamp(void)
{
    struct vnet *w = world();
    struct ipv4_hdr h;
    inject(w, &(struct probe){.protocol = 1, .type = ICMP_TIMESTAMP, .len = 20});
    const uint8_t *p = answer(w, 0, &h);
    CHECK(p && p[0] == ICMP_TIMESTAMPREPLY);
    CHECK(p && get_be32(p + 12) == (uint32_t)(w->now / NSEC_PER_MSEC % 86400000));
    inject(w, &(struct probe){.protocol = 1, .type = ICMP_TIMESTAMP, .len = 8});
    CHECK_INT(answers(w), 1);
    vnet_free(w);
}

/* What is not answered. */
static void test_silence(void)
{
    static const struct probe rows[] = {
        {.protocol = 1, .type = ICMP_ECHOREPLY},
        {.protocol = 1, .type = ICMP_DEST_UNREACH},
        {.protocol = 1, .type = ICMP_REDIRECT},
        {.protocol = 1, .type = ICMP_ADDRESS},
        {.protocol = 1, .type = 77},
        {.protocol = 1, .type = ICMP_ECHO, .len = 4},
        {.protocol = 1, .type = ICMP_ECHO, .daddr = 0xc0a802ff, .broadcast = true},
        {.protocol = 200, .daddr = 0xc0a802ff, .broadcast = true}, /* no error to a broadcast */
        {.protocol = 200, .broadcast = true},                      /* nor to a broadcast frame */
        {.protocol = 200, .frag = 8},                              /* nor to a later fragment */
    };
    struct vnet *w = world();
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        inject(w, &rows[i]);
        if (answers(w))
            printf("# row %u was answered\n", i);
        CHECK_INT(answers(w), 0);
    }
    net_sysctl_set(w, "net/ipv4/icmp_echo_ignore_all", "1");
    inject(w, &(struct probe){.protocol = 1, .type = ICMP_ECHO});
    CHECK_INT(answers(w), 0);
    net_sysctl_set(w, "net/ipv4/icmp_echo_ignore_all", "0");
    net_sysctl_set(w, "net/ipv4/icmp_echo_ignore_broadcasts", "0");
    inject(w, &rows[6]);
    CHECK_INT(answers(w), 1);
    vnet_free(w);
}

/* Errors: from the address that was asked, precedence 6, at most 576 bytes. */
static void test_error(void)
{
    struct vnet *w = world();
    struct ipv4_hdr h, quote;
    inject(w, &(struct probe){.protocol = 200, .len = 1000, .tos = 0x10});
    const uint8_t *p = answer(w, 0, &h);
    CHECK(p != NULL);
    CHECK_INT(h.tot_len, 576);
    CHECK_INT(h.tos, 0xd0);
    CHECK_INT(h.saddr, 0xc0a8020b);
    CHECK_INT(p[0], ICMP_DEST_UNREACH);
    CHECK_INT(p[1], ICMP_PROT_UNREACH);
    CHECK_INT(cksum(p, 556), 0);
    CHECK(ipv4_parse(p + 8, 20, &quote));
    CHECK_INT(quote.tot_len, 1020);
    CHECK_INT(cksum(p + 8, 20), 0);
    inject(w, &(struct probe){.protocol = 17});
    p = answer(w, 1, &h);
    CHECK(p && p[1] == ICMP_PORT_UNREACH);
    CHECK_INT(h.tot_len, 20 + 8 + 20 + 64);
    vnet_free(w);
}

/* One destination gets six at once, then one a second (icmp_ratelimit); echo replies are not
 * limited. */
static void test_peer_limit(void)
{
    struct vnet *w = world();
    for (int i = 0; i < 20; i++)
        inject(w, &(struct probe){.protocol = 200});
    CHECK_INT(answers(w), 6);
    net_wait_ms(w, 1010);
    for (int i = 0; i < 20; i++)
        inject(w, &(struct probe){.protocol = 200});
    CHECK_INT(answers(w), 7);
    for (int i = 0; i < 100; i++)
        inject(w, &(struct probe){.protocol = 1, .type = ICMP_ECHO});
    CHECK_INT(answers(w), 107);
    net_sysctl_set(w, "net/ipv4/icmp_ratelimit", "0");
    inject(w, &(struct probe){.protocol = 200});
    CHECK_INT(answers(w), 108);
    net_sysctl_set(w, "net/ipv4/icmp_ratelimit", "1000");
    net_sysctl_set(w, "net/ipv4/icmp_ratemask", "0");
    for (int i = 0; i < 10; i++)
        inject(w, &(struct probe){.protocol = 200});
    CHECK_INT(answers(w), 118);
    vnet_free(w);
}

/* All destinations together: bursts of 50, 1000 a second. */
static void test_global_limit(void)
{
    struct vnet *w = world();
    struct netns *ns = vnet_init_ns(w);
    unsigned ok = 0;
    for (int i = 0; i < 200; i++)
        ok += icmp_global_allow(ns, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH);
    CHECK(ok >= 25 && ok <= 75); /* each takes 0, 1 or 2 of 50 */
    CHECK(!icmp_global_allow(ns, ICMP_TIME_EXCEEDED, 0));
    CHECK(icmp_global_allow(ns, ICMP_ECHOREPLY, 0));
    CHECK(
        icmp_global_allow(ns, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED)); /* path MTU is never limited */
    net_wait_ms(w, 10);
    CHECK(!icmp_global_allow(ns, ICMP_TIME_EXCEEDED, 0));
    net_wait_ms(w, 30);
    CHECK(icmp_global_allow(ns, ICMP_TIME_EXCEEDED, 0));
    vnet_free(w);
}

/* Peers that are full again are forgotten: the list does not grow. */
static void test_peers_are_forgotten(void)
{
    struct vnet *w = world();
    struct netns *ns = vnet_init_ns(w);
    for (uint32_t i = 0; i < 1000; i++) {
        icmp_peer_allow(ns, net_dev(w, "veth0"), 0x0a000000 + i, ICMP_DEST_UNREACH, 1);
        net_wait_ms(w, 100);
    }
    CHECK(ns->icmp->npeers <= 61);
    vnet_free(w);
}

/* Sockets hear of errors about their own packets only. */
static void test_socket_errors(void)
{
    struct vnet *w = world();
    vnet_sock_id s = net_ping_socket(w, NULL);
    uint8_t p[20 + 8 + 20 + 8] = {0}, buf[64];
    struct vnet_msg msg;
    struct ipv4_hdr outer = {.version = 4,
                             .hdr_len = 20,
                             .ttl = 60,
                             .protocol = 1,
                             .tot_len = sizeof(p),
                             .saddr = 0xc0a80263,
                             .daddr = 0xc0a8020b};
    struct ipv4_hdr inner = {.version = 4,
                             .hdr_len = 20,
                             .ttl = 1,
                             .protocol = 1,
                             .tot_len = 84,
                             .saddr = 0xc0a8020b,
                             .daddr = 0x08080808};
    ipv4_emit(p, &outer, NULL);
    ipv4_emit(p + 28, &inner, NULL);
    p[48] = ICMP_ECHO;
    icmp_emit(p + 20, sizeof(p) - 20, &(struct icmp_hdr){.type = ICMP_TIME_EXCEEDED});
    net_inject(w, "veth0", ETH_P_IP, NULL, p, sizeof(p));
    CHECK_INT(vnet_recvmsg(w, s, buf, sizeof(buf), VNET_MSG_ERRQUEUE, &msg), 8);
    CHECK_INT(buf[0], ICMP_ECHO);
    CHECK_INT(msg.ee_type, ICMP_TIME_EXCEEDED);
    CHECK_INT(msg.ee_origin, 2);
    CHECK_INT(msg.ee_errno, 113);
    CHECK_INT(inet_addr_to_v4(&msg.offender), 0xc0a80263);
    CHECK_INT(inet_addr_to_v4(&msg.from), 0x08080808);
    CHECK_INT(vnet_recvmsg(w, s, buf, sizeof(buf), VNET_MSG_ERRQUEUE, &msg), -11);
    inner.protocol = 17; /* about a UDP packet: not ours */
    ipv4_emit(p + 28, &inner, NULL);
    icmp_emit(p + 20, sizeof(p) - 20, &(struct icmp_hdr){.type = ICMP_TIME_EXCEEDED});
    net_inject(w, "veth0", ETH_P_IP, NULL, p, sizeof(p));
    CHECK_INT(vnet_recvmsg(w, s, buf, sizeof(buf), VNET_MSG_ERRQUEUE, &msg), -11);
    vnet_free(w);
}

int main(void)
{
    RUN(test_echo);
    RUN(test_timestamp);
    RUN(test_silence);
    RUN(test_error);
    RUN(test_peer_limit);
    RUN(test_global_limit);
    RUN(test_peers_are_forgotten);
    RUN(test_socket_errors);
    return unit_end();
}
