/* UDP sockets: ports, who a datagram is for, errors, checksums left to devices. */
#include <errno.h>

#include "inet/mib.h"
#include "inet/sock.h"
#include "tests/unit/net.h"
#include "vnet_udp.h"
#include "wire/cksum.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"
#include "wire/udp.h"

static vnet_sock_id udp(struct vnet *w)
{
    vnet_sock_id id = 0;
    CHECK_INT(vnet_socket(vnet_init_ns(w), VNET_AF_INET, VNET_SOCK_DGRAM, VNET_IPPROTO_UDP, &id),
              0);
    return id;
}

static struct vnet_sockaddr6 to(const char *addr)
{
    return (struct vnet_sockaddr6){.addr = ip4(addr)};
}

static uint64_t counter(struct vnet *w, enum udp_mib field)
{
    return vnet_init_ns(w)->mib->udp[field];
}

static void test_ports(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    const struct vnet_sockaddr6 any = to("0.0.0.0"), mine = to("192.168.2.11");
    const struct vnet_sockaddr6 others = to("192.168.2.77");
    vnet_sock_id a = udp(w), b = udp(w), c = udp(w);
    CHECK_INT(vnet_udp_bind(w, a, &any, 0), 0);
    CHECK(vnet_udp_port(w, a) >= 32768 && vnet_udp_port(w, a) <= 60999);
    CHECK_INT(vnet_udp_bind(w, b, &mine, vnet_udp_port(w, a)), -EADDRINUSE);
    CHECK_INT(vnet_udp_port(w, b), 0);
    CHECK_INT(vnet_udp_bind(w, b, &others, 5000), -EADDRNOTAVAIL);
    CHECK_INT(vnet_udp_bind(w, b, &mine, 5000), 0);
    CHECK_INT(vnet_udp_bind(w, b, &mine, 5001), -EINVAL); /* it has one */
    CHECK_INT(vnet_udp_send(w, c, "x", 1, NULL, 0), -EDESTADDRREQ);
    net_sysctl_set(w, "net/ipv4/ip_local_port_range", "40000 40001");
    CHECK_INT(vnet_udp_bind(w, c, &any, 0), 0);
    CHECK(vnet_udp_port(w, c) == 40000 || vnet_udp_port(w, c) == 40001);
    vnet_sock_id d = udp(w), e = udp(w);
    CHECK_INT(vnet_udp_bind(w, d, &any, 0), 0);
    CHECK(vnet_udp_port(w, d) != vnet_udp_port(w, c));
    CHECK_INT(vnet_udp_bind(w, e, &any, 0), -EADDRINUSE);
    vnet_free(w);
}

/* Over lo: the connected socket is the better match; payloads arrive whole. */
static void test_delivery(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    const struct vnet_sockaddr6 any = to("0.0.0.0"), lo = to("127.0.0.1");
    vnet_sock_id server = udp(w), client = udp(w);
    struct vnet_msg m;
    char buf[16];
    CHECK_INT(vnet_udp_bind(w, server, &any, 7), 0);
    CHECK_INT(vnet_udp_connect(w, client, &lo, 7), 0);
    CHECK_INT(vnet_udp_send(w, client, "hello", 5, NULL, 0), 0);
    net_wait_ms(w, 1);
    CHECK_INT(vnet_recvmsg(w, server, buf, sizeof(buf), 0, &m), 5);
    CHECK(memcmp(buf, "hello", 5) == 0);
    CHECK_INT(m.port, vnet_udp_port(w, client));
    CHECK_INT(vnet_udp_send(w, server, "you", 3, &lo, m.port), 0);
    net_wait_ms(w, 1);
    CHECK_INT(vnet_recvmsg(w, client, buf, sizeof(buf), 0, &m), 3);
    CHECK_INT(m.port, 7);
    CHECK_INT(counter(w, UDP_MIB_INDATAGRAMS), 2);
    CHECK_INT(counter(w, UDP_MIB_OUTDATAGRAMS), 2);
    vnet_free(w);
}

