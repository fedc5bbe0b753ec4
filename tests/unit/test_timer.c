/* The event queue's order, and the jiffies at which kernel timers fire. */
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "base/mem.h"
#include "sim/rng.h"
#include "sim/world.h"

struct probe {
    struct timer t;
    struct log *log;
    int id;
};
struct log {
    int ids[4096];
    int64_t times[4096];
    int n;
};

static void fired(struct vnet *w, struct timer *t)
{
    struct probe *p = (struct probe *)(void *)t;
    p->log->times[p->log->n] = w->now;
    p->log->ids[p->log->n++] = p->id;
}

struct stopper {
    struct timer t;
    volatile sig_atomic_t stop;
};

static void stop(struct vnet *w, struct timer *t)
{
    (void)w;
    ((struct stopper *)(void *)t)->stop = 1;
}

static struct vnet *new_world(const char *profile)
{
    return vnet_new(vnet_profile_find(profile), 7, 1000 * NSEC_PER_SEC);
}

static void test_equal_times_fire_in_order_of_arming(void)
{
    struct vnet *w = new_world("debian12");
    struct log log = {.n = 0};
    struct probe p[5];
    for (int i = 0; i < 5; i++) {
        p[i] = (struct probe){.log = &log, .id = i};
        timer_init(&p[i].t, fired);
        timer_set(w, &p[i].t, w->now + 100);
    }
    timer_cancel(w, &p[2].t);
    timer_set(w, &p[0].t, w->now + 100); /* armed again: last */
    vnet_run_until(w, w->now + 100);
    const int want[] = {1, 3, 4, 0};
    CHECK_INT(log.n, 4);
    CHECK_MEM(log.ids, want, sizeof(want));
    CHECK(!timer_pending(&p[0].t));
    vnet_free(w);
}

/* Who waits and is interrupted: nothing more happens, be it a long wait or a short one. */
static void test_a_signal_stops_the_world(void)
{
    for (int64_t wait = NSEC_PER_SEC; wait < 100000 * NSEC_PER_SEC; wait *= 1000) {
        struct vnet *w = new_world("debian12");
        struct stopper s = {.stop = 0};
        struct log log = {.n = 0};
        struct probe p = {.log = &log};
        int64_t start = w->now;
        timer_init(&s.t, stop);
        timer_init(&p.t, fired);
        timer_set(w, &s.t, start + 100);
        timer_set(w, &p.t, start + 100);
        CHECK(!vnet_run_until_stopped(w, start + wait, &s.stop));
        CHECK_INT(w->now, start + 100);
        CHECK_INT(log.n, 0);
        CHECK(!vnet_run_until_stopped(w, start + wait, &s.stop));
        CHECK_INT(w->now, start + 100);
        CHECK(vnet_run_until_stopped(w, start + wait, NULL));
        CHECK_INT(w->now, start + wait);
        CHECK_INT(log.n, 1);
        vnet_free(w);
    }
}

/* Some wait in the line, some in the heap, some that were in the heap in the line: one order. */
static void test_line_and_heap_are_one_queue(void)
{
    enum { N = 4000 };
    struct vnet *w = new_world("debian12");
    struct log *log = mem_alloc(sizeof(*log));
    struct probe *p = mem_calloc(N, sizeof(*p));
    struct rng r;
    unsigned in_line = 0;
    rng_seed(&r, 17);
    for (int i = 0; i < N; i++) {
        int64_t at = w->now + i / 4 + (int64_t)rng_below(&r, 5);
        p[i] = (struct probe){.log = log, .id = i};
        timer_init(&p[i].t, fired);
        if (i % 3)
            timer_set_in_line(w, &p[i].t, at);
        else
            timer_set(w, &p[i].t, at);
        in_line += p[i].t.slot == TIMER_IN_LINE;
        if (i % 7 == 0) {
            timer_cancel(w, &p[i].t);
            timer_set_in_line(w, &p[i].t, at);
        }
        CHECK(timer_pending(&p[i].t));
    }
    CHECK(in_line > N / 10 && in_line < N / 2); /* not all of them came in their order */
    for (int i = 0; i < N; i += 5)
        timer_set(w, &p[i].t, p[i].t.expires); /* from the line to the heap */
    vnet_run_until(w, w->now + N);
    CHECK_INT(log->n, N);
    for (int i = 1; i < log->n; i++) {
        const struct probe *a = &p[log->ids[i - 1]], *b = &p[log->ids[i]];
        CHECK(log->times[i] == b->t.expires && log->times[i - 1] <= log->times[i]);
        CHECK(a->t.expires < b->t.expires || a->t.seq < b->t.seq);
    }
    vnet_free(w);
    free(p);
    free(log);
}

