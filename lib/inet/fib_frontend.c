/* The routes that addresses bring along, and the FIB's part in device events
 * (net/ipv4/fib_frontend.c). */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "dev/skb.h"
#include "inet/devinet.h"
#include "inet/fib_internal.h"
#include "inet/neigh.h"
#include "inet/route.h"
#include "sim/world.h"

uint8_t inet_addr_type_table(struct netns *ns, const struct inet_addr *addr, uint32_t table)
{
    struct fib *fib = addr->family == VNET_AF_INET6 ? ns->fib6 : ns->fib4;
    struct flow fl = {.family = addr->family, .daddr = *addr};
    struct fib_result res = {0};
    if (addr->family == VNET_AF_INET && (addr->bytes[0] == 0 || inet_addr_is_bcast_all(addr)))
        return VNET_RTN_BROADCAST;
    if (inet_addr_is_multicast(addr))
        return VNET_RTN_MULTICAST;
    if (!fib_get_table(fib, table))
        return VNET_RTN_BROADCAST;
    return fib_table_lookup(fib, table, &fl, &res) == 0 ? res.type : VNET_RTN_UNICAST;
}

uint8_t inet_addr_type(struct netns *ns, const struct inet_addr *addr)
{
    return inet_addr_type_table(ns, addr, VNET_RT_TABLE_LOCAL);
}

uint32_t fib_compute_spec_dst(const struct skb *skb)
{
    const uint32_t kinds = VNET_RTCF_BROADCAST | VNET_RTCF_MULTICAST | VNET_RTCF_LOCAL;
    struct netns *ns = skb->dev->ns;
    if ((skb->dst.flags & kinds) == VNET_RTCF_LOCAL)
        return get_be32(skb_net(skb) + 16);
    struct inet_addr to = inet_addr_v4(get_be32(skb_net(skb) + 12)), src;
    struct flow fl = {.family = VNET_AF_INET, .daddr = to};
    struct dst back;
    if (ip_route_output(ns, &fl, &back) == 0)
        return inet_addr_to_v4(&back.src);
    if (inet_select_addr(ns, skb->dev, &to, VNET_SCOPE_UNIVERSE, &src))
        return inet_addr_to_v4(&src);
    return 0;
}

/* ---- routes of an address ---- */

enum magic { MAGIC_ADD, MAGIC_DEL };

/* fib_magic() */
static void fib_magic(enum magic cmd, uint8_t type, const struct inet_addr *dst, uint8_t dst_len,
                      const struct in_ifaddr *prim, uint32_t priority)
{
    struct netdev *dev = prim->in_dev->dev;
    struct fib *fib = dev->ns->fib4;
    struct vnet_nexthop nh = {.oif = dev->ifindex};
    struct vnet_route_info req = {.family = VNET_AF_INET,
                                  .dst = *dst,
                                  .dst_len = dst_len,
                                  .type = type,
                                  .protocol = VNET_RTPROT_KERNEL,
                                  .priority = priority,
                                  .prefsrc = prim->local,
                                  .nnh = 1,
                                  .nh = &nh};
    req.table = type == VNET_RTN_UNICAST ? VNET_RT_TABLE_MAIN : VNET_RT_TABLE_LOCAL;
    req.scope = type == VNET_RTN_LOCAL ? VNET_SCOPE_HOST : VNET_SCOPE_LINK;
    struct fib_table *t = fib_new_table(fib, req.table);
    if (cmd == MAGIC_DEL) {
        fib4_delete(fib, t, &req);
        return;
    }
    int error;
    struct fib_route *r = fib_create_info(fib, &req, &error, NULL);
    if (r)
        fib4_insert(fib, t, r, VNET_NLM_F_CREATE | VNET_NLM_F_APPEND);
}

static bool same_subnet(const struct in_ifaddr *a, const struct in_ifaddr *b)
{
    struct inet_prefix p = {a->address, a->prefixlen};
    return a->prefixlen == b->prefixlen && inet_prefix_has(&p, &b->address);
}

/* inet_ifa_byprefix(): the first address of the device with this prefix. */
static struct in_ifaddr *ifa_byprefix(const struct in_device *in_dev, const struct in_ifaddr *like)
{
    list_each(pos, &in_dev->ifa_list)
    {
        struct in_ifaddr *ifa = list_entry(pos, struct in_ifaddr, node);
        if (same_subnet(ifa, like))
            return ifa;
    }
    return NULL;
}

static bool zeronet(const struct inet_addr *a)
{
    return a->bytes[0] == 0;
}

static uint8_t prefix_type(const struct netdev *dev)
{
    return netif_is_loopback(dev) ? VNET_RTN_LOCAL : VNET_RTN_UNICAST;
}

