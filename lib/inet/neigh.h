/* The neighbour state machine (net/core/neighbour.c), shared by ARP and ND. */
#ifndef VNET_INET_NEIGH_H
#define VNET_INET_NEIGH_H

#include "base/list.h"
#include "base/pool.h"
#include "dev/netdev.h"
#include "inet/sysctls.h"
#include "sim/timer.h"
#include "vnet_neigh.h"

struct neigh;

struct neigh_ops { /* per family: ARP (inet/arp.c), ND (inet/ndisc.c) */
    uint8_t family;
    const char *id; /* of the table: "arp_cache" */
    /* Set up a new entry: nud_state, type and lladdr for NOARP, loopback, multicast, broadcast. */
    int (*constructor)(struct neigh *n);
    /* Send a request; n->probes says how many went before. */
    void (*solicit)(struct neigh *n, const struct skb *pending);
    /* The entry failed: consume one queued packet (ICMP host unreachable). */
    void (*error_report)(struct neigh *n, struct skb *skb);
    /* The device's parameters; NULL: the family is not there on this device. */
    struct neigh_parms *(*parms)(const struct netdev *dev);
    /* May a user add entries on dev? 0 or -errno with a message; NULL: always. */
    int (*allow_add)(const struct netdev *dev, struct vnet_err *err);
    /* pconstructor, pdestructor: a proxy of a device (NULL: of all) comes, or not; it goes. */
    int (*proxy_added)(struct netdev *dev, const struct inet_addr *addr);
    void (*proxy_gone)(struct netdev *dev, const struct inet_addr *addr);
    /* A request that has waited (neigh_proxy_enqueue()): its network header is at skb->head. Does
     * not consume. */
    void (*proxy_redo)(struct skb *skb);
};

struct neigh {
    struct list node;    /* in its table's bucket */
    struct list gc_node; /* in its table's gc_list; unlinked: exempt (PERMANENT, EXT_LEARNED) */
    struct neigh_table *tbl;
    struct netdev *dev;
    struct inet_addr addr;
    struct lladdr ha;
    uint16_t nud_state;
    uint32_t flags; /* NTF_* */
    uint8_t type, protocol;
    uint32_t probes;
    int64_t used, confirmed, updated; /* ns */
    struct timer timer;
    struct skb *queue_head, *queue_tail; /* arp_queue */
    uint32_t queue_bytes; /* in truesize as the kernel charges it (inet/truesize.h) */
    uint32_t refs;        /* who is using it on the C stack: it is not freed under them */
    bool dead;
};

struct neigh_proxy {  /* struct pneigh_entry */
    struct list node; /* in neigh_table.proxies */
    struct inet_addr addr;
    struct netdev *dev; /* NULL: any */
    uint32_t flags;     /* NTF_* */
    uint8_t protocol;
    bool permanent; /* outlives a carrier that is lost */
};

struct neigh_table {
    struct netns *ns;
    const struct neigh_ops *ops;
    struct pool pool;     /* struct neigh */
    struct list *buckets; /* hash */
    uint32_t nbuckets, entries;
    uint32_t queued;     /* packets that wait in all entries */
    struct list gc_list; /* entries that may be collected, oldest first */
    uint32_t gc_entries;
    int64_t last_flush;      /* neigh_forced_gc() ran, ns */
    struct timer gc;         /* gc_work: pending only while there are entries to look at */
    struct list proxies;     /* struct neigh_proxy */
    struct list proxy_queue; /* struct skb.in_flight: requests for others, until skb->arrival */
};

void neigh_table_init(struct netns *ns); /* both families */
void neigh_table_exit(struct netns *ns);

struct neigh *neigh_lookup(struct neigh_table *t, const struct netdev *dev,
                           const struct inet_addr *addr); /* NULL: none */
/* The entry, made if need be; NULL when the table is full (NEIGH_CREATEFAIL) or the constructor
 * refuses. */
struct neigh *neigh_get(struct neigh_table *t, struct netdev *dev, const struct inet_addr *addr);
/* The same, of an IPv4 address in host order. */
struct neigh *neigh_get_v4(struct neigh_table *t, struct netdev *dev, uint32_t addr);
static inline void neigh_hold(struct neigh *n)
{
    n->refs++;
}
/* Undo a neigh_hold(): frees an entry that has died meanwhile. */
void neigh_put(struct neigh *n);
/* neigh_output(): send skb (network header first) to the neighbour: at once if it is connected,
 * else neigh_event_send() queues it. Consumes. */
int neigh_output(struct neigh *n, struct skb *skb);
/* neigh_event_send(): the entry is about to be used; skb (may be NULL) is queued if the address is
 * not known. true: skb was consumed (queued or dropped). */
bool neigh_event_send(struct neigh *n, struct skb *skb);
enum { /* NEIGH_UPDATE_F_* */
       NEIGH_UPDATE_F_OVERRIDE = 1,
       NEIGH_UPDATE_F_WEAK_OVERRIDE = 2,
       NEIGH_UPDATE_F_OVERRIDE_ISROUTER = 4,
       NEIGH_UPDATE_F_USE = 8,
       NEIGH_UPDATE_F_EXT_LEARNED = 0x20,
       NEIGH_UPDATE_F_ISROUTER = 0x40,
};
#define NEIGH_UPDATE_F_ADMIN 0x80000000U
/* __neigh_update(): lladdr NULL: none given. 0, -EPERM, -EINVAL. */
int neigh_update(struct neigh *n, const struct lladdr *lladdr, uint16_t state, uint32_t flags,
                 struct vnet_err *err);
