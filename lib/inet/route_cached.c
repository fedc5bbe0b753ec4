/* Exceptions as `ip route show cache` lists and flushes them (fib_dump_info_fnhe(),
 * rt6_nh_dump_exceptions(); kernels before 5.3 do not show them). */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "inet/fib_exception.h"
#include "inet/fib_internal.h"
#include "sim/world.h"
#include "vnet_route.h"

struct owner {
    const struct fib_exception *e;
    const struct fib_route *route;
};

static int is_owner(const struct fib_route *r, void *arg)
{
    struct owner *o = arg;
    o->route = r;
    return fib_exception_hangs_on(o->e, r);
}

static void fill_gateway(const struct fib_exception *e, struct vnet_route_info *info,
                         struct vnet_nexthop *nh)
{
    static const struct inet_addr on_link = {0};
    *nh = (struct vnet_nexthop){.oif = e->ifindex, .gateway = e->gateway};
    if (e->redirect.family)
        nh->gateway = inet_addr_eq(&e->redirect, &e->daddr) ? on_link : e->redirect;
    info->nh = nh;
    info->nnh = 1;
}

/* rt_fill_info(), rt6_fill_node() of what hangs on a route. */
static void fill(const struct netns *ns, const struct fib_exception *e, const struct fib_route *r,
                 struct vnet_route_info *info, struct vnet_nexthop *nh)
{
    uint8_t family = e->daddr.family;
    struct vnet_nexthop *all = mem_calloc(VNET_NEXTHOPS_MAX, sizeof(*all));
    fib_fill_info(ns, r, family, info, all);
    free(all);
    info->dst = e->daddr;
    info->dst_len = family == VNET_AF_INET6 ? 128 : 32;
    info->prefsrc = (struct inet_addr){0};
    info->nhid = 0;
    info->flags = VNET_RTM_F_CLONED;
    info->has_cacheinfo = true;
    fill_gateway(e, info, nh);
    fib_fill_learned(ns, e->mtu, e->mtu_locked, e->expires, info);
    if (family == VNET_AF_INET) {
        info->priority = 0;
        info->protocol = info->scope = 0;
        if (e->redirect.family)
            info->flags |= VNET_RTCF_REDIRECTED;
    }
}

static bool is_over(const struct netns *ns, const struct fib_exception *e)
{
    return e->expires && e->expires <= ns->w->now;
}

static int dump_family(const struct netns *ns, const struct fib *fib,
                       int (*cb)(const struct vnet_route_info *info, void *arg), void *arg)
{
    list_each(pos, &fib->exceptions)
    {
        struct owner o = {.e = list_entry(pos, struct fib_exception, node)};
        struct vnet_route_info info;
        struct vnet_nexthop nh;
        if (is_over(ns, o.e) || !fib_each(fib, is_owner, &o))
            continue;
        fill(ns, o.e, o.route, &info, &nh);
        int rc = cb(&info, arg);
        if (rc)
            return rc;
    }
    return 0;
}

int vnet_route_dump_cached(const struct netns *ns, uint8_t family,
                           int (*cb)(const struct vnet_route_info *info, void *arg), void *arg)
{
    int rc = 0;
    if (!fib_kernel_since(ns, 0x050300))
        return 0;
    if (family != VNET_AF_INET6)
        rc = dump_family(ns, ns->fib4, cb, arg);
    if (!rc && family != VNET_AF_INET)
        rc = dump_family(ns, ns->fib6, cb, arg);
    return rc;
}

int vnet_route_del_cached(struct netns *ns, const struct vnet_route_info *r)
{
    struct fib *fib = r->family == VNET_AF_INET6 ? ns->fib6 : ns->fib4;
    list_each_safe(pos, tmp, &fib->exceptions)
    {
        struct fib_exception *e = list_entry(pos, struct fib_exception, node);
        if (!inet_addr_eq(&e->daddr, &r->dst) || (r->nnh && e->ifindex != r->nh[0].oif))
            continue;
        fib_exception_free(e);
        vnet_touch(ns->w);
        return 0;
    }
    return -ESRCH;
}

void vnet_route_flush_cache(struct netns *ns)
{
    fib_exceptions_flush(ns->fib4);
    vnet_touch(ns->w);
}
