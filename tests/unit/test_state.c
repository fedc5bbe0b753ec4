/* The state file: worlds survive it unchanged; no edit of one crashes, hangs, or yields a world
 * that cannot be saved and loaded again. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/world.h"
#include "state/state.h"
#include "tests/unit/json_edit.h"
#include "tests/unit/unit.h"
#include "vnet_addr.h"
#include "vnet_link.h"
#include "vnet_neigh.h"
#include "vnet_sock.h"

static void add_card(struct netns *ns)
{
    const struct lladdr mac = {6, {0x52, 0x54, 0, 0, 0, 1}};
    const struct vnet_link_req up = {.ifindex = 2, .flags = VNET_IFF_UP, .change = VNET_IFF_UP};
    const struct vnet_addr_req addr = {.ifindex = 2,
                                       .family = VNET_AF_INET,
                                       .prefixlen = 24,
                                       .local = inet_addr_v4(0xc0a8010b),
                                       .address = inet_addr_v4(0xc0a8010b)};
    struct vnet_err err;
    CHECK_INT(vnet_nic_add(ns, 2, "eth0", &mac, "fq_codel", 1, &err), 0);
    CHECK_INT(vnet_link_set(ns, &up, &err), 0);
    CHECK_INT(vnet_addr_add(ns, &addr, &err), 0);
}

/* A world with something of every subject: links, addresses, a ping under way, pending events. */
static struct vnet *busy_world(const char *profile)
{
    struct vnet_err err = {""};
    struct vnet *w = vnet_new(vnet_profile_find(profile), 5, VNET_PRESET_TIME);
    struct netns *ns = vnet_init_ns(w);
    CHECK_INT(vnet_preset(w, "bare", &err), 0);
    add_card(ns);
    const struct vnet_link_req peer_end = {.ifname = "veth1"};
    const struct vnet_link_req veth = {.ifname = "veth0", .kind = "veth", .peer = &peer_end};
    CHECK_INT(vnet_link_add(ns, &veth, &err), 0);
    for (int i = 3; i <= 4; i++) {
        const struct vnet_link_req up = {.ifindex = i, .flags = VNET_IFF_UP, .change = VNET_IFF_UP};
        CHECK_INT(vnet_link_set(ns, &up, &err), 0);
    }
    const struct vnet_addr_req addr = {.ifindex = 3,
                                       .family = VNET_AF_INET,
                                       .prefixlen = 24,
                                       .local = inet_addr_v4(0xc0a8020b),
                                       .address = inet_addr_v4(0xc0a8020b),
                                       .label = "veth0:x",
                                       .has_lft = true,
                                       .valid_lft = 100,
                                       .preferred_lft = 50};
    CHECK_INT(vnet_addr_add(ns, &addr, &err), 0);
    vnet_run_until(w, vnet_now(w) + NSEC_PER_SEC);
    vnet_sock_id id;
    uint8_t echo[64] = {8};
    const struct inet_addr peer = inet_addr_v4(0xc0a8020c), self = inet_addr_v4(0xc0a8020b);
    CHECK_INT(vnet_socket(ns, VNET_AF_INET, VNET_SOCK_RAW, VNET_IPPROTO_ICMP, &id), 0);
    CHECK_INT(vnet_sock_setopt(w, id, VNET_IP_RECVERR, 1), 0);
    CHECK_INT(vnet_sendto(w, id, echo, sizeof(echo), &self), 0); /* answered: in its queue */
    vnet_run_until(w, vnet_now(w) + NSEC_PER_SEC);
    CHECK(vnet_sock_readable(w, id));
    CHECK_INT(vnet_sendto(w, id, echo, sizeof(echo), &peer), 0); /* queued on the neighbour */
    const struct vnet_neigh_req neigh = {.family = VNET_AF_INET,
                                         .ifindex = 3,
                                         .dst = inet_addr_v4(0xc0a8020d),
                                         .has_lladdr = true,
                                         .lladdr = {6, {2, 0, 0, 0, 0, 9}},
                                         .state = VNET_NUD_PERMANENT};
    CHECK_INT(vnet_neigh_add(ns, &neigh, 0x400, &err), 0);
    return w; /* the ARP request is in flight */
}

static char *text_of(const struct vnet *w, size_t *len)
{
    struct strbuf sb = STRBUF_INIT;
    state_save(w, &sb);
    *len = sb.len;
    return strbuf_detach(&sb);
}

/* The first line in which two texts differ. */
static bool same_text(const char *a, const char *b)
{
    size_t at = 0;
    while (a[at] && a[at] == b[at])
        at++;
    if (a[at] == b[at])
        return true;
    struct json_span la = json_line(a, strlen(a), at), lb = json_line(b, strlen(b), at);
    printf("# %.*s# %.*s", (int)la.len, a + la.at, (int)lb.len, b + lb.at);
    return false;
}

/* Save, load, save: the same text. */
static bool check_round_trip(const struct vnet *w)
{
    size_t len, again_len;
    struct vnet_err err = {""};
    bool same = false;
    char *text = text_of(w, &len);
    struct vnet *copy = state_parse(mem_strndup(text, len), len, &err);
    CHECK_STR(err.msg, "");
    if (copy) {
        char *again = text_of(copy, &again_len);
        same = same_text(again, text);
        CHECK(same);
        free(again);
        vnet_free(copy);
    }
    free(text);
    return same;
}