static bool has_prefix_route(const struct in_ifaddr *ifa, const struct inet_addr *prefix)
{
    return !zeronet(prefix) && !(ifa->flags & VNET_IFA_F_SECONDARY) &&
           (!inet_addr_eq(prefix, &ifa->local) || ifa->prefixlen < 32);
}

/* Until 5.14 (d8b81175e412) the network's own address was a broadcast address too. */
static bool network_is_broadcast(const struct netdev *dev)
{
    return !fib_kernel_since(dev->ns, 0x050e00);
}

static void add_network_routes(struct in_ifaddr *ifa, struct in_ifaddr *prim,
                               const struct inet_addr *prefix)
{
    const struct netdev *dev = ifa->in_dev->dev;
    if (!(ifa->flags & VNET_IFA_F_NOPREFIXROUTE))
        fib_magic(MAGIC_ADD, prefix_type(dev), prefix, ifa->prefixlen, prim, ifa->metric);
    if (ifa->prefixlen >= 31)
        return;
    if (network_is_broadcast(dev))
        fib_magic(MAGIC_ADD, VNET_RTN_BROADCAST, prefix, 32, prim, 0);
    struct inet_addr brd = inet_addr_broadcast(prefix, ifa->prefixlen);
    fib_magic(MAGIC_ADD, VNET_RTN_BROADCAST, &brd, 32, prim, 0);
}

void fib_add_ifaddr(struct in_ifaddr *ifa)
{
    struct in_ifaddr *prim = ifa;
    if (ifa->flags & VNET_IFA_F_SECONDARY) {
        prim = ifa_byprefix(ifa->in_dev, ifa);
        if (!prim)
            return;
    }
    fib_magic(MAGIC_ADD, VNET_RTN_LOCAL, &ifa->local, 32, prim, 0);
    if (!netif_running(ifa->in_dev->dev))
        return;
    if (ifa->broadcast.family && !inet_addr_is_any(&ifa->broadcast) &&
        !inet_addr_is_bcast_all(&ifa->broadcast))
        fib_magic(MAGIC_ADD, VNET_RTN_BROADCAST, &ifa->broadcast, 32, prim, 0);
    struct inet_addr prefix = inet_addr_masked(&ifa->address, ifa->prefixlen);
    if (has_prefix_route(ifa, &prefix))
        add_network_routes(ifa, prim, &prefix);
}

void fib_modify_prefix_metric(struct in_ifaddr *ifa, uint32_t metric)
{
    const struct netdev *dev = ifa->in_dev->dev;
    struct inet_addr prefix = inet_addr_masked(&ifa->address, ifa->prefixlen);
    if (!netif_running(dev) || ifa->flags & VNET_IFA_F_NOPREFIXROUTE ||
        !has_prefix_route(ifa, &prefix))
        return;
    fib_magic(MAGIC_ADD, prefix_type(dev), &prefix, ifa->prefixlen, ifa, metric);
    fib_magic(MAGIC_DEL, prefix_type(dev), &prefix, ifa->prefixlen, ifa, ifa->metric);
}

/* ---- and their removal: what other addresses still need stays ---- */

enum { LOCAL_OK = 1, BRD_OK = 2, BRD0_OK = 4, BRD1_OK = 8 };

struct removal {
    struct in_ifaddr *ifa, *iprim, *prim, *prim1;
    struct inet_addr brd, any; /* of the subnet: all-ones, all-zeros */
    unsigned ok;
    bool gone, same_prefsrc;
};

/* Does ifa1 use the same preferred source? Sets r->prim1, its primary. */
static bool shares_source(struct removal *r, struct in_ifaddr *ifa1)
{
    if (!(ifa1->flags & VNET_IFA_F_SECONDARY)) {
        if (!inet_addr_eq(&r->prim->local, &ifa1->local))
            return false;
        r->prim1 = ifa1;
        r->same_prefsrc |= r->prim != ifa1;
        return true;
    }
    if (same_subnet(ifa1, r->prim)) {
        r->prim1 = r->prim;
        return true;
    }
    if (!r->same_prefsrc)
        return false;
    if (!r->prim1 || !same_subnet(ifa1, r->prim1))
        r->prim1 = ifa_byprefix(ifa1->in_dev, ifa1);
    return r->prim1 && inet_addr_eq(&r->prim1->local, &r->prim->local);
}

static void keep_network_broadcasts(struct removal *r, const struct in_ifaddr *ifa1)
{
    struct inet_addr any1 = inet_addr_masked(&ifa1->address, ifa1->prefixlen);
    struct inet_addr brd1 = inet_addr_broadcast(&any1, ifa1->prefixlen);
    if (zeronet(&any1))
        return;
    const struct inet_addr *ours[] = {&r->ifa->broadcast, &r->brd, &r->any};
    static const unsigned bit[] = {BRD_OK, BRD1_OK, BRD0_OK};
    for (unsigned i = 0; i < 3; i++)
        if (inet_addr_eq(ours[i], &brd1) || inet_addr_eq(ours[i], &any1))
            r->ok |= bit[i];
}

