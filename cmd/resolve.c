#include "cmd/resolve.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const struct {
    const char *name, *addr;
    uint8_t family;
} hosts[] = {
    {"localhost", "127.0.0.1", VNET_AF_INET},   {"localhost", "::1", VNET_AF_INET6},
    {"ip6-localhost", "::1", VNET_AF_INET6},    {"ip6-loopback", "::1", VNET_AF_INET6},
    {"ip6-allnodes", "ff02::1", VNET_AF_INET6}, {"ip6-allrouters", "ff02::2", VNET_AF_INET6},
};

bool resolve_aton(const char *s, struct inet_addr *out)
{
    uint64_t value = 0;
    for (int part = 0;; part++) {
        char *end;
        if (!isdigit((unsigned char)*s))
            return false;
        uint64_t n = strtoull(s, &end, 0);
        bool last = *end != '.';
        if (n > (last ? 0xffffffffULL >> (8 * part) : 255))
            return false;
        if (last) {
            if (*end != '\0')
                return false;
            *out = inet_addr_v4((uint32_t)(value | n));
            return true;
        }
        if (part == 3)
            return false;
        value |= n << (24 - 8 * part);
        s = end + 1;
    }
}

bool resolve_host(const char *name, uint8_t family, struct inet_addr *out)
{
    if (family == VNET_AF_INET ? resolve_aton(name, out) : inet_addr_parse(family, name, out))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(hosts); i++)
        if (hosts[i].family == family && strcmp(hosts[i].name, name) == 0)
            return inet_addr_parse(family, hosts[i].addr, out);
    return false;
}

const char *resolve_name(const struct inet_addr *addr)
{
    for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
        struct inet_addr a;
        if (inet_addr_parse(hosts[i].family, hosts[i].addr, &a) && inet_addr_eq(&a, addr))
            return hosts[i].name;
    }
    return NULL;
}
