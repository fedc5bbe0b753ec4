/* Files below /proc/net: each writes its text. */
#ifndef VNET_INET_PROC_NET_H
#define VNET_INET_PROC_NET_H

#include "base/strbuf.h"
#include "dev/netns.h"

void proc_raw(struct netns *ns, struct strbuf *out);
void proc_raw6(struct netns *ns, struct strbuf *out);
/* proc_mc.c */
void proc_igmp(struct netns *ns, struct strbuf *out);
void proc_igmp6(struct netns *ns, struct strbuf *out);
void proc_dev_mcast(struct netns *ns, struct strbuf *out);
/* proc_route.c */
void proc_route(struct netns *ns, struct strbuf *out);
void proc_ipv6_route(struct netns *ns, struct strbuf *out);
/* proc_mib.c */
void proc_snmp(struct netns *ns, struct strbuf *out);
void proc_netstat(struct netns *ns, struct strbuf *out);
void proc_snmp6(struct netns *ns, struct strbuf *out);

#endif
