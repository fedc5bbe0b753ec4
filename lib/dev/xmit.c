/* Sending (net/core/dev.c: __dev_queue_xmit). */
#include "dev/netdev.h"
#include "sim/trace.h"
#include "vnet_capture.h"

int dev_queue_xmit(struct netdev *dev, struct skb *skb)
{
    struct vnet *w = dev_world(dev);
    if (!netif_running(dev) || dev->no_carrier) {
        trace(w, dev, "xmit", "noop_enqueue", VNET_TRACE_DROPPED, NULL, "%s has no %s", dev->name,
              netif_running(dev) ? "carrier" : "active queue: it is down");
        skb_free(w, skb);
        return 0;
    }
    skb->dev = dev;
    skb->mac = skb->head;
    skb->tstamp = 0;
    w->dirty = true;
    recorder_frame(w, dev, skb, VNET_PACKET_OUTGOING);
    trace(w, dev, "xmit", "dev_queue_xmit", VNET_TRACE_SENT, NULL, "%u bytes", skb->len);
    dev->kind->xmit(dev, skb);
    return 0;
}
