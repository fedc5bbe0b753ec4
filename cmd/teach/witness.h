/* What a real machine would show of lost packets: the counters that moved, other than those of
 * packets that went well. */
#ifndef VNET_CMD_TEACH_WITNESS_H
#define VNET_CMD_TEACH_WITNESS_H

#include "cmd/nstat/nstat.h"
#include "vnet.h"

struct witness {
    struct witness_place { /* the initial namespace, and those with a name */
        uint32_t id;
        struct nstat_list counters; /* "IpInDiscards", "veth0 RX dropped", ... */
    } * v;
    size_t n, cap;
};

/* The counters as they are. */
void witness_read(struct witness *w, struct vnet *world);
void witness_release(struct witness *w);
/* Appends what has moved since `before`: "IpInDiscards +1", comma-separated, a namespace's name and
 * a colon in front. Returns how many. */
unsigned witness_tell(const struct witness *before, struct vnet *world, struct strbuf *out);

#endif