/* Nobody has the port: an error comes back, to the error queue or as ECONNREFUSED. */
static void test_refused(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    const struct vnet_sockaddr6 lo = to("127.0.0.1");
    vnet_sock_id plain = udp(w), told = udp(w);
    struct vnet_msg m;
    char buf[16];
    CHECK_INT(vnet_udp_connect(w, plain, &lo, 9), 0);
    CHECK_INT(vnet_udp_connect(w, told, &lo, 10), 0);
    vnet_sock_setopt(w, told, VNET_IP_RECVERR, 1);
    CHECK_INT(vnet_udp_send(w, plain, "a", 1, NULL, 0), 0);
    CHECK_INT(vnet_udp_send(w, told, "bcd", 3, NULL, 0), 0);
    net_wait_ms(w, 1);
    CHECK_INT(vnet_recvmsg(w, plain, buf, sizeof(buf), 0, &m), -ECONNREFUSED);
    CHECK_INT(vnet_recvmsg(w, plain, buf, sizeof(buf), 0, &m), -EAGAIN);
    CHECK_INT(vnet_recvmsg(w, told, buf, sizeof(buf), VNET_MSG_ERRQUEUE, &m), 3);
    CHECK(memcmp(buf, "bcd", 3) == 0);
    CHECK_INT(m.ee_type, ICMP_DEST_UNREACH);
    CHECK_INT(m.ee_code, ICMP_PORT_UNREACH);
    CHECK_INT(m.port, 10);
    CHECK_INT(counter(w, UDP_MIB_NOPORTS), 2);
    vnet_free(w);
}

static void inject(struct vnet *w, uint16_t len, uint16_t check, bool right)
{
    uint8_t p[IPV4_HDR_LEN + UDP_HDR_LEN + 2] = {0};
    struct inet_addr from = ip4("192.168.2.99"), us = ip4("192.168.2.11");
    const struct ipv4_hdr h = {.version = 4,
                               .hdr_len = IPV4_HDR_LEN,
                               .tot_len = sizeof(p),
                               .ttl = 64,
                               .protocol = 17,
                               .saddr = inet_addr_to_v4(&from),
                               .daddr = inet_addr_to_v4(&us)};
    struct udp_hdr u = {.sport = 99, .dport = 5000, .len = len, .check = check};
    ipv4_emit(p, &h, NULL);
    udp_emit(p + IPV4_HDR_LEN, &u);
    if (right) {
        uint64_t sum = 17 + len;
        sum = cksum_add(sum, p + 12, 8);
        u.check = cksum_finish(cksum_add(sum, p + IPV4_HDR_LEN, len));
        udp_emit(p + IPV4_HDR_LEN, &u);
    }
    net_inject(w, "veth0", 0x0800, NULL, p, sizeof(p));
}

/* What comes from outside is verified: length, checksum (0: none). */
static void test_verified(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    const struct vnet_sockaddr6 any = to("0.0.0.0");
    vnet_sock_id id = udp(w);
    CHECK_INT(vnet_udp_bind(w, id, &any, 5000), 0);
    inject(w, 10, 0, false);
    inject(w, 10, 0, true);
    CHECK_INT(counter(w, UDP_MIB_INDATAGRAMS), 2);
    inject(w, 10, 0x1234, false);
    CHECK_INT(counter(w, UDP_MIB_INCSUMERRORS), 1);
    inject(w, 7, 0, false);
    inject(w, 11, 0, false);
    CHECK_INT(counter(w, UDP_MIB_INERRORS), 3);
    inject(w, 8, 0, false); /* the rest is padding */
    CHECK_INT(counter(w, UDP_MIB_INDATAGRAMS), 3);
    vnet_free(w);
}

int main(void)
{
    RUN(test_ports);
    RUN(test_delivery);
    RUN(test_refused);
    RUN(test_verified);
    return unit_end();
}
