/* Virtual Ethernet pairs (drivers/net/veth.c). */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "dev/core.h"
#include "dev/ether.h"
#include "dev/veth.h"
#include "sim/trace.h"

enum {
    VETH_MAX_MTU = 65535,
    VETH_TSO_MAX_SIZE = 524280,
    VETH_HOP_MIN = 6000,
    VETH_HOP_SPREAD = 5000,
    VLAN_HLEN = 4,
};

struct veth {
    struct netdev *peer; /* NULL: not tied yet, or gone */
};

static void veth_setup(struct netdev *dev)
{
    ether_setup(dev);
    dev->max_mtu = VETH_MAX_MTU;
    dev->tso_max_size = VETH_TSO_MAX_SIZE;
    dev->hop_ns_min = VETH_HOP_MIN;
    dev->hop_ns_spread = VETH_HOP_SPREAD;
    dev->priv = mem_alloc(sizeof(struct veth));
}

static void veth_uninit(struct netdev *dev)
{
    struct netdev *peer = veth_peer(dev);
    if (peer)
        ((struct veth *)peer->priv)->peer = NULL;
    free(dev->priv);
}

struct netdev *veth_peer(const struct netdev *dev)
{
    const struct veth *v = dev->priv;
    return v->peer;
}

void veth_tie(struct netdev *a, struct netdev *b)
{
    ((struct veth *)a->priv)->peer = b;
    ((struct veth *)b->priv)->peer = a;
}

/* One queue a CPU since 5.15. */
static uint32_t veth_num_queues(const struct netns *ns)
{
    const struct kernel_facts *k = &ns->w->profile->kernel;
    return k->version >= 0x050f00 ? k->cpus : 1;
}

static int veth_validate(const struct vnet_link_req *req, struct vnet_err *err)
{
    (void)err;
    if (req->set & VNET_LINK_ADDR) {
        if (req->addr.len != ETH_ALEN)
            return -EINVAL;
        if (!netdev_mac_valid(&req->addr))
            return -EADDRNOTAVAIL;
    }
    if (req->set & VNET_LINK_MTU && (req->mtu < 68 || req->mtu > VETH_MAX_MTU))
        return -EINVAL;
    return 0;
}

/* The peer takes what is given of it; without VETH_INFO_PEER what is given of dev. */
static struct netdev *make_peer(struct netdev *dev, const struct vnet_link_req *req, int *error,
                                struct vnet_err *err)
{
    const struct vnet_link_req *peer_req = req->peer ? req->peer : req;
    *error = req->peer ? veth_validate(req->peer, err) : 0;
    struct netdev *peer = *error ? NULL : netdev_create(dev->ns, &veth_kind, peer_req, error, err);
    if (!peer)
        return NULL;
    if (!req->peer || !(req->peer->set & VNET_LINK_ADDR))
        netdev_random_mac(peer);
    if (req->peer && dev->ifindex)
        peer->ifindex = req->peer->ifindex;
    *error = netdev_insert(peer, req->peer && req->peer->ifname[0] ? req->peer->ifname : "veth%d");
    if (*error == 0)
        return peer;
    netdev_free(peer);
    return NULL;
}

/* rtnl_configure_link() of the peer comes before the two are tied: it cannot be made up yet. */
static int configure_peer(struct netdev *peer, const struct vnet_link_req *peer_req,
                          struct vnet_err *err)
{
    if (!peer_req || !peer_req->change)
        return 0;
    uint32_t flags = (peer_req->flags & peer_req->change) | (peer->flags & ~peer_req->change);
    return netdev_change_flags(peer, flags, err);
}

/* veth_newlink(): the peer is registered first and so has the lower index. */
static int veth_newlink(struct netdev *dev, const char *name, const struct vnet_link_req *req,
                        struct vnet_err *err)
{
    int rc;
    struct netdev *peer = make_peer(dev, req, &rc, err);
    if (!peer)
        return rc;
    netif_carrier_off(peer);
    rc = configure_peer(peer, req->peer, err);
    if (rc == 0) {
        if (!(req->set & VNET_LINK_ADDR))
            netdev_random_mac(dev);
        rc = netdev_insert(dev, req->ifname[0] ? name : "veth%d");
    }
    if (rc) {
        netdev_unregister(peer);
        return rc;
    }
    netif_carrier_off(dev);
    veth_tie(dev, peer);
    return 0;
}

static void veth_dellink(struct netdev *dev)
{
    struct netdev *both[2] = {dev, veth_peer(dev)};
    netdev_unregister_many(both, both[1] ? 2 : 1);
}

static int veth_open(struct netdev *dev)
{
    struct netdev *peer = veth_peer(dev);
    if (!peer)
        return -ENOTCONN;
    if (netif_running(peer)) {
        netif_carrier_on(dev);
        netif_carrier_on(peer);
    }
    return 0;
}

static int veth_stop(struct netdev *dev)
{
    struct netdev *peer = veth_peer(dev);
    netif_carrier_off(dev);
    if (peer)
        netif_carrier_off(peer);
    return 0;
}

/* is_skb_forwardable() */
static bool forwardable(const struct netdev *to, const struct skb *skb)
{
    return netif_running(to) && skb->len <= to->mtu + to->hard_header_len + VLAN_HLEN;
}

/* The frame is lost. The sender hears of it since 6.7, and 6.1 with its fixes (veth_xmit() answers
 * NET_XMIT_DROP). */
static int veth_drop(struct netdev *dev, struct netdev *peer, struct skb *skb)
{
    trace(dev_world(dev), dev, "xmit", "veth_xmit", VNET_TRACE_DROPPED, NULL,
          "the peer cannot take %u bytes", skb->len);
    if (peer && skb->len >= ETH_HLEN)
        peer->stats.rx_dropped++;
    dev->stats.tx_dropped++;
    skb_free(dev_world(dev), skb);
    return dev_world(dev)->profile->kernel.version >= 0x060100 ? -ENOBUFS : 0;
}

/* veth_xmit(), veth_forward_skb(): what the peer receives is what was sent, counted at once; the
 * packet loses its route and its socket (skb_scrub_packet()). */
static int veth_xmit(struct netdev *dev, struct skb *skb)
{
    struct netdev *peer = veth_peer(dev);
    if (!peer || skb->len < ETH_HLEN || !forwardable(peer, skb))
        return veth_drop(dev, peer, skb);
    skb->has_dst = false;
    skb->sock = 0;
    skb->priority = 0;
    if (peer->ns != dev->ns)
        skb->mark = 0;
    dev->stats.tx_packets++;
    dev->stats.tx_bytes += skb->len;
    peer->stats.rx_packets++;
    peer->stats.rx_bytes += skb->len;
    dev_hop_schedule(peer, skb);
    return 0;
}

const struct link_kind veth_kind = {
    .name = "veth",
    .state_name = "veth",
    .user_can_add = true,
    .setup = veth_setup,
    .newlink = veth_newlink,
    .dellink = veth_dellink,
    .open = veth_open,
    .stop = veth_stop,
    .xmit = veth_xmit,
    .lower = veth_peer,
    .validate = veth_validate,
    .num_queues = veth_num_queues,
    .uninit = veth_uninit,
};
