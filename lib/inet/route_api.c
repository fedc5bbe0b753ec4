/* Routes as a user asks for them: RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE
 * (net/ipv4/fib_frontend.c, route.c; net/ipv6/route.c). */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "inet/addrconf.h"
#include "inet/devinet.h"
#include "inet/fib_internal.h"
#include "inet/nexthop.h"
#include "inet/route.h"
#include "sim/world.h"

enum { ETHERTYPE_IPV4 = 0x0800, PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_ICMPV6 = 58 };

static struct fib *fib_of(const struct netns *ns, uint8_t family)
{
    return family == VNET_AF_INET6 ? ns->fib6 : family == VNET_AF_INET ? ns->fib4 : NULL;
}

/* ---- add and delete ---- */

/* rtm_to_fib_config() */
static int check_request4(const struct netns *ns, const struct vnet_route_info *r,
                          struct vnet_err *err)
{
    if (r->tos & 3 && fib_kernel_since(ns, 0x051100)) /* 5.17 */
        return vnet_err(err, EINVAL, "Invalid dsfield (tos): ECN bits must be 0");
    if (r->type > VNET_RTN_MAX)
        return vnet_err(err, EINVAL, "Invalid route type");
    if (r->dst_len > 32)
        return vnet_err(err, EINVAL, "Invalid prefix length");
    struct inet_addr net = inet_addr_masked(&r->dst, r->dst_len);
    if (r->dst.family && !inet_addr_eq(&net, &r->dst))
        return vnet_err(err, EINVAL, "Invalid prefix for given prefix length");
    return 0;
}

static int check_request6(const struct vnet_route_info *r, struct vnet_err *err)
{
    if (r->tos)
        return vnet_err(err, EINVAL, "Invalid dsfield (tos): option not available for IPv6");
    for (unsigned i = 0; i < r->nnh; i++)
        if (r->nh[i].gateway.family == VNET_AF_INET)
            return vnet_err(err, EINVAL, "IPv6 does not support RTA_VIA attribute");
    return 0;
}

static int route_add4(struct netns *ns, const struct vnet_route_info *r, unsigned nlflags,
                      struct vnet_err *err)
{
    int error = check_request4(ns, r, err);
    if (error)
        return error;
    struct fib_table *t = fib_new_table(ns->fib4, r->table);
    struct fib_route *route = fib_create_info(ns->fib4, r, &error, err);
    if (!route)
        return error;
    uint8_t type = route->type;
    error = fib4_insert(ns->fib4, t, route, nlflags);
    if (!error && type == VNET_RTN_LOCAL)
        ns->fib4->custom_local = true;
    return error;
}

static int check_nhid(const struct vnet_route_info *r, struct vnet_err *err)
{
    if (r->nhid && r->nnh)
        return vnet_err(err, EINVAL, "Nexthop specification and nexthop id are mutually exclusive");
    return 0;
}

/* inet_rtm_delroute(), inet6_rtm_delroute(): the object must be there. */
static int check_nhid_to_delete(const struct netns *ns, const struct vnet_route_info *r,
                                struct vnet_err *err)
{
    int rc = check_nhid(r, err);
    if (rc == 0 && r->nhid && !nexthop_find(ns, r->nhid))
        return vnet_err(err, EINVAL, "Nexthop id does not exist");
    return rc;
}

int vnet_route_add(struct netns *ns, const struct vnet_route_info *r, unsigned nlflags,
                   struct vnet_err *err)
{
    err = fib_extack(ns, err);
    int rc = check_nhid(r, err);
    if (rc)
        return rc;
    if (r->family == VNET_AF_INET)
        return route_add4(ns, r, nlflags, err);
    if (r->family != VNET_AF_INET6)
        return -EOPNOTSUPP;
    int error = check_request6(r, err);
    return error ? error : fib6_route_add(ns->fib6, r, nlflags, err);
}

