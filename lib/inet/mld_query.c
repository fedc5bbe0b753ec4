/* MLD messages that come in: queries, and reports of others (net/ipv6/mcast.c: __mld_query_work).
 */
#include "dev/skb.h"
#include "inet/addrconf_int.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

void mld_gq_work(struct vnet *w, struct timer *t)
{
    (void)w;
    mld_send_report(container_of(t, struct inet6_dev, mc_gq), NULL);
}

void mld_mca_work(struct vnet *w, struct timer *t)
{
    (void)w;
    struct inet6_mc *mc = container_of(t, struct inet6_mc, timer);
    if (mld_in_v1_mode(mc->idev))
        mld1_send(mc->idev, &mc->addr, ICMPV6_MGM_REPORT);
    else
        mld_send_report(mc->idev, mc);
    mc->mca_flags |= MAF_LAST_REPORTER;
    mc->mca_flags &= ~(uint32_t)MAF_TIMER_RUNNING;
}

static void ignored(const struct skb *skb, const char *why)
{
    trace(dev_world(skb->dev), skb->dev, "mld", "__mld_query_work", VNET_TRACE_IGNORED, NULL, "%s",
          why);
}

/* igmp6_group_queried(): answer within resptime, sooner if an answer is due sooner. */
static void group_queried(struct inet6_mc *mc, int64_t resptime)
{
    struct vnet *w = idev_world(mc->idev);
    if (inet_addr_eq(&mc->addr, &ipv6_all_nodes) || ipv6_scope(&mc->addr) < IPV6_SCOPE_LINKLOCAL)
        return;
    int64_t delay = resptime;
    if (timer_pending(&mc->timer))
        delay = mc->timer.expires - w->now;
    if (delay >= resptime)
        work_schedule(w, &mc->timer, random_jiffies(w, resptime));
    mc->mca_flags |= MAF_TIMER_RUNNING;
}

/* A MLDv1 querier is there: its version is spoken until it has been silent for long. */
static void enter_v1(struct inet6_dev *idev)
{
    idev->mc_v1_seen = idev_world(idev)->now + idev->mc_qrv * idev->mc_qi + idev->mc_qri;
}

static void note_v2(struct inet6_dev *idev, const struct mld_msg *q)
{
    if (q->qrv)
        idev->mc_qrv = q->qrv;
    if (idev->mc_qrv < 2 && net_sysctl_global(idev->dev->ns, NET_IPV6_MLD_QRV) > 1)
        idev->mc_qrv = 2;
    idev->mc_qi = q->qqi * NSEC_PER_SEC;
    idev->mc_qri = q->max_delay_ms * NSEC_PER_MSEC;
}

/* mld_process_v1(): as if by a MLDv1 querier, the response code is then milliseconds. */
static int64_t process_v1(struct inet6_dev *idev, const struct mld_msg *q)
{
    const uint32_t ms = q->icmp.info >> 16, most = q->v2 ? 0x7fff : 0xffff;
    if (!q->v2)
        enter_v1(idev);
    timer_cancel(idev_world(idev), &idev->mc_gq);
    mld_ifc_stop(idev);
    mld_clear_delrec(idev);
    return (ms < most ? ms : most) * NSEC_PER_MSEC;
}

/* How long the answer of each group may take, ns; 0: there is none, or it is one for all groups. */
static int64_t take_version(struct inet6_dev *idev, const struct mld_msg *q, bool any)
{
    struct vnet *w = idev_world(idev);
    int64_t delay = q->max_delay_ms * NSEC_PER_MSEC;
    if (!q->v2 || mld_in_v1_mode(idev)) {
        if (mld_in_v2_mode_only(idev))
            return 0;
        delay = process_v1(idev, q);
    } else {
        note_v2(idev, q);
    }
    if (delay < jiffy_ns(w))
        delay = jiffy_ns(w);
    if (!any || !q->v2 || mld_in_v1_mode(idev))
        return delay;
    if (q->nsrcs == 0)
        timer_set_jiffies(w, &idev->mc_gq, random_jiffies(w, delay) + 2 * jiffy_ns(w));
    return 0;
}

static bool query_ok(const struct skb *skb, struct mld_msg *q)
{
    struct ipv6_hdr h;
    const uint8_t *icmp = skb_transport(skb);
    size_t len = skb->head + skb->len - skb->transport;
    ipv6_parse(skb_net(skb), IPV6_HDR_LEN, &h);
    const struct inet_addr src = inet_addr_v6(h.saddr);
    struct ipv6_opts opts;
    bool alert = h.nexthdr == IPV6_NEXTHDR_HOP &&
                 ipv6_opts_parse(skb_net(skb) + IPV6_HDR_LEN,
                                 skb->transport - skb->net - IPV6_HDR_LEN, &opts) &&
                 opts.has_router_alert && opts.router_alert == IPV6_RA_MLD;
    if (!inet_addr_is_linklocal(&src) || h.hop_limit != 1 || !alert) {
        ignored(skb, "source not link-local, hop limit not 1, or no router alert");
        return false;
    }
    if (!mld_parse(icmp, len, q) || (len > MLD_LEN && len < MLD2_QUERY_LEN)) {
        ignored(skb, "bad length");
        return false;
    }
    return true;
}

static void query(const struct skb *skb)
{
    struct inet6_dev *idev = skb->dev->in6_dev;
    struct mld_msg q;
    if (!idev || idev->dead || !query_ok(skb, &q))
        return;
    const struct inet_addr group = inet_addr_v6(q.group);
    bool any = inet_addr_is_any(&group);
    if (!any && !inet_addr_is_multicast(&group))
        return;
    vnet_touch(idev_world(idev));
    int64_t delay = take_version(idev, &q, any);
    if (!delay)
        return;
    list_each(pos, &idev->mc_list)
    {
        struct inet6_mc *mc = list_entry(pos, struct inet6_mc, node);
        if (any || inet_addr_eq(&mc->addr, &group))
            group_queried(mc, delay);
    }
}

void igmp6_event_query(struct skb *skb)
{
    struct vnet *w = dev_world(skb->dev);
    query(skb);
    skb_free(w, skb);
}

/* Somebody else reported the group: ours (MLDv1) is not needed. */
static void report_heard(struct inet6_dev *idev, const struct mld_msg *m)
{
    list_each(pos, &idev->mc_list)
    {
        struct inet6_mc *mc = list_entry(pos, struct inet6_mc, node);
        if (memcmp(mc->addr.bytes, m->group, 16) != 0)
            continue;
        timer_cancel(idev_world(idev), &mc->timer);
        mc->mca_flags &= ~(uint32_t)(MAF_LAST_REPORTER | MAF_TIMER_RUNNING);
    }
}

void igmp6_event_report(struct skb *skb)
{
    struct vnet *w = dev_world(skb->dev);
    struct inet6_dev *idev = skb->dev->in6_dev;
    struct mld_msg m;
    if (idev && !skb->looped &&
        mld_parse(skb_transport(skb), skb->head + skb->len - skb->transport, &m))
        report_heard(idev, &m);
    skb_free(w, skb);
}
