/* The search goes by sets of one change, of two, ... A larger set is built on one that got further:
 * after which the first packet was lost elsewhere, or the command said something else. Changes that
 * often go together, none of which shows anything alone, are also tried at once. Each trial is the
 * command itself, on a copy of the world. */
#include "cmd/teach/why.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/netns.h"
#include "cmd/options.h"
#include "cmd/printer.h"
#include "cmd/resolve.h"
#include "cmd/teach/candidates.h"
#include "cmd/teach/sets.h"
#include "cmd/teach/wrap.h"
#include "vnet_session.h"

enum { MOST_FRONTIER = 8, MOST_BASE = 8, MOST_FOUND = 8 };
enum { MOST_TRIALS = 2000 };
enum { MOST_EVENTS = 1000000 }; /* of the trace, in all trials: frames that go round and round */

enum { OPT_APPLY = 1, OPT_JSON };
static const struct long_option longs[] = {
    {"apply", 0, OPT_APPLY}, {"json", 0, OPT_JSON}, {NULL, 0, 0}};

struct why {
    struct cmd_env *env;
    int argc;
    char **argv; /* the command */
    bool apply, json;
    struct inet_addr target;
    char *source; /* the namespace that packets leave first; owned; NULL: none do */
    struct vnet *base;
    struct trial_result as_it_is;
    struct sets found;
    unsigned trials;
    uint64_t events;
};

static int usage(struct cmd_env *env)
{
    sink_puts(env->err, "Usage: vnet why [--apply] [--json] COMMAND [ARGUMENT]...\n");
    return TRIAL_USAGE;
}

/* ---- trying ---- */

/* The command in w after more changes (NULL: none). */
static struct trial_result try_change(struct why *y, struct vnet *w, const struct candidate *x)
{
    const struct change_set nothing = {0};
    const char *fixes[MOST_CHANGES + 1];
    size_t n = 0;
    struct trial_result r;
    struct sets one = {0};
    const struct change_set *c = sets_add(&one, &nothing, x, NULL);
    for (size_t i = 0; i < c->n; i++)
        fixes[n++] = c->line[i];
    if (y->target.family == VNET_AF_INET6)
        fixes[n++] = "sleep 3"; /* until duplicate address detection is over */
    y->trials++;
    trial_quick(&r, y->env, w, fixes, n, y->argc, y->argv);
    y->events += r.events;
    sets_release(&one);
    return r;
}

static struct vnet *changed_world(const struct why *y, const struct change_set *c, size_t but)
{
    const char *lines[MOST_CHANGES];
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        if (i != but)
            lines[n++] = c->line[i];
    return trial_changed(y->env, vnet_clone(y->base), lines, n);
}

static bool works_without(struct why *y, const struct change_set *c, size_t but)
{
    struct vnet *w = changed_world(y, c, but);
    struct trial_result r = try_change(y, w, NULL);
    trial_result_release(&r);
    vnet_free(w);
    return r.works;
}

static bool out_of_breath(const struct why *y)
{
    return y->trials >= MOST_TRIALS || y->events >= MOST_EVENTS ||
           (y->env->interrupted && *y->env->interrupted);
}

/* ---- what was found ---- */

/* Takes out what is not needed: each change that is left is, since without it the others do not do.
 */
static void make_minimal(struct why *y, struct change_set *c)
{
    for (size_t i = 0; i < c->n && c->n > 1;) {
        bool needed = !works_without(y, c, i);
        if (!needed)
            set_remove(c, i);
        i = needed ? i + 1 : 0;
    }
}

static bool is_found(const struct sets *s, const struct change_set *c)
{
    struct change_set rest = *c;
    const char *line = rest.line[--rest.n];
    return sets_have(s, &rest, line);
}

static void found_set(struct why *y, const struct change_set *c, const struct candidate *last)
{
    struct sets one = {0};
    struct change_set *set = sets_add(&one, c, last, NULL);
    make_minimal(y, set);
    if (!is_found(&y->found, set))
        sets_add(&y->found, set, NULL, NULL);
    sets_release(&one);
}

/* Small sets first, then those that are the least far-fetched. */
static bool is_worse(const struct change_set *a, const struct change_set *b)
{
    return a->n != b->n ? a->n > b->n : a->cost > b->cost;
}

/* ---- the search ---- */

/* What others build on: it may help although nothing shows before there is more. A link that went
 * down took routes with it, a port that left its bridge its VLANs. */
static bool is_foundation(const char *line)
{
    size_t len = strlen(line);
    if (strstr(line, "disable_ipv6=0") || strstr(line, " master ") || strstr(line, " addr add ") ||
        strstr(line, "vlan add "))
        return true;
    return strstr(line, " link set ") && !strstr(line, " lo ") && len > 3 &&
           strcmp(line + len - 3, " up") == 0;
}

