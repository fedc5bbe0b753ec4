#include "state/bridge_records.h"

#include "base/put.h"
#include "base/scan.h"
#include "state/records.h"

/* ---- ports ---- */

enum {
    USUAL_FLAGS = BR_FLAG(LEARNING) | BR_FLAG(FLOOD) | BR_FLAG(MCAST_FLOOD) | BR_FLAG(BCAST_FLOOD)
};

const struct state_field state_port_fields[] = {
    FIELD(br_port, flags, "flags", FIELD_U32, .max = (1 << (VNET_BRPORT_LOCKED + 1)) - 1,
          .initial = USUAL_FLAGS),
    FIELD(br_port, admin_cost, "admin_cost", FIELD_BOOL),
    FIELD(br_port, port_id, "id", FIELD_U16),
    FIELD(br_port, designated_port, "designated_port", FIELD_U16),
    FIELD(br_port, state, "state", FIELD_U8, .min = 0, .max = VNET_BR_STATE_BLOCKING,
          .initial = VNET_BR_STATE_FORWARDING),
    FIELD(br_port, priority, "priority", FIELD_U8, .min = 0, .max = 63, .initial = 32),
    FIELD(br_port, multicast_router, "multicast_router", FIELD_U8, .min = 0, .max = 3,
          .initial = 1),
    FIELD(br_port, group_fwd_mask, "group_fwd_mask", FIELD_U16),
    FIELD(br_port, path_cost, "cost", FIELD_U32, .min = 1, .max = 65535, .initial = 2),
    FIELD(br_port, designated_cost, "designated_cost", FIELD_U32),
    FIELD(br_port, designated_root, "root_id", FIELD_U64),
    FIELD(br_port, designated_bridge, "bridge_id", FIELD_U64),
    FIELD(br_port, topology_change_ack, "topology_change_ack", FIELD_BOOL),
    FIELD(br_port, config_pending, "config_pending", FIELD_BOOL),
    FIELD(br_port, stp_xstats.rx_bpdu, "stp_rx_bpdu", FIELD_I64, .max = INT64_MAX / 2),
    FIELD(br_port, stp_xstats.tx_bpdu, "stp_tx_bpdu", FIELD_I64, .max = INT64_MAX / 2),
    FIELD(br_port, stp_xstats.rx_tcn, "stp_rx_tcn", FIELD_I64, .max = INT64_MAX / 2),
    FIELD(br_port, stp_xstats.tx_tcn, "stp_tx_tcn", FIELD_I64, .max = INT64_MAX / 2),
    FIELD(br_port, stp_xstats.transition_blk, "stp_transition_blk", FIELD_I64,
          .max = INT64_MAX / 2),
    FIELD(br_port, stp_xstats.transition_fwd, "stp_transition_fwd", FIELD_I64,
          .max = INT64_MAX / 2),
    FIELD(br_port, vlans.pvid, "pvid", FIELD_U16, .max = 4094),
    {.key = NULL},
};

static bool scan_forward_delay(struct scan *s, struct port_record *r)
{
    r->has_timer = SCAN(s, ",\"forward_delay_timer\":[");
    if (!r->has_timer)
        return true;
    if (!state_scan_timer(s, &r->expires, &r->order) || !SCAN(s, "]"))
        return false;
    r->due = r->expires;
    return !SCAN(s, ",\"forward_delay_timer_due\":") || scan_uint(s, STATE_TIMER_MAX, &r->due);
}

static bool scan_vlan(struct scan *s, struct br_vlan *v)
{
    int64_t vid, flags;
    if (!SCAN(s, ",\"vlans\":[[") || !scan_uint(s, 4094, &vid) || !SCAN(s, ",") ||
        !scan_uint(s, UINT8_MAX, &flags) || !SCAN(s, "]]"))
        return false;
    v->vid = (uint16_t)vid;
    v->flags = (uint8_t)flags;
    return true;
}

const char *state_read_port_record(const char *text, const char *end, void *record)
{
    struct port_record *r = record;
    struct scan s = {text, end};
    int64_t ifindex, no;
    if (!SCAN(&s, "{\"ifindex\":") || !scan_uint(&s, INT32_MAX, &ifindex) || ifindex == 0 ||
        !SCAN(&s, ",\"no\":") || !scan_uint(&s, BR_MAX_PORTS - 1, &no) || no == 0 ||
        !state_scan_members(&s, state_port_fields, &r->port) || !scan_forward_delay(&s, r) ||
        !scan_vlan(&s, &r->vlan))
        return NULL;
    r->ifindex = (int32_t)ifindex;
    r->no = (uint16_t)no;
    return SCAN(&s, "}") ? s.p : NULL;
}

