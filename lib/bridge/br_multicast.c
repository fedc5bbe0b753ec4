/* What a bridge that snoops learns from IGMP and MLD messages that pass, and where multicast frames
 * go by that (net/bridge/br_multicast.c). */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "bridge/br.h"
#include "inet/igmp.h"
#include "inet/ipv6_addr.h"
#include "sim/trace.h"
#include "wire/cksum.h"
#include "wire/ether.h"
#include "wire/icmpv6.h"
#include "wire/igmp.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

/* A message and where it came from. */
struct heard {
    struct bridge *br;
    struct br_port *p; /* NULL: the bridge itself */
    struct inet_addr src;
    uint16_t vid;
    bool v6;
    const uint8_t *msg;
    size_t len;
};

static bool is_local4(uint32_t addr) /* ipv4_is_local_multicast() */
{
    return addr >> 8 == 0xe00000;
}

/* br_multicast_ctx_should_use() */
static bool should_use(const struct heard *h)
{
    return netif_running(h->br->dev) && (!h->p || h->p->state != VNET_BR_STATE_DISABLED);
}

static int64_t time_of(const struct heard *h, unsigned opt)
{
    return br_mcast_time(h->br, opt);
}

/* ---- joining ---- */

/* __br_multicast_add_group(); old: as IGMPv2 and MLDv1 know it. NULL: not of a port. */
static struct br_pg *add_group(const struct heard *h, const struct br_group *g, bool old)
{
    if (!should_use(h))
        return NULL;
    struct br_mdb *mp = br_mdb_new(h->br, g);
    if (!mp)
        return NULL;
    bool joined = mp->host_joined;
    if (!h->p) {
        br_mdb_host_join(mp);
        if (!joined)
            br_mdb_notify(mp, NULL, VNET_RTM_NEWMDB);
        return NULL;
    }
    struct br_pg *pg = br_pg_find(mp, h->p);
    if (!pg) {
        pg = br_pg_new(mp, h->p, old ? 0 : PG_INCLUDE);
        br_mdb_notify(mp, pg, VNET_RTM_NEWMDB);
    }
    if (old)
        br_timer_set(dev_world(h->br->dev), &pg->timer, time_of(h, VNET_BR_MCAST_MEMBERSHIP_INTVL));
    return pg;
}

/* ---- leaving ---- */

static void shorten(struct vnet *w, struct br_timer *t, int64_t left)
{
    if (!timer_pending(&t->timer) || t->due > w->now + left)
        br_timer_set(w, t, left);
}

static bool fast_leave(const struct heard *h, struct br_pg *pg)
{
    if (!h->p || !(h->p->flags & BR_FLAG(FASTLEAVE)))
        return false;
    if (pg && !(pg->flags & PG_PERMANENT)) {
        pg->flags |= PG_FAST_LEAVE;
        br_pg_delete(pg);
    }
    return true;
}

/* br_multicast_leave_group(): whoever is left has the time to say so that last members have. */
static void leave_group(const struct heard *h, const struct br_group *g)
{
    struct bridge *br = h->br;
    struct vnet *w = dev_world(br->dev);
    struct br_mdb *mp = should_use(h) ? br_mdb_find(br, g) : NULL;
    if (!mp)
        return;
    struct br_pg *pg = h->p ? br_pg_find(mp, h->p) : NULL;
    if (fast_leave(h, pg) || timer_pending(&br->mcast.other[h->v6].timer.timer))
        return;
    int64_t left = time_of(h, VNET_BR_MCAST_LAST_MEMBER_INTVL) *
                   (int64_t)(br->opt[VNET_BR_MCAST_LAST_MEMBER_CNT] & UINT8_MAX);
    if (br->opt[VNET_BR_MCAST_QUERIER]) {
        struct br_mcast_ctx *c = h->p ? &h->p->mcast[h->v6] : &br->mcast.ctx[h->v6];
        br_multicast_query_group(br, h->p, g);
        br_timer_set(w, &c->own_query, left);
    }
    if (pg)
        shorten(w, &pg->timer, left);
    else if (!h->p && mp->host_joined)
        shorten(w, &mp->timer, left);
}

/* ---- reports of IGMPv3 and MLDv2 ---- */

