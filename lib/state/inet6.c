/* The IPv6 side of devices in the state file: addresses with what is pending of duplicate address
 * detection, router solicitation, multicast groups with the reports that are owed. */
#include "state/state.h"

#include "base/mem.h"
#include "inet/addrconf.h"

enum { QRV_MAX = 7, COUNT_MAX = 255 };

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

static void put_addr(struct json_out *o, const char *key, const struct inet_addr *a)
{
    char text[INET_ADDRSTRLEN_MAX];
    json_put_str(o, key, inet_addr_str(a, text));
}

static void put_nonzero(struct json_out *o, const char *key, int64_t value)
{
    if (value)
        json_put_int(o, key, value);
}

static void save_addr(const struct inet6_ifaddr *ifa, struct json_out *o)
{
    json_put_object(o, NULL, false);
    put_addr(o, "local", &ifa->addr);
    if (ifa->peer.family)
        put_addr(o, "address", &ifa->peer);
    json_put_int(o, "prefixlen", ifa->prefixlen);
    put_nonzero(o, "metric", ifa->metric);
    put_nonzero(o, "protocol", ifa->proto);
    if (!(ifa->flags & VNET_IFA_F_PERMANENT))
        json_put_bool(o, "dynamic", true);
    put_flags(o, addr_flags, ARRAY_LEN(addr_flags), ifa->flags);
    if (ifa->valid_lft != VNET_LIFETIME_FOREVER)
        json_put_int(o, "valid_life_time", ifa->valid_lft);
    if (ifa->preferred_lft != VNET_LIFETIME_FOREVER)
        json_put_int(o, "preferred_life_time", ifa->preferred_lft);
    json_put_int(o, "cstamp", ifa->cstamp);
    json_put_int(o, "tstamp", ifa->tstamp);
    put_nonzero(o, "state", ifa->state);
    put_nonzero(o, "dad_probes", ifa->dad_probes);
    put_nonzero(o, "dad_nonce", (int64_t)ifa->dad_nonce);
    put_nonzero(o, "stable_retry", ifa->stable_retry);
    state_put_timer(o, "dad", &ifa->dad);
    state_put_timer(o, "expiry", &ifa->expiry);
    json_put_end(o);
}

static void save_groups(const struct list *head, const char *key, struct json_out *o)
{
    if (list_empty(head))
        return;
    json_put_array(o, key, false);
    list_each(pos, head)
    {
        const struct inet6_mc *mc = list_entry(pos, struct inet6_mc, node);
        json_put_object(o, NULL, false);
        put_addr(o, "address", &mc->addr);
        if (mc->users != 1)
            json_put_int(o, "users", mc->users);
        put_nonzero(o, "reports", mc->crcount);
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
        put_addr(o, "address", &ac->addr);
        if (ac->users != 1)
            json_put_int(o, "users", ac->users);
        json_put_end(o);
    }
    json_put_end(o);
}

static void save_mld(const struct inet6_dev *idev, struct json_out *o)
{
    json_put_int(o, "mc_qrv", idev->mc_qrv);
    json_put_int(o, "mc_qi", idev->mc_qi);
    json_put_int(o, "mc_qri", idev->mc_qri);
    put_nonzero(o, "mc_v1_seen", idev->mc_v1_seen);
    put_nonzero(o, "mc_ifc_count", idev->mc_ifc_count);
    put_nonzero(o, "mc_dad_count", idev->mc_dad_count);
    state_put_timer(o, "mc_ifc", &idev->mc_ifc);
    state_put_timer(o, "mc_dad", &idev->mc_dad);
    state_put_timer(o, "mc_gq", &idev->mc_gq);
    save_groups(&idev->mc_list, "groups", o);
    save_groups(&idev->mc_tomb, "groups_left", o);
}

static void save_idev(const struct inet6_dev *idev, struct json_out *o)
{
    json_put_object(o, NULL, false);
    json_put_int(o, "ifindex", idev->dev->ifindex);
    put_flags(o, if_flags, ARRAY_LEN(if_flags), idev->if_flags);
    if (idev->has_secret) {
        const struct inet_addr secret = inet_addr_v6(idev->secret);
        put_addr(o, "stable_secret", &secret);
    }
    put_nonzero(o, "rs_probes", idev->rs_probes);
    put_nonzero(o, "rs_interval", idev->rs_interval);
    state_put_timer(o, "rs", &idev->rs);
    save_mld(idev, o);
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

/* ---- load: numbers ---- */

struct int_field {
    const char *key;
    int64_t max;
    int64_t *value;
};

static int get_ints(struct state_loader *l, const json_t *obj, const struct state_path *at,
                    const struct int_field *f, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int rc = state_get_int(l, obj, at, f[i].key, 0, f[i].max, f[i].value);
        if (rc)
            return rc;
    }
    return 0;
}

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
        int rc =
            json_is_object(v) ? fn(l, v, &el, arg) : state_fail(l, &el, NULL, "must be an object");
        if (rc)
            return rc;
    }
    return 0;
}

