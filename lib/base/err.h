/* Error messages that travel with a negative errno, as netlink's extack does. */
#ifndef VNET_BASE_ERR_H
#define VNET_BASE_ERR_H

#include <stdarg.h>

#if defined(__GNUC__)
#define VNET_PRINTF(fmt_arg, first_arg) __attribute__((format(printf, fmt_arg, first_arg)))
/* A function that is called in few runs: what leads to a call of it is kept out of the way. */
#define VNET_COLD __attribute__((cold, noinline))
#else
#define VNET_PRINTF(fmt_arg, first_arg)
#define VNET_COLD
#endif

/* Owned by the caller; untouched on success. An empty msg means: only the errno is known (netlink
 * without extack). */
struct vnet_err {
    char msg[512];
};

/* Store a message (NULL err is allowed) and return -error, so that `return vnet_err(e, EINVAL,
 * ...)`. */
int vnet_err(struct vnet_err *err, int error, const char *fmt, ...) VNET_PRINTF(3, 4);

#endif
