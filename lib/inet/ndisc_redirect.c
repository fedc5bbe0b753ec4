/* Redirects: a router that sends a packet back to the link it came by tells the sender of the
 * better first hop (RFC 4861 4.5, 8; net/ipv6/ndisc.c, rt6_do_redirect() in net/ipv6/route.c). */
#include "dev/skb.h"
#include "inet/addrconf_int.h"
#include "inet/fib_exception.h"
#include "inet/icmp_limit.h"
#include "inet/route.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

static void verdict(const struct netdev *dev, const char *func, enum vnet_verdict v,
                    const char *why)
{
    trace(dev_world(dev), dev, "nd", func, v, NULL, "%s", why);
}

/* ---- sending ---- */

/* Is the way back to the sender direct? */
static bool sender_on_link(struct netdev *dev, const struct inet_addr *daddr,
                           const struct inet_addr *saddr)
{
    struct flow fl = {
        .daddr = *daddr, .saddr = *saddr, .oif = dev->ifindex, .proto = IPV6_NEXTHDR_ICMP};
    struct dst dst = {0};
    return ip6_route_output(dev->ns, &fl, &dst) == 0 && !dst.error && !dst.gateway.family;
}

static struct skb *new_redirect(const struct skb *skb, const struct ipv6_hdr *h,
                                const struct inet_addr *target, const struct neigh *n)
{
    struct netdev *dev = skb->dst.dev;
    struct nd_redirect r = {.icmp = {.type = NDISC_REDIRECT}};
    bool known = dev->addr.len && n->nud_state & NUD_VALID;
    uint32_t opt = known ? (uint32_t)nd_opt_lladdr_size(dev->addr.len) : 0;
    uint32_t room = IPV6_MIN_MTU - IPV6_HDR_LEN - ND_REDIRECT_LEN - opt;
    uint32_t quote = (skb->len + 8 < room ? skb->len + 8 : room) & ~7U;
    struct skb *out = skb_alloc(dev_world(dev), ND_REDIRECT_LEN + opt + quote);
    memcpy(r.target, target->bytes, 16);
    memcpy(r.dest, h->daddr, 16);
    nd_redirect_emit(skb_put(out, ND_REDIRECT_LEN), &r);
    if (known)
        nd_opt_emit_lladdr(skb_put(out, opt), ND_OPT_TARGET_LL_ADDR, n->ha.bytes, dev->addr.len);
    nd_opt_emit_redirected(skb_put(out, quote), skb_data(skb), quote - 8);
    return out;
}

void ndisc_send_redirect(const struct skb *skb, const struct inet_addr *target)
{
    static const char func[] = "ndisc_send_redirect";
    struct netdev *dev = skb->dst.dev;
    struct ipv6_hdr h;
    ipv6_parse(skb_data(skb), skb->len, &h);
    const struct inet_addr to = inet_addr_v6(h.saddr), daddr = inet_addr_v6(h.daddr);
    const struct inet6_ifaddr *ll = ipv6_get_lladdr(dev, VNET_IFA_F_TENTATIVE);
    if (!ll) {
        verdict(dev, func, VNET_TRACE_IGNORED, "no link-local address");
        return;
    }
    const struct inet_addr saddr = ll->addr;
    if (!inet_addr_eq(&daddr, target) && !inet_addr_is_linklocal(target)) {
        verdict(dev, func, VNET_TRACE_IGNORED, "the next hop is no link-local address");
        return;
    }
    if (!sender_on_link(dev, &to, &saddr)) {
        verdict(dev, func, VNET_TRACE_IGNORED, "the sender is no neighbour");
        return;
    }
    if (!icmp_peer_spend(dev->ns, &to, NSEC_PER_SEC))
        return;
    struct neigh *n = neigh_get(dev->ns->nd_tbl, dev, target);
    if (!n)
        return;
    struct skb *out = new_redirect(skb, &h, target, n);
    verdict(dev, func, VNET_TRACE_SENT, "the sender is told of a better first hop");
    ndisc_send_skb(dev, out, &to, &saddr);
}

/* ---- receiving ---- */

struct redirect {
    struct netdev *dev;
    struct inet_addr router, dest, target;
    struct lladdr lladdr; /* of the target; len 0: not given */
    bool on_link;         /* dest itself is a neighbour */
};

