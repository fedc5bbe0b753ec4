/* Sockets: matching, buffers, errors, options. */
#include "inet/sock.h"
#include "tests/unit/net.h"
#include "wire/icmp.h"

enum { EAGAIN_ = 11, EACCES_ = 13, EINVAL_ = 22, ENETUNREACH_ = 101, ENOBUFS_ = 105 };

static void test_socket(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct netns *ns = vnet_init_ns(w);
    vnet_sock_id a = 0, b = 0;
    CHECK_INT(vnet_socket(ns, VNET_AF_INET, VNET_SOCK_DGRAM, VNET_IPPROTO_ICMP, &a), -EACCES_);
    CHECK_INT(vnet_socket(ns, VNET_AF_INET, VNET_SOCK_RAW, 0, &a), -93);
    CHECK_INT(vnet_socket(ns, 200, VNET_SOCK_RAW, 58, &a), -97);
    CHECK_INT(vnet_socket(ns, VNET_AF_INET, VNET_SOCK_RAW, VNET_IPPROTO_ICMP, &a), 0);
    CHECK_INT(vnet_socket(ns, VNET_AF_INET, VNET_SOCK_RAW, VNET_IPPROTO_ICMP, &b), 0);
    CHECK(a && b && a != b);
    CHECK_INT(vnet_sock_bind_device(w, a, "nosuch"), -19);
    vnet_sock_close(w, a);
    CHECK_INT(vnet_sock_bind_device(w, a, "veth0"), -9);
    vnet_sock_close(w, a);
    CHECK_INT(net_echo(w, a, "127.0.0.1", 1, 64), -9);
    CHECK(!vnet_sock_readable(w, a));
    vnet_free(w);
}

/* Bound to an address, a device, connected, filtered: who gets an echo reply of 127.0.0.1. */
static void test_matching(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    vnet_sock_id sender = net_ping_socket(w, NULL), other[6];
    struct inet_addr lo = ip4("127.0.0.1"), self = ip4("192.168.2.11");
    for (int i = 0; i < 6; i++)
        other[i] = net_ping_socket(w, NULL);
    CHECK_INT(vnet_sock_bind(w, other[0], &lo), 0);
    CHECK_INT(vnet_sock_bind(w, other[1], &self), 0);
    CHECK_INT(vnet_sock_bind_device(w, other[2], "lo"), 0);
    CHECK_INT(vnet_sock_bind_device(w, other[3], "veth0"), 0);
    vnet_sock_setopt(w, other[4], VNET_ICMP_FILTER, 0xffffffff);
    CHECK_INT(vnet_sock_connect(w, other[5], &self), 0);
    net_echo(w, sender, "127.0.0.1", 1, 64);
    net_wait_ms(w, 1);
    static const bool gets[6] = {true, false, true, false, false, false};
    CHECK(vnet_sock_readable(w, sender));
    for (int i = 0; i < 6; i++)
        CHECK_INT(vnet_sock_readable(w, other[i]), gets[i]);
    vnet_free(w);
}

static void test_recv(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    vnet_sock_id s = net_ping_socket(w, NULL);
    uint8_t buf[200];
    struct vnet_msg m;
    net_echo(w, s, "192.168.2.11", 7, 64);
    CHECK_INT(vnet_recvmsg(w, s, buf, sizeof(buf), 0, &m), -EAGAIN_);
    net_wait_ms(w, 1);
    CHECK_INT(vnet_recvmsg(w, s, buf, 30, 0, &m), 30); /* cut to the buffer */
    CHECK_INT(m.len, 84);
    CHECK_INT(m.ttl, 64);
    CHECK_INT(inet_addr_to_v4(&m.from), 0xc0a8020b);
    CHECK(m.time > T0 && m.time <= w->now);
    CHECK_INT(buf[0], 0x45);
    CHECK_INT(buf[20], ICMP_ECHOREPLY);
    CHECK_INT(vnet_recvmsg(w, s, buf, sizeof(buf), 0, &m), -EAGAIN_);
    vnet_free(w);
}

