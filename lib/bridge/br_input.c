/* Frames into a bridge: from its ports, from itself (net/bridge/br_input.c, br_device.c). */
#include <string.h>

#include "bridge/br.h"
#include "bridge/br_bpdu.h"
#include "netfilter/nf.h"
#include "sim/trace.h"
#include "vnet_capture.h"
#include "wire/ether.h"

static bool drop(struct netdev *dev, struct skb *skb, const char *func, const char *why)
{
    trace(dev_world(dev), dev, "bridge", func, VNET_TRACE_DROPPED, NULL, "%s", why);
    skb_free(dev_world(dev), skb);
    return true;
}

static const uint8_t *dest(const struct skb *skb)
{
    return skb->buf + skb->mac;
}

/* br_pass_frame_up(): the bridge is a device that receives it. Its bytes are those behind the
 * Ethernet header. */
static void pass_frame_up(struct bridge *br, struct skb *skb)
{
    struct netdev *dev = br->dev, *in = skb->dev;
    dev->stats.rx_packets++;
    dev->stats.rx_bytes += skb->len;
    if (!netdev_promiscuity(dev) && !br_allowed_egress(&br->vlans, skb, true)) {
        drop(dev, skb, "br_pass_frame_up", "the bridge is not in that VLAN");
        return;
    }
    skb->dev = dev;
    if (br_handle_vlan(br, NULL, skb) && nf_hook(dev->ns, NF_AT_BR_PASS_FRAME_UP, skb, in, NULL))
        netif_receive_skb_core(dev, skb);
}

/* br_handle_frame_finish(), behind learning and the like. */
static void forward_or_flood(struct br_port *p, struct skb *skb, uint16_t vid)
{
    struct bridge *br = p->br;
    struct netdev *dev = br->dev;
    bool local_rcv = netdev_promiscuity(dev) > 0 || ether_is_broadcast(dest(skb));
    struct br_fdb *dst = NULL;
    if (!ether_is_multicast(dest(skb)))
        dst = br_fdb_find(br, dest(skb), vid);
    if (dst && dst->flags & FDB_LOCAL) {
        pass_frame_up(br, skb);
        return;
    }
    if (dst) {
        dst->used = dev_world(dev)->now;
        br_forward(dst->dst, skb, local_rcv);
    } else {
        br_flood(br, skb, ether_is_multicast(dest(skb)) ? BR_PKT_BROADCAST : BR_PKT_UNICAST,
                 local_rcv, false);
    }
    if (local_rcv)
        pass_frame_up(br, skb);
}

/* The same of a multicast: to the members of its group, if it is known who they are. */
static void forward_multicast(struct br_port *p, struct skb *skb, uint16_t vid)
{
    struct bridge *br = p->br;
    struct netdev *dev = br->dev;
    struct br_mdb *mp;
    bool known = br_multicast_known(br, skb, vid, &mp);
    bool wanted = !known || (mp && mp->host_joined) || br_multicast_is_router(br, skb);
    bool local_rcv = wanted || netdev_promiscuity(dev) > 0;
    if (wanted)
        dev->stats.multicast++;
    if (known)
        br_multicast_flood(br, mp, skb, local_rcv, false);
    else
        br_flood(br, skb, BR_PKT_MULTICAST, local_rcv, false);
    if (local_rcv)
        pass_frame_up(br, skb);
}

/* BR_PORT_LOCKED: only from addresses that the table has behind this port. */
static bool locked_out(const struct br_port *p, const struct skb *skb, uint16_t vid)
{
    if (!(p->flags & BR_FLAG(LOCKED)))
        return false;
    const struct br_fdb *f = br_fdb_find(p->br, dest(skb) + ETH_ALEN, vid);
    return !f || f->dst != p || f->flags & FDB_LOCAL;
}

/* A multicast, not a broadcast. */
static bool is_group(const struct skb *skb)
{
    return ether_is_multicast(dest(skb)) && !ether_is_broadcast(dest(skb));
}

static bool frame_finish(struct br_port *p, struct skb *skb)
{
    uint16_t vid = 0;
    if (!br_allowed_ingress(p->br, p, skb, &vid))
        return true;
    if (locked_out(p, skb, vid))
        return drop(p->dev, skb, "br_handle_frame_finish", "the port is locked");
    if (p->flags & BR_FLAG(LEARNING))
        br_fdb_update(p->br, p, dest(skb) + ETH_ALEN, vid, 0);
    if (is_group(skb) && !br_multicast_rcv(p->br, p, skb, vid))
        return drop(p->dev, skb, "br_multicast_rcv", "malformed IP, IGMP or MLD");
    if (p->state == VNET_BR_STATE_LEARNING)
        return drop(p->dev, skb, "br_handle_frame_finish", "the port is learning");
    skb->br_isolated = p->flags & BR_FLAG(ISOLATED);
    if (!is_group(skb))
        forward_or_flood(p, skb, vid);
    else
        forward_multicast(p, skb, vid);
    return true;
}

enum { LINK_LOCAL_STP = 0x00, LINK_LOCAL_PAUSE = 0x01, GROUPFWD_8021AD = 0xb801 };

