/* The judge must let volatile values pass and must find every planted error. */
#include "cmd/replay/unify.h"

#include <stdlib.h>

#include "tests/unit/unit.h"

#define LINES(...)                                                            \
    &(struct unify_text)                                                      \
    {                                                                         \
        (const char *const[]){__VA_ARGS__},                                   \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *) \
    }

static struct unify *new_unify(double tolerance_s)
{
    struct unify_opts opts = {.tolerance_ns = (int64_t)(tolerance_s * 1e9)};
    return unify_new(&opts);
}

/* The verdict on one pair of lines, nothing being known before. */
static enum unify_verdict fresh(const char *expected, const char *actual)
{
    struct unify *u = new_unify(0.3);
    enum unify_verdict v = unify_line(u, expected, actual);
    unify_free(u);
    return v;
}

static enum unify_verdict fresh_block(const struct unify_text *expected,
                                      const struct unify_text *actual)
{
    struct unify *u = new_unify(0.3);
    enum unify_verdict v = unify_block(u, expected, actual, false, NULL);
    unify_free(u);
    return v;
}

static void test_equal(void)
{
    CHECK_INT(fresh("", ""), UNIFY_SAME);
    CHECK_INT(fresh("inet 10.0.0.1/24 scope global veth0", "inet 10.0.0.1/24 scope global veth0"),
              UNIFY_SAME);
}

static void test_planted_in_a_line(void)
{
    CHECK_INT(fresh("inet 192.168.2.11/24 scope global", "inet 192.168.2.12/24 scope global"),
              UNIFY_DIFFERENT);
    CHECK_INT(fresh("inet 192.168.2.11/24", "inet 192.168.2.11/25"), UNIFY_DIFFERENT);
    CHECK_INT(fresh("64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.05 ms",
                    "64 bytes from 10.0.0.1: icmp_seq=1 ttl=63 time=0.05 ms"),
              UNIFY_DIFFERENT);
    CHECK_INT(fresh("64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.051 ms",
                    "64 bytes from 10.0.0.1: icmp_seq=2 ttl=64 time=0.051 ms"),
              UNIFY_DIFFERENT);
    CHECK_INT(fresh("4 packets transmitted, 4 received, 0% packet loss, time 3050ms",
                    "4 packets transmitted, 3 received, 0% packet loss, time 3050ms"),
              UNIFY_DIFFERENT);
    CHECK_INT(fresh("4 packets captured", "5 packets captured"), UNIFY_DIFFERENT);
    CHECK_INT(fresh("veth0 <UP>", "veth0 <UP> "), UNIFY_COSMETIC);
    CHECK_INT(fresh("veth0", "veth0 extra"), UNIFY_DIFFERENT);
    CHECK_INT(fresh("veth0 extra", "veth0"), UNIFY_DIFFERENT);
    CHECK_INT(fresh("[exit 1]", "[exit 2]"), UNIFY_DIFFERENT);
}

static void test_mac_is_a_variable(void)
{
    struct unify *u = new_unify(0);
    CHECK_INT(unify_line(u, "link/ether 46:27:49:49:15:57 brd ff:ff:ff:ff:ff:ff",
                         "link/ether 7e:08:71:f8:c8:1a brd ff:ff:ff:ff:ff:ff"),
              UNIFY_VOLATILE);
    CHECK_INT(unify_line(u, "ARP, Reply 10.0.0.2 is-at 46:27:49:49:15:57, length 28",
                         "ARP, Reply 10.0.0.2 is-at 7e:08:71:f8:c8:1a, length 28"),
              UNIFY_VOLATILE);
    CHECK_INT(unify_line(u, "ARP, Reply 10.0.0.2 is-at 46:27:49:49:15:57, length 28",
                         "ARP, Reply 10.0.0.2 is-at 7e:08:71:f8:c8:1b, length 28"),
              UNIFY_DIFFERENT);
    CHECK_INT(unify_line(u, "lladdr 46:27:49:49:15:58", "lladdr 7e:08:71:f8:c8:1a"),
              UNIFY_DIFFERENT); /* two addresses are not one */
    CHECK_INT(unify_line(u, "46:27:49:49:15:57", "46:27:49:49:15:57"), UNIFY_DIFFERENT);
    CHECK_INT(unify_line(u, "46:27:49:49:15:57", "10.0.0.1"), UNIFY_DIFFERENT);
    unify_free(u);
}

