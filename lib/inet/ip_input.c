/* IPv4 packets that come in (net/ipv4/ip_input.c; RFC 791, RFC 1122 3.2.1). */
#include <errno.h>

#include "base/bytes.h"
#include "inet/conf_trace.h"
#include "inet/devinet.h"
#include "inet/icmp.h"
#include "inet/icmp_limit.h"
#include "inet/igmp.h"
#include "inet/ip.h"
#include "inet/mib.h"
#include "inet/route_cache.h"
#include "inet/sock.h"
#include "inet/udp.h"
#include "inet/text.h"
#include "netfilter/nf.h"
#include "sim/trace.h"
#include "vnet_capture.h"
#include "vnet_route.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

static struct vnet *world(const struct skb *skb)
{
    return skb->dev->ns->w;
}

struct refusal {
    const struct vnet_drop_reason *reason;
    const char *why;
};

VNET_COLD static void drop(struct skb *skb, const char *func, struct refusal r)
{
    trace(world(skb), skb->dev, "ip", func, VNET_TRACE_DROPPED, r.reason, "%s", r.why);
    skb_free(world(skb), skb);
}

/* ---- local delivery ---- */

static void tcp_rcv(struct skb *skb, const struct ipv4_hdr *h)
{
    (void)h;
    drop(skb, "tcp_v4_rcv", (struct refusal){DROP_REASON(NO_SOCKET), "TCP: no socket"});
}

static const struct ip_protocol {
    uint8_t protocol;
    /* consumes; skb->head is at the transport header */
    void (*rcv)(struct skb *skb, const struct ipv4_hdr *h);
} protocols[] = {
    {1, icmp_rcv},
    {2, igmp_rcv},
    {6, tcp_rcv},
    {17, udp_rcv},
};

/* ip_protocol_deliver_rcu() */
static void deliver(struct skb *skb, const struct ipv4_hdr *h)
{
    struct netns *ns = skb->dev->ns;
    skb->raw_taken = raw_local_deliver(skb, h);
    for (unsigned i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
        if (protocols[i].protocol == h->protocol) {
            protocols[i].rcv(skb, h);
            ip_inc(ns, IPSTATS_INDELIVERS);
            return;
        }
    }
    if (skb->raw_taken) {
        ip_inc(ns, IPSTATS_INDELIVERS);
        skb_free(world(skb), skb);
        return;
    }
    ip_inc(ns, IPSTATS_INUNKNOWNPROTOS);
    icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0);
    drop(skb, "ip_protocol_deliver_rcu",
         (struct refusal){DROP_REASON(IP_NOPROTO), "no such protocol here"});
}

/* The whole datagram, if this was what was missing, and its header; NULL: not yet. */
VNET_COLD static struct skb *defragmented(struct skb *skb, struct ipv4_hdr *h)
{
    skb = ip_defrag(skb->dev->ns, skb);
    if (skb)
        ipv4_parse(skb_data(skb), skb->len, h);
    return skb;
}

static void ip_local_deliver(struct skb *skb, const struct ipv4_hdr *h)
{
    struct ipv4_hdr whole;
    if (ipv4_is_fragment(h)) {
        skb = defragmented(skb, &whole);
        if (!skb)
            return;
        h = &whole;
    }
    if (!nf_hook(skb->dev->ns, NF_AT_IP_LOCAL_DELIVER, skb, skb->dev, NULL))
        return;
    skb_pull(skb, h->hdr_len);
    skb->transport = skb->head;
    deliver(skb, h);
}

/* ---- routing ---- */

/* ip_error(): the route says that the packet cannot go on. */
VNET_COLD static void ip_error(struct skb *skb)
{
    static const struct {
        int error;
        enum drop_reason_id reason;
        uint8_t code;
    } errors[] = {
        {-EHOSTUNREACH, DROP_IP_INADDRERRORS, ICMP_HOST_UNREACH},
        {-ENETUNREACH, DROP_IP_INNOROUTES, ICMP_NET_UNREACH},
        {-EACCES, DROP_REASON_COUNT, ICMP_PKT_FILTERED},
    };
    const struct in_device *in_dev = skb->dev->in_dev;
    bool forwarding = in_dev && in_dev_ask(in_dev, IPV4_CONF_forwarding, CONF_OWN, "ip_error");
    struct refusal r = {NULL,
                        forwarding ? "the route refuses it" : "not for us, and forwarding is 0"};
    if (skb->dst.error == -ENETUNREACH)
        ip_inc(skb->dev->ns, IPSTATS_INNOROUTES);
    if (skb->dst.error == -EHOSTUNREACH && !forwarding)
        ip_inc(skb->dev->ns, IPSTATS_INADDRERRORS);
    for (unsigned i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        if (errors[i].error != skb->dst.error)
            continue;
        if (forwarding && ip_error_allow(skb->dev->ns, get_be32(skb_net(skb) + 12)))
            icmp_send(skb, ICMP_DEST_UNREACH, errors[i].code, 0);
        if (!forwarding && errors[i].reason != DROP_REASON_COUNT)
            r.reason = &drop_reasons[errors[i].reason];
    }
    drop(skb, "ip_error", r);
}

static void dst_input(struct skb *skb, const struct ipv4_hdr *h)
{
    if (skb->dst.error)
        ip_error(skb);
    else if ((skb->dst.flags & VNET_RTCF_LOCAL) || skb->dst.type != VNET_RTN_UNICAST)
        ip_local_deliver(skb, h);
    else
        ip_forward(skb);
}

