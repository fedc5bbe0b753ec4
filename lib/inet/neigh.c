/* The neighbour tables: entries, their hash, creation, removal and garbage collection. */
#include "inet/neigh.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "inet/arp.h"
#include "inet/ipv6.h"
#include "inet/rtnetlink.h"
#include "sim/trace.h"
#include "sim/world.h"

enum { HASH_MIN = 8 };

static struct list *bucket_v4(const struct neigh_table *t, int ifindex, uint32_t addr)
{
    uint64_t h = hash_mix64((uint64_t)addr << 32 | (uint32_t)ifindex);
    return &t->buckets[h & (t->nbuckets - 1)];
}

static struct list *bucket(const struct neigh_table *t, int ifindex, const struct inet_addr *addr)
{
    if (addr->family == VNET_AF_INET)
        return bucket_v4(t, ifindex, inet_addr_to_v4(addr));
    uint64_t a, b;
    memcpy(&a, addr->bytes, 8);
    memcpy(&b, addr->bytes + 8, 8);
    uint64_t h = hash_mix64(hash_mix64(a ^ (uint32_t)ifindex) + b);
    return &t->buckets[h & (t->nbuckets - 1)];
}

static struct list *buckets_new(uint32_t n)
{
    struct list *b = mem_calloc(n, sizeof(*b));
    for (uint32_t i = 0; i < n; i++)
        list_init(&b[i]);
    return b;
}

static void hash_resize(struct neigh_table *t, uint32_t nbuckets)
{
    struct list *old = t->buckets;
    uint32_t n = t->nbuckets;
    t->nbuckets = nbuckets;
    t->buckets = buckets_new(t->nbuckets);
    for (uint32_t i = 0; i < n; i++) {
        list_each_safe(pos, tmp, &old[i])
        {
            struct neigh *e = list_entry(pos, struct neigh, node);
            list_del(&e->node);
            list_add_head(&e->node, bucket(t, e->dev->ifindex, &e->addr));
        }
    }
    free(old);
}

static struct neigh *find(const struct list *head, const struct netdev *dev,
                          const struct inet_addr *addr)
{
    list_each(pos, head)
    {
        struct neigh *n = list_entry(pos, struct neigh, node);
        if (n->dev == dev && inet_addr_eq(&n->addr, addr))
            return n;
    }
    return NULL;
}

struct neigh *neigh_lookup(struct neigh_table *t, const struct netdev *dev,
                           const struct inet_addr *addr)
{
    return find(bucket(t, dev->ifindex, addr), dev, addr);
}

int64_t neigh_jiffies(struct vnet *w)
{
    return tick_now(w)->from;
}

int64_t neigh_parm_ms(const struct neigh *n, enum neigh_parm_id id)
{
    return neigh_parm(n, id) * NSEC_PER_MSEC;
}

int64_t neigh_parms_reachable_time(const struct netns *ns, uint8_t family, int ifindex,
                                   const struct neigh_parms *p)
{
    const struct vnet *w = ns->w;
    int64_t base = p ? p->v[NEIGH_PARM_base_reachable_time_ms] : 0;
    if (base <= 0)
        return 0;
    uint64_t period = (uint64_t)((w->now - w->boot) / (300 * NSEC_PER_SEC));
    uint64_t who = (uint64_t)ns->id << 40 ^ (uint64_t)ifindex << 8 ^ family;
    uint64_t r = hash_mix64(hash_mix64((uint64_t)w->boot ^ hash_mix64(who)) + period);
    return (base / 2 + (int64_t)(r % (uint64_t)base)) * NSEC_PER_MSEC;
}

int64_t neigh_reachable_time(const struct neigh *n)
{
    const struct neigh_ops *ops = n->tbl->ops;
    return neigh_parms_reachable_time(n->tbl->ns, ops->family, n->dev->ifindex, ops->parms(n->dev));
}

/* ---- entries ---- */

static struct neigh *neigh_alloc(struct neigh_table *t, struct netdev *dev,
                                 const struct inet_addr *addr, uint32_t flags)
{
    struct neigh *n = pool_take(&t->pool);
    list_init(&n->node);
    list_init(&n->gc_node);
    timer_init(&n->timer, neigh_timer_handler);
    n->tbl = t;
    n->dev = dev;
    n->addr = *addr;
    n->flags = flags;
    n->nud_state = VNET_NUD_NONE;
    return n;
}

