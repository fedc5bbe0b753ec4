/* What veth_newlink() and vxcan_newlink() and their like have in common (drivers/net/veth.c,
 * drivers/net/can/vxcan.c). */
#include "dev/pair.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dev/core.h"
#include "sim/world.h"

struct pair {
    struct netdev *peer;      /* NULL: not tied yet, or gone, or asleep */
    struct netns *bed;        /* the namespace in which it sleeps; NULL: it does not */
    char name[VNET_IFNAMSIZ]; /* what it is called there */
};

void pair_setup(struct netdev *dev)
{
    dev->priv = mem_alloc(sizeof(struct pair));
}

void pair_uninit(struct netdev *dev)
{
    struct netdev *peer = pair_tied(dev);
    if (peer)
        ((struct pair *)peer->priv)->peer = NULL;
    free(dev->priv);
}

/* What wakes ties the two, else the state file has lied. */
VNET_COLD static struct netdev *wake_peer(const struct netdev *dev, struct pair *p)
{
    struct vnet *w = dev_world(dev);
    if (w->loading || w->ending)
        return NULL;
    netns_awake(p->bed);
    if (!p->peer && !w->broken) {
        w->broken = mem_alloc(sizeof(*w->broken));
        vnet_err(w->broken, EINVAL, "netns.links.link: %s must name an end that names it",
                 dev->name);
    }
    p->bed = NULL;
    return p->peer;
}

struct netdev *pair_peer(const struct netdev *dev)
{
    struct pair *p = dev->priv;
    return p->bed ? wake_peer(dev, p) : p->peer;
}

struct netdev *pair_tied(const struct netdev *dev)
{
    const struct pair *p = dev->priv;
    return p->peer;
}

const char *pair_sleeper(const struct netdev *dev, struct netns **bed)
{
    const struct pair *p = dev->priv;
    *bed = p->bed;
    return p->name;
}

static void tie(struct netdev *dev, struct netdev *peer)
{
    struct pair *p = dev->priv;
    p->peer = peer;
    p->bed = NULL;
}

void pair_tie(struct netdev *a, struct netdev *b)
{
    tie(a, b);
    tie(b, a);
}

void pair_untie(struct netdev *dev)
{
    struct netdev *peer = pair_tied(dev);
    if (peer)
        tie(peer, NULL);
    tie(dev, NULL);
}

void pair_tie_asleep(struct netdev *dev, struct netns *bed, const char *name)
{
    struct pair *p = dev->priv;
    p->bed = bed;
    memset(p->name, 0, sizeof(p->name));
    memcpy(p->name, name, strnlen(name, sizeof(p->name) - 1));
}

/* Devices with link-layer addresses get random ones where none is given. */
static void choose_mac(struct netdev *dev, const struct vnet_link_req *req)
{
    if (dev->addr.len && !(req && req->set & VNET_LINK_ADDR))
        netdev_random_mac(dev);
}

static int insert(struct netdev *dev, const char *given)
{
    char pattern[VNET_IFNAMSIZ];
    snprintf(pattern, sizeof(pattern), "%s%%d", dev->kind->name);
    return netdev_insert(dev, *given ? given : pattern);
}

/* rtnl_link_get_net() of what is given of the peer: where it was asked, if that does not say. */
static struct netns *peer_netns(const struct vnet_link_req *req)
{
    const struct vnet_link_req *given = req->peer ? req->peer : req;
    return given->set & VNET_LINK_NETNS ? given->netns : req->from;
}

/* The peer takes what is given of it; without VETH_INFO_PEER what is given of dev. */
static struct netdev *make_peer(struct netdev *dev, const struct vnet_link_req *req, int *error,
                                struct vnet_err *err)
{
    const struct link_kind *kind = dev->kind;
    *error = req->peer && kind->validate ? kind->validate(req->from, req->peer, err) : 0;
    struct netdev *peer =
        *error ? NULL
               : netdev_create(peer_netns(req), kind, req->peer ? req->peer : req, error, err);
    if (!peer)
        return NULL;
    choose_mac(peer, req->peer);
    if (req->peer && dev->ifindex)
        peer->ifindex = req->peer->ifindex;
    *error = insert(peer, req->peer ? req->peer->ifname : "");
    if (*error == 0)
        return peer;
    netdev_free(peer);
    return NULL;
}

/* The peer is registered first and so has the lower index. */
int pair_newlink(struct netdev *dev, const char *name, const struct vnet_link_req *req,
                 struct vnet_err *err)
{
    int rc;
    struct netdev *peer = make_peer(dev, req, &rc, err);
    if (!peer)
        return rc;
    netif_carrier_off(peer);
    /* before the two are tied: it cannot be made up yet */
    rc = netdev_configure_new(peer, req->peer, err);
    if (rc == 0) {
        choose_mac(dev, req);
        rc = insert(dev, req->ifname[0] ? name : "");
    }
    if (rc) {
        netdev_unregister(peer);
        return rc;
    }
    netif_carrier_off(dev);
    pair_tie(dev, peer);
    return 0;
}

void pair_dellink(struct netdev *dev)
{
    struct netdev *both[2] = {dev, pair_peer(dev)};
    for (unsigned i = 0; i < 2; i++)
        if (both[i])
            ((struct pair *)both[i]->priv)->peer = NULL;
    netdev_unregister_many(both, both[1] ? 2 : 1);
}

int pair_open(struct netdev *dev)
{
    struct netdev *peer = pair_peer(dev);
    if (!peer)
        return -ENOTCONN;
    if (netif_running(peer)) {
        netif_carrier_on(dev);
        netif_carrier_on(peer);
    }
    return 0;
}

int pair_stop(struct netdev *dev)
{
    struct netdev *peer = pair_peer(dev);
    netif_carrier_off(dev);
    if (peer)
        netif_carrier_off(peer);
    return 0;
}
