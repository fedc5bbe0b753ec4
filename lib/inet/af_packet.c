/* Packet sockets (net/packet/af_packet.c). */
#include "inet/af_packet.h"

#include <errno.h>
#include <string.h>

#include "inet/truesize.h"
#include "sim/trace.h"
#include "vnet_capture.h"
#include "vnet_packet.h"

enum { VLAN_HLEN = 4 };

/* ---- receiving ---- */

static bool wants(const struct sock *sk, const struct netdev *dev, const struct skb *skb,
                  enum packet_turn turn)
{
    if (sk->family != VNET_AF_PACKET || !sk->protocol ||
        (sk->bound_dev_if ? sk->bound_dev_if != dev->ifindex : turn == PACKET_BOUND))
        return false;
    bool all = sk->protocol == VNET_ETH_P_ALL;
    if (turn == PACKET_OUT)
        return all && skb->sock != sk->id;
    return turn == PACKET_ALL ? all : sk->protocol == skb->protocol;
}

static void receive(struct sock *sk, const struct netdev *dev, const struct skb *skb, bool outgoing)
{
    uint32_t header = outgoing ? dev->hard_header_len : 0;
    if (skb->len < header)
        return;
    uint32_t len = skb->len - header;
    struct sock_msg *m =
        sock_queue_rcv(sk, skb_data(skb) + header, len, skb_truesize(sk->ns->w, len));
    if (!m)
        return;
    m->meta = (struct vnet_msg){
        .time = sk->ns->w->now,
        .ttl = -1,
        .iif = dev->ifindex,
        .pkttype = (uint8_t)(outgoing ? VNET_PACKET_OUTGOING : skb->pkt_type),
        .len = len,
    };
    trace(sk->ns->w, dev, "socket", "packet_rcv", VNET_TRACE_OK, NULL, "received by socket %u",
          sk->id);
}

void packet_rcv_all(struct netdev *dev, const struct skb *skb, enum packet_turn turn)
{
    list_each(pos, &dev->ns->socks->socks)
    {
        struct sock *sk = list_entry(pos, struct sock, node);
        if (wants(sk, dev, skb, turn))
            receive(sk, dev, skb, turn == PACKET_OUT);
    }
}

/* ---- devices that go ---- */

void packet_netdev_event(struct netdev *dev, enum netdev_event event)
{
    if (!dev->ns->socks || (event != NETDEV_UNREGISTER && event != NETDEV_DOWN))
        return;
    list_each(pos, &dev->ns->socks->socks)
    {
        struct sock *sk = list_entry(pos, struct sock, node);
        if (sk->family != VNET_AF_PACKET || sk->bound_dev_if != dev->ifindex)
            continue;
        if (sk->protocol)
            sk->err = ENETDOWN;
        if (event == NETDEV_UNREGISTER)
            sk->bound_dev_if = -1;
    }
}

/* ---- system calls ---- */

static struct sock *packet_sock(struct vnet *w, vnet_sock_id id)
{
    struct sock *sk = sock_find(w, id);
    return sk && sk->family == VNET_AF_PACKET ? sk : NULL;
}

/* packet_do_bind() */
int vnet_packet_bind(struct vnet *w, vnet_sock_id id, int ifindex, uint16_t protocol)
{
    struct sock *sk = packet_sock(w, id);
    if (!sk)
        return -EBADF;
    const struct netdev *dev = ifindex ? netdev_by_index(sk->ns, ifindex) : NULL;
    if (ifindex && !dev)
        return -ENODEV;
    sk->bound_dev_if = ifindex;
    if (protocol)
        sk->protocol = protocol;
    if (dev && !netif_running(dev))
        sk->err = ENETDOWN;
    vnet_touch(w);
    return 0;
}

/* packet_snd() */
int vnet_packet_send(struct vnet *w, vnet_sock_id id, const void *payload, size_t len,
                     const struct lladdr *to)
{
    struct sock *sk = packet_sock(w, id);
    if (!sk)
        return -EBADF;
    struct netdev *dev = sk->bound_dev_if > 0 ? netdev_by_index(sk->ns, sk->bound_dev_if) : NULL;
    if (!dev)
        return -ENXIO;
    if (to->len < dev->addr.len)
        return -EINVAL;
    if (!netif_running(dev))
        return -ENETDOWN;
    if (len > dev->mtu + (size_t)VLAN_HLEN)
        return -EMSGSIZE;
    w->dirty = true;
    struct skb *skb = skb_alloc(w, len);
    memcpy(skb_put(skb, len), payload, len);
    skb->net = skb->head;
    skb->dev = dev;
    skb->sock = sk->id;
    skb->mark = sk->mark;
    eth_header(dev, skb, (uint16_t)sk->protocol, to->bytes, NULL);
    return dev_queue_xmit(dev, skb);
}
