/* IPv6 routes as a user asks for them: the checks of ip6_route_add() and ip6_route_del()
 * (net/ipv6/route.c, kernels 6.1 to 6.18). */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "inet/addrconf.h"
#include "inet/fib_internal.h"
#include "inet/nexthop.h"
#include "inet/rtnetlink.h"
#include "sim/world.h"

/* ---- gateways: ip6_validate_gw() ---- */

static bool is_v4mapped(const struct inet_addr *a)
{
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(a->bytes, prefix, sizeof(prefix)) == 0;
}

static bool valid_gateway(const struct inet_addr *gw)
{
    return is_v4mapped(gw) ||
           !(inet_addr_is_any(gw) || inet_addr_is_multicast(gw) || inet_addr_is_loopback(gw));
}

static int lookup_in(struct fib *fib, uint32_t table, const struct flow *fl, unsigned flags,
                     struct fib_result *res)
{
    const struct fib_table *t = fib_get_table(fib, table);
    return t ? fib6_table_lookup(fib, t, fl, flags | RT6_LOOKUP_F_IGNORE_LINKSTATE, res) : -EINVAL;
}

/* ip6_route_check_nh_onlink() */
static int check_onlink(struct fib *fib, const struct flow *fl, const struct netdev *dev,
                        struct vnet_err *err)
{
    struct fib_result res = {0};
    int error = lookup_in(fib, VNET_RT_TABLE_MAIN, fl, 0, &res);
    if (!error && !inet_addr_is_any(&res.route->dst.addr) &&
        (res.type != VNET_RTN_UNICAST || res.nh->dev != dev))
        return vnet_err(err, EINVAL, "Nexthop has invalid gateway or device mismatch");
    return 0;
}

/* Does it not lead to a gateway directly? A route by lo rejects (fib6_is_reject()). */
static bool leads_on(const struct fib_result *res)
{
    return res->nh->gateway.family ||
           (netif_is_loopback(res->nh->dev) && res->type == VNET_RTN_UNICAST &&
            !inet_addr_is_loopback(&res->route->dst.addr));
}

/* ip6_route_check_nh(): the gateway must be reached directly; finds or confirms *dev. */
static int check_reachable(struct fib *fib, const struct flow *fl, uint32_t table,
                           struct netdev **dev)
{
    struct fib_result res = {0};
    int error = lookup_in(fib, table, fl, RT6_LOOKUP_F_IFACE, &res);
    if (error || leads_on(&res) || (*dev && *dev != res.nh->dev)) {
        struct flow plain = *fl;
        plain.saddr = (struct inet_addr){0};
        error = fib6_lookup(fib, &plain, RT6_LOOKUP_F_IFACE, &res);
        if (error || leads_on(&res))
            return -EHOSTUNREACH;
    }
    if (*dev && *dev != res.nh->dev)
        return -EHOSTUNREACH;
    *dev = res.nh->dev;
    return 0;
}

/* ipv6_chk_addr_and_flags() of a gateway: a link-local one on the device only. */
static bool is_own_address(struct netns *ns, const struct inet_addr *gw, const struct netdev *dev)
{
    return ipv6_find_addr(ns, gw, inet_addr_is_linklocal(gw) ? dev : NULL, true) != NULL;
}

static int local_gateway(struct vnet_err *err)
{
    return vnet_err(err, EINVAL, "Gateway can not be a local address");
}

static int validate_gateway(struct fib *fib, const struct inet_addr *gw, uint32_t table,
                            bool onlink, const struct inet_addr *prefsrc, struct netdev **dev,
                            struct vnet_err *err)
{
    bool given = *dev;
    if (given && is_own_address(fib->ns, gw, *dev))
        return local_gateway(err);
    if (!inet_addr_is_linklocal(gw)) {
        if (!valid_gateway(gw))
            return vnet_err(err, EINVAL, "Invalid gateway address");
        struct flow fl = {
            .family = VNET_AF_INET6, .daddr = *gw, .oif = given ? (*dev)->ifindex : 0};
        if (prefsrc)
            fl.saddr = *prefsrc;
        int error =
            onlink ? check_onlink(fib, &fl, *dev, err) : check_reachable(fib, &fl, table, dev);
        if (error)
            return error;
    }
    if (!*dev)
        return vnet_err(err, EINVAL, "Egress device not specified");
    if (netif_is_loopback(*dev))
        return vnet_err(err, EINVAL, "Egress device can not be loopback device for this route");
    if (!given && is_own_address(fib->ns, gw, *dev))
        return local_gateway(err);
    return 0;
}

