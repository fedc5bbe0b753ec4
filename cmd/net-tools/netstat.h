/* netstat(8) of net-tools 2.10. */
#ifndef VNET_CMD_NET_TOOLS_NETSTAT_H
#define VNET_CMD_NET_TOOLS_NETSTAT_H

#include "cmd/cmd.h"

int netstat_main(struct cmd_env *env, int argc, char **argv);

/* ---- its parts ---- */

struct netstat { /* what was asked for */
    struct cmd_env *env;
    struct strbuf families; /* as -A has them: "inet,inet6" */
    bool inet, inet6, unix_domain;
    bool ax25, ipx, netrom, rose, x25, bluetooth; /* families that no kernel here has */
    bool tcp, udp, udplite, sctp, raw;
    bool no_protocol; /* none of these was named */
    bool routes, interfaces, masquerade, statistics, groups;
    bool all, listening, numeric, numeric_hosts, numeric_ports, numeric_users;
    bool cache, fib, timers, programs, verbose, continuous;
    int extended;
};

/* -s. Returns the exit status. */
int netstat_statistics(const struct netstat *n, bool inet6);
/* The lists of sockets. */
int netstat_sockets(const struct netstat *n);

#endif
