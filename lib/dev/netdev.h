/* Devices: the core that every link kind shares (net/core/dev.c, rtnetlink.c, link_watch.c). */
#ifndef VNET_DEV_NETDEV_H
#define VNET_DEV_NETDEV_H

#include "dev/netns.h"
#include "dev/skb.h"
#include "vnet_link.h"

struct netdev;
struct hw_addr;
struct in_device;
struct inet6_dev;
struct br_port;

enum { TSO_MAX_SIZE = 8 * 65535, TSO_MAX_SEGS = 65535 }; /* of a device without limits */

/* One link kind: one file in dev/, one entry in link_kinds[] (dev/kinds.c). */
struct link_kind {
    const char *name; /* "veth"; NULL as IFLA_INFO_KIND for devices that have none (lo, NIC) */
    const char *state_name; /* "loopback", "nic", "veth", "bridge": in the state file */
    bool user_can_add;      /* `ip link add type NAME` */
    bool netns_local;       /* NETIF_F_NETNS_LOCAL: stays in its namespace */
    bool pair;              /* made two at a time: dev/pair.h */
    bool filters_unicast;   /* IFF_UNICAST_FLT: not promiscuous for a further address */
    /* Defaults of a fresh device: type, mtu, flags, qdisc, queues (alloc_netdev's setup). */
    void (*setup)(struct netdev *dev);
    /* Register (netdev_insert()) a device made from a request, with this name; a pair registers
     * both ends here. NULL: just register. */
    int (*newlink)(struct netdev *dev, const char *name, const struct vnet_link_req *req,
                   struct vnet_err *err);
    void (*dellink)(struct netdev *dev); /* with its peer; NULL: just unregister dev */
    int (*open)(struct netdev *dev);     /* ndo_open, ndo_stop: carrier of the device and peer */
    int (*stop)(struct netdev *dev);
    /* ndo_start_xmit(): consumes skb. 0, or -ENOBUFS: dropped, and the sender is told. */
    int (*xmit)(struct netdev *dev, struct skb *skb);
    struct netdev *(*lower)(const struct netdev *dev); /* whose index IFLA_LINK shows; NULL: none */
    /* What a received frame is: sets mac, net, pkt_type and protocol, and takes the header off;
     * false: none of this type. NULL: eth_type_trans(). */
    bool (*type_trans)(struct skb *skb, const struct netdev *dev);
    /* ndo_change_mtu(), of one within the limits; NULL: just set. */
    int (*change_mtu)(struct netdev *dev, uint32_t mtu);
    int (*change_carrier)(struct netdev *dev,
                          bool on); /* ndo_change_carrier(); NULL: -EOPNOTSUPP */
    /* ndo_set_mac_address() of a valid unicast address; NULL: just set. */
    void (*set_address)(struct netdev *dev, const struct lladdr *addr);
    /* rtnl_link_ops.validate(): refuse a request in ns that names the kind, before what there is
     * is looked for. NULL: takes anything. */
    int (*validate)(const struct netns *ns, const struct vnet_link_req *req, struct vnet_err *err);
    /* ndo_change_rx_flags(): promiscuous, or all multicasts, from now on (by 1) or no longer (-1).
     */
    void (*change_rx_flags)(struct netdev *dev, uint32_t flag, int by);
    void (*set_rx_mode)(struct netdev *dev); /* ndo_set_rx_mode(), of what lies on another */
    /* rtnl_link_ops.changelink(): options of the kind. NULL: -EOPNOTSUPP. */
    int (*changelink)(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err);
    /* Of a master: ports come and go, and have options. NULL: it has none. */
    int (*add_slave)(struct netdev *master, struct netdev *dev, struct vnet_err *err);
    int (*del_slave)(struct netdev *master, struct netdev *dev);
    int (*slave_changelink)(struct netdev *dev, const struct vnet_link_opts *opts,
                            struct vnet_err *err);
    void (*fill_slave_info)(const struct netdev *dev, struct vnet_link_info *info);
    uint32_t (*num_queues)(const struct netns *ns); /* default for both directions; NULL: 1 */
    void (*fill_info)(const struct netdev *dev, struct vnet_link_info *info); /* of its own */
    void (*uninit)(struct netdev *dev);                                       /* free kind data */
};

enum net_addr_assign { NET_ADDR_PERM, NET_ADDR_RANDOM, NET_ADDR_STOLEN, NET_ADDR_SET };

