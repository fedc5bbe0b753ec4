/* Files below /proc/net: counters. */
#include <errno.h>
#include <string.h>

#include "inet/mib.h"
#include "tests/unit/net.h"
#include "vnet_proc.h"
#include "vnet_route.h"

static struct vnet *world(const char *profile)
{
    return net_pair(profile, NULL);
}

static unsigned words(const char *line)
{
    unsigned n = 0;
    for (; *line && *line != '\n'; line++)
        n += *line == ' ';
    return n;
}

static const char *next_line(const char *p)
{
    return strchr(p, '\n') + 1;
}

/* Each table has as many values as names, whatever the kernel. */
static void test_tables(void)
{
    static const char *const files[] = {"snmp", "netstat"};
    for (const struct vnet_profile *p = vnet_profiles(); p->name; p++) {
        struct vnet *w = world(p->name);
        for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
            struct strbuf text = STRBUF_INIT;
            CHECK_INT(vnet_proc_net(vnet_init_ns(w), files[i], &text), 0);
            for (const char *line = text.data; *line; line = next_line(next_line(line)))
                CHECK_INT(words(line), words(next_line(line)));
            strbuf_release(&text);
        }
        vnet_free(w);
    }
}

static void test_values(void)
{
    struct vnet *w = world("debian12");
    struct netns *ns = vnet_init_ns(w);
    struct strbuf text = STRBUF_INIT;
    memset(ns->mib, 0, sizeof(*ns->mib));
    ip_inc_packet(ns, IPSTATS_INPKTS, 84);
    ip_inc(ns, IPSTATS_INDELIVERS);
    icmp_out_count(ns, 8);
    ns->mib->icmpmsg[3] = 7;
    vnet_proc_net(ns, "snmp", &text);
    CHECK(strstr(text.data, "\nIp: 2 64 1 0 0 0 0 0 1 0 0 0 0 0 0 0 0 0 0\n"));
    CHECK(strstr(text.data, "\nIcmpMsg: InType3 OutType8\nIcmpMsg: 7 1\nTcp: RtoAlgorithm "));
    CHECK(strstr(text.data, "\nTcp: 1 200 120000 -1 0 0 0 0 0 0 0 0 0 0 0\n"));
    strbuf_reset(&text);
    vnet_proc_net(ns, "netstat", &text);
    CHECK(strstr(text.data, "\nIpExt: 0 0 0 0 0 0 84 0 0 0 0 0 0 0 0 0 0 0\n"));
    strbuf_release(&text);
    vnet_free(w);
}

/* IcmpMsg has sixteen types a line. */
static void test_many_types(void)
{
    struct vnet *w = world("debian12");
    struct netns *ns = vnet_init_ns(w);
    struct strbuf text = STRBUF_INIT;
    unsigned lines = 0;
    memset(ns->mib, 0, sizeof(*ns->mib));
    for (unsigned i = 0; i < 33; i++)
        ns->mib->icmpmsg[i * 3] = i + 1;
    vnet_proc_net(ns, "snmp", &text);
    for (const char *p = text.data; (p = strstr(p, "IcmpMsg:")); p++)
        lines++;
    CHECK_INT(lines, 6);
    strbuf_release(&text);
    vnet_free(w);
}

static void test_snmp6(void)
{
    struct vnet *w = world("linux6.18");
    struct netns *ns = vnet_init_ns(w);
    struct strbuf text = STRBUF_INIT;
    memset(ns->mib, 0, sizeof(*ns->mib));
    icmp6_out_count(ns, 135);
    vnet_proc_net(ns, "snmp6", &text);
    CHECK(strncmp(text.data, "Ip6InReceives                   \t0\n", 35) == 0);
    CHECK(strstr(text.data, "\nIcmp6OutNeighborSolicits        \t1\n"));
    CHECK(strstr(text.data, "\nIcmp6OutMLDv2Reports            \t0\n"
                            "Icmp6OutType135                 \t1\nUdp6InDatagrams"));
    strbuf_release(&text);
    vnet_free(w);
}

