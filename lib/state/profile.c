#include <stddef.h>
#include <string.h>

#include "vnet_profile.h"

#define DEBIAN_12_TOOLS                                                                          \
    {                                                                                            \
        .iputils = "20221126", .tcpdump = "4.99.3", .libpcap = "1.10.3", .net_tools = "2.10",    \
        .procps = "4.0.2", .ip_shows_group = true, .route_get_uid = true,                        \
        .tcpdump_snapshot = true, .ip_pref_shown = true, .route_linkdown_shown = true,           \
        .ip_version = "iproute2-6.1.0, libbpf 1.1.2", .ip_netns_names = true, .ip_strict = true, \
        .ip_stats_aligned = true, .ip_addr_flag_table = true, .ip_details_full = true            \
    }

static const struct vnet_profile profiles[] = {
    {
        /* Asked: User-mode Linux of Debian 12, one CPU, HZ=100, no CONFIG_RPS. */
        .name = "debian12",
        .summary = "Debian 12: Linux 6.1, iproute2 6.1.0, iputils 20221126, tcpdump 4.99.3",
        .kernel = {.version = 0x060100,
                   .hz = 100,
                   .raw_match_inet_iif = true,
                   .neigh_unres_qlen_bytes = 212992,
                   .cpus = 1,
                   .lo_txqlen = 1000,
                   .bridge_vlans = true,
                   .log_link_ready = true,
                   .gso_size_min = 257},
        .tools = DEBIAN_12_TOOLS,
    },
    {
        /* Asked: a 6.18 kernel on two CPUs, HZ=250. */
        .name = "linux6.18",
        .summary = "Linux 6.18 with the tools of Debian 12",
        .kernel = {.version = 0x061200,
                   .hz = 250,
                   .raw_match_inet_iif = true,
                   .neigh_unres_qlen_bytes = 212992,
                   .cpus = 2,
                   .lo_txqlen = 1000,
                   .gso_size_min = 193,
                   .ip_out_transmits = true,
                   .mptcp = true,
                   .log_allmulti = true,
                   .ipv6_options = true,
                   .dump_rx_queues = true},
        .tools = DEBIAN_12_TOOLS,
    },
    {
        /* The veth tutorial's listings (lo's "qlen 1", no "group default"); HZ and
         * unres_qlen_bytes of the kernel's source; rp_filter of systemd's 50-default.conf. */
        .name = "centos7",
        .summary = "CentOS 7: Linux 3.10, iproute2 3.10, iputils s20160308, tcpdump 4.9",
        .kernel = {.version = 0x030a00,
                   .hz = 1000,
                   .neigh_unres_qlen_bytes = 65536,
                   .rp_filter = 1,
                   .cpus = 1,
                   .lo_txqlen = 1,
                   .log_link_ready = true,
                   .ipv6_options = true,
                   .dump_rx_queues = true},
        .tools = {.iputils = "s20160308",
                  .tcpdump = "4.9.2",
                  .libpcap = "1.5.3",
                  .net_tools = "2.10-alpha",
                  .procps = "3.3.10",
                  .ip_version = "iproute2-ss130716",
                  .ip_route_wide = true},
    },
    {.name = NULL},
};

const struct vnet_profile *vnet_profiles(void)
{
    return profiles;
}

const struct vnet_profile *vnet_profile_find(const char *name)
{
    for (const struct vnet_profile *p = profiles; p->name; p++)
        if (strcmp(p->name, name) == 0)
            return p;
    return NULL;
}
