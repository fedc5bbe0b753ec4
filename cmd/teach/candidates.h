/* Changes of a world that could make a command work: found by looking at the world, not at the
 * command's fate. Which of them do is for others to try. */
#ifndef VNET_CMD_TEACH_CANDIDATES_H
#define VNET_CMD_TEACH_CANDIDATES_H

#include "vnet.h"

struct candidates {
    char **v; /* command lines, "ip -n red link set v0 up"; owned */
    size_t n, cap;
};

/* All for a world in which something should reach `target` (UNSPEC: who knows what). */
void candidates_find(struct candidates *c, struct vnet *w, const struct inet_addr *target);
void candidates_release(struct candidates *c);

#endif
