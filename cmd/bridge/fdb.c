/* `bridge fdb` (bridge/fdb.c of iproute2 6.1.0). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/bridge/bridge.h"
#include "cmd/ip/prefix.h"
#include "vnet_bridge.h"

static const char usage_text[] =
    "Usage: bridge fdb { add | append | del | replace } ADDR dev DEV\n"
    "              [ self ] [ master ] [ use ] [ router ] [ extern_learn ]\n"
    "              [ sticky ] [ local | static | dynamic ] [ vlan VID ]\n"
    "              { [ dst IPADDR ] [ port PORT] [ vni VNI ] | [ nhid NHID ] }\n"
    "\t       [ via DEV ] [ src_vni VNI ]\n"
    "       bridge fdb [ show [ br BRDEV ] [ brport DEV ] [ vlan VID ]\n"
    "              [ state STATE ] [ dynamic ] ]\n"
    "       bridge fdb get [ to ] LLADDR [ br BRDEV ] { brport | dev } DEV\n"
    "              [ vlan VID ] [ vni VNI ] [ self ] [ master ] [ dynamic ]\n"
    "       bridge fdb flush dev DEV [ brport DEV ] [ vlan VID ]\n"
    "              [ self ] [ master ] [ [no]permanent | [no]static | [no]dynamic ]\n"
    "              [ [no]added_by_user ] [ [no]extern_learn ] [ [no]sticky ]\n"
    "              [ [no]offloaded ]\n";

/* ---- show ---- */

struct filter {
    struct bridge_run *b;
    const char *dev, *br;
    int ifindex;
    unsigned vlan, state; /* 0: any */
    bool dynamic;
};

static const char *state_name(uint16_t state)
{
    return state & VNET_NUD_PERMANENT ? "permanent"
           : state & VNET_NUD_NOARP   ? "static"
           : state & VNET_NUD_STALE   ? "stale"
                                      : "";
}

static bool state_value(const char *word, unsigned *state)
{
    uint32_t number;
    if (arg_matches(word, "permanent"))
        *state |= VNET_NUD_PERMANENT;
    else if (arg_matches(word, "static") || arg_matches(word, "temp"))
        *state |= VNET_NUD_NOARP;
    else if (arg_matches(word, "stale"))
        *state |= VNET_NUD_STALE;
    else if (arg_matches(word, "reachable") || arg_matches(word, "dynamic"))
        *state |= VNET_NUD_REACHABLE;
    else if (strcmp(word, "all") == 0)
        *state = UINT32_MAX;
    else if (arg_u32(word, 0, &number))
        *state |= number;
    else
        return false;
    return true;
}

static void print_flags(struct printer *p, uint8_t flags)
{
    static const struct {
        uint8_t bit;
        const char *name;
    } names[] = {{VNET_NTF_SELF, "self"},
                 {VNET_NTF_EXT_LEARNED, "extern_learn"},
                 {VNET_NTF_STICKY, "sticky"}};
    json_open_array(p, "flags");
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (flags & names[i].bit)
            print_str(p, TO_ANY, NULL, p->in_json ? "%s" : "%s ", names[i].name);
    json_close_array(p);
}

void bridge_print_fdb(struct bridge_run *b, const struct vnet_fdb_info *e, bool with_dev)
{
    struct ip *ip = &b->ip;
    struct printer *p = &ip->out;
    const struct lladdr addr = lladdr_eth(e->addr);
    char text[LLADDR_STRLEN_MAX], name[VNET_IFNAMSIZ];
    enum { HZ = 100 };
    json_open_object(p, NULL);
    print_colored(p, TO_ANY, COLOR_MAC, "mac", "%s ", lladdr_str(&addr, text));
    if (with_dev) {
        print_text(p, "dev ");
        print_colored(p, TO_ANY, COLOR_IFNAME, "ifname", "%s ", ip_link_name(ip, e->ifindex, name));
    }
    if (e->vlan)
        print_uint(p, TO_ANY, "vlan", "vlan %u ", e->vlan);
    if (ip->opt.stats && e->has_times) {
        print_uint(p, TO_ANY, "used", "used %u/", e->used / HZ);
        print_uint(p, TO_ANY, "updated", "%u ", e->updated / HZ);
    }
    print_flags(p, e->flags);
    if (e->master)
        print_str(p, TO_ANY, "master", "master %s ", ip_link_name(ip, e->master, name));
    print_str(p, TO_ANY, "state", "%s", state_name(e->state));
    json_close_object(p);
    print_text(p, "\n");
}

