/* The files below /proc/sys/net that the engine has. Limits, defaults and units were measured on
 * Linux 6.1 and 6.18; the first versions are those of the kernel's history. */
#include "base/mem.h"
#include "inet/sysctl_file.h"

#define INT_MAX_VALUE  0x7fffffff
#define UINT_MAX_VALUE 0xffffffffLL
#define LONG_MAX_VALUE 0x7fffffffffffffffLL
#define QLEN_MAX       (INT_MAX_VALUE / 2090)
#define KERNEL(a, b)   ((a) << 16 | (b) << 8)

/* ---- net/ipv4/conf/X ---- */

#define ROW4(n) .name = #n, .id = IPV4_CONF_##n
static const struct sysctl_file ipv4_conf_files[] = {
    {ROW4(accept_local)},
    {ROW4(accept_redirects), .def = 1},
    {ROW4(accept_source_route), .def = 1},
    {ROW4(arp_accept)},
    {ROW4(arp_announce)},
    {ROW4(arp_evict_nocarrier), .since = KERNEL(5, 16), .def = 1},
    {ROW4(arp_filter)},
    {ROW4(arp_ignore)},
    {ROW4(arp_notify)},
    {ROW4(bc_forwarding), .since = KERNEL(4, 19)},
    {ROW4(bootp_relay)},
    {ROW4(disable_policy)},
    {ROW4(disable_xfrm)},
    {ROW4(drop_gratuitous_arp), .since = KERNEL(4, 6)},
    {ROW4(drop_unicast_in_l2_multicast), .since = KERNEL(4, 6)},
    {ROW4(force_igmp_version)},
    {ROW4(forwarding)},
    {ROW4(igmpv2_unsolicited_report_interval), .since = KERNEL(3, 11), .def = 10000},
    {ROW4(igmpv3_unsolicited_report_interval), .since = KERNEL(3, 11), .def = 1000},
    {ROW4(ignore_routes_with_linkdown), .since = KERNEL(4, 2)},
    {ROW4(log_martians)},
    {ROW4(mc_forwarding), .flags = SYSCTL_RO},
    {ROW4(medium_id)},
    {ROW4(promote_secondaries)},
    {ROW4(proxy_arp)},
    {ROW4(proxy_arp_pvlan)},
    {ROW4(route_localnet)},
    {ROW4(rp_filter)},
    {ROW4(secure_redirects), .def = 1},
    {ROW4(send_redirects), .def = 1},
    {ROW4(shared_media), .def = 1},
    {ROW4(src_valid_mark)},
    {ROW4(tag)},
};

/* ---- net/ipv6/conf/X ---- */

