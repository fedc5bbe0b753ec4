/* IPv6 in (net/ipv6/ip6_input.c, RFC 8200). */
#include <errno.h>

#include "dev/skb.h"
#include "inet/addrconf_int.h"
#include "inet/conf_trace.h"
#include "inet/ip6_exthdrs.h"
#include "inet/mib.h"
#include "inet/route.h"
#include "inet/udp.h"
#include "netfilter/nf.h"
#include "vnet_capture.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

enum { AT_NEXTHDR = 6 };

struct packet {
    struct skb *skb;
    struct netdev *dev;
    struct ipv6_hdr h;
    struct inet_addr saddr, daddr;
    uint32_t nhoff; /* from skb->net: the field that names what is at skb->transport */
};

static void drop(struct packet *p, const char *func, const struct vnet_drop_reason *reason,
                 const char *why)
{
    struct vnet *w = dev_world(p->dev);
    trace(w, p->dev, "ip6", func, VNET_TRACE_DROPPED, reason, "%s", why);
    skb_free(w, p->skb);
}

static void drop_header_error(struct packet *p, const char *func,
                              const struct vnet_drop_reason *reason, const char *why)
{
    ip6_inc(p->dev->ns, IPSTATS_INHDRERRORS);
    drop(p, func, reason, why);
}

/* ---- ip6_rcv_core() ---- */

/* Why the addresses are impossible here; NULL: they are fine. */
static const char *bad_addresses(const struct packet *p)
{
    bool loop = netif_is_loopback(p->dev), mc = inet_addr_is_multicast(&p->daddr);
    unsigned scope = p->daddr.bytes[1] & 0x0f;
    if (!loop && (inet_addr_is_loopback(&p->saddr) || inet_addr_is_loopback(&p->daddr)))
        return "loopback address on a wire";
    if (mc && scope == 1 && !loop && !p->skb->looped)
        return "group of the node itself, from outside";
    if (mc && scope == 0)
        return "group of reserved scope";
    if (inet_addr_is_multicast(&p->saddr))
        return "source is a group";
    return NULL;
}

static bool header_ok(struct packet *p)
{
    static const char func[] = "ip6_rcv_core";
    const struct inet6_dev *idev = p->dev->in6_dev;
    if (p->skb->pkt_type == VNET_PACKET_OTHERHOST) {
        netdev_count_otherhost(p->dev);
        drop(p, func, DROP_REASON(OTHERHOST), "for another host's link-layer address");
        return false;
    }
    ip6_inc_packet(p->dev->ns, IPSTATS_INPKTS, p->skb->len);
    if (!idev || in6_dev_conf(idev, IPV6_CONF_disable_ipv6)) {
        ip6_inc(p->dev->ns, IPSTATS_INDISCARDS);
        if (idev)
            conf_trace6(idev, IPV6_CONF_disable_ipv6, CONF_OWN, func);
        drop(p, func, idev ? DROP_REASON(IPV6DISABLED) : NULL, "IPv6 is disabled on the device");
        return false;
    }
    if (!ipv6_parse(skb_data(p->skb), p->skb->len, &p->h)) {
        drop_header_error(p, func, DROP_REASON(IP_INHDR), "truncated header");
        return false;
    }
    if (p->h.version != 6) {
        drop_header_error(p, func, DROP_REASON(UNHANDLED_PROTO), "version is not 6");
        return false;
    }
    ip6_inc(p->dev->ns, IPSTATS_NOECTPKTS + (p->h.tclass & 3));
    return true;
}

static bool addresses_ok(struct packet *p)
{
    static const char func[] = "ip6_rcv_core";
    p->saddr = inet_addr_v6(p->h.saddr);
    p->daddr = inet_addr_v6(p->h.daddr);
    const char *bad = bad_addresses(p);
    bool l2_group =
        p->skb->pkt_type == VNET_PACKET_BROADCAST || p->skb->pkt_type == VNET_PACKET_MULTICAST;
    if (bad) {
        drop_header_error(p, func, DROP_REASON(IP_INHDR), bad);
        return false;
    }
    if (l2_group && !inet_addr_is_multicast(&p->daddr) &&
        in6_dev_conf(p->dev->in6_dev, IPV6_CONF_drop_unicast_in_l2_multicast)) {
        drop_header_error(p, func, DROP_REASON(UNICAST_IN_L2_MULTICAST),
                          "unicast in a link-layer multicast");
        return false;
    }
    return true;
}