/* A route for a group: its packets are counted. */
static bool count_group(const struct skb *skb)
{
    if (skb->dst.type == VNET_RTN_MULTICAST)
        ip_inc_packet(skb->dev->ns, IPSTATS_INMCASTPKTS, skb->len);
    else if (skb->dst.type == VNET_RTN_BROADCAST)
        ip_inc_packet(skb->dev->ns, IPSTATS_INBCASTPKTS, skb->len);
    else
        return false;
    return true;
}

/* ip_rcv_finish_core() */
static void ip_rcv_finish(struct skb *skb, const struct ipv4_hdr *h)
{
    struct netdev *dev = skb->dev;
    if (!skb->has_dst) {
        int rc = ip_route_input_cached(dev, h->daddr, h->saddr, h->tos, skb, &skb->dst);
        if (rc < 0) {
            const struct vnet_drop_reason *reason = rc == -EXDEV ? DROP_REASON(IP_RPFILTER) : NULL;
            if (rc == -EXDEV)
                dev->ns->mib->net[LINUX_MIB_IPRPFILTER]++;
            drop(skb, "ip_rcv_finish_core", (struct refusal){reason, "no route in"});
            return;
        }
        skb->has_dst = true;
    }
    const char *why;
    if (h->hdr_len > IPV4_HDR_LEN && !ip_rcv_options(skb, &why)) {
        ip_inc(dev->ns, IPSTATS_INHDRERRORS);
        drop(skb, "ip_rcv_options", (struct refusal){DROP_REASON(IP_INHDR), why});
        return;
    }
    bool group = skb->pkt_type == VNET_PACKET_BROADCAST || skb->pkt_type == VNET_PACKET_MULTICAST;
    if (!count_group(skb) && group && dev->in_dev &&
        in_dev_ask(dev->in_dev, IPV4_CONF_drop_unicast_in_l2_multicast, CONF_OR,
                   "ip_rcv_finish_core")) {
        drop(skb, "ip_rcv_finish_core",
             (struct refusal){DROP_REASON(UNICAST_IN_L2_MULTICAST), "unicast in a group frame"});
        return;
    }
    dst_input(skb, h);
}

/* Why its bytes are no IPv4 packet. */
static struct refusal check_bytes(const struct skb *skb, struct ipv4_hdr *h)
{
    struct netns *ns = skb->dev->ns;
    if (!ipv4_parse(skb_data(skb), skb->len, h) || h->hdr_len < IPV4_HDR_LEN || h->version != 4 ||
        h->hdr_len > skb->len)
        return (struct refusal){DROP_REASON(IP_INHDR), "malformed header"};
    ip_inc(ns, IPSTATS_NOECTPKTS + (h->tos & 3));
    if (!ipv4_cksum_ok(skb_data(skb), h->hdr_len)) {
        ip_inc(ns, IPSTATS_CSUMERRORS);
        return (struct refusal){DROP_REASON(IP_CSUM), "bad header checksum"};
    }
    if (skb->len < h->tot_len)
        return (struct refusal){DROP_REASON(PKT_TOO_SMALL), "truncated"};
    if (h->tot_len < h->hdr_len)
        return (struct refusal){DROP_REASON(IP_INHDR), "total length below the header's"};
    return (struct refusal){NULL, NULL};
}

/* ip_rcv_core(): is it a whole and well-formed IPv4 packet for this host? why NULL: it is. */
static struct refusal check_header(const struct skb *skb, struct ipv4_hdr *h)
{
    struct netns *ns = skb->dev->ns;
    if (skb->pkt_type == VNET_PACKET_OTHERHOST) {
        netdev_count_otherhost(skb->dev);
        return (struct refusal){DROP_REASON(OTHERHOST), "for another MAC address"};
    }
    ip_inc_packet(ns, IPSTATS_INPKTS, skb->len);
    struct refusal r = check_bytes(skb, h);
    if (r.reason == DROP_REASON(PKT_TOO_SMALL))
        ip_inc(ns, IPSTATS_INTRUNCATEDPKTS);
    else if (r.why)
        ip_inc(ns, IPSTATS_INHDRERRORS);
    return r;
}

void ip_rcv(struct skb *skb, struct netdev *dev)
{
    struct ipv4_hdr h;
    skb->dev = dev;
    skb->net = skb->head;
    struct refusal r = check_header(skb, &h);
    if (r.why) {
        drop(skb, "ip_rcv_core", r);
        return;
    }
    skb_trim(skb, h.tot_len);
    skb->transport = skb->net + h.hdr_len;
    if (nf_hook(skb->dev->ns, NF_AT_IP_RCV, skb, skb->dev, NULL))
        ip_rcv_finish(skb, &h);
}

void ip_loop_back(struct skb *skb)
{
    struct ipv4_hdr h;
    skb->net = skb->head;
    skb->pkt_type = VNET_PACKET_HOST; /* PACKET_LOOPBACK: taps do not see it, IP does */
    skb->looped = true;
    skb->iif = skb->dev->ifindex;
    skb->tstamp = world(skb)->now;
    ipv4_parse(skb_data(skb), skb->len, &h);
    ip_inc_packet(skb->dev->ns, IPSTATS_INPKTS, skb->len);
    ip_inc(skb->dev->ns, IPSTATS_NOECTPKTS + (h.tos & 3));
    skb->transport = skb->net + h.hdr_len;
    if (nf_hook(skb->dev->ns, NF_AT_IP_RCV, skb, skb->dev, NULL))
        ip_rcv_finish(skb, &h);
}