#define ROW6(n) .name = #n, .id = IPV6_CONF_##n
static const struct sysctl_file ipv6_conf_files[] = {
    {ROW6(accept_dad), .def = 1},
    {ROW6(accept_ra), .def = 1},
    {ROW6(accept_ra_defrtr), .def = 1},
    {ROW6(accept_ra_from_local), .since = KERNEL(3, 17)},
    {ROW6(accept_ra_min_hop_limit), .since = KERNEL(4, 3), .def = 1},
    {ROW6(accept_ra_min_lft), .since = KERNEL(6, 1)},
    {ROW6(accept_ra_mtu), .since = KERNEL(4, 0), .def = 1},
    {ROW6(accept_ra_pinfo), .def = 1},
    {ROW6(accept_ra_rt_info_max_plen)},
    {ROW6(accept_ra_rt_info_min_plen), .since = KERNEL(4, 12)},
    {ROW6(accept_ra_rtr_pref), .def = 1},
    {ROW6(accept_redirects), .def = 1},
    {ROW6(accept_source_route)},
    {ROW6(accept_untracked_na), .since = KERNEL(5, 18), .min = 0, .max = 2},
    {ROW6(addr_gen_mode), .since = KERNEL(4, 11), .min = 0, .max = 3},
    {ROW6(autoconf), .def = 1},
    {ROW6(dad_transmits), .def = 1},
    {ROW6(disable_ipv6)},
    {ROW6(disable_policy), .since = KERNEL(4, 13)},
    {ROW6(drop_unicast_in_l2_multicast), .since = KERNEL(4, 6)},
    {ROW6(drop_unsolicited_na), .since = KERNEL(4, 6)},
    {ROW6(enhanced_dad), .since = KERNEL(4, 10), .def = 1},
    {ROW6(force_forwarding), .since = KERNEL(6, 17), .min = 0, .max = 1},
    {ROW6(force_mld_version)},
    {ROW6(force_tllao)},
    {ROW6(forwarding)},
    {ROW6(hop_limit), .min = 1, .max = 255, .def = 64},
    {ROW6(ignore_routes_with_linkdown), .since = KERNEL(4, 3)},
    {ROW6(ioam6_enabled), .since = KERNEL(5, 15), .min = 0, .max = 1},
    {ROW6(ioam6_id), .since = KERNEL(5, 15), .min = 0, .max = 65535, .def = 65535},
    {ROW6(ioam6_id_wide), .since = KERNEL(5, 15), .max = UINT_MAX_VALUE, .def = UINT_MAX_VALUE},
    {ROW6(keep_addr_on_down), .since = KERNEL(4, 6)},
    {ROW6(max_addresses), .def = 16},
    {ROW6(max_desync_factor), .def = 600},
    {ROW6(mc_forwarding), .flags = SYSCTL_RO | SYSCTL_CONFIG},
    {ROW6(mldv1_unsolicited_report_interval), .conv = CONV_MS, .since = KERNEL(3, 12),
     .def = 10000},
    {ROW6(mldv2_unsolicited_report_interval), .conv = CONV_MS, .since = KERNEL(3, 12), .def = 1000},
    {ROW6(mtu), .min = 1280, .max = INT_MAX_VALUE, .def = 1280},
    {ROW6(ndisc_evict_nocarrier), .since = KERNEL(5, 16), .min = 0, .max = 1, .def = 1},
    {ROW6(ndisc_notify)},
    {ROW6(ndisc_tclass), .since = KERNEL(4, 15), .min = 0, .max = 255},
    {ROW6(optimistic_dad), .flags = SYSCTL_CONFIG},
    {ROW6(proxy_ndp)},
    {ROW6(ra_defrtr_metric), .since = KERNEL(5, 12), .min = 1, .max = UINT_MAX_VALUE, .def = 1024},
    {ROW6(ra_honor_pio_life), .since = KERNEL(6, 7), .min = 0, .max = 1},
    {ROW6(ra_honor_pio_pflag), .since = KERNEL(6, 9), .min = 0, .max = 1},
    {ROW6(regen_max_retry), .def = 3},
    {ROW6(regen_min_advance), .since = KERNEL(6, 8), .def = 2},
    {ROW6(router_probe_interval), .conv = CONV_SEC, .def = 60},
    {ROW6(router_solicitation_delay), .conv = CONV_SEC, .def = 1},
    {ROW6(router_solicitation_interval), .conv = CONV_SEC, .def = 4},
    {ROW6(router_solicitation_max_interval), .conv = CONV_SEC, .since = KERNEL(4, 9), .def = 3600},
    {ROW6(router_solicitations), .min = -1, .max = INT_MAX_VALUE, .def = -1},
    {ROW6(rpl_seg_enabled), .since = KERNEL(5, 7), .min = 0, .max = 1},
    {ROW6(seg6_enabled), .since = KERNEL(4, 10)},
    {ROW6(seg6_require_hmac), .flags = SYSCTL_CONFIG, .since = KERNEL(4, 10)},
    {.name = "stable_secret", .conv = CONV_SECRET, .flags = SYSCTL_VIEW, .since = KERNEL(4, 1)},
    {ROW6(suppress_frag_ndisc), .since = KERNEL(3, 12), .def = 1},
    {ROW6(temp_prefered_lft), .def = 86400},
    {ROW6(temp_valid_lft), .def = 604800},
    {ROW6(use_oif_addrs_only), .since = KERNEL(4, 3)},
    {ROW6(use_optimistic), .flags = SYSCTL_CONFIG, .since = KERNEL(3, 18)},
    {ROW6(use_tempaddr)},
};

/* ---- net/ipv4/neigh/X, net/ipv6/neigh/X ---- */

#define ROWN(n) .name = #n, .id = NEIGH_PARM_##n
#define COUNT   .min = 0, .max = INT_MAX_VALUE
#define GC      .flags = SYSCTL_DEFAULT | SYSCTL_INIT

