#include "inet/igmp.h"

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "dev/addr_lists.h"
#include "inet/addrconf_int.h"
#include "inet/route.h"
#include "inet/text.h"
#include "sim/trace.h"
#include "vnet_capture.h"
#include "wire/cksum.h"
#include "wire/ether.h"
#include "wire/igmp.h"
#include "wire/ipv4.h"

#define IGMPV3_ALL_MCR  0xe0000016U
#define IGMP_ALL_ROUTER 0xe0000002U

static struct vnet *world(const struct in_device *in_dev)
{
    return in_dev->dev->ns->w;
}

/* IGMP_V1_SEEN(), IGMP_V2_SEEN(): what the settings say, else what whoever asks speaks. */
int igmp_version(const struct in_device *in_dev)
{
    int all = in_dev_all(in_dev, IPV4_CONF_force_igmp_version);
    int own = in_dev_conf(in_dev, IPV4_CONF_force_igmp_version);
    int64_t now = in_dev->dev->ns->w->now;
    if (all == 1 || own == 1 || now < in_dev->mr_v1_seen)
        return 1;
    return all == 2 || own == 2 || now < in_dev->mr_v2_seen ? 2 : 3;
}

static int64_t unsolicited_interval(const struct in_device *in_dev)
{
    int ms = in_dev_conf(in_dev, igmp_version(in_dev) < 3
                                     ? IPV4_CONF_igmpv2_unsolicited_report_interval
                                     : IPV4_CONF_igmpv3_unsolicited_report_interval);
    return (ms > 0 ? ms : 1) * NSEC_PER_MSEC;
}

/* A random part of `delay` and two jiffies. */
static void start_timer(struct in_device *in_dev, struct timer *t, int64_t delay)
{
    struct vnet *w = world(in_dev);
    timer_set_jiffies(w, t, random_jiffies(w, delay) + 2 * jiffy_ns(w));
}

/* ---- packets ---- */

/* A route out of the device; false: there is none. */
static bool route_to(const struct in_device *in_dev, uint32_t daddr, struct dst *dst)
{
    struct flow fl = {.family = VNET_AF_INET,
                      .daddr = inet_addr_v4(daddr),
                      .oif = in_dev->dev->ifindex,
                      .proto = IGMP_PROTOCOL};
    return ip_route_output(in_dev->dev->ns, &fl, dst) == 0;
}

/* igmpv3_get_srcaddr(): an address of the device's own, or none. */
static uint32_t own_address(const struct in_device *in_dev, const struct inet_addr *src)
{
    list_each(pos, &in_dev->ifa_list)
    {
        if (inet_addr_eq(&list_entry(pos, struct in_ifaddr, node)->local, src))
            return inet_addr_to_v4(src);
    }
    return 0;
}

/* skb: the message. With a router alert, for the link only. */
static void send(struct in_device *in_dev, struct skb *skb, const struct dst *dst, uint32_t saddr,
                 uint32_t daddr)
{
    size_t len = skb->len;
    skb->transport = skb->head;
    igmp_ipv4_emit(skb_push(skb, IGMP_IPV4_HDR_LEN), saddr, daddr, len);
    skb->has_dst = true;
    skb->dst = *dst;
    ip_local_out(in_dev->dev->ns, skb);
}

/* ---- version 3 ---- */

struct report { /* being filled; skb NULL: nothing yet */
    struct in_device *in_dev;
    struct skb *skb;
    struct dst dst;
    uint16_t n;
};

/* igmpv3_newpack() */
static bool report_begin(struct report *r)
{
    if (!route_to(r->in_dev, IGMPV3_ALL_MCR, &r->dst))
        return false;
    r->skb = skb_alloc(world(r->in_dev), r->in_dev->dev->mtu);
    skb_put(r->skb, IGMP3_REPORT_HDR);
    r->n = 0;
    return true;
}

static void report_send(struct report *r)
{
    if (!r->skb)
        return;
    igmp3_report_emit(skb_data(r->skb), r->skb->len, r->n);
    trace(world(r->in_dev), r->in_dev->dev, "igmp", "igmpv3_sendpack", VNET_TRACE_SENT, NULL,
          "report of %u group(s)", r->n);
    send(r->in_dev, r->skb, &r->dst, own_address(r->in_dev, &r->dst.src), IGMPV3_ALL_MCR);
    r->skb = NULL;
}