static void bad_options(struct packet *p, const char *func, const struct ipv6_opts *opts)
{
    if (opts->bad_action)
        ip6_unknown_option(p->skb, opts);
    drop_header_error(p, func, opts->bad_action ? NULL : DROP_REASON(IP_INHDR), "bad options");
}

/* Length, hop-by-hop options; skb->transport is what follows. */
static bool body_ok(struct packet *p)
{
    struct skb *skb = p->skb;
    struct ipv6_opts opts = {0};
    if (p->h.payload_len + (size_t)IPV6_HDR_LEN > skb->len) {
        ip6_inc(p->dev->ns, IPSTATS_INTRUNCATEDPKTS);
        drop(p, "ip6_rcv_core", DROP_REASON(PKT_TOO_SMALL), "shorter than its header says");
        return false;
    }
    skb_trim(skb, p->h.payload_len + (size_t)IPV6_HDR_LEN);
    skb->transport = skb->head + IPV6_HDR_LEN;
    p->nhoff = AT_NEXTHDR;
    if (p->h.nexthdr != IPV6_NEXTHDR_HOP)
        return true;
    const uint8_t *hbh = skb_transport(skb);
    if (!ipv6_opts_parse(hbh, p->h.payload_len, &opts) || opts.bad_action) {
        bad_options(p, "ipv6_parse_hopopts", &opts);
        return false;
    }
    p->nhoff = IPV6_HDR_LEN;
    skb->transport += opts.len;
    return true;
}

/* ---- delivery ---- */

/* ipv6_destopt_rcv(); false: the packet is gone. */
static bool pass_options(struct packet *p)
{
    struct skb *skb = p->skb;
    struct ipv6_opts opts = {0};
    size_t left = skb->head + skb->len - skb->transport;
    if (!ipv6_opts_parse(skb_transport(skb), left, &opts) || opts.bad_action) {
        bad_options(p, "ipv6_destopt_rcv", &opts);
        return false;
    }
    p->nhoff = skb->transport - skb->net;
    skb->transport += opts.len;
    return true;
}

static bool pass_routing(struct packet *p)
{
    uint32_t at = p->skb->transport - p->skb->net;
    if (!ipv6_rthdr_rcv(p->skb)) {
        skb_free(dev_world(p->dev), p->skb);
        return false;
    }
    p->nhoff = at;
    return true;
}

/* A whole datagram goes on with what its unfragmentable part names. */
static bool pass_fragment(struct packet *p)
{
    const struct skb *fragment = p->skb;
    uint32_t at = p->skb->transport - p->skb->net;
    p->skb = ipv6_frag_rcv(p->skb, p->nhoff);
    if (!p->skb)
        return false;
    if (p->skb == fragment)
        p->nhoff = at;
    return true;
}

/* An extension header is passed over; 1: it was none, -1: the packet is gone. */
static int pass_header(struct packet *p, uint8_t proto)
{
    switch (proto) {
    case IPV6_NEXTHDR_DEST:
        return pass_options(p) ? 0 : -1;
    case IPV6_NEXTHDR_ROUTING:
        return pass_routing(p) ? 0 : -1;
    case IPV6_NEXTHDR_FRAGMENT:
        return pass_fragment(p) ? 0 : -1;
    default:
        return 1;
    }
}

