/* IGMP: groups, their reports, the state file; link-layer multicast addresses. */
#include "inet/igmp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dev/addr_lists.h"
#include "state/state.h"
#include "tests/unit/net.h"
#include "vnet_maddr.h"
#include "wire/cksum.h"
#include "wire/ether.h"
#include "wire/igmp.h"
#include "wire/ipv4.h"

enum { GROUP = 0xef010101 };

static void test_codec(void)
{
    uint8_t p[IGMP_LEN];
    struct igmp_msg m = {.type = IGMP_V2_REPORT, .code = 7, .group = GROUP}, back;
    igmp_emit(p, &m);
    CHECK_INT(cksum(p, sizeof(p)), 0);
    CHECK(igmp_parse(p, sizeof(p), &back));
    CHECK(back.type == m.type && back.code == m.code && back.group == m.group);
    CHECK(!igmp_parse(p, sizeof(p) - 1, &back));
    uint8_t report[IGMP3_REPORT_HDR + IGMP3_GREC_LEN];
    igmp3_grec_emit(report + IGMP3_REPORT_HDR, IGMP3_CHANGE_TO_EXCLUDE, GROUP);
    igmp3_report_emit(report, sizeof(report), 1);
    CHECK_INT(cksum(report, sizeof(report)), 0);
    CHECK_INT(report[7], 1);
}

static struct vnet *world(void)
{
    return net_pair("linux6.18", NULL);
}

static int autojoin(struct vnet *w, bool join)
{
    return ip_mc_autojoin(net_dev(w, "veth0")->in_dev, GROUP, join);
}

static unsigned reports(struct vnet *w)
{
    return net_frames(w, "veth0", ETH_P_IP, true);
}

static void run(struct vnet *w, int64_t seconds)
{
    vnet_run_until(w, vnet_now(w) + seconds * NSEC_PER_SEC);
}

static void test_reports(void)
{
    struct vnet *w = world();
    CHECK(ip_check_mc(net_dev(w, "veth0")->in_dev, IGMP_ALL_HOSTS));
    run(w, 5);
    CHECK_INT(reports(w), 0); /* of all hosts nothing is told */
    CHECK_INT(autojoin(w, true), 0);
    CHECK_INT(autojoin(w, true), -EADDRINUSE);
    run(w, 5);
    CHECK_INT(reports(w), 2);
    CHECK_INT(autojoin(w, false), 0);
    CHECK_INT(autojoin(w, false), -EADDRNOTAVAIL);
    CHECK(!ip_check_mc(net_dev(w, "veth0")->in_dev, GROUP));
    run(w, 5);
    CHECK_INT(reports(w), 4);
    vnet_free(w);
}

/* A query for all groups, from outside. */
static void ask(struct vnet *w)
{
    static const uint8_t hosts[ETH_ALEN] = {1, 0, 0x5e, 0, 0, 1};
    uint8_t p[IPV4_HDR_LEN + IGMP3_QUERY_LEN];
    const struct ipv4_hdr h = {.version = 4,
                               .hdr_len = IPV4_HDR_LEN,
                               .tot_len = sizeof(p),
                               .ttl = 1,
                               .protocol = 2,
                               .saddr = 0xc0a80263,
                               .daddr = IGMP_ALL_HOSTS};
    ipv4_emit(p, &h, NULL);
    igmp3_query_emit(p + IPV4_HDR_LEN, &(struct igmp_msg){.type = IGMP_QUERY, .code = 10}, 2, 125);
    net_inject(w, "veth0", ETH_P_IP, hosts, p, sizeof(p));
}

/* Whether somebody listens to the trace or not: a query is answered. */
static void test_answers(void)
{
    for (int traced = 0; traced <= 1; traced++) {
        struct net_trace t = {.n = 0};
        struct vnet *w = world();
        CHECK_INT(autojoin(w, true), 0);
        run(w, 5);
        unsigned before = reports(w);
        if (traced)
            vnet_trace_listen(w, net_trace_fn, &t);
        ask(w);
        run(w, 3);
        CHECK_INT(reports(w), before + 1);
        CHECK_INT(net_traced(&t, "igmp_rcv", VNET_TRACE_IGNORED) >= 0, traced);
        vnet_free(w);
    }
}

/* At each moment, with groups that come and go. */
static void test_state(void)
{
    struct vnet *w = world();
    struct lladdr own = lladdr_eth((const uint8_t[6]){0x33, 0x33, 0, 0, 0, 9});
    CHECK_INT(vnet_maddr_add(vnet_init_ns(w), "veth0", &own), 0);
    for (int i = 0; i < 6; i++) {
        CHECK_INT(autojoin(w, i % 2 == 0), 0);
        vnet_run_one(w, INT64_MAX);
        struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
        struct vnet *copy = vnet_clone(w);
        state_save(w, &a);
        state_save(copy, &b);
        CHECK_STR(a.data, b.data);
        strbuf_release(&a);
        strbuf_release(&b);
        vnet_free(copy);
    }
    vnet_free(w);
}

static void test_addresses(void)
{
    struct vnet *w = world();
    struct netns *ns = vnet_init_ns(w);
    const struct netdev *dev = net_dev(w, "veth0");
    const struct lladdr hosts = lladdr_eth((const uint8_t[6]){1, 0, 0x5e, 0, 0, 1});
    uint32_t before = dev->mc.n;
    CHECK_INT(vnet_maddr_add(ns, "veth0", &hosts), 0);
    CHECK_INT(vnet_maddr_add(ns, "veth0", &hosts), 0); /* twice is once */
    CHECK_INT(dev->mc.n, before);
    CHECK_INT(vnet_maddr_del(ns, "veth0", &hosts), 0);
    CHECK_INT(vnet_maddr_del(ns, "veth0", &hosts), -ENOENT);
    CHECK_INT(vnet_maddr_add(ns, "lo", &hosts), -EINVAL);
    CHECK_INT(vnet_maddr_add(ns, "none", &hosts), -ENODEV);
    CHECK_INT(vnet_maddr_del(ns, "none", &hosts), -ENODEV);
    vnet_free(w);
}

int main(void)
{
    RUN(test_codec);
    RUN(test_reports);
    RUN(test_answers);
    RUN(test_state);
    RUN(test_addresses);
    return unit_end();
}
