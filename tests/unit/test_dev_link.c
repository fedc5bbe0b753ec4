/* Links: made, changed, removed as by rtnetlink. Indexes, texts and errors were recorded on Linux
 * 6.1 and 6.18. */
#include <errno.h>

#include "tests/unit/net.h"

static int add(struct vnet *w, const struct vnet_link_req *req, struct vnet_err *err)
{
    *err = (struct vnet_err){""};
    return vnet_link_add(vnet_init_ns(w), req, err);
}

static int set(struct vnet *w, const char *name, struct vnet_link_req req, struct vnet_err *err)
{
    *err = (struct vnet_err){""};
    snprintf(req.ifname, sizeof(req.ifname), "%s", name);
    return vnet_link_set(vnet_init_ns(w), &req, err);
}

static struct vnet_link_info info_of(struct vnet *w, const char *name)
{
    struct vnet_link_info info = {0};
    struct netns *ns = vnet_init_ns(w);
    vnet_link_get(ns, vnet_link_index(ns, name), &info);
    return info;
}

static int index_of(struct vnet *w, const char *name)
{
    return vnet_link_index(vnet_init_ns(w), name);
}

/* ---- making ---- */

static void test_peer_has_the_lower_index(void)
{
    struct vnet *w = net_world("debian12");
    net_veth(w, "veth0", "veth1");
    CHECK_INT(index_of(w, "veth1"), 2);
    CHECK_INT(index_of(w, "veth0"), 3);
    struct vnet_link_info i = info_of(w, "veth0");
    CHECK_INT(i.iflink, 2);
    CHECK_STR(i.kind, "veth");
    CHECK_STR(i.qdisc, "noop");
    CHECK_INT(i.flags, VNET_IFF_BROADCAST | VNET_IFF_MULTICAST);
    CHECK_INT(i.operstate, VNET_OPER_DOWN);
    CHECK_INT(i.txqlen, 1000);
    CHECK_INT(i.max_mtu, 65535);
    vnet_free(w);
}

static void test_names_when_none_is_given(void)
{
    struct vnet *w = net_world("debian12");
    struct vnet_err err;
    const struct vnet_link_req veth = {.kind = "veth"}, bridge = {.kind = "bridge"};
    net_veth(w, "veth1", "x");
    CHECK_INT(add(w, &veth, &err), 0);
    CHECK_INT(index_of(w, "veth0"), 4); /* the peer is named first */
    CHECK_INT(index_of(w, "veth2"), 5);
    CHECK_INT(add(w, &bridge, &err), 0);
    CHECK_INT(index_of(w, "bridge0"), 6);
    const struct vnet_link_req pattern = {.kind = "bridge", .ifname = "br%dx"};
    CHECK_INT(add(w, &pattern, &err), 0);
    CHECK_INT(add(w, &pattern, &err), 0);
    CHECK_INT(index_of(w, "br1x"), 8);
    const struct vnet_link_req wrong = {.kind = "bridge", .ifname = "br%s"};
    CHECK_INT(add(w, &wrong, &err), -EINVAL);
    vnet_free(w);
}

static void test_indexes_count_on(void)
{
    struct vnet *w = net_world("debian12");
    struct vnet_err err;
    const struct vnet_link_req wanted = {.kind = "bridge", .ifname = "a", .ifindex = 55};
    const struct vnet_link_req next = {.kind = "bridge", .ifname = "b"};
    const struct vnet_link_req taken = {.kind = "bridge", .ifname = "c", .ifindex = 55};
    CHECK_INT(add(w, &wanted, &err), 0);
    CHECK_INT(add(w, &next, &err), 0);
    CHECK_INT(index_of(w, "b"), 2); /* not 56 */
    CHECK_INT(add(w, &taken, &err), -EEXIST);
    CHECK_INT(vnet_link_del(vnet_init_ns(w), 2, &err), 0);
    CHECK_INT(add(w, &next, &err), 0);
    CHECK_INT(index_of(w, "b"), 3); /* never given out again */
    CHECK_INT(vnet_link_next(vnet_init_ns(w), 3), 55);
    CHECK_INT(vnet_link_next(vnet_init_ns(w), 55), 0);
    vnet_free(w);
}

