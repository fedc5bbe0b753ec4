/* route(8) of net-tools 2.10. */
#ifndef VNET_CMD_NET_TOOLS_ROUTE_H
#define VNET_CMD_NET_TOOLS_ROUTE_H

#include "cmd/cmd.h"

int route_main(struct cmd_env *env, int argc, char **argv);

/* ---- its parts ---- */

enum { ROUTE_E_OPTERR = 3, ROUTE_E_LOOKUP = 6, ROUTE_E_SOCK = 7 }; /* exit statuses */

struct route_show {
    int extended; /* 1: plain, 2: -e, 3 and more: -ee */
    bool numeric;
    bool cache, fib; /* -C, -F */
};

/* Print the routing tables of families, "inet,inet6". Returns the exit status. */
int route_show_families(struct cmd_env *env, const char *list, const struct route_show *how);
/* That of IPv4 in a namespace. Returns the exit status. */
int route_show(struct cmd_env *env, const struct route_show *how);
/* `route add ...`, `route del ...`: argv are the words behind the verb, NULL-terminated. */
int route_edit(struct cmd_env *env, bool add, char **argv);
/* What could be the last of these words. */
void route_edit_complete(const struct completion *c, char **argv);
/* The syntax of add and del. Returns ROUTE_E_OPTERR. */
int route_usage_inet(struct sink *to);

/* The same of IPv6. */
int route6_show(struct cmd_env *env, const struct route_show *how);
int route6_edit(struct cmd_env *env, bool add, char **argv);
void route6_edit_complete(const struct completion *c, char **argv);
int route6_usage(struct sink *to);

#endif