/* add_grec() of a group without sources */
static void report_add(struct report *r, const struct ip_mc *im, enum igmp3_grec_type type)
{
    if (r->skb && r->skb->len + IGMP_IPV4_HDR_LEN + IGMP3_GREC_LEN > r->in_dev->dev->mtu)
        report_send(r);
    if (!r->skb && !report_begin(r))
        return;
    igmp3_grec_emit(skb_put(r->skb, IGMP3_GREC_LEN), type, im->group);
    r->n++;
}

static void mc_free(struct ip_mc *im)
{
    timer_cancel(world(im->in_dev), &im->timer);
    list_del(&im->node);
    free(im);
}

/* igmpv3_send_cr() */
static void send_changes(struct in_device *in_dev)
{
    struct report r = {.in_dev = in_dev};
    list_each_safe(pos, tmp, &in_dev->mc_tomb)
    {
        struct ip_mc *im = list_entry(pos, struct ip_mc, node);
        if (im->crcount) {
            report_add(&r, im, IGMP3_CHANGE_TO_INCLUDE);
            im->crcount--;
        }
        if (!im->crcount)
            mc_free(im);
    }
    list_each(pos, &in_dev->mc_list)
    {
        struct ip_mc *im = list_entry(pos, struct ip_mc, node);
        if (!im->crcount)
            continue;
        report_add(&r, im, IGMP3_CHANGE_TO_EXCLUDE);
        im->crcount--;
    }
    report_send(&r);
}

/* igmpv3_send_report(): im NULL: all groups. */
static void send_answer(struct in_device *in_dev, const struct ip_mc *im)
{
    struct report r = {.in_dev = in_dev};
    list_each(pos, &in_dev->mc_list)
    {
        const struct ip_mc *one = list_entry(pos, struct ip_mc, node);
        if (one->group != IGMP_ALL_HOSTS && (!im || im == one))
            report_add(&r, one, IGMP3_MODE_IS_EXCLUDE);
    }
    report_send(&r);
}

/* igmp_gq_timer_expire() */
static void gq_expire(struct vnet *w, struct timer *t)
{
    (void)w;
    send_answer(container_of(t, struct in_device, mr_gq), NULL);
}

/* igmp_ifc_timer_expire() */
static void ifc_expire(struct vnet *w, struct timer *t)
{
    struct in_device *in_dev = container_of(t, struct in_device, mr_ifc);
    (void)w;
    send_changes(in_dev);
    if (in_dev->mr_ifc_count) {
        in_dev->mr_ifc_count--;
        start_timer(in_dev, t, unsolicited_interval(in_dev));
    }
}

static void ifc_event(struct in_device *in_dev)
{
    if (igmp_version(in_dev) < 3)
        return;
    in_dev->mr_ifc_count = QUERY_ROBUSTNESS;
    start_timer(in_dev, &in_dev->mr_ifc, 0);
}

/* ---- versions 1 and 2 ---- */

/* igmp_send_report() */
static void send_message(struct ip_mc *im, enum igmp_type type)
{
    struct in_device *in_dev = im->in_dev;
    struct dst dst;
    uint32_t daddr = type == IGMP_V2_LEAVE ? IGMP_ALL_ROUTER : im->group;
    if (!route_to(in_dev, daddr, &dst))
        return;
    struct skb *skb = skb_alloc(world(in_dev), IGMP_LEN);
    igmp_emit(skb_put(skb, IGMP_LEN),
              &(struct igmp_msg){.type = (uint8_t)type, .group = im->group});
    trace(world(in_dev), in_dev->dev, "igmp", "igmp_send_report", VNET_TRACE_SENT, NULL,
          "type %#x of %s", (unsigned)type, V4_STR(im->group));
    send(in_dev, skb, &dst, inet_addr_to_v4(&dst.src), daddr);
}

/* igmp_timer_expire() */
static void mc_expire(struct vnet *w, struct timer *t)
{
    struct ip_mc *im = container_of(t, struct ip_mc, timer);
    int version = igmp_version(im->in_dev);
    (void)w;
    if (im->unsolicited && --im->unsolicited)
        start_timer(im->in_dev, t, unsolicited_interval(im->in_dev));
    im->reporter = true;
    if (version < 3)
        send_message(im, version == 1 ? IGMP_V1_REPORT : IGMP_V2_REPORT);
    else
        send_answer(im->in_dev, im);
}

