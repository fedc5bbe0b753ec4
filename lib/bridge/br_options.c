/* Options of bridges and ports: what is set, what is told (net/bridge/br_netlink.c). */
#include <errno.h>

#include "base/mem.h"
#include "bridge/br_bpdu.h"
#include "dev/vlan.h"
#include "vnet_link.h"

enum { CLOCK_T = 100, KERNEL_FILL_INFO = 0x031200, GROUPFWD_RESTRICTED = 0x7 };

#define GROUP_ADDR UINT64_C(0x0180c2000000)

static uint64_t to_jiffies(const struct bridge *br, uint64_t clock)
{
    return clock * dev_world(br->dev)->profile->kernel.hz / CLOCK_T;
}

static uint64_t to_clock(const struct bridge *br, uint64_t jiffies)
{
    return jiffies * CLOCK_T / dev_world(br->dev)->profile->kernel.hz;
}

/* ---- one function an option that more follows from ---- */

static int set_forward_delay(struct bridge *br, uint64_t t)
{
    uint64_t hz = dev_world(br->dev)->profile->kernel.hz;
    if (br->opt[VNET_BR_STP_STATE] != BR_NO_STP && (t < 2 * hz || t > 30 * hz))
        return -ERANGE;
    br->opt[VNET_BR_FORWARD_DELAY] = t;
    if (br_is_root_bridge(br))
        br->forward_delay = t;
    return 0;
}

static int set_hello_time(struct bridge *br, uint64_t t)
{
    br->opt[VNET_BR_HELLO_TIME] = t;
    if (br_is_root_bridge(br))
        br->hello_time = t;
    return 0;
}

static int set_max_age(struct bridge *br, uint64_t t)
{
    br->opt[VNET_BR_MAX_AGE] = t;
    if (br_is_root_bridge(br))
        br->max_age = t;
    return 0;
}

/* br_set_ageing_time(): what is too old is looked for at once. */
static int set_ageing_time(struct bridge *br, uint64_t t)
{
    struct vnet *w = dev_world(br->dev);
    br->opt[VNET_BR_AGEING_TIME] = br->ageing_time = t;
    timer_set(w, &br->gc.timer, w->now); /* the work queue comes to it when this call is over */
    return 0;
}

static int set_priority(struct bridge *br, uint64_t priority)
{
    br->opt[VNET_BR_PRIORITY] = priority;
    br_stp_set_bridge_priority(br, (uint16_t)priority);
    return 0;
}

static int set_group_fwd_mask(struct bridge *br, uint64_t mask)
{
    if (mask & GROUPFWD_RESTRICTED)
        return -EINVAL;
    br->opt[VNET_BR_GROUP_FWD_MASK] = mask;
    return 0;
}

static int set_group_addr(struct bridge *br, uint64_t addr)
{
    unsigned last = addr & 0xff;
    if ((addr ^ GROUP_ADDR) >> 4 || (last >= 1 && last <= 3))
        return -EINVAL;
    br->opt[VNET_BR_GROUP_ADDR] = addr;
    br->group_addr_set = true;
    return 0;
}

static int flush(struct bridge *br, uint64_t value)
{
    (void)value;
    br_fdb_flush(br);
    return 0;
}

/* Kept at the kernel's word of it: a table of that kind is not there any more. */
static int ignore(struct bridge *br, uint64_t value)
{
    (void)br;
    (void)value;
    return 0;
}

/* ---- the bridge's table ---- */

enum unit { NUMBER, FLAG, TIME };

