/* Tables of neighbours as `ip ntable` shows and changes them (RTM_GETNEIGHTBL, RTM_SETNEIGHTBL;
 * net/core/neighbour.c). The parameters of a device are its sysctls net.ipv4.neigh.DEV.*, those of
 * a table what new devices begin with. */
#ifndef VNET_NTABLE_H
#define VNET_NTABLE_H

#include <stdbool.h>
#include <stdint.h>

struct netns;
struct vnet_err;

enum vnet_ntable_parm { /* NDTPA_*, in the order in which they are listed; ms, or a number */
                        VNET_NTABLE_BASE_REACHABLE,
                        VNET_NTABLE_RETRANS,
                        VNET_NTABLE_GC_STALE,
                        VNET_NTABLE_DELAY_PROBE,
                        VNET_NTABLE_QUEUE, /* packets */
                        VNET_NTABLE_APP_PROBES,
                        VNET_NTABLE_UCAST_PROBES,
                        VNET_NTABLE_MCAST_PROBES,
                        VNET_NTABLE_ANYCAST_DELAY,
                        VNET_NTABLE_PROXY_DELAY,
                        VNET_NTABLE_PROXY_QUEUE,
                        VNET_NTABLE_LOCKTIME,
                        VNET_NTABLE_PARMS
};

struct vnet_ntable {
    uint8_t family;
    const char *name;   /* "arp_cache", "ndisc_cache" */
    bool has_thresh;    /* of the table itself: */
    uint32_t thresh[3]; /* entries below which none is collected, ... */
    uint32_t gc_int;    /* ms */
    int ifindex;        /* 0: of no device that has a number; -1: the table's own parameters */
    uint32_t refcnt;    /* 1, and the entries that go by these parameters */
    uint32_t reachable; /* ms: drawn from base_reachable */
    uint64_t parm[VNET_NTABLE_PARMS];
};

/* neightbl_dump_info(): for family UNSPEC both tables; each, then its devices. A non-zero return of
 * cb ends it and is returned. */
int vnet_ntable_dump(const struct netns *ns, uint8_t family,
                     int (*cb)(const struct vnet_ntable *t, void *arg), void *arg);

enum { VNET_NTABLE_OWN = 4 };

struct vnet_ntable_change {
    uint8_t family; /* UNSPEC: either */
    const char *name;
    int ifindex;      /* 0: the table's own parameters */
    uint32_t set;     /* bit a parameter that is given */
    uint32_t set_tbl; /* bit of thresh1, 2, 3, gc_int: VNET_NTABLE_OWN of them */
    uint64_t parm[VNET_NTABLE_PARMS];
    uint32_t thresh[3];
    uint64_t gc_int; /* ms */
};

/* neightbl_set(): -ENOENT: no such table or device in it, or not of this namespace (what is of a
 * table belongs to the initial one). -EOPNOTSUPP: a time that vnet does not keep so finely, or a
 * number that it does not keep; *bad is which parameter, or VNET_NTABLE_PARMS and the bit of
 * set_tbl. */
int vnet_ntable_set(struct netns *ns, const struct vnet_ntable_change *c, unsigned *bad);

#endif