struct netdev {
    struct netns *ns;
    const struct link_kind *kind;
    int ifindex;
    char name[VNET_IFNAMSIZ];
    struct htab_link name_link; /* in netns.by_name */
    uint32_t flags;          /* IFF_* as set; RUNNING and LOWER_UP are computed by netdev_flags() */
    uint16_t type;           /* ARPHRD_* */
    uint8_t hard_header_len; /* 14 for ethernet and loopback, else 0 */
    uint32_t mtu, min_mtu, max_mtu;
    uint32_t group, txqlen;
    char qdisc[VNET_IFNAMSIZ];         /* the root qdisc while down is "noop" */
    char default_qdisc[VNET_IFNAMSIZ]; /* attached at the first `up`: "noqueue", "mq", "fq_codel" */
    bool initializing;                 /* being made: listeners have not been told of it */
    bool no_carrier;                   /* __LINK_STATE_NOCARRIER */
    bool unplugged;                    /* a NIC: its cable is */
    bool dormant, testing;
    uint8_t operstate, linkmode;
    uint32_t carrier_up_count, carrier_down_count;
    struct lladdr addr, brd;
    uint8_t addr_assign_type; /* enum net_addr_assign */
    char *alias;              /* owned, NULL: none */
    char **altnames;          /* owned, NULL-terminated, NULL: none */
    struct hw_addr_list {
        struct hw_addr *v; /* owned */
        uint32_t n, cap;
    } uc, mc;                       /* what it receives besides addr: dev/addr_lists.h */
    uint32_t promiscuity, allmulti; /* but for captures: */
    uint32_t captures;              /* promiscuous ones that are open now; not saved */
    uint32_t num_tx_queues, num_rx_queues;
    uint32_t real_num_tx_queues, real_num_rx_queues; /* of these, in use */
    uint32_t gso_max_size, gso_max_segs, tso_max_size, tso_max_segs, gro_max_size;
    struct netdev *master;
    struct br_port *br_port; /* as a bridge's port (bridge/br.h); NULL: none */
    struct netdev *vlans;    /* VLANs on it (dev/vlan.h): the last made; NULL: none */
    bool uc_promisc;         /* it is promiscuous for the addresses of uc: set while it is up */
    bool unregistering;      /* it goes for good, not to another namespace */
    void *priv;              /* of the kind; owned by it (freed in uninit) */
    struct vnet_link_stats stats;
    struct in_device *in_dev;          /* IPv4: inet/devinet.h; NULL: none */
    struct inet6_dev *in6_dev;         /* IPv6: inet/addrconf.h; NULL: none */
    int64_t hop_ns_min, hop_ns_spread; /* time a frame takes to arrive here */
    int64_t hop_last;                  /* when the last frame sent here arrives */
    uint32_t flags_changed;            /* IFF_*: what a NETDEV_CHANGE is about, while it is told */
    bool qdisc_waits;      /* carrier came, not reported yet: nothing is sent (noop_qdisc) */
    struct list linkwatch; /* in vnet.linkwatch while a carrier change is to be reported */
};

struct netdev *netdev_by_index(const struct netns *ns, int ifindex);     /* NULL: none */
struct netdev *netdev_by_name(const struct netns *ns, const char *name); /* altnames too */

/* dev_get_flags(): with RUNNING, LOWER_UP, DORMANT, PROMISC/ALLMULTI as the kernel reports them. */
uint32_t netdev_flags(const struct netdev *dev);
static inline bool netif_running(const struct netdev *dev)
{
    return dev->flags & VNET_IFF_UP;
}
static inline bool netif_carrier_ok(const struct netdev *dev)
{
    return !dev->no_carrier;
}
static inline bool netif_is_loopback(const struct netdev *dev)
{
    return dev->flags & VNET_IFF_LOOPBACK;
}
static inline struct vnet *dev_world(const struct netdev *dev)
{
    return dev->ns->w;
}

/* dev_set_promiscuity(), dev_set_allmulti(): one more who wants it so (by 1), or one less (-1). */
void netdev_set_promiscuity(struct netdev *dev, int by);
/* In the kernel's log: it entered or left "promiscuous" or "allmulticast" mode. */
void netdev_say_mode(const struct netdev *dev, const char *mode, bool entered);
void netdev_set_allmulti(struct netdev *dev, int by);
/* __dev_set_rx_mode(): after a change of what a device that is up listens to: one with further
 * unicast addresses is promiscuous, and some kinds pass the change on. */
void dev_set_rx_mode(struct netdev *dev);
/* How many want it promiscuous, captures too. */
uint32_t netdev_promiscuity(const struct netdev *dev);

