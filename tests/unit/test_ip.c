/* `ip`: its readers of words and its printers. Expected texts are what iproute2 6.1.0 prints. */
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cmd/files.h"
#include "cmd/ip/addr_print.h"
#include "cmd/ip/ip.h"
#include "cmd/ip/link_print.h"
#include "cmd/ip/names.h"
#include "cmd/ip/neigh_print.h"
#include "cmd/ip/prefix.h"
#include "vnet_addr.h"

/* ---- a place to run in ---- */

struct bench {
    struct sink out, err;
    struct vnet_session *session;
    struct cmd_env env;
    struct ip ip;
};

static void bench_init(struct bench *b)
{
    struct vnet_err err;
    struct vnet *w = vnet_new(vnet_profiles(), 1, 1700000000 * NSEC_PER_SEC);
    CHECK_INT(vnet_preset(w, "bare", &err), 0);
    sink_init_mem(&b->out);
    sink_init_mem(&b->err);
    b->session = vnet_session_memory(w);
    b->env = (struct cmd_env){.out = &b->out, .err = &b->err, .session = b->session, .netns = ""};
    b->ip = (struct ip){.env = &b->env, .err = &b->err, .out = {.out = &b->out, .nl = "\n"}};
    CHECK_INT(ip_open(&b->ip), ARG_OK);
}

static void bench_release(struct bench *b)
{
    ip_close(&b->ip);
    vnet_session_free(b->session);
    sink_release(&b->out);
    sink_release(&b->err);
}

static const char *printed(struct bench *b)
{
    return strbuf_cstr(&b->out.buf);
}

/* ---- words ---- */

