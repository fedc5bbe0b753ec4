/* The FIB: longest-prefix match against a plain list, orders of dumps, flags of requests, tables,
 * rules, devices that come and go, the state file. */
#include <errno.h>

#include "inet/fib.h"
#include "inet/fib_internal.h"
#include "sim/rng.h"
#include "tests/unit/net.h"
#include "vnet_route.h"

/* ---- a plain list of prefixes, in which the longest match is looked for one by one ---- */

enum { MODEL_MAX = 3000 };

struct model {
    struct inet_prefix p[MODEL_MAX];
    unsigned n;
};

static int model_match(const struct model *m, const struct inet_addr *a)
{
    int best = -1;
    for (unsigned i = 0; i < m->n; i++)
        if (inet_prefix_has(&m->p[i], a) && m->p[i].len > best)
            best = m->p[i].len;
    return best;
}

static bool model_has(const struct model *m, const struct inet_prefix *p)
{
    for (unsigned i = 0; i < m->n; i++)
        if (m->p[i].len == p->len && inet_addr_eq(&m->p[i].addr, &p->addr))
            return true;
    return false;
}

/* Addresses that share long beginnings. */
static struct inet_addr random_addr(struct rng *rng, uint8_t family)
{
    static const unsigned spread[] = {0, 1, 0x80, 0xff, 0x55};
    struct inet_addr a = {.family = family};
    for (unsigned i = 0; i < inet_addr_size(family); i++)
        a.bytes[i] = (uint8_t)spread[rng_below(rng, i < 3 ? 5 : 3)];
    a.bytes[rng_below(rng, inet_addr_size(family))] ^= (uint8_t)(1U << rng_below(rng, 8));
    return a;
}

static struct inet_prefix random_prefix(struct rng *rng, uint8_t family)
{
    struct inet_prefix p = {random_addr(rng, family),
                            (uint8_t)rng_below(rng, inet_addr_bits(family) + 1)};
    p.addr = inet_addr_masked(&p.addr, p.len);
    return p;
}

static struct fib_route plain_route(const struct inet_prefix *p, struct fib_nexthop *nh,
                                    struct netdev *dev)
{
    *nh = (struct fib_nexthop){.dev = dev, .scope = VNET_SCOPE_HOST};
    struct fib_route r = {.dst = *p,
                          .type = VNET_RTN_UNICAST,
                          .protocol = VNET_RTPROT_STATIC,
                          .scope = VNET_SCOPE_LINK,
                          .table = 100,
                          .nnh = 1,
                          .nh = nh};
    if (p->addr.family == VNET_AF_INET6)
        r.scope = VNET_SCOPE_UNIVERSE;
    return r;
}

static void check_lookups(struct fib *fib, const struct model *m, struct rng *rng, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        struct flow fl = {.family = fib->family, .daddr = random_addr(rng, fib->family)};
        struct fib_result res = {0};
        int want = model_match(m, &fl.daddr);
        int rc = fib_table_lookup(fib, 100, &fl, &res);
        CHECK_INT(rc, want < 0 ? -EAGAIN : 0);
        if (rc == 0)
            CHECK_INT(res.prefix_len, want);
    }
}

/* ---- dump orders ---- */

/* net/ipv4/fib_trie.c: by address; at the same address the longest first. */
static bool before_v4(const struct inet_prefix *a, const struct inet_prefix *b)
{
    int c = inet_addr_cmp(&a->addr, &b->addr);
    return c ? c < 0 : a->len > b->len;
}

/* fib6_walk_continue(): what lies below a prefix stands before it. */
static bool before_v6(const struct inet_prefix *a, const struct inet_prefix *b)
{
    if (a->len > b->len && inet_prefix_has(b, &a->addr))
        return true;
    if (b->len > a->len && inet_prefix_has(a, &b->addr))
        return false;
    return inet_addr_cmp(&a->addr, &b->addr) < 0;
}

struct order {
    struct inet_prefix last;
    unsigned n, wrong;
};

