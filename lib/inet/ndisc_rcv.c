/* Neighbour discovery: what comes in (RFC 4861 7.2; net/ipv6/ndisc.c: ndisc_rcv and below). */
#include "dev/skb.h"
#include "inet/addrconf_int.h"
#include "inet/conf_trace.h"
#include "vnet_capture.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

struct nd_packet { /* what the handlers look at */
    struct netdev *dev;
    const struct skb *skb;
    const uint8_t *icmp; /* the message */
    size_t len;
    struct ipv6_hdr ip;
    struct inet_addr saddr, daddr, target;
    struct nd_opts opts;
    bool again; /* it has waited: LOCALLY_ENQUEUED */
};

static void verdict(const struct nd_packet *p, const char *func, enum vnet_verdict v,
                    const char *why)
{
    char text[INET_ADDRSTRLEN_MAX];
    trace(dev_world(p->dev), p->dev, "nd", func, v, NULL, "%s%s%s", why,
          p->target.family ? ": " : "", inet_addr_str(&p->target, text));
}

static bool parse_options(struct nd_packet *p, size_t hdr_len, const char *func)
{
    if (nd_opts_parse(p->icmp + hdr_len, p->len - hdr_len, &p->opts))
        return true;
    verdict(p, func, VNET_TRACE_DROPPED, "bad options");
    return false;
}

/* The address in an option; false: the option is there, but of another length. */
static bool option_lladdr(const struct nd_packet *p, const struct nd_opt *opt, struct lladdr *out)
{
    out->len = 0;
    if (opt->len == 0)
        return true;
    const uint8_t *bytes = nd_opt_lladdr(opt, p->dev->addr.len);
    if (!bytes)
        return false;
    out->len = p->dev->addr.len;
    memcpy(out->bytes, bytes, out->len);
    return true;
}

static void update_neigh(struct nd_packet *p, struct neigh *n, const struct lladdr *lladdr,
                         uint16_t state, uint32_t flags)
{
    (void)p;
    neigh_update(n, lladdr->len ? lladdr : NULL, state, NEIGH_UPDATE_F_WEAK_OVERRIDE | flags, NULL);
}

/* ---- neighbour solicitation ---- */

static bool ns_parse(struct nd_packet *p, struct lladdr *lladdr)
{
    static const char func[] = "ndisc_recv_ns";
    struct nd_msg m;
    const char *bad = NULL;
    bool dad = inet_addr_is_any(&p->saddr);
    if (!nd_msg_parse(p->icmp, p->len, &m)) {
        verdict(p, func, VNET_TRACE_DROPPED, "truncated");
        return false;
    }
    p->target = inet_addr_v6(m.target);
    if (inet_addr_is_multicast(&p->target))
        bad = "multicast target";
    else if (dad && !ipv6_is_solicited_node(p->daddr.bytes))
        bad = "bad DAD packet (wrong destination)";
    else if (!parse_options(p, ND_NS_LEN, func))
        return false;
    else if (!option_lladdr(p, &p->opts.source, lladdr))
        bad = "invalid link-layer address length";
    else if (dad && lladdr->len)
        bad = "bad DAD packet (link-layer address option)";
    if (bad)
        verdict(p, func, VNET_TRACE_DROPPED, bad);
    return !bad;
}

/* The target is an address of ours: true if it is to be advertised. */
static bool ns_for_us(struct nd_packet *p, struct inet6_ifaddr *ifa, bool dad)
{
    uint64_t nonce = nd_opt_nonce(&p->opts.nonce);
    if (!(ifa->flags & (VNET_IFA_F_TENTATIVE | VNET_IFA_F_OPTIMISTIC)))
        return true;
    if (!dad) {
        if (ifa->flags & VNET_IFA_F_OPTIMISTIC)
            return true;
        verdict(p, "ndisc_recv_ns", VNET_TRACE_IGNORED, "address is tentative");
    } else if (nonce && nonce == ifa->dad_nonce) {
        verdict(p, "ndisc_recv_ns", VNET_TRACE_IGNORED, "our own DAD packet looped back");
    } else {
        addrconf_dad_failure(ifa, p->skb);
    }
    return false;
}

