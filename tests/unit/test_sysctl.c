/* Sysctls: texts, ranges, units and side effects, as measured on Linux 6.1 (HZ=100) and 6.18
 * (HZ=250). */
#include <errno.h>

#include "base/mem.h"
#include "inet/fib.h"
#include "inet/sysctl_file.h"
#include "tests/unit/net.h"

static int put(struct vnet *w, const char *path, const char *value)
{
    return vnet_sysctl_set(vnet_init_ns(w), path, value, NULL);
}

/* The value, or "errno N". */
static const char *get(struct vnet *w, const char *path, struct strbuf *value)
{
    strbuf_reset(value);
    int rc = vnet_sysctl_get(vnet_init_ns(w), path, value);
    if (rc < 0)
        strbuf_addf(value, "errno %d", -rc);
    return strbuf_cstr(value);
}

#define CHECK_VALUE(w, path, want)              \
    do {                                        \
        struct strbuf value_ = STRBUF_INIT;     \
        CHECK_STR(get(w, path, &value_), want); \
        strbuf_release(&value_);                \
    } while (0)

static void test_defaults(void)
{
    static const char *const rows[][3] = {
        /* path, 6.1, 6.18 */
        {"net/ipv4/ip_forward", "0", "0"},
        {"net/ipv4/conf/all/accept_source_route", "0", "0"},
        {"net/ipv4/conf/default/accept_source_route", "1", "1"},
        {"net/ipv4/conf/lo/disable_policy", "1", "1"},
        {"net/ipv4/conf/veth0/disable_policy", "0", "0"},
        {"net/ipv4/conf/veth0/arp_evict_nocarrier", "1", "1"},
        {"net/ipv6/conf/all/accept_dad", "0", "0"},
        {"net/ipv6/conf/default/accept_dad", "1", "1"},
        {"net/ipv6/conf/lo/accept_dad", "-1", "-1"},
        {"net/ipv6/conf/veth0/mtu", "1500", "1500"},
        {"net/ipv6/conf/all/mtu", "1280", "1280"},
        {"net/ipv6/conf/veth0/ioam6_id_wide", "4294967295", "4294967295"},
        {"net/ipv6/conf/veth0/optimistic_dad", "errno 2", "0"},
        {"net/ipv6/conf/veth0/force_forwarding", "errno 2", "0"},
        {"net/ipv6/conf/veth0/stable_secret", "errno 5", "errno 5"},
        {"net/ipv4/neigh/default/gc_thresh1", "128", "128"},
        {"net/ipv4/neigh/veth0/gc_thresh1", "errno 2", "errno 2"},
        {"net/ipv4/neigh/veth0/locktime", "100", "100"},
        {"net/ipv6/neigh/veth0/locktime", "0", "0"},
        {"net/ipv4/neigh/veth0/retrans_time", "100", "100"},
        {"net/ipv6/neigh/veth0/retrans_time", "100", "250"},
        {"net/ipv4/neigh/veth0/base_reachable_time", "30", "30"},
        {"net/ipv4/neigh/veth0/unres_qlen", "101", "101"},
        {"net/ipv4/neigh/veth0/unres_qlen_bytes", "212992", "212992"},
        {"net/ipv4/ping_group_range", "1\t0", "1\t0"},
        {"net/ipv6/icmp/ratelimit", "1000", "100"},
        {"net/core/rmem_max", "212992", "4194304"},
        {"net/ipv4/nosuch", "errno 2", "errno 2"},
        {"net/ipv4/conf/nosuch/rp_filter", "errno 2", "errno 2"},
        {"net/ipv4/conf", "errno 21", "errno 21"},
        {"net", "errno 21", "errno 21"},
        {"kernel", "errno 2", "errno 2"},
        {"", "errno 21", "errno 21"},
    };
    struct vnet *w[2] = {net_world("debian12"), net_world("linux6.18")};
    for (int k = 0; k < 2; k++) {
        net_veth(w[k], "veth0", "veth1");
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
            CHECK_VALUE(w[k], rows[i][0], rows[i][1 + k]);
        vnet_free(w[k]);
    }
}

