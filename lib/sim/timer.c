#include "sim/timer.h"

#include "base/mem.h"
#include "sim/world.h"

/* ---- the heap: parents at (i - 1) / 2, order (expires, seq as a signed number) ---- */

static bool before(const struct timer *a, const struct timer *b)
{
    return a->expires != b->expires ? a->expires < b->expires : (int64_t)a->seq < (int64_t)b->seq;
}

static void place(struct event_queue *q, uint32_t i, struct timer *t)
{
    q->heap[i] = t;
    t->slot = i + 1;
}

static void sift_up(struct event_queue *q, uint32_t i, struct timer *t)
{
    while (i > 0) {
        uint32_t parent = (i - 1) / 2;
        if (!before(t, q->heap[parent]))
            break;
        place(q, i, q->heap[parent]);
        i = parent;
    }
    place(q, i, t);
}

static void sift_down(struct event_queue *q, uint32_t i, struct timer *t)
{
    for (;;) {
        uint32_t child = 2 * i + 1;
        if (child >= q->n)
            break;
        if (child + 1 < q->n && before(q->heap[child + 1], q->heap[child]))
            child++;
        if (!before(q->heap[child], t))
            break;
        place(q, i, q->heap[child]);
        i = child;
    }
    place(q, i, t);
}

static void settle(struct event_queue *q, uint32_t i, struct timer *t)
{
    if (i > 0 && before(t, q->heap[(i - 1) / 2]))
        sift_up(q, i, t);
    else
        sift_down(q, i, t);
}

static void heap_remove(struct event_queue *q, uint32_t i)
{
    q->n--;
    if (i < q->n)
        settle(q, i, q->heap[q->n]);
}

/* ---- both together ---- */

static inline void take_out(struct event_queue *q, struct timer *t)
{
    if (t->slot == TIMER_IN_LINE)
        list_del(&t->line);
    else if (t->slot)
        heap_remove(q, t->slot - 1);
    t->slot = 0;
}

static void arm(struct vnet *w, struct timer *t)
{
    struct event_queue *q = &w->events;
    w->dirty = true; /* also where the command that sets it goes on to fail */
    if (t->slot && t->slot != TIMER_IN_LINE) {
        settle(q, t->slot - 1, t);
        return;
    }
    timer_cancel(w, t);
    ARRAY_GROW(q->heap, q->n, q->cap);
    q->n++;
    sift_up(q, q->n - 1, t);
}

void timer_set(struct vnet *w, struct timer *t, int64_t expires)
{
    t->expires = expires;
    t->seq = w->event_seq++;
    arm(w, t);
}

void timer_set_in_line(struct vnet *w, struct timer *t, int64_t expires)
{
    struct list *line = &w->events.line;
    if (!list_empty(line) && list_entry(line->prev, struct timer, line)->expires > expires) {
        timer_set(w, t, expires);
        return;
    }
    t->expires = expires;
    t->seq = w->event_seq++;
    t->slot = TIMER_IN_LINE;
    list_add_tail(&t->line, line);
}

void timer_restore(struct vnet *w, struct timer *t, int64_t expires, uint64_t seq)
{
    t->expires = expires;
    t->seq = seq;
    arm(w, t);
}

void timer_restore_unsorted(struct vnet *w, struct timer *t, int64_t expires, uint64_t seq)
{
    struct event_queue *q = &w->events;
    if (t->slot) {
        timer_restore(w, t, expires, seq);
        return;
    }
    t->expires = expires;
    t->seq = seq;
    ARRAY_GROW(q->heap, q->n, q->cap);
    place(q, q->n++, t);
}

void timers_sort(struct vnet *w)
{
    struct event_queue *q = &w->events;
    for (uint32_t i = q->n / 2; i-- > 0;)
        sift_down(q, i, q->heap[i]);
}

void timer_cancel(struct vnet *w, struct timer *t)
{
    take_out(&w->events, t);
}

static struct timer *first(const struct event_queue *q)
{
    struct timer *in_line = list_first(&q->line, struct timer, line);
    struct timer *top = q->n ? q->heap[0] : NULL;
    return in_line && (!top || before(in_line, top)) ? in_line : top;
}

/* ---- jiffies ---- */

/* Kernels before 4.8: mod_timer() adds up to 1/256 of the delay, so as to end in many zero bits
 * (apply_slack(), kernel/timer.c of 3.10). */
