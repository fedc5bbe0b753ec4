/* The neighbour state machine, in virtual time. The far end is the test itself: veth0's peer has no
 * addresses, and what it "says" is given to neigh_update(). */
#include "tests/unit/net.h"

static struct lladdr mac(uint8_t last)
{
    const uint8_t m[6] = {2, 0, 0, 0, 0, last};
    return lladdr_eth(m);
}

static struct neigh *entry(struct vnet *w, const char *addr)
{
    struct inet_addr a = ip4(addr);
    return neigh_lookup(vnet_init_ns(w)->arp_tbl, net_dev(w, "veth0"), &a);
}

static uint16_t state_of(struct vnet *w, const char *addr)
{
    const struct neigh *n = entry(w, addr);
    return n ? n->nud_state : 0xffff;
}

static struct neigh *make(struct vnet *w, const char *addr, uint16_t state)
{
    struct inet_addr a = ip4(addr);
    struct neigh *n = neigh_get(vnet_init_ns(w)->arp_tbl, net_dev(w, "veth0"), &a);
    struct lladdr m = mac(9);
    neigh_update(n, &m, state, NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_ADMIN, NULL);
    return n;
}

static unsigned requests(struct vnet *w)
{
    return net_frames(w, "veth0", 0x0806, true);
}

/* Three requests, then the queue is given back as ICMP errors and the entry has failed. */
static void test_resolution_fails(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    vnet_sock_id s = net_ping_socket(w, NULL);
    CHECK_INT(net_echo(w, s, "192.168.2.12", 1, 64), 0);
    CHECK_INT(net_echo(w, s, "192.168.2.12", 2, 64), 0);
    CHECK_INT(state_of(w, "192.168.2.12"), VNET_NUD_INCOMPLETE);
    CHECK_INT(requests(w), 1);
    net_wait_ms(w, 2900);
    CHECK_INT(requests(w), 3);
    CHECK_INT(state_of(w, "192.168.2.12"), VNET_NUD_INCOMPLETE);
    net_wait_ms(w, 300);
    CHECK_INT(requests(w), 3);
    CHECK_INT(state_of(w, "192.168.2.12"), VNET_NUD_FAILED);
    CHECK_INT(entry(w, "192.168.2.12")->probes, 6);
    CHECK_INT(net_frames(w, "lo", 0x0800, true), 2);
    vnet_free(w);
}

/* The interval of the requests is the kernel's timer granularity. */
static int64_t interval(const char *profile)
{
    struct vnet *w = net_pair(profile, NULL);
    vnet_sock_id s = net_ping_socket(w, NULL);
    net_echo(w, s, "192.168.2.12", 1, 64);
    net_wait_ms(w, 4000);
    const struct recorder_entry *a = net_frame(w, "veth0", 0x0806, true, 1);
    const struct recorder_entry *b = net_frame(w, "veth0", 0x0806, true, 2);
    int64_t ns = a && b ? b->time - a->time : 0;
    vnet_free(w);
    return ns / NSEC_PER_MSEC;
}

static void test_interval(void)
{
    CHECK_INT(interval("linux6.18"), 1024); /* HZ 250, wheel */
    CHECK_INT(interval("debian12"), 1040);  /* HZ 100, wheel */
    CHECK_INT(interval("centos7"), 1002);   /* HZ 1000, slack */
}

static void test_answer_sends_queue(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    vnet_sock_id s = net_ping_socket(w, NULL);
    for (uint16_t i = 0; i < 5; i++)
        net_echo(w, s, "192.168.2.12", i, 64);
    CHECK_INT(vnet_init_ns(w)->arp_tbl->queued, 5);
    net_wait_ms(w, 1500);
    struct lladdr m = mac(7);
    neigh_update(entry(w, "192.168.2.12"), &m, VNET_NUD_REACHABLE, NEIGH_UPDATE_F_OVERRIDE, NULL);
    CHECK_INT(vnet_init_ns(w)->arp_tbl->queued, 0);
    CHECK_INT(net_frames(w, "veth0", 0x0800, true), 5);
    CHECK_MEM(recorder_bytes(net_frame(w, "veth0", 0x0800, true, 4)), m.bytes, 6);
    CHECK_INT(state_of(w, "192.168.2.12"), VNET_NUD_REACHABLE);
    vnet_free(w);
}

