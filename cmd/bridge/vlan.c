/* `bridge vlan` (bridge/vlan.c of iproute2 6.1.0). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/bridge/bridge.h"
#include "vnet_bridge.h"

enum { VLAN_N_VID = 4096 };

static const char usage_text[] =
    "Usage: bridge vlan { add | del } vid VLAN_ID dev DEV [ tunnel_info id TUNNEL_ID ]\n"
    "                                                     [ pvid ] [ untagged ]\n"
    "                                                     [ self ] [ master ]\n"
    "       bridge vlan { set } vid VLAN_ID dev DEV [ state STP_STATE ]\n"
    "                                               [ mcast_router MULTICAST_ROUTER ]\n"
    "       bridge vlan { show } [ dev DEV ] [ vid VLAN_ID ]\n"
    "       bridge vlan { tunnelshow } [ dev DEV ] [ vid VLAN_ID ]\n"
    "       bridge vlan global { set } vid VLAN_ID dev DEV\n"
    "                      [ mcast_snooping MULTICAST_SNOOPING ]\n"
    "                      [ mcast_querier MULTICAST_QUERIER ]\n"
    "                      [ mcast_igmp_version IGMP_VERSION ]\n"
    "                      [ mcast_mld_version MLD_VERSION ]\n"
    "                      [ mcast_last_member_count LAST_MEMBER_COUNT ]\n"
    "                      [ mcast_last_member_interval LAST_MEMBER_INTERVAL ]\n"
    "                      [ mcast_startup_query_count STARTUP_QUERY_COUNT ]\n"
    "                      [ mcast_startup_query_interval STARTUP_QUERY_INTERVAL ]\n"
    "                      [ mcast_membership_interval MEMBERSHIP_INTERVAL ]\n"
    "                      [ mcast_querier_interval QUERIER_INTERVAL ]\n"
    "                      [ mcast_query_interval QUERY_INTERVAL ]\n"
    "                      [ mcast_query_response_interval QUERY_RESPONSE_INTERVAL ]\n"
    "       bridge vlan global { show } [ dev DEV ] [ vid VLAN_ID ]\n";

/* ---- show ---- */

struct listing {
    struct bridge_run *b;
    const char *dev;
    int ifindex, vid; /* 0: all */
};

static bool same_flags(const struct vnet_brvlan *a, const struct vnet_brvlan *b)
{
    return a->pvid == b->pvid && a->untagged == b->untagged;
}

/* How many VLANs from the i-th on are told as one range. */
static unsigned run_length(const struct listing *l, int ifindex, unsigned i,
                           const struct vnet_brvlan *first)
{
    struct vnet_brvlan v;
    unsigned n = 1;
    if (!l->b->compress_vlans || first->pvid)
        return 1;
    while (vnet_brvlan_get(l->b->ip.ns, ifindex, i + n, &v) && v.vid == first->vid + n &&
           same_flags(&v, first))
        n++;
    return n;
}

static void print_vlan(struct printer *p, const struct vnet_brvlan *v, unsigned n)
{
    json_open_object(p, NULL);
    print_uint(p, TO_ANY, "vlan", "%u", v->vid);
    if (n > 1)
        print_uint(p, TO_ANY, "vlanEnd", "-%u", v->vid + n - 1);
    if (v->pvid || v->untagged) {
        json_open_array(p, "flags");
        if (v->pvid)
            print_str(p, TO_ANY, NULL, p->in_json ? "%s" : " %s", "PVID");
        if (v->untagged)
            print_str(p, TO_ANY, NULL, p->in_json ? "%s" : " %s", "Egress Untagged");
        json_close_array(p);
    }
    json_close_object(p);
    print_text(p, "\n");
}

static void show_device(const struct listing *l, int ifindex)
{
    struct printer *p = &l->b->ip.out;
    char name[VNET_IFNAMSIZ];
    struct vnet_brvlan v;
    bool any = false;
    for (unsigned i = 0, n; vnet_brvlan_get(l->b->ip.ns, ifindex, i, &v); i += n) {
        n = run_length(l, ifindex, i, &v);
        if (l->vid && (l->vid < v.vid || l->vid >= (int)(v.vid + n)))
            continue;
        if (!any) {
            json_open_object(p, NULL);
            print_colored(p, TO_ANY, COLOR_IFNAME, "ifname", "%-16s  ",
                          ip_link_name(&l->b->ip, ifindex, name));
            json_open_array(p, "vlans");
        } else {
            print_text(p, "                  ");
        }
        any = true;
        print_vlan(p, &v, n);
    }
    if (any) {
        json_close_array(p);
        json_close_object(p);
    }
}

static int read_listing(struct args *a, struct listing *l)
{
    while (a->n > 0) {
        bool dev = strcmp(a->v[0], "dev") == 0;
        if (arg_completing(a)) {
            complete_offer(a->complete, "vid");
            return arg_offer_value(a, "dev");
        }
        if (dev || strcmp(a->v[0], "vid") == 0) {
            const char *key = a->v[0];
            int status = arg_next(a);
            if (status)
                return status;
            if (dev ? l->dev != NULL : l->vid != 0)
                return arg_duplicate(a, key, a->v[0]);
            if (dev)
                l->dev = a->v[0];
            else
                l->vid = (int)strtol(a->v[0], NULL, 10);
        }
        arg_advance(a);
    }
    return ARG_OK;
}

