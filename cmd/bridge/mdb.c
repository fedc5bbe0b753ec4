/* `bridge mdb` (bridge/mdb.c of iproute2 6.1.0). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/bridge/bridge.h"
#include "cmd/ip/prefix.h"
#include "vnet_bridge.h"

static const char usage_text[] =
    "Usage: bridge mdb { add | del } dev DEV port PORT grp GROUP [src SOURCE] [permanent | temp] "
    "[vid VID]\n"
    "       bridge mdb {show} [ dev DEV ] [ vid VID ]\n";

/* ---- show ---- */

enum { HZ = 100, TIMER_LEN = 16 };

static const char *timer_text(uint32_t hundredths, char text[TIMER_LEN])
{
    snprintf(text, TIMER_LEN, "%4u.%.2u", (unsigned)hundredths / HZ, (unsigned)hundredths % HZ);
    return text;
}

static void print_group(struct printer *p, const struct inet_addr *addr)
{
    struct lladdr mac;
    char text[INET_ADDRSTRLEN_MAX], mac_text[LLADDR_STRLEN_MAX];
    if (addr->family == VNET_AF_UNSPEC) {
        mac = lladdr_eth(addr->bytes);
        print_str(p, TO_ANY, "grp", " grp %s", lladdr_str(&mac, mac_text));
    } else {
        print_colored(p, TO_ANY, ip_family_color(addr->family), "grp", " grp %s",
                      inet_addr_str(addr, text));
    }
}

static void print_source(struct printer *p, const struct inet_addr *src)
{
    char text[INET_ADDRSTRLEN_MAX];
    if (src->family != VNET_AF_UNSPEC)
        print_colored(p, TO_ANY, ip_family_color(src->family), "src", " src %s",
                      inet_addr_str(src, text));
}

static void print_flags(struct printer *p, const struct vnet_mdb_entry *e)
{
    json_open_array(p, "flags");
    if (e->fast_leave)
        print_str(p, TO_ANY, NULL, " %s", "fast_leave");
    if (e->star_excl)
        print_str(p, TO_ANY, NULL, " %s", "added_by_star_ex");
    json_close_array(p);
}

static void print_details(struct printer *p, const struct vnet_mdb_entry *e)
{
    if (e->has_mode)
        print_str(p, TO_ANY, "filter_mode", " filter_mode %s",
                  e->mode_include ? "include" : "exclude");
    if (e->port != e->br)
        print_str(p, TO_ANY, "protocol", " proto %s ", e->by_hand ? "static" : "kernel");
}

void bridge_print_mdb(struct bridge_run *b, const struct vnet_mdb_entry *e)
{
    struct ip *ip = &b->ip;
    struct printer *p = &ip->out;
    char name[VNET_IFNAMSIZ], timer[TIMER_LEN];
    json_open_object(p, NULL);
    print_int(p, TO_JSON, "index", NULL, e->br);
    print_colored(p, TO_ANY, COLOR_IFNAME, "dev", "dev %s", ip_link_name(ip, e->br, name));
    print_str(p, TO_ANY, "port", " port %s", ip_link_name(ip, e->port, name));
    print_group(p, &e->addr);
    print_source(p, &e->src);
    print_str(p, TO_ANY, "state", " %s", e->permanent ? "permanent" : "temp");
    if (ip->opt.details)
        print_details(p, e);
    print_flags(p, e);
    if (e->vid)
        print_uint(p, TO_ANY, "vid", " vid %u", e->vid);
    if (ip->opt.stats)
        print_str(p, TO_ANY, "timer", " %s", timer_text(e->timer, timer));
    print_nl(p);
    json_close_object(p);
}

struct listing {
    struct bridge_run *b;
    const char *dev;
    int ifindex, vid; /* 0: all */
    int br;           /* whose routers are being printed; 0: none yet */
};

static int show_entry(const struct vnet_mdb_entry *e, void *arg)
{
    const struct listing *l = arg;
    if ((!l->ifindex || e->br == l->ifindex) && (!l->vid || e->vid == l->vid))
        bridge_print_mdb(l->b, e);
    return 0;
}

/* What ends the list of one bridge's routers. */
static void end_routers(struct listing *l)
{
    struct ip *ip = &l->b->ip;
    if (!l->br)
        return;
    json_close_array(&ip->out);
    if (!ip->opt.stats)
        print_nl(&ip->out);
    l->br = 0;
}

static void begin_routers(struct listing *l, int br)
{
    struct printer *p = &l->b->ip.out;
    char name[VNET_IFNAMSIZ];
    end_routers(l);
    l->br = br;
    ip_link_name(&l->b->ip, br, name);
    json_open_array(p, name);
    if (!l->b->ip.opt.stats)
        print_str(p, TO_TEXT, NULL, "router ports on %s: ", name);
}

static int show_router(const struct vnet_mdb_router *r, void *arg)
{
    struct listing *l = arg;
    struct ip *ip = &l->b->ip;
    struct printer *p = &ip->out;
    char name[VNET_IFNAMSIZ], timer[TIMER_LEN];
    if (l->ifindex && r->br != l->ifindex)
        return 0;
    if (l->br != r->br)
        begin_routers(l, r->br);
    json_open_object(p, NULL);
    if (ip->opt.stats)
        print_str(p, TO_TEXT, NULL, "router ports on %s: ", ip_link_name(ip, r->br, name));
    print_str(p, TO_ANY, "port", ip->opt.stats ? "%s" : "%s ", ip_link_name(ip, r->port, name));
    if (ip->opt.stats) {
        print_str(p, TO_ANY, "timer", " %s", timer_text(r->timer, timer));
        print_str(p, TO_ANY, "type", " %s", r->permanent ? "permanent" : "temp");
        print_nl(p);
    }
    json_close_object(p);
    return 0;
}