/* br_multicast_eht_handle() */
static void track_host(const struct heard *h, struct br_pg *pg, uint8_t type)
{
    if (type == IGMP3_MODE_IS_EXCLUDE || type == IGMP3_CHANGE_TO_EXCLUDE)
        br_eht_join(pg, &h->src);
    else if (type == IGMP3_MODE_IS_INCLUDE || type == IGMP3_CHANGE_TO_INCLUDE)
        br_eht_leave(pg, &h->src);
}

/* br_multicast_isexc(), br_multicast_toex(), br_multicast_toin() of a record without sources. */
static void change_mode(const struct heard *h, const struct br_group *g, uint8_t type)
{
    struct br_mdb *mp = br_mdb_find(h->br, g);
    struct br_pg *pg = mp ? br_pg_find(mp, h->p) : NULL;
    if (!pg || pg->flags & PG_PERMANENT)
        return;
    bool included = pg->flags & PG_INCLUDE;
    if (h->p->flags & BR_FLAG(FASTLEAVE))
        track_host(h, pg, type);
    if (type == IGMP3_MODE_IS_EXCLUDE || type == IGMP3_CHANGE_TO_EXCLUDE) {
        pg->flags &= (uint8_t)~PG_INCLUDE;
        br_timer_set(dev_world(h->br->dev), &pg->timer, time_of(h, VNET_BR_MCAST_MEMBERSHIP_INTVL));
        if (included)
            br_mdb_notify(mp, pg, VNET_RTM_NEWMDB);
    } else if (type == IGMP3_CHANGE_TO_INCLUDE) {
        if (!included)
            br_multicast_query_rexmit(pg);
        if (!pg->hosts) /* br_multicast_eht_should_del_pg() */
            fast_leave(h, pg);
    }
}

static void record(const struct heard *h, const struct br_group *g, uint8_t type, unsigned nsrcs)
{
    bool old = !br_mcast_has_modes(h->br, g);
    if (type < IGMP3_MODE_IS_INCLUDE || type > IGMP3_BLOCK_OLD_SOURCES)
        return;
    bool none = nsrcs == 0 && (type == IGMP3_CHANGE_TO_INCLUDE || type == IGMP3_MODE_IS_INCLUDE);
    if (none && (!h->p || old)) {
        leave_group(h, g);
        return;
    }
    if (!none)
        add_group(h, g, old || !h->p);
    if (h->p && !old)
        change_mode(h, g, nsrcs ? IGMP3_CHANGE_TO_EXCLUDE : type);
}

static void reports4(const struct heard *h)
{
    size_t off = IGMP3_REPORT_HDR;
    struct igmp3_grec r;
    for (int n = igmp3_report_parse(h->msg, h->len); n > 0; n--) {
        if (!igmp3_grec_parse(h->msg, h->len, &off, &r))
            return;
        const struct br_group g = {.addr = inet_addr_v4(r.group), .vid = h->vid};
        if (!is_local4(r.group) && inet_addr_is_multicast(&g.addr))
            record(h, &g, r.type, r.nsrcs);
    }
}

static void reports6(const struct heard *h)
{
    size_t off = MLD2_REPORT_HDR;
    struct mld2_grec r;
    for (int n = mld2_report_parse(h->msg, h->len); n > 0; n--) {
        if (!mld2_grec_parse(h->msg, h->len, &off, &r))
            return;
        const struct br_group g = {.addr = inet_addr_v6(r.group), .vid = h->vid};
        if (!inet_addr_eq(&g.addr, &ipv6_all_nodes) && inet_addr_is_multicast(&g.addr))
            record(h, &g, r.type, r.nsrcs);
    }
}

/* ---- routers ---- */

static void mark_router(struct br_mcast_ctx *c)
{
    struct bridge *br = c->br;
    unsigned how = c->port ? c->port->multicast_router : (unsigned)br->opt[VNET_BR_MCAST_ROUTER];
    if (how == MDB_RTR_DISABLED || how == MDB_RTR_PERM)
        return;
    br_multicast_set_rport(c, true);
    br_timer_set(dev_world(br->dev), &c->router, br_mcast_time(br, VNET_BR_MCAST_QUERIER_INTVL));
}

static void forget_router(struct br_mcast_ctx *c)
{
    br_multicast_set_rport(c, false);
    timer_cancel(dev_world(c->br->dev), &c->router.timer);
}

int br_multicast_set_router(struct bridge *br, uint64_t value)
{
    for (int v6 = 0; v6 <= 1 && value != MDB_RTR_TEMP_QUERY; v6++)
        forget_router(&br->mcast.ctx[v6]);
    br->opt[VNET_BR_MCAST_ROUTER] = value;
    return 0;
}

