/* Links: what RTM_NEWLINK and RTM_GETLINK carry. */
#ifndef VNET_LINK_H
#define VNET_LINK_H

#include "base/nametab.h"
#include "vnet.h"

/* Interface flags, the kernel's values (include/uapi/linux/if.h). */
enum {
    VNET_IFF_UP = 1 << 0,
    VNET_IFF_BROADCAST = 1 << 1,
    VNET_IFF_DEBUG = 1 << 2,
    VNET_IFF_LOOPBACK = 1 << 3,
    VNET_IFF_POINTOPOINT = 1 << 4,
    VNET_IFF_NOTRAILERS = 1 << 5,
    VNET_IFF_RUNNING = 1 << 6,
    VNET_IFF_NOARP = 1 << 7,
    VNET_IFF_PROMISC = 1 << 8,
    VNET_IFF_ALLMULTI = 1 << 9,
    VNET_IFF_MASTER = 1 << 10,
    VNET_IFF_SLAVE = 1 << 11,
    VNET_IFF_MULTICAST = 1 << 12,
    VNET_IFF_PORTSEL = 1 << 13,
    VNET_IFF_AUTOMEDIA = 1 << 14,
    VNET_IFF_DYNAMIC = 1 << 15,
    VNET_IFF_LOWER_UP = 1 << 16,
    VNET_IFF_DORMANT = 1 << 17,
    VNET_IFF_ECHO = 1 << 18,
};

/* Their names, in the order in which `ip` shows them; RUNNING has none. */
extern const struct nametab vnet_link_flag_names[];

enum vnet_operstate { /* RFC 2863, IF_OPER_* */
                      VNET_OPER_UNKNOWN,
                      VNET_OPER_NOTPRESENT,
                      VNET_OPER_DOWN,
                      VNET_OPER_LOWERLAYERDOWN,
                      VNET_OPER_TESTING,
                      VNET_OPER_DORMANT,
                      VNET_OPER_UP,
};

enum { VNET_ARPHRD_ETHER = 1, VNET_ARPHRD_CAN = 280, VNET_ARPHRD_LOOPBACK = 772 };

enum vnet_addr_gen_mode { /* IN6_ADDR_GEN_MODE_* */
                          VNET_ADDRGEN_EUI64,
                          VNET_ADDRGEN_NONE,
                          VNET_ADDRGEN_STABLE_PRIVACY,
                          VNET_ADDRGEN_RANDOM,
};

struct vnet_link_stats { /* struct rtnl_link_stats64 */
    uint64_t rx_packets, tx_packets, rx_bytes, tx_bytes, rx_errors, tx_errors, rx_dropped,
        tx_dropped, multicast, collisions, rx_length_errors, rx_over_errors, rx_crc_errors,
        rx_frame_errors, rx_fifo_errors, rx_missed_errors, tx_aborted_errors, tx_carrier_errors,
        tx_fifo_errors, tx_heartbeat_errors, tx_window_errors, rx_nohandler, rx_otherhost_dropped;
};

/* Options of a kind, or of a port: v[i] counts where given has the bit i (vnet_bridge.h). */
enum { VNET_LINK_OPTS_MAX = 52 };
struct vnet_link_opts {
    uint64_t given;
    uint64_t v[VNET_LINK_OPTS_MAX];
};

enum { /* VLAN_FLAG_* */
       VNET_VLAN_REORDER_HDR = 1,
       VNET_VLAN_GVRP = 2,
       VNET_VLAN_LOOSE_BINDING = 4,
       VNET_VLAN_MVRP = 8,
       VNET_VLAN_BRIDGE_BINDING = 16,
};

enum { VNET_VLAN_MAPS = 16 };
struct vnet_vlan_map { /* a priority of packets and one of tags, or the other way round */
    uint32_t from, to;
};

/* IFLA_INFO_DATA of a VLAN: what is told, */
struct vnet_vlan_info {
    bool told;
    uint16_t proto, id;
    uint32_t flags; /* VNET_VLAN_* */
    uint32_t ningress, negress;
    struct vnet_vlan_map ingress[8], egress[VNET_VLAN_MAPS];
};

