/* `ip ntable` (ip/ipntable.c of iproute2 6.1.0): tables of neighbours and their parameters. */
#include "vnet_ntable.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"

/* As they are listed, by the words that change them, too. */
static const struct parm {
    enum vnet_ntable_parm id;
    const char *key;
    bool number; /* 32 bits, else a time of 64 */
    bool last;   /* of its line */
} parms[] = {
    {VNET_NTABLE_BASE_REACHABLE, "base_reachable", false, false},
    {VNET_NTABLE_RETRANS, "retrans", false, true},
    {VNET_NTABLE_GC_STALE, "gc_stale", false, false},
    {VNET_NTABLE_DELAY_PROBE, "delay_probe", false, false},
    {VNET_NTABLE_QUEUE, "queue", true, true},
    {VNET_NTABLE_APP_PROBES, "app_probes", true, false},
    {VNET_NTABLE_UCAST_PROBES, "ucast_probes", true, false},
    {VNET_NTABLE_MCAST_PROBES, "mcast_probes", true, true},
    {VNET_NTABLE_ANYCAST_DELAY, "anycast_delay", false, false},
    {VNET_NTABLE_PROXY_DELAY, "proxy_delay", false, false},
    {VNET_NTABLE_PROXY_QUEUE, "proxy_queue", true, false},
    {VNET_NTABLE_LOCKTIME, "locktime", false, true},
};

/* ---- show ---- */

struct listing {
    struct ip *ip;
    const char *name;
    int ifindex; /* -1: that of the tables themselves; 0: all */
};

static int take_shown_dev(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    l->ifindex = strcmp(a->v[0], "none") == 0 ? -1 : ip_link_index(l->ip, a->v[0]);
    return l->ifindex ? ARG_OK : arg_invalid(a, "\"DEV\" is invalid", a->v[0]);
}

static int take_unknown(struct args *a, void *into)
{
    (void)into;
    return arg_invalid(a, "unknown", a->v[0]);
}

static const struct keyword show_words[] = {
    {"dev", false, take_shown_dev, 0, NULL},
    {"name", false, ARG_TEXT(listing, name), NULL},
    {NULL, false, NULL, 0, NULL},
};

static void print_number(struct printer *p, const char *key, const char *word, uint64_t value)
{
    json_u64(p, key, value);
    if (!p->in_json)
        sink_printf(p->out, "%s %llu ", word, (unsigned long long)value);
}

static void begin_line(struct printer *p)
{
    print_nl(p);
    print_text(p, "    ");
}

static void print_table(struct ip *ip, const struct vnet_ntable *t)
{
    static const char *const names[] = {"thresh1", "thresh2", "thresh3"};
    struct printer *p = &ip->out;
    begin_line(p);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        print_number(p, names[i], names[i], t->thresh[i]);
    print_number(p, "gc_interval", "gc_int", t->gc_int);
}

static void print_dev(struct ip *ip, int ifindex)
{
    struct printer *p = &ip->out;
    char name[VNET_IFNAMSIZ] = "*";
    begin_line(p);
    print_text(p, "dev ");
    print_colored(p, TO_ANY, COLOR_IFNAME, "dev", "%s ",
                  ifindex ? ip_link_name(ip, ifindex, name) : name);
}

static void print_entry(struct ip *ip, const struct vnet_ntable *t)
{
    struct printer *p = &ip->out;
    json_open_object(p, NULL);
    print_str(p, TO_ANY, "family", "%s ", ip_family_name(t->family));
    print_str(p, TO_ANY, "name", "%s ", t->name);
    if (t->has_thresh)
        print_table(ip, t);
    else
        print_dev(ip, t->ifindex);
    begin_line(p);
    print_number(p, "refcnt", "refcnt", t->refcnt);
    print_number(p, "reachable", "reachable", t->reachable);
    for (size_t i = 0; i < ARRAY_LEN(parms); i++) {
        print_number(p, parms[i].key, parms[i].key, t->parm[parms[i].id]);
        if (parms[i].last && i + 1 < ARRAY_LEN(parms))
            begin_line(p);
    }
    print_nl(p);
    print_text(p, "\n");
    json_close_object(p);
}

static int show_one(const struct vnet_ntable *t, void *arg)
{
    const struct listing *l = arg;
    if ((!l->ifindex || l->ifindex == t->ifindex) && (!l->name || strcmp(l->name, t->name) == 0))
        print_entry(l->ip, t);
    return 0;
}

