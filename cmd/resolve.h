/* Host names, as far as a machine without DNS knows them: numbers and tables. */
#ifndef VNET_CMD_RESOLVE_H
#define VNET_CMD_RESOLVE_H

#include <stdbool.h>

#include "base/hosts.h"

/* inet_aton(3): 1 to 4 parts, each decimal, octal or hexadecimal. */
bool resolve_aton(const char *s, struct inet_addr *out);
/* A number, or a name that hosts_addr() knows (vnet_hosts() are the world's; NULL: local ones
 * only). false: "Temporary failure in name resolution". */
bool resolve_host(const struct hosts *hosts, const char *name, uint8_t family,
                  struct inet_addr *out);

#endif
