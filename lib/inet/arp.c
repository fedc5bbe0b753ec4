/* ARP: answering, asking and learning (net/ipv4/arp.c; RFC 826, RFC 5227). */
#include "inet/arp.h"

#include <errno.h>

#include "inet/conf_trace.h"
#include "inet/devinet.h"
#include "inet/fib.h"
#include "inet/icmp.h"
#include "inet/mib.h"
#include "inet/route.h"
#include "inet/text.h"
#include "sim/trace.h"
#include "vnet_capture.h"
#include "wire/arp.h"
#include "wire/ether.h"
#include "wire/icmp.h"

/* ---- neighbour operations ---- */

/* 01:00:5e and the low 23 bits of the group (RFC 1112 6.4). */
static struct lladdr multicast_mac(const struct inet_addr *group)
{
    const uint8_t *g = group->bytes;
    const uint8_t mac[ETH_ALEN] = {0x01, 0x00, 0x5e, g[1] & 0x7f, g[2], g[3]};
    return lladdr_eth(mac);
}

static void noarp(struct neigh *n, const struct lladdr *ha)
{
    n->nud_state = VNET_NUD_NOARP;
    n->ha = *ha;
}

static int arp_constructor(struct neigh *n)
{
    const struct netdev *dev = n->dev;
    if (dev->flags & (VNET_IFF_LOOPBACK | VNET_IFF_POINTOPOINT))
        n->addr = inet_addr_any(VNET_AF_INET); /* one entry serves all */
    n->type = inet_addr_type(dev->ns, &n->addr);
    if (!dev->hard_header_len) {
        noarp(n, &dev->addr);
    } else if (n->type == VNET_RTN_MULTICAST) {
        struct lladdr mac = multicast_mac(&n->addr);
        noarp(n, &mac);
    } else if (dev->flags & (VNET_IFF_NOARP | VNET_IFF_LOOPBACK)) {
        noarp(n, &dev->addr);
    } else if (n->type == VNET_RTN_BROADCAST || (dev->flags & VNET_IFF_POINTOPOINT)) {
        noarp(n, &dev->brd);
    }
    return 0;
}

static bool is_local(struct netns *ns, const struct inet_addr *addr)
{
    return inet_addr_type(ns, addr) == VNET_RTN_LOCAL;
}

/* Which of our addresses the request shows, by arp_announce. */
static bool solicit_source(const struct neigh *n, const struct skb *pending, struct inet_addr *out)
{
    struct netns *ns = n->tbl->ns;
    const struct in_device *in_dev = n->dev->in_dev;
    int announce = in_dev_maxconf(in_dev, IPV4_CONF_arp_announce);
    if (pending && announce != 2) {
        *out = pending->dst.src;
        if (pending->len >= 20)
            memcpy(out->bytes, skb_net(pending) + 12, 4);
        if (is_local(ns, out) && (announce != 1 || inet_addr_onlink(in_dev, &n->addr, out)))
            return true;
    }
    if (inet_select_addr(ns, n->dev, &n->addr, VNET_SCOPE_LINK, out))
        return true;
    *out = inet_addr_any(VNET_AF_INET);
    return true;
}

static void arp_solicit(struct neigh *n, const struct skb *pending)
{
    struct inet_addr src;
    const uint8_t *dst_hw = NULL;
    int32_t probes = (int32_t)n->probes - neigh_parm(n, NEIGH_PARM_ucast_solicit);
    if (!n->dev->in_dev || !solicit_source(n, pending, &src))
        return;
    if (probes < 0)
        dst_hw = n->ha.bytes;
    else if (probes < neigh_parm(n, NEIGH_PARM_app_solicit))
        return; /* left to a user space daemon, of which there is none */
    trace(n->dev->ns->w, n->dev, "neigh", "arp_solicit", VNET_TRACE_SENT, NULL,
          "who has %s? tell %s (%s)", ADDR_STR(&n->addr), ADDR_STR(&src),
          dst_hw ? "unicast" : "broadcast");
    arp_send(n->dev, ARP_OP_REQUEST, &n->addr, &src, dst_hw, NULL, NULL);
}

static void arp_error_report(struct neigh *n, struct skb *skb)
{
    struct vnet *w = n->dev->ns->w;
    if (ip_options_recompile(skb))
        icmp_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
    trace(w, n->dev, "neigh", "arp_error_report", VNET_TRACE_DROPPED, DROP_REASON(NEIGH_FAILED),
          "%s did not answer ARP", ADDR_STR(&n->addr));
    skb_free(w, skb);
}

