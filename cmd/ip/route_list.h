#ifndef VNET_CMD_IP_ROUTE_LIST_H
#define VNET_CMD_IP_ROUTE_LIST_H

#include "cmd/ip/ctx.h"

/* The verbs of `ip route`; the cursor is behind the verb. */
int ip_list_routes(struct ip *ip, struct args *a);
int ip_flush_routes(struct ip *ip, struct args *a);
int ip_get_route(struct ip *ip, struct args *a);
/* verb->value: NLM_F_* of the request, or ROUTE_DELETE. */
enum { ROUTE_DELETE = 1U << 31 };
int ip_modify_route(struct ip *ip, struct args *a, const struct ip_verb *verb);

#endif
