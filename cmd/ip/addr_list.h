#ifndef VNET_CMD_IP_ADDR_LIST_H
#define VNET_CMD_IP_ADDR_LIST_H

#include "cmd/ip/addr_print.h"

/* Read selectors to the end of the line. status as args_read(). */
int ip_read_selectors(struct ip *ip, struct args *a, struct addr_filter *f, bool link_object);
/* `ip link show ...`, `ip address show ...`: the cursor is behind the verb. */
int ip_list_links(struct ip *ip, struct args *a);
int ip_list_addrs(struct ip *ip, struct args *a);
int ip_flush_addrs(struct ip *ip, struct args *a);

#endif
