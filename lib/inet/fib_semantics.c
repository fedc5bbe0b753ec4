/* What a route means and whether it may be: nexthops, scopes, sources, dead and alive
 * (net/ipv4/fib_semantics.c, kernels 6.1 to 6.18). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inet/addrconf.h"
#include "inet/devinet.h"
#include "inet/fib_internal.h"
#include "inet/multipath.h"
#include "inet/neigh.h"
#include "inet/nexthop.h"
#include "inet/rtnetlink.h"
#include "sim/world.h"

enum { RTAX_FEATURE_MASK = 0x1f, LOOPBACK_IFINDEX = 1 };

/* The narrowest scope that a route of a type may have (fib_props). */
static uint8_t type_scope(uint8_t type)
{
    static const uint8_t scopes[] = {
        [VNET_RTN_UNSPEC] = VNET_SCOPE_NOWHERE,     [VNET_RTN_UNICAST] = VNET_SCOPE_UNIVERSE,
        [VNET_RTN_LOCAL] = VNET_SCOPE_HOST,         [VNET_RTN_BROADCAST] = VNET_SCOPE_LINK,
        [VNET_RTN_ANYCAST] = VNET_SCOPE_LINK,       [VNET_RTN_MULTICAST] = VNET_SCOPE_UNIVERSE,
        [VNET_RTN_BLACKHOLE] = VNET_SCOPE_UNIVERSE, [VNET_RTN_UNREACHABLE] = VNET_SCOPE_UNIVERSE,
        [VNET_RTN_PROHIBIT] = VNET_SCOPE_UNIVERSE,  [VNET_RTN_THROW] = VNET_SCOPE_UNIVERSE,
        [VNET_RTN_NAT] = VNET_SCOPE_NOWHERE,
    };
    return type < ARRAY_LEN(scopes) ? scopes[type] : VNET_SCOPE_NOWHERE;
}

int fib_metrics_init(const uint32_t *in, uint32_t **out, struct vnet_err *err)
{
    static const uint32_t limits[VNET_RTAX_MAX + 1] = {
        [VNET_RTAX_ADVMSS] = 65535 - 40, [VNET_RTAX_MTU] = 65535 - 15, [VNET_RTAX_HOPLIMIT] = 255};
    bool any = false;
    for (unsigned i = 1; i <= VNET_RTAX_MAX; i++)
        any |= in[i] != 0;
    *out = NULL;
    if (!any)
        return 0;
    if (in[VNET_RTAX_FEATURES] & ~(uint32_t)RTAX_FEATURE_MASK)
        return vnet_err(err, EINVAL, "Unknown flag set in feature mask in metrics attribute");
    *out = mem_calloc(VNET_RTAX_MAX + 1, sizeof(**out));
    for (unsigned i = 1; i <= VNET_RTAX_MAX; i++)
        (*out)[i] = limits[i] && in[i] > limits[i] ? limits[i] : in[i];
    return 0;
}

/* ---- checks of a nexthop ---- */

static void note_carrier(const struct netns *ns, struct fib_nexthop *nh)
{
    if (!netif_carrier_ok(nh->dev) && fib_kernel_since(ns, 0x040200))
        nh->flags |= VNET_RTNH_F_LINKDOWN;
}

static int check_onlink(struct fib *fib, struct fib_nexthop *nh, uint8_t scope,
                        struct vnet_err *err)
{
    if (scope >= VNET_SCOPE_LINK)
        return vnet_err(err, EINVAL, "Nexthop has invalid scope");
    if (!nh->dev)
        return vnet_err(err, ENODEV, "Nexthop device required for onlink");
    if (!netif_running(nh->dev))
        return vnet_err(err, ENETDOWN, "Nexthop device is not up");
    if (inet_addr_type(fib->ns, &nh->gateway) != VNET_RTN_UNICAST)
        return vnet_err(err, EINVAL, "Nexthop has invalid gateway");
    note_carrier(fib->ns, nh);
    nh->scope = VNET_SCOPE_LINK;
    return 0;
}

static int lookup_gateway(struct fib *fib, const struct flow *fl, uint32_t table,
                          struct fib_result *res)
{
    const struct fib_table *t =
        table && table != VNET_RT_TABLE_MAIN ? fib_get_table(fib, table) : NULL;
    if (t && fib4_table_lookup(t, fl, true, res) == 0)
        return 0;
    return fib_lookup(fib, fl, true, res);
}

