/* A route as text inside trace() arguments: which one was found, in which table. */
#ifndef VNET_INET_ROUTE_TEXT_H
#define VNET_INET_ROUTE_TEXT_H

#include "inet/dst.h"
#include "vnet_route.h"

enum { ROUTE_TEXT_MAX = 192, RULE_TEXT_MAX = 256 };

/* "10.0.2.0/24 via 10.0.1.1 dev a0 (table main)"; buf is the answer. */
const char *route_text(const struct dst *dst, const struct inet_addr *daddr,
                       char buf[ROUTE_TEXT_MAX]);
/* A string that lives until the end of the enclosing block. */
#define ROUTE_STR(dst, daddr) route_text((dst), (daddr), (char[ROUTE_TEXT_MAX]){0})

/* "rule 100: from 10.0.1.0/24 (table 5)"; buf is the answer. */
const char *rule_text(const struct vnet_rule_info *r, char buf[RULE_TEXT_MAX]);

#endif
