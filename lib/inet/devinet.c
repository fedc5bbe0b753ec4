/* IPv4 addresses: their life on a device (net/ipv4/devinet.c, kernels 6.1 to 6.18). */
#include "inet/devinet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dev/hop.h"
#include "inet/arp.h"
#include "inet/fib_internal.h"
#include "inet/igmp.h"
#include "inet/neigh.h"
#include "inet/rtnetlink.h"
#include "sim/world.h"
#include "wire/arp.h"

#define ifa_of(pos) list_entry(pos, struct in_ifaddr, node)

enum { IPV4_MIN_MTU = 68 };

static bool same_subnet(const struct in_ifaddr *a, const struct in_ifaddr *b)
{
    return a->prefixlen == b->prefixlen && inet_ifa_match(&a->address, b);
}

static bool is_secondary(const struct in_ifaddr *ifa)
{
    return ifa->flags & VNET_IFA_F_SECONDARY;
}

/* ---- the namespace's hash of its addresses ---- */

static struct list *addr_bucket(const struct netns *ns, const struct inet_addr *a)
{
    uint32_t h = inet_addr_to_v4(a) * 0x61c88647U;
    return &ns->fib4->addrs[h >> 24];
}

static void hash_insert(struct in_ifaddr *ifa)
{
    struct list *head = addr_bucket(ifa->in_dev->dev->ns, &ifa->local);
    struct list *pos = head->next;
    while (pos != head && list_entry(pos, struct in_ifaddr, hash)->cstamp > ifa->cstamp)
        pos = pos->next; /* newest first, also when a state file brings them in another order */
    list_insert_before(&ifa->hash, pos);
}

struct in_ifaddr *inet_lookup_ifaddr(const struct netns *ns, const struct inet_addr *addr)
{
    const struct list *head = addr_bucket(ns, addr);
    list_each(pos, head)
    {
        struct in_ifaddr *ifa = list_entry(pos, struct in_ifaddr, hash);
        if (inet_addr_eq(&ifa->local, addr))
            return ifa;
    }
    return NULL;
}

/* ---- lifetimes ---- */

static bool finite(uint32_t lft)
{
    return lft != VNET_LIFETIME_FOREVER;
}

/* When the address next changes by its lifetimes. */
static void arm_expiry(struct in_ifaddr *ifa)
{
    struct vnet *w = ifa->in_dev->dev->ns->w;
    timer_cancel(w, &ifa->expiry);
    if (ifa->flags & VNET_IFA_F_PERMANENT)
        return;
    uint32_t lft = ifa->flags & VNET_IFA_F_DEPRECATED ? ifa->valid_lft : ifa->preferred_lft;
    timer_set(w, &ifa->expiry, ifa->tstamp + lft * NSEC_PER_SEC);
}

/* check_lifetime() of one address */
static void expire(struct vnet *w, struct timer *t)
{
    struct in_ifaddr *ifa = container_of(t, struct in_ifaddr, expiry);
    if (w->now >= ifa->tstamp + ifa->valid_lft * NSEC_PER_SEC) {
        inet_del_ifa(ifa);
        return;
    }
    ifa->flags |= VNET_IFA_F_DEPRECATED;
    rtmsg_ifa(ifa, VNET_RTM_NEWADDR);
    arm_expiry(ifa);
    vnet_touch(w);
}

void inet_set_lifetime(struct in_ifaddr *ifa, uint32_t valid, uint32_t preferred)
{
    struct vnet *w = ifa->in_dev->dev->ns->w;
    ifa->flags &= ~(uint32_t)(VNET_IFA_F_PERMANENT | VNET_IFA_F_DEPRECATED);
    if (finite(valid))
        ifa->valid_lft = valid;
    else
        ifa->flags |= VNET_IFA_F_PERMANENT;
    if (finite(preferred)) {
        if (preferred == 0)
            ifa->flags |= VNET_IFA_F_DEPRECATED;
        ifa->preferred_lft = preferred;
    }
    ifa->tstamp = w->now;
    if (!ifa->cstamp)
        ifa->cstamp = w->now;
    arm_expiry(ifa);
}

/* ---- on and off the list ---- */

struct in_ifaddr *inet_alloc_ifa(struct in_device *in_dev)
{
    struct in_ifaddr *ifa = mem_alloc(sizeof(*ifa));
    list_init(&ifa->node);
    list_init(&ifa->hash);
    timer_init(&ifa->expiry, expire);
    ifa->in_dev = in_dev;
    ifa->local = ifa->address = inet_addr_any(VNET_AF_INET);
    memcpy(ifa->label, in_dev->dev->name, sizeof(ifa->label));
    return ifa;
}

