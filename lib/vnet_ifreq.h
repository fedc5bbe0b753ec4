/* The requests of ioctl(2) on interfaces and ARP entries, as ifconfig and arp make them. They know
 * errors, no messages. A name is that of a device, or the label of one of its IPv4 addresses
 * ("eth0:1"), which stands for its device in requests that are about devices. */
#ifndef VNET_IFREQ_H
#define VNET_IFREQ_H

#include "vnet_addr.h"
#include "vnet_link.h"

/* dev_ioctl()'s look-up: the index of the device, what follows a colon aside. 0: none. */
int vnet_ifreq_index(const struct netns *ns, const char *name);

/* SIOCGIFFLAGS and SIOCSIFFLAGS of an AF_INET socket (devinet_ioctl()): the lower 16 bits of IFF_*.
 * Of a label only IFF_UP is looked at: without it, its address goes. -ENODEV, -EADDRNOTAVAIL: no
 * address has this label. */
int vnet_ifreq_flags(const struct netns *ns, const char *name, uint16_t *flags);
int vnet_ifreq_set_flags(struct netns *ns, const char *name, uint16_t flags);

/* SIOCGIFADDR, SIOCGIFDSTADDR, SIOCGIFBRDADDR, SIOCGIFNETMASK: the first IPv4 address with this
 * label. -ENODEV, -EADDRNOTAVAIL. */
int vnet_ifreq_addr(const struct netns *ns, const char *name, struct vnet_addr_info *info);

enum vnet_ifreq_field {
    VNET_IFREQ_ADDR,    /* SIOCSIFADDR: makes the address if there is none with this label; the
                           length is that of its class. 0.0.0.0 removes it. */
    VNET_IFREQ_DSTADDR, /* SIOCSIFDSTADDR */
    VNET_IFREQ_BRDADDR, /* SIOCSIFBRDADDR */
    VNET_IFREQ_NETMASK, /* SIOCSIFNETMASK: the broadcast address follows if it was the mask's */
};
/* The address leaves the list and comes back changed. -ENODEV, -EADDRNOTAVAIL, -EINVAL, -EEXIST,
 * -ENOBUFS: the device has no IPv4. */
int vnet_ifreq_set(struct netns *ns, const char *name, enum vnet_ifreq_field field,
                   const struct inet_addr *value);

/* SIOCSIFMTU, SIOCSIFTXQLEN: values as the int that the request carries. -ENODEV, -EINVAL. */
int vnet_ifreq_set_mtu(struct netns *ns, const char *name, int mtu);
int vnet_ifreq_set_txqlen(struct netns *ns, const char *name, int qlen);
/* SIOCSIFHWADDR with an address of hardware type `arphrd`. -ENODEV, -EOPNOTSUPP: none can be set,
 * -EINVAL: of another type, -EADDRNOTAVAIL: no address of one device. */
int vnet_ifreq_set_hwaddr(struct netns *ns, const char *name, uint16_t arphrd,
                          const struct lladdr *addr);
/* SIOCSIFNAME. -ENODEV, -EINVAL, -EEXIST, -EBUSY: it is up (before 6.2). */
int vnet_ifreq_rename(struct netns *ns, const char *name, const char *newname);

/* ---- entries of the ARP table: struct arpreq ---- */

enum { /* ATF_* */
       VNET_ATF_COM = 0x02,
       VNET_ATF_PERM = 0x04,
       VNET_ATF_PUBL = 0x08,
       VNET_ATF_USETRAILERS = 0x10,
       VNET_ATF_NETMASK = 0x20,
       VNET_ATF_DONTPUB = 0x40,
};

struct vnet_arpreq {
    struct inet_addr addr;
    unsigned flags;  /* VNET_ATF_* */
    uint16_t arphrd; /* ARPHRD_* of lladdr; 0: not given */
    struct lladdr lladdr;
    uint32_t netmask; /* host order; looked at with VNET_ATF_NETMASK */
    char dev[VNET_IFNAMSIZ];
};

/* arp_ioctl(): SIOCSARP, SIOCDARP. Without a device it is that of the route to the address, or with
 * VNET_ATF_PUBL the one that has the hardware address. -EINVAL, -ENODEV, -ENXIO and -ENOENT: there
 * is no such entry to delete, -ENETUNREACH, ... */
int vnet_arp_set(struct netns *ns, const struct vnet_arpreq *r);
int vnet_arp_del(struct netns *ns, const struct vnet_arpreq *r);

#endif
