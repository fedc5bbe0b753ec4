/* Interfaces as net-tools sees them: devices, and the labels of IPv4 addresses (lib/interface.c of
 * net-tools 2.10, which reads /proc/net/dev and asks by ioctl). */
#ifndef VNET_CMD_NET_TOOLS_IFACE_H
#define VNET_CMD_NET_TOOLS_IFACE_H

#include "cmd/sink.h"
#include "vnet_ifreq.h"

struct iface {
    char name[VNET_IFNAMSIZ];
    uint16_t flags;             /* the lower half of IFF_* */
    struct vnet_link_info link; /* of the device */
    bool has_stats;             /* the name is the device's own, not a label */
    bool has_ip;
    struct vnet_addr_info ip;
};

/* do_if_fetch(): false: there is none, and `err` was told. */
bool iface_fetch(const struct netns *ns, const char *name, struct iface *i, struct sink *err);

/* What for_all_interfaces() does with each; false: no further. */
typedef bool iface_fn(const struct iface *i, void *arg);

/* for_all_interfaces() with do_if_fetch(): calls `fn` for all names. False: one of them is no
 * device's (a label need not begin with its device's name); `err` was told, and those behind it
 * were not looked at. */
bool iface_each(const struct netns *ns, struct sink *err, iface_fn *fn, void *arg);

/* ife_print_short(), ife_print_long() */
void iface_print_head(struct sink *out);
void iface_print_short(struct sink *out, const struct iface *i);
void iface_print_long(struct sink *out, const struct netns *ns, const struct iface *i);

#endif