static void free_ifa(struct in_ifaddr *ifa)
{
    timer_cancel(ifa->in_dev->dev->ns->w, &ifa->expiry);
    list_del(&ifa->node);
    list_del(&ifa->hash);
    free(ifa);
}

/* fib_inetaddr_event() */
static void addr_up(struct in_ifaddr *ifa)
{
    vnet_touch(ifa->in_dev->dev->ns->w);
    fib_add_ifaddr(ifa);
    fib4_dev_up(ifa->in_dev->dev);
    vnet_touch(ifa->in_dev->dev->ns->w);
}

static void addr_down(struct in_ifaddr *ifa)
{
    vnet_touch(ifa->in_dev->dev->ns->w);
    struct in_device *in_dev = ifa->in_dev;
    fib_del_ifaddr(ifa, NULL);
    if (list_empty(&in_dev->ifa_list))
        fib_disable_ip(in_dev->dev, false, true);
    vnet_touch(in_dev->dev->ns->w);
}

/* Where a primary of this scope goes: behind those of the same or a wider scope. */
static struct list *after_primaries(struct in_device *in_dev, uint8_t scope)
{
    struct list *last = &in_dev->ifa_list;
    list_each(pos, &in_dev->ifa_list)
    {
        if (!is_secondary(ifa_of(pos)) && scope <= ifa_of(pos)->scope)
            last = pos;
    }
    return last->next;
}

static int refuse_ifa(struct in_ifaddr *ifa, int error, struct vnet_err *err, const char *text)
{
    bool says = fib_kernel_since(ifa->in_dev->dev->ns, 0x060900);
    free_ifa(ifa);
    return says ? vnet_err(err, error, "%s", text) : -error;
}

int inet_insert_ifa(struct in_ifaddr *ifa, struct vnet_err *err)
{
    struct in_device *in_dev = ifa->in_dev;
    ifa->flags &= ~(uint32_t)VNET_IFA_F_SECONDARY;
    if (inet_addr_is_any(&ifa->local)) {
        free_ifa(ifa);
        return 0;
    }
    list_each(pos, &in_dev->ifa_list)
    {
        struct in_ifaddr *have = ifa_of(pos);
        if (!same_subnet(have, ifa))
            continue;
        if (inet_addr_eq(&have->local, &ifa->local))
            return refuse_ifa(ifa, EEXIST, err, "ipv4: Address already assigned");
        if (have->scope != ifa->scope)
            return refuse_ifa(ifa, EINVAL, err, "ipv4: Invalid scope value");
        ifa->flags |= VNET_IFA_F_SECONDARY;
    }
    list_insert_before(&ifa->node,
                       is_secondary(ifa) ? &in_dev->ifa_list : after_primaries(in_dev, ifa->scope));
    hash_insert(ifa);
    rtmsg_ifa(ifa, VNET_RTM_NEWADDR);
    addr_up(ifa);
    return 0;
}

void inet_load_ifa(struct in_ifaddr *ifa)
{
    list_add_tail(&ifa->node, &ifa->in_dev->ifa_list);
    hash_insert(ifa);
}

/* ---- removal and promotion ---- */

/* The secondaries of prim behind it go too. */
static void delete_secondaries(struct in_ifaddr *prim)
{
    struct list *head = &prim->in_dev->ifa_list;
    for (struct list *pos = prim->node.next, *next; pos != head; pos = next) {
        struct in_ifaddr *ifa = ifa_of(pos);
        next = pos->next;
        if (!is_secondary(ifa) || !same_subnet(prim, ifa))
            continue;
        list_del(&ifa->hash);
        list_del(&ifa->node);
        rtmsg_ifa(ifa, VNET_RTM_DELADDR);
        addr_down(ifa);
        free_ifa(ifa);
    }
}

static struct in_ifaddr *first_secondary(struct in_ifaddr *prim)
{
    for (struct list *pos = prim->node.next; pos != &prim->in_dev->ifa_list; pos = pos->next)
        if (is_secondary(ifa_of(pos)) && same_subnet(prim, ifa_of(pos)))
            return ifa_of(pos);
    return NULL;
}

