/* `type bridge` of `ip link` (iplink_bridge.c of iproute2 6.1.0): its words, and what -d prints. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"
#include "cmd/ip/link_kinds.h"
#include "cmd/ip/link_opts.h"
#include "cmd/ip/names.h"
#include "cmd/ip/prefix.h"
#include "vnet_bridge.h"

/* ---- words ---- */

enum size { U8, U16, U32 };

#define VALUE(opt, size) (VNET_BR_##opt | (size) << 8)

static int give(struct args *a, struct kind_words *k, const char *name, unsigned opt,
                uint64_t value)
{
    if (!vnet_bridge_opt_emulated((enum vnet_bridge_opt)opt, value))
        return arg_unsupported(a, "bridge option", name);
    k->opts.given |= UINT64_C(1) << opt;
    k->opts.v[opt] = value;
    return ARG_OK;
}

static int take_value(struct args *a, void *into, const struct keyword *kw)
{
    char why[64];
    uint32_t value;
    unsigned size = kw->value >> 8;
    int status = arg_next(a);
    if (status)
        return status;
    snprintf(why, sizeof(why), "invalid %s", kw->name);
    if (!arg_u32(a->v[0], 0, &value) || (size == U8 && value > UINT8_MAX) ||
        (size == U16 && value > UINT16_MAX))
        return arg_invalid(a, why, a->v[0]);
    return give(a, into, kw->name, kw->value & 0xff, value);
}

static int take_flush(struct args *a, void *into, const struct keyword *kw)
{
    return give(a, into, kw->name, kw->value, 1);
}

static int take_protocol(struct args *a, void *into, const struct keyword *kw)
{
    uint16_t proto;
    int status = arg_next(a);
    if (status)
        return status;
    if (!ip_vlan_proto_value(a->v[0], &proto))
        return arg_invalid(a, "invalid vlan_protocol", a->v[0]);
    return give(a, into, kw->name, kw->value, proto);
}

static int take_group_address(struct args *a, void *into, const struct keyword *kw)
{
    struct kind_words *k = into;
    struct lladdr addr = {0};
    int status = arg_next(a);
    if (!status)
        status = ip_take_lladdr(k->ip, a->v[0], LLADDR_MAX, &addr);
    uint64_t value = 0;
    for (unsigned i = 0; i < ETH_ALEN; i++)
        value = value << 8 | addr.bytes[i];
    return status ? status : give(a, k, kw->name, kw->value, value);
}

static int usage(struct args *a)
{
    sink_puts(a->err, ip_kind_text("bridge"));
    return ARG_FAILED;
}

static int take_other(struct args *a, void *into)
{
    (void)into;
    if (!arg_matches(a->v[0], "help"))
        sink_printf(a->err, "bridge: unknown command \"%s\"?\n", a->v[0]);
    return usage(a);
}