static void test_group_macs_are_not(void)
{
    CHECK_INT(fresh("brd ff:ff:ff:ff:ff:ff", "brd ff:ff:ff:ff:ff:fe"), UNIFY_DIFFERENT);
    CHECK_INT(fresh("brd ff:ff:ff:ff:ff:ff", "brd 02:00:00:00:00:01"), UNIFY_DIFFERENT);
    CHECK_INT(fresh("00:00:00:00:00:00", "02:00:00:00:00:01"), UNIFY_DIFFERENT);
    CHECK_INT(fresh("> 33:33:00:00:00:16,", "> 33:33:00:00:00:02,"), UNIFY_DIFFERENT);
    CHECK_INT(fresh("> 01:00:5e:00:00:01,", "> 01:00:5e:00:00:02,"), UNIFY_DIFFERENT);
}

static void test_mac_of_the_command_is_itself(void)
{
    struct unify *u = new_unify(0);
    unify_command(u, "ip link add veth0 address 02:00:00:00:00:01 type veth");
    CHECK_INT(unify_line(u, "link/ether 02:00:00:00:00:01", "link/ether 02:00:00:00:00:02"),
              UNIFY_DIFFERENT);
    CHECK_INT(unify_line(u, "link/ether 02:00:00:00:00:01", "link/ether 02:00:00:00:00:01"),
              UNIFY_SAME);
    CHECK_INT(unify_line(u, "inet6 fe80::ff:fe00:1/64", "inet6 fe80::ff:fe00:2/64"),
              UNIFY_DIFFERENT);
    unify_free(u);
}

static void test_bridge_id_is_a_variable(void)
{
    struct unify *u = new_unify(0);
    const char *id = "br0\t\t8000.1a8c788257db\tno";
    CHECK_INT(unify_line(u, id, "br0\t\t8000.368f2bc962c7\tno"), UNIFY_VOLATILE);
    CHECK_INT(unify_line(u, "link/ether 1a:8c:78:82:57:db", "link/ether 46:27:49:49:15:57"),
              UNIFY_VOLATILE); /* another port's */
    CHECK_INT(unify_line(u, id, "br0\t\t8000.368f2bc962c8\tno"), UNIFY_DIFFERENT);
    CHECK_INT(unify_line(u, id, "br0\t\t9000.368f2bc962c7\tno"), UNIFY_DIFFERENT);
    CHECK_INT(unify_line(u, id, "br0\t\t8000.000000000000\tno"), UNIFY_DIFFERENT);
    unify_command(u, "ip link add a address 02:00:00:00:00:01 type veth peer b address "
                     "02:00:00:00:00:02");
    CHECK_INT(unify_line(u, "8000.020000000001", "8000.020000000002"), UNIFY_DIFFERENT);
    unify_free(u);
}

static void test_eui64_follows_the_mac(void)
{
    struct unify *u = new_unify(0);
    CHECK_INT(unify_line(u, "9a:15:f8:48:a5:69", "1e:f6:7e:8d:6c:92"), UNIFY_VOLATILE);
    CHECK_INT(
        unify_line(u, "inet6 fe80::9815:f8ff:fe48:a569/64", "inet6 fe80::1cf6:7eff:fe8d:6c92/64"),
        UNIFY_VOLATILE);
    CHECK_INT(
        unify_line(u, "inet6 fe80::9815:f8ff:fe48:a569/64", "inet6 fe80::1cf6:7eff:fe8d:6c93/64"),
        UNIFY_DIFFERENT);
    CHECK_INT(
        unify_line(u, "inet6 fe80::9815:f8ff:fe48:a569/64", "inet6 fec0::1cf6:7eff:fe8d:6c92/64"),
        UNIFY_DIFFERENT);
    CHECK_INT(
        unify_line(u, "IP6 :: > ff02::1:ff48:a569: ICMP6", "IP6 :: > ff02::1:ff8d:6c92: ICMP6"),
        UNIFY_VOLATILE);
    CHECK_INT(
        unify_line(u, "IP6 :: > ff02::1:ff48:a569: ICMP6", "IP6 :: > ff02::1:ff8d:6c93: ICMP6"),
        UNIFY_DIFFERENT);
    CHECK_INT(unify_line(u, "> 33:33:ff:48:a5:69,", "> 33:33:ff:8d:6c:92,"), UNIFY_VOLATILE);
    CHECK_INT(unify_line(u, "> 33:33:ff:48:a5:69,", "> 33:33:ff:48:a5:69,"), UNIFY_DIFFERENT);
    CHECK_INT(unify_line(u, "IP6 :: > ff02::16: HBH", "IP6 :: > ff02::2: HBH"), UNIFY_DIFFERENT);
    unify_free(u);
}

