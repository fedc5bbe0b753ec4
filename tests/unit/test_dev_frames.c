/* Frames: sent, in flight, received; what the recorder and the counters see of them. */
#include <errno.h>

#include "dev/ether.h"
#include "dev/hop.h"
#include "tests/unit/net.h"

static const uint8_t broadcast[ETH_ALEN] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

enum { ETHERTYPE_TEST = 0x88b5 }; /* for local experiments: nobody's protocol */

static int send_frame(struct vnet *w, const char *ifname, const uint8_t *dst, size_t len)
{
    struct netdev *dev = net_dev(w, ifname);
    struct skb *skb = skb_alloc(w, len);
    memset(skb_put(skb, len), 0x5a, len);
    eth_header(dev, skb, ETHERTYPE_TEST, dst, NULL);
    return dev_queue_xmit(dev, skb);
}

static const struct recorder_entry *received(struct vnet *w, const char *ifname, unsigned nth)
{
    return net_frame(w, ifname, ETHERTYPE_TEST, false, nth);
}

/* ---- what the recorder sees ---- */

static void test_packet_types(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    const uint8_t *peer = net_dev(w, "veth1")->addr.bytes;
    const uint8_t group[ETH_ALEN] = {0x33, 0x33, 0, 0, 0, 1}, other[ETH_ALEN] = {2, 9, 9, 9, 9, 9};
    const uint8_t *const dst[] = {peer, broadcast, group, other};
    const uint8_t want[] = {VNET_PACKET_HOST, VNET_PACKET_BROADCAST, VNET_PACKET_MULTICAST,
                            VNET_PACKET_OTHERHOST};
    for (int i = 0; i < 4; i++)
        CHECK_INT(send_frame(w, "veth0", dst[i], 50), 0);
    CHECK_INT(net_frames(w, "veth0", ETHERTYPE_TEST, true), 4);
    CHECK_INT(net_frames(w, "veth1", ETHERTYPE_TEST, false), 0); /* still in flight */
    net_wait_ms(w, 1);
    for (unsigned i = 0; i < 4; i++) {
        const struct recorder_entry *out = net_frame(w, "veth0", ETHERTYPE_TEST, true, i);
        const struct recorder_entry *in = received(w, "veth1", i);
        CHECK(in && in->pkttype == want[i]);
        CHECK_INT(out->pkttype, VNET_PACKET_OUTGOING);
        CHECK_INT(in->len, 64);
        CHECK_MEM(recorder_bytes(in), recorder_bytes(out), 64);
        CHECK(in->time > out->time);
        CHECK_INT(in->ifindex, 2);
        CHECK_INT(in->arphrd, VNET_ARPHRD_ETHER);
    }
    vnet_free(w);
}

static void test_lo_sees_each_twice(void)
{
    struct vnet *w = net_world("debian12");
    CHECK_INT(send_frame(w, "lo", NULL, 84), 0);
    net_wait_ms(w, 1);
    const struct recorder_entry *in = received(w, "lo", 0);
    CHECK_INT(net_frames(w, "lo", ETHERTYPE_TEST, true), 1);
    CHECK(in && in->pkttype == VNET_PACKET_HOST);
    CHECK_INT(in->arphrd, VNET_ARPHRD_LOOPBACK);
    const struct vnet_link_stats *s = &net_dev(w, "lo")->stats;
    CHECK_INT(s->tx_packets, 1);
    CHECK_INT(s->rx_packets, 1);
    CHECK_INT(s->tx_bytes, 84); /* without the Ethernet header */
    CHECK_INT(s->rx_bytes, 84);
    CHECK_INT(s->rx_dropped, 1); /* nobody's protocol */
    vnet_free(w);
}

/* ---- time ---- */

static void test_hops_take_microseconds_and_keep_order(void)
{
    enum { N = 200 };
    struct vnet *w = net_pair("debian12", NULL);
    int64_t shortest = INT64_MAX, longest = 0;
    for (int i = 0; i < N; i++) {
        send_frame(w, "veth0", broadcast, (size_t)i + 46);
        net_wait_ms(w, 1);
    }
    for (unsigned i = 0; i < N; i++) {
        const struct recorder_entry *out = net_frame(w, "veth0", ETHERTYPE_TEST, true, i);
        int64_t hop = received(w, "veth1", i)->time - out->time;
        shortest = hop < shortest ? hop : shortest;
        longest = hop > longest ? hop : longest;
    }
    CHECK(shortest >= 6000 && longest <= 11000 && longest - shortest > 3000);
    for (int i = 0; i < N; i++) /* all at once */
        send_frame(w, "veth1", broadcast, (size_t)i + 46);
    net_wait_ms(w, 1);
    int64_t last = 0;
    for (unsigned i = 0; i < N; i++) {
        const struct recorder_entry *in = received(w, "veth0", i);
        CHECK(in && in->len == i + 60 && in->time > last);
        last = in ? in->time : 0;
    }
    vnet_free(w);
}