/* The kernel asks for the settings first; here they are told of where they decide. */
static const struct neigh_proxy *proxied(const struct nd_packet *p)
{
    const struct inet6_dev *idev = p->dev->in6_dev;
    const struct neigh_proxy *proxy = neigh_proxy_lookup(p->dev->ns->nd_tbl, &p->target, p->dev);
    if (!proxy)
        return NULL;
    bool on = in6_dev_all(idev, IPV6_CONF_proxy_ndp) || in6_dev_conf(idev, IPV6_CONF_proxy_ndp);
    conf_trace6(idev, IPV6_CONF_forwarding, CONF_OWN, "ndisc_recv_ns");
    conf_trace6(idev, IPV6_CONF_proxy_ndp, CONF_OR, "ndisc_recv_ns");
    return on && in6_dev_conf(idev, IPV6_CONF_forwarding) ? proxy : NULL;
}

/* Of one of several who may answer (an anycast address, or a proxy), to a group: it comes late. */
static bool comes_late(const struct nd_packet *p)
{
    return !p->again && p->skb->pkt_type != VNET_PACKET_HOST && inet_addr_is_multicast(&p->daddr) &&
           neigh_proxy_delay(p->dev->ns->nd_tbl, p->dev) != 0;
}

/* The target is no address of ours: true if it is to be advertised now. */
static bool ns_for_others(const struct nd_packet *p, bool *is_router)
{
    if (!ipv6_chk_acast_addr(p->dev, &p->target)) {
        const struct neigh_proxy *proxy = proxied(p);
        if (!proxy) {
            verdict(p, "ndisc_recv_ns", VNET_TRACE_IGNORED, "not our address");
            return false;
        }
        *is_router = proxy->flags & VNET_NTF_ROUTER;
    }
    if (!comes_late(p))
        return true;
    neigh_proxy_enqueue(p->dev->ns->nd_tbl, p->skb);
    return false;
}

/* Learn the sender and answer it. */
static void ns_answer(struct nd_packet *p, const struct lladdr *lladdr, bool ours, bool is_router)
{
    struct neigh_table *tbl = p->dev->ns->nd_tbl;
    bool multicast = inet_addr_is_multicast(&p->daddr);
    bool create = !multicast || lladdr->len || !p->dev->addr.len;
    struct neigh *n =
        create ? neigh_get(tbl, p->dev, &p->saddr) : neigh_lookup(tbl, p->dev, &p->saddr);
    if (!n) {
        verdict(p, "ndisc_recv_ns", VNET_TRACE_IGNORED, "sender's link-layer address not known");
        return;
    }
    neigh_hold(n);
    update_neigh(p, n, lladdr, VNET_NUD_STALE, NEIGH_UPDATE_F_OVERRIDE);
    ndisc_send_na(p->dev, &p->saddr, &p->target,
                  (struct ndisc_na){.router = is_router,
                                    .solicited = true,
                                    .override = ours && multicast,
                                    .with_lladdr = multicast});
    neigh_put(n);
}

static void recv_ns(struct nd_packet *p)
{
    struct lladdr lladdr;
    if (!ns_parse(p, &lladdr))
        return;
    bool dad = inet_addr_is_any(&p->saddr);
    struct inet6_ifaddr *ifa = ipv6_get_ifaddr(p->dev, &p->target);
    bool is_router = in6_dev_conf(p->dev->in6_dev, IPV6_CONF_forwarding);
    if (ifa) {
        if (!ns_for_us(p, ifa, dad))
            return;
    } else if (!ns_for_others(p, &is_router)) {
        return;
    }
    if (dad)
        ndisc_send_na(
            p->dev, &ipv6_all_nodes, &p->target,
            (struct ndisc_na){.router = is_router, .override = ifa != NULL, .with_lladdr = true});
    else
        ns_answer(p, &lladdr, ifa != NULL, is_router);
}

