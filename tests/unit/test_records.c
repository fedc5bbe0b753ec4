/* Elements of lists that are read as records: a text in which none can be, since a space stands
 * where none is written, loads to the same world, or is refused with the same words. */
#include <stdlib.h>

#include "base/strbuf.h"
#include "state/records.h"
#include "state/state.h"
#include "tests/unit/net.h"
#include "vnet_route.h"

enum { NEIGHS = 40 };

static char *saved(const struct vnet *w)
{
    struct strbuf text = STRBUF_INIT;
    state_save(w, &text);
    return strbuf_detach(&text);
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
    net_wait_ms(w, 1100);
    return w;
}

/* The text with a space behind the opening bracket of each neighbour; the caller frees it. */
static char *spaced(const char *text)
{
    struct strbuf sb = STRBUF_INIT;
    for (const char *p = text; *p; p++) {
        strbuf_addc(&sb, *p);
        if (*p == '{' && strncmp(p, "{\"ifindex\":", 11) == 0)
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

/* Most are read as records: else this tests nothing. */
static void test_is_used(void)
{
    struct vnet *w = world();
    char *text = saved(w);
    struct vnet_err err = {{0}};
    json_t *root = json_parse_records(text, strlen(text), state_records, &err);
    const json_t *ns = json_array_get(json_object_get(root, "netns"), 0);
    const json_t *neighs = json_object_get(ns, "neighs");
    unsigned records = 0;
    for (const json_t *n = json_first_child(neighs); n; n = json_next(n))
        records += json_record(n) != NULL;
    CHECK(records > NEIGHS / 2);
    json_free(root);
    free(text);
    vnet_free(w);
}

/* Neighbours that are damaged here and there. */
static void test_damage(void)
{
    static const char tokens[] = "0123456789-.,:\"[]{}abfeSTALE +";
    struct vnet *w = world();
    char *text = saved(w), *from = strstr(text, "\"neighs\"");
    size_t len = strlen(from);
    struct rng r;
    unsigned refused = 0;
    rng_seed(&r, 7);
    for (int i = 0; i < 1500; i++) {
        size_t at = rng_below(&r, len);
        char was = from[at];
        from[at] = tokens[rng_below(&r, sizeof(tokens) - 1)];
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
    RUN(test_edges);
    return unit_end();
}
