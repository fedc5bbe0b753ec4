/* A virtual CAN bus of one device (drivers/net/can/vcan.c, without its echo option). */
#include "dev/can.h"
#include "dev/core.h"
#include "vnet_capture.h"
#include "wire/can.h"

/* vcan_tx(): frames go nowhere. Those that the sender's core has looped back count as received. */
static int vcan_xmit(struct netdev *dev, struct skb *skb)
{
    if (can_dropped_invalid(dev, skb))
        return 0;
    uint32_t len = can_data_len(skb_data(skb), skb->len);
    dev->stats.tx_packets++;
    dev->stats.tx_bytes += len;
    if (skb->looped) {
        dev->stats.rx_packets++;
        dev->stats.rx_bytes += len;
    }
    skb_free(dev_world(dev), skb);
    return 0;
}

const struct link_kind vcan_kind = {
    .name = "vcan",
    .state_name = "vcan",
    .user_can_add = true,
    .setup = can_setup,
    .xmit = vcan_xmit,
    .type_trans = can_type_trans,
    .change_mtu = can_change_mtu,
};