/* What a solicited-node group showed of an address before the address itself was seen. */
static void test_solicited_node_first(void)
{
    struct unify *u = new_unify(0);
    CHECK_INT(unify_line(u, "ff02::1:ff48:a569", "ff02::1:ff8d:6c92"), UNIFY_VOLATILE);
    CHECK_INT(unify_line(u, "9a:15:f8:48:a5:69", "1e:f6:7e:8d:6c:93"), UNIFY_DIFFERENT);
    CHECK_INT(unify_line(u, "9a:15:f8:48:a5:69", "1e:f6:7e:8d:6c:92"), UNIFY_VOLATILE);
    unify_free(u);
}

static void test_echo_id(void)
{
    struct unify *u = new_unify(0);
    CHECK_INT(
        unify_line(
            u,
            "15:00:13.420976 IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 16120, seq 1, length 64",
            "00:00:09.000001 IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 7, seq 1, length 64"),
        UNIFY_VOLATILE);
    CHECK_INT(unify_line(u, "ICMP echo reply, id 16120, seq 1, length 64",
                         "ICMP echo reply, id 8, seq 1, length 64"),
              UNIFY_DIFFERENT);
    CHECK_INT(unify_line(u, "ICMP echo reply, id 16120, seq 1, length 64",
                         "ICMP echo reply, id 7, seq 1, length 64"),
              UNIFY_VOLATILE);
    CHECK_INT(unify_line(u, "ICMP echo reply, id 16121, seq 1, length 64",
                         "ICMP echo reply, id 7, seq 1, length 64"),
              UNIFY_DIFFERENT);
    unify_free(u);
}

static void test_ip_id(void)
{
    struct unify *u = new_unify(0);
    CHECK_INT(unify_line(u, "(tos 0x0, ttl 64, id 100, offset 0, flags [+])",
                         "(tos 0x0, ttl 64, id 900, offset 0, flags [+])"),
              UNIFY_VOLATILE);
    CHECK_INT(unify_line(u, "(tos 0x0, ttl 64, id 100, offset 1480, flags [none])",
                         "(tos 0x0, ttl 64, id 901, offset 1480, flags [none])"),
              UNIFY_DIFFERENT);
    CHECK_INT(
        unify_line(u, "(tos 0x0, ttl 64, id 0, offset 0)", "(tos 0x0, ttl 64, id 5, offset 0)"),
        UNIFY_DIFFERENT);
    CHECK_INT(
        unify_line(u, "(tos 0x0, ttl 64, id 101, offset 0)", "(tos 0x0, ttl 64, id 900, offset 0)"),
        UNIFY_DIFFERENT);
    unify_free(u);
}

static void test_ifindex(void)
{
    struct unify_opts bound = {.ifindex_bound = true};
    struct unify *u = unify_new(&bound);
    CHECK_INT(unify_line(u, "7: veth1@veth0: <UP>", "3: veth1@veth0: <UP>"), UNIFY_VOLATILE);
    CHECK_INT(unify_line(u, "7: veth1@veth0: <UP>", "4: veth1@veth0: <UP>"), UNIFY_DIFFERENT);
    CHECK_INT(unify_line(u, "8: veth0@if7: <UP>", "2: veth0@if3: <UP>"), UNIFY_VOLATILE);
    CHECK_INT(unify_line(u, "8: veth0@if7: <UP>", "2: veth0@if4: <UP>"), UNIFY_DIFFERENT);
    unify_free(u);
    CHECK_INT(fresh("7: veth1@veth0: <UP>", "3: veth1@veth0: <UP>"), UNIFY_DIFFERENT);
}

