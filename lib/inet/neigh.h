/* The neighbour state machine (net/core/neighbour.c), shared by ARP and ND. */
#ifndef VNET_INET_NEIGH_H
#define VNET_INET_NEIGH_H

#include "base/list.h"
#include "dev/netdev.h"
#include "inet/sysctls.h"
#include "sim/timer.h"
#include "vnet_neigh.h"

struct neigh;

struct neigh_ops { /* per family: ARP (inet/arp.c), ND (inet/ndisc.c) */
    uint8_t family;
    /* Set up a new entry: nud_state, type and lladdr for NOARP, loopback, multicast, broadcast. */
    int (*constructor)(struct neigh *n);
    /* Send a request; n->probes says how many went before. */
    void (*solicit)(struct neigh *n, const struct skb *pending);
    /* The entry failed: consume one queued packet (ICMP host unreachable). */
    void (*error_report)(struct neigh *n, struct skb *skb);
    struct neigh_parms *(*parms)(const struct netdev *dev);
};

struct neigh {
    struct list node;       /* in its table's bucket */
    struct neigh_table *tbl;
    struct netdev *dev;
    struct inet_addr addr;
    struct lladdr ha;
    uint16_t nud_state;
    uint32_t flags;         /* NTF_* */
    uint8_t type, protocol;
    uint32_t probes;
    int64_t used, confirmed, updated; /* ns */
    struct timer timer;
    struct skb *queue_head, *queue_tail; /* arp_queue */
    uint32_t queue_bytes;   /* in truesize as the kernel charges it */
    bool dead;
};

struct neigh_table {
    struct netns *ns;
    const struct neigh_ops *ops;
    struct list *buckets;   /* hash */
    uint32_t nbuckets, entries;
    int64_t reachable_time; /* see neigh_parms of each device: random 0.5..1.5 of base, redrawn */
    struct timer gc;        /* gc_work: periodic */
    struct list proxies;
};

void neigh_table_init(struct netns *ns);  /* both families */
void neigh_table_exit(struct netns *ns);

struct neigh *neigh_lookup(struct neigh_table *t, const struct netdev *dev,
                           const struct inet_addr *addr); /* NULL: none */
/* The entry, made if need be; NULL when the table is full (NEIGH_CREATEFAIL) or the constructor
 * refuses. */
struct neigh *neigh_get(struct neigh_table *t, struct netdev *dev, const struct inet_addr *addr);
/* neigh_output(): send skb (network header first) to the neighbour: at once if it is connected, else
 * neigh_event_send() queues it. Consumes. */
int neigh_output(struct neigh *n, struct skb *skb);
enum { /* NEIGH_UPDATE_F_* */
    NEIGH_UPDATE_F_OVERRIDE = 1,
    NEIGH_UPDATE_F_WEAK_OVERRIDE = 2,
    NEIGH_UPDATE_F_OVERRIDE_ISROUTER = 4,
    NEIGH_UPDATE_F_ISROUTER = 0x40,
    NEIGH_UPDATE_F_ADMIN = 0x80000000U,
};
int neigh_update(struct neigh *n, const struct lladdr *lladdr, uint16_t state, uint32_t flags,
                 struct vnet_err *err);
/* neigh_event_ns(): learn from a request. */
struct neigh *neigh_event_ns(struct neigh_table *t, const struct lladdr *lladdr,
                             const struct inet_addr *addr, struct netdev *dev);
/* neigh_ifdown(), neigh_changeaddr(), neigh_carrier_down() */
void neigh_ifdown(struct neigh_table *t, struct netdev *dev);
void neigh_changeaddr(struct neigh_table *t, struct netdev *dev);
void neigh_carrier_down(struct neigh_table *t, struct netdev *dev);
/* In order of ifindex and address; cb non-zero ends it. */
int neigh_each(const struct neigh_table *t, int (*cb)(struct neigh *n, void *arg), void *arg);
/* For the state file: make an entry with the given fields, no side effects. */
struct neigh *neigh_load(struct neigh_table *t, struct netdev *dev, const struct inet_addr *addr);

#endif
