/* `ip monitor` (ip/ipmonitor.c of iproute2 6.1.0). */
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/mem.h"
#include "cmd/ip/addr_print.h"
#include "cmd/ip/help.h"
#include "cmd/ip/link_print.h"
#include "cmd/ip/neigh_print.h"
#include "cmd/ip/netconf.h"
#include "cmd/ip/nexthop_print.h"
#include "cmd/ip/nl_listen.h"
#include "cmd/ip/nsid_map.h"
#include "cmd/ip/route_print.h"
#include "cmd/ip/rule_print.h"
#include "vnet_netlink.h"

enum {
    MON_LINK = 1 << 0,
    MON_ADDR = 1 << 1,
    MON_ROUTE = 1 << 2,
    MON_NEIGH = 1 << 3,
    MON_NETCONF = 1 << 4,
    MON_RULE = 1 << 5,
    MON_NSID = 1 << 6,
    MON_NEXTHOP = 1 << 7,
    MON_OTHERS = 1 << 8, /* of which nothing is ever told here: mroute, prefix, stats */
    MON_ALL = (1 << 9) - 1,
};

struct monitor {
    struct ip *ip;
    unsigned what; /* MON_* */
    bool label, all_nsid;
    int ifindex; /* 0: all */
    struct nsid_map nsids;
    struct nl_listen listen;
};

/* ---- words ---- */

static int take_object(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    ((struct monitor *)into)->what |= kw->value;
    return ARG_OK;
}

static int take_label(struct args *a, void *into, const struct keyword *kw)
{
    struct monitor *m = into;
    (void)a;
    *(kw->value ? &m->all_nsid : &m->label) = true;
    return ARG_OK;
}

static int take_dev(struct args *a, void *into, const struct keyword *kw)
{
    struct monitor *m = into;
    (void)kw;
    int status = arg_next(a);
    if (!status)
        status = ip_open(m->ip);
    if (status)
        return status;
    m->ifindex = ip_link_index(m->ip, a->v[0]);
    return m->ifindex ? ARG_OK : arg_invalid(a, "Device does not exist\n", a->v[0]);
}

static int take_other(struct args *a, void *into)
{
    struct monitor *m = into;
    if (arg_matches(a->v[0], "help"))
        return ip_usage(m->ip, HELP_MONITOR);
    sink_printf(m->ip->err, "Argument \"%s\" is unknown, try \"ip monitor help\".\n", a->v[0]);
    return ARG_USAGE;
}

