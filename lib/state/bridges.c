/* Bridges in the state file: "bridges" of a namespace, each with its ports, VLANs and forwarding
 * table. Times of options are in jiffies. */
#include <string.h>

#include "base/mem.h"
#include "base/put.h"
#include "state/bridge_mcast.h"
#include "state/bridge_records.h"

/* Keys of options: as `ip -j -d link` has them. */
static const char *const option_keys[VNET_BR_MCAST_VLAN_SNOOPING + 1] = {
    [VNET_BR_FORWARD_DELAY] = "forward_delay",
    [VNET_BR_HELLO_TIME] = "hello_time",
    [VNET_BR_MAX_AGE] = "max_age",
    [VNET_BR_AGEING_TIME] = "ageing_time",
    [VNET_BR_STP_STATE] = "stp_state",
    [VNET_BR_PRIORITY] = "priority",
    [VNET_BR_VLAN_FILTERING] = "vlan_filtering",
    [VNET_BR_VLAN_PROTOCOL] = "vlan_protocol",
    [VNET_BR_VLAN_DEFAULT_PVID] = "vlan_default_pvid",
    [VNET_BR_VLAN_STATS_ENABLED] = "vlan_stats_enabled",
    [VNET_BR_VLAN_STATS_PER_PORT] = "vlan_stats_per_port",
    [VNET_BR_GROUP_FWD_MASK] = "group_fwd_mask",
    [VNET_BR_GROUP_ADDR] = "group_addr",
    [VNET_BR_MCAST_ROUTER] = "mcast_router",
    [VNET_BR_MCAST_SNOOPING] = "mcast_snooping",
    [VNET_BR_MCAST_QUERY_USE_IFADDR] = "mcast_query_use_ifaddr",
    [VNET_BR_MCAST_QUERIER] = "mcast_querier",
    [VNET_BR_MCAST_HASH_MAX] = "mcast_hash_max",
    [VNET_BR_MCAST_LAST_MEMBER_CNT] = "mcast_last_member_cnt",
    [VNET_BR_MCAST_STARTUP_QUERY_CNT] = "mcast_startup_query_cnt",
    [VNET_BR_MCAST_LAST_MEMBER_INTVL] = "mcast_last_member_intvl",
    [VNET_BR_MCAST_MEMBERSHIP_INTVL] = "mcast_membership_intvl",
    [VNET_BR_MCAST_QUERIER_INTVL] = "mcast_querier_intvl",
    [VNET_BR_MCAST_QUERY_INTVL] = "mcast_query_intvl",
    [VNET_BR_MCAST_QUERY_RESPONSE_INTVL] = "mcast_query_response_intvl",
    [VNET_BR_MCAST_STARTUP_QUERY_INTVL] = "mcast_startup_query_intvl",
    [VNET_BR_MCAST_STATS_ENABLED] = "mcast_stats_enabled",
    [VNET_BR_MCAST_IGMP_VERSION] = "mcast_igmp_version",
    [VNET_BR_MCAST_MLD_VERSION] = "mcast_mld_version",
    [VNET_BR_NF_CALL_IPTABLES] = "nf_call_iptables",
    [VNET_BR_NF_CALL_IP6TABLES] = "nf_call_ip6tables",
    [VNET_BR_NF_CALL_ARPTABLES] = "nf_call_arptables",
    [VNET_BR_NO_LL_LEARN] = "no_linklocal_learn",
};

static const struct state_field bridge_fields[] = {
    FIELD(bridge, mtu_set_by_user, "mtu_set_by_user", FIELD_BOOL),
    FIELD(bridge, had_ports, "had_ports", FIELD_BOOL),
    FIELD(bridge, group_addr_set, "group_addr_set", FIELD_BOOL),
    FIELD(bridge, id, "id", FIELD_U64),
    FIELD(bridge, designated_root, "root_id", FIELD_U64),
    FIELD(bridge, root_port, "root_port", FIELD_U16, .max = BR_MAX_PORTS - 1),
    FIELD(bridge, root_path_cost, "root_path_cost", FIELD_U32),
    FIELD(bridge, max_age, "max_age_now", FIELD_U64),
    FIELD(bridge, hello_time, "hello_time_now", FIELD_U64),
    FIELD(bridge, forward_delay, "forward_delay_now", FIELD_U64),
    FIELD(bridge, ageing_time, "ageing_time_now", FIELD_U64),
    FIELD(bridge, topology_change, "topology_change", FIELD_BOOL),
    FIELD(bridge, topology_change_detected, "topology_change_detected", FIELD_BOOL),
    FIELD(bridge, mcast.no_ipv6_addr, "no_ipv6_addr", FIELD_BOOL),
    {.key = NULL},
};

