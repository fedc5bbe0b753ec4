#include "sim/trace.h"

#include <stdio.h>

#include "dev/netdev.h"

const struct vnet_drop_reason drop_reasons[DROP_REASON_COUNT] = {
#define DROP_REASON_ROW(name, since) {#name, since},
    DROP_REASONS(DROP_REASON_ROW)
#undef DROP_REASON_ROW
};

void vnet_trace_listen(struct vnet *w, vnet_trace_fn *fn, void *arg)
{
    w->nf_hooks_needed += (fn != NULL) - (w->trace_fn != NULL);
    w->trace_fn = fn;
    w->trace_arg = arg;
}

const char *vnet_verdict_name(enum vnet_verdict v)
{
    static const char *const names[] = {"OK", "SENT", "QUEUED", "IGNORED", "DROPPED", "REFUSED"};
    return names[v];
}

void trace_emit(struct vnet *w, const struct netdev *dev, const char *what, const char *func,
                enum vnet_verdict verdict, const struct vnet_drop_reason *reason, const char *fmt,
                ...)
{
    char detail[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(detail, sizeof(detail), fmt, ap);
    va_end(ap);
    const struct vnet_trace_event ev = {
        .time = w->now,
        .netns = !dev               ? ""
                 : dev->ns->outside ? dev->ns->outside
                                    : dev->ns->name,
        .dev = dev ? dev->name : NULL,
        .func = func,
        .what = what,
        .verdict = verdict,
        .reason = reason,
        .detail = detail,
    };
    w->trace_fn(&ev, w->trace_arg);
}
