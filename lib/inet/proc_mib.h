/* Lists of counters below /proc/net: names, and where in struct mib their values are. */
#ifndef VNET_INET_PROC_MIB_H
#define VNET_INET_PROC_MIB_H

#include <stddef.h>

#include "inet/mib.h"

struct mib_row {
    const char *name;      /* NULL ends a list */
    uint32_t since, until; /* kernels that have it; 0: all */
    uint16_t at;           /* MIB_AT(); 0: not counted here, `fixed` */
    int32_t fixed;
};
#define MIB_AT(member) (uint16_t)(offsetof(struct mib, member) / sizeof(uint64_t) + 1)

extern const struct mib_row tcpext_rows[], mptcp_rows[]; /* proc_tcp.c */

#endif
