#include "inet/route_cache.h"

#include <stdlib.h>

#include "base/mem.h"
#include "dev/netdev.h"
#include "sim/world.h"
#include "vnet_route.h"

enum { RT_CACHE_SIZE = 16 };

struct rt_key {
    uint32_t daddr, saddr, mark;
    int ifindex; /* oif; of input: the device it came in by */
    uint8_t tos, proto;
    bool input, anysrc;
};

struct rt_entry {
    uint64_t generation; /* 0: empty */
    struct rt_key key;
    struct dst dst;
    uint32_t daddr; /* of the flow, as the lookup completed it */
};

struct rt_cache {
    struct rt_entry entry[RT_CACHE_SIZE];
};

static struct rt_entry *slot(struct netns *ns, const struct rt_key *k)
{
    if (!ns->rt_cache)
        ns->rt_cache = mem_alloc(sizeof(*ns->rt_cache));
    uint32_t h = (k->daddr ^ k->saddr * 31 ^ (uint32_t)k->ifindex * 7) * 0x9e3779b1U + k->input;
    return &ns->rt_cache->entry[(h >> 16 ^ h) % RT_CACHE_SIZE];
}

static bool holds(const struct netns *ns, const struct rt_entry *e, const struct rt_key *k)
{
    return e->generation == ns->w->generation && e->key.daddr == k->daddr &&
           e->key.saddr == k->saddr && e->key.ifindex == k->ifindex && e->key.mark == k->mark &&
           e->key.tos == k->tos && e->key.proto == k->proto && e->key.input == k->input &&
           e->key.anysrc == k->anysrc;
}

/* Which gateway is taken depends on neighbours and on time; all else only on what is configured. */
static void keep(struct netns *ns, struct rt_entry *e, const struct rt_key *k,
                 const struct dst *dst, uint32_t daddr)
{
    if (dst->error || dst->gateway.family)
        return;
    e->generation = ns->w->generation;
    e->key = *k;
    e->dst = *dst;
    e->dst.route = NULL;
    e->daddr = daddr;
}

int ip_route_output_cached(struct netns *ns, struct flow *fl, struct dst *dst)
{
    if (ns->w->trace_fn || fl->sport || fl->dport || fl->uid || fl->scope)
        return ip_route_output(ns, fl, dst);
    const struct rt_key key = {
        .daddr = inet_addr_to_v4(&fl->daddr),
        .saddr = inet_addr_to_v4(&fl->saddr),
        .mark = fl->mark,
        .ifindex = fl->oif,
        .tos = fl->tos,
        .proto = fl->proto,
        .anysrc = fl->anysrc,
    };
    struct rt_entry *e = slot(ns, &key);
    if (holds(ns, e, &key)) {
        *dst = e->dst;
        fl->saddr = dst->src;
        fl->daddr = inet_addr_v4(e->daddr);
        return 0;
    }
    int rc = ip_route_output(ns, fl, dst);
    if (rc == 0)
        keep(ns, e, &key, dst, inet_addr_to_v4(&fl->daddr));
    return rc;
}

int ip_route_input_cached(struct netdev *dev, uint32_t daddr, uint32_t saddr, uint8_t tos,
                          struct skb *skb, struct dst *dst)
{
    struct netns *ns = dev->ns;
    const struct rt_key key = {
        .daddr = daddr,
        .saddr = saddr,
        .mark = skb->mark,
        .ifindex = dev->ifindex,
        .tos = tos,
        .input = true,
    };
    struct rt_entry *e = slot(ns, &key);
    if (!ns->w->trace_fn && holds(ns, e, &key)) {
        *dst = e->dst;
        return 0;
    }
    struct inet_addr d = inet_addr_v4(daddr), s = inet_addr_v4(saddr);
    int rc = ip_route_input(dev, &d, &s, tos, skb, dst);
    if (rc == 0 && dst->type == VNET_RTN_LOCAL)
        keep(ns, e, &key, dst, daddr);
    return rc;
}

void rt_cache_free(struct netns *ns)
{
    free(ns->rt_cache);
    ns->rt_cache = NULL;
}
