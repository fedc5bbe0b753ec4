/* Network namespaces: their life, links that move, numbers for each other, the state file. */
#include <errno.h>

#include "base/mem.h"
#include "dev/core.h"
#include "dev/nsid.h"
#include "dev/pair.h"
#include "inet/fib.h"
#include "state/state.h"
#include "tests/unit/net.h"
#include "vnet_netns.h"
#include "vnet_sysctl.h"

static struct netns *add(struct vnet *w, const char *name)
{
    struct vnet_err err = {""};
    int rc;
    struct netns *ns = vnet_netns_add(vnet_init_ns(w), name, &rc, &err);
    CHECK_INT(rc, 0);
    return ns;
}

static int move(struct netns *from, const char *dev, struct netns *to)
{
    const struct vnet_link_req req = {
        .ifindex = vnet_link_index(from, dev), .set = VNET_LINK_NETNS, .netns = to};
    return vnet_link_set(from, &req, NULL);
}

static void set_up(struct netns *ns, const char *dev)
{
    const struct vnet_link_req req = {
        .ifindex = vnet_link_index(ns, dev), .flags = VNET_IFF_UP, .change = VNET_IFF_UP};
    CHECK_INT(vnet_link_set(ns, &req, NULL), 0);
}

static void give(struct netns *ns, const char *dev, const char *addr)
{
    const struct vnet_addr_req req = {.ifindex = vnet_link_index(ns, dev),
                                      .family = VNET_AF_INET,
                                      .local = ip4(addr),
                                      .address = ip4(addr),
                                      .prefixlen = 24};
    CHECK_INT(vnet_addr_add(ns, &req, NULL), 0);
}

/* red and blue, a pair between them, addresses at both ends. */
static struct vnet *two(void)
{
    struct vnet *w = net_world("debian12");
    struct netns *red = add(w, "red"), *blue = add(w, "blue"), *init = vnet_init_ns(w);
    net_veth(w, "v0", "v1");
    CHECK_INT(move(init, "v0", red), 0);
    CHECK_INT(move(init, "v1", blue), 0);
    give(red, "v0", "10.0.0.1");
    give(blue, "v1", "10.0.0.2");
    set_up(red, "v0");
    set_up(blue, "v1");
    return w;
}

static char *text_of(const struct vnet *w)
{
    struct strbuf sb = STRBUF_INIT;
    state_save(w, &sb);
    return strbuf_detach(&sb);
}

static struct vnet *parse(const char *text, struct vnet_err *err)
{
    *err = (struct vnet_err){""};
    return state_parse(mem_strdup(text), strlen(text), err);
}

static void test_names(void)
{
    static const struct {
        const char *name;
        int error;
    } rows[] = {{"red", EEXIST}, {"a/b", EINVAL}, {".", EINVAL}, {"..", EINVAL}, {"\033x", EINVAL}};
    struct vnet *w = net_world("debian12");
    struct vnet_err err = {""};
    int rc;
    add(w, "red");
    struct netns *blue = add(w, "blue");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CHECK(!vnet_netns_add(vnet_init_ns(w), rows[i].name, &rc, &err));
        CHECK_INT(rc, -rows[i].error);
    }
    CHECK(vnet_netns_next(w, NULL) == blue); /* the newest first */
    CHECK_STR(vnet_netns_name(vnet_netns_next(w, blue)), "red");
    CHECK(!vnet_netns_next(w, vnet_netns_next(w, blue)));
    CHECK(vnet_ns_find(w, "/3") == blue);
    CHECK(vnet_ns_find(w, "/1") == vnet_init_ns(w));
    CHECK(!vnet_ns_find(w, "/4") && !vnet_ns_find(w, "/") && !vnet_ns_find(w, "/3x"));
    CHECK_INT(vnet_netns_del(w, "nope", NULL, NULL), -ENOENT);
    CHECK_INT(vnet_netns_del(w, "", NULL, NULL), -ENOENT);
    CHECK_INT(vnet_netns_del(w, "blue", NULL, NULL), 0);
    CHECK(!vnet_ns_find(w, "blue") && !vnet_ns_find(w, "/3"));
    vnet_free(w);
}

