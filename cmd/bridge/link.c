/* `bridge link` (bridge/link.c of iproute2 6.1.0). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/bridge/bridge.h"
#include "cmd/ip/link_print.h"
#include "vnet_bridge.h"

static const char usage_text[] =
    "Usage: bridge link set dev DEV [ cost COST ] [ priority PRIO ] [ state STATE ]\n"
    "                               [ guard {on | off} ]\n"
    "                               [ hairpin {on | off} ]\n"
    "                               [ fastleave {on | off} ]\n"
    "                               [ root_block {on | off} ]\n"
    "                               [ learning {on | off} ]\n"
    "                               [ learning_sync {on | off} ]\n"
    "                               [ flood {on | off} ]\n"
    "                               [ mcast_router MULTICAST_ROUTER ]\n"
    "                               [ mcast_flood {on | off} ]\n"
    "                               [ bcast_flood {on | off} ]\n"
    "                               [ mcast_to_unicast {on | off} ]\n"
    "                               [ neigh_suppress {on | off} ]\n"
    "                               [ vlan_tunnel {on | off} ]\n"
    "                               [ isolated {on | off} ]\n"
    "                               [ locked {on | off} ]\n"
    "                               [ hwmode {vepa | veb} ]\n"
    "                               [ backup_port DEVICE ] [ nobackup_port ]\n"
    "                               [ self ] [ master ]\n"
    "       bridge link show [dev DEV]\n";

/* ---- show ---- */

static void print_details(struct printer *p, const struct vnet_link_opts *o)
{
    static const struct {
        unsigned opt;
        const char *name;
    } flags[] = {
        {VNET_BRPORT_HAIRPIN, "hairpin"},
        {VNET_BRPORT_GUARD, "guard"},
        {VNET_BRPORT_ROOT_BLOCK, "root_block"},
        {VNET_BRPORT_FASTLEAVE, "fastleave"},
        {VNET_BRPORT_LEARNING, "learning"},
        {VNET_BRPORT_FLOOD, "flood"},
        {VNET_BRPORT_MCAST_FLOOD, "mcast_flood"},
        {VNET_BRPORT_BCAST_FLOOD, "bcast_flood"},
        {VNET_BRPORT_MCAST_ROUTER, "mcast_router"},
        {VNET_BRPORT_MCAST_TO_UNICAST, "mcast_to_unicast"},
        {VNET_BRPORT_NEIGH_SUPPRESS, "neigh_suppress"},
        {VNET_BRPORT_VLAN_TUNNEL, "vlan_tunnel"},
        {VNET_BRPORT_ISOLATED, "isolated"},
        {VNET_BRPORT_LOCKED, "locked"},
    };
    char format[64];
    print_nl(p);
    print_text(p, "    ");
    for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
        uint64_t value = o->v[flags[i].opt];
        bool number = flags[i].opt == VNET_BRPORT_MCAST_ROUTER;
        snprintf(format, sizeof(format), number ? "%s %%u " : "%s %%s ", flags[i].name);
        if (number)
            print_uint(p, TO_ANY, flags[i].name, format, (unsigned)value);
        else if (p->in_json)
            print_bool(p, flags[i].name, value);
        else
            print_str(p, TO_TEXT, NULL, format, value ? "on" : "off");
    }
}

static void print_port(struct bridge_run *b, const struct vnet_link_opts *o)
{
    struct printer *p = &b->ip.out;
    print_str(p, TO_ANY, "state", "state %s ",
              vnet_br_state_names[o->v[VNET_BRPORT_STATE] % VNET_BR_STATES]);
    print_uint(p, TO_ANY, "priority", "priority %u ", (unsigned)o->v[VNET_BRPORT_PRIORITY]);
    print_uint(p, TO_ANY, "cost", "cost %u ", (unsigned)o->v[VNET_BRPORT_COST]);
    if (b->ip.opt.details)
        print_details(p, o);
}

void bridge_print_link(struct bridge_run *b, const struct vnet_link_info *l)
{
    struct printer *p = &b->ip.out;
    char master[VNET_IFNAMSIZ];
    json_open_object(p, NULL);
    print_int(p, TO_ANY, "ifindex", "%d: ", l->ifindex);
    ip_print_name_and_flags(&b->ip, l);
    print_int(p, TO_ANY, "mtu", "mtu %u ", (int)l->mtu);
    if (l->master)
        print_str(p, TO_ANY, "master", "master %s ", ip_link_name(&b->ip, l->master, master));
    if (l->family == VNET_AF_BRIDGE && l->slave_opts.given) /* IFLA_PROTINFO */
        print_port(b, &l->slave_opts);
    print_text(p, "\n");
    json_close_object(p);
}

