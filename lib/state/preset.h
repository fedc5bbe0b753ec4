/* Presets: the parts that they are made of, and the worlds of several hosts. */
#ifndef VNET_STATE_PRESET_H
#define VNET_STATE_PRESET_H

#include "vnet.h"

int preset_link_up(struct netns *ns, const char *name, struct vnet_err *err);
/* IPv4, with its broadcast address. */
int preset_add_addr(struct netns *ns, const char *dev, const struct inet_prefix *p,
                    struct vnet_err *err);
int preset_default_route(struct netns *ns, const char *dev, const struct inet_addr *gateway,
                         struct vnet_err *err);

/* ns: the initial namespace, as it is in a new world. */
int lab_two_hosts(struct netns *ns, struct vnet_err *err);
int lab_router(struct netns *ns, struct vnet_err *err);
int lab_bridge(struct netns *ns, struct vnet_err *err);

#endif
