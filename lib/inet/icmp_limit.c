#include "inet/icmp_limit.h"

#include <stdlib.h>

#include "base/mem.h"
#include "inet/icmp.h"
#include "inet/mib.h"
#include "inet/neigh.h"
#include "sim/trace.h"
#include "wire/icmp.h"

/* Before, no ratelimit still took away what a peer had left (icmpv4_xrlim_allow()). */
enum { XRLIM_BURST_FACTOR = 6, KERNEL_ZERO_IS_NO_LIMIT = 0x060e00 };

/* icmpv4_mask_allow(): is this type outside the limits? */
static bool unlimited(const struct netns *ns, uint8_t type, uint8_t code)
{
    if (type > ICMP_TYPE_MAX || (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED))
        return true;
    return !(net_sysctl(ns, NET_IPV4_ICMP_RATEMASK) >> type & 1);
}

static int64_t min64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

bool icmp_global_allow(struct netns *ns, uint8_t type, uint8_t code)
{
    if (unlimited(ns, type, code) || icmp_global_spend(ns))
        return true;
    icmp_inc(ns, ICMP_MIB_RATELIMITGLOBAL);
    return false;
}

bool icmp_global_spend(struct netns *ns)
{
    struct icmp_state *s = ns->icmp;
    int64_t now = neigh_jiffies(ns->w), incr = 0;
    int64_t since = min64(now - s->stamp, NSEC_PER_SEC);
    if (since >= NSEC_PER_SEC / 50) {
        incr = net_sysctl(ns, NET_IPV4_ICMP_MSGS_PER_SEC) * since / NSEC_PER_SEC;
        if (incr)
            s->stamp = now;
    }
    int64_t credit = min64(s->credit + incr, net_sysctl(ns, NET_IPV4_ICMP_MSGS_BURST));
    bool ok = credit > 0;
    if (ok) { /* one on average: what others are sent must not be countable from outside */
        credit -= (int64_t)rng_below(&ns->w->rng, 3);
        if (credit < 0)
            credit = 0;
    } else {
        trace(ns->w, NULL, "icmp", "icmp_global_allow", VNET_TRACE_IGNORED, NULL,
              "icmp_msgs_per_sec is used up");
    }
    s->credit = (uint32_t)credit;
    return ok;
}

struct icmp_peer *icmp_peer_add(struct icmp_state *s, const struct inet_addr *addr)
{
    struct icmp_peer *p = mem_alloc(sizeof(*p));
    p->addr = *addr;
    list_add_head(&p->node, &s->peers);
    s->npeers++;
    return p;
}

static void peer_free(struct icmp_state *s, struct icmp_peer *p)
{
    list_del(&p->node);
    s->npeers--;
    free(p);
}

/* Numbers of jiffies, which the sysctls of net.ipv4.route hold, in ns. */
static int64_t jiffies(const struct netns *ns, int64_t n)
{
    return n * (NSEC_PER_SEC / ns->w->profile->kernel.hz);
}

static int64_t redirect_silence(const struct netns *ns)
{
    return jiffies(ns, net_sysctl_global(ns, NET_IPV4_ROUTE_REDIRECT_SILENCE));
}

enum { NEW_PEER_AGE_S = 60 };

/* After how long an idle peer's bucket is as full as that of a new one, whatever is sent to it. */
static int64_t longest_burst(const struct netns *ns)
{
    int64_t rate4 = net_sysctl(ns, NET_IPV4_ICMP_RATELIMIT) * NSEC_PER_MSEC;
    int64_t rate6 = net_sysctl(ns, NET_IPV6_ICMP_RATELIMIT) * NSEC_PER_MSEC;
    int64_t error = jiffies(ns, net_sysctl_global(ns, NET_IPV4_ROUTE_ERROR_BURST));
    int64_t rate = rate4 > rate6 ? rate4 : rate6;
    rate = rate > NSEC_PER_SEC ? rate : NSEC_PER_SEC;
    rate *= XRLIM_BURST_FACTOR;
    return min64(rate > error ? rate : error, NEW_PEER_AGE_S * NSEC_PER_SEC);
}

/* Is nothing known of it that is not true of a new one? */
static bool forgettable(const struct netns *ns, const struct icmp_peer *p, int64_t age,
                        int64_t burst)
{
    return age >= burst && (!p->n_redirects || age > redirect_silence(ns));
}