static struct neigh_parms *arp_parms(const struct netdev *dev)
{
    return dev->in_dev ? &dev->in_dev->neigh : NULL;
}

static void arp_redo(struct skb *skb);

const struct neigh_ops arp_ops = {
    .family = VNET_AF_INET,
    .id = "arp_cache",
    .constructor = arp_constructor,
    .solicit = arp_solicit,
    .error_report = arp_error_report,
    .parms = arp_parms,
    .proxy_redo = arp_redo,
};

/* ---- sending ---- */

void arp_send(struct netdev *dev, uint16_t op, const struct inet_addr *dst_ip,
              const struct inet_addr *src_ip, const uint8_t *dst_hw, const uint8_t *src_hw,
              const uint8_t *target_hw)
{
    if (dev->flags & VNET_IFF_NOARP)
        return;
    struct skb *skb = skb_alloc(dev->ns->w, ARP_LEN);
    struct arp_pkt a = {
        .hrd = dev->type,
        .pro = ETH_P_IP,
        .op = op,
        .spa = inet_addr_to_v4(src_ip),
        .tpa = inet_addr_to_v4(dst_ip),
    };
    memcpy(a.sha, src_hw ? src_hw : dev->addr.bytes, ETH_ALEN);
    if (target_hw)
        memcpy(a.tha, target_hw, ETH_ALEN);
    arp_emit(skb_put(skb, ARP_LEN), &a);
    skb->net = skb->head;
    skb->protocol = ETH_P_ARP;
    skb->dev = dev;
    eth_header(dev, skb, ETH_P_ARP, dst_hw ? dst_hw : dev->brd.bytes, src_hw);
    dev_queue_xmit(dev, skb);
}

/* ---- receiving ---- */

struct arp_in { /* a packet that passed arp_rcv() */
    struct netdev *dev;
    struct in_device *in_dev;
    struct skb *skb;
    struct arp_pkt p;
    struct inet_addr sip, tip;
    struct lladdr sha;
    bool again; /* it has waited: LOCALLY_ENQUEUED */
};

static void ignored(const struct arp_in *in, const char *func, const char *why)
{
    trace(in->dev->ns->w, in->dev, "arp", func, VNET_TRACE_IGNORED, NULL,
          "%s who-has %s tell %s: %s", in->p.op == ARP_OP_REQUEST ? "request" : "reply",
          ADDR_STR(&in->tip), ADDR_STR(&in->sip), why);
}

/* arp_ignore(): is a request for a local address left unanswered? */
static bool arp_ignore(const struct arp_in *in, const struct inet_addr *sip)
{
    const struct netns *ns = in->dev->ns;
    struct inet_addr found, none = {0};
    switch (in_dev_ask(in->in_dev, IPV4_CONF_arp_ignore, CONF_MAX, "arp_ignore")) {
    case 1: /* only an address of the device it came in by */
        return !inet_confirm_addr(ns, in->dev, &none, &in->tip, VNET_SCOPE_HOST, &found);
    case 2: /* and in one subnet with the sender */
        return !inet_confirm_addr(ns, in->dev, sip, &in->tip, VNET_SCOPE_HOST, &found);
    case 3: /* not of scope host */
        return !inet_confirm_addr(ns, NULL, &none, &in->tip, VNET_SCOPE_LINK, &found);
    case 8:
        return true;
    default:
        return false;
    }
}

/* arp_filter(): would our answer to the sender leave by another device? */
static bool arp_filter(const struct arp_in *in)
{
    struct flow fl = {.family = VNET_AF_INET, .daddr = in->sip, .saddr = in->tip};
    struct dst dst;
    return ip_route_output(in->dev->ns, &fl, &dst) < 0 || dst.dev != in->dev;
}

static void reply(const struct arp_in *in)
{
    trace(in->dev->ns->w, in->dev, "arp", "arp_process", VNET_TRACE_SENT, NULL,
          "%s is at our %s: reply to %s", ADDR_STR(&in->tip), in->dev->name, ADDR_STR(&in->sip));
    arp_send(in->dev, ARP_OP_REPLY, &in->sip, &in->tip, in->p.sha, NULL, in->p.sha);
}

