/* Virtual CAN tunnels: pairs (drivers/net/can/vxcan.c). */
#include "dev/can.h"
#include "dev/core.h"
#include "dev/pair.h"
#include "sim/trace.h"
#include "vnet_capture.h"
#include "wire/can.h"

static void vxcan_setup(struct netdev *dev)
{
    can_setup(dev);
    pair_setup(dev);
}

/* vxcan_xmit(): what netif_rx() of the peer takes counts on both sides. The clone that goes there
 * has no socket: its receivers take it for a frame from elsewhere. */
static int vxcan_xmit(struct netdev *dev, struct skb *skb)
{
    struct netdev *peer = pair_peer(dev);
    struct vnet *w = dev_world(dev);
    if (can_dropped_invalid(dev, skb))
        return 0;
    if (!peer || !netif_running(peer)) {
        trace(w, dev, "xmit", "vxcan_xmit", VNET_TRACE_DROPPED, NULL, "the peer is down or gone");
        (peer ? &peer->stats.rx_dropped : &dev->stats.tx_dropped)[0]++;
        skb_free(w, skb);
        return 0;
    }
    uint32_t len = can_data_len(skb_data(skb), skb->len);
    dev->stats.tx_packets++;
    dev->stats.tx_bytes += len;
    peer->stats.rx_packets++;
    peer->stats.rx_bytes += len;
    skb->pkt_type = VNET_PACKET_BROADCAST;
    skb->sock = 0;
    skb->looped = false;
    dev_hop_schedule(peer, skb);
    return 0;
}

const struct link_kind vxcan_kind = {
    .name = "vxcan",
    .state_name = "vxcan",
    .user_can_add = true,
    .pair = true,
    .setup = vxcan_setup,
    .newlink = pair_newlink,
    .dellink = pair_dellink,
    .open = pair_open,
    .stop = pair_stop,
    .xmit = vxcan_xmit,
    .type_trans = can_type_trans,
    .change_mtu = can_change_mtu,
    .lower = pair_peer,
    .uninit = pair_uninit,
};