static const struct row {
    int (*set)(struct bridge *br, uint64_t value); /* NULL: it is just kept */
    uint64_t initial;                              /* seconds where a time */
    uint64_t min, max;                             /* max 0: any; seconds where a time */
    int error;                                     /* out of these */
    enum unit unit;
    bool vlans;   /* only where the kernel has VLAN filtering */
    bool bounded; /* since 5.16: no less than a second, no more than a day */
} rows[VNET_BR_MCAST_VLAN_SNOOPING + 1] = {
    [VNET_BR_FORWARD_DELAY] = {.set = set_forward_delay, .initial = 15, .unit = TIME},
    [VNET_BR_HELLO_TIME] =
        {.set = set_hello_time, .initial = 2, .min = 1, .max = 10, .error = ERANGE, .unit = TIME},
    [VNET_BR_MAX_AGE] =
        {.set = set_max_age, .initial = 20, .min = 6, .max = 40, .error = ERANGE, .unit = TIME},
    [VNET_BR_AGEING_TIME] = {.set = set_ageing_time, .initial = 300, .unit = TIME},
    [VNET_BR_STP_STATE] = {.set = br_stp_set_enabled},
    [VNET_BR_PRIORITY] = {.set = set_priority, .initial = 0x8000},
    [VNET_BR_VLAN_FILTERING] = {.set = br_vlan_set_filtering},
    [VNET_BR_VLAN_PROTOCOL] = {.set = br_vlan_set_proto, .initial = BR_8021Q, .vlans = true},
    [VNET_BR_VLAN_DEFAULT_PVID] = {.set = br_vlan_set_default_pvid, .initial = 1, .vlans = true},
    [VNET_BR_VLAN_STATS_ENABLED] = {.max = 1, .error = EINVAL, .vlans = true},
    [VNET_BR_VLAN_STATS_PER_PORT] = {.set = br_vlan_set_stats_per_port, .vlans = true},
    [VNET_BR_GROUP_FWD_MASK] = {.set = set_group_fwd_mask},
    [VNET_BR_GROUP_ADDR] = {.set = set_group_addr, .initial = GROUP_ADDR},
    [VNET_BR_FDB_FLUSH] = {.set = flush},
    [VNET_BR_MCAST_ROUTER] = {.set = br_multicast_set_router,
                              .initial = 1,
                              .max = 2,
                              .error = EINVAL},
    [VNET_BR_MCAST_SNOOPING] = {.set = br_multicast_toggle, .initial = 1, .unit = FLAG},
    [VNET_BR_MCAST_QUERY_USE_IFADDR] = {.unit = FLAG},
    [VNET_BR_MCAST_QUERIER] = {.set = br_multicast_set_querier, .unit = FLAG},
    [VNET_BR_MCAST_HASH_ELASTICITY] = {.set = ignore, .initial = 16},
    [VNET_BR_MCAST_HASH_MAX] = {.initial = 4096},
    [VNET_BR_MCAST_LAST_MEMBER_CNT] = {.initial = 2},
    [VNET_BR_MCAST_STARTUP_QUERY_CNT] = {.initial = 2},
    [VNET_BR_MCAST_LAST_MEMBER_INTVL] = {.initial = 1, .unit = TIME},
    [VNET_BR_MCAST_MEMBERSHIP_INTVL] = {.initial = 260, .unit = TIME},
    [VNET_BR_MCAST_QUERIER_INTVL] = {.initial = 255, .unit = TIME},
    [VNET_BR_MCAST_QUERY_INTVL] = {.initial = 125, .unit = TIME, .bounded = true},
    [VNET_BR_MCAST_QUERY_RESPONSE_INTVL] = {.initial = 10, .unit = TIME},
    [VNET_BR_MCAST_STARTUP_QUERY_INTVL] = {.unit = TIME, .bounded = true},
    [VNET_BR_MCAST_STATS_ENABLED] = {.unit = FLAG},
    [VNET_BR_MCAST_IGMP_VERSION] = {.initial = 2, .min = 2, .max = 3, .error = EINVAL},
    [VNET_BR_MCAST_MLD_VERSION] = {.initial = 1, .min = 1, .max = 2, .error = EINVAL},
    [VNET_BR_NF_CALL_IPTABLES] = {.unit = FLAG},
    [VNET_BR_NF_CALL_IP6TABLES] = {.unit = FLAG},
    [VNET_BR_NF_CALL_ARPTABLES] = {.unit = FLAG},
    [VNET_BR_NO_LL_LEARN] = {.unit = FLAG},
    [VNET_BR_MCAST_VLAN_SNOOPING] = {.unit = FLAG},
};

void br_options_init(struct bridge *br)
{
    uint64_t hz = dev_world(br->dev)->profile->kernel.hz;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        br->opt[i] = rows[i].unit == TIME ? rows[i].initial * hz : rows[i].initial;
    /* br_multicast_ctx_init(): a quarter of the query interval */
    br->opt[VNET_BR_MCAST_STARTUP_QUERY_INTVL] = 125 * hz / 4;
    br->max_age = br->opt[VNET_BR_MAX_AGE];
    br->hello_time = br->opt[VNET_BR_HELLO_TIME];
    br->forward_delay = br->opt[VNET_BR_FORWARD_DELAY];
    br->ageing_time = br->opt[VNET_BR_AGEING_TIME];
    br->id = br->designated_root = br->opt[VNET_BR_PRIORITY] << 48;
}

bool vnet_bridge_opt_emulated(enum vnet_bridge_opt opt, uint64_t value)
{
    return !value || opt != VNET_BR_MCAST_VLAN_SNOOPING;
}