static void test_centos7(void)
{
    struct vnet *w = net_world("centos7");
    CHECK_VALUE(w, "net/ipv4/conf/all/rp_filter", "1");
    CHECK_VALUE(w, "net/ipv4/conf/lo/rp_filter", "1");
    CHECK_VALUE(w, "net/ipv4/neigh/lo/unres_qlen", "31");
    CHECK_VALUE(w, "net/ipv4/conf/lo/bc_forwarding", "errno 2");
    CHECK_VALUE(w, "net/ipv6/conf/lo/addr_gen_mode", "errno 2");
    vnet_free(w);
}

struct writing {
    const char *path, *text, *value; /* value NULL: -EINVAL */
};

static void check_writes(struct vnet *w, const struct writing *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int rc = put(w, rows[i].path, rows[i].text);
        if (!unit_check(rc == (rows[i].value ? 0 : -EINVAL), __FILE__, __LINE__, rows[i].path))
            printf("#   \"%s\" gives %d\n", rows[i].text, rc);
        if (rows[i].value)
            CHECK_VALUE(w, rows[i].path, rows[i].value);
    }
}

#define F "net/ipv4/ip_forward"
static void test_numbers(void)
{
    static const struct writing rows[] = {
        {F, "2", "2"},
        {F, "-1\n", "-1"},
        {F, "0x10", "16"},
        {F, "010", "8"},
        {F, " \t7 \n", "7"},
        {F, "1 2", "1"},
        {F, "1 abc", "1"},
        {F, "2147483647", "2147483647"},
        {F, "-2147483648", "-2147483648"},
        {F, "2147483648", NULL},
        {F, "-2147483649", NULL},
        {F, "99999999999999999999999", NULL},
        {F, "", NULL},
        {F, "\n", NULL},
        {F, "abc", NULL},
        {F, "0x", NULL},
        {F, "08", NULL},
        {F, "1x", NULL},
        {F, "1,2", NULL},
        {F, "+1", NULL},
        {F, "- 1", NULL},
        {F, "-", NULL},
    };
    struct vnet *w = net_world("debian12");
    check_writes(w, rows, sizeof(rows) / sizeof(rows[0]));
    vnet_free(w);
}

