/* Neighbours (ARP and ND caches): RTM_NEWNEIGH, RTM_GETNEIGH. */
#ifndef VNET_NEIGH_H
#define VNET_NEIGH_H

#include "vnet.h"

enum { /* NUD_*, the kernel's values */
       VNET_NUD_NONE = 0x00,
       VNET_NUD_INCOMPLETE = 0x01,
       VNET_NUD_REACHABLE = 0x02,
       VNET_NUD_STALE = 0x04,
       VNET_NUD_DELAY = 0x08,
       VNET_NUD_PROBE = 0x10,
       VNET_NUD_FAILED = 0x20,
       VNET_NUD_NOARP = 0x40,
       VNET_NUD_PERMANENT = 0x80,
};

enum { /* NTF_* */
       VNET_NTF_USE = 0x01,
       VNET_NTF_SELF = 0x02,
       VNET_NTF_MASTER = 0x04,
       VNET_NTF_PROXY = 0x08,
       VNET_NTF_EXT_LEARNED = 0x10,
       VNET_NTF_STICKY = 0x40,
       VNET_NTF_ROUTER = 0x80,
};

struct vnet_neigh_info {
    uint8_t family;
    int ifindex;
    struct inet_addr dst;
    struct lladdr lladdr; /* len 0: none known */
    uint16_t state;       /* NUD_* */
    uint32_t flags;       /* NTF_* */
    uint8_t type;         /* RTN_* */
    uint8_t protocol;     /* NDA_PROTOCOL, 0: none */
    uint32_t probes;
    uint32_t refcnt;
    uint64_t used_ms, confirmed_ms, updated_ms; /* milliseconds ago */
    /* of a bridge's forwarding table (VNET_AF_BRIDGE), 0: none */
    uint16_t vlan;
    int master;
};

struct vnet_neigh_req {
    uint8_t family;
    int ifindex;
    struct inet_addr dst;
    bool has_lladdr;
    struct lladdr lladdr;
    uint16_t state;
    uint32_t flags;
    uint8_t protocol;
};

/* neigh_add(); nlflags as for routes. */
int vnet_neigh_add(struct netns *ns, const struct vnet_neigh_req *r, unsigned nlflags,
                   struct vnet_err *err);
/* neigh_delete(). */
int vnet_neigh_del(struct netns *ns, const struct vnet_neigh_req *r, struct vnet_err *err);
/* family UNSPEC: both. proxies: list the proxy entries instead, in the kernel's order; neighbours
 * by ifindex and address (the kernel's is hash order). NUD_NONE entries are included. */
int vnet_neigh_dump(const struct netns *ns, uint8_t family, bool proxies,
                    int (*cb)(const struct vnet_neigh_info *info, void *arg), void *arg);

#endif
