/* The values behind /proc/sys/net, for the stack to read. The table of files, with names, ranges
 * and inheritance, is inet/sysctl.c.
 *
 * "conf" sets exist for all, default and every device; a device's set starts as a copy of default.
 * IN_DEV_* below combine all and device as the kernel's macros of that name do. */
#ifndef VNET_INET_SYSCTLS_H
#define VNET_INET_SYSCTLS_H

#include <stdint.h>

#include "dev/netdev.h"

/* clang-format off: lists of names */
/* net.ipv4.conf.X.*: name, default of "default", of "all" */
/* clang-format off */
#define IPV4_CONF(X)                                                                          \
    X(accept_local)                                                                           \
    X(accept_redirects)                                                                       \
    X(accept_source_route) X(arp_accept) X(arp_announce) X(arp_evict_nocarrier) X(arp_filter) \
        X(arp_ignore) X(arp_notify) X(bc_forwarding) X(bootp_relay) X(disable_policy)         \
            X(disable_xfrm) X(drop_gratuitous_arp) X(drop_unicast_in_l2_multicast)            \
                X(force_igmp_version) X(forwarding) X(igmpv2_unsolicited_report_interval)     \
                    X(igmpv3_unsolicited_report_interval) X(ignore_routes_with_linkdown)      \
                        X(log_martians) X(mc_forwarding) X(medium_id) X(promote_secondaries)  \
                            X(proxy_arp) X(proxy_arp_pvlan) X(route_localnet) X(rp_filter)    \
                                X(secure_redirects) X(send_redirects) X(shared_media)         \
                                    X(src_valid_mark) X(tag)

enum ipv4_conf_id {
#define IPV4_CONF_ID(name) IPV4_CONF_##name,
    IPV4_CONF(IPV4_CONF_ID)
#undef IPV4_CONF_ID
        IPV4_CONF_COUNT
};

/* net.ipv6.conf.X.* that the engine acts on; the rest are kept as values */
#define IPV6_CONF(X)                                                                               \
    X(accept_dad)                                                                                  \
    X(accept_ra)                                                                                   \
    X(accept_ra_defrtr) X(accept_ra_from_local) X(accept_ra_min_hop_limit) X(accept_ra_min_lft) X( \
        accept_ra_mtu) X(accept_ra_pinfo) X(accept_ra_rt_info_max_plen)                            \
        X(accept_ra_rt_info_min_plen) X(accept_ra_rtr_pref) X(accept_redirects) X(                 \
            accept_source_route) X(accept_untracked_na) X(addr_gen_mode) X(autoconf)               \
            X(dad_transmits) X(disable_ipv6) X(disable_policy) X(drop_unicast_in_l2_multicast) X(  \
                drop_unsolicited_na) X(enhanced_dad) X(force_forwarding) X(force_mld_version)      \
                X(force_tllao) X(forwarding) X(hop_limit) X(ignore_routes_with_linkdown) X(        \
                    ioam6_enabled) X(ioam6_id) X(ioam6_id_wide) X(keep_addr_on_down)               \
                    X(max_addresses) X(max_desync_factor) X(mc_forwarding) X(                      \
                        mldv1_unsolicited_report_interval) X(mldv2_unsolicited_report_interval)    \
                        X(mtu) X(ndisc_evict_nocarrier) X(ndisc_notify) X(ndisc_tclass) X(         \
                            optimistic_dad) X(proxy_ndp) X(ra_defrtr_metric) X(ra_honor_pio_life)  \
                            X(ra_honor_pio_pflag) X(regen_max_retry) X(regen_min_advance)          \
                                X(router_probe_interval) X(router_solicitation_delay)              \
                                    X(router_solicitation_interval)                                \
                                        X(router_solicitation_max_interval)                        \
                                            X(router_solicitations) X(rpl_seg_enabled)             \
                                                X(seg6_enabled) X(seg6_require_hmac)               \
                                                    X(suppress_frag_ndisc) X(temp_prefered_lft)    \
                                                        X(temp_valid_lft) X(use_oif_addrs_only)    \
                                                            X(use_optimistic) X(use_tempaddr)

enum ipv6_conf_id {
#define IPV6_CONF_ID(name) IPV6_CONF_##name,
    IPV6_CONF(IPV6_CONF_ID)
#undef IPV6_CONF_ID
        IPV6_CONF_COUNT
};