/* ip6_input(), ip6_protocol_deliver_rcu() */
static void deliver(struct packet *p)
{
    uint8_t proto;
    int rc;
    if (!nf_hook(p->dev->ns, NF_AT_IP6_INPUT, p->skb, p->dev, NULL))
        return;
    do {
        proto = skb_net(p->skb)[p->nhoff];
        p->skb->raw_taken = raw6_local_deliver(p->skb, proto);
        rc = pass_header(p, proto);
    } while (rc == 0);
    if (rc < 0)
        return;
    bool known = proto == IPV6_NEXTHDR_ICMP || proto == VNET_IPPROTO_UDP ||
                 proto == IPV6_NEXTHDR_NONE || p->skb->raw_taken;
    ip6_inc(p->dev->ns, known ? IPSTATS_INDELIVERS : IPSTATS_INUNKNOWNPROTOS);
    if (proto == IPV6_NEXTHDR_ICMP) {
        icmpv6_rcv(p->skb);
    } else if (proto == VNET_IPPROTO_UDP) {
        udpv6_rcv(p->skb);
    } else if (proto == IPV6_NEXTHDR_NONE || p->skb->raw_taken) {
        skb_free(dev_world(p->dev), p->skb);
    } else {
        icmpv6_send(p->skb, ICMPV6_PARAMPROB, ICMPV6_UNK_NEXTHDR, p->nhoff);
        drop(p, "ip6_protocol_deliver_rcu", DROP_REASON(IP_NOPROTO), "no such protocol");
    }
}

/* ip6_mc_input() */
static void multicast_in(struct packet *p)
{
    char text[INET_ADDRSTRLEN_MAX];
    ip6_inc_packet(p->dev->ns, IPSTATS_INMCASTPKTS, p->skb->len);
    if (ipv6_chk_mcast_addr(p->dev, &p->daddr)) {
        deliver(p);
        return;
    }
    trace(dev_world(p->dev), p->dev, "ip6", "ip6_mc_input", VNET_TRACE_IGNORED, NULL,
          "not a member of %s", inet_addr_str(&p->daddr, text));
    skb_free(dev_world(p->dev), p->skb);
}

/* ip6_pkt_discard(), ip6_pkt_prohibit(): the sender is told, unless the route is a black hole. */
static void discard(struct packet *p, int error)
{
    uint8_t code = error == -EACCES ? ICMPV6_ADM_PROHIBITED : ICMPV6_NOROUTE;
    ip6_inc(p->dev->ns, inet_addr_is_any(&p->daddr) ? IPSTATS_INADDRERRORS : IPSTATS_INNOROUTES);
    if (error != -EINVAL && !inet_addr_is_any(&p->daddr))
        icmpv6_send(p->skb, ICMPV6_DEST_UNREACH, code, 0);
    drop(p, "ip6_pkt_drop", DROP_REASON(IP_INNOROUTES), "no route to the destination");
}

/* What lo brings has its route from when it was sent (skb_valid_dst()). */
static bool find_route(struct packet *p)
{
    struct skb *skb = p->skb;
    if (skb->has_dst)
        return true;
    struct dst dst = {0};
    int error = ip6_route_input(p->dev, &p->daddr, &p->saddr, p->skb, &dst);
    error = error ? error : dst.error;
    if (error || dst.discard) {
        discard(p, error);
        return false;
    }
    skb->dst = dst;
    skb->has_dst = true;
    return true;
}

static void route_in(struct packet *p)
{
    if (!find_route(p))
        return;
    switch (p->skb->dst.type) {
    case VNET_RTN_MULTICAST:
        multicast_in(p);
        break;
    case VNET_RTN_LOCAL:
    case VNET_RTN_ANYCAST:
        deliver(p);
        break;
    default:
        ip6_forward(p->dev->ns, p->skb);
        break;
    }
}

void ipv6_rcv(struct skb *skb, struct netdev *dev)
{
    struct packet p = {.skb = skb, .dev = dev};
    skb->dev = dev;
    skb->net = skb->head;
    if (header_ok(&p) && addresses_ok(&p) && body_ok(&p) &&
        nf_hook(dev->ns, NF_AT_IPV6_RCV, skb, dev, NULL))
        route_in(&p);
}
