/* Sending (net/core/dev.c: __dev_queue_xmit). */
#include "dev/netdev.h"
#include "dev/vlan.h"
#include "inet/af_packet.h"
#include "sim/trace.h"
#include "vnet_capture.h"

enum { KERNEL_NOOP_COUNTS = 0x060b00 };

/* noop_enqueue(): counts since 6.11. */
VNET_COLD static int noop_enqueue(struct netdev *dev, struct skb *skb)
{
    struct vnet *w = dev_world(dev);
    trace(w, dev, "xmit", "noop_enqueue", VNET_TRACE_DROPPED, NULL, "%s %s", dev->name,
          !netif_running(dev) ? "is down"
          : dev->no_carrier   ? "has no carrier"
                              : "is not active yet");
    if (w->profile->kernel.version >= KERNEL_NOOP_COUNTS)
        dev->stats.tx_dropped++;
    w->dirty = true;
    skb_free(w, skb);
    return 0;
}

int dev_queue_xmit(struct netdev *dev, struct skb *skb)
{
    struct vnet *w = dev_world(dev);
    if (!netif_running(dev) || dev->no_carrier || dev->qdisc_waits)
        return noop_enqueue(dev, skb);
    skb->dev = dev;
    skb->mac = skb->head;
    skb->tstamp = 0;
    if (skb->vlan_proto && !netdev_tags_beside(dev)) /* validate_xmit_vlan() */
        vlan_insert_tag(skb);
    w->dirty = true;
    recorder_frame(w, dev, skb, VNET_PACKET_OUTGOING);
    packet_rcv(dev, skb, PACKET_OUT);
    trace(w, dev, "xmit", "dev_queue_xmit", VNET_TRACE_SENT, NULL, "%u bytes", skb->len);
    return dev->kind->xmit(dev, skb);
}
