/* Bridges (net/bridge/br_private.h). */
#ifndef VNET_BRIDGE_BR_H
#define VNET_BRIDGE_BR_H

#include "base/htab.h"
#include "base/list.h"
#include "base/pool.h"
#include "bridge/br_mcast.h"
#include "dev/core.h"
#include "sim/timer.h"
#include "sim/world.h"
#include "inet/rtnetlink.h"
#include "vnet_bridge.h"

enum { BR_PORT_BITS = 10, BR_MAX_PORTS = 1 << BR_PORT_BITS, BR_DEFAULT_PATH_COST = 100 };

/* A priority and an address, compared as one number: big-endian. */
typedef uint64_t bridge_id;

enum br_stp { BR_NO_STP, BR_KERNEL_STP };

/* Flags of ports, as bits at the places of their options. */
#define BR_FLAG(name) (1u << VNET_BRPORT_##name)

enum { /* BRIDGE_VLAN_INFO_* */
       BR_VLAN_MASTER = 1,
       BR_VLAN_PVID = 2,
       BR_VLAN_UNTAGGED = 4,
       BR_VLAN_BRENTRY = 32, /* of the bridge's own list: it is a member itself */
};

struct br_vlan {
    uint16_t vid;
    uint8_t flags;
};

/* The VLANs of a port; of a bridge: all that its ports and itself have, those without BRENTRY for
 * the ports alone. */
struct br_vlans {
    struct br_vlan *v; /* by vid; owned */
    uint32_t n, cap;
    uint16_t pvid; /* 0: none */
};

struct br_port {
    struct bridge *br;
    struct netdev *dev;
    struct br_port *next; /* the last added comes first */
    uint32_t flags;       /* BR_FLAG() of the options from HAIRPIN to LOCKED */
    bool admin_cost;      /* the path cost was set by hand (BR_ADMIN_COST) */
    uint16_t port_no, port_id, designated_port;
    uint8_t state, priority;
    uint8_t multicast_router;
    uint16_t group_fwd_mask;
    uint32_t path_cost, designated_cost;
    bridge_id designated_root, designated_bridge;
    bool topology_change_ack, config_pending;
    struct br_timer forward_delay_timer, hold_timer, message_age_timer;
    struct vnet_stp_xstats stp_xstats;
    struct br_vlans vlans;
    struct br_mcast_ctx mcast[2]; /* IPv4, IPv6 */
    unsigned mcast_hosts;         /* struct br_host behind it */
};

enum { /* of an entry */
       FDB_LOCAL = 1,
       FDB_STATIC = 2,
       FDB_STICKY = 4,
       FDB_BY_USER = 8,
       FDB_EXT_LEARN = 16,
       FDB_FLAGS = 31, /* all of them */
};

struct br_fdb {
    struct htab_link link; /* in bridge.fdb */
    struct list node;      /* in bridge.fdb_list */
    struct br_port *dst;   /* NULL: the bridge itself */
    uint8_t addr[ETH_ALEN];
    uint16_t vlan;
    uint8_t flags; /* FDB_* */
    int64_t updated, used;
};

struct bridge {
    struct netdev *dev;
    struct br_port *ports;               /* the last made comes first */
    struct br_port *by_no[BR_MAX_PORTS]; /* NULL: no port has that number */
    struct htab fdb;                     /* struct br_fdb */
    struct pool fdb_pool;                /* of these */
    struct list fdb_list;                /* the last made comes first */
    uint64_t opt[VNET_BR_OPTS];          /* what is set and kept as it is; times in jiffies */
    bool mtu_set_by_user, group_addr_set;
    bool had_ports; /* what it can cut follows them since */
    bridge_id id, designated_root;
    uint16_t root_port;
    uint32_t root_path_cost;
    uint64_t max_age, hello_time, forward_delay, ageing_time; /* in force, in jiffies */
    bool topology_change, topology_change_detected;
    struct br_timer hello_timer, tcn_timer, topology_change_timer, gc;
    struct br_vlans vlans;
    struct br_mcast mcast;
};

enum { BR_8021Q = 0x8100, BR_8021AD = 0x88a8 };

/* What an skb is about while it passes: BR_INPUT_SKB_CB(). */
enum br_pkt_type { BR_PKT_UNICAST, BR_PKT_MULTICAST, BR_PKT_BROADCAST };

