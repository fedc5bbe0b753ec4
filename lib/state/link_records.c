#include "state/link_records.h"

#include <stddef.h>
#include <string.h>

#include "base/nametab.h"
#include "base/put.h"
#include "base/scan.h"

enum { MAX_QUEUES = 4096, MOST_MEMBERS = 2048 };

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

/* ---- saving ---- */

/* `before` ends with the opening quote. */
#define PUT_STR(p, before, s) PUT(json_text_chars(PUT(p, before), s), "\"")

void state_put_link_identity(struct json_out *o, const struct netdev *dev, const char *link,
                             uint32_t link_netns)
{
    char *p = PUT(json_put_members(o, MOST_MEMBERS), "\"ifindex\":");
    p = PUT_STR(put_int(p, dev->ifindex), ",\"ifname\":\"", dev->name);
    p = PUT_STR(p, ",\"kind\":\"", dev->kind->state_name);
    if (link)
        p = PUT_STR(p, ",\"link\":\"", link);
    if (link_netns)
        p = put_uint(PUT(p, ",\"link_netns\":"), link_netns);
    json_put_text_end(o, p);
}

static char *put_flags(char *p, uint32_t flags)
{
    bool some = false;
    p = PUT(p, ",\"flags\":[");
    for (const struct nametab *t = vnet_link_flag_names; t->name; t++) {
        if (!(flags & ~STATE_COMPUTED_FLAGS & t->value))
            continue;
        p = some ? PUT_STR(p, ",\"", t->name) : PUT_STR(p, "\"", t->name);
        some = true;
    }
    return PUT(p, "]");
}

void state_put_link_settings(struct json_out *o, const struct netdev *dev)
{
    char *p = put_flags(json_put_members(o, MOST_MEMBERS), dev->flags);
    p = put_uint(PUT(p, ",\"mtu\":"), dev->mtu);
    p = PUT_STR(p, ",\"qdisc\":\"", dev->qdisc);
    if (strcmp(dev->default_qdisc, "noqueue") != 0)
        p = PUT_STR(p, ",\"default_qdisc\":\"", dev->default_qdisc);
    if (dev->operstate)
        p = PUT_STR(p, ",\"operstate\":\"", nametab_name(state_operstates, dev->operstate));
    json_put_text_end(o, p);
}

void state_put_link_values(struct json_out *o, const struct netdev *dev)
{
    char *p = json_put_members(o, MOST_MEMBERS);
    if (dev->addr.len)
        p = PUT(put_lladdr(PUT(p, ",\"address\":\""), dev->addr.bytes, dev->addr.len), "\"");
    if (dev->brd.len)
        p = PUT(put_lladdr(PUT(p, ",\"broadcast\":\""), dev->brd.bytes, dev->brd.len), "\"");
    json_put_text_end(o, put_fields(p, state_link_fields, dev));
}

void state_put_link_stats(struct json_out *o, const struct vnet_link_stats *stats)
{
    static const struct vnet_link_stats none;
    if (memcmp(stats, &none, sizeof(none)) == 0)
        return;
    char *p = PUT(json_put_members(o, MOST_MEMBERS), ",\"stats64\":{\"rx\":");
    p = PUT(put_fields_object(p, state_rx_fields, stats), ",\"tx\":");
    json_put_text_end(o, PUT(put_fields_object(p, state_tx_fields, stats), "}"));
}