bool vnet_brport_opt_emulated(enum vnet_brport_opt opt, uint64_t value)
{
    static const uint64_t without = BR_FLAG(PROXY_ARP) | BR_FLAG(PROXY_ARP_WIFI) |
                                    BR_FLAG(VLAN_TUNNEL) | BR_FLAG(NEIGH_SUPPRESS) |
                                    BR_FLAG(MCAST_TO_UNICAST) | BR_FLAG(BACKUP_PORT);
    return !value || !(without & UINT64_C(1) << opt);
}

/* br_multicast_set_query_intvl(), br_multicast_set_startup_query_intvl() */
static uint64_t bounded(const struct bridge *br, uint64_t jiffies)
{
    enum { KERNEL_BOUNDS = 0x051000, A_DAY = 24 * 60 * 60 };
    const struct kernel_facts *k = &dev_world(br->dev)->profile->kernel;
    uint64_t most = A_DAY * (uint64_t)k->hz;
    if (k->version < KERNEL_BOUNDS)
        return jiffies;
    return jiffies < (uint64_t)k->hz ? (uint64_t)k->hz : jiffies > most ? most : jiffies;
}

int br_options_validate(const struct netns *ns, const struct vnet_link_opts *opts)
{
    const uint64_t proto = opts->v[VNET_BR_VLAN_PROTOCOL];
    if (!ns->w->profile->kernel.bridge_vlans)
        return 0;
    if (opts->given & UINT64_C(1) << VNET_BR_VLAN_PROTOCOL && proto != BR_8021Q &&
        proto != BR_8021AD)
        return -EPROTONOSUPPORT;
    bool pvid = opts->given & UINT64_C(1) << VNET_BR_VLAN_DEFAULT_PVID;
    return pvid && opts->v[VNET_BR_VLAN_DEFAULT_PVID] >= VLAN_VID_MASK ? -EINVAL : 0;
}

static int set_option(struct bridge *br, size_t i, uint64_t value)
{
    const struct row *r = &rows[i];
    uint64_t unit = r->unit == TIME ? dev_world(br->dev)->profile->kernel.hz : 1;
    if (r->vlans && !br_vlans_known(br))
        return 0;
    value = r->unit == TIME ? to_jiffies(br, value) : r->unit == FLAG ? value != 0 : value;
    if (r->max && (value < r->min * unit || value > r->max * unit))
        return -r->error;
    if (r->set)
        return r->set(br, value);
    br->opt[i] = r->bounded ? bounded(br, value) : value;
    return 0;
}

bool br_option_valid(const struct bridge *br, unsigned i)
{
    enum { LONGEST_BITS = 44 };
    const struct row *r = &rows[i];
    uint64_t v = br->opt[i], hz = dev_world(br->dev)->profile->kernel.hz;
    uint64_t unit = r->unit == TIME ? hz : 1;
    switch (i) {
    case VNET_BR_PRIORITY:
    case VNET_BR_GROUP_FWD_MASK:
        return v <= UINT16_MAX;
    case VNET_BR_STP_STATE:
    case VNET_BR_VLAN_FILTERING:
    case VNET_BR_VLAN_STATS_PER_PORT:
        return v <= 1;
    case VNET_BR_VLAN_PROTOCOL:
        return v == BR_8021Q || v == BR_8021AD;
    case VNET_BR_VLAN_DEFAULT_PVID:
        return v < VLAN_VID_MASK;
    case VNET_BR_GROUP_ADDR:
        return (v ^ GROUP_ADDR) >> 4 == 0;
    default:
        return r->max ? v >= r->min * unit && v <= r->max * unit
                      : v >> LONGEST_BITS == 0 && vnet_bridge_opt_emulated(i, v);
    }
}

static int not_emulated(struct vnet_err *err)
{
    return vnet_err(err, EOPNOTSUPP, "vnet does not emulate this option");
}

int br_changelink(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    const struct vnet_link_opts *opts = req->opts;
    int rc = 0;
    for (size_t i = 0; opts && rc == 0 && i < ARRAY_LEN(rows); i++) {
        if (!(opts->given & UINT64_C(1) << i))
            continue;
        rc = vnet_bridge_opt_emulated((enum vnet_bridge_opt)i, opts->v[i])
                 ? set_option(br_of(dev), i, opts->v[i])
                 : not_emulated(err);
    }
    vnet_touch(dev_world(dev));
    return rc;
}

/* ---- what a bridge tells ---- */