static struct icmp_peer *peer_of(struct netns *ns, const struct inet_addr *addr)
{
    struct icmp_state *s = ns->icmp;
    struct icmp_peer *found = NULL;
    int64_t now = neigh_jiffies(ns->w), burst = longest_burst(ns);
    list_each_safe(pos, tmp, &s->peers)
    {
        struct icmp_peer *p = list_entry(pos, struct icmp_peer, node);
        if (inet_addr_eq(&p->addr, addr))
            found = p;
        else if (forgettable(ns, p, now - p->last, burst))
            peer_free(s, p);
    }
    if (!found) {
        found = icmp_peer_add(s, addr);
        found->last = now - NEW_PEER_AGE_S * NSEC_PER_SEC;
    }
    return found;
}

bool icmp_peer_allow(struct netns *ns, const struct netdev *out, uint32_t daddr, uint8_t type,
                     uint8_t code)
{
    if (unlimited(ns, type, code) || (out && netif_is_loopback(out)))
        return true;
    int64_t timeout = net_sysctl(ns, NET_IPV4_ICMP_RATELIMIT) * NSEC_PER_MSEC;
    const struct inet_addr addr = inet_addr_v4(daddr);
    if (!timeout && ns->w->profile->kernel.version >= KERNEL_ZERO_IS_NO_LIMIT)
        return true;
    if (icmp_peer_spend(ns, &addr, timeout))
        return true;
    icmp_inc(ns, ICMP_MIB_RATELIMITHOST);
    return false;
}

/* A peer's bucket, which both limits below fill and empty, each up to its own burst. */
static bool spend(struct netns *ns, const struct inet_addr *addr, int64_t cost, int64_t burst)
{
    struct icmp_peer *p = peer_of(ns, addr);
    int64_t now = neigh_jiffies(ns->w);
    p->tokens = min64(p->tokens + now - p->last, burst);
    p->last = now;
    if (p->tokens < cost)
        return false;
    p->tokens -= cost;
    return true;
}

/* inet_peer_xrlim_allow() */
bool icmp_peer_spend(struct netns *ns, const struct inet_addr *daddr, int64_t timeout)
{
    if (spend(ns, daddr, timeout, XRLIM_BURST_FACTOR * timeout))
        return true;
    trace(ns->w, NULL, "icmp", "inet_peer_xrlim_allow", VNET_TRACE_IGNORED, NULL,
          "too many to this destination (icmp_ratelimit)");
    return false;
}

bool ip_error_allow(struct netns *ns, uint32_t saddr)
{
    const struct inet_addr addr = inet_addr_v4(saddr);
    int64_t cost = jiffies(ns, net_sysctl_global(ns, NET_IPV4_ROUTE_ERROR_COST));
    int64_t burst = jiffies(ns, net_sysctl_global(ns, NET_IPV4_ROUTE_ERROR_BURST));
    if (spend(ns, &addr, cost, burst))
        return true;
    trace(ns->w, NULL, "icmp", "ip_error", VNET_TRACE_IGNORED, NULL,
          "too many to this sender (route/error_cost)");
    return false;
}

/* The wait doubles with each one. */
static bool waited(const struct netns *ns, const struct icmp_peer *p, int64_t now)
{
    enum { SHIFT_MAX = 20 }; /* beyond which the wait is longer than the silence */
    int64_t load = jiffies(ns, net_sysctl_global(ns, NET_IPV4_ROUTE_REDIRECT_LOAD));
    uint32_t shift = p->n_redirects < SHIFT_MAX ? p->n_redirects : SHIFT_MAX;
    return !p->n_redirects ||
           now - p->last > min64(load, INT64_MAX >> (SHIFT_MAX + 1)) * (1LL << shift);
}

bool ip_redirect_allow(struct netns *ns, uint32_t saddr)
{
    const struct inet_addr addr = inet_addr_v4(saddr);
    struct icmp_peer *p = peer_of(ns, &addr);
    int64_t now = neigh_jiffies(ns->w);
    const char *why = NULL;
    if (now - p->last > redirect_silence(ns)) {
        p->tokens = 0;
        p->n_redirects = 0;
    }
    if (p->n_redirects >= net_sysctl_global(ns, NET_IPV4_ROUTE_REDIRECT_NUMBER)) {
        p->last = now;
        why = "the sender has ignored them (route/redirect_number)";
    } else if (!waited(ns, p, now)) {
        why = "too soon after the last one (route/redirect_load)";
    }
    if (why) {
        trace(ns->w, NULL, "icmp", "ip_rt_send_redirect", VNET_TRACE_IGNORED, NULL, "%s", why);
        return false;
    }
    p->last = now;
    p->n_redirects++;
    return true;
}

void icmp_net_init(struct netns *ns)
{
    ns->icmp = mem_alloc(sizeof(*ns->icmp));
    list_init(&ns->icmp->peers);
}

void icmp_net_exit(struct netns *ns)
{
    list_each_safe(pos, tmp, &ns->icmp->peers) free(list_entry(pos, struct icmp_peer, node));
    free(ns->icmp);
    ns->icmp = NULL;
}
