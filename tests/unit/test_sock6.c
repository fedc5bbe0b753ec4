/* Sockets of IPv6: scopes, matching, datagram sockets, flow labels; fragments and extension headers
 * of what comes in. */
#include "inet/ip_frags.h"
#include "inet/sock.h"
#include "tests/unit/net6.h"
#include "wire/icmpv6.h"

enum { EPERM_ = 1, EAGAIN_ = 11, EACCES_ = 13, EINVAL_ = 22, EMSGSIZE_ = 90, EADDRNOTAVAIL_ = 99 };

#define US_MAC  "020000000001"
#define SRC_MAC "020000000002"

static vnet_sock_id socket6(struct vnet *w, int type)
{
    vnet_sock_id id = 0;
    CHECK_INT(vnet_socket(vnet_init_ns(w), VNET_AF_INET6, type, VNET_IPPROTO_ICMPV6, &id), 0);
    return id;
}

static struct vnet_sockaddr6 addr6(const char *text, int scope)
{
    return (struct vnet_sockaddr6){.addr = ip6(text), .scope_id = scope};
}

static int echo6(struct vnet *w, vnet_sock_id id, const char *to, int scope, size_t len)
{
    uint8_t data[4000] = {ICMPV6_ECHO_REQUEST, 0, 0, 0, 0x12, 0x34, 0, 7};
    const struct vnet_sockaddr6 dst = addr6(to, scope);
    return vnet_sendto6(w, id, data, len, &dst, 0);
}

static struct vnet *world(void)
{
    struct vnet *w = net6_pair_up("linux6.18", 2);
    net6_add(w, "v0", "2001:db8::1", 64, VNET_IFA_F_NODAD);
    net_wait_ms(w, 5000);
    return w;
}

static void test_bind(void)
{
    struct vnet *w = world();
    int v0 = vnet_link_index(vnet_init_ns(w), "v0"), v1 = vnet_link_index(vnet_init_ns(w), "v1");
    struct vnet_sockaddr6 a = addr6("fe80::ff:fe00:1", 0);
    CHECK_INT(vnet_sock_bind6(w, socket6(w, VNET_SOCK_RAW), &a), -EINVAL_);
    a.scope_id = v1;
    CHECK_INT(vnet_sock_bind6(w, socket6(w, VNET_SOCK_RAW), &a), -EADDRNOTAVAIL_);
    a.scope_id = v0;
    CHECK_INT(vnet_sock_bind6(w, socket6(w, VNET_SOCK_RAW), &a), 0);
    a = addr6("2001:db8::99", 0);
    CHECK_INT(vnet_sock_bind6(w, socket6(w, VNET_SOCK_RAW), &a), -EADDRNOTAVAIL_);
    net_sysctl_set(w, "net/ipv6/ip_nonlocal_bind", "1");
    CHECK_INT(vnet_sock_bind6(w, socket6(w, VNET_SOCK_RAW), &a), 0);
    a = addr6("::ffff:127.0.0.1", 0);
    CHECK_INT(vnet_sock_bind6(w, socket6(w, VNET_SOCK_RAW), &a), -EADDRNOTAVAIL_);
    vnet_free(w);
}

/* Bound, connected, filtered: who gets an echo reply of 2001:db8::1. */
static void test_matching(void)
{
    struct vnet *w = world();
    vnet_sock_id sender = socket6(w, VNET_SOCK_RAW), other[5];
    const struct vnet_sockaddr6 self = addr6("2001:db8::1", 0), lo = addr6("::1", 0);
    for (int i = 0; i < 5; i++)
        other[i] = socket6(w, VNET_SOCK_RAW);
    CHECK_INT(vnet_sock_bind6(w, other[0], &self), 0);
    CHECK_INT(vnet_sock_bind6(w, other[1], &lo), 0);
    CHECK_INT(vnet_sock_bind_device(w, other[2], "v0"), 0); /* it has the address */
    CHECK_INT(vnet_sock_bind_device(w, other[3], "lo"), 0);
    CHECK_INT(vnet_sock_setopt(w, other[4], VNET_ICMP6_FILTER, ICMPV6_ECHO_REQUEST), 0);
    CHECK_INT(vnet_sock_setopt(w, sender, VNET_ICMP6_FILTER, ICMPV6_ECHO_REPLY), 0);
    CHECK_INT(echo6(w, sender, "2001:db8::1", 0, 64), 0);
    net_wait_ms(w, 1);
    static const bool gets[5] = {true, false, true, false, true};
    uint8_t buf[100];
    struct vnet_msg m;
    CHECK_INT(vnet_recvmsg(w, sender, buf, sizeof(buf), 0, &m), 64);
    CHECK_INT(buf[0], ICMPV6_ECHO_REPLY);
    CHECK_INT(m.ttl, 64);
    CHECK_INT(vnet_recvmsg(w, sender, buf, sizeof(buf), 0, &m), -EAGAIN_);
    for (int i = 0; i < 5; i++)
        CHECK_INT(vnet_sock_readable(w, other[i]), gets[i]);
    vnet_free(w);
}

