/* CAN: frames as bytes and as text, can_send()'s errors, loopback, filters, links, saved sockets.
 */
#include <errno.h>

#include "can/af_can.h"
#include "base/mem.h"
#include "cmd/can/frame_text.h"
#include "state/state.h"
#include "tests/unit/net.h"
#include "vnet_can.h"

static struct vnet *can_world(void)
{
    struct vnet *w = net_world("debian12");
    struct vnet_link_req peer = {.ifname = "vx1"}, pair = {.kind = "vxcan", .ifname = "vx0"};
    struct vnet_link_req bus = {.kind = "vcan", .ifname = "bus"};
    pair.peer = &peer;
    CHECK_INT(vnet_link_add(vnet_init_ns(w), &pair, NULL), 0);
    CHECK_INT(vnet_link_add(vnet_init_ns(w), &bus, NULL), 0);
    net_up(w, "vx0", true);
    net_up(w, "vx1", true);
    net_up(w, "bus", true);
    return w;
}

static struct vnet_link_info link_info(struct vnet *w, const char *name)
{
    struct netns *ns = vnet_init_ns(w);
    struct vnet_link_info info = {.ifindex = 0};
    vnet_link_get(ns, vnet_link_index(ns, name), &info);
    return info;
}

/* A bound socket that takes FD frames; "any": of all devices. */
static vnet_sock_id can_socket(struct vnet *w, const char *name)
{
    struct netns *ns = vnet_init_ns(w);
    vnet_sock_id id = 0;
    CHECK_INT(vnet_socket(ns, VNET_AF_CAN, VNET_SOCK_RAW, VNET_CAN_RAW, &id), 0);
    vnet_sock_setopt(w, id, VNET_CAN_RAW_FD_FRAMES, 1);
    CHECK_INT(vnet_can_bind(w, id, strcmp(name, "any") ? vnet_link_index(ns, name) : 0), 0);
    return id;
}

static int send_text(struct vnet *w, vnet_sock_id id, const char *text)
{
    struct vnet_can_frame f;
    uint8_t bytes[VNET_CANFD_MTU];
    CHECK(frame_parse(text, &f));
    int rc = vnet_sendto(w, id, bytes, vnet_can_emit(bytes, &f), NULL);
    vnet_run_until(w, vnet_now(w) + NSEC_PER_MSEC);
    return rc;
}

/* The next frame as candump -L has it, "-": none. */
static const char *receive(struct vnet *w, vnet_sock_id id, struct vnet_msg *msg,
                           struct strbuf *out)
{
    uint8_t bytes[VNET_CANFD_MTU];
    struct vnet_can_frame f;
    long n = vnet_recvmsg(w, id, bytes, sizeof(bytes), 0, msg);
    strbuf_reset(out);
    if (n < 0) {
        strbuf_addc(out, '-');
        return out->data;
    }
    CHECK(vnet_can_parse(bytes, (size_t)n, &f));
    frame_put(out, &f);
    return out->data;
}

/* ---- bytes and text ---- */

static void test_codec_round_trip(void)
{
    const uint8_t classic[VNET_CAN_MTU] = {0x23, 1, 0, 0x40, 8, 0, 0, 15, 1, 2, 3, 4, 5, 6, 7, 8};
    uint8_t fd[VNET_CANFD_MTU] = {0x78, 0x56, 0x34, 0x92, 64, 7}, back[VNET_CANFD_MTU];
    struct vnet_can_frame f;
    CHECK(vnet_can_parse(classic, sizeof(classic), &f));
    CHECK_INT(f.id, 0x123 | VNET_CAN_RTR_FLAG);
    CHECK_INT(f.len8_dlc, 15);
    CHECK_INT(vnet_can_emit(back, &f), VNET_CAN_MTU);
    CHECK_MEM(back, classic, sizeof(classic));
    fd[VNET_CANFD_MTU - 1] = 0xaa;
    CHECK(vnet_can_parse(fd, sizeof(fd), &f));
    CHECK(f.fd);
    CHECK_INT(f.id, 0x12345678 | VNET_CAN_EFF_FLAG);
    CHECK_INT(f.flags, 7);
    CHECK_INT(vnet_can_emit(back, &f), VNET_CANFD_MTU);
    CHECK_MEM(back, fd, sizeof(fd));
}