/* REACHABLE for 15..45 s, then STALE; used: DELAY, 5 s, PROBE: three unicast requests, FAILED. */
static void test_life(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    vnet_sock_id s = net_ping_socket(w, NULL);
    make(w, "192.168.2.12", VNET_NUD_REACHABLE);
    net_wait_ms(w, 14000);
    CHECK_INT(state_of(w, "192.168.2.12"), VNET_NUD_REACHABLE);
    net_wait_ms(w, 33000);
    CHECK_INT(state_of(w, "192.168.2.12"), VNET_NUD_STALE);
    net_echo(w, s, "192.168.2.12", 1, 64);
    CHECK_INT(state_of(w, "192.168.2.12"), VNET_NUD_DELAY);
    CHECK_INT(requests(w), 0);
    CHECK_INT(net_frames(w, "veth0", 0x0800, true), 1);
    net_wait_ms(w, 4900);
    CHECK_INT(requests(w), 0);
    net_wait_ms(w, 400);
    CHECK_INT(state_of(w, "192.168.2.12"), VNET_NUD_PROBE);
    CHECK_INT(requests(w), 1);
    CHECK_MEM(recorder_bytes(net_frame(w, "veth0", 0x0806, true, 0)), mac(9).bytes, 6);
    net_wait_ms(w, 4000);
    CHECK_INT(requests(w), 3);
    CHECK_INT(state_of(w, "192.168.2.12"), VNET_NUD_FAILED);
    vnet_free(w);
}

/* Confirmed during DELAY: REACHABLE again without a probe. */
static void test_delay_confirmed(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    vnet_sock_id s = net_ping_socket(w, NULL);
    struct neigh *n = make(w, "192.168.2.12", VNET_NUD_STALE);
    net_echo(w, s, "192.168.2.12", 1, 64);
    net_wait_ms(w, 2000);
    n->confirmed = vnet_now(w);
    net_wait_ms(w, 4000);
    CHECK_INT(state_of(w, "192.168.2.12"), VNET_NUD_REACHABLE);
    CHECK_INT(requests(w), 0);
    vnet_free(w);
}

static void test_probe_counts_are_sysctls(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    vnet_sock_id s = net_ping_socket(w, NULL);
    net_sysctl_set(w, "net/ipv4/neigh/veth0/mcast_solicit", "5");
    net_sysctl_set(w, "net/ipv4/neigh/veth0/retrans_time_ms", "100");
    net_echo(w, s, "192.168.2.12", 1, 64);
    net_wait_ms(w, 1000);
    CHECK_INT(requests(w), 5);
    CHECK_INT(state_of(w, "192.168.2.12"), VNET_NUD_FAILED);
    net_sysctl_set(w, "net/ipv4/neigh/veth0/mcast_solicit", "0");
    CHECK_INT(net_echo(w, s, "192.168.2.12", 2, 64), 0);
    CHECK_INT(requests(w), 5);
    vnet_free(w);
}

/* The oldest give way; what is dropped is told to nobody but the trace. */
static void test_queue_limit(void)
{
    struct net_trace t = {0};
    struct vnet *w = net_pair("debian12", NULL);
    vnet_sock_id s = net_ping_socket(w, NULL);
    net_sysctl_set(w, "net/ipv4/neigh/veth0/unres_qlen_bytes", "3000");
    for (uint16_t i = 1; i <= 5; i++) {
        if (i == 5)
            vnet_trace_listen(w, net_trace_fn, &t);
        net_echo(w, s, "192.168.2.12", i, 64);
    }
    CHECK_INT(vnet_init_ns(w)->arp_tbl->queued, 3); /* of 768 bytes each */
    CHECK_STR(net_trace_reason(&t, "__neigh_event_send"), "NEIGH_QUEUEFULL");
    net_wait_ms(w, 4000);
    CHECK_INT(net_frames(w, "lo", 0x0800, true), 3);
    /* the quote holds the sequence number: ethernet, IP, ICMP, IP, ICMP + 6 */
    CHECK_INT(get_be16(recorder_bytes(net_frame(w, "lo", 0x0800, true, 0)) + 14 + 20 + 8 + 20 + 6),
              3);
    vnet_free(w);
}