/* What br_fill_ifinfo() tells of a port: another index below it, but not whose. */
static void show_port(struct bridge_run *b, struct vnet_link_info *l)
{
    l->family = VNET_AF_BRIDGE;
    l->iflink_netnsid = -1;
    if (l->iflink == l->ifindex)
        l->iflink = 0;
    bridge_print_link(b, l);
}

static int show(struct bridge_run *b, struct args *a, unsigned value)
{
    (void)value;
    struct ip *ip = &b->ip;
    const char *dev = NULL;
    struct vnet_link_info l;
    while (a->n > 0) {
        if (arg_completing(a))
            return arg_offer_value(a, "dev");
        if (strcmp(a->v[0], "dev") == 0) {
            int status = arg_next(a);
            if (status)
                return status;
            if (dev)
                return arg_duplicate(a, "dev", a->v[0]);
            dev = a->v[0];
        }
        arg_advance(a);
    }
    int only = dev ? ip_link_index(ip, dev) : 0;
    if (dev && !only)
        return bridge_nodev(b, "Cannot find device \"%s\"\n", dev);
    json_begin(&ip->out);
    for (int i = vnet_link_next(ip->ns, 0); i; i = vnet_link_next(ip->ns, i))
        if ((!only || i == only) && vnet_link_get(ip->ns, i, &l) == 0 &&
            vnet_brport_get(ip->ns, i, &l.slave_opts))
            show_port(b, &l);
    json_end(&ip->out);
    return ARG_OK;
}

/* ---- set ---- */

struct setting {
    struct bridge_run *b;
    const char *dev;
    struct vnet_link_opts opts;
    uint8_t whose; /* VNET_NTF_* */
};

static int give(struct args *a, struct setting *s, const char *name, unsigned opt, uint64_t value)
{
    if (!vnet_brport_opt_emulated((enum vnet_brport_opt)opt, value))
        return arg_unsupported(a, "bridge link option", name);
    s->opts.given |= UINT64_C(1) << opt;
    s->opts.v[opt] = value;
    return ARG_OK;
}

static int take_on_off(struct args *a, void *into, const struct keyword *kw)
{
    enum { STATUS_EINVAL = 234 }; /* -EINVAL as an exit status */
    int status = arg_next(a);
    if (status)
        return status;
    bool on = strcmp(a->v[0], "on") == 0;
    if (!on && strcmp(a->v[0], "off") != 0) {
        arg_off_on(a, kw->name, a->v[0]);
        return ARG_EXIT | STATUS_EINVAL;
    }
    return give(a, into, kw->name, kw->value, on);
}

/* atoi() into the type that the real tool has for it: what does not fit there is cut. */
static int take_cost(struct args *a, void *into, const struct keyword *kw)
{
    int status = arg_next(a);
    if (status)
        return status;
    uint32_t value = (uint32_t)strtol(a->v[0], NULL, 10);
    return value == 0 ? ARG_OK : give(a, into, kw->name, kw->value, value);
}

/* ... which has a sign: less than nothing is not given. */
static int give_signed(struct args *a, void *into, const struct keyword *kw, int value)
{
    return value < 0 ? ARG_OK : give(a, into, kw->name, kw->value, (uint64_t)value);
}

static int take_priority(struct args *a, void *into, const struct keyword *kw)
{
    int status = arg_next(a);
    return status ? status : give_signed(a, into, kw, (int16_t)strtol(a->v[0], NULL, 10));
}

static int take_router(struct args *a, void *into, const struct keyword *kw)
{
    int status = arg_next(a);
    return status ? status : give_signed(a, into, kw, (int8_t)strtol(a->v[0], NULL, 10));
}

static int take_state(struct args *a, void *into, const struct keyword *kw)
{
    char *end;
    int status = arg_next(a);
    if (status)
        return status;
    unsigned long state = strtoul(a->v[0], &end, 10);
    if (*a->v[0] == '\0' || *end != '\0') {
        state = 0;
        while (state < VNET_BR_STATES && strcmp(vnet_br_state_names[state], a->v[0]) != 0)
            state++;
        if (state == VNET_BR_STATES) {
            sink_puts(a->err, "Error: invalid STP port state\n");
            return BRIDGE_FAILED;
        }
    }
    return give_signed(a, into, kw, (int8_t)state);
}