static void test_scopes(void)
{
    struct vnet *w = world();
    int v0 = vnet_link_index(vnet_init_ns(w), "v0");
    vnet_sock_id s = socket6(w, VNET_SOCK_RAW);
    vnet_sock_setopt(w, s, VNET_ICMP6_FILTER, ICMPV6_ECHO_REPLY);
    CHECK_INT(echo6(w, s, "fe80::ff:fe00:2", v0, 64), 0);
    net_wait_ms(w, 10);
    uint8_t buf[100];
    struct vnet_msg m;
    CHECK_INT(vnet_recvmsg(w, s, buf, sizeof(buf), 0, &m), 64);
    CHECK_INT(m.scope_id, v0);
    const struct vnet_sockaddr6 dst = addr6("fe80::ff:fe00:2", v0);
    CHECK_INT(vnet_sendto6(w, s, buf, 64, &dst, v0 + 1), -EINVAL_); /* IPV6_PKTINFO's device */
    vnet_free(w);
}

/* A datagram socket: its own identifier in place of the sender's, echo requests only. */
static void test_datagram(void)
{
    struct vnet *w = world();
    vnet_sock_id none = 0;
    CHECK_INT(
        vnet_socket(vnet_init_ns(w), VNET_AF_INET6, VNET_SOCK_DGRAM, VNET_IPPROTO_ICMPV6, &none),
        -EACCES_);
    net_sysctl_set(w, "net/ipv4/ping_group_range", "0 0");
    vnet_sock_id a = socket6(w, VNET_SOCK_DGRAM), b = socket6(w, VNET_SOCK_DGRAM);
    uint8_t buf[100] = {ICMPV6_ECHO_REPLY};
    const struct vnet_sockaddr6 self = addr6("2001:db8::1", 0);
    struct vnet_msg m;
    CHECK_INT(vnet_sendto6(w, a, buf, 64, &self, 0), -EINVAL_);
    CHECK_INT(echo6(w, a, "2001:db8::1", 0, 64), 0);
    net_wait_ms(w, 1);
    CHECK_INT(vnet_recvmsg(w, a, buf, sizeof(buf), 0, &m), 64);
    CHECK_INT(get_be16(buf + 4), sock_find(w, a)->ident);
    CHECK_INT(vnet_recvmsg(w, b, buf, sizeof(buf), 0, &m), -EAGAIN_);
    vnet_free(w);
}

/* What a neighbour that does not answer makes of a request: the error queue of either kind. */
static void test_errors(void)
{
    struct vnet *w = world();
    net_sysctl_set(w, "net/ipv4/ping_group_range", "0 0");
    vnet_sock_id s[] = {socket6(w, VNET_SOCK_RAW), socket6(w, VNET_SOCK_DGRAM)};
    for (int i = 0; i < 2; i++) {
        uint8_t buf[100];
        struct vnet_msg m;
        vnet_sock_setopt(w, s[i], VNET_IP_RECVERR, 1);
        CHECK_INT(echo6(w, s[i], "2001:db8::99", 0, 64), 0);
        net_wait_ms(w, 5000);
        CHECK_INT(vnet_recvmsg(w, s[i], buf, sizeof(buf), VNET_MSG_ERRQUEUE, &m), 64);
        CHECK_INT(buf[0], ICMPV6_ECHO_REQUEST);
        CHECK_INT(m.ee_origin, 3);
        CHECK_INT(m.ee_type, ICMPV6_DEST_UNREACH);
        CHECK_INT(m.ee_code, ICMPV6_ADDR_UNREACH);
        char text[INET_ADDRSTRLEN_MAX];
        CHECK_STR(inet_addr_str(&m.offender, text), "2001:db8::1");
        CHECK_STR(inet_addr_str(&m.from, text), "2001:db8::99");
    }
    vnet_free(w);
}

