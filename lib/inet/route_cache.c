#include "inet/route_cache.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "dev/netdev.h"
#include "inet/fib_internal.h"
#include "sim/world.h"
#include "vnet_route.h"

enum { RT_CACHE_SIZE = 16 };

struct rt_key { /* words only: bytes would be compared as a word before they are one */
    uint32_t daddr, saddr, mark;
    uint32_t ifindex; /* oif; of input: the device it came in by */
    uint32_t how;     /* tos, protocol, RT_INPUT */
};
enum { RT_INPUT = 1 << 16 };

struct rt_entry {
    uint64_t generation; /* 0: empty */
    struct rt_key key;
    struct dst dst;
    uint32_t daddr, saddr; /* of the flow, as the lookup completed it */
};

struct rt_cache {
    struct rt_entry entry[RT_CACHE_SIZE];
};

static inline struct rt_entry *slot(const struct netns *ns, const struct rt_key *k)
{
    uint32_t h = (k->daddr ^ k->saddr * 31 ^ k->ifindex * 7) * 0x9e3779b1U + (k->how >> 16);
    return &ns->rt_cache->entry[(h >> 16 ^ h) % RT_CACHE_SIZE];
}

/* The entry of a key; NULL: there is none that still holds. */
static inline const struct rt_entry *find(const struct netns *ns, const struct rt_key *k)
{
    if (!ns->rt_cache)
        return NULL;
    const struct rt_entry *e = slot(ns, k);
    bool holds = e->generation == ns->w->generation && e->key.daddr == k->daddr &&
                 e->key.saddr == k->saddr && e->key.ifindex == k->ifindex &&
                 e->key.mark == k->mark && e->key.how == k->how;
    return holds ? e : NULL;
}

/* Which gateway is taken depends on neighbours and on time; all else only on what is configured. */
static void keep(struct netns *ns, const struct rt_key *k, const struct dst *dst, uint32_t daddr,
                 uint32_t saddr)
{
    const struct fib_route *r = dst->route;
    if (dst->error || dst->gateway.family || dst->expires || (r && r->nhid))
        return;
    if (!ns->rt_cache)
        ns->rt_cache = mem_alloc(sizeof(*ns->rt_cache));
    struct rt_entry *e = slot(ns, k);
    e->generation = ns->w->generation;
    e->key = *k;
    e->dst = *dst;
    e->dst.route = NULL;
    e->daddr = daddr;
    e->saddr = saddr;
}

static int output_lookup(struct netns *ns, struct flow4 *fl, struct dst *dst)
{
    struct flow f = {
        .family = VNET_AF_INET,
        .daddr = inet_addr_v4(fl->daddr),
        .saddr = fl->saddr ? inet_addr_v4(fl->saddr) : (struct inet_addr){0},
        .oif = fl->oif,
        .mark = fl->mark,
        .tos = fl->tos,
        .scope = fl->scope,
        .proto = fl->proto,
    };
    int rc = ip_route_output(ns, &f, dst);
    fl->daddr = inet_addr_to_v4(&f.daddr);
    fl->saddr = inet_addr_to_v4(&f.saddr);
    return rc;
}

static inline struct rt_key output_key(const struct flow4 *fl)
{
    return (struct rt_key){
        .daddr = fl->daddr,
        .saddr = fl->saddr,
        .mark = fl->mark,
        .ifindex = (uint32_t)fl->oif,
        .how = (uint32_t)(fl->tos | fl->proto << 8),
    };
}

VNET_COLD static int output_miss(struct netns *ns, struct flow4 *fl, struct dst *dst)
{
    const struct rt_key key = output_key(fl);
    int rc = output_lookup(ns, fl, dst);
    if (rc == 0 && !ns->w->trace_fn && !fl->scope)
        keep(ns, &key, dst, fl->daddr, fl->saddr);
    return rc;
}

int ip_route_output_cached(struct netns *ns, struct flow4 *fl, struct dst *dst)
{
    const struct rt_key key = output_key(fl);
    const struct rt_entry *e = ns->w->trace_fn || fl->scope ? NULL : find(ns, &key);
    if (!e)
        return output_miss(ns, fl, dst);
    *dst = e->dst;
    fl->daddr = e->daddr;
    fl->saddr = e->saddr;
    return 0;
}

static inline struct rt_key input_key(const struct netdev *dev, uint32_t daddr, uint32_t saddr,
                                      uint8_t tos, const struct skb *skb)
{
    return (struct rt_key){
        .daddr = daddr,
        .saddr = saddr,
        .mark = skb->mark,
        .ifindex = (uint32_t)dev->ifindex,
        .how = RT_INPUT | tos,
    };
}

VNET_COLD static int input_miss(struct netdev *dev, uint32_t daddr, uint32_t saddr, uint8_t tos,
                                struct skb *skb, struct dst *dst)
{
    const struct rt_key key = input_key(dev, daddr, saddr, tos, skb);
    struct inet_addr d = inet_addr_v4(daddr), s = inet_addr_v4(saddr);
    int rc = ip_route_input(dev, &d, &s, tos, skb, dst);
    if (rc == 0 && dst->type == VNET_RTN_LOCAL && !dev->ns->fib4->fldissect)
        keep(dev->ns, &key, dst, daddr, saddr);
    return rc;
}

int ip_route_input_cached(struct netdev *dev, uint32_t daddr, uint32_t saddr, uint8_t tos,
                          struct skb *skb, struct dst *dst)
{
    const struct rt_key key = input_key(dev, daddr, saddr, tos, skb);
    const struct rt_entry *e = dev->ns->w->trace_fn ? NULL : find(dev->ns, &key);
    if (!e)
        return input_miss(dev, daddr, saddr, tos, skb, dst);
    *dst = e->dst;
    return 0;
}

void rt_cache_free(struct netns *ns)
{
    free(ns->rt_cache);
    ns->rt_cache = NULL;
}
