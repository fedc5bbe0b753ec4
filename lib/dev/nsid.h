/* The numbers that a namespace has for others (net/core/net_namespace.c). */
#ifndef VNET_DEV_NSID_H
#define VNET_DEV_NSID_H

#include "dev/netns.h"

struct nsid { /* in netns.nsids, by ascending id */
    int id;
    struct netns *peer;
};

/* peernet2id_alloc(): the number of peer in ns, made if need be. */
int nsid_alloc(struct netns *ns, struct netns *peer);
/* The namespace of what a device lies on, or is paired with, gets one in the device's own, if it is
 * another (rtnl_fill_link_netnsid()). */
void nsid_alloc_lower(const struct netdev *dev);
/* For the state file: false if either is taken. */
bool nsid_insert(struct netns *ns, struct netns *peer, int id);
/* `gone` is: no namespace has a number for it any more (unhash_nsid()). */
void nsid_forget(struct netns *gone);

#endif
