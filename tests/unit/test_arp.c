/* ARP: what is answered, what is learned, what is not. */
#include "tests/unit/net.h"
#include "vnet_route.h"
#include "wire/arp.h"
#include "wire/ether.h"

static void inject(struct vnet *w, uint16_t op, const char *spa, const char *tpa, bool broadcast)
{
    struct inet_addr s = ip4(spa), t = ip4(tpa);
    struct arp_pkt a = {.hrd = ARP_HRD_ETHER,
                        .pro = ETH_P_IP,
                        .op = op,
                        .spa = inet_addr_to_v4(&s),
                        .tpa = inet_addr_to_v4(&t)};
    memcpy(a.sha, PEER_MAC, 6);
    if (op == ARP_OP_REPLY)
        memcpy(a.tha, broadcast ? PEER_MAC : (const char *)net_dev(w, "veth0")->addr.bytes, 6);
    uint8_t p[ARP_LEN];
    arp_emit(p, &a);
    net_inject(w, "veth0", ETH_P_ARP, broadcast ? net_broadcast() : NULL, p, sizeof(p));
}

static uint16_t state_of(struct vnet *w, const char *addr)
{
    struct inet_addr a = ip4(addr);
    const struct neigh *n = neigh_lookup(vnet_init_ns(w)->arp_tbl, net_dev(w, "veth0"), &a);
    return n ? n->nud_state : 0xffff;
}

static unsigned sent(struct vnet *w)
{
    return net_frames(w, "veth0", ETH_P_ARP, true);
}

/* A request for us is answered, and its sender is entered as STALE. */
static void test_request(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct arp_pkt a;
    inject(w, ARP_OP_REQUEST, "192.168.2.99", "192.168.2.11", true);
    CHECK_INT(sent(w), 1);
    CHECK_INT(state_of(w, "192.168.2.99"), VNET_NUD_STALE);
    const struct recorder_entry *e = net_frame(w, "veth0", ETH_P_ARP, true, 0);
    CHECK(arp_parse(recorder_bytes(e) + 14, e->caplen - 14, &a));
    CHECK_INT(a.op, ARP_OP_REPLY);
    CHECK_INT(a.spa, 0xc0a8020b);
    CHECK_INT(a.tpa, 0xc0a80263);
    CHECK_MEM(a.tha, PEER_MAC, 6);
    CHECK_MEM(recorder_bytes(e), PEER_MAC, 6); /* unicast */
    vnet_free(w);
}

/* For somebody else: not answered, not entered; but an entry that is there is refreshed. */
static void test_request_for_others(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct net_trace t = {0};
    vnet_trace_listen(w, net_trace_fn, &t);
    inject(w, ARP_OP_REQUEST, "192.168.2.99", "192.168.2.50", true);
    CHECK_INT(sent(w), 0);
    CHECK_INT(state_of(w, "192.168.2.99"), 0xffff);
    CHECK(net_traced(&t, "arp_process", VNET_TRACE_IGNORED) >= 0);
    vnet_trace_listen(w, NULL, NULL);
    vnet_sock_id s = net_ping_socket(w, NULL);
    net_echo(w, s, "192.168.2.99", 1, 64);
    CHECK_INT(state_of(w, "192.168.2.99"), VNET_NUD_INCOMPLETE);
    net_wait_ms(w, 10);
    inject(w, ARP_OP_REQUEST, "192.168.2.99", "192.168.2.50", true);
    CHECK_INT(state_of(w, "192.168.2.99"), VNET_NUD_DELAY); /* STALE, then the queue used it */
    CHECK_INT(net_frames(w, "veth0", ETH_P_IP, true), 1);
    vnet_free(w);
}

static void test_reply(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    inject(w, ARP_OP_REPLY, "192.168.2.98", "192.168.2.11", false);
    CHECK_INT(state_of(w, "192.168.2.98"), 0xffff); /* nobody asked */
    vnet_sock_id s = net_ping_socket(w, NULL);
    net_echo(w, s, "192.168.2.99", 1, 64);
    net_wait_ms(w, 10);
    inject(w, ARP_OP_REPLY, "192.168.2.99", "192.168.2.11", false);
    CHECK_INT(state_of(w, "192.168.2.99"), VNET_NUD_REACHABLE);
    CHECK_INT(net_frames(w, "veth0", ETH_P_IP, true), 1);
    vnet_free(w);
}

/* Of several answers within locktime the first one counts. */
static void test_locktime(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct inet_addr a = ip4("192.168.2.99");
    const uint8_t other[6] = {2, 0, 0, 0, 0, 0x55};
    struct lladdr ha = lladdr_eth(other);
    struct neigh *n = neigh_get(vnet_init_ns(w)->arp_tbl, net_dev(w, "veth0"), &a);
    neigh_update(n, &ha, VNET_NUD_REACHABLE, NEIGH_UPDATE_F_OVERRIDE, NULL);
    net_wait_ms(w, 500);
    inject(w, ARP_OP_REPLY, "192.168.2.99", "192.168.2.11", false);
    CHECK_MEM(n->ha.bytes, other, 6);
    net_wait_ms(w, 1000);
    inject(w, ARP_OP_REPLY, "192.168.2.99", "192.168.2.11", false);
    CHECK_MEM(n->ha.bytes, PEER_MAC, 6);
    vnet_free(w);
}