static void stop_timer(struct ip_mc *im)
{
    timer_cancel(world(im->in_dev), &im->timer);
    im->reporter = false;
    im->unsolicited = 0;
}

/* ---- groups ---- */

bool ip_mc_map(const struct netdev *dev, uint32_t group, struct lladdr *out)
{
    const uint8_t mac[ETH_ALEN] = {
        0x01, 0x00, 0x5e, (uint8_t)(group >> 16 & 0x7f), (uint8_t)(group >> 8), (uint8_t)group};
    *out = lladdr_eth(mac);
    return dev->type == VNET_ARPHRD_ETHER;
}

static struct ip_mc *find(const struct list *head, uint32_t group)
{
    list_each(pos, head)
    {
        struct ip_mc *im = list_entry(pos, struct ip_mc, node);
        if (im->group == group)
            return im;
    }
    return NULL;
}

bool ip_check_mc(const struct in_device *in_dev, uint32_t group)
{
    return find(&in_dev->mc_list, group);
}

static struct ip_mc *mc_alloc(struct in_device *in_dev, uint32_t group)
{
    struct ip_mc *im = mem_alloc(sizeof(*im));
    list_init(&im->node);
    timer_init(&im->timer, mc_expire);
    im->in_dev = in_dev;
    im->group = group;
    im->users = 1;
    return im;
}

/* igmpv3_del_delrec(): joined again before the leave was told. */
static void forget_leave(struct ip_mc *im)
{
    struct ip_mc *tomb = find(&im->in_dev->mc_tomb, im->group);
    if (!tomb)
        return;
    mc_free(tomb);
    im->crcount = QUERY_ROBUSTNESS;
}

/* igmpv3_add_delrec() */
static void owe_leave(struct ip_mc *im)
{
    struct ip_mc *tomb = mc_alloc(im->in_dev, im->group);
    tomb->crcount = QUERY_ROBUSTNESS;
    list_add_head(&tomb->node, &im->in_dev->mc_tomb);
}

static void load_filter(struct ip_mc *im, bool on)
{
    struct lladdr addr;
    if (im->loaded == on)
        return;
    im->loaded = on;
    if (!ip_mc_map(im->in_dev->dev, im->group, &addr))
        return;
    if (on)
        dev_mc_add(im->in_dev->dev, &addr);
    else
        dev_mc_del(im->in_dev->dev, &addr);
}

/* igmp_group_added() */
static void group_added(struct ip_mc *im)
{
    struct in_device *in_dev = im->in_dev;
    load_filter(im, true);
    if (im->group == IGMP_ALL_HOSTS || in_dev->dead)
        return;
    im->unsolicited = QUERY_ROBUSTNESS;
    if (igmp_version(in_dev) < 3) {
        start_timer(in_dev, &im->timer, 0);
        return;
    }
    im->crcount = QUERY_ROBUSTNESS;
    ifc_event(in_dev);
}

/* igmp_group_dropped() */
static void group_dropped(struct ip_mc *im)
{
    struct in_device *in_dev = im->in_dev;
    bool reporter = im->reporter;
    load_filter(im, false);
    if (im->group == IGMP_ALL_HOSTS)
        return;
    stop_timer(im);
    if (in_dev->dead)
        return;
    int version = igmp_version(in_dev);
    if (version == 3) {
        owe_leave(im);
        ifc_event(in_dev);
    } else if (version == 2 && reporter) {
        send_message(im, IGMP_V2_LEAVE);
    }
}

void ip_mc_join(struct in_device *in_dev, uint32_t group)
{
    struct ip_mc *im = find(&in_dev->mc_list, group);
    if (im) {
        im->users++;
        return;
    }
    im = mc_alloc(in_dev, group);
    list_add_head(&im->node, &in_dev->mc_list);
    forget_leave(im);
    group_added(im);
}

void ip_mc_leave(struct in_device *in_dev, uint32_t group)
{
    struct ip_mc *im = find(&in_dev->mc_list, group);
    if (!im || --im->users)
        return;
    group_dropped(im);
    mc_free(im);
}

