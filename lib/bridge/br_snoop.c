/* A bridge that snoops listens to all-snoopers (RFC 4286; net/bridge/br_multicast.c:
 * br_multicast_join_snoopers()), and tells so by IGMPv3 (RFC 3376; net/ipv4/igmp.c): the only group
 * that anything here joins which is to be told of. */
#include "base/bytes.h"
#include "bridge/br.h"
#include "inet/addrconf.h"
#include "inet/addrconf_int.h"
#include "inet/devinet.h"
#include "inet/ip.h"
#include "vnet_route.h"
#include "wire/cksum.h"
#include "wire/ether.h"
#include "wire/ipv4.h"

enum {
    ALL_SNOOPERS = 0xe000006a, /* 224.0.0.106 */
    IGMPV3_ALL_MCR = 0xe0000016,
    PROTO_IGMP = 2,
    IGMPV3_REPORT = 0x22,
    CHANGE_TO_INCLUDE = 3,
    CHANGE_TO_EXCLUDE = 4,
    TOS_CONTROL = 0xc0,
    REPORT_LEN = 16,
    RA_LEN = 4,
    QRV = 2, /* sysctl igmp_qrv */
    LINK_SCOPE = 253,
};

static const struct inet_addr all_snoopers6 = {
    VNET_AF_INET6, {0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x6a}};

/* igmpv3_newpack(), add_grec(): one record without sources. */
static struct skb *new_report(struct bridge *br, const struct inet_addr *src)
{
    static const uint8_t router_alert[RA_LEN] = {0x94, 0x04, 0x00, 0x00};
    struct skb *skb = skb_alloc(dev_world(br->dev), IPV4_HDR_LEN + RA_LEN + REPORT_LEN);
    uint8_t *b = skb_put(skb, REPORT_LEN);
    for (unsigned i = 0; i < REPORT_LEN; i++)
        b[i] = 0;
    b[0] = IGMPV3_REPORT;
    put_be16(b + 6, 1);
    b[8] = br->igmp_leaves ? CHANGE_TO_INCLUDE : CHANGE_TO_EXCLUDE;
    put_be32(b + 12, ALL_SNOOPERS);
    put_be16(b + 2, cksum_finish(cksum_add(0, b, REPORT_LEN)));
    const struct ipv4_hdr h = {
        .version = 4,
        .hdr_len = IPV4_HDR_LEN + RA_LEN,
        .tos = TOS_CONTROL,
        .ttl = 1,
        .protocol = PROTO_IGMP,
        .frag = IPV4_DF,
        .tot_len = IPV4_HDR_LEN + RA_LEN + REPORT_LEN,
        .saddr = src->family ? inet_addr_to_v4(src) : 0,
        .daddr = IGMPV3_ALL_MCR,
    };
    ipv4_emit(skb_push(skb, h.hdr_len), &h, router_alert);
    return skb;
}

/* igmpv3_send_cr() */
static void send_report(struct bridge *br)
{
    struct inet_addr src = {0};
    struct netdev *dev = br->dev;
    if (!dev->in_dev || !netif_running(dev))
        return;
    inet_select_addr(dev->ns, dev, NULL, LINK_SCOPE, &src);
    struct skb *skb = new_report(br, &src);
    skb->dst = (struct dst){
        .dev = dev, .src = src, .type = VNET_RTN_MULTICAST, .flags = VNET_RTCF_MULTICAST};
    skb->has_dst = true;
    ip_local_out(dev->ns, skb);
}

/* igmp_ifc_start_timer() */
static void start_timer(struct bridge *br, int64_t spread)
{
    struct vnet *w = dev_world(br->dev);
    int64_t jiffy = NSEC_PER_SEC / w->profile->kernel.hz;
    int64_t delay = (int64_t)rng_below(&w->rng, (uint64_t)(spread / jiffy)) + 2;
    br_timer_set(w, &br->igmp, delay * jiffy);
}

/* igmp_ifc_timer_expire(): unsolicited reports come within a second of each other. */
static void igmp_expired(struct vnet *w, struct timer *t)
{
    struct bridge *br = container_of(t, struct bridge, igmp.timer);
    (void)w;
    send_report(br);
    if (br->igmp_left > 0 && --br->igmp_left > 0)
        start_timer(br, NSEC_PER_SEC);
}

static void tell(struct bridge *br, bool leaves)
{
    br->igmp_leaves = leaves;
    br->igmp_left = QRV;
    start_timer(br, NSEC_PER_SEC / dev_world(br->dev)->profile->kernel.hz);
}

void br_snoop_init(struct bridge *br)
{
    timer_init(&br->igmp.timer, igmp_expired);
}

void br_multicast_join_snoopers(struct bridge *br)
{
    if (!br->opt[VNET_BR_MCAST_SNOOPING])
        return;
    if (br->dev->in_dev)
        tell(br, false);
    if (br->dev->in6_dev)
        ipv6_mc_join(br->dev->in6_dev, &all_snoopers6);
}

/* What is to be told of leaving is not, where the device goes down. */
void br_multicast_leave_snoopers(struct bridge *br, bool down)
{
    if (!br->opt[VNET_BR_MCAST_SNOOPING])
        return;
    if (br->dev->in_dev)
        tell(br, true);
    if (down)
        timer_cancel(dev_world(br->dev), &br->igmp.timer);
    if (br->dev->in6_dev)
        ipv6_mc_leave(br->dev->in6_dev, &all_snoopers6);
}

int br_multicast_toggle(struct bridge *br, uint64_t on)
{
    bool was = br->opt[VNET_BR_MCAST_SNOOPING];
    if (was == (on != 0))
        return 0;
    if (was && netif_running(br->dev))
        br_multicast_leave_snoopers(br, false);
    br->opt[VNET_BR_MCAST_SNOOPING] = on != 0;
    if (!was && netif_running(br->dev))
        br_multicast_join_snoopers(br);
    return 0;
}
