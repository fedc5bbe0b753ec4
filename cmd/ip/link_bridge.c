/* What `ip -d link` prints of a bridge (bridge_print_opt() of iproute2 6.1.0's iplink_bridge.c). */
#include <stdio.h>

#include "base/mem.h"
#include "cmd/ip/link_print.h"

struct option {
    const char *text, *json; /* json NULL: the same */
    unsigned value;
};

static void print_options(struct printer *p, const struct option *row, size_t n)
{
    for (; n-- > 0; row++) {
        char format[64];
        snprintf(format, sizeof(format), "%s %%u ", row->text);
        print_uint(p, TO_ANY, row->json ? row->json : row->text, format, row->value);
    }
}

static void print_id(struct printer *p, const char *key, const char *format,
                     const struct lladdr *addr)
{
    char id[32];
    const uint8_t *b = addr->bytes;
    snprintf(id, sizeof(id), "8000.%x:%x:%x:%x:%x:%x", b[0], b[1], b[2], b[3], b[4], b[5]);
    print_str(p, TO_ANY, key, format, id);
}

static void print_protocol(struct printer *p, const struct vnet_bridge_info *b)
{
    static const struct option before[] = {
        {"forward_delay", NULL, 1500}, {"hello_time", NULL, 200}, {"max_age", NULL, 2000},
        {"ageing_time", NULL, 30000},  {"stp_state", NULL, 0},    {"priority", NULL, 32768},
        {"vlan_filtering", NULL, 0},
    };
    static const struct option root[] = {{"root_port", NULL, 0},
                                         {"root_path_cost", NULL, 0},
                                         {"topology_change", NULL, 0},
                                         {"topology_change_detected", NULL, 0}};
    static const struct option vlans[] = {{"vlan_default_pvid", NULL, 1},
                                          {"vlan_stats_enabled", NULL, 0},
                                          {"vlan_stats_per_port", NULL, 0}};
    print_options(p, before, ARRAY_LEN(before));
    if (b->vlans)
        print_str(p, TO_ANY, "vlan_protocol", "vlan_protocol %s ", "802.1Q");
    print_id(p, "bridge_id", "bridge_id %s ", &b->id);
    print_id(p, "root_id", "designated_root %s ", &b->id);
    print_options(p, root, ARRAY_LEN(root));
    print_hundredths(p, TO_ANY, "hello_timer", "hello_timer %7.2f ", 0);
    print_hundredths(p, TO_ANY, "tcn_timer", "tcn_timer %7.2f ", 0);
    print_hundredths(p, TO_ANY, "topology_change_timer", "topology_change_timer %7.2f ", 0);
    print_hundredths(p, TO_ANY, "gc_timer", "gc_timer %7.2f ", b->gc_timer);
    if (b->vlans)
        print_options(p, vlans, ARRAY_LEN(vlans));
}

static void print_multicast(struct printer *p, const struct vnet_bridge_info *b)
{
    const struct option rows[] = {
        {"mcast_snooping", NULL, 1},
        {"no_linklocal_learn", NULL, 0},
        {"mcast_vlan_snooping", NULL, 0},
        {"mcast_router", NULL, 1},
        {"mcast_query_use_ifaddr", NULL, 0},
        {"mcast_querier", NULL, 0},
        {"mcast_hash_elasticity", NULL, 16},
        {"mcast_hash_max", NULL, 4096},
        {"mcast_last_member_count", "mcast_last_member_cnt", 2},
        {"mcast_startup_query_count", "mcast_startup_query_cnt", 2},
        {"mcast_last_member_interval", "mcast_last_member_intvl", 100},
        {"mcast_membership_interval", "mcast_membership_intvl", 26000},
        {"mcast_querier_interval", "mcast_querier_intvl", 25500},
        {"mcast_query_interval", "mcast_query_intvl", 12500},
        {"mcast_query_response_interval", "mcast_query_response_intvl", 1000},
        {"mcast_startup_query_interval", "mcast_startup_query_intvl", b->startup_query_interval},
        {"mcast_stats_enabled", NULL, 0},
        {"mcast_igmp_version", NULL, 2},
        {"mcast_mld_version", NULL, 1},
        {"nf_call_iptables", NULL, 0},
        {"nf_call_ip6tables", NULL, 0},
        {"nf_call_arptables", NULL, 0},
    };
    print_options(p, rows, ARRAY_LEN(rows));
}

void ip_print_bridge(struct printer *p, const struct vnet_bridge_info *b)
{
    json_open_object(p, "info_data");
    print_protocol(p, b);
    print_0xhex(p, TO_ANY, "group_fwd_mask", "group_fwd_mask %#llx ", 0);
    print_str(p, TO_ANY, "group_addr", "group_address %s ", "01:80:c2:00:00:00");
    print_multicast(p, b);
    json_close_object(p);
}
