#ifndef VNET_CMD_IP_HELP_H
#define VNET_CMD_IP_HELP_H

#include "cmd/ip/ctx.h"

enum ip_help { HELP_IP, HELP_LINK, HELP_ADDR, HELP_ROUTE, HELP_NEIGH, HELP_RULE };

/* Prints the usage text of an object on standard error; returns ARG_USAGE. */
int ip_usage(struct ip *ip, enum ip_help topic);
/* The text of `ip link help KIND`, on standard output; false if there is none. */
bool ip_kind_usage(struct ip *ip, const char *kind);
/* The text itself, NULL if there is none. */
const char *ip_kind_text(const char *kind);

#endif