static int check_order(const struct fib_route *r, void *arg)
{
    struct order *o = arg;
    if (r->table != 100)
        return 0;
    if (o->n++ && !(r->dst.addr.family == VNET_AF_INET ? before_v4 : before_v6)(&o->last, &r->dst))
        o->wrong++;
    o->last = r->dst;
    return 0;
}

static void random_tables(uint8_t family, uint64_t seed)
{
    static struct model m;
    struct rng rng;
    struct vnet *w = net_world("linux6.18");
    struct fib *fib = family == VNET_AF_INET ? vnet_init_ns(w)->fib4 : vnet_init_ns(w)->fib6;
    struct fib_nexthop nh;
    rng_seed(&rng, seed);
    m.n = 0;
    for (unsigned step = 0; step < 4000; step++) {
        bool add = m.n < 10 || (m.n < MODEL_MAX && rng_below(&rng, 3) != 0);
        if (add) {
            struct inet_prefix p = random_prefix(&rng, family);
            struct fib_route r = plain_route(&p, &nh, net_dev(w, "lo"));
            int want = model_has(&m, &p) ? -EEXIST : 0;
            CHECK_INT(fib_insert(fib, &r, VNET_NLM_F_CREATE | VNET_NLM_F_EXCL, NULL), want);
            if (want == 0)
                m.p[m.n++] = p;
        } else {
            unsigned i = (unsigned)rng_below(&rng, m.n);
            struct fib_route r = plain_route(&m.p[i], &nh, net_dev(w, "lo"));
            CHECK_INT(fib_remove(fib, &r), 0);
            CHECK_INT(fib_remove(fib, &r), -ESRCH);
            m.p[i] = m.p[--m.n];
        }
        if (step % 40 == 0)
            check_lookups(fib, &m, &rng, 20);
    }
    struct order o = {.n = 0};
    fib_each(fib, check_order, &o);
    CHECK_INT(o.n, m.n);
    CHECK_INT(o.wrong, 0);
    vnet_free(w);
}

static void test_random_v4(void)
{
    for (uint64_t seed = 1; seed <= 4; seed++)
        random_tables(VNET_AF_INET, seed);
}

static void test_random_v6(void)
{
    for (uint64_t seed = 5; seed <= 8; seed++)
        random_tables(VNET_AF_INET6, seed);
}

/* All of 10.0.0.0/8's /24 and more: 100,000 routes, each found by its own address. */
static void test_large(void)
{
    enum { N = 100000 };
    struct vnet *w = net_world("linux6.18");
    struct fib *fib = vnet_init_ns(w)->fib4;
    struct fib_nexthop nh;
    unsigned found = 0;
    for (uint32_t i = 0; i < N; i++) {
        struct inet_prefix p = {inet_addr_v4(0x0a000000U + (i << 8)), 24};
        struct fib_route r = plain_route(&p, &nh, net_dev(w, "lo"));
        fib_insert(fib, &r, VNET_NLM_F_CREATE, NULL);
    }
    for (uint32_t i = 0; i < N; i++) {
        struct flow fl = {.family = VNET_AF_INET,
                          .daddr = inet_addr_v4(0x0a000000U + (i << 8) + 7)};
        struct fib_result res = {0};
        found += fib_table_lookup(fib, 100, &fl, &res) == 0 &&
                 inet_addr_to_v4(&res.route->dst.addr) == 0x0a000000U + (i << 8);
    }
    CHECK_INT(found, N);
    vnet_free(w);
}

/* ---- requests ---- */

static struct vnet_route_info request(struct vnet *w, const char *dst, unsigned len,
                                      const char *via, const char *dev, struct vnet_nexthop *nh)
{
    *nh = (struct vnet_nexthop){.oif = dev ? vnet_link_index(vnet_init_ns(w), dev) : 0};
    if (via)
        nh->gateway = ip4(via);
    struct vnet_route_info r = {.family = VNET_AF_INET,
                                .dst = ip4(dst),
                                .dst_len = (uint8_t)len,
                                .type = VNET_RTN_UNICAST,
                                .protocol = VNET_RTPROT_BOOT,
                                .table = VNET_RT_TABLE_MAIN,
                                .nnh = 1,
                                .nh = nh};
    r.scope = via ? VNET_SCOPE_UNIVERSE : VNET_SCOPE_LINK;
    return r;
}

