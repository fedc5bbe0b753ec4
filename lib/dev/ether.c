/* Ethernet (net/ethernet/eth.c). */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "dev/core.h"
#include "dev/ether.h"
#include "sim/world.h"
#include "vnet_capture.h"

enum {
    ETH_MTU = 1500,
    ETH_MIN_MTU = 68,
    ETH_P_802_3_MIN = 0x600,
    ETH_P_802_3 = 1,
    ETH_P_802_2 = 4
};

void ether_setup(struct netdev *dev)
{
    static const uint8_t broadcast[ETH_ALEN] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    dev->type = VNET_ARPHRD_ETHER;
    dev->hard_header_len = ETH_HLEN;
    dev->mtu = dev->max_mtu = ETH_MTU;
    dev->min_mtu = ETH_MIN_MTU;
    dev->flags = VNET_IFF_BROADCAST | VNET_IFF_MULTICAST;
    dev->brd = lladdr_eth(broadcast);
    dev->addr.len = ETH_ALEN;
}

void netdev_random_mac(struct netdev *dev)
{
    dev->addr.len = ETH_ALEN;
    rng_bytes(&dev_world(dev)->rng, dev->addr.bytes, ETH_ALEN);
    dev->addr.bytes[0] = (dev->addr.bytes[0] & 0xfe) | 0x02;
    dev->addr_assign_type = NET_ADDR_RANDOM;
}

bool netdev_mac_valid(const struct lladdr *a)
{
    static const uint8_t zero[ETH_ALEN];
    return !(a->bytes[0] & 1) && memcmp(a->bytes, zero, ETH_ALEN) != 0;
}

int ether_validate_addr(const struct vnet_link_req *req)
{
    if (!(req->set & VNET_LINK_ADDR))
        return 0;
    if (req->addr.len != ETH_ALEN)
        return -EINVAL;
    return netdev_mac_valid(&req->addr) ? 0 : -EADDRNOTAVAIL;
}

void eth_header(struct netdev *dev, struct skb *skb, uint16_t ethertype, const uint8_t *dst,
                const uint8_t *src)
{
    static const uint8_t zero[ETH_ALEN];
    skb->protocol = ethertype;
    if (!dev->hard_header_len)
        return;
    uint8_t *h = skb_push(skb, ETH_HLEN);
    memcpy(h, dst ? dst : zero, ETH_ALEN);
    memcpy(h + ETH_ALEN, src ? src : dev->addr.bytes, ETH_ALEN);
    put_be16(h + 2 * ETH_ALEN, ethertype);
    skb->mac = skb->head;
}

static uint8_t pkt_type(const struct netdev *dev, const uint8_t *dst)
{
    if (dst[0] & 1)
        return memcmp(dst, dev->brd.bytes, ETH_ALEN) == 0 ? VNET_PACKET_BROADCAST
                                                          : VNET_PACKET_MULTICAST;
    return memcmp(dst, dev->addr.bytes, ETH_ALEN) == 0 ? VNET_PACKET_HOST : VNET_PACKET_OTHERHOST;
}

uint16_t eth_proto(uint16_t type, const uint8_t *payload, size_t len)
{
    if (type >= ETH_P_802_3_MIN)
        return type;
    /* a length: 802.3, Novell's raw one starts with ff:ff */
    return len >= 2 && get_be16(payload) == 0xffff ? ETH_P_802_3 : ETH_P_802_2;
}

bool eth_type_trans(struct skb *skb, const struct netdev *dev)
{
    const uint8_t *h = skb_data(skb);
    if (skb->len < ETH_HLEN)
        return false;
    skb->mac = skb->head;
    skb->pkt_type = pkt_type(dev, h);
    uint16_t proto = get_be16(h + 2 * ETH_ALEN);
    skb_pull(skb, ETH_HLEN);
    skb->net = skb->head;
    skb->protocol = eth_proto(proto, h + ETH_HLEN, skb->len);
    return true;
}