static void test_frames_of_a_device_that_goes_are_lost(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    send_frame(w, "veth0", broadcast, 46);
    CHECK(!list_empty(&w->frames_in_flight));
    CHECK_INT(vnet_link_del(vnet_init_ns(w), 3, NULL), 0);
    CHECK(list_empty(&w->frames_in_flight));
    net_wait_ms(w, 1);
    vnet_free(w);
}

static void test_no_allocation_in_steady_state(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    for (int i = 0; i < 100; i++) {
        send_frame(w, "veth0", broadcast, 1500);
        net_wait_ms(w, 1);
        const struct skb *first = w->skb_pool;
        CHECK(first && !first->next); /* one buffer serves them all */
    }
    vnet_free(w);
}

/* ---- counters and drops ---- */

static void test_veth_counts_at_both_ends_at_once(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    send_frame(w, "veth0", broadcast, 46);
    const struct vnet_link_stats *tx = &net_dev(w, "veth0")->stats,
                                 *rx = &net_dev(w, "veth1")->stats;
    CHECK_INT(tx->tx_packets, 1);
    CHECK_INT(tx->tx_bytes, 60);
    CHECK_INT(rx->rx_packets, 1);
    CHECK_INT(rx->rx_bytes, 60);
    CHECK_INT(rx->rx_dropped, 0);
    net_wait_ms(w, 1);
    CHECK_INT(rx->rx_dropped, 1); /* an unknown protocol */
    CHECK_INT(rx->multicast, 0);
    vnet_free(w);
}

static void test_larger_than_the_peer_takes(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    const struct vnet_link_req mtu = {.ifname = "veth1", .set = VNET_LINK_MTU, .mtu = 1000};
    CHECK_INT(vnet_link_set(vnet_init_ns(w), &mtu, NULL), 0);
    CHECK_INT(send_frame(w, "veth0", broadcast, 1004), 0); /* room for a VLAN tag */
    CHECK_INT(send_frame(w, "veth0", broadcast, 1005), -ENOBUFS);
    CHECK_INT(net_dev(w, "veth0")->stats.tx_dropped, 1);
    CHECK_INT(net_dev(w, "veth0")->stats.tx_packets, 1);
    CHECK_INT(net_dev(w, "veth1")->stats.rx_dropped, 1);
    CHECK_INT(net_frames(w, "veth0", ETHERTYPE_TEST, true), 2); /* taps saw both */
    vnet_free(w);
}

static void test_no_carrier_drops_unseen(const char *profile, unsigned counted)
{
    struct vnet *w = net_pair(profile, NULL);
    struct net_trace t = {0};
    net_up(w, "veth1", false);
    vnet_trace_listen(w, net_trace_fn, &t);
    CHECK_INT(send_frame(w, "veth0", broadcast, 46), 0);
    CHECK(net_traced(&t, "noop_enqueue", VNET_TRACE_DROPPED) >= 0);
    CHECK_INT(net_frames(w, "veth0", ETHERTYPE_TEST, true), 0);
    CHECK_INT(net_dev(w, "veth0")->stats.tx_dropped, counted);
    CHECK_INT(net_dev(w, "veth0")->stats.tx_packets, 0);
    vnet_free(w);
}

static void test_no_carrier(void)
{
    test_no_carrier_drops_unseen("debian12", 0);
    test_no_carrier_drops_unseen("linux6.18", 1); /* since 6.11 */
}

static void test_down_on_arrival(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct net_trace t = {0};
    send_frame(w, "veth0", broadcast, 46);
    net_up(w, "veth1", false);
    vnet_trace_listen(w, net_trace_fn, &t);
    net_wait_ms(w, 1);
    CHECK_STR(net_trace_reason(&t, "enqueue_to_backlog"), "DEV_READY");
    CHECK_INT(net_frames(w, "veth1", ETHERTYPE_TEST, false), 0);
    CHECK_INT(net_dev(w, "veth1")->stats.rx_dropped, 1);
    vnet_free(w);
}

