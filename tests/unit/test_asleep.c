/* Namespaces that sleep: who wakes when, and files whose sum is right although what they say is
 * not. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/mem.h"
#include "dev/core.h"
#include "dev/pair.h"
#include "inet/sock.h"
#include "state/asleep.h"
#include "tests/unit/net.h"
#include "vnet_netns.h"
#include "vnet_session.h"

enum { MANY = 20 };

static struct netns *must_find(struct vnet *w, const char *name)
{
    struct netns *ns = vnet_ns_find(w, name);
    if (!ns)
        abort();
    return ns;
}

static void give(struct netns *ns, const char *dev, const char *addr)
{
    const int ifindex = vnet_link_index(ns, dev);
    const struct vnet_link_req up = {
        .ifindex = ifindex, .flags = VNET_IFF_UP, .change = VNET_IFF_UP};
    const struct vnet_addr_req req = {.ifindex = ifindex,
                                      .family = VNET_AF_INET,
                                      .local = ip4(addr),
                                      .address = ip4(addr),
                                      .prefixlen = 24};
    CHECK_INT(vnet_addr_add(ns, &req, NULL), 0);
    CHECK_INT(vnet_link_set(ns, &up, NULL), 0);
}

/* n1 to n20, from each a pair to the first: e in it, vN there; time for all to settle. */
static struct vnet *many(void)
{
    struct vnet *w = net_world("debian12");
    struct netns *init = vnet_init_ns(w);
    for (int i = 1; i <= MANY; i++) {
        struct vnet_err err = {""};
        char name[8], v[8], addr[24];
        int rc;
        snprintf(name, sizeof(name), "n%d", i);
        snprintf(v, sizeof(v), "v%d", i);
        struct netns *ns = vnet_netns_add(init, name, &rc, &err);
        net_veth(w, v, "e");
        const struct vnet_link_req move = {
            .ifindex = vnet_link_index(init, "e"), .set = VNET_LINK_NETNS, .netns = ns};
        CHECK_INT(vnet_link_set(init, &move, NULL), 0);
        snprintf(addr, sizeof(addr), "10.0.%d.1", i);
        give(init, v, addr);
        snprintf(addr, sizeof(addr), "10.0.%d.2", i);
        give(ns, "e", addr);
    }
    vnet_run_until(w, w->now + 10 * NSEC_PER_SEC);
    return w;
}

static char *text_of(const struct vnet *w)
{
    struct strbuf sb = STRBUF_INIT;
    state_save(w, &sb);
    return strbuf_detach(&sb);
}

static struct vnet *parse(const char *text)
{
    struct vnet_err err = {""};
    struct vnet *w = state_parse(mem_strdup(text), strlen(text), &err);
    CHECK_STR(err.msg, "");
    if (!w)
        abort();
    return w;
}

static unsigned sleepers(const struct vnet *w)
{
    unsigned n = 0;
    netns_each(w, ns)
    {
        n += ns->asleep != NULL;
    }
    return n;
}

/* ---- waking ---- */

static void test_who_is_asked_for_wakes(void)
{
    struct vnet *first = many();
    char *text = text_of(first);
    struct vnet *w = parse(text);
    CHECK_INT(sleepers(w), MANY);
    CHECK_INT(vnet_link_index(must_find(w, "n3"), "e") > 0, 1);
    CHECK_INT(sleepers(w), MANY - 1);
    struct netdev *v4 = netdev_by_name(vnet_init_ns(w), "v4");
    CHECK(pair_tied(v4) == NULL);
    CHECK_STR(pair_peer(v4)->ns->name, "n4");
    CHECK(pair_peer(pair_peer(v4)) == v4);
    CHECK_INT(sleepers(w), MANY - 2);
    char *again = text_of(w);
    CHECK_STR(again, text); /* waking changes nothing */
    free(again);
    free(text);
    vnet_free(w);
    vnet_free(first);
}

/* Asleep or not, time passes alike: order of events, random numbers and all. */
static void test_timers_wake(void)
{
    struct vnet *awake = many();
    char *text = text_of(awake);
    struct vnet *w = parse(text);
    uint64_t before = awake->work - w->work;
    for (int i = 0; i < 30; i++) {
        CHECK(vnet_next_event(w) == vnet_next_event(awake));
        vnet_run_until(w, w->now + 30 * NSEC_PER_SEC);
        vnet_run_until(awake, awake->now + 30 * NSEC_PER_SEC);
    }
    CHECK(w->event_seq == awake->event_seq && awake->work - w->work == before);
    char *one = text_of(w), *other = text_of(awake);
    CHECK_STR(one, other);
    free(one);
    free(other);
    free(text);
    vnet_free(w);
    vnet_free(awake);
}

/* ---- saving ---- */

/* What is borrowed makes the same text, and the same sum, as what is copied. */
static void test_pieces(void)
{
    struct vnet *first = many();
    char *text = text_of(first);
    struct vnet *w = parse(text);
    struct pieces pieces = {0};
    struct strbuf whole = STRBUF_INIT;
    size_t n;
    must_find(w, "n3");
    struct state_save save;
    state_save_begin(&save, w, &pieces);
    state_save_end(&save);
    CHECK_INT(pieces.n, 2); /* what stands in front of n3, and what behind it */
    CHECK_INT(pieces_len(&pieces), strlen(text));
    struct iovec *all = pieces_all(&pieces, &n);
    for (size_t i = 0; i < n; i++)
        strbuf_add(&whole, all[i].iov_base, all[i].iov_len);
    CHECK_STR(whole.data, text);
    free(all);
    strbuf_release(&whole);
    pieces_release(&pieces);
    free(text);
    vnet_free(w);
    vnet_free(first);
}

