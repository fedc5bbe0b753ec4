/* SIOCSARP and SIOCDARP: arp_ioctl(), arp_req_set(), arp_req_delete() (net/ipv4/arp.c). */
#include <errno.h>
#include <string.h>

#include "inet/devinet.h"
#include "inet/dst.h"
#include "inet/neigh.h"
#include "inet/route.h"
#include "sim/world.h"
#include "vnet_ifreq.h"

enum { NEIGH_DELETE_REMOVES = 0x040d00 }; /* since 4.13, as for RTM_DELNEIGH */

/* dev_getbyhwaddr() */
static struct netdev *dev_by_address(const struct netns *ns, const struct vnet_arpreq *r)
{
    for (uint32_t i = 0; i < ns->ndevs; i++)
        if (ns->devs[i]->type == r->arphrd && ns->devs[i]->addr.len &&
            memcmp(ns->devs[i]->addr.bytes, r->lladdr.bytes, ns->devs[i]->addr.len) == 0)
            return ns->devs[i];
    return NULL;
}

/* The device of the route to the address, if that is on link (RTO_ONLINK). */
static int dev_by_route(struct netns *ns, const struct vnet_arpreq *r, struct netdev **dev)
{
    struct flow fl = {.family = VNET_AF_INET, .daddr = r->addr, .scope = VNET_SCOPE_LINK};
    struct dst dst;
    int error = ip_route_output(ns, &fl, &dst);
    *dev = error ? NULL : dst.dev;
    return error ? error : *dev ? 0 : -EINVAL;
}

/* The checks that both requests share. *dev NULL: none is named. */
static int check(const struct netns *ns, struct vnet_arpreq *r, struct netdev **dev)
{
    *dev = NULL;
    if (!(r->flags & VNET_ATF_PUBL) && r->flags & (VNET_ATF_NETMASK | VNET_ATF_DONTPUB))
        return -EINVAL;
    if (!(r->flags & VNET_ATF_NETMASK))
        r->netmask = 0xffffffffU;
    if (!r->dev[0])
        return 0;
    *dev = netdev_by_name(ns, r->dev);
    if (!*dev)
        return -ENODEV;
    if (!r->arphrd)
        r->arphrd = (*dev)->type;
    return r->flags & VNET_ATF_COM && r->arphrd != (*dev)->type ? -EINVAL : 0;
}

/* arp_req_set_proxy(): a mask of nothing is about all addresses, and a sysctl. */
static int set_proxy_arp(struct netns *ns, struct netdev *dev, bool on)
{
    struct ipv4_conf *conf = dev ? NULL : &ns->sysctls->ipv4_all;
    if (dev && dev->in_dev)
        conf = &dev->in_dev->conf;
    if (!conf)
        return -ENXIO;
    conf->v[IPV4_CONF_proxy_arp] = on;
    conf->set[IPV4_CONF_proxy_arp / 64] |= 1ULL << IPV4_CONF_proxy_arp % 64;
    return 0;
}

/* arp_req_set_public() */
static int set_public(struct netns *ns, const struct vnet_arpreq *r, struct netdev *dev)
{
    if (r->netmask && r->netmask != 0xffffffffU)
        return -EINVAL;
    if (!dev && r->flags & VNET_ATF_COM && !(dev = dev_by_address(ns, r)))
        return -ENODEV;
    if (!r->netmask)
        return set_proxy_arp(ns, dev, true);
    neigh_proxy_add(ns->arp_tbl, &r->addr, dev);
    return 0;
}

/* arp_req_set() of an entry of the table */
static int set_entry(struct netns *ns, const struct vnet_arpreq *r, struct netdev *dev)
{
    int error = 0;
    if (r->arphrd != dev->type)
        return -EINVAL;
    struct neigh *n = neigh_lookup(ns->arp_tbl, dev, &r->addr);
    if (!n)
        n = neigh_create(ns->arp_tbl, dev, &r->addr, 0, false, &error);
    if (!n)
        return error;
    bool permanent = r->flags & VNET_ATF_PERM;
    bool complete = r->flags & (VNET_ATF_PERM | VNET_ATF_COM);
    return neigh_update(n, complete ? &r->lladdr : NULL,
                        permanent ? VNET_NUD_PERMANENT : VNET_NUD_STALE,
                        NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_ADMIN, NULL);
}

/* arp_req_delete_public() */
static int delete_public(struct netns *ns, const struct vnet_arpreq *r, struct netdev *dev)
{
    if (r->netmask == 0xffffffffU)
        return neigh_proxy_del(ns->arp_tbl, &r->addr, dev);
    return r->netmask ? -EINVAL : set_proxy_arp(ns, dev, false);
}

/* arp_invalidate() */
static int invalidate(struct netns *ns, const struct vnet_arpreq *r, struct netdev *dev)
{
    struct neigh *n = neigh_lookup(ns->arp_tbl, dev, &r->addr);
    int error = -ENXIO;
    if (!n)
        return error;
    if (n->nud_state & ~VNET_NUD_NOARP)
        error = neigh_update(n, NULL, VNET_NUD_FAILED,
                             NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_ADMIN, NULL);
    if (ns->w->profile->kernel.version >= NEIGH_DELETE_REMOVES && !timer_pending(&n->timer))
        neigh_remove(n);
    return error;
}

typedef int arp_request(struct netns *ns, const struct vnet_arpreq *r, struct netdev *dev);

/* What both requests begin with. `public` is for those about proxies, `entry` for those about an
 * entry of the table; `dev` may be NULL in the first. */
static int carry_out(struct netns *ns, const struct vnet_arpreq *req, arp_request *public,
                     arp_request *entry)
{
    struct vnet_arpreq r = *req;
    struct netdev *dev;
    int error = check(ns, &r, &dev);
    if (error)
        return error;
    vnet_touch(ns->w);
    if (r.flags & VNET_ATF_PUBL)
        return public(ns, &r, dev);
    if (!dev && (error = dev_by_route(ns, &r, &dev)) < 0)
        return error;
    return entry(ns, &r, dev);
}

int vnet_arp_set(struct netns *ns, const struct vnet_arpreq *req)
{
    return carry_out(ns, req, set_public, set_entry);
}

int vnet_arp_del(struct netns *ns, const struct vnet_arpreq *req)
{
    return carry_out(ns, req, delete_public, invalidate);
}