static void test_round_trips(void)
{
    for (const struct vnet_profile *p = vnet_profiles(); p->name; p++) {
        struct vnet *w = vnet_new(p, 1, 1000);
        check_round_trip(w);
        vnet_free(w);
        w = busy_world(p->name);
        check_round_trip(w);
        for (int i = 0; i < 50; i++) { /* after each of the next events */
            vnet_run_one(w, INT64_MAX);
            check_round_trip(w);
        }
        vnet_free(w);
    }
}

static bool same_worlds(const struct vnet *w, const struct vnet *copy)
{
    size_t len;
    char *a = text_of(w, &len), *b = text_of(copy, &len);
    bool same = same_text(a, b);
    free(a);
    free(b);
    return same;
}

/* A world that is saved and loaded after each event has the same future as one that is not. */
static void test_same_future(void)
{
    for (const struct vnet_profile *p = vnet_profiles(); p->name; p++) {
        struct vnet *w = busy_world(p->name), *copy = vnet_clone(w);
        bool same = true;
        for (int i = 0; same && i < 300; i++) {
            vnet_run_one(w, INT64_MAX);
            vnet_run_one(copy, INT64_MAX);
            struct vnet *fresh = vnet_clone(copy);
            vnet_free(copy);
            copy = fresh;
            same = same_worlds(w, copy);
        }
        CHECK(same);
        vnet_free(w);
        vnet_free(copy);
    }
}

struct tally {
    unsigned refused, loaded;
};

/* Load an edited text. What loads must be a world that lives, and can be saved and loaded again. */
static void try_text(struct strbuf *text, const char *what, struct tally *t)
{
    struct vnet_err err = {""};
    size_t len = text->len;
    struct vnet *w = state_parse(strbuf_detach(text), len, &err);
    if (!w) {
        t->refused++;
        CHECK(err.msg[0] != '\0');
        return;
    }
    t->loaded++;
    int64_t until = vnet_now(w) + 2 * NSEC_PER_SEC;
    for (int i = 0; i < 100 && vnet_run_one(w, until < STATE_TIME_MAX ? until : STATE_TIME_MAX);
         i++)
        ;
    if (!check_round_trip(w))
        printf("# edited at: %.60s\n", what);
    vnet_free(w);
}

static bool line_holds(struct json_span line, const char *text, const char *key)
{
    size_t len = strlen(key);
    for (size_t i = 0; i + len <= line.len; i++)
        if (memcmp(text + line.at + i, key, len) == 0)
            return true;
    return false;
}

/* Every value of lines that hold `key` (NULL: of all). */
static void replace_values(const struct vnet *w, const char *key)
{
    struct strbuf edited = STRBUF_INIT;
    struct tally t = {0, 0};
    struct json_span s;
    size_t len;
    char *text = text_of(w, &len);
    for (size_t at = 0; json_next_span(text, len, at, &s); at = s.at + s.len) {
        if (key && !line_holds(json_line(text, len, s.at), text, key))
            continue;
        for (size_t i = 0; i < ARRAY_LEN(json_hostile); i++) {
            json_replace(&edited, text, len, s, json_hostile[i], strlen(json_hostile[i]));
            try_text(&edited, text + at, &t);
        }
    }
    printf("# %u refused, %u loaded\n", t.refused, t.loaded);
    CHECK(t.refused > t.loaded && t.loaded > 0);
    free(text);
}

static void test_every_value_replaced(void)
{
    struct vnet *w = busy_world("debian12");
    replace_values(w, NULL);
    vnet_free(w);
}

/* The preset "host", with the world outside. */
static void test_outside(void)
{
    static const char *const keys[] = {"wire", "\"outside\"", "dns.google"};
    struct vnet *w = vnet_new(vnet_profile_find("debian12"), 5, VNET_PRESET_TIME);
    struct vnet_err err = {""};
    CHECK_INT(vnet_preset(w, "host", &err), 0);
    check_round_trip(w);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        replace_values(w, keys[i]);
    vnet_free(w);
}

/* Every line taken out, and every line twice. */
static void test_every_line_lost_and_doubled(void)
{
    struct vnet *w = busy_world("centos7");
    struct strbuf edited = STRBUF_INIT;
    struct tally t = {0, 0};
    size_t len;
    char *text = text_of(w, &len);
    for (size_t at = 0; at < len;) {
        struct json_span line = json_line(text, len, at), none = {line.at, 0, false};
        json_replace(&edited, text, len, line, "", 0);
        try_text(&edited, text + at, &t);
        json_replace(&edited, text, len, none, text + line.at, line.len);
        try_text(&edited, text + at, &t);
        at = line.at + line.len;
    }
    printf("# %u refused, %u loaded\n", t.refused, t.loaded);
    CHECK(t.refused > 0);
    free(text);
    vnet_free(w);
}

static void test_every_truncation(void)
{
    struct vnet *w = busy_world("debian12");
    struct vnet_err err;
    size_t len;
    char *text = text_of(w, &len);
    for (size_t n = 0; n + 1 < len; n += 1 + n / 64) /* less the last line feed it is whole */
        CHECK(state_parse(mem_strndup(text, n), n, &err) == NULL);
    free(text);
    vnet_free(w);
}

int main(void)
{
    RUN(test_round_trips);
    RUN(test_same_future);
    RUN(test_every_value_replaced);
    RUN(test_outside);
    RUN(test_every_line_lost_and_doubled);
    RUN(test_every_truncation);
    return unit_end();
}
