/* `ip stats` (ip/ipstats.c of iproute2 6.1.0): groups of statistics, with subgroups and suites. No
 * link has offloads, bonds or MPLS: of these the titles are there. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"
#include "cmd/ip/link_print.h"
#include "vnet_bridge.h"

enum { STATUS_EINVAL = 22 }; /* iproute2 hands its -EINVAL on as the exit status */

/* ---- what there is, in the order in which it is shown ---- */

struct shown {
    struct ip *ip;
    struct vnet_link_info l;
};

static void put_link(const struct shown *s)
{
    ip_print_stats64(s->ip, &s->l, s->ip->opt.stats || s->ip->opt.details);
    print_nl(&s->ip->out);
}

static void put_request(struct printer *p, const char *key)
{
    json_open_object(p, key);
    print_bool(p, "request", false);
    print_bool(p, "used", false);
    print_text(p, " off used off");
    json_close_object(p);
}

/* Of a switch's hardware. */
static void put_l3_stats(const struct shown *s)
{
    put_request(&s->ip->out, "info");
    print_nl(&s->ip->out);
}

static void put_hw_stats_info(const struct shown *s)
{
    struct printer *p = &s->ip->out;
    print_nl(p);
    json_open_object(p, "info");
    print_text(p, "    l3_stats");
    put_request(p, "l3_stats");
    json_close_object(p);
    print_nl(p);
}

static void put_cpu_hit(const struct shown *s)
{
    print_nl(&s->ip->out);
    print_nl(&s->ip->out);
}

static void put_mcast(const struct shown *s)
{
    print_nl(&s->ip->out);
    ip_print_mcast_xstats(s->ip);
    print_nl(&s->ip->out);
}

static void put_bridge_mcast(const struct shown *s)
{
    if (vnet_link_is_bridge(s->ip->ns, s->l.ifindex))
        put_mcast(s);
    else
        print_nl(&s->ip->out);
}

static void put_port_mcast(const struct shown *s)
{
    struct vnet_stp_xstats x;
    if (vnet_brport_stp_xstats(s->ip->ns, s->l.ifindex, &x))
        put_mcast(s);
    else
        print_nl(&s->ip->out);
}

static void put_counter(struct printer *p, const char *key, const char *title, int64_t value)
{
    json_u64(p, key, (uint64_t)value);
    if (!p->in_json)
        sink_printf(p->out, "%s%" PRId64, title, value);
}

static void put_port_stp(const struct shown *s)
{
    struct printer *p = &s->ip->out;
    struct vnet_stp_xstats x;
    print_nl(p);
    if (!vnet_brport_stp_xstats(s->ip->ns, s->l.ifindex, &x))
        return;
    json_open_object(p, "stp");
    put_counter(p, "rx_bpdu", "                    STP BPDU:  RX: ", x.rx_bpdu);
    put_counter(p, "tx_bpdu", " TX: ", x.tx_bpdu);
    put_counter(p, "rx_tcn", "\n                    STP TCN:   RX: ", x.rx_tcn);
    put_counter(p, "tx_tcn", " TX: ", x.tx_tcn);
    put_counter(p, "transition_blk",
                "\n                    STP Transitions: Blocked: ", x.transition_blk);
    put_counter(p, "transition_fwd", " Forwarding: ", x.transition_fwd);
    json_close_object(p);
    print_text(p, "\n");
    print_nl(p);
}

static void put_title(const struct shown *s)
{
    print_nl(&s->ip->out);
}

static const struct leaf {
    const char *group, *subgroup, *suite; /* NULL: there is none */
    void (*put)(const struct shown *s);   /* from behind the title on */
    bool own_line;                        /* the title ends its line */
} leaves[] = {
    {"afstats", "mpls", NULL, put_title, false},
    {"link", NULL, NULL, put_link, true},
    {"offload", "l3_stats", NULL, put_l3_stats, false},
    {"offload", "hw_stats_info", NULL, put_hw_stats_info, false},
    {"offload", "cpu_hit", NULL, put_cpu_hit, false},
    {"xstats_slave", "bond", "802.3ad", put_title, false},
    {"xstats", "bond", "802.3ad", put_title, false},
    {"xstats_slave", "bridge", "mcast", put_port_mcast, false},
    {"xstats_slave", "bridge", "stp", put_port_stp, false},
    {"xstats", "bridge", "mcast", put_bridge_mcast, false},
    {"xstats", "bridge", "stp", put_title, false},
};

/* ---- show ---- */

static void show_leaf(const struct shown *s, const struct leaf *leaf)
{
    struct printer *p = &s->ip->out;
    json_open_object(p, NULL);
    print_int(p, TO_ANY, "ifindex", "%d:", s->l.ifindex);
    print_colored(p, TO_ANY, COLOR_IFNAME, "ifname", " %s:", s->l.name);
    print_str(p, TO_ANY, "group", " group %s", leaf->group);
    if (leaf->subgroup)
        print_str(p, TO_ANY, "subgroup", " subgroup %s", leaf->subgroup);
    if (leaf->suite)
        print_str(p, TO_ANY, "suite", " suite %s", leaf->suite);
    if (leaf->own_line)
        print_nl(p);
    leaf->put(s);
    json_close_object(p);
}

/* What is chosen: bits of leaves[]. A subgroup narrows the group that stands before it, several are
 * all meant; so do suites of a subgroup. */
struct choice {
    struct ip *ip;
    const char *dev;
    const char *group, *subgroup; /* whose parts are named at present; NULL: none */
    uint32_t all;                 /* chosen so far, but for these: */
    uint32_t of_group, of_subgroup;
    bool narrowed; /* a suite of the subgroup was named */
};

