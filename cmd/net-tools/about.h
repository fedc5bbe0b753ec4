/* What each of net-tools 2.10 says of itself: its release, and its usage. */
#ifndef VNET_CMD_NET_TOOLS_ABOUT_H
#define VNET_CMD_NET_TOOLS_ABOUT_H

#include "cmd/cmd.h"

enum { NET_TOOLS_E_USAGE = 3 }; /* exit status: E_USAGE, E_OPTERR */

struct net_tools_version {
    const char *authors;  /* a line and its newline; "": none */
    const char *features; /* what it was built with */
    const char *hardware; /* the default hardware type, in parentheses; "": none */
};

/* --version: the profile's release, and `about`, if that is not NULL. Returns the exit status. */
int net_tools_version(struct cmd_env *env, const struct net_tools_version *about);

/* A usage text and the families that have routes. Returns the exit status: 0 if it was asked for,
 * else NET_TOOLS_E_USAGE. */
int net_tools_usage(struct cmd_env *env, const char *text, bool asked_for);

#endif