static void test_codec_refuses(void)
{
    uint8_t bytes[VNET_CANFD_MTU + 1] = {0};
    struct vnet_can_frame f;
    for (size_t n = 0; n <= sizeof(bytes); n++)
        CHECK_INT(vnet_can_parse(bytes, n, &f), n == VNET_CAN_MTU || n == VNET_CANFD_MTU);
    bytes[4] = 9;
    CHECK(!vnet_can_parse(bytes, VNET_CAN_MTU, &f));
    bytes[4] = 65;
    CHECK(!vnet_can_parse(bytes, VNET_CANFD_MTU, &f));
}

static void test_text_both_ways(void)
{
    static const struct {
        const char *in, *out; /* NULL: refused, as the real cansend does */
    } rows[] = {
        {"123#DEADBEEF", "123#DEADBEEF"},
        {"5a1#11.2233.44", "5A1#11223344"},
        {"123#", "123#"},
        {"123#R", "123#R"},
        {"123#r5", "123#R5"},
        {"123#R9", "123#R"},
        {"123##1", "123##1"},
        {"123##f1122", "123##F1122"},
        {"00000123#R3", "00000123#R3"},
        {"1F334455#11", "1F334455#11"},
        {"20000004#00", "20000004#00"},
        {"40000004#00", "00000004#R1"},
        {"123#.11", "123#11"},
        {"123#11.", "123#11"},
        {"123#112233445566778899", "123#1122334455667788"},
        {"123#1122334455667788_9", "123#1122334455667788"},
        {"", NULL},
        {"xyz", NULL},
        {"123", NULL},
        {"1234", NULL},
        {"123#1", NULL},
        {"123##", NULL},
        {"123##g", NULL},
        {"g23#00", NULL},
        {"1234567#", NULL},
        {"12345678", NULL},
        {"123#..11", NULL},
        {"123#1.1", NULL},
    };
    struct strbuf out = STRBUF_INIT;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct vnet_can_frame f;
        strbuf_reset(&out);
        bool ok = frame_parse(rows[i].in, &f);
        if (ok)
            frame_put(&out, &f);
        CHECK_STR(ok ? out.data : NULL, rows[i].out);
    }
    strbuf_release(&out);
}

/* ---- sending ---- */

static void test_send_errors(void)
{
    struct vnet *w = can_world();
    uint8_t bytes[VNET_CANFD_MTU] = {0};
    vnet_sock_id all = can_socket(w, "any"), bus = can_socket(w, "bus"), id = 0;
    CHECK_INT(vnet_sendto(w, all, bytes, VNET_CAN_MTU, NULL), -ENXIO);
    CHECK_INT(vnet_sendto(w, bus, bytes, VNET_CAN_MTU - 1, NULL), -EINVAL);
    bytes[4] = 9;
    CHECK_INT(vnet_sendto(w, bus, bytes, VNET_CAN_MTU, NULL), -EINVAL);
    CHECK_INT(vnet_sendto(w, bus, bytes, VNET_CANFD_MTU, NULL), 0);
    vnet_sock_setopt(w, bus, VNET_CAN_RAW_FD_FRAMES, 0);
    CHECK_INT(vnet_sendto(w, bus, bytes, VNET_CANFD_MTU, NULL), -EINVAL);
    CHECK_INT(vnet_can_bind(w, bus, vnet_link_index(vnet_init_ns(w), "lo")), -ENODEV);
    CHECK_INT(vnet_can_bind(w, bus, 99), -ENODEV);
    CHECK_INT(vnet_sock_setopt(w, bus, VNET_IP_TTL, 3), -ENOPROTOOPT);
    CHECK_INT(vnet_socket(vnet_init_ns(w), VNET_AF_CAN, VNET_SOCK_DGRAM, 2, &id), -EPROTONOSUPPORT);
    net_up(w, "bus", false);
    bytes[4] = 0;
    CHECK_INT(vnet_sendto(w, bus, bytes, VNET_CAN_MTU, NULL), -ENETDOWN);
    vnet_free(w);
}