/* fib_check_nh_v4_gw() */
static int check_gateway4(struct fib *fib, struct fib_nexthop *nh, int oif, uint32_t table,
                          uint8_t scope, struct vnet_err *err)
{
    if (nh->flags & VNET_RTNH_F_ONLINK)
        return check_onlink(fib, nh, scope, err);
    struct flow fl = {
        .family = VNET_AF_INET, .daddr = nh->gateway, .oif = oif, .iif = LOOPBACK_IFINDEX};
    fl.scope = scope + 1 < VNET_SCOPE_LINK ? VNET_SCOPE_LINK : (uint8_t)(scope + 1);
    struct fib_result res = {0};
    int error = lookup_gateway(fib, &fl, table, &res);
    if (error)
        return vnet_err(err, -error, "Nexthop has invalid gateway");
    if (res.type != VNET_RTN_UNICAST && res.type != VNET_RTN_LOCAL)
        return vnet_err(err, EINVAL, "Nexthop has invalid gateway");
    nh->scope = res.scope;
    nh->dev = res.nh->dev;
    if (!nh->dev)
        return vnet_err(err, EINVAL, "No egress device for nexthop gateway");
    note_carrier(fib->ns, nh);
    return netif_running(nh->dev) ? 0 : -ENETDOWN;
}

/* fib_check_nh_v6_gw() */
static int check_gateway6(struct fib *fib, struct fib_nexthop *nh, uint32_t table,
                          struct vnet_err *err)
{
    bool onlink = nh->flags & VNET_RTNH_F_ONLINK;
    int error = fib6_check_gateway(fib->ns->fib6, &nh->gateway, table, onlink, NULL, &nh->dev, err);
    if (error)
        return error;
    note_carrier(fib->ns, nh);
    nh->scope = VNET_SCOPE_LINK;
    return 0;
}

/* fib_check_nh_nongw() */
static int check_direct(struct fib *fib, struct fib_nexthop *nh, struct vnet_err *err)
{
    if (nh->flags & (VNET_RTNH_F_PERVASIVE | VNET_RTNH_F_ONLINK))
        return vnet_err(err, EINVAL,
                        "Invalid flags for nexthop - PERVASIVE and ONLINK can not be set");
    if (!nh->dev || !nh->dev->in_dev)
        return -ENODEV;
    if (!netif_running(nh->dev))
        return vnet_err(err, ENETDOWN, "Device for nexthop is not up");
    nh->scope = VNET_SCOPE_HOST;
    note_carrier(fib->ns, nh);
    return 0;
}

int fib_check_nh(struct fib *fib, struct fib_nexthop *nh, int oif, uint32_t table, uint8_t scope,
                 struct vnet_err *err)
{
    if (nh->gateway.family == VNET_AF_INET)
        return check_gateway4(fib, nh, oif, table, scope, err);
    if (nh->gateway.family == VNET_AF_INET6)
        return check_gateway6(fib, nh, table, err);
    return check_direct(fib, nh, err);
}

/* ---- fib_create_info() ---- */

static int check_request(const struct vnet_route_info *req, struct vnet_err *err)
{
    if (req->type > VNET_RTN_MAX)
        return -EINVAL;
    if (type_scope(req->type) > req->scope)
        return vnet_err(err, EINVAL, "Invalid scope");
    enum { STATE = VNET_RTNH_F_DEAD | VNET_RTNH_F_LINKDOWN };
    if (req->nnh == 1 && req->nh[0].flags & STATE)
        return vnet_err(err, EINVAL, "Invalid rtm_flags - can not contain DEAD or LINKDOWN");
    for (unsigned i = 0; req->nnh > 1 && i < req->nnh; i++)
        if (req->nh[i].flags & STATE)
            return vnet_err(err, EINVAL,
                            "Invalid flags for nexthop - can not contain DEAD or LINKDOWN");
    return 0;
}

static struct fib_route *route_from(struct fib *fib, const struct vnet_route_info *req)
{
    struct fib_route *r = mem_alloc(sizeof(*r));
    list_init(&r->node);
    r->dst.addr = inet_addr_any(fib->family);
    if (req->dst.family)
        r->dst.addr = inet_addr_masked(&req->dst, req->dst_len);
    r->dst.len = req->dst_len;
    r->tos = req->tos;
    r->type = req->type;
    r->protocol = req->protocol;
    r->scope = req->scope;
    r->table = req->table ? req->table : VNET_RT_TABLE_MAIN;
    r->priority = req->priority;
    r->flags = req->nnh == 1 ? req->nh[0].flags : req->flags & 0xffU; /* RTNH_F_* */
    if (!inet_addr_is_any(&req->prefsrc))
        r->prefsrc = req->prefsrc;
    return r;
}