static int show_entry(const struct vnet_fdb_info *e, void *arg)
{
    const struct filter *f = arg;
    if ((f->vlan && f->vlan != e->vlan) || (f->state && !(e->state & f->state)) ||
        (f->dynamic && e->state & VNET_NUD_PERMANENT))
        return 0;
    bridge_print_fdb(f->b, e, !f->ifindex);
    return 0;
}

static int take_vlan(struct args *a, void *into, const struct keyword *kw)
{
    struct filter *f = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (f->vlan)
        return arg_duplicate(a, "vlan", a->v[0]);
    f->vlan = (unsigned)strtol(a->v[0], NULL, 10);
    return ARG_OK;
}

static int take_state(struct args *a, void *into, const struct keyword *kw)
{
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    return state_value(a->v[0], &((struct filter *)into)->state)
               ? ARG_OK
               : arg_invalid(a, "invalid state", a->v[0]);
}

static int take_dynamic(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    (void)kw;
    ((struct filter *)into)->dynamic = true;
    return ARG_OK;
}

static int take_other(struct args *a, void *into)
{
    return arg_matches(a->v[0], "help") ? bridge_usage(((struct filter *)into)->b, usage_text)
                                        : ARG_OK;
}

static const struct keyword show_words[] = {
    {"brport", false, ARG_TEXT(filter, dev), NULL},
    {"dev", false, ARG_TEXT(filter, dev), NULL},
    {"br", false, ARG_TEXT(filter, br), NULL},
    {"vlan", false, take_vlan, 0, NULL},
    {"state", false, take_state, 0, NULL},
    {"dynamic", false, take_dynamic, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

static int show(struct bridge_run *b, struct args *a, unsigned value)
{
    (void)value;
    struct filter f = {.b = b};
    int br = 0, status = args_read(a, show_words, &f, take_other);
    if (status)
        return status;
    if (f.br && !(br = ip_link_index(&b->ip, f.br)))
        return bridge_nodev(b, "Cannot find bridge device \"%s\"\n", f.br);
    if (f.dev && !(f.ifindex = ip_link_index(&b->ip, f.dev)))
        return bridge_nodev(b, "Cannot find device \"%s\"\n", f.dev);
    json_begin(&b->ip.out);
    vnet_fdb_dump(b->ip.ns, br, f.ifindex, show_entry, &f);
    json_end(&b->ip.out);
    return ARG_OK;
}

/* ---- add, append, replace, del ---- */

struct change {
    struct bridge_run *b;
    const char *dev, *addr, *br;
    int vlan;           /* -1: not given */
    bool dst, endpoint; /* given: dst; port, vni */
    uint32_t nhid;      /* 0: not given */
    struct vnet_fdb_info f;
};

enum {
    WORD_SELF,
    WORD_MASTER,
    WORD_LOCAL,
    WORD_STATIC,
    WORD_DYNAMIC,
    WORD_USE,
    WORD_LEARN,
    WORD_STICKY
};

static int take_word(struct args *a, void *into, const struct keyword *kw)
{
    struct vnet_fdb_info *f = &((struct change *)into)->f;
    (void)a;
    switch (kw->value) {
    case WORD_LOCAL:
        f->state |= VNET_NUD_PERMANENT;
        break;
    case WORD_STATIC:
        f->state |= VNET_NUD_REACHABLE;
        break;
    case WORD_DYNAMIC:
        f->state = (uint16_t)((f->state | VNET_NUD_REACHABLE) & ~VNET_NUD_NOARP);
        break;
    default:
        f->flags |= kw->value == WORD_SELF     ? VNET_NTF_SELF
                    : kw->value == WORD_MASTER ? VNET_NTF_MASTER
                    : kw->value == WORD_USE    ? VNET_NTF_USE
                    : kw->value == WORD_LEARN  ? VNET_NTF_EXT_LEARNED
                                               : VNET_NTF_STICKY;
    }
    return ARG_OK;
}

static int take_vid(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    (void)kw;
    if (c->vlan >= 0)
        return arg_garbage(a, "vlan", a->v[0]);
    int status = arg_next(a);
    if (!status)
        c->vlan = (int)(short)strtol(a->v[0], NULL, 10);
    return status;
}

/* ---- what only vxlan looks at: no device here is one, the kernel passes it over ---- */

static int take_dst(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    struct ip_prefix addr;
    int status = arg_next(a);
    if (status)
        return status;
    if (c->dst)
        return arg_garbage(a, kw->name, a->v[0]);
    c->dst = true;
    return ip_take_addr(&c->b->ip, a, VNET_AF_UNSPEC, &addr);
}

static int take_nhid(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    int status = arg_next(a);
    if (status)
        return status;
    return arg_u32(a->v[0], 0, &c->nhid) ? ARG_OK : arg_invalid(a, kw->why, a->v[0]);
}

/* A number up to kw->value. */
static int take_number(struct args *a, void *into, const struct keyword *kw)
{
    char *end;
    int status = arg_next(a);
    if (status)
        return status;
    unsigned long v = strtoul(a->v[0], &end, 0);
    if (*end || v > kw->value)
        return arg_invalid(a, kw->why, a->v[0]);
    ((struct change *)into)->endpoint |= strcmp(kw->name, "src_vni") != 0;
    return ARG_OK;
}

static int take_via(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    return ip_link_index(&c->b->ip, a->v[0])
               ? ARG_OK
               : bridge_nodev(c->b, "Cannot find device \"%s\"\n", a->v[0]);
}

static int take_router(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    (void)into;
    (void)kw;
    return ARG_OK;
}

static int take_address(struct args *a, void *into)
{
    struct change *c = into;
    if (strcmp(a->v[0], "to") == 0) {
        int status = arg_next(a);
        if (status)
            return status;
    }
    if (arg_matches(a->v[0], "help"))
        return bridge_usage(c->b, usage_text);
    if (c->addr)
        return arg_garbage(a, "to", a->v[0]);
    c->addr = a->v[0];
    return ARG_OK;
}

static const struct keyword change_words[] = {
    {"dev", false, ARG_TEXT(change, dev), NULL},
    {"dst", false, take_dst, 0, NULL},
    {"nhid", false, take_nhid, 0, "\"id\" value is invalid\n"},
    {"port", false, take_number, 0xffff, "invalid port\n"},
    {"vni", false, take_number, 0xffffff, "invalid VNI\n"},
    {"src_vni", false, take_number, 0xffffff, "invalid src VNI\n"},
    {"via", false, take_via, 0, NULL},
    {"self", false, take_word, WORD_SELF, NULL},
    {"master", true, take_word, WORD_MASTER, NULL},
    {"router", true, take_router, 0, NULL},
    {"local", true, take_word, WORD_LOCAL, NULL},
    {"permanent", true, take_word, WORD_LOCAL, NULL},
    {"temp", true, take_word, WORD_STATIC, NULL},
    {"static", true, take_word, WORD_STATIC, NULL},
    {"dynamic", true, take_word, WORD_DYNAMIC, NULL},
    {"vlan", true, take_vid, 0, NULL},
    {"use", true, take_word, WORD_USE, NULL},
    {"extern_learn", true, take_word, WORD_LEARN, NULL},
    {"sticky", true, take_word, WORD_STICKY, NULL},
    {NULL, false, NULL, 0, NULL},
};

static bool read_address(const char *word, uint8_t addr[ETH_ALEN])
{
    return sscanf(word, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx", &addr[0], &addr[1], &addr[2],
                  &addr[3], &addr[4], &addr[5]) == ETH_ALEN;
}

static int complete_change(struct change *c)
{
    struct sink *err = c->b->ip.err;
    if (!c->dev || !c->addr) {
        sink_puts(err, "Device and address are required arguments.\n");
        return BRIDGE_FAILED;
    }
    if (c->nhid && (c->dst || c->endpoint)) {
        sink_puts(err, "dst, port, vni are mutually exclusive with nhid\n");
        return BRIDGE_FAILED;
    }
    if (!(c->f.flags & (VNET_NTF_SELF | VNET_NTF_MASTER)))
        c->f.flags |= VNET_NTF_SELF;
    if (!(c->f.state & (VNET_NUD_PERMANENT | VNET_NUD_REACHABLE)))
        c->f.state |= VNET_NUD_PERMANENT;
    if (!read_address(c->addr, c->f.addr)) {
        sink_printf(err, "Invalid mac address %s\n", c->addr);
        return BRIDGE_FAILED;
    }
    c->f.ifindex = ip_link_index(&c->b->ip, c->dev);
    if (!c->f.ifindex)
        return bridge_nodev(c->b, "Cannot find device \"%s\"\n", c->dev);
    return ARG_OK;
}

enum { NO_VLAN = 4095 }; /* no device can have it */

/* how: VNET_FDB_*; 0: delete. */
static int modify(struct bridge_run *b, struct args *a, unsigned how)
{
    struct change c = {.b = b, .vlan = -1, .f = {.state = VNET_NUD_NOARP}};
    struct vnet_err err = {""};
    int status = args_read(a, change_words, &c, take_address);
    if (!status)
        status = complete_change(&c);
    if (status)
        return status;
    if (c.vlan >= 0)
        c.f.vlan = c.vlan == 0 || c.vlan > NO_VLAN ? NO_VLAN : (uint16_t)c.vlan;
    return bridge_answer(
        b, how ? vnet_fdb_add(b->ip.ns, &c.f, how, &err) : vnet_fdb_del(b->ip.ns, &c.f, &err),
        &err);
}

/* ---- get, flush ---- */

static const struct keyword get_words[] = {
    {"brport", false, ARG_TEXT(change, dev), NULL},
    {"dev", false, ARG_TEXT(change, dev), NULL},
    {"br", false, ARG_TEXT(change, br), NULL},
    {"vlan", false, take_vid, 0, NULL},
    {"vni", false, arg_refuse_value, 0, "bridge fdb get"},
    {"self", false, take_word, WORD_SELF, NULL},
    {"master", true, take_word, WORD_MASTER, NULL},
    {"dynamic", true, take_word, WORD_DYNAMIC, NULL},
    {NULL, false, NULL, 0, NULL},
};

static int get(struct bridge_run *b, struct args *a, unsigned value)
{
    (void)value;
    enum { STATUS_ENOENT = 254 };
    struct change c = {.b = b, .vlan = -1};
    struct filter f = {.b = b};
    struct vnet_fdb_query q = {0};
    struct vnet_fdb_info info;
    struct vnet_err err = {""};
    int rc = 0, status = args_read(a, get_words, &c, take_address);
    if (status)
        return status;
    if ((!c.dev && !c.br) || !c.addr) {
        sink_puts(b->ip.err, "Device or master and address are required arguments.\n");
        return BRIDGE_FAILED;
    }
    if (!read_address(c.addr, q.addr)) {
        sink_printf(b->ip.err, "Invalid mac address %s\n", c.addr);
        return BRIDGE_FAILED;
    }
    if (c.br && !(q.master = ip_link_index(&b->ip, c.br)))
        return bridge_nodev(b, "Cannot find bridge device \"%s\"\n", c.br);
    if (c.dev && !(q.ifindex = ip_link_index(&b->ip, c.dev)))
        return bridge_nodev(b, "Cannot find device \"%s\"\n", c.dev);
    if (c.vlan == 0 || c.vlan >= 4095)
        rc = vnet_err(&err, EINVAL, "invalid vlan id"); /* fdb_vid_parse() */
    q.vlan = c.vlan > 0 ? (uint16_t)c.vlan : 0;
    q.flags = c.f.flags;
    if (!rc)
        rc = vnet_fdb_get(b->ip.ns, &q, &info, &err);
    if (rc < 0)
        return bridge_answer(b, rc, &err) ? ARG_EXIT | STATUS_ENOENT : ARG_OK;
    f.dynamic = c.f.state & VNET_NUD_REACHABLE;
    json_begin(&b->ip.out);
    show_entry(&info, &f);
    json_end(&b->ip.out);
    return ARG_OK;
}

struct flush {
    struct bridge_run *b;
    const char *dev, *port;
    int vlan; /* -1: not given */
    struct vnet_fdb_flush f;
};

/* What the words say of the entries to flush, in iproute2's bits. */
static const struct condition {
    uint16_t clear, set, mask; /* of the state, VNET_NUD_* */
    uint8_t flag;              /* VNET_NTF_* */
    bool without;              /* that flag */
} conditions[] = {
    {0, VNET_NUD_PERMANENT, VNET_NUD_PERMANENT, 0, false},
    {VNET_NUD_PERMANENT, 0, VNET_NUD_PERMANENT, 0, false},
    {0, VNET_NUD_NOARP, VNET_NUD_NOARP | VNET_NUD_PERMANENT, 0, false},
    {VNET_NUD_NOARP, 0, VNET_NUD_NOARP, 0, false},
    {VNET_NUD_NOARP | VNET_NUD_PERMANENT, 0, VNET_NUD_NOARP | VNET_NUD_PERMANENT, 0, false},
    {0, VNET_NUD_NOARP, VNET_NUD_NOARP, 0, false},
    {0, 0, 0, VNET_NTF_USE, false},
    {0, 0, 0, VNET_NTF_USE, true},
    {0, 0, 0, VNET_NTF_EXT_LEARNED, false},
    {0, 0, 0, VNET_NTF_EXT_LEARNED, true},
    {0, 0, 0, VNET_NTF_STICKY, false},
    {0, 0, 0, VNET_NTF_STICKY, true},
};
/* Its index; that of the contrary follows. */
enum { PERMANENT, STATIC = 2, DYNAMIC = 4, BY_USER = 6, LEARNED = 8, STICKY = 10 };

static int take_condition(struct args *a, void *into, const struct keyword *kw)
{
    struct vnet_fdb_flush *f = &((struct flush *)into)->f;
    const struct condition *c = &conditions[kw->value];
    (void)a;
    f->state = (uint16_t)((f->state & ~c->clear) | c->set);
    f->state_mask |= c->mask;
    f->flags = (uint8_t)((f->flags & ~c->flag) | (c->without ? 0 : c->flag));
    f->flags_mask |= c->flag;
    return ARG_OK;
}

static int take_offloaded(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    ((struct flush *)into)->f.offloaded = kw->value;
    return ARG_OK;
}

static int take_whose(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    ((struct flush *)into)->f.whose |= (uint8_t)kw->value;
    return ARG_OK;
}

static int take_flush_vlan(struct args *a, void *into, const struct keyword *kw)
{
    struct flush *f = into;
    (void)kw;
    if (f->vlan >= 0)
        return arg_garbage(a, "vlan", a->v[0]);
    int status = arg_next(a);
    if (status)
        return status;
    f->vlan = atoi(a->v[0]);
    if (f->vlan < 4096)
        return ARG_OK;
    sink_printf(f->b->ip.err, "Invalid VLAN ID \"%s\"\n", a->v[0]);
    return BRIDGE_FAILED;
}

/* Any other word is passed by, "help" with the one behind it. */
static int pass_by(struct args *a, void *into)
{
    (void)into;
    return arg_matches(a->v[0], "help") ? arg_next(a) : ARG_OK;
}

static const struct keyword flush_words[] = {
    {"dev", false, ARG_TEXT(flush, dev), NULL},
    {"brport", false, ARG_TEXT(flush, port), NULL},
    {"vlan", false, take_flush_vlan, 0, NULL},
    {"self", false, take_whose, VNET_NTF_SELF, NULL},
    {"master", false, take_whose, VNET_NTF_MASTER, NULL},
    {"permanent", false, take_condition, PERMANENT, NULL},
    {"nopermanent", false, take_condition, PERMANENT + 1, NULL},
    {"static", false, take_condition, STATIC, NULL},
    {"nostatic", false, take_condition, STATIC + 1, NULL},
    {"dynamic", false, take_condition, DYNAMIC, NULL},
    {"nodynamic", false, take_condition, DYNAMIC + 1, NULL},
    {"added_by_user", false, take_condition, BY_USER, NULL},
    {"noadded_by_user", false, take_condition, BY_USER + 1, NULL},
    {"extern_learn", false, take_condition, LEARNED, NULL},
    {"noextern_learn", false, take_condition, LEARNED + 1, NULL},
    {"sticky", false, take_condition, STICKY, NULL},
    {"nosticky", false, take_condition, STICKY + 1, NULL},
    {"offloaded", false, take_offloaded, true, NULL},
    {"nooffloaded", false, take_offloaded, false, NULL},
    {NULL, false, NULL, 0, NULL},
};

static int flush(struct bridge_run *b, struct args *a, unsigned value)
{
    (void)value;
    struct flush f = {.b = b, .vlan = -1};
    struct vnet_err err = {""};
    int status = args_read(a, flush_words, &f, pass_by);
    if (status)
        return status;
    if (!f.dev) {
        sink_puts(b->ip.err, "Device is a required argument.\n");
        return BRIDGE_FAILED;
    }
    if (!(f.f.ifindex = ip_link_index(&b->ip, f.dev)))
        return bridge_nodev(b, "Cannot find bridge device \"%s\"\n", f.dev);
    if (f.port && !(f.f.port = ip_link_index(&b->ip, f.port)))
        return bridge_nodev(b, "Cannot find bridge port device \"%s\"\n", f.port);
    if (!f.f.whose)
        f.f.whose = VNET_NTF_SELF;
    if (f.vlan >= 0)
        f.f.vlan = f.vlan == 0 ? NO_VLAN : (uint16_t)f.vlan;
    return bridge_answer(b, vnet_fdb_flush(b->ip.ns, &f.f, &err), &err);
}

static const struct bridge_verb verbs[] = {
    {"add", modify, VNET_FDB_CREATE | VNET_FDB_EXCL},
    {"append", modify, VNET_FDB_CREATE},
    {"replace", modify, VNET_FDB_CREATE | VNET_FDB_REPLACE},
    {"delete", modify, 0},
    {"get", get, 0},
    {"show", show, 0},
    {"lst", show, 0},
    {"list", show, 0},
    {"flush", flush, 0},
    {NULL, NULL, 0},
};

int bridge_fdb(struct bridge_run *b, struct args *a)
{
    return bridge_run_verb(b, a, "fdb", verbs, usage_text);
}
