/* Labels of IPv6 addresses (`ip addrlabel`), by which a source address is chosen (RFC 6724 2.1). */
#ifndef VNET_ADDRLABEL_H
#define VNET_ADDRLABEL_H

#include "vnet.h"

struct vnet_addrlabel {
    struct inet_addr prefix; /* bits beyond len are dropped */
    uint8_t len;             /* bits */
    int ifindex;             /* of the device that the address must be of; 0: any */
    uint32_t label;
};

/* ip6addrlbl_newdel(): -EINVAL (length, device), -EEXIST; the label does not count in a deletion:
 * -ESRCH. */
int vnet_addrlabel_add(struct netns *ns, const struct vnet_addrlabel *req);
int vnet_addrlabel_del(struct netns *ns, const struct vnet_addrlabel *req);
/* In the kernel's order, most specific first; ends when cb returns not 0, and returns that. */
int vnet_addrlabel_dump(const struct netns *ns,
                        int (*cb)(const struct vnet_addrlabel *label, void *arg), void *arg);

#endif
