/* bridge: options and objects (bridge/bridge.c of iproute2 6.1.0). */
#include "cmd/bridge/bridge.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/netns.h"

static const char usage_text[] =
    "Usage: bridge [ OPTIONS ] OBJECT { COMMAND | help }\n"
    "       bridge [ -force ] -batch filename\n"
    "where  OBJECT := { link | fdb | mdb | vlan | monitor }\n"
    "       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] |\n"
    "                    -o[neline] | -t[imestamp] | -n[etns] name |\n"
    "                    -c[ompressvlans] -color -p[retty] -j[son] }\n";

int bridge_usage(struct bridge_run *b, const char *text)
{
    sink_puts(b->ip.err, text);
    return ARG_USAGE;
}

int bridge_answer(struct bridge_run *b, int rc, const struct vnet_err *err)
{
    return ip_answer(&b->ip, rc, err) ? BRIDGE_FAILED : ARG_OK;
}

static int offer_verbs(struct args *a, const struct bridge_verb *verbs)
{
    for (; verbs->name; verbs++)
        if (verbs->run)
            complete_offer(a->complete, verbs->name);
    complete_offer(a->complete, "help");
    return ARG_EXIT;
}

static int refuse_verb(struct args *a, const char *object, const char *word)
{
    char what[32];
    snprintf(what, sizeof(what), "bridge %s", object);
    return arg_unsupported(a, what, word);
}

int bridge_run_verb(struct bridge_run *b, struct args *a, const char *object,
                    const struct bridge_verb *verbs, const char *usage)
{
    if (arg_completing(a))
        return offer_verbs(a, verbs);
    const char *word = a->n > 0 ? a->v[0] : "show";
    while (verbs->name && !arg_matches(word, verbs->name))
        verbs++;
    if (verbs->name && !verbs->run)
        return refuse_verb(a, object, word);
    if (a->n > 0)
        arg_advance(a);
    if (verbs->name) {
        int status = ip_open(&b->ip);
        return status ? status : verbs->run(b, a, verbs->value);
    }
    if (arg_matches(word, "help"))
        return bridge_usage(b, usage);
    sink_printf(b->ip.err, "Command \"%s\" is unknown, try \"bridge %s help\".\n", word, object);
    return ARG_USAGE;
}

int bridge_nodev(struct bridge_run *b, const char *format, const char *name)
{
    sink_printf(b->ip.err, format, name);
    return BRIDGE_FAILED;
}

/* ---- options ---- */

static int take_flag(struct bridge_run *b, struct args *a, unsigned what)
{
    struct ip_options *o = &b->ip.opt;
    (void)a;
    switch (what) {
    case 's':
        o->stats++;
        break;
    case 'd':
        o->details++;
        break;
    case 'o':
        o->oneline = true;
        break;
    case 'j':
        o->json = true;
        break;
    case 'c':
        o->color = PAINT_ALWAYS;
        break;
    case 'p':
        o->pretty = true;
        break;
    case 't':
        o->timestamp = true;
        break;
    case 'v':
        b->compress_vlans = true;
        break;
    default: /* -force, ...: of what is not emulated */
        break;
    }
    return ARG_OK;
}

static int take_help(struct bridge_run *b, struct args *a, unsigned what)
{
    (void)a;
    (void)what;
    return bridge_usage(b, usage_text);
}

static int take_version(struct bridge_run *b, struct args *a, unsigned what)
{
    (void)a;
    (void)what;
    const char *whole = ip_tools(&b->ip)->ip_version, *version = strchr(whole, '-');
    version = version ? version + 1 : whole;
    sink_printf(b->ip.out.out, "bridge utility, %.*s\n", (int)strcspn(version, ","), version);
    return ARG_EXIT;
}

static int take_netns(struct bridge_run *b, struct args *a, unsigned what)
{
    (void)what;
    int status = arg_next(a);
    return status ? status : ip_switch_netns(&b->ip, a->v[0]);
}