/* A pair of which the second end cannot be made leaves nothing, but has used up an index. */
static void test_failed_pair_leaves_nothing(void)
{
    struct vnet *w = net_world("debian12");
    struct vnet_err err;
    const struct vnet_link_req peer = {.ifname = "x"},
                               x = {.kind = "veth", .ifname = "x", .peer = &peer};
    CHECK_INT(add(w, &x, &err), -EEXIST);
    CHECK_INT(index_of(w, "x"), 0);
    net_veth(w, "a", "b");
    CHECK_INT(index_of(w, "b"), 3);
    const struct vnet_link_req peer_up = {
        .ifname = "d", .flags = VNET_IFF_UP, .change = VNET_IFF_UP};
    const struct vnet_link_req c = {.kind = "veth", .ifname = "c", .peer = &peer_up};
    CHECK_INT(add(w, &c, &err), -ENOTCONN);
    CHECK_INT(index_of(w, "d"), 0);
    vnet_free(w);
}

static void test_peer_without_words_takes_the_first_ends(void)
{
    struct vnet *w = net_world("debian12");
    struct vnet_err err;
    const struct vnet_link_req req = {
        .kind = "veth", .ifname = "a", .set = VNET_LINK_MTU, .mtu = 9000};
    CHECK_INT(add(w, &req, &err), 0);
    CHECK_INT(info_of(w, "veth0").mtu, 9000);
    const struct vnet_link_req peer = {.ifname = "c"};
    const struct vnet_link_req other = {
        .kind = "veth", .ifname = "b", .set = VNET_LINK_MTU, .mtu = 9000, .peer = &peer};
    CHECK_INT(add(w, &other, &err), 0);
    CHECK_INT(info_of(w, "b").mtu, 9000);
    CHECK_INT(info_of(w, "c").mtu, 1500);
    vnet_free(w);
}

static void test_queues_by_kernel(void)
{
    struct vnet *w = net_world("linux6.18");
    net_veth(w, "veth0", "veth1");
    CHECK_INT(info_of(w, "veth0").num_tx_queues, 2);
    CHECK_INT(info_of(w, "veth0").num_rx_queues, 2);
    struct vnet_err err;
    const struct vnet_link_req none = {.kind = "veth", .ifname = "q", .set = VNET_LINK_NUMTXQ};
    CHECK_INT(add(w, &none, &err), -EINVAL);
    CHECK_STR(err.msg, "Invalid number of transmit queues");
    vnet_free(w);
    w = net_world("debian12");
    net_veth(w, "veth0", "veth1");
    CHECK_INT(info_of(w, "veth0").num_tx_queues, 1);
    CHECK_INT(info_of(w, "veth0").num_rx_queues, 0); /* not reported */
    vnet_free(w);
}

struct refusal {
    struct vnet_link_req req;
    int error;
    const char *msg;
};