/* A request for an address of ours. */
static void request_local(const struct arp_in *in)
{
    if (arp_ignore(in, &in->sip)) {
        ignored(in, "arp_ignore", "arp_ignore says not to answer");
        return;
    }
    if (in_dev_ask(in->in_dev, IPV4_CONF_arp_filter, CONF_OR, "arp_process") && arp_filter(in)) {
        in->dev->ns->mib->net[LINUX_MIB_ARPFILTER]++;
        ignored(in, "arp_filter", "arp_filter: the way back is by another device");
        return;
    }
    if (neigh_event_ns(in->dev->ns->arp_tbl, &in->sha, &in->sip, in->dev))
        reply(in);
}

/* arp_fwd_proxy(): those behind another device, unless that is the same medium. */
static bool arp_fwd_proxy(const struct arp_in *in, const struct netdev *out)
{
    if (out == in->dev || !in_dev_ask(in->in_dev, IPV4_CONF_proxy_arp, CONF_OR, "arp_fwd_proxy"))
        return false;
    int32_t from = in_dev_conf(in->in_dev, IPV4_CONF_medium_id);
    int32_t to = out->in_dev ? in_dev_conf(out->in_dev, IPV4_CONF_medium_id) : -1;
    return from == 0 || (from != -1 && to != from && to != -1);
}

/* arp_fwd_pvlan(): those on the same link, who may not talk to each other (RFC 3069). */
static bool arp_fwd_pvlan(const struct arp_in *in, const struct netdev *out)
{
    return out == in->dev && in->p.spa != in->p.tpa &&
           in_dev_orconf(in->in_dev, IPV4_CONF_proxy_arp_pvlan);
}

/* A router: does it answer for the target, which it would forward to? */
static bool is_proxy(const struct arp_in *in, const struct dst *dst)
{
    return in_dev_conf(in->in_dev, IPV4_CONF_forwarding) &&
           (arp_fwd_proxy(in, dst->dev) || arp_fwd_pvlan(in, dst->dev) ||
            (dst->dev != in->dev &&
             neigh_proxy_lookup(in->dev->ns->arp_tbl, &in->tip, in->dev) != NULL));
}

/* To a broadcast the answer comes late: the owner's own would come first. */
static void request_proxied(const struct arp_in *in)
{
    struct neigh_table *t = in->dev->ns->arp_tbl;
    neigh_event_ns(t, &in->sha, &in->sip, in->dev);
    if (in->again || in->skb->pkt_type == VNET_PACKET_HOST || neigh_proxy_delay(t, in->dev) == 0) {
        trace(in->dev->ns->w, in->dev, "arp", "arp_process", VNET_TRACE_SENT, NULL,
              "we forward to %s: reply to %s with our own address", ADDR_STR(&in->tip),
              ADDR_STR(&in->sip));
        arp_send(in->dev, ARP_OP_REPLY, &in->sip, &in->tip, in->p.sha, NULL, in->p.sha);
    } else {
        neigh_proxy_enqueue(t, in->skb);
    }
}

/* RFC 5227 probe: the sender has no address yet. */
static void request_probe(const struct arp_in *in)
{
    bool ours = inet_addr_type(in->dev->ns, &in->tip) == VNET_RTN_LOCAL;
    if (in->p.op == ARP_OP_REQUEST && ours && !arp_ignore(in, &in->sip))
        reply(in);
    else
        ignored(in, "arp_process", "address probe for somebody else");
}

/* arp_is_garp() */
static bool is_gratuitous(const struct arp_in *in)
{
    if (in->p.spa != in->p.tpa)
        return false;
    if (in->p.op == ARP_OP_REPLY && memcmp(in->p.tha, in->p.sha, ETH_ALEN) != 0)
        return false;
    return inet_addr_type(in->dev->ns, &in->sip) == VNET_RTN_UNICAST;
}

/* arp_accept(): may unsolicited packets make entries? */
static bool arp_accept(const struct arp_in *in)
{
    struct inet_addr found, none = {0};
    switch (in_dev_maxconf(in->in_dev, IPV4_CONF_arp_accept)) {
    case 1:
        return true;
    case 2: /* only of the subnet of one of the device's addresses */
        return inet_confirm_addr(in->dev->ns, in->dev, &in->sip, &none, VNET_SCOPE_LINK, &found);
    default:
        return false;
    }
}

