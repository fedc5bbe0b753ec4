/* Elements of lists that are read as records: a text in which none can be, since a space stands
 * where none is written, loads to the same world, or is refused with the same words. */
#include <stdlib.h>

#include "base/strbuf.h"
#include "bridge/br.h"
#include "state/records.h"
#include "state/state.h"
#include "tests/unit/net.h"
#include "vnet_route.h"

enum { NEIGHS = 40, ROUTES = 60, FDB = 30 };

static char *saved(const struct vnet *w)
{
    struct strbuf text = STRBUF_INIT;
    state_save(w, &text);
    return strbuf_detach(&text);
}

/* Routes of many kinds; some of them have what no record holds. */
static void add_routes(struct vnet *w)
{
    static const uint8_t types[] = {VNET_RTN_UNICAST, VNET_RTN_UNICAST, VNET_RTN_BLACKHOLE,
                                    VNET_RTN_UNICAST, VNET_RTN_THROW,   VNET_RTN_LOCAL};
    static const uint32_t tables[] = {VNET_RT_TABLE_MAIN, 100, VNET_RT_TABLE_DEFAULT,
                                      VNET_RT_TABLE_MAIN};
    for (unsigned i = 0; i < ROUTES; i++) {
        struct vnet_nexthop nh = {.oif = net_dev(w, i & 1 ? "veth1" : "veth0")->ifindex};
        struct vnet_route_info r = {.family = VNET_AF_INET,
                                    .dst = inet_addr_v4((i + 1) << 26 >> (i % 9)),
                                    .dst_len = (uint8_t)(32 - i % 9),
                                    .type = types[i % 6],
                                    .table = tables[i % 4],
                                    .protocol = (uint8_t)(i % 5),
                                    .tos = i % 13 == 12 ? 8 : 0,
                                    .priority = i % 7 * 100,
                                    .nnh = 1,
                                    .nh = &nh};
        if (r.type == VNET_RTN_LOCAL)
            r.scope = VNET_SCOPE_HOST;
        else if (r.type == VNET_RTN_UNICAST && i % 8)
            r.scope = VNET_SCOPE_LINK;
        else if (r.type == VNET_RTN_UNICAST)
            nh.gateway = ip4("10.9.0.3");
        else
            r.nnh = 0;
        r.metrics[VNET_RTAX_MTU] = i % 17 == 16 ? 1400 : 0;
        if (i % 10 == 9 && r.nnh)
            r.prefsrc = ip4("10.9.0.1");
        vnet_route_add(vnet_init_ns(w), &r, VNET_NLM_F_CREATE, NULL);
    }
}

static void add_port(struct vnet *w, const char *name)
{
    const struct vnet_link_req port = {.ifindex = net_dev(w, name)->ifindex,
                                       .set = VNET_LINK_MASTER,
                                       .master = net_dev(w, "br0")->ifindex};
    CHECK_INT(vnet_link_set(vnet_init_ns(w), &port, NULL), 0);
}

/* Groups that a port has asked for. */
static void add_mdb(struct vnet *w)
{
    static const char *const groups[] = {"239.1.2.3", "ff02::1:ff00:1", "239.0.0.1", "ff05::2"};
    struct bridge *br = br_of(net_dev(w, "br0"));
    for (unsigned i = 0; i < 4; i++) {
        struct br_group g = {.vid = (uint16_t)(i / 2 * 100)};
        CHECK(inet_addr_parse(i % 2 ? VNET_AF_INET6 : VNET_AF_INET, groups[i], &g.addr));
        if (i >= 2)
            CHECK(inet_addr_parse(g.addr.family, i % 2 ? "2001:db8::1" : "10.0.0.1", &g.src));
        struct br_pg *pg =
            br_pg_new(br_mdb_new(br, &g), net_dev(w, "a0")->br_port, (uint8_t)(i * 4));
        br_timer_set(w, &pg->timer, (i + 9) * NSEC_PER_SEC);
    }
}

