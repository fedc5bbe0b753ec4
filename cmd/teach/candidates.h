/* Changes of a world that could make a command work: found by looking at the world, not at the
 * command's fate. Which of them do is for others to try. */
#ifndef VNET_CMD_TEACH_CANDIDATES_H
#define VNET_CMD_TEACH_CANDIDATES_H

#include "vnet.h"

enum { MOST_TOGETHER = 3 }; /* lines of a candidate */

struct candidate {
    /* "ip -n red link set v0 up"; owned. Several, with newlines between them, belong together: a
     * bridge's port and its VLANs. */
    char *line;
    size_t lines;
    /* How far-fetched it is: 1 takes back a likely mistake, 9 works around one. */
    unsigned cost;
    const char *netns; /* where: its name; borrowed, of the world */
    bool aside;        /* of something that is on no way from the source to the target */
};

struct candidates {
    struct candidate *v; /* owned; the least far-fetched first */
    size_t n, cap;
};

/* All for a world in which something should reach `target` (UNSPEC: who knows what) from the
 * namespace named `source` (NULL: who knows where). */
void candidates_find(struct candidates *c, struct vnet *w, const char *source,
                     const struct inet_addr *target);
void candidates_release(struct candidates *c);

#endif