static int check_device(const struct netdev *dev, struct vnet_err *err)
{
    if (!dev)
        return -ENODEV;
    if (!dev->in6_dev || in6_dev_conf(dev->in6_dev, IPV6_CONF_disable_ipv6))
        return vnet_err(err, EACCES, "IPv6 is disabled on nexthop device");
    if (!netif_running(dev))
        return vnet_err(err, ENETDOWN, "Nexthop device is not up");
    return 0;
}

static int check_onlink_device(const struct netdev *dev, struct vnet_err *err)
{
    if (!dev)
        return vnet_err(err, ENODEV, "Nexthop device required for onlink");
    if (!netif_running(dev))
        return vnet_err(err, ENETDOWN, "Nexthop device is not up");
    return 0;
}

int fib6_check_gateway(struct fib *fib, const struct inet_addr *gw, uint32_t table, bool onlink,
                       const struct inet_addr *prefsrc, struct netdev **dev, struct vnet_err *err)
{
    int error = onlink ? check_onlink_device(*dev, err) : 0;
    if (!error)
        error = validate_gateway(fib, gw, table, onlink, prefsrc, dev, err);
    return error ? error : check_device(*dev, err);
}

/* ---- ip6_route_info_create() ---- */

static int check_request(const struct vnet_route_info *req, struct vnet_err *err)
{
    if (req->type > VNET_RTN_MAX)
        return vnet_err(err, EINVAL, "Invalid route type");
    if (req->dst_len > 128)
        return vnet_err(err, EINVAL, "Invalid prefix length");
    if (req->src_len > 128)
        return vnet_err(err, EINVAL, "Invalid source address length");
    return 0;
}

static bool is_reject(uint8_t type)
{
    return type >= VNET_RTN_BLACKHOLE && type <= VNET_RTN_THROW;
}

struct wanted { /* what of a route matters to its nexthop */
    uint8_t type;
    uint32_t table;
    const struct inet_addr *prefsrc; /* NULL: none */
};

static int init_nexthop(struct fib *fib, struct fib_nexthop *nh, const struct vnet_nexthop *want,
                        const struct wanted *of, struct vnet_err *err)
{
    bool onlink = want->flags & VNET_RTNH_F_ONLINK;
    if (want->oif) {
        nh->dev = netdev_by_index(fib->ns, want->oif);
        if (!nh->dev || !nh->dev->in6_dev)
            return -ENODEV;
    }
    int error = onlink ? check_onlink_device(nh->dev, err) : 0;
    if (error)
        return error;
    nh->flags = onlink ? VNET_RTNH_F_ONLINK : 0;
    nh->weight = want->weight;
    if (is_reject(of->type)) {
        nh->dev = fib->ns->loopback;
        return nh->dev->in6_dev ? 0 : -ENODEV;
    }
    if (want->gateway.family) {
        nh->gateway = want->gateway;
        error =
            fib6_check_gateway(fib, &want->gateway, of->table, onlink, of->prefsrc, &nh->dev, err);
    } else {
        error = check_device(nh->dev, err);
    }
    if (!error)
        nh->flags |= fib6_linkdown(nh->dev, of->type);
    return error;
}

int fib6_nh_init(struct fib *fib, struct fib_nexthop *nh, const struct vnet_nexthop *want,
                 struct vnet_err *err)
{
    const struct wanted of = {VNET_RTN_UNICAST, VNET_RT_TABLE_MAIN, NULL};
    return init_nexthop(fib, nh, want, &of, err);
}