static void test_durations(void)
{
    CHECK_INT(fresh("ttl=64 time=0.066 ms", "ttl=64 time=0.021 ms"), UNIFY_VOLATILE);
    CHECK_INT(fresh("ttl=64 time=0.066 ms", "ttl=64 time=1024 ms"), UNIFY_DIFFERENT);
    CHECK_INT(fresh("ttl=64 time=0.066 ms", "ttl=64 time=0.02 ms"), UNIFY_DIFFERENT); /* form */
    CHECK_INT(fresh("ttl=64 time=0.066 ms", "ttl=64 time=1.25 ms"), UNIFY_VOLATILE);
    CHECK_INT(fresh("ttl=64 time=0.066 ms", "ttl=64 time=x ms"), UNIFY_DIFFERENT);
    CHECK_INT(fresh("packet loss, time 3050ms", "packet loss, time 3000ms"), UNIFY_VOLATILE);
    CHECK_INT(fresh("packet loss, time 3050ms", "packet loss, time 2000ms"), UNIFY_DIFFERENT);
    CHECK_INT(fresh("mdev = 0.048/0.053/0.066/0.011 ms", "mdev = 0.010/0.020/0.030/0.001 ms"),
              UNIFY_VOLATILE);
    CHECK_INT(fresh("mdev = 0.048/0.053/0.066/0.011 ms", "mdev = 0.040/0.020/0.030/0.001 ms"),
              UNIFY_DIFFERENT);
    CHECK_INT(
        fresh("valid_lft 3600sec preferred_lft 1800sec", "valid_lft 3590sec preferred_lft 1799sec"),
        UNIFY_VOLATILE);
    CHECK_INT(fresh("valid_lft 3600sec", "valid_lft 1800sec"), UNIFY_DIFFERENT);
    CHECK_INT(fresh("valid_lft forever", "valid_lft 1800sec"), UNIFY_DIFFERENT);
    CHECK_INT(fresh("preferred_lft 0sec", "preferred_lft 1sec"), UNIFY_DIFFERENT);
    CHECK_INT(fresh("\"valid_life_time\":4294967295,", "\"valid_life_time\":4294967294,"),
              UNIFY_DIFFERENT);
}

static void test_clock(void)
{
    CHECK_INT(fresh_block(LINES("15:00:13.000000 ARP", "15:00:14.020000 ARP"),
                          LINES("09:00:00.500000 ARP", "09:00:01.500000 ARP")),
              UNIFY_VOLATILE);
    CHECK_INT(fresh_block(LINES("15:00:13.000000 ARP", "15:00:14.020000 ARP"),
                          LINES("09:00:00.500000 ARP", "09:00:03.500000 ARP")),
              UNIFY_DIFFERENT); /* a second apart became three */
    CHECK_INT(fresh_block(LINES("15:00:13.000000 A", "15:00:13.000010 B"),
                          LINES("09:00:00.500010 A", "09:00:00.500000 B")),
              UNIFY_DIFFERENT); /* backwards */
    CHECK_INT(fresh_block(LINES("23:59:59.900000 A", "00:00:00.900000 B"),
                          LINES("09:00:00.500000 A", "09:00:01.500000 B")),
              UNIFY_VOLATILE);
    CHECK_INT(fresh_block(LINES("15:00:13.000000 A", "15:00:23.000000 B"),
                          LINES("15:00:13 A", "15:00:23 B")),
              UNIFY_DIFFERENT);
    CHECK_INT(fresh_block(LINES(" 00:00:00.000000 A", " 00:00:01.024000 B"),
                          LINES(" 00:00:00.000000 A", " 00:00:01.000000 B")),
              UNIFY_VOLATILE);
    CHECK_INT(fresh_block(LINES(" 00:00:00.000000 A", " 00:00:01.024000 B"),
                          LINES(" 00:00:00.000000 A", " 00:00:02.000000 B")),
              UNIFY_DIFFERENT);
}

