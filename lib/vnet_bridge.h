/* Bridges: their options, ports, forwarding table (net/bridge/br_netlink.c, br_fdb.c). */
#ifndef VNET_BRIDGE_H
#define VNET_BRIDGE_H

#include "vnet_link.h"
#include "vnet_neigh.h"

/* IFLA_BR_*, as places in a struct vnet_link_opts; in the order in which br_changelink() sets them.
 * Times are in hundredths of a second (clock_t), addresses and identifiers as big-endian numbers
 * (priority in front). */
enum vnet_bridge_opt {
    VNET_BR_FORWARD_DELAY,
    VNET_BR_HELLO_TIME,
    VNET_BR_MAX_AGE,
    VNET_BR_AGEING_TIME,
    VNET_BR_STP_STATE,
    VNET_BR_PRIORITY,
    VNET_BR_VLAN_FILTERING,
    VNET_BR_VLAN_PROTOCOL,
    VNET_BR_VLAN_DEFAULT_PVID,
    VNET_BR_VLAN_STATS_ENABLED,
    VNET_BR_VLAN_STATS_PER_PORT,
    VNET_BR_GROUP_FWD_MASK,
    VNET_BR_GROUP_ADDR,
    VNET_BR_FDB_FLUSH, /* set only */
    VNET_BR_MCAST_ROUTER,
    VNET_BR_MCAST_SNOOPING,
    VNET_BR_MCAST_QUERY_USE_IFADDR,
    VNET_BR_MCAST_QUERIER,
    VNET_BR_MCAST_HASH_ELASTICITY,
    VNET_BR_MCAST_HASH_MAX,
    VNET_BR_MCAST_LAST_MEMBER_CNT,
    VNET_BR_MCAST_STARTUP_QUERY_CNT,
    VNET_BR_MCAST_LAST_MEMBER_INTVL,
    VNET_BR_MCAST_MEMBERSHIP_INTVL,
    VNET_BR_MCAST_QUERIER_INTVL,
    VNET_BR_MCAST_QUERY_INTVL,
    VNET_BR_MCAST_QUERY_RESPONSE_INTVL,
    VNET_BR_MCAST_STARTUP_QUERY_INTVL,
    VNET_BR_MCAST_STATS_ENABLED,
    VNET_BR_MCAST_IGMP_VERSION,
    VNET_BR_MCAST_MLD_VERSION,
    VNET_BR_NF_CALL_IPTABLES,
    VNET_BR_NF_CALL_IP6TABLES,
    VNET_BR_NF_CALL_ARPTABLES,
    VNET_BR_NO_LL_LEARN,         /* BR_BOOLOPT_* */
    VNET_BR_MCAST_VLAN_SNOOPING, /* the last that can be set */
    VNET_BR_BRIDGE_ID,
    VNET_BR_ROOT_ID,
    VNET_BR_ROOT_PORT,
    VNET_BR_ROOT_PATH_COST,
    VNET_BR_TOPOLOGY_CHANGE,
    VNET_BR_TOPOLOGY_CHANGE_DETECTED,
    VNET_BR_HELLO_TIMER,
    VNET_BR_TCN_TIMER,
    VNET_BR_TOPOLOGY_CHANGE_TIMER,
    VNET_BR_GC_TIMER,
    VNET_BR_MAX_AGE_SET, /* in sysfs only: what the bridge would have as the root */
    VNET_BR_HELLO_TIME_SET,
    VNET_BR_FORWARD_DELAY_SET,
    VNET_BR_OPTS
};

/* IFLA_BRPORT_*, in the order in which br_setport() sets them. */
enum vnet_brport_opt {
    VNET_BRPORT_HAIRPIN,
    VNET_BRPORT_GUARD,
    VNET_BRPORT_FASTLEAVE,
    VNET_BRPORT_ROOT_BLOCK,
    VNET_BRPORT_LEARNING,
    VNET_BRPORT_FLOOD,
    VNET_BRPORT_MCAST_FLOOD,
    VNET_BRPORT_MCAST_TO_UNICAST,
    VNET_BRPORT_BCAST_FLOOD,
    VNET_BRPORT_PROXY_ARP,
    VNET_BRPORT_PROXY_ARP_WIFI,
    VNET_BRPORT_VLAN_TUNNEL,
    VNET_BRPORT_NEIGH_SUPPRESS,
    VNET_BRPORT_ISOLATED,
    VNET_BRPORT_LOCKED,
    VNET_BRPORT_COST,
    VNET_BRPORT_PRIORITY,
    VNET_BRPORT_STATE,
    VNET_BRPORT_FLUSH, /* set only */
    VNET_BRPORT_MCAST_ROUTER,
    VNET_BRPORT_GROUP_FWD_MASK,
    VNET_BRPORT_BACKUP_PORT, /* an ifindex; the last that can be set */
    VNET_BRPORT_ID,
    VNET_BRPORT_NO,
    VNET_BRPORT_DESIGNATED_PORT,
    VNET_BRPORT_DESIGNATED_COST,
    VNET_BRPORT_BRIDGE_ID,
    VNET_BRPORT_ROOT_ID,
    VNET_BRPORT_HOLD_TIMER,
    VNET_BRPORT_MESSAGE_AGE_TIMER,
    VNET_BRPORT_FORWARD_DELAY_TIMER,
    VNET_BRPORT_TOPOLOGY_CHANGE_ACK,
    VNET_BRPORT_CONFIG_PENDING,
    VNET_BRPORT_OPTS
};