int br_multicast_set_port_router(struct br_port *p, uint64_t value)
{
    if (value > MDB_RTR_TEMP)
        return -EINVAL;
    bool same = p->multicast_router == value;
    p->multicast_router = (uint8_t)value;
    for (int v6 = 0; v6 <= 1; v6++) {
        struct br_mcast_ctx *c = &p->mcast[v6];
        if (value == MDB_RTR_TEMP)
            mark_router(c);
        else if (!same)
            forget_router(c);
        if (value == MDB_RTR_PERM)
            br_multicast_set_rport(c, true);
    }
    return 0;
}

bool br_multicast_is_router(const struct bridge *br, const struct skb *skb)
{
    uint64_t how = br->opt[VNET_BR_MCAST_ROUTER];
    return how == MDB_RTR_PERM ||
           (how == MDB_RTR_TEMP_QUERY &&
            timer_pending(&br->mcast.ctx[skb->protocol == ETH_P_IPV6].router.timer));
}

bool br_multicast_rport(const struct br_port *p, const struct skb *skb)
{
    return p->mcast[skb->protocol == ETH_P_IPV6].is_router;
}

/* ---- queries of others ---- */

/* br_multicast_select_querier(): the lowest address is the one that asks. */
static bool select_querier(const struct heard *h)
{
    struct br_querier *q = &h->br->mcast.other[h->v6];
    bool nobody =
        !timer_pending(&h->br->mcast.ctx[h->v6].own_query.timer) && !timer_pending(&q->timer.timer);
    bool unknown = q->addr.family == VNET_AF_UNSPEC || (!h->v6 && inet_addr_is_any(&q->addr));
    if (!nobody && !unknown && memcmp(h->src.bytes, q->addr.bytes, sizeof(q->addr.bytes)) > 0)
        return false;
    q->addr = h->src;
    return true;
}

static void general_query(const struct heard *h, int64_t max_delay)
{
    struct br_querier *q = &h->br->mcast.other[h->v6];
    struct vnet *w = dev_world(h->br->dev);
    if (!select_querier(h))
        return;
    if (!timer_pending(&q->timer.timer)) /* br_multicast_update_query_timer() */
        q->delay_time = w->now + max_delay;
    br_timer_set(w, &q->timer, time_of(h, VNET_BR_MCAST_QUERIER_INTVL));
    mark_router(h->p ? &h->p->mcast[h->v6] : &h->br->mcast.ctx[h->v6]);
}

/* About one group: who does not answer is out of it then. */
static void group_query(const struct heard *h, const struct br_group *g, int64_t max_delay)
{
    struct vnet *w = dev_world(h->br->dev);
    struct br_mdb *mp = br_mdb_find(h->br, g);
    if (!mp)
        return;
    max_delay *= (int64_t)(h->br->opt[VNET_BR_MCAST_LAST_MEMBER_CNT] & UINT8_MAX);
    if (mp->host_joined)
        shorten(w, &mp->timer, max_delay);
    for (struct br_pg *pg = mp->ports; pg; pg = pg->next)
        if (!(pg->flags & PG_INCLUDE) || !br_mcast_has_modes(h->br, g))
            shorten(w, &pg->timer, max_delay);
}

/* br_ip4_multicast_query() */
static void query4(const struct heard *h)
{
    enum { TENTHS = 10, FOREVER = 100 };
    struct igmp_msg m;
    igmp_parse(h->msg, h->len, &m);
    const struct br_group g = {.addr = inet_addr_v4(m.group), .vid = h->vid};
    uint32_t tenths = m.code;
    if (h->len != IGMP_LEN && h->len < IGMP3_QUERY_LEN)
        return;
    if (h->len == IGMP_LEN && !m.code) { /* IGMPv1 */
        tenths = FOREVER;
        m.group = 0;
    } else if (h->len >= IGMP3_QUERY_LEN) {
        if (get_be16(h->msg + 10) || (br_mcast_has_modes(h->br, &g) && m.group && h->msg[8] & 8))
            return;
        tenths = igmp3_code(m.code);
    }
    int64_t delay = tenths * (NSEC_PER_SEC / TENTHS);
    if (m.group)
        group_query(h, &g, delay);
    else
        general_query(h, delay);
}

