/* Profiles: rows of named facts about a kernel and a set of tools. Code asks for a fact, never for
 * a profile's name. Kernel facts and tool facts are apart, so that they can be combined anew. */
#ifndef VNET_PROFILE_H
#define VNET_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

struct kernel_facts {
    uint32_t version;        /* 0x060100: major, minor, patch, a byte each */
    uint32_t hz;             /* timer granularity: jiffies a second */
    bool raw_match_inet_iif; /* raw sockets match the route's input device (5.2, 19e4e768064a) */
    uint32_t neigh_unres_qlen_bytes;
    uint32_t rp_filter;    /* what the distribution's sysctl files set for all and default */
    uint32_t cpus;         /* veth queues on kernels that default to one a CPU */
    uint32_t lo_txqlen;    /* 1000 since 4.3-ish, 0 (shown as qlen 1) before */
    bool ipv6_options;     /* IPV6_MROUTE, IPV6_OPTIMISTIC_DAD, IPV6_SEG6_HMAC configured */
    uint32_t gso_size_min; /* of gso_max_size: MAX_TCP_HEADER + 1; 0: it cannot be set */
    bool bridge_vlans;     /* CONFIG_BRIDGE_VLAN_FILTERING */
    bool ip_out_transmits; /* OutTransmits beside OutRequests (6.8) */
    bool mptcp;            /* CONFIG_MPTCP */
    bool log_link_ready; /* "link becomes ready" is said at level info (6.1; 6.18 has pr_debug()) */
    bool log_allmulti;   /* "entered allmulticast mode" is said, with netdev_info() (6.18) */
    bool dump_rx_queues; /* IFLA_NUM_RX_QUEUES present (CONFIG_RPS) */
};

struct tool_facts {
    const char *iputils;   /* "20221126" */
    const char *tcpdump;   /* "4.99.3" */
    const char *libpcap;   /* "1.10.3" */
    const char *net_tools; /* "2.10" */
    const char *procps;    /* "4.0.2" */
    bool ip_shows_group;   /* "group default" in ip link */
    bool route_get_uid;    /* "uid 0" in ip route get */
    bool tcpdump_snapshot; /* "-v[v]... snapshot length" (4.99) against "-v or -vv capture size" */
    bool ip_pref_shown;    /* "pref medium" on IPv6 routes */
    bool route_linkdown_shown; /* "linkdown" after the nexthop */
    const char *ip_version;    /* `ip -V` after "ip utility, " */
    bool ip_strict;            /* asks the kernel for strict checks, save in a batch (5.0) */
    bool ip_addr_flag_table;   /* `ip addr` prints flags in the order of a table (5.1) */
    bool ip_stats_aligned; /* `ip -s link`: right-aligned columns that grow (5.13), else fixed */
    bool ip_details_full;  /* `ip -d link`: allmulti, MTU limits, queues, GSO, ... (4.6 to 6.0) */
    bool ip_netns_names;   /* `ip link` shows link-netns NAME, not only link-netnsid (4.20) */
    bool ip_route_wide;    /* two blanks before proto, scope, src, metric, table (until 4.15) */
};

struct vnet_profile {
    const char *name;
    const char *summary;
    struct kernel_facts kernel;
    struct tool_facts tools;
};

/* NULL if there is no such profile. */
const struct vnet_profile *vnet_profile_find(const char *name);
/* All of them, ended by an element whose name is NULL; the first is the default. */
const struct vnet_profile *vnet_profiles(void);
/* That of the world in a state file, which is not read further than that: it stands among the first
 * members. The default, where the file is not there or does not say. */
const struct vnet_profile *vnet_profile_of_file(const char *path);

#endif