static const struct state_field fdb_fields[] = {
    FIELD(fdb_record, vlan, "vlan", FIELD_U16, .max = 4094),
    FIELD(fdb_record, flags, "flags", FIELD_U8, .max = FDB_FLAGS),
    FIELD(fdb_record, updated, "updated", FIELD_I64, .min = 0, .max = STATE_TIME_MAX),
    FIELD(fdb_record, used, "used", FIELD_I64, .min = 0, .max = STATE_TIME_MAX),
    {.key = NULL},
};

void state_put_br_timer(struct json_out *o, const char *key, const char *due,
                        const struct br_timer *t)
{
    if (!timer_pending(&t->timer))
        return;
    state_put_timer(o, key, &t->timer);
    if (t->due != t->timer.expires)
        json_put_int(o, due, t->due);
}

int state_get_br_timer(struct state_loader *l, const json_t *obj, const struct state_path *at,
                       const char *key, const char *due, struct br_timer *t)
{
    int rc = state_get_timer(l, obj, at, key, &t->timer);
    t->due = t->timer.expires;
    if (rc < 0 || !timer_pending(&t->timer))
        return rc;
    return state_get_int(l, obj, at, due, 0, STATE_TIMER_MAX, &t->due);
}

/* ---- save ---- */

static void save_vlans(const struct br_vlans *vg, struct json_out *o)
{
    if (!vg->n)
        return;
    char *p = PUT(json_put_members(o, (vg->n + 1) * 2 * PUT_INT_ROOM), ",\"vlans\":");
    for (uint32_t i = 0; i < vg->n; i++) {
        p = put_uint(i ? PUT(p, ",[") : PUT(p, "[["), vg->v[i].vid);
        p = PUT(put_uint(PUT(p, ","), vg->v[i].flags), "]");
    }
    json_put_text_end(o, PUT(p, "]"));
}

/* Most ports are designated: what follows from that is left out, that is 0, and back again. */
static uint16_t own_id(const struct br_port *p)
{
    return (uint16_t)(p->priority << BR_PORT_BITS | p->port_no);
}

static struct br_port without_usual(const struct br_port *p)
{
    struct br_port bare = *p;
    if (p->designated_port == p->port_id)
        bare.designated_port = 0;
    if (p->port_id == own_id(p))
        bare.port_id = 0;
    if (p->designated_root == p->br->designated_root)
        bare.designated_root = 0;
    if (p->designated_bridge == p->br->id)
        bare.designated_bridge = 0;
    return bare;
}

static void with_usual(struct br_port *p)
{
    if (!p->port_id)
        p->port_id = own_id(p);
    if (!p->designated_port)
        p->designated_port = p->port_id;
    if (!p->designated_root)
        p->designated_root = p->br->designated_root;
    if (!p->designated_bridge)
        p->designated_bridge = p->br->id;
}

static void save_port(const struct br_port *p, struct json_out *o)
{
    const struct br_port bare = without_usual(p);
    json_put_object(o, NULL, false);
    state_put_port_values(o, &bare);
    state_put_br_timer(o, BR_TIMER("forward_delay_timer"), &p->forward_delay_timer);
    state_put_br_timer(o, BR_TIMER("hold_timer"), &p->hold_timer);
    state_put_br_timer(o, BR_TIMER("message_age_timer"), &p->message_age_timer);
    save_vlans(&p->vlans, o);
    state_put_mcast_ctx(o, p->mcast, NULL);
    json_put_end(o);
}

/* The last added is the first of the list, and is to be the last here. */
static void save_ports(const struct bridge *br, struct json_out *o)
{
    const struct br_port *ports[BR_MAX_PORTS];
    unsigned n = 0;
    for (const struct br_port *p = br->ports; p && n < ARRAY_LEN(ports); p = p->next)
        ports[n++] = p;
    json_put_array(o, "ports", true);
    while (n > 0)
        save_port(ports[--n], o);
    json_put_end(o);
}