/* Subjects hear of a carrier change (NETDEV_CHANGE) when the request that caused it is done, as by
 * the kernel's linkwatch, only that this one never takes up to a second. */
void netif_carrier_on(struct netdev *dev);
void netif_carrier_off(struct netdev *dev);

/* Make and register a device of a kind. name may hold "%d". ifindex 0: next. NULL and *error on
 * failure. */
struct netdev *netdev_register(struct netns *ns, const struct link_kind *kind, const char *name,
                               int ifindex, const struct vnet_link_req *req, int *error,
                               struct vnet_err *err);
void netdev_unregister(struct netdev *dev); /* NETDEV_UNREGISTER to all subjects, then freed */
int netdev_open(struct netdev *dev, struct vnet_err *err);
void netdev_close(struct netdev *dev);
/* dev_change_flags(): IFF_UP, PROMISC, ALLMULTI, ... */
int netdev_change_flags(struct netdev *dev, uint32_t flags, struct vnet_err *err);

/* Notifier chain (netdevice notifiers): subjects listen by a table in dev/notify.c. */
enum netdev_event {
    NETDEV_REGISTER,
    NETDEV_UNREGISTER,
    NETDEV_UP,
    NETDEV_GOING_DOWN,
    NETDEV_DOWN,
    NETDEV_CHANGE, /* carrier, flags, operstate */
    NETDEV_CHANGEMTU,
    NETDEV_CHANGEADDR,
    NETDEV_CHANGENAME,
    NETDEV_CHANGEUPPER,
};
void netdev_notify(struct netdev *dev, enum netdev_event event);
/* rtnl_fill_ifinfo(): what vnet_link_get() answers. */
void link_fill_info(const struct netdev *dev, struct vnet_link_info *info);

/* ---- frames ---- */

/* dev_queue_xmit(): skb holds the whole frame (skb->mac set at its first byte). Records it as
 * OUTGOING and hands it to the kind, which counts it. A device that is down or without carrier
 * drops it unrecorded, and the caller is told nothing (0): noop_enqueue() answers NET_XMIT_CN,
 * which is no error. -ENOBUFS: the peer of a veth could not take it. Consumes. */
int dev_queue_xmit(struct netdev *dev, struct skb *skb);
/* Push an Ethernet header (also used by loopback) from dev's own address or `src` if not NULL. A
 * device without header (hard_header_len 0) only has the protocol noted. */
void eth_header(struct netdev *dev, struct skb *skb, uint16_t ethertype, const uint8_t *dst,
                const uint8_t *src);
/* After the link's own time, the frame arrives at `to` (netif_receive_skb). Consumes. */
void dev_hop_schedule(struct netdev *to, struct skb *skb);
/* The same, not before `after`: netif_rx()'s queue is one for all devices. */
void dev_hop_schedule_after(struct netdev *to, struct skb *skb, int64_t after);
/* __netif_receive_skb_core(): type_trans, recorder, counters, then the protocol by ethertype.
 * Consumes. */
void netif_receive_skb(struct netdev *dev, struct skb *skb);

/* The same of a frame that has been through type_trans: what a bridge or a VLAN passes on. */
void netif_receive_skb_core(struct netdev *dev, struct skb *skb);

/* is_skb_forwardable(): is the device up, and the frame no longer than its MTU and a tag? */
static inline bool is_skb_forwardable(const struct netdev *dev, const struct skb *skb)
{
    enum { TAG_LEN = 4 };
    return netif_running(dev) && skb->len <= dev->mtu + dev->hard_header_len + TAG_LEN;
}

/* A frame for another host's address that the network layer dropped (rx_otherhost_dropped). */
void netdev_count_otherhost(struct netdev *dev);

/* Protocol handlers, by ethertype (dev/ptype.c's table): arp_rcv, ip_rcv, ipv6_rcv. Each consumes.
 */
struct packet_type {
    uint16_t ethertype;
    void (*rcv)(struct skb *skb, struct netdev *dev);
};
extern const struct packet_type packet_types[];

extern const struct link_kind *const link_kinds[];        /* NULL-terminated */
const struct link_kind *link_kind_find(const char *name); /* by user name */
const struct link_kind *link_kind_by_state_name(const char *name);

#define netdev_each(ns, dev, i)                \
    for (uint32_t i = 0; i < (ns)->ndevs; i++) \
        for (struct netdev *dev = (ns)->devs[i], *dev##_once = dev; dev##_once; dev##_once = NULL)

#endif
