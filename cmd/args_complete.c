/* What may stand where, on the command lines of iproute2's tools. */
#include <string.h>

#include "base/mem.h"
#include "cmd/args.h"
#include "cmd/ip/names.h"
#include "vnet_link.h"

static const struct value_row {
    const char *object, *verb; /* full names; NULL: any */
    const char *keyword;       /* NULL: where a keyword may stand */
    enum complete_source source;
    const char *words; /* NULL: none */
    const struct nametab *(*names)(void);
} rows[] = {
    {"link", "add", NULL, COMPLETE_NONE, NULL, NULL},
    {"link", NULL, NULL, COMPLETE_DEVICES, "dev", NULL},
    {"address", "add", NULL, COMPLETE_NONE, "local", NULL},
    {"address", "delete", NULL, COMPLETE_PREFIXES, "local", NULL},
    {"address", "show", NULL, COMPLETE_DEVICES, "dev", NULL},
    {"address", "list", NULL, COMPLETE_DEVICES, "dev", NULL},
    {"address", "flush", NULL, COMPLETE_DEVICES, "dev", NULL},
    {"route", "get", NULL, COMPLETE_ADDRESSES, "to", NULL},
    {"route", "show", NULL, COMPLETE_ROUTES, "to root match exact", NULL},
    {"route", NULL, NULL, COMPLETE_ROUTES, "to", rtype_names},
    {"neighbor", NULL, NULL, COMPLETE_ADDRESSES, "to", NULL},
    {"neighbour", NULL, NULL, COMPLETE_ADDRESSES, "to", NULL},
    {"route", NULL, "anycast", COMPLETE_ROUTES, NULL, NULL},
    {"route", NULL, "blackhole", COMPLETE_ROUTES, NULL, NULL},
    {"route", NULL, "broadcast", COMPLETE_ROUTES, NULL, NULL},
    {"route", NULL, "local", COMPLETE_ROUTES, NULL, NULL},
    {"route", NULL, "multicast", COMPLETE_ROUTES, NULL, NULL},
    {"route", NULL, "nat", COMPLETE_ROUTES, NULL, NULL},
    {"route", NULL, "prohibit", COMPLETE_ROUTES, NULL, NULL},
    {"route", NULL, "throw", COMPLETE_ROUTES, NULL, NULL},
    {"route", NULL, "unicast", COMPLETE_ROUTES, NULL, NULL},
    {"route", NULL, "unreachable", COMPLETE_ROUTES, NULL, NULL},
    {"route", NULL, "xresolve", COMPLETE_ROUTES, NULL, NULL},
    {"route", NULL, "exact", COMPLETE_ROUTES, NULL, NULL},
    {"route", NULL, "match", COMPLETE_ROUTES, NULL, NULL},
    {"route", NULL, "root", COMPLETE_ROUTES, NULL, NULL},
    {"route", NULL, "features", COMPLETE_NONE, "ecn", NULL},
    {"address", NULL, "anycast", COMPLETE_NONE, "<address>", NULL},
    {"address", NULL, "brd", COMPLETE_NONE, "+ - <address>", NULL},
    {"address", NULL, "broadcast", COMPLETE_NONE, "+ - <address>", NULL},
    {"address", NULL, "label", COMPLETE_NONE, "<name>", NULL},
    {"address", NULL, "peer", COMPLETE_NONE, "<address/length>", NULL},
    {"address", NULL, "remote", COMPLETE_NONE, "<address/length>", NULL},
    {"addrlabel", NULL, "label", COMPLETE_NONE, "<number>", NULL},
    {"addrlabel", NULL, "prefix", COMPLETE_ROUTES, NULL, NULL},
    {"rule", NULL, "priority", COMPLETE_NONE, "<number>", NULL},
    {"route", NULL, "type", COMPLETE_NONE, NULL, rtype_names},
    {"netns", "delete", NULL, COMPLETE_NETNS, NULL, NULL},
    {"netns", "pids", NULL, COMPLETE_NETNS, NULL, NULL},
    {"netns", "set", NULL, COMPLETE_NETNS, NULL, NULL},
    {"netns", "exec", NULL, COMPLETE_NETNS, NULL, NULL},
    {NULL, NULL, "netns", COMPLETE_NETNS, NULL, NULL},
    {NULL, NULL, "-netns", COMPLETE_NETNS, NULL, NULL},
    {NULL, NULL, "-n", COMPLETE_NETNS, NULL, NULL},
    {NULL, NULL, "dev", COMPLETE_DEVICES, NULL, NULL},
    {NULL, NULL, "oif", COMPLETE_DEVICES, NULL, NULL},
    {NULL, NULL, "iif", COMPLETE_DEVICES, NULL, NULL},
    {NULL, NULL, "master", COMPLETE_DEVICES, NULL, NULL},
    {NULL, NULL, "link", COMPLETE_DEVICES, NULL, NULL},
    {NULL, NULL, "via", COMPLETE_ADDRESSES, NULL, NULL},
    {NULL, NULL, "src", COMPLETE_ADDRESSES, NULL, NULL},
    {NULL, NULL, "local", COMPLETE_PREFIXES, NULL, NULL},
    {NULL, NULL, "proxy", COMPLETE_ADDRESSES, NULL, NULL},
    {NULL, NULL, "from", COMPLETE_ADDRESSES, "all", NULL},
    {NULL, NULL, "to", COMPLETE_ROUTES, NULL, NULL},
    {NULL, NULL, "scope", COMPLETE_NONE, NULL, scope_names},
    {NULL, NULL, "table", COMPLETE_NONE, "all", table_names},
    {NULL, NULL, "lookup", COMPLETE_NONE, NULL, table_names},
    {NULL, NULL, "protocol", COMPLETE_NONE, NULL, proto_names},
    {NULL, NULL, "arp", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "multicast", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "allmulticast", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "promisc", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "trailers", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "dynamic", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "carrier", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "group", COMPLETE_NONE, "default", NULL},
    {NULL, NULL, "addrgenmode", COMPLETE_NONE, "eui64 none stable_secret random", NULL},
    {NULL, NULL, "nud", COMPLETE_NONE,
     "permanent noarp reachable stale none incomplete delay probe failed", NULL},
    {NULL, NULL, "valid_lft", COMPLETE_NONE, "forever", NULL},
    {NULL, NULL, "preferred_lft", COMPLETE_NONE, "forever", NULL},
    {NULL, NULL, "address", COMPLETE_NONE, "<lladdr>", NULL},
    {NULL, NULL, "advmss", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "ageing_time", COMPLETE_NONE, "<1/100-seconds>", NULL},
    {NULL, NULL, "alias", COMPLETE_NONE, "<text>", NULL},
    {NULL, NULL, "altname", COMPLETE_NONE, "<name>", NULL},
    {NULL, NULL, "backup_port", COMPLETE_DEVICES, NULL, NULL},
    {NULL, NULL, "bcast_flood", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "brd", COMPLETE_NONE, "<lladdr>", NULL},
    {NULL, NULL, "bridge_binding", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "broadcast", COMPLETE_NONE, "<lladdr>", NULL},
    {NULL, NULL, "cost", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "cwnd", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "dport", COMPLETE_NONE, "<port>", NULL},
    {NULL, NULL, "dsfield", COMPLETE_NONE, "<tos>", NULL},
    {NULL, NULL, "expires", COMPLETE_NONE, "<seconds>", NULL},
    {NULL, NULL, "fastleave", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "fastopen_no_cookie", COMPLETE_NONE, "0 1", NULL},
    {NULL, NULL, "flood", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "forward_delay", COMPLETE_NONE, "<1/100-seconds>", NULL},
    {NULL, NULL, "fwmark", COMPLETE_NONE, "<mark>", NULL},
    {NULL, NULL, "gro_max_size", COMPLETE_NONE, "<bytes>", NULL},
    {NULL, NULL, "group_address", COMPLETE_NONE, "<lladdr>", NULL},
    {NULL, NULL, "grp", COMPLETE_NONE, "<group>", NULL},
    {NULL, NULL, "gso_max_segs", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "gso_max_size", COMPLETE_NONE, "<bytes>", NULL},
    {NULL, NULL, "guard", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "gvrp", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "hairpin", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "hello_time", COMPLETE_NONE, "<1/100-seconds>", NULL},
    {NULL, NULL, "hoplimit", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "id", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "index", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "initcwnd", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "initrwnd", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "ipproto", COMPLETE_NONE, "<protocol>", NULL},
    {NULL, NULL, "isolated", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "learning", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "lladdr", COMPLETE_NONE, "<lladdr>", NULL},
    {NULL, NULL, "locked", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "loose_binding", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "mark", COMPLETE_NONE, "<mark>", NULL},
    {NULL, NULL, "max_age", COMPLETE_NONE, "<1/100-seconds>", NULL},
    {NULL, NULL, "mcast_flood", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "mcast_last_member_interval", COMPLETE_NONE, "<1/100-seconds>", NULL},
    {NULL, NULL, "mcast_membership_interval", COMPLETE_NONE, "<1/100-seconds>", NULL},
    {NULL, NULL, "mcast_querier", COMPLETE_NONE, "0 1", NULL},
    {NULL, NULL, "mcast_querier_interval", COMPLETE_NONE, "<1/100-seconds>", NULL},
    {NULL, NULL, "mcast_query_interval", COMPLETE_NONE, "<1/100-seconds>", NULL},
    {NULL, NULL, "mcast_query_response_interval", COMPLETE_NONE, "<1/100-seconds>", NULL},
    {NULL, NULL, "mcast_query_use_ifaddr", COMPLETE_NONE, "0 1", NULL},
    {NULL, NULL, "mcast_router", COMPLETE_NONE, "0 1 2", NULL},
    {NULL, NULL, "mcast_snooping", COMPLETE_NONE, "0 1", NULL},
    {NULL, NULL, "mcast_startup_query_interval", COMPLETE_NONE, "<1/100-seconds>", NULL},
    {NULL, NULL, "mcast_stats_enabled", COMPLETE_NONE, "0 1", NULL},
    {NULL, NULL, "mcast_to_unicast", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "mcast_vlan_snooping", COMPLETE_NONE, "0 1", NULL},
    {NULL, NULL, "metric", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "mtu", COMPLETE_NONE, "<bytes>", NULL},
    {NULL, NULL, "mvrp", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "name", COMPLETE_NONE, "<name>", NULL},
    {NULL, NULL, "neigh_suppress", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "nf_call_arptables", COMPLETE_NONE, "0 1", NULL},
    {NULL, NULL, "nf_call_ip6tables", COMPLETE_NONE, "0 1", NULL},
    {NULL, NULL, "nf_call_iptables", COMPLETE_NONE, "0 1", NULL},
    {NULL, NULL, "nhid", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "no_linklocal_learn", COMPLETE_NONE, "0 1", NULL},
    {NULL, NULL, "numrxqueues", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "numtxqueues", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "order", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "parentdev", COMPLETE_NONE, "<name>", NULL},
    {NULL, NULL, "port", COMPLETE_DEVICES, NULL, NULL},
    {NULL, NULL, "pref", COMPLETE_NONE, "low medium high", NULL},
    {NULL, NULL, "preference", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "priority", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "protodown", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "qlen", COMPLETE_NONE, "<packets>", NULL},
    {NULL, NULL, "quickack", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "reorder_hdr", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "reordering", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "root_block", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "rto_min", COMPLETE_NONE, "<time>", NULL},
    {NULL, NULL, "rtt", COMPLETE_NONE, "<time>", NULL},
    {NULL, NULL, "rttvar", COMPLETE_NONE, "<time>", NULL},
    {NULL, NULL, "sport", COMPLETE_NONE, "<port>", NULL},
    {NULL, NULL, "ssthresh", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "stp_state", COMPLETE_NONE, "0 1", NULL},
    {NULL, NULL, "sup_group", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "sup_pl", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "suppress_ifgroup", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "suppress_prefixlength", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "tos", COMPLETE_NONE, "<tos>", NULL},
    {NULL, NULL, "txqlen", COMPLETE_NONE, "<packets>", NULL},
    {NULL, NULL, "txqueuelen", COMPLETE_NONE, "<packets>", NULL},
    {NULL, NULL, "uid", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "uidrange", COMPLETE_NONE, "<from-to>", NULL},
    {NULL, NULL, "vf", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "vid", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "vlan", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "vlan_filtering", COMPLETE_NONE, "0 1", NULL},
    {NULL, NULL, "vlan_protocol", COMPLETE_NONE, "802.1Q 802.1ad", NULL},
    {NULL, NULL, "vlan_stats_enabled", COMPLETE_NONE, "0 1", NULL},
    {NULL, NULL, "vlan_stats_per_port", COMPLETE_NONE, "0 1", NULL},
    {NULL, NULL, "vlan_tunnel", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "vrf", COMPLETE_DEVICES, NULL, NULL},
    {NULL, NULL, "window", COMPLETE_NONE, "<number>", NULL},
    {NULL, NULL, "xdp", COMPLETE_NONE, "off", NULL},
    {NULL, NULL, "xdpdrv", COMPLETE_NONE, "off", NULL},
    {NULL, NULL, "xdpgeneric", COMPLETE_NONE, "off", NULL},
    {NULL, NULL, "xdpoffload", COMPLETE_NONE, "off", NULL},
    {NULL, NULL, "-family", COMPLETE_NONE, "inet inet6 link", NULL},
    {NULL, NULL, "veth", COMPLETE_NONE, "peer", NULL},
};