static void save_fdb(const struct bridge *br, struct json_out *o)
{
    json_put_array(o, "fdb", true);
    for (const struct list *pos = br->fdb_list.prev; pos != &br->fdb_list; pos = pos->prev) {
        const struct br_fdb *f = container_of(pos, const struct br_fdb, node);
        struct fdb_record r = {
            .port = f->dst ? f->dst->port_no : 0,
            .vlan = f->vlan,
            .flags = f->flags,
            .updated = f->updated,
            .used = f->used == f->updated ? 0 : f->used, /* usually */
        };
        memcpy(r.mac, f->addr, sizeof(r.mac));
        state_put_fdb_record(o, &r);
    }
    json_put_end(o);
}

static void save_bridge(const struct netdev *dev, struct json_out *o)
{
    const struct bridge *br = br_of(dev);
    struct bridge fresh = {.dev = br->dev};
    br_options_init(&fresh);
    json_put_object(o, NULL, false);
    json_put_int(o, "ifindex", dev->ifindex);
    json_put_object(o, "options", false);
    for (size_t i = 0; i < ARRAY_LEN(option_keys); i++)
        if (option_keys[i] && br->opt[i] != fresh.opt[i])
            json_put_u64(o, option_keys[i], br->opt[i]);
    json_put_end(o);
    state_put_fields(o, bridge_fields, br);
    state_put_br_timer(o, BR_TIMER("hello_timer"), &br->hello_timer);
    state_put_br_timer(o, BR_TIMER("tcn_timer"), &br->tcn_timer);
    state_put_br_timer(o, BR_TIMER("topology_change_timer"), &br->topology_change_timer);
    state_put_br_timer(o, BR_TIMER("gc_timer"), &br->gc);
    if (br->vlans.pvid)
        json_put_int(o, "pvid", br->vlans.pvid);
    save_vlans(&br->vlans, o);
    save_ports(br, o);
    save_fdb(br, o);
    state_put_mcast_ctx(o, br->mcast.ctx, br->mcast.other);
    state_put_mdb(o, br);
    json_put_end(o);
}

void state_save_bridges(const struct netns *ns, struct json_out *o)
{
    bool any = false;
    netdev_each(ns, dev, i)
    {
        if (!is_bridge(dev))
            continue;
        if (!any)
            json_put_array(o, "bridges", true);
        any = true;
        save_bridge(dev, o);
    }
    if (any)
        json_put_end(o);
}

/* ---- load ---- */

static int load_options(struct state_loader *l, const json_t *obj, const struct state_path *up,
                        struct bridge *br)
{
    const struct state_path at = {.up = up, .key = "options"};
    const json_t *options = json_object_get(obj, "options");
    for (unsigned i = 0; i < ARRAY_LEN(option_keys); i++) {
        if (!option_keys[i])
            continue;
        int rc = state_get_u64(l, options, &at, option_keys[i], &br->opt[i]);
        if (rc < 0)
            return rc;
        if (!br_option_valid(br, i))
            return state_fail(l, &at, option_keys[i], "is not a value of this option");
    }
    return options ? state_no_others(l, options, &at) : 0;
}

static int load_vlan(struct state_loader *l, const struct state_path *at, int64_t vid,
                     int64_t flags, struct br_vlans *vg)
{
    const int64_t known = BR_VLAN_UNTAGGED | BR_VLAN_BRENTRY;
    if (vid < 1 || vid > 4094 || flags < 0 || flags & ~known || br_vlan_find(vg, (uint16_t)vid))
        return state_fail(l, at, NULL, "must be [number, flags] of a VLAN that is new");
    br_vlan_insert(vg, (uint16_t)vid, (uint8_t)flags);
    return 0;
}