int vnet_route_del(struct netns *ns, const struct vnet_route_info *r, struct vnet_err *err)
{
    err = fib_extack(ns, err);
    int rc = check_nhid_to_delete(ns, r, err);
    if (rc)
        return rc;
    if (r->family == VNET_AF_INET6) {
        int error = check_request6(r, err);
        return error ? error : fib6_route_del(ns->fib6, r, err);
    }
    if (r->family != VNET_AF_INET)
        return -EOPNOTSUPP;
    int error = check_request4(ns, r, err);
    if (error)
        return error;
    struct vnet_route_info req = *r;
    struct fib_table *t = fib_get_table(ns->fib4, r->table);
    if (!req.dst.family)
        req.dst = inet_addr_any(VNET_AF_INET);
    if (!t)
        return vnet_err(err, ESRCH, "FIB table does not exist");
    return fib4_delete(ns->fib4, t, &req);
}

bool vnet_route_table_exists(const struct netns *ns, uint8_t family, uint32_t table)
{
    const struct fib *fib = fib_of(ns, family);
    return fib && fib_get_table(fib, table);
}

/* ---- a route as it is shown ---- */

static bool ignores_linkdown(const struct fib_nexthop *nh, uint8_t family)
{
    const struct netdev *dev = nh->dev;
    if (!dev)
        return false;
    if (family == VNET_AF_INET)
        return dev->in_dev && in_dev_orconf(dev->in_dev, IPV4_CONF_ignore_routes_with_linkdown);
    return dev->in6_dev && in6_dev_conf(dev->in6_dev, IPV6_CONF_ignore_routes_with_linkdown);
}

/* fib_nexthop_info() */
static void fill_nexthop(struct vnet_nexthop *out, const struct fib_nexthop *nh, uint8_t family)
{
    *out = (struct vnet_nexthop){
        .oif = nh->dev ? nh->dev->ifindex : 0, .gateway = nh->gateway, .weight = nh->weight};
    out->flags = nh->flags & (VNET_RTNH_F_DEAD | VNET_RTNH_F_LINKDOWN | VNET_RTNH_F_ONLINK);
    if (nh->flags & VNET_RTNH_F_LINKDOWN && ignores_linkdown(nh, family))
        out->flags |= VNET_RTNH_F_DEAD;
}

/* rta_expires: in hundredths of a second, 0: not shown. expires 0: never. */
static void fill_expires(const struct netns *ns, int64_t expires, struct vnet_route_info *info)
{
    int64_t left = expires - ns->w->now;
    info->has_expires = expires && left / (NSEC_PER_SEC / 100) != 0;
    info->expires = info->has_expires ? left / NSEC_PER_SEC : 0;
}

static void fill_route(const struct netns *ns, const struct fib_route *r, uint8_t family,
                       struct vnet_route_info *info)
{
    *info = (struct vnet_route_info){.family = family,
                                     .dst_len = r->dst.len,
                                     .tos = r->tos,
                                     .type = r->type,
                                     .protocol = r->protocol,
                                     .scope = r->scope,
                                     .table = r->table,
                                     .priority = r->priority,
                                     .prefsrc = r->prefsrc,
                                     .pref = r->pref,
                                     .nhid = r->nhid,
                                     .has_cacheinfo = family == VNET_AF_INET6};
    if (r->dst.len)
        info->dst = r->dst.addr;
    info->src = r->src.len ? r->src.addr : (struct inet_addr){0};
    info->src_len = r->src.len;
    if (r->blackhole)
        info->type = VNET_RTN_BLACKHOLE;
    if (r->metrics)
        memcpy(info->metrics, r->metrics, sizeof(info->metrics));
    if (family == VNET_AF_INET && r->nnh != 1)
        info->flags = r->flags;
    fill_expires(ns, r->expires, info);
}

static void fill_nexthops(const struct fib_route *r, uint8_t family, struct vnet_route_info *info,
                          struct vnet_nexthop *nh)
{
    for (unsigned i = 0; i < r->nnh && i < VNET_NEXTHOPS_MAX; i++)
        fill_nexthop(&nh[i], &r->nh[i], family);
    info->nh = nh;
    info->nnh = r->nnh < VNET_NEXTHOPS_MAX ? r->nnh : VNET_NEXTHOPS_MAX;
}

void fib_fill_info(const struct netns *ns, const struct fib_route *r, uint8_t family,
                   struct vnet_route_info *info, struct vnet_nexthop *nh)
{
    fill_route(ns, r, family, info);
    fill_nexthops(r, family, info, nh);
}

/* ---- dump ---- */

