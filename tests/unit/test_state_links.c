/* Links and sysctls in the state file: nothing is lost, defaults are left out, nonsense is refused
 * by its path. */
#include <stdlib.h>

#include "base/mem.h"
#include "state/state.h"
#include "tests/unit/net.h"

static char *text_of(const struct vnet *w)
{
    struct strbuf sb = STRBUF_INIT;
    state_save(w, &sb);
    return strbuf_detach(&sb);
}

static struct vnet *load(const char *text, struct vnet_err *err)
{
    *err = (struct vnet_err){""};
    return state_parse(mem_strdup(text), strlen(text), err);
}

static struct vnet *again(struct vnet *w)
{
    struct vnet_err err;
    char *text = text_of(w), *text2;
    vnet_free(w);
    w = load(text, &err);
    CHECK_STR(err.msg, "");
    if (!w)
        exit(unit_end());
    text2 = text_of(w);
    CHECK_STR(text2, text);
    free(text);
    free(text2);
    return w;
}

static void put(struct vnet *w, const char *path, const char *value)
{
    CHECK_INT(vnet_sysctl_set(vnet_init_ns(w), path, value, NULL), 0);
}

static void check(struct vnet *w, const char *path, const char *want)
{
    struct strbuf value = STRBUF_INIT;
    vnet_sysctl_get(vnet_init_ns(w), path, &value);
    CHECK_STR(strbuf_cstr(&value), want);
    strbuf_release(&value);
}

static void test_defaults_are_left_out(void)
{
    static const char *const profiles[] = {"debian12", "linux6.18", "centos7"};
    for (int i = 0; i < 3; i++) {
        struct vnet *w = vnet_new(vnet_profile_find(profiles[i]), 1, T0);
        net_veth(w, "veth0", "veth1");
        char *text = text_of(w);
        CHECK(strstr(text, "\"sysctl\":{}") != NULL);
        CHECK(strstr(text, "stats64") == NULL);
        CHECK(strstr(text, "num_tx_queues\":1,") == NULL);
        free(text);
        vnet_free(again(w));
    }
}

static void set(struct vnet *w, const char *name, struct vnet_link_req req)
{
    snprintf(req.ifname, sizeof(req.ifname), "%s", name);
    CHECK_INT(vnet_link_set(vnet_init_ns(w), &req, NULL), 0);
}

static void test_links_survive(void)
{
    struct vnet *w = net_pair("debian12", "192.168.2.12");
    const struct vnet_link_req bridge = {.kind = "bridge", .ifname = "br0", .ifindex = 77};
    const struct lladdr mac = {6, {0, 1, 2, 3, 4, 5}};
    CHECK_INT(vnet_link_add(vnet_init_ns(w), &bridge, NULL), 0);
    CHECK_INT(vnet_nic_add(vnet_init_ns(w), 9, "ens1", &mac, "mq", 4, NULL), 0);
    net_up(w, "ens1", true);
    set(w, "veth0",
        (struct vnet_link_req){.set = VNET_LINK_ALIAS | VNET_LINK_GROUP | VNET_LINK_TXQLEN |
                                      VNET_LINK_LINKMODE,
                               .alias = "a \"b\" \xff",
                               .group = 7,
                               .linkmode = 1,
                               .txqlen = 3,
                               .flags = VNET_IFF_PROMISC | VNET_IFF_NOARP,
                               .change = VNET_IFF_PROMISC | VNET_IFF_NOARP});
    set(w, "lo",
        (struct vnet_link_req){.set = VNET_LINK_MTU, .mtu = 60}); /* without IPv4 and IPv6 */
    struct netdev *dev = net_dev(w, "veth0");
    dev->stats.tx_packets = 0x7fffffffffffffff;
    dev->stats.rx_dropped = 3;
    w = again(w);
    struct vnet_link_info i;
    CHECK_INT(vnet_link_get(vnet_init_ns(w), 3, &i), 0);
    CHECK_STR(i.alias, "a \"b\" \xff");
    CHECK_INT(i.group, 7);
    CHECK_INT(i.linkmode, 1);
    CHECK_INT(i.promiscuity, 1);
    CHECK_INT(i.iflink, 2);
    CHECK_INT(i.stats.tx_packets, 0x7fffffffffffffff);
    CHECK_INT(i.stats.rx_dropped, 3);
    CHECK(i.flags & VNET_IFF_RUNNING);
    CHECK(net_dev(w, "lo")->in_dev == NULL);
    CHECK_INT(vnet_link_get(vnet_init_ns(w), 9, &i), 0);
    CHECK_STR(i.qdisc, "mq");
    net_veth(w, "x", "y");
    CHECK_INT(vnet_link_index(vnet_init_ns(w), "x"), 5); /* the peer is 4: counted on from 3 */
    vnet_free(w);
}