/* br_ip6_multicast_query() */
static void query6(const struct heard *h)
{
    struct mld_msg m;
    if (!mld_parse(h->msg, h->len, &m) || (m.v2 && m.nsrcs))
        return;
    const struct br_group g = {.addr = inet_addr_v6(m.group), .vid = h->vid};
    bool any = inet_addr_is_any(&g.addr);
    if (!any && m.v2 && br_mcast_has_modes(h->br, &g) && m.suppress)
        return;
    int64_t delay = m.max_delay_ms * NSEC_PER_MSEC;
    if (any)
        general_query(h, delay ? delay : NSEC_PER_MSEC);
    else
        group_query(h, &g, delay);
}

/* ---- what passes ---- */

/* br_multicast_ipv4_rcv() behind ip_mc_check_igmp(). */
static void igmp_message(struct heard *h, struct skb *skb)
{
    struct igmp_msg m;
    igmp_parse(h->msg, h->len, &m);
    const struct br_group g = {.addr = inet_addr_v4(m.group), .vid = h->vid};
    bool member = !is_local4(m.group) && inet_addr_is_multicast(&g.addr);
    skb->br_igmp = true;
    switch (m.type) {
    case IGMP_V1_REPORT:
    case IGMP_V2_REPORT:
        skb->br_mrouters_only = true;
        if (member)
            add_group(h, &g, true);
        break;
    case IGMP_V3_REPORT:
        reports4(h);
        break;
    case IGMP_QUERY:
        if (should_use(h))
            query4(h);
        break;
    case IGMP_V2_LEAVE:
        if (member)
            leave_group(h, &g);
        break;
    default:
        break;
    }
}

/* br_multicast_ipv6_rcv() behind ipv6_mc_check_mld(). */
static void mld_message(struct heard *h, struct skb *skb)
{
    struct mld_msg m;
    skb->br_igmp = true;
    if (h->msg[0] == ICMPV6_MLD2_REPORT) {
        reports6(h);
        return;
    }
    if (!mld_parse(h->msg, h->len, &m))
        return;
    const struct br_group g = {.addr = inet_addr_v6(m.group), .vid = h->vid};
    bool member = !inet_addr_eq(&g.addr, &ipv6_all_nodes) && inet_addr_is_multicast(&g.addr);
    if (h->msg[0] == ICMPV6_MGM_QUERY && should_use(h)) {
        query6(h);
    } else if (h->msg[0] == ICMPV6_MGM_REPORT) {
        skb->br_mrouters_only = true;
        if (member)
            add_group(h, &g, true);
    } else if (h->msg[0] == ICMPV6_MGM_REDUCTION && member) {
        leave_group(h, &g);
    }
}

/* ip_mc_check_igmp() */
static bool rcv4(struct heard *h, struct skb *skb)
{
    const uint8_t *p = skb_data(skb);
    struct ipv4_hdr ip;
    if (!ipv4_parse(p, skb->len, &ip) || ip.version != 4 || ip.hdr_len < IPV4_HDR_LEN ||
        ip.hdr_len > skb->len || !ipv4_cksum_ok(p, ip.hdr_len) || ip.tot_len > skb->len ||
        ip.tot_len < ip.hdr_len)
        return false;
    if (ip.protocol != IGMP_PROTOCOL) {
        if (!is_local4(ip.daddr))
            skb->br_mrouters_only = true;
        return true;
    }
    h->msg = p + ip.hdr_len;
    h->len = ip.tot_len - ip.hdr_len;
    h->src = inet_addr_v4(ip.saddr);
    if (h->len < IGMP_LEN || cksum(h->msg, h->len) != 0)
        return false;
    if (h->msg[0] == IGMP_QUERY && get_be32(h->msg + 4) == 0 && ip.daddr != IGMP_ALL_HOSTS)
        return false;
    igmp_message(h, skb);
    return true;
}

static bool is_mld(uint8_t type)
{
    return (type >= ICMPV6_MGM_QUERY && type <= ICMPV6_MGM_REDUCTION) || type == ICMPV6_MLD2_REPORT;
}