static uint32_t leaves_of(const char *group, const char *subgroup, const char *suite)
{
    uint32_t set = 0;
    for (size_t i = 0; i < ARRAY_LEN(leaves); i++) {
        const struct leaf *l = &leaves[i];
        if (strcmp(l->group, group) == 0 &&
            (!subgroup || (l->subgroup && strcmp(l->subgroup, subgroup) == 0)) &&
            (!suite || (l->suite && strcmp(l->suite, suite) == 0)))
            set |= 1U << i;
    }
    return set;
}

static int not_found(struct args *a, const char *level, const char *where)
{
    sink_printf(a->err, "Error: no %s named %s found inside %s\n", level, a->v[0], where);
    return ARG_EXIT | STATUS_EINVAL;
}

static int without(struct args *a, const char *level, const char *parent)
{
    sink_printf(a->err, "Error: %s %s requested without selecting a %s first\n", level, a->v[0],
                parent);
    return ARG_EXIT | STATUS_EINVAL;
}

static int in_leaf(struct args *a, const char *level, const char *parent, const char *leaf)
{
    sink_printf(a->err, "Error: %s %s requested inside leaf %s %s\n", level, a->v[0], parent, leaf);
    return ARG_EXIT | STATUS_EINVAL;
}

static bool has_parts(uint32_t set, bool suites)
{
    for (size_t i = 0; i < ARRAY_LEN(leaves); i++)
        if (set & 1U << i && (suites ? leaves[i].suite : leaves[i].subgroup))
            return true;
    return false;
}

static int take_group(struct args *a, void *into, const struct keyword *kw)
{
    struct choice *c = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    uint32_t set = leaves_of(a->v[0], NULL, NULL);
    if (!set)
        return not_found(a, "group", "top-level");
    c->all |= c->of_group | c->of_subgroup;
    c->group = a->v[0];
    c->subgroup = NULL;
    c->of_group = set;
    c->of_subgroup = 0;
    return ARG_OK;
}

static int take_subgroup(struct args *a, void *into, const struct keyword *kw)
{
    struct choice *c = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (!c->group)
        return without(a, "subgroup", "group");
    if (!has_parts(leaves_of(c->group, NULL, NULL), false))
        return in_leaf(a, "subgroup", "group", c->group);
    uint32_t set = leaves_of(c->group, a->v[0], NULL);
    if (!set)
        return not_found(a, "subgroup", c->group);
    c->all |= c->of_subgroup;
    c->subgroup = a->v[0];
    c->of_group = 0;
    c->of_subgroup = set;
    c->narrowed = false;
    return ARG_OK;
}

static int take_suite(struct args *a, void *into, const struct keyword *kw)
{
    struct choice *c = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (!c->subgroup)
        return without(a, "suite", c->group ? "subgroup" : "group");
    if (!has_parts(leaves_of(c->group, c->subgroup, NULL), true))
        return in_leaf(a, "suite", "subgroup", c->subgroup);
    uint32_t set = leaves_of(c->group, c->subgroup, a->v[0]);
    if (!set)
        return not_found(a, "suite", c->subgroup);
    c->of_subgroup = c->narrowed ? c->of_subgroup | set : set;
    c->narrowed = true;
    return ARG_OK;
}

static int take_dev(struct args *a, void *into, const struct keyword *kw)
{
    struct choice *c = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (c->dev)
        return arg_garbage(a, "dev", a->v[0]);
    c->dev = a->v[0];
    return ARG_OK;
}

static int say_usage(struct ip *ip)
{
    sink_puts(ip->err, ip_object_text(HELP_STATS));
    return ARG_EXIT;
}

static int take_other(struct args *a, void *into)
{
    struct choice *c = into;
    if (strcmp(a->v[0], "help") == 0)
        return say_usage(c->ip);
    sink_printf(a->err, "What is \"%s\"?\n", a->v[0]);
    return say_usage(c->ip) | STATUS_EINVAL;
}

static const struct keyword show_words[] = {
    {"dev", false, take_dev, 0, NULL},
    {"group", false, take_group, 0, NULL},
    {"subgroup", false, take_subgroup, 0, NULL},
    {"suite", false, take_suite, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

static void show_link(const struct shown *s, const struct choice *c)
{
    for (size_t i = 0; i < ARRAY_LEN(leaves); i++)
        if (!c->all || c->all & 1U << i)
            show_leaf(s, &leaves[i]);
    if (!c->dev)
        print_nl(&s->ip->out);
}

static int show(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct choice c = {.ip = ip};
    struct shown s = {.ip = ip};
    (void)verb;
    int status = args_read(a, show_words, &c, take_other);
    if (status)
        return status;
    c.all |= c.of_group | c.of_subgroup;
    int only = c.dev ? ip_link_index(ip, c.dev) : 0;
    if (c.dev && !only)
        return ip_nodev(ip, c.dev);
    json_begin(&ip->out);
    for (int i = vnet_link_next(ip->ns, 0); i; i = vnet_link_next(ip->ns, i))
        if ((!only || only == i) && vnet_link_get(ip->ns, i, &s.l) == 0)
            show_link(&s, &c);
    json_end(&ip->out);
    return ARG_OK;
}

static int help(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)a;
    (void)verb;
    return say_usage(ip);
}

int ip_stats_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb verbs[] = {
        {"help", false, false, help, 0},
        {"show", false, true, show, 0},
        {"set", false, false, NULL, 0},
        {NULL, false, false, NULL, 0},
    };
    static const struct ip_verb alone = {"show", false, true, show, 0};
    const char *word = arg_word(a);
    const struct ip_verb *v = verbs;
    while (word && v->name && strcmp(word, v->name) != 0)
        v++;
    int status = ip_run_verb(ip, a, verbs, "stats", &alone);
    return word && !v->name && status == ARG_USAGE ? ARG_FAILED : status;
}
