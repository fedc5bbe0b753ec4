#include "cmd/ip/link_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"
#include "cmd/ip/link_print.h"
#include "cmd/ip/names.h"
#include "cmd/ip/prefix.h"

enum { ALIAS_MAX = 256 }; /* IFALIASZ */

static int take_up_down(struct args *a, void *into, const struct keyword *kw)
{
    struct vnet_link_req *req = &((struct link_words *)into)->req;
    (void)a;
    req->change |= VNET_IFF_UP;
    req->flags = kw->value ? req->flags | VNET_IFF_UP : req->flags & ~(uint32_t)VNET_IFF_UP;
    return ARG_OK;
}

static int take_name(struct args *a, void *into, const struct keyword *kw)
{
    struct link_words *w = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (w->name)
        return arg_duplicate(a, "name", a->v[0]);
    if (!ip_ifname_ok(a->v[0]))
        return arg_invalid(a, "\"name\" not a valid ifname", a->v[0]);
    w->name = a->v[0];
    if (!w->dev)
        w->dev = w->name;
    return ARG_OK;
}

static int take_index(struct args *a, void *into, const struct keyword *kw)
{
    struct link_words *w = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (w->req.ifindex)
        return arg_duplicate(a, "index", a->v[0]);
    w->req.ifindex = atoi(a->v[0]);
    return w->req.ifindex > 0 ? ARG_OK : arg_invalid(a, "Invalid \"index\" value", a->v[0]);
}

/* `link DEV` of `ip link add`: the device that the new one lies on. */
static int take_link(struct args *a, void *into, const struct keyword *kw)
{
    struct link_words *w = into;
    (void)kw;
    int status = arg_next(a);
    if (status || !w->create)
        return status;
    w->req.link = ip_link_index(w->ip, a->v[0]);
    return w->req.link ? ARG_OK : ip_nodev(w->ip, a->v[0]);
}

static int take_lladdr(struct args *a, void *into, const struct keyword *kw)
{
    struct link_words *w = into;
    int status = arg_next(a);
    if (status)
        return status;
    w->req.set |= kw->value;
    return ip_take_lladdr(w->ip, a->v[0], LLADDR_MAX,
                          kw->value == VNET_LINK_ADDR ? &w->req.addr : &w->req.brd);
}

/* An integer that may be given once. */
static int take_number(struct args *a, void *into, const struct keyword *kw)
{
    struct vnet_link_req *req = &((struct link_words *)into)->req;
    static const struct {
        uint32_t bit;
        size_t offset;
        const char *key;
    } fields[] = {
        {VNET_LINK_MTU, offsetof(struct vnet_link_req, mtu), "mtu"},
        {VNET_LINK_TXQLEN, offsetof(struct vnet_link_req, txqlen), "txqueuelen"},
        {VNET_LINK_NUMTXQ, offsetof(struct vnet_link_req, num_tx_queues), "numtxqueues"},
        {VNET_LINK_NUMRXQ, offsetof(struct vnet_link_req, num_rx_queues), "numrxqueues"},
    };
    unsigned i = 0;
    int value;
    while (fields[i].bit != kw->value)
        i++;
    int status = arg_next(a);
    if (status)
        return status;
    if (req->set & kw->value)
        return arg_duplicate(a, fields[i].key, a->v[0]);
    if (!arg_int(a->v[0], 0, &value))
        return arg_invalid(a, kw->why, a->v[0]);
    req->set |= kw->value;
    *(uint32_t *)(void *)((char *)req + fields[i].offset) = (uint32_t)value;
    return ARG_OK;
}

static int take_netns(struct args *a, void *into, const struct keyword *kw)
{
    struct link_words *w = into;
    int pid;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (w->req.set & VNET_LINK_NETNS)
        return arg_duplicate(a, "netns", a->v[0]);
    w->req.set |= VNET_LINK_NETNS;
    w->req.netns = netns_of_file(w->ip->env, w->ip->w, w->ip->ns, a->v[0]);
    w->req.netns_bad = !w->req.netns && netns_is_folder(a->v[0]);
    if (w->req.netns || w->req.netns_bad)
        return ARG_OK;
    if (!arg_int(a->v[0], 0, &pid))
        return arg_invalid(a, "Invalid \"netns\" value\n", a->v[0]);
    w->req.netns = netns_of_pid(w->ip->env, w->ip->w, pid);
    return ARG_OK; /* else the kernel finds no such process */
}

static bool read_on_off(const char *word, bool *on)
{
    *on = strcmp(word, "on") == 0;
    return *on || strcmp(word, "off") == 0;
}