static int show(struct bridge_run *b, struct args *a, unsigned value)
{
    (void)value;
    struct ip *ip = &b->ip;
    struct listing l = {.b = b};
    int status = read_listing(a, &l);
    if (status)
        return status;
    l.ifindex = l.dev ? ip_link_index(ip, l.dev) : 0;
    if (l.dev && !l.ifindex)
        return bridge_nodev(b, "Cannot find device \"%s\"\n", l.dev);
    if (ip->opt.stats || ip->opt.details)
        return arg_unsupported(a, "bridge vlan", ip->opt.stats ? "-s" : "-d");
    json_begin(&ip->out);
    print_text(&ip->out, "port              vlan-id  \n");
    for (int i = vnet_link_next(ip->ns, 0); i; i = vnet_link_next(ip->ns, i))
        if (!l.ifindex || i == l.ifindex)
            show_device(&l, i);
    json_end(&ip->out);
    return ARG_OK;
}

/* ---- add, del ---- */

struct change {
    struct bridge_run *b;
    const char *dev;
    int vid, vid_end; /* -1: not given */
    struct vnet_brvlan flags;
    uint8_t whose;
};

static int take_vid(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    const char *dash = strchr(a->v[0], '-');
    /* atoi() of what stands before the dash */
    c->vid = dash == a->v[0] ? 0 : (int)(short)strtol(a->v[0], NULL, 10);
    c->vid_end = dash ? (int)(short)strtol(dash + 1, NULL, 10) : -1;
    return ARG_OK;
}

static int take_flag(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    (void)a;
    if (kw->value == 0)
        c->flags.pvid = true;
    else if (kw->value == 1)
        c->flags.untagged = true;
    else
        c->whose |= (uint8_t)kw->value;
    return ARG_OK;
}

static int take_other(struct args *a, void *into)
{
    return arg_matches(a->v[0], "help") ? bridge_usage(((struct change *)into)->b, usage_text)
                                        : ARG_OK;
}

static const struct keyword words[] = {
    {"dev", false, ARG_TEXT(change, dev), NULL},
    {"vid", false, take_vid, 0, NULL},
    {"self", false, take_flag, VNET_NTF_SELF, NULL},
    {"master", false, take_flag, VNET_NTF_MASTER, NULL},
    {"pvid", false, take_flag, 0, NULL},
    {"untagged", false, take_flag, 1, NULL},
    {"tunnel_info", false, arg_refuse_value, 0, "bridge vlan"},
    {NULL, false, NULL, 0, NULL},
};

/* The checks of vlan_modify(), and the first number of an interval or the only one. */
static int check(const struct change *c)
{
    struct sink *err = c->b->ip.err;
    if (!c->dev || c->vid < 0) {
        sink_puts(err, "Device and VLAN ID are required arguments.\n");
        return BRIDGE_FAILED;
    }
    if (!ip_link_index(&c->b->ip, c->dev))
        return bridge_nodev(c->b, "Cannot find bridge device \"%s\"\n", c->dev);
    if (c->vid >= VLAN_N_VID)
        sink_printf(err, "Invalid VLAN ID \"%d\"\n", c->vid);
    else if (c->vid_end != -1 && (c->vid_end >= VLAN_N_VID || c->vid >= c->vid_end))
        sink_printf(err, "Invalid VLAN range \"%d-%d\"\n", c->vid, c->vid_end);
    else if (c->vid_end != -1 && c->flags.pvid)
        sink_puts(err, "pvid cannot be configured for a vlan range\n");
    else
        return ARG_OK;
    return BRIDGE_FAILED;
}

static int modify(struct bridge_run *b, struct args *a, unsigned add)
{
    struct change c = {.b = b, .vid = -1, .vid_end = -1};
    struct vnet_err err = {""};
    int status = args_read(a, words, &c, take_other);
    if (!status)
        status = check(&c);
    if (status)
        return status;
    int ifindex = ip_link_index(&b->ip, c.dev);
    int last = c.vid_end == -1 ? c.vid : c.vid_end;
    c.flags.vid = (uint16_t)c.vid;
    int rc = vnet_brvlan_change(b->ip.ns, ifindex, &c.flags, (uint16_t)last, add, c.whose, &err);
    return bridge_answer(b, rc, &err);
}

/* No port has tunnels. */
static int tunnelshow(struct bridge_run *b, struct args *a, unsigned value)
{
    (void)value;
    struct listing l = {.b = b};
    int status = read_listing(a, &l);
    if (status)
        return status;
    json_begin(&b->ip.out);
    print_text(&b->ip.out, "port              vlan-id    tunnel-id\n");
    json_end(&b->ip.out);
    return ARG_OK;
}

static const struct bridge_verb verbs[] = {
    {"set", NULL, 0},  {"global", NULL, 0}, {"add", modify, true}, {"delete", modify, false},
    {"show", show, 0}, {"lst", show, 0},    {"list", show, 0},     {"tunnelshow", tunnelshow, 0},
    {NULL, NULL, 0},
};

int bridge_vlan(struct bridge_run *b, struct args *a)
{
    return bridge_run_verb(b, a, "vlan", verbs, usage_text);
}
