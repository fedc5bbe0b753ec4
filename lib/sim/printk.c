#include "sim/printk.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dev/netdev.h"
#include "dev/netns.h"
#include "sim/world.h"

/* ---- the log ---- */

void klog_init(struct klog *k)
{
    *k = (struct klog){.net = {.begin = -1}};
}

static void forget(struct klog *k)
{
    for (; k->first < k->next; k->first++) {
        struct klog_line *line = &k->lines[k->first % VNET_KLOG_LINES];
        free(line->text);
        line->text = NULL;
    }
}

void klog_release(struct klog *k)
{
    forget(k);
    free(k->lines);
    k->lines = NULL;
}

void klog_add(struct klog *k, int64_t time, enum vnet_klog_level level, const char *text,
              size_t len)
{
    if (!k->lines)
        k->lines = mem_calloc(VNET_KLOG_LINES, sizeof(*k->lines));
    struct klog_line *line = &k->lines[k->next % VNET_KLOG_LINES];
    if (k->next - k->first == VNET_KLOG_LINES) {
        free(line->text);
        k->first++;
    }
    *line = (struct klog_line){time, (uint8_t)level, mem_strndup(text, len)};
    k->next++;
}

uint64_t vnet_klog_first(const struct vnet *w)
{
    return w->klog.first;
}

uint64_t vnet_klog_next(const struct vnet *w)
{
    return w->klog.next;
}

struct vnet_klog_line vnet_klog_get(const struct vnet *w, uint64_t number)
{
    const struct klog_line *line = &w->klog.lines[number % VNET_KLOG_LINES];
    return (struct vnet_klog_line){line->time, (enum vnet_klog_level)line->level, line->text};
}

void vnet_klog_clear(struct vnet *w)
{
    forget(&w->klog);
    w->dirty = true;
}

int64_t vnet_boot_time(const struct vnet *w)
{
    return w->boot;
}

/* ---- saying something ---- */

static void vprintk(const struct netns *ns, enum vnet_klog_level level, const char *prefix,
                    const char *fmt, va_list ap)
{
    char text[VNET_KLOG_TEXT + 1];
    struct vnet *w = ns->w;
    if (w->klog.quiet || ns->outside)
        return;
    int n = snprintf(text, sizeof(text), "%s", prefix);
    vsnprintf(text + n, sizeof(text) - (size_t)n, fmt, ap);
    klog_add(&w->klog, w->now - w->boot, level, text, strlen(text));
    w->dirty = true;
}

void printk(const struct netns *ns, enum vnet_klog_level level, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vprintk(ns, level, "", fmt, ap);
    va_end(ap);
}

void netdev_printk(const struct netdev *dev, enum vnet_klog_level level, const char *fmt, ...)
{
    char prefix[VNET_IFNAMSIZ + 24];
    va_list ap;
    snprintf(prefix, sizeof(prefix), "%s%s: ", dev->name,
             dev->unregistering ? " (unregistering)" : "");
    va_start(ap, fmt);
    vprintk(dev->ns, level, prefix, fmt, ap);
    va_end(ap);
}

/* ---- not too often ---- */

bool net_ratelimit(const struct netns *ns)
{
    /* net.core.message_cost and message_burst, which vnet does not have: their defaults. */
    enum { BURST = 10 };
    struct vnet *w = ns->w;
    const int64_t interval = 5 * NSEC_PER_SEC, now = w->now - w->boot;
    struct ratelimit *r = &w->klog.net;
    if (ns->outside)
        return false;
    w->dirty = true;
    if (r->begin < 0)
        r->begin = now;
    if (now > r->begin + interval) {
        if (r->missed)
            printk(ns, VNET_KLOG_WARNING, "net_ratelimit: %" PRIu32 " callbacks suppressed",
                   r->missed);
        *r = (struct ratelimit){.begin = now};
    }
    if (r->printed >= BURST) {
        r->missed++;
        return false;
    }
    r->printed++;
    return true;
}