static void test_down_and_gone_are_told(void)
{
    struct vnet *w = can_world();
    struct vnet_msg msg;
    uint8_t bytes[VNET_CANFD_MTU];
    vnet_sock_id bus = can_socket(w, "bus"), any = can_socket(w, "any");
    net_up(w, "bus", false);
    CHECK_INT(vnet_recvmsg(w, bus, bytes, sizeof(bytes), 0, &msg), -ENETDOWN);
    CHECK_INT(vnet_recvmsg(w, bus, bytes, sizeof(bytes), 0, &msg), -EAGAIN);
    CHECK_INT(vnet_recvmsg(w, any, bytes, sizeof(bytes), 0, &msg), -EAGAIN);
    vnet_sock_id late = can_socket(w, "bus");
    CHECK_INT(vnet_recvmsg(w, late, bytes, sizeof(bytes), 0, &msg), -ENETDOWN);
    vnet_link_del(vnet_init_ns(w), vnet_link_index(vnet_init_ns(w), "bus"), NULL);
    CHECK_INT(vnet_recvmsg(w, bus, bytes, sizeof(bytes), 0, &msg), -ENODEV);
    CHECK_INT(vnet_sendto(w, bus, bytes, VNET_CAN_MTU, NULL), -ENXIO);
    vnet_free(w);
}

/* A socket hears what others on its own device send, marked; not itself, unless it asks. */
static void test_loopback(void)
{
    struct vnet *w = can_world();
    struct vnet_msg msg;
    struct strbuf text = STRBUF_INIT;
    vnet_sock_id a = can_socket(w, "bus"), b = can_socket(w, "bus"), other = can_socket(w, "vx0");
    CHECK_INT(send_text(w, a, "123#11"), 0);
    CHECK_STR(receive(w, b, &msg, &text), "123#11");
    CHECK_INT(msg.flags, VNET_MSG_DONTROUTE);
    CHECK_INT(msg.iif, vnet_link_index(vnet_init_ns(w), "bus"));
    CHECK_STR(receive(w, a, &msg, &text), "-");
    CHECK_STR(receive(w, other, &msg, &text), "-");
    vnet_sock_setopt(w, a, VNET_CAN_RAW_RECV_OWN_MSGS, 1);
    send_text(w, a, "124#12");
    CHECK_STR(receive(w, a, &msg, &text), "124#12");
    CHECK_INT(msg.flags, VNET_MSG_DONTROUTE | VNET_MSG_CONFIRM);
    receive(w, b, &msg, &text);
    vnet_sock_setopt(w, a, VNET_CAN_RAW_LOOPBACK, 0);
    send_text(w, a, "125#13");
    CHECK_STR(receive(w, b, &msg, &text), "-");
    struct vnet_link_info info = link_info(w, "bus");
    CHECK_INT(info.stats.tx_packets, 3);
    CHECK_INT(info.stats.rx_packets, 2); /* vcan counts what the core has looped back */
    strbuf_release(&text);
    vnet_free(w);
}