void state_put_port_values(struct json_out *o, const struct br_port *p)
{
    enum { MOST = 2048 }; /* 2 numbers and 21 fields */
    char *out = put_int(PUT(json_put_members(o, MOST), "\"ifindex\":"), p->dev->ifindex);
    out = put_uint(PUT(out, ",\"no\":"), p->port_no);
    json_put_text_end(o, put_fields(out, state_port_fields, p));
}

/* ---- groups ---- */

bool state_mdb_source_ok(const struct br_group *g)
{
    return g->src.family == g->addr.family && !inet_addr_is_any(&g->src) &&
           !inet_addr_is_multicast(&g->src);
}

static bool scan_source(struct scan *s, struct br_group *g)
{
    char addr[INET_ADDRSTRLEN_MAX];
    return !SCAN(s, ",\"src\":") ||
           (scan_text(s, addr, sizeof(addr)) && inet_addr_parse(g->addr.family, addr, &g->src) &&
            state_mdb_source_ok(g));
}

static bool scan_group(struct scan *s, struct br_group *g)
{
    char addr[INET_ADDRSTRLEN_MAX];
    int64_t vid = 0;
    memset(g, 0, sizeof(*g));
    if (!SCAN(s, "{\"grp\":") || !scan_text(s, addr, sizeof(addr)) ||
        !inet_addr_parse(strchr(addr, ':') ? VNET_AF_INET6 : VNET_AF_INET, addr, &g->addr) ||
        !scan_source(s, g) || (SCAN(s, ",\"vid\":") && !scan_uint(s, 4094, &vid)))
        return false;
    g->vid = (uint16_t)vid;
    return true;
}

const char *state_read_mdb_record(const char *text, const char *end, void *record)
{
    struct mdb_record *r = record;
    struct scan s = {text, end};
    int64_t no, flags = 0;
    if (!scan_group(&s, &r->group) || !SCAN(&s, ",\"ports\":[{\"no\":") ||
        !scan_uint(&s, BR_MAX_PORTS - 1, &no) || no == 0 ||
        (SCAN(&s, ",\"flags\":") && !scan_uint(&s, PG_FLAGS, &flags)) ||
        !SCAN(&s, ",\"timer\":[") || !state_scan_timer(&s, &r->expires, &r->order) ||
        !SCAN(&s, "]"))
        return NULL;
    r->due = r->expires;
    if (SCAN(&s, ",\"timer_due\":") && !scan_uint(&s, STATE_TIMER_MAX, &r->due))
        return NULL;
    r->no = (uint16_t)no;
    r->flags = (uint8_t)flags;
    return SCAN(&s, "}]}") ? s.p : NULL;
}

/* ---- the forwarding table ---- */

const char *state_read_fdb_record(const char *text, const char *end, void *record)
{
    struct fdb_record *r = record;
    struct scan s = {text, end};
    struct lladdr mac;
    int64_t port = 0, vlan = 0, flags = 0;
    r->updated = r->used = 0;
    if (!SCAN(&s, "{\"mac\":\"") || !scan_lladdr(&s, &mac) || mac.len != ETH_ALEN ||
        !SCAN(&s, "\""))
        return NULL;
    if ((SCAN(&s, ",\"port\":") && (!scan_uint(&s, BR_MAX_PORTS - 1, &port) || port == 0)) ||
        (SCAN(&s, ",\"vlan\":") && !scan_uint(&s, 4094, &vlan)) ||
        (SCAN(&s, ",\"flags\":") && !scan_uint(&s, FDB_FLAGS, &flags)) ||
        (SCAN(&s, ",\"updated\":") && !scan_uint(&s, STATE_TIME_MAX, &r->updated)) ||
        (SCAN(&s, ",\"used\":") && !scan_uint(&s, STATE_TIME_MAX, &r->used)))
        return NULL;
    memcpy(r->mac, mac.bytes, ETH_ALEN);
    r->port = (uint16_t)port;
    r->vlan = (uint16_t)vlan;
    r->flags = (uint8_t)flags;
    return SCAN(&s, "}") ? s.p : NULL;
}

void state_put_fdb_record(struct json_out *o, const struct fdb_record *r)
{
    enum { MOST = 256 }; /* 6 keys, 5 numbers, an address */
    char *p = PUT(json_put_text(o, NULL, MOST), "{\"mac\":\"");
    p = PUT(put_lladdr(p, r->mac, ETH_ALEN), "\"");
    if (r->port)
        p = put_uint(PUT(p, ",\"port\":"), r->port);
    if (r->vlan)
        p = put_uint(PUT(p, ",\"vlan\":"), r->vlan);
    if (r->flags)
        p = put_uint(PUT(p, ",\"flags\":"), r->flags);
    if (r->updated)
        p = put_int(PUT(p, ",\"updated\":"), r->updated);
    if (r->used)
        p = put_int(PUT(p, ",\"used\":"), r->used);
    json_put_text_end(o, PUT(p, "}"));
}