/* In do_ipmonitor()'s order. */
static const struct keyword words[] = {
    {"file", true, arg_refuse_value, 0, "ip monitor"},
    {"label", true, take_label, 0, NULL},
    {"link", true, take_object, MON_LINK, NULL},
    {"address", true, take_object, MON_ADDR, NULL},
    {"route", true, take_object, MON_ROUTE, NULL},
    {"mroute", true, take_object, MON_OTHERS, NULL},
    {"prefix", true, take_object, MON_OTHERS, NULL},
    {"neigh", true, take_object, MON_NEIGH, NULL},
    {"netconf", true, take_object, MON_NETCONF, NULL},
    {"rule", true, take_object, MON_RULE, NULL},
    {"nsid", true, take_object, MON_NSID, NULL},
    {"nexthop", true, take_object, MON_NEXTHOP, NULL},
    {"stats", false, take_object, MON_OTHERS, NULL},
    {"all", false, take_label, 0, NULL},
    {"all-nsid", true, take_label, 1, NULL},
    {"dev", false, take_dev, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

/* ---- printing ---- */

static const struct kind {
    uint16_t type; /* VNET_RTM_NEW... */
    unsigned what;
    const char *label;
} kinds[] = {
    {VNET_RTM_NEWLINK, MON_LINK, "[LINK]"},    {VNET_RTM_NEWADDR, MON_ADDR, "[ADDR]"},
    {VNET_RTM_NEWROUTE, MON_ROUTE, "[ROUTE]"}, {VNET_RTM_NEWNEIGH, MON_NEIGH, "[NEIGH]"},
    {VNET_RTM_NEWRULE, MON_RULE, "[RULE]"},    {VNET_RTM_NEWNETCONF, MON_NETCONF, "[NETCONF]"},
    {VNET_RTM_NEWNSID, MON_NSID, "[NSID]"},    {VNET_RTM_NEWNEXTHOP, MON_NEXTHOP, "[NEXTHOP]"},
};

/* print_timestamp() */
static void print_headers(const struct monitor *m, const char *label, int64_t when)
{
    struct sink *out = m->ip->out.out;
    if (m->ip->opt.timestamp)
        nl_print_timestamp(m->ip, when);
    if (m->all_nsid)
        sink_puts(out, "[nsid current]");
    if (m->label)
        sink_puts(out, label);
}

/* Is it about the device asked for? A route is about that of its only nexthop. */
static bool wanted(const struct monitor *m, int ifindex)
{
    return !m->ifindex || m->ifindex == ifindex;
}

static bool is_wanted(const struct monitor *m, const struct vnet_netlink_msg *msg, unsigned what)
{
    switch (what) {
    case MON_LINK:
        return wanted(m, msg->link.ifindex);
    case MON_ADDR:
        return wanted(m, msg->addr.ifindex);
    case MON_ROUTE:
        return wanted(m, msg->route.nnh == 1 ? msg->nh[0].oif : 0);
    case MON_NEIGH:
        return wanted(m, msg->neigh.ifindex);
    case MON_NETCONF:
        return wanted(m, msg->netconf.ifindex);
    default:
        return true;
    }
}

static void print_link(struct monitor *m, const struct vnet_netlink_msg *msg)
{
    const struct link_view view = {.news = &msg->link_news};
    ip_print_link(m->ip, &msg->link, &view);
}

static void print_message(struct monitor *m, const struct vnet_netlink_msg *msg, unsigned what)
{
    struct ip *ip = m->ip;
    if (msg->type & 1)
        sink_puts(ip->out.out, "Deleted ");
    if (what == MON_LINK)
        print_link(m, msg);
    else if (what == MON_ADDR)
        ip_print_addr(ip, &msg->addr, true);
    else if (what == MON_ROUTE)
        ip_print_route(ip, &(struct route_filter){.oif = m->ifindex}, &msg->route);
    else if (what == MON_NEIGH)
        ip_print_neigh(ip, &(struct neigh_filter){.ifindex = m->ifindex}, &msg->neigh);
    else if (what == MON_RULE)
        ip_print_rule(ip, &msg->rule);
    else if (what == MON_NSID)
        nsid_map_print(&m->nsids, ip, &msg->nsid, msg->type == VNET_RTM_DELNSID);
    else if (what == MON_NEXTHOP)
        ip_print_nexthop(ip, &msg->nexthop);
    else
        ip_print_netconf(ip, &msg->netconf);
}

/* accept_msg() */
static void accept(struct nl_listen *l, int64_t when)
{
    struct monitor *m = container_of(l, struct monitor, listen);
    const struct vnet_netlink_msg *msg = &l->msg;
    const struct kind *k = kinds;
    while (k < kinds + ARRAY_LEN(kinds) && k->type / 2 != msg->type / 2)
        k++;
    if (k == kinds + ARRAY_LEN(kinds))
        return;
    bool gone = msg->type == VNET_RTM_DELLINK && msg->link.family != VNET_AF_BRIDGE;
    if (k->what == MON_LINK)
        ll_map_link(&l->names, &msg->link, gone, m->what & MON_LINK);
    if (!(m->what & k->what) || !is_wanted(m, msg, k->what))
        return;
    print_headers(m, k->label, when);
    print_message(m, msg, k->what);
}

/* ---- listening ---- */

static uint32_t groups(const struct monitor *m)
{
    static const struct {
        unsigned what;
        uint8_t family;
        uint32_t group;
    } rows[] = {
        {MON_ADDR, VNET_AF_INET, VNET_RTMGRP_IPV4_IFADDR},
        {MON_ADDR, VNET_AF_INET6, VNET_RTMGRP_IPV6_IFADDR},
        {MON_ROUTE, VNET_AF_INET, VNET_RTMGRP_IPV4_ROUTE},
        {MON_ROUTE, VNET_AF_INET6, VNET_RTMGRP_IPV6_ROUTE},
        {MON_RULE, VNET_AF_INET, VNET_RTMGRP_IPV4_RULE},
        {MON_RULE, VNET_AF_INET6, VNET_RTMGRP_IPV6_RULE},
        {MON_NETCONF, VNET_AF_INET, VNET_RTMGRP_IPV4_NETCONF},
        {MON_NETCONF, VNET_AF_INET6, VNET_RTMGRP_IPV6_NETCONF},
    };
    static const struct {
        unsigned what;
        uint32_t group;
    } any_family[] = {{MON_NEIGH, VNET_RTMGRP_NEIGH},
                      {MON_NSID, VNET_RTMGRP_NSID},
                      {MON_NEXTHOP, VNET_RTMGRP_NEXTHOP}};
    uint8_t family = m->ip->opt.family;
    uint32_t all = VNET_RTMGRP_LINK; /* always: names are as they were when it happened */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (m->what & rows[i].what && (!family || family == rows[i].family))
            all |= rows[i].group;
    for (size_t i = 0; i < ARRAY_LEN(any_family); i++)
        all |= m->what & any_family[i].what ? any_family[i].group : 0;
    return all;
}

int ip_monitor_object(struct ip *ip, struct args *a)
{
    struct monitor *m = mem_alloc(sizeof(*m));
    m->ip = ip;
    m->listen = (struct nl_listen){.ip = ip, .accept = accept, .wait = {.env = ip->env}};
    int status = args_read(a, words, m, take_other);
    if (!status)
        status = ip_open(ip);
    if (!m->what)
        m->what = MON_ALL;
    if (!status) {
        m->listen.groups = groups(m);
        nsid_map_init(&m->nsids, ip->ns);
        status = nl_listen(&m->listen);
    }
    nsid_map_release(&m->nsids);
    free(m);
    return status;
}
