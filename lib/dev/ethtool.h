/* What kinds of links answer ethtool: a row a kind. */
#ifndef VNET_DEV_ETHTOOL_H
#define VNET_DEV_ETHTOOL_H

#include "vnet_ethtool.h"

struct netdev;

struct ethtool_kind {
    const char *state_name; /* of the struct link_kind */
    const char *driver;     /* NULL: it has no driver information */
    const char *version, *firmware, *bus;
    bool has_link;
    /* get_link_ksettings(); NULL: it has none */
    bool (*settings)(const struct netdev *dev, struct vnet_ethtool_settings *out);
    bool statistics;
    unsigned features; /* its column in the table of features */
};

/* NULL: vnet does not know what such a device answers. */
const struct ethtool_kind *ethtool_kind_of(const struct netdev *dev);

#endif
