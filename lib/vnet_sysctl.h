/* Sysctls (/proc/sys/net): read, write, list. */
#ifndef VNET_SYSCTL_H
#define VNET_SYSCTL_H

#include "base/strbuf.h"
#include "vnet.h"

/* path: '/'-separated below /proc/sys ("net/ipv4/conf/veth0/rp_filter"): a device name may hold
 * dots. -ENOENT: no such file; -EISDIR: a folder; -EACCES: a permission that root lacks too. */
int vnet_sysctl_get(const struct netns *ns, const char *path, struct strbuf *value);
/* What write(2) on the file returns: -EINVAL for a bad value, -ENOENT, -EACCES, -EPERM. */
int vnet_sysctl_set(struct netns *ns, const char *path, const char *value, struct vnet_err *err);
/* Every file below `prefix` ("" for all), in the order of `sysctl -a` (sorted by path). */
int vnet_sysctl_list(const struct netns *ns, const char *prefix,
                     int (*cb)(const char *path, bool readable, bool writable, void *arg),
                     void *arg);

#endif