static int load_vlans(struct state_loader *l, const json_t *obj, const struct state_path *up,
                      struct br_vlans *vg)
{
    const struct state_path at = {.up = up, .key = "vlans"};
    const json_t *list = json_object_get(obj, "vlans"), *v;
    size_t i;
    json_array_foreach(list, i, v)
    {
        const struct state_path item = {.up = &at, .index = i};
        bool pair = json_array_size(v) == 2; /* else no number is right */
        int64_t vid = pair ? json_integer_value(json_array_get(v, 0)) : 0;
        int rc = load_vlan(l, &item, vid, json_integer_value(json_array_get(v, 1)), vg);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int check_port(struct state_loader *l, const struct state_path *at, struct br_port *p)
{
    with_usual(p);
    for (unsigned i = 0; i <= VNET_BRPORT_LOCKED; i++)
        if (p->flags & 1u << i && !vnet_brport_opt_emulated((enum vnet_brport_opt)i, 1))
            return state_fail(l, at, "flags", "has one that this vnet does not emulate");
    return 0;
}

static int take_port(struct state_loader *l, const struct port_record *r,
                     const struct state_path *at, struct br_port *p)
{
    const struct state_path list = {.up = at, .key = "vlans"}, first = {.up = &list};
    state_copy_fields(state_port_fields, &r->port, p);
    int rc = check_port(l, at, p);
    if (rc == 0 && r->has_timer)
        rc = state_set_timer(l, at, "forward_delay_timer", r->expires, r->order,
                             &p->forward_delay_timer.timer);
    if (r->has_timer)
        p->forward_delay_timer.due = r->due;
    return rc ? rc : load_vlan(l, &first, r->vlan.vid, r->vlan.flags, &p->vlans);
}

static int load_port_members(struct state_loader *l, const json_t *obj, const struct state_path *at,
                             struct br_port *p)
{
    if (json_record(obj))
        return take_port(l, json_record(obj), at, p);
    int rc = state_get_fields(l, obj, at, state_port_fields, p);
    if (rc == 0)
        rc = check_port(l, at, p);
    if (rc == 0)
        rc = state_get_br_timer(l, obj, at, BR_TIMER("forward_delay_timer"),
                                &p->forward_delay_timer);
    if (rc == 0)
        rc = state_get_br_timer(l, obj, at, BR_TIMER("hold_timer"), &p->hold_timer);
    if (rc == 0)
        rc = state_get_br_timer(l, obj, at, BR_TIMER("message_age_timer"), &p->message_age_timer);
    if (rc == 0)
        rc = state_get_mcast_ctx(l, obj, at, p->mcast, NULL);
    if (rc == 0)
        rc = load_vlans(l, obj, at, &p->vlans);
    return rc ? rc : state_no_others(l, obj, at);
}

static int load_port(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     struct bridge *br)
{
    const struct port_record *r = json_record(obj);
    int64_t ifindex = r ? r->ifindex : 0, no = r ? r->no : 0;
    int rc = state_get_int(l, obj, at, "ifindex", 1, INT32_MAX, &ifindex);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "no", 1, BR_MAX_PORTS - 1, &no);
    if (rc < 0)
        return rc;
    struct netdev *dev = netdev_by_index(l->ns, (int)ifindex);
    if (!dev || dev->master || is_bridge(dev) || netif_is_loopback(dev) ||
        dev->addr.len != ETH_ALEN || netdev_lies_on(dev, br->dev) || !netdev_nest_ok(dev, br->dev))
        return state_fail(l, at, "ifindex", "must be of a link that can be a port of this bridge");
    if (no == 0 || br->by_no[no])
        return state_fail(l, at, "no", "must be a number that no other port has");
    struct br_port *p = br_port_new(br, dev, (uint16_t)no);
    br_port_link(p);
    return load_port_members(l, obj, at, p);
}

static int get_fdb_record(struct state_loader *l, const json_t *obj, const struct state_path *at,
                          struct fdb_record *r)
{
    struct lladdr addr = {0};
    int64_t no = 0;
    int rc = state_get_lladdr(l, obj, at, "mac", &addr);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "port", 1, BR_MAX_PORTS - 1, &no);
    if (rc == 0)
        rc = state_get_fields(l, obj, at, fdb_fields, r);
    if (rc == 0)
        rc = state_no_others(l, obj, at);
    if (rc == 0 && addr.len != ETH_ALEN)
        return state_fail(l, at, "mac", "must be an Ethernet address");
    r->port = (uint16_t)no;
    memcpy(r->mac, addr.bytes, ETH_ALEN);
    return rc;
}