#define N4 "net/ipv4/neigh/veth0/"
#define N6 "net/ipv6/neigh/veth0/"
#define C6 "net/ipv6/conf/veth0/"
static void test_ranges_and_units_at_hz_250(void)
{
    static const struct writing rows[] = {
        {N4 "retrans_time_ms", "1001", "1004"},
        {N4 "retrans_time_ms", "0", "0"},
        {N4 "retrans_time_ms", "-5", NULL},
        {N4 "retrans_time", "150", "150"},
        {N4 "retrans_time_ms", "4294967296", "0"},
        {N4 "base_reachable_time_ms", "123", "124"},
        {N4 "base_reachable_time", "20", "20"},
        {N4 "base_reachable_time", "8589934", "2147483"}, /* kept in int32_t milliseconds */
        {N4 "base_reachable_time", "8589935", NULL},
        {N4 "interval_probe_time_ms", "0", NULL},
        {N4 "interval_probe_time_ms", "1", "4"},
        {N4 "locktime", "7", "6"},
        {N4 "locktime", "-5", "-0"},
        {N4 "gc_stale_time", "-1", "-1"},
        {N4 "delay_first_probe_time", "99999999", NULL},
        {N4 "mcast_solicit", "-1", NULL},
        {N4 "unres_qlen", "3", "3"},
        {N4 "unres_qlen", "-1", NULL},
        {N4 "unres_qlen", "1027521", NULL},
        {N4 "unres_qlen_bytes", "100000", "100000"},
        {N6 "retrans_time", "500", "500"},
        {C6 "hop_limit", "0", NULL},
        {C6 "hop_limit", "255", "255"},
        {C6 "hop_limit", "256", NULL},
        {C6 "mtu", "1279", NULL},
        {C6 "mtu", "1501", NULL},
        {C6 "mtu", "1400", "1400"},
        {C6 "router_solicitations", "-2", NULL},
        {C6 "mldv1_unsolicited_report_interval", "1", "4"},
        {C6 "ioam6_id_wide", "4294967296", NULL},
        {C6 "ioam6_id_wide", "4294967294", "4294967294"},
        {C6 "accept_untracked_na", "3", NULL},
        {"net/ipv4/icmp_echo_ignore_all", "2", NULL},
        {"net/ipv4/icmp_ratelimit", "1001", "1004"},
        {"net/ipv4/ip_default_ttl", "0", NULL},
        {"net/ipv4/ip_default_ttl", "255", "255"},
        {"net/ipv4/route/min_pmtu", "67", NULL},
        {"net/ipv4/ipfrag_high_thresh", "100", NULL}, /* below the low one */
        {"net/ipv4/ipfrag_low_thresh", "4194305", NULL},
        {"net/ipv4/ipfrag_high_thresh", "5000000000", "5000000000"},
        {"net/core/wmem_default", "4607", NULL},
        {"net/ipv4/ping_group_range", "0 10", "0\t10"},
        {"net/ipv4/ping_group_range", "10 0", "1\t0"},
        {"net/ipv4/ping_group_range", "0", "0\t0"},
        {"net/ipv4/ping_group_range", "-1 5", NULL},
        {"net/ipv4/ping_group_range", "0 4294967295", NULL},
    };
    struct vnet *w = net_world("linux6.18");
    net_veth(w, "veth0", "veth1");
    check_writes(w, rows, sizeof(rows) / sizeof(rows[0]));
    CHECK_VALUE(w, N4 "unres_qlen", "47"); /* of 100000 bytes */
    CHECK_VALUE(w, N6 "retrans_time_ms", "2000");
    CHECK_INT(put(w, "net/ipv4/conf/veth0/mc_forwarding", "1"), -EACCES);
    vnet_free(w);
    w = net_world("debian12");
    net_veth(w, "veth0", "veth1");
    CHECK_INT(put(w, N4 "locktime", "-5"), 0);
    CHECK_VALUE(w, N4 "locktime", "-5");
    CHECK_INT(put(w, N4 "retrans_time_ms", "1001"), 0);
    CHECK_VALUE(w, N4 "retrans_time_ms", "1010");
    vnet_free(w);
}

/* ---- side effects ---- */

static void test_default_is_followed_until_own(void)
{
    struct vnet *w = net_world("debian12");
    net_veth(w, "a", "b");
    put(w, "net/ipv4/conf/a/arp_ignore", "1");
    put(w, "net/ipv4/conf/default/arp_ignore", "2");
    CHECK_VALUE(w, "net/ipv4/conf/a/arp_ignore", "1");
    CHECK_VALUE(w, "net/ipv4/conf/b/arp_ignore", "2");
    net_veth(w, "c", "d"); /* what was written to default when it was made counts as its own */
    put(w, "net/ipv4/conf/default/arp_ignore", "3");
    CHECK_VALUE(w, "net/ipv4/conf/c/arp_ignore", "2");
    CHECK_VALUE(w, "net/ipv4/conf/b/arp_ignore", "3");
    net_addr(w, "b", "10.0.0.1", 24); /* an address makes all of them own */
    put(w, "net/ipv4/conf/default/arp_announce", "1");
    CHECK_VALUE(w, "net/ipv4/conf/b/arp_announce", "0");
    CHECK_VALUE(w, "net/ipv4/conf/d/arp_announce", "1");
    put(w, "net/ipv4/neigh/default/app_solicit", "4");
    CHECK_VALUE(w, "net/ipv4/neigh/a/app_solicit", "4");
    CHECK_VALUE(w, "net/ipv4/neigh/b/app_solicit", "0");
    net_veth(w, "e", "f");
    put(w, "net/ipv4/neigh/default/app_solicit", "6");
    CHECK_VALUE(w, "net/ipv4/neigh/e/app_solicit", "6");
    put(w, "net/ipv6/conf/default/accept_ra", "0"); /* IPv6 never follows */
    CHECK_VALUE(w, "net/ipv6/conf/a/accept_ra", "1");
    vnet_free(w);
}