/* __br_handle_local_finish(): learned from, if only that. */
static void local_finish(struct br_port *p, const struct skb *skb)
{
    const struct bridge *br = p->br;
    bool learns = p->state == VNET_BR_STATE_LEARNING || p->state == VNET_BR_STATE_FORWARDING;
    if (p->flags & BR_FLAG(LEARNING) && learns && !br->opt[VNET_BR_NO_LL_LEARN])
        br_fdb_update(p->br, p, dest(skb) + ETH_ALEN,
                      br->opt[VNET_BR_VLAN_FILTERING] ? p->vlans.pvid : 0, 0);
}

/* Which of 01:80:c2:00:00:0X are forwarded like any (br_recalculate_fwd_mask()). */
static unsigned fwd_mask(const struct br_port *p, uint8_t last)
{
    const struct bridge *br = p->br;
    unsigned mask = p->group_fwd_mask;
    if (br->opt[VNET_BR_VLAN_FILTERING] && br->opt[VNET_BR_VLAN_PROTOCOL] == BR_8021AD)
        mask |= GROUPFWD_8021AD & ~(1u << (br->opt[VNET_BR_GROUP_ADDR] & 0x0f));
    if (last != LINK_LOCAL_STP)
        mask |= (unsigned)br->opt[VNET_BR_GROUP_FWD_MASK];
    else if (br->opt[VNET_BR_STP_STATE] == BR_NO_STP)
        mask |= 1u << LINK_LOCAL_STP;
    return mask;
}

/* A frame to such an address that stays here; true: consumed. */
static bool handle_local(struct br_port *p, struct skb *skb, uint8_t last)
{
    if (!nf_hook(p->dev->ns, NF_AT_BR_HANDLE_LOCAL, skb, p->dev, NULL))
        return true;
    local_finish(p, skb);
    if (last != (p->br->opt[VNET_BR_GROUP_ADDR] & 0x0f) ||
        p->br->opt[VNET_BR_STP_STATE] == BR_NO_STP)
        return false;
    br_stp_rcv(p, skb);
    skb_free(dev_world(p->dev), skb);
    return true;
}

static bool is_link_local(const uint8_t *addr)
{
    static const uint8_t group[ETH_ALEN] = {0x01, 0x80, 0xc2, 0x00, 0x00, 0x00};
    return memcmp(addr, group, ETH_ALEN - 1) == 0 && !(addr[ETH_ALEN - 1] & 0xf0);
}

bool br_handle_frame(struct netdev *dev, struct skb *skb)
{
    struct br_port *p = dev->br_port;
    const uint8_t *to = dest(skb);
    const struct lladdr from = lladdr_eth(to + ETH_ALEN);
    if (!netdev_mac_valid(&from))
        return drop(dev, skb, "br_handle_frame", "its source is no unicast address");
    if (is_link_local(to)) {
        uint8_t last = to[ETH_ALEN - 1] & 0x0f;
        if (last == LINK_LOCAL_PAUSE)
            return drop(dev, skb, "br_handle_frame", "a pause frame");
        if (!(fwd_mask(p, last) & 1u << last))
            return handle_local(p, skb, last);
    }
    if (p->state != VNET_BR_STATE_FORWARDING && p->state != VNET_BR_STATE_LEARNING)
        return drop(dev, skb, "br_handle_frame", "the port is neither forwarding nor learning");
    if (memcmp(p->br->dev->addr.bytes, to, ETH_ALEN) == 0)
        skb->pkt_type = VNET_PACKET_HOST;
    if (!nf_hook(dev->ns, NF_AT_BR_HANDLE_FRAME, skb, dev, NULL))
        return true;
    return frame_finish(p, skb);
}

static void xmit_multicast(struct bridge *br, struct skb *skb, uint16_t vid)
{
    struct br_mdb *mp;
    if (!br_multicast_rcv(br, NULL, skb, vid))
        drop(br->dev, skb, "br_multicast_rcv", "malformed IP, IGMP or MLD");
    else if (br_multicast_known(br, skb, vid, &mp))
        br_multicast_flood(br, mp, skb, false, true);
    else
        br_flood(br, skb, BR_PKT_MULTICAST, false, true);
}

/* What the bridge itself sends; its bytes count with the Ethernet header. */
int br_dev_xmit(struct netdev *dev, struct skb *skb)
{
    struct bridge *br = br_of(dev);
    uint16_t vid = 0;
    dev->stats.tx_packets++;
    dev->stats.tx_bytes += skb->len;
    skb->mac = skb->head;
    skb->br_isolated = false;
    if (!skb_pull(skb, ETH_HLEN)) {
        skb_free(dev_world(dev), skb);
        return 0;
    }
    skb->net = skb->head;
    if (!br_allowed_ingress(br, NULL, skb, &vid))
        return 0;
    if (is_group(skb)) {
        xmit_multicast(br, skb, vid);
        return 0;
    }
    if (ether_is_broadcast(dest(skb))) {
        br_flood(br, skb, BR_PKT_BROADCAST, false, true);
        return 0;
    }
    const struct br_fdb *dst = br_fdb_find(br, dest(skb), vid);
    if (dst)
        br_forward(dst->dst, skb, false);
    else
        br_flood(br, skb, BR_PKT_UNICAST, false, true);
    return 0;
}
