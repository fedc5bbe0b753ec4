/* The loopback device (drivers/net/loopback.c). */
#include "dev/core.h"
#include "dev/ether.h"
#include "sim/world.h"

enum { LO_MTU = 64 * 1024, LO_HOP_MIN = 3000, LO_HOP_SPREAD = 7000 };

static void lo_setup(struct netdev *dev)
{
    dev->type = VNET_ARPHRD_LOOPBACK;
    dev->hard_header_len = ETH_HLEN;
    dev->mtu = LO_MTU;
    dev->flags = VNET_IFF_LOOPBACK;
    dev->addr.len = dev->brd.len = ETH_ALEN;
    dev->txqlen = dev->ns->w->profile->kernel.lo_txqlen;
    dev->tso_max_size = TSO_MAX_SIZE;
    dev->hop_ns_min = LO_HOP_MIN;
    dev->hop_ns_spread = LO_HOP_SPREAD;
}

/* loopback_xmit(): the packet keeps its route; counted at once, both ways, without the Ethernet
 * header. */
static int lo_xmit(struct netdev *dev, struct skb *skb)
{
    uint64_t bytes = skb->len - ETH_HLEN;
    skb->sock = 0;
    dev->stats.tx_packets++;
    dev->stats.rx_packets++;
    dev->stats.tx_bytes += bytes;
    dev->stats.rx_bytes += bytes;
    dev_hop_schedule(dev, skb);
    return 0;
}

const struct link_kind loopback_kind = {
    .state_name = "loopback",
    .netns_local = true,
    .setup = lo_setup,
    .xmit = lo_xmit,
};
