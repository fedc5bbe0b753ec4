/* A bridge that asks who is in which group: IGMP and MLD queries (net/bridge/br_multicast.c). */
#include <string.h>

#include "bridge/br.h"
#include "inet/addrconf.h"
#include "inet/devinet.h"
#include "inet/igmp.h"
#include "inet/ipv6_addr.h"
#include "netfilter/nf.h"
#include "sim/trace.h"
#include "vnet_capture.h"
#include "wire/ether.h"
#include "wire/icmpv6.h"
#include "wire/igmp.h"
#include "wire/ipv6.h"

/* How long an answer may take: about one group sooner than about all. */
static unsigned response_option(const struct br_group *g)
{
    return g ? VNET_BR_MCAST_LAST_MEMBER_INTVL : VNET_BR_MCAST_QUERY_RESPONSE_INTVL;
}

static uint32_t source4(const struct bridge *br)
{
    static const struct inet_addr any = {VNET_AF_UNSPEC, {0}};
    struct inet_addr src;
    if (!br->opt[VNET_BR_MCAST_QUERY_USE_IFADDR] ||
        !inet_select_addr(br->dev->ns, br->dev, &any, VNET_SCOPE_LINK, &src))
        return 0;
    return inet_addr_to_v4(&src);
}

static void put_igmp(const struct bridge *br, uint8_t *p, const struct br_group *g)
{
    enum { TENTH = 10 };
    uint64_t hz = dev_world(br->dev)->profile->kernel.hz;
    const struct igmp_msg m = {.type = IGMP_QUERY,
                               .code = (uint8_t)(br->opt[response_option(g)] * TENTH / hz),
                               .group = g ? inet_addr_to_v4(&g->addr) : 0};
    if (br->opt[VNET_BR_MCAST_IGMP_VERSION] == 2)
        igmp_emit(p, &m);
    else
        igmp3_query_emit(p, &m, QUERY_ROBUSTNESS,
                         (uint8_t)(br->opt[VNET_BR_MCAST_QUERY_INTVL] / hz));
}

/* br_ip4_multicast_alloc_query() */
static struct skb *query4(struct bridge *br, const struct br_group *g)
{
    struct vnet *w = dev_world(br->dev);
    size_t len = br->opt[VNET_BR_MCAST_IGMP_VERSION] == 2 ? IGMP_LEN : IGMP3_QUERY_LEN;
    struct skb *skb = skb_alloc(w, len);
    put_igmp(br, skb_put(skb, len), g);
    igmp_ipv4_emit(skb_push(skb, IGMP_IPV4_HDR_LEN), source4(br), IGMP_ALL_HOSTS, len);
    return skb;
}

/* br_ip6_multicast_alloc_query(): NULL: the bridge has no address to ask from. */
static struct skb *query6(struct bridge *br, const struct br_group *g)
{
    struct vnet *w = dev_world(br->dev);
    const struct inet6_ifaddr *own = ipv6_get_lladdr(br->dev, VNET_IFA_F_TENTATIVE);
    br->mcast.no_ipv6_addr = !own;
    if (!own)
        return NULL;
    size_t len = br->opt[VNET_BR_MCAST_MLD_VERSION] == 1 ? MLD_LEN : MLD2_QUERY_LEN;
    struct skb *skb = skb_alloc(w, len);
    uint8_t *p = skb_put(skb, len);
    int64_t ms = br_mcast_time(br, response_option(g)) / NSEC_PER_MSEC;
    uint64_t hz = w->profile->kernel.hz;
    static const uint8_t none[16];
    mld_query_emit(p, len, (uint16_t)ms, g ? g->addr.bytes : none, QUERY_ROBUSTNESS,
                   (uint8_t)(br->opt[VNET_BR_MCAST_QUERY_INTVL] / hz));
    icmpv6_checksum(p, len, own->addr.bytes, ipv6_all_nodes.bytes);
    ipv6_emit_router_alert(skb_push(skb, IPV6_RA_LEN), IPV6_NEXTHDR_ICMP, IPV6_RA_MLD);
    struct ipv6_hdr h = {
        .nexthdr = IPV6_NEXTHDR_HOP, .hop_limit = 1, .payload_len = (uint16_t)(IPV6_RA_LEN + len)};
    memcpy(h.saddr, own->addr.bytes, sizeof(h.saddr));
    memcpy(h.daddr, ipv6_all_nodes.bytes, sizeof(h.daddr));
    ipv6_emit(skb_push(skb, IPV6_HDR_LEN), &h);
    return skb;
}

