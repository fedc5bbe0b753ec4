/* Frames from sockets to devices and back (net/can/af_can.c). */
#include "can/af_can.h"

#include <errno.h>

#include "sim/trace.h"
#include "vnet_capture.h"
#include "wire/can.h"

bool can_skb_ok(const struct skb *skb)
{
    struct vnet_can_frame f;
    uint16_t protocol = skb->len == VNET_CAN_MTU ? ETH_P_CAN : ETH_P_CANFD;
    return skb->protocol == protocol && vnet_can_parse(skb_data(skb), skb->len, &f);
}

/* What can_send() asks of a frame and its device: 0 or -errno. */
static int check(const struct netdev *dev, struct skb *skb)
{
    struct vnet_can_frame f;
    skb->protocol = skb->len == VNET_CAN_MTU ? ETH_P_CAN : ETH_P_CANFD;
    if (!vnet_can_parse(skb_data(skb), skb->len, &f))
        return -EINVAL;
    if (skb->len > dev->mtu && f.len > VNET_CAN_MAX_DLEN)
        return -EMSGSIZE;
    if (dev->type != VNET_ARPHRD_CAN)
        return -EPERM;
    return netif_running(dev) ? 0 : -ENETDOWN;
}

/* The copy that those on this side of the cable get. netif_rx() has one queue for all devices: it
 * follows the one that went to the other side. */
static void loop_back(struct netdev *dev, struct skb *copy)
{
    const struct netdev *peer = dev->kind->lower ? dev->kind->lower(dev) : NULL;
    copy->pkt_type = VNET_PACKET_BROADCAST;
    dev_hop_schedule_after(dev, copy, peer ? peer->hop_last + NSEC_PER_USEC : 0);
}

enum { KERNEL_FDF = 0x060000 };

int can_send(struct netdev *dev, struct skb *skb, bool loop)
{
    struct vnet *w = dev_world(dev);
    int rc = check(dev, skb);
    if (rc < 0) {
        trace(w, dev, "can", "can_send", VNET_TRACE_DROPPED, NULL, "%s",
              rc == -ENETDOWN ? "the device is down" : "not a frame that this device takes");
        skb_free(w, skb);
        return rc;
    }
    if (skb->protocol == ETH_P_CANFD && w->profile->kernel.version >= KERNEL_FDF)
        can_set_fdf(skb_data(skb));
    skb->mac = skb->net = skb->transport = skb->head;
    skb->looped = loop; /* PACKET_LOOPBACK: the driver counts it as received */
    struct skb *copy = loop ? skb_copy(w, skb) : NULL;
    rc = dev_queue_xmit(dev, skb);
    if (rc < 0)
        skb_free(w, copy);
    else if (copy)
        loop_back(dev, copy);
    return rc;
}

void can_rcv(struct skb *skb, struct netdev *dev)
{
    struct vnet *w = dev_world(dev);
    if (dev->type == VNET_ARPHRD_CAN && can_skb_ok(skb)) {
        list_each(pos, &dev->ns->socks->socks)
        {
            struct sock *sk = list_entry(pos, struct sock, node);
            if (sk->family == VNET_AF_CAN)
                can_raw_rcv(sk, skb);
        }
    } else {
        trace(w, dev, "can", "can_rcv", VNET_TRACE_DROPPED, NULL, "not a CAN frame");
    }
    skb_free(w, skb);
}
