#include "cmd/options.h"
#include "cmd/vnet/new_world.h"
#include "cmd/vnet/vnet.h"

struct init {
    struct new_world world;
    const char *preset;
};

enum { OPT_PRESET = 1, OPT_PROFILE, OPT_SEED, OPT_FORCE, OPT_HELP };
static const struct long_option longs[] = {{"preset", 1, OPT_PRESET}, {"profile", 1, OPT_PROFILE},
                                           {"seed", 1, OPT_SEED},     {"force", 0, OPT_FORCE},
                                           {"help", 0, OPT_HELP},     {NULL, 0, 0}};

static void print_usage(struct sink *sink)
{
    sink_puts(sink, "Usage: vnet init [--preset NAME] [--profile NAME] [--seed N] [--force]\n"
                    "Presets:\n");
    for (const struct vnet_preset *p = vnet_presets; p->name; p++)
        sink_printf(sink, "  %-10s %s\n", p->name, p->summary);
}

static bool take_option(struct cmd_env *env, struct init *in, int option, const char *arg)
{
    switch (option) {
    case OPT_PRESET:
        in->preset = arg;
        return true;
    case OPT_PROFILE:
        return new_world_profile(env, &in->world, arg);
    case OPT_SEED:
        return new_world_seed(env, &in->world, arg);
    case OPT_FORCE:
        in->world.force = true;
        return true;
    default:
        return false;
    }
}

static int create(struct cmd_env *env, const struct init *in)
{
    struct vnet_err err = {""};
    struct vnet *w;
    if (!vnet_session_path(env->session)) {
        sink_puts(env->err, "vnet: init: the world is in memory, there is no file to make\n");
        return 1;
    }
    int rc =
        vnet_session_world(env->session, in->world.profile, in->preset, in->world.seed, &w, &err);
    if (rc == 0) {
        rc = vnet_session_create(env->session, w, in->world.force, &err);
        vnet_free(w);
    }
    if (rc < 0)
        sink_printf(env->err, "vnet: %s\n", err.msg);
    return rc < 0;
}

/* -1: go on; else the exit status. */
static int parse_options(struct cmd_env *env, struct init *in, struct options *o)
{
    for (int c; (c = options_next(o)) != -1;) {
        if (c == OPT_HELP) {
            print_usage(env->out);
            return 0;
        }
        if (!take_option(env, in, c, o->arg)) {
            print_usage(env->err);
            return 2;
        }
    }
    if (o->noperands == 0)
        return -1;
    print_usage(env->err);
    return 2;
}

int init_main(struct cmd_env *env, int argc, char **argv)
{
    struct init in = {.world = {.profile = env->profile}, .preset = "host"};
    struct options o;
    options_init(&o, argc, argv, "", longs, env->err);
    o.complete = env->complete;
    int status = parse_options(env, &in, &o);
    options_release(&o);
    return status >= 0 ? status : create(env, &in);
}