static void nexthops_from(struct netns *ns, struct fib_route *r, const struct vnet_route_info *req)
{
    fib_route_hops(r, req->nnh ? req->nnh : 1);
    for (unsigned i = 0; i < req->nnh; i++) {
        const struct vnet_nexthop *from = &req->nh[i];
        struct fib_nexthop *nh = &r->nh[i];
        nh->dev = from->oif ? netdev_by_index(ns, from->oif) : NULL;
        if (!inet_addr_is_any(&from->gateway))
            nh->gateway = from->gateway;
        nh->flags = from->flags;
        nh->weight = from->weight;
    }
}

static int check_host_scope(struct fib_route *r, struct vnet_err *err)
{
    if (r->nnh != 1)
        return vnet_err(err, EINVAL, "Route with host scope can not have multiple nexthops");
    if (r->nh[0].gateway.family)
        return vnet_err(err, EINVAL, "Route with host scope can not have a gateway");
    r->nh[0].scope = VNET_SCOPE_NOWHERE;
    return r->nh[0].dev ? 0 : -ENODEV;
}

static int check_nexthops(struct fib *fib, struct fib_route *r, const struct vnet_route_info *req,
                          struct vnet_err *err)
{
    unsigned linkdown = 0;
    for (unsigned i = 0; i < r->nnh; i++) {
        int oif = i < req->nnh ? req->nh[i].oif : 0;
        int error = fib_check_nh(fib, &r->nh[i], oif, r->table, r->scope, err);
        if (error)
            return error;
        linkdown += (r->nh[i].flags & VNET_RTNH_F_LINKDOWN) != 0;
    }
    if (linkdown == r->nnh)
        r->flags |= VNET_RTNH_F_LINKDOWN;
    return 0;
}

/* fib_valid_prefsrc() */
static bool valid_prefsrc(struct fib *fib, const struct fib_route *r)
{
    if (r->type == VNET_RTN_LOCAL && inet_addr_eq(&r->prefsrc, &r->dst.addr))
        return true;
    uint32_t table = r->table == VNET_RT_TABLE_MAIN ? VNET_RT_TABLE_LOCAL : r->table;
    return inet_addr_type_table(fib->ns, &r->prefsrc, table) == VNET_RTN_LOCAL ||
           inet_addr_type(fib->ns, &r->prefsrc) == VNET_RTN_LOCAL;
}

static int check_reject(struct fib_route *r, const struct vnet_route_info *req,
                        struct vnet_err *err)
{
    if (req->multipath || (req->nnh && (req->nh[0].gateway.family || req->nh[0].oif)))
        return vnet_err(err, EINVAL,
                        "Gateway, device and multipath can not be specified for this route type");
    if (!r->nhid)
        r->nnh = 0;
    return 0;
}

static int check_info(struct fib *fib, struct fib_route *r, const struct vnet_route_info *req,
                      struct vnet_err *err)
{
    int error = fib_metrics_init(req->metrics, &r->metrics, err);
    if (error)
        return error;
    if (fib_type_error(r->type))
        return check_reject(r, req, err);
    if (r->type == VNET_RTN_UNSPEC)
        return vnet_err(err, EINVAL, "Invalid route type");
    if (r->scope > VNET_SCOPE_HOST)
        return vnet_err(err, EINVAL, "Invalid scope");
    if (r->nhid)
        error = nexthop_check_route(nexthop_find(fib->ns, r->nhid), VNET_AF_INET, r->scope, err);
    else
        error = r->scope == VNET_SCOPE_HOST ? check_host_scope(r, err)
                                            : check_nexthops(fib, r, req, err);
    if (error)
        return error;
    if (r->prefsrc.family && !valid_prefsrc(fib, r))
        return vnet_err(err, EINVAL, "Invalid prefsrc address");
    return 0;
}