enum {
    ADD = VNET_NLM_F_CREATE | VNET_NLM_F_EXCL,
    APPEND = VNET_NLM_F_CREATE | VNET_NLM_F_APPEND,
    PREPEND = VNET_NLM_F_CREATE,
    REPLACE = VNET_NLM_F_CREATE | VNET_NLM_F_REPLACE,
    CHANGE = VNET_NLM_F_REPLACE,
};

static int add(struct vnet *w, const char *dst, unsigned len, const char *via, unsigned metric,
               unsigned flags)
{
    struct vnet_nexthop nh;
    struct vnet_route_info r = request(w, dst, len, via, NULL, &nh);
    r.priority = metric;
    return vnet_route_add(vnet_init_ns(w), &r, flags, NULL);
}

/* "via.metric" of the routes to 10.0.0.0/8, in dump order. */
static int note_gateway(const struct vnet_route_info *r, void *arg)
{
    struct strbuf *sb = arg;
    if (r->table == VNET_RT_TABLE_MAIN && r->dst.family && r->dst.bytes[0] == 10 && r->dst_len == 8)
        strbuf_addf(sb, "%u/%u ", r->nh[0].gateway.bytes[3], r->priority);
    return 0;
}

static void check_gateways(struct vnet *w, const char *want)
{
    struct strbuf sb = STRBUF_INIT;
    vnet_route_dump(vnet_init_ns(w), VNET_AF_INET, note_gateway, &sb);
    CHECK_STR(strbuf_cstr(&sb), want);
    strbuf_release(&sb);
}

static void test_flags(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    CHECK_INT(add(w, "10.0.0.0", 8, "192.168.2.1", 0, CHANGE), -ENOENT);
    CHECK_INT(add(w, "10.0.0.0", 8, "192.168.2.1", 0, ADD), 0);
    CHECK_INT(add(w, "10.0.0.0", 8, "192.168.2.2", 0, ADD), -EEXIST);
    CHECK_INT(add(w, "10.0.0.0", 8, "192.168.2.2", 0, APPEND), 0);
    CHECK_INT(add(w, "10.0.0.0", 8, "192.168.2.2", 0, APPEND), -EEXIST);
    CHECK_INT(add(w, "10.0.0.0", 8, "192.168.2.3", 0, PREPEND), 0);
    CHECK_INT(add(w, "10.0.0.0", 8, "192.168.2.4", 7, ADD), 0);
    CHECK_INT(add(w, "10.0.0.0", 8, "192.168.2.5", 3, ADD), 0);
    check_gateways(w, "3/0 1/0 2/0 5/3 4/7 ");
    CHECK_INT(add(w, "10.0.0.0", 8, "192.168.2.9", 0, REPLACE), 0); /* the first of its metric */
    check_gateways(w, "9/0 1/0 2/0 5/3 4/7 ");
    CHECK_INT(add(w, "10.0.0.0", 8, "192.168.2.1", 0, REPLACE), -EEXIST); /* there, not the first */
    CHECK_INT(add(w, "10.0.0.0", 8, "192.168.2.9", 0, REPLACE), 0);
    CHECK_INT(add(w, "10.0.0.0", 8, "192.168.2.6", 3, CHANGE), 0);
    check_gateways(w, "9/0 1/0 2/0 6/3 4/7 ");
    vnet_free(w);
}

static void check_refused(struct vnet *w, const struct vnet_route_info *r, int error,
                          const char *text)
{
    struct vnet_err err = {""};
    CHECK_INT(vnet_route_add(vnet_init_ns(w), r, ADD, &err), -error);
    CHECK_STR(err.msg, text);
}