/* br_timer_value(), in clock_t */
static uint64_t timer_left(const struct bridge *br, const struct br_timer *t)
{
    int64_t left = t->due - dev_world(br->dev)->now;
    return timer_pending(&t->timer) && left > 0 ? (uint64_t)left / (NSEC_PER_SEC / CLOCK_T) : 0;
}

static void tell(struct vnet_link_opts *o, unsigned i, uint64_t value)
{
    o->given |= UINT64_C(1) << i;
    o->v[i] = value;
}

static void tell_settings(const struct bridge *br, struct vnet_link_opts *o)
{
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
        if ((!rows[i].vlans || br_vlans_known(br)) && i != VNET_BR_FDB_FLUSH)
            tell(o, i, rows[i].unit == TIME ? to_clock(br, br->opt[i]) : br->opt[i]);
    tell(o, VNET_BR_FORWARD_DELAY, to_clock(br, br->forward_delay));
    tell(o, VNET_BR_HELLO_TIME, to_clock(br, br->hello_time));
    tell(o, VNET_BR_MAX_AGE, to_clock(br, br->max_age));
    tell(o, VNET_BR_AGEING_TIME, to_clock(br, br->ageing_time));
}

static void tell_all(const struct bridge *br, struct vnet_link_opts *o)
{
    tell_settings(br, o);
    tell(o, VNET_BR_BRIDGE_ID, br->id);
    tell(o, VNET_BR_ROOT_ID, br->designated_root);
    tell(o, VNET_BR_ROOT_PORT, br->root_port);
    tell(o, VNET_BR_ROOT_PATH_COST, br->root_path_cost);
    tell(o, VNET_BR_TOPOLOGY_CHANGE, br->topology_change);
    tell(o, VNET_BR_TOPOLOGY_CHANGE_DETECTED, br->topology_change_detected);
    tell(o, VNET_BR_HELLO_TIMER, timer_left(br, &br->hello_timer));
    tell(o, VNET_BR_TCN_TIMER, timer_left(br, &br->tcn_timer));
    tell(o, VNET_BR_TOPOLOGY_CHANGE_TIMER, timer_left(br, &br->topology_change_timer));
    tell(o, VNET_BR_GC_TIMER, timer_left(br, &br->gc));
}

/* br_fill_info() */
void br_fill_info(const struct netdev *dev, struct vnet_link_info *info)
{
    info->is_bridge = true;
    if (dev_world(dev)->profile->kernel.version >= KERNEL_FILL_INFO)
        tell_all(br_of(dev), &info->opts);
}

/* br_port_fill_attrs() */
static void tell_port(const struct br_port *p, struct vnet_link_opts *o)
{
    for (unsigned i = VNET_BRPORT_HAIRPIN; i <= VNET_BRPORT_LOCKED; i++)
        tell(o, i, p->flags >> i & 1);
    tell(o, VNET_BRPORT_COST, p->path_cost);
    tell(o, VNET_BRPORT_PRIORITY, p->priority);
    tell(o, VNET_BRPORT_STATE, p->state);
    tell(o, VNET_BRPORT_MCAST_ROUTER, p->multicast_router);
    tell(o, VNET_BRPORT_GROUP_FWD_MASK, p->group_fwd_mask);
    tell(o, VNET_BRPORT_ID, p->port_id);
    tell(o, VNET_BRPORT_NO, p->port_no);
    tell(o, VNET_BRPORT_DESIGNATED_PORT, p->designated_port);
    tell(o, VNET_BRPORT_DESIGNATED_COST, p->designated_cost);
    tell(o, VNET_BRPORT_BRIDGE_ID, p->designated_bridge);
    tell(o, VNET_BRPORT_ROOT_ID, p->designated_root);
    tell(o, VNET_BRPORT_HOLD_TIMER, timer_left(p->br, &p->hold_timer));
    tell(o, VNET_BRPORT_MESSAGE_AGE_TIMER, timer_left(p->br, &p->message_age_timer));
    tell(o, VNET_BRPORT_FORWARD_DELAY_TIMER, timer_left(p->br, &p->forward_delay_timer));
    tell(o, VNET_BRPORT_TOPOLOGY_CHANGE_ACK, p->topology_change_ack);
    tell(o, VNET_BRPORT_CONFIG_PENDING, p->config_pending);
}

void br_port_fill_info(const struct netdev *dev, struct vnet_link_info *info)
{
    if (dev->br_port && dev_world(dev)->profile->kernel.version >= KERNEL_FILL_INFO)
        tell_port(dev->br_port, &info->slave_opts);
}

