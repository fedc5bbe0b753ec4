/* Routing policy: which table answers for which packet (net/core/fib_rules.c, net/ipv4/fib_rules.c,
 * net/ipv6/fib6_rules.c). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "inet/fib_internal.h"
#include "inet/route_text.h"
#include "inet/rtnetlink.h"
#include "inet/text.h"
#include "sim/trace.h"
#include "sim/world.h"

#define rule_of(pos) list_entry(pos, struct fib_rule, node)

enum { PREF_MAIN = 0x7ffe, PREF_DEFAULT = 0x7fff };
/* fib_nl2rule_rtnl(): where a rule's "goto" leads is looked at after all else. */
enum { KERNEL_GOTO_LAST = 0x060f00 };

static bool asks_for_ports(const struct vnet_rule_info *r)
{
    return r->ipproto || r->sport_min || r->sport_max || r->dport_min || r->dport_max;
}

/* Rules have changed. */
static void note_fldissect(struct fib *fib)
{
    fib->fldissect = false;
    list_each(pos, &fib->rules) fib->fldissect |= asks_for_ports(&rule_of(pos)->r);
}

static struct fib_rule *append_rule(struct fib *fib, const struct vnet_rule_info *r)
{
    struct fib_rule *rule = mem_alloc(sizeof(*rule));
    rule->r = *r;
    list_add_tail(&rule->node, &fib->rules);
    fib->fldissect |= asks_for_ports(r);
    return rule;
}

static const struct {
    uint32_t priority, table;
} default_rules[] = {
    /* IPv6 has no table default */
    {0, VNET_RT_TABLE_LOCAL},
    {PREF_MAIN, VNET_RT_TABLE_MAIN},
    {PREF_DEFAULT, VNET_RT_TABLE_DEFAULT},
};

static unsigned default_count(const struct fib *fib)
{
    return fib->family == VNET_AF_INET ? 3 : 2;
}

static struct vnet_rule_info default_rule(const struct fib *fib, unsigned i)
{
    return (struct vnet_rule_info){.family = fib->family,
                                   .action = VNET_FR_ACT_TO_TBL,
                                   .table = default_rules[i].table,
                                   .priority = default_rules[i].priority,
                                   .has_priority = true,
                                   .protocol = VNET_RTPROT_KERNEL,
                                   .suppress_prefixlen = -1,
                                   .suppress_ifgroup = -1};
}

void fib_rules_init(struct fib *fib)
{
    for (unsigned i = 0; i < default_count(fib); i++) {
        struct vnet_rule_info r = default_rule(fib, i);
        append_rule(fib, &r);
    }
}

void fib_rules_free(struct fib *fib)
{
    list_each_safe(pos, tmp, &fib->rules)
    {
        list_del(pos);
        free(rule_of(pos));
    }
}

int fib_rule_each(const struct fib *fib, int (*cb)(const struct vnet_rule_info *r, void *arg),
                  void *arg)
{
    list_each(pos, &fib->rules)
    {
        int rc = cb(&rule_of(pos)->r, arg);
        if (rc)
            return rc;
    }
    return 0;
}

int fib_load_rule(struct fib *fib, const struct vnet_rule_info *r)
{
    if (!list_empty(&fib->rules) && rule_of(fib->rules.prev)->r.priority > r->priority)
        return -EINVAL;
    append_rule(fib, r);
    return 0;
}

/* ---- lookup ---- */

static bool dev_selects(const struct netns *ns, const char *name, int ifindex)
{
    if (!name[0])
        return true;
    const struct netdev *dev = netdev_by_name(ns, name);
    return dev && dev->ifindex == ifindex;
}

static bool prefix_selects(const struct inet_addr *prefix, uint8_t len, const struct inet_addr *a)
{
    if (len == 0)
        return true;
    struct inet_prefix p = {*prefix, len};
    return inet_prefix_has(&p, a);
}