static void test_refusals(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    struct vnet_nexthop nh;
    struct vnet_route_info r = request(w, "10.0.0.0", 8, "1.2.3.4", NULL, &nh);
    check_refused(w, &r, ENETUNREACH, "Nexthop has invalid gateway");
    r = request(w, "10.0.0.1", 8, "192.168.2.1", NULL, &nh);
    check_refused(w, &r, EINVAL, "Invalid prefix for given prefix length");
    r = request(w, "10.0.0.0", 8, "192.168.2.255", NULL, &nh);
    check_refused(w, &r, EINVAL, "Nexthop has invalid gateway");
    r = request(w, "10.0.0.0", 8, NULL, "veth1", &nh);
    r.prefsrc = ip4("192.168.2.12");
    check_refused(w, &r, EINVAL, "Invalid prefsrc address");
    r.prefsrc = (struct inet_addr){0};
    r.type = VNET_RTN_BLACKHOLE;
    check_refused(w, &r, EINVAL,
                  "Gateway, device and multipath can not be specified for this route type");
    r.type = VNET_RTN_LOCAL;
    check_refused(w, &r, EINVAL, "Invalid scope");
    net_up(w, "veth1", false);
    r = request(w, "10.0.0.0", 8, NULL, "veth1", &nh);
    check_refused(w, &r, ENETDOWN, "Device for nexthop is not up");
    CHECK_INT(vnet_route_del(vnet_init_ns(w), &r, NULL), -ESRCH);
    vnet_free(w);
}

/* A kernel before 4.12 has no words. */
static void test_no_extack(void)
{
    struct vnet *w = net_pair("centos7", NULL);
    struct vnet_nexthop nh;
    struct vnet_route_info r = request(w, "10.0.0.0", 8, "1.2.3.4", NULL, &nh);
    check_refused(w, &r, ENETUNREACH, "");
    vnet_free(w);
}

/* ---- tables and rules ---- */

static uint8_t type_of(struct vnet *w, const char *addr, uint32_t *table)
{
    struct flow fl = {.family = VNET_AF_INET, .daddr = ip4(addr)};
    struct fib_result res = {0};
    if (fib_lookup(vnet_init_ns(w)->fib4, &fl, false, &res) < 0)
        return VNET_RTN_UNSPEC;
    *table = res.table;
    return res.type;
}

/* While there are no rules, local and main are one trie: a longer prefix in main wins over local's
 * 127.0.0.0/8. The first rule parts them. */
static void test_merged_tables(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    struct vnet_nexthop nh;
    struct vnet_route_info r = request(w, "127.0.0.9", 32, NULL, "veth0", &nh);
    struct vnet_rule_info rule = {.family = VNET_AF_INET,
                                  .action = VNET_FR_ACT_TO_TBL,
                                  .table = 100,
                                  .suppress_prefixlen = -1,
                                  .suppress_ifgroup = -1};
    uint32_t table;
    CHECK_INT(vnet_route_add(vnet_init_ns(w), &r, ADD, NULL), 0);
    CHECK_INT(type_of(w, "127.0.0.9", &table), VNET_RTN_UNICAST);
    CHECK_INT(type_of(w, "127.0.0.8", &table), VNET_RTN_LOCAL);
    CHECK_INT(table, VNET_RT_TABLE_MAIN);
    CHECK_INT(vnet_rule_add(vnet_init_ns(w), &rule, NULL), 0);
    CHECK_INT(type_of(w, "127.0.0.9", &table), VNET_RTN_LOCAL);
    CHECK_INT(table, VNET_RT_TABLE_LOCAL);
    vnet_free(w);
}

static int note_table(const struct fib_route *r, void *arg)
{
    struct strbuf *sb = arg;
    if (r->dst.addr.bytes[0] == 10)
        strbuf_addf(sb, "%u ", r->table);
    return 0;
}

/* fib_table_hash: by the low 8 bits, in a bucket the newest first. */
static void test_table_order(void)
{
    static const uint32_t made[] = {300, 1, 257, 513, 44};
    struct vnet *w = net_pair("linux6.18", NULL);
    struct strbuf sb = STRBUF_INIT;
    for (unsigned i = 0; i < 5; i++) {
        struct vnet_nexthop nh;
        struct vnet_route_info r = request(w, "10.0.0.0", 8, NULL, "veth0", &nh);
        r.table = made[i];
        CHECK_INT(vnet_route_add(vnet_init_ns(w), &r, ADD, NULL), 0);
    }
    fib_each(vnet_init_ns(w)->fib4, note_table, &sb);
    CHECK_STR(strbuf_cstr(&sb), "513 257 1 44 300 ");
    strbuf_reset(&sb);
    struct vnet *copy = vnet_clone(w);
    fib_each(vnet_init_ns(copy)->fib4, note_table, &sb);
    CHECK_STR(strbuf_cstr(&sb), "513 257 1 44 300 ");
    strbuf_release(&sb);
    vnet_free(copy);
    vnet_free(w);
}

