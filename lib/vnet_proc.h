/* Files below /proc/net, of one namespace each. */
#ifndef VNET_PROC_H
#define VNET_PROC_H

#include "base/strbuf.h"
#include "vnet.h"

/* Appends the text of /proc/net/NAME ("snmp", "netstat", "snmp6", ...: fs/proc/proc_net.c) as a
 * read from its beginning gives it. -ENOENT: no such file, or none that vnet has. */
int vnet_proc_net(struct netns *ns, const char *name, struct strbuf *out);

/* The names of those that vnet has, in order; NULL at the end of them. */
const char *vnet_proc_net_name(size_t i);

#endif
