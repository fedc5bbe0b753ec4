#include <stdlib.h>
#include <string.h>

#include "cmd/options.h"
#include "cmd/vnet/vnet.h"

struct init {
    const struct vnet_profile *profile;
    const char *preset;
    uint64_t seed;
    bool force;
};

enum { OPT_PRESET = 1, OPT_PROFILE, OPT_SEED, OPT_FORCE };
static const struct long_option longs[] = {{"preset", 1, OPT_PRESET},
                                           {"profile", 1, OPT_PROFILE},
                                           {"seed", 1, OPT_SEED},
                                           {"force", 0, OPT_FORCE},
                                           {NULL, 0, 0}};

static int usage(struct cmd_env *env)
{
    sink_puts(env->err,
              "Usage: vnet init [--preset bare|host] [--profile NAME] [--seed N] [--force]\n");
    return 2;
}

static bool parse_seed(const char *text, uint64_t *seed)
{
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    *seed = strtoull(text, &end, 10);
    return *end == '\0' && *seed != 0;
}

static bool take_option(struct cmd_env *env, struct init *in, int option, const char *arg)
{
    switch (option) {
    case OPT_PRESET:
        in->preset = arg;
        return true;
    case OPT_PROFILE:
        in->profile = vnet_profile_find(arg);
        if (!in->profile)
            sink_printf(env->err, "vnet: unknown profile \"%s\"\n", arg);
        return in->profile;
    case OPT_SEED:
        if (parse_seed(arg, &in->seed))
            return true;
        sink_printf(env->err, "vnet: the seed must be a number above 0, not \"%s\"\n", arg);
        return false;
    case OPT_FORCE:
        in->force = true;
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
    int rc = vnet_session_world(env->session, in->profile, in->preset, in->seed, &w, &err);
    if (rc == 0) {
        rc = vnet_session_create(env->session, w, in->force, &err);
        vnet_free(w);
    }
    if (rc < 0)
        sink_printf(env->err, "vnet: %s\n", err.msg);
    return rc < 0;
}

int init_main(struct cmd_env *env, int argc, char **argv)
{
    struct init in = {.profile = env->profile, .preset = "host"};
    struct options o;
    bool ok = true;
    options_init(&o, argc, argv, "", longs, env->err);
    o.complete = env->complete;
    for (int c; ok && (c = options_next(&o)) != -1;)
        ok = take_option(env, &in, c, o.arg);
    ok = ok && o.noperands == 0;
    options_release(&o);
    return ok ? create(env, &in) : usage(env);
}