static int64_t expires_with_slack(int64_t jiffies, int64_t delta)
{
    int64_t expires = jiffies + delta, limit = expires + delta / 256;
    uint64_t differ = (uint64_t)(expires ^ limit);
    if (differ == 0)
        return expires;
    unsigned bit = 0;
    while (differ >>= 1)
        bit++;
    return limit & ~((1LL << bit) - 1);
}

/* Since 4.8: eight levels of 64 slots, each eight times as coarse as the one below; a timer fires
 * at the end of its slot (calc_wheel_index(), kernel/time/timer.c). */
static int64_t expires_in_wheel(int64_t jiffies, int64_t delta)
{
    unsigned level = 0;
    while (level < 8 && delta >= (63LL << (3 * level)))
        level++;
    return (((jiffies + delta) >> (3 * level)) + 1) << (3 * level);
}

/* Counted anew, which takes divisions, only once the clock has left the last. */
const struct tick *tick_now(struct vnet *w)
{
    struct tick *t = &w->tick;
    uint32_t hz = w->profile->kernel.hz;
    if (t->hz != hz || w->now < t->from || w->now - t->from >= t->length) {
        t->hz = hz;
        t->length = NSEC_PER_SEC / hz;
        t->jiffies = (w->now - w->boot) / t->length;
        t->from = w->boot + t->jiffies * t->length;
    }
    return t;
}

/* The jiffy at which a timer of `delay` ns fires; before 4.8 slack may be added. One that is due at
 * once waits for the next jiffy: internal_add_timer() of 3.10 puts it into the next slot. */
static int64_t fire_time(struct vnet *w, int64_t delay, bool slack)
{
    const struct kernel_facts *k = &w->profile->kernel;
    const struct tick *t = tick_now(w);
    int64_t now = t->jiffies, at;
    int64_t delta = delay > 0 ? (delay + t->length - 1) / t->length : 0;
    if (k->version >= 0x040800)
        at = expires_in_wheel(now, delta);
    else if (slack)
        at = expires_with_slack(now, delta);
    else
        at = now + delta;
    if (at <= now)
        at = now + 1;
    return w->boot + at * t->length;
}

int64_t jiffies_after(struct vnet *w, int64_t delay)
{
    return fire_time(w, delay, true);
}

/* schedule_timeout() arms without slack on every kernel. */
int64_t vnet_timeout_end(struct vnet *w, int64_t delay)
{
    return fire_time(w, delay, false);
}

/* A slot of the wheel is a list to whose head timers are added: of those that fire at one jiffy the
 * last armed comes first (enqueue_timer(), since 4.8). So their sequence numbers count downwards.
 */
void timer_set_jiffies(struct vnet *w, struct timer *t, int64_t delay)
{
    t->expires = jiffies_after(w, delay);
    t->seq = w->event_seq++;
    if (w->profile->kernel.version >= 0x040800)
        t->seq = ~t->seq;
    arm(w, t);
}

/* ---- running ---- */

/* More than this is not simulated second by second: as after a suspend, timers fire late. */
static const int64_t longest_run = 3600 * NSEC_PER_SEC;
/* Nor more than this many events a stretch: a state file can hold any number of timers, all of them
 * as fast as their sysctls allow. A second or so; an ordinary world has some hundred an hour. */
enum { MOST_EVENTS = 1 << 18 };

int64_t vnet_next_event(const struct vnet *w)
{
    const struct timer *t = first(&w->events);
    return t ? t->expires : INT64_MAX;
}

bool vnet_run_one(struct vnet *w, int64_t until)
{
    struct timer *t = first(&w->events);
    if (!t || t->expires > until)
        return false;
    if (t->expires > w->now)
        w->now = t->expires;
    take_out(&w->events, t);
    w->dirty = true;
    w->work++;
    t->fn(w, t);
    return true;
}

/* What is still due then fires late. */
static bool run_stretch(struct vnet *w, int64_t until, const volatile sig_atomic_t *stop)
{
    const uint64_t end = w->work + MOST_EVENTS;
    while (w->work < end && !(stop && *stop) && vnet_run_one(w, until))
        ;
    if (stop && *stop)
        return false;
    w->now = until;
    return true;
}

bool vnet_run_until_stopped(struct vnet *w, int64_t until, const volatile sig_atomic_t *stop)
{
    if (until < w->now)
        return true;
    if (until - w->now > 2 * longest_run) {
        if (!run_stretch(w, w->now + longest_run, stop))
            return false;
        w->now = until - longest_run;
    }
    return run_stretch(w, until, stop);
}

void vnet_run_until(struct vnet *w, int64_t until)
{
    vnet_run_until_stopped(w, until, NULL);
}