static int note_rule(const struct vnet_rule_info *r, void *arg)
{
    strbuf_addf(arg, "%u:%u ", r->priority, r->table);
    return 0;
}

static void test_rules(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    struct netns *ns = vnet_init_ns(w);
    struct strbuf sb = STRBUF_INIT;
    struct vnet_rule_info r = {.family = VNET_AF_INET,
                               .action = VNET_FR_ACT_TO_TBL,
                               .table = 7,
                               .suppress_prefixlen = -1,
                               .suppress_ifgroup = -1};
    CHECK_INT(vnet_rule_add(ns, &r, NULL), 0); /* one before the second rule */
    CHECK_INT(vnet_rule_add(ns, &r, NULL), 0);
    r.has_priority = true;
    r.priority = 100;
    CHECK_INT(vnet_rule_add(ns, &r, NULL), 0);
    CHECK_INT(vnet_rule_add(ns, &r, NULL), -EEXIST);
    r.table = 8;
    CHECK_INT(vnet_rule_add(ns, &r, NULL), 0); /* behind its equals */
    vnet_rule_dump(ns, VNET_AF_INET, note_rule, &sb);
    CHECK_STR(strbuf_cstr(&sb), "0:255 100:7 100:8 32764:7 32765:7 32766:254 32767:253 ");
    r.table = 9;
    CHECK_INT(vnet_rule_del(ns, &r, NULL), -ENOENT);
    r.action = VNET_FR_ACT_GOTO;
    r.goto_priority = 99;
    CHECK_INT(vnet_rule_add(ns, &r, NULL), -EINVAL);
    strbuf_release(&sb);
    vnet_free(w);
}

/* ---- links ---- */

static int count_flags(const struct fib_route *r, void *arg)
{
    unsigned *n = arg;
    for (unsigned i = 0; i < r->nnh; i++) {
        n[0] += r->nh[i].flags & VNET_RTNH_F_DEAD ? 1 : 0;
        n[1] += r->nh[i].flags & VNET_RTNH_F_LINKDOWN ? 1 : 0;
    }
    n[2]++;
    return 0;
}

static void check_counts(struct vnet *w, unsigned dead, unsigned linkdown, unsigned routes)
{
    unsigned n[3] = {0, 0, 0};
    fib_each(vnet_init_ns(w)->fib4, count_flags, n);
    CHECK_INT(n[0], dead);
    CHECK_INT(n[1], linkdown);
    CHECK_INT(n[2], routes);
}

/* lo has 3 routes; veth0 has local, connected, broadcast. The peer goes down: linkdown, but not the
 * local route. The link itself goes down: only the local route stays. */
static void test_link_states(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    check_counts(w, 0, 0, 6);
    net_up(w, "veth1", false);
    check_counts(w, 0, 2, 6);
    net_up(w, "veth1", true);
    check_counts(w, 0, 0, 6);
    net_up(w, "veth0", false);
    check_counts(w, 0, 0, 4);
    net_up(w, "veth0", true);
    check_counts(w, 0, 0, 6);
    vnet_free(w);
}

