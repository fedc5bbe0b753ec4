/* A network namespace: links and, by subject, what hangs on them. */
#ifndef VNET_DEV_NETNS_H
#define VNET_DEV_NETNS_H

#include "base/htab.h"
#include "base/list.h"
#include "base/addr.h"
#include "sim/timer.h"
#include "vnet.h"

struct netdev;
struct fib;
struct neigh_table;
struct sock_table;
struct inet_sysctls;
struct addrlabel_table;
struct ip_frags;
struct icmp_state;
struct mib;
struct nexthop_table;
struct nf_hook_ops;
struct rt_cache;
struct nsid;

struct netns {
    struct list node; /* in vnet.netns_list */
    struct vnet *w;
    uint32_t id;   /* unique in the world, never reused; 1 is the initial one */
    char *outside; /* what this part of the world outside is called; NULL: it is not one; owned */
    char *name;    /* in /run/netns; "" for the initial one, and for those that lost it; owned */

    struct netdev **devs; /* sorted by ifindex; owned */
    uint32_t ndevs, devs_cap;
    struct htab by_name; /* struct netdev (dev/names.c) */
    bool leaving;        /* cleanup_net() is at it: it gets no number any more */
    bool altnames;       /* a link has, or had, alternative names */
    int last_ifindex;    /* dev_new_index() */
    struct netdev *loopback;
    struct nsid *nsids; /* dev/nsid.h; owned */
    uint32_t nnsids, nsids_cap;
    uint32_t nsids_highest; /* no namespace of a higher id ever had a number here */

    struct addrlabel_table *addrlabels;   /* inet/addrlabel.h */
    struct inet_sysctls *sysctls;         /* inet/sysctls.h */
    struct fib *fib4, *fib6;              /* inet/fib.h */
    struct nexthop_table *nexthops;       /* inet/nexthop.h */
    struct neigh_table *arp_tbl, *nd_tbl; /* inet/neigh.h */
    struct sock_table *socks;             /* inet/sock.h */
    struct ip_frags *frags, *frags6;      /* inet/ip_frags.h */
    struct icmp_state *icmp;              /* inet/icmp_limit.h */
    struct mib *mib;                      /* inet/mib.h: SNMP counters */
    struct rt_cache *rt_cache;            /* inet/route_cache.c */
    struct nf_hook_ops *nf_hooks[3][5];   /* netfilter/nf.h: by nf_proto, nf_inet_hook; not owned */
    uint16_t ip_id;                       /* next IPv4 identification where one is needed */

    /* Asleep: nobody has needed it since the state was read, so that only what stands above
     * "outside" is known, and nothing of the subjects is there. */
    char *asleep; /* its members as the state file has them, in w->asleep_text; NULL: it is awake */
    uint32_t asleep_len;
    uint32_t asleep_head;  /* bytes of its element in front of them */
    uint32_t asleep_index; /* of that in the file's list */
    struct timer alarm;    /* asleep: at the time of its earliest timer, in the place of that one */
};

enum { NETNS_INIT_ID = 1 }; /* of the first, which is always there */

/* A namespace with lo (down); every subject's state is made by its own *_net_init(). parent: that
 * of the process that makes it, for what sysctls it inherits; NULL: none, the state file says. */
struct netns *netns_new(struct vnet *w, const char *name, const struct netns *parent);
/* One that sleeps: `len` bytes of w->asleep_text, and two more behind them, which are written over
 * when it wakes. */
struct netns *netns_new_asleep(struct vnet *w, const char *name, uint32_t id, char *text,
                               uint32_t len);
/* Asleep or not, it is awake then. Who gets hold of a namespace by its name, its id or a device of
 * another one gets it so; what netns_each() finds may be asleep. */
static inline struct netns *netns_awake(struct netns *ns);
/* For the state file, which fills what wakes: all subjects, as in a new namespace; and out with
 * them again. */
void netns_fill(struct netns *ns, const struct netns *parent);
void netns_empty(struct netns *ns);
/* All of it, with the peers that its links have elsewhere. */
void netns_free(struct netns *ns);
/* cleanup_net() of one that is not the initial one: NICs go back there first. */
void netns_cleanup(struct netns *ns);
/* May a file in /run/netns have that name ("" too), and a terminal see it? */
bool netns_name_ok(const char *name);
/* By id; NULL if there is none. */
struct netns *netns_by_id(struct vnet *w, uint32_t id);
struct netns *netns_lookup(struct vnet *w, uint32_t id); /* asleep or not */
void netns_wake(struct netns *ns);
/* Before something changes that the text of a sleeper leaves out where it is the same. */
void netns_wake_all(struct vnet *w);

static inline struct netns *netns_awake(struct netns *ns)
{
    if (ns && ns->asleep)
        netns_wake(ns);
    return ns;
}

#define netns_each(w, ns)                                                         \
    for (struct netns *ns = list_entry((w)->netns_list.next, struct netns, node); \
         &ns->node != &(w)->netns_list; ns = list_entry(ns->node.next, struct netns, node))

/* ... none of those that are asleep: they have no sockets, for one (state/asleep.c). */
#define netns_each_awake(w, ns) netns_each(w, ns) if (!ns->asleep)

#endif