struct dump {
    const struct netns *ns;
    int (*cb)(const struct vnet_route_info *info, void *arg);
    void *arg;
    /* being filled; IPv6: siblings of one route are shown as one */
    struct vnet_route_info info;
    struct vnet_nexthop nh[VNET_NEXTHOPS_MAX];
};

static int dump_route4(const struct fib_route *r, void *arg)
{
    struct dump *d = arg;
    fill_route(d->ns, r, VNET_AF_INET, &d->info);
    fill_nexthops(r, VNET_AF_INET, &d->info, d->nh);
    return d->cb(&d->info, d->arg);
}

static bool is_sibling(const struct fib_route *a, const struct fib_route *b)
{
    return a->priority == b->priority && fib6_ecmp(a) && fib6_ecmp(b);
}

void fib6_fill_siblings(const struct fib_node *n, const struct fib_route *r,
                        struct vnet_route_info *info, struct vnet_nexthop *nh)
{
    unsigned nnh = 0;
    list_each(pos, &n->routes)
    {
        const struct fib_route *sib = list_entry(pos, struct fib_route, node);
        if (nnh < VNET_NEXTHOPS_MAX && (sib == r || is_sibling(r, sib)))
            fill_nexthop(&nh[nnh++], &sib->nh[0], VNET_AF_INET6);
    }
    info->nh = nh;
    info->nnh = nnh;
}

static struct list *last_sibling(const struct fib_node *n, struct list *pos)
{
    struct list *last = pos;
    for (struct list *p = pos; p != &n->routes; p = p->next)
        if (is_sibling(list_entry(pos, struct fib_route, node),
                       list_entry(p, struct fib_route, node)))
            last = p;
    return last;
}

/* fib6_dump_node(): goes on behind the last sibling. */
static int dump_node6(struct dump *d, const struct fib_node *n)
{
    for (struct list *pos = n->routes.next; pos != &n->routes; pos = pos->next) {
        const struct fib_route *r = list_entry(pos, struct fib_route, node);
        fill_route(d->ns, r, VNET_AF_INET6, &d->info);
        if (r->nhid)
            fill_nexthops(r, VNET_AF_INET6, &d->info, d->nh);
        else
            fib6_fill_siblings(n, r, &d->info, d->nh);
        int rc = d->cb(&d->info, d->arg);
        if (rc)
            return rc;
        pos = last_sibling(n, pos);
    }
    return 0;
}

static int dump6(struct dump *d)
{
    const struct fib *fib = d->ns->fib6;
    for (unsigned i = 0; i < fib->ntables; i++) {
        struct fib_node *n = fib_trie_first_v6(fib->tables[i]->trie);
        for (; n; n = fib_trie_next_v6(n)) {
            int rc = dump_node6(d, n);
            if (rc)
                return rc;
        }
    }
    return 0;
}

int vnet_route_dump(const struct netns *ns, uint8_t family,
                    int (*cb)(const struct vnet_route_info *info, void *arg), void *arg)
{
    struct dump d = {.ns = ns, .cb = cb, .arg = arg};
    int rc = 0;
    if (family != VNET_AF_INET6)
        rc = fib_each(ns->fib4, dump_route4, &d);
    if (!rc && family != VNET_AF_INET)
        rc = dump6(&d);
    return rc;
}

/* ---- get ---- */

/* rtm_getroute_parse_ip_proto() */
static int check_protocol(const struct vnet_route_query *q, struct vnet_err *err)
{
    switch (q->ipproto) {
    case 0:
    case PROTO_TCP:
    case PROTO_UDP:
        return 0;
    case PROTO_ICMP:
    case PROTO_ICMPV6:
        if ((q->ipproto == PROTO_ICMP) == (q->family == VNET_AF_INET))
            return 0;
        break;
    default:
        break;
    }
    return vnet_err(err, EOPNOTSUPP, "Unsupported ip proto");
}

void fib_fill_learned(const struct netns *ns, uint32_t pmtu, bool locked, int64_t expires,
                      struct vnet_route_info *info)
{
    fill_expires(ns, expires, info);
    if (pmtu && info->has_expires)
        info->metrics[VNET_RTAX_MTU] = pmtu;
    if (pmtu && locked && info->has_expires)
        info->metrics[VNET_RTAX_LOCK] |= 1U << VNET_RTAX_MTU;
}