static void test_ip_forward(void)
{
    struct vnet *w = net_world("debian12");
    net_veth(w, "a", "b");
    put(w, "net/ipv4/conf/all/forwarding", "1");
    CHECK_VALUE(w, F, "1");
    CHECK_VALUE(w, "net/ipv4/conf/a/forwarding", "1");
    CHECK_VALUE(w, "net/ipv4/conf/default/forwarding", "1");
    CHECK_VALUE(w, "net/ipv4/conf/all/accept_redirects", "0");
    put(w, "net/ipv4/conf/a/forwarding", "0");
    put(w, F, "1"); /* no change: nothing follows */
    CHECK_VALUE(w, "net/ipv4/conf/a/forwarding", "0");
    put(w, F, "0");
    CHECK_VALUE(w, "net/ipv4/conf/all/accept_redirects", "1");
    put(w, "net/ipv4/conf/default/forwarding", "1");
    CHECK_VALUE(w, "net/ipv4/conf/b/forwarding", "0");
    vnet_free(w);
}

static void test_disable_ipv6(void)
{
    struct vnet *w = net_world("debian12");
    net_veth(w, "a", "b");
    net_up(w, "a", true);
    net_up(w, "b", true);
    net_wait_ms(w, 3000);
    struct netns *ns = vnet_init_ns(w);
    const struct inet_addr lo = inet_addr_v6((const uint8_t[16]){[15] = 1});
    uint8_t got = inet_addr_type(ns, &lo);
    CHECK_INT(got, VNET_RTN_LOCAL);
    put(w, "net/ipv6/conf/all/disable_ipv6", "2");
    CHECK_VALUE(w, "net/ipv6/conf/a/disable_ipv6", "2");
    CHECK_VALUE(w, "net/ipv6/conf/default/disable_ipv6", "2");
    CHECK(inet_addr_type(ns, &lo) != VNET_RTN_LOCAL);
    put(w, "net/ipv6/conf/all/disable_ipv6", "0");
    CHECK_INT(inet_addr_type(ns, &lo), VNET_RTN_LOCAL);
    put(w, "net/ipv6/conf/default/disable_ipv6", "1");
    CHECK_VALUE(w, "net/ipv6/conf/a/disable_ipv6", "0");
    vnet_free(w);
}

static void test_addr_gen_mode(void)
{
    struct vnet *w = net_world("debian12");
    net_veth(w, "veth0", "b");
    CHECK_INT(put(w, C6 "addr_gen_mode", "4"), -EINVAL);
    CHECK_INT(put(w, C6 "addr_gen_mode", "2"), -EINVAL); /* without a secret */
    CHECK_INT(put(w, C6 "stable_secret", "foo"), -EIO);
    CHECK_INT(put(w, C6 "stable_secret", "2001:db8::1\n"), 0);
    CHECK_VALUE(w, C6 "stable_secret", "2001:0db8:0000:0000:0000:0000:0000:0001");
    CHECK_VALUE(w, C6 "addr_gen_mode", "2");
    CHECK_INT(put(w, "net/ipv6/conf/all/addr_gen_mode", "3"), 0);
    CHECK_VALUE(w, C6 "addr_gen_mode", "3");
    CHECK_VALUE(w, "net/ipv6/conf/default/addr_gen_mode", "3");
    vnet_free(w);
}

static void test_names_with_dots_and_renames(void)
{
    struct vnet *w = net_world("debian12");
    net_veth(w, "eth0.100", "b");
    CHECK_INT(put(w, "net/ipv4/conf/eth0.100/rp_filter", "2"), 0);
    const struct vnet_link_req name = {.ifname = "eth0.100", .set = VNET_LINK_NAME, .newname = "c"};
    CHECK_INT(vnet_link_set(vnet_init_ns(w), &name, NULL), 0);
    CHECK_VALUE(w, "net/ipv4/conf/c/rp_filter", "2");
    CHECK_VALUE(w, "net/ipv4/conf/eth0.100/rp_filter", "errno 2");
    vnet_free(w);
}

