/* The search goes by sets of one change, of two, ... A larger set is built on one that got further:
 * after which the first packet was lost elsewhere, or the command said something else. Each trial
 * is the command itself, on a copy of the world. */
#include "cmd/teach/why.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/options.h"
#include "cmd/printer.h"
#include "cmd/resolve.h"
#include "cmd/teach/candidates.h"
#include "cmd/teach/trial.h"
#include "vnet_session.h"

enum { MOST_CHANGES = 4, MOST_FRONTIER = 4, MOST_HIDDEN = 3, MOST_FOUND = 8, MOST_TRIALS = 2000 };
enum { MOST_EVENTS = 2000000 }; /* of the trace, in all trials: frames that go round and round */

enum { OPT_APPLY = 1, OPT_JSON };
static const struct long_option longs[] = {
    {"apply", 0, OPT_APPLY}, {"json", 0, OPT_JSON}, {NULL, 0, 0}};

struct change_set {
    char *line[MOST_CHANGES]; /* owned */
    size_t n;
    char *outcome; /* what the command came to; owned; NULL: not known */
    size_t reach;  /* different steps that its packets took: the more, the further they came */
};

struct sets {
    struct change_set *v; /* owned */
    size_t n, cap;
};

struct why {
    struct cmd_env *env;
    int argc;
    char **argv; /* the command */
    bool apply, json;
    struct inet_addr target;
    struct vnet *base;
    char *outcome; /* as things are; owned */
    struct sets found;
    unsigned trials;
    uint64_t events;
};

static int usage(struct cmd_env *env)
{
    sink_puts(env->err, "Usage: vnet why [--apply] [--json] COMMAND [ARGUMENT]...\n");
    return TRIAL_USAGE;
}

/* ---- sets of changes ---- */

static void add_set(struct sets *s, const struct change_set *before, const char *line,
                    const char *outcome, size_t reach)
{
    ARRAY_GROW(s->v, s->n, s->cap);
    struct change_set *c = &s->v[s->n++];
    *c = (struct change_set){.n = before->n, .reach = reach};
    for (size_t i = 0; i < before->n; i++)
        c->line[i] = mem_strdup(before->line[i]);
    if (line)
        c->line[c->n++] = mem_strdup(line);
    c->outcome = mem_strdup(outcome);
}

/* The first ones stay. */
static void cut_sets(struct sets *s, size_t most)
{
    for (; s->n > most; s->n--) {
        const struct change_set *c = &s->v[s->n - 1];
        for (size_t k = 0; k < c->n; k++)
            free(c->line[k]);
        free(c->outcome);
    }
}

static void release_sets(struct sets *s)
{
    cut_sets(s, 0);
    free(s->v);
    *s = (struct sets){0};
}

static bool has_line(const struct change_set *c, const char *line)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->line[i], line) == 0)
            return true;
    return false;
}

/* The same changes in another order. */
static bool has_set(const struct sets *s, const struct change_set *c, const char *line)
{
    for (size_t i = 0; i < s->n; i++) {
        bool same = s->v[i].n == c->n + 1 && has_line(&s->v[i], line);
        for (size_t k = 0; same && k < c->n; k++)
            same = has_line(&s->v[i], c->line[k]);
        if (same)
            return true;
    }
    return false;
}

/* ---- trying ---- */

/* Where the command got to: what it said last, and where the first packet was lost. */
static char *outcome_of(const struct trial *t)
{
    const struct step *loss = t->status ? trial_first_loss(t) : NULL;
    struct strbuf sb = STRBUF_INIT;
    trial_last_words(t, &sb);
    if (loss)
        strbuf_addf(&sb, ": %s%s%s: %s() %s: %s", loss->netns, *loss->netns ? "/" : "",
                    loss->dev ? loss->dev : "-", loss->func,
                    loss->verdict == VNET_TRACE_DROPPED ? "drops" : "ignores", loss->detail);
    return strbuf_detach(&sb);
}

static size_t reach_of(const struct trial *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->steps.n; i++)
        n += !step_is_background(&t->steps.v[i]);
    return n;
}

