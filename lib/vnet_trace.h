/* Trace: each decision of the stack as a structured event. Nobody listening costs one branch. */
#ifndef VNET_TRACE_H
#define VNET_TRACE_H

#include "vnet.h"

enum vnet_verdict {
    VNET_TRACE_OK,      /* a step that went well */
    VNET_TRACE_SENT,    /* handed to a device */
    VNET_TRACE_QUEUED,  /* waits (for a neighbour, for fragments) */
    VNET_TRACE_IGNORED, /* the kernel consumes the frame and gives no reason */
    VNET_TRACE_DROPPED, /* with a drop reason where the kernel has one */
    VNET_TRACE_REFUSED, /* there is no packet: who wants to send one is told an error */
};

/* A drop reason of the kernel (include/net/dropreason-core.h) and the first kernel that has it. */
struct vnet_drop_reason {
    const char *name; /* "SKB_DROP_REASON_IP_CSUM" less its prefix: "IP_CSUM"; NULL: none */
    uint32_t since;   /* kernel version, 0x060100 */
};

struct vnet_trace_event {
    int64_t time;
    const char *netns; /* name, "" for the initial one */
    const char *dev;   /* device name or NULL */
    const char *func;  /* the kernel function that decides: "arp_process" */
    const char *what;  /* stage: "route", "source", "neigh", "arp", "socket", ... */
    enum vnet_verdict verdict;
    const struct vnet_drop_reason *reason; /* DROPPED only, may be NULL */
    const char *detail; /* text: what was looked up and what it gave; valid during the call */
};

typedef void vnet_trace_fn(const struct vnet_trace_event *ev, void *arg);
/* Install (or with NULL remove) the listener of a world. */
void vnet_trace_listen(struct vnet *w, vnet_trace_fn *fn, void *arg);
const char *vnet_verdict_name(enum vnet_verdict v); /* "OK", "SENT", ... */

#endif
