/* Addresses as text inside trace() arguments, which are evaluated only if somebody listens. */
#ifndef VNET_INET_TEXT_H
#define VNET_INET_TEXT_H

#include "base/addr.h"

/* A string that lives until the end of the enclosing block. */
#define ADDR_STR(addr) inet_addr_str((addr), (char[INET_ADDRSTRLEN_MAX]){0})
static inline const char *v4_text(uint32_t host_order, char buf[INET_ADDRSTRLEN_MAX])
{
    struct inet_addr a = inet_addr_v4(host_order);
    return inet_addr_str(&a, buf);
}
#define V4_STR(host_order) v4_text((host_order), (char[INET_ADDRSTRLEN_MAX]){0})

#endif