static bool held_once(uint32_t id, void *arg)
{
    return *(uint32_t *)arg == id;
}

static void test_held_ones_stay_nameless(void)
{
    struct vnet *w = two();
    uint32_t held = vnet_netns_id(vnet_ns_find(w, "red"));
    CHECK_INT(vnet_netns_del(w, "red", held_once, &held), 0);
    struct netns *red = vnet_netns_by_id(w, held);
    CHECK(red && !vnet_ns_find(w, "red"));
    CHECK_STR(vnet_netns_name(red), "");
    CHECK(vnet_link_index(red, "v0") > 0 && vnet_link_index(vnet_ns_find(w, "blue"), "v1") > 0);
    char *text = text_of(w);
    struct vnet_err err;
    struct vnet *copy = parse(text, &err);
    CHECK_STR(err.msg, "");
    vnet_netns_collect(copy, NULL, NULL);
    CHECK(!vnet_netns_by_id(copy, held));
    CHECK_INT(vnet_link_index(vnet_ns_find(copy, "blue"), "v1"), 0); /* with its peer */
    free(text);
    vnet_free(copy);
    vnet_free(w);
}

static void test_what_moves_and_what_goes(void)
{
    struct vnet *w = net_world("debian12");
    struct netns *init = vnet_init_ns(w), *red = add(w, "red");
    net_veth(w, "v0", "v1");
    give(init, "v0", "10.0.0.1");
    set_up(init, "v0");
    set_up(init, "v1");
    int ifindex = vnet_link_index(init, "v0");
    struct vnet_link_info before, after;
    CHECK_INT(vnet_link_get(init, ifindex, &before), 0);
    CHECK_INT(move(init, "v0", red), 0);
    CHECK_INT(vnet_link_index(init, "v0"), 0);
    CHECK_INT(vnet_link_index(red, "v0"), ifindex);
    CHECK_INT(vnet_link_get(red, ifindex, &after), 0);
    CHECK(!(after.flags & VNET_IFF_UP) && strcmp(after.qdisc, "noop") == 0);
    CHECK(lladdr_eq(&before.addr, &after.addr));
    CHECK_INT(after.iflink, vnet_link_index(init, "v1"));
    CHECK_INT(after.iflink_netnsid, 0);
    CHECK_INT(vnet_nsid(red, init), 0);
    CHECK_INT(vnet_nsid(init, red), 0);
    CHECK_INT(move(init, "lo", red), -EINVAL);
    CHECK_INT(move(init, "v1", NULL), -ESRCH);
    net_veth(w, "v0", "v2");
    CHECK_INT(move(init, "v0", red), -EEXIST);
    vnet_free(w);
}

static void test_nics_come_back(void)
{
    struct vnet *w = net_world("debian12");
    struct netns *init = vnet_init_ns(w), *red = add(w, "red");
    const struct lladdr mac = lladdr_eth((const uint8_t *)PEER_MAC);
    CHECK_INT(vnet_nic_add(init, 2, "eth0", &mac, "mq", 1, NULL), 0);
    CHECK_INT(vnet_nic_add(init, 7, "eth1", &mac, "mq", 1, NULL), 0);
    CHECK_INT(move(init, "eth0", red), 0);
    CHECK_INT(move(init, "eth1", red), 0);
    net_veth(w, "eth1", "v1"); /* takes the name meanwhile */
    CHECK_INT(vnet_netns_del(w, "red", NULL, NULL), 0);
    CHECK(vnet_link_is_nic(init, vnet_link_index(init, "eth0")));
    CHECK(vnet_link_is_nic(init, vnet_link_index(init, "dev7")));
    CHECK(!vnet_link_is_nic(init, vnet_link_index(init, "eth1")));
    vnet_free(w);
}