/* The checks of rt6_do_redirect(); NULL: it is to be followed. */
static const char *parse(const struct skb *skb, struct redirect *r, struct nd_opts *opts)
{
    const struct inet6_dev *idev = skb->dev->in6_dev;
    const uint8_t *p = skb_transport(skb);
    size_t len = skb->head + skb->len - skb->transport;
    struct nd_redirect m;
    if (!inet_addr_is_linklocal(&r->router))
        return "the source is not link-local";
    if (!nd_redirect_parse(p, len, &m) ||
        !nd_opts_parse(p + ND_REDIRECT_LEN, len - ND_REDIRECT_LEN, opts))
        return "truncated, or bad options";
    r->dest = inet_addr_v6(m.dest);
    r->target = inet_addr_v6(m.target);
    r->on_link = inet_addr_eq(&r->dest, &r->target);
    if (inet_addr_is_multicast(&r->dest))
        return "the destination is a group";
    if (!r->on_link && !inet_addr_is_linklocal(&r->target))
        return "the target is no link-local address";
    if (in6_dev_conf(idev, IPV6_CONF_forwarding) || !in6_dev_conf(idev, IPV6_CONF_accept_redirects))
        return "accept_redirects is 0, or this is a router";
    const uint8_t *lladdr = nd_opt_lladdr(&opts->target, skb->dev->addr.len);
    if (opts->target.len && !lladdr)
        return "invalid link-layer address length";
    if (opts->target.len) {
        r->lladdr.len = skb->dev->addr.len;
        memcpy(r->lladdr.bytes, lladdr, r->lladdr.len);
    }
    return NULL;
}

/* The packet that is redirected: what is quoted, else what the message says. false: it was not one
 * of ICMPv6, the protocol that follows redirects without a socket (icmpv6_err()). */
static bool redirected_flow(const struct redirect *r, const struct nd_opts *opts,
                            struct inet_addr *daddr, struct inet_addr *saddr)
{
    enum { RESERVED = 6 };
    struct ipv6_hdr h;
    if (!opts->redirected.len) { /* ip6_redirect_no_header() */
        *daddr = r->dest;
        return true;
    }
    const uint8_t *quote = opts->redirected.data + RESERVED;
    size_t len = opts->redirected.len - RESERVED, off = IPV6_HDR_LEN;
    uint8_t protocol;
    if (opts->redirected.len < RESERVED || !ipv6_parse(quote, len, &h))
        return false;
    protocol = h.nexthdr;
    *daddr = inet_addr_v6(h.daddr);
    *saddr = inet_addr_v6(h.saddr);
    return ipv6_skip_exthdr(quote, len, &off, &protocol) && protocol == IPV6_NEXTHDR_ICMP;
}

void ndisc_redirect_rcv(const struct skb *skb)
{
    static const char func[] = "ndisc_redirect_rcv";
    struct ipv6_hdr ip;
    struct nd_opts opts = {0};
    ipv6_parse(skb_net(skb), IPV6_HDR_LEN, &ip);
    struct redirect r = {.dev = skb->dev, .router = inet_addr_v6(ip.saddr)};
    struct inet_addr daddr, saddr = inet_addr_v6(ip.daddr);
    const char *why = parse(skb, &r, &opts);
    const struct fib_nexthop *nh = NULL;
    if (!why && redirected_flow(&r, &opts, &daddr, &saddr))
        nh = ip6_redirected_nexthop(skb->dev, &daddr, &saddr, &r.router);
    if (!nh) {
        verdict(skb->dev, func, VNET_TRACE_IGNORED, why ? why : "not from the gateway in use");
        return;
    }
    struct neigh_table *tbl = skb->dev->ns->nd_tbl;
    struct neigh *router = neigh_lookup(tbl, skb->dev, &r.router);
    if (router) /* the path was valid: dst_confirm_neigh() */
        router->confirmed = dev_world(skb->dev)->now;
    struct neigh *n = neigh_get(tbl, skb->dev, &r.target);
    if (!n)
        return;
    neigh_update(n, r.lladdr.len ? &r.lladdr : NULL, VNET_NUD_STALE,
                 NEIGH_UPDATE_F_WEAK_OVERRIDE | NEIGH_UPDATE_F_OVERRIDE |
                     (r.on_link ? 0 : NEIGH_UPDATE_F_OVERRIDE_ISROUTER | NEIGH_UPDATE_F_ISROUTER),
                 NULL);
    ip6_redirect(skb->dev, nh, &r.dest, &r.target);
}
