/* RTM_NEWNEIGH, RTM_DELNEIGH, RTM_GETNEIGH: neigh_add(), neigh_delete(), neigh_dump_info(). */
#include <errno.h>

#include "inet/neigh.h"
#include "sim/world.h"
#include "vnet_route.h"

enum {
    NEIGH_DELETE_REMOVES = 0x040d00
}; /* since 4.13 (5071034e4af7); it left a FAILED entry before */

static struct neigh_table *table_of(const struct netns *ns, uint8_t family)
{
    if (family == VNET_AF_INET)
        return ns->arp_tbl;
    return family == VNET_AF_INET6 ? ns->nd_tbl : NULL;
}

/* The checks that adding and deleting share. *dev NULL: no ifindex given. */
static int check(struct netns *ns, const struct vnet_neigh_req *r, struct neigh_table **t,
                 struct netdev **dev, struct vnet_err *err)
{
    *dev = NULL;
    if (r->dst.family == VNET_AF_UNSPEC)
        return vnet_err(err, EINVAL, "Network address not specified");
    if (r->ifindex && !(*dev = netdev_by_index(ns, r->ifindex)))
        return -ENODEV;
    if (*dev && r->has_lladdr && r->lladdr.len < (*dev)->addr.len)
        return vnet_err(err, EINVAL, "Invalid link address");
    *t = table_of(ns, r->family);
    if (!*t)
        return -EAFNOSUPPORT;
    if (inet_addr_size(r->dst.family) < inet_addr_size(r->family))
        return vnet_err(err, EINVAL, "Invalid network address");
    return 0;
}

static int add_proxy(struct neigh_table *t, struct netdev *dev, const struct vnet_neigh_req *r)
{
    bool known = neigh_proxy_lookup(t, &r->dst, dev);
    if (!known && t->ops->proxy_added && t->ops->proxy_added(dev, &r->dst) < 0)
        return -ENOBUFS;
    struct neigh_proxy *p = neigh_proxy_add(t, &r->dst, dev);
    p->flags = r->flags;
    p->permanent = r->state & VNET_NUD_PERMANENT;
    if (r->protocol)
        p->protocol = r->protocol;
    vnet_touch(t->ns->w);
    return 0;
}

static int find_or_create(struct neigh_table *t, struct netdev *dev, const struct vnet_neigh_req *r,
                          unsigned nlflags, struct neigh **out)
{
    int error = 0;
    bool exempt = (r->state & VNET_NUD_PERMANENT) || (r->flags & VNET_NTF_EXT_LEARNED);
    *out = neigh_lookup(t, dev, &r->dst);
    if (*out)
        return nlflags & VNET_NLM_F_EXCL ? -EEXIST : 1;
    if (!(nlflags & VNET_NLM_F_CREATE))
        return -ENOENT;
    *out = neigh_create(t, dev, &r->dst, r->flags & VNET_NTF_EXT_LEARNED, exempt, &error);
    return *out ? 0 : error;
}

static uint32_t update_flags(const struct vnet_neigh_req *r, bool override)
{
    uint32_t flags = NEIGH_UPDATE_F_ADMIN;
    if (override)
        flags |= NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_OVERRIDE_ISROUTER;
    if (r->flags & VNET_NTF_EXT_LEARNED)
        flags |= NEIGH_UPDATE_F_EXT_LEARNED;
    if (r->flags & VNET_NTF_ROUTER)
        flags |= NEIGH_UPDATE_F_ISROUTER;
    if (r->flags & VNET_NTF_USE)
        flags |= NEIGH_UPDATE_F_USE;
    return flags;
}

int vnet_neigh_add(struct netns *ns, const struct vnet_neigh_req *r, unsigned nlflags,
                   struct vnet_err *err)
{
    struct neigh_table *t = NULL;
    struct netdev *dev;
    struct neigh *n;
    int rc = check(ns, r, &t, &dev, err);
    if (rc < 0)
        return rc;
    if (r->flags & VNET_NTF_PROXY)
        return add_proxy(t, dev, r);
    if (!dev)
        return vnet_err(err, EINVAL, "Device not specified");
    if (t->ops->allow_add && (rc = t->ops->allow_add(dev, err)) < 0)
        return rc;
    rc = find_or_create(t, dev, r, nlflags, &n);
    if (rc < 0)
        return rc;
    vnet_touch(ns->w);
    if (r->protocol)
        n->protocol = r->protocol;
    bool override = rc == 0 || (nlflags & VNET_NLM_F_REPLACE);
    struct lladdr lladdr = r->lladdr;
    lladdr.len = dev->addr.len; /* no more than the device's own length is looked at */
    rc = neigh_update(n, r->has_lladdr ? &lladdr : NULL, r->state, update_flags(r, override), err);
    if (rc == 0 && (r->flags & VNET_NTF_USE))
        neigh_event_send(n, NULL);
    return rc;
}