bool vnet_bridge_get(const struct netns *ns, int ifindex, struct vnet_link_opts *opts)
{
    const struct netdev *dev = netdev_by_index(ns, ifindex);
    if (!dev || !is_bridge(dev))
        return false;
    const struct bridge *br = br_of(dev);
    *opts = (struct vnet_link_opts){0};
    tell_all(br, opts);
    tell(opts, VNET_BR_MAX_AGE_SET, to_clock(br, br->opt[VNET_BR_MAX_AGE]));
    tell(opts, VNET_BR_HELLO_TIME_SET, to_clock(br, br->opt[VNET_BR_HELLO_TIME]));
    tell(opts, VNET_BR_FORWARD_DELAY_SET, to_clock(br, br->opt[VNET_BR_FORWARD_DELAY]));
    return true;
}

bool vnet_brport_get(const struct netns *ns, int ifindex, struct vnet_link_opts *opts)
{
    const struct netdev *dev = netdev_by_index(ns, ifindex);
    if (!dev || !dev->br_port)
        return false;
    *opts = (struct vnet_link_opts){0};
    tell_port(dev->br_port, opts);
    return true;
}

/* ---- ports ---- */

/* br_stp_set_path_cost() */
static int set_cost(struct br_port *p, uint64_t cost)
{
    if (cost < 1 || cost > 65535)
        return -ERANGE;
    p->admin_cost = true;
    p->path_cost = (uint32_t)cost;
    br_configuration_update(p->br);
    br_port_state_selection(p->br);
    return 0;
}

/* br_stp_set_port_priority() */
static int set_port_priority(struct br_port *p, uint64_t priority)
{
    if (priority > 63)
        return -ERANGE;
    uint16_t id = (uint16_t)(priority << BR_PORT_BITS | p->port_no);
    if (br_is_designated_port(p))
        p->designated_port = id;
    p->port_id = id;
    p->priority = (uint8_t)priority;
    if (p->br->id == p->designated_bridge && id < p->designated_port) {
        br_become_designated_port(p);
        br_port_state_selection(p->br);
    }
    return 0;
}

/* br_set_port_state() */
static int set_port_state(struct br_port *p, uint64_t state)
{
    if (state > VNET_BR_STATE_BLOCKING)
        return -EINVAL;
    if (p->br->opt[VNET_BR_STP_STATE] == BR_KERNEL_STP)
        return -EBUSY;
    if (!netif_running(p->dev) || (!netif_oper_up(p->dev) && state != VNET_BR_STATE_DISABLED))
        return -ENETDOWN;
    br_set_state(p, (uint8_t)state);
    br_port_state_selection(p->br);
    return 0;
}

static int flush_port(struct br_port *p, uint64_t value)
{
    (void)value;
    br_fdb_delete_by_port(p->br, p, 0, false);
    return 0;
}

static int set_port_group_fwd_mask(struct br_port *p, uint64_t mask)
{
    if (mask & 2) /* BR_GROUPFWD_MACPAUSE */
        return -EINVAL;
    p->group_fwd_mask = (uint16_t)mask;
    return 0;
}

static int set_port_option(struct br_port *p, unsigned i, uint64_t value)
{
    static int (*const setters[])(struct br_port *, uint64_t) = {
        [VNET_BRPORT_COST] = set_cost,
        [VNET_BRPORT_PRIORITY] = set_port_priority,
        [VNET_BRPORT_STATE] = set_port_state,
        [VNET_BRPORT_FLUSH] = flush_port,
        [VNET_BRPORT_MCAST_ROUTER] = br_multicast_set_port_router,
        [VNET_BRPORT_GROUP_FWD_MASK] = set_port_group_fwd_mask,
    };
    if (i < ARRAY_LEN(setters) && setters[i])
        return setters[i](p, value);
    if (i <= VNET_BRPORT_LOCKED)
        p->flags = value ? p->flags | 1u << i : p->flags & ~(1u << i);
    return 0;
}

int br_setport(struct br_port *p, const struct vnet_link_opts *opts, struct vnet_err *err)
{
    int rc = 0;
    for (unsigned i = 0; opts && rc == 0 && i <= VNET_BRPORT_BACKUP_PORT; i++) {
        if (!(opts->given & UINT64_C(1) << i))
            continue;
        rc = vnet_brport_opt_emulated((enum vnet_brport_opt)i, opts->v[i])
                 ? set_port_option(p, i, opts->v[i])
                 : not_emulated(err);
    }
    vnet_touch(dev_world(p->dev));
    return rc;
}
