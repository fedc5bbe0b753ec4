/* The IPv6 side of devices in the state file: addresses with what is pending of duplicate address
 * detection, router solicitation, multicast groups with the reports that are owed. */
#include "state/state.h"

#include "base/mem.h"
#include "inet/addrconf.h"
#include "inet/ipv6_addr.h"
#include "state/fields.h"
#include "state/records.h"

enum { QRV_MAX = 255 };
/* Above what sysctls and queries can make of them. */
#define RS_INTERVAL_MAX  (2400000000LL * NSEC_PER_SEC)
#define MLD_INTERVAL_MAX (40000 * NSEC_PER_SEC)

static const struct state_field addr_fields[] = {
    FIELD(inet6_ifaddr, prefixlen, "prefixlen", FIELD_U8, .max = 128),
    FIELD(inet6_ifaddr, metric, "metric", FIELD_U32),
    FIELD(inet6_ifaddr, proto, "protocol", FIELD_U8),
    FIELD(inet6_ifaddr, valid_lft, "valid_life_time", FIELD_U32, .initial = VNET_LIFETIME_FOREVER),
    FIELD(inet6_ifaddr, preferred_lft, "preferred_life_time", FIELD_U32,
          .initial = VNET_LIFETIME_FOREVER),
    FIELD(inet6_ifaddr, cstamp, "cstamp", FIELD_I64, .max = STATE_TIME_MAX),
    FIELD(inet6_ifaddr, tstamp, "tstamp", FIELD_I64, .max = STATE_TIME_MAX),
    FIELD(inet6_ifaddr, state, "state", FIELD_INT, .max = IFADDR_STATE_ERRDAD),
    FIELD(inet6_ifaddr, dad_probes, "dad_probes", FIELD_U8),
    FIELD(inet6_ifaddr, dad_nonce, "dad_nonce", FIELD_I64, .max = (1LL << 48) - 1),
    FIELD(inet6_ifaddr, stable_retry, "stable_retry", FIELD_U8),
    {.key = NULL},
};

static const struct state_field group_fields[] = {
    FIELD(inet6_mc, users, "users", FIELD_U32, .min = 1, .max = INT32_MAX, .initial = 1),
    FIELD(inet6_mc, crcount, "reports", FIELD_U8, .max = QRV_MAX),
    {.key = NULL},
};

static const struct state_field anycast_fields[] = {
    FIELD(inet6_ac, users, "users", FIELD_U32, .min = 1, .max = INT32_MAX, .initial = 1),
    {.key = NULL},
};

static const struct state_field idev_fields[] = {
    FIELD(inet6_dev, rs_probes, "rs_probes", FIELD_U8),
    FIELD(inet6_dev, rs_interval, "rs_interval", FIELD_I64, .max = RS_INTERVAL_MAX),
    FIELD(inet6_dev, mc_qrv, "mc_qrv", FIELD_U8, .max = QRV_MAX, .initial = 2),
    FIELD(inet6_dev, mc_qi, "mc_qi", FIELD_I64, .max = MLD_INTERVAL_MAX,
          .initial = 125 * NSEC_PER_SEC),
    FIELD(inet6_dev, mc_qri, "mc_qri", FIELD_I64, .max = MLD_INTERVAL_MAX,
          .initial = 10 * NSEC_PER_SEC),
    FIELD(inet6_dev, mc_v1_seen, "mc_v1_seen", FIELD_I64, .max = STATE_TIMER_MAX),
    FIELD(inet6_dev, mc_ifc_count, "mc_ifc_count", FIELD_U8, .max = QRV_MAX),
    FIELD(inet6_dev, mc_dad_count, "mc_dad_count", FIELD_U8, .max = QRV_MAX),
    {.key = NULL},
};

/* ---- booleans as `ip -j addr` names them ---- */

struct flag_name {
    const char *key;
    uint32_t flag;
};

