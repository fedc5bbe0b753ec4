/* Addresses of links, both families: what RTM_NEWADDR and RTM_GETADDR carry. */
#ifndef VNET_ADDR_H
#define VNET_ADDR_H

#include "vnet.h"

enum {                              /* IFA_F_*, the kernel's values */
       VNET_IFA_F_SECONDARY = 0x01, /* IPv6: temporary */
       VNET_IFA_F_NODAD = 0x02,
       VNET_IFA_F_OPTIMISTIC = 0x04,
       VNET_IFA_F_DADFAILED = 0x08,
       VNET_IFA_F_HOMEADDRESS = 0x10,
       VNET_IFA_F_DEPRECATED = 0x20,
       VNET_IFA_F_TENTATIVE = 0x40,
       VNET_IFA_F_PERMANENT = 0x80,
       VNET_IFA_F_MANAGETEMPADDR = 0x100,
       VNET_IFA_F_NOPREFIXROUTE = 0x200,
       VNET_IFA_F_MCAUTOJOIN = 0x400,
       VNET_IFA_F_STABLE_PRIVACY = 0x800,
};

enum { /* RT_SCOPE_* */
       VNET_SCOPE_UNIVERSE = 0,
       VNET_SCOPE_SITE = 200,
       VNET_SCOPE_LINK = 253,
       VNET_SCOPE_HOST = 254,
       VNET_SCOPE_NOWHERE = 255,
};

#define VNET_LIFETIME_FOREVER 0xffffffffU

struct vnet_addr_info {
    int ifindex;
    uint8_t family;
    uint8_t prefixlen;
    uint8_t scope;
    uint32_t flags;            /* VNET_IFA_F_* */
    struct inet_addr local;    /* IFA_LOCAL (IPv6 without peer: the address itself) */
    struct inet_addr address;  /* IFA_ADDRESS: the peer where there is one, else equal to local */
    struct inet_addr brd;      /* family UNSPEC: none */
    struct inet_addr anycast;  /* reserved: UNSPEC */
    char label[VNET_IFNAMSIZ]; /* IPv4 */
    uint32_t metric;           /* IFA_RT_PRIORITY, 0: none */
    uint8_t proto;             /* IFAPROT_*: 0 none, 1 kernel_lo, 2 kernel_ra, 3 kernel_ll */
    uint32_t valid_lft, preferred_lft; /* seconds left; VNET_LIFETIME_FOREVER */
};

struct vnet_addr_req {
    int ifindex;
    uint8_t family, prefixlen;
    bool has_scope;
    uint8_t scope;
    uint32_t flags;
    struct inet_addr local, address; /* as in the netlink message; UNSPEC: attribute absent */
    struct inet_addr brd;            /* UNSPEC: absent */
    char label[VNET_IFNAMSIZ];       /* "": absent */
    uint32_t metric;                 /* 0: absent */
    uint8_t proto;                   /* 0: absent */
    bool has_lft;
    uint32_t valid_lft, preferred_lft;
    bool replace; /* NLM_F_REPLACE */
    bool excl;    /* NLM_F_EXCL */
};

/* inet_rtm_newaddr()/inet6_rtm_newaddr(). Errors: -EEXIST, -ENODEV, -EINVAL, -ENOBUFS, ... with
 * extack text. */
int vnet_addr_add(struct netns *ns, const struct vnet_addr_req *req, struct vnet_err *err);
/* inet_rtm_deladdr()/inet6_rtm_deladdr(). -EADDRNOTAVAIL if there is none such. */
int vnet_addr_del(struct netns *ns, const struct vnet_addr_req *req, struct vnet_err *err);

/* Called in dump order (by link, then as the kernel lists them); a non-zero return ends the dump
 * and is returned. family UNSPEC: IPv4 then IPv6 of all links (RTM_GETADDR's order); ifindex 0:
 * all. cb must not change the world. */
int vnet_addr_dump(const struct netns *ns, uint8_t family, int ifindex,
                   int (*cb)(const struct vnet_addr_info *info, void *arg), void *arg);

/* `ip token`: the lower half of the addresses that a device makes from router advertisements: ::
 * if there is none. false: the device has no IPv6. */
bool vnet_token_get(const struct netns *ns, int ifindex, struct inet_addr *token);
/* RTM_SETLINK with IFLA_INET6_TOKEN (inet6_set_iftoken()); :: takes it away. -EAFNOSUPPORT: no
 * IPv6; -EINVAL: a device that asks no router, with extack text. */
int vnet_token_set(struct netns *ns, int ifindex, const struct inet_addr *token,
                   struct vnet_err *err);

/* Put an address in place as another machine listed it, flags and all: no duplicate address
 * detection is run for one that had passed or failed it. */
int vnet_addr_import(struct netns *ns, const struct vnet_addr_info *info, struct vnet_err *err);

#endif