/* SO_RCVBUF: what does not fit is dropped and counted; reading makes room. */
static void test_rcvbuf(void)
{
    struct net_trace t = {0};
    struct vnet *w = net_pair("debian12", NULL);
    vnet_sock_id s = net_ping_socket(w, NULL);
    int64_t v = 0;
    CHECK_INT(vnet_sock_setopt(w, s, VNET_SO_RCVBUF, 100), 0);
    CHECK_INT(vnet_sock_getopt(w, s, VNET_SO_RCVBUF, &v), 0);
    CHECK_INT(v, 2304);
    vnet_trace_listen(w, net_trace_fn, &t);
    for (uint16_t i = 0; i < 5; i++)
        net_echo(w, s, "192.168.2.11", i, 64);
    net_wait_ms(w, 1);
    CHECK_INT(sock_find(w, s)->rmem_alloc, 3 * 768);
    CHECK_INT(sock_find(w, s)->drops, 2);
    CHECK_STR(net_trace_reason(&t, "__sock_queue_rcv_skb"), "SOCKET_RCVBUFF");
    uint8_t buf[100];
    struct vnet_msg m;
    CHECK_INT(vnet_recvmsg(w, s, buf, sizeof(buf), 0, &m), 84);
    net_echo(w, s, "192.168.2.11", 9, 64);
    net_wait_ms(w, 1);
    CHECK_INT(sock_find(w, s)->drops, 2);
    vnet_sock_setopt(w, s, VNET_SO_RCVBUF, 1 << 30);
    vnet_sock_getopt(w, s, VNET_SO_RCVBUF, &v);
    CHECK_INT(v, 2 * 212992);
    vnet_free(w);
}

/* Packets that wait for a neighbour fill the send buffer: raw sockets are refused at twice its
 * size, datagram sockets wait at its size (measured on 6.1 and 6.18). */
static void test_sndbuf(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    net_sysctl_set(w, "net/ipv4/ping_group_range", "0 10");
    vnet_sock_id raw = net_ping_socket(w, NULL), dgram = 0;
    CHECK_INT(vnet_socket(vnet_init_ns(w), VNET_AF_INET, VNET_SOCK_DGRAM, 1, &dgram), 0);
    vnet_sock_setopt(w, raw, VNET_SO_SNDBUF, 1);
    vnet_sock_setopt(w, dgram, VNET_SO_SNDBUF, 1);
    int rc = 0, sent = 0;
    while (sent < 50 && (rc = net_echo(w, raw, "192.168.2.50", 1, 64)) == 0)
        sent++;
    CHECK_INT(sent, 12);
    CHECK_INT(rc, -ENOBUFS_);
    for (sent = 0; sent < 50 && (rc = net_echo(w, dgram, "192.168.2.51", 1, 64)) == 0;)
        sent++;
    CHECK_INT(sent, 6);
    CHECK_INT(rc, -EAGAIN_);
    net_wait_ms(w, 4000); /* the neighbours have failed, the queues are empty */
    CHECK_INT(sock_wmem(sock_find(w, raw)), 0);
    CHECK_INT(net_echo(w, raw, "192.168.2.50", 1, 64), 0);
    vnet_free(w);
}

/* The pending error is that of the first queued ICMP error, and goes with the last one. */
static void test_error_queue(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    vnet_sock_id s = net_ping_socket(w, NULL);
    uint8_t buf[200];
    struct vnet_msg m;
    vnet_sock_setopt(w, s, VNET_ICMP_FILTER, 0xffffffff);
    net_echo(w, s, "192.168.2.50", 1, 64);
    net_echo(w, s, "192.168.2.50", 2, 64);
    net_wait_ms(w, 4000);
    CHECK_INT(sock_find(w, s)->err, 113);
    for (int seq = 1; seq <= 2; seq++) {
        CHECK_INT(vnet_recvmsg(w, s, buf, sizeof(buf), VNET_MSG_ERRQUEUE, &m), 64);
        CHECK_INT(get_be16(buf + 6), seq);
        CHECK_INT(inet_addr_to_v4(&m.from), 0xc0a80232);
        CHECK_INT(inet_addr_to_v4(&m.offender), 0xc0a8020b);
        CHECK_INT(m.ee_type, ICMP_DEST_UNREACH);
        CHECK_INT(m.ee_code, ICMP_HOST_UNREACH);
        CHECK_INT(sock_find(w, s)->err, seq == 1 ? 113 : 0);
    }
    CHECK_INT(sock_find(w, s)->rmem_alloc, 0);
    net_echo(w, s, "192.168.2.51", 3, 64);
    net_wait_ms(w, 4000);
    CHECK_INT(vnet_recvmsg(w, s, buf, sizeof(buf), 0, &m), -113); /* reported once */
    CHECK_INT(vnet_recvmsg(w, s, buf, sizeof(buf), 0, &m), -EAGAIN_);
    CHECK_INT(vnet_recvmsg(w, s, buf, sizeof(buf), VNET_MSG_ERRQUEUE, &m), 64);
    vnet_free(w);
}