/* ---- load: addresses ---- */

static const char *const addr_keys[] = {
    "local",         "address",    "prefixlen",       "metric",
    "protocol",      "dynamic",    "valid_life_time", "preferred_life_time",
    "cstamp",        "tstamp",     "state",           "dad_probes",
    "dad_nonce",     "dad",        "expiry",          "stable_retry",
    "temporary",     "nodad",      "optimistic",      "dadfailed",
    "home",          "deprecated", "tentative",       "mngtmpaddr",
    "noprefixroute", "autojoin",   "stable-privacy",  NULL,
};

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

static int load_addr_numbers(struct state_loader *l, const json_t *v, const struct state_path *at,
                             struct inet6_ifaddr *ifa)
{
    int64_t plen = 128, metric = 0, proto = 0, valid = VNET_LIFETIME_FOREVER;
    int64_t preferred = VNET_LIFETIME_FOREVER, state = 0, probes = 0, nonce = 0, retry = 0;
    const struct int_field f[] = {
        {"prefixlen", 128, &plen},
        {"metric", UINT32_MAX, &metric},
        {"protocol", 255, &proto},
        {"valid_life_time", VNET_LIFETIME_FOREVER, &valid},
        {"preferred_life_time", VNET_LIFETIME_FOREVER, &preferred},
        {"cstamp", STATE_TIME_MAX, &ifa->cstamp},
        {"tstamp", STATE_TIME_MAX, &ifa->tstamp},
        {"state", IFADDR_STATE_ERRDAD, &state},
        {"dad_probes", COUNT_MAX, &probes},
        {"dad_nonce", (1LL << 48) - 1, &nonce},
        {"stable_retry", COUNT_MAX, &retry},
    };
    int rc = get_ints(l, v, at, f, ARRAY_LEN(f));
    ifa->prefixlen = (uint8_t)plen;
    ifa->metric = (uint32_t)metric;
    ifa->proto = (uint8_t)proto;
    ifa->valid_lft = (uint32_t)valid;
    ifa->preferred_lft = (uint32_t)preferred;
    ifa->state = (enum inet6_ifaddr_state)state;
    ifa->dad_probes = (uint8_t)probes;
    ifa->dad_nonce = (uint64_t)nonce;
    ifa->stable_retry = (uint8_t)retry;
    return rc;
}

static int load_addr(struct state_loader *l, const json_t *v, const struct state_path *at,
                     void *arg)
{
    struct inet6_dev *idev = arg;
    struct inet_addr addr = {0};
    int rc = state_only_keys(l, v, at, addr_keys);
    if (rc == 0)
        rc = state_get_addr(l, v, at, "local", VNET_AF_INET6, &addr);
    if (rc)
        return rc;
    if (addr.family == VNET_AF_UNSPEC || inet_addr_is_any(&addr))
        return state_fail(l, at, "local", "must be an address");
    struct inet6_ifaddr *ifa = addrconf_load_addr(idev, &addr);
    if (!ifa)
        return state_fail(l, at, "local", "is there twice");
    rc = load_addr_flags(l, v, at, ifa);
    if (rc == 0)
        rc = load_addr_numbers(l, v, at, ifa);
    if (rc == 0)
        rc = state_get_addr(l, v, at, "address", VNET_AF_INET6, &ifa->peer);
    if (rc == 0)
        rc = state_get_timer(l, v, at, "dad", &ifa->dad);
    if (rc == 0)
        rc = state_get_timer(l, v, at, "expiry", &ifa->expiry);
    if (rc)
        return rc;
    if (inet_addr_is_multicast(&addr) && !(ifa->flags & VNET_IFA_F_MCAUTOJOIN))
        return state_fail(l, at, "local", "must not be a multicast group");
    if (inet_addr_is_loopback(&addr) && !netif_is_loopback(idev->dev))
        return state_fail(l, at, "local", "must not be the loopback address");
    return 0;
}

/* ---- load: groups ---- */

struct group_arg {
    struct inet6_dev *idev;
    bool tomb;
};

