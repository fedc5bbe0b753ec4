/* IPv4 in and out: what is accepted, with which reason the rest is dropped. */
#include "inet/ip.h"
#include "tests/unit/net.h"
#include "wire/cksum.h"
#include "wire/ether.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

enum { PACKET = 20 + 16 };

/* An echo request from 192.168.2.99 to veth0. */
static void good_packet(uint8_t p[PACKET])
{
    struct ipv4_hdr h = {.version = 4,
                         .hdr_len = 20,
                         .ttl = 64,
                         .protocol = 1,
                         .tot_len = PACKET,
                         .saddr = 0xc0a80263,
                         .daddr = 0xc0a8020b};
    memset(p, 0, PACKET);
    ipv4_emit(p, &h, NULL);
    icmp_emit(p + 20, PACKET - 20, &(struct icmp_hdr){.type = ICMP_ECHO});
}

struct row {
    const char *what;
    unsigned at; /* the byte to change, recheck the header unless it is the checksum */
    uint8_t value;
    unsigned len; /* bytes injected, 0: all */
    const char *func, *reason;
};

static void test_header(void)
{
    static const struct row rows[] = {
        {"version 5", 0, 0x55, 0, "ip_rcv_core", "IP_INHDR"},
        {"ihl 4", 0, 0x44, 0, "ip_rcv_core", "IP_INHDR"},
        {"ihl beyond the frame", 0, 0x4f, 30, "ip_rcv_core", "IP_INHDR"},
        {"checksum", 10, 0x12, 0, "ip_rcv_core", "IP_CSUM"},
        {"truncated", 3, PACKET, PACKET - 1, "ip_rcv_core", "PKT_TOO_SMALL"},
        {"total length below the header", 3, 19, 0, "ip_rcv_core", "IP_INHDR"},
        {"half a header", 0, 0x45, 12, "ip_rcv_core", "IP_INHDR"},
        {"no such protocol", 9, 200, 0, "ip_protocol_deliver_rcu", "IP_NOPROTO"},
        {"TCP", 9, 6, 0, "tcp_v4_rcv", "NO_SOCKET"},
        {"UDP", 9, 17, 0, "__udp4_lib_rcv", "NO_SOCKET"},
        {"for another host", 19, 77, 0, "ip_error", "IP_INADDRERRORS"},
        {"source is broadcast", 12, 255, 0, "ip_rcv_finish_core", NULL},
        {"source is loopback", 12, 127, 0, "ip_rcv_finish_core", NULL},
    };
    struct vnet *w = net_pair("linux6.18", NULL);
    struct net_trace t;
    uint8_t p[PACKET];
    vnet_trace_listen(w, net_trace_fn, &t);
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *r = &rows[i];
        good_packet(p);
        p[r->at] = r->value;
        if (strcmp(r->what, "source is broadcast") == 0)
            memset(p + 12, 255, 4);
        if (r->at != 10 && (p[0] & 15) == 5)
            ipv4_recheck(p, 20);
        t.n = 0;
        net_inject(w, "veth0", ETH_P_IP, NULL, p, r->len ? r->len : PACKET);
        int at = net_traced(&t, r->func, VNET_TRACE_DROPPED);
        if (at < 0 || (r->reason && strcmp(t.ev[at].reason, r->reason) != 0))
            printf("# %s\n", r->what);
        CHECK(at >= 0);
        if (r->reason)
            CHECK_STR(net_trace_reason(&t, r->func), r->reason);
    }
    vnet_free(w);
}

/* A frame may be longer than its packet: Ethernet pads. */
static void test_padding(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    uint8_t p[60] = {0};
    good_packet(p);
    net_inject(w, "veth0", ETH_P_IP, NULL, p, sizeof(p));
    CHECK_INT(net_frames(w, "veth0", ETH_P_ARP, true), 1); /* it asks for the way back */
    vnet_free(w);
}

static void test_other_mac(void)
{
    struct net_trace t = {0};
    struct vnet *w = net_pair("linux6.18", NULL);
    uint8_t p[PACKET];
    good_packet(p);
    vnet_trace_listen(w, net_trace_fn, &t);
    net_inject(w, "veth0", ETH_P_IP, (const uint8_t *)"\x02\x01\x01\x01\x01\x01", p, PACKET);
    CHECK_STR(net_trace_reason(&t, "ip_rcv_core"), "OTHERHOST");
    t.n = 0;
    net_sysctl_set(w, "net/ipv4/conf/veth0/drop_unicast_in_l2_multicast", "1");
    net_inject(w, "veth0", ETH_P_IP, net_broadcast(), p, PACKET);
    CHECK_STR(net_trace_reason(&t, "ip_rcv_finish_core"), "UNICAST_IN_L2_MULTICAST");
    vnet_free(w);
}