static const struct flag_name addr_flags[] = {
    {"temporary", VNET_IFA_F_SECONDARY},
    {"nodad", VNET_IFA_F_NODAD},
    {"optimistic", VNET_IFA_F_OPTIMISTIC},
    {"dadfailed", VNET_IFA_F_DADFAILED},
    {"home", VNET_IFA_F_HOMEADDRESS},
    {"deprecated", VNET_IFA_F_DEPRECATED},
    {"tentative", VNET_IFA_F_TENTATIVE},
    {"mngtmpaddr", VNET_IFA_F_MANAGETEMPADDR},
    {"noprefixroute", VNET_IFA_F_NOPREFIXROUTE},
    {"autojoin", VNET_IFA_F_MCAUTOJOIN},
    {"stable-privacy", VNET_IFA_F_STABLE_PRIVACY},
};

static const struct flag_name mc_flags[] = {
    {"timer_running", MAF_TIMER_RUNNING},
    {"last_reporter", MAF_LAST_REPORTER},
    {"loaded", MAF_LOADED},
};

static const struct flag_name if_flags[] = {
    {"ready", IF_READY},
    {"rs_sent", IF_RS_SENT},
    {"ra_received", IF_RA_RCVD},
};

static void put_flags(struct json_out *o, const struct flag_name *t, size_t n, uint32_t flags)
{
    for (size_t i = 0; i < n; i++) {
        if (flags & t[i].flag)
            json_put_bool(o, t[i].key, true);
    }
}

static int get_flags(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     const struct flag_name *t, size_t n, uint32_t *flags)
{
    for (size_t i = 0; i < n; i++) {
        bool set = false;
        int rc = state_get_bool(l, obj, at, t[i].key, &set);
        if (rc)
            return rc;
        if (set)
            *flags |= t[i].flag;
    }
    return 0;
}

/* ---- save ---- */

static void save_addr(const struct inet6_ifaddr *ifa, struct json_out *o)
{
    json_put_object(o, NULL, false);
    state_put_addr(o, "local", &ifa->addr);
    state_put_addr(o, "address", &ifa->peer);
    if (!(ifa->flags & VNET_IFA_F_PERMANENT))
        json_put_bool(o, "dynamic", true);
    put_flags(o, addr_flags, ARRAY_LEN(addr_flags), ifa->flags);
    state_put_fields(o, addr_fields, ifa);
    state_put_timer(o, "dad", &ifa->dad);
    state_put_timer(o, "expiry", &ifa->expiry);
    json_put_end(o);
}

/* The two that every device joins, behind all others: left out where they are as they began. */
static const struct usual_group {
    const struct inet_addr *addr;
    uint32_t flags;
} usual_groups[] = {{&ipv6_all_nodes, MAF_LOADED}, {&ipv6_node_all_nodes, 0}};

static bool is_usual(const struct inet6_mc *mc, const struct usual_group *u)
{
    return inet_addr_eq(&mc->addr, u->addr) && (mc->mca_flags & ~MAF_NOREPORT) == u->flags &&
           !timer_pending(&mc->timer) && state_fields_initial(group_fields, mc);
}

/* The first of the usual ones, where the list ends with them; else its end. */
static const struct list *usual_end(const struct list *head)
{
    const struct list *pos = head;
    for (size_t i = ARRAY_LEN(usual_groups); i-- > 0;) {
        pos = pos->prev;
        if (pos == head || !is_usual(list_entry(pos, struct inet6_mc, node), &usual_groups[i]))
            return head;
    }
    return pos;
}

static void save_groups(const struct list *head, const struct list *end, const char *key,
                        struct json_out *o)
{
    if (head->next == end)
        return;
    json_put_array(o, key, false);
    for (const struct list *pos = head->next; pos != end; pos = pos->next) {
        const struct inet6_mc *mc = list_entry(pos, struct inet6_mc, node);
        json_put_object(o, NULL, false);
        state_put_addr(o, "address", &mc->addr);
        state_put_fields(o, group_fields, mc);
        put_flags(o, mc_flags, ARRAY_LEN(mc_flags), mc->mca_flags);
        state_put_timer(o, "timer", &mc->timer);
        json_put_end(o);
    }
    json_put_end(o);
}