/* ipv6_mc_check_mld() */
static bool rcv6(struct heard *h, struct skb *skb)
{
    const uint8_t *p = skb_data(skb);
    struct ipv6_hdr ip;
    struct ipv6_opts opts;
    if (!ipv6_parse(p, skb->len, &ip) || ip.version != 6 ||
        ip.payload_len > skb->len - IPV6_HDR_LEN)
        return false;
    const struct inet_addr dst = inet_addr_v6(ip.daddr);
    skb->br_mrouters_only = !inet_addr_eq(&dst, &ipv6_all_nodes);
    if (ip.nexthdr != IPV6_NEXTHDR_HOP ||
        !ipv6_opts_parse(p + IPV6_HDR_LEN, ip.payload_len, &opts) ||
        opts.nexthdr != IPV6_NEXTHDR_ICMP || opts.len >= ip.payload_len ||
        !is_mld(p[IPV6_HDR_LEN + opts.len]))
        return true;
    skb->br_mrouters_only = false;
    h->msg = p + IPV6_HDR_LEN + opts.len;
    h->len = ip.payload_len - opts.len;
    h->src = inet_addr_v6(ip.saddr);
    h->v6 = true;
    if (h->len < ICMPV6_HDR_LEN ||
        cksum_ipv6(ip.saddr, ip.daddr, IPV6_NEXTHDR_ICMP, h->msg, h->len) != 0 ||
        (h->msg[0] == ICMPV6_MGM_QUERY && !inet_addr_is_linklocal(&h->src)))
        return false;
    mld_message(h, skb);
    return true;
}

bool br_multicast_rcv(struct bridge *br, struct br_port *p, struct skb *skb, uint16_t vid)
{
    struct heard h = {.br = br, .p = p, .vid = vid};
    skb->br_igmp = skb->br_mrouters_only = false;
    if (!br->opt[VNET_BR_MCAST_SNOOPING])
        return true;
    bool ok = skb->protocol == ETH_P_IP     ? rcv4(&h, skb)
              : skb->protocol == ETH_P_IPV6 ? rcv6(&h, skb)
                                            : true;
    if (skb->br_igmp)
        vnet_touch(dev_world(br->dev));
    return ok;
}

/* __br_multicast_querier_exists(): has somebody asked, and been answered? */
static bool querier_exists(const struct bridge *br, bool v6)
{
    const struct br_querier *q = &br->mcast.other[v6];
    bool own = br->opt[VNET_BR_MCAST_QUERIER] && !(v6 && br->mcast.no_ipv6_addr);
    return dev_world(br->dev)->now > q->delay_time && (own || timer_pending(&q->timer.timer));
}

/* What a frame is for and from, or (link-layer addresses) only for. */
static struct br_group group_of(const struct skb *skb, uint16_t vid)
{
    const uint8_t *p = skb_data(skb);
    struct ipv4_hdr ip4;
    struct ipv6_hdr ip6;
    struct br_group g = {.vid = vid};
    if (skb->protocol == ETH_P_IP && ipv4_parse(p, skb->len, &ip4))
        g.addr = inet_addr_v4(ip4.daddr), g.src = inet_addr_v4(ip4.saddr);
    else if (skb->protocol == ETH_P_IPV6 && ipv6_parse(p, skb->len, &ip6))
        g.addr = inet_addr_v6(ip6.daddr), g.src = inet_addr_v6(ip6.saddr);
    else
        memcpy(g.addr.bytes, skb->buf + skb->mac, ETH_ALEN);
    return g;
}

/* br_mdb_get(): of its source, where the protocol knows sources, else of any. */
static struct br_mdb *mdb_get(const struct bridge *br, const struct skb *skb, uint16_t vid)
{
    struct br_group g = group_of(skb, vid);
    struct br_mdb *mp = br_mcast_has_modes(br, &g) ? br_mdb_find(br, &g) : NULL;
    g.src = (struct inet_addr){.family = VNET_AF_UNSPEC};
    return mp ? mp : br_mdb_find(br, &g);
}

bool br_multicast_known(const struct bridge *br, const struct skb *skb, uint16_t vid,
                        struct br_mdb **mp)
{
    *mp = NULL;
    if (!br->opt[VNET_BR_MCAST_SNOOPING])
        return false;
    if (!skb->br_igmp)
        *mp = mdb_get(br, skb, vid);
    if (!*mp && !skb->br_mrouters_only)
        return false;
    if (skb->protocol == ETH_P_IP || skb->protocol == ETH_P_IPV6)
        return querier_exists(br, skb->protocol == ETH_P_IPV6);
    return *mp && (*mp)->group.addr.family == VNET_AF_UNSPEC;
}
