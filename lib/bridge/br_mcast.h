/* Multicast snooping: which groups are wanted behind which port (net/bridge/br_multicast.c,
 * br_mdb.c). Of sources there is what is added by hand: no host here asks for some only, so there
 * are no source lists of ports, and a record that names some counts for its group. */
#ifndef VNET_BRIDGE_BR_MCAST_H
#define VNET_BRIDGE_BR_MCAST_H

#include "base/htab.h"
#include "base/list.h"
#include "base/pool.h"
#include "dev/core.h"
#include "sim/timer.h"
#include "vnet_bridge.h"

struct bridge;
struct br_port;

enum { MDB_RTR_DISABLED, MDB_RTR_TEMP_QUERY, MDB_RTR_PERM, MDB_RTR_TEMP };

/* A timer of the kernel's: it may fire later than it is due, as its wheel rounds. */
struct br_timer {
    struct timer timer;
    int64_t due;
};

struct br_group {          /* struct br_ip */
    struct inet_addr addr; /* UNSPEC: a link-layer address, in its first bytes */
    struct inet_addr src;  /* UNSPEC: any: (*, G) */
    uint16_t vid;
};

enum { /* of a port group */
       PG_PERMANENT = 1,
       PG_BY_USER = 2, /* RTPROT_STATIC, else RTPROT_KERNEL */
       PG_FAST_LEAVE = 4,
       PG_INCLUDE = 8,    /* filter_mode MCAST_INCLUDE: (*, G): nothing is wanted any more */
       PG_STAR_EXCL = 16, /* of (S, G): there as its port is one of (*, G) */
       PG_FLAGS = 31,
};

struct br_host { /* struct net_bridge_group_eht_host, in the set of all sources */
    struct br_host *next;
    struct br_pg *pg;
    struct inet_addr addr;
    struct br_timer timer; /* it is not heard of any more */
};

struct br_pg { /* struct net_bridge_port_group */
    struct br_pg *next;
    struct br_mdb *mp;
    struct br_port *port;
    uint8_t flags;      /* PG_* */
    uint8_t rexmit_cnt; /* queries of the group still to be sent (IGMPv3, MLDv2) */
    struct br_timer timer, rexmit;
    struct br_host *hosts; /* those known behind a port with fastleave; owned */
};

struct br_mdb { /* struct net_bridge_mdb_entry */
    struct list node;
    struct htab_link link;
    struct bridge *br;
    struct br_group group;
    bool host_joined;
    struct br_timer timer; /* of the bridge's own membership */
    struct br_pg *ports;   /* in the order of the bridge's ports */
};

/* Asking, and being asked, by one protocol: of a port, or (port NULL) of the bridge itself. */
struct br_mcast_ctx {
    struct bridge *br;
    struct br_port *port;
    bool v6;
    struct br_timer own_query; /* the next general query */
    struct br_timer router;    /* a multicast router is there until then */
    uint32_t startup_sent;
    bool is_router; /* of a port: on the list of router ports */
};

/* Another one that asks, of one protocol. */
struct br_querier {
    struct bridge *br;
    struct br_timer timer;
    int64_t delay_time; /* answers are complete from then on */
    struct inet_addr addr;
};

struct br_mcast {    /* of a bridge */
    struct list mdb; /* struct br_mdb, newest first */
    struct htab by_group;
    struct pool groups, members; /* struct br_mdb, struct br_pg */
    struct br_mcast_ctx ctx[2];  /* IPv4, IPv6 */
    struct br_querier other[2];
    bool no_ipv6_addr; /* !BROPT_HAS_IPV6_ADDR: there was no source address for a query */
};

/* ---- br_mdb.c: the table ---- */