static int take_flag(struct args *a, void *into, const struct keyword *kw)
{
    struct vnet_link_req *req = &((struct link_words *)into)->req;
    const uint32_t inverted = VNET_IFF_NOARP | VNET_IFF_NOTRAILERS;
    bool on;
    int status = arg_next(a);
    if (status)
        return status;
    req->change |= kw->value;
    if (!read_on_off(a->v[0], &on))
        return arg_on_off(a, kw->name, a->v[0]);
    if (kw->value & inverted)
        on = !on;
    req->flags = on ? req->flags | kw->value : req->flags & ~kw->value;
    return ARG_OK;
}

static int take_carrier(struct args *a, void *into, const struct keyword *kw)
{
    enum { STATUS_EINVAL = 22 }; /* iproute2 hands its -EINVAL on as the exit status */
    struct vnet_link_req *req = &((struct link_words *)into)->req;
    bool on;
    int status = arg_next(a);
    if (status)
        return status;
    if (!read_on_off(a->v[0], &on)) {
        arg_off_on(a, kw->name, a->v[0]);
        return STATUS_EINVAL;
    }
    req->set |= VNET_LINK_CARRIER;
    req->carrier = on;
    return ARG_OK;
}

/* gso_max_size, gso_max_segs, gro_max_size: may be given again, the last one counts. */
static int take_gso(struct args *a, void *into, const struct keyword *kw)
{
    struct vnet_link_req *req = &((struct link_words *)into)->req;
    uint32_t *field = kw->value == VNET_LINK_GSO_SIZE   ? &req->gso_max_size
                      : kw->value == VNET_LINK_GSO_SEGS ? &req->gso_max_segs
                                                        : &req->gro_max_size;
    uint32_t value, max = kw->value == VNET_LINK_GSO_SEGS ? UINT16_MAX : UINT32_MAX;
    int status = arg_next(a);
    if (status)
        return status;
    if (!arg_u32(a->v[0], 0, &value) || value > max)
        return arg_invalid(a, kw->why, a->v[0]);
    *field = value;
    req->set |= kw->value;
    return ARG_OK;
}

/* `xdp off`, if it ends the line: no emulated device has a program to let go of. What could load
 * one (bpf_do_parse()) is not emulated. */
static int take_xdp(struct args *a, void *into, const struct keyword *kw)
{
    (void)into;
    int status = arg_next(a);
    if (status)
        return status;
    if (a->n == 1 && (arg_matches(a->v[0], "none") || arg_matches(a->v[0], "off")))
        return ARG_OK;
    static const char *const modes[] = {"object-file", "object-pinned", "pinned", "bytecode-file",
                                        "bytecode",    "bcf",           "bc",     "fd"};
    for (size_t i = 0; i < ARRAY_LEN(modes); i++)
        if (arg_matches(a->v[0], modes[i]))
            return arg_unsupported(a, "ip link", kw->name);
    sink_printf(a->err, "What mode is \"%s\"?\n", a->v[0]);
    return ARG_USAGE;
}

/* "REASON on|off": no file of reasons gives them names, so a number of a bit. */
static int take_protodown_reason(struct args *a, void *into, const struct keyword *kw)
{
    uint32_t reason;
    bool on;
    int status = arg_next(a);
    if (status)
        return status;
    if (!arg_u32(a->v[0], 0, &reason) || reason >= 32)
        return arg_invalid(a, kw->why, a->v[0]);
    status = arg_next(a);
    if (status)
        return status;
    if (!read_on_off(a->v[0], &on))
        return arg_on_off(a, kw->name, a->v[0]);
    ((struct link_words *)into)->asks_protodown = true;
    return ARG_OK;
}

/* IFLA_PARENT_DEV_NAME: read-only for the kernel, which passes it over in a request. */
static int take_parentdev(struct args *a, void *into, const struct keyword *kw)
{
    (void)into;
    (void)kw;
    return arg_next(a);
}

static int take_protodown(struct args *a, void *into, const struct keyword *kw)
{
    enum { STATUS_EINVAL = 22 }; /* iproute2 hands its -EINVAL on as the exit status */
    bool on;
    int status = arg_next(a);
    if (status)
        return status;
    if (!read_on_off(a->v[0], &on)) {
        arg_off_on(a, kw->name, a->v[0]);
        return STATUS_EINVAL;
    }
    ((struct link_words *)into)->asks_protodown = true;
    return ARG_OK;
}

static int take_master(struct args *a, void *into, const struct keyword *kw)
{
    struct link_words *w = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    w->req.set |= VNET_LINK_MASTER;
    w->req.master = ip_link_index(w->ip, a->v[0]);
    return w->req.master ? ARG_OK : arg_invalid(a, "Device does not exist\n", a->v[0]);
}

static int take_vrf(struct args *a, void *into, const struct keyword *kw)
{
    (void)into;
    (void)kw;
    int status = arg_next(a);
    return status ? status : arg_invalid(a, "Not a valid VRF name\n", a->v[0]);
}