static void insert(struct neigh *n, struct list *head, bool exempt)
{
    struct neigh_table *t = n->tbl;
    t->entries++;
    list_add_head(&n->node, head);
    if (!exempt) {
        list_add_tail(&n->gc_node, &t->gc_list);
        t->gc_entries++;
    }
}

static void neigh_free(struct neigh *n)
{
    neigh_queue_purge(n);
    pool_give(&n->tbl->pool, n);
}

void neigh_put(struct neigh *n)
{
    if (--n->refs == 0 && n->dead)
        neigh_free(n);
}

static void gc_unlink(struct neigh *n)
{
    if (list_empty(&n->gc_node))
        return;
    list_del(&n->gc_node);
    n->tbl->gc_entries--;
}

void neigh_remove(struct neigh *n)
{
    if (n->dead)
        return;
    n->dead = true;
    timer_cancel(n->tbl->ns->w, &n->timer);
    gc_unlink(n);
    list_del(&n->node);
    n->tbl->entries--;
    neigh_notify(n, VNET_RTM_DELNEIGH);
    if (n->refs == 0)
        neigh_free(n);
}

/* neigh_update_gc_list(): PERMANENT and externally learned entries are never collected. */
void neigh_gc_list_update(struct neigh *n)
{
    bool exempt = (n->nud_state & VNET_NUD_PERMANENT) || (n->flags & VNET_NTF_EXT_LEARNED);
    if (n->dead || exempt == list_empty(&n->gc_node))
        return;
    if (exempt) {
        gc_unlink(n);
    } else {
        list_add_tail(&n->gc_node, &n->tbl->gc_list);
        n->tbl->gc_entries++;
    }
}

/* ---- garbage collection ---- */

static int64_t gc_thresh(const struct neigh_table *t, int which)
{
    bool v6 = t->ops->family == VNET_AF_INET6;
    return net_sysctl_global(
        t->ns, (enum net_sysctl_id)((v6 ? NET_IPV6_GC_THRESH1 : NET_IPV4_GC_THRESH1) + which - 1));
}

/* neigh_forced_gc(): make room; true if anything went. */
static bool forced_gc(struct neigh_table *t)
{
    int64_t now = t->ns->w->now;
    int64_t max_clean = (int64_t)t->gc_entries - gc_thresh(t, 2);
    int64_t shrunk = 0;
    list_each_safe(pos, tmp, &t->gc_list)
    {
        struct neigh *n = list_entry(pos, struct neigh, gc_node);
        bool in_use = n->refs || timer_pending(&n->timer);
        bool idle = n->nud_state == VNET_NUD_FAILED || n->nud_state == VNET_NUD_NOARP ||
                    inet_addr_is_multicast(&n->addr) || now - n->updated > 5 * NSEC_PER_SEC;
        if (in_use || !idle)
            continue;
        neigh_remove(n);
        if (++shrunk >= max_clean)
            break;
    }
    t->last_flush = now;
    return shrunk > 0;
}

/* neigh_alloc()'s check: may one more entry be made? */
static bool room_for_one(struct neigh_table *t)
{
    int64_t entries = t->gc_entries;
    bool full = entries >= gc_thresh(t, 3);
    bool flush_again = t->ns->w->now > t->last_flush + 5 * NSEC_PER_SEC;
    if (full || (entries >= gc_thresh(t, 2) && flush_again))
        return forced_gc(t) || !full;
    return true;
}

static int64_t gc_period(const struct neigh_table *t)
{
    const struct inet_sysctls *s = neigh_defaults(t->ns);
    const struct neigh_parms *p =
        t->ops->family == VNET_AF_INET6 ? &s->neigh6_default : &s->neigh4_default;
    int64_t ms = p->v[NEIGH_PARM_base_reachable_time_ms] / 2;
    return (ms > 0 ? ms : 1) * NSEC_PER_MSEC;
}

/* The kernel's work runs for ever, every base_reachable_time / 2; here only while it has anything
 * to do, at the times it would have had. */
void neigh_gc_kick(struct neigh_table *t)
{
    struct vnet *w = t->ns->w;
    if (timer_pending(&t->gc) || t->entries == 0 || t->entries < gc_thresh(t, 1))
        return;
    int64_t period = gc_period(t);
    timer_set(w, &t->gc, w->boot + ((w->now - w->boot) / period + 1) * period);
}