/* Over the pair a frame comes from elsewhere; the near side's copy follows the far side's. */
static void test_pair(void)
{
    struct vnet *w = can_world();
    struct vnet_msg near, far;
    struct strbuf text = STRBUF_INIT;
    vnet_sock_id from = can_socket(w, "vx0"), any = can_socket(w, "any"), to = can_socket(w, "vx1");
    for (int i = 0; i < 50; i++) {
        CHECK_INT(send_text(w, from, "123##111"), 0);
        CHECK_STR(receive(w, any, &far, &text), "123##511"); /* FDF is set */
        CHECK_STR(receive(w, any, &near, &text), "123##511");
        CHECK_INT(far.iif, vnet_link_index(vnet_init_ns(w), "vx1"));
        CHECK_INT(far.flags, 0);
        CHECK_INT(near.flags, VNET_MSG_DONTROUTE);
        CHECK(near.time > far.time);
        CHECK_STR(receive(w, to, &far, &text), "123##511");
    }
    send_text(w, from, "123#R5");
    struct vnet_link_info tx = link_info(w, "vx0"), rx = link_info(w, "vx1");
    CHECK_INT(tx.stats.tx_packets, 51);
    CHECK_INT(tx.stats.tx_bytes, 50);
    CHECK_INT(rx.stats.rx_packets, 51);
    CHECK_INT(rx.stats.rx_bytes, 50);
    CHECK_INT(tx.stats.rx_packets, 0);
    strbuf_release(&text);
    vnet_free(w);
}

/* ---- filters ---- */

struct filter_row {
    const char *frame;
    bool got;
};

static void check_filter(const struct vnet_can_filter *f, size_t n, bool join, uint32_t errors,
                         const struct filter_row *rows)
{
    struct vnet *w = can_world();
    struct vnet_msg msg;
    struct strbuf text = STRBUF_INIT;
    vnet_sock_id a = can_socket(w, "bus"), b = can_socket(w, "bus");
    CHECK_INT(vnet_can_set_filters(w, b, f, n), 0);
    vnet_sock_setopt(w, b, VNET_CAN_RAW_JOIN_FILTERS, join);
    vnet_sock_setopt(w, b, VNET_CAN_RAW_ERR_FILTER, errors);
    for (; rows->frame; rows++) {
        send_text(w, a, rows->frame);
        CHECK_STR(receive(w, b, &msg, &text), rows->got ? rows->frame : "-");
    }
    strbuf_release(&text);
    vnet_free(w);
}

static void test_filters(void)
{
    const struct vnet_can_filter low = {0x123, 0x7ff}, sff = {0x123, 0xc00007ff};
    const struct vnet_can_filter not = {0x123 | VNET_CAN_ERR_FLAG, 0x7ff};
    const struct vnet_can_filter joined[] = {{0x120, 0x7f0}, not };
    const struct vnet_can_filter two[] = {{0x123, 0x7ff}, {0x124, 0x7ff}};
    check_filter(&low, 1, false, 0,
                 (struct filter_row[]){{"123#11", true},
                                       {"124#11", false},
                                       {"12300123#22", true},
                                       {"123#R", true},
                                       {"20000004#00", false},
                                       {NULL, false}});
    check_filter(&sff, 1, false, 0,
                 (struct filter_row[]){
                     {"123#11", true}, {"00000123#22", false}, {"123#R", false}, {NULL, false}});
    check_filter(&not, 1, false, 0,
                 (struct filter_row[]){
                     {"123#11", false}, {"124#11", true}, {"00000123#22", false}, {NULL, false}});
    check_filter(two, 2, false, 0,
                 (struct filter_row[]){
                     {"123#11", true}, {"124#11", true}, {"125#22", false}, {NULL, false}});
    check_filter(joined, 2, true, 0,
                 (struct filter_row[]){
                     {"123#11", false}, {"124#11", true}, {"135#22", false}, {NULL, false}});
    check_filter(
        NULL, 0, false, 4,
        (struct filter_row[]){
            {"20000004#00", true}, {"20000002#00", false}, {"123#11", false}, {NULL, false}});
}

static void test_too_many_filters(void)
{
    static const struct vnet_can_filter filters[VNET_CAN_FILTER_MAX + 1];
    struct vnet *w = can_world();
    vnet_sock_id id = can_socket(w, "bus");
    CHECK_INT(vnet_can_set_filters(w, id, filters, VNET_CAN_FILTER_MAX), 0);
    CHECK_INT(vnet_can_set_filters(w, id, filters, VNET_CAN_FILTER_MAX + 1), -EINVAL);
    vnet_free(w);
}

