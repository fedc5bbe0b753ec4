#include "dev/ethtool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "bridge/br.h"
#include "dev/pair.h"
#include "sim/world.h"

/* ---- kinds ---- */

/* veth_get_link_ksettings() */
static bool veth_settings(const struct netdev *dev, struct vnet_ethtool_settings *out)
{
    (void)dev;
    out->speed = 10000;
    out->full_duplex = out->twisted_pair = true;
    return true;
}

/* __ethtool_get_link_ksettings() */
static bool settings_of(const struct netdev *dev, struct vnet_ethtool_settings *out)
{
    const struct ethtool_kind *kind = ethtool_kind_of(dev);
    return kind && kind->settings && kind->settings(dev, out);
}

/* br_dev_get_link_ksettings(): as fast as its fastest port that runs. */
static bool bridge_settings(const struct netdev *dev, struct vnet_ethtool_settings *out)
{
    const struct bridge *br = br_of(dev);
    for (const struct br_port *p = br->ports; p; p = p->next) {
        struct vnet_ethtool_settings port = {0};
        bool runs = netif_running(p->dev) && netif_carrier_ok(p->dev);
        if (runs && settings_of(p->dev, &port) && port.speed > out->speed)
            out->speed = port.speed;
    }
    return true;
}

/* vlan_ethtool_get_link_ksettings(): the lower device's. */
static bool vlan_settings(const struct netdev *dev, struct vnet_ethtool_settings *out)
{
    return settings_of(dev->kind->lower(dev), out);
}

enum { OF_VETH, OF_LOOPBACK, OF_BRIDGE, OF_DUMMY, OF_VLAN, OF_CAN }; /* columns of features */

static const struct ethtool_kind kinds[] = {
    {"bridge", "bridge", "2.3", "N/A", "N/A", true, bridge_settings, false, OF_BRIDGE},
    {"dummy", "dummy", NULL, "", "", false, NULL, false, OF_DUMMY},
    {"loopback", NULL, NULL, NULL, NULL, true, NULL, false, OF_LOOPBACK},
    {"vcan", "vcan", NULL, "", "", false, NULL, false, OF_CAN},
    {"veth", "veth", "1.0", "", "", true, veth_settings, true, OF_VETH},
    {"vlan", "802.1Q VLAN Support", "1.8", "N/A", "", true, vlan_settings, false, OF_VLAN},
    {"vxcan", "vxcan", NULL, "", "", false, NULL, false, OF_CAN},
};

const struct ethtool_kind *ethtool_kind_of(const struct netdev *dev)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strcmp(kinds[i].state_name, dev->kind->state_name) == 0)
            return &kinds[i];
    return NULL;
}

/* ---- asking ---- */

/* 0: *dev and *kind are there. */
static int find(const struct netns *ns, const char *ifname, const struct netdev **dev,
                const struct ethtool_kind **kind, struct vnet_err *err)
{
    *dev = netdev_by_name(ns, ifname);
    if (!*dev)
        return -ENODEV;
    *kind = ethtool_kind_of(*dev);
    if (*kind)
        return 0;
    return vnet_err(err, ENOSYS, "what a card like %s tells is not emulated", ifname);
}

int vnet_ethtool_driver(const struct netns *ns, const char *ifname, struct vnet_ethtool_driver *out,
                        struct vnet_err *err)
{
    const struct netdev *dev;
    const struct ethtool_kind *kind;
    int rc = find(ns, ifname, &dev, &kind, err);
    if (rc == 0 && !kind->driver)
        rc = -EOPNOTSUPP;
    if (rc == 0)
        *out = (struct vnet_ethtool_driver){kind->driver, kind->version, kind->firmware, kind->bus,
                                            kind->statistics};
    return rc;
}

int vnet_ethtool_settings(const struct netns *ns, const char *ifname,
                          struct vnet_ethtool_settings *out, struct vnet_err *err)
{
    const struct netdev *dev;
    const struct ethtool_kind *kind;
    int rc = find(ns, ifname, &dev, &kind, err);
    if (rc < 0)
        return rc;
    *out = (struct vnet_ethtool_settings){.has_link = kind->has_link};
    out->has_settings = settings_of(dev, out);
    out->link = netif_running(dev) && netif_carrier_ok(dev);
    return out->has_link || out->has_settings ? 0 : -EOPNOTSUPP;
}

/* What veth counts of each queue (veth_rq_stats_desc, veth_tq_stats_desc), all of XDP, of which
 * there is none. */