static bool gc_due(struct neigh *n, int64_t now)
{
    if ((n->nud_state & (VNET_NUD_PERMANENT | NUD_IN_TIMER)) || (n->flags & VNET_NTF_EXT_LEARNED))
        return false;
    if (n->used < n->confirmed && n->confirmed <= now)
        n->used = n->confirmed;
    int64_t stale = neigh_parm(n, NEIGH_PARM_gc_stale_time) * NSEC_PER_SEC;
    return n->refs == 0 &&
           (n->nud_state == VNET_NUD_FAILED || now < n->used || now >= n->used + stale);
}

/* neigh_periodic_work() */
static void periodic_work(struct vnet *w, struct timer *timer)
{
    struct neigh_table *t = container_of(timer, struct neigh_table, gc);
    if (t->entries < gc_thresh(t, 1))
        return;
    int64_t now = neigh_jiffies(w);
    vnet_worked(w, t->entries);
    for (uint32_t i = 0; i < t->nbuckets; i++) {
        list_each_safe(pos, tmp, &t->buckets[i])
        {
            struct neigh *n = list_entry(pos, struct neigh, node);
            if (gc_due(n, now))
                neigh_remove(n);
        }
    }
    neigh_gc_kick(t);
}

/* ---- making and finding ---- */

struct neigh *neigh_create(struct neigh_table *t, struct netdev *dev, const struct inet_addr *addr,
                           uint32_t flags, bool exempt, int *error)
{
    *error = -ENOBUFS;
    if (!exempt && !room_for_one(t)) {
        trace(t->ns->w, dev, "neigh", "neigh_alloc", VNET_TRACE_DROPPED,
              DROP_REASON(NEIGH_CREATEFAIL), "neighbor table overflow");
        if (net_ratelimit(t->ns))
            printk(t->ns, VNET_KLOG_INFO, "neighbour: %s: neighbor table overflow!", t->ops->id);
        return NULL;
    }
    struct neigh *n = neigh_alloc(t, dev, addr, flags);
    n->used = n->updated = neigh_jiffies(t->ns->w);
    *error = t->ops->parms(dev) ? t->ops->constructor(n) : -EINVAL;
    if (*error < 0) {
        neigh_free(n);
        return NULL;
    }
    n->confirmed = n->used - 2 * neigh_parm_ms(n, NEIGH_PARM_base_reachable_time_ms);
    struct neigh *other = neigh_lookup(t, dev, &n->addr); /* a constructor may change the key */
    if (other) {
        neigh_free(n);
        return other;
    }
    if (t->entries >= t->nbuckets)
        hash_resize(t, 2 * t->nbuckets);
    insert(n, bucket(t, dev->ifindex, &n->addr), exempt);
    neigh_gc_kick(t);
    return n;
}

struct neigh *neigh_get(struct neigh_table *t, struct netdev *dev, const struct inet_addr *addr)
{
    int error;
    struct neigh *n = neigh_lookup(t, dev, addr);
    return n ? n : neigh_create(t, dev, addr, 0, false, &error);
}

struct neigh *neigh_get_v4(struct neigh_table *t, struct netdev *dev, uint32_t addr)
{
    list_each(pos, bucket_v4(t, dev->ifindex, addr))
    {
        struct neigh *n = list_entry(pos, struct neigh, node);
        if (n->dev == dev && inet_addr_to_v4(&n->addr) == addr)
            return n;
    }
    struct inet_addr a = inet_addr_v4(addr);
    int error;
    return neigh_create(t, dev, &a, 0, false, &error);
}

static int cmp_neigh(const void *a, const void *b)
{
    const struct neigh *x = *(struct neigh *const *)a, *y = *(struct neigh *const *)b;
    if (x->dev->ifindex != y->dev->ifindex)
        return x->dev->ifindex < y->dev->ifindex ? -1 : 1;
    return inet_addr_cmp(&x->addr, &y->addr);
}

/* Entries by ifindex and address, those that `wanted` takes; the caller frees the list. */
static struct neigh **sorted(const struct neigh_table *t, bool (*wanted)(const struct neigh *n),
                             uint32_t *count)
{
    struct neigh **all = mem_calloc(t->entries, sizeof(*all));
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->nbuckets; i++) {
        list_each(pos, &t->buckets[i])
        {
            struct neigh *entry = list_entry(pos, struct neigh, node);
            if (!wanted || wanted(entry))
                all[n++] = entry;
        }
    }
    if (n)
        qsort(all, n, sizeof(struct neigh *), cmp_neigh);
    *count = n;
    return all;
}

static bool is_exempt(const struct neigh *n)
{
    return list_empty(&n->gc_node);
}

