/* `type bridge_slave` of `ip link` (iplink_bridge_slave.c of iproute2 6.1.0). */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"
#include "cmd/ip/link_kinds.h"
#include "cmd/ip/link_opts.h"

/* ---- words ---- */

static int give(struct args *a, struct kind_words *k, const char *name, unsigned opt,
                uint64_t value)
{
    if (!vnet_brport_opt_emulated((enum vnet_brport_opt)opt, value))
        return arg_unsupported(a, "bridge_slave option", name);
    k->opts.given |= UINT64_C(1) << opt;
    k->opts.v[opt] = value;
    return ARG_OK;
}

#define VALUE(opt, max) (VNET_BRPORT_##opt | (max) << 8)
enum size { U8, U16, U32 };

static int take_value(struct args *a, void *into, const struct keyword *kw)
{
    static const uint32_t max[] = {UINT8_MAX, UINT16_MAX, UINT32_MAX};
    uint32_t value;
    int status = arg_next(a);
    if (status)
        return status;
    if (!arg_u32(a->v[0], 0, &value) || value > max[kw->value >> 8])
        return arg_invalid(a, kw->why, a->v[0]);
    return give(a, into, kw->name, kw->value & 0xff, value);
}

/* bridge_slave_parse_on_off() */
static int take_on_off(struct args *a, void *into, const struct keyword *kw)
{
    int status = arg_next(a);
    if (status)
        return status;
    bool on = strcmp(a->v[0], "on") == 0;
    if (!on && strcmp(a->v[0], "off") != 0)
        return arg_off_on(a, kw->name, a->v[0]);
    return give(a, into, kw->name, kw->value, on);
}

static int take_flush(struct args *a, void *into, const struct keyword *kw)
{
    return give(a, into, kw->name, kw->value, 1);
}

static int take_backup(struct args *a, void *into, const struct keyword *kw)
{
    struct kind_words *k = into;
    int status = arg_next(a);
    if (status)
        return status;
    int ifindex = ip_link_index(k->ip, a->v[0]);
    return ifindex ? give(a, k, kw->name, kw->value, (uint64_t)ifindex)
                   : arg_invalid(a, "backup_port", a->v[0]);
}

static int take_no_backup(struct args *a, void *into, const struct keyword *kw)
{
    return give(a, into, kw->name, kw->value, 0);
}

static int take_other(struct args *a, void *into)
{
    (void)into;
    if (!arg_matches(a->v[0], "help"))
        sink_printf(a->err, "bridge_slave: unknown option \"%s\"?\n", a->v[0]);
    sink_puts(a->err, ip_kind_text("bridge_slave"));
    return ARG_FAILED;
}

/* In bridge_slave_parse_opt()'s order. */
static const struct keyword words[] = {
    {"fdb_flush", true, take_flush, VNET_BRPORT_FLUSH, NULL},
    {"state", true, take_value, VALUE(STATE, U8), "state is invalid"},
    {"priority", true, take_value, VALUE(PRIORITY, U16), "priority is invalid"},
    {"cost", true, take_value, VALUE(COST, U32), "cost is invalid"},
    {"hairpin", true, take_on_off, VNET_BRPORT_HAIRPIN, NULL},
    {"guard", true, take_on_off, VNET_BRPORT_GUARD, NULL},
    {"root_block", true, take_on_off, VNET_BRPORT_ROOT_BLOCK, NULL},
    {"fastleave", true, take_on_off, VNET_BRPORT_FASTLEAVE, NULL},
    {"learning", true, take_on_off, VNET_BRPORT_LEARNING, NULL},
    {"flood", true, take_on_off, VNET_BRPORT_FLOOD, NULL},
    {"mcast_flood", true, take_on_off, VNET_BRPORT_MCAST_FLOOD, NULL},
    {"bcast_flood", true, take_on_off, VNET_BRPORT_BCAST_FLOOD, NULL},
    {"mcast_to_unicast", true, take_on_off, VNET_BRPORT_MCAST_TO_UNICAST, NULL},
    {"proxy_arp", true, take_on_off, VNET_BRPORT_PROXY_ARP, NULL},
    {"proxy_arp_wifi", true, take_on_off, VNET_BRPORT_PROXY_ARP_WIFI, NULL},
    {"mcast_router", true, take_value, VALUE(MCAST_ROUTER, U8), "invalid mcast_router"},
    {"mcast_fast_leave", true, take_on_off, VNET_BRPORT_FASTLEAVE, NULL},
    {"neigh_suppress", true, take_on_off, VNET_BRPORT_NEIGH_SUPPRESS, NULL},
    {"group_fwd_mask", true, take_value, VALUE(GROUP_FWD_MASK, U16), "invalid group_fwd_mask"},
    {"vlan_tunnel", true, take_on_off, VNET_BRPORT_VLAN_TUNNEL, NULL},
    {"isolated", true, take_on_off, VNET_BRPORT_ISOLATED, NULL},
    {"locked", true, take_on_off, VNET_BRPORT_LOCKED, NULL},
    {"backup_port", true, take_backup, VNET_BRPORT_BACKUP_PORT, NULL},
    {"nobackup_port", true, take_no_backup, VNET_BRPORT_BACKUP_PORT, NULL},
    {NULL, false, NULL, 0, NULL},
};