int ip_mc_autojoin(struct in_device *in_dev, uint32_t group, bool on)
{
    const struct ip_mc *im = find(&in_dev->mc_list, group);
    bool always = group == IGMP_ALL_HOSTS && netif_running(in_dev->dev);
    bool joined = im && im->users > (always ? 1U : 0U);
    if (joined == on)
        return on ? -EADDRINUSE : -EADDRNOTAVAIL;
    if (on)
        ip_mc_join(in_dev, group);
    else
        ip_mc_leave(in_dev, group);
    vnet_touch(world(in_dev));
    return 0;
}

/* ---- the device ---- */

void ip_mc_init_dev(struct in_device *in_dev)
{
    list_init(&in_dev->mc_list);
    list_init(&in_dev->mc_tomb);
    timer_init(&in_dev->mr_ifc, ifc_expire);
    timer_init(&in_dev->mr_gq, gq_expire);
    in_dev->mr_qi = IGMP_QUERY_INTERVAL;
    in_dev->mr_qri = IGMP_QUERY_RESPONSE_INTERVAL;
    in_dev->mr_qrv = QUERY_ROBUSTNESS;
}

void ip_mc_up(struct in_device *in_dev)
{
    ip_mc_join(in_dev, IGMP_ALL_HOSTS);
    list_each(pos, &in_dev->mc_list)
    {
        forget_leave(list_entry(pos, struct ip_mc, node));
        group_added(list_entry(pos, struct ip_mc, node));
    }
}

static void stop_reports(struct in_device *in_dev)
{
    in_dev->mr_ifc_count = 0;
    timer_cancel(world(in_dev), &in_dev->mr_ifc);
    timer_cancel(world(in_dev), &in_dev->mr_gq);
}

void ip_mc_down(struct in_device *in_dev)
{
    list_each(pos, &in_dev->mc_list)
    {
        group_dropped(list_entry(pos, struct ip_mc, node));
    }
    stop_reports(in_dev);
    ip_mc_leave(in_dev, IGMP_ALL_HOSTS);
}

void ip_mc_destroy_dev(struct in_device *in_dev)
{
    list_each_safe(pos, tmp, &in_dev->mc_list)
    {
        load_filter(list_entry(pos, struct ip_mc, node), false);
        mc_free(list_entry(pos, struct ip_mc, node));
    }
    list_each_safe(pos, tmp, &in_dev->mc_tomb) mc_free(list_entry(pos, struct ip_mc, node));
    stop_reports(in_dev);
}

/* ---- state file ---- */

struct ip_mc *ip_mc_load(struct in_device *in_dev, uint32_t group, bool tomb)
{
    struct list *head = tomb ? &in_dev->mc_tomb : &in_dev->mc_list;
    if (!tomb && find(head, group))
        return NULL;
    struct ip_mc *im = mc_alloc(in_dev, group);
    list_add_tail(&im->node, head);
    return im;
}

void ip_mc_load_default(struct in_device *in_dev)
{
    if (netif_running(in_dev->dev))
        ip_mc_load(in_dev, IGMP_ALL_HOSTS, false)->loaded = true;
}

bool ip_mc_is_default(const struct in_device *in_dev)
{
    const struct ip_mc *im = list_first(&in_dev->mc_list, struct ip_mc, node);
    if (in_dev->mr_ifc_count || timer_pending(&in_dev->mr_ifc) || !list_empty(&in_dev->mc_tomb) ||
        timer_pending(&in_dev->mr_gq) || in_dev->mr_v1_seen || in_dev->mr_v2_seen ||
        in_dev->mr_qi != IGMP_QUERY_INTERVAL || in_dev->mr_qri != IGMP_QUERY_RESPONSE_INTERVAL ||
        in_dev->mr_qrv != QUERY_ROBUSTNESS)
        return false;
    if (!netif_running(in_dev->dev))
        return !im;
    return im && im->group == IGMP_ALL_HOSTS && im->users == 1 && im->loaded &&
           im->node.next == &in_dev->mc_list;
}

/* ---- what comes in ---- */

