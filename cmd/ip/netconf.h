#ifndef VNET_CMD_IP_NETCONF_H
#define VNET_CMD_IP_NETCONF_H

#include "cmd/ip/ctx.h"
#include "vnet_netlink.h"

/* One line of `ip netconf`, or of `ip monitor`. */
void ip_print_netconf(struct ip *ip, const struct vnet_netconf_info *c);

#endif