static int load_fdb_entry(struct state_loader *l, const json_t *obj, const struct state_path *at,
                          struct bridge *br)
{
    struct fdb_record parsed = {0};
    const struct fdb_record *r = json_record(obj);
    int rc = r ? 0 : get_fdb_record(l, obj, at, &parsed);
    if (rc < 0)
        return rc;
    if (!r)
        r = &parsed;
    struct br_port *dst = br->by_no[r->port];
    if (r->port && !dst)
        return state_fail(l, at, "port", "must be the number of a port");
    if (br_fdb_find(br, r->mac, r->vlan))
        return state_fail(l, at, "mac", "must be an address that is new");
    if (r->updated > l->w->now || r->used > l->w->now)
        return state_fail(l, at, NULL, "was used or updated after \"clock\"");
    struct br_fdb *f = br_fdb_create(br, dst, r->mac, r->vlan, r->flags);
    f->updated = r->updated;
    f->used = r->used ? r->used : r->updated;
    return 0;
}

static int load_list(struct state_loader *l, const json_t *obj, const struct state_path *up,
                     const char *key, struct bridge *br,
                     int (*load)(struct state_loader *, const json_t *, const struct state_path *,
                                 struct bridge *))
{
    const struct state_path at = {.up = up, .key = key};
    const json_t *list = json_object_get(obj, key), *v;
    size_t i;
    if (list && !json_is_array(list))
        return state_fail(l, up, key, "must be an array");
    json_array_foreach(list, i, v)
    {
        const struct state_path item = {.up = &at, .index = i};
        int rc = load(l, v, &item, br);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int load_timers(struct state_loader *l, const json_t *obj, const struct state_path *at,
                       struct bridge *br)
{
    int rc = state_get_br_timer(l, obj, at, BR_TIMER("hello_timer"), &br->hello_timer);
    if (rc == 0)
        rc = state_get_br_timer(l, obj, at, BR_TIMER("tcn_timer"), &br->tcn_timer);
    if (rc == 0)
        rc = state_get_br_timer(l, obj, at, BR_TIMER("topology_change_timer"),
                                &br->topology_change_timer);
    if (rc == 0)
        rc = state_get_br_timer(l, obj, at, BR_TIMER("gc_timer"), &br->gc);
    return rc;
}

static int load_members(struct state_loader *l, const json_t *obj, const struct state_path *at,
                        struct bridge *br)
{
    int64_t pvid = 0;
    int rc = load_options(l, obj, at, br);
    if (rc == 0)
        rc = state_get_fields(l, obj, at, bridge_fields, br);
    if (rc == 0)
        rc = load_timers(l, obj, at, br);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "pvid", 1, 4094, &pvid);
    br->vlans.pvid = (uint16_t)pvid;
    if (rc == 0)
        rc = load_vlans(l, obj, at, &br->vlans);
    if (rc == 0)
        rc = load_list(l, obj, at, "ports", br, load_port);
    if (rc == 0)
        rc = load_list(l, obj, at, "fdb", br, load_fdb_entry);
    if (rc == 0)
        rc = state_get_mcast_ctx(l, obj, at, br->mcast.ctx, br->mcast.other);
    if (rc == 0)
        rc = load_list(l, obj, at, "mdb", br, state_load_mdb);
    if (br->ports || br->had_ports)
        br_set_gso_limits(br);
    return rc;
}

static int load_bridge(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {"ifindex",
                                       "options",
                                       "hello_timer",
                                       "hello_timer_due",
                                       "tcn_timer",
                                       "tcn_timer_due",
                                       "topology_change_timer",
                                       "topology_change_timer_due",
                                       "gc_timer",
                                       "gc_timer_due",
                                       "pvid",
                                       "vlans",
                                       "ports",
                                       "fdb",
                                       "mcast",
                                       "mdb",
                                       NULL};
    int64_t ifindex = 0;
    int rc = state_only_fields(l, obj, at, bridge_fields, keys);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "ifindex", 1, INT32_MAX, &ifindex);
    if (rc < 0)
        return rc;
    struct netdev *dev = netdev_by_index(l->ns, (int)ifindex);
    if (!dev || !is_bridge(dev) || br_of(dev)->ports || br_of(dev)->fdb.n)
        return state_fail(l, at, "ifindex", "must be of a bridge that is not here yet");
    return load_members(l, obj, at, br_of(dev));
}

int state_load_bridges(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    return state_get_list(l, obj, at, "bridges", load_bridge);
}