static void test_sysctls_survive(void)
{
    struct vnet *w = net_pair("debian12", NULL); /* veth0 has an address: all its values are own */
    put(w, "net/ipv4/conf/default/arp_ignore", "2");
    put(w, "net/ipv4/conf/veth1/arp_filter", "0"); /* own, though it is the default */
    put(w, "net/ipv4/conf/lo/arp_notify", "0");
    put(w, "net/ipv6/conf/veth0/ioam6_id_wide", "4294967294");
    put(w, "net/ipv6/conf/veth0/stable_secret", "2001:db8::1");
    put(w, "net/ipv4/neigh/default/gc_thresh3", "5");
    put(w, "net/ipv4/neigh/veth1/retrans_time", "150");
    put(w, "net/ipv4/ping_group_range", "0 99");
    put(w, "net/ipv4/ipfrag_high_thresh", "5000000000");
    put(w, "net/ipv4/ipfrag_low_thresh", "4999999999");
    w = again(w);
    check(w, "net/ipv4/conf/veth1/arp_ignore", "2");
    check(w, "net/ipv4/conf/veth0/arp_ignore", "0");
    check(w, "net/ipv4/neigh/veth1/retrans_time_ms", "1500");
    check(w, "net/ipv4/ping_group_range", "0\t99");
    check(w, "net/ipv4/ipfrag_low_thresh", "4999999999");
    check(w, "net/ipv6/conf/veth0/addr_gen_mode", "2");
    put(w, "net/ipv4/conf/default/arp_filter", "1");
    check(w, "net/ipv4/conf/veth1/arp_filter", "0");
    check(w, "net/ipv4/conf/veth0/arp_filter", "0");
    put(w, "net/ipv4/conf/default/arp_announce", "1");
    check(w, "net/ipv4/conf/veth1/arp_announce", "1");
    check(w, "net/ipv4/conf/veth0/arp_announce", "0");
    put(w, "net/ipv4/neigh/default/app_solicit", "1");
    check(w, "net/ipv4/neigh/veth1/app_solicit", "1");
    check(w, "net/ipv4/neigh/veth0/app_solicit", "0");
    vnet_free(w);
}

/* ---- what is refused ---- */

static char *replaced(const char *text, const char *from, const char *to)
{
    struct strbuf sb = STRBUF_INIT;
    const char *at = strstr(text, from);
    if (!at) {
        printf("# no %s in the state\n", from);
        exit(1);
    }
    strbuf_add(&sb, text, (size_t)(at - text));
    strbuf_adds(&sb, to);
    strbuf_adds(&sb, at + strlen(from));
    return strbuf_detach(&sb);
}