/* The routes of prim's subnet come back with the new primary as their source. */
static void promote(struct in_ifaddr *ifa, const struct in_ifaddr *prim, struct list *after)
{
    struct list *head = &ifa->in_dev->ifa_list;
    struct list *next = ifa->node.next;
    if (after->next != &ifa->node) {
        list_del(&ifa->node);
        list_insert_before(&ifa->node, after->next);
    }
    ifa->flags &= ~(uint32_t)VNET_IFA_F_SECONDARY;
    rtmsg_ifa(ifa, VNET_RTM_NEWADDR);
    addr_up(ifa);
    for (; next != head; next = next->next)
        if (same_subnet(prim, ifa_of(next)))
            fib_add_ifaddr(ifa_of(next));
}

/* The last primary behind prim (or what stands before it) that the promoted one follows. */
static struct list *promotion_place(struct in_ifaddr *prim)
{
    struct list *last = prim->node.prev;
    for (struct list *pos = prim->node.next; pos != &prim->in_dev->ifa_list; pos = pos->next)
        if (!is_secondary(ifa_of(pos)) && prim->scope <= ifa_of(pos)->scope)
            last = pos;
    return last;
}

/* Off the list, with its routes: what addr_down() is about. */
static void take_off(struct in_ifaddr *ifa)
{
    list_del(&ifa->node);
    list_del(&ifa->hash);
    rtmsg_ifa(ifa, VNET_RTM_DELADDR);
    addr_down(ifa);
}

static void delete_promoting(struct in_ifaddr *prim, struct in_ifaddr *heir)
{
    struct list *head = &prim->in_dev->ifa_list;
    struct list *after = promotion_place(prim);
    for (struct list *pos = &heir->node; pos != head; pos = pos->next)
        if (same_subnet(prim, ifa_of(pos)))
            fib_del_ifaddr(ifa_of(pos), prim);
    take_off(prim);
    promote(heir, prim, after);
}

void inet_unlink_ifa(struct in_ifaddr *ifa)
{
    struct in_device *in_dev = ifa->in_dev;
    struct in_ifaddr *heir = NULL;
    if (!in_dev->dead && !is_secondary(ifa)) {
        if (in_dev_orconf(in_dev, IPV4_CONF_promote_secondaries))
            heir = first_secondary(ifa);
        else
            delete_secondaries(ifa);
    }
    if (heir)
        delete_promoting(ifa, heir);
    else
        take_off(ifa);
}

void inet_del_ifa(struct in_ifaddr *ifa)
{
    inet_unlink_ifa(ifa);
    free_ifa(ifa);
}

/* ---- the device ---- */

struct in_device *inetdev_init(struct netdev *dev)
{
    struct in_device *in_dev = mem_alloc(sizeof(*in_dev));
    in_dev->dev = dev;
    list_init(&in_dev->ifa_list);
    ip_mc_init_dev(in_dev);
    in_dev->conf = dev->ns->sysctls->ipv4_default; /* what was written to default counts as own */
    in_dev->neigh = neigh_defaults(dev->ns)->neigh4_default;
    in_dev->neigh.set = 0;
    dev->in_dev = in_dev;
    inet_netconf_notify(in_dev, VNET_RTM_NEWNETCONF);
    return in_dev;
}

void inetdev_destroy(struct netdev *dev)
{
    struct in_device *in_dev = dev->in_dev;
    if (!in_dev)
        return;
    in_dev->dead = true;
    ip_mc_destroy_dev(in_dev);
    while (!list_empty(&in_dev->ifa_list))
        inet_del_ifa(ifa_of(in_dev->ifa_list.next));
    inet_netconf_notify(in_dev, VNET_RTM_DELNETCONF);
    neigh_ifdown(dev->ns->arp_tbl, dev);
    dev->in_dev = NULL;
    free(in_dev);
}

static void conf_set(struct in_device *in_dev, enum ipv4_conf_id id, int32_t v)
{
    in_dev->conf.v[id] = v;
    in_dev->conf.set[id / 64] |= 1ULL << id % 64;
}

static void register_dev(struct netdev *dev)
{
    struct in_device *in_dev = inetdev_init(dev);
    if (!netif_is_loopback(dev))
        return;
    conf_set(in_dev, IPV4_CONF_disable_xfrm, 1);
    conf_set(in_dev, IPV4_CONF_disable_policy, 1);
}

void inet_pin_conf(struct in_device *in_dev)
{
    memset(in_dev->conf.set, 0xff, sizeof(in_dev->conf.set));
    in_dev->neigh.set = 0xffffffffU;
}

