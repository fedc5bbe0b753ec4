/* Neighbour discovery (RFC 4861): neighbour entries, what is sent, device events
 * (net/ipv6/ndisc.c). */
#include <errno.h>

#include "dev/skb.h"
#include "inet/addrconf_int.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

enum { ND_HOP_LIMIT = 255 };

/* ---- neighbour entries ---- */

static int ndisc_constructor(struct neigh *n)
{
    struct netdev *dev = n->dev;
    bool multicast = inet_addr_is_multicast(&n->addr);
    if (!dev->in6_dev)
        return -EINVAL;
    n->type = multicast ? VNET_RTN_MULTICAST : VNET_RTN_UNICAST;
    if (multicast) {
        uint8_t mac[ETH_ALEN];
        ipv6_mc_mac(n->addr.bytes, mac);
        n->nud_state = VNET_NUD_NOARP;
        n->ha = dev->type == VNET_ARPHRD_ETHER ? lladdr_eth(mac) : dev->brd;
    } else if (dev->flags & (VNET_IFF_NOARP | VNET_IFF_LOOPBACK)) {
        n->nud_state = VNET_NUD_NOARP;
        n->ha = dev->addr;
        if (netif_is_loopback(dev))
            n->type = VNET_RTN_LOCAL;
    } else if (dev->flags & VNET_IFF_POINTOPOINT) {
        n->nud_state = VNET_NUD_NOARP;
        n->ha = dev->brd;
    }
    return 0;
}

/* Our address that the queued packet leaves with, if it is complete. */
static bool pending_source(const struct netdev *dev, const struct skb *pending,
                           struct inet_addr *out)
{
    struct ipv6_hdr h;
    if (!pending || !ipv6_parse(skb_net(pending), pending->len, &h))
        return false;
    *out = inet_addr_v6(h.saddr);
    const struct inet6_ifaddr *ifa = ipv6_get_ifaddr(dev, out);
    return ifa && !(ifa->flags & (VNET_IFA_F_TENTATIVE | VNET_IFA_F_OPTIMISTIC));
}

static void ndisc_solicit(struct neigh *n, const struct skb *pending)
{
    struct inet_addr src;
    const struct inet_addr *saddr = pending_source(n->dev, pending, &src) ? &src : NULL;
    if ((int64_t)n->probes < neigh_parm(n, NEIGH_PARM_ucast_solicit)) {
        ndisc_send_ns(n->dev, &n->addr, &n->addr, saddr, 0);
        return;
    }
    if ((int64_t)n->probes <
        (int64_t)neigh_parm(n, NEIGH_PARM_ucast_solicit) + neigh_parm(n, NEIGH_PARM_app_solicit))
        return; /* left to a daemon, of which there is none */
    const struct inet_addr group = ipv6_solicited_group(&n->addr);
    ndisc_send_ns(n->dev, &n->addr, &group, saddr, 0);
}

static void ndisc_error_report(struct neigh *n, struct skb *skb)
{
    struct vnet *w = dev_world(n->dev);
    trace(w, n->dev, "neigh", "ndisc_error_report", VNET_TRACE_DROPPED, DROP_REASON(NEIGH_FAILED),
          "the neighbour did not answer");
    icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0);
    skb_free(w, skb);
}

static struct neigh_parms *ndisc_parms(const struct netdev *dev)
{
    return dev->in6_dev ? &dev->in6_dev->neigh : NULL;
}

static int ndisc_allow_add(const struct netdev *dev, struct vnet_err *err)
{
    if (!dev->in6_dev || in6_dev_conf(dev->in6_dev, IPV6_CONF_disable_ipv6))
        return vnet_err(err, EINVAL, "IPv6 is disabled on this device");
    return 0;
}

/* Solicitations of the address must come in: its group is joined. */
static int pndisc_constructor(struct netdev *dev, const struct inet_addr *addr)
{
    struct inet6_dev *idev = dev ? dev->in6_dev : NULL;
    const struct inet_addr group = ipv6_solicited_group(addr);
    return idev ? ipv6_mc_join(idev, &group) : -EINVAL;
}

