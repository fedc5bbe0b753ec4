/* A world at a glance: the links of all namespaces that tools show, and their addresses of one
 * family, less those that IPv6 makes itself. */
#ifndef VNET_CMD_TEACH_SURVEY_H
#define VNET_CMD_TEACH_SURVEY_H

#include "vnet_addr.h"
#include "vnet_link.h"

struct survey_link {
    struct netns *ns;
    int ifindex;
    char name[VNET_IFNAMSIZ];
    bool up, loopback, bridge, has_master;
    uint32_t mtu;
    int peer; /* index in links; -1: none, or not seen */
    bool has_addr;
    bool lonely; /* nobody else has an address in any of its subnets */
    bool on_way; /* survey_find_way() */
};

struct survey_addr {
    size_t link; /* index in links */
    struct inet_prefix addr;
};

struct survey {
    struct vnet *w;
    uint8_t family;
    struct survey_ns {
        struct netns *ns;
        bool on_way;
    } * ns; /* the initial one first; owned */
    size_t nns, ns_cap;
    struct survey_link *links; /* owned */
    size_t nlinks, links_cap;
    struct survey_addr *addrs; /* owned */
    size_t naddrs, addrs_cap;
};

void survey_take(struct survey *s, struct vnet *w, uint8_t family);
/* What lies on ways from the namespace named `source` (NULL: from anywhere) to where the target
 * lives, or could live: all but dead ends. */
void survey_find_way(struct survey *s, const char *source, const struct inet_addr *target);
void survey_release(struct survey *s);
/* Is it an address of any link? */
bool survey_is_local(const struct survey *s, const struct inet_addr *a);
/* The subnet of any link that an address lies in; NULL: none. */
const struct inet_prefix *survey_subnet_of(const struct survey *s, const struct inet_addr *a);

#endif