static void test_numbers(void)
{
    struct vnet *w = net_world("debian12");
    struct netns *a = add(w, "a"), *b = add(w, "b"), *init = vnet_init_ns(w);
    struct vnet_err err = {""};
    CHECK_INT(vnet_nsid(init, a), -1);
    CHECK_INT(vnet_nsid_set(init, a, 0, &err), 0);
    CHECK_INT(vnet_nsid_set(init, a, 5, &err), -EEXIST);
    CHECK_STR(err.msg, "Peer netns already has a nsid assigned");
    CHECK_INT(vnet_nsid_set(init, b, 0, &err), -EEXIST);
    CHECK_STR(err.msg, "The specified nsid is already used");
    CHECK_INT(nsid_alloc(init, b), 1);
    CHECK_INT(nsid_alloc(init, init), 2);
    CHECK_INT(vnet_nsid_set(b, b, INT32_MAX, &err), 0);
    CHECK_INT(vnet_nsid_next(b, -1), INT32_MAX);
    CHECK_INT(vnet_nsid_next(b, INT32_MAX), -1);
    CHECK_INT(vnet_netns_del(w, "a", NULL, NULL), 0);
    CHECK_INT(vnet_nsid_next(init, -1), 1);
    CHECK(!vnet_nsid_peer(init, 0) && vnet_nsid_peer(init, 1) == b);
    CHECK_INT(nsid_alloc(init, add(w, "c")), 0); /* the lowest free one */
    vnet_free(w);
}

static void test_state_keeps_it(void)
{
    struct vnet *w = two();
    struct vnet_err err;
    vnet_run_until(w, w->now + 5 * NSEC_PER_SEC);
    vnet_sysctl_set(vnet_ns_find(w, "red"), "net/ipv4/conf/v0/rp_filter", "2", NULL);
    vnet_sysctl_set(vnet_init_ns(w), "net/ipv4/neigh/default/mcast_solicit", "9", NULL);
    add(w, "green");
    char *text = text_of(w);
    struct vnet *copy = parse(text, &err);
    CHECK_STR(err.msg, "");
    char *again = text_of(copy);
    CHECK_STR(again, text);
    struct netns *red = vnet_ns_find(copy, "red"), *blue = vnet_ns_find(copy, "blue");
    CHECK(pair_peer(netdev_by_name(red, "v0")) == netdev_by_name(blue, "v1"));
    CHECK_INT(vnet_nsid(red, blue), vnet_nsid(vnet_ns_find(w, "red"), vnet_ns_find(w, "blue")));
    free(text);
    free(again);
    vnet_free(copy);
    vnet_free(w);
}

/* Devices of all namespaces go by what the initial one has of neighbours, which may stand behind
 * them in the file. */
static void test_shared_defaults(void)
{
    static const char value[] = "net/ipv4/neigh/d0/retrans_time_ms";
    const struct vnet_link_req dummy = {.kind = "dummy", .ifname = "d0"};
    struct vnet *w = two();
    struct vnet_err err = {""};
    struct strbuf shown = STRBUF_INIT, edited = STRBUF_INIT;
    CHECK_INT(
        vnet_sysctl_set(vnet_init_ns(w), "net/ipv4/neigh/default/retrans_time_ms", "900", NULL), 0);
    CHECK_INT(vnet_link_add(vnet_ns_find(w, "red"), &dummy, NULL), 0);
    char *text = text_of(w);
    strbuf_addf(&edited, " %s", text); /* nobody sleeps in a text that somebody has edited */
    struct vnet *copy = parse(edited.data, &err);
    CHECK_STR(err.msg, "");
    CHECK_INT(vnet_sysctl_get(vnet_ns_find(copy, "red"), value, &shown), 0);
    CHECK_STR(strbuf_cstr(&shown), "900");
    strbuf_release(&shown);
    strbuf_release(&edited);
    free(text);
    vnet_free(copy);
    vnet_free(w);
}