static bool same_end(const struct change_set *c, const struct trial_result *r)
{
    return strcmp(c->outcome, r->outcome) == 0 && !c->end == !r->end &&
           (!c->end || (strcmp(c->end, r->end) == 0 && strcmp(c->place, r->place) == 0));
}

static bool is_outcome_of(const struct sets *s, const struct trial_result *r)
{
    for (size_t i = 0; i < s->n; i++)
        if (same_end(&s->v[i], r) && r->reach <= s->v[i].reach)
            return true;
    return false;
}

struct level {           /* sets of so many changes, none of which works: */
    struct sets further; /* the command comes to something else than before */
    struct sets base;    /* it comes to the same, but others may build on them */
};

static bool is_known(const struct why *y, const struct level *next, const struct change_set *c,
                     const char *line)
{
    return set_has_line(c, line) || sets_have(&y->found, c, line) ||
           sets_have(&next->further, c, line) || sets_have(&next->base, c, line);
}

static void try_candidate(struct why *y, struct vnet *w, const struct change_set *c,
                          const struct candidate *x, struct level *next)
{
    struct trial_result r = try_change(y, w, x);
    if (r.works) {
        found_set(y, c, x);
    } else if (r.outcome && c->n + x->lines < MOST_CHANGES && !x->aside) {
        bool same = same_end(c, &r);
        if (same && (x->lines > 1 || is_foundation(x->line)))
            sets_add(&next->base, c, x, &r)->near |= r.reach > c->reach;
        else if (!same && !is_outcome_of(&next->further, &r))
            sets_add(&next->further, c, x, &r);
    }
    trial_result_release(&r);
}

/* All sets of c and candidates of so many lines. */
static void extend(struct why *y, const struct change_set *c, size_t lines, struct level *next)
{
    struct candidates more = {0};
    struct vnet *w = changed_world(y, c, SIZE_MAX);
    candidates_find(&more, w, y->source, &y->target);
    for (size_t i = 0; i < more.n && !out_of_breath(y); i++)
        if (more.v[i].lines == lines && !(more.v[i].aside && c->n) &&
            !is_known(y, next, c, more.v[i].line))
            try_candidate(y, w, c, &more.v[i], next);
    vnet_free(w);
    candidates_release(&more);
}

/* A far-fetched change often gets far by sending all to all. */
static long promise(const struct change_set *c)
{
    return (long)c->reach - 2 * (long)c->cost;
}

static bool promises_less(const struct change_set *a, const struct change_set *b)
{
    return promise(a) < promise(b);
}

static bool is_farther_off(const struct change_set *a, const struct change_set *b)
{
    return a->near < b->near;
}

/* What to go on with: ends the level. */
static struct sets best_of(struct level *l)
{
    sets_sort(&l->further, promises_less);
    sets_sort(&l->base, is_farther_off);
    sets_cut(&l->further, MOST_FRONTIER);
    sets_cut(&l->base, MOST_BASE);
    for (size_t i = 0; i < l->base.n; i++) {
        struct change_set *c = &l->base.v[i];
        struct trial_result r = {
            .outcome = c->outcome, .place = c->place, .end = c->end, .reach = c->reach};
        sets_add(&l->further, c, NULL, &r);
    }
    sets_release(&l->base);
    return l->further;
}

/* Changes that belong together come first: they are few. */
static struct sets sets_of_size(struct why *y, size_t n, const struct sets *smaller)
{
    struct level next = {0};
    for (size_t lines = n; lines > 0; lines--) {
        const struct sets *from = &smaller[n - lines];
        for (size_t i = 0; i < from->n && lines <= MOST_TOGETHER && !y->found.n; i++)
            extend(y, &from->v[i], lines, &next);
    }
    return best_of(&next);
}

static void search(struct why *y)
{
    const struct change_set nothing = {0};
    struct sets of_size[MOST_CHANGES + 1] = {0};
    sets_add(&of_size[0], &nothing, NULL, &y->as_it_is);
    for (size_t n = 1; n <= MOST_CHANGES && !y->found.n; n++)
        of_size[n] = sets_of_size(y, n, of_size);
    for (size_t n = 0; n <= MOST_CHANGES; n++)
        sets_release(&of_size[n]);
    sets_sort(&y->found, is_worse);
    sets_cut(&y->found, MOST_FOUND);
}

/* ---- telling ---- */

static void tell_text(const struct why *y)
{
    struct sink *out = y->env->out;
    wrap_line(out, y->as_it_is.outcome, 0);
    if (!y->found.n) {
        sink_printf(out, "\nNo change makes it work, of %u that were tried.\n", y->trials);
        return;
    }
    size_t size = y->found.v[0].n;
    sink_printf(out, size > 1 ? "\nIt works after %zu changes together" : "\nIt works after", size);
    sink_puts(out, y->found.n > 1 ? (size > 1 ? "; one of:\n" : " one of:\n") : ":\n");
    for (size_t i = 0; i < y->found.n; i++) {
        for (size_t k = 0; k < y->found.v[i].n; k++)
            sink_printf(out, "    %s\n", y->found.v[i].line[k]);
        if (size > 1 && i + 1 < y->found.n)
            sink_puts(out, "  or\n");
    }
    sink_printf(out, "(Each was tried, on a copy of the world.)\n");
}