/* Both are "raw, protocol 1": neither takes the other's. */
static void test_not_an_icmp_socket(void)
{
    struct vnet *w = can_world();
    vnet_sock_id can = can_socket(w, "any"), icmp = 0, ping = 0;
    const uint8_t echo[8] = {8, 0, 0xf7, 0xff};
    struct inet_addr lo = ip4("127.0.0.1");
    vnet_socket(vnet_init_ns(w), VNET_AF_INET, VNET_SOCK_RAW, VNET_IPPROTO_ICMP, &icmp);
    vnet_socket(vnet_init_ns(w), VNET_AF_INET, VNET_SOCK_RAW, VNET_IPPROTO_ICMP, &ping);
    CHECK_INT(vnet_sendto(w, ping, echo, sizeof(echo), &lo), 0);
    vnet_run_until(w, vnet_now(w) + NSEC_PER_MSEC);
    CHECK(vnet_sock_readable(w, icmp));
    CHECK(!vnet_sock_readable(w, can));
    vnet_free(w);
}

/* ---- links ---- */

static void test_links(void)
{
    struct vnet *w = can_world();
    struct netns *ns = vnet_init_ns(w);
    struct vnet_link_info info = link_info(w, "vx0");
    CHECK_INT(info.type, VNET_ARPHRD_CAN);
    CHECK_INT(info.addr.len, 0);
    CHECK_INT(info.mtu, VNET_CANFD_MTU);
    CHECK_INT(info.iflink, vnet_link_index(ns, "vx1"));
    CHECK(!info.has_inet6);
    struct vnet_link_req req = {.ifname = "bus", .set = VNET_LINK_MTU, .mtu = VNET_CAN_MTU};
    CHECK_INT(vnet_link_set(ns, &req, NULL), -EBUSY);
    net_up(w, "bus", false);
    CHECK_INT(vnet_link_set(ns, &req, NULL), 0);
    req.mtu = 75;
    CHECK_INT(vnet_link_set(ns, &req, NULL), -EINVAL);
    req.mtu = 2060;
    CHECK_INT(vnet_link_set(ns, &req, NULL), 0);
    struct vnet_link_req mac = {.ifname = "bus", .set = VNET_LINK_ADDR, .addr = {.len = 6}};
    CHECK_INT(vnet_link_set(ns, &mac, NULL), -EOPNOTSUPP);
    CHECK_INT(vnet_link_del(ns, vnet_link_index(ns, "vx1"), NULL), 0);
    CHECK_INT(vnet_link_index(ns, "vx0"), 0);
    vnet_free(w);
}

/* IPv4 over CAN: routed, then dropped by the driver, which wants CAN frames. */
static void test_ip_is_dropped(void)
{
    struct vnet *w = can_world();
    vnet_sock_id id = 0;
    const uint8_t echo[8] = {8, 0, 0xf7, 0xff};
    struct inet_addr to = ip4("10.0.0.9");
    net_addr(w, "vx0", "10.0.0.1", 24);
    vnet_socket(vnet_init_ns(w), VNET_AF_INET, VNET_SOCK_RAW, VNET_IPPROTO_ICMP, &id);
    CHECK_INT(vnet_sendto(w, id, echo, sizeof(echo), &to), 0);
    vnet_run_until(w, vnet_now(w) + NSEC_PER_SEC);
    struct vnet_link_info info = link_info(w, "vx0");
    CHECK_INT(info.stats.tx_dropped, 1);
    CHECK_INT(info.stats.tx_packets, 0);
    vnet_free(w);
}

/* ---- the state file ---- */

static struct vnet *parse(const char *text, struct vnet_err *err)
{
    return state_parse(mem_strdup(text), strlen(text), err);
}