/* ---- neighbour advertisement ---- */

static bool na_parse(struct nd_packet *p, struct nd_msg *m, struct lladdr *lladdr)
{
    static const char func[] = "ndisc_recv_na";
    const char *bad = NULL;
    if (!nd_msg_parse(p->icmp, p->len, m)) {
        verdict(p, func, VNET_TRACE_DROPPED, "truncated");
        return false;
    }
    bool solicited = m->icmp.info & ND_NA_SOLICITED;
    p->target = inet_addr_v6(m->target);
    if (inet_addr_is_multicast(&p->target))
        bad = "multicast target";
    else if (inet_addr_is_multicast(&p->daddr) && solicited)
        bad = "solicited advertisement to a group";
    else if (!solicited && in6_dev_conf(p->dev->in6_dev, IPV6_CONF_drop_unsolicited_na))
        bad = "unsolicited (drop_unsolicited_na)";
    else if (!parse_options(p, ND_NA_LEN, func))
        return false;
    else if (!option_lladdr(p, &p->opts.target, lladdr))
        bad = "invalid link-layer address length";
    if (bad)
        verdict(p, func, VNET_TRACE_DROPPED, bad);
    return !bad;
}

/* RFC 9131: a router may learn from an advertisement that it did not ask for. */
static bool learns_untracked(const struct nd_packet *p)
{
    const struct inet6_dev *idev = p->dev->in6_dev;
    int accept = in6_dev_conf(idev, IPV6_CONF_accept_untracked_na);
    return in6_dev_conf(idev, IPV6_CONF_forwarding) &&
           (accept == 1 || (accept == 2 && ipv6_chk_prefix(&p->saddr, p->dev)));
}

static void na_for_us(struct nd_packet *p, struct inet6_ifaddr *ifa)
{
    if (!p->skb->looped && (ifa->flags & VNET_IFA_F_TENTATIVE))
        addrconf_dad_failure(ifa, p->skb);
    else
        verdict(p, "ndisc_recv_na", VNET_TRACE_IGNORED, "somebody advertises our address");
}

static void recv_na(struct nd_packet *p)
{
    struct nd_msg m;
    struct lladdr lladdr;
    struct neigh_table *tbl = p->dev->ns->nd_tbl;
    if (!na_parse(p, &m, &lladdr))
        return;
    struct inet6_ifaddr *ifa = ipv6_get_ifaddr(p->dev, &p->target);
    if (ifa) {
        na_for_us(p, ifa);
        return;
    }
    uint32_t info = m.icmp.info;
    uint16_t state = info & ND_NA_SOLICITED ? VNET_NUD_REACHABLE : VNET_NUD_STALE;
    struct neigh *n = neigh_lookup(tbl, p->dev, &p->target);
    if (!n && lladdr.len && learns_untracked(p)) {
        n = neigh_get(tbl, p->dev, &p->target);
        state = VNET_NUD_STALE;
    }
    if (!n || (n->nud_state & VNET_NUD_FAILED)) {
        verdict(p, "ndisc_recv_na", VNET_TRACE_IGNORED, "nobody asked");
        return;
    }
    update_neigh(p, n, &lladdr, state,
                 (info & ND_NA_OVERRIDE ? NEIGH_UPDATE_F_OVERRIDE : 0) |
                     NEIGH_UPDATE_F_OVERRIDE_ISROUTER |
                     (info & ND_NA_ROUTER ? NEIGH_UPDATE_F_ISROUTER : 0));
}

/* ---- router solicitation, router advertisement ---- */