/* ---- the list ---- */

struct seen {
    char last[128];
    unsigned n, unsorted, unreadable;
    struct vnet *w;
};

/* A path as its folders compare: '/' before all else. */
static int order(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return (*a == '/' ? 1 : (unsigned char)*a) - (*b == '/' ? 1 : (unsigned char)*b);
}

static int see(const char *path, bool readable, bool writable, void *arg)
{
    struct seen *s = arg;
    struct strbuf value = STRBUF_INIT;
    int rc = vnet_sysctl_get(vnet_init_ns(s->w), path, &value);
    bool secret = strstr(path, "/stable_secret") != NULL;
    if (rc != (secret ? -EIO : 0) || !readable)
        s->unreadable++;
    if (writable == (strstr(path, "/mc_forwarding") != NULL))
        s->unreadable++;
    if (s->n++ && order(s->last, path) >= 0)
        s->unsorted++;
    snprintf(s->last, sizeof(s->last), "%s", path);
    strbuf_release(&value);
    return 0;
}

static void test_list(void)
{
    struct vnet *w = net_world("linux6.18");
    net_veth(w, "eth0", "eth0.1");
    struct seen all = {.w = w}, one = {.w = w}, dir = {.w = w}, none = {.w = w};
    CHECK_INT(vnet_sysctl_list(vnet_init_ns(w), "", see, &all), 0);
    CHECK_INT(all.unsorted, 0);
    CHECK_INT(all.unreadable, 2); /* route/flush of both families */
    CHECK_INT(vnet_sysctl_list(vnet_init_ns(w), "net/ipv4/conf/eth0/", see, &dir), 0);
    CHECK_INT(dir.n, 33);
    CHECK_INT(vnet_sysctl_list(vnet_init_ns(w), F, see, &one), 0);
    CHECK_INT(one.n, 1);
    CHECK_INT(vnet_sysctl_list(vnet_init_ns(w), "net/ipv4/con", see, &none), 0);
    CHECK_INT(none.n, 0);
    vnet_free(w);
}

/* Devices' values are compared and copied as a whole: no number is without a file, or has two. */
static void test_each_number_has_a_file(void)
{
    static const enum sysctl_class classes[] = {CLASS_IPV4_CONF, CLASS_IPV6_CONF, CLASS_IPV4_NEIGH,
                                                CLASS_IPV6_NEIGH};
    static const unsigned counts[] = {IPV4_CONF_COUNT, IPV6_CONF_COUNT, NEIGH_PARM_COUNT,
                                      NEIGH_PARM_COUNT};
    for (size_t i = 0; i < ARRAY_LEN(classes); i++) {
        const struct sysctl_dir *d = &sysctl_dirs[classes[i]];
        unsigned files[IPV6_CONF_COUNT] = {0};
        CHECK(counts[i] <= ARRAY_LEN(files));
        for (unsigned k = 0; k < d->nfiles; k++)
            if (!(d->files[k].flags & (SYSCTL_VIEW | SYSCTL_DEFAULT)))
                files[d->files[k].id]++;
        for (unsigned id = 0; id < counts[i]; id++)
            CHECK_INT(files[id], 1);
    }
}

int main(void)
{
    RUN(test_defaults);
    RUN(test_centos7);
    RUN(test_numbers);
    RUN(test_ranges_and_units_at_hz_250);
    RUN(test_default_is_followed_until_own);
    RUN(test_ip_forward);
    RUN(test_disable_ipv6);
    RUN(test_addr_gen_mode);
    RUN(test_names_with_dots_and_renames);
    RUN(test_list);
    RUN(test_each_number_has_a_file);
    return unit_end();
}