static int route_nexthop(struct fib *fib, struct fib_route *r, const struct vnet_route_info *req,
                         const struct vnet_nexthop *want, struct vnet_err *err)
{
    const struct wanted of = {r->type, r->table, r->prefsrc.family ? &r->prefsrc : NULL};
    const struct nexthop *object = req->nhid ? nexthop_find(fib->ns, req->nhid) : NULL;
    if (!req->nhid)
        return init_nexthop(fib, &r->nh[0], want, &of, err);
    if (!object)
        return vnet_err(err, EINVAL, "Nexthop id does not exist");
    int error = nexthop_check_route(object, VNET_AF_INET6, r->scope, err);
    if (!error)
        nexthop_fill_route(r, object);
    return error;
}

enum { PREF_HIGH = 1, PREF_LOW = 3 }; /* ICMPV6_ROUTER_PREF_* */

static void route_fields(const struct fib *fib, struct fib_route *r,
                         const struct vnet_route_info *req)
{
    list_init(&r->node);
    r->dst.addr = inet_addr_any(VNET_AF_INET6);
    if (req->dst.family)
        r->dst.addr = inet_addr_masked(&req->dst, req->dst_len);
    r->dst.len = req->dst_len;
    r->src.addr = inet_addr_masked(&req->src, req->src_len);
    r->src.len = req->src_len;
    r->type = req->type ? req->type : VNET_RTN_UNICAST;
    r->protocol = req->protocol ? req->protocol : VNET_RTPROT_BOOT;
    r->pref = req->pref == PREF_HIGH || req->pref == PREF_LOW ? req->pref : 0; /* medium */
    r->table = req->table ? req->table : VNET_RT_TABLE_MAIN;
    r->priority = req->priority ? req->priority : IP6_RT_PRIO_USER;
    r->flags = req->rtf;
    if (req->prefsrc.family && !inet_addr_is_any(&req->prefsrc))
        r->prefsrc = req->prefsrc;
    if (req->expires)
        r->expires = fib->ns->w->now + req->expires * NSEC_PER_SEC;
    fib_route_hops(r, 1);
}

bool fib6_rejects(const struct fib_route *r)
{
    const struct netdev *dev = r->nh[0].dev;
    return is_reject(r->type) ||
           (dev && netif_is_loopback(dev) && !inet_addr_is_loopback(&r->dst.addr) &&
            r->type != VNET_RTN_LOCAL && r->type != VNET_RTN_ANYCAST);
}

static int check_info(struct fib *fib, struct fib_route *r, const struct vnet_route_info *req,
                      const struct vnet_nexthop *want, struct vnet_err *err)
{
    int error = fib_metrics_init(req->metrics, &r->metrics, err);
    if (!error)
        error = route_nexthop(fib, r, req, want, err);
    if (error)
        return error;
    if (!req->nhid && fib6_rejects(r)) { /* its flags become RTF_REJECT and RTF_NONEXTHOP alone */
        r->expires = 0;
        r->pref = 0;
    }
    /* ipv6_chk_addr(): one of the link's own scope must be on the device */
    bool here = inet_addr_is_linklocal(&r->prefsrc) || inet_addr_is_loopback(&r->prefsrc);
    if (r->prefsrc.family &&
        !ipv6_find_addr(fib->ns, &r->prefsrc, here ? r->nh[0].dev : NULL, false))
        return vnet_err(err, EINVAL, "Invalid source address");
    return 0;
}

static struct fib_route *create_info(struct fib *fib, const struct vnet_route_info *req,
                                     const struct vnet_nexthop *want, int *error,
                                     struct vnet_err *err)
{
    struct fib_route *r = mem_alloc(sizeof(*r));
    route_fields(fib, r, req);
    *error = check_info(fib, r, req, want, err);
    if (!*error)
        return r;
    fib_route_free(r);
    return NULL;
}

/* ---- add ---- */

