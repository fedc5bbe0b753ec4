/* What `ip netconf` shows of a device's settings. */
#ifndef VNET_INET_NETCONF_H
#define VNET_INET_NETCONF_H

#include "inet/sysctls.h"
#include "vnet_netlink.h"

/* ifindex: VNET_NETCONF_ALL and VNET_NETCONF_DEFAULT, too. */
void netconf_fill4(const struct netns *ns, const struct ipv4_conf *conf, int ifindex,
                   struct vnet_netconf_info *c);
void netconf_fill6(const struct netns *ns, const struct ipv6_conf *conf, int ifindex,
                   struct vnet_netconf_info *c);

#endif