static void tell_json(const struct why *y)
{
    struct printer p = {.out = y->env->out, .json = true, .pretty = true, .nl = "\n"};
    json_begin(&p);
    json_open_object(&p, NULL);
    print_str(&p, TO_JSON, "outcome", NULL, y->as_it_is.outcome);
    print_bool(&p, "works", y->as_it_is.works);
    print_uint(&p, TO_JSON, "trials", NULL, y->trials);
    json_open_array(&p, "fixes");
    for (size_t i = 0; i < y->found.n; i++) {
        json_open_array(&p, NULL);
        for (size_t k = 0; k < y->found.v[i].n; k++)
            print_str(&p, TO_JSON, NULL, NULL, y->found.v[i].line[k]);
        json_close_array(&p);
    }
    json_close_array(&p);
    json_close_object(&p);
    json_end(&p);
}

static int apply_first(const struct why *y)
{
    const struct change_set *c = &y->found.v[0];
    for (size_t i = 0; i < c->n; i++)
        if (!trial_apply(y->env, y->env->session, c->line[i]))
            return 1;
    return 0;
}

/* ---- the command ---- */

/* The last word that is an address or a name that has an IPv4 one. */
static struct inet_addr find_target(const struct vnet *w, int argc, char **argv)
{
    struct inet_addr a;
    for (int i = argc - 1; i > 0; i--)
        if ((strchr(argv[i], ':') && resolve_host(NULL, argv[i], VNET_AF_INET6, &a)) ||
            (resolve_host(vnet_hosts(w), argv[i], VNET_AF_INET, &a) &&
             (strchr(argv[i], '.') || hosts_addr(vnet_hosts(w), argv[i], VNET_AF_INET, &a))))
            return a;
    return inet_addr_any(VNET_AF_UNSPEC);
}

/* The namespace that the command line names: "ip netns exec red ping ..." */
static char *named_netns(const struct why *y)
{
    for (int i = 1; i < y->argc; i++)
        if (netns_named(y->base, y->argv[i]))
            return mem_strdup(y->argv[i]);
    return NULL;
}

/* Where the first packet comes from, or would. */
static char *find_source(const struct why *y, const struct trial *t)
{
    char *name = named_netns(y);
    for (size_t i = 0; i < t->steps.n && !name; i++)
        if (!step_is_background(&t->steps.v[i]))
            name = mem_strdup(t->steps.v[i].netns);
    struct netns *own = name ? NULL : vnet_ns_find(y->base, y->env->netns);
    return name ? name : own ? mem_strdup(vnet_netns_name(own)) : NULL;
}

static void try_as_it_is(struct why *y)
{
    struct trial t;
    trial_run(&t, y->env, vnet_clone(y->base), NULL, 0, y->argc, y->argv, TRIAL_SHORT);
    trial_sum_up(&y->as_it_is, &t, true);
    y->events += t.steps.events;
    y->source = find_source(y, &t);
    trial_release(&t);
}

static int find_why(struct why *y)
{
    y->target = find_target(y->base, y->argc, y->argv);
    try_as_it_is(y);
    bool works = y->as_it_is.works;
    if (!works)
        search(y);
    if (y->json)
        tell_json(y);
    else if (works)
        sink_printf(y->env->out, "It works: %s\n", y->as_it_is.outcome);
    else
        tell_text(y);
    return works ? 0 : !y->found.n ? 1 : y->apply ? apply_first(y) : 0;
}

static int why(struct why *y)
{
    int status;
    if (!trial_command(y->env, y->argc, y->argv, &status))
        return status;
    y->base = cmd_copy_world(y->env);
    if (!y->base)
        return 1;
    status = find_why(y);
    sets_release(&y->found);
    trial_result_release(&y->as_it_is);
    free(y->source);
    vnet_free(y->base);
    return status;
}

int why_main(struct cmd_env *env, int argc, char **argv)
{
    struct why y = {.env = env};
    struct options o;
    bool ok = true;
    options_init(&o, argc, argv, "+", longs, env->err);
    o.complete = env->complete;
    o.operands_too = true;
    for (int c; ok && (c = options_next(&o)) != -1;) {
        y.apply |= c == OPT_APPLY;
        y.json |= c == OPT_JSON;
        ok = c != '?';
    }
    y.argc = o.noperands;
    y.argv = o.operands;
    int status = ok && y.argc > 0 ? why(&y) : usage(env);
    options_release(&o);
    return status;
}