struct ipv4_conf {
    int32_t v[IPV4_CONF_COUNT];
    uint64_t set[(IPV4_CONF_COUNT + 63) / 64]; /* in_device cnf.state: written for this device, so
                                                  that a write to default leaves it alone */
};
struct ipv6_conf {
    int32_t v[IPV6_CONF_COUNT];
};

/* net.ipv4.neigh.X.*, net.ipv6.neigh.X.*: struct neigh_parms; milliseconds where the name says so
 */
#define NEIGH_PARMS(X)                                                                             \
    X(anycast_delay)                                                                               \
    X(app_solicit)                                                                                 \
    X(base_reachable_time_ms) X(delay_first_probe_time) X(gc_stale_time) X(interval_probe_time_ms) \
        X(locktime) X(mcast_resolicit) X(mcast_solicit) X(proxy_delay) X(proxy_qlen)               \
            X(retrans_time_ms) X(ucast_solicit) X(unres_qlen_bytes)
/* clang-format on */

enum neigh_parm_id {
#define NEIGH_PARM_ID(name) NEIGH_PARM_##name,
    NEIGH_PARMS(NEIGH_PARM_ID)
#undef NEIGH_PARM_ID
        NEIGH_PARM_COUNT
};
struct neigh_parms {
    int32_t v[NEIGH_PARM_COUNT];
    uint32_t set; /* bit a parameter: written for this device */
};