/* and what is asked for. */
struct vnet_vlan_req {
    bool has_id, has_proto;
    uint16_t proto, id;
    uint32_t flags, mask; /* flags' values where mask has bits */
    uint32_t ningress, negress;
    struct vnet_vlan_map ingress[VNET_VLAN_MAPS], egress[VNET_VLAN_MAPS];
};

/* A snapshot of one link. Strings point into the world: valid until it changes. */
struct vnet_link_info {
    uint8_t family; /* VNET_AF_BRIDGE: what a bridge tells of its port; else UNSPEC */
    int ifindex;
    char name[VNET_IFNAMSIZ];
    uint32_t flags; /* as dev_get_flags() reports them: RUNNING, LOWER_UP computed */
    uint16_t type;  /* ARPHRD_* */
    uint32_t mtu, min_mtu, max_mtu;
    uint32_t group, txqlen;
    const char *qdisc; /* "noop", "noqueue", "mq", "fq_codel", ... */
    uint8_t operstate; /* enum vnet_operstate */
    uint8_t linkmode;  /* 0 DEFAULT, 1 DORMANT */
    bool carrier;
    uint32_t carrier_changes;
    struct lladdr addr, brd;
    int iflink;              /* ifindex of the device below or the peer; 0: none (or itself) */
    int iflink_netnsid;      /* -1: same namespace; vnet_link_get() numbers it if need be */
    int master;              /* ifindex, 0: none */
    const char *kind;        /* IFLA_INFO_KIND: "veth", "bridge"; NULL: none */
    const char *master_kind; /* IFLA_INFO_SLAVE_KIND, NULL: none */
    const char *alias;       /* NULL: none */
    uint32_t promiscuity, allmulti;
    uint32_t num_tx_queues;
    uint32_t num_rx_queues; /* 0: this kernel does not report it */
    uint32_t gso_max_size, gso_max_segs, tso_max_size, tso_max_segs, gro_max_size;
    uint8_t addr_gen_mode;       /* enum vnet_addr_gen_mode */
    bool has_inet6;              /* the device has an inet6_dev (IFLA_AF_SPEC inet6 present) */
    const char *const *altnames; /* NULL-terminated or NULL */
    bool is_bridge;
    struct vnet_link_opts opts;       /* of a bridge (vnet_bridge.h) */
    struct vnet_link_opts slave_opts; /* of a bridge's port */
    struct vnet_vlan_info vlan;
    struct vnet_link_stats stats;
};

/* Which fields of a request are given. */
enum {
    VNET_LINK_NAME = 1 << 0, /* newname */
    VNET_LINK_MTU = 1 << 1,
    VNET_LINK_TXQLEN = 1 << 2,
    VNET_LINK_GROUP = 1 << 3,
    VNET_LINK_ADDR = 1 << 4,
    VNET_LINK_BRD = 1 << 5,
    VNET_LINK_ALIAS = 1 << 6,  /* "" removes it */
    VNET_LINK_MASTER = 1 << 7, /* 0: nomaster */
    VNET_LINK_OPERSTATE = 1 << 8,
    VNET_LINK_LINKMODE = 1 << 9,
    VNET_LINK_ADDRGEN = 1 << 10,
    VNET_LINK_CARRIER = 1 << 11,
    VNET_LINK_NUMTXQ = 1 << 12,
    VNET_LINK_NUMRXQ = 1 << 13,
    VNET_LINK_NETNS = 1 << 14,
    VNET_LINK_GSO_SIZE = 1 << 15,
    VNET_LINK_GSO_SEGS = 1 << 16,
    VNET_LINK_GRO_SIZE = 1 << 17,
    VNET_LINK_NEWINDEX = 1 << 18,
};

