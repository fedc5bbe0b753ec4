#include "cmd/vnet/new_world.h"

#include <stdlib.h>

bool new_world_profile(struct cmd_env *env, struct new_world *nw, const char *arg)
{
    nw->profile = vnet_profile_find(arg);
    if (!nw->profile)
        sink_printf(env->err, "vnet: unknown profile \"%s\"\n", arg);
    return nw->profile;
}

bool new_world_seed(struct cmd_env *env, struct new_world *nw, const char *arg)
{
    char *end;
    nw->seed = *arg >= '0' && *arg <= '9' ? strtoull(arg, &end, 10) : 0;
    if (nw->seed && !*end)
        return true;
    sink_printf(env->err, "vnet: the seed must be a number above 0, not \"%s\"\n", arg);
    return false;
}
