/* Neighbours, sockets, fragments, frames in flight: a world that was saved and loaded goes on as
 * the one that was not; hostile values are refused by name. */
#include <stdlib.h>

#include "inet/ip_frags.h"
#include "inet/sock.h"
#include "state/state.h"
#include "tests/unit/net.h"
#include "vnet_route.h"
#include "wire/ether.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

static struct vnet *reload(struct vnet *w)
{
    struct strbuf text = STRBUF_INIT;
    struct vnet_err err = {{0}};
    state_save(w, &text);
    size_t len = text.len;
    struct vnet *back = state_parse(strbuf_detach(&text), len, &err);
    if (!back)
        printf("# %s\n", err.msg);
    return back;
}

static char *saved(const struct vnet *w)
{
    struct strbuf text = STRBUF_INIT;
    state_save(w, &text);
    return strbuf_detach(&text);
}

static void fragment(struct vnet *w, uint16_t id, uint32_t offset, bool more)
{
    uint8_t p[20 + 64] = {0};
    struct ipv4_hdr h = {.version = 4,
                         .hdr_len = 20,
                         .ttl = 64,
                         .protocol = 1,
                         .id = id,
                         .frag = (uint16_t)(offset / 8 | (more ? IPV4_MF : 0)),
                         .tot_len = sizeof(p),
                         .saddr = 0xc0a80263,
                         .daddr = 0xc0a8020b};
    ipv4_emit(p, &h, NULL);
    memset(p + 20, (int)offset, 64);
    net_inject(w, "veth0", ETH_P_IP, NULL, p, sizeof(p));
}

/* A world with something of everything pending. */
static struct vnet *busy_world(void)
{
    struct vnet *w = net_pair("linux6.18", "192.168.2.12");
    struct netns *ns = vnet_init_ns(w);
    net_sysctl_set(w, "net/ipv4/conf/all/accept_local", "1");
    vnet_sock_id a = net_ping_socket(w, "veth0"), b = net_ping_socket(w, NULL);
    vnet_sock_setopt(w, b, VNET_IP_TTL, 7);
    net_echo(w, a, "192.168.2.12", 1, 64);
    net_echo(w, b, "192.168.2.50", 2, 64);
    net_echo(w, b, "192.168.2.50", 3, 3000);
    net_wait_ms(w, 3300); /* errors wait in b's queue */
    net_echo(w, b, "192.168.2.51", 4, 64);
    net_echo(w, b, "192.168.2.11", 5, 64); /* in flight on lo */
    net_echo(w, a, "192.168.2.12", 6, 64); /* on veth */
    fragment(w, 1, 0, true);
    fragment(w, 1, 128, true);
    fragment(w, 2, 64, false);
    struct vnet_neigh_req proxy = {.family = VNET_AF_INET,
                                   .ifindex = net_dev(w, "veth1")->ifindex,
                                   .dst = ip4("10.0.0.1"),
                                   .flags = VNET_NTF_PROXY};
    vnet_neigh_add(ns, &proxy, VNET_NLM_F_CREATE, NULL);
    return w;
}

static void test_round_trip(void)
{
    struct vnet *w = busy_world();
    char *before = saved(w);
    struct vnet *back = reload(w);
    CHECK(back != NULL);
    char *after = back ? saved(back) : NULL;
    CHECK_STR(after, before);
    free(before);
    free(after);
    vnet_free(back);
    vnet_free(w);
}

/* Both run on for a minute; then they must still be one. */
static void test_same_future(void)
{
    struct vnet *w = busy_world(), *back = reload(w);
    for (int step = 0; step < 600; step++) {
        net_wait_ms(w, 100);
        net_wait_ms(back, 100);
        if (step % 50 == 0) { /* and through the file again */
            struct vnet *again = reload(back);
            vnet_free(back);
            back = again;
        }
    }
    char *a = saved(w), *b = saved(back);
    CHECK_STR(b, a);
    CHECK_INT(list_empty(&vnet_init_ns(back)->frags->by_age), 1);
    free(a);
    free(b);
    vnet_free(w);
    vnet_free(back);
}

