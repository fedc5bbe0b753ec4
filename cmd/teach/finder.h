/* What the finders of candidates share. */
#ifndef VNET_CMD_TEACH_FINDER_H
#define VNET_CMD_TEACH_FINDER_H

#include "base/strbuf.h"
#include "cmd/teach/candidates.h"
#include "cmd/teach/survey.h"
#include "vnet_netns.h"

struct finder {
    struct candidates *out;
    struct survey s;
    const struct inet_addr *target;
    const char *source; /* the namespace; NULL: not known */
    struct netns *ns;   /* of a dump */
};

/* One more candidate, unless it is there already: of a link, or (NULL) a namespace; see struct
 * candidate for its cost. */
void offer(struct finder *f, const struct survey_link *l, const struct netns *ns, unsigned cost,
           const char *fmt, ...) VNET_PRINTF(5, 6);

/* How a tool is called in a namespace: "ip", "ip -n red", "ip netns exec red sysctl". */
struct in_netns {
    char text[VNET_NETNS_NAME_MAX + 32];
};
struct in_netns tool_in(const char *tool, const struct netns *ns);

/* candidates_l2.c: ports of bridges, VLANs, links in the wrong namespace. */
void find_switching(struct finder *f);

#endif