static void test_short_and_802_3_frames(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct net_trace t = {0};
    struct netdev *dev = net_dev(w, "veth1");
    vnet_trace_listen(w, net_trace_fn, &t);
    struct skb *runt = skb_alloc(w, 13);
    memset(skb_put(runt, 13), 0xff, 13);
    netif_receive_skb(dev, runt);
    CHECK_STR(net_trace_reason(&t, "eth_type_trans"), "HDR_TRUNC");
    const uint16_t type[] = {0x0026, 0x0026, 0x0800}, want[] = {4, 1, 0x0800};
    for (int i = 0; i < 3; i++) {
        struct skb *skb = skb_alloc(w, 60);
        uint8_t *p = skb_put(skb, 60);
        memset(p, i == 1 ? 0xff : 0x42, 60);
        put_be16(p + 12, type[i]);
        CHECK(eth_type_trans(skb, dev));
        CHECK_INT(skb->protocol, want[i]);
        CHECK_INT(skb->len, 46);
        skb_free(w, skb);
    }
    vnet_free(w);
}

static void test_route_survives_lo_only(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    const char *const via[] = {"lo", "veth0"};
    for (int i = 0; i < 2; i++) {
        struct netdev *dev = net_dev(w, via[i]);
        struct skb *skb = skb_alloc(w, 46);
        memset(skb_put(skb, 46), 0, 46);
        eth_header(dev, skb, ETHERTYPE_TEST, NULL, NULL);
        skb->has_dst = true;
        skb->sock = 7;
        dev_queue_xmit(dev, skb);
        const struct skb *sent = list_entry(w->frames_in_flight.next, struct skb, in_flight);
        CHECK_INT(sent->has_dst, i == 0);
        CHECK_INT(sent->sock, 0);
        net_wait_ms(w, 1);
    }
    vnet_free(w);
}

static void test_nic_sends_into_the_void(void)
{
    struct vnet *w = net_world("debian12");
    const struct lladdr mac = {6, {2, 0, 0, 0, 0, 1}};
    CHECK_INT(vnet_nic_add(vnet_init_ns(w), 0, "eth0", &mac, "fq_codel", 1, NULL), 0);
    net_sysctl_set(w, "net/ipv6/conf/eth0/disable_ipv6", "1");
    net_up(w, "eth0", true);
    CHECK_INT(send_frame(w, "eth0", broadcast, 46), 0);
    CHECK_INT(net_dev(w, "eth0")->stats.tx_packets, 1);
    CHECK_INT(net_dev(w, "eth0")->stats.tx_bytes, 60);
    CHECK_INT(net_frames(w, "eth0", ETHERTYPE_TEST, true), 1);
    CHECK(list_empty(&w->frames_in_flight));
    vnet_free(w);
}

/* ---- buffers ---- */

static void test_buffers(void)
{
    struct vnet *w = net_world("debian12");
    struct skb *skb = skb_alloc(w, 10);
    memcpy(skb_put(skb, 3), "abc", 3);
    skb->net = skb->head;
    CHECK(skb_pull(skb, 4) == NULL);
    memset(skb_push(skb, 200), 'x', 200); /* more than the headroom */
    CHECK_INT(skb->len, 203);
    CHECK_MEM(skb_net(skb), "abc", 3);
    memset(skb_put(skb, 5000), 'y', 5000);
    CHECK_MEM(skb_net(skb), "abcy", 4);
    struct skb *copy = skb_copy(w, skb);
    CHECK_INT(copy->len, skb->len);
    CHECK_MEM(skb_data(copy), skb_data(skb), skb->len);
    skb_trim(copy, 203);
    CHECK_INT(copy->len, 203);
    CHECK(skb_data(copy) != skb_data(skb));
    skb_free(w, skb);
    skb_free(w, copy);
    CHECK(w->skb_pool == NULL); /* large ones are not kept */
    vnet_free(w);
}

int main(void)
{
    RUN(test_packet_types);
    RUN(test_lo_sees_each_twice);
    RUN(test_hops_take_microseconds_and_keep_order);
    RUN(test_frames_of_a_device_that_goes_are_lost);
    RUN(test_no_allocation_in_steady_state);
    RUN(test_veth_counts_at_both_ends_at_once);
    RUN(test_larger_than_the_peer_takes);
    RUN(test_no_carrier);
    RUN(test_down_on_arrival);
    RUN(test_short_and_802_3_frames);
    RUN(test_route_survives_lo_only);
    RUN(test_nic_sends_into_the_void);
    RUN(test_buffers);
    return unit_end();
}