/* A bridge with two ports, of which one is in two VLANs, and what it has learned. */
static void add_fdb(struct vnet *w)
{
    const struct vnet_link_req add = {.kind = "bridge", .ifname = "br0"};
    CHECK_INT(vnet_link_add(vnet_init_ns(w), &add, NULL), 0);
    net_veth(w, "a0", "a1");
    net_veth(w, "b0", "b1");
    net_up(w, "a0", true);
    net_up(w, "a1", true);
    net_up(w, "br0", true);
    add_port(w, "a0");
    add_port(w, "b0");
    br_vlan_insert(&net_dev(w, "b0")->br_port->vlans, 7, 0);
    struct bridge *br = br_of(net_dev(w, "br0"));
    for (unsigned i = 0; i < FDB; i++) {
        const uint8_t mac[ETH_ALEN] = {2, 0, 0, (uint8_t)(i * 0x11), 0, (uint8_t)i};
        struct br_fdb *f = br_fdb_create(br, i % 5 ? net_dev(w, "a0")->br_port : NULL, mac,
                                         (uint16_t)(i % 3 * 100), (uint8_t)(i % 4 * 7));
        f->updated = i % 7 ? w->now - i : 0;
        f->used = i % 2 ? f->updated : w->now;
    }
}

static struct vnet *world(void)
{
    static const uint16_t states[] = {VNET_NUD_REACHABLE, VNET_NUD_STALE,     VNET_NUD_PERMANENT,
                                      VNET_NUD_FAILED,    VNET_NUD_NOARP,     VNET_NUD_DELAY,
                                      VNET_NUD_PROBE,     VNET_NUD_INCOMPLETE};
    struct vnet *w = net_pair("linux6.18", NULL);
    for (unsigned i = 0; i < NEIGHS; i++) {
        struct vnet_neigh_req r = {.family = VNET_AF_INET,
                                   .ifindex = net_dev(w, i & 1 ? "veth1" : "veth0")->ifindex,
                                   .dst = inet_addr_v4(0x0a000000 + i * 0x01020304),
                                   .has_lladdr = true,
                                   .state = states[i % 8],
                                   .protocol = (uint8_t)(i % 3)};
        r.lladdr = lladdr_eth((const uint8_t *)PEER_MAC);
        r.lladdr.bytes[4] = (uint8_t)i;
        vnet_neigh_add(vnet_init_ns(w), &r, VNET_NLM_F_CREATE, NULL);
    }
    net_addr(w, "veth0", "10.9.0.1", 24);
    add_routes(w);
    add_fdb(w);
    add_mdb(w);
    const struct vnet_link_req alias = {
        .ifindex = net_dev(w, "a1")->ifindex, .set = VNET_LINK_ALIAS, .alias = "a{1"};
    CHECK_INT(vnet_link_set(vnet_init_ns(w), &alias, NULL), 0);
    net_wait_ms(w, 1100);
    return w;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* The text with a space behind the opening bracket of each neighbour, route and entry of a
 * bridge's tables; the caller frees it. */
static char *spaced(const char *text)
{
    struct strbuf sb = STRBUF_INIT;
    for (const char *p = text; *p; p++) {
        strbuf_addc(&sb, *p);
        if (*p == '[' && p[1] == '"' && (p[-1] == '[' || p[-1] == ',')) /* the recorder's devices */
            strbuf_addc(&sb, ' ');
        if (*p == '{' && (begins(p, "{\"ifindex\":") || begins(p, "{\"dst\":") ||
                          begins(p, "{\"mac\":") || begins(p, "{\"grp\":")))
            strbuf_addc(&sb, ' ');
    }
    return strbuf_detach(&sb);
}

/* What loading gives: the world saved anew, or why there is none. Takes the text. */
static char *outcome(char *text)
{
    struct vnet_err err = {{0}};
    struct vnet *w = state_parse(text, strlen(text), &err);
    char *result = w ? saved(w) : strdup(err.msg);
    vnet_free(w);
    return result;
}

static bool is_syntax(const char *why)
{
    return strncmp(why, "line ", 5) == 0; /* the place differs by the spaces */
}

static bool both_ways_alike(const char *text)
{
    char *quick = outcome(strdup(text)), *slow = outcome(spaced(text));
    bool same = strcmp(quick, slow) == 0 || (is_syntax(quick) && is_syntax(slow));
    if (!same)
        printf("# %.300s\n# %.300s\n", quick, slow);
    free(quick);
    free(slow);
    return same;
}

static void test_same_world(void)
{
    struct vnet *w = world();
    char *text = saved(w), *back = outcome(strdup(text));
    CHECK_STR(back, text);
    CHECK(both_ways_alike(text));
    free(back);
    free(text);
    vnet_free(w);
}

static unsigned records(const json_t *list, unsigned *others)
{
    unsigned n = 0;
    for (const json_t *v = json_first_child(list); v; v = json_next(v))
        n += json_record(v) != NULL;
    *others = (unsigned)json_array_size(list) - n;
    return n;
}

/* Most are read as records: else this tests nothing. */
static void test_is_used(void)
{
    struct vnet *w = world();
    char *text = saved(w);
    struct vnet_err err = {{0}};
    json_t *root = json_parse_records(text, strlen(text), state_records, &err);
    const json_t *ns = json_array_get(json_object_get(root, "netns"), 0);
    unsigned others;
    CHECK(records(json_object_get(ns, "neighs"), &others) > NEIGHS / 2);
    CHECK(records(json_object_get(ns, "routes"), &others) > ROUTES / 2);
    CHECK(others > 5);
    const json_t *br = json_array_get(json_object_get(ns, "bridges"), 0);
    CHECK(records(json_object_get(br, "fdb"), &others) > FDB / 2 && others == 0);
    CHECK(records(json_object_get(br, "ports"), &others) == 1 && others == 1);
    CHECK(records(json_object_get(br, "mdb"), &others) == 4 && others == 0);
    CHECK(records(json_object_get(ns, "links"), &others) == 7 && others == 1);
    json_free(root);
    free(text);
    vnet_free(w);
}

/* Elements of a list that are damaged here and there. */
static void damage(const char *list, const char *close, const char *tokens)
{
    struct vnet *w = world();
    char *text = saved(w), *from = strstr(text, list);
    size_t len = (size_t)(strstr(from, close) - from), ntokens = strlen(tokens);
    struct rng r;
    unsigned refused = 0;
    rng_seed(&r, 7);
    for (int i = 0; i < 1500; i++) {
        size_t at = rng_below(&r, len);
        char was = from[at];
        from[at] = tokens[rng_below(&r, ntokens)];
        char *back = outcome(strdup(text));
        refused += back[0] != '{';
        free(back);
        CHECK(both_ways_alike(text));
        from[at] = was;
    }
    CHECK(refused > 100 && refused < 1500);
    free(text);
    vnet_free(w);
}

static void test_damage(void)
{
    damage("\"neighs\"", "]", "0123456789-.,:\"[]{}abfeSTALE +");
    damage("\"routes\"", "]", "0123456789-.,:\"[]{}/abdevthlink +");
    damage("\"fdb\"", "]", "0123456789-.,:\"[]{}abcdefmportvlanused +");
    damage("\"ports\"", "\n    ]", "0123456789-.,:\"[]{}ifnopvdtalmr +");
    damage("\"mdb\"", "\n    ]", "0123456789-.,:\"[]{}grportscnflag +");
    damage("\"links\"", "\n  ]", "0123456789-.,:\"[]{}abcdefnamelinkUPstats +");
}

static void test_devices(void)
{
    static const char *const rows[] = {
        "[\"e0\",94,2,1]",
        "[\"e0\",4294967295,2147483647,65535]",
        "[\"e0\",4294967296,2,1]",
        "[\"e0\",1,2147483648,1]",
        "[\"e0\",1,2,65536]",
        "[\"e0\",0,2,1]",
        "[\"e0\",1,0,1]",
        "[\"e0\",1,2,0]",
        "[\"e0\",1,2]",
        "[\"e0\",1,2,1,1]",
        "[\"e0\",01,2,1]",
        "[\"\",1,2,1]",
        "[\"e/0\",1,2,1]",
        "[\"e\\u00300\",1,2,1]",
        "[\"e23456789012345\",1,2,1]",
        "[\"e234567890123456\",1,2,1]",
        "[\"e0\",1,2,1],[\"e1\",1,3,1]",
        "[\"e0\",1,2,1],7",
        "[\"e0\",1,2,1],",
    };
    static const char key[] = "\"devices\":[";
    struct vnet *w = world();
    char *text = saved(w), *at = strstr(text, key) + strlen(key);
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct strbuf sb = STRBUF_INIT;
        strbuf_add(&sb, text, (size_t)(at - text));
        strbuf_addf(&sb, "%s%s", rows[i], at);
        CHECK(both_ways_alike(sb.data));
        strbuf_release(&sb);
    }
    free(text);
    vnet_free(w);
}