/* ---- files that lie ---- */

/* Bytes of the text, in the namespace n5, others of the same length, and the sum of that. */
static char *forge(const char *text, const char *find, const char *replace)
{
    struct strbuf sb = STRBUF_INIT;
    const char *end = strstr(text, ",\n\"sum\":"), *ns = strstr(text, "\"name\":\"n5\"");
    const char *at = ns ? strstr(ns, find) : NULL;
    CHECK(at && end && at < end && strlen(find) == strlen(replace));
    if (!at || !end)
        abort();
    strbuf_add(&sb, text, (size_t)(end - text));
    memcpy(sb.data + (at - text), replace, strlen(replace));
    strbuf_adds(&sb, "\n}\n");
    asleep_seal(&sb, 0);
    return strbuf_detach(&sb);
}

static const struct lie {
    const char *find, *replace, *complaint;
} lies[] = {
    {"\"prefixlen\":24", "\"prefixlen\":99", "netns[4].addrs[0].prefixlen: must be from 0 to 32"},
    {"\"link\":\"v5\"", "\"link\":\"v6\"",
     "netns[4].links[1].link: must name an end that names this one"},
    {"\"link_netns\":1", "\"link_netns\":7", "netns.links.link: v5 must name an end that names it"},
    {"\"kind\":\"veth\"", "\"kind\":\"vath\"", NULL},
    {"\"mtu\":1500", "\"mtu\":15{0", NULL},
};

static void test_lies(void)
{
    struct vnet *first = many();
    char *text = text_of(first);
    for (size_t i = 0; i < ARRAY_LEN(lies); i++) {
        char *forged = forge(text, lies[i].find, lies[i].replace);
        struct vnet *w = parse(forged);
        CHECK(!w->broken);
        struct netdev *v5 = netdev_by_name(vnet_init_ns(w), "v5");
        if (i % 2)
            must_find(w, "n5");
        CHECK(pair_peer(v5) == NULL);
        CHECK(w->broken != NULL);
        if (lies[i].complaint && w->broken)
            CHECK_STR(w->broken->msg, lies[i].complaint);
        vnet_run_until(w, w->now + 100 * NSEC_PER_SEC);
        CHECK_INT(vnet_link_index(must_find(w, "n5"), "lo"), 1);
        free(text_of(w));
        vnet_free(w);
        free(forged);
    }
    free(text);
    vnet_free(first);
}

/* What is read of one that sleeps is checked at once. */
static void test_lying_names(void)
{
    static const struct {
        const char *replace, *complaint;
    } rows[] = {
        {"\"id\":0", "netns[4].id: must be from 1 to 4294967295"},
        {"\"id\":1", "netns[4]: cannot be asleep"},
        {"\"id\":5", "netns[4].id: is there twice"},
    };
    struct vnet *first = many();
    char *text = text_of(first);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct vnet_err err = {""};
        char *forged = forge(text, "\"id\":6", rows[i].replace);
        struct vnet *w = state_parse(forged, strlen(forged), &err);
        CHECK(w == NULL);
        CHECK_STR(err.msg, rows[i].complaint);
        vnet_free(w);
    }
    free(text);
    vnet_free(first);
}

/* What a command did in such a world is not saved. */
static void test_broken_session(void)
{
    char folder[] = "/tmp/vnet-test-XXXXXX", path[64], lock[80];
    struct vnet *first = many(), *w;
    struct vnet_err err = {""};
    char *text = text_of(first), *forged = forge(text, lies[0].find, lies[0].replace);
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof(path), "%s/s", folder);
    snprintf(lock, sizeof(lock), "%s.lock", path);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    CHECK(write(fd, forged, strlen(forged)) == (ssize_t)strlen(forged));
    close(fd);
    struct vnet_session *s = vnet_session_new(path, VNET_CLOCK_VIRTUAL, NULL);
    CHECK_INT(vnet_begin(s, true, &w, &err), 0);
    vnet_touch(w);
    must_find(w, "n5");
    CHECK_INT(vnet_commit(s, &err), -EINVAL);
    CHECK(strstr(err.msg, lies[0].complaint) != NULL);
    vnet_session_free(s);
    char *still = mem_alloc(strlen(forged) + 1);
    fd = open(path, O_RDONLY);
    CHECK(read(fd, still, strlen(forged)) == (ssize_t)strlen(forged));
    close(fd);
    CHECK_STR(still, forged);
    unlink(path);
    unlink(lock);
    CHECK_INT(rmdir(folder), 0);
    free(still);
    free(forged);
    free(text);
    vnet_free(first);
}

int main(void)
{
    RUN(test_who_is_asked_for_wakes);
    RUN(test_timers_wake);
    RUN(test_pieces);
    RUN(test_lies);
    RUN(test_lying_names);
    RUN(test_broken_session);
    return unit_end();
}