static int refuse(struct bridge_run *b, struct args *a, unsigned what)
{
    (void)b;
    (void)what;
    return arg_unsupported(a, "bridge option", a->v[0]);
}

/* In main()'s order; the first that fits wins. */
static const struct {
    const char *name;
    int (*take)(struct bridge_run *b, struct args *a, unsigned what);
    unsigned what;
} option_rows[] = {
    {"-help", take_help, 0},
    {"-Version", take_version, 0},
    {"-stats", take_flag, 's'},
    {"-statistics", take_flag, 's'},
    {"-details", take_flag, 'd'},
    {"-oneline", take_flag, 'o'},
    {"-timestamp", take_flag, 't'},
    {"-family", refuse, 0},
    {"-4", take_flag, '4'},
    {"-6", take_flag, '6'},
    {"-netns", take_netns, 0},
    {"-color", take_flag, 'c'},
    {"-compressvlans", take_flag, 'v'},
    {"-force", take_flag, 'f'},
    {"-json", take_flag, 'j'},
    {"-pretty", take_flag, 'p'},
    {"-batch", refuse, 0},
};

static int take_option(void *into, struct args *a)
{
    struct bridge_run *b = into;
    const char *opt = a->v[0] + (a->v[0][0] == '-' && a->v[0][1] == '-');
    for (size_t i = 0; i < ARRAY_LEN(option_rows); i++) {
        if (arg_matches(opt, option_rows[i].name))
            return option_rows[i].take(b, a, option_rows[i].what);
    }
    if (ip_take_color(&b->ip, opt))
        return ARG_OK;
    sink_printf(b->ip.err, "Option \"%s\" is unknown, try \"bridge help\".\n", opt);
    return ARG_USAGE;
}

static int offer_options(const struct args *a)
{
    for (size_t i = 0; i < ARRAY_LEN(option_rows); i++)
        if (option_rows[i].take != refuse)
            complete_offer(a->complete, option_rows[i].name);
    return ARG_EXIT;
}

/* ---- objects ---- */

static int help(struct bridge_run *b, struct args *a)
{
    (void)a;
    return bridge_usage(b, usage_text);
}

static const struct {
    const char *name;
    int (*run)(struct bridge_run *b, struct args *a); /* NULL: not emulated */
} objects[] = {
    {"link", bridge_link}, {"fdb", bridge_fdb},         {"mdb", bridge_mdb},
    {"vlan", bridge_vlan}, {"monitor", bridge_monitor}, {"help", help},
};

static int offer_objects(const struct args *a)
{
    for (size_t i = 0; i < ARRAY_LEN(objects); i++)
        if (objects[i].run)
            complete_offer(a->complete, objects[i].name);
    return ARG_EXIT;
}

static int run_object(struct bridge_run *b, struct args *a)
{
    if (arg_completing(a))
        return offer_objects(a);
    for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
        if (!arg_matches(a->v[0], objects[i].name))
            continue;
        if (!objects[i].run)
            return arg_unsupported(a, "bridge object", objects[i].name);
        arg_advance(a);
        return objects[i].run(b, a);
    }
    sink_printf(b->ip.err, "Object \"%s\" is unknown, try \"bridge help\".\n", a->v[0]);
    return ARG_USAGE;
}

static int run_command(struct bridge_run *b, struct args *a)
{
    int status = args_read_options(a, b, take_option, offer_options);
    if (status)
        return status;
    ip_prepare_output(&b->ip);
    return a->n > 0 ? run_object(b, a) : bridge_usage(b, usage_text);
}

int bridge_main(struct cmd_env *env, int argc, char **argv)
{
    struct cmd_env mine = *env;
    struct bridge_run b = {
        .ip = {.env = &mine, .err = env->err, .out = {.out = env->out, .nl = "\n"}},
    };
    struct args a = {.v = argv + 1, .n = argc - 1, .err = env->err, .complete = env->complete};
    if (argc < 1)
        a.n = 0;
    int status = run_command(&b, &a);
    int closed = ip_close(&b.ip);
    return (status ? status : closed) & 0xff;
}
