#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/tcpdump/bpf.h"
#include "cmd/tcpdump/dissect.h"
#include "cmd/tcpdump/run.h"
#include "unit.h"

static const uint8_t request[] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0,   0,   0, 0,  1, 8, 6, 0, 1, 8, 0,   6,   4, 0,
    1,    2,    0,    0,    0,    0,    1, 192, 168, 2, 11, 0, 0, 0, 0, 0, 0, 192, 168, 2, 12,
};

static const struct vnet_frame frame = {
    .time = 1700000000123456789,
    .arphrd = 1,
    .len = sizeof(request),
    .caplen = sizeof(request),
    .data = request,
};

static void expect_line(const struct dissect_opts *opts, const char *line)
{
    struct strbuf out = STRBUF_INIT;
    dissect_frame(opts, &frame, &out);
    CHECK_STR(strbuf_cstr(&out), line);
    strbuf_release(&out);
}

static void test_one_frame(void)
{
    expect_line(&(struct dissect_opts){.no_names = true},
                "22:13:20.123456 ARP, Request who-has 192.168.2.12 tell 192.168.2.11, length 28\n");
    expect_line(&(struct dissect_opts){.stamp = STAMP_DATE, .nanoseconds = true, .quiet = 1},
                "2023-11-14 22:13:20.123456789 ARP, Request who-has 192.168.2.12 tell "
                "192.168.2.11, length 28\n");
    expect_line(
        &(struct dissect_opts){.stamp = STAMP_SINCE_LAST, .no_names = true},
        " 00:00:00.000000 ARP, Request who-has 192.168.2.12 tell 192.168.2.11, length 28\n");
}

/* ---- the machine ---- */

static uint32_t run(const struct bpf_insn *program, size_t n, const struct bpf_meta *meta)
{
    return bpf_run(program, n, request, sizeof(request), 1000, meta);
}

static void test_filter_program(void)
{
    const struct bpf_insn arp[] = {
        {0x28, 0, 0, 12}, {0x15, 0, 1, 0x806}, {6, 0, 0, 64}, {6, 0, 0, 0}};
    const struct bpf_insn beyond[] = {{0x28, 0, 0, 41}, {6, 0, 0, 64}};
    const struct bpf_insn length[] = {{0x80, 0, 0, 0}, {0x16, 0, 0, 0}};
    const struct bpf_insn divide[] = {{0x80, 0, 0, 0}, {0x34, 0, 0, 0}, {6, 0, 0, 64}};
    const struct bpf_insn endless[] = {{5, 0, 0, 0xffffffff}};
    const struct bpf_insn no_end[] = {{0x80, 0, 0, 0}};
    CHECK_INT(run(arp, 4, NULL), 64);
    CHECK_INT(run(beyond, 2, NULL), 0);
    CHECK_INT(run(length, 2, NULL), 1000);
    CHECK_INT(run(divide, 3, NULL), 0);
    CHECK_INT(run(endless, 1, NULL), 0);
    CHECK_INT(run(no_end, 1, NULL), 0);
}

static void test_filter_of_the_link(void)
{
    const struct bpf_insn inbound[] = {
        {0x28, 0, 0, 0xfffff004}, {0x15, 0, 1, 4}, {6, 0, 0, 0}, {6, 0, 0, 9}};
    const struct bpf_insn ifindex[] = {{0x20, 0, 0, 0xfffff008}, {0x16, 0, 0, 0}};
    const struct bpf_meta in = {.pkttype = VNET_PACKET_HOST, .ifindex = 7};
    const struct bpf_meta out = {.pkttype = VNET_PACKET_OUTGOING};
    CHECK_INT(run(inbound, 4, &in), 9);
    CHECK_INT(run(inbound, 4, &out), 0);
    CHECK_INT(run(inbound, 4, NULL), 0);
    CHECK_INT(run(ifindex, 2, &in), 7);
}

/* ---- names in expressions ---- */

static void expect_unknown(const char *expression, const char *name)
{
    char *unknown = filter_unknown_host(expression);
    CHECK_STR(unknown ? unknown : "", name);
    free(unknown);
}

static void test_host_names(void)
{
    expect_unknown("", "");
    expect_unknown("icmp and not arp", "");
    expect_unknown("host 10.0.0.1 or fe80::1 and port http", "");
    expect_unknown("src localhost", "");
    expect_unknown("host example.org", "example.org");
    expect_unknown("tcp and (src or dst server)", "server");
    expect_unknown("host 10.0.0.1 or mail", "mail");
    expect_unknown("ether host printer", "");
    expect_unknown("ether src 02:00:00:00:00:01 and ip host mail", "mail");
    expect_unknown("tcp[tcpflags] & (tcp-syn|tcp-fin) != 0", "");
}

int main(void)
{
    RUN(test_one_frame);
    RUN(test_filter_program);
    RUN(test_filter_of_the_link);
    RUN(test_host_names);
    return unit_end();
}