static void print_all(struct listing *l)
{
    struct ip *ip = &l->b->ip;
    json_begin(&ip->out);
    json_open_object(&ip->out, NULL);
    json_open_array(&ip->out, "mdb");
    vnet_mdb_dump(ip->ns, show_entry, l);
    json_close_array(&ip->out);
    json_open_object(&ip->out, "router");
    if (ip->opt.details) {
        vnet_mdb_routers(ip->ns, show_router, l);
        end_routers(l);
    }
    json_close_object(&ip->out);
    json_close_object(&ip->out);
    json_end(&ip->out);
}

static int take_show_vid(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (l->vid)
        return arg_duplicate(a, "vid", a->v[0]);
    l->vid = (int)strtol(a->v[0], NULL, 10);
    return ARG_OK;
}

static int take_show_dev(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (l->dev)
        return arg_duplicate(a, "dev", a->v[0]);
    l->dev = a->v[0];
    return ARG_OK;
}

/* Other words are passed over. */
static int take_any(struct args *a, void *into)
{
    (void)a;
    (void)into;
    return ARG_OK;
}

static const struct keyword show_words[] = {
    {"dev", false, take_show_dev, 0, NULL},
    {"vid", false, take_show_vid, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

static int show(struct bridge_run *b, struct args *a, unsigned value)
{
    (void)value;
    struct listing l = {.b = b};
    int status = args_read(a, show_words, &l, take_any);
    if (status)
        return status;
    if (l.dev && !(l.ifindex = ip_link_index(&b->ip, l.dev)))
        return bridge_nodev(b, "Cannot find device \"%s\"\n", l.dev);
    print_all(&l);
    return ARG_OK;
}

/* ---- add, del ---- */

struct change {
    struct bridge_run *b;
    const char *dev, *port, *grp, *src, *vid;
    struct vnet_mdb_entry e;
};

static int take_permanent(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    if (kw->value)
        ((struct change *)into)->e.permanent = true;
    return ARG_OK;
}

static int take_other(struct args *a, void *into)
{
    return arg_matches(a->v[0], "help") ? bridge_usage(((struct change *)into)->b, usage_text)
                                        : ARG_OK;
}

static const struct keyword change_words[] = {
    {"dev", false, ARG_TEXT(change, dev), NULL},   {"grp", false, ARG_TEXT(change, grp), NULL},
    {"port", false, ARG_TEXT(change, port), NULL}, {"permanent", false, take_permanent, 1, NULL},
    {"temp", false, take_permanent, 0, NULL},      {"vid", false, ARG_TEXT(change, vid), NULL},
    {"src", false, ARG_TEXT(change, src), NULL},   {NULL, false, NULL, 0, NULL},
};

static unsigned count_colons(const char *s)
{
    unsigned n = 0;
    for (; *s; s++)
        n += *s == ':';
    return n;
}

/* mdb_parse_grp() */
static int read_group(struct change *c)
{
    struct ip *ip = &c->b->ip;
    struct lladdr mac;
    if (inet_addr_parse(VNET_AF_INET, c->grp, &c->e.addr) ||
        inet_addr_parse(VNET_AF_INET6, c->grp, &c->e.addr))
        return ARG_OK;
    if (ip_take_lladdr(ip, c->grp, ETH_ALEN, &mac) || mac.len != ETH_ALEN ||
        count_colons(c->grp) >= ETH_ALEN) {
        /* ll_addr_a2n() has cut the word at its colons */
        sink_printf(ip->err, "Invalid address \"%.*s\"\n", (int)strcspn(c->grp, ":"), c->grp);
        return BRIDGE_FAILED;
    }
    memcpy(c->e.addr.bytes, mac.bytes, ETH_ALEN);
    return ARG_OK;
}

/* mdb_parse_src() */
static int read_source(struct change *c)
{
    if (!c->src || inet_addr_parse(VNET_AF_INET, c->src, &c->e.src) ||
        inet_addr_parse(VNET_AF_INET6, c->src, &c->e.src))
        return ARG_OK;
    sink_printf(c->b->ip.err, "Invalid source address \"%s\"\n", c->src);
    return BRIDGE_FAILED;
}

static int modify(struct bridge_run *b, struct args *a, unsigned add)
{
    struct change c = {.b = b};
    struct ip *ip = &b->ip;
    struct vnet_err err = {""};
    int status = args_read(a, change_words, &c, take_other);
    if (status)
        return status;
    if (!c.dev || !c.grp || !c.port) {
        sink_puts(ip->err, "Device, group address and port name are required arguments.\n");
        return BRIDGE_FAILED;
    }
    if (!(c.e.br = ip_link_index(ip, c.dev)))
        return bridge_nodev(b, "Cannot find device \"%s\"\n", c.dev);
    if (!(c.e.port = ip_link_index(ip, c.port)))
        return bridge_nodev(b, "Cannot find device \"%s\"\n", c.port);
    status = read_group(&c);
    if (status == ARG_OK)
        status = read_source(&c);
    if (status)
        return status;
    c.e.vid = c.vid ? (uint16_t)strtol(c.vid, NULL, 10) : 0;
    return bridge_answer(
        b, add ? vnet_mdb_add(ip->ns, &c.e, &err) : vnet_mdb_del(ip->ns, &c.e, &err), &err);
}

static const struct bridge_verb verbs[] = {
    {"add", modify, true}, {"delete", modify, false}, {"show", show, 0},
    {"lst", show, 0},      {"list", show, 0},         {NULL, NULL, 0},
};

int bridge_mdb(struct bridge_run *b, struct args *a)
{
    return bridge_run_verb(b, a, "mdb", verbs, usage_text);
}
