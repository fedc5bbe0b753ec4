/* brctl(8) of bridge-utils 1.7.1. */
#ifndef VNET_CMD_BRCTL_H
#define VNET_CMD_BRCTL_H

#include "cmd/cmd.h"
#include "vnet_bridge.h"

int brctl_main(struct cmd_env *env, int argc, char **argv);

/* ---- its parts ---- */

struct brctl {
    struct cmd_env *env;
    struct sink *out, *err;
    struct netns *ns;
};

/* A command: its words from its own name on, NULL-terminated; returns the exit status. */
typedef int brctl_fn(struct brctl *b, char **argv);

brctl_fn brctl_show, brctl_showmacs, brctl_showstp;

/* The bridge's index; 0: a message was printed that there is no such one. */
int brctl_bridge(struct brctl *b, const char *name);
/* Indexes of the links that `wanted` says, by name; into an array that the caller frees. */
unsigned brctl_links(struct brctl *b, int bridge, int **indexes);

#endif