static void test_multipath(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    struct netns *ns = vnet_init_ns(w);
    net_addr(w, "veth1", "192.168.3.11", 24);
    struct vnet_nexthop nh[2] = {{.gateway = ip4("192.168.2.1"), .weight = 2},
                                 {.gateway = ip4("192.168.3.1"), .weight = 0}};
    struct vnet_route_info r = {.family = VNET_AF_INET,
                                .dst = ip4("10.0.0.0"),
                                .dst_len = 8,
                                .type = VNET_RTN_UNICAST,
                                .nnh = 2,
                                .nh = nh};
    CHECK_INT(vnet_route_add(ns, &r, ADD, NULL), 0);
    unsigned first = 0;
    for (uint32_t i = 0; i < 4000; i++) {
        struct flow fl = {.family = VNET_AF_INET, .daddr = inet_addr_v4(0x0a000000U + i * 77)};
        struct fib_result res = {0};
        CHECK_INT(fib_lookup(ns->fib4, &fl, false, &res), 0);
        fib_select_path(ns, &fl, &res);
        first += res.nh->dev == net_dev(w, "veth0");
    }
    CHECK(first > 2850 && first < 3150); /* three of four */
    net_up(w, "veth0", false);           /* one dies, the route lives */
    struct flow fl = {.family = VNET_AF_INET, .daddr = ip4("10.9.9.9")};
    struct fib_result res = {0};
    CHECK_INT(fib_lookup(ns->fib4, &fl, false, &res), 0);
    fib_select_path(ns, &fl, &res);
    CHECK(res.nh->dev == net_dev(w, "veth1"));
    net_up(w, "veth1", false);
    CHECK_INT(fib_lookup(ns->fib4, &fl, false, &res), -ENETUNREACH);
    vnet_free(w);
}

/* Kernels before 5.14 take the network's own address for a broadcast address as well. */
static void test_network_broadcast(void)
{
    uint32_t table;
    struct vnet *w = net_pair("centos7", NULL);
    CHECK_INT(type_of(w, "192.168.2.0", &table), VNET_RTN_BROADCAST);
    CHECK_INT(table, VNET_RT_TABLE_LOCAL);
    vnet_free(w);
    w = net_pair("debian12", NULL);
    CHECK_INT(type_of(w, "192.168.2.0", &table), VNET_RTN_UNICAST);
    CHECK_INT(type_of(w, "192.168.2.255", &table), VNET_RTN_BROADCAST);
    vnet_free(w);
}

/* ---- the state file ---- */

static void test_saved(void)
{
    struct vnet *w = net_pair("linux6.18", NULL);
    struct vnet_rule_info rule = {.family = VNET_AF_INET,
                                  .action = VNET_FR_ACT_BLACKHOLE,
                                  .src = ip4("10.1.2.3"),
                                  .src_len = 8,
                                  .suppress_prefixlen = -1,
                                  .suppress_ifgroup = -1};
    struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
    uint32_t table;
    CHECK_INT(add(w, "10.0.0.0", 8, "192.168.2.1", 0, ADD), 0);
    CHECK_INT(add(w, "10.0.0.0", 8, "192.168.2.3", 0, PREPEND), 0);
    CHECK_INT(add(w, "10.0.0.0", 8, "192.168.2.4", 9, ADD), 0);
    CHECK_INT(vnet_rule_add(vnet_init_ns(w), &rule, NULL), 0);
    struct vnet *copy = vnet_clone(w);
    check_gateways(copy, "3/0 1/0 4/9 ");
    vnet_rule_dump(vnet_init_ns(w), VNET_AF_UNSPEC, note_rule, &a);
    vnet_rule_dump(vnet_init_ns(copy), VNET_AF_UNSPEC, note_rule, &b);
    CHECK_STR(strbuf_cstr(&b), strbuf_cstr(&a));
    CHECK_INT(type_of(copy, "192.168.2.11", &table), VNET_RTN_LOCAL);
    CHECK_INT(table, VNET_RT_TABLE_LOCAL);
    strbuf_release(&a);
    strbuf_release(&b);
    vnet_free(copy);
    vnet_free(w);
}

int main(void)
{
    RUN(test_random_v4);
    RUN(test_random_v6);
    RUN(test_large);
    RUN(test_flags);
    RUN(test_refusals);
    RUN(test_no_extack);
    RUN(test_merged_tables);
    RUN(test_table_order);
    RUN(test_rules);
    RUN(test_link_states);
    RUN(test_multipath);
    RUN(test_network_broadcast);
    RUN(test_saved);
    return unit_end();
}