/* The frame that asks, from the bridge's address; NULL: it cannot. */
static struct skb *alloc_query(struct bridge *br, bool v6, const struct br_group *g)
{
    static const uint8_t to4[ETH_ALEN] = {0x01, 0x00, 0x5e, 0x00, 0x00, 0x01};
    uint8_t to6[ETH_ALEN];
    struct skb *skb = v6 ? query6(br, g) : query4(br, g);
    if (!skb)
        return NULL;
    ipv6_mc_mac(ipv6_all_nodes.bytes, to6);
    skb->net = skb->head;
    eth_header(br->dev, skb, v6 ? ETH_P_IPV6 : ETH_P_IP, v6 ? to6 : to4, br->dev->addr.bytes);
    skb->mac = skb->head;
    return skb;
}

/* br_multicast_select_own_querier() */
static void select_own(struct bridge *br, bool v6)
{
    const struct inet6_ifaddr *own = v6 ? ipv6_get_lladdr(br->dev, VNET_IFA_F_TENTATIVE) : NULL;
    br->mcast.other[v6].addr = own ? own->addr : inet_addr_v4(source4(br));
}

/* __br_multicast_send_query() */
static void send_query(struct bridge *br, struct br_port *p, bool v6, const struct br_group *g)
{
    struct vnet *w = dev_world(br->dev);
    struct skb *skb = alloc_query(br, v6, g);
    if (!skb)
        return;
    trace(w, p ? p->dev : br->dev, "bridge", "br_multicast_send_query", VNET_TRACE_SENT, NULL,
          "%s query", v6 ? "MLD" : "IGMP");
    if (p) {
        if (nf_hook(p->dev->ns, NF_AT_BR_SEND_QUERY, skb, NULL, p->dev))
            dev_queue_xmit(p->dev, skb);
        return;
    }
    select_own(br, v6);
    dev_hop_schedule(br->dev, skb); /* netif_rx() */
}

void br_multicast_query_group(struct bridge *br, struct br_port *p, const struct br_group *g)
{
    send_query(br, p, g->addr.family == VNET_AF_INET6, g);
}

static bool others_ask(const struct bridge *br, bool v6)
{
    return timer_pending(&br->mcast.other[v6].timer.timer);
}

/* br_multicast_lmqt() */
static int64_t last_member_time(const struct bridge *br)
{
    return br_mcast_time(br, VNET_BR_MCAST_LAST_MEMBER_INTVL) *
           (int64_t)(br->opt[VNET_BR_MCAST_LAST_MEMBER_CNT] & 0xff);
}

void br_multicast_query_rexmit(struct br_pg *pg)
{
    struct bridge *br = pg->mp->br;
    struct vnet *w = dev_world(br->dev);
    int64_t lmqt = last_member_time(br);
    if (br->opt[VNET_BR_MCAST_QUERIER] &&
        !others_ask(br, pg->mp->group.addr.family == VNET_AF_INET6)) {
        pg->rexmit_cnt = (uint8_t)(br->opt[VNET_BR_MCAST_LAST_MEMBER_CNT] - 1);
        br_multicast_query_group(br, pg->port, &pg->mp->group);
        if (pg->rexmit_cnt)
            br_timer_set(w, &pg->rexmit, br_mcast_time(br, VNET_BR_MCAST_LAST_MEMBER_INTVL));
    }
    if (!timer_pending(&pg->timer.timer) || pg->timer.due > w->now + lmqt)
        br_timer_set(w, &pg->timer, lmqt);
}

