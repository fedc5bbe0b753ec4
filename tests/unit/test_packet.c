/* Packet sockets: what they get, what they send, devices that go, the state file. */
#include "tests/unit/net.h"
#include "vnet_capture.h"
#include "vnet_packet.h"

enum { EBADF_ = 9, EAGAIN_ = 11, ENXIO_ = 6, ENODEV_ = 19, EINVAL_ = 22, ENETDOWN_ = 100 };

static vnet_sock_id packet_socket(struct vnet *w, const char *dev, uint16_t protocol)
{
    vnet_sock_id id = 0;
    struct netns *ns = vnet_init_ns(w);
    CHECK_INT(vnet_socket(ns, VNET_AF_PACKET, VNET_SOCK_DGRAM, 0, &id), 0);
    CHECK_INT(vnet_packet_bind(w, id, *dev ? vnet_link_index(ns, dev) : 0, protocol), 0);
    return id;
}

static void test_receive(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    vnet_sock_id arp = packet_socket(w, "veth1", VNET_ETH_P_ARP),
                 all = packet_socket(w, "", VNET_ETH_P_ALL),
                 other = packet_socket(w, "veth0", VNET_ETH_P_ARP), ping = net_ping_socket(w, NULL);
    struct vnet_msg m;
    uint8_t buf[100];
    net_echo(w, ping, "192.168.2.12", 1, 64);
    net_wait_ms(w, 1);
    CHECK_INT(vnet_recvmsg(w, arp, buf, sizeof(buf), 0, &m), 28);
    CHECK_INT(m.pkttype, VNET_PACKET_BROADCAST);
    CHECK_INT(m.iif, vnet_link_index(vnet_init_ns(w), "veth1"));
    CHECK_INT(vnet_recvmsg(w, arp, buf, sizeof(buf), 0, &m), -EAGAIN_);
    CHECK_INT(vnet_recvmsg(w, other, buf, sizeof(buf), 0, &m), -EAGAIN_); /* it went out there */
    CHECK_INT(vnet_recvmsg(w, all, buf, sizeof(buf), 0, &m), 28);
    CHECK_INT(m.pkttype, VNET_PACKET_OUTGOING);
    CHECK_INT(vnet_recvmsg(w, all, buf, sizeof(buf), 0, &m), 28);
    CHECK_INT(m.pkttype, VNET_PACKET_BROADCAST);
    vnet_free(w);
}

static void test_send(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct netns *ns = vnet_init_ns(w);
    static const uint8_t everybody[ETH_ALEN] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    struct lladdr to = lladdr_eth(everybody), none = {0};
    vnet_sock_id from = packet_socket(w, "veth0", VNET_ETH_P_ARP),
                 at = packet_socket(w, "veth1", VNET_ETH_P_ARP), unbound = 0;
    struct vnet_msg m;
    uint8_t buf[100] = {0};
    CHECK_INT(vnet_socket(ns, VNET_AF_PACKET, VNET_SOCK_DGRAM, 0, &unbound), 0);
    CHECK_INT(vnet_packet_send(w, unbound, buf, 28, &to), -ENXIO_);
    CHECK_INT(vnet_packet_send(w, from, buf, 28, &none), -EINVAL_);
    CHECK_INT(vnet_packet_send(w, from, buf, 28, &to), 0);
    net_wait_ms(w, 1);
    CHECK_INT(vnet_recvmsg(w, at, buf, sizeof(buf), 0, &m), 28);
    CHECK_INT(vnet_packet_bind(w, from, 999, VNET_ETH_P_ARP), -ENODEV_);
    CHECK_INT(vnet_packet_bind(w, net_ping_socket(w, NULL), 0, VNET_ETH_P_ARP), -EBADF_);
    vnet_free(w);
}

static void test_device_goes(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct netns *ns = vnet_init_ns(w);
    struct lladdr to = {.len = ETH_ALEN};
    vnet_sock_id id = packet_socket(w, "veth0", VNET_ETH_P_ARP);
    struct vnet_link_req down = {.ifindex = vnet_link_index(ns, "veth0"), .change = VNET_IFF_UP};
    struct vnet_msg m;
    uint8_t buf[28] = {0};
    CHECK_INT(vnet_link_set(ns, &down, NULL), 0);
    CHECK(vnet_sock_readable(w, id));
    CHECK_INT(vnet_recvmsg(w, id, buf, sizeof(buf), 0, &m), -ENETDOWN_);
    CHECK_INT(vnet_packet_send(w, id, buf, sizeof(buf), &to), -ENETDOWN_);
    CHECK_INT(vnet_packet_bind(w, id, down.ifindex, 0), 0);
    CHECK_INT(vnet_recvmsg(w, id, buf, sizeof(buf), 0, &m), -ENETDOWN_);
    CHECK_INT(vnet_link_del(ns, down.ifindex, NULL), 0);
    CHECK_INT(vnet_packet_send(w, id, buf, sizeof(buf), &to), -ENXIO_);
    vnet_free(w);
}

static void test_kept(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    vnet_sock_id id = packet_socket(w, "veth1", VNET_ETH_P_ARP), ping = net_ping_socket(w, NULL);
    struct vnet_msg m;
    uint8_t buf[100];
    net_echo(w, ping, "192.168.2.12", 1, 64);
    net_wait_ms(w, 1);
    struct vnet *copy = vnet_clone(w);
    CHECK_INT(vnet_recvmsg(copy, id, buf, sizeof(buf), 0, &m), 28);
    CHECK_INT(m.pkttype, VNET_PACKET_BROADCAST);
    net_wait_ms(copy, 1500); /* the next request */
    CHECK_INT(vnet_recvmsg(copy, id, buf, sizeof(buf), 0, &m), 28);
    vnet_free(copy);
    vnet_free(w);
}

int main(void)
{
    RUN(test_receive);
    RUN(test_send);
    RUN(test_device_goes);
    RUN(test_kept);
    return unit_end();
}