static void recv_rs(struct nd_packet *p)
{
    struct lladdr lladdr;
    if (!in6_dev_conf(p->dev->in6_dev, IPV6_CONF_forwarding)) {
        verdict(p, "ndisc_recv_rs", VNET_TRACE_IGNORED, "not a router");
        return;
    }
    if (inet_addr_is_any(&p->saddr) || !parse_options(p, ND_RS_LEN, "ndisc_recv_rs") ||
        !option_lladdr(p, &p->opts.source, &lladdr))
        return;
    struct neigh *n = neigh_get(p->dev->ns->nd_tbl, p->dev, &p->saddr);
    if (n)
        update_neigh(p, n, &lladdr, VNET_NUD_STALE,
                     NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_OVERRIDE_ISROUTER);
}

/* ndisc_router_discovery(), as far as the sender: no routes or prefixes are taken from it. */
static void recv_ra(struct nd_packet *p)
{
    static const char func[] = "ndisc_router_discovery";
    struct nd_ra ra;
    struct lladdr lladdr;
    struct inet6_dev *idev = p->dev->in6_dev;
    if (!inet_addr_is_linklocal(&p->saddr) || !nd_ra_parse(p->icmp, p->len, &ra)) {
        verdict(p, func, VNET_TRACE_DROPPED, "source not link-local, or truncated");
        return;
    }
    if (!parse_options(p, ND_RA_LEN, func))
        return;
    if (ipv6_accept_ra(idev) && (idev->if_flags & IF_RS_SENT))
        idev->if_flags |= IF_RA_RCVD;
    struct neigh *n = neigh_get(p->dev->ns->nd_tbl, p->dev, &p->saddr);
    if (n && option_lladdr(p, &p->opts.source, &lladdr))
        update_neigh(p, n, &lladdr, VNET_NUD_STALE,
                     NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_OVERRIDE_ISROUTER |
                         NEIGH_UPDATE_F_ISROUTER);
    verdict(p, func, VNET_TRACE_IGNORED, "routes and prefixes of router advertisements");
}

/* ---- all ---- */

static void dispatch(struct nd_packet *p)
{
    switch (p->icmp[0]) {
    case NDISC_NEIGHBOUR_SOLICITATION:
        recv_ns(p);
        break;
    case NDISC_NEIGHBOUR_ADVERTISEMENT:
        recv_na(p);
        break;
    case NDISC_ROUTER_SOLICITATION:
        recv_rs(p);
        break;
    case NDISC_ROUTER_ADVERTISEMENT:
        recv_ra(p);
        break;
    default:
        ndisc_redirect_rcv(p->skb);
        break;
    }
}

static struct nd_packet packet(const struct skb *skb)
{
    struct nd_packet p = {
        .dev = skb->dev,
        .skb = skb,
        .icmp = skb_transport(skb),
        .len = skb->head + skb->len - skb->transport,
    };
    ipv6_parse(skb_net(skb), IPV6_HDR_LEN, &p.ip);
    p.saddr = inet_addr_v6(p.ip.saddr);
    p.daddr = inet_addr_v6(p.ip.daddr);
    return p;
}

void ndisc_rcv(struct skb *skb)
{
    struct vnet *w = dev_world(skb->dev);
    struct nd_packet p = packet(skb);
    vnet_touch(w);
    if (p.ip.hop_limit != 255)
        verdict(&p, "ndisc_rcv", VNET_TRACE_DROPPED, "hop limit is not 255");
    else if (p.icmp[1] != 0)
        verdict(&p, "ndisc_rcv", VNET_TRACE_DROPPED, "code is not 0");
    else if (p.dev->in6_dev)
        dispatch(&p);
    skb_free(w, skb);
}

void pndisc_redo(struct skb *skb)
{
    size_t off = IPV6_HDR_LEN;
    struct ipv6_hdr ip;
    if (!skb->dev->in6_dev || !ipv6_parse(skb_data(skb), skb->len, &ip) ||
        !ipv6_skip_exthdr(skb_data(skb), skb->len, &off, &ip.nexthdr) ||
        ip.nexthdr != IPV6_NEXTHDR_ICMP)
        return;
    skb->net = skb->head;
    skb->transport = skb->head + (uint32_t)off;
    struct nd_packet p = packet(skb);
    p.again = true;
    recv_ns(&p);
}