/* What the two families have in common. */
#define NEIGH_FILES                                                                                \
    {ROWN(anycast_delay), .conv = CONV_USERHZ, .def = 100}, {ROWN(app_solicit), COUNT},            \
        {.name = "base_reachable_time",                                                            \
         .id = NEIGH_PARM_base_reachable_time_ms,                                                  \
         .conv = CONV_MS_SEC,                                                                      \
         .flags = SYSCTL_VIEW},                                                                    \
        {ROWN(base_reachable_time_ms), .conv = CONV_MS, .def = 30000},                             \
        {ROWN(delay_first_probe_time), .conv = CONV_SEC, .def = 5},                                \
        {ROWN(gc_stale_time), .conv = CONV_SEC, .def = 60},                                        \
        {ROWN(interval_probe_time_ms), .conv = CONV_MS, .since = KERNEL(6, 0), .min = 1,           \
         .max = INT_MAX_VALUE,         .def = 5000},                                               \
        {ROWN(mcast_resolicit), COUNT, .since = KERNEL(4, 2)},                                     \
        {ROWN(mcast_solicit), COUNT, .def = 3},                                                    \
        {ROWN(proxy_delay), .conv = CONV_USERHZ, .def = 80}, {ROWN(proxy_qlen), COUNT, .def = 64}, \
        {ROWN(retrans_time_ms), .conv = CONV_MS, .def = 1000},                                     \
        {ROWN(ucast_solicit), COUNT, .def = 3},                                                    \
        {.name = "unres_qlen",                                                                     \
         .id = NEIGH_PARM_unres_qlen_bytes,                                                        \
         .conv = CONV_QLEN,                                                                        \
         .flags = SYSCTL_VIEW,                                                                     \
         .min = 0,                                                                                 \
         .max = QLEN_MAX},                                                                         \
    {                                                                                              \
        ROWN(unres_qlen_bytes), COUNT                                                              \
    }

static const struct sysctl_file ipv4_neigh_files[] = {
    NEIGH_FILES,
    {.name = "gc_interval", .id = NET_IPV4_GC_INTERVAL, .conv = CONV_SEC, GC, .def = 30},
    {.name = "gc_thresh1", .id = NET_IPV4_GC_THRESH1, GC, COUNT, .def = 128},
    {.name = "gc_thresh2", .id = NET_IPV4_GC_THRESH2, GC, COUNT, .def = 512},
    {.name = "gc_thresh3", .id = NET_IPV4_GC_THRESH3, GC, COUNT, .def = 1024},
    {ROWN(locktime), .conv = CONV_USERHZ, .def = 100},
    {.name = "retrans_time",
     .id = NEIGH_PARM_retrans_time_ms,
     .conv = CONV_MS_USERHZ,
     .flags = SYSCTL_VIEW},
};

static const struct sysctl_file ipv6_neigh_files[] = {
    NEIGH_FILES,
    {.name = "gc_interval", .id = NET_IPV6_GC_INTERVAL, .conv = CONV_SEC, GC, .def = 30},
    {.name = "gc_thresh1", .id = NET_IPV6_GC_THRESH1, GC, COUNT, .def = 128},
    {.name = "gc_thresh2", .id = NET_IPV6_GC_THRESH2, GC, COUNT, .def = 512},
    {.name = "gc_thresh3", .id = NET_IPV6_GC_THRESH3, GC, COUNT, .def = 1024},
    {ROWN(locktime), .conv = CONV_USERHZ},
    {.name = "retrans_time",
     .id = NEIGH_PARM_retrans_time_ms,
     .conv = CONV_MS_JIFFIES,
     .flags = SYSCTL_VIEW},
};

/* ---- the others ---- */

