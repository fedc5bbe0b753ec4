/* Pairs of devices, the ends of one cable: veth and vxcan. Their kinds have `pair` set, and the
 * functions below as newlink, dellink, open, stop, lower and uninit. */
#ifndef VNET_DEV_PAIR_H
#define VNET_DEV_PAIR_H

#include "dev/netdev.h"

/* What the kind's setup calls: room for the peer in dev->priv. */
void pair_setup(struct netdev *dev);
void pair_uninit(struct netdev *dev);
static inline bool is_pair(const struct netdev *dev)
{
    return dev->kind->pair;
}
/* The other end; NULL while a pair is being made or taken down. dev is one of a pair. Where it
 * sleeps (dev/netns.h), it wakes. */
struct netdev *pair_peer(const struct netdev *dev);
/* Make two devices of one kind the ends of one pair. */
void pair_tie(struct netdev *a, struct netdev *b);
/* For the state file: both ends are those of no pair; nobody wakes. */
void pair_untie(struct netdev *dev);
/* The other end lies in a namespace that sleeps: it is tied when that wakes. */
void pair_tie_asleep(struct netdev *dev, struct netns *bed, const char *name);
/* Its name then, and the namespace; *bed NULL: it does not sleep. */
const char *pair_sleeper(const struct netdev *dev, struct netns **bed);
/* The other end, nobody wakes: NULL if it sleeps. */
struct netdev *pair_tied(const struct netdev *dev);

int pair_newlink(struct netdev *dev, const char *name, const struct vnet_link_req *req,
                 struct vnet_err *err);
void pair_dellink(struct netdev *dev);
int pair_open(struct netdev *dev);
int pair_stop(struct netdev *dev);

#endif