static const char *const rx_queue_stats[] = {
    "xdp_packets", "xdp_bytes", "drops", "xdp_redirect", "xdp_drops", "xdp_tx", "xdp_tx_errors",
};
static const char *const tx_queue_stats[] = {"xdp_xmit", "xdp_xmit_errors"};

static struct vnet_ethtool_stat *queue_stats(struct vnet_ethtool_stat *to, const char way[3],
                                             uint32_t queues, const char *const *names, size_t n)
{
    for (uint32_t q = 0; q < queues; q++)
        for (size_t i = 0; i < n; i++, to++)
            snprintf(to->name, sizeof to->name, "%.2s_queue_%u_%.18s", way, q, names[i]);
    return to;
}

enum { KERNEL_COUNTS_XDP = 0x041400 };

/* veth_get_strings(), veth_get_ethtool_stats(). */
int vnet_ethtool_stats(const struct netns *ns, const char *ifname, struct vnet_ethtool_stat **out,
                       unsigned *n, struct vnet_err *err)
{
    const struct netdev *dev;
    const struct ethtool_kind *kind;
    int rc = find(ns, ifname, &dev, &kind, err);
    if (rc == 0 && !kind->statistics)
        rc = -EOPNOTSUPP;
    if (rc < 0)
        return rc;
    const struct netdev *peer = pair_peer(dev);
    size_t most = 1 + dev->real_num_rx_queues * ARRAY_LEN(rx_queue_stats) +
                  dev->real_num_tx_queues * ARRAY_LEN(tx_queue_stats);
    struct vnet_ethtool_stat *stats = mem_calloc(most, sizeof *stats), *to = stats;
    *to++ = (struct vnet_ethtool_stat){"peer_ifindex", peer ? (uint64_t)peer->ifindex : 0};
    if (dev_world(dev)->profile->kernel.version >= KERNEL_COUNTS_XDP) {
        to = queue_stats(to, "rx", dev->real_num_rx_queues, rx_queue_stats,
                         ARRAY_LEN(rx_queue_stats));
        to = queue_stats(to, "tx", dev->real_num_tx_queues, tx_queue_stats,
                         ARRAY_LEN(tx_queue_stats));
    }
    *out = stats;
    *n = (unsigned)(to - stats);
    return 0;
}

/* ---- features ---- */

/* As ethtool 6.1 lists them (netdev_features_strings); of each kind, by OF_*: 1 on, 0 off, F on and
 * fixed, - off and fixed, r off though asked for. NULL: a heading. since, until: kernels that have
 * it, 0: all. */
