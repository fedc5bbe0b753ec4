#include "cmd/teach/explain.h"

#include <string.h>

#include "base/mem.h"
#include "cmd/options.h"
#include "cmd/printer.h"
#include "cmd/teach/trial.h"

enum { OPT_BRIEF = 1, OPT_JSON, OPT_ALL };
static const struct long_option longs[] = {
    {"brief", 0, OPT_BRIEF}, {"json", 0, OPT_JSON}, {"all", 0, OPT_ALL}, {NULL, 0, 0}};

struct explain {
    struct cmd_env *env;
    bool brief, json, all;
    struct trial trial;
};

static int usage(struct cmd_env *env)
{
    sink_puts(env->err, "Usage: vnet explain [--brief] [--all] [--json] COMMAND [ARGUMENT]...\n");
    return TRIAL_USAGE;
}

/* ---- telling it ---- */

static bool is_told(const struct explain *e, const struct step *s)
{
    return e->all || !step_is_background(s);
}

static void tell_text(const struct explain *e)
{
    struct strbuf sb = STRBUF_INIT;
    struct sink *out = e->env->out;
    unsigned number = 0;
    trial_outcome(&e->trial, &sb);
    sink_printf(out, "%s\n", strbuf_cstr(&sb));
    for (size_t i = 0; !e->brief && i < e->trial.steps.n; i++) {
        const struct step *s = &e->trial.steps.v[i];
        if (!is_told(e, s))
            continue;
        strbuf_reset(&sb);
        step_put_place(&sb, s);
        sink_printf(out, "%s%3u. %-12s %-8s %-8s %s", number ? "" : "\n", number + 1,
                    strbuf_cstr(&sb), s->what, vnet_verdict_name(s->verdict), s->detail);
        number++;
        strbuf_reset(&sb);
        step_put_reason(&sb, s);
        sink_printf(out, "  [%s()]%s", s->func, strbuf_cstr(&sb));
        if (s->times > 1)
            sink_printf(out, " x%u", s->times);
        sink_puts(out, "\n");
    }
    if (!e->brief && e->trial.status && trial_first_loss(&e->trial))
        sink_printf(out, "\nA real machine shows %s.\n",
                    e->trial.shown.len ? strbuf_cstr(&e->trial.shown)
                                       : "nothing of it: no counter moves");
    strbuf_release(&sb);
}

static void print_step(struct printer *p, const struct step *s)
{
    json_open_object(p, NULL);
    print_str(p, TO_JSON, "netns", NULL, s->netns);
    if (s->dev)
        print_str(p, TO_JSON, "dev", NULL, s->dev);
    print_str(p, TO_JSON, "stage", NULL, s->what);
    print_str(p, TO_JSON, "verdict", NULL, vnet_verdict_name(s->verdict));
    print_str(p, TO_JSON, "function", NULL, s->func);
    if (s->reason)
        print_str(p, TO_JSON, "drop_reason", NULL, s->reason);
    if (s->later)
        print_str(p, TO_JSON, "later_drop_reason", NULL, s->later);
    print_str(p, TO_JSON, "detail", NULL, s->detail);
    print_uint(p, TO_JSON, "times", NULL, s->times);
    json_close_object(p);
}

static void tell_json(const struct explain *e)
{
    struct printer p = {.out = e->env->out, .json = true, .pretty = true, .nl = "\n"};
    struct strbuf sb = STRBUF_INIT;
    trial_outcome(&e->trial, &sb);
    json_begin(&p);
    json_open_object(&p, NULL);
    print_str(&p, TO_JSON, "outcome", NULL, strbuf_cstr(&sb));
    print_uint(&p, TO_JSON, "status", NULL, (unsigned)e->trial.status);
    print_str(&p, TO_JSON, "shown", NULL, strbuf_cstr(&e->trial.shown));
    json_open_array(&p, "steps");
    for (size_t i = 0; i < e->trial.steps.n; i++)
        if (is_told(e, &e->trial.steps.v[i]))
            print_step(&p, &e->trial.steps.v[i]);
    json_close_array(&p);
    json_close_object(&p);
    json_end(&p);
    strbuf_release(&sb);
}

static int explain(struct explain *e, int argc, char **argv)
{
    int status;
    if (!trial_command(e->env, argc, argv, &status))
        return status;
    struct vnet *w = cmd_copy_world(e->env);
    if (!w)
        return 1;
    trial_run(&e->trial, e->env, w, NULL, 0, argc, argv, true);
    if (e->json)
        tell_json(e);
    else
        tell_text(e);
    status = e->trial.status;
    trial_release(&e->trial);
    return status;
}

int explain_main(struct cmd_env *env, int argc, char **argv)
{
    struct explain e = {.env = env};
    struct options o;
    bool ok = true;
    options_init(&o, argc, argv, "+", longs, env->err);
    o.complete = env->complete;
    o.operands_too = true;
    for (int c; ok && (c = options_next(&o)) != -1;) {
        e.brief |= c == OPT_BRIEF;
        e.json |= c == OPT_JSON;
        e.all |= c == OPT_ALL;
        ok = c != '?';
    }
    int status = ok && o.noperands > 0 ? explain(&e, o.noperands, o.operands) : usage(env);
    options_release(&o);
    return status;
}
