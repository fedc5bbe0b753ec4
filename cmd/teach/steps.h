/* What the trace told while a command ran: the way of its packets, step by step. */
#ifndef VNET_CMD_TEACH_STEPS_H
#define VNET_CMD_TEACH_STEPS_H

#include <signal.h>

#include "base/strbuf.h"
#include "vnet_trace.h"

enum { STEPS_MAX = 500 }; /* different ones that are kept */

struct step {
    char *netns, *dev, *func, *what, *detail; /* owned; netns "": the initial one; dev NULL: none */
    enum vnet_verdict verdict;
    const char *reason; /* the kernel's, if the profile's kernel has it */
    const char *later;  /* what later kernels call it */
    char *sysctls;      /* those that were read for it, each with newline: "rp_filter: all=1, ...";
                           owned; NULL: none */
    int64_t time;       /* of the first time, ns */
    unsigned times; /* that it was taken; what comes again the same way is counted, not listed */
};

struct steps {
    struct step *v; /* owned */
    size_t n, cap;
    uint32_t kernel;       /* the profile's version: its drop reasons */
    bool hooks;            /* netfilter's hooks, too, where they accept */
    struct strbuf sysctls; /* read since the last step, by: */
    char *reader;          /* the namespace; owned */
    uint64_t events, most_events;
    volatile sig_atomic_t *stop; /* set to SIGINT after most_events */
    void (*give_up)(void *arg);  /* called then, too; NULL: nothing is */
    void *arg;
};

/* Fills s from now on, in the place of what it has, if it is not all zero; most_events: then *stop
 * is set. Of s `hooks`, `give_up` and `arg` are read. */
void steps_listen(struct steps *s, struct vnet *w, uint64_t most_events,
                  volatile sig_atomic_t *stop);
void steps_release(struct steps *s);
/* "NETNS/DEVICE"; "-": none. */
void step_put_place(struct strbuf *sb, const struct step *s);
/* What became of a packet that is lost there: "red/v0: arp_rcv() ignores: why". */
void step_put_loss(struct strbuf *sb, const struct step *s);
/* " (SKB_DROP_REASON_...)", or nothing. */
void step_put_reason(struct strbuf *sb, const struct step *s);
/* Was a packet lost there (dropped, ignored where an answer was asked for, not even made)? */
bool step_is_loss(const struct step *s);
/* Is it of IPv6's own traffic, which no command asked for, or a hook that let a packet pass? */
bool step_is_background(const struct step *s);

#endif