static void test_many_timers_fire_in_time_order(void)
{
    enum { N = 4000 };
    struct vnet *w = new_world("debian12");
    struct log *log = mem_alloc(sizeof(*log));
    struct probe *p = mem_calloc(N, sizeof(*p));
    struct rng r;
    int cancelled = 0;
    rng_seed(&r, 3);
    for (int i = 0; i < N; i++) {
        p[i] = (struct probe){.log = log, .id = i};
        timer_init(&p[i].t, fired);
        timer_set(w, &p[i].t, w->now + 1 + (int64_t)rng_below(&r, 500));
    }
    for (int i = 0; i < N; i += 3, cancelled++)
        timer_cancel(w, &p[i].t);
    vnet_run_until(w, w->now + 600);
    CHECK_INT(log->n, N - cancelled);
    for (int i = 1; i < log->n; i++)
        CHECK(log->times[i - 1] < log->times[i] ||
              (log->times[i - 1] == log->times[i] && log->ids[i - 1] < log->ids[i]));
    vnet_free(w);
    free(p);
    free(log);
}

static double seconds_after(const char *profile, int64_t delay)
{
    struct vnet *w = new_world(profile);
    w->now = w->boot + 64 * 1000 * NSEC_PER_SEC; /* at a boundary of every level */
    double s = (double)(vnet_timeout_end(w, delay) - w->now) / 1e9;
    vnet_free(w);
    return s;
}

/* One second: 1.024 s by the wheel of a kernel of 250 or 1000 Hz, 1.04 s at 100 Hz, exact
 * before 4.8. */
static void test_wheel_granularity(void)
{
    CHECK_INT(1e6 * seconds_after("debian12", NSEC_PER_SEC), 1040000);
    CHECK_INT(1e6 * seconds_after("linux6.18", NSEC_PER_SEC), 1024000);
    CHECK_INT(1e6 * seconds_after("centos7", NSEC_PER_SEC), 1000000);
}

static void test_kernel_timers_are_never_early(void)
{
    const char *const profiles[] = {"debian12", "linux6.18", "centos7"};
    struct rng r;
    rng_seed(&r, 5);
    for (int i = 0; i < 3000; i++) {
        struct vnet *w = new_world(profiles[i % 3]);
        int64_t jiffy = NSEC_PER_SEC / w->profile->kernel.hz;
        int64_t delay = (int64_t)rng_below(&r, 100 * NSEC_PER_SEC);
        w->now += (int64_t)rng_below(&r, NSEC_PER_SEC);
        int64_t at = jiffies_after(w, delay);
        CHECK_INT((at - w->boot) % jiffy, 0);
        CHECK(at > w->now + delay - jiffy);
        CHECK(at <= w->now + delay + delay / 7 + 2 * jiffy);
        vnet_free(w);
    }
}

static void test_long_absences_are_skipped(void)
{
    struct vnet *w = new_world("debian12");
    int64_t until = w->now + 10LL * 365 * 86400 * NSEC_PER_SEC;
    vnet_run_until(w, until);
    CHECK_INT(w->now, until);
    CHECK(vnet_next_event(w) > until);
    vnet_free(w);
}

int main(void)
{
    RUN(test_equal_times_fire_in_order_of_arming);
    RUN(test_a_signal_stops_the_world);
    RUN(test_line_and_heap_are_one_queue);
    RUN(test_many_timers_fire_in_time_order);
    RUN(test_wheel_granularity);
    RUN(test_kernel_timers_are_never_early);
    RUN(test_long_absences_are_skipped);
    return unit_end();
}