/* net.ipv4.* and net.ipv6.* of the namespace */
enum net_sysctl_id {
    NET_IPV4_FIB_MULTIPATH_HASH_FIELDS,
    NET_IPV4_FIB_MULTIPATH_HASH_POLICY,
    NET_IPV4_FIB_MULTIPATH_USE_NEIGH,
    NET_IPV4_FWMARK_REFLECT,
    NET_IPV4_ICMP_IGNORE_BOGUS_ERROR_RESPONSES,
    NET_IPV4_IP_FORWARD_UPDATE_PRIORITY,
    NET_IPV4_IP_FORWARD_USE_PMTU,
    NET_IPV4_IP_LOCAL_PORT_MIN,
    NET_IPV4_IP_LOCAL_PORT_MAX,
    NET_IPV4_IP_UNPRIVILEGED_PORT_START,
    NET_IPV4_NEXTHOP_COMPAT_MODE,
    NET_IPV4_ROUTE_ERROR_BURST,
    NET_IPV4_ROUTE_ERROR_COST,
    NET_IPV4_ROUTE_FLUSH,
    NET_IPV4_ROUTE_GC_ELASTICITY,
    NET_IPV4_ROUTE_GC_INTERVAL,
    NET_IPV4_ROUTE_GC_MIN_INTERVAL,
    NET_IPV4_ROUTE_GC_THRESH,
    NET_IPV4_ROUTE_GC_TIMEOUT,
    NET_IPV4_ROUTE_MAX_SIZE,
    NET_IPV4_ROUTE_MIN_ADV_MSS,
    NET_IPV4_ROUTE_REDIRECT_LOAD,
    NET_IPV4_ROUTE_REDIRECT_NUMBER,
    NET_IPV4_ROUTE_REDIRECT_SILENCE,
    NET_IPV4_MTU_EXPIRES,
    NET_IPV6_FIB_MULTIPATH_HASH_FIELDS,
    NET_IPV6_FIB_MULTIPATH_HASH_POLICY,
    NET_IPV6_FLOWLABEL_CONSISTENCY,
    NET_IPV6_FLOWLABEL_REFLECT,
    NET_IPV6_FLOWLABEL_STATE_RANGES,
    NET_IPV6_FWMARK_REFLECT,
    NET_IPV6_ICMP_ERROR_ANYCAST_AS_UNICAST,
    NET_IPV6_ICMP_RATEMASK, /* with the next three: a bitmap of 256 types, low words first */
    NET_IPV6_ICMP_RATEMASK_1,
    NET_IPV6_ICMP_RATEMASK_2,
    NET_IPV6_ICMP_RATEMASK_3,
    NET_IPV6_IDGEN_DELAY,
    NET_IPV6_IDGEN_RETRIES,
    NET_IPV6_MAX_DST_OPTS_LENGTH,
    NET_IPV6_MAX_DST_OPTS_NUMBER,
    NET_IPV6_MAX_HBH_LENGTH,
    NET_IPV6_MAX_HBH_OPTS_NUMBER,
    NET_IPV6_MLD_MAX_MSF,
    NET_IPV6_MLD_QRV,
    NET_IPV6_ROUTE_FLUSH,
    NET_IPV6_ROUTE_GC_ELASTICITY,
    NET_IPV6_ROUTE_GC_INTERVAL,
    NET_IPV6_ROUTE_GC_MIN_INTERVAL,
    NET_IPV6_ROUTE_GC_THRESH,
    NET_IPV6_ROUTE_GC_TIMEOUT,
    NET_IPV6_ROUTE_MAX_SIZE,
    NET_IPV6_ROUTE_MIN_ADV_MSS,
    NET_IPV6_ROUTE_MTU_EXPIRES,
    NET_IPV6_ROUTE_SKIP_NOTIFY_ON_DEV_DOWN,
    NET_IPV4_ICMP_ECHO_IGNORE_ALL,
    NET_IPV4_ICMP_ECHO_IGNORE_BROADCASTS,
    NET_IPV4_ICMP_ERRORS_USE_INBOUND_IFADDR,
    NET_IPV4_ICMP_RATELIMIT,
    NET_IPV4_ICMP_RATEMASK,
    NET_IPV4_ICMP_MSGS_PER_SEC,
    NET_IPV4_ICMP_MSGS_BURST,
    NET_IPV4_IP_DEFAULT_TTL,
    NET_IPV4_IP_NO_PMTU_DISC,
    NET_IPV4_IP_NONLOCAL_BIND,
    NET_IPV4_PING_GROUP_MIN,
    NET_IPV4_PING_GROUP_MAX,
    NET_IPV4_IPFRAG_TIME,
    NET_IPV4_IPFRAG_HIGH_THRESH,
    NET_IPV4_IPFRAG_LOW_THRESH,
    NET_IPV4_IPFRAG_MAX_DIST,
    NET_IPV4_MIN_PMTU,
    NET_IPV4_GC_THRESH1,
    NET_IPV4_GC_THRESH2,
    NET_IPV4_GC_THRESH3,
    NET_IPV4_GC_INTERVAL,
    NET_IPV6_GC_THRESH1,
    NET_IPV6_GC_THRESH2,
    NET_IPV6_GC_THRESH3,
    NET_IPV6_GC_INTERVAL,
    NET_IPV6_ANYCAST_SRC_ECHO_REPLY,
    NET_IPV6_AUTO_FLOWLABELS,
    NET_IPV6_ICMP_ECHO_IGNORE_ALL,
    NET_IPV6_ICMP_ECHO_IGNORE_ANYCAST,
    NET_IPV6_ICMP_ECHO_IGNORE_MULTICAST,
    NET_IPV6_ICMP_RATELIMIT,
    NET_IPV6_IP6FRAG_HIGH_THRESH,
    NET_IPV6_IP6FRAG_LOW_THRESH,
    NET_IPV6_IP6FRAG_TIME,
    NET_IPV6_IP_NONLOCAL_BIND,
    NET_IPV6_BINDV6ONLY,
    NET_CORE_DEVCONF_INHERIT_INIT_NET,
    NET_CORE_RMEM_DEFAULT,
    NET_CORE_RMEM_MAX,
    NET_CORE_WMEM_DEFAULT,
    NET_CORE_WMEM_MAX,
    NET_SYSCTL_COUNT
};

struct inet_sysctls {
    struct ipv4_conf ipv4_all, ipv4_default;
    struct ipv6_conf ipv6_all, ipv6_default;
    struct neigh_parms neigh4_default, neigh6_default;
    int64_t net[NET_SYSCTL_COUNT];
    /* per-device sets: in_dev->conf, in6_dev->conf, in_dev->neigh, in6_dev->neigh */
};

/* ns->sysctls with the defaults of the profile's kernel, and what a namespace made by a process of
 * parent (NULL: none) inherits. */
void sysctls_net_init(struct netns *ns, const struct netns *parent);
/* Those defaults alone. */
void sysctls_defaults(const struct kernel_facts *kernel, struct inet_sysctls *s);
void sysctls_net_exit(struct netns *ns);

/* One for all namespaces: the initial one's. */
int64_t net_sysctl_global(const struct netns *ns, enum net_sysctl_id id);
/* What a new device's neighbours begin with (neigh_parms_alloc()): the initial namespace's. */
const struct inet_sysctls *neigh_defaults(const struct netns *ns);

static inline int64_t net_sysctl(const struct netns *ns, enum net_sysctl_id id)
{
    return ns->sysctls->net[id];
}

#endif