static int load_group(struct state_loader *l, const json_t *v, const struct state_path *at,
                      void *arg)
{
    static const char *const keys[] = {"address",       "users",  "reports", "timer_running",
                                       "last_reporter", "loaded", "timer",   NULL};
    const struct group_arg *g = arg;
    struct inet_addr addr = {0};
    int64_t users = 1, reports = 0;
    int rc = state_only_keys(l, v, at, keys);
    if (rc == 0)
        rc = state_get_addr(l, v, at, "address", VNET_AF_INET6, &addr);
    if (rc == 0)
        rc = state_get_int(l, v, at, "users", 1, INT32_MAX, &users);
    if (rc == 0)
        rc = state_get_int(l, v, at, "reports", 0, QRV_MAX, &reports);
    if (rc)
        return rc;
    if (addr.family == VNET_AF_UNSPEC || !inet_addr_is_multicast(&addr))
        return state_fail(l, at, "address", "must be a multicast group");
    struct inet6_mc *mc = ipv6_mc_load(g->idev, &addr, g->tomb);
    if (!mc)
        return state_fail(l, at, "address", "is there twice");
    mc->users = (uint32_t)users;
    mc->crcount = (uint8_t)reports;
    rc = get_flags(l, v, at, mc_flags, ARRAY_LEN(mc_flags), &mc->mca_flags);
    return rc ? rc : state_get_timer(l, v, at, "timer", &mc->timer);
}

static int load_anycast(struct state_loader *l, const json_t *v, const struct state_path *at,
                        void *arg)
{
    static const char *const keys[] = {"address", "users", NULL};
    struct inet_addr addr = {0};
    int64_t users = 1;
    int rc = state_only_keys(l, v, at, keys);
    if (rc == 0)
        rc = state_get_addr(l, v, at, "address", VNET_AF_INET6, &addr);
    if (rc == 0)
        rc = state_get_int(l, v, at, "users", 1, INT32_MAX, &users);
    if (rc)
        return rc;
    struct inet6_ac *ac = addr.family ? ipv6_ac_load(arg, &addr) : NULL;
    if (!ac)
        return state_fail(l, at, "address", "must be an address, and there once");
    ac->users = (uint32_t)users;
    return 0;
}

/* ---- load: devices ---- */

static const char *const idev_keys[] = {
    "ifindex",      "ready",   "rs_sent",   "ra_received",  "stable_secret", "rs_probes",
    "rs_interval",  "rs",      "mc_qrv",    "mc_qi",        "mc_qri",        "mc_v1_seen",
    "mc_ifc_count", "mc_ifc",  "mc_dad",    "mc_dad_count", "mc_gq",         "groups",
    "groups_left",  "anycast", "addr_info", NULL,
};

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

static int load_numbers(struct state_loader *l, const json_t *v, const struct state_path *at,
                        struct inet6_dev *idev)
{
    /* Above what sysctls and queries can make of them. */
    const int64_t longest_rs = 2400000000LL * NSEC_PER_SEC, longest_mld = 40000 * NSEC_PER_SEC;
    int64_t probes = 0, qrv = idev->mc_qrv, ifc = 0, dad = 0;
    const struct int_field f[] = {
        {"rs_probes", COUNT_MAX, &probes},
        {"rs_interval", longest_rs, &idev->rs_interval},
        {"mc_qrv", QRV_MAX, &qrv},
        {"mc_qi", longest_mld, &idev->mc_qi},
        {"mc_qri", longest_mld, &idev->mc_qri},
        {"mc_v1_seen", STATE_TIMER_MAX, &idev->mc_v1_seen},
        {"mc_ifc_count", QRV_MAX, &ifc},
        {"mc_dad_count", QRV_MAX, &dad},
    };
    int rc = get_ints(l, v, at, f, ARRAY_LEN(f));
    idev->rs_probes = (uint8_t)probes;
    idev->mc_qrv = (uint8_t)qrv;
    idev->mc_ifc_count = (uint8_t)ifc;
    idev->mc_dad_count = (uint8_t)dad;
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

static int load_lists(struct state_loader *l, const json_t *v, const struct state_path *at,
                      struct inet6_dev *idev)
{
    struct group_arg here = {idev, false}, left = {idev, true};
    int rc = each_element(l, v, at, "groups", load_group, &here);
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
    int64_t ifindex = 0;
    int rc = state_only_keys(l, v, at, idev_keys);
    if (rc == 0)
        rc = state_get_int(l, v, at, "ifindex", 1, INT32_MAX, &ifindex);
    if (rc)
        return rc;
    struct netdev *dev = netdev_by_index(l->ns, (int)ifindex);
    if (!dev || dev->in6_dev)
        return state_fail(l, at, "ifindex", "must be a link, and there once");
    struct inet6_dev *idev = in6_dev_load(dev);
    rc = get_flags(l, v, at, if_flags, ARRAY_LEN(if_flags), &idev->if_flags);
    if (rc == 0)
        rc = load_secret(l, v, at, idev);
    if (rc == 0)
        rc = load_numbers(l, v, at, idev);
    if (rc == 0)
        rc = load_timers(l, v, at, idev);
    return rc ? rc : load_lists(l, v, at, idev);
}

int state_load_inet6(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    netdev_each(l->ns, dev, i)
    {
        in6_dev_destroy(dev);
    }
    return each_element(l, obj, at, "inet6", load_idev, NULL);
}