static void test_planted_in_a_capture(void)
{
    struct unify_text *expected =
        LINES("15:00:13.000000 ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28",
              "15:00:13.000020 ARP, Reply 10.0.0.2 is-at 46:27:49:49:15:57, length 28",
              "15:00:13.000030 IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 5, seq 1, length 64",
              "3 packets captured");
    CHECK_INT(
        fresh_block(expected,
                    LINES("08:00:00.100000 ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28",
                          "08:00:00.100008 ARP, Reply 10.0.0.2 is-at 0a:27:49:49:15:57, length 28",
                          "08:00:00.100016 IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 77, seq "
                          "1, length 64",
                          "3 packets captured")),
        UNIFY_VOLATILE);
    CHECK_INT(
        fresh_block(/* no ARP reply */
                    expected,
                    LINES("08:00:00.100000 ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28",
                          "08:00:00.100016 IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 77, seq "
                          "1, length 64",
                          "3 packets captured")),
        UNIFY_DIFFERENT);
    CHECK_INT(
        fresh_block(/* another order */
                    expected,
                    LINES("08:00:00.100000 ARP, Reply 10.0.0.2 is-at 0a:27:49:49:15:57, length 28",
                          "08:00:00.100008 ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28",
                          "08:00:00.100016 IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 77, seq "
                          "1, length 64",
                          "3 packets captured")),
        UNIFY_DIFFERENT);
    CHECK_INT(fresh_block(/* nothing at all */ expected, LINES("")), UNIFY_DIFFERENT);
}

static void test_missing_line_is_shown(void)
{
    struct unify *u = new_unify(0);
    struct unify_steps s = {0};
    CHECK_INT(unify_block(u, LINES("one", "two", "three"), LINES("one", "three"), false, &s),
              UNIFY_DIFFERENT);
    CHECK_INT(s.n, 3);
    CHECK_STR(s.step[1].expected, "two");
    CHECK(s.step[1].actual == NULL);
    CHECK_STR(s.step[2].actual, "three");
    CHECK_INT(unify_block(u, LINES("one", "three"), LINES("one", "two", "three"), false, &s),
              UNIFY_DIFFERENT);
    CHECK_INT(s.n, 3);
    CHECK(s.step[1].expected == NULL);
    CHECK_INT(
        unify_block(u, LINES("one", "two", "three"), LINES("one", "zwei", "three"), false, &s),
        UNIFY_DIFFERENT);
    CHECK_INT(s.n, 3);
    CHECK_STR(s.step[1].actual, "zwei");
    unify_steps_release(&s);
    unify_free(u);
}

static void test_a_block_that_differs_binds_nothing(void)
{
    struct unify *u = new_unify(0);
    CHECK_INT(unify_block(u, LINES("46:27:49:49:15:57", "a"), LINES("7e:08:71:f8:c8:1a", "b"),
                          false, NULL),
              UNIFY_DIFFERENT);
    CHECK_INT(unify_line(u, "46:27:49:49:15:57", "02:00:00:00:00:01"), UNIFY_VOLATILE);
    CHECK_INT(unify_line(u, "46:27:49:49:15:57 x", "02:00:00:00:00:02 x"), UNIFY_DIFFERENT);
    CHECK_INT(unify_line(u, "06:00:00:00:00:09 x", "02:00:00:00:00:07 y"), UNIFY_DIFFERENT);
    CHECK_INT(unify_line(u, "06:00:00:00:00:09 x", "02:00:00:00:00:08 x"), UNIFY_VOLATILE);
    unify_free(u);
}

