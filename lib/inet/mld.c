/* Multicast groups of a device and when their reports are due (MLDv2, RFC 3810; net/ipv6/mcast.c).
 */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "dev/addr_lists.h"
#include "inet/addrconf_int.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

static const int64_t mld_qi_default = 125 * NSEC_PER_SEC;
static const int64_t mld_qri_default = 10 * NSEC_PER_SEC;

/* ---- protocol version, intervals ---- */

static int force_mld_version(const struct inet6_dev *idev)
{
    int all = in6_dev_all(idev, IPV6_CONF_force_mld_version);
    return all ? all : in6_dev_conf(idev, IPV6_CONF_force_mld_version);
}

bool mld_in_v2_mode_only(const struct inet6_dev *idev)
{
    return force_mld_version(idev) == 2;
}

bool mld_in_v1_mode(const struct inet6_dev *idev)
{
    if (force_mld_version(idev) == 1)
        return true;
    if (mld_in_v2_mode_only(idev))
        return false;
    return idev->mc_v1_seen > idev_world(idev)->now;
}

int64_t mld_unsolicited_interval(const struct inet6_dev *idev)
{
    int64_t ms =
        in6_dev_conf(idev, mld_in_v1_mode(idev) ? IPV6_CONF_mldv1_unsolicited_report_interval
                                                : IPV6_CONF_mldv2_unsolicited_report_interval);
    return (ms > 0 ? ms : 1) * NSEC_PER_MSEC;
}

/* mld_ifc_start_work() and its likes: a random part of `delay` and two jiffies. */
static void start_work(struct inet6_dev *idev, struct timer *t, int64_t delay)
{
    struct vnet *w = idev_world(idev);
    timer_set_jiffies(w, t, random_jiffies(w, delay) + 2 * jiffy_ns(w));
}

/* ---- groups ---- */

static struct inet6_mc *mc_find(const struct list *head, const struct inet_addr *group)
{
    list_each(pos, head)
    {
        struct inet6_mc *mc = list_entry(pos, struct inet6_mc, node);
        if (inet_addr_eq(&mc->addr, group))
            return mc;
    }
    return NULL;
}

bool ipv6_chk_mcast_addr(const struct netdev *dev, const struct inet_addr *group)
{
    return dev->in6_dev && mc_find(&dev->in6_dev->mc_list, group);
}

static struct inet6_mc *mc_alloc(struct inet6_dev *idev, const struct inet_addr *group)
{
    struct inet6_mc *mc = mem_alloc(sizeof(*mc));
    mc->idev = idev;
    mc->addr = *group;
    mc->users = 1;
    timer_init(&mc->timer, mld_mca_work);
    if (inet_addr_eq(group, &ipv6_all_nodes) || ipv6_scope(group) < IPV6_SCOPE_LINKLOCAL)
        mc->mca_flags |= MAF_NOREPORT;
    return mc;
}

void ipv6_mc_free(struct inet6_mc *mc)
{
    timer_cancel(idev_world(mc->idev), &mc->timer);
    list_del(&mc->node);
    free(mc);
}

struct inet6_mc *ipv6_mc_load(struct inet6_dev *idev, const struct inet_addr *group, bool tomb)
{
    struct list *head = tomb ? &idev->mc_tomb : &idev->mc_list;
    if (!tomb && mc_find(head, group))
        return NULL;
    struct inet6_mc *mc = mc_alloc(idev, group);
    list_add_tail(&mc->node, head);
    return mc;
}

/* ---- groups left: a leave report is owed ---- */

static void add_delrec(struct inet6_dev *idev, const struct inet6_mc *mc)
{
    struct inet6_mc *tomb = mc_alloc(idev, &mc->addr);
    tomb->crcount = idev->mc_qrv;
    list_add_head(&tomb->node, &idev->mc_tomb);
}