static bool port_selects(uint16_t min, uint16_t max, uint16_t port)
{
    return (!min && !max) || (port >= min && port <= max);
}

/* fib4_rule_match(), fib6_rule_match() */
static bool family_match(const struct vnet_rule_info *r, const struct flow *fl)
{
    static const struct inet_addr any4 = {.family = VNET_AF_INET};
    const struct inet_addr *src = &fl->saddr;
    if (fl->family == VNET_AF_INET && !src->family)
        src = &any4;
    return prefix_selects(&r->src, r->src_len, src) &&
           prefix_selects(&r->dst, r->dst_len, &fl->daddr) && (!r->tos || r->tos == fl->tos) &&
           (!r->ipproto || r->ipproto == fl->proto) &&
           port_selects(r->sport_min, r->sport_max, fl->sport) &&
           port_selects(r->dport_min, r->dport_max, fl->dport);
}

/* fib_rule_match() */
static bool rule_match(const struct netns *ns, const struct vnet_rule_info *r,
                       const struct flow *fl)
{
    bool m = dev_selects(ns, r->iif, fl->iif) && dev_selects(ns, r->oif, fl->oif) &&
             ((r->fwmark ^ fl->mark) & r->fwmask) == 0 &&
             (!r->has_uid || (fl->uid >= r->uid_min && fl->uid <= r->uid_max)) &&
             family_match(r, fl);
    return m != r->invert;
}

static int rule_action(struct fib *fib, const struct vnet_rule_info *r, const struct flow *fl,
                       fib_lookup_fn *lookup, unsigned flags, struct fib_result *res)
{
    switch (r->action) {
    case VNET_FR_ACT_TO_TBL:
        break;
    case VNET_FR_ACT_UNREACHABLE:
        return -ENETUNREACH;
    case VNET_FR_ACT_PROHIBIT:
        return -EACCES;
    default:
        return -EINVAL;
    }
    const struct fib_table *t = fib_get_table(fib, r->table);
    return t ? lookup(fib, t, fl, flags, res) : -EAGAIN;
}

/* fib4_rule_suppress(): the answer is too general, or by a device of the wrong group. */
static bool suppressed(const struct vnet_rule_info *r, const struct fib_result *res)
{
    if (res->prefix_len <= r->suppress_prefixlen)
        return true;
    const struct netdev *dev = res->nh ? res->nh->dev : NULL;
    return r->suppress_ifgroup != -1 && dev && dev->group == (uint32_t)r->suppress_ifgroup;
}

/* A rule that says "goto" names a later one (others are refused): where that is, or the next. */
static struct list *goto_target(struct fib *fib, struct list *from, uint32_t *seen)
{
    uint32_t target = rule_of(from)->r.goto_priority;
    struct list *pos = from->next;
    while (pos != &fib->rules && rule_of(pos)->r.priority < target) {
        pos = pos->next;
        ++*seen;
    }
    return pos != &fib->rules && rule_of(pos)->r.priority == target ? pos : from->next;
}

/* The rule that matched, and what came of it: only where somebody has made rules, since without the
 * kernel, too, looks straight into its tables. That `local` knows nothing is no news. */
static void tell_rule(const struct fib *fib, const struct vnet_rule_info *r, const struct flow *fl,
                      int error)
{
    char text[RULE_TEXT_MAX];
    struct netns *ns = fib->ns;
    if (!ns->w->trace_fn || fib_rules_are_default(fib) || (error == -EAGAIN && r->priority == 0))
        return;
    trace(ns->w, netdev_by_index(ns, fl->iif), "rule",
          fib->family == VNET_AF_INET ? "fib4_rule_action" : "fib6_rule_action", VNET_TRACE_OK,
          NULL, "%s matches %s: %s", rule_text(r, text), ADDR_STR(&fl->daddr),
          error == -EAGAIN                  ? "nothing in that table, on to the next rule"
          : r->action == VNET_FR_ACT_TO_TBL ? "that table answers"
                                            : "refused");
}

