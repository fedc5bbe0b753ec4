/* The world outside: a gateway, a provider and an Internet behind a network card. */
#ifndef VNET_OUTSIDE_H
#define VNET_OUTSIDE_H

#include "vnet.h"

/* Put the gateway with this address and prefix length (IPv4) behind the card `ifindex` of ns, and
 * the rest of the world behind that: every public address answers a ping, the others are nowhere.
 * mac: the gateway's address; NULL or len 0: a random one. -EOPNOTSUPP: the link is no network
 * card; -EBUSY: there is something behind it already. */
int vnet_outside_add(struct netns *ns, int ifindex, const struct inet_prefix *gateway,
                     const struct lladdr *mac, struct vnet_err *err);
/* The gateway behind the card `ifindex` of ns: its address and prefix length. false: the link is no
 * card, or nothing is known of what is behind it. */
bool vnet_outside_gateway(const struct netns *ns, int ifindex, struct inet_prefix *gateway);

#endif