static void test_unordered(void)
{
    struct unify *u = new_unify(0);
    struct unify_text *e = LINES("10.0.0.2 dev a lladdr 46:27:49:49:15:57 STALE",
                                 "10.0.0.3 dev a lladdr 46:27:49:49:15:58 STALE");
    struct unify_text *a = LINES("10.0.0.3 dev a lladdr 02:00:00:00:00:02 STALE",
                                 "10.0.0.2 dev a lladdr 02:00:00:00:00:01 STALE");
    struct unify_text *wrong = LINES("10.0.0.3 dev a lladdr 02:00:00:00:00:02 STALE",
                                     "10.0.0.3 dev a lladdr 02:00:00:00:00:02 STALE");
    CHECK_INT(unify_block(u, e, a, false, NULL), UNIFY_DIFFERENT);
    CHECK_INT(unify_block(u, e, wrong, true, NULL), UNIFY_DIFFERENT);
    CHECK_INT(unify_block(u, e, LINES("10.0.0.2 dev a lladdr 02:00:00:00:00:01 STALE"), true, NULL),
              UNIFY_DIFFERENT);
    CHECK_INT(unify_block(u, e, a, true, NULL), UNIFY_VOLATILE);
    unify_free(u);
    CHECK(unify_command_is_unordered("ip neigh"));
    CHECK(unify_command_is_unordered("ip -4 n show dev veth0"));
    CHECK(unify_command_is_unordered("ip -s neighbour list"));
    CHECK(!unify_command_is_unordered("ip neigh flush all"));
    CHECK(!unify_command_is_unordered("ip netns"));
    CHECK(!unify_command_is_unordered("ip route"));
    CHECK(!unify_command_is_unordered("ping neigh"));
}

static void test_cosmetic(void)
{
    CHECK_INT(fresh("link/ether 02:00:00:00:00:01", "    link/ether 02:00:00:00:00:01"),
              UNIFY_COSMETIC);
    CHECK_INT(fresh("tcpdump: verbose output suppressed, use -v or -vv for full protocol decode",
                    "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode"),
              UNIFY_COSMETIC);
    CHECK_INT(fresh("listening on lo, link-type EN10MB (Ethernet), capture size 262144 bytes",
                    "listening on lo, link-type EN10MB (Ethernet), snapshot length 262144 bytes"),
              UNIFY_COSMETIC);
    CHECK_INT(fresh("mtu 1500 state UP qlen 1000", "mtu 1500 state UP group default qlen 1000"),
              UNIFY_COSMETIC);
    CHECK_INT(fresh("mtu 1500 state UP qlen 1000", "mtu 1400 state UP group default qlen 1000"),
              UNIFY_DIFFERENT);
    CHECK_INT(fresh_block(LINES("a", "b"), LINES("a", "", "b")), UNIFY_COSMETIC);
    CHECK_INT(fresh("icmp_seq=1", "icmp_ seq=1"), UNIFY_DIFFERENT);
}

static void test_marked_stderr(void)
{
    CHECK_INT(fresh("2|RTNETLINK answers: File exists", "RTNETLINK answers: File exists"),
              UNIFY_DIFFERENT);
    CHECK_INT(fresh("2|15:00:13.420976 IP x", "2|16:00:13.420976 IP x"), UNIFY_VOLATILE);
}

/* A request of ping -e 7 -s 8 from 10.0.0.1 to 10.0.0.2, IP id 0x1234, and the same with 0x4321. */
#define ICMP_LINE "\t0x0010:  0a00 0002 0800 cbc7 0007 0001 0809 0a0b"
#define ICMP_REST "\t0x0020:  0c0d 0e0f"

