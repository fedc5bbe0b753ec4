/* Virtual Ethernet pairs (drivers/net/veth.c). */
#include <errno.h>

#include "dev/core.h"
#include "dev/ether.h"
#include "dev/pair.h"
#include "sim/trace.h"

enum {
    VETH_MAX_MTU = 65535,
    VETH_HOP_MIN = 6000,
    VETH_HOP_SPREAD = 5000,
};

static void veth_setup(struct netdev *dev)
{
    ether_setup(dev);
    dev->max_mtu = VETH_MAX_MTU;
    dev->tso_max_size = TSO_MAX_SIZE;
    dev->hop_ns_min = VETH_HOP_MIN;
    dev->hop_ns_spread = VETH_HOP_SPREAD;
    pair_setup(dev);
}

/* One queue a CPU since 5.15. */
static uint32_t veth_num_queues(const struct netns *ns)
{
    const struct kernel_facts *k = &ns->w->profile->kernel;
    return k->version >= 0x050f00 ? k->cpus : 1;
}

static int veth_validate(const struct netns *ns, const struct vnet_link_req *req,
                         struct vnet_err *err)
{
    (void)ns;
    (void)err;
    int rc = ether_validate_addr(req);
    if (rc == 0 && req->set & VNET_LINK_MTU && (req->mtu < 68 || req->mtu > VETH_MAX_MTU))
        rc = -EINVAL;
    return rc;
}

/* veth_init_queues(): one queue is used each way unless the request gave a number; the peer then
 * uses as many as it has. */
static void veth_init_queues(struct netdev *dev, const struct vnet_link_req *req)
{
    if (req->set & VNET_LINK_NUMTXQ)
        dev->real_num_tx_queues = dev->num_tx_queues;
    if (req->set & VNET_LINK_NUMRXQ)
        dev->real_num_rx_queues = dev->num_rx_queues;
}

static int veth_newlink(struct netdev *dev, const char *name, const struct vnet_link_req *req,
                        struct vnet_err *err)
{
    int rc = pair_newlink(dev, name, req, err);
    if (rc < 0)
        return rc;
    veth_init_queues(dev, req);
    veth_init_queues(pair_peer(dev), req);
    return 0;
}

/* The frame is lost. The sender hears of it since 6.7, and 6.1 with its fixes (veth_xmit() answers
 * NET_XMIT_DROP). */
VNET_COLD static int veth_drop(struct netdev *dev, struct netdev *peer, struct skb *skb)
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
    struct netdev *peer = pair_peer(dev);
    if (!peer || skb->len < ETH_HLEN || !is_skb_forwardable(peer, skb))
        return veth_drop(dev, peer, skb);
    skb_scrub_packet(skb, peer->ns != dev->ns);
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
    .pair = true,
    .newlink = veth_newlink,
    .dellink = pair_dellink,
    .open = pair_open,
    .stop = pair_stop,
    .xmit = veth_xmit,
    .lower = pair_peer,
    .validate = veth_validate,
    .num_queues = veth_num_queues,
    .uninit = pair_uninit,
};