struct fib_route *fib_create_info(struct fib *fib, const struct vnet_route_info *req, int *error,
                                  struct vnet_err *err)
{
    *error = check_request(req, err);
    if (*error)
        return NULL;
    const struct nexthop *object = req->nhid ? nexthop_find(fib->ns, req->nhid) : NULL;
    if (req->nhid && !object) {
        *error = vnet_err(err, EINVAL, "Nexthop id does not exist");
        return NULL;
    }
    struct fib_route *r = route_from(fib, req);
    if (object)
        nexthop_fill_route(r, object);
    else
        nexthops_from(fib->ns, r, req);
    *error = check_info(fib, r, req, err);
    if (!*error)
        return r;
    fib_route_free(r);
    return NULL;
}

/* ---- sources ---- */

void fib_prefsrc(const struct netns *ns, const struct fib_result *res, struct inet_addr *out)
{
    const struct fib_nexthop *nh = res->nh;
    *out = res->route->prefsrc;
    if (out->family || !nh->dev)
        return;
    static const struct inet_addr none;
    const struct inet_addr *dst = nh->gateway.family == VNET_AF_INET ? &nh->gateway : &none;
    if (!inet_select_addr(ns, nh->dev, dst, res->route->scope, out))
        *out = none;
}

/* ---- devices come and go ---- */

enum down_event { EVENT_CHANGE, EVENT_DOWN, EVENT_UNREGISTER };
struct sync_down {
    const struct netdev *dev;
    enum down_event event;
    bool force;
    int dead;
};

/* Nexthop objects keep their own watch on devices. */
static bool uses_dev(const struct fib_route *r, const struct netdev *dev)
{
    if (r->nhid)
        return false;
    for (unsigned i = 0; i < r->nnh; i++)
        if (r->nh[i].dev == dev)
            return true;
    return false;
}

static bool nexthop_down(struct fib_nexthop *nh, const struct sync_down *s)
{
    if (nh->flags & VNET_RTNH_F_DEAD)
        return true;
    if (nh->dev != s->dev || (!s->force && nh->scope == VNET_SCOPE_NOWHERE))
        return false;
    if (s->event != EVENT_CHANGE)
        nh->flags |= VNET_RTNH_F_DEAD;
    nh->flags |= VNET_RTNH_F_LINKDOWN;
    return true;
}

/* fib_sync_down_dev() */
static void route_down(struct fib *fib, struct fib_table *t, struct fib_node *n,
                       struct fib_route *r, void *arg)
{
    struct sync_down *s = arg;
    (void)t;
    (void)n;
    if (!uses_dev(r, s->dev))
        return;
    fib->lame = true;
    unsigned dead = 0;
    for (unsigned i = 0; i < r->nnh; i++) {
        dead += nexthop_down(&r->nh[i], s);
        if (s->event == EVENT_UNREGISTER && r->nh[i].dev == s->dev)
            dead = r->nnh;
        if (dead == r->nnh)
            break;
    }
    if (dead != r->nnh)
        return;
    if (s->event != EVENT_CHANGE)
        r->flags |= VNET_RTNH_F_DEAD;
    r->flags |= VNET_RTNH_F_LINKDOWN;
    s->dead++;
}

static int sync_down_dev(struct netdev *dev, enum down_event event, bool force)
{
    struct sync_down s = {dev, event, force, 0};
    if (event == EVENT_CHANGE && !fib_kernel_since(dev->ns, 0x040200))
        return 0;
    fib_each_safe(dev->ns->fib4, route_down, &s);
    return s.dead;
}

struct sync_addr {
    const struct inet_addr *local;
    int dead;
};

static void route_lost_source(struct fib *fib, struct fib_table *t, struct fib_node *n,
                              struct fib_route *r, void *arg)
{
    enum { KERNEL_TELLS = 0x060100 }; /* fib_info.pfsrc_removed, of 6.7 and of later 6.1 */
    struct sync_addr *s = arg;
    (void)n;
    if (t->id != VNET_RT_TABLE_MAIN || !inet_addr_eq(&r->prefsrc, s->local))
        return;
    if (fib_kernel_since(fib->ns, KERNEL_TELLS))
        rtmsg_fib(fib->ns, r, VNET_RTM_DELROUTE);
    r->flags |= VNET_RTNH_F_DEAD;
    s->dead++;
}

int fib_sync_down_addr(struct netns *ns, const struct inet_addr *local)
{
    struct sync_addr s = {local, 0};
    if (!fib_may_prefer(ns->fib4, local))
        return 0;
    fib_each_safe(ns->fib4, route_lost_source, &s);
    return s.dead;
}

