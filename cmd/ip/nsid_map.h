/* Names of namespaces by their numbers, as iproute2 remembers them (ip/ipnetns.c: netns_map_*):
 * those that have a number when it begins, and those it hears of; forgotten once printed again. */
#ifndef VNET_CMD_IP_NSID_MAP_H
#define VNET_CMD_IP_NSID_MAP_H

#include "cmd/ip/ctx.h"
#include "vnet_netlink.h"

struct nsid_map {
    struct nsid_name {
        int nsid;
        char *name; /* owned */
    } * v;          /* owned */
    size_t n, cap;
};

/* netns_map_init() */
void nsid_map_init(struct nsid_map *m, struct netns *ns);
void nsid_map_release(struct nsid_map *m);
/* print_nsid() of a message. */
void nsid_map_print(struct nsid_map *m, struct ip *ip, const struct vnet_nsid_info *told,
                    bool gone);

#endif