static void test_refused(void)
{
    static const char *const rows[][3] = {
        /* this, replaced by this, is refused so */
        {"\"ifindex\":2", "\"ifindex\":3", "netns[0].links[2].ifindex: is there twice"},
        {"\"ifindex\":1,", "\"ifindex\":5,",
         "netns[0].links[0].ifindex: of the loopback device must be 1"},
        {"\"ifname\":\"veth1\"", "\"ifname\":\"veth0\"",
         "netns[0].links[2].ifname: is there twice"},
        {"\"ifname\":\"veth1\"", "\"ifname\":\"a b\"",
         "netns[0].links[1].ifname: must be a name that a link may have"},
        {"\"ifname\":\"veth1\"", "\"ifname\":\"a%d\"",
         "netns[0].links[1].ifname: must be a name that a link may have"},
        {"\"kind\":\"veth\"", "\"kind\":\"tun\"",
         "netns[0].links[1].kind: is not a kind of link that this vnet knows"},
        {"\"link\":\"veth0\"", "\"link\":\"veth1\"",
         "netns[0].links[1].link: must name the other end of the pair"},
        {"\"link\":\"veth0\"", "\"link\":\"lo\"",
         "netns[0].links[1].link: must name the other end of the pair"},
        {"\"flags\":[\"BROADCAST\"", "\"flags\":[\"LOOPBACK\"",
         "netns[0].links[1].flags: are not those of this kind of link"},
        {"\"mtu\":1500", "\"mtu\":67", "netns[0].links[1].mtu: must be from 68 to 65535"},
        {"\"mtu\":1500", "\"mtu\":\"1500\"", "netns[0].links[1].mtu: must be an integer"},
        {"\"operstate\":\"UP\"", "\"operstate\":\"SIDEWAYS\"",
         "netns[0].links[1].operstate: is not one of the names that `ip link` has for it"},
        {"\"broadcast\":\"ff:ff:ff:ff:ff:ff\"", "\"broadcast\":\"ff\"",
         "netns[0].links[1].broadcast: must be an address of six bytes"},
        {"\"qdisc\":\"noqueue\"", "\"qdisc\":\"\\u001b[31m\"",
         "netns[0].links[0].qdisc: must not have control characters"},
        {"\"stats64\":{\"rx\":{", "\"stats64\":{\"rx\":{\"x\":1,",
         "netns[0].links[1].stats64.rx.x: is not known to this version of vnet"},
        {"\"net/ipv4/ip_default_ttl\":9", "\"net/ipv4/ip_default_ttl\":256",
         "netns[0].sysctl.net/ipv4/ip_default_ttl: must be from 1 to 255"},
        {"\"net/ipv4/ip_default_ttl\":9", "\"net/ipv4/ip_default_tt\":9",
         "netns[0].sysctl.net/ipv4/ip_default_tt: is not a sysctl of this world"},
        {"\"net/ipv4/ip_default_ttl\":9", "\"net/ipv4/ip_forward\":1",
         "netns[0].sysctl.net/ipv4/ip_forward: is kept under another name"},
        {"\"net/ipv4/ip_default_ttl\":9", "\"net/ipv4/conf/veth1\":\"mine\"",
         "netns[0].sysctl.net/ipv4/conf/veth1: is not a sysctl of this world"},
        {"\"net/ipv4/ip_default_ttl\":9", "\"net/ipv4/conf/nosuch\":\"own\"",
         "netns[0].sysctl.net/ipv4/conf/nosuch: is not a sysctl of this world"},
        {"\"net/ipv4/ip_default_ttl\":9", "\"net/ipv4/conf/nosuch/rp_filter\":1",
         "netns[0].sysctl.net/ipv4/conf/nosuch/rp_filter: is not a sysctl of this world"},
        {"\"net/ipv4/ip_default_ttl\":9", "\"net/ipv4/ping_group_range\":[1]",
         "netns[0].sysctl.net/ipv4/ping_group_range: must be two integers"},
    };
    struct vnet *w = net_pair("debian12", NULL);
    put(w, "net/ipv4/ip_default_ttl", "9");
    net_dev(w, "veth1")->stats.rx_errors = 1;
    char *text = text_of(w);
    vnet_free(w);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct vnet_err err;
        char *edited = replaced(text, rows[i][0], rows[i][1]);
        w = load(edited, &err);
        CHECK(w == NULL);
        CHECK_STR(err.msg, rows[i][2]);
        vnet_free(w);
        free(edited);
    }
    free(text);
}

int main(void)
{
    RUN(test_defaults_are_left_out);
    RUN(test_links_survive);
    RUN(test_sysctls_survive);
    RUN(test_refused);
    return unit_end();
}