int ip_read_brport_words(struct kind_words *k, struct args *a)
{
    return args_read(a, words, k, take_other);
}

/* ---- printing ---- */

static const struct opt_row rows[] = {
    {VNET_BRPORT_STATE, "state", NULL, AS_PORT_STATE},
    {VNET_BRPORT_PRIORITY, "priority", NULL, AS_NUMBER},
    {VNET_BRPORT_COST, "cost", NULL, AS_NUMBER},
    {VNET_BRPORT_HAIRPIN, "hairpin", NULL, AS_ON_OFF},
    {VNET_BRPORT_GUARD, "guard", NULL, AS_ON_OFF},
    {VNET_BRPORT_ROOT_BLOCK, "root_block", NULL, AS_ON_OFF},
    {VNET_BRPORT_FASTLEAVE, "fastleave", NULL, AS_ON_OFF},
    {VNET_BRPORT_LEARNING, "learning", NULL, AS_ON_OFF},
    {VNET_BRPORT_FLOOD, "flood", NULL, AS_ON_OFF},
    {VNET_BRPORT_ID, "port_id", "id", AS_HEX},
    {VNET_BRPORT_NO, "port_no", "no", AS_HEX},
    {VNET_BRPORT_DESIGNATED_PORT, "designated_port", NULL, AS_NUMBER},
    {VNET_BRPORT_DESIGNATED_COST, "designated_cost", NULL, AS_NUMBER},
    {VNET_BRPORT_BRIDGE_ID, "designated_bridge", "bridge_id", AS_BRIDGE_ID},
    {VNET_BRPORT_ROOT_ID, "designated_root", "root_id", AS_BRIDGE_ID},
    {VNET_BRPORT_HOLD_TIMER, "hold_timer", NULL, AS_TIMER},
    {VNET_BRPORT_MESSAGE_AGE_TIMER, "message_age_timer", NULL, AS_TIMER},
    {VNET_BRPORT_FORWARD_DELAY_TIMER, "forward_delay_timer", NULL, AS_TIMER},
    {VNET_BRPORT_TOPOLOGY_CHANGE_ACK, "topology_change_ack", NULL, AS_NUMBER},
    {VNET_BRPORT_CONFIG_PENDING, "config_pending", NULL, AS_NUMBER},
    {VNET_BRPORT_PROXY_ARP, "proxy_arp", NULL, AS_ON_OFF},
    {VNET_BRPORT_PROXY_ARP_WIFI, "proxy_arp_wifi", NULL, AS_ON_OFF},
    {VNET_BRPORT_MCAST_ROUTER, "mcast_router", "multicast_router", AS_NUMBER},
    {VNET_BRPORT_FASTLEAVE, "mcast_fast_leave", NULL, AS_TEXT_ON_OFF},
    {VNET_BRPORT_MCAST_FLOOD, "mcast_flood", NULL, AS_ON_OFF},
    {VNET_BRPORT_BCAST_FLOOD, "bcast_flood", NULL, AS_ON_OFF},
    {VNET_BRPORT_MCAST_TO_UNICAST, "mcast_to_unicast", NULL, AS_ON_OFF},
    {VNET_BRPORT_NEIGH_SUPPRESS, "neigh_suppress", NULL, AS_ON_OFF},
    {VNET_BRPORT_GROUP_FWD_MASK, "group_fwd_mask", NULL, AS_FORWARD_MASK},
    {VNET_BRPORT_VLAN_TUNNEL, "vlan_tunnel", NULL, AS_ON_OFF},
    {VNET_BRPORT_ISOLATED, "isolated", NULL, AS_ON_OFF},
    {VNET_BRPORT_LOCKED, "locked", NULL, AS_ON_OFF},
};

void ip_print_brport(struct printer *p, const struct vnet_link_opts *o)
{
    ip_print_link_opts(p, "info_slave_data", rows, ARRAY_LEN(rows), o);
}