/* mld_del_delrec() of every group that is joined again before its leave was told. */
static void del_delrecs(struct inet6_dev *idev)
{
    list_each_safe(pos, tmp, &idev->mc_tomb)
    {
        struct inet6_mc *tomb = list_entry(pos, struct inet6_mc, node);
        struct inet6_mc *mc = mc_find(&idev->mc_list, &tomb->addr);
        if (!mc)
            continue;
        mc->crcount = idev->mc_qrv;
        ipv6_mc_free(tomb);
    }
}

static void free_all(struct list *head)
{
    list_each_safe(pos, tmp, head)
    {
        ipv6_mc_free(list_entry(pos, struct inet6_mc, node));
    }
}

void mld_clear_delrec(struct inet6_dev *idev)
{
    free_all(&idev->mc_tomb);
}

/* ---- state changes ---- */

void mld_ifc_stop(struct inet6_dev *idev)
{
    idev->mc_ifc_count = 0;
    timer_cancel(idev_world(idev), &idev->mc_ifc);
}

static void ifc_event(struct inet6_dev *idev)
{
    if (mld_in_v1_mode(idev))
        return;
    idev->mc_ifc_count = idev->mc_qrv;
    start_work(idev, &idev->mc_ifc, 0);
}

static void ifc_work(struct vnet *w, struct timer *t)
{
    (void)w;
    struct inet6_dev *idev = container_of(t, struct inet6_dev, mc_ifc);
    mld_send_cr(idev);
    if (idev->mc_ifc_count && --idev->mc_ifc_count)
        start_work(idev, t, mld_unsolicited_interval(idev));
}

/* igmp6_join_group(): MLDv1. */
static void join_v1(struct inet6_mc *mc)
{
    struct inet6_dev *idev = mc->idev;
    struct vnet *w = idev_world(idev);
    mld1_send(idev, &mc->addr, ICMPV6_MGM_REPORT);
    if (!timer_pending(&mc->timer))
        work_schedule(w, &mc->timer, random_jiffies(w, mld_unsolicited_interval(idev)));
    mc->mca_flags |= MAF_TIMER_RUNNING | MAF_LAST_REPORTER;
}

/* The device listens to the group's link-layer address, or no longer. */
static void load_filter(struct inet6_mc *mc, bool on)
{
    struct netdev *dev = mc->idev->dev;
    uint8_t mac[6];
    if (on == (bool)(mc->mca_flags & MAF_LOADED))
        return;
    mc->mca_flags ^= MAF_LOADED;
    if (dev->type != VNET_ARPHRD_ETHER) /* ndisc_mc_map() */
        return;
    ipv6_mc_mac(mc->addr.bytes, mac);
    const struct lladdr addr = lladdr_eth(mac);
    if (on)
        dev_mc_add(dev, &addr);
    else
        dev_mc_del(dev, &addr);
}

static void group_added(struct inet6_mc *mc)
{
    struct inet6_dev *idev = mc->idev;
    if (ipv6_scope(&mc->addr) < IPV6_SCOPE_LINKLOCAL)
        return;
    load_filter(mc, true);
    if (!netif_running(idev->dev) || (mc->mca_flags & MAF_NOREPORT))
        return;
    if (mld_in_v1_mode(idev)) {
        join_v1(mc);
        return;
    }
    mc->crcount = idev->mc_qrv;
    ifc_event(idev);
}

static void group_dropped(struct inet6_mc *mc)
{
    struct inet6_dev *idev = mc->idev;
    if (ipv6_scope(&mc->addr) < IPV6_SCOPE_LINKLOCAL)
        return;
    load_filter(mc, false);
    if (mc->mca_flags & MAF_NOREPORT)
        return;
    if (!idev->dead && mld_in_v1_mode(idev)) {
        if (mc->mca_flags & MAF_LAST_REPORTER)
            mld1_send(idev, &mc->addr, ICMPV6_MGM_REDUCTION);
    } else if (!idev->dead) {
        add_delrec(idev, mc);
        ifc_event(idev);
    }
    timer_cancel(idev_world(idev), &mc->timer);
}