#define BOOL .min = 0, .max = 1
#define BYTE .min = 0, .max = 255
#define LONG .conv = CONV_LONG, .min = 0, .max = LONG_MAX_VALUE
#define MEM  .flags = SYSCTL_INIT_W, .max = INT_MAX_VALUE
static const struct sysctl_file net_files[] = {
    {"core/devconf_inherit_init_net", NET_CORE_DEVCONF_INHERIT_INIT_NET, .flags = SYSCTL_INIT,
     .since = KERNEL(5, 0), .min = 0, .max = 3},
    {"core/rmem_default", NET_CORE_RMEM_DEFAULT, MEM, .min = 2304, .def = 212992},
    {"core/rmem_max", NET_CORE_RMEM_MAX, MEM, .min = 2304, .def = 212992},
    {"core/wmem_default", NET_CORE_WMEM_DEFAULT, MEM, .min = 4608, .def = 212992},
    {"core/wmem_max", NET_CORE_WMEM_MAX, MEM, .min = 4608, .def = 212992},
    {"ipv4/fib_multipath_hash_fields", NET_IPV4_FIB_MULTIPATH_HASH_FIELDS, .since = KERNEL(5, 14),
     .min = 1, .max = 0xfff, .def = 7},
    {"ipv4/fib_multipath_hash_policy", NET_IPV4_FIB_MULTIPATH_HASH_POLICY, .since = KERNEL(4, 12),
     .min = 0, .max = 3},
    {"ipv4/fib_multipath_use_neigh", NET_IPV4_FIB_MULTIPATH_USE_NEIGH, BOOL, .since = KERNEL(4, 7)},
    {"ipv4/fwmark_reflect", NET_IPV4_FWMARK_REFLECT, BYTE, .since = KERNEL(3, 16)},
    {"ipv4/icmp_echo_ignore_all", NET_IPV4_ICMP_ECHO_IGNORE_ALL, BOOL},
    {"ipv4/icmp_echo_ignore_broadcasts", NET_IPV4_ICMP_ECHO_IGNORE_BROADCASTS, BOOL, .def = 1},
    {"ipv4/icmp_errors_use_inbound_ifaddr", NET_IPV4_ICMP_ERRORS_USE_INBOUND_IFADDR, BOOL},
    {"ipv4/icmp_ignore_bogus_error_responses", NET_IPV4_ICMP_IGNORE_BOGUS_ERROR_RESPONSES, BOOL,
     .def = 1},
    {"ipv4/icmp_msgs_burst", NET_IPV4_ICMP_MSGS_BURST, COUNT, .since = KERNEL(3, 18), .def = 50},
    {"ipv4/icmp_msgs_per_sec", NET_IPV4_ICMP_MSGS_PER_SEC, COUNT, .since = KERNEL(3, 18),
     .def = 1000},
    {"ipv4/icmp_ratelimit", NET_IPV4_ICMP_RATELIMIT, CONV_MS, .def = 1000},
    {"ipv4/icmp_ratemask", NET_IPV4_ICMP_RATEMASK, .def = 6168},
    {"ipv4/ip_default_ttl", NET_IPV4_IP_DEFAULT_TTL, .min = 1, .max = 255, .def = 64},
    {"ipv4/ip_forward", 0, .flags = SYSCTL_VIEW},
    {"ipv4/ip_forward_update_priority", NET_IPV4_IP_FORWARD_UPDATE_PRIORITY, BOOL,
     .since = KERNEL(4, 19), .def = 1},
    {"ipv4/ip_forward_use_pmtu", NET_IPV4_IP_FORWARD_USE_PMTU, BYTE, .since = KERNEL(3, 14)},
    {"ipv4/ip_local_port_range", NET_IPV4_IP_LOCAL_PORT_MIN, CONV_PORT_RANGE, .min = 1,
     .max = 65535, .def = 32768},
    {"ipv4/ip_no_pmtu_disc", NET_IPV4_IP_NO_PMTU_DISC, BYTE},
    {"ipv4/ip_nonlocal_bind", NET_IPV4_IP_NONLOCAL_BIND, BYTE},
    {"ipv4/ip_unprivileged_port_start", NET_IPV4_IP_UNPRIVILEGED_PORT_START, .since = KERNEL(4, 11),
     .min = 0, .max = 65535, .def = 1024},
    {"ipv4/ipfrag_high_thresh", NET_IPV4_IPFRAG_HIGH_THRESH, LONG, .def = 4194304},
    {"ipv4/ipfrag_low_thresh", NET_IPV4_IPFRAG_LOW_THRESH, LONG, .def = 3145728},
    {"ipv4/ipfrag_max_dist", NET_IPV4_IPFRAG_MAX_DIST, COUNT, .def = 64},
    {"ipv4/ipfrag_time", NET_IPV4_IPFRAG_TIME, CONV_SEC, .def = 30},
    {"ipv4/nexthop_compat_mode", NET_IPV4_NEXTHOP_COMPAT_MODE, BOOL, .since = KERNEL(5, 8),
     .def = 1},
    {"ipv4/ping_group_range", NET_IPV4_PING_GROUP_MIN, CONV_GID_RANGE, .min = 0,
     .max = INT_MAX_VALUE, .def = 1},
    {"ipv4/route/error_burst", NET_IPV4_ROUTE_ERROR_BURST, .flags = SYSCTL_INIT},
    {"ipv4/route/error_cost", NET_IPV4_ROUTE_ERROR_COST, .flags = SYSCTL_INIT},
    {"ipv4/route/flush", NET_IPV4_ROUTE_FLUSH, CONV_FLUSH, .flags = SYSCTL_WO | SYSCTL_VIEW},
    {"ipv4/route/gc_elasticity", NET_IPV4_ROUTE_GC_ELASTICITY, .flags = SYSCTL_INIT, .def = 8},
    {"ipv4/route/gc_interval", NET_IPV4_ROUTE_GC_INTERVAL, CONV_SEC, SYSCTL_INIT, .def = 60},
    {"ipv4/route/gc_min_interval", NET_IPV4_ROUTE_GC_MIN_INTERVAL, CONV_MS_SEC,
     .flags = SYSCTL_INIT | SYSCTL_VIEW},
    {"ipv4/route/gc_min_interval_ms", NET_IPV4_ROUTE_GC_MIN_INTERVAL, CONV_MS, SYSCTL_INIT,
     .def = 500},
    {"ipv4/route/gc_thresh", NET_IPV4_ROUTE_GC_THRESH, .flags = SYSCTL_INIT, .def = -1},
    {"ipv4/route/gc_timeout", NET_IPV4_ROUTE_GC_TIMEOUT, CONV_SEC, SYSCTL_INIT, .def = 300},
    {"ipv4/route/max_size", NET_IPV4_ROUTE_MAX_SIZE, .flags = SYSCTL_INIT, .def = INT_MAX_VALUE},
    {"ipv4/route/min_adv_mss", NET_IPV4_ROUTE_MIN_ADV_MSS, .def = 256},
    {"ipv4/route/min_pmtu", NET_IPV4_MIN_PMTU, .min = 68, .max = INT_MAX_VALUE, .def = 552},
    {"ipv4/route/mtu_expires", NET_IPV4_MTU_EXPIRES, CONV_SEC, .def = 600},
    {"ipv4/route/redirect_load", NET_IPV4_ROUTE_REDIRECT_LOAD, .flags = SYSCTL_INIT},
    {"ipv4/route/redirect_number", NET_IPV4_ROUTE_REDIRECT_NUMBER, .flags = SYSCTL_INIT, .def = 9},
    {"ipv4/route/redirect_silence", NET_IPV4_ROUTE_REDIRECT_SILENCE, .flags = SYSCTL_INIT},
    {"ipv6/anycast_src_echo_reply", NET_IPV6_ANYCAST_SRC_ECHO_REPLY, BYTE, .since = KERNEL(3, 14)},
    {"ipv6/auto_flowlabels", NET_IPV6_AUTO_FLOWLABELS, .min = 0, .max = 3, .since = KERNEL(3, 17),
     .def = 1},
    {"ipv6/bindv6only", NET_IPV6_BINDV6ONLY, BYTE},
    {"ipv6/fib_multipath_hash_fields", NET_IPV6_FIB_MULTIPATH_HASH_FIELDS, .since = KERNEL(5, 14),
     .min = 1, .max = 0xfff, .def = 7},
    {"ipv6/fib_multipath_hash_policy", NET_IPV6_FIB_MULTIPATH_HASH_POLICY, .since = KERNEL(4, 18),
     .min = 0, .max = 3},
    {"ipv6/flowlabel_consistency", NET_IPV6_FLOWLABEL_CONSISTENCY, BYTE, .since = KERNEL(3, 13),
     .def = 1},
    {"ipv6/flowlabel_reflect", NET_IPV6_FLOWLABEL_REFLECT, .since = KERNEL(3, 17), .min = 0,
     .max = 7},
    {"ipv6/flowlabel_state_ranges", NET_IPV6_FLOWLABEL_STATE_RANGES, BYTE, .since = KERNEL(4, 2)},
    {"ipv6/fwmark_reflect", NET_IPV6_FWMARK_REFLECT, BYTE, .since = KERNEL(3, 16)},
    {"ipv6/icmp/echo_ignore_all", NET_IPV6_ICMP_ECHO_IGNORE_ALL, BYTE, .since = KERNEL(4, 20)},
    {"ipv6/icmp/echo_ignore_anycast", NET_IPV6_ICMP_ECHO_IGNORE_ANYCAST, BYTE,
     .since = KERNEL(5, 1)},
    {"ipv6/icmp/echo_ignore_multicast", NET_IPV6_ICMP_ECHO_IGNORE_MULTICAST, BYTE,
     .since = KERNEL(5, 1)},
    {"ipv6/icmp/error_anycast_as_unicast", NET_IPV6_ICMP_ERROR_ANYCAST_AS_UNICAST, BOOL,
     .since = KERNEL(6, 9)},
    {"ipv6/icmp/ratelimit", NET_IPV6_ICMP_RATELIMIT, CONV_MS, .def = 1000},
    {"ipv6/icmp/ratemask", NET_IPV6_ICMP_RATEMASK, CONV_BITMAP, .since = KERNEL(5, 2),
     .min = INT64_MIN, .max = INT64_MAX, .def = -5},
    {"ipv6/idgen_delay", NET_IPV6_IDGEN_DELAY, CONV_SEC, .since = KERNEL(4, 2), .def = 1},
    {"ipv6/idgen_retries", NET_IPV6_IDGEN_RETRIES, .since = KERNEL(4, 2), .def = 3},
    {"ipv6/ip6frag_high_thresh", NET_IPV6_IP6FRAG_HIGH_THRESH, LONG, .def = 4194304},
    {"ipv6/ip6frag_low_thresh", NET_IPV6_IP6FRAG_LOW_THRESH, LONG, .def = 3145728},
    {"ipv6/ip6frag_time", NET_IPV6_IP6FRAG_TIME, CONV_SEC, .def = 60},
    {"ipv6/ip_nonlocal_bind", NET_IPV6_IP_NONLOCAL_BIND, BYTE, .since = KERNEL(4, 4)},
    {"ipv6/max_dst_opts_length", NET_IPV6_MAX_DST_OPTS_LENGTH, .since = KERNEL(4, 16),
     .def = INT_MAX_VALUE},
    {"ipv6/max_dst_opts_number", NET_IPV6_MAX_DST_OPTS_NUMBER, .since = KERNEL(4, 16), .def = 8},
    {"ipv6/max_hbh_length", NET_IPV6_MAX_HBH_LENGTH, .since = KERNEL(4, 16), .def = INT_MAX_VALUE},
    {"ipv6/max_hbh_opts_number", NET_IPV6_MAX_HBH_OPTS_NUMBER, .since = KERNEL(4, 16), .def = 8},
    {"ipv6/mld_max_msf", NET_IPV6_MLD_MAX_MSF, .flags = SYSCTL_INIT, .def = 64},
    {"ipv6/mld_qrv", NET_IPV6_MLD_QRV, .flags = SYSCTL_INIT, .since = KERNEL(3, 18), .min = 1,
     .max = INT_MAX_VALUE, .def = 2},
    {"ipv6/route/flush", NET_IPV6_ROUTE_FLUSH, CONV_FLUSH, .flags = SYSCTL_WO | SYSCTL_VIEW},
    {"ipv6/route/gc_elasticity", NET_IPV6_ROUTE_GC_ELASTICITY, .def = 9},
    {"ipv6/route/gc_interval", NET_IPV6_ROUTE_GC_INTERVAL, CONV_SEC, .def = 30},
    {"ipv6/route/gc_min_interval", NET_IPV6_ROUTE_GC_MIN_INTERVAL, CONV_MS_SEC,
     .flags = SYSCTL_VIEW},
    {"ipv6/route/gc_min_interval_ms", NET_IPV6_ROUTE_GC_MIN_INTERVAL, CONV_MS, .def = 500},
    {"ipv6/route/gc_thresh", NET_IPV6_ROUTE_GC_THRESH, .def = 1024},
    {"ipv6/route/gc_timeout", NET_IPV6_ROUTE_GC_TIMEOUT, CONV_SEC, .def = 60},
    {"ipv6/route/max_size", NET_IPV6_ROUTE_MAX_SIZE, .def = INT_MAX_VALUE},
    {"ipv6/route/min_adv_mss", NET_IPV6_ROUTE_MIN_ADV_MSS, .def = 1220},
    {"ipv6/route/mtu_expires", NET_IPV6_ROUTE_MTU_EXPIRES, CONV_SEC, .def = 600},
    {"ipv6/route/skip_notify_on_dev_down", NET_IPV6_ROUTE_SKIP_NOTIFY_ON_DEV_DOWN, BOOL,
     .since = KERNEL(4, 20)},
};

#define DIR(path, files)              \
    {                                 \
        path, files, ARRAY_LEN(files) \
    }
const struct sysctl_dir sysctl_dirs[SYSCTL_CLASSES] = {
    [CLASS_NET] = DIR("", net_files),
    [CLASS_IPV4_CONF] = DIR("ipv4/conf/", ipv4_conf_files),
    [CLASS_IPV6_CONF] = DIR("ipv6/conf/", ipv6_conf_files),
    [CLASS_IPV4_NEIGH] = DIR("ipv4/neigh/", ipv4_neigh_files),
    [CLASS_IPV6_NEIGH] = DIR("ipv6/neigh/", ipv6_neigh_files),
};
