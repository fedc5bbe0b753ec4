/* The address labels of a namespace. */
#ifndef VNET_INET_ADDRLABEL_H
#define VNET_INET_ADDRLABEL_H

#include "base/list.h"
#include "dev/netdev.h"
#include "vnet_addrlabel.h"

struct addrlabel { /* struct ip6addrlbl_entry */
    struct list node;
    struct vnet_addrlabel a;
};

struct addrlabel_table {
    struct list list;
    bool changed; /* not the kernel's own rows any more */
};

void addrlabel_net_init(struct netns *ns);
void addrlabel_net_exit(struct netns *ns);
/* For the state file: no row at all; a row behind all others. */
void addrlabel_clear(struct netns *ns);
void addrlabel_append(struct netns *ns, const struct vnet_addrlabel *a);
/* ipv6_addr_label() of an address on a device (0: any). */
uint32_t ipv6_addr_label(const struct netns *ns, const struct inet_addr *addr, int ifindex);

#endif