static bool is_or_any(const char *wanted, const char *given)
{
    return !wanted || (given && strcmp(wanted, given) == 0);
}

static const struct value_row *find_row(const struct completion *c, const char *keyword)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct value_row *row = &rows[i];
        if (!row->keyword == !keyword && (!keyword || strcmp(row->keyword, keyword) == 0) &&
            is_or_any(row->object, c->object) && is_or_any(row->verb, c->verb))
            return row;
    }
    return NULL;
}

static void offer_row(const struct completion *c, const char *keyword)
{
    const struct value_row *row = find_row(c, keyword);
    if (!row)
        return;
    complete_offer_source(c, row->source);
    if (row->words)
        complete_offer_words(c, row->words);
    if (row->names)
        complete_offer_names(c, row->names());
}

int arg_offer_value(const struct args *a, const char *keyword)
{
    complete_at_value(a->complete);
    offer_row(a->complete, keyword);
    if (strcmp(keyword, "type") == 0 && is_or_any("link", a->complete->object))
        for (size_t i = 0; vnet_link_kind(i); i++)
            complete_offer(a->complete, vnet_link_kind(i));
    return ARG_EXIT;
}

int arg_offer_row(const struct args *a)
{
    offer_row(a->complete, NULL);
    return ARG_EXIT;
}

int arg_offer_keywords(const struct args *a, const struct keyword *table)
{
    for (; table->name; table++)
        if (table->parse != arg_refuse && table->parse != arg_refuse_value)
            complete_offer(a->complete, table->name);
    offer_row(a->complete, NULL);
    return ARG_EXIT;
}
