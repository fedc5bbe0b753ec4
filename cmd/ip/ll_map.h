/* Names of links as iproute2 remembers them (lib/ll_map.c): learnt once, forgotten when the link
 * goes, and not learnt anew when it is renamed. What it would have asked the kernel at the time of
 * an event is kept beside that. */
#ifndef VNET_CMD_IP_LL_MAP_H
#define VNET_CMD_IP_LL_MAP_H

#include "vnet_link.h"

struct ll_entry {
    int ifindex;
    char now[VNET_IFNAMSIZ];  /* the kernel's name; "": it has gone */
    char name[VNET_IFNAMSIZ]; /* the remembered one; "": not asked for yet */
    uint32_t flags;           /* remembered with the name */
};

struct ll_map {
    struct ll_entry *v; /* owned */
    size_t n, cap;
};

/* ll_init_map(): all links that there are. */
void ll_map_init(struct ll_map *m, const struct netns *ns);
void ll_map_release(struct ll_map *m);
/* A message about a link; listens: iproute2 gets it too (ll_remember_index()). */
void ll_map_link(struct ll_map *m, const struct vnet_link_info *l, bool gone, bool listens);
/* A message about a link that is not accepted yet, but was sent before iproute2 could have asked.
 */
void ll_map_ahead(struct ll_map *m, const struct vnet_link_info *l);
/* ll_index_to_name() into buf, "" if there is none. */
void ll_map_name(struct ll_map *m, int ifindex, char buf[VNET_IFNAMSIZ]);
/* ll_index_to_flags(): all bits set for one that is not remembered. */
uint32_t ll_map_flags(const struct ll_map *m, int ifindex);

#endif