static void test_local_error(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    vnet_sock_id s = net_ping_socket(w, NULL);
    uint8_t buf[8];
    struct vnet_msg m;
    vnet_sock_setopt(w, s, VNET_IP_MTU_DISCOVER, 2);
    CHECK_INT(net_echo(w, s, "192.168.2.50", 1, 1481), -90);
    CHECK_INT(vnet_recvmsg(w, s, buf, sizeof(buf), VNET_MSG_ERRQUEUE, &m), 0);
    CHECK_INT(m.ee_origin, 1);
    CHECK_INT(m.ee_errno, 90);
    CHECK_INT(m.ee_info, 1500);
    CHECK_INT(sock_find(w, s)->err, 0);
    vnet_free(w);
}

/* Datagram sockets: an id of their own, the checksum filled in, only their own replies. */
static void test_dgram(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct netns *ns = vnet_init_ns(w);
    vnet_sock_id a, b;
    uint8_t buf[100];
    struct vnet_msg m;
    net_sysctl_set(w, "net/ipv4/ping_group_range", "0 2147483647");
    CHECK_INT(vnet_socket(ns, VNET_AF_INET, VNET_SOCK_DGRAM, 1, &a), 0);
    CHECK_INT(vnet_socket(ns, VNET_AF_INET, VNET_SOCK_DGRAM, 1, &b), 0);
    CHECK_INT(net_echo(w, a, "192.168.2.11", 1, 64), 0);
    CHECK_INT(net_echo(w, b, "192.168.2.11", 2, 64), 0);
    net_wait_ms(w, 1);
    CHECK(sock_find(w, a)->ident != sock_find(w, b)->ident);
    CHECK_INT(vnet_recvmsg(w, a, buf, sizeof(buf), 0, &m), 64); /* without the IP header */
    CHECK_INT(buf[0], ICMP_ECHOREPLY);
    CHECK_INT(get_be16(buf + 4), sock_find(w, a)->ident);
    CHECK_INT(get_be16(buf + 6), 1);
    CHECK_INT(vnet_recvmsg(w, a, buf, sizeof(buf), 0, &m), -EAGAIN_);
    CHECK_INT(vnet_recvmsg(w, b, buf, sizeof(buf), 0, &m), 64);
    const uint8_t not_echo[8] = {13};
    struct inet_addr to = ip4("192.168.2.11");
    CHECK_INT(vnet_sendto(w, a, not_echo, 8, &to), -EINVAL_);
    CHECK_INT(vnet_sendto(w, a, not_echo, 4, &to), -EINVAL_);
    vnet_free(w);
}

static void test_source_probe(void)
{
    struct vnet *w = net_pair("debian12", "192.168.2.12");
    struct netns *ns = vnet_init_ns(w);
    struct inet_addr src, none = {0}, far = ip4("8.8.8.8"), near = ip4("192.168.2.77");
    struct inet_addr self = ip4("192.168.2.12"), brd = ip4("192.168.2.255"), bad = ip4("10.9.9.9");
    CHECK_INT(vnet_sock_probe_source(ns, &far, "", &none, 0, 0, false, &src), -ENETUNREACH_);
    CHECK_INT(vnet_sock_probe_source(ns, &near, "", &none, 0, 0, false, &src), 0);
    CHECK_INT(inet_addr_to_v4(&src), 0xc0a8020b);
    CHECK_INT(vnet_sock_probe_source(ns, &near, "veth1", &none, 0, 0, false, &src), 0);
    CHECK_INT(inet_addr_to_v4(&src), 0xc0a8020c);
    CHECK_INT(vnet_sock_probe_source(ns, &self, "", &none, 0, 0, false, &src), 0);
    CHECK_INT(inet_addr_to_v4(&src), 0xc0a8020c);
    CHECK_INT(vnet_sock_probe_source(ns, &near, "", &self, 0, 0, false, &src), 0);
    CHECK_INT(inet_addr_to_v4(&src), 0xc0a8020c);
    CHECK_INT(vnet_sock_probe_source(ns, &brd, "", &none, 0, 0, false, &src), -EACCES_);
    CHECK_INT(vnet_sock_probe_source(ns, &brd, "", &none, 0, 0, true, &src), 0);
    CHECK_INT(vnet_sock_probe_source(ns, &near, "", &bad, 0, 0, false, &src), -99);
    CHECK_INT(vnet_sock_probe_source(ns, &near, "eth7", &none, 0, 0, false, &src), -19);
    vnet_free(w);
}