static void save_anycast(const struct inet6_dev *idev, struct json_out *o)
{
    if (list_empty(&idev->ac_list))
        return;
    json_put_array(o, "anycast", false);
    list_each(pos, &idev->ac_list)
    {
        const struct inet6_ac *ac = list_entry(pos, struct inet6_ac, node);
        json_put_object(o, NULL, false);
        state_put_addr(o, "address", &ac->addr);
        state_put_fields(o, anycast_fields, ac);
        json_put_end(o);
    }
    json_put_end(o);
}

static void save_idev(const struct inet6_dev *idev, struct json_out *o)
{
    json_put_object(o, NULL, false);
    json_put_int(o, "ifindex", idev->dev->ifindex); /* often this alone: struct idev_record */
    put_flags(o, if_flags, ARRAY_LEN(if_flags), idev->if_flags);
    if (idev->has_secret) {
        const struct inet_addr secret = inet_addr_v6(idev->secret);
        state_put_addr(o, "stable_secret", &secret);
    }
    state_put_addr(o, "token", &idev->token);
    state_put_fields(o, idev_fields, idev);
    state_put_timer(o, "rs", &idev->rs);
    state_put_timer(o, "mc_ifc", &idev->mc_ifc);
    state_put_timer(o, "mc_dad", &idev->mc_dad);
    state_put_timer(o, "mc_gq", &idev->mc_gq);
    const struct list *usual = usual_end(&idev->mc_list);
    if (usual == &idev->mc_list)
        json_put_bool(o, "all_nodes", false);
    save_groups(&idev->mc_list, usual, "groups", o);
    save_groups(&idev->mc_tomb, &idev->mc_tomb, "groups_left", o);
    save_anycast(idev, o);
    if (!list_empty(&idev->addr_list)) {
        json_put_array(o, "addr_info", true);
        list_each(pos, &idev->addr_list)
        {
            save_addr(list_entry(pos, struct inet6_ifaddr, node), o);
        }
        json_put_end(o);
    }
    json_put_end(o);
}

void state_save_inet6(const struct netns *ns, struct json_out *o)
{
    json_put_array(o, "inet6", true);
    netdev_each(ns, dev, i)
    {
        if (dev->in6_dev)
            save_idev(dev->in6_dev, o);
    }
    json_put_end(o);
}

/* ---- load ---- */

/* The loader of one element of an array. */
typedef int element_fn(struct state_loader *l, const json_t *v, const struct state_path *at,
                       void *arg);

static int each_element(struct state_loader *l, const json_t *obj, const struct state_path *at,
                        const char *key, element_fn *fn, void *arg)
{
    const json_t *list = json_object_get(obj, key), *v;
    const struct state_path here = {.up = at, .key = key};
    size_t i;
    if (!list)
        return 0;
    if (!json_is_array(list))
        return state_fail(l, at, key, "must be an array");
    json_array_foreach(list, i, v)
    {
        const struct state_path el = {.up = &here, .index = i};
        bool object = json_is_object(v) || json_record(v);
        int rc = object ? fn(l, v, &el, arg) : state_fail(l, &el, NULL, "must be an object");
        if (rc)
            return rc;
    }
    return 0;
}

/* The address of an element, which must be there. */
static int load_key(struct state_loader *l, const json_t *v, const struct state_path *at,
                    const char *key, struct inet_addr *out)
{
    int rc = state_get_addr(l, v, at, key, VNET_AF_INET6, out);
    if (rc)
        return rc;
    return out->family ? 0 : state_fail(l, at, key, "must be an address");
}

/* ---- load: addresses ---- */

static int load_addr_flags(struct state_loader *l, const json_t *v, const struct state_path *at,
                           struct inet6_ifaddr *ifa)
{
    bool dynamic = false;
    int rc = state_get_bool(l, v, at, "dynamic", &dynamic);
    if (rc == 0)
        rc = get_flags(l, v, at, addr_flags, ARRAY_LEN(addr_flags), &ifa->flags);
    if (!dynamic)
        ifa->flags |= VNET_IFA_F_PERMANENT;
    return rc;
}