static void test_accept(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    inject(w, ARP_OP_REQUEST, "192.168.2.90", "192.168.2.90", true); /* gratuitous */
    CHECK_INT(state_of(w, "192.168.2.90"), 0xffff);
    net_sysctl_set(w, "net/ipv4/conf/veth0/arp_accept", "1");
    inject(w, ARP_OP_REQUEST, "192.168.2.90", "192.168.2.90", true);
    CHECK_INT(state_of(w, "192.168.2.90"), VNET_NUD_STALE);
    inject(w, ARP_OP_REPLY, "10.1.1.1", "10.1.1.1", true);
    CHECK_INT(state_of(w, "10.1.1.1"), VNET_NUD_STALE);
    net_sysctl_set(w, "net/ipv4/conf/veth0/arp_accept", "2"); /* of our subnets only */
    inject(w, ARP_OP_REPLY, "10.1.1.2", "10.1.1.2", true);
    CHECK_INT(state_of(w, "10.1.1.2"), 0xffff);
    inject(w, ARP_OP_REPLY, "192.168.2.91", "192.168.2.91", true);
    CHECK_INT(state_of(w, "192.168.2.91"), VNET_NUD_STALE);
    net_sysctl_set(w, "net/ipv4/conf/veth0/drop_gratuitous_arp", "1");
    inject(w, ARP_OP_REPLY, "192.168.2.92", "192.168.2.92", true);
    CHECK_INT(state_of(w, "192.168.2.92"), 0xffff);
    vnet_free(w);
}

/* RFC 5227 probes: without a sender address. */
static void test_probe(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    inject(w, ARP_OP_REQUEST, "0.0.0.0", "192.168.2.50", true);
    CHECK_INT(sent(w), 0);
    inject(w, ARP_OP_REQUEST, "0.0.0.0", "192.168.2.11", true);
    CHECK_INT(sent(w), 1);
    CHECK_INT(vnet_init_ns(w)->arp_tbl->entries, 0);
    vnet_free(w);
}

static void test_malformed(void)
{
    static const struct {
        unsigned at;
        uint8_t value;
    } spoil[] = {
        {1, 2},    /* hardware type */
        {2, 9},    /* protocol */
        {4, 8},    /* hln */
        {5, 16},   /* pln */
        {7, 9},    /* op */
        {24, 224}, /* target: multicast */
        {24, 127}, /* target: loopback */
    };
    struct vnet *w = net_pair("debian12", NULL);
    struct net_trace t = {0};
    struct arp_pkt a = {.hrd = 1, .pro = ETH_P_IP, .op = 1, .spa = 0xc0a80263, .tpa = 0xc0a8020b};
    uint8_t p[ARP_LEN], q[ARP_LEN];
    arp_emit(p, &a);
    vnet_trace_listen(w, net_trace_fn, &t);
    for (unsigned i = 0; i < sizeof(spoil) / sizeof(spoil[0]); i++) {
        memcpy(q, p, sizeof(q));
        q[spoil[i].at] = spoil[i].value;
        t.n = 0;
        net_inject(w, "veth0", ETH_P_ARP, net_broadcast(), q, sizeof(q));
        CHECK(net_traced(&t, "arp_process", VNET_TRACE_DROPPED) >= 0 ||
              net_traced(&t, "arp_rcv", VNET_TRACE_DROPPED) >= 0);
    }
    for (size_t len = 0; len < ARP_LEN; len++) {
        t.n = 0;
        net_inject(w, "veth0", ETH_P_ARP, net_broadcast(), p, len);
        CHECK(net_traced(&t, "arp_rcv", VNET_TRACE_DROPPED) >= 0);
    }
    CHECK_INT(sent(w), 0);
    net_inject(w, "veth0", ETH_P_ARP, net_broadcast(), p, sizeof(p));
    CHECK_INT(sent(w), 1);
    vnet_free(w);
}

/* For another MAC address, or to a device that does no ARP: not looked at. */
static void test_not_for_us(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct net_trace t = {0};
    struct arp_pkt a = {.hrd = 1, .pro = ETH_P_IP, .op = 1, .spa = 0xc0a80263, .tpa = 0xc0a8020b};
    uint8_t p[ARP_LEN];
    arp_emit(p, &a);
    vnet_trace_listen(w, net_trace_fn, &t);
    net_inject(w, "veth0", ETH_P_ARP, (const uint8_t *)"\x02\x01\x01\x01\x01\x01", p, sizeof(p));
    CHECK(net_traced(&t, "arp_rcv", VNET_TRACE_IGNORED) >= 0);
    struct vnet_link_req noarp = {
        .ifname = "veth0", .flags = VNET_IFF_NOARP, .change = VNET_IFF_NOARP};
    vnet_link_set(vnet_init_ns(w), &noarp, NULL);
    t.n = 0;
    net_inject(w, "veth0", ETH_P_ARP, NULL, p, sizeof(p));
    CHECK(net_traced(&t, "arp_rcv", VNET_TRACE_IGNORED) >= 0);
    CHECK_INT(sent(w), 0);
    vnet_free(w);
}

int main(void)
{
    RUN(test_request);
    RUN(test_request_for_others);
    RUN(test_reply);
    RUN(test_locktime);
    RUN(test_accept);
    RUN(test_probe);
    RUN(test_malformed);
    RUN(test_not_for_us);
    return unit_end();
}