static void pndisc_destructor(struct netdev *dev, const struct inet_addr *addr)
{
    struct inet6_dev *idev = dev ? dev->in6_dev : NULL;
    const struct inet_addr group = ipv6_solicited_group(addr);
    if (idev)
        ipv6_mc_leave(idev, &group);
}

const struct neigh_ops nd_ops = {
    .family = VNET_AF_INET6,
    .id = "ndisc_cache",
    .constructor = ndisc_constructor,
    .solicit = ndisc_solicit,
    .error_report = ndisc_error_report,
    .parms = ndisc_parms,
    .allow_add = ndisc_allow_add,
    .proxy_added = pndisc_constructor,
    .proxy_gone = pndisc_destructor,
    .proxy_redo = pndisc_redo,
};

/* ---- sending ---- */

void ndisc_send_skb(struct netdev *dev, struct skb *skb, const struct inet_addr *daddr,
                    const struct inet_addr *saddr)
{
    const struct ip6_send how = {
        .nexthdr = IPV6_NEXTHDR_ICMP,
        .hop_limit = ND_HOP_LIMIT,
        .count_later = true,
        .tclass = dev->in6_dev ? (uint8_t)in6_dev_conf(dev->in6_dev, IPV6_CONF_ndisc_tclass) : 0,
    };
    icmpv6_checksum(skb_data(skb), skb->len, saddr->bytes, daddr->bytes);
    icmp6_dst(skb, dev, saddr, daddr);
    ip6_send_skb(dev->ns, skb, saddr, daddr, &how);
}

static void put_lladdr(struct skb *skb, const struct netdev *dev, uint8_t type)
{
    nd_opt_emit_lladdr(skb_put(skb, nd_opt_lladdr_size(dev->addr.len)), type, dev->addr.bytes,
                       dev->addr.len);
}

static struct skb *new_message(struct netdev *dev, uint8_t type, uint32_t info,
                               const struct inet_addr *target)
{
    struct skb *skb = skb_alloc(dev_world(dev), 128);
    struct nd_msg m = {.icmp = {.type = type, .info = info}};
    if (!target) {
        icmpv6_emit(skb_put(skb, ICMPV6_HDR_LEN), &m.icmp);
        return skb;
    }
    memcpy(m.target, target->bytes, 16);
    nd_msg_emit(skb_put(skb, ND_NS_LEN), &m);
    return skb;
}

static void trace_sent(struct netdev *dev, const char *func, const struct inet_addr *target,
                       const struct inet_addr *daddr)
{
    char a[INET_ADDRSTRLEN_MAX], b[INET_ADDRSTRLEN_MAX];
    trace(dev_world(dev), dev, "nd", func, VNET_TRACE_SENT, NULL, "%s to %s",
          inet_addr_str(target, a), inet_addr_str(daddr, b));
}

void ndisc_send_ns(struct netdev *dev, const struct inet_addr *target,
                   const struct inet_addr *daddr, const struct inet_addr *saddr, uint64_t nonce)
{
    struct inet_addr own;
    if (!saddr) {
        const struct inet6_ifaddr *ll =
            ipv6_get_lladdr(dev, VNET_IFA_F_TENTATIVE | VNET_IFA_F_OPTIMISTIC);
        if (!ll)
            return;
        own = ll->addr;
        saddr = &own;
    }
    struct skb *skb = new_message(dev, NDISC_NEIGHBOUR_SOLICITATION, 0, target);
    if (dev->addr.len && !inet_addr_is_any(saddr))
        put_lladdr(skb, dev, ND_OPT_SOURCE_LL_ADDR);
    if (nonce)
        nd_opt_emit_nonce(skb_put(skb, 8), nonce);
    trace_sent(dev, "ndisc_send_ns", target, daddr);
    ndisc_send_skb(dev, skb, daddr, saddr);
}

