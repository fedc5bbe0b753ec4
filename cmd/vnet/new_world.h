/* What `vnet init` and `vnet import` are told of the world that they make. */
#ifndef VNET_CMD_VNET_NEW_WORLD_H
#define VNET_CMD_VNET_NEW_WORLD_H

#include "cmd/cmd.h"

struct new_world {
    const struct vnet_profile *profile; /* NULL: the default */
    uint64_t seed;                      /* of its random source; 0: one is chosen */
    bool force;                         /* in place of a state file that is there */
};

/* The arguments of --profile and --seed. false: it is none, and a message was printed. */
bool new_world_profile(struct cmd_env *env, struct new_world *nw, const char *arg);
bool new_world_seed(struct cmd_env *env, struct new_world *nw, const char *arg);

#endif