/* In bridge_parse_opt()'s order. */
static const struct keyword words[] = {
    {"forward_delay", true, take_value, VALUE(FORWARD_DELAY, U32), NULL},
    {"hello_time", true, take_value, VALUE(HELLO_TIME, U32), NULL},
    {"max_age", true, take_value, VALUE(MAX_AGE, U32), NULL},
    {"ageing_time", true, take_value, VALUE(AGEING_TIME, U32), NULL},
    {"stp_state", true, take_value, VALUE(STP_STATE, U32), NULL},
    {"priority", true, take_value, VALUE(PRIORITY, U16), NULL},
    {"vlan_filtering", true, take_value, VALUE(VLAN_FILTERING, U8), NULL},
    {"vlan_protocol", true, take_protocol, VNET_BR_VLAN_PROTOCOL, NULL},
    {"group_fwd_mask", true, take_value, VALUE(GROUP_FWD_MASK, U16), NULL},
    {"group_address", true, take_group_address, VNET_BR_GROUP_ADDR, NULL},
    {"no_linklocal_learn", true, take_value, VALUE(NO_LL_LEARN, U8), NULL},
    {"fdb_flush", true, take_flush, VNET_BR_FDB_FLUSH, NULL},
    {"vlan_default_pvid", true, take_value, VALUE(VLAN_DEFAULT_PVID, U16), NULL},
    {"vlan_stats_enabled", true, take_value, VALUE(VLAN_STATS_ENABLED, U8), NULL},
    {"vlan_stats_per_port", true, take_value, VALUE(VLAN_STATS_PER_PORT, U8), NULL},
    {"mcast_vlan_snooping", true, take_value, VALUE(MCAST_VLAN_SNOOPING, U8), NULL},
    {"mcast_router", true, take_value, VALUE(MCAST_ROUTER, U8), NULL},
    {"mcast_snooping", true, take_value, VALUE(MCAST_SNOOPING, U8), NULL},
    {"mcast_query_use_ifaddr", true, take_value, VALUE(MCAST_QUERY_USE_IFADDR, U8), NULL},
    {"mcast_querier", true, take_value, VALUE(MCAST_QUERIER, U8), NULL},
    {"mcast_hash_elasticity", true, take_value, VALUE(MCAST_HASH_ELASTICITY, U32), NULL},
    {"mcast_hash_max", true, take_value, VALUE(MCAST_HASH_MAX, U32), NULL},
    {"mcast_last_member_count", true, take_value, VALUE(MCAST_LAST_MEMBER_CNT, U32), NULL},
    {"mcast_startup_query_count", true, take_value, VALUE(MCAST_STARTUP_QUERY_CNT, U32), NULL},
    {"mcast_last_member_interval", true, take_value, VALUE(MCAST_LAST_MEMBER_INTVL, U32), NULL},
    {"mcast_membership_interval", true, take_value, VALUE(MCAST_MEMBERSHIP_INTVL, U32), NULL},
    {"mcast_querier_interval", true, take_value, VALUE(MCAST_QUERIER_INTVL, U32), NULL},
    {"mcast_query_interval", true, take_value, VALUE(MCAST_QUERY_INTVL, U32), NULL},
    {"mcast_query_response_interval", false, take_value, VALUE(MCAST_QUERY_RESPONSE_INTVL, U32),
     NULL},
    {"mcast_startup_query_interval", false, take_value, VALUE(MCAST_STARTUP_QUERY_INTVL, U32),
     NULL},
    {"mcast_stats_enabled", true, take_value, VALUE(MCAST_STATS_ENABLED, U8), NULL},
    {"mcast_igmp_version", true, take_value, VALUE(MCAST_IGMP_VERSION, U8), NULL},
    {"mcast_mld_version", true, take_value, VALUE(MCAST_MLD_VERSION, U8), NULL},
    {"nf_call_iptables", true, take_value, VALUE(NF_CALL_IPTABLES, U8), NULL},
    {"nf_call_ip6tables", true, take_value, VALUE(NF_CALL_IP6TABLES, U8), NULL},
    {"nf_call_arptables", true, take_value, VALUE(NF_CALL_ARPTABLES, U8), NULL},
    {NULL, false, NULL, 0, NULL},
};

int ip_read_bridge_words(struct kind_words *k, struct args *a)
{
    return args_read(a, words, k, take_other);
}

/* ---- printing ---- */