static void add_loopback_address(struct in_device *in_dev)
{
    struct in_ifaddr *ifa = inet_alloc_ifa(in_dev);
    ifa->local = ifa->address = inet_addr_v4(0x7f000001);
    ifa->prefixlen = 8;
    ifa->scope = VNET_SCOPE_HOST;
    inet_set_lifetime(ifa, VNET_LIFETIME_FOREVER, VNET_LIFETIME_FOREVER);
    inet_pin_conf(in_dev);
    inet_insert_ifa(ifa, NULL);
}

/* inetdev_send_gratuitous_arp(). The other end gets them while its own carrier is not reported yet:
 * what it answers is lost. */
static void announce(struct in_device *in_dev)
{
    struct netdev *dev = in_dev->dev;
    if (in_dev_maxconf(in_dev, IPV4_CONF_arp_notify) == 0)
        return;
    list_each(pos, &in_dev->ifa_list)
    {
        const struct inet_addr *a = &ifa_of(pos)->local;
        arp_send(dev, ARP_OP_REQUEST, a, a, NULL, dev->addr.bytes, NULL);
    }
    if (dev->kind->lower && dev->kind->lower(dev))
        dev_hop_flush(dev->kind->lower(dev));
}

static void dev_up(struct in_device *in_dev)
{
    if (in_dev->dev->mtu < IPV4_MIN_MTU)
        return;
    if (netif_is_loopback(in_dev->dev))
        add_loopback_address(in_dev);
    ip_mc_up(in_dev);
    announce(in_dev);
}

/* inetdev_changename(): labels follow the device; the first is its name, others keep their alias.
 */
static void rename_labels(struct in_device *in_dev)
{
    const char *name = in_dev->dev->name;
    int named = 0;
    list_each(pos, &in_dev->ifa_list)
    {
        struct in_ifaddr *ifa = ifa_of(pos);
        char alias[VNET_IFNAMSIZ + 12];
        const char *colon = strchr(ifa->label, ':');
        if (colon)
            snprintf(alias, sizeof(alias), "%s", colon);
        else
            snprintf(alias, sizeof(alias), ":%d", named + 1);
        size_t room = VNET_IFNAMSIZ - 1, tail = named++ ? strlen(alias) : 0;
        size_t head = strlen(name);
        if (head + tail > room)
            head = room - tail;
        memset(ifa->label, 0, sizeof(ifa->label));
        memcpy(ifa->label, name, head);
        memcpy(ifa->label + head, alias, tail);
        rtmsg_ifa(ifa, VNET_RTM_NEWADDR);
    }
    inet_netconf_notify(in_dev, VNET_RTM_DELNETCONF); /* its sysctls go and come */
    inet_netconf_notify(in_dev, VNET_RTM_NEWNETCONF);
}

static void mtu_changed(struct netdev *dev)
{
    bool valid = dev->mtu >= IPV4_MIN_MTU;
    if (!dev->in_dev && valid) {
        inetdev_init(dev);
        if (netif_running(dev))
            ip_mc_up(dev->in_dev);
    } else if (dev->in_dev && !valid)
        inetdev_destroy(dev);
}

/* inetdev_event() proper */
static void addr_event(struct netdev *dev, enum netdev_event event)
{
    if (event == NETDEV_REGISTER && !dev->in_dev)
        register_dev(dev);
    else if (event == NETDEV_CHANGEMTU)
        mtu_changed(dev);
    else if (!dev->in_dev)
        return;
    else if (event == NETDEV_UP)
        dev_up(dev->in_dev);
    else if (event == NETDEV_DOWN)
        ip_mc_down(dev->in_dev);
    else if (event == NETDEV_CHANGEADDR)
        announce(dev->in_dev);
    else if (event == NETDEV_CHANGENAME)
        rename_labels(dev->in_dev);
    else if (event == NETDEV_UNREGISTER)
        inetdev_destroy(dev);
}

void inetdev_event(struct netdev *dev, enum netdev_event event)
{
    addr_event(dev, event);
    if (event == NETDEV_UP) /* fib_netdev_event() */
        fib_dev_up(dev);
    else if (event == NETDEV_DOWN || event == NETDEV_UNREGISTER)
        fib_dev_down(dev, event == NETDEV_UNREGISTER);
    else if (event == NETDEV_CHANGE)
        fib_dev_carrier(dev);
}
