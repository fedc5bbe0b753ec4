/* Names of hosts: /etc/hosts as every machine has it, and a table of more. */
#ifndef VNET_BASE_HOSTS_H
#define VNET_BASE_HOSTS_H

#include "base/addr.h"

enum { HOST_NAME_LEN_MAX = 253, HOSTS_MAX = 4096 }; /* RFC 1035 2.3.4; entries of a table */

struct hosts {
    struct host_name {
        struct inet_addr addr;
        char *name; /* owned */
    } * v;          /* owned */
    size_t n, cap;
};

/* May a host have this name (RFC 1123 2.1; underscores too)? */
bool host_name_ok(const char *name);
void hosts_add(struct hosts *h, const char *name, const struct inet_addr *addr);
void hosts_release(struct hosts *h);
/* The first address of that family that a name has, in any case of letters; h NULL: of /etc/hosts
 * only. */
bool hosts_addr(const struct hosts *h, const char *name, uint8_t family, struct inet_addr *out);
/* The first name of an address, NULL if it has none. */
const char *hosts_name(const struct hosts *h, const struct inet_addr *addr);

#endif
