/* Worlds that nobody looked at for long, and hostile ones full of timers: catching up is bounded,
 * and ends at the time asked for. */
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "dev/netns.h"
#include "sim/world.h"
#include "state/state.h"
#include "tests/unit/unit.h"
#include "vnet_addr.h"
#include "vnet_link.h"
#include "vnet_neigh.h"
#include "vnet_sysctl.h"

enum {
    MOST_WORK = (2 << 18) + 40000, /* two stretches, and how far the last event may overshoot */
    CPU_SECONDS = 60               /* some tenths are usual; more under valgrind */
};
static const int64_t hour = 3600 * NSEC_PER_SEC, year = 365LL * 86400 * NSEC_PER_SEC;

static void set(struct netns *ns, const char *path, const char *value)
{
    struct vnet_err err = {""};
    CHECK_INT(vnet_sysctl_set(ns, path, value, &err), 0);
}

/* A veth pair, both ends up: veth1 is made first, veth0 is 3. */
enum { VETH0 = 3 };
static struct vnet *pair_world(const char *profile)
{
    struct vnet_err err = {""};
    struct vnet *w = vnet_new(vnet_profile_find(profile), 3, NSEC_PER_SEC);
    struct netns *ns = vnet_init_ns(w);
    CHECK_INT(vnet_preset(w, "bare", &err), 0);
    const struct vnet_link_req peer = {.ifname = "veth1"};
    const struct vnet_link_req veth = {.ifname = "veth0", .kind = "veth", .peer = &peer};
    CHECK_INT(vnet_link_add(ns, &veth, &err), 0);
    for (int i = 2; i <= 3; i++) {
        const struct vnet_link_req up = {.ifindex = i, .flags = VNET_IFF_UP, .change = VNET_IFF_UP};
        CHECK_INT(vnet_link_set(ns, &up, &err), 0);
    }
    vnet_run_until(w, vnet_now(w) + 3 * NSEC_PER_SEC);
    return w;
}

static void add_neighs(struct vnet *w, uint32_t n, uint16_t state)
{
    struct vnet_err err = {""};
    for (uint32_t i = 0; i < n; i++) {
        const struct vnet_neigh_req r = {.family = VNET_AF_INET,
                                         .ifindex = VETH0,
                                         .dst = inet_addr_v4(0x0a000001 + i),
                                         .has_lladdr = true,
                                         .lladdr = {6, {2, 0, 0, 0, 0, 9}},
                                         .state = state};
        CHECK_INT(vnet_neigh_add(vnet_init_ns(w), &r, 0x400, &err), 0);
    }
}

/* Runs on to `until`; prints what that took. */
static void catch_up(struct vnet *w, int64_t until, const char *what)
{
    clock_t start = clock();
    uint64_t work = w->work;
    vnet_run_until(w, until);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    work = w->work - work;
    printf("# %s: %.3f s, %llu events' worth\n", what, seconds, (unsigned long long)work);
    CHECK(work <= MOST_WORK);
    CHECK(seconds < CPU_SECONDS);
    CHECK_INT(vnet_now(w), until);
}

/* An hour, ten years, and another second, the world saved and loaded before the last. */
static void absences(struct vnet *w, const char *what)
{
    catch_up(w, vnet_now(w) + hour, what);
    catch_up(w, vnet_now(w) + 10 * year, what);
    struct vnet *copy = vnet_clone(w);
    catch_up(copy, vnet_now(copy) + NSEC_PER_SEC, what);
    vnet_free(copy);
    vnet_free(w);
}

static void test_neighbours_that_are_asked_for_ever(void)
{
    struct vnet *w = pair_world("debian12");
    struct netns *ns = vnet_init_ns(w);
    set(ns, "net/ipv4/neigh/veth0/ucast_solicit", "2147483647");
    set(ns, "net/ipv4/neigh/veth0/retrans_time_ms", "0");
    add_neighs(w, 800, VNET_NUD_PROBE);
    absences(w, "800 neighbours, probed each 10 ms");
}

static void test_tables_that_are_cleaned_all_the_time(void)
{
    struct vnet *w = pair_world("linux6.18");
    struct netns *ns = vnet_init_ns(w);
    set(ns, "net/ipv4/neigh/default/gc_thresh1", "0");
    set(ns, "net/ipv4/neigh/default/gc_thresh2", "100000");
    set(ns, "net/ipv4/neigh/default/gc_thresh3", "100000");
    set(ns, "net/ipv4/neigh/default/base_reachable_time_ms", "1");
    set(ns, "net/ipv4/neigh/veth0/gc_stale_time", "2147480");
    add_neighs(w, 20000, VNET_NUD_STALE);
    absences(w, "20000 neighbours, looked over each millisecond");
}