static void test_hexdump(void)
{
    struct unify_text *e =
        LINES("\t0x0000:  4500 0024 1234 4000 4001 14a3 0a00 0001", ICMP_LINE, ICMP_REST);
    struct unify_text *other_id =
        LINES("\t0x0000:  4500 0024 4321 4000 4001 e3b5 0a00 0001", ICMP_LINE, ICMP_REST);
    struct unify_text *bad_sum =
        LINES("\t0x0000:  4500 0024 4321 4000 4001 14a3 0a00 0001", ICMP_LINE, ICMP_REST);
    struct unify_text *bad_ttl =
        LINES("\t0x0000:  4500 0024 1234 4000 3f01 15a3 0a00 0001", ICMP_LINE, ICMP_REST);
    struct unify_text *bad_data = LINES("\t0x0000:  4500 0024 1234 4000 4001 14a3 0a00 0001",
                                        ICMP_LINE, "\t0x0020:  0c0d 0e10");
    CHECK_INT(fresh_block(e, e), UNIFY_SAME);
    CHECK_INT(fresh_block(e, other_id), UNIFY_VOLATILE);
    CHECK_INT(fresh_block(e, bad_sum), UNIFY_DIFFERENT);
    CHECK_INT(fresh_block(e, bad_ttl), UNIFY_DIFFERENT);
    CHECK_INT(fresh_block(e, bad_data), UNIFY_DIFFERENT);
    CHECK_INT(
        fresh_block(e, LINES("\t0x0000:  4500 0024 1234 4000 4001 14a3 0a00 0001", ICMP_LINE)),
        UNIFY_DIFFERENT);
}

static void test_hexdump_text(void)
{
    struct unify_text *e =
        LINES("\t0x0000:  0001 0800 0604 0001 0200 0000 0001 0a00  ................",
              "\t0x0010:  0001 0000 0000 0000 0a00 0002            ............");
    struct unify_text *mac =
        LINES("\t0x0000:  0001 0800 0604 0001 0241 4200 0001 0a00  .........AB.....",
              "\t0x0010:  0001 0000 0000 0000 0a00 0002            ............");
    struct unify_text *text =
        LINES("\t0x0000:  0001 0800 0604 0001 0241 4200 0001 0a00  ................",
              "\t0x0010:  0001 0000 0000 0000 0a00 0002            ............");
    struct unify_text *addr =
        LINES("\t0x0000:  0001 0800 0604 0001 0200 0000 0001 0a00  ................",
              "\t0x0010:  0001 0000 0000 0000 0a00 0003            ............");
    CHECK_INT(fresh_block(e, mac), UNIFY_VOLATILE);
    CHECK_INT(fresh_block(e, text), UNIFY_DIFFERENT);
    CHECK_INT(fresh_block(e, addr), UNIFY_DIFFERENT);
}

static void test_numbered_packets(void)
{
    CHECK_INT(fresh_block(LINES("    1  15:00:13.000000 ARP", "    2  15:00:14.000000 ARP"),
                          LINES("    1  09:00:00.500000 ARP", "    2  09:00:01.500000 ARP")),
              UNIFY_VOLATILE);
    CHECK_INT(fresh("    1  15:00:13.000000 ARP", "    2  15:00:13.000000 ARP"), UNIFY_DIFFERENT);
    CHECK_INT(
        fresh("64 bytes: icmp_seq=1 ident=1278 ttl=64", "64 bytes: icmp_seq=1 ident=7 ttl=64"),
        UNIFY_VOLATILE);
}

/* A nonce may be any, but is the same wherever its packet shows; an address is the address's. */
static void test_neighbour_options(void)
{
    struct unify *u = new_unify(0);
    CHECK_INT(unify_line(u, "\t  0x0000:  335d 9ca1 f621", "\t  0x0000:  a9cf 160c e5be"),
              UNIFY_VOLATILE);
    CHECK_INT(unify_line(u, "\t  0x0000:  335d 9ca1 f621", "\t  0x0000:  a9cf 160c e5bf"),
              UNIFY_DIFFERENT);
    CHECK_INT(unify_line(u, "46:27:49:49:15:57", "7e:08:71:f8:c8:1a"), UNIFY_VOLATILE);
    CHECK_INT(unify_line(u, "\t    0x0000:  4627 4949 1557", "\t    0x0000:  7e08 71f8 c81a"),
              UNIFY_VOLATILE);
    CHECK_INT(unify_line(u, "\t    0x0000:  4627 4949 1557", "\t    0x0000:  7e08 71f8 c81b"),
              UNIFY_DIFFERENT);
    unify_free(u);
}

/* Two recordings of the neighbour solicitation that DAD sends for fe80::ff:fe00:1; nonce and
 * checksum differ. */
