/* `ip netns`: what its files share. */
#ifndef VNET_CMD_IP_NETNS_H
#define VNET_CMD_IP_NETNS_H

#include "cmd/ip/ctx.h"

/* Says what is missing: ARG_FAILED. */
int ip_netns_missing(struct ip *ip, const char *what);
void ip_netns_not_opened(struct ip *ip, const char *name);
/* netns_switch(): what follows is in that namespace; or a message and ARG_USAGE. */
int ip_switch_netns(struct ip *ip, const char *name);

/* netns_id.c */
int ip_netns_list_id(struct ip *ip, struct args *a, const struct ip_verb *verb);
int ip_netns_set(struct ip *ip, struct args *a, const struct ip_verb *verb);

#endif