static void keep_for(struct removal *r, struct in_ifaddr *ifa1)
{
    if (r->iprim && same_subnet(ifa1, r->iprim))
        return;
    if (!shares_source(r, ifa1))
        return;
    if (inet_addr_eq(&r->ifa->local, &ifa1->local))
        r->ok |= LOCAL_OK;
    if (inet_addr_eq(&r->ifa->broadcast, &ifa1->broadcast))
        r->ok |= BRD_OK;
    if (inet_addr_eq(&r->brd, &ifa1->broadcast))
        r->ok |= BRD1_OK;
    if (inet_addr_eq(&r->any, &ifa1->broadcast))
        r->ok |= BRD0_OK;
    if (r->prim1 == ifa1 && ifa1->prefixlen < 31)
        keep_network_broadcasts(r, ifa1);
}

static void scan_addresses(struct removal *r)
{
    uint32_t seen = 0;
    list_each(pos, &r->ifa->in_dev->ifa_list)
    {
        struct in_ifaddr *ifa1 = list_entry(pos, struct in_ifaddr, node);
        if (ifa1 == r->ifa)
            r->gone = false;
        else
            keep_for(r, ifa1);
        seen++;
    }
    vnet_worked(r->ifa->in_dev->dev->ns->w, seen);
}

static void remove_local(struct removal *r)
{
    struct netns *ns = r->ifa->in_dev->dev->ns;
    fib_magic(MAGIC_DEL, VNET_RTN_LOCAL, &r->ifa->local, 32, r->prim, 0);
    if (r->gone && inet_addr_type(ns, &r->ifa->local) != VNET_RTN_LOCAL &&
        fib_sync_down_addr(ns, &r->ifa->local))
        fib4_flush(ns);
}

void fib_del_ifaddr(struct in_ifaddr *ifa, struct in_ifaddr *iprim)
{
    struct in_device *in_dev = ifa->in_dev;
    struct removal r = {.ifa = ifa, .iprim = iprim, .prim = ifa, .gone = true};
    bool subnet = false;
    r.any = inet_addr_masked(&ifa->address, ifa->prefixlen);
    r.brd = inet_addr_broadcast(&r.any, ifa->prefixlen);
    if (ifa->flags & VNET_IFA_F_SECONDARY) {
        r.prim = ifa_byprefix(in_dev, ifa);
        if (!r.prim || (iprim && iprim != r.prim))
            return;
    } else if (has_prefix_route(ifa, &r.any)) {
        if (!(ifa->flags & VNET_IFA_F_NOPREFIXROUTE))
            fib_magic(MAGIC_DEL, prefix_type(in_dev->dev), &r.any, ifa->prefixlen, ifa, 0);
        subnet = true;
    }
    if (!in_dev->dead)
        scan_addresses(&r);
    if (!(r.ok & BRD_OK) && ifa->broadcast.family)
        fib_magic(MAGIC_DEL, VNET_RTN_BROADCAST, &ifa->broadcast, 32, r.prim, 0);
    if (subnet && ifa->prefixlen < 31) {
        if (!(r.ok & BRD1_OK))
            fib_magic(MAGIC_DEL, VNET_RTN_BROADCAST, &r.brd, 32, r.prim, 0);
        if (!(r.ok & BRD0_OK))
            fib_magic(MAGIC_DEL, VNET_RTN_BROADCAST, &r.any, 32, r.prim, 0);
    }
    if (!(r.ok & LOCAL_OK))
        remove_local(&r);
}

/* ---- device events ---- */

void fib_disable_ip(struct netdev *dev, bool unregister, bool force)
{
    fib4_dev_down(dev, unregister, force);
    neigh_ifdown(dev->ns->arp_tbl, dev);
}

void fib_dev_up(struct netdev *dev)
{
    if (dev->in_dev) {
        list_each(pos, &dev->in_dev->ifa_list)
        {
            fib_add_ifaddr(list_entry(pos, struct in_ifaddr, node));
        }
        fib4_dev_up(dev);
    }
    fib6_dev_up(dev);
}

void fib_dev_down(struct netdev *dev, bool unregister)
{
    if (unregister || dev->in_dev)
        fib_disable_ip(dev, unregister, unregister);
    fib6_dev_down(dev, unregister);
}

void fib_dev_carrier(struct netdev *dev)
{
    if (dev->in_dev)
        fib4_dev_carrier(dev);
}
