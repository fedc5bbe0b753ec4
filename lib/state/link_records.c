#include "state/link_records.h"

#include <stddef.h>
#include <string.h>

#include "base/nametab.h"
#include "base/scan.h"

enum { MAX_QUEUES = 4096 };

const struct nametab state_operstates[] = {
    {"UNKNOWN", VNET_OPER_UNKNOWN}, {"NOTPRESENT", VNET_OPER_NOTPRESENT},
    {"DOWN", VNET_OPER_DOWN},       {"LOWERLAYERDOWN", VNET_OPER_LOWERLAYERDOWN},
    {"TESTING", VNET_OPER_TESTING}, {"DORMANT", VNET_OPER_DORMANT},
    {"UP", VNET_OPER_UP},           {NULL, 0},
};

const struct state_field state_link_fields[] = {
    FIELD(netdev, group, "group", FIELD_U32, .initial = 0),
    FIELD(netdev, txqlen, "txqlen", FIELD_U32, .initial = 1000),
    FIELD(netdev, num_tx_queues, "num_tx_queues", FIELD_U32, .min = 1, .max = MAX_QUEUES,
          .initial = 1),
    FIELD(netdev, num_rx_queues, "num_rx_queues", FIELD_U32, .min = 1, .max = MAX_QUEUES,
          .initial = 1),
    FIELD(netdev, real_num_tx_queues, "real_num_tx_queues", FIELD_U32, .min = 1, .max = MAX_QUEUES,
          .initial = 1),
    FIELD(netdev, real_num_rx_queues, "real_num_rx_queues", FIELD_U32, .min = 1, .max = MAX_QUEUES,
          .initial = 1),
    FIELD(netdev, addr_assign_type, "addr_assign_type", FIELD_U8, .min = 0, .max = NET_ADDR_SET),
    FIELD(netdev, no_carrier, "no_carrier", FIELD_BOOL, .initial = 0),
    FIELD(netdev, unplugged, "unplugged", FIELD_BOOL, .initial = 0),
    FIELD(netdev, gso_max_size, "gso_max_size", FIELD_U32, .initial = 65536),
    FIELD(netdev, gso_max_segs, "gso_max_segs", FIELD_U32, .initial = 65535),
    FIELD(netdev, gro_max_size, "gro_max_size", FIELD_U32, .initial = 65536),
    FIELD(netdev, carrier_up_count, "carrier_up_count", FIELD_U32, .initial = 0),
    FIELD(netdev, carrier_down_count, "carrier_down_count", FIELD_U32, .initial = 0),
    {.key = NULL},
};

#define STAT(member, name) FIELD(vnet_link_stats, member, name, FIELD_U64)

const struct state_field state_rx_fields[] = {
    STAT(rx_bytes, "bytes"),
    STAT(rx_packets, "packets"),
    STAT(rx_errors, "errors"),
    STAT(rx_dropped, "dropped"),
    STAT(rx_over_errors, "over_errors"),
    STAT(multicast, "multicast"),
    STAT(rx_length_errors, "length_errors"),
    STAT(rx_crc_errors, "crc_errors"),
    STAT(rx_frame_errors, "frame_errors"),
    STAT(rx_fifo_errors, "fifo_errors"),
    STAT(rx_missed_errors, "missed_errors"),
    STAT(rx_nohandler, "nohandler"),
    STAT(rx_otherhost_dropped, "otherhost"),
    {.key = NULL},
};

const struct state_field state_tx_fields[] = {
    STAT(tx_bytes, "bytes"),
    STAT(tx_packets, "packets"),
    STAT(tx_errors, "errors"),
    STAT(tx_dropped, "dropped"),
    STAT(tx_carrier_errors, "carrier_errors"),
    STAT(collisions, "collisions"),
    STAT(tx_aborted_errors, "aborted_errors"),
    STAT(tx_fifo_errors, "fifo_errors"),
    STAT(tx_window_errors, "window_errors"),
    STAT(tx_heartbeat_errors, "heartbeat_errors"),
    {.key = NULL},
};