enum { /* BR_STATE_* */
       VNET_BR_STATE_DISABLED,
       VNET_BR_STATE_LISTENING,
       VNET_BR_STATE_LEARNING,
       VNET_BR_STATE_FORWARDING,
       VNET_BR_STATE_BLOCKING,
       VNET_BR_STATES
};
/* "disabled", ... */
extern const char *const vnet_br_state_names[VNET_BR_STATES];

/* What of these the engine has no behaviour for: their value may be given only if it is the
 * default. NULL: it is emulated; else a few words for the message that refuses it. */
bool vnet_bridge_opt_emulated(enum vnet_bridge_opt opt, uint64_t value);
bool vnet_brport_opt_emulated(enum vnet_brport_opt opt, uint64_t value);

/* Is the link a bridge? */
bool vnet_link_is_bridge(const struct netns *ns, int ifindex);

/* Options of a bridge, of a port, whatever the kernel's netlink tells of them. false: it is none.
 */
bool vnet_bridge_get(const struct netns *ns, int ifindex, struct vnet_link_opts *opts);
bool vnet_brport_get(const struct netns *ns, int ifindex, struct vnet_link_opts *opts);
/* What a port has counted while the kernel's spanning tree was on (struct bridge_stp_xstats). */
struct vnet_stp_xstats {
    int64_t rx_bpdu, tx_bpdu, rx_tcn, tx_tcn; /* TCNs are none of the BPDUs here */
    int64_t transition_blk, transition_fwd;   /* how often it was made blocking, forwarding */
};
/* false: no port. */
bool vnet_brport_stp_xstats(const struct netns *ns, int ifindex, struct vnet_stp_xstats *x);
/* RTM_SETLINK of family AF_BRIDGE with IFLA_PROTINFO (rtnl_bridge_setlink(), br_setlink()): whose:
 * VNET_NTF_MASTER, VNET_NTF_SELF, 0 means the former. -EOPNOTSUPP: not a port; of SELF: no bridge,
 * which alone takes that, and changes nothing. */
int vnet_brport_set(struct netns *ns, int ifindex, const struct vnet_link_opts *opts, uint8_t whose,
                    struct vnet_err *err);

/* ---- the forwarding table, and what a device lets in ---- */

struct vnet_fdb_info {
    int ifindex; /* of the port, or of the bridge itself */
    int master;  /* ifindex of the bridge; 0: of the device's own list */
    uint8_t addr[ETH_ALEN];
    uint16_t vlan;  /* 0: none; given to add or delete: 4095: one that is none */
    uint16_t state; /* NUD_PERMANENT, NOARP (static), REACHABLE, STALE */
    uint8_t flags;  /* NTF_* */
    bool has_times;
    uint32_t used, updated; /* hundredths of a second ago */
};

/* RTM_GETNEIGH of family AF_BRIDGE (rtnl_fdb_dump()): of the bridge br (0: of all), of the port (0:
 * of all), in the kernel's order. A non-zero return of cb ends it and is returned. */
int vnet_fdb_dump(const struct netns *ns, int br, int port,
                  int (*cb)(const struct vnet_fdb_info *f, void *arg), void *arg);

enum { VNET_FDB_CREATE = 1, VNET_FDB_EXCL = 2, VNET_FDB_REPLACE = 4 };

/* RTM_NEWNEIGH, RTM_DELNEIGH of family AF_BRIDGE: how: VNET_FDB_*; f->flags without SELF and MASTER
 * means MASTER. */
int vnet_fdb_add(struct netns *ns, const struct vnet_fdb_info *f, unsigned how,
                 struct vnet_err *err);
int vnet_fdb_del(struct netns *ns, const struct vnet_fdb_info *f, struct vnet_err *err);

