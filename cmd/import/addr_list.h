/* The addresses of a link in the world. */
#ifndef VNET_CMD_IMPORT_ADDR_LIST_H
#define VNET_CMD_IMPORT_ADDR_LIST_H

#include "vnet_addr.h"

struct addr_list {
    struct vnet_addr_info *v; /* owned: free() it */
    size_t n, cap;
};

/* In the order of `ip address`. family UNSPEC: both. */
struct addr_list addr_list_of(const struct netns *ns, uint8_t family, int ifindex);
/* The same address, peer and prefix length? */
bool addr_same(const struct vnet_addr_info *a, const struct vnet_addr_info *b);

#endif