/* An old querier: the reports of version 3 that were due are not any more. */
static void note_old(struct in_device *in_dev, int64_t *seen)
{
    *seen = world(in_dev)->now +
            ((int64_t)in_dev->mr_qrv * in_dev->mr_qi + in_dev->mr_qri) * NSEC_PER_SEC;
    in_dev->mr_ifc_count = 0;
    timer_cancel(world(in_dev), &in_dev->mr_ifc);
    list_each_safe(pos, tmp, &in_dev->mc_tomb) mc_free(list_entry(pos, struct ip_mc, node));
}

static void note_v3(struct in_device *in_dev, const uint8_t *p)
{
    uint32_t qi = igmp3_code(p[9]);
    in_dev->mr_qrv = p[8] & 7 ? p[8] & 7 : QUERY_ROBUSTNESS;
    in_dev->mr_qi = qi ? qi : IGMP_QUERY_INTERVAL;
    if (in_dev->mr_qri >= in_dev->mr_qi)
        in_dev->mr_qri = in_dev->mr_qi - 1;
}

/* igmp_gq_start_timer() */
static void answer_all(struct in_device *in_dev, int64_t delay)
{
    struct vnet *w = world(in_dev);
    int64_t wait = random_jiffies(w, delay) + 2 * jiffy_ns(w);
    if (!timer_pending(&in_dev->mr_gq) || w->now + wait < in_dev->mr_gq.expires)
        timer_set_jiffies(w, &in_dev->mr_gq, wait);
}

/* igmp_mod_timer() of each group that is asked for (0: of all). */
static void answer_each(struct in_device *in_dev, uint32_t group, int64_t delay)
{
    list_each(pos, &in_dev->mc_list)
    {
        struct ip_mc *im = list_entry(pos, struct ip_mc, node);
        if ((group && group != im->group) || im->group == IGMP_ALL_HOSTS)
            continue;
        im->unsolicited = 0;
        if (!timer_pending(&im->timer) || im->timer.expires - world(in_dev)->now >= delay)
            start_timer(in_dev, &im->timer, delay);
    }
}

/* igmp_heard_query() */
static const char *heard_query(struct in_device *in_dev, const uint8_t *p, size_t len,
                               struct igmp_msg *m)
{
    int64_t tenth = NSEC_PER_SEC / 10, delay = (int64_t)igmp3_code(m->code) * tenth;
    if (len != IGMP_LEN && len < IGMP3_QUERY_LEN)
        return "malformed";
    vnet_touch(world(in_dev));
    if (len == IGMP_LEN) {
        note_old(in_dev, m->code ? &in_dev->mr_v2_seen : &in_dev->mr_v1_seen);
        delay = m->code * tenth;
    }
    if (igmp_version(in_dev) == 1 || !delay) {
        delay = IGMP_QUERY_RESPONSE_INTERVAL * NSEC_PER_SEC;
        m->group = 0;
    }
    if (len > IGMP_LEN && igmp_version(in_dev) == 3) {
        note_v3(in_dev, p);
        if (!m->group) {
            answer_all(in_dev, delay);
            return "a general query: to be answered";
        }
    }
    answer_each(in_dev, m->group, delay);
    return "a query: to be answered";
}

static const char *heard(struct skb *skb)
{
    struct igmp_msg m;
    struct in_device *in_dev = skb->dev->in_dev;
    if (!in_dev || !igmp_parse(skb_data(skb), skb->len, &m) || cksum(skb_data(skb), skb->len) != 0)
        return "malformed";
    if (m.type == IGMP_QUERY)
        return heard_query(in_dev, skb_data(skb), skb->len, &m);
    if ((m.type != IGMP_V1_REPORT && m.type != IGMP_V2_REPORT) || !skb->dst.input ||
        skb->pkt_type == VNET_PACKET_HOST)
        return "nothing to do";
    struct ip_mc *im = m.group == IGMP_ALL_HOSTS ? NULL : find(&in_dev->mc_list, m.group);
    if (!im)
        return "nothing to do";
    stop_timer(im); /* igmp_heard_report(): one is enough */
    return "another reports the group";
}

void igmp_rcv(struct skb *skb, const struct ipv4_hdr *h)
{
    const char *why = heard(skb); /* not as an argument of trace(), which may not look at it */
    (void)h;
    trace(skb->dev->ns->w, skb->dev, "igmp", "igmp_rcv", VNET_TRACE_IGNORED, NULL, "%s", why);
    skb_free(skb->dev->ns->w, skb);
}