/* neigh_update(): who may override what. */
static void test_update_rules(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct neigh *n = make(w, "192.168.2.50", VNET_NUD_REACHABLE);
    struct lladdr a = mac(9), b = mac(8);
    CHECK_INT(neigh_update(n, &b, VNET_NUD_STALE, 0, NULL), 0); /* another address, no override */
    CHECK(lladdr_eq(&n->ha, &a));
    CHECK_INT(n->nud_state, VNET_NUD_REACHABLE);
    CHECK_INT(neigh_update(n, &a, VNET_NUD_STALE, 0, NULL), 0); /* same address: STALE is no news */
    CHECK_INT(n->nud_state, VNET_NUD_REACHABLE);
    CHECK_INT(neigh_update(n, &b, VNET_NUD_STALE, NEIGH_UPDATE_F_WEAK_OVERRIDE, NULL), 0);
    CHECK(lladdr_eq(&n->ha, &a)); /* suspected only */
    CHECK_INT(n->nud_state, VNET_NUD_STALE);
    CHECK_INT(neigh_update(n, &b, VNET_NUD_REACHABLE, NEIGH_UPDATE_F_OVERRIDE, NULL), 0);
    CHECK(lladdr_eq(&n->ha, &b));
    CHECK(timer_pending(&n->timer));
    CHECK_INT(neigh_update(n, NULL, VNET_NUD_PERMANENT,
                           NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_ADMIN, NULL),
              0);
    CHECK(!timer_pending(&n->timer));
    CHECK_INT(neigh_update(n, &a, VNET_NUD_REACHABLE, NEIGH_UPDATE_F_OVERRIDE, NULL),
              -1); /* EPERM */
    struct neigh *fresh = make(w, "192.168.2.51", VNET_NUD_NONE);
    struct vnet_err err = {{0}};
    CHECK_INT(neigh_update(fresh, NULL, VNET_NUD_STALE, NEIGH_UPDATE_F_ADMIN, &err), -22);
    CHECK_STR(err.msg, "No link layer address given");
    vnet_free(w);
}

static void test_devices_that_go(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    make(w, "192.168.2.50", VNET_NUD_REACHABLE);
    make(w, "192.168.2.51", VNET_NUD_PERMANENT);
    net_up(w, "veth1", false); /* veth0 loses its carrier */
    CHECK_INT(state_of(w, "192.168.2.50"), 0xffff);
    CHECK_INT(state_of(w, "192.168.2.51"), VNET_NUD_PERMANENT);
    net_up(w, "veth0", false);
    CHECK_INT(state_of(w, "192.168.2.51"), 0xffff);
    CHECK_INT(vnet_next_event(w) == INT64_MAX, 1);
    vnet_free(w);
}

static void test_special_addresses(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct neigh_table *t = vnet_init_ns(w)->arp_tbl;
    struct netdev *veth0 = net_dev(w, "veth0"), *lo = net_dev(w, "lo");
    struct inet_addr group = ip4("224.130.2.3"), brd = ip4("192.168.2.255"), any = ip4("127.3.3.3");
    struct neigh *n = neigh_get(t, veth0, &group);
    CHECK_INT(n->nud_state, VNET_NUD_NOARP);
    CHECK_MEM(n->ha.bytes, "\x01\x00\x5e\x02\x02\x03", 6);
    n = neigh_get(t, veth0, &brd);
    CHECK_INT(n->nud_state, VNET_NUD_NOARP);
    CHECK_MEM(n->ha.bytes, "\xff\xff\xff\xff\xff\xff", 6);
    n = neigh_get(t, lo, &any);
    CHECK(inet_addr_is_any(&n->addr)); /* lo has one entry for all */
    CHECK(neigh_get(t, lo, &brd) == n);
    CHECK_INT(t->entries, 3);
    vnet_free(w);
}

static int count_one(struct neigh *n, void *arg)
{
    ++*(unsigned *)arg;
    return n ? 0 : 1;
}