/* text with the first `from` replaced by `to` must be refused with a message that holds `path`. */
static void refuse(const char *text, const char *from, const char *to, const char *path)
{
    const char *at = strstr(text, from);
    struct vnet_err err = {{0}};
    struct strbuf sb = STRBUF_INIT;
    CHECK(at != NULL);
    if (!at) {
        printf("# no %s\n", from);
        return;
    }
    strbuf_add(&sb, text, (size_t)(at - text));
    strbuf_adds(&sb, to);
    strbuf_adds(&sb, at + strlen(from));
    size_t len = sb.len;
    struct vnet *w = state_parse(strbuf_detach(&sb), len, &err);
    CHECK(w == NULL);
    if (!strstr(err.msg, path))
        printf("# \"%s\" -> \"%s\": %s\n", from, to, err.msg);
    CHECK(strstr(err.msg, path) != NULL);
    vnet_free(w);
}

static void test_hostile(void)
{
    struct vnet *w = busy_world();
    char *text = saved(w);
    refuse(text, "\"state\":\"INCOMPLETE\"", "\"state\":\"SLEEPING\"", "netns[0].neighs[");
    refuse(text, "\"state\":\"INCOMPLETE\"", "\"state\":\"FAILED\"", ".timer");
    refuse(text, "\"state\":\"STALE\"", "\"state\":\"REACHABLE\"", ".timer");
    refuse(text, "\"lladdr\":\"00:00:00:00:00:00\"", "\"lladdr\":\"00:00\"", ".lladdr");
    refuse(text, "\"dst\":\"192.168.2.51\"", "\"dst\":\"fe80::1\"", ".queue[0].data");
    refuse(text, "\"dst\":\"192.168.2.50\"", "\"dst\":\"192.168.2.51\"", "is there twice");
    refuse(text, "\"raw\",\"protocol\":1", "\"raw\",\"protocol\":0", "sockets[0].protocol");
    refuse(text, "\"ttl\":7", "\"ttl\":900", "sockets[1].ttl");
    refuse(text, "\"type\":\"raw\"", "\"type\":\"stream\"", "sockets[0].type");
    refuse(text, "\"truesize\":", "\"truesize\":9999", ".truesize");
    refuse(text, "\"runs\":[[0", "\"runs\":[[8", "fragments[0]");
    refuse(text, "\"runs\":[[0,\"", "\"runs\":[[0,\"zz", "fragments[0].runs[0]");
    refuse(text, "\"header\":\"45", "\"header\":\"46", ".header");
    refuse(text, "\"first\":64", "\"first\":6400", ".first");
    refuse(text, "\"to\":", "\"to\":9", "frames[0].to");
    refuse(text, "\"due\":[", "\"due\":[-", "frames[0].due");
    refuse(text, "\"proxies\":[", "\"proxies\":[7,", "proxies[0]");
    free(text);
    vnet_free(w);
}

/* Random damage to the text: refused or loaded and run, never a crash. */
static void test_damage(void)
{
    struct vnet *w = busy_world();
    char *text = saved(w);
    size_t len = strlen(text);
    struct rng r;
    rng_seed(&r, 5);
    for (int i = 0; i < 400; i++) {
        char *copy = malloc(len + 1);
        memcpy(copy, text, len + 1);
        for (uint64_t n = 1 + rng_below(&r, 4); n; n--) {
            size_t at = rng_below(&r, len);
            copy[at] = copy[at] >= '0' && copy[at] <= '9' ? (char)('0' + rng_below(&r, 10))
                                                          : text[rng_below(&r, len)];
        }
        struct vnet_err err = {{0}};
        struct vnet *back = state_parse(copy, len, &err);
        CHECK(back || err.msg[0]);
        if (back)
            net_wait_ms(back, 40000);
        vnet_free(back);
    }
    free(text);
    vnet_free(w);
}

int main(void)
{
    RUN(test_round_trip);
    RUN(test_same_future);
    RUN(test_hostile);
    RUN(test_damage);
    return unit_end();
}