/* With frames in flight, and others waiting in a queue. */
static void test_saved_world_goes_on(void)
{
    struct vnet *w = can_world();
    struct vnet_err err = {""};
    struct vnet_msg msg;
    struct strbuf sb = STRBUF_INIT, text = STRBUF_INIT;
    const struct vnet_can_filter filter = {0x123, 0x7ff};
    const uint8_t bytes[VNET_CAN_MTU] = {0x23, 1, 0, 0, 1, 0, 0, 0, 0x42};
    vnet_sock_id from = can_socket(w, "vx0"), to = can_socket(w, "vx1"), all = can_socket(w, "any");
    vnet_can_set_filters(w, to, &filter, 1);
    send_text(w, from, "123#11");
    CHECK_INT(vnet_sendto(w, from, bytes, sizeof(bytes), NULL), 0);
    state_save(w, &sb);
    struct vnet *again = parse(sb.data, &err);
    CHECK(again != NULL);
    struct strbuf sb2 = STRBUF_INIT;
    state_save(again, &sb2);
    CHECK_STR(sb2.data, sb.data);
    vnet_run_until(again, vnet_now(again) + NSEC_PER_MSEC);
    CHECK_STR(receive(again, to, &msg, &text), "123#11");
    CHECK_STR(receive(again, to, &msg, &text), "123#42");
    CHECK_STR(receive(again, to, &msg, &text), "-");
    for (int i = 0; i < 4; i++)
        CHECK(strcmp(receive(again, all, &msg, &text), "-") != 0);
    vnet_free(w);
    vnet_free(again);
    strbuf_release(&sb);
    strbuf_release(&sb2);
    strbuf_release(&text);
}

static void check_refused(const char *saved, const char *old, const char *new, const char *why)
{
    struct vnet_err err = {""};
    struct strbuf sb = STRBUF_INIT;
    const char *at = strstr(saved, old);
    CHECK(at != NULL);
    if (!at)
        return;
    strbuf_add(&sb, saved, (size_t)(at - saved));
    strbuf_adds(&sb, new);
    strbuf_adds(&sb, at + strlen(old));
    struct vnet *w = parse(sb.data, &err);
    CHECK(w == NULL);
    CHECK(strstr(err.msg, why) != NULL);
    vnet_free(w);
    strbuf_release(&sb);
}

static void test_bad_states_are_refused(void)
{
    struct vnet *w = can_world();
    struct strbuf sb = STRBUF_INIT;
    can_socket(w, "bus");
    state_save(w, &sb);
    check_refused(sb.data, "\"filters\":[[0,0]]", "\"filters\":[[0]]", "filters");
    check_refused(sb.data, "\"filters\":[[0,0]]", "\"filters\":[[0,-1]]", "filters");
    check_refused(sb.data, "\"filters\":[[0,0]]", "\"filters\":7", "filters");
    check_refused(sb.data, "\"type\":\"raw\",\"protocol\":1", "\"type\":\"raw\",\"protocol\":2",
                  "can");
    check_refused(sb.data, "\"bound\":true", "\"bound\":3", "bound");
    check_refused(sb.data, "\"link\":\"vx1\"", "\"link\":\"bus\"", "link");
    check_refused(sb.data, "\"kind\":\"vcan\"",
                  "\"kind\":\"vcan\",\"address\":\"02:00:00:00:00:01\"", "address");
    strbuf_release(&sb);
    vnet_free(w);
}

int main(void)
{
    RUN(test_codec_round_trip);
    RUN(test_codec_refuses);
    RUN(test_text_both_ways);
    RUN(test_send_errors);
    RUN(test_down_and_gone_are_told);
    RUN(test_loopback);
    RUN(test_pair);
    RUN(test_filters);
    RUN(test_too_many_filters);
    RUN(test_not_an_icmp_socket);
    RUN(test_links);
    RUN(test_ip_is_dropped);
    RUN(test_saved_world_goes_on);
    RUN(test_bad_states_are_refused);
    return unit_end();
}
