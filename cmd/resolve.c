#include "cmd/resolve.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>

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

bool resolve_host(const struct hosts *hosts, const char *name, uint8_t family,
                  struct inet_addr *out)
{
    return (family == VNET_AF_INET ? resolve_aton(name, out)
                                   : inet_addr_parse(family, name, out)) ||
           hosts_addr(hosts, name, family, out);
}