static void trace_group(struct inet6_dev *idev, const char *func, const struct inet_addr *group)
{
    char text[INET_ADDRSTRLEN_MAX];
    trace(idev_world(idev), idev->dev, "mld", func, VNET_TRACE_OK, NULL, "%s",
          inet_addr_str(group, text));
}

int ipv6_mc_join(struct inet6_dev *idev, const struct inet_addr *group)
{
    if (idev->dead)
        return -ENODEV;
    vnet_touch(idev_world(idev));
    struct inet6_mc *mc = mc_find(&idev->mc_list, group);
    if (mc) {
        mc->users++;
        return 0;
    }
    mc = mc_alloc(idev, group);
    list_add_head(&mc->node, &idev->mc_list);
    trace_group(idev, "__ipv6_dev_mc_inc", group);
    del_delrecs(idev);
    group_added(mc);
    return 0;
}

int ipv6_mc_leave(struct inet6_dev *idev, const struct inet_addr *group)
{
    struct inet6_mc *mc = mc_find(&idev->mc_list, group);
    if (!mc)
        return -ENOENT;
    vnet_touch(idev_world(idev));
    if (--mc->users)
        return 0;
    trace_group(idev, "__ipv6_dev_mc_dec", group);
    group_dropped(mc);
    ipv6_mc_free(mc);
    return 0;
}

/* ---- the end of duplicate address detection: reports with the proper source ---- */

static void dad_reports(struct inet6_dev *idev)
{
    mld_send_initial_cr(idev);
    if (idev->mc_dad_count && --idev->mc_dad_count)
        start_work(idev, &idev->mc_dad, mld_unsolicited_interval(idev));
}

void ipv6_mc_dad_complete(struct inet6_dev *idev)
{
    idev->mc_dad_count = idev->mc_qrv;
    if (idev->mc_dad_count)
        dad_reports(idev);
}

static void dad_work(struct vnet *w, struct timer *t)
{
    (void)w;
    dad_reports(container_of(t, struct inet6_dev, mc_dad));
}

/* ---- the device ---- */

static void mc_reset(struct inet6_dev *idev)
{
    int64_t qrv = net_sysctl_global(idev->dev->ns, NET_IPV6_MLD_QRV);
    idev->mc_qrv = (uint8_t)(qrv < UINT8_MAX ? qrv : UINT8_MAX);
    idev->mc_qi = mld_qi_default;
    idev->mc_qri = mld_qri_default;
    idev->mc_v1_seen = 0;
}

void ipv6_mc_init_dev(struct inet6_dev *idev)
{
    list_init(&idev->mc_list);
    list_init(&idev->mc_tomb);
    timer_init(&idev->mc_ifc, ifc_work);
    timer_init(&idev->mc_dad, dad_work);
    timer_init(&idev->mc_gq, mld_gq_work);
    mc_reset(idev);
}

void ipv6_mc_up(struct inet6_dev *idev)
{
    mc_reset(idev);
    del_delrecs(idev);
    list_each(pos, &idev->mc_list)
    {
        group_added(list_entry(pos, struct inet6_mc, node));
    }
}

void ipv6_mc_down(struct inet6_dev *idev)
{
    struct vnet *w = idev_world(idev);
    list_each(pos, &idev->mc_list)
    {
        group_dropped(list_entry(pos, struct inet6_mc, node));
    }
    mld_ifc_stop(idev);
    timer_cancel(w, &idev->mc_gq);
    timer_cancel(w, &idev->mc_dad);
}

void ipv6_mc_destroy_dev(struct inet6_dev *idev)
{
    struct vnet *w = idev_world(idev);
    mld_ifc_stop(idev);
    timer_cancel(w, &idev->mc_gq);
    timer_cancel(w, &idev->mc_dad);
    mld_clear_delrec(idev);
    list_each(pos, &idev->mc_list)
    {
        load_filter(list_entry(pos, struct inet6_mc, node), false);
    }
    free_all(&idev->mc_list);
}
