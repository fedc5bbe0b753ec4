/* Router solicitations (RFC 4861 6.3.7, RFC 7559; net/ipv6/addrconf.c: addrconf_rs_timer), and the
 * clock that address configuration goes by. */
#include "inet/addrconf_int.h"

int64_t jiffy_ns(const struct vnet *w)
{
    return NSEC_PER_SEC / w->profile->kernel.hz;
}

int64_t random_jiffies(struct vnet *w, int64_t delay)
{
    int64_t jiffies = delay / jiffy_ns(w);
    return jiffies > 1 ? (int64_t)rng_below(&w->rng, (uint64_t)jiffies) * jiffy_ns(w) : 0;
}

void work_schedule(struct vnet *w, struct timer *t, int64_t delay)
{
    if (delay > 0)
        timer_set_jiffies(w, t, delay);
    else
        timer_set(w, t, w->now);
}

bool ipv6_accept_ra(const struct inet6_dev *idev)
{
    int accept = in6_dev_conf(idev, IPV6_CONF_accept_ra);
    return in6_dev_conf(idev, IPV6_CONF_forwarding) ? accept == 2 : accept != 0;
}

/* `low` to `low` + 200000 millionths of a time, in whole jiffies. */
static int64_t spread(struct vnet *w, int64_t time, uint64_t low)
{
    uint64_t jiffies = (uint64_t)(time / jiffy_ns(w));
    return (int64_t)((low + rng_below(&w->rng, 200001)) * jiffies / 1000000) * jiffy_ns(w);
}

static int64_t backoff_init(struct vnet *w, int64_t interval)
{
    return spread(w, interval, 900000);
}

static int64_t backoff_update(struct vnet *w, int64_t interval, int64_t max)
{
    int64_t next = spread(w, interval, 1900000);
    return next > max ? spread(w, max, 900000) : next;
}

static int64_t conf_seconds(const struct inet6_dev *idev, enum ipv6_conf_id id)
{
    return in6_dev_conf(idev, id) * NSEC_PER_SEC;
}

void addrconf_rs_start(struct inet6_dev *idev, uint32_t banned_flags)
{
    struct vnet *w = idev_world(idev);
    const struct inet6_ifaddr *ll = ipv6_get_lladdr(idev->dev, banned_flags);
    if (!ll)
        return;
    ndisc_send_rs(idev->dev, &ll->addr, &ipv6_all_routers);
    idev->rs_interval = backoff_init(w, conf_seconds(idev, IPV6_CONF_router_solicitation_interval));
    idev->rs_probes = 1;
    idev->if_flags |= IF_RS_SENT;
    timer_set_jiffies(w, &idev->rs, idev->rs_interval);
}

void addrconf_rs_timer(struct vnet *w, struct timer *t)
{
    struct inet6_dev *idev = container_of(t, struct inet6_dev, rs);
    if (idev->dead || !(idev->if_flags & IF_READY) || !ipv6_accept_ra(idev) ||
        (idev->if_flags & IF_RA_RCVD))
        return;
    int limit = in6_dev_conf(idev, IPV6_CONF_router_solicitations);
    if (idev->rs_probes++ >= limit && limit >= 0) {
        trace(w, idev->dev, "nd", "addrconf_rs_timer", VNET_TRACE_OK, NULL,
              "no IPv6 routers present");
        return;
    }
    const struct inet6_ifaddr *ll = ipv6_get_lladdr(idev->dev, VNET_IFA_F_TENTATIVE);
    if (!ll)
        return;
    ndisc_send_rs(idev->dev, &ll->addr, &ipv6_all_routers);
    idev->rs_interval = backoff_update(
        w, idev->rs_interval, conf_seconds(idev, IPV6_CONF_router_solicitation_max_interval));
    timer_set_jiffies(w, t,
                      idev->rs_probes == limit
                          ? conf_seconds(idev, IPV6_CONF_router_solicitation_delay)
                          : idev->rs_interval);
}
