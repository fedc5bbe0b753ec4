/* What the stack did with the packets of a command, in words, and how much it had to do. */
#ifndef VNET_CMD_REPLAY_REASON_H
#define VNET_CMD_REPLAY_REASON_H

#include <signal.h>

#include "base/strbuf.h"
#include "vnet_trace.h"

struct reasons {
    char **line; /* owned; each once: packets that were ignored or dropped, and why */
    size_t n, cap;
    uint32_t kernel; /* version: reasons that it does not have are not named */
    uint64_t work;   /* decisions of the stack so far */
    /* Asked at each: is that enough? Then *stop is set. */
    bool (*enough)(void *arg);
    void *arg;
    volatile sig_atomic_t *stop;
};

/* Listen to the world's trace from now on. */
void reasons_listen(struct reasons *r, struct vnet *w);
void reasons_forget(struct reasons *r); /* the lines, not the work */
/* The lines, indented by nothing, each ended by a newline; some at most. */
void reasons_tell(const struct reasons *r, struct strbuf *out);

#endif