enum { KERNEL_GATEWAYS_FIRST = 0x061000 }; /* whether nexthops have some is seen at once */

static int append_sibling(const struct fib *fib, struct fib_route **all, unsigned n,
                          struct fib_route *r, struct vnet_err *err)
{
    if (!fib6_ecmp(r) && !fib_kernel_since(fib->ns, KERNEL_GATEWAYS_FIRST))
        return vnet_err(err, EINVAL,
                        "Device only routes can not be added for IPv6 using the multipath API.");
    for (unsigned i = 0; i < n; i++) /* ip6_route_info_append() */
        if (all[i]->nh[0].dev == r->nh[0].dev &&
            inet_addr_eq(&all[i]->nh[0].gateway, &r->nh[0].gateway))
            return -EEXIST;
    all[n] = r;
    return 0;
}

static void undo_siblings(struct fib *fib, const struct vnet_route_info *req, unsigned n)
{
    struct vnet_route_info one = *req;
    for (unsigned i = 0; i < n; i++) {
        one.nnh = 1;
        one.nh = &req->nh[i];
        fib6_route_del(fib, &one, NULL);
    }
}

static int insert_siblings(struct fib *fib, struct fib_table *t, struct fib_route **all,
                           const struct vnet_route_info *req, unsigned nlflags,
                           struct vnet_err *err)
{
    bool replace = nlflags & VNET_NLM_F_REPLACE;
    for (unsigned i = 0; i < req->nnh; i++) {
        unsigned silent = i + 1 < req->nnh ? FIB6_SILENT : 0; /* ip6_route_mpath_notify() */
        int error = fib6_insert(fib, t, all[i], nlflags | silent, err);
        all[i] = NULL;
        if (error) {
            if (replace && i)
                vnet_err(err, -error,
                         "IPv6: multipath route replace failed (check consistency of installed "
                         "routes)");
            undo_siblings(fib, req, i);
            return error;
        }
        nlflags &= ~(unsigned)(VNET_NLM_F_EXCL | VNET_NLM_F_REPLACE);
        nlflags |= VNET_NLM_F_CREATE;
    }
    return 0;
}

/* rtm_to_fib6_multipath_config(); before, each nexthop was looked at when it was its turn. */
static int check_gateways(const struct fib *fib, const struct vnet_route_info *req,
                          struct vnet_err *err)
{
    if (!req->multipath || !fib_kernel_since(fib->ns, KERNEL_GATEWAYS_FIRST))
        return 0;
    for (unsigned i = 0; i < req->nnh; i++)
        if (!req->nh[i].gateway.family)
            return vnet_err(
                err, EINVAL,
                "Device only routes can not be added for IPv6 using the multipath API.");
    return 0;
}

/* ip6_route_multipath_add() */
static int multipath_add(struct fib *fib, struct fib_table *t, const struct vnet_route_info *req,
                         unsigned nlflags, struct vnet_err *err)
{
    struct fib_route *all[VNET_NEXTHOPS_MAX] = {NULL};
    int error = req->nnh > VNET_NEXTHOPS_MAX ? -EINVAL : 0;
    for (unsigned i = 0; !error && i < req->nnh; i++) {
        struct vnet_nexthop want = req->nh[i];
        want.flags |= (uint8_t)(req->flags & VNET_RTNH_F_ONLINK);
        struct fib_route *r = create_info(fib, req, &want, &error, err);
        if (!error)
            error = append_sibling(fib, all, i, r, err);
        if (error && r)
            fib_route_free(r);
    }
    if (!error)
        error = insert_siblings(fib, t, all, req, nlflags, err);
    for (unsigned i = 0; i < VNET_NEXTHOPS_MAX; i++)
        fib_route_free(all[i]);
    return error;
}

