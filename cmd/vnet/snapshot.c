#include <stdlib.h>
#include <string.h>

#include "cmd/options.h"
#include "cmd/vnet/history.h"
#include "vnet_history.h"

enum { EXIT_SAME = 0, EXIT_DIFFERENT = 1, EXIT_TROUBLE = 2 }; /* of diff, as diff(1) has it */

enum { OPT_FORCE = 1 };
static const struct long_option longs[] = {{"force", 0, OPT_FORCE}, {NULL, 0, 0}};

struct snapshot {
    struct cmd_env *env;
    bool force;
    char **names;
    int n;
};

static int usage(struct cmd_env *env)
{
    sink_puts(env->err, "Usage: vnet snapshot save [--force] NAME\n"
                        "       vnet snapshot list\n"
                        "       vnet snapshot restore NAME\n"
                        "       vnet snapshot diff NAME [NAME]\n"
                        "       vnet snapshot delete NAME\n");
    return 2;
}

static int complain(struct cmd_env *env, const struct vnet_err *err)
{
    sink_printf(env->err, "vnet: %s\n", err->msg);
    return 1;
}

static int do_save(struct snapshot *s)
{
    struct vnet_err err = {""};
    int rc = vnet_snapshot_save(s->env->session, s->names[0], s->force, &err);
    return rc < 0 ? complain(s->env, &err) : 0;
}

static int do_restore(struct snapshot *s)
{
    struct vnet_err err = {""};
    int rc = vnet_snapshot_restore(s->env->session, s->names[0], &err);
    return rc < 0 ? complain(s->env, &err) : 0;
}

static int do_delete(struct snapshot *s)
{
    struct vnet_err err = {""};
    int rc = vnet_snapshot_delete(s->env->session, s->names[0], &err);
    return rc < 0 ? complain(s->env, &err) : 0;
}

static void print_name(const char *name, void *arg)
{
    struct cmd_env *env = arg;
    sink_printf(env->out, "%s\n", name);
}

static int do_list(struct snapshot *s)
{
    struct vnet_err err = {""};
    int rc = vnet_snapshot_list(s->env->session, print_name, s->env, &err);
    return rc < 0 ? complain(s->env, &err) : 0;
}

static struct vnet *world_of(struct cmd_env *env, const char *name)
{
    struct vnet_err err = {""};
    struct vnet *w = NULL;
    if (!name)
        return cmd_copy_world(env);
    if (vnet_snapshot_load(env->session, name, &w, &err) < 0)
        complain(env, &err);
    return w;
}

static int do_diff(struct snapshot *s)
{
    struct vnet *before = world_of(s->env, s->names[0]);
    struct vnet *after = before ? world_of(s->env, s->n > 1 ? s->names[1] : NULL) : NULL;
    int status = EXIT_TROUBLE;
    if (after)
        status = snapshot_diff(s->env, before, after) ? EXIT_DIFFERENT : EXIT_SAME;
    vnet_free(before);
    vnet_free(after);
    return status;
}

static const struct verb {
    const char *name;
    int least, most; /* operands */
    int (*run)(struct snapshot *);
} verbs[] = {
    {"delete", 1, 1, do_delete},   {"diff", 1, 2, do_diff}, {"list", 0, 0, do_list},
    {"restore", 1, 1, do_restore}, {"save", 1, 1, do_save}, {NULL, 0, 0, NULL},
};

static const struct verb *verb_of(const char *word)
{
    for (const struct verb *v = verbs; v->name; v++)
        if (strcmp(v->name, word) == 0)
            return v;
    return NULL;
}

/* A verb, then names of snapshots. */
static int complete(struct cmd_env *env, int noperands)
{
    if (noperands > 0)
        complete_offer_source(env->complete, COMPLETE_SNAPSHOTS);
    for (const struct verb *v = verbs; noperands == 0 && v->name; v++)
        complete_offer(env->complete, v->name);
    return 0;
}

static int run(struct snapshot *s, const struct options *o)
{
    const struct verb *v = o->noperands ? verb_of(o->operands[0]) : NULL;
    int n = o->noperands - 1;
    if (!v || n < v->least || n > v->most || (s->force && v->run != do_save))
        return usage(s->env);
    s->names = o->operands + 1;
    s->n = n;
    return v->run(s);
}

int snapshot_main(struct cmd_env *env, int argc, char **argv)
{
    struct snapshot s = {.env = env};
    struct options o;
    bool ok = true;
    options_init(&o, argc, argv, "", longs, env->err);
    o.complete = env->complete;
    o.operands_too = true;
    for (int c; ok && (c = options_next(&o)) != -1;) {
        s.force |= c == OPT_FORCE;
        ok = c != '?';
    }
    int status = !ok ? usage(env) : env->complete ? complete(env, o.noperands - 1) : run(&s, &o);
    options_release(&o);
    return status;
}
