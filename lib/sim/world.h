/* The world: what everything hangs on. */
#ifndef VNET_SIM_WORLD_H
#define VNET_SIM_WORLD_H

#include "base/list.h"
#include "sim/printk.h"
#include "sim/recorder.h"
#include "sim/rng.h"
#include "sim/timer.h"
#include "vnet.h"
#include "vnet_trace.h"

struct skb;
struct netns;
struct sock;
struct vnet_nstat_entry;

struct event_queue {     /* pending timers: */
    struct list line;    /* those that came in their order (timer_set_in_line()) */
    struct timer **heap; /* all others: a binary heap of n */
    uint32_t n, cap;
};

struct tick { /* the jiffy that was asked for last */
    uint32_t hz;
    int64_t length;  /* ns */
    int64_t jiffies; /* since boot */
    int64_t from;    /* when it begins, ns since the epoch */
};

/* Which command's doing the world is: what vnet_session_undo() goes by. Saved with the world, so
 * that both change at once; what was before each step is kept beside the state (state/undo.c). */
struct world_history {
    uint64_t step;   /* number of the next one */
    uint64_t oldest; /* those from here on can be undone */
    uint32_t redo;   /* so many after this one were undone, and can be done again */
    char *command;   /* the step that led here, as typed; owned; NULL: none */
};

/* The clock was moved by virtual time: the next real-mode session goes on from where it stands. */
#define WORLD_NO_OFFSET INT64_MIN

struct vnet {
    const struct vnet_profile *profile;
    int64_t now;          /* ns since the epoch */
    int64_t boot;         /* when jiffies began to count */
    int64_t clock_offset; /* real mode: world time minus wall time; or WORLD_NO_OFFSET */
    struct tick tick;
    uint64_t event_seq; /* next sequence number of a timer */
    uint64_t work;      /* events run, or what costs as much (vnet_worked()): bounds catching up */
    struct rng rng;
    struct event_queue events;
    struct list netns_list; /* struct netns.node; the first is the initial one */
    uint32_t next_netns_id;
    void (*wake)(struct netns *ns); /* what fills a namespace that was asleep (state/asleep.c) */
    const struct vnet_profile *asleep_profile; /* that which the sleepers were saved with */
    char *asleep_text;            /* the state's, in which they lie; owned; NULL: none ever slept */
    bool loading;                 /* devices are being made from a state: pairs wake nobody */
    bool ending;                  /* vnet_free() is at it: nobody wakes */
    struct vnet_err *broken;      /* what did not fill a namespace, and why; owned; NULL: nothing */
    struct hosts hosts;           /* names of the world outside */
    uint32_t last_sock_id;        /* given to a socket */
    struct sock *sock_found;      /* the one that was used last; NULL: none, or it is gone */
    struct list frames_in_flight; /* struct skb.in_flight, in the order of sending (dev/hop.h) */
    struct list linkwatch;        /* struct netdev.linkwatch: carrier changes to be reported */
    struct skb *skb_pool;         /* free list of pooled buffers */
    struct recorder recorder;
    uint64_t last_traffic_seq; /* recorder's, at the start of the last command that sent frames */
    struct klog klog;
    struct world_history history;
    struct vnet_nstat_entry *nstat; /* vnet_nstat.h; owned */
    size_t nnstat;
    vnet_trace_fn *trace_fn;
    void *trace_arg;
    uint32_t nf_hooks_needed; /* struct nf_hook_ops in all namespaces; one more: trace_fn */
    uint64_t generation; /* counts vnet_touch(): what was worked out before may not hold any more */
    bool captured;       /* a device's `captures` is not 0 */
    bool dirty;          /* something that a save must keep has changed */
};

/* Looking over a list or table of n things was part of an event: a state file can make these long.
 */
static inline void vnet_worked(struct vnet *w, uint64_t n)
{
    enum { THINGS_AN_EVENT = 64 }; /* cost about as much */
    w->work += n / THINGS_AN_EVENT;
}

#endif
