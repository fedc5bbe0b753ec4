/* MLD messages on their way out (net/ipv6/mcast.c: mld_newpack, add_grec, mld_sendpack,
 * igmp6_send). */
#include "dev/skb.h"
#include "inet/addrconf_int.h"
#include "base/bytes.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

enum { HALF_PAGE = 2048 };

struct report { /* being filled; skb NULL: nothing yet */
    struct inet6_dev *idev;
    struct skb *skb;      /* hop-by-hop header, report header, records */
    struct inet_addr src; /* as it was when the packet was begun */
    uint16_t ngrec;
};

/* The link-local address, or :: while there is none that is complete. */
static struct inet_addr mld_source(const struct inet6_dev *idev)
{
    const struct inet6_ifaddr *ll = ipv6_get_lladdr(idev->dev, VNET_IFA_F_TENTATIVE);
    return ll ? ll->addr : ipv6_any;
}

/* skb: hop-by-hop header and a MLD message, without its checksum. */
static void send_mld(struct inet6_dev *idev, struct skb *skb, const struct inet_addr *src,
                     const struct inet_addr *dst)
{
    const struct ip6_send how = {.nexthdr = IPV6_NEXTHDR_HOP, .hop_limit = 1, .count_later = true};
    icmpv6_checksum(skb_data(skb) + IPV6_RA_LEN, skb->len - IPV6_RA_LEN, src->bytes, dst->bytes);
    icmp6_dst(skb, idev->dev, src, dst);
    ip6_send_skb(idev->dev->ns, skb, src, dst, &how);
}

/* ---- MLDv2 ---- */

static size_t packet_room(const struct inet6_dev *idev)
{
    return (idev->dev->mtu < HALF_PAGE ? idev->dev->mtu : HALF_PAGE) - IPV6_HDR_LEN;
}

static void report_begin(struct report *r)
{
    r->skb = skb_alloc(idev_world(r->idev), packet_room(r->idev));
    r->src = mld_source(r->idev);
    r->ngrec = 0;
    ipv6_emit_router_alert(skb_put(r->skb, IPV6_RA_LEN), IPV6_NEXTHDR_ICMP, IPV6_RA_MLD);
    skb_put(r->skb, MLD2_REPORT_HDR);
}

static void report_send(struct report *r)
{
    if (!r->skb)
        return;
    mld2_report_emit(skb_data(r->skb) + IPV6_RA_LEN, r->ngrec);
    trace(idev_world(r->idev), r->idev->dev, "mld", "mld_sendpack", VNET_TRACE_SENT, NULL,
          "report of %u group(s)", r->ngrec);
    send_mld(r->idev, r->skb, &r->src, &ipv6_mld2_routers);
    r->skb = NULL;
}

/* add_grec() of a group without source lists. */
static void report_add(struct report *r, const struct inet6_mc *mc, uint8_t type)
{
    struct mld2_grec g = {.type = type};
    if ((mc->mca_flags & MAF_NOREPORT) || r->idev->dev->mtu < IPV6_MIN_MTU)
        return;
    if (r->skb && r->skb->len + MLD2_GREC_LEN > packet_room(r->idev))
        report_send(r);
    if (!r->skb)
        report_begin(r);
    memcpy(g.group, mc->addr.bytes, 16);
    mld2_grec_emit(skb_put(r->skb, MLD2_GREC_LEN), &g);
    r->ngrec++;
}

void mld_send_cr(struct inet6_dev *idev)
{
    struct report r = {.idev = idev};
    list_each_safe(pos, tmp, &idev->mc_tomb)
    {
        struct inet6_mc *mc = list_entry(pos, struct inet6_mc, node);
        report_add(&r, mc, MLD2_CHANGE_TO_INCLUDE);
        if (mc->crcount && --mc->crcount)
            continue;
        ipv6_mc_free(mc);
    }
    list_each(pos, &idev->mc_list)
    {
        struct inet6_mc *mc = list_entry(pos, struct inet6_mc, node);
        if (!mc->crcount)
            continue;
        report_add(&r, mc, MLD2_CHANGE_TO_EXCLUDE);
        mc->crcount--;
    }
    report_send(&r);
}

static void report_all(struct inet6_dev *idev, uint8_t type)
{
    struct report r = {.idev = idev};
    list_each(pos, &idev->mc_list)
    {
        report_add(&r, list_entry(pos, struct inet6_mc, node), type);
    }
    report_send(&r);
}

void mld_send_initial_cr(struct inet6_dev *idev)
{
    if (!mld_in_v1_mode(idev))
        report_all(idev, MLD2_CHANGE_TO_EXCLUDE);
}

void mld_send_report(struct inet6_dev *idev, struct inet6_mc *mc)
{
    struct report r = {.idev = idev};
    if (!mc) {
        report_all(idev, MLD2_MODE_IS_EXCLUDE);
        return;
    }
    report_add(&r, mc, MLD2_MODE_IS_EXCLUDE);
    report_send(&r);
}

/* ---- MLDv1 ---- */

void mld1_send(struct inet6_dev *idev, const struct inet_addr *group, uint8_t type)
{
    const struct inet_addr src = mld_source(idev);
    const struct inet_addr *dst = type == ICMPV6_MGM_REDUCTION ? &ipv6_all_routers : group;
    struct skb *skb = skb_alloc(idev_world(idev), IPV6_RA_LEN + MLD_LEN);
    ipv6_emit_router_alert(skb_put(skb, IPV6_RA_LEN), IPV6_NEXTHDR_ICMP, IPV6_RA_MLD);
    mld1_emit(skb_put(skb, MLD_LEN), type, group->bytes);
    trace(idev_world(idev), idev->dev, "mld", "igmp6_send", VNET_TRACE_SENT, NULL, "type %u", type);
    send_mld(idev, skb, &src, dst);
}
