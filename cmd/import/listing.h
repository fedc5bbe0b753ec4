/* What listings of a machine say of it: `ip address`, `ip link`, `ip route`, `route -n`. */
#ifndef VNET_CMD_IMPORT_LISTING_H
#define VNET_CMD_IMPORT_LISTING_H

#include "vnet_addr.h"
#include "vnet_link.h"
#include "vnet_route.h"

struct listed_link {
    int ifindex;
    char name[VNET_IFNAMSIZ];
    bool virtual_link; /* NAME@OTHER: made on another one */
    bool loopback, up, no_carrier;
    uint32_t mtu;
    char qdisc[VNET_IFNAMSIZ];
    int64_t qlen; /* -1: not shown */
    struct lladdr mac;
};

struct listed_route {
    struct vnet_route_info info;
    struct vnet_nexthop nh;
    char dev[VNET_IFNAMSIZ];
};

struct listing { /* arrays are owned */
    struct listed_link *links;
    size_t nlinks, links_cap;
    struct vnet_addr_info *addrs; /* ifindex as listed */
    size_t naddrs, addrs_cap;
    struct listed_route *routes;
    size_t nroutes, routes_cap;
    bool has_routes; /* a routing table was listed, perhaps an empty one */
};

/* Does this command list links, addresses or IPv4 routes, so that its output can be read here? */
bool listing_command(const char *command);
/* Add what the lines say; lines that say nothing known are passed over. */
void listing_read(struct listing *l, char *const *lines, size_t n);
void listing_release(struct listing *l);
/* Make the links, addresses and routes in the world. -errno and *err (what could not be made). */
int listing_apply(const struct listing *l, struct vnet *w, struct vnet_err *err);

#endif
