/* The kernel's log, and saying something in it. */
#ifndef VNET_SIM_PRINTK_H
#define VNET_SIM_PRINTK_H

#include <stddef.h>

#include "base/err.h"
#include "vnet_klog.h"

struct netdev;
struct netns;

/* lib/printk.c, ___ratelimit(): so many in an interval, the others are counted. */
struct ratelimit {
    int64_t begin;            /* ns since the kernel began; -1: it was not asked yet */
    uint32_t printed, missed; /* in the interval that began then */
};

struct klog {
    struct klog_line {
        int64_t time;
        uint8_t level;
        char *text; /* owned */
    } * lines;      /* VNET_KLOG_LINES, a ring: number N stands at N % VNET_KLOG_LINES; owned */
    uint64_t first, next;
    struct ratelimit net; /* net_ratelimit() */
    bool quiet;           /* a state is loaded: nothing happens, things are made anew */
};

void klog_init(struct klog *k);
void klog_release(struct klog *k);
/* A line as it is, at that time since the kernel began. */
void klog_add(struct klog *k, int64_t time, enum vnet_klog_level level, const char *text,
              size_t len);

/* pr_warn(), pr_info(): fmt with the subsystem's prefix ("IPv4: "). It is about something of that
 * namespace: what is outside has kernels of its own, of which nothing is heard. */
void printk(const struct netns *ns, enum vnet_klog_level level, const char *fmt, ...)
    VNET_PRINTF(3, 4) VNET_COLD;
/* netdev_info() and friends: the device's name in front. */
void netdev_printk(const struct netdev *dev, enum vnet_klog_level level, const char *fmt, ...)
    VNET_PRINTF(3, 4) VNET_COLD;
/* May a line that packets cause be printed? */
bool net_ratelimit(const struct netns *ns);

#endif
