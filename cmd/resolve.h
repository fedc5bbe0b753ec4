/* Host names, as far as a machine without DNS knows them: numbers and /etc/hosts' localhost. */
#ifndef VNET_CMD_RESOLVE_H
#define VNET_CMD_RESOLVE_H

#include <stdbool.h>

#include "base/addr.h"

/* inet_aton(3): 1 to 4 parts, each decimal, octal or hexadecimal. */
bool resolve_aton(const char *s, struct inet_addr *out);
/* A number or a known name. false: "Temporary failure in name resolution". */
bool resolve_host(const char *name, uint8_t family, struct inet_addr *out);
/* The name of an address, NULL if it has none. */
const char *resolve_name(const struct inet_addr *addr);

#endif