void br_multicast_init(struct bridge *br);
void br_multicast_port_init(struct br_port *p);
void br_multicast_release(struct bridge *br);
/* br_multicast_del_port() */
void br_multicast_del_port(struct br_port *p);
struct br_mdb *br_mdb_find(const struct bridge *br, const struct br_group *g);
/* br_multicast_new_group(): NULL: there are too many, and snooping is off now. */
struct br_mdb *br_mdb_new(struct bridge *br, const struct br_group *g);
/* For the state file: an entry that is not there yet, without members. */
struct br_mdb *br_mdb_load(struct bridge *br, const struct br_group *g);
struct br_pg *br_pg_find(const struct br_mdb *mp, const struct br_port *p);
struct br_pg *br_pg_new(struct br_mdb *mp, struct br_port *p, uint8_t flags);
void br_pg_delete(struct br_pg *pg);
/* br_multicast_sg_add_exclude_ports(): what (*, G) wants it wants of this source, too. */
void br_mdb_add_star_ports(const struct br_mdb *star, struct br_mdb *mp);
/* The entry goes if nobody is in it. */
void br_mdb_put(struct br_mdb *mp);
void br_mdb_host_join(struct br_mdb *mp);
void br_mdb_host_leave(struct br_mdb *mp);
/* The port is one behind which a router is. */
void br_multicast_set_rport(struct br_mcast_ctx *c, bool on);
/* Jiffies of an option as time. */
int64_t br_mcast_time(const struct bridge *br, unsigned opt);
/* br_multicast_should_handle_mode(): are filter modes known to the protocol in use? */
bool br_mcast_has_modes(const struct bridge *br, const struct br_group *g);
/* br_multicast_is_star_g(): never of link-layer addresses */
static inline bool br_group_is_star(const struct br_group *g)
{
    return g->addr.family != VNET_AF_UNSPEC && g->src.family == VNET_AF_UNSPEC;
}

/* ---- br_multicast.c: what passes ---- */

/* br_multicast_rcv(): p NULL: from the bridge itself. false: malformed; does not consume. */
bool br_multicast_rcv(struct bridge *br, struct br_port *p, struct skb *skb, uint16_t vid);
/* br_mdb_entry_skb_get() and br_multicast_querier_exists(): is the frame for members only? *mp: its
 * group, NULL: for routers alone. */
bool br_multicast_known(const struct bridge *br, const struct skb *skb, uint16_t vid,
                        struct br_mdb **mp);
bool br_multicast_is_router(const struct bridge *br, const struct skb *skb);
/* Is the port of a multicast router for such frames? */
bool br_multicast_rport(const struct br_port *p, const struct skb *skb);
int br_multicast_set_port_router(struct br_port *p, uint64_t value);
int br_multicast_set_router(struct bridge *br, uint64_t value);
void br_multicast_enable_port(struct br_port *p);
void br_multicast_disable_port(struct br_port *p);

/* ---- br_eht.c: who is behind a port with fastleave ---- */

void br_eht_join(struct br_pg *pg, const struct inet_addr *addr);
void br_eht_leave(struct br_pg *pg, const struct inet_addr *addr);
void br_eht_flush(struct br_pg *pg);
/* At the end of the bridge, when its ports may be gone. */
void br_eht_release(struct br_pg *pg);
/* For the state file, without its timer. NULL: the port has too many. */
struct br_host *br_eht_add(struct br_pg *pg, const struct inet_addr *addr);

/* ---- br_query.c: asking ---- */

void br_multicast_open(struct bridge *br);
void br_multicast_stop(struct bridge *br);
void br_multicast_start_querier(struct br_mcast_ctx *c);
int br_multicast_set_querier(struct bridge *br, uint64_t on);
void br_multicast_query_expired(struct vnet *w, struct timer *t);
/* __br_multicast_send_query() about a group: out of its port, NULL: to the bridge itself. */
void br_multicast_query_group(struct bridge *br, struct br_port *p, const struct br_group *g);
/* __grp_send_query_and_rexmit() */
void br_multicast_query_rexmit(struct br_pg *pg);
void br_multicast_rexmit_expired(struct vnet *w, struct timer *t);

/* ---- br_snoop.c ---- */

void br_multicast_join_snoopers(struct bridge *br);
void br_multicast_leave_snoopers(struct bridge *br);
int br_multicast_toggle(struct bridge *br, uint64_t on);

#endif
