/* What ethtool(8) asks a device: its driver, link settings, statistics and offload features
 * (net/ethtool/). What a kind answers is in tables, as recorded from Linux 6.1 and 6.18; vnet has
 * no hardware, so that nothing follows from a feature. */
#ifndef VNET_ETHTOOL_H
#define VNET_ETHTOOL_H

#include "vnet.h"

struct vnet_ethtool_driver { /* ETHTOOL_GDRVINFO */
    const char *driver;
    const char *version; /* NULL: the kernel's release */
    const char *firmware, *bus;
    bool statistics;
};

struct vnet_ethtool_settings {
    bool has_link; /* it knows whether there is a link */
    bool link;
    bool has_settings; /* ETHTOOL_GLINKSETTINGS; else what follows means nothing */
    uint32_t speed;    /* Mb/s; 0: unknown */
    bool full_duplex;  /* false: unknown */
    bool twisted_pair; /* the port; false: another kind */
};

struct vnet_ethtool_stat {
    char name[40];
    uint64_t value;
};

struct vnet_ethtool_feature {
    const char *name; /* as ethtool shows it */
    bool group; /* a heading: on if one of those behind it is on, up to the next that is none */
    bool in_group;
    bool on, fixed, requested; /* requested: it was asked for, but is off */
};

enum { VNET_ETHTOOL_MAX_FEATURES = 72 };

/* All: 0; -ENODEV: there is no such device; -EOPNOTSUPP: the device has none; -ENOSYS: vnet does
 * not know, with a message. Strings are static. */
int vnet_ethtool_driver(const struct netns *ns, const char *ifname, struct vnet_ethtool_driver *out,
                        struct vnet_err *err);
int vnet_ethtool_settings(const struct netns *ns, const char *ifname,
                          struct vnet_ethtool_settings *out, struct vnet_err *err);
/* *n of them in *out, which the caller frees; -EOPNOTSUPP: none. */
int vnet_ethtool_stats(const struct netns *ns, const char *ifname, struct vnet_ethtool_stat **out,
                       unsigned *n, struct vnet_err *err);
int vnet_ethtool_features(const struct netns *ns, const char *ifname,
                          struct vnet_ethtool_feature out[VNET_ETHTOOL_MAX_FEATURES], unsigned *n,
                          struct vnet_err *err);

#endif