static int walk_rules(struct fib *fib, const struct flow *fl, fib_lookup_fn *lookup, unsigned flags,
                      struct fib_result *res, uint32_t *seen)
{
    struct list *next;
    for (struct list *pos = fib->rules.next; pos != &fib->rules; pos = next, ++*seen) {
        const struct vnet_rule_info *r = &rule_of(pos)->r;
        next = pos->next;
        if (!rule_match(fib->ns, r, fl) || r->action == VNET_FR_ACT_NOP)
            continue;
        if (r->action == VNET_FR_ACT_GOTO) {
            next = goto_target(fib, pos, seen);
            continue;
        }
        int error = rule_action(fib, r, fl, lookup, flags, res);
        tell_rule(fib, r, fl, error);
        if (error != -EAGAIN && !(error == 0 && suppressed(r, res)))
            return error;
    }
    return -ESRCH;
}

int fib_rules_lookup(struct fib *fib, const struct flow *fl, fib_lookup_fn *lookup, unsigned flags,
                     struct fib_result *res)
{
    uint32_t seen = 0;
    int error = walk_rules(fib, fl, lookup, flags, res, &seen);
    vnet_worked(fib->ns->w, seen);
    return error;
}

/* ---- changes ---- */

static bool same_prefix(const struct inet_addr *a, uint8_t alen, const struct inet_addr *b,
                        uint8_t blen)
{
    return alen == blen && (alen == 0 || inet_addr_eq(a, b));
}

/* What rule_exists() and rule_find() compare in the same way; zero in `w` matches any. */
static bool selectors_match(const struct vnet_rule_info *w, const struct vnet_rule_info *r)
{
    return (!w->src_len || same_prefix(&w->src, w->src_len, &r->src, r->src_len)) &&
           (!w->dst_len || same_prefix(&w->dst, w->dst_len, &r->dst, r->dst_len)) &&
           (!w->tos || w->tos == r->tos);
}

static bool uid_eq(const struct vnet_rule_info *a, const struct vnet_rule_info *b)
{
    return a->has_uid == b->has_uid &&
           (!a->has_uid || (a->uid_min == b->uid_min && a->uid_max == b->uid_max));
}

/* The comparison of rule_exists() */
static bool same_rule(const struct vnet_rule_info *w, const struct vnet_rule_info *r)
{
    return r->action == w->action && r->table == w->table && r->priority == w->priority &&
           strcmp(r->iif, w->iif) == 0 && strcmp(r->oif, w->oif) == 0 && r->fwmark == w->fwmark &&
           r->fwmask == w->fwmask && r->suppress_ifgroup == w->suppress_ifgroup &&
           r->suppress_prefixlen == w->suppress_prefixlen && uid_eq(r, w) &&
           r->ipproto == w->ipproto && r->protocol == w->protocol && r->sport_min == w->sport_min &&
           r->sport_max == w->sport_max && r->dport_min == w->dport_min &&
           r->dport_max == w->dport_max && selectors_match(w, r);
}

static bool rule_exists(const struct fib *fib, const struct vnet_rule_info *w)
{
    list_each(pos, &fib->rules)
    {
        if (same_rule(w, &rule_of(pos)->r))
            return true;
    }
    return false;
}

bool fib_rules_are_default(const struct fib *fib)
{
    unsigned i = 0;
    list_each(pos, &fib->rules)
    {
        const struct vnet_rule_info *r = &rule_of(pos)->r;
        if (i == default_count(fib))
            return false;
        struct vnet_rule_info d = default_rule(fib, i++);
        if (!same_rule(&d, r) || r->src_len || r->dst_len || r->tos || r->invert)
            return false;
    }
    return i == default_count(fib);
}