static inline bool is_bridge(const struct netdev *dev)
{
    return dev->kind == &bridge_kind;
}
static inline struct bridge *br_of(const struct netdev *dev)
{
    return dev->priv;
}
static inline int64_t br_jiffies(const struct bridge *br, uint64_t jiffies)
{
    enum { LONGEST = 1 << 30 }; /* seconds: 4294967295 of some unit is never */
    uint64_t hz = dev_world(br->dev)->profile->kernel.hz;
    if (jiffies / hz > LONGEST)
        jiffies = LONGEST * hz;
    return (int64_t)jiffies * (NSEC_PER_SEC / (int64_t)hz);
}
static inline bridge_id bridge_id_make(uint16_t priority, const uint8_t *addr)
{
    uint64_t id = priority;
    for (unsigned i = 0; i < ETH_ALEN; i++)
        id = id << 8 | addr[i];
    return id;
}
static inline uint16_t bridge_id_priority(bridge_id id)
{
    return (uint16_t)(id >> 48);
}
void bridge_id_addr(bridge_id id, uint8_t addr[ETH_ALEN]);
bool netif_oper_up(const struct netdev *dev);

/* ---- br_if.c: ports ---- */

int br_add_if(struct netdev *master, struct netdev *dev, struct vnet_err *err);
int br_del_if(struct netdev *master, struct netdev *dev);
void del_nbp(struct br_port *p);
/* A port without its place in a protocol: for br_add_if() and the state file. */
struct br_port *br_port_new(struct bridge *br, struct netdev *dev, uint16_t port_no);
void br_port_link(struct br_port *p);
void br_mtu_auto_adjust(struct bridge *br);
/* What its ports can cut: the least of theirs. */
void br_set_gso_limits(struct bridge *br);
uint32_t br_port_cost(const struct netdev *dev);

/* ---- br_fdb.c ---- */

void br_fdb_init(struct bridge *br);
struct br_fdb *br_fdb_find(const struct bridge *br, const uint8_t *addr, uint16_t vlan);
struct br_fdb *br_fdb_create(struct bridge *br, struct br_port *dst, const uint8_t *addr,
                             uint16_t vlan, uint8_t flags);
void br_fdb_delete(struct bridge *br, struct br_fdb *f);
int br_fdb_add_local(struct bridge *br, struct br_port *p, const uint8_t *addr, uint16_t vlan);
void br_fdb_delete_local(struct bridge *br, const struct br_port *p, struct br_fdb *f);
void br_fdb_update(struct bridge *br, struct br_port *p, const uint8_t *addr, uint16_t vlan,
                   uint8_t flags);
void br_fdb_delete_by_port(struct bridge *br, const struct br_port *p, uint16_t vlan, bool all);
/* The port has another address; the bridge has. */
void br_fdb_changeaddr(struct br_port *p, const uint8_t *addr);
void br_fdb_change_mac_address(struct bridge *br, const uint8_t *addr);
/* Those that may age, all that are not static. */
void br_fdb_flush(struct bridge *br);
void br_fdb_cleanup(struct vnet *w, struct timer *t);
void br_fdb_release(struct bridge *br);

/* ---- br_forward.c, br_input.c ---- */

void br_forward(struct br_port *to, struct skb *skb, bool local_rcv);
void br_flood(struct bridge *br, struct skb *skb, enum br_pkt_type type, bool local_rcv,
              bool local_orig);
/* br_multicast_flood(): to the members of a group (NULL: none) and to routers. */
void br_multicast_flood(struct bridge *br, const struct br_mdb *mp, struct skb *skb, bool local_rcv,
                        bool local_orig);
int br_dev_xmit(struct netdev *dev, struct skb *skb);
/* The rx_handler of ports: true: consumed. */
bool br_handle_frame(struct netdev *dev, struct skb *skb);

/* ---- br_stp.c, br_stp_if.c ---- */

void br_set_state(struct br_port *p, uint8_t state);
void br_init_port(struct br_port *p);
void br_stp_enable_bridge(struct bridge *br);
void br_stp_disable_bridge(struct bridge *br);
void br_stp_enable_port(struct br_port *p);
void br_stp_disable_port(struct br_port *p);
void br_port_state_selection(struct bridge *br);
void br_configuration_update(struct bridge *br);
bool br_is_root_bridge(const struct bridge *br);
bool br_is_designated_port(const struct br_port *p);
void br_become_designated_port(struct br_port *p);
void br_become_root_bridge(struct bridge *br);
void br_stp_change_bridge_id(struct bridge *br, const uint8_t *addr);
bool br_stp_recalculate_bridge_id(struct bridge *br);
void br_stp_set_bridge_priority(struct bridge *br, uint16_t priority);
int br_stp_set_enabled(struct bridge *br, uint64_t on);
/* mod_timer(): in so many ns. */
void br_timer_set(struct vnet *w, struct br_timer *t, int64_t delay);
void br_timers_init(struct bridge *br);
void br_port_timers_init(struct br_port *p);
void br_port_timers_cancel(struct br_port *p);