static int take_nomaster(struct args *a, void *into, const struct keyword *kw)
{
    struct link_words *w = into;
    (void)a;
    (void)kw;
    w->req.set |= VNET_LINK_MASTER;
    w->req.master = 0;
    return ARG_OK;
}

static int take_type(struct args *a, void *into, const struct keyword *kw)
{
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    ((struct link_words *)into)->kind = a->v[0];
    return ARG_STOP;
}

static int take_alias(struct args *a, void *into, const struct keyword *kw)
{
    struct link_words *w = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (strlen(a->v[0]) >= ALIAS_MAX)
        return arg_invalid(a, "alias too long\n", a->v[0]);
    w->req.set |= VNET_LINK_ALIAS;
    w->req.alias = a->v[0];
    return ARG_OK;
}

static int take_group(struct args *a, void *into, const struct keyword *kw)
{
    struct link_words *w = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (w->req.set & VNET_LINK_GROUP)
        return arg_duplicate(a, "group", a->v[0]);
    if (!group_value(a->v[0], &w->req.group))
        return arg_invalid(a, "Invalid \"group\" value\n", a->v[0]);
    w->req.set |= VNET_LINK_GROUP;
    return ARG_OK;
}

/* mode, state, addrgenmode: a name of a small table, into a byte. */
static int take_choice(struct args *a, void *into, const struct keyword *kw)
{
    struct vnet_link_req *req = &((struct link_words *)into)->req;
    int status = arg_next(a);
    if (status)
        return status;
    const char *word = a->v[0];
    int value = kw->value == VNET_LINK_LINKMODE    ? ip_linkmode_value(word)
                : kw->value == VNET_LINK_OPERSTATE ? ip_operstate_value(word)
                                                   : ip_addrgen_value(word);
    if (value < 0)
        return arg_invalid(a, kw->why, word);
    req->set |= kw->value;
    *(kw->value == VNET_LINK_LINKMODE    ? &req->linkmode
      : kw->value == VNET_LINK_OPERSTATE ? &req->operstate
                                         : &req->addr_gen_mode) = (uint8_t)value;
    return ARG_OK;
}

static int take_device(struct args *a, void *into)
{
    struct link_words *w = into;
    if (arg_matches(a->v[0], "help"))
        return ip_usage(w->ip, HELP_LINK);
    if (strcmp(a->v[0], "dev") == 0) {
        int status = arg_next(a);
        if (status)
            return status;
    }
    if (w->dev != w->name)
        return arg_garbage(a, "dev", a->v[0]);
    if (!ip_altname_ok(a->v[0]))
        return arg_invalid(a, "\"dev\" not a valid ifname", a->v[0]);
    w->dev = a->v[0];
    return ARG_OK;
}