#define NS_HEAD                                           \
    "\t0x0000:  6000 0000 0020 3aff 0000 0000 0000 0000", \
        "\t0x0010:  0000 0000 0000 0000 ff02 0000 0000 0000"
#define NS_TARGET "\t0x0030:  fe80 0000 0000 0000 0000 00ff fe00 0001"

static void test_hexdump_of_ipv6(void)
{
    struct unify_text *e = LINES(NS_HEAD, "\t0x0020:  0000 0001 ff00 0001 8700 a8fb 0000 0000",
                                 NS_TARGET, "\t0x0040:  0e01 335d 9ca1 f621");
    CHECK_INT(fresh_block(e, LINES(NS_HEAD, "\t0x0020:  0000 0001 ff00 0001 8700 07e7 0000 0000",
                                   NS_TARGET, "\t0x0040:  0e01 ba2c 6001 4d07")),
              UNIFY_VOLATILE);
    CHECK_INT(fresh_block(e, LINES(NS_HEAD, "\t0x0020:  0000 0001 ff00 0001 8700 a8fb 0000 0000",
                                   NS_TARGET, "\t0x0040:  0e01 ba2c 6001 4d07")),
              UNIFY_DIFFERENT); /* wrong checksum */
    CHECK_INT(fresh_block(e, LINES(NS_HEAD, "\t0x0020:  0000 0001 ff00 0001 8700 07e7 0000 0000",
                                   NS_TARGET, "\t0x0040:  0101 ba2c 6001 4d07")),
              UNIFY_DIFFERENT); /* another option */
}

/* How often a route is held depends on which CPU used it; nothing else of the line does. */
static void test_references(void)
{
#define ROUTE6(dst, metric, refs) \
    dst "                      ::                         U    " metric " " refs "      0 veth0"
    CHECK_INT(fresh(ROUTE6("fe80::/64", "256", "1"), ROUTE6("fe80::/64", "256", "3")),
              UNIFY_VOLATILE);
    CHECK_INT(fresh(ROUTE6("fe80::/64", "256", "1"), ROUTE6("fe80::/64", "256", "0")),
              UNIFY_DIFFERENT);
    CHECK_INT(fresh(ROUTE6("fe80::/64", "256", "1"), ROUTE6("fe80::/64", "255", "1")),
              UNIFY_DIFFERENT);
#undef ROUTE6
    CHECK_INT(fresh("00000100 00000003 00000000 00000001    veth1",
                    "00000100 00000002 00000000 00000001    veth1"),
              UNIFY_VOLATILE);
    CHECK_INT(fresh("00000100 00000003 00000000 00000001    veth1",
                    "00000100 00000003 00000000 00000003    veth1"),
              UNIFY_DIFFERENT);
    CHECK_INT(
        fresh("10.0.0.0        0.0.0.0         255.255.255.0   U     1      0        0 veth0",
              "10.0.0.0        0.0.0.0         255.255.255.0   U     2      0        0 veth0"),
        UNIFY_DIFFERENT);
    CHECK_INT(fresh("    1      0      0       0", "    2      0      0       0"), UNIFY_DIFFERENT);
}

int main(void)
{
    RUN(test_equal);
    RUN(test_planted_in_a_line);
    RUN(test_mac_is_a_variable);
    RUN(test_group_macs_are_not);
    RUN(test_mac_of_the_command_is_itself);
    RUN(test_bridge_id_is_a_variable);
    RUN(test_eui64_follows_the_mac);
    RUN(test_solicited_node_first);
    RUN(test_echo_id);
    RUN(test_ip_id);
    RUN(test_ifindex);
    RUN(test_durations);
    RUN(test_clock);
    RUN(test_planted_in_a_capture);
    RUN(test_missing_line_is_shown);
    RUN(test_a_block_that_differs_binds_nothing);
    RUN(test_unordered);
    RUN(test_cosmetic);
    RUN(test_marked_stderr);
    RUN(test_hexdump);
    RUN(test_hexdump_text);
    RUN(test_numbered_packets);
    RUN(test_neighbour_options);
    RUN(test_hexdump_of_ipv6);
    RUN(test_references);
    return unit_end();
}