static bool find_matches(const struct vnet_rule_info *w, const struct vnet_rule_info *r)
{
    return (!w->action || r->action == w->action) && (!w->table || r->table == w->table) &&
           (!w->has_priority || r->priority == w->priority) &&
           (!w->iif[0] || strcmp(r->iif, w->iif) == 0) &&
           (!w->oif[0] || strcmp(r->oif, w->oif) == 0) && (!w->fwmark || r->fwmark == w->fwmark) &&
           (!w->fwmask || r->fwmask == w->fwmask) &&
           (w->suppress_ifgroup == -1 || r->suppress_ifgroup == w->suppress_ifgroup) &&
           (w->suppress_prefixlen == -1 || r->suppress_prefixlen == w->suppress_prefixlen) &&
           (!w->has_uid || uid_eq(w, r)) && (!w->ipproto || r->ipproto == w->ipproto) &&
           (!w->protocol || r->protocol == w->protocol) &&
           (!w->sport_max || (r->sport_min == w->sport_min && r->sport_max == w->sport_max)) &&
           (!w->dport_max || (r->dport_min == w->dport_min && r->dport_max == w->dport_max)) &&
           selectors_match(w, r);
}

/* fib_default_rule_pref(): one before the second rule. */
static uint32_t default_priority(const struct fib *fib)
{
    if (list_empty(&fib->rules) || fib->rules.next->next == &fib->rules)
        return 0;
    uint32_t second = rule_of(fib->rules.next->next)->r.priority;
    return second ? second - 1 : 0;
}

static int check_goto(const struct vnet_rule_info *w, struct vnet_err *err)
{
    if (w->action != VNET_FR_ACT_GOTO)
        return w->has_goto ? vnet_err(err, EINVAL, "Unexpected goto") : 0;
    if (!w->has_goto)
        return vnet_err(err, EINVAL, "Missing goto target for action goto");
    if (w->goto_priority <= w->priority)
        return vnet_err(err, EINVAL, "Backward goto not supported");
    return 0;
}

/* fib_rule_port_range_valid() */
static bool ports_ok(uint16_t min, uint16_t max)
{
    return min != 0 && min <= max && max != 0xffff;
}

static int check_ranges(const struct vnet_rule_info *w, struct vnet_err *err)
{
    if (w->has_uid && w->uid_min > w->uid_max)
        return vnet_err(err, EINVAL, "Invalid uid range");
    if (w->has_sport && !ports_ok(w->sport_min, w->sport_max))
        return vnet_err(err, EINVAL, "Invalid sport range");
    if (w->has_dport && !ports_ok(w->dport_min, w->dport_max))
        return vnet_err(err, EINVAL, "Invalid dport range");
    return 0;
}

/* fib_nl2rule(), fib_nl2rule_rtnl() */
static int complete_rule(const struct fib *fib, const struct vnet_rule_info *req,
                         struct vnet_rule_info *w, struct vnet_err *err)
{
    *w = *req;
    if (w->src_len > inet_addr_bits(fib->family))
        return vnet_err(err, EINVAL, "Invalid source address");
    if (w->dst_len > inet_addr_bits(fib->family))
        return vnet_err(err, EINVAL, "Invalid dst address");
    if (text_has_control(w->iif) || text_has_control(w->oif))
        return -EINVAL; /* the kernel takes control characters; no terminal is to see them */
    if (!w->has_priority)
        w->priority = default_priority(fib);
    if (w->fwmark && !w->fwmask)
        w->fwmask = 0xffffffffU;
    if (fib->ns->w->profile->kernel.version >= KERNEL_GOTO_LAST) {
        int error = check_ranges(w, err);
        return error ? error : check_goto(w, err);
    }
    int error = check_goto(w, err);
    return error ? error : check_ranges(w, err);
}

static uint32_t empty_table(struct fib *fib)
{
    enum { FIB_MAX_AUTO_TABLE_ID = 4096 };
    for (uint32_t id = 1; id <= FIB_MAX_AUTO_TABLE_ID; id++)
        if (!fib_get_table(fib, id))
            return fib_new_table(fib, id)->id;
    return 0;
}