/* Lines as Linux has them, addresses of a little-endian machine. */
static void test_routes(void)
{
    struct vnet *w = world("debian12");
    struct netns *ns = vnet_init_ns(w);
    struct strbuf text = STRBUF_INIT;
    struct vnet_rtentry rt = {.dst = ip4("10.0.0.0"),
                              .genmask = 0xffffff00,
                              .flags = VNET_RTF_UP | VNET_RTF_MTU,
                              .dev = "veth0",
                              .metric = 8,
                              .mtu = 1000};
    CHECK_INT(vnet_route_ioctl(ns, true, &rt), 0);
    CHECK_INT(vnet_proc_net(ns, "route", &text), 0);
    CHECK(strstr(text.data, "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU"
                            "\tWindow\tIRTT   "));
    CHECK(strstr(text.data, "\nveth0\t0000000A\t00000000\t0001\t0\t0\t7\t00FFFFFF\t1000\t0\t0   "));
    for (const char *line = text.data; *line; line = next_line(line))
        CHECK_INT(next_line(line) - line, 128);
    strbuf_release(&text);
    vnet_free(w);
}

static void test_ipv6_routes(void)
{
    struct vnet *w = world("debian12");
    struct netns *ns = vnet_init_ns(w);
    struct strbuf text = STRBUF_INIT;
    struct vnet_in6_rtmsg rt = {.dst_len = 48,
                                .flags = VNET_RTF_UP | VNET_RTF_MODIFIED | VNET_RTF_DYNAMIC,
                                .metric = 1,
                                .ifindex = vnet_link_index(ns, "veth0")};
    net_sysctl_set(w, "net/ipv6/conf/veth0/disable_ipv6", "0");
    inet_addr_parse(VNET_AF_INET6, "2001:db8:7::", &rt.dst);
    CHECK_INT(vnet_route6_ioctl(ns, true, &rt), 0);
    CHECK_INT(vnet_route6_ioctl(ns, true, &rt), -EEXIST);
    vnet_proc_net(ns, "ipv6_route", &text);
    CHECK(
        strstr(text.data,
               "20010db8000700000000000000000000 30 00000000000000000000000000000000 00 "
               "00000000000000000000000000000000 00000001 00000001 00000000 00000031    veth0\n"));
    CHECK(
        strstr(text.data,
               "00000000000000000000000000000001 80 00000000000000000000000000000000 00 "
               "00000000000000000000000000000000 00000000 00000002 00000000 80200001       lo\n"));
    CHECK(
        strstr(text.data,
               "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
               "00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n"));
    CHECK_INT(vnet_route6_ioctl(ns, false, &rt), 0);
    CHECK_INT(vnet_route6_ioctl(ns, false, &rt), -ESRCH);
    strbuf_release(&text);
    vnet_free(w);
}

static void test_names(void)
{
    struct vnet *w = world("debian12");
    struct strbuf text = STRBUF_INIT;
    CHECK_INT(vnet_proc_net(vnet_init_ns(w), "nothing", &text), -ENOENT);
    CHECK_INT(vnet_proc_net(vnet_init_ns(w), "", &text), -ENOENT);
    for (size_t i = 0; vnet_proc_net_name(i); i++) {
        CHECK_INT(vnet_proc_net(vnet_init_ns(w), vnet_proc_net_name(i), &text), 0);
        CHECK(i == 0 || strcmp(vnet_proc_net_name(i - 1), vnet_proc_net_name(i)) < 0);
    }
    strbuf_release(&text);
    vnet_free(w);
}

int main(void)
{
    RUN(test_tables);
    RUN(test_values);
    RUN(test_many_types);
    RUN(test_snmp6);
    RUN(test_routes);
    RUN(test_ipv6_routes);
    RUN(test_names);
    return unit_end();
}