/* RTM_GETNEIGH of one entry (rtnl_fdb_get()): a device, a port or with VNET_NTF_SELF a bridge, or
 * a bridge named as a master; flags: VNET_NTF_SELF, VNET_NTF_MASTER, none means the latter. */
struct vnet_fdb_query {
    int ifindex, master; /* 0: not given */
    uint8_t flags;
    uint8_t addr[ETH_ALEN];
    uint16_t vlan; /* 0: none */
};
/* -ENOENT: no such entry; -EINVAL, -EOPNOTSUPP: nothing that has entries. */
int vnet_fdb_get(const struct netns *ns, const struct vnet_fdb_query *q, struct vnet_fdb_info *info,
                 struct vnet_err *err);

/* RTM_DELNEIGH with NLM_F_BULK (br_fdb_delete_bulk()): the entries of a bridge (VNET_NTF_SELF) or
 * of a port (VNET_NTF_MASTER) that match all that is given. */
struct vnet_fdb_flush {
    int ifindex;
    uint8_t whose; /* VNET_NTF_SELF, VNET_NTF_MASTER */
    int port;      /* ifindex of a port or of the bridge itself; 0: any */
    uint16_t vlan; /* 0: any; 4095: a number that is none */
    uint16_t state,
        state_mask; /* VNET_NUD_PERMANENT, VNET_NUD_NOARP: as they must be, which of them */
    uint8_t flags, flags_mask; /* VNET_NTF_USE (added by the user), _EXT_LEARNED, _STICKY */
    bool offloaded;            /* only entries that a switch's hardware has: here are none */
};
int vnet_fdb_flush(struct netns *ns, const struct vnet_fdb_flush *f, struct vnet_err *err);

/* ---- groups ---- */

struct vnet_mdb_entry {
    int br, port;          /* ifindex; port the bridge's: it is a member itself */
    struct inet_addr addr; /* UNSPEC: a link-layer address, in its first bytes */
    struct inet_addr src;  /* UNSPEC: any: (*, G), else (S, G) */
    uint16_t vid;          /* 0: none */
    bool permanent;
    bool by_hand;                /* RTPROT_STATIC, else RTPROT_KERNEL; of ports only */
    bool has_mode, mode_include; /* MDBA_MDB_EATTR_GROUP_MODE, where the protocol has modes */
    bool star_excl;              /* MDB_FLAGS_STAR_EXCL: a port of (*, G), in (S, G) for that */
    bool fast_leave;             /* MDB_FLAGS_FAST_LEAVE: it goes as its port is left at once */
    uint32_t timer;              /* hundredths of a second left */
};
struct vnet_mdb_router { /* a port behind which a multicast router is */
    int br, port;
    bool permanent;
    uint32_t timer; /* the later one of both protocols' */
};

/* RTM_GETMDB (br_mdb_dump()): of all bridges, in the kernel's order. A non-zero return of the
 * callback ends it and is returned. */
int vnet_mdb_dump(const struct netns *ns, int (*cb)(const struct vnet_mdb_entry *e, void *arg),
                  void *arg);
int vnet_mdb_routers(const struct netns *ns, int (*cb)(const struct vnet_mdb_router *r, void *arg),
                     void *arg);
/* RTM_NEWMDB, RTM_DELMDB of br, port, addr, src, vid (0: all that the port is in) and permanent.
 * src may be of any family: -EINVAL where it cannot be a source of the group (br_mdb.c:
 * is_valid_mdb_source()); 0.0.0.0 and :: are any. */
int vnet_mdb_add(struct netns *ns, const struct vnet_mdb_entry *e, struct vnet_err *err);
int vnet_mdb_del(struct netns *ns, const struct vnet_mdb_entry *e, struct vnet_err *err);

/* ---- VLANs of bridges and ports ---- */

struct vnet_brvlan {
    uint16_t vid;
    bool pvid, untagged;
};
/* The i-th of a link, from 0 on; false: there are no more. */
bool vnet_brvlan_get(const struct netns *ns, int ifindex, unsigned i, struct vnet_brvlan *v);
/* RTM_SETLINK, RTM_DELLINK of family AF_BRIDGE with IFLA_BRIDGE_VLAN_INFO, of v->vid to last:
 * whose: VNET_NTF_SELF, VNET_NTF_MASTER, or 0. -EOPNOTSUPP: no bridge or port, or not asked of it,
 * or a kernel without VLANs of bridges; -EINVAL: a number that is no VLAN's. */
int vnet_brvlan_change(struct netns *ns, int ifindex, const struct vnet_brvlan *v, uint16_t last,
                       bool add, uint8_t whose, struct vnet_err *err);

#endif