static void fill_learned(const struct dst *dst, struct vnet_route_info *a)
{
    fib_fill_learned(dst->dev->ns, dst->pmtu, dst->mtu_locked, dst->expires, a);
}

static int find_input4(struct netns *ns, const struct vnet_route_query *q, struct flow *fl,
                       struct dst *dst)
{
    struct netdev *dev = netdev_by_index(ns, q->iif);
    if (!dev)
        return -ENODEV;
    uint8_t header[28] = {0x45, [3] = 28, [9] = fl->proto}; /* inet_rtm_getroute_build_skb() */
    put_be16(header + 20, fl->sport);
    put_be16(header + 22, fl->dport);
    struct skb skb = {.dev = dev,
                      .buf = header,
                      .cap = sizeof(header),
                      .len = sizeof(header),
                      .protocol = ETHERTYPE_IPV4,
                      .mark = q->mark};
    struct inet_addr src = q->src.family ? q->src : inet_addr_any(VNET_AF_INET);
    fl->iif = q->iif;
    int error = ip_route_input(dev, &fl->daddr, &src, q->tos, &skb, dst);
    return error ? error : dst->error;
}

static void gateway_and_dev(const struct dst *dst, struct vnet_route_info *a,
                            struct vnet_nexthop *nh)
{
    *nh = (struct vnet_nexthop){.oif = dst->dev->ifindex, .gateway = dst->gateway};
    a->nh = nh;
    a->nnh = 1;
}

/* rt_fill_info() */
static void fill_answer4(const struct vnet_route_query *q, const struct flow *fl,
                         const struct dst *dst, struct vnet_route_info *a, struct vnet_nexthop *nh)
{
    *a = (struct vnet_route_info){.family = VNET_AF_INET,
                                  .dst = q->dst,
                                  .dst_len = 32,
                                  .tos =
                                      dst->route ? ((const struct fib_route *)dst->route)->tos : 0,
                                  .type = dst->type,
                                  .table = dst->table,
                                  .mark = q->mark,
                                  .has_cacheinfo = true};
    if (!a->dst.family)
        a->dst = inet_addr_any(VNET_AF_INET);
    if (!fib_kernel_since(dst->dev->ns, 0x040400)) /* c36ba6603a11: the table was not told */
        a->table = VNET_RT_TABLE_MAIN;
    a->flags = (dst->flags & ~0xffffU) | VNET_RTM_F_CLONED;
    if (dst->do_redirect)
        a->flags |= VNET_RTCF_DOREDIRECT;
    if (q->src.family && !inet_addr_is_any(&q->src)) {
        a->src = q->src;
        a->src_len = 32;
    }
    if (!dst->input && fl->saddr.family && !inet_addr_eq(&fl->saddr, &a->src))
        a->prefsrc = fl->saddr;
    const struct fib_route *r = dst->route;
    if (r && r->metrics && !dst->plain)
        memcpy(a->metrics, r->metrics, sizeof(a->metrics));
    fill_learned(dst, a);
    a->has_uid = !q->iif || q->uid;
    a->uid = q->uid;
    a->iif = dst->input ? q->iif : 0;
    gateway_and_dev(dst, a, nh);
}

static int fibmatch4(const struct netns *ns, const struct dst *dst, struct vnet_route_info *a,
                     struct vnet_nexthop *nh)
{
    const struct fib_route *r = dst->route;
    if (!r) {
        int error = fib_type_error(dst->type);
        return error ? error : -EHOSTUNREACH;
    }
    fill_route(ns, r, VNET_AF_INET, a);
    fill_nexthops(r, VNET_AF_INET, a, nh);
    a->table = dst->table;
    a->type = dst->type;
    return 0;
}

/* inet_rtm_getroute() */
static int route_get4(struct netns *ns, const struct vnet_route_query *q, struct vnet_route_info *a,
                      struct vnet_nexthop *nh)
{
    struct dst dst = {0};
    struct flow fl = {.family = VNET_AF_INET,
                      .saddr = q->src,
                      .oif = q->oif,
                      .mark = q->mark,
                      .uid = q->uid,
                      .tos = q->tos,
                      .sport = q->sport,
                      .dport = q->dport};
    fl.daddr = q->dst.family ? q->dst : inet_addr_any(VNET_AF_INET);
    fl.proto = q->ipproto ? q->ipproto : PROTO_UDP;
    int error = q->iif ? find_input4(ns, q, &fl, &dst) : ip_route_output(ns, &fl, &dst);
    if (error)
        return error;
    if (q->fibmatch)
        return fibmatch4(ns, &dst, a, nh);
    fill_answer4(q, &fl, &dst, a, nh);
    return 0;
}