void ndisc_send_na(struct netdev *dev, const struct inet_addr *daddr,
                   const struct inet_addr *target, struct ndisc_na how)
{
    struct inet_addr src = *target;
    const struct inet6_ifaddr *ifa = ipv6_get_ifaddr(dev, target);
    if (ifa) {
        if (ifa->flags & VNET_IFA_F_OPTIMISTIC)
            how.override = false;
        if (in6_dev_conf(ifa->idev, IPV6_CONF_force_tllao))
            how.with_lladdr = true;
    } else if (!ipv6_select_addr(dev->ns, dev, daddr, &src)) {
        return;
    }
    uint32_t flags = (how.router ? ND_NA_ROUTER : 0) | (how.solicited ? ND_NA_SOLICITED : 0) |
                     (how.override ? ND_NA_OVERRIDE : 0);
    struct skb *skb = new_message(dev, NDISC_NEIGHBOUR_ADVERTISEMENT, flags, target);
    if (how.with_lladdr && dev->addr.len)
        put_lladdr(skb, dev, ND_OPT_TARGET_LL_ADDR);
    trace_sent(dev, "ndisc_send_na", target, daddr);
    ndisc_send_skb(dev, skb, daddr, &src);
}

void ndisc_send_rs(struct netdev *dev, const struct inet_addr *saddr, const struct inet_addr *daddr)
{
    const struct inet6_ifaddr *ifa = ipv6_get_ifaddr(dev, saddr);
    struct skb *skb = new_message(dev, NDISC_ROUTER_SOLICITATION, 0, NULL);
    if (dev->addr.len && ifa && !(ifa->flags & VNET_IFA_F_OPTIMISTIC))
        put_lladdr(skb, dev, ND_OPT_SOURCE_LL_ADDR);
    trace_sent(dev, "ndisc_send_rs", saddr, daddr);
    ndisc_send_skb(dev, skb, daddr, saddr);
}

/* ---- device events ---- */

/* ndisc_send_unsol_na(): tell the neighbours our addresses. */
static void announce(struct netdev *dev)
{
    struct inet6_dev *idev = dev->in6_dev;
    if (!idev ||
        !(in6_dev_conf(idev, IPV6_CONF_ndisc_notify) || in6_dev_all(idev, IPV6_CONF_ndisc_notify)))
        return;
    list_each(pos, &idev->addr_list)
    {
        const struct inet6_ifaddr *ifa = list_entry(pos, struct inet6_ifaddr, node);
        if ((ifa->flags & (VNET_IFA_F_TENTATIVE | VNET_IFA_F_OPTIMISTIC)) == VNET_IFA_F_TENTATIVE)
            continue;
        ndisc_send_na(dev, &ipv6_all_nodes, &ifa->addr,
                      (struct ndisc_na){.router = in6_dev_conf(idev, IPV6_CONF_forwarding),
                                        .override = true,
                                        .with_lladdr = true});
    }
}

static bool evicts_nocarrier(const struct netdev *dev)
{
    const struct inet6_dev *idev = dev->in6_dev;
    return !idev || (in6_dev_conf(idev, IPV6_CONF_ndisc_evict_nocarrier) &&
                     in6_dev_all(idev, IPV6_CONF_ndisc_evict_nocarrier));
}

void ndisc_event(struct netdev *dev, enum netdev_event event)
{
    switch (event) {
    case NETDEV_CHANGEADDR:
        neigh_changeaddr(dev->ns->nd_tbl, dev);
        announce(dev);
        break;
    case NETDEV_UP:
        announce(dev);
        break;
    case NETDEV_CHANGE:
        if (dev->flags_changed & VNET_IFF_NOARP)
            neigh_changeaddr(dev->ns->nd_tbl, dev);
        if (!netif_carrier_ok(dev) && evicts_nocarrier(dev))
            neigh_carrier_down(dev->ns->nd_tbl, dev);
        break;
    case NETDEV_DOWN:
        neigh_ifdown(dev->ns->nd_tbl, dev);
        break;
    default:
        break;
    }
}
