/* What was behind the network cards of the machine that was listed: the gateways of its default
 * routes, and the world behind them. */
#include "cmd/import/apply.h"
#include "vnet_neigh.h"
#include "vnet_outside.h"
#include "vnet_route.h"

enum { GATEWAYS_MAX = 8 };

struct gateway {
    int ifindex;
    struct inet_prefix addr; /* its length is that of the card's subnet */
    struct lladdr mac;       /* as a neighbour was listed; len 0: it was not */
};

struct gateways {
    const struct netns *ns;
    struct gateway v[GATEWAYS_MAX];
    size_t n;
};

static int take_route(const struct vnet_route_info *r, void *arg)
{
    struct gateways *g = arg;
    if (r->table == VNET_RT_TABLE_MAIN && r->dst_len == 0 && r->nnh == 1 && !r->nhid &&
        r->nh[0].gateway.family == VNET_AF_INET && vnet_link_is_nic(g->ns, r->nh[0].oif) &&
        g->n < GATEWAYS_MAX)
        g->v[g->n++] = (struct gateway){.ifindex = r->nh[0].oif, .addr = {r->nh[0].gateway, 0}};
    return 0;
}

static int take_subnet(const struct vnet_addr_info *a, void *arg)
{
    struct gateway *g = arg;
    const struct inet_prefix subnet = {inet_addr_masked(&a->local, a->prefixlen), a->prefixlen};
    if (!g->addr.len && inet_prefix_has(&subnet, &g->addr.addr))
        g->addr.len = a->prefixlen;
    return 0;
}

static int take_mac(const struct vnet_neigh_info *n, void *arg)
{
    struct gateway *g = arg;
    if (n->ifindex == g->ifindex && inet_addr_eq(&n->dst, &g->addr.addr))
        g->mac = n->lladdr;
    return 0;
}

void apply_outside(struct netns *ns)
{
    struct gateways g = {.ns = ns};
    struct vnet_err err;
    vnet_route_dump(ns, VNET_AF_INET, take_route, &g);
    for (size_t i = 0; i < g.n; i++) {
        vnet_addr_dump(ns, VNET_AF_INET, g.v[i].ifindex, take_subnet, &g.v[i]);
        vnet_neigh_dump(ns, VNET_AF_INET, false, take_mac, &g.v[i]);
        if (g.v[i].addr.len) /* a second gateway of a card is not there */
            vnet_outside_add(ns, g.v[i].ifindex, &g.v[i].addr, &g.v[i].mac, &err);
    }
}