static int find_route6(struct netns *ns, const struct vnet_route_query *q, struct flow *fl,
                       struct dst *dst)
{
    if (!q->iif) {
        fl->anysrc = true; /* the source is not part of the lookup */
        return ip6_route_output(ns, fl, dst);
    }
    struct netdev *dev = netdev_by_index(ns, q->iif);
    if (!dev)
        return -ENODEV;
    struct inet_addr src = q->src.family ? q->src : inet_addr_any(VNET_AF_INET6);
    int error = ip6_route_input(dev, &fl->daddr, &src, NULL, dst);
    return error ? error : dst->error;
}

/* rt6_fill_node() of a dst */
static void fill_answer6(struct netns *ns, const struct vnet_route_query *q, const struct flow *fl,
                         const struct dst *dst, struct vnet_route_info *a, struct vnet_nexthop *nh)
{
    const struct fib_route *r = dst->route;
    fill_route(ns, r, VNET_AF_INET6, a);
    a->nhid = 0;
    a->has_expires = false; /* rt6_set_from(): not the route's own */
    fill_learned(dst, a);
    a->dst = fl->daddr;
    a->dst_len = 128;
    a->src = q->src.family ? q->src : inet_addr_any(VNET_AF_INET6); /* "from ::" */
    a->src_len = 128;
    a->iif = q->iif;
    struct inet_addr src;
    if (!q->iif && !r->prefsrc.family && r->nh[0].dev &&
        ipv6_select_addr(ns, r->nh[0].dev, &fl->daddr, &src))
        a->prefsrc = src;
    gateway_and_dev(dst, a, nh);
}

/* inet6_rtm_getroute() */
static int route_get6(struct netns *ns, const struct vnet_route_query *q, struct vnet_route_info *a,
                      struct vnet_nexthop *nh)
{
    struct dst dst = {0};
    struct flow fl = {.family = VNET_AF_INET6,
                      .saddr = q->src,
                      .oif = q->oif,
                      .mark = q->mark,
                      .uid = q->uid,
                      .tos = q->tos,
                      .proto = q->ipproto,
                      .sport = q->sport,
                      .dport = q->dport};
    fl.daddr = q->dst.family ? q->dst : inet_addr_any(VNET_AF_INET6);
    int error = find_route6(ns, q, &fl, &dst);
    if (error)
        return error;
    if (q->fibmatch) {
        fill_route(ns, dst.route, VNET_AF_INET6, a);
        fill_nexthops(dst.route, VNET_AF_INET6, a, nh);
        return 0;
    }
    fill_answer6(ns, q, &fl, &dst, a, nh);
    return 0;
}

/* inet_rtm_valid_getroute_req(), inet6_rtm_valid_getroute_req(): tools give dst_len as a host's */
static int check_strictly(const struct vnet_route_query *q, struct vnet_err *err)
{
    bool v6 = q->family == VNET_AF_INET6;
    if (!q->strict || !q->has_src || q->src_len == (v6 ? 128 : 32))
        return 0;
    if (q->src_len)
        return vnet_err(err, EINVAL,
                        v6 ? "ipv6: Invalid values in header for get route request"
                           : "ipv4: Invalid values in header for route get request");
    return vnet_err(err, EINVAL,
                    v6 ? "ipv6: rtm_src_len and rtm_dst_len must be 128 for IPv6"
                       : "ipv4: rtm_src_len and rtm_dst_len must be 32 for IPv4");
}

int vnet_route_get(struct netns *ns, const struct vnet_route_query *q,
                   struct vnet_route_info *answer, struct vnet_nexthop *nh, struct vnet_err *err)
{
    err = fib_extack(ns, err);
    int error = check_strictly(q, err);
    if (!error)
        error = check_protocol(q, err);
    if (error)
        return error;
    if (q->family == VNET_AF_INET)
        return route_get4(ns, q, answer, nh);
    return q->family == VNET_AF_INET6 ? route_get6(ns, q, answer, nh) : -EOPNOTSUPP;
}