struct sync_up {
    const struct netdev *dev;
    uint8_t flags;
};

static void revive(struct fib_route *r, const struct sync_up *s)
{
    unsigned alive = 0;
    for (unsigned i = 0; i < r->nnh; i++) {
        struct fib_nexthop *nh = &r->nh[i];
        if (!(nh->flags & s->flags)) {
            alive++;
        } else if (nh->dev == s->dev && s->dev->in_dev) {
            nh->flags &= (uint8_t)~s->flags;
            alive++;
        }
    }
    if (alive)
        r->flags &= ~(uint32_t)s->flags;
}

static void route_up(struct fib *fib, struct fib_table *t, struct fib_node *n, struct fib_route *r,
                     void *arg)
{
    const struct sync_up *s = arg;
    (void)t;
    (void)n;
    if (uses_dev(r, s->dev))
        revive(r, s);
    fib->lame |= fib_route_lame(r);
}

/* fib_sync_up() */
static void sync_up(struct netdev *dev, uint8_t flags)
{
    if (!netif_running(dev))
        return;
    if (flags & VNET_RTNH_F_DEAD && netdev_flags(dev) & (VNET_IFF_RUNNING | VNET_IFF_LOWER_UP))
        flags |= VNET_RTNH_F_LINKDOWN;
    struct sync_up s = {dev, flags};
    if (dev->ns->fib4->lame) {
        dev->ns->fib4->lame = false;
        fib_each_safe(dev->ns->fib4, route_up, &s);
    }
    vnet_touch(dev->ns->w);
}

void fib4_dev_up(struct netdev *dev)
{
    sync_up(dev, VNET_RTNH_F_DEAD);
}

void fib4_dev_down(struct netdev *dev, bool unregister, bool force)
{
    enum down_event event = unregister ? EVENT_UNREGISTER : EVENT_DOWN;
    if (sync_down_dev(dev, event, force))
        fib4_flush(dev->ns);
}

void fib4_dev_carrier(struct netdev *dev)
{
    if (netdev_flags(dev) & (VNET_IFF_RUNNING | VNET_IFF_LOWER_UP))
        sync_up(dev, VNET_RTNH_F_LINKDOWN);
    else
        sync_down_dev(dev, EVENT_CHANGE, false);
    vnet_touch(dev->ns->w);
}

/* ---- multipath ---- */

/* fib_good_nh(): is the gateway reachable, as far as is known? */
static bool good(const struct netns *ns, const struct fib_nexthop *nh)
{
    return nh->scope != VNET_SCOPE_LINK || !nh->gateway.family || multipath_gateway_good(ns, nh);
}

static unsigned live_weight(const struct fib_nexthop *nh)
{
    bool down = nh->flags & VNET_RTNH_F_LINKDOWN && nh->dev && nh->dev->in_dev &&
                in_dev_orconf(nh->dev->in_dev, IPV4_CONF_ignore_routes_with_linkdown);
    return nh->flags & VNET_RTNH_F_DEAD || down ? 0 : nh->weight + 1U;
}

/* fib_select_multipath() with the upper bounds of fib_rebalance() */
static void select_multipath(const struct netns *ns, uint32_t hash, struct fib_result *res)
{
    const struct fib_route *r = res->route;
    bool ask = net_sysctl(ns, NET_IPV4_FIB_MULTIPATH_USE_NEIGH), first = true;
    uint64_t total = 0, upto = 0;
    for (unsigned i = 0; i < r->nnh; i++)
        total += live_weight(&r->nh[i]);
    for (unsigned i = 0; total && i < r->nnh; i++) {
        const struct fib_nexthop *nh = &r->nh[i];
        if (!live_weight(nh))
            continue;
        upto += live_weight(nh);
        if (ask && !good(ns, nh))
            continue;
        if (ask && first) /* unless another is found */
            res->nh = nh;
        first = false;
        if (multipath_takes(hash, upto, total)) {
            res->nh = nh;
            return;
        }
    }
}

void fib_select_path(struct netns *ns, const struct flow *fl, struct fib_result *res)
{
    if (fl->oif || res->route->nnh <= 1)
        return;
    if (res->route->nhid)
        res->nh = nexthop_select(ns, res->route, multipath_hash(ns, fl));
    else
        select_multipath(ns, multipath_hash(ns, fl), res);
}