static void test_prefixes(void)
{
    static const struct {
        const char *word;
        uint8_t family;
        bool ok;
        const char *addr;
        unsigned len;
    } rows[] = {
        {"10.8", VNET_AF_UNSPEC, true, "10.8.0.0", 32},
        {"10/8", VNET_AF_UNSPEC, true, "10.0.0.0", 8},
        {"0x0a.010.1.2/0x10", VNET_AF_UNSPEC, true, "10.8.1.2", 16},
        {"1.2.3.4/255.255.255.0", VNET_AF_INET, true, "1.2.3.4", 24},
        {"1.2.3.4/255.0.255.0", VNET_AF_INET, false, "", 0},
        {"1.2.3.4/33", VNET_AF_UNSPEC, false, "", 0},
        {"1.2.3.4/", VNET_AF_UNSPEC, false, "", 0},
        {"1.2.3.4.5", VNET_AF_UNSPEC, false, "", 0},
        {"256.1.1.1", VNET_AF_UNSPEC, false, "", 0},
        {"", VNET_AF_UNSPEC, false, "", 0},
        {"2001:db8::1/48", VNET_AF_UNSPEC, true, "2001:db8::1", 48},
        {"2001:db8::1", VNET_AF_INET, false, "", 0},
        {"1.2.3.4", VNET_AF_INET6, false, "", 0},
        {"default", VNET_AF_INET, true, "0.0.0.0", 0},
        {"any", VNET_AF_UNSPEC, true, "", 0},
        {"any/8", VNET_AF_UNSPEC, false, "", 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ip_prefix p;
        char buf[INET_ADDRSTRLEN_MAX];
        CHECK_INT(ip_read_prefix(rows[i].word, rows[i].family, &p), rows[i].ok);
        if (!rows[i].ok)
            continue;
        CHECK_STR(inet_addr_str(&p.addr, buf), rows[i].addr);
        CHECK_INT(p.len, rows[i].len);
    }
}

static void test_lladdrs(void)
{
    static const struct {
        const char *word, *text, *complaint;
    } rows[] = {
        {"02:00:00:00:00:01", "02:00:00:00:00:01", ""},
        {"2:0:0:0:0:a", "02:00:00:00:00:0a", ""},
        {"1:2", "01:02", ""},
        {"foo", "0f", ""}, /* what stands behind the digits is not looked at */
        {"1.2.3.4", "01:02:03:04", ""},
        {"xyz", "", "\"xyz\" is invalid lladdr.\n"},
        {"1:100", "", "\"100\" is invalid lladdr.\n"},
        {"1.2.x", "", "\"1.2.x\" is invalid lladdr.\n"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct bench b;
        struct lladdr ll;
        char buf[LLADDR_STRLEN_MAX];
        bench_init(&b);
        int status = ip_take_lladdr(&b.ip, rows[i].word, LLADDR_MAX, &ll);
        CHECK_INT(status, *rows[i].complaint ? ARG_FAILED : ARG_OK);
        CHECK_STR(strbuf_cstr(&b.err.buf), rows[i].complaint);
        if (!status)
            CHECK_STR(lladdr_str(&ll, buf), rows[i].text);
        bench_release(&b);
    }
}

static void test_names(void)
{
    char buf[NAME_MAX_LEN];
    uint32_t v = 77;
    CHECK(rtype_value("u", &v) && v == 7); /* unreachable stands before unicast */
    CHECK(rtype_value("brd", &v) && v == 3);
    CHECK(!rtype_value("loc", &v)); /* local is not to be abbreviated */
    CHECK(table_value("local", &v) && v == 255);
    CHECK(table_value("0x100", &v) && v == 256);
    CHECK(!table_value("nope", &v) && v == 256);
    CHECK(dsfield_value("10", &v) && v == 0x10);
    CHECK(!scope_value("256", &v));
    CHECK_STR(scope_name(253, false, buf), "link");
    CHECK_STR(scope_name(253, true, buf), "253");
    CHECK_STR(dsfield_name(4, false, buf), "0x04");
    CHECK_STR(arphrd_name(772, true, buf), "[772]");
    CHECK_STR(ipproto_name(6, false, buf), "tcp");
    CHECK_STR(ipproto_name(99, false, buf), "ipproto-99");
}

static void test_numbers(void)
{
    uint32_t u = 5;
    int i = 5;
    CHECK(arg_u32("0x10", 0, &u) && u == 16);
    CHECK(arg_u32("010", 0, &u) && u == 8);
    CHECK(arg_u32(" 7", 0, &u) && u == 7);
    CHECK(!arg_u32("-1", 0, &u) && u == 7);
    CHECK(!arg_u32("4294967296", 0, &u));
    CHECK(!arg_u32("7x", 0, &u));
    CHECK(!arg_u32("", 0, &u));
    CHECK(arg_int("-5", 0, &i) && i == -5);
    CHECK(!arg_int("2147483648", 0, &i));
}

static int note_keyword(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    *(uint32_t *)into = *(uint32_t *)into * 10 + kw->value;
    return kw->value == 9 ? ARG_STOP : ARG_OK;
}

static int note_other(struct args *a, void *into)
{
    (void)a;
    *(uint32_t *)into *= 100;
    return ARG_OK;
}

static void test_keywords(void)
{
    static const struct keyword table[] = {
        {"metric", true, note_keyword, 1, NULL},
        {"mtu", false, note_keyword, 2, NULL},
        {"stop", false, note_keyword, 9, NULL},
        {NULL, false, NULL, 0, NULL},
    };
    char m[] = "m", mtu[] = "mtu", mt[] = "mt", none[] = "", stop[] = "stop";
    char *words[] = {m, mtu, mt, none, stop, m};
    struct args a = {.v = words, .n = 6};
    uint32_t seen = 0;
    CHECK_INT(args_read(&a, table, &seen, note_other), ARG_OK);
    CHECK_INT(seen, 1200009); /* m, mtu, neither mt nor "", stop */
    CHECK_INT(a.n, 1);
}

/* ---- output ---- */

static void test_json(void)
{
    static const char want[] = "[ {\n"
                               "        \"a\": 1,\n"
                               "        \"s\": \"x\\\"\\\\\\n\",\n"
                               "        \"l\": [ \"p\",\"q\" ],\n"
                               "        \"e\": [ ],\n"
                               "        \"n\": null\n"
                               "    },{\n"
                               "        \"h\": \"0x1f\"\n"
                               "    } ]\n";
    struct sink out;
    sink_init_mem(&out);
    struct printer p = {.out = &out, .json = true, .pretty = true, .nl = "\n"};
    json_begin(&p);
    json_open_object(&p, NULL);
    print_int(&p, TO_ANY, "a", "a %d ", 1);
    print_str(&p, TO_ANY, "s", "s %s ", "x\"\\\n");
    print_str(&p, TO_TEXT, "t", "t %s ", "not in JSON");
    json_open_array(&p, "l");
    print_str(&p, TO_ANY, NULL, "%s", "p");
    print_str(&p, TO_ANY, NULL, "%s", "q");
    json_close_array(&p);
    json_open_array(&p, "e");
    json_close_array(&p);
    print_null(&p, TO_ANY, "n", "words");
    json_close_object(&p);
    json_open_object(&p, NULL);
    print_0xhex(&p, TO_ANY, "h", "%#llx", 31);
    json_close_object(&p);
    json_end(&p);
    CHECK_STR(strbuf_cstr(&out.buf), want);
    sink_release(&out);
}

static void test_colors(void)
{
    struct sink out;
    sink_init_mem(&out);
    struct printer p = {.out = &out, .nl = "\n", .color = true};
    print_colored(&p, TO_ANY, COLOR_IFNAME, "n", "%s: ", "lo");
    print_colored(&p, TO_ANY, COLOR_NONE, "n", "%s ", "plain");
    p.dark = true;
    print_colored(&p, TO_ANY, COLOR_INET, "n", "%s", "1.2.3.4");
    CHECK_STR(strbuf_cstr(&out.buf), "\033[36mlo: \033[0mplain \033[1;35m1.2.3.4\033[0m");
    sink_release(&out);
}

static struct vnet_link_info some_link(void)
{
    static const uint8_t mac[] = {2, 0, 0, 0, 0, 1}, brd[] = {255, 255, 255, 255, 255, 255};
    return (struct vnet_link_info){
        .ifindex = 1,
        .name = "lo",
        .flags = VNET_IFF_UP | VNET_IFF_BROADCAST | VNET_IFF_LOWER_UP | VNET_IFF_RUNNING,
        .type = VNET_ARPHRD_ETHER,
        .mtu = 1500,
        .txqlen = 1000,
        .qdisc = "fq_codel",
        .operstate = VNET_OPER_UP,
        .addr = lladdr_eth(mac),
        .brd = lladdr_eth(brd),
        .iflink_netnsid = -1,
        .alias = "spare",
    };
}

static void test_link_record(void)
{
    static const struct link_view view = {.link_object = true, .family = VNET_AF_PACKET};
    struct bench b;
    struct vnet_link_info l = some_link();
    bench_init(&b);
    ip_print_link(&b.ip, &l, &view);
    CHECK_STR(printed(&b), "1: lo: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP mode "
                           "DEFAULT group default qlen 1000\n"
                           "    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n"
                           "    alias spare\n");
    strbuf_reset(&b.out.buf);
    l.flags = VNET_IFF_UP | VNET_IFF_POINTOPOINT;
    l.iflink = 7;
    l.iflink_netnsid = 0;
    b.ip.out.nl = "\\";
    ip_print_link(&b.ip, &l, &view);
    CHECK_STR(printed(&b), "1: lo@if7: <NO-CARRIER,POINTOPOINT,UP> mtu 1500 qdisc fq_codel state "
                           "UP mode DEFAULT group default qlen 1000\\"
                           "    link/ether 02:00:00:00:00:01 peer ff:ff:ff:ff:ff:ff link-netnsid "
                           "0\\    alias spare\n");
    bench_release(&b);
}

static void test_brief(void)
{
    static const struct link_view view = {.link_object = true, .family = VNET_AF_PACKET};
    struct bench b;
    struct vnet_link_info l = some_link();
    bench_init(&b);
    l.operstate = VNET_OPER_LOWERLAYERDOWN;
    ip_print_link_brief(&b.ip, &l, &view);
    CHECK_STR(printed(&b), "lo               LOWERLAYERDOWN 02:00:00:00:00:01 "
                           "<BROADCAST,UP,LOWER_UP> \n");
    bench_release(&b);
}

static void test_stats_columns(void)
{
    struct bench b;
    struct vnet_link_info l = some_link();
    bench_init(&b);
    l.stats.rx_bytes = l.stats.tx_bytes = 11887376123;
    l.stats.rx_packets = l.stats.tx_packets = 19984;
    b.ip.opt.stats = 2;
    ip_print_stats(&b.ip, &l);
    CHECK_STR(printed(&b), "    RX:   bytes packets errors dropped  missed   mcast           \n"
                           "    11887376123   19984      0       0       0       0 \n"
                           "    RX errors:   length    crc   frame    fifo overrun\n"
                           "                      0      0       0       0       0 \n"
                           "    TX:   bytes packets errors dropped carrier collsns           \n"
                           "    11887376123   19984      0       0       0       0 \n"
                           "    TX errors:  aborted   fifo  window heartbt transns\n"
                           "                      0      0       0       0       0 ");
    bench_release(&b);
}

/* `ip -h -s link show lo`, and -iec, recorded after pings of known sizes. */
static void test_human_numbers(void)
{
    static const struct {
        uint64_t bytes;
        const char *si, *iec;
    } rows[] = {
        {228, "       228", "       228"},        {18732, "     18.7k", "    18.3ki"},
        {183212, "      183k", "     179ki"},     {108233612, "      108M", "     103Mi"},
        {1188737612, "     1.19G", "    1.11Gi"},
    };
    for (size_t i = 0; i < 2 * ARRAY_LEN(rows); i++) {
        struct bench b;
        struct vnet_link_info l = some_link();
        char want[128];
        bench_init(&b);
        l.stats.rx_bytes = rows[i / 2].bytes;
        b.ip.opt.stats = 1;
        b.ip.opt.human = true;
        b.ip.opt.iec = i % 2;
        ip_print_stats(&b.ip, &l);
        snprintf(want, sizeof(want), "\n    %s       0      0       0       0       0 \n",
                 i % 2 ? rows[i / 2].iec : rows[i / 2].si);
        CHECK(strstr(printed(&b), want));
        bench_release(&b);
    }
}

static void test_addr_record(void)
{
    struct bench b;
    struct vnet_addr_info addr = {
        .ifindex = 1,
        .family = VNET_AF_INET,
        .prefixlen = 24,
        .flags = VNET_IFA_F_SECONDARY | VNET_IFA_F_NOPREFIXROUTE,
        .local = inet_addr_v4(0x0a010001),
        .address = inet_addr_v4(0x0a010002),
        .brd = inet_addr_v4(0x0a0100ff),
        .label = "lo:1",
        .metric = 77,
        .valid_lft = 100,
        .preferred_lft = VNET_LIFETIME_FOREVER,
    };
    bench_init(&b);
    ip_print_addr(&b.ip, &addr, true);
    CHECK_STR(printed(&b), "1: lo    inet 10.1.0.1 peer 10.1.0.2/24 metric 77 brd 10.1.0.255 scope "
                           "global secondary dynamic noprefixroute lo:1\n"
                           "       valid_lft 100sec preferred_lft forever\n");
    strbuf_reset(&b.out.buf);
    b.ip.opt.brief = true;
    ip_print_addr(&b.ip, &addr, false);
    CHECK_STR(printed(&b), "10.1.0.1 peer 10.1.0.2/24 metric 77 ");
    bench_release(&b);
}

static void test_neigh_record(void)
{
    static const struct neigh_filter all = {.states = UINT32_MAX};
    static const uint8_t mac[] = {2, 0, 0, 0, 0, 7};
    struct bench b;
    struct vnet_neigh_info n = {
        .family = VNET_AF_INET,
        .ifindex = 1,
        .dst = inet_addr_v4(0x0a000007),
        .lladdr = lladdr_eth(mac),
        .state = VNET_NUD_STALE,
        .flags = VNET_NTF_ROUTER,
        .refcnt = 1,
        .used_ms = 2999,
        .confirmed_ms = 60000,
    };
    bench_init(&b);
    b.ip.opt.stats = 1;
    ip_print_neigh(&b.ip, &all, &n);
    CHECK_STR(printed(&b), "10.0.0.7 dev lo lladdr 02:00:00:00:00:07 router  ref 1 used "
                           "2/60/0probes 0 STALE \n");
    bench_release(&b);
}

/* ---- commands ---- */

static int run(struct bench *b, const char *const *words)
{
    char *argv[16];
    int argc = 0;
    ip_close(&b->ip);
    strbuf_reset(&b->out.buf);
    strbuf_reset(&b->err.buf);
    for (; words[argc]; argc++)
        argv[argc] = mem_strdup(words[argc]);
    int status = ip_main(&b->env, argc, argv);
    while (argc > 0)
        free(argv[--argc]);
    return status;
}

static void test_exit_statuses(void)
{
    static const struct {
        const char *words[8];
        int status;
        const char *complaint;
    } rows[] = {
        {{"ip", "l", NULL}, 0, ""},
        {{"ip", "foo", NULL}, 1, "Object \"foo\" is unknown, try \"ip help\".\n"},
        {{"ip", "-foo", NULL}, 255, "Option \"-foo\" is unknown, try \"ip -help\".\n"},
        {{"ip", "link", "foo", NULL}, 255, "Command \"foo\" is unknown, try \"ip link help\".\n"},
        {{"ip", "addr", "add", "x", "dev", "lo", NULL},
         1,
         "Error: any valid prefix is expected rather than \"x\".\n"},
        {{"ip", "link", "set", "lo", "mtu", NULL},
         255,
         "Command line is not complete. Try option \"help\"\n"},
        {{"ip", "link", "set", "nope", "up", NULL}, 1, "Cannot find device \"nope\"\n"},
        {{"ip", "link", "del", "lo", NULL}, 2, "RTNETLINK answers: Operation not supported\n"},
        {{"ip", "-b", "/etc/passwd", NULL},
         1,
         "Cannot open file \"/etc/passwd\" for reading: No such file or directory\n"},
        {{"ip", "netns", "attach", NULL}, 255, "vnet: ip netns \"attach\" is not emulated\n"},
    };
    struct bench b;
    bench_init(&b);
    b.env.files = files_new(NULL, "/tmp"); /* not the host's */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CHECK_INT(run(&b, rows[i].words), rows[i].status);
        CHECK_STR(strbuf_cstr(&b.err.buf), rows[i].complaint);
    }
    files_free(b.env.files);
    bench_release(&b);
}

int main(void)
{
    RUN(test_prefixes);
    RUN(test_lladdrs);
    RUN(test_names);
    RUN(test_numbers);
    RUN(test_keywords);
    RUN(test_json);
    RUN(test_colors);
    RUN(test_link_record);
    RUN(test_brief);
    RUN(test_stats_columns);
    RUN(test_human_numbers);
    RUN(test_addr_record);
    RUN(test_neigh_record);
    RUN(test_exit_statuses);
    return unit_end();
}
