/* FACTS of the veth tutorial: two ends of a pair in one namespace, `ping -I veth0 192.168.2.12`.
 * Each row was measured on real kernels. */
#include "tests/unit/net.h"

struct row {
    const char *sysctls[6]; /* path, value, ... */
    bool answered;          /* by ARP, so that the echo goes through */
    const char *func;       /* who decided against it */
    const char *detail;     /* part of what the trace says */
};

static void run_row(const struct row *r)
{
    struct net_trace t = {0};
    struct vnet *w = net_pair("linux6.18", "192.168.2.12");
    for (int i = 0; i < 6 && r->sysctls[i]; i += 2)
        net_sysctl_set(w, r->sysctls[i], r->sysctls[i + 1]);
    vnet_trace_listen(w, net_trace_fn, &t);
    vnet_sock_id s = net_ping_socket(w, "veth0");
    CHECK_INT(net_echo(w, s, "192.168.2.12", 1, 64), 0);
    net_wait_ms(w, 500);
    CHECK_INT(vnet_sock_readable(w, s), r->answered);
    /* The request reaches veth1 in any case. */
    CHECK(net_frames(w, "veth1", 0x0806, false) > 0);
    CHECK_INT(net_frames(w, "veth1", 0x0806, true), r->answered ? 1 : 0);
    if (r->func) {
        int i = net_traced(&t, r->func, VNET_TRACE_IGNORED);
        CHECK(i >= 0);
        CHECK(i >= 0 && strstr(t.ev[i].detail, r->detail));
        CHECK(net_traced(&t, "arp_process", VNET_TRACE_IGNORED) > i);
    } else {
        CHECK(net_traced(&t, "icmp_echo", VNET_TRACE_OK) >= 0);
        CHECK(net_traced(&t, "raw_rcv", VNET_TRACE_OK) >= 0);
    }
    vnet_free(w);
}

#define ACCEPT_LOCAL(dev) "net/ipv4/conf/" dev "/accept_local", "1"
#define RP_FILTER(value)  "net/ipv4/conf/all/rp_filter", value

static void test_neither(void)
{
    run_row(&(struct row){{NULL}, false, "fib_validate_source", "local source address"});
}

static void test_receiver_only(void)
{
    run_row(&(struct row){{ACCEPT_LOCAL("veth1")}, true, NULL, NULL});
}

static void test_sender_only(void)
{
    run_row(&(struct row){
        {ACCEPT_LOCAL("veth0")}, false, "fib_validate_source", "local source address"});
}

static void test_all(void)
{
    run_row(&(struct row){{ACCEPT_LOCAL("all")}, true, NULL, NULL});
}

static void test_all_strict(void)
{
    run_row(&(struct row){
        {ACCEPT_LOCAL("all"), RP_FILTER("1")}, false, "__fib_validate_source", "rp_filter 1"});
}

static void test_all_loose(void)
{
    run_row(&(struct row){{ACCEPT_LOCAL("all"), RP_FILTER("2")}, true, NULL, NULL});
}

/* Before 5.2 a raw socket bound to veth0 does not match a reply that comes by lo. */
static void test_old_raw_match(void)
{
    struct net_trace t = {0};
    struct vnet *w = net_pair("centos7", "192.168.2.12");
    net_sysctl_set(w, "net/ipv4/conf/all/rp_filter", "0");
    net_sysctl_set(w, "net/ipv4/conf/veth0/rp_filter", "0");
    net_sysctl_set(w, "net/ipv4/conf/veth1/rp_filter", "0");
    net_sysctl_set(w, "net/ipv4/conf/veth1/accept_local", "1");
    vnet_trace_listen(w, net_trace_fn, &t);
    vnet_sock_id s = net_ping_socket(w, "veth0");
    net_echo(w, s, "192.168.2.12", 1, 64);
    net_wait_ms(w, 500);
    CHECK(!vnet_sock_readable(w, s));
    CHECK_INT(net_frames(w, "lo", 0x0800, false), 1);
    CHECK(net_traced(&t, "raw_v4_match", VNET_TRACE_IGNORED) >= 0);
    vnet_free(w);
}

/* The errors about the failed neighbour come by lo: the error queue of a socket bound to veth0
 * stays empty, that of a free one does not. */
static void test_errors_by_lo(void)
{
    struct vnet *w = net_pair("debian12", "192.168.2.12");
    vnet_sock_id bound = net_ping_socket(w, "veth0"), loose = net_ping_socket(w, NULL);
    struct vnet_msg msg;
    uint8_t buf[256];
    net_echo(w, bound, "192.168.2.12", 1, 64);
    net_wait_ms(w, 4000);
    CHECK_INT(net_frames(w, "lo", 0x0800, true), 1);
    /* As a packet it matches (its route's device is veth0), as an error it does not (it came by
     * lo). */
    CHECK_INT(vnet_recvmsg(w, bound, buf, sizeof(buf), VNET_MSG_ERRQUEUE, &msg), -11);
    CHECK_INT(vnet_recvmsg(w, bound, buf, sizeof(buf), 0, &msg), 112);
    CHECK_INT(buf[20], 3);
    CHECK_INT(vnet_recvmsg(w, loose, buf, sizeof(buf), VNET_MSG_ERRQUEUE, &msg), 64);
    CHECK_INT(msg.ee_errno, 113);
    vnet_free(w);
}

int main(void)
{
    RUN(test_neither);
    RUN(test_receiver_only);
    RUN(test_sender_only);
    RUN(test_all);
    RUN(test_all_strict);
    RUN(test_all_loose);
    RUN(test_old_raw_match);
    RUN(test_errors_by_lo);
    return unit_end();
}