static const struct opt_row rows[] = {
    {VNET_BR_FORWARD_DELAY, "forward_delay", NULL, AS_NUMBER},
    {VNET_BR_HELLO_TIME, "hello_time", NULL, AS_NUMBER},
    {VNET_BR_MAX_AGE, "max_age", NULL, AS_NUMBER},
    {VNET_BR_AGEING_TIME, "ageing_time", NULL, AS_NUMBER},
    {VNET_BR_STP_STATE, "stp_state", NULL, AS_NUMBER},
    {VNET_BR_PRIORITY, "priority", NULL, AS_NUMBER},
    {VNET_BR_VLAN_FILTERING, "vlan_filtering", NULL, AS_NUMBER},
    {VNET_BR_VLAN_PROTOCOL, "vlan_protocol", NULL, AS_VLAN_PROTO},
    {VNET_BR_BRIDGE_ID, "bridge_id", NULL, AS_BRIDGE_ID},
    {VNET_BR_ROOT_ID, "designated_root", "root_id", AS_BRIDGE_ID},
    {VNET_BR_ROOT_PORT, "root_port", NULL, AS_NUMBER},
    {VNET_BR_ROOT_PATH_COST, "root_path_cost", NULL, AS_NUMBER},
    {VNET_BR_TOPOLOGY_CHANGE, "topology_change", NULL, AS_NUMBER},
    {VNET_BR_TOPOLOGY_CHANGE_DETECTED, "topology_change_detected", NULL, AS_NUMBER},
    {VNET_BR_HELLO_TIMER, "hello_timer", NULL, AS_TIMER},
    {VNET_BR_TCN_TIMER, "tcn_timer", NULL, AS_TIMER},
    {VNET_BR_TOPOLOGY_CHANGE_TIMER, "topology_change_timer", NULL, AS_TIMER},
    {VNET_BR_GC_TIMER, "gc_timer", NULL, AS_TIMER},
    {VNET_BR_VLAN_DEFAULT_PVID, "vlan_default_pvid", NULL, AS_NUMBER},
    {VNET_BR_VLAN_STATS_ENABLED, "vlan_stats_enabled", NULL, AS_NUMBER},
    {VNET_BR_VLAN_STATS_PER_PORT, "vlan_stats_per_port", NULL, AS_NUMBER},
    {VNET_BR_GROUP_FWD_MASK, "group_fwd_mask", NULL, AS_HEX},
    {VNET_BR_GROUP_ADDR, "group_address", "group_addr", AS_MAC},
    {VNET_BR_MCAST_SNOOPING, "mcast_snooping", NULL, AS_NUMBER},
    {VNET_BR_NO_LL_LEARN, "no_linklocal_learn", NULL, AS_NUMBER},
    {VNET_BR_MCAST_VLAN_SNOOPING, "mcast_vlan_snooping", NULL, AS_NUMBER},
    {VNET_BR_MCAST_ROUTER, "mcast_router", NULL, AS_NUMBER},
    {VNET_BR_MCAST_QUERY_USE_IFADDR, "mcast_query_use_ifaddr", NULL, AS_NUMBER},
    {VNET_BR_MCAST_QUERIER, "mcast_querier", NULL, AS_NUMBER},
    {VNET_BR_MCAST_HASH_ELASTICITY, "mcast_hash_elasticity", NULL, AS_NUMBER},
    {VNET_BR_MCAST_HASH_MAX, "mcast_hash_max", NULL, AS_NUMBER},
    {VNET_BR_MCAST_LAST_MEMBER_CNT, "mcast_last_member_count", "mcast_last_member_cnt", AS_NUMBER},
    {VNET_BR_MCAST_STARTUP_QUERY_CNT, "mcast_startup_query_count", "mcast_startup_query_cnt",
     AS_NUMBER},
    {VNET_BR_MCAST_LAST_MEMBER_INTVL, "mcast_last_member_interval", "mcast_last_member_intvl",
     AS_NUMBER},
    {VNET_BR_MCAST_MEMBERSHIP_INTVL, "mcast_membership_interval", "mcast_membership_intvl",
     AS_NUMBER},
    {VNET_BR_MCAST_QUERIER_INTVL, "mcast_querier_interval", "mcast_querier_intvl", AS_NUMBER},
    {VNET_BR_MCAST_QUERY_INTVL, "mcast_query_interval", "mcast_query_intvl", AS_NUMBER},
    {VNET_BR_MCAST_QUERY_RESPONSE_INTVL, "mcast_query_response_interval",
     "mcast_query_response_intvl", AS_NUMBER},
    {VNET_BR_MCAST_STARTUP_QUERY_INTVL, "mcast_startup_query_interval", "mcast_startup_query_intvl",
     AS_NUMBER},
    {VNET_BR_MCAST_STATS_ENABLED, "mcast_stats_enabled", NULL, AS_NUMBER},
    {VNET_BR_MCAST_IGMP_VERSION, "mcast_igmp_version", NULL, AS_NUMBER},
    {VNET_BR_MCAST_MLD_VERSION, "mcast_mld_version", NULL, AS_NUMBER},
    {VNET_BR_NF_CALL_IPTABLES, "nf_call_iptables", NULL, AS_NUMBER},
    {VNET_BR_NF_CALL_IP6TABLES, "nf_call_ip6tables", NULL, AS_NUMBER},
    {VNET_BR_NF_CALL_ARPTABLES, "nf_call_arptables", NULL, AS_NUMBER},
};

void ip_print_bridge(struct printer *p, const struct vnet_link_opts *o)
{
    ip_print_link_opts(p, "info_data", rows, ARRAY_LEN(rows), o);
}