struct vnet_link_req {
    int ifindex;                /* of the link to change; on add the wanted index; 0: not given */
    char ifname[VNET_IFNAMSIZ]; /* of the link to change; on add the new link's name; "": not given
                                 */
    uint32_t set;               /* VNET_LINK_* of the fields below that are given */
    uint32_t flags, change;     /* IFF_*: flags' values where change has bits */
    char newname[VNET_IFNAMSIZ];
    uint32_t mtu, txqlen, group, num_tx_queues, num_rx_queues;
    uint32_t gso_max_size, gso_max_segs, gro_max_size;
    struct lladdr addr, brd;
    const char *alias; /* borrowed */
    int master;
    uint8_t operstate, linkmode, addr_gen_mode, carrier;
    struct netns
        *netns;     /* where it goes, or is made; NULL: -ESRCH, of a process that is not there */
    bool netns_bad; /* what is given for it is a file, but no namespace: -EINVAL */
    struct netns *from; /* add: where it was asked; vnet_link_add() fills it in */
    int newindex;       /* in the namespace where it goes (IFLA_NEW_IFINDEX) */
    const char *kind;   /* the link kind, borrowed; NULL: not given */
    int link;           /* add: IFLA_LINK, the device that it lies on; 0: not given */
    bool replace;       /* add: NLM_F_REPLACE, not NLM_F_EXCL */
    bool has_data;      /* IFLA_INFO_DATA is there, empty or not */
    bool has_slave_data;
    const char *slave_kind;                  /* IFLA_INFO_SLAVE_KIND; NULL: not given */
    const struct vnet_link_opts *opts;       /* of a bridge; NULL: none */
    const struct vnet_link_opts *slave_opts; /* of a port */
    const struct vnet_vlan_req *vlan;
    const struct vnet_link_req
        *peer; /* add veth, vxcan: what is given of the peer (VETH_INFO_PEER) or NULL */
};

/* rtnl_newlink() with NLM_F_CREATE, and NLM_F_EXCL or NLM_F_REPLACE, asked in ns. -EOPNOTSUPP
 * "Unknown device type." for a kind that the engine lacks; for one that is there -EEXIST, or
 * -EOPNOTSUPP where it were to be replaced. */
int vnet_link_add(struct netns *ns, const struct vnet_link_req *req, struct vnet_err *err);
/* rtnl_newlink() without NLM_F_CREATE, do_setlink(): in the kernel's order, stops at the first
 * failure. -ENODEV. */
int vnet_link_set(struct netns *ns, const struct vnet_link_req *req, struct vnet_err *err);
int vnet_link_del(struct netns *ns, int ifindex, struct vnet_err *err);
/* rtnl_group_dellink() */
int vnet_link_del_group(struct netns *ns, uint32_t group, struct vnet_err *err);

/* Indexes in dump order: start with 0; 0 ends. */
int vnet_link_next(const struct netns *ns, int after_ifindex);
/* The kinds that `ip link add ... type` takes, from i = 0 on; NULL: there are no more. */
const char *vnet_link_kind(size_t i);
/* -ENODEV if there is none. */
int vnet_link_get(const struct netns *ns, int ifindex, struct vnet_link_info *info);
/* Somebody asked for it by RTM_GETLINK, but needs no more than its name or index: the namespace of
 * its other end is numbered all the same (rtnl_fill_link_netnsid). ifindex 0: all of them. */
void vnet_link_asked(const struct netns *ns, int ifindex);
/* By name or altname; 0 if there is none. */
int vnet_link_index(const struct netns *ns, const char *name);
/* The name of an index into buf, "" if there is none; returns buf. */
const char *vnet_link_name(const struct netns *ns, int ifindex, char buf[VNET_IFNAMSIZ]);
/* dev_valid_name() plus the length rule: what the kernel accepts as a name. */
bool vnet_link_name_valid(const char *name);

/* A physical NIC (presets, import): not to be made by `ip link add`. qdisc: "mq", "fq_codel", ...
 */
int vnet_nic_add(struct netns *ns, int ifindex, const char *name, const struct lladdr *mac,
                 const char *qdisc, uint32_t queues, struct vnet_err *err);
/* Its cable, plugged in at first: without one it has no carrier. -EOPNOTSUPP: not a NIC. */
int vnet_nic_plug(struct netns *ns, int ifindex, bool plugged, struct vnet_err *err);
/* Was the link made by vnet_nic_add()? */
bool vnet_link_is_nic(const struct netns *ns, int ifindex);
/* RTM_NEWLINKPROP with one IFLA_ALT_IFNAME: -EEXIST, -EINVAL, -ENODEV. */
int vnet_link_add_altname(struct netns *ns, int ifindex, const char *name, struct vnet_err *err);
/* RTM_DELLINKPROP likewise: -ENOENT: no link is called so; -EINVAL: not this one, or not by an
 * alternative name; -ENODEV. */
int vnet_link_del_altname(struct netns *ns, int ifindex, const char *name, struct vnet_err *err);

#endif