static int take_hwmode(struct args *a, void *into, const struct keyword *kw)
{
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    ((struct setting *)into)->whose |= VNET_NTF_SELF;
    if (strcmp(a->v[0], "vepa") == 0 || strcmp(a->v[0], "veb") == 0)
        return ARG_OK; /* asked of the device itself, which has no such modes */
    sink_puts(a->err, "Mode argument must be \"vepa\" or \"veb\".\n");
    return BRIDGE_FAILED;
}

static int take_whose(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    ((struct setting *)into)->whose |= (uint8_t)kw->value;
    return ARG_OK;
}

static int take_backup(struct args *a, void *into, const struct keyword *kw)
{
    struct setting *s = into;
    int status = arg_next(a);
    if (status)
        return status;
    int ifindex = ip_link_index(&s->b->ip, a->v[0]);
    if (ifindex)
        return give(a, s, kw->name, kw->value, (uint64_t)ifindex);
    sink_printf(a->err, "Error: device %s does not exist\n", a->v[0]);
    return BRIDGE_FAILED;
}

static int take_other(struct args *a, void *into)
{
    (void)a;
    return bridge_usage(((struct setting *)into)->b, usage_text);
}

static const struct keyword words[] = {
    {"dev", false, ARG_TEXT(setting, dev), NULL},
    {"guard", false, take_on_off, VNET_BRPORT_GUARD, NULL},
    {"hairpin", false, take_on_off, VNET_BRPORT_HAIRPIN, NULL},
    {"fastleave", false, take_on_off, VNET_BRPORT_FASTLEAVE, NULL},
    {"root_block", false, take_on_off, VNET_BRPORT_ROOT_BLOCK, NULL},
    {"learning", false, take_on_off, VNET_BRPORT_LEARNING, NULL},
    {"learning_sync", false, arg_refuse_value, 0, "bridge link option"},
    {"flood", false, take_on_off, VNET_BRPORT_FLOOD, NULL},
    {"mcast_router", false, take_router, VNET_BRPORT_MCAST_ROUTER, NULL},
    {"mcast_flood", false, take_on_off, VNET_BRPORT_MCAST_FLOOD, NULL},
    {"bcast_flood", false, take_on_off, VNET_BRPORT_BCAST_FLOOD, NULL},
    {"mcast_to_unicast", false, take_on_off, VNET_BRPORT_MCAST_TO_UNICAST, NULL},
    {"cost", false, take_cost, VNET_BRPORT_COST, NULL},
    {"priority", false, take_priority, VNET_BRPORT_PRIORITY, NULL},
    {"state", false, take_state, VNET_BRPORT_STATE, NULL},
    {"hwmode", false, take_hwmode, 0, NULL},
    {"self", false, take_whose, VNET_NTF_SELF, NULL},
    {"master", false, take_whose, VNET_NTF_MASTER, NULL},
    {"neigh_suppress", false, take_on_off, VNET_BRPORT_NEIGH_SUPPRESS, NULL},
    {"vlan_tunnel", false, take_on_off, VNET_BRPORT_VLAN_TUNNEL, NULL},
    {"isolated", false, take_on_off, VNET_BRPORT_ISOLATED, NULL},
    {"locked", false, take_on_off, VNET_BRPORT_LOCKED, NULL},
    {"backup_port", false, take_backup, VNET_BRPORT_BACKUP_PORT, NULL},
    {"nobackup_port", false, take_whose, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

static int set(struct bridge_run *b, struct args *a, unsigned value)
{
    (void)value;
    struct setting s = {.b = b};
    struct vnet_err err = {""};
    int status = args_read(a, words, &s, take_other);
    if (status)
        return status;
    if (!s.dev) {
        sink_puts(b->ip.err, "Device is a required argument.\n");
        return BRIDGE_FAILED;
    }
    int ifindex = ip_link_index(&b->ip, s.dev);
    if (!ifindex)
        return bridge_nodev(b, "Cannot find bridge device \"%s\"\n", s.dev);
    return bridge_answer(b, vnet_brport_set(b->ip.ns, ifindex, &s.opts, s.whose, &err), &err);
}

static const struct bridge_verb verbs[] = {
    {"set", set, 0},  {"change", set, 0}, {"show", show, 0},
    {"lst", show, 0}, {"list", show, 0},  {NULL, NULL, 0},
};

int bridge_link(struct bridge_run *b, struct args *a)
{
    return bridge_run_verb(b, a, "link", verbs, usage_text);
}