/* neigh_event_ns(): learn from a request. */
struct neigh *neigh_event_ns(struct neigh_table *t, const struct lladdr *lladdr,
                             const struct inet_addr *addr, struct netdev *dev);
/* neigh_ifdown(), neigh_changeaddr(), neigh_carrier_down() */
void neigh_ifdown(struct neigh_table *t, struct netdev *dev);
void neigh_changeaddr(struct neigh_table *t, struct netdev *dev);
void neigh_carrier_down(struct neigh_table *t, struct netdev *dev);
/* The gc_thresh or gc_interval sysctls changed: look again whether entries are to be collected. */
void neigh_gc_kick(struct neigh_table *t);
/* neigh_parms.reachable_time in ns: random 0.5..1.5 of base_reachable_time, redrawn every 300 s; a
 * pure function of the world's state and clock. */
int64_t neigh_reachable_time(const struct neigh *n);
/* The same of a device's parameters p (NULL: 0), or a table's own (ifindex 0 or less). */
int64_t neigh_parms_reachable_time(const struct netns *ns, uint8_t family, int ifindex,
                                   const struct neigh_parms *p);
/* pneigh_lookup(): dev NULL matches only entries without a device. NULL: none. */
struct neigh_proxy *neigh_proxy_lookup(struct neigh_table *t, const struct inet_addr *addr,
                                       const struct netdev *dev);
struct neigh_proxy *neigh_proxy_add(struct neigh_table *t, const struct inet_addr *addr,
                                    struct netdev *dev); /* exists: that one */
int neigh_proxy_del(struct neigh_table *t, const struct inet_addr *addr, struct netdev *dev);
/* The sysctl proxy_delay of a device, in hundredths of a second. */
int32_t neigh_proxy_delay(const struct neigh_table *t, const struct netdev *dev);
/* pneigh_enqueue(): answer a request (a copy of it) after a random part of proxy_delay, or drop it
 * where proxy_qlen others wait. */
void neigh_proxy_enqueue(struct neigh_table *t, const struct skb *skb);
/* For the state file: skb waits; the caller restores its timer, skb->arrival. Consumes. */
void neigh_proxy_queue(struct neigh_table *t, struct skb *skb);
/* In order of ifindex and address; cb non-zero ends it. */
int neigh_each(const struct neigh_table *t, int (*cb)(struct neigh *n, void *arg), void *arg);
/* For the state file: those that may be collected, oldest first, then the others. */
int neigh_each_by_age(const struct neigh_table *t, int (*cb)(struct neigh *n, void *arg),
                      void *arg);
/* For the state file: append a packet to the queue, whatever its limit. Owns skb. */
void neigh_queue_append(struct neigh *n, struct skb *skb);
/* For the state file: there will be so many entries. */
void neigh_expect(struct neigh_table *t, size_t entries);
/* For the state file: an entry in state NONE without side effects (constructor, gc, random source),
 * its times 0. exempt: of garbage collection. NULL: there is one already. */
struct neigh *neigh_load(struct neigh_table *t, struct netdev *dev, const struct inet_addr *addr,
                         bool exempt);

#define NUD_IN_TIMER (VNET_NUD_INCOMPLETE | VNET_NUD_REACHABLE | VNET_NUD_DELAY | VNET_NUD_PROBE)
#define NUD_VALID                                                                                 \
    (VNET_NUD_PERMANENT | VNET_NUD_NOARP | VNET_NUD_REACHABLE | VNET_NUD_PROBE | VNET_NUD_STALE | \
     VNET_NUD_DELAY)
#define NUD_CONNECTED (VNET_NUD_PERMANENT | VNET_NUD_NOARP | VNET_NUD_REACHABLE)

/* ---- between neigh*.c ---- */

/* pneigh_ifdown(), pneigh_queue_purge(), all of both. */
void neigh_proxies_flush(struct neigh_table *t, const struct netdev *dev, bool skip_permanent);
void neigh_proxy_purge(struct neigh_table *t);
void neigh_proxies_release(struct neigh_table *t);

void neigh_timer_handler(struct vnet *w, struct timer *t);
/* neigh_invalidate(): the state is FAILED: every queued packet to error_report. */
void neigh_invalidate(struct neigh *n);
void neigh_queue_purge(struct neigh *n);
struct skb *neigh_dequeue(struct neigh *n);           /* the oldest that waits; NULL: none */
void neigh_add_timer(struct neigh *n, int64_t delay); /* ns from now */
void neigh_gc_list_update(struct neigh *n);
/* neigh_create() as neigh_get(), with NTF_EXT_LEARNED flags; *error: -ENOBUFS, -EINVAL. */
struct neigh *neigh_create(struct neigh_table *t, struct netdev *dev, const struct inet_addr *addr,
                           uint32_t flags, bool exempt, int *error);
void neigh_remove(struct neigh *n);
/* neigh_fill_info(): the entry as it is shown. */
void neigh_fill_info(const struct neigh *n, struct vnet_neigh_info *info);
/* The world's clock in jiffies, as ns: the kernel's time stamps have that granularity. */
int64_t neigh_jiffies(struct vnet *w);
/* A parameter in ns (the kernel keeps it in jiffies). */
int64_t neigh_parm_ms(const struct neigh *n, enum neigh_parm_id id);
static inline int32_t neigh_parm(const struct neigh *n, enum neigh_parm_id id)
{
    const struct neigh_parms *p = n->tbl->ops->parms(n->dev);
    return p ? p->v[id] : 0;
}

#endif