static void solicit_for_ever(const char *profile)
{
    struct vnet *w = pair_world(profile);
    struct netns *ns = vnet_init_ns(w);
    set(ns, "net/ipv6/conf/veth0/router_solicitations", "2147483647");
    set(ns, "net/ipv6/conf/veth0/router_solicitation_interval", "0");
    vnet_run_until(w, vnet_now(w) + NSEC_PER_SEC);
    struct vnet_link_req up = {.ifindex = VETH0, .change = VNET_IFF_UP};
    struct vnet_err err = {""};
    CHECK_INT(vnet_link_set(ns, &up, &err), 0);
    up.flags = VNET_IFF_UP;
    CHECK_INT(vnet_link_set(ns, &up, &err), 0);
    vnet_run_until(w, vnet_now(w) + 5 * NSEC_PER_SEC);
    int64_t before = vnet_now(w);
    for (int i = 0; i < 10000; i++) /* time passes, whatever is asked for */
        vnet_run_one(w, INT64_MAX);
    CHECK(vnet_now(w) > before + NSEC_PER_SEC);
    absences(w, "router solicitations without a pause");
}

static void test_router_solicitations_without_a_pause(void)
{
    for (const struct vnet_profile *p = vnet_profiles(); p->name; p++)
        solicit_for_ever(p->name);
}

/* The value behind each `key` put in place of what is there, up to the next comma. */
static void put_values(struct strbuf *out, const char *text, const char *key, const char *value)
{
    const char *at;
    while ((at = strstr(text, key)) != NULL) {
        at += strlen(key);
        strbuf_add(out, text, (size_t)(at - text));
        strbuf_adds(out, value);
        text = at + strcspn(at, ",");
    }
    strbuf_adds(out, text);
}

/* A thousand neighbours whose timers are all at `expires`, at the time `clock`; NULL: refused. */
static struct vnet *absurd_world(const char *clock, const char *expires)
{
    struct strbuf text = STRBUF_INIT, early = STRBUF_INIT, timed = STRBUF_INIT, all = STRBUF_INIT;
    struct vnet_err err = {""};
    struct vnet *w = pair_world("debian12");
    add_neighs(w, 1000, VNET_NUD_REACHABLE);
    state_save(w, &text);
    vnet_free(w);
    put_values(&early, strbuf_cstr(&text), "\"boot\":", "-4102444800000000000");
    put_values(&timed, strbuf_cstr(&early), "\"clock\":", clock);
    put_values(&all, strbuf_cstr(&timed), "\"timer\":[", expires);
    strbuf_release(&text);
    strbuf_release(&early);
    strbuf_release(&timed);
    size_t len = all.len;
    w = state_parse(strbuf_detach(&all), len, &err);
    CHECK(w || strstr(err.msg, "clock") || strstr(err.msg, "timer"));
    return w;
}

static void test_many_timers_in_one_instant(void)
{
    struct vnet *w = pair_world("debian12");
    set(vnet_init_ns(w), "net/ipv4/neigh/default/gc_thresh3", "100000");
    add_neighs(w, 20000, VNET_NUD_REACHABLE);
    absences(w, "20000 timers in one instant");
}

static void test_addresses_that_expire_together(void)
{
    struct vnet *w = pair_world("debian12");
    struct vnet_err err = {""};
    for (uint32_t i = 0; i < 10000; i++) {
        const struct vnet_addr_req a = {.ifindex = VETH0,
                                        .family = VNET_AF_INET,
                                        .prefixlen = 32,
                                        .local = inet_addr_v4(0x0a000001 + i),
                                        .address = inet_addr_v4(0x0a000001 + i),
                                        .has_lft = true,
                                        .valid_lft = 100,
                                        .preferred_lft = 50};
        CHECK_INT(vnet_addr_add(vnet_init_ns(w), &a, &err), 0);
    }
    absences(w, "10000 addresses that expire together");
}

/* A clock that the loader takes, and timers at the ends of what it takes. */
static void test_absurd_times(void)
{
    static const char *const clocks[] = {"0", "1", "4102444799999999999", "4102444800000000000"};
    static const char *const timers[] = {"0", "4102444800000000000", "9000000000000000000"};
    for (size_t c = 0; c < ARRAY_LEN(clocks); c++) {
        for (size_t t = 0; t < ARRAY_LEN(timers); t++) {
            struct vnet *w = absurd_world(clocks[c], timers[t]);
            CHECK(w != NULL);
            if (!w)
                continue;
            catch_up(w, vnet_now(w) + 10 * year, timers[t]);
            vnet_free(w);
        }
    }
    CHECK(absurd_world("4102444800000000001", "0") == NULL);
    CHECK(absurd_world("9223372036854775807", "0") == NULL);
    CHECK(absurd_world("-1", "0") == NULL);
    CHECK(absurd_world("1000", "9000000000000000001") == NULL);
    CHECK(absurd_world("1000", "9223372036854775807") == NULL);
    CHECK(absurd_world("1000", "-1") == NULL);
}

int main(void)
{
    RUN(test_neighbours_that_are_asked_for_ever);
    RUN(test_tables_that_are_cleaned_all_the_time);
    RUN(test_router_solicitations_without_a_pause);
    RUN(test_many_timers_in_one_instant);
    RUN(test_addresses_that_expire_together);
    RUN(test_absurd_times);
    return unit_end();
}