static void test_edges_of_routes(void)
{
    static const char *const rows[] = {
        "{\"dst\":\"10.1.0.0/16\",\"dev\":\"veth0\"}",
        "{\"dst\":\"10.1.0.0/15\",\"dev\":\"veth0\"}",
        "{\"dst\":\"10.1.0.1/32\",\"dev\":\"veth0\"}",
        "{\"dst\":\"10.1.0.0/33\",\"dev\":\"veth0\"}",
        "{\"dst\":\"10.1.0.0/016\",\"dev\":\"veth0\"}",
        "{\"dst\":\"0.0.0.0/0\",\"dev\":\"veth0\"}",
        "{\"dst\":\"0.0.0.1/0\",\"dev\":\"veth0\"}",
        "{\"dst\":\"10.1.0.0/16\",\"dev\":\"veth9\"}",
        "{\"dst\":\"10.1.0.0/16\",\"dev\":\"\"}",
        "{\"dst\":\"10.1.0.0/16\",\"dev\":\"veth0veth0veth0\"}",
        "{\"dst\":\"10.1.0.0/16\",\"dev\":\"veth0veth0veth0veth0\"}",
        "{\"dst\":\"10.1.0.0/16\"}",
        "{\"dst\":\"10.1.0.0/16\",\"gateway\":\"10.9.0.3\"}",
        "{\"dst\":\"10.1.0.0/16\",\"gateway\":\"0.0.0.0\",\"dev\":\"veth0\"}",
        "{\"dst\":\"10.1.0.0/16\",\"table\":0,\"dev\":\"veth0\"}",
        "{\"dst\":\"10.1.0.0/16\",\"table\":4294967295,\"dev\":\"veth0\"}",
        "{\"dst\":\"10.1.0.0/16\",\"table\":4294967296,\"dev\":\"veth0\"}",
        "{\"dst\":\"10.1.0.0/16\",\"type\":\"nat\",\"dev\":\"veth0\"}",
        "{\"dst\":\"10.1.0.0/16\",\"type\":\"throw\"}",
        "{\"dst\":\"10.1.0.0/16\",\"type\":\"throw\",\"dev\":\"veth0\"}",
        "{\"dst\":\"10.1.0.0/16\",\"type\":\"throw\",\"gateway\":\"10.9.0.3\"}",
        "{\"dst\":\"10.1.0.0/16\",\"dev\":\"veth0\",\"protocol\":256}",
        "{\"dst\":\"10.1.0.0/16\",\"dev\":\"veth0\",\"scope\":200,\"metric\":4294967295}",
        "{\"dst\":\"10.1.0.0/16\",\"dev\":\"veth0\",\"metric\":4294967296}",
        "{\"dst\":\"10.1.0.0/16\",\"dev\":\"veth0\",\"prefsrc\":\"0.0.0.0\"}",
        "{\"dst\":\"10.1.0.0/16\",\"dev\":\"veth0\",\"dev\":\"veth0\"}",
        "{\"dst\":[],\"dev\":\"veth0\"}",
        "{\"dst\":[\"10.1.0.0/16\"],\"dev\":\"veth0\"}",
        "{\"dst\":[\"10.1.0.0/15\"],\"dev\":\"veth0\"}",
    };
    struct vnet *w = world();
    char *text = saved(w), *at = strstr(strstr(text, "\"routes\""), "{\"dst\":");
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct strbuf sb = STRBUF_INIT;
        strbuf_add(&sb, text, (size_t)(at - text));
        strbuf_adds(&sb, rows[i]);
        strbuf_adds(&sb, strchr(at, '}') + 1);
        CHECK(both_ways_alike(sb.data));
        strbuf_release(&sb);
    }
    free(text);
    vnet_free(w);
}