static void test_refused_additions(void)
{
    struct vnet *w = net_world("debian12");
    struct vnet_err err;
    const struct lladdr group = {6, {1, 0, 0, 0, 0, 1}}, zero = {6, {0}}, short_one = {5, {2}};
    const struct refusal rows[] = {
        {{.kind = "nosuch", .ifname = "a"}, EOPNOTSUPP, "Unknown device type"},
        {{.kind = "loopback", .ifname = "a"}, EOPNOTSUPP, "Unknown device type"},
        {{.kind = NULL, .ifname = "a"}, EOPNOTSUPP, "Unknown device type"},
        {{.kind = "bridge", .ifname = "lo"}, EEXIST, ""},
        {{.kind = "veth", .ifname = "a", .set = VNET_LINK_ADDR, .addr = group}, EADDRNOTAVAIL, ""},
        {{.kind = "veth", .ifname = "a", .set = VNET_LINK_ADDR, .addr = zero}, EADDRNOTAVAIL, ""},
        {{.kind = "bridge", .ifname = "a", .set = VNET_LINK_ADDR, .addr = short_one}, EINVAL, ""},
        {{.kind = "veth", .ifname = "a", .set = VNET_LINK_MTU, .mtu = 67}, EINVAL, ""},
        {{.kind = "veth", .ifname = "a", .set = VNET_LINK_MTU, .mtu = 65536}, EINVAL, ""},
        {{.kind = "bridge", .ifname = "a", .set = VNET_LINK_MTU, .mtu = 67},
         EINVAL,
         "mtu less than device minimum"},
        {{.kind = "bridge", .ifname = "a:b"}, EINVAL, ""},
        {{.kind = "bridge", .ifname = ".."}, EINVAL, ""},
        {{.kind = "bridge", .ifname = "a", .ifindex = -1}, EINVAL, "ifindex can't be negative"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_INT(add(w, &rows[i].req, &err), -rows[i].error);
        CHECK_STR(err.msg, rows[i].msg);
    }
    CHECK_INT(vnet_link_next(vnet_init_ns(w), 1), 0);
    vnet_free(w);
}

static void test_names(void)
{
    static const char *const good[] = {"a",     "eth0.100",        "a%d",
                                       "a-b_c", "123456789012345", "\xc3\xa9t\xc3\xa9"};
    static const char *const bad[] = {
        "",     ".",         "..",   "a b",   "a/b",     "a:b", "1234567890123456",
        "a\tb", "a\x1b[31m", "\x7f", "a\xa0", "\xc2\x9b"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        CHECK(vnet_link_name_valid(good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK(!vnet_link_name_valid(bad[i]));
}

static void test_random_macs(void)
{
    struct vnet *w = net_world("debian12");
    net_veth(w, "a", "b");
    const struct lladdr a = info_of(w, "a").addr, b = info_of(w, "b").addr;
    CHECK_INT(a.len, 6);
    CHECK_INT(a.bytes[0] & 3, 2); /* locally administered, unicast */
    CHECK(!lladdr_eq(&a, &b));
    CHECK_INT(net_dev(w, "a")->addr_assign_type, NET_ADDR_RANDOM);
    struct vnet *again = net_world("debian12");
    net_veth(again, "a", "b");
    const struct lladdr same = info_of(again, "a").addr;
    CHECK(lladdr_eq(&a, &same));
    vnet_free(w);
    vnet_free(again);
}

/* ---- up, down, carrier ---- */

static void test_carrier_of_a_pair(void)
{
    struct vnet *w = net_world("debian12");
    net_veth(w, "veth0", "veth1");
    net_up(w, "veth0", true);
    struct vnet_link_info i = info_of(w, "veth0");
    CHECK_INT(i.flags, VNET_IFF_BROADCAST | VNET_IFF_MULTICAST | VNET_IFF_UP);
    CHECK_INT(i.operstate, VNET_OPER_LOWERLAYERDOWN);
    CHECK_STR(i.qdisc, "noqueue");
    net_up(w, "veth1", true);
    i = info_of(w, "veth0");
    CHECK_INT(i.flags, VNET_IFF_BROADCAST | VNET_IFF_MULTICAST | VNET_IFF_UP | VNET_IFF_RUNNING |
                           VNET_IFF_LOWER_UP);
    CHECK_INT(i.operstate, VNET_OPER_UP);
    CHECK_INT(i.carrier_changes, 2);
    net_up(w, "veth1", false);
    CHECK_INT(info_of(w, "veth0").operstate, VNET_OPER_LOWERLAYERDOWN);
    i = info_of(w, "veth1");
    CHECK_INT(i.operstate, VNET_OPER_DOWN);
    CHECK_STR(i.qdisc, "noqueue"); /* stays */
    CHECK_INT(i.carrier_changes, 3);
    vnet_free(w);
}

static void test_bridge_without_ports(void)
{
    struct vnet *w = net_world("debian12");
    struct vnet_err err;
    const struct vnet_link_req fresh = {.kind = "bridge", .ifname = "br0"};
    const struct vnet_link_req addressed = {
        .kind = "bridge", .ifname = "br1", .set = VNET_LINK_ADDR, .addr = {6, {2, 0, 0, 0, 0, 5}}};
    CHECK_INT(add(w, &fresh, &err), 0);
    CHECK_INT(add(w, &addressed, &err), 0);
    net_up(w, "br0", true);
    net_up(w, "br1", true);
    CHECK_INT(info_of(w, "br0").operstate, VNET_OPER_UNKNOWN); /* its ports were never looked at */
    CHECK(info_of(w, "br0").flags & VNET_IFF_LOWER_UP);
    CHECK_INT(info_of(w, "br1").operstate, VNET_OPER_DOWN);
    CHECK(!(info_of(w, "br1").flags & (VNET_IFF_LOWER_UP | VNET_IFF_RUNNING)));
    CHECK_INT(set(w, "br0", addressed, &err), 0);
    CHECK_INT(info_of(w, "br0").operstate, VNET_OPER_DOWN);
    net_veth(w, "veth0", "veth1");
    const struct vnet_link_req enslave = {.set = VNET_LINK_MASTER, .master = index_of(w, "br0")};
    CHECK_INT(set(w, "veth0", enslave, &err), 0);
    const struct vnet_link_req to_veth = {.set = VNET_LINK_MASTER, .master = index_of(w, "veth1")};
    CHECK_INT(set(w, "veth0", to_veth, &err), -EOPNOTSUPP);
    CHECK_INT(info_of(w, "veth0").master, 0); /* it left the bridge before */
    const struct vnet_link_req nobody = {.set = VNET_LINK_MASTER};
    CHECK_INT(set(w, "veth0", nobody, &err), 0);
    vnet_free(w);
}

static void test_operstate_and_mode(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct vnet_err err;
    struct vnet_link_req state = {.set = VNET_LINK_OPERSTATE, .operstate = VNET_OPER_DORMANT};
    CHECK_INT(set(w, "veth0", state, &err), 0);
    CHECK_INT(info_of(w, "veth0").operstate, VNET_OPER_DORMANT);
    CHECK(!(info_of(w, "veth0").flags & VNET_IFF_RUNNING));
    state.operstate = VNET_OPER_DOWN; /* not to be set */
    CHECK_INT(set(w, "veth0", state, &err), 0);
    CHECK_INT(info_of(w, "veth0").operstate, VNET_OPER_DORMANT);
    state.operstate = VNET_OPER_UP;
    CHECK_INT(set(w, "veth0", state, &err), 0);
    CHECK_INT(info_of(w, "veth0").operstate, VNET_OPER_UP);
    const struct vnet_link_req dormant = {.set = VNET_LINK_LINKMODE, .linkmode = 1};
    CHECK_INT(set(w, "veth0", dormant, &err), 0);
    CHECK_INT(info_of(w, "veth0").operstate, VNET_OPER_UP); /* from the next carrier on */
    net_up(w, "veth0", false);
    net_up(w, "veth0", true);
    CHECK_INT(info_of(w, "veth0").operstate, VNET_OPER_DORMANT);
    vnet_free(w);
}

static void test_lo(void)
{
    struct vnet *w = vnet_new(vnet_profile_find("debian12"), 1, T0);
    struct vnet_link_info i = info_of(w, "lo");
    CHECK_INT(i.flags, VNET_IFF_LOOPBACK);
    CHECK_INT(i.mtu, 65536);
    CHECK_STR(i.qdisc, "noop");
    net_up(w, "lo", true);
    i = info_of(w, "lo");
    CHECK_INT(i.flags, VNET_IFF_LOOPBACK | VNET_IFF_UP | VNET_IFF_RUNNING | VNET_IFF_LOWER_UP);
    CHECK_INT(i.operstate, VNET_OPER_UNKNOWN);
    CHECK(i.kind == NULL);
    struct vnet_err err;
    CHECK_INT(vnet_link_del(vnet_init_ns(w), 1, &err), -EOPNOTSUPP);
    const struct vnet_link_req mtu = {.set = VNET_LINK_MTU, .mtu = 0};
    CHECK_INT(set(w, "lo", mtu, &err), 0); /* no least and no largest */
    vnet_free(w);
}

/* ---- changing ---- */

static void test_rename_while_up(void)
{
    struct vnet *old = net_pair("debian12", NULL), *new = net_pair("linux6.18", NULL);
    struct vnet_err err;
    const struct vnet_link_req name = {.set = VNET_LINK_NAME, .newname = "x"};
    CHECK_INT(set(old, "veth0", name, &err), -EBUSY); /* until 6.2 */
    CHECK_INT(set(new, "veth0", name, &err), 0);
    CHECK_INT(index_of(new, "x"), 3);
    net_up(old, "veth0", false);
    CHECK_INT(set(old, "veth0", name, &err), 0);
    const struct vnet_link_req taken = {.set = VNET_LINK_NAME, .newname = "veth1"};
    CHECK_INT(set(old, "x", taken, &err), -EEXIST);
    CHECK_INT(set(old, "x", name, &err), 0); /* to itself */
    vnet_free(old);
    vnet_free(new);
}

/* What comes before the failure stays, what comes after is not done. */
static void test_order_of_changes(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct vnet_err err;
    const struct vnet_link_req req = {.set = VNET_LINK_MTU | VNET_LINK_NAME | VNET_LINK_TXQLEN,
                                      .mtu = 1400,
                                      .newname = "x",
                                      .txqlen = 5};
    CHECK_INT(set(w, "veth0", req, &err), -EBUSY);
    CHECK_INT(info_of(w, "veth0").mtu, 1400);
    CHECK_INT(info_of(w, "veth0").txqlen, 1000);
    vnet_free(w);
}

static void test_addresses(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct vnet_err err;
    struct vnet_link_req req = {.set = VNET_LINK_ADDR, .addr = {6, {3, 0, 0, 0, 0, 1}}};
    CHECK_INT(set(w, "veth0", req, &err), -EADDRNOTAVAIL);
    req.addr.len = 5;
    CHECK_INT(set(w, "veth0", req, &err), -EINVAL);
    req.addr = (struct lladdr){6, {2, 0, 0, 0, 0, 1}};
    CHECK_INT(set(w, "veth0", req, &err), 0);
    CHECK_INT(net_dev(w, "veth0")->addr_assign_type, NET_ADDR_SET);
    const struct vnet_link_req brd = {.set = VNET_LINK_BRD,
                                      .brd = {6, {0xff, 0xff, 0xff, 0xff, 0xff, 0xfe}}};
    CHECK_INT(set(w, "veth0", brd, &err), 0);
    CHECK_INT(info_of(w, "veth0").brd.bytes[5], 0xfe);
    vnet_free(w);
}

static void test_promiscuity_counts_once(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct vnet_err err;
    const struct vnet_link_req on = {.flags = VNET_IFF_PROMISC, .change = VNET_IFF_PROMISC};
    const struct vnet_link_req off = {.change = VNET_IFF_PROMISC};
    CHECK_INT(set(w, "veth0", on, &err), 0);
    CHECK_INT(set(w, "veth0", on, &err), 0);
    CHECK_INT(info_of(w, "veth0").promiscuity, 1);
    CHECK(info_of(w, "veth0").flags & VNET_IFF_PROMISC);
    CHECK_INT(set(w, "veth0", off, &err), 0);
    CHECK_INT(info_of(w, "veth0").promiscuity, 0);
    const struct vnet_link_req fixed = {.flags = 0,
                                        .change = VNET_IFF_BROADCAST | VNET_IFF_RUNNING};
    CHECK_INT(set(w, "veth0", fixed, &err), 0); /* such flags are not to be changed */
    CHECK(info_of(w, "veth0").flags & VNET_IFF_BROADCAST);
    vnet_free(w);
}

static void test_alias(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct vnet_err err;
    struct vnet_link_req req = {.set = VNET_LINK_ALIAS, .alias = "some thing"};
    CHECK_INT(set(w, "veth0", req, &err), 0);
    CHECK_STR(info_of(w, "veth0").alias, "some thing");
    req.alias = "a\x1b]0;b";
    CHECK_INT(set(w, "veth0", req, &err), -EINVAL);
    req.alias = "";
    CHECK_INT(set(w, "veth0", req, &err), 0);
    CHECK(info_of(w, "veth0").alias == NULL);
    vnet_free(w);
}

static void test_groups(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct netns *ns = vnet_init_ns(w);
    struct vnet_err err = {""};
    const struct vnet_link_req join = {.set = VNET_LINK_GROUP, .group = 5};
    CHECK_INT(set(w, "veth0", join, &err), 0);
    const struct vnet_link_req mtu = {
        .set = VNET_LINK_GROUP | VNET_LINK_MTU, .group = 5, .mtu = 1400};
    CHECK_INT(vnet_link_set(ns, &mtu, &err), 0);
    CHECK_INT(info_of(w, "veth0").mtu, 1400);
    CHECK_INT(info_of(w, "veth1").mtu, 1500);
    CHECK_INT(vnet_link_del_group(ns, 0, &err), -EPERM);
    CHECK_INT(vnet_link_del_group(ns, 6, &err), -ENODEV);
    CHECK_INT(vnet_link_del_group(ns, 5, &err), 0);
    CHECK_INT(index_of(w, "veth1"), 0); /* both ends go */
    vnet_free(w);
}

static void test_refused_changes(void)
{
    struct vnet *w = net_pair("debian12", NULL);
    struct vnet_err err;
    const struct refusal rows[] = {
        {{.set = VNET_LINK_MTU, .mtu = 67}, EINVAL, "mtu less than device minimum"},
        {{.set = VNET_LINK_MTU, .mtu = 65536}, EINVAL, "mtu greater than device maximum"},
        {{.set = VNET_LINK_CARRIER, .carrier = 0}, EOPNOTSUPP, ""},
        {{.set = VNET_LINK_MASTER, .master = 99}, EINVAL, ""},
        {{.set = VNET_LINK_ADDRGEN, .addr_gen_mode = VNET_ADDRGEN_STABLE_PRIVACY}, EINVAL, ""},
        {{.set = VNET_LINK_NETNS, .netns = NULL}, ESRCH, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_INT(set(w, "veth0", rows[i].req, &err), -rows[i].error);
        CHECK_STR(err.msg, rows[i].msg);
    }
    CHECK_INT(set(w, "nosuch", rows[0].req, &err), -ENODEV);
    CHECK_INT(vnet_link_del(vnet_init_ns(w), 99, &err), -ENODEV);
    vnet_free(w);
}

static void test_nic(void)
{
    struct vnet *w = net_world("debian12");
    struct vnet_err err = {""};
    const struct lladdr mac = {6, {0, 0x50, 0x56, 1, 2, 3}};
    CHECK_INT(vnet_nic_add(vnet_init_ns(w), 2, "ens192", &mac, "mq", 4, &err), 0);
    net_up(w, "ens192", true);
    struct vnet_link_info i = info_of(w, "ens192");
    CHECK_STR(i.qdisc, "mq");
    CHECK_INT(i.operstate, VNET_OPER_UP);
    CHECK_INT(i.num_tx_queues, 4);
    CHECK(i.kind == NULL);
    CHECK_INT(vnet_link_del(vnet_init_ns(w), 2, &err), -EOPNOTSUPP);
    CHECK_INT(vnet_nic_add(vnet_init_ns(w), 2, "eth1", &mac, "mq", 4, &err), -EBUSY);
    CHECK_INT(vnet_nic_add(vnet_init_ns(w), 0, "ens192", &mac, "mq", 4, &err), -EEXIST);
    vnet_free(w);
}

int main(void)
{
    RUN(test_peer_has_the_lower_index);
    RUN(test_names_when_none_is_given);
    RUN(test_indexes_count_on);
    RUN(test_failed_pair_leaves_nothing);
    RUN(test_peer_without_words_takes_the_first_ends);
    RUN(test_queues_by_kernel);
    RUN(test_refused_additions);
    RUN(test_names);
    RUN(test_random_macs);
    RUN(test_carrier_of_a_pair);
    RUN(test_bridge_without_ports);
    RUN(test_operstate_and_mode);
    RUN(test_lo);
    RUN(test_rename_while_up);
    RUN(test_order_of_changes);
    RUN(test_addresses);
    RUN(test_promiscuity_counts_once);
    RUN(test_alias);
    RUN(test_groups);
    RUN(test_refused_changes);
    RUN(test_nic);
    return unit_end();
}