static const struct feature {
    const char *name, *of;
    uint32_t since, until;
} features[] = {
    {"rx-checksumming", "1F----", 0, 0},
    {"tx-checksumming", NULL, 0, 0},
    {"tx-checksum-ipv4", "------", 0, 0},
    {"tx-checksum-ip-generic", "1F111-", 0, 0},
    {"tx-checksum-ipv6", "------", 0, 0},
    {"tx-checksum-fcoe-crc", "----r-", 0, 0},
    {"tx-checksum-sctp", "1F--1-", 0, 0},
    {"scatter-gather", NULL, 0, 0},
    {"tx-scatter-gather", "1F111-", 0, 0},
    {"tx-scatter-gather-fraglist", "1F111-", 0, 0},
    {"tcp-segmentation-offload", NULL, 0, 0},
    {"tx-tcp-segmentation", "11111-", 0, 0},
    {"tx-tcp-ecn-segmentation", "11111-", 0, 0},
    {"tx-tcp-mangleid-segmentation", "11111-", 0, 0},
    {"tx-tcp6-segmentation", "11111-", 0, 0},
    {"tx-tcp-accecn-segmentation", "11111-", 0x061200, 0},
    {"generic-segmentation-offload", "11111r", 0, 0},
    {"generic-receive-offload", "011111", 0, 0},
    {"large-receive-offload", "------", 0, 0},
    {"rx-vlan-offload", "1-----", 0, 0},
    {"tx-vlan-offload", "1-1---", 0, 0},
    {"ntuple-filters", "------", 0, 0},
    {"receive-hashing", "------", 0, 0},
    {"highdma", "1F111-", 0, 0},
    {"rx-vlan-filter", "------", 0, 0},
    {"vlan-challenged", "-F----", 0, 0},
    {"tx-lockless", "FFFFF-", 0, 0x060c00},
    {"netns-local", "-FF---", 0, 0x060c00},
    {"tx-gso-robust", "--1---", 0, 0},
    {"tx-fcoe-segmentation", "--1-r-", 0, 0},
    {"tx-gre-segmentation", "1-111-", 0, 0},
    {"tx-gre-csum-segmentation", "1-111-", 0, 0},
    {"tx-ipxip4-segmentation", "1-111-", 0, 0},
    {"tx-ipxip6-segmentation", "1-111-", 0, 0},
    {"tx-udp_tnl-segmentation", "1-111-", 0, 0},
    {"tx-udp_tnl-csum-segmentation", "1-111-", 0, 0},
    {"tx-gso-partial", "--1---", 0, 0},
    {"tx-tunnel-remcsum-segmentation", "--1---", 0, 0},
    {"tx-sctp-segmentation", "11111-", 0, 0},
    {"tx-esp-segmentation", "--1---", 0, 0},
    {"tx-udp-segmentation", "11111-", 0, 0},
    {"tx-gso-list", "11111-", 0, 0},
    {"fcoe-mtu", "----r-", 0, 0x060c00},
    {"tx-nocache-copy", "0-0000", 0, 0},
    {"loopback", "-F----", 0, 0},
    {"rx-fcs", "------", 0, 0},
    {"rx-all", "------", 0, 0},
    {"tx-vlan-stag-hw-insert", "1-1---", 0, 0},
    {"rx-vlan-stag-hw-parse", "1-----", 0, 0},
    {"rx-vlan-stag-filter", "------", 0, 0},
    {"l2-fwd-offload", "------", 0, 0},
    {"hw-tc-offload", "------", 0, 0},
    {"esp-hw-offload", "------", 0, 0},
    {"esp-tx-csum-hw-offload", "------", 0, 0},
    {"rx-udp_tunnel-port-offload", "------", 0, 0},
    {"tls-hw-tx-offload", "------", 0, 0},
    {"tls-hw-rx-offload", "------", 0, 0},
    {"rx-gro-hw", "------", 0, 0},
    {"tls-hw-record", "------", 0, 0},
    {"rx-gro-list", "000000", 0, 0},
    {"macsec-hw-offload", "------", 0, 0},
    {"rx-udp-gro-forwarding", "000000", 0, 0},
    {"hsr-tag-ins-offload", "------", 0, 0},
    {"hsr-tag-rm-offload", "------", 0, 0},
    {"hsr-fwd-offload", "------", 0, 0},
    {"hsr-dup-offload", "------", 0, 0},
};

static bool is_known(const struct netdev *dev, const struct ethtool_kind *kind)
{
    if (kind->features == OF_BRIDGE)
        return !br_of(dev)->ports;
    const struct netdev *lower = kind->features == OF_VLAN ? dev->kind->lower(dev) : NULL;
    return !lower || strcmp(lower->kind->state_name, "veth") == 0;
}

static bool has(const struct vnet *w, const struct feature *f)
{
    uint32_t version = w->profile->kernel.version;
    return version >= f->since && (!f->until || version < f->until);
}

/* Headings stand before what they are of, which begins with "tx-". */
static bool goes_on(const struct feature *f)
{
    return f->of && strncmp(f->name, "tx-", 3) == 0;
}

int vnet_ethtool_features(const struct netns *ns, const char *ifname,
                          struct vnet_ethtool_feature out[VNET_ETHTOOL_MAX_FEATURES], unsigned *n,
                          struct vnet_err *err)
{
    const struct netdev *dev;
    const struct ethtool_kind *kind;
    struct vnet_ethtool_feature *group = NULL;
    int rc = find(ns, ifname, &dev, &kind, err);
    *n = 0;
    if (rc == 0 && !is_known(dev, kind))
        rc = vnet_err(err, ENOSYS, "features that %s has of other links are not emulated", ifname);
    for (size_t i = 0; rc == 0 && i < ARRAY_LEN(features); i++) {
        const struct feature *f = &features[i];
        if (!has(ns->w, f))
            continue;
        char is = f->of ? f->of[kind->features] : '0';
        if (group && !goes_on(f))
            group = NULL;
        struct vnet_ethtool_feature *to = &out[(*n)++];
        *to = (struct vnet_ethtool_feature){.name = f->name,
                                            .group = !f->of,
                                            .in_group = group != NULL,
                                            .on = is == '1' || is == 'F',
                                            .fixed = is == 'F' || is == '-',
                                            .requested = is == 'r'};
        if (group && to->on)
            group->on = true;
        if (!f->of)
            group = to;
    }
    return rc;
}