/* The text of a world with other routes; the caller frees it. */
static char *with_routes(const char *routes)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    struct strbuf sb = STRBUF_INIT;
    char *text = saved(w), *list = strstr(text, "\"routes\":["), *end = strstr(list, "\n  ]");
    strbuf_add(&sb, text, (size_t)(list - text));
    strbuf_addf(&sb, "\"routes\":[%s%s", routes, end);
    free(text);
    vnet_free(w);
    return strbuf_detach(&sb);
}

static bool loads_alike(const char *a, const char *b)
{
    char *one = outcome(with_routes(a)), *other = outcome(with_routes(b));
    bool same = *one == '{' && strcmp(one, other) == 0;
    if (!same)
        printf("# %.2000s\n# %.2000s\n", one, other);
    free(one);
    free(other);
    return same;
}

static void check_refused(const char *routes, const char *why)
{
    char *result = outcome(with_routes(routes));
    CHECK_STR(result, why);
    free(result);
}

/* A list of destinations is as many routes. */
static void test_lists_of_destinations(void)
{
    CHECK(loads_alike(
        "{\"dst\":[\"10.1.0.0/16\",\"10.2.0.1\",\"0.0.0.0/0\"],\"dev\":\"veth0\",\"metric\":5}",
        "{\"dst\":\"10.1.0.0/16\",\"dev\":\"veth0\",\"metric\":5},"
        "{\"dst\":\"10.2.0.1\",\"dev\":\"veth0\",\"metric\":5},"
        "{\"dst\":\"0.0.0.0/0\",\"dev\":\"veth0\",\"metric\":5}"));
    CHECK(loads_alike("{\"dst\":[\"2001:db8::/32\",\"fe80::1\"],\"dev\":\"veth0\"}",
                      "{\"dst\":\"2001:db8::/32\",\"dev\":\"veth0\"},"
                      "{\"dst\":\"fe80::1\",\"dev\":\"veth0\"}"));
    CHECK(loads_alike("{\"dst\":[\"10.1.0.0/16\"],\"type\":\"blackhole\"}",
                      "{\"dst\":\"10.1.0.0/16\",\"type\":\"blackhole\"}"));
    check_refused("{\"dst\":[],\"dev\":\"veth0\"}", "netns[0].routes[0].dst: must not be empty");
    check_refused("{\"dst\":[\"10.1.0.0/16\",7],\"dev\":\"veth0\"}",
                  "netns[0].routes[0].dst[1]: must be an address prefix without bits behind its "
                  "length");
    check_refused("{\"dst\":[\"10.1.0.0/16\",\"::1\"],\"dev\":\"veth0\"}",
                  "netns[0].routes[0].dst[1]: mixes IPv4 and IPv6");
    check_refused("{\"dst\":[\"10.1.0.0/16\"],\"dev\":\"veth0\",\"metrics\":{\"mtu\":1400}}",
                  "netns[0].routes[0].dst: cannot be a list where there are nexthops or metrics");
    check_refused(
        "{\"dst\":[\"10.1.0.0/16\"],\"nexthops\":[{\"dev\":\"veth0\"},{\"dev\":\"veth0\"}]}",
        "netns[0].routes[0].dst: cannot be a list where there are nexthops or metrics");
}

