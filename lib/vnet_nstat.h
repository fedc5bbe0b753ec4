/* What nstat(8) keeps between its runs. The real one has a file for it, /tmp/.nstat.uUID; that of
 * an emulated machine belongs to the world, and so is part of it. */
#ifndef VNET_NSTAT_H
#define VNET_NSTAT_H

#include <stddef.h>

#include "vnet.h"

enum { VNET_NSTAT_NAME = 48, VNET_NSTAT_MAX = 1024 };

struct vnet_nstat_entry {
    char name[VNET_NSTAT_NAME]; /* "IpInReceives": letters and digits */
    uint64_t value;
};

/* What was kept last; *n: how many, 0: nothing. Valid until something else is kept. */
const struct vnet_nstat_entry *vnet_nstat_history(const struct vnet *w, size_t *n);
/* Keeps a copy, at most VNET_NSTAT_MAX of them. */
void vnet_nstat_keep(struct vnet *w, const struct vnet_nstat_entry *v, size_t n);

#endif