/* The command after the changes of a set, and one more if `line` is not NULL. true: it works. */
static bool try_set(struct why *y, const struct change_set *c, const char *line, char **outcome,
                    size_t *reach)
{
    const char *fixes[MOST_CHANGES + 2];
    size_t n = 0;
    struct trial t;
    for (; n < c->n; n++)
        fixes[n] = c->line[n];
    if (line)
        fixes[n++] = line;
    if (n && y->target.family == VNET_AF_INET6)
        fixes[n++] = "sleep 3"; /* until duplicate address detection is over */
    y->trials++;
    bool ran = trial_run(&t, y->env, vnet_clone(y->base), fixes, n, y->argc, y->argv, 0);
    *outcome = ran ? outcome_of(&t) : NULL;
    bool works = ran && t.status == 0;
    *reach = reach_of(&t);
    y->events += t.steps.events;
    trial_release(&t);
    return works;
}

static void find_candidates(struct why *y, const struct change_set *c, struct candidates *out)
{
    struct vnet *w = trial_changed(y->env, vnet_clone(y->base), (const char *const *)c->line, c->n);
    candidates_find(out, w, &y->target);
    vnet_free(w);
}

static bool out_of_breath(const struct why *y)
{
    return y->trials >= MOST_TRIALS || y->events >= MOST_EVENTS ||
           (y->env->interrupted && *y->env->interrupted);
}

/* A link that went down took routes with it: that it is up again may not show before they are there
 * again, too. Likewise IPv6. */
static bool brings_up(const char *line)
{
    size_t len = strlen(line);
    if (strstr(line, "disable_ipv6=0"))
        return true;
    return strstr(line, " link set ") && len > 3 && strcmp(line + len - 3, " up") == 0;
}

/* All sets of one more change than c; those that got further go to `next`. */
static void extend(struct why *y, const struct change_set *c, struct sets *next)
{
    struct candidates more = {0};
    struct sets hidden = {0}; /* progress that the outcome does not show */
    size_t reach = 0;
    find_candidates(y, c, &more);
    for (size_t i = 0; i < more.n && !out_of_breath(y); i++) {
        char *outcome;
        if (has_line(c, more.v[i]) || has_set(&y->found, c, more.v[i]) ||
            has_set(next, c, more.v[i]))
            continue;
        if (try_set(y, c, more.v[i], &outcome, &reach)) {
            if (y->found.n < MOST_FOUND)
                add_set(&y->found, c, more.v[i], outcome, reach);
        } else if (outcome && c->n + 1 < MOST_CHANGES) {
            bool further = strcmp(outcome, c->outcome) != 0;
            if (further || brings_up(more.v[i]))
                add_set(further ? next : &hidden, c, more.v[i], outcome, reach);
        }
        free(outcome);
    }
    for (size_t i = 0; i < hidden.n && i < MOST_HIDDEN; i++)
        add_set(next, &hidden.v[i], NULL, hidden.v[i].outcome, SIZE_MAX);
    release_sets(&hidden);
    candidates_release(&more);
}

/* Those that came furthest first, in the order of their trial. */
static void sort_sets(struct sets *s)
{
    for (size_t i = 1; i < s->n; i++) {
        struct change_set c = s->v[i];
        size_t k = i;
        for (; k > 0 && s->v[k - 1].reach < c.reach; k--)
            s->v[k] = s->v[k - 1];
        s->v[k] = c;
    }
}

static void search(struct why *y)
{
    struct change_set nothing = {.outcome = y->outcome};
    struct sets frontier = {0};
    add_set(&frontier, &nothing, NULL, y->outcome, 0);
    while (frontier.n && !y->found.n && !out_of_breath(y)) {
        struct sets next = {0};
        for (size_t i = 0; i < frontier.n; i++)
            extend(y, &frontier.v[i], &next);
        release_sets(&frontier);
        sort_sets(&next);
        cut_sets(&next, MOST_FRONTIER + MOST_HIDDEN);
        frontier = next;
    }
    release_sets(&frontier);
}

/* ---- telling ---- */

static void tell_text(const struct why *y)
{
    struct sink *out = y->env->out;
    sink_printf(out, "%s\n", y->outcome);
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
    print_str(&p, TO_JSON, "outcome", NULL, y->outcome);
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

static int find_why(struct why *y)
{
    struct change_set nothing = {0};
    y->target = find_target(y->base, y->argc, y->argv);
    size_t reach;
    bool works = try_set(y, &nothing, NULL, &y->outcome, &reach);
    y->trials = 0;
    if (!works)
        search(y);
    if (y->json)
        tell_json(y);
    else if (works)
        sink_printf(y->env->out, "It works: %s\n", y->outcome);
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
    release_sets(&y->found);
    free(y->outcome);
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