int vnet_neigh_del(struct netns *ns, const struct vnet_neigh_req *r, struct vnet_err *err)
{
    struct neigh_table *t = NULL;
    struct netdev *dev;
    struct vnet_neigh_req req = *r;
    req.has_lladdr = false; /* not looked at by neigh_delete() */
    int rc = check(ns, &req, &t, &dev, err);
    if (rc < 0)
        return rc;
    if (r->flags & VNET_NTF_PROXY) {
        rc = neigh_proxy_del(t, &r->dst, dev);
        if (rc == 0)
            vnet_touch(ns->w);
        return rc;
    }
    if (!dev)
        return -EINVAL;
    struct neigh *n = neigh_lookup(t, dev, &r->dst);
    if (!n)
        return -ENOENT;
    vnet_touch(ns->w);
    rc =
        neigh_update(n, NULL, VNET_NUD_FAILED, NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_ADMIN, err);
    if (ns->w->profile->kernel.version >= NEIGH_DELETE_REMOVES && !timer_pending(&n->timer))
        neigh_remove(n);
    return rc;
}

/* ---- dump ---- */

struct dump {
    int (*cb)(const struct vnet_neigh_info *info, void *arg);
    void *arg;
};

static uint64_t ms_ago(const struct neigh *n, int64_t when)
{
    int64_t d = neigh_jiffies(n->tbl->ns->w) - when;
    return d > 0 ? (uint64_t)(d / NSEC_PER_MSEC) : 0;
}

void neigh_fill_info(const struct neigh *n, struct vnet_neigh_info *info)
{
    *info = (struct vnet_neigh_info){
        .family = n->tbl->ops->family,
        .ifindex = n->dev->ifindex,
        .dst = n->addr,
        .state = n->nud_state,
        .flags = n->flags,
        .type = n->type,
        .protocol = n->protocol,
        .probes = n->probes,
        .refcnt = timer_pending(&n->timer), /* the table's own reference is not shown */
        .used_ms = ms_ago(n, n->used),
        .confirmed_ms = ms_ago(n, n->confirmed),
        .updated_ms = ms_ago(n, n->updated),
    };
    if (n->nud_state & NUD_VALID)
        info->lladdr = n->ha;
}

static int dump_one(struct neigh *n, void *arg)
{
    const struct dump *d = arg;
    struct vnet_neigh_info info;
    neigh_fill_info(n, &info);
    return d->cb(&info, d->arg);
}

enum { PROXY_BUCKETS = 16 };

/* pneigh_hash() */
static unsigned proxy_bucket(const struct inet_addr *a)
{
    const uint8_t *end = a->bytes + inet_addr_size(a->family) - 4;
    uint32_t h = end[0] | (uint32_t)end[1] << 8 | (uint32_t)end[2] << 16 | (uint32_t)end[3] << 24;
    h ^= h >> 16;
    h ^= h >> 8;
    h ^= h >> 4;
    return h % PROXY_BUCKETS;
}

static int dump_bucket(const struct neigh_table *t, unsigned bucket, struct dump *d)
{
    int rc = 0;
    list_each(pos, &t->proxies)
    {
        const struct neigh_proxy *p = list_entry(pos, struct neigh_proxy, node);
        struct vnet_neigh_info info = {
            .family = t->ops->family,
            .ifindex = p->dev ? p->dev->ifindex : 0,
            .dst = p->addr,
            .flags = p->flags | VNET_NTF_PROXY,
            .type = VNET_RTN_UNICAST,
            .protocol = p->protocol,
        };
        if (proxy_bucket(&p->addr) == bucket && (rc = d->cb(&info, d->arg)) != 0)
            break;
    }
    return rc;
}

/* pneigh_dump_table(): by bucket, in a bucket the latest first. */
static int dump_proxies(const struct neigh_table *t, struct dump *d)
{
    int rc = 0;
    for (unsigned bucket = 0; rc == 0 && bucket < PROXY_BUCKETS && !list_empty(&t->proxies);
         bucket++)
        rc = dump_bucket(t, bucket, d);
    return rc;
}

int vnet_neigh_dump(const struct netns *ns, uint8_t family, bool proxies,
                    int (*cb)(const struct vnet_neigh_info *info, void *arg), void *arg)
{
    struct dump d = {cb, arg};
    const struct neigh_table *tables[] = {ns->arp_tbl, ns->nd_tbl};
    int rc = 0;
    for (unsigned i = 0; i < 2 && rc == 0; i++) {
        const struct neigh_table *t = tables[i];
        if (family != VNET_AF_UNSPEC && t->ops->family != family)
            continue;
        rc = proxies ? dump_proxies(t, &d) : neigh_each(t, dump_one, &d);
    }
    return rc;
}