static int check_addr(struct state_loader *l, const struct state_path *at,
                      const struct inet6_ifaddr *ifa)
{
    if (inet_addr_is_any(&ifa->addr))
        return state_fail(l, at, "local", "must be an address");
    if (inet_addr_is_multicast(&ifa->addr) && !(ifa->flags & VNET_IFA_F_MCAUTOJOIN))
        return state_fail(l, at, "local", "must not be a multicast group");
    if (inet_addr_is_loopback(&ifa->addr) && !netif_is_loopback(ifa->idev->dev))
        return state_fail(l, at, "local", "must not be the loopback address");
    return 0;
}

static int load_addr(struct state_loader *l, const json_t *v, const struct state_path *at,
                     void *arg)
{
    static const char *const more[] = {
        "local",          "address",   "dynamic",    "dad",           "expiry",
        "temporary",      "nodad",     "optimistic", "dadfailed",     "home",
        "deprecated",     "tentative", "mngtmpaddr", "noprefixroute", "autojoin",
        "stable-privacy", NULL,
    };
    struct inet_addr addr = {0};
    int rc = state_only_fields(l, v, at, addr_fields, more);
    if (rc == 0)
        rc = load_key(l, v, at, "local", &addr);
    if (rc)
        return rc;
    struct inet6_ifaddr *ifa = addrconf_load_addr(arg, &addr);
    if (!ifa)
        return state_fail(l, at, "local", "is there twice");
    ifa->scope = ipv6_rt_scope(&addr);
    rc = load_addr_flags(l, v, at, ifa);
    if (rc == 0)
        rc = check_addr(l, at, ifa);
    if (rc == 0)
        rc = state_get_fields(l, v, at, addr_fields, ifa);
    if (rc == 0)
        rc = state_get_addr(l, v, at, "address", VNET_AF_INET6, &ifa->peer);
    if (rc == 0)
        rc = state_get_timer(l, v, at, "dad", &ifa->dad);
    return rc ? rc : state_get_timer(l, v, at, "expiry", &ifa->expiry);
}

/* ---- load: groups ---- */

struct group_arg {
    struct inet6_dev *idev;
    bool tomb;
};

static int load_group(struct state_loader *l, const json_t *v, const struct state_path *at,
                      void *arg)
{
    const struct group_arg *g = arg;
    struct inet_addr addr = {0};
    int rc = load_key(l, v, at, "address", &addr);
    if (rc)
        return rc;
    if (!inet_addr_is_multicast(&addr))
        return state_fail(l, at, "address", "must be a multicast group");
    struct inet6_mc *mc = ipv6_mc_load(g->idev, &addr, g->tomb);
    if (!mc)
        return state_fail(l, at, "address", "is there twice");
    rc = state_get_fields(l, v, at, group_fields, mc);
    if (rc == 0)
        rc = get_flags(l, v, at, mc_flags, ARRAY_LEN(mc_flags), &mc->mca_flags);
    if (rc == 0)
        rc = state_get_timer(l, v, at, "timer", &mc->timer);
    return rc ? rc : state_no_others(l, v, at);
}

static int load_anycast(struct state_loader *l, const json_t *v, const struct state_path *at,
                        void *arg)
{
    static const char *const more[] = {"address", NULL};
    struct inet_addr addr = {0};
    int rc = state_only_fields(l, v, at, anycast_fields, more);
    if (rc == 0)
        rc = load_key(l, v, at, "address", &addr);
    if (rc)
        return rc;
    struct inet6_ac *ac = ipv6_ac_load(arg, &addr);
    if (!ac)
        return state_fail(l, at, "address", "is there twice");
    return state_get_fields(l, v, at, anycast_fields, ac);
}

/* ---- load: devices ---- */

static int load_secret(struct state_loader *l, const json_t *v, const struct state_path *at,
                       struct inet6_dev *idev)
{
    struct inet_addr secret = {0};
    int rc = state_get_addr(l, v, at, "stable_secret", VNET_AF_INET6, &secret);
    if (rc || !secret.family)
        return rc;
    idev->has_secret = true;
    memcpy(idev->secret, secret.bytes, sizeof(idev->secret));
    return 0;
}