static void test_sizes(void)
{
    struct vnet *w = world();
    vnet_sock_id s = socket6(w, VNET_SOCK_RAW);
    struct vnet_msg m;
    uint8_t buf[4000];
    vnet_sock_setopt(w, s, VNET_IP_RECVERR, 1);
    vnet_sock_setopt(w, s, VNET_IP_MTU_DISCOVER, 2);
    CHECK_INT(echo6(w, s, "2001:db8::99", 0, 1461), -EMSGSIZE_);
    CHECK_INT(vnet_recvmsg(w, s, buf, sizeof(buf), VNET_MSG_ERRQUEUE, &m), 0);
    CHECK_INT(m.ee_origin, 1);
    CHECK_INT(m.ee_info, 1500);
    CHECK_INT(echo6(w, s, "2001:db8::99", 0, 1460), 0);
    vnet_free(w);
}

static void test_flowlabel(void)
{
    struct vnet *w = world();
    vnet_sock_id a = socket6(w, VNET_SOCK_RAW), b = socket6(w, VNET_SOCK_RAW);
    uint32_t label = 5, any = 0;
    struct vnet_sockaddr6 dst = addr6("2001:db8::1", 0);
    uint8_t data[8] = {ICMPV6_ECHO_REQUEST};
    CHECK_INT(vnet_sock_flowlabel(w, a, &label), 0);
    CHECK_INT(vnet_sock_flowlabel(w, b, &label), -EPERM_);
    CHECK_INT(vnet_sock_flowlabel(w, b, &any), 0);
    CHECK(any > 0 && any <= 0xfffff);
    dst.flowlabel = 5;
    CHECK_INT(vnet_sendto6(w, a, data, 8, &dst, 0), 0);
    CHECK_INT(vnet_sendto6(w, b, data, 8, &dst, 0), -EINVAL_);
    vnet_sock_close(w, a);
    CHECK_INT(vnet_sock_flowlabel(w, b, &label), -EPERM_);
    struct vnet *copy = vnet_clone(w);
    net_wait_ms(copy, 6001);
    CHECK_INT(vnet_sock_flowlabel(copy, b, &label), 0);
    vnet_free(copy);
    vnet_free(w);
}

/* ---- what comes in ---- */

#define SENDER         "20010db8000000000000000000000077" /* 2001:db8::77, beyond v1 */
#define US             "20010db8000000000000000000000001"
#define IP6(len, next) US_MAC SRC_MAC "86dd60000000" len next "40" SENDER US
#define DATA8          "0001020304050607"

/* The error that v0 sends about a frame: type and code, the second word. -1: none. */
static int error_about(struct vnet *w, const char *frame, uint32_t *info)
{
    unsigned before = net6_frames_out(w, "v0");
    net6_inject(w, "v1", frame);
    net_wait_ms(w, 1);
    const struct recorder_entry *e = net_frame(w, "v0", 0x86dd, true, before);
    if (!e)
        return -1;
    const uint8_t *icmp = recorder_bytes(e) + 14 + 40;
    *info = get_be32(icmp + 4);
    return get_be16(icmp);
}

static struct vnet *world_with_sender(void)
{
    struct vnet *w = world();
    const struct vnet_neigh_req req = {.family = VNET_AF_INET6,
                                       .ifindex = vnet_link_index(vnet_init_ns(w), "v0"),
                                       .dst = ip6("2001:db8::77"),
                                       .has_lladdr = true,
                                       .lladdr = {6, {2, 0, 0, 0, 0, 2}},
                                       .state = VNET_NUD_PERMANENT};
    CHECK_INT(vnet_neigh_add(vnet_init_ns(w), &req, VNET_NLM_F_CREATE, NULL), 0);
    net_sysctl_set(w, "net/ipv6/icmp/ratelimit", "0");
    net_wait_ms(w, 20000); /* router solicitations are over */
    return w;
}

