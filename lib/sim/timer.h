/* Timers and the event queue: one queue a world, in a total order (time, then sequence).
 *
 * A timer lives inside the object that owns it (a neighbour, an address); the object is saved with
 * its timer's (expires, seq), and puts it back with timer_restore() on load. */
#ifndef VNET_SIM_TIMER_H
#define VNET_SIM_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"

struct vnet;
struct tick;
struct timer;

#define TIMER_IN_LINE UINT32_MAX

typedef void timer_fn(struct vnet *w, struct timer *t);

struct timer {
    int64_t expires; /* ns since the epoch; meaningful while pending */
    uint64_t seq;    /* order among equal times, as a signed number: from the world's counter,
                        complemented for kernel timers that fire last armed first */
    uint32_t slot;   /* place in the heap plus one; TIMER_IN_LINE; 0: not pending */
    timer_fn *fn;
    struct list line; /* in the queue's line */
};

static inline void timer_init(struct timer *t, timer_fn *fn)
{
    t->slot = 0;
    t->fn = fn;
}

static inline bool timer_pending(const struct timer *t)
{
    return t->slot != 0;
}

/* (Re)arm at an absolute time (a past one fires at the next run). */
void timer_set(struct vnet *w, struct timer *t, int64_t expires);
/* The same, of a timer that is not pending and mostly is the latest of those set by this call: they
 * wait in a line, which costs less than the heap. One that would have to push in goes to the heap.
 */
void timer_set_in_line(struct vnet *w, struct timer *t, int64_t expires);
/* As mod_timer(): `delay` ns from now, as the kernel's timer wheel rounds it (profile's HZ and
 * version): a timer of the kernel fires at a jiffy, at least `delay` from now. */
void timer_set_jiffies(struct vnet *w, struct timer *t, int64_t delay);
void timer_cancel(struct vnet *w, struct timer *t);
/* On load: arm with a saved time and sequence number. */
void timer_restore(struct vnet *w, struct timer *t, int64_t expires, uint64_t seq);
/* The same of many: the queue is in order again, and may run, after timers_sort(). */
void timer_restore_unsorted(struct vnet *w, struct timer *t, int64_t expires, uint64_t seq);
void timers_sort(struct vnet *w);
/* The jiffy that it is now; its `from` is the clock as the kernel's time stamps know it. */
const struct tick *tick_now(struct vnet *w);
/* When a kernel timer armed now for `delay` ns fires: at a jiffy, never early. */
int64_t jiffies_after(struct vnet *w, int64_t delay);

#endif