int neigh_each_by_age(const struct neigh_table *t, int (*cb)(struct neigh *n, void *arg), void *arg)
{
    uint32_t count;
    struct neigh **exempt = sorted(t, is_exempt, &count);
    int rc = 0;
    list_each(pos, &t->gc_list)
    {
        if (rc == 0)
            rc = cb(list_entry(pos, struct neigh, gc_node), arg);
    }
    for (uint32_t i = 0; i < count && rc == 0; i++)
        rc = cb(exempt[i], arg);
    free(exempt);
    return rc;
}

void neigh_expect(struct neigh_table *t, size_t entries)
{
    uint32_t n = t->nbuckets;
    while (n < entries && n < 1U << 20)
        n *= 2;
    if (n != t->nbuckets)
        hash_resize(t, n);
}

struct neigh *neigh_load(struct neigh_table *t, struct netdev *dev, const struct inet_addr *addr,
                         bool exempt)
{
    if (t->entries >= t->nbuckets)
        hash_resize(t, 2 * t->nbuckets);
    struct list *head = bucket(t, dev->ifindex, addr);
    if (find(head, dev, addr))
        return NULL;
    struct neigh *n = neigh_alloc(t, dev, addr, 0);
    insert(n, head, exempt);
    return n;
}

struct neigh *neigh_event_ns(struct neigh_table *t, const struct lladdr *lladdr,
                             const struct inet_addr *addr, struct netdev *dev)
{
    struct neigh *n = lladdr ? neigh_get(t, dev, addr) : neigh_lookup(t, dev, addr);
    if (n)
        neigh_update(n, lladdr, VNET_NUD_STALE, NEIGH_UPDATE_F_OVERRIDE, NULL);
    return n;
}

/* ---- devices that go ---- */

static void flush_dev(struct neigh_table *t, const struct netdev *dev, bool skip_permanent)
{
    for (uint32_t i = 0; i < t->nbuckets; i++) {
        list_each_safe(pos, tmp, &t->buckets[i])
        {
            struct neigh *n = list_entry(pos, struct neigh, node);
            if (n->dev != dev || (skip_permanent && (n->nud_state & VNET_NUD_PERMANENT)))
                continue;
            neigh_queue_purge(n);
            neigh_remove(n);
        }
    }
}

void neigh_ifdown(struct neigh_table *t, struct netdev *dev)
{
    flush_dev(t, dev, false);
    neigh_proxies_flush(t, dev, false);
    neigh_proxy_purge(t);
}

void neigh_carrier_down(struct neigh_table *t, struct netdev *dev)
{
    flush_dev(t, dev, true);
    neigh_proxies_flush(t, dev, true);
    neigh_proxy_purge(t);
}

void neigh_changeaddr(struct neigh_table *t, struct netdev *dev)
{
    flush_dev(t, dev, false);
}

/* ---- tables ---- */

int neigh_each(const struct neigh_table *t, int (*cb)(struct neigh *n, void *arg), void *arg)
{
    uint32_t count;
    struct neigh **all = sorted(t, NULL, &count);
    int rc = 0;
    for (uint32_t i = 0; i < count && rc == 0; i++)
        rc = cb(all[i], arg);
    free(all);
    return rc;
}

static struct neigh_table *table_new(struct netns *ns, const struct neigh_ops *ops)
{
    struct neigh_table *t = mem_alloc(sizeof(*t));
    t->ns = ns;
    t->ops = ops;
    t->pool.size = sizeof(struct neigh);
    t->nbuckets = HASH_MIN;
    t->buckets = buckets_new(HASH_MIN);
    list_init(&t->gc_list);
    list_init(&t->proxies);
    list_init(&t->proxy_queue);
    timer_init(&t->gc, periodic_work);
    return t;
}

static void table_free(struct neigh_table *t)
{
    for (uint32_t i = 0; i < t->nbuckets; i++)
        list_each_safe(pos, tmp, &t->buckets[i]) neigh_remove(list_entry(pos, struct neigh, node));
    neigh_proxies_release(t);
    timer_cancel(t->ns->w, &t->gc);
    pool_release(&t->pool);
    free(t->buckets);
    free(t);
}

void neigh_table_init(struct netns *ns)
{
    ns->arp_tbl = table_new(ns, &arp_ops);
    ns->nd_tbl = table_new(ns, &nd_ops);
}

void neigh_table_exit(struct netns *ns)
{
    table_free(ns->arp_tbl);
    table_free(ns->nd_tbl);
    ns->arp_tbl = ns->nd_tbl = NULL;
}