/* br_multicast_port_group_rexmit() */
void br_multicast_rexmit_expired(struct vnet *w, struct timer *t)
{
    struct br_pg *pg = container_of(t, struct br_pg, rexmit.timer);
    struct bridge *br = pg->mp->br;
    if (!netif_running(br->dev) || !br->opt[VNET_BR_MCAST_SNOOPING] ||
        !br->opt[VNET_BR_MCAST_QUERIER] || !pg->rexmit_cnt ||
        others_ask(br, pg->mp->group.addr.family == VNET_AF_INET6))
        return;
    pg->rexmit_cnt--;
    br_multicast_query_group(br, pg->port, &pg->mp->group);
    if (pg->rexmit_cnt)
        br_timer_set(w, &pg->rexmit, br_mcast_time(br, VNET_BR_MCAST_LAST_MEMBER_INTVL));
}

/* ---- general queries, by and by ---- */

/* br_multicast_query_expired(), br_multicast_port_query_expired() */
void br_multicast_query_expired(struct vnet *w, struct timer *t)
{
    struct br_mcast_ctx *c = container_of(t, struct br_mcast_ctx, own_query.timer);
    struct bridge *br = c->br;
    const struct br_port *p = c->port;
    uint64_t startups = br->opt[VNET_BR_MCAST_STARTUP_QUERY_CNT];
    if (p && (p->state == VNET_BR_STATE_DISABLED || p->state == VNET_BR_STATE_BLOCKING))
        return;
    if (c->startup_sent < startups)
        c->startup_sent++;
    if (!netif_running(br->dev) || !br->opt[VNET_BR_MCAST_SNOOPING] ||
        !br->opt[VNET_BR_MCAST_QUERIER] || others_ask(br, c->v6))
        return;
    send_query(br, c->port, c->v6, NULL);
    br_timer_set(w, &c->own_query,
                 br_mcast_time(br, c->startup_sent < startups ? VNET_BR_MCAST_STARTUP_QUERY_INTVL
                                                              : VNET_BR_MCAST_QUERY_INTVL));
}

/* br_multicast_enable(): where the bridge is no querier nothing would come of the timer. */
static void begin(struct br_mcast_ctx *c)
{
    c->startup_sent = 0;
    if (c->br->opt[VNET_BR_MCAST_SNOOPING] && c->br->opt[VNET_BR_MCAST_QUERIER])
        br_timer_set(dev_world(c->br->dev), &c->own_query, 0);
}

void br_multicast_start_querier(struct br_mcast_ctx *c)
{
    struct bridge *br = c->br;
    begin(c);
    for (struct br_port *p = br->ports; p; p = p->next)
        if (p->state != VNET_BR_STATE_DISABLED && p->state != VNET_BR_STATE_BLOCKING)
            begin(&p->mcast[c->v6]);
}

void br_multicast_open(struct bridge *br)
{
    for (int v6 = 0; v6 <= 1; v6++)
        begin(&br->mcast.ctx[v6]);
}

void br_multicast_enable_port(struct br_port *p)
{
    struct bridge *br = p->br;
    if (!br->opt[VNET_BR_MCAST_SNOOPING]) /* the bridge may be just coming up */
        return;
    for (int v6 = 0; v6 <= 1; v6++) {
        begin(&p->mcast[v6]);
        if (p->multicast_router == MDB_RTR_PERM)
            br_multicast_set_rport(&p->mcast[v6], true);
    }
}

int br_multicast_set_querier(struct bridge *br, uint64_t on)
{
    int64_t delay = br_mcast_time(br, VNET_BR_MCAST_QUERY_RESPONSE_INTVL);
    if (br->opt[VNET_BR_MCAST_QUERIER] == on)
        return 0;
    br->opt[VNET_BR_MCAST_QUERIER] = on;
    for (int v6 = 0; on && v6 <= 1; v6++) {
        if (!others_ask(br, v6))
            br->mcast.other[v6].delay_time = dev_world(br->dev)->now + delay;
        br_multicast_start_querier(&br->mcast.ctx[v6]);
    }
    return 0;
}