/* What a neighbour leaves out is as in the one before; in format 1, as by default. */
static void test_as_before(void)
{
    struct vnet *w = world();
    char *text = saved(w), *neighs = strstr(text, "\"neighs\"");
    CHECK(strstr(neighs, "{\"dst\":") != NULL);
    CHECK(begins(text, "{\n\"vnet\":4,"));
    text[9] = '1';
    char *result = outcome(text);
    CHECK(strstr(result, "].ifindex: must be the index of a link") != NULL);
    free(result);
    vnet_free(w);
}

/* Values at the edges of what is allowed. */
static void test_edges(void)
{
    static const char *const rows[] = {
        "\"ifindex\":0",
        "\"ifindex\":00002",
        "\"ifindex\":2147483648",
        "\"ifindex\":99999999999999999999",
        "\"ifindex\":2.0",
        "\"ifindex\":2e0",
        "\"ifindex\":-2",
        "\"ifindex\":\"2\"",
        "\"ifindex\":2,\"ifindex\":2",
        "\"ifindex\":9223372036854775808",
    };
    struct vnet *w = world();
    char *text = saved(w);
    const char *neighs = strstr(text, "\"neighs\""), *at = strstr(neighs, "\"ifindex\":");
    const char *behind = strchr(at, ',');
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct strbuf sb = STRBUF_INIT;
        strbuf_add(&sb, text, (size_t)(at - text));
        strbuf_adds(&sb, rows[i]);
        strbuf_adds(&sb, behind);
        CHECK(both_ways_alike(sb.data));
        strbuf_release(&sb);
    }
    free(text);
    vnet_free(w);
}

int main(void)
{
    RUN(test_same_world);
    RUN(test_is_used);
    RUN(test_damage);
    RUN(test_devices);
    RUN(test_edges);
    RUN(test_edges_of_routes);
    RUN(test_lists_of_destinations);
    RUN(test_as_before);
    return unit_end();
}