int fib6_route_add(struct fib *fib, const struct vnet_route_info *req, unsigned nlflags,
                   struct vnet_err *err)
{
    static const struct vnet_nexthop none;
    int error = check_request(req, err);
    if (!error)
        error = check_gateways(fib, req, err);
    if (error)
        return error;
    struct fib_table *t = fib_new_table(fib, req->table);
    if (req->nnh > 1 || req->multipath)
        return multipath_add(fib, t, req, nlflags, err);
    struct fib_route *r = create_info(fib, req, req->nnh ? req->nh : &none, &error, err);
    return r ? fib6_insert(fib, t, r, nlflags, err) : error;
}

/* ---- delete ---- */

static bool delete_matches(const struct vnet_route_info *req, const struct vnet_nexthop *want,
                           const struct fib_route *r)
{
    const struct fib_nexthop *nh = &r->nh[0];
    if (req->nhid && req->nhid != r->nhid)
        return false;
    return (!req->priority || req->priority == r->priority) &&
           (!req->protocol || req->protocol == r->protocol) &&
           (!want->oif || (nh->dev && nh->dev->ifindex == want->oif)) &&
           (!want->gateway.family || inet_addr_eq(&want->gateway, &nh->gateway));
}

static void delete_siblings(struct fib *fib, struct fib_table *t, struct fib_node *n,
                            uint32_t metric)
{
    list_each_safe(pos, tmp, &n->routes)
    {
        struct fib_route *r = list_entry(pos, struct fib_route, node);
        if (r->priority == metric && fib6_ecmp(r))
            fib_unlink(fib, t, r);
    }
}

/* A table's root without routes holds fib6_null_entry, which matches but is not to be deleted. */
static int delete_null_entry(struct fib *fib, const struct vnet_route_info *req,
                             const struct vnet_nexthop *want)
{
    bool fits = req->dst_len == 0 && req->src_len == 0 && !want->gateway.family &&
                (!req->priority || req->priority == UINT32_MAX) &&
                (!req->protocol || req->protocol == VNET_RTPROT_KERNEL) &&
                (!want->oif || want->oif == fib->ns->loopback->ifindex);
    return fits ? -ENOENT : -ESRCH;
}

/* fib6_locate(): a destination without sources is found whatever source is asked for. */
static struct fib_node *locate(const struct fib_table *t, const struct vnet_route_info *req)
{
    const struct inet_prefix dst = {req->dst.family ? req->dst : inet_addr_any(VNET_AF_INET6),
                                    req->dst_len},
                             src = {req->src, req->src_len};
    struct fib_node *n = fib_trie_find(t->trie, &dst);
    return n && n->subtree && src.len ? fib_trie_find_src(n, &src) : n;
}

static int delete_one(struct fib *fib, struct fib_table *t, const struct vnet_route_info *req,
                      const struct vnet_nexthop *want, bool all_nexthops)
{
    struct fib_node *n = locate(t, req);
    if (!n || list_empty(&n->routes))
        return delete_null_entry(fib, req, want);
    list_each(pos, &n->routes)
    {
        struct fib_route *r = list_entry(pos, struct fib_route, node);
        if (!r->nnh || !delete_matches(req, want, r))
            continue;
        bool all = fib6_ecmp(r) && all_nexthops && !want->gateway.family;
        inet6_rt_notify(fib->ns, all ? n : NULL, r, VNET_RTM_DELROUTE);
        if (all)
            delete_siblings(fib, t, n, r->priority);
        else
            fib_unlink(fib, t, r);
        fib_trie_prune(t->trie, n);
        vnet_touch(fib->ns->w);
        return 0;
    }
    return -ESRCH;
}

int fib6_route_del(struct fib *fib, const struct vnet_route_info *req, struct vnet_err *err)
{
    static const struct vnet_nexthop none;
    struct fib_table *t = fib_get_table(fib, req->table);
    if (!t)
        return vnet_err(err, ESRCH, "FIB table does not exist");
    if (req->nnh <= 1)
        return delete_one(fib, t, req, req->nnh ? req->nh : &none, true);
    int last = 0;
    for (unsigned i = 0; i < req->nnh; i++) {
        int error = delete_one(fib, t, req, &req->nh[i], false);
        if (error)
            last = error;
    }
    return last;
}