/* What a hostile file may say of namespaces, and how it is refused. */
static void test_hostile_state(void)
{
    static const struct {
        const char *find, *replace, *complaint;
    } rows[] = {
        {"\"name\":\"blue\"", "\"name\":\"red\"", "netns: there are two with the name \"red\""},
        {"\"name\":\"blue\"", "\"name\":\"a/b\"",
         "netns[1].name: must be a file's name, and empty for the first"},
        {"\"name\":\"blue\"", "\"name\":\"\\u001b[2J\"",
         "netns[1].name: must not have control characters"},
        {"\"name\":\"\"", "\"name\":\"x\"",
         "netns[2].name: must be a file's name, and empty for the first"},
        {"\"id\":3", "\"id\":2", "netns[1].id: is there twice"},
        {"\"id\":3", "\"id\":1", "netns[1].name: must be a file's name, and empty for the first"},
        {"\"id\":3", "\"id\":77", "netns[1].id: must be below \"next_netns\""},
        {"\"name\":\"red\",\n  \"id\":2", "\"name\":\"\",\n  \"id\":1",
         "netns: must have one namespace with the id 1"},
        {"\"link_netns\":3", "\"link_netns\":77",
         "netns[0].links[1].link: must name the other end of the pair"},
        {"\"link_netns\":3", "\"link_netns\":2",
         "netns[0].links[1].link: must name the other end of the pair"},
        {"\"link_netns\":3", "\"link_netns\":-1", NULL},
        {"\"nsids\":[[0,", "\"nsids\":[[-1,", "netns[0].nsids[0]: must be [number, id]"},
        {"\"nsids\":[[0,2]", "\"nsids\":[[0,77]",
         "netns[1].nsids[0]: must have the id of a namespace"},
        {"\"nsids\":[[0,2],[1,3]", "\"nsids\":[[0,2],[0,3]",
         "netns[2].nsids[1]: its number or its id is there twice"},
        {"\"nsids\":[[0,2],[1,3]", "\"nsids\":[[0,2],[1,2]",
         "netns[2].nsids[1]: its number or its id is there twice"},
        {"\"nsids\":[[0,2]", "\"nsids\":[7", "netns[1].nsids[0]: must be [number, id]"},
    };
    struct vnet *w = two();
    struct vnet_err err;
    char *text = text_of(w);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct strbuf edited = STRBUF_INIT;
        const char *at = strstr(text, rows[i].find);
        CHECK(at != NULL);
        if (!at)
            continue;
        strbuf_add(&edited, text, (size_t)(at - text));
        strbuf_adds(&edited, rows[i].replace);
        strbuf_adds(&edited, at + strlen(rows[i].find));
        CHECK(!parse(edited.data, &err));
        if (rows[i].complaint)
            CHECK_STR(err.msg, rows[i].complaint);
        strbuf_release(&edited);
    }
    free(text);
    vnet_free(w);
}

/* As many as there may be. */
static void add_most(struct vnet *w)
{
    struct vnet_err err = {""};
    char name[16];
    int rc = 0;
    for (int i = 1; i < VNET_NETNS_MAX && rc == 0; i++) {
        snprintf(name, sizeof(name), "n%d", i);
        vnet_netns_add(vnet_init_ns(w), name, &rc, &err);
    }
    CHECK_INT(rc, 0);
}

static void test_any_number_of_them(void)
{
    struct vnet *w = net_world("debian12");
    struct vnet_err err = {""};
    int rc = 0;
    add_most(w);
    CHECK(!vnet_netns_add(vnet_init_ns(w), "more", &rc, &err));
    CHECK_INT(rc, -ENOSPC);
    vnet_free(w);
}

/* ... in a file, none of which is the one that a world has anyhow. */
static void test_most_without_the_first(void)
{
    struct vnet *w = net_world("debian12");
    struct vnet_err err = {""};
    add_most(w);
    w->next_netns_id++;
    char *text = text_of(w), *first = strstr(text, "\"id\":1,");
    CHECK(first != NULL);
    struct strbuf edited = STRBUF_INIT;
    strbuf_add(&edited, text, (size_t)(first - text));
    strbuf_addf(&edited, "\"id\":%d,%s", VNET_NETNS_MAX + 1, first + strlen("\"id\":1,"));
    CHECK(!parse(edited.data, &err));
    CHECK_STR(err.msg, "netns: must have one namespace with the id 1");
    strbuf_release(&edited);
    free(text);
    vnet_free(w);
}

int main(void)
{
    RUN(test_names);
    RUN(test_held_ones_stay_nameless);
    RUN(test_what_moves_and_what_goes);
    RUN(test_nics_come_back);
    RUN(test_numbers);
    RUN(test_state_keeps_it);
    RUN(test_shared_defaults);
    RUN(test_hostile_state);
    RUN(test_any_number_of_them);
    RUN(test_most_without_the_first);
    return unit_end();
}
