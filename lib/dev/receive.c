/* Receiving (net/core/dev.c: __netif_receive_skb_core). */
#include "bridge/br.h"
#include "dev/ether.h"
#include "dev/netdev.h"
#include "dev/vlan.h"
#include "inet/af_packet.h"
#include "sim/trace.h"
#include "vnet_capture.h"

VNET_COLD static void drop(struct netdev *dev, struct skb *skb)
{
    dev->stats.rx_dropped++;
    skb_free(dev_world(dev), skb);
}

enum { KERNEL_OTHERHOST_COUNTS = 0x051300 };

void netdev_count_otherhost(struct netdev *dev)
{
    if (dev_world(dev)->profile->kernel.version >= KERNEL_OTHERHOST_COUNTS)
        dev->stats.rx_otherhost_dropped++;
}

static void deliver(struct netdev *dev, struct skb *skb)
{
    for (const struct packet_type *p = packet_types; p->rcv; p++) {
        if (p->ethertype == skb->protocol) {
            p->rcv(skb, dev);
            return;
        }
    }
    trace(dev_world(dev), dev, "receive", "__netif_receive_skb_core", VNET_TRACE_DROPPED,
          DROP_REASON(UNHANDLED_PROTO), "ethertype 0x%04x", skb->protocol);
    drop(dev, skb);
}

static bool type_trans(struct skb *skb, const struct netdev *dev)
{
    return dev->kind->type_trans ? dev->kind->type_trans(skb, dev) : eth_type_trans(skb, dev);
}

static bool is_vlan_type(uint16_t protocol)
{
    return protocol == ETH_P_8021Q || protocol == ETH_P_8021AD;
}

/* One device's look at a frame: that of captures and packet sockets of all protocols. */
static void tap(struct netdev *dev, struct skb *skb)
{
    struct vnet *w = dev_world(dev);
    skb->dev = dev;
    skb->iif = dev->ifindex;
    if (!skb->tstamp)
        skb->tstamp = w->now;
    recorder_frame(w, dev, skb, skb->pkt_type);
    trace(w, dev, "receive", "netif_receive_skb", VNET_TRACE_OK, NULL, "%u bytes, ethertype 0x%04x",
          skb->len, skb->protocol);
    packet_rcv(dev, skb, PACKET_ALL);
}

/* The tag of a frame that no VLAN is for: it is somebody else's, unless it names none. */
static void ignore_tag(struct skb *skb)
{
    if (skb->vlan_tci & VLAN_VID_MASK)
        skb->pkt_type = VNET_PACKET_OTHERHOST;
    skb->vlan_proto = 0;
}

void netif_receive_skb_core(struct netdev *dev, struct skb *skb)
{
    struct netdev *orig = dev;
    for (;;) {
        if (is_vlan_type(skb->protocol) && !skb_vlan_untag(skb)) {
            drop(dev, skb);
            return;
        }
        tap(dev, skb);
        struct netdev *vlan = skb->vlan_proto && dev->vlans ? vlan_do_receive(dev, skb) : NULL;
        if (!vlan)
            break;
        if (skb->vlan_proto) {
            trace(dev_world(dev), vlan, "receive", "vlan_do_receive", VNET_TRACE_DROPPED, NULL,
                  "%s is down", vlan->name);
            skb_free(dev_world(dev), skb);
            return;
        }
        dev = vlan;
    }
    if (dev->br_port && br_handle_frame(dev, skb))
        return;
    if (skb->vlan_proto)
        ignore_tag(skb);
    packet_rcv(dev, skb, PACKET_TYPE);
    if (orig != dev)
        packet_rcv(orig, skb, PACKET_BOUND);
    deliver(dev, skb);
}

void netif_receive_skb(struct netdev *dev, struct skb *skb)
{
    struct vnet *w = dev_world(dev);
    if (!netif_running(dev)) {
        trace(w, dev, "receive", "enqueue_to_backlog", VNET_TRACE_DROPPED, DROP_REASON(DEV_READY),
              "%s is down", dev->name);
        drop(dev, skb);
        return;
    }
    if (!type_trans(skb, dev)) {
        trace(w, dev, "receive", "eth_type_trans", VNET_TRACE_DROPPED, DROP_REASON(HDR_TRUNC),
              "%u bytes", skb->len);
        drop(dev, skb);
        return;
    }
    skb->tstamp = w->now;
    netif_receive_skb_core(dev, skb);
}
