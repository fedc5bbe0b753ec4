/* The kernel's log: what printk() says, as dmesg(1) shows it. One for the world, as a machine has
 * one for all its namespaces; the newest lines stay. */
#ifndef VNET_KLOG_H
#define VNET_KLOG_H

#include "vnet.h"

enum { VNET_KLOG_LINES = 200, VNET_KLOG_TEXT = 200 }; /* lines kept; bytes of one, at most */

enum vnet_klog_level { /* KERN_*, include/linux/kern_levels.h */
                       VNET_KLOG_EMERG,
                       VNET_KLOG_ALERT,
                       VNET_KLOG_CRIT,
                       VNET_KLOG_ERR,
                       VNET_KLOG_WARNING,
                       VNET_KLOG_NOTICE,
                       VNET_KLOG_INFO,
                       VNET_KLOG_DEBUG,
                       VNET_KLOG_LEVELS,
};

struct vnet_klog_line {
    int64_t time; /* ns since the kernel began */
    enum vnet_klog_level level;
    const char *text; /* without newline; valid until the log changes */
};

/* The number of the oldest line that is kept, and of the next one: both only grow. */
uint64_t vnet_klog_first(const struct vnet *w);
uint64_t vnet_klog_next(const struct vnet *w);
/* A line from vnet_klog_first() on, before vnet_klog_next(). */
struct vnet_klog_line vnet_klog_get(const struct vnet *w, uint64_t number);
/* Forget all (SYSLOG_ACTION_CLEAR: tools do not see them any more). */
void vnet_klog_clear(struct vnet *w);
/* When the kernel began, ns since the epoch. */
int64_t vnet_boot_time(const struct vnet *w);

#endif