static int show(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct listing l = {.ip = ip};
    uint8_t family = ip->opt.family;
    (void)verb;
    int status = args_read(a, show_words, &l, take_unknown);
    if (status)
        return status;
    /* Those of a table: allocations, lookups, collections. The kernel has one table for all
     * namespaces and counts from its start; vnet does not count them. */
    if (ip->opt.stats && l.ifindex <= 0)
        return arg_unsupported(a, "ip ntable option", "-statistics");
    json_begin(&ip->out);
    if (family == VNET_AF_UNSPEC || family == VNET_AF_INET || family == VNET_AF_INET6)
        vnet_ntable_dump(ip->ns, family, show_one, &l);
    json_end(&ip->out);
    return ARG_OK;
}

/* ---- change ---- */

struct change {
    struct ip *ip;
    struct vnet_ntable_change c;
    const char *word[VNET_NTABLE_PARMS + VNET_NTABLE_OWN]; /* as given */
};

enum { GC_INT = 3 };

static int take_name(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (c->c.name)
        return arg_duplicate(a, "NAME", a->v[0]);
    c->c.name = a->v[0];
    return ARG_OK;
}

static int take_dev(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    c->c.ifindex = ip_link_index(c->ip, a->v[0]);
    return c->c.ifindex ? ARG_OK : ip_nodev(c->ip, a->v[0]);
}

static int bad_value(struct args *a, const char *word)
{
    char why[64];
    snprintf(why, sizeof(why), "\"%s\" value is invalid", word);
    return arg_invalid(a, why, a->v[0]);
}

static int take_threshold(struct args *a, void *into, const struct keyword *kw)
{
    struct vnet_ntable_change *c = &((struct change *)into)->c;
    int status = arg_next(a);
    if (status)
        return status;
    if (kw->value == GC_INT ? !arg_u64(a->v[0], 0, &c->gc_int)
                            : !arg_u32(a->v[0], 0, &c->thresh[kw->value]))
        return bad_value(a, kw->name);
    c->set_tbl |= 1U << kw->value;
    ((struct change *)into)->word[VNET_NTABLE_PARMS + kw->value] = a->v[0];
    return ARG_OK;
}

static int take_parm(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    const struct parm *p = &parms[kw->value];
    uint32_t number = 0;
    int status = arg_next(a);
    if (status)
        return status;
    bool ok = p->number ? arg_u32(a->v[0], 0, &number) : arg_u64(a->v[0], 0, &c->c.parm[p->id]);
    if (!ok)
        return bad_value(a, kw->name);
    if (p->number)
        c->c.parm[p->id] = number;
    c->c.set |= 1U << p->id;
    c->word[p->id] = a->v[0];
    return ARG_OK;
}

static const struct keyword change_words[] = {
    {"name", false, take_name, 0, NULL},
    {"thresh1", false, take_threshold, 0, NULL},
    {"thresh2", false, take_threshold, 1, NULL},
    {"thresh3", false, take_threshold, 2, NULL},
    {"gc_int", false, take_threshold, GC_INT, NULL},
    {"dev", false, take_dev, 0, NULL},
    {"base_reachable", false, take_parm, 0, NULL},
    {"retrans", false, take_parm, 1, NULL},
    {"gc_stale", false, take_parm, 2, NULL},
    {"delay_probe", false, take_parm, 3, NULL},
    {"queue", false, take_parm, 4, NULL},
    {"app_probes", false, take_parm, 5, NULL},
    {"ucast_probes", false, take_parm, 6, NULL},
    {"mcast_probes", false, take_parm, 7, NULL},
    {"anycast_delay", false, take_parm, 8, NULL},
    {"proxy_delay", false, take_parm, 9, NULL},
    {"proxy_queue", false, take_parm, 10, NULL},
    {"locktime", false, take_parm, 11, NULL},
    {NULL, false, NULL, 0, NULL},
};

static int change(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct change c = {.ip = ip, .c = {.family = ip->opt.family}};
    unsigned bad;
    (void)verb;
    int status = args_read(a, change_words, &c, take_unknown);
    if (status)
        return status;
    if (!c.c.name)
        return arg_missing(a, "NAME");
    if (!c.c.set && !c.c.set_tbl) {
        sink_puts(ip->err, "Not enough information: changeable attributes required.\n");
        return ARG_USAGE;
    }
    int rc = vnet_ntable_set(ip->ns, &c.c, &bad);
    if (rc == -EOPNOTSUPP)
        return arg_unsupported(a, "ip ntable value", c.word[bad]);
    return ip_answer(ip, rc, &(struct vnet_err){""});
}

static int help(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)a;
    (void)verb;
    return ip_usage(ip, HELP_NTABLE);
}

static const struct ip_verb verbs[] = {
    {"change", true, true, change, 0}, {"chg", true, true, change, 0},
    {"show", true, true, show, 0},     {"lst", true, true, show, 0},
    {"list", true, true, show, 0},     {"help", true, false, help, 0},
    {NULL, false, false, NULL, 0},
};

int ip_ntable_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb without = {"show", false, true, show, 0};
    return ip_run_verb(ip, a, verbs, "ntable", &without);
}