/* ---- br_device.c ---- */

/* NETDEV_REGISTER of a bridge. */
void br_registered(struct netdev *dev);
/* br_dev_delete() but for the device itself. */
void br_dellink_ports(struct netdev *dev);

/* ---- br_vlan.c ---- */

/* CONFIG_BRIDGE_VLAN_FILTERING */
static inline bool br_vlans_known(const struct bridge *br)
{
    return dev_world(br->dev)->profile->kernel.bridge_vlans;
}
struct br_vlan *br_vlan_find(const struct br_vlans *vg, uint16_t vid);
/* A member, not only known for the ports (br_vlan_should_use()). */
static inline bool br_vlan_used(const struct br_vlan *v, bool of_bridge)
{
    return v && (!of_bridge || v->flags & BR_VLAN_BRENTRY);
}
/* br_vlan_add(), nbp_vlan_add(): p NULL: of the bridge itself. */
int br_vlan_add(struct bridge *br, struct br_port *p, uint16_t vid, uint8_t flags);
int br_vlan_delete(struct bridge *br, struct br_port *p, uint16_t vid);
void nbp_vlan_init(struct br_port *p);
void nbp_vlan_flush(struct br_port *p);
/* For the state file: put one in, without what follows from that. */
struct br_vlan *br_vlan_insert(struct br_vlans *vg, uint16_t vid, uint8_t flags);
/* br_allowed_ingress(): false: the frame is consumed. p NULL: from the bridge itself. */
bool br_allowed_ingress(struct bridge *br, const struct br_port *p, struct skb *skb, uint16_t *vid);
bool br_allowed_egress(const struct br_vlans *vg, const struct skb *skb, bool of_bridge);
/* br_handle_vlan(): false: the frame is consumed. */
bool br_handle_vlan(struct bridge *br, const struct br_port *p, struct skb *skb);
int br_vlan_set_filtering(struct bridge *br, uint64_t on);
int br_vlan_set_proto(struct bridge *br, uint64_t proto);
int br_vlan_set_default_pvid(struct bridge *br, uint64_t pvid);
int br_vlan_set_stats_per_port(struct bridge *br, uint64_t on);

/* ---- br_notify.c ---- */

/* RTM_NEWLINK or DELLINK of family AF_BRIDGE. */
void br_ifinfo_notify(const struct br_port *p, uint16_t type);
/* fdb_fill_info(), __mdb_fill_info(): as they are shown. */
struct vnet_fdb_info br_fdb_info(const struct bridge *br, const struct br_fdb *f);
struct vnet_mdb_entry br_mdb_info(const struct br_mdb *mp, const struct br_pg *pg);
void br_fdb_notify(const struct bridge *br, const struct br_fdb *f, uint16_t type);
/* pg NULL: of the bridge itself. */
void br_mdb_notify(const struct br_mdb *mp, const struct br_pg *pg, uint16_t type);
/* br_rtr_notify(): the port is, or no longer is, one behind which a multicast router is. */
void br_rtr_notify(const struct br_port *p, uint16_t type);
/* p NULL: of the bridge itself; v: as it is, or only its number if it is gone. */
void br_vlan_notify(const struct bridge *br, const struct br_port *p, uint16_t vid, uint16_t type);

/* ---- br_if.c: events ---- */

/* What happens to a port's device (br_device_event()), in netdev_chain. */
void br_device_event(struct netdev *dev, enum netdev_event event);

/* ---- br_options.c ---- */

void br_options_init(struct bridge *br);
/* br_validate() of what is asked for in ns: -EPROTONOSUPPORT, -EINVAL. */
int br_options_validate(const struct netns *ns, const struct vnet_link_opts *opts);
/* May opt[i] be what it is? */
bool br_option_valid(const struct bridge *br, unsigned i);
int br_changelink(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err);
int br_setport(struct br_port *p, const struct vnet_link_opts *opts, struct vnet_err *err);
void br_fill_info(const struct netdev *dev, struct vnet_link_info *info);
void br_port_fill_info(const struct netdev *dev, struct vnet_link_info *info);

#endif