/* In iplink_parse()'s order. */
static const struct keyword words[] = {
    {"up", false, take_up_down, 1, NULL},
    {"down", false, take_up_down, 0, NULL},
    {"name", false, take_name, 0, NULL},
    {"index", false, take_index, 0, NULL},
    {"link", true, take_link, 0, NULL},
    {"address", true, take_lladdr, VNET_LINK_ADDR, NULL},
    {"broadcast", true, take_lladdr, VNET_LINK_BRD, NULL},
    {"brd", false, take_lladdr, VNET_LINK_BRD, NULL},
    {"txqueuelen", true, take_number, VNET_LINK_TXQLEN, "Invalid \"txqueuelen\" value\n"},
    {"qlen", false, take_number, VNET_LINK_TXQLEN, "Invalid \"txqueuelen\" value\n"},
    {"txqlen", true, take_number, VNET_LINK_TXQLEN, "Invalid \"txqueuelen\" value\n"},
    {"mtu", false, take_number, VNET_LINK_MTU, "Invalid \"mtu\" value\n"},
    {"xdpgeneric", false, take_xdp, 0, NULL},
    {"xdpdrv", false, take_xdp, 0, NULL},
    {"xdpoffload", false, take_xdp, 0, NULL},
    {"xdp", false, take_xdp, 0, NULL},
    {"netns", false, take_netns, 0, NULL},
    {"multicast", false, take_flag, VNET_IFF_MULTICAST, NULL},
    {"allmulticast", false, take_flag, VNET_IFF_ALLMULTI, NULL},
    {"promisc", false, take_flag, VNET_IFF_PROMISC, NULL},
    {"trailers", false, take_flag, VNET_IFF_NOTRAILERS, NULL},
    {"arp", false, take_flag, VNET_IFF_NOARP, NULL},
    {"carrier", false, take_carrier, 0, NULL},
    {"vf", false, ip_take_vf, 0, NULL},
    {"master", true, take_master, 0, NULL},
    {"vrf", false, take_vrf, 0, NULL},
    {"nomaster", true, take_nomaster, 0, NULL},
    {"dynamic", true, take_flag, VNET_IFF_DYNAMIC, NULL},
    {"type", true, take_type, 0, NULL},
    {"alias", true, take_alias, 0, NULL},
    {"group", false, take_group, 0, NULL},
    {"mode", false, take_choice, VNET_LINK_LINKMODE, "Invalid link mode\n"},
    {"state", false, take_choice, VNET_LINK_OPERSTATE, "Invalid operstate\n"},
    {"numtxqueues", true, take_number, VNET_LINK_NUMTXQ, "Invalid \"numtxqueues\" value\n"},
    {"numrxqueues", true, take_number, VNET_LINK_NUMRXQ, "Invalid \"numrxqueues\" value\n"},
    {"addrgenmode", true, take_choice, VNET_LINK_ADDRGEN, "Invalid address generation mode\n"},
    {"link-netns", true, arg_refuse, 0, "ip link"},
    {"link-netnsid", true, arg_refuse, 0, "ip link"},
    {"protodown", false, take_protodown, 0, NULL},
    {"protodown_reason", false, take_protodown_reason, 0, "invalid protodown reason\n"},
    {"gso_max_size", false, take_gso, VNET_LINK_GSO_SIZE, "Invalid \"gso_max_size\" value\n"},
    {"gso_max_segs", false, take_gso, VNET_LINK_GSO_SEGS, "Invalid \"gso_max_segs\" value\n"},
    {"gro_max_size", false, take_gso, VNET_LINK_GRO_SIZE, "Invalid \"gro_max_size\" value\n"},
    {"parentdev", false, take_parentdev, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

/* nl_get_ll_addr_len(): the length of the device's own address, where it has one. */
static int check_lladdr(const struct link_words *w)
{
    struct vnet_link_info l;
    int ifindex = w->dev ? vnet_link_index(w->ip->ns, w->dev) : 0;
    if (w->create || !(w->req.set & VNET_LINK_ADDR) || !ifindex ||
        vnet_link_get(w->ip->ns, ifindex, &l) < 0 || l.addr.len == 0 ||
        l.addr.len == w->req.addr.len)
        return ARG_OK;
    sink_printf(w->ip->err, "Invalid address length %d - must be %d bytes\n", w->req.addr.len,
                l.addr.len);
    return ARG_FAILED;
}

static int usage_error(const struct link_words *w, const char *text)
{
    sink_printf(w->ip->err, "%s\n", text);
    return ARG_USAGE;
}

static int choose_group(struct link_words *w, const struct args *a)
{
    if (a->n > 0) {
        sink_printf(w->ip->err, "Garbage instead of arguments \"%s ...\". Try \"ip link help\".\n",
                    a->v[0]);
        return ARG_USAGE;
    }
    if (w->create)
        return usage_error(w, "group cannot be used when creating devices.");
    w->whole_group = true;
    w->kind = NULL;
    return ARG_OK;
}

static int choose_existing(struct link_words *w)
{
    if (!w->dev)
        return usage_error(w, "Not enough information: \"dev\" argument is required.");
    if (w->req.ifindex) {
        w->req.set |= VNET_LINK_NEWINDEX;
        w->req.newindex = w->req.ifindex;
    }
    w->req.ifindex = ip_link_index(w->ip, w->dev);
    if (!w->req.ifindex)
        return ip_nodev(w->ip, w->dev);
    if (w->name) {
        w->req.set |= VNET_LINK_NAME;
        snprintf(w->req.newname, sizeof(w->req.newname), "%s", w->name);
    }
    return ARG_OK;
}

static int choose_new(struct link_words *w)
{
    if (w->name && w->dev && w->name != w->dev)
        return usage_error(w, "both \"name\" and \"dev\" cannot be used when creating devices.");
    w->long_name = w->dev && strlen(w->dev) >= sizeof(w->req.ifname);
    if (w->dev && !w->long_name)
        snprintf(w->req.ifname, sizeof(w->req.ifname), "%s", w->dev);
    return ARG_OK;
}

int ip_read_link_words(struct link_words *w, struct args *a)
{
    int status = args_read(a, words, w, take_device);
    if (status)
        return status;
    if (w->name && w->dev && w->name != w->dev && strcmp(w->name, w->dev) == 0)
        w->name = w->dev;
    status = check_lladdr(w);
    if (status)
        return status;
    if (!w->create && w->req.ifindex && !(w->req.set & VNET_LINK_NETNS))
        return usage_error(w, "index can be used only when creating devices or when moving "
                              "device to another netns.");
    if ((w->req.set & VNET_LINK_GROUP) && !w->dev)
        return choose_group(w, a);
    if (w->create)
        return choose_new(w);
    if (w->name == w->dev)
        w->name = NULL; /* not renamed to the name it has */
    return choose_existing(w);
}