/* Parameter problems, with the place that they point to. */
static void test_extension_headers(void)
{
    struct vnet *w = world_with_sender();
    uint32_t at = 0;
    static const struct {
        const char *frame;
        int error;
        uint32_t at;
    } cases[] = {
        {IP6("0008", "fd") DATA8, 0x0401, 6},                     /* no such protocol */
        {IP6("0010", "3c") "fd00010400000000" DATA8, 0x0401, 40}, /* behind options */
        {IP6("0010", "3c") "3a00c20400000000" DATA8, 0x0402, 42}, /* option to be told about */
        {IP6("0010", "3c") "3a00420400000000" DATA8, -1, 0},      /* to be dropped for */
        {IP6("0010", "00") "3a00c20400000000" DATA8, 0x0402, 42}, /* hop by hop */
        {IP6("0010", "2b") "fd00000000000000" DATA8, 0x0401, 40}, /* routing, at its end */
        {IP6("0010", "2b") "3a00000100000000" DATA8, 0x0400, 42}, /* routing to be done */
        {IP6("0010", "2c") "fd00000000000001" DATA8, 0x0401, 40}, /* a fragment that is all */
        {IP6("000f", "2c") "3a00000100000001"
                           "00010203040506",
         0x0400, 4},                                              /* not 8 bytes */
        {IP6("0010", "2c") "3a00fff900000001" DATA8, 0x0400, 42}, /* too long */
        {IP6("0008", "2c") "3a00000100000001", 0x0403, 0},        /* headers cut off */
        {IP6("0004", "2c") "3a000001", 0x0400, 40},
        {IP6("0008", "3b") DATA8, -1, 0}, /* no next header */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int error = error_about(w, cases[i].frame, &at);
        CHECK_INT(error, cases[i].error);
        if (error >= 0)
            CHECK_INT(at, cases[i].at);
    }
    vnet_free(w);
}

#define FRAG(word, data) IP6("0010", "2c") "fd00" word "0000abcd" data

/* A datagram of three fragments, out of order, over a save and a load. */
static void test_reassembly(void)
{
    struct vnet *w = world_with_sender();
    uint32_t at = 0;
    CHECK_INT(error_about(w, FRAG("0010", DATA8), &at), -1);
    CHECK_INT(error_about(w, FRAG("0001", DATA8), &at), -1);
    CHECK_INT(error_about(w, FRAG("0001", DATA8), &at), -1); /* twice */
    struct vnet *copy = vnet_clone(w);
    CHECK(copy != NULL);
    vnet_free(w);
    CHECK_INT(error_about(copy, FRAG("0009", DATA8), &at), 0x0401);
    CHECK_INT(at, 6);
    CHECK(list_empty(&vnet_init_ns(copy)->frags6->by_age));
    CHECK_INT(vnet_init_ns(copy)->frags6->mem, 0);
    vnet_free(copy);
}

/* Overlaps end a datagram; one that stays incomplete is reported after a minute, by its first
 * fragment. */
static void test_fragments_lost(void)
{
    struct vnet *w = world_with_sender();
    uint32_t at = 0;
    const struct ip_frags *f = vnet_init_ns(w)->frags6;
    CHECK_INT(error_about(w, FRAG("0001", DATA8), &at), -1);
    CHECK(!list_empty(&f->by_age));
    CHECK_INT(error_about(w, IP6("0018", "2c") "fd0000010000abcd" DATA8 DATA8, &at), -1);
    CHECK(list_empty(&f->by_age));
    CHECK_INT(error_about(w, FRAG("0001", DATA8), &at), -1);
    unsigned nth = 0;
    net_wait_ms(w, 59000);
    CHECK_INT(net6_count(w, "v0", ICMPV6_TIME_EXCEED), 0);
    net_wait_ms(w, 2000);
    const struct recorder_entry *e = net6_find(w, "v0", ICMPV6_TIME_EXCEED, &nth);
    CHECK(e && recorder_bytes(e)[55] == ICMPV6_EXC_FRAGTIME);
    CHECK(e && e->caplen == 14 + 40 + 8 + 40 + 8 + 8); /* what came, fragment header too */
    CHECK_INT(f->mem, 0);
    vnet_free(w);
}

int main(void)
{
    RUN(test_bind);
    RUN(test_matching);
    RUN(test_scopes);
    RUN(test_datagram);
    RUN(test_errors);
    RUN(test_sizes);
    RUN(test_flowlabel);
    RUN(test_extension_headers);
    RUN(test_reassembly);
    RUN(test_fragments_lost);
    return unit_end();
}