static int load_token(struct state_loader *l, const json_t *v, const struct state_path *at,
                      struct inet6_dev *idev)
{
    static const uint8_t none[8];
    int rc = state_get_addr(l, v, at, "token", VNET_AF_INET6, &idev->token);
    if (rc == 0 && memcmp(idev->token.bytes, none, sizeof(none)) != 0)
        return state_fail(l, at, "token", "must be the lower half of an address");
    return rc;
}

static int load_timers(struct state_loader *l, const json_t *v, const struct state_path *at,
                       struct inet6_dev *idev)
{
    const struct {
        const char *key;
        struct timer *t;
    } timers[] = {
        {"rs", &idev->rs},
        {"mc_ifc", &idev->mc_ifc},
        {"mc_dad", &idev->mc_dad},
        {"mc_gq", &idev->mc_gq},
    };
    for (size_t i = 0; i < ARRAY_LEN(timers); i++) {
        int rc = state_get_timer(l, v, at, timers[i].key, timers[i].t);
        if (rc)
            return rc;
    }
    return 0;
}

/* Formats 1 and 2 name them. */
static int load_usual(struct state_loader *l, const json_t *v, const struct state_path *at,
                      struct inet6_dev *idev)
{
    bool all_nodes = l->format > 2;
    int rc = state_get_bool(l, v, at, "all_nodes", &all_nodes);
    for (size_t i = 0; rc == 0 && all_nodes && i < ARRAY_LEN(usual_groups); i++) {
        struct inet6_mc *mc = ipv6_mc_load(idev, usual_groups[i].addr, false);
        if (!mc)
            return state_fail(l, at, "groups", "must not have the groups of all nodes");
        mc->mca_flags |= usual_groups[i].flags;
    }
    return rc;
}

static int load_lists(struct state_loader *l, const json_t *v, const struct state_path *at,
                      struct inet6_dev *idev)
{
    struct group_arg here = {idev, false}, left = {idev, true};
    int rc = each_element(l, v, at, "groups", load_group, &here);
    if (rc == 0)
        rc = load_usual(l, v, at, idev);
    if (rc == 0)
        rc = each_element(l, v, at, "groups_left", load_group, &left);
    if (rc == 0)
        rc = each_element(l, v, at, "anycast", load_anycast, idev);
    return rc ? rc : each_element(l, v, at, "addr_info", load_addr, idev);
}

static int load_idev(struct state_loader *l, const json_t *v, const struct state_path *at,
                     void *arg)
{
    (void)arg;
    const struct idev_record *r = json_record(v);
    int64_t ifindex = r ? r->ifindex : 0;
    int rc = state_get_int(l, v, at, "ifindex", 1, INT32_MAX, &ifindex);
    if (rc)
        return rc;
    struct netdev *dev = netdev_by_index(l->ns, (int)ifindex);
    if (!dev || dev->in6_dev)
        return state_fail(l, at, "ifindex", "must be a link, and there once");
    struct inet6_dev *idev = in6_dev_load(dev);
    if (r)
        return load_usual(l, v, at, idev);
    rc = get_flags(l, v, at, if_flags, ARRAY_LEN(if_flags), &idev->if_flags);
    if (rc == 0)
        rc = load_secret(l, v, at, idev);
    if (rc == 0)
        rc = load_token(l, v, at, idev);
    if (rc == 0)
        rc = state_get_fields(l, v, at, idev_fields, idev);
    if (rc == 0)
        rc = load_timers(l, v, at, idev);
    if (rc == 0)
        rc = load_lists(l, v, at, idev);
    return rc ? rc : state_no_others(l, v, at);
}

int state_load_inet6(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    netdev_each(l->ns, dev, i)
    {
        in6_dev_destroy(dev);
    }
    return each_element(l, obj, at, "inet6", load_idev, NULL);
}