/* Nothing is collected below gc_thresh1; above, what is stale for gc_stale_time goes. */
static void test_periodic_gc(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    char addr[32];
    for (int i = 0; i < 120; i++) {
        snprintf(addr, sizeof(addr), "192.168.2.%d", 20 + i);
        make(w, addr, VNET_NUD_STALE);
    }
    net_wait_ms(w, 200000);
    CHECK_INT(vnet_init_ns(w)->arp_tbl->entries, 120);
    CHECK(vnet_next_event(w) == INT64_MAX); /* and nothing is scheduled for it */
    net_sysctl_set(w, "net/ipv4/neigh/default/gc_thresh1", "100");
    make(w, "192.168.2.200", VNET_NUD_STALE);
    make(w, "192.168.2.201", VNET_NUD_PERMANENT);
    net_wait_ms(w, 16000);
    unsigned n = 0;
    neigh_each(vnet_init_ns(w)->arp_tbl, count_one, &n);
    CHECK_INT(n, 2); /* the old ones are gone */
    net_wait_ms(w, 80000);
    CHECK_INT(state_of(w, "192.168.2.200"), VNET_NUD_STALE); /* fewer than gc_thresh1 again */
    vnet_free(w);
}

static void test_forced_gc(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct neigh_table *t = vnet_init_ns(w)->arp_tbl;
    net_sysctl_set(w, "net/ipv4/neigh/default/gc_thresh1", "1");
    net_sysctl_set(w, "net/ipv4/neigh/default/gc_thresh2", "4");
    net_sysctl_set(w, "net/ipv4/neigh/default/gc_thresh3", "8");
    char addr[32];
    for (int i = 0; i < 8; i++) {
        snprintf(addr, sizeof(addr), "192.168.2.%d", 20 + i);
        make(w, addr, VNET_NUD_STALE);
    }
    struct inet_addr a = ip4("192.168.2.100");
    CHECK(neigh_get(t, net_dev(w, "veth0"), &a) == NULL); /* all are in use since less than 5 s */
    net_wait_ms(w, 6000);
    CHECK(neigh_get(t, net_dev(w, "veth0"), &a) != NULL);
    CHECK(t->entries <= 6);
    CHECK(entry(w, "192.168.2.20") == NULL); /* the oldest went */
    vnet_free(w);
}

/* Thousands of entries: look-ups do not slow down with their number. */
static void test_many(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct neigh_table *t = vnet_init_ns(w)->arp_tbl;
    for (uint32_t i = 0; i < 5000; i++) {
        struct inet_addr a = inet_addr_v4(0x0a000000 + i);
        CHECK(neigh_load(t, net_dev(w, "veth0"), &a, true) != NULL);
    }
    unsigned longest = 0;
    for (uint32_t i = 0; i < t->nbuckets; i++) {
        unsigned n = 0;
        list_each(pos, &t->buckets[i]) n++;
        longest = n > longest ? n : longest;
    }
    CHECK(longest < 12);
    unsigned n = 0;
    neigh_each(t, count_one, &n);
    CHECK_INT(n, 5000);
    vnet_free(w);
}

static void test_reachable_time(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct neigh *n = make(w, "192.168.2.50", VNET_NUD_REACHABLE);
    int64_t first = neigh_reachable_time(n), now = 0;
    unsigned changes = 0;
    for (int i = 0; i < 100; i++) {
        int64_t t = neigh_reachable_time(n);
        CHECK(t >= 15 * NSEC_PER_SEC && t < 45 * NSEC_PER_SEC);
        changes += t != now;
        now = t;
        w->now += 300 * NSEC_PER_SEC;
    }
    CHECK(changes > 90);
    CHECK(first > 0);
    vnet_free(w);
}

int main(void)
{
    RUN(test_resolution_fails);
    RUN(test_interval);
    RUN(test_answer_sends_queue);
    RUN(test_life);
    RUN(test_delay_confirmed);
    RUN(test_probe_counts_are_sysctls);
    RUN(test_queue_limit);
    RUN(test_update_rules);
    RUN(test_devices_that_go);
    RUN(test_special_addresses);
    RUN(test_periodic_gc);
    RUN(test_forced_gc);
    RUN(test_many);
    RUN(test_reachable_time);
    return unit_end();
}