/* fib4_rule_configure() */
static int configure4(struct fib *fib, struct vnet_rule_info *w, struct vnet_err *err)
{
    if (w->tos & 3)
        return vnet_err(err, EINVAL, "Invalid dsfield (tos): ECN bits must be 0");
    if (w->tos & ~0x1e)
        return vnet_err(err, EINVAL, "Invalid tos");
    fib_unmerge(fib);
    if (!w->table && w->action == VNET_FR_ACT_TO_TBL) {
        w->table = empty_table(fib);
        if (!w->table)
            return -ENOBUFS;
    }
    fib->custom_rules = true;
    return 0;
}

/* fib6_rule_configure() */
static int configure6(struct fib *fib, struct vnet_rule_info *w, struct vnet_err *err)
{
    if (w->tos & 3)
        return vnet_err(err, EINVAL, "Invalid dsfield (tos): ECN bits must be 0");
    if (w->action == VNET_FR_ACT_TO_TBL) {
        if (!w->table)
            return vnet_err(err, EINVAL, "Invalid table");
        fib_new_table(fib, w->table);
    }
    fib->custom_rules = true;
    return 0;
}

static void insert_rule(struct fib *fib, const struct vnet_rule_info *w)
{
    struct fib_rule *rule = mem_alloc(sizeof(*rule));
    rule->r = *w;
    rule->r.has_priority = true;
    struct list *at = fib->rules.next;
    while (at != &fib->rules && rule_of(at)->r.priority <= w->priority)
        at = at->next;
    list_insert_before(&rule->node, at);
    note_fldissect(fib);
}

static struct fib *fib_of(struct netns *ns, uint8_t family)
{
    return family == VNET_AF_INET6 ? ns->fib6 : family == VNET_AF_INET ? ns->fib4 : NULL;
}

int vnet_rule_add(struct netns *ns, const struct vnet_rule_info *r, struct vnet_err *err)
{
    struct vnet_rule_info w;
    struct fib *fib = fib_of(ns, r->family);
    err = fib_extack(ns, err);
    if (!fib)
        return vnet_err(err, EAFNOSUPPORT, "Rule family not supported");
    int error = complete_rule(fib, r, &w, err);
    if (error)
        return error;
    if (rule_exists(fib, &w))
        return -EEXIST;
    error = fib->family == VNET_AF_INET ? configure4(fib, &w, err) : configure6(fib, &w, err);
    if (error)
        return error;
    insert_rule(fib, &w);
    notify_rule_change(ns, &w, VNET_RTM_NEWRULE);
    vnet_touch(ns->w);
    return 0;
}

int vnet_rule_del(struct netns *ns, const struct vnet_rule_info *r, struct vnet_err *err)
{
    struct vnet_rule_info w;
    struct fib *fib = fib_of(ns, r->family);
    err = fib_extack(ns, err);
    if (!fib)
        return vnet_err(err, EAFNOSUPPORT, "Rule family not supported");
    int error = complete_rule(fib, r, &w, err);
    if (error)
        return error;
    list_each(pos, &fib->rules)
    {
        if (!find_matches(&w, &rule_of(pos)->r))
            continue;
        if (fib->family == VNET_AF_INET) {
            fib_unmerge(fib);
            fib->custom_rules = true;
        }
        notify_rule_change(ns, &rule_of(pos)->r, VNET_RTM_DELRULE);
        list_del(pos);
        free(rule_of(pos));
        note_fldissect(fib);
        vnet_touch(ns->w);
        return 0;
    }
    return -ENOENT;
}

int vnet_rule_dump(const struct netns *ns, uint8_t family,
                   int (*cb)(const struct vnet_rule_info *info, void *arg), void *arg)
{
    int rc = 0;
    if (family != VNET_AF_INET6)
        rc = fib_rule_each(ns->fib4, cb, arg);
    if (!rc && family != VNET_AF_INET)
        rc = fib_rule_each(ns->fib6, cb, arg);
    return rc;
}