/* What the packet says about its sender. true: an entry took note. */
static bool learn(const struct arp_in *in)
{
    struct neigh_table *t = in->dev->ns->arp_tbl;
    struct neigh *n = neigh_lookup(t, in->dev, &in->sip);
    bool accept = arp_accept(in), garp = (n || accept) && is_gratuitous(in);
    bool reply_unicast =
        in->p.op == ARP_OP_REPLY && inet_addr_type(in->dev->ns, &in->sip) == VNET_RTN_UNICAST;
    if (!n && accept && (garp || reply_unicast))
        n = neigh_get(t, in->dev, &in->sip);
    if (!n)
        return false;
    /* Of several answers the first counts for locktime. */
    int64_t lock = neigh_parm(n, NEIGH_PARM_locktime) * NSEC_PER_SEC / 100;
    bool override = garp || neigh_jiffies(in->dev->ns->w) > n->updated + lock;
    bool solicited = in->p.op == ARP_OP_REPLY && in->skb->pkt_type == VNET_PACKET_HOST;
    trace(in->dev->ns->w, in->dev, "arp", "arp_process", VNET_TRACE_OK, NULL,
          "learned of %s from a %s", ADDR_STR(&in->sip),
          in->p.op == ARP_OP_REPLY ? "reply" : "request");
    neigh_update(n, &in->sha, solicited ? VNET_NUD_REACHABLE : VNET_NUD_STALE,
                 override ? NEIGH_UPDATE_F_OVERRIDE : 0, NULL);
    return true;
}

static const char *malformed(const struct arp_in *in)
{
    if (in->p.hrd != ARP_HRD_ETHER && in->p.hrd != ARP_HRD_IEEE802)
        return "unknown hardware type";
    if (in->p.pro != ETH_P_IP)
        return "not for IPv4";
    if (in->p.op != ARP_OP_REQUEST && in->p.op != ARP_OP_REPLY)
        return "neither request nor reply";
    if (inet_addr_is_multicast(&in->tip))
        return "target is multicast";
    if (inet_addr_is_loopback(&in->tip) && !in_dev_orconf(in->in_dev, IPV4_CONF_route_localnet))
        return "target is a loopback address";
    if (in->p.spa == in->p.tpa &&
        in_dev_ask(in->in_dev, IPV4_CONF_drop_gratuitous_arp, CONF_OR, "arp_process"))
        return "gratuitous (drop_gratuitous_arp)";
    return NULL;
}

static void arp_process(struct arp_in *in)
{
    struct dst dst;
    const char *why = malformed(in);
    if (why) {
        trace(in->dev->ns->w, in->dev, "arp", "arp_process", VNET_TRACE_DROPPED, NULL, "%s", why);
        return;
    }
    if (in->p.spa == 0) {
        request_probe(in);
        return;
    }
    why = "not a request";
    if (in->p.op == ARP_OP_REQUEST) {
        int rc = ip_route_input(in->dev, &in->tip, &in->sip, 0, in->skb, &dst);
        why = rc ? "the sender address was refused (see source validation)"
                 : "the target is not an address of ours";
        if (rc == 0 && dst.type == VNET_RTN_LOCAL && !dst.error) {
            request_local(in);
            return;
        }
        if (rc == 0 && dst.type == VNET_RTN_UNICAST && !dst.error && is_proxy(in, &dst)) {
            request_proxied(in);
            return;
        }
    }
    if (!learn(in))
        ignored(in, "arp_process", why);
}

static void parsed(struct arp_in *in)
{
    if (!arp_parse(skb_data(in->skb), in->skb->len, &in->p)) {
        trace(in->dev->ns->w, in->dev, "arp", "arp_rcv", VNET_TRACE_DROPPED, NULL,
              "truncated, or not for Ethernet and IPv4 addresses");
        return;
    }
    in->sip = inet_addr_v4(in->p.spa);
    in->tip = inet_addr_v4(in->p.tpa);
    in->sha = lladdr_eth(in->p.sha);
    arp_process(in);
}

void arp_rcv(struct skb *skb, struct netdev *dev)
{
    struct vnet *w = dev->ns->w;
    struct arp_in in = {.dev = dev, .in_dev = dev->in_dev, .skb = skb};
    bool other = skb->pkt_type == VNET_PACKET_OTHERHOST;
    if ((dev->flags & VNET_IFF_NOARP) || other || !in.in_dev)
        trace(w, dev, "arp", "arp_rcv", VNET_TRACE_IGNORED, NULL, "%s",
              other ? "for another host" : "the device does no ARP");
    else
        parsed(&in);
    skb_free(w, skb);
}

/* arp_redo() */
static void arp_redo(struct skb *skb)
{
    struct arp_in in = {.dev = skb->dev, .in_dev = skb->dev->in_dev, .skb = skb, .again = true};
    if (in.in_dev)
        parsed(&in);
}
