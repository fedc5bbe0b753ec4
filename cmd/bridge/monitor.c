/* `bridge monitor` (bridge/monitor.c of iproute2 6.1.0). */
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/mem.h"
#include "cmd/bridge/bridge.h"
#include "cmd/ip/nl_listen.h"

static const char usage_text[] =
    "Usage: bridge monitor [file | link | fdb | mdb | vlan | vni | all]\n";

enum { MON_LINK = 1, MON_FDB = 2, MON_MDB = 4, MON_VLAN = 8, MON_ALL = 15 };

struct monitor {
    struct bridge_run *b;
    unsigned what; /* MON_* */
    bool label;
    struct nl_listen listen;
};

/* ---- printing ---- */

static void print_headers(const struct monitor *m, const char *label, int64_t when)
{
    const struct ip *ip = &m->b->ip;
    if (ip->opt.timestamp)
        nl_print_timestamp(ip, when);
    if (m->label)
        sink_puts(ip->out.out, label);
}

static void print_deleted(const struct monitor *m)
{
    if (m->listen.msg.type & 1)
        sink_puts(m->b->ip.out.out, "Deleted ");
}

static void print_link(struct monitor *m, int64_t when)
{
    print_headers(m, "[LINK]", when);
    print_deleted(m);
    bridge_print_link(m->b, &m->listen.msg.link);
    sink_flush(m->b->ip.out.out);
}

/* Neighbours of other families are told as well, and passed over. */
static void print_fdb(struct monitor *m, int64_t when)
{
    enum { MS = 10 }; /* in a hundredth of a second */
    const struct vnet_neigh_info *n = &m->listen.msg.neigh;
    struct vnet_fdb_info e = {.ifindex = n->ifindex,
                              .master = n->master,
                              .vlan = n->vlan,
                              .state = n->state,
                              .flags = (uint8_t)n->flags,
                              .has_times = true,
                              .used = (uint32_t)(n->used_ms / MS),
                              .updated = (uint32_t)(n->updated_ms / MS)};
    if (n->family != VNET_AF_BRIDGE)
        return;
    memcpy(e.addr, n->lladdr.bytes, sizeof(e.addr));
    print_headers(m, "[NEIGH]", when);
    print_deleted(m);
    bridge_print_fdb(m->b, &e, true);
    sink_flush(m->b->ip.out.out);
}

static void print_mdb(struct monitor *m, int64_t when)
{
    struct ip *ip = &m->b->ip;
    const struct vnet_mdb_news *n = &m->listen.msg.mdb;
    struct vnet_mdb_entry e = n->e;
    char name[VNET_IFNAMSIZ];
    print_headers(m, "[MDB]", when);
    print_deleted(m);
    if (n->router) {
        print_str(&ip->out, TO_ANY, NULL, "router port dev %s", ip_link_name(ip, e.port, name));
        print_str(&ip->out, TO_ANY, NULL, " master %s\n", ip_link_name(ip, e.br, name));
        return;
    }
    if (n->mac.len)
        memcpy(e.addr.bytes, n->mac.bytes, ETH_ALEN);
    bridge_print_mdb(m->b, &e);
}

static void print_vlan(struct monitor *m, int64_t when)
{
    struct ip *ip = &m->b->ip;
    struct printer *p = &ip->out;
    const struct vnet_vlan_news *v = &m->listen.msg.vlan;
    char name[VNET_IFNAMSIZ];
    print_headers(m, "[VLAN]", when);
    print_deleted(m);
    print_colored(p, TO_ANY, COLOR_IFNAME, "ifname", "%-16s  ", ip_link_name(ip, v->ifindex, name));
    print_uint(p, TO_ANY, "vlan", "%u", v->vid);
    print_text(p, v->pvid ? " PVID" : "");
    print_text(p, v->untagged ? " Egress Untagged" : "");
    print_nl(p);
    print_str(p, TO_ANY, "state", "                    state %s ",
              vnet_br_state_names[v->state % VNET_BR_STATES]);
    if (v->router)
        print_uint(p, TO_ANY, "mcast_router", "mcast_router %u ", v->router);
    print_nl(p);
}

/* accept_msg() */
static void accept(struct nl_listen *l, int64_t when)
{
    static const struct {
        uint16_t type; /* VNET_RTM_NEW... */
        unsigned what;
        void (*print)(struct monitor *m, int64_t when);
    } kinds[] = {{VNET_RTM_NEWLINK, MON_LINK, print_link},
                 {VNET_RTM_NEWNEIGH, MON_FDB, print_fdb},
                 {VNET_RTM_NEWMDB, MON_MDB, print_mdb},
                 {VNET_RTM_NEWVLAN, MON_VLAN, print_vlan}};
    struct monitor *m = container_of(l, struct monitor, listen);
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (kinds[i].type / 2 == l->msg.type / 2 && m->what & kinds[i].what)
            kinds[i].print(m, when);
}

/* ---- words ---- */

static int take_object(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    ((struct monitor *)into)->what |= kw->value;
    return ARG_OK;
}

static int take_all(struct args *a, void *into, const struct keyword *kw)
{
    struct monitor *m = into;
    (void)a;
    (void)kw;
    m->what = MON_ALL;
    m->label = true;
    return ARG_OK;
}

static int take_other(struct args *a, void *into)
{
    struct monitor *m = into;
    if (arg_matches(a->v[0], "help"))
        return bridge_usage(m->b, usage_text);
    sink_printf(m->b->ip.err, "Argument \"%s\" is unknown, try \"bridge monitor help\".\n",
                a->v[0]);
    return ARG_USAGE;
}

static const struct keyword words[] = {
    {"file", true, arg_refuse_value, 0, "bridge monitor"},
    {"link", true, take_object, MON_LINK, NULL},
    {"fdb", true, take_object, MON_FDB, NULL},
    {"mdb", true, take_object, MON_MDB, NULL},
    {"vlan", true, take_object, MON_VLAN, NULL},
    {"vni", false, arg_refuse, 0, "bridge monitor"},
    {"all", false, take_all, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

static uint32_t groups(unsigned what)
{
    static const uint32_t group[] = {VNET_RTMGRP_LINK, VNET_RTMGRP_NEIGH, VNET_RTMGRP_MDB,
                                     VNET_RTMGRP_BRVLAN};
    uint32_t all = VNET_RTMGRP_LINK; /* always: names are as they were when it happened */
    for (size_t i = 0; i < ARRAY_LEN(group); i++)
        all |= what & 1U << i ? group[i] : 0;
    return all;
}

int bridge_monitor(struct bridge_run *b, struct args *a)
{
    struct monitor *m = mem_alloc(sizeof(*m));
    m->b = b;
    int status = args_read(a, words, m, take_other);
    if (!status)
        status = ip_open(&b->ip);
    if (!m->what) /* groups of ~RTMGRP_TC: VLANs have a number beyond those */
        m->what = MON_LINK | MON_FDB | MON_MDB;
    if (!status) {
        m->listen =
            (struct nl_listen){.ip = &b->ip,
                               .groups = groups(m->what),
                               .by_stdio = true, /* links and addresses are written at once */
                               .accept = accept,
                               .wait = {.env = b->ip.env}};
        b->ip.out.json = false; /* it is not asked for: nothing begins the array */
        status = nl_listen(&m->listen);
    }
    free(m);
    return status;
}
