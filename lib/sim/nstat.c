#include "vnet_nstat.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/world.h"

const struct vnet_nstat_entry *vnet_nstat_history(const struct vnet *w, size_t *n)
{
    *n = w->nnstat;
    return w->nstat;
}

void vnet_nstat_keep(struct vnet *w, const struct vnet_nstat_entry *v, size_t n)
{
    struct vnet_nstat_entry *copy = NULL;
    n = n < VNET_NSTAT_MAX ? n : VNET_NSTAT_MAX;
    if (n) {
        copy = mem_calloc(n, sizeof(*copy));
        memcpy(copy, v, n * sizeof(*copy));
    }
    free(w->nstat);
    w->nstat = copy;
    w->nnstat = n;
    w->dirty = true;
}