static void test_rp_filter_reason(void)
{
    struct net_trace t = {0};
    struct vnet *w = net_pair("linux6.18", NULL);
    uint8_t p[PACKET];
    good_packet(p);
    p[12] = 10; /* from 10.168.2.99: no route back */
    ipv4_recheck(p, 20);
    net_sysctl_set(w, "net/ipv4/conf/veth0/rp_filter", "1");
    vnet_trace_listen(w, net_trace_fn, &t);
    net_inject(w, "veth0", ETH_P_IP, NULL, p, PACKET);
    CHECK_STR(net_trace_reason(&t, "ip_rcv_finish_core"), "IP_RPFILTER");
    vnet_free(w);
}

/* Options: walked; a source route is refused, what is malformed too. */
static void test_options(void)
{
    static const struct {
        uint8_t opt[4];
        bool ok;
    } rows[] = {
        {{1, 1, 1, 0}, true},    {{148, 4, 0, 0}, true}, /* router alert */
        {{137, 4, 4, 0}, false},                         /* strict source route */
        {{7, 1, 0, 0}, false},   {{7, 200, 0, 0}, false}, {{1, 1, 1, 7}, false},
    };
    struct vnet *w = net_pair("linux6.18", NULL);
    struct net_trace t = {0};
    vnet_trace_listen(w, net_trace_fn, &t);
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t p[PACKET + 4] = {0};
        struct ipv4_hdr h = {.version = 4,
                             .hdr_len = 24,
                             .ttl = 64,
                             .protocol = 1,
                             .tot_len = PACKET + 4,
                             .saddr = 0xc0a80263,
                             .daddr = 0xc0a8020b};
        ipv4_emit(p, &h, rows[i].opt);
        icmp_emit(p + 24, PACKET - 20, &(struct icmp_hdr){.type = ICMP_ECHO});
        t.n = 0;
        net_inject(w, "veth0", ETH_P_IP, NULL, p, sizeof(p));
        CHECK_INT(net_traced(&t, "icmp_echo", VNET_TRACE_OK) >= 0, rows[i].ok);
        CHECK_INT(net_traced(&t, "ip_rcv_options", VNET_TRACE_DROPPED) >= 0, !rows[i].ok);
    }
    vnet_free(w);
}

/* Every truncation and every single bit flipped: no crash, and no answer to a bad checksum. */
static void test_damage(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    uint8_t p[PACKET], q[PACKET];
    good_packet(p);
    for (unsigned len = 0; len < PACKET; len++)
        net_inject(w, "veth0", ETH_P_IP, NULL, p, len);
    for (unsigned bit = 0; bit < PACKET * 8; bit++) {
        memcpy(q, p, sizeof(q));
        q[bit / 8] ^= (uint8_t)(1 << bit % 8);
        net_inject(w, "veth0", ETH_P_IP, NULL, q, sizeof(q));
    }
    CHECK_INT(net_frames(w, "veth0", ETH_P_ARP, true), 0);
    vnet_free(w);
}

/* Identifications: none where DF forbids fragments, else all different. */
static void test_ident(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    vnet_sock_id s = net_ping_socket(w, NULL);
    for (uint16_t i = 0; i < 3; i++)
        net_echo(w, s, "192.168.2.11", i, 64);
    vnet_sock_setopt(w, s, VNET_IP_MTU_DISCOVER, 2);
    net_echo(w, s, "192.168.2.11", 3, 64);
    uint16_t id[4], frag[4];
    for (unsigned i = 0; i < 4; i++) {
        const uint8_t *ip = recorder_bytes(net_frame(w, "lo", ETH_P_IP, true, i)) + 14;
        id[i] = get_be16(ip + 4);
        frag[i] = get_be16(ip + 6);
        CHECK_INT(frag[i], IPV4_DF);
    }
    CHECK(id[0] != id[1] && id[1] != id[2] && id[0] != id[2]);
    CHECK_INT(id[3], 0);
    vnet_free(w);
}

static void test_broadcast_comes_back(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    struct net_trace t = {0};
    net_sysctl_set(w, "net/ipv4/icmp_echo_ignore_broadcasts", "0");
    vnet_sock_id s = net_ping_socket(w, NULL);
    CHECK_INT(net_echo(w, s, "192.168.2.255", 1, 64), -13); /* EACCES */
    vnet_sock_setopt(w, s, VNET_SO_BROADCAST, 1);
    vnet_trace_listen(w, net_trace_fn, &t);
    CHECK_INT(net_echo(w, s, "192.168.2.255", 1, 64), 0);
    CHECK(net_traced(&t, "icmp_echo", VNET_TRACE_OK) >= 0); /* our own copy */
    CHECK_INT(net_frames(w, "veth0", ETH_P_IP, true), 1);
    CHECK_MEM(recorder_bytes(net_frame(w, "veth0", ETH_P_IP, true, 0)), net_broadcast(), 6);
    vnet_free(w);
}

int main(void)
{
    RUN(test_header);
    RUN(test_padding);
    RUN(test_other_mac);
    RUN(test_rp_filter_reason);
    RUN(test_options);
    RUN(test_damage);
    RUN(test_ident);
    RUN(test_broadcast_comes_back);
    return unit_end();
}