/* IP_OPTIONS: what is malformed is refused and changes nothing; the state file keeps what is set.
 */
static void test_ip_options(void)
{
    static const uint8_t rr[4] = {7, 3, 4, 0}, short_rr[4] = {7, 2, 0, 0}, cut[4] = {7, 9, 4, 0},
                         lsrr[8] = {1, 131, 7, 4, 10, 0, 0, 1}, ts[8] = {68, 8, 9, 0xf0};
    struct vnet *w = net_pair("debian12", NULL);
    vnet_sock_id s = net_ping_socket(w, NULL);
    uint8_t long_one[41] = {0};
    CHECK_INT(vnet_sock_set_ip_options(w, s, rr, sizeof(rr)), 0);
    CHECK_INT(vnet_sock_set_ip_options(w, s, short_rr, sizeof(short_rr)), -EINVAL_);
    CHECK_INT(vnet_sock_set_ip_options(w, s, cut, sizeof(cut)), -EINVAL_);
    CHECK_INT(vnet_sock_set_ip_options(w, s, ts, sizeof(ts)), -EINVAL_);
    CHECK_INT(vnet_sock_set_ip_options(w, s, long_one, sizeof(long_one)), -EINVAL_);
    CHECK_INT(vnet_sock_set_ip_options(w, s, lsrr, sizeof(lsrr)), -1); /* EPERM */
    struct vnet *copy = vnet_clone(w);
    CHECK_INT(net_echo(copy, s, "192.168.2.11", 1, 64), 0);
    const uint8_t *ip = recorder_bytes(net_frame(copy, "lo", 0x0800, true, 0)) + 14;
    CHECK_INT(ip[0], 0x46);
    CHECK_INT(ip[20], 7);
    vnet_free(copy);
    vnet_free(w);
}

static void test_options(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    vnet_sock_id s = net_ping_socket(w, NULL);
    int64_t v;
    CHECK_INT(vnet_sock_setopt(w, s, VNET_IP_TTL, 0), -EINVAL_);
    CHECK_INT(vnet_sock_setopt(w, s, VNET_IP_TTL, 256), -EINVAL_);
    CHECK_INT(vnet_sock_setopt(w, s, VNET_IP_TTL, 3), 0);
    CHECK_INT(vnet_sock_setopt(w, s, VNET_IP_TOS, 0x10), 0);
    CHECK_INT(vnet_sock_setopt(w, s, VNET_IP_MTU_DISCOVER, 9), -EINVAL_);
    CHECK_INT(vnet_sock_setopt(w, s, VNET_CAN_RAW_LOOPBACK, 1), -92);
    CHECK_INT(vnet_sock_getopt(w, s, VNET_IP_TTL, &v), 0);
    CHECK_INT(v, 3);
    CHECK_INT(net_echo(w, s, "192.168.2.11", 1, 64), 0);
    const uint8_t *ip = recorder_bytes(net_frame(w, "lo", 0x0800, true, 0)) + 14;
    CHECK_INT(ip[8], 3);
    CHECK_INT(ip[1], 0x10);
    vnet_free(w);
}

int main(void)
{
    RUN(test_socket);
    RUN(test_matching);
    RUN(test_recv);
    RUN(test_rcvbuf);
    RUN(test_sndbuf);
    RUN(test_error_queue);
    RUN(test_local_error);
    RUN(test_dgram);
    RUN(test_source_probe);
    RUN(test_options);
    RUN(test_ip_options);
    return unit_end();
}