static bool scan_identity(struct scan *s, struct link_record *r)
{
    char kind[32];
    int64_t ifindex, netns = 0;
    if (!SCAN(s, "{\"ifindex\":") || !scan_uint(s, INT32_MAX, &ifindex) || ifindex == 0 ||
        !SCAN(s, ",\"ifname\":") || !scan_text(s, r->name, sizeof(r->name)) ||
        !SCAN(s, ",\"kind\":") || !scan_text(s, kind, sizeof(kind)))
        return false;
    *r->link = '\0';
    if ((SCAN(s, ",\"link\":") && !scan_text(s, r->link, sizeof(r->link))) ||
        (SCAN(s, ",\"link_netns\":") && (!scan_uint(s, UINT32_MAX, &netns) || netns == 0)))
        return false;
    r->ifindex = (int32_t)ifindex;
    r->link_netns = (uint32_t)netns;
    r->kind = link_kind_by_state_name(kind);
    return r->kind != NULL;
}

static bool scan_flags(struct scan *s, uint32_t *flags)
{
    char name[16];
    uint32_t flag;
    *flags = 0;
    if (!SCAN(s, ",\"flags\":["))
        return false;
    if (SCAN(s, "]"))
        return true;
    do {
        if (!scan_text(s, name, sizeof(name)) ||
            !nametab_value(vnet_link_flag_names, name, &flag) || flag & STATE_COMPUTED_FLAGS)
            return false;
        *flags |= flag;
    } while (SCAN(s, ","));
    return SCAN(s, "]");
}

static bool scan_operstate(struct scan *s, uint8_t *operstate)
{
    char name[16];
    uint32_t value = VNET_OPER_UNKNOWN;
    if (SCAN(s, ",\"operstate\":") &&
        (!scan_text(s, name, sizeof(name)) || !nametab_value(state_operstates, name, &value)))
        return false;
    *operstate = (uint8_t)value;
    return true;
}

static bool scan_settings(struct scan *s, struct netdev *dev)
{
    int64_t mtu;
    if (!SCAN(s, ",\"mtu\":") || !scan_uint(s, UINT32_MAX, &mtu) || !SCAN(s, ",\"qdisc\":") ||
        !scan_text(s, dev->qdisc, sizeof(dev->qdisc)))
        return false;
    dev->mtu = (uint32_t)mtu;
    *dev->default_qdisc = '\0';
    if (SCAN(s, ",\"default_qdisc\":") &&
        !scan_text(s, dev->default_qdisc, sizeof(dev->default_qdisc)))
        return false;
    return scan_operstate(s, &dev->operstate);
}

static bool scan_addresses(struct scan *s, struct netdev *dev)
{
    dev->addr.len = dev->brd.len = 0;
    if (SCAN(s, ",\"address\":\"") && (!scan_lladdr(s, &dev->addr) || !SCAN(s, "\"")))
        return false;
    return !SCAN(s, ",\"broadcast\":\"") || (scan_lladdr(s, &dev->brd) && SCAN(s, "\""));
}

static bool scan_stats(struct scan *s, struct vnet_link_stats *stats)
{
    memset(stats, 0, sizeof(*stats));
    if (!SCAN(s, ",\"stats64\":{\"rx\":"))
        return true;
    return state_scan_object(s, state_rx_fields, stats) && SCAN(s, ",\"tx\":") &&
           state_scan_object(s, state_tx_fields, stats) && SCAN(s, "}");
}

const char *state_read_link_record(const char *text, const char *end, void *record)
{
    struct link_record *r = record;
    struct scan s = {text, end};
    if (!scan_identity(&s, r) || !scan_flags(&s, &r->dev.flags) || !scan_settings(&s, &r->dev) ||
        !scan_addresses(&s, &r->dev) || !state_scan_members(&s, state_link_fields, &r->dev) ||
        !scan_stats(&s, &r->dev.stats))
        return NULL;
    return SCAN(&s, "}") ? s.p : NULL;
}
