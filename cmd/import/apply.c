/* listing_apply(): a world like the machine that was listed. */
#include <errno.h>
#include <string.h>

#include "cmd/import/listing.h"

/* A bridge shows itself by having no queue and no carrier of its own; everything else is a NIC. */
static bool looks_like_bridge(const struct listed_link *l)
{
    return strcmp(l->qdisc, "noqueue") == 0;
}

static int make_bridge(struct netns *ns, const struct listed_link *l, struct vnet_err *err)
{
    struct vnet_link_req req = {.ifindex = l->ifindex,
                                .set = VNET_LINK_ADDR | VNET_LINK_MTU,
                                .addr = l->mac,
                                .mtu = l->mtu,
                                .kind = "bridge"};
    memcpy(req.ifname, l->name, sizeof(req.ifname));
    if (l->qlen < 0) {
        req.set |= VNET_LINK_TXQLEN;
        req.txqlen = 0;
    }
    return vnet_link_add(ns, &req, err);
}

static int make_link(struct netns *ns, const struct listed_link *l, struct vnet_err *err)
{
    struct vnet_link_req set = {.ifindex = l->ifindex,
                                .set = VNET_LINK_MTU | VNET_LINK_ADDRGEN,
                                .mtu = l->mtu,
                                .addr_gen_mode = VNET_ADDRGEN_NONE};
    int rc;
    if (l->loopback)
        return 0;
    if (l->virtual_link)
        return vnet_err(err, EOPNOTSUPP, "%s: a link made on another one cannot be imported",
                        l->name);
    rc = looks_like_bridge(l) ? make_bridge(ns, l, err)
                              : vnet_nic_add(ns, l->ifindex, l->name, &l->mac, l->qdisc, 1, err);
    if (rc < 0)
        return rc;
    if (l->up)
        set.flags = set.change = VNET_IFF_UP;
    return vnet_link_set(ns, &set, err);
}

static bool is_loopback(const struct listing *l, int ifindex)
{
    for (size_t i = 0; i < l->nlinks; i++)
        if (l->links[i].ifindex == ifindex)
            return l->links[i].loopback;
    return true;
}

static int remove_main_route(const struct vnet_route_info *info, void *arg)
{
    struct vnet_route_info *first = arg;
    if (info->table != VNET_RT_TABLE_MAIN)
        return 0;
    *first = *info;
    return 1;
}

/* The listed table replaces the routes that came with the addresses. */
static int make_routes(const struct listing *l, struct netns *ns, struct vnet_err *err)
{
    struct vnet_route_info first;
    while (vnet_route_dump(ns, VNET_AF_INET, remove_main_route, &first)) {
        int rc = vnet_route_del(ns, &first, err);
        if (rc < 0)
            return rc;
    }
    for (int gateways = 0; gateways < 2; gateways++) { /* those that gateways need come first */
        for (size_t i = 0; i < l->nroutes; i++) {
            struct listed_route r = l->routes[i];
            if ((r.nh.gateway.family != VNET_AF_UNSPEC) != (gateways == 1))
                continue;
            r.nh.oif = vnet_link_index(ns, r.dev);
            r.info.nh = &r.nh;
            r.info.nnh = 1;
            int rc = vnet_route_add(ns, &r.info, VNET_NLM_F_CREATE | VNET_NLM_F_APPEND, err);
            if (rc < 0)
                return rc;
        }
    }
    return 0;
}

int listing_apply(const struct listing *l, struct vnet *w, struct vnet_err *err)
{
    struct netns *ns = vnet_init_ns(w);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < l->nlinks; i++)
        rc = make_link(ns, &l->links[i], err);
    for (size_t i = 0; rc == 0 && i < l->naddrs; i++)
        if (!is_loopback(l, l->addrs[i].ifindex))
            rc = vnet_addr_import(ns, &l->addrs[i], err);
    if (rc == 0 && l->has_routes)
        rc = make_routes(l, ns, err);
    return rc;
}
