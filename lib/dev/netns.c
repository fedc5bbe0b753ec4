#include "dev/netns.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "dev/core.h"
#include "dev/nsid.h"
#include "inet/addrlabel.h"
#include "inet/fib.h"
#include "inet/icmp.h"
#include "inet/ip.h"
#include "inet/ipv6.h"
#include "inet/mib.h"
#include "inet/neigh.h"
#include "inet/nexthop.h"
#include "inet/route_cache.h"
#include "inet/sock.h"
#include "inet/sysctls.h"
#include "inet/rtnetlink.h"
#include "sim/world.h"
#include "vnet_netns.h"

static struct netns *new_netns(struct vnet *w, const char *name, uint32_t id)
{
    struct netns *ns = mem_alloc(sizeof(*ns));
    ns->w = w;
    ns->id = id;
    ns->name = mem_strdup(name);
    list_add_tail(&ns->node, &w->netns_list);
    return ns;
}

struct netns *netns_new(struct vnet *w, const char *name, const struct netns *parent)
{
    struct netns *ns = new_netns(w, name, w->next_netns_id++);
    netns_fill(ns, parent);
    return ns;
}

void netns_fill(struct netns *ns, const struct netns *parent)
{
    int error;
    ns->ip_id = (uint16_t)rng_next(&ns->w->rng);
    sysctls_net_init(ns, parent);
    neigh_table_init(ns);
    ns->fib4 = fib_new(ns, VNET_AF_INET);
    ns->fib6 = fib_new(ns, VNET_AF_INET6);
    nexthop_net_init(ns);
    sock_table_init(ns);
    addrlabel_net_init(ns);
    ip_frags_init(ns);
    ip6_frags_init(ns);
    icmp_net_init(ns);
    mib_net_init(ns);
    ns->loopback = netdev_register(ns, &loopback_kind, "lo", 0, NULL, &error, NULL);
}

/* ---- sleeping ---- */

static void alarm_rings(struct vnet *w, struct timer *t)
{
    w->work--; /* the timer in whose place it was counts */
    netns_wake(container_of(t, struct netns, alarm));
}

struct netns *netns_new_asleep(struct vnet *w, const char *name, uint32_t id, char *text,
                               uint32_t len)
{
    struct netns *ns = new_netns(w, name, id);
    ns->asleep = text;
    ns->asleep_len = len;
    timer_init(&ns->alarm, alarm_rings);
    return ns;
}

void netns_wake(struct netns *ns)
{
    timer_cancel(ns->w, &ns->alarm);
    ns->w->wake(ns);
}

void netns_wake_all(struct vnet *w)
{
    netns_each(w, ns)
    {
        netns_awake(ns);
    }
}

/* ---- the end ---- */

/* Links go first, lo last, as each subject's state is still asked while they do. */
void netns_empty(struct netns *ns)
{
    sock_table_exit(ns);
    while (ns->ndevs) {
        struct netdev *dev = ns->devs[ns->ndevs - 1];
        if (dev->kind->dellink)
            dev->kind->dellink(dev);
        else
            netdev_unregister(dev);
    }
    rt_cache_free(ns);
    icmp_net_exit(ns);
    ip_frags_exit(ns);
    addrlabel_net_exit(ns);
    ip6_frags_exit(ns);
    neigh_table_exit(ns);
    nexthop_net_exit(ns);
    fib_free(ns->fib4);
    fib_free(ns->fib6);
    sysctls_net_exit(ns);
    mib_net_exit(ns);
    free(ns->nsids);
    free(ns->devs);
    htab_release(&ns->by_name);
    ns->nsids = NULL;
    ns->devs = NULL;
    ns->nnsids = ns->nsids_cap = ns->ndevs = ns->devs_cap = 0;
    ns->nsids_highest = 0;
    ns->altnames = false;
    ns->last_ifindex = 0;
}

void netns_free(struct netns *ns)
{
    ns->leaving = true;
    nsid_forget(ns);
    if (ns->asleep)
        timer_cancel(ns->w, &ns->alarm);
    else
        netns_empty(ns);
    list_del(&ns->node);
    free(ns->name);
    free(ns->outside);
    free(ns);
}

/* default_device_exit_net(): a NIC goes to the initial namespace, under another name if its own is
 * taken there. */
static void push_nics(struct netns *ns)
{
    struct netns *to = vnet_init_ns(ns->w);
    for (uint32_t i = ns->ndevs; i-- > 0;) {
        struct netdev *dev = ns->devs[i];
        char pattern[VNET_IFNAMSIZ];
        if (dev->kind->netns_local || dev->kind->user_can_add)
            continue;
        snprintf(pattern, sizeof(pattern), "dev%d", dev->ifindex);
        if (netdev_by_name(to, pattern))
            strcpy(pattern, "dev%d");
        dev_change_net_namespace(dev, to, pattern, 0, NULL);
    }
}

void netns_cleanup(struct netns *ns)
{
    struct vnet *w = ns->w;
    netns_awake(ns);
    push_nics(ns);
    netns_free(ns);
    linkwatch_run(w);
    vnet_touch(w);
}

struct netns *netns_by_id(struct vnet *w, uint32_t id)
{
    return netns_awake(netns_lookup(w, id));
}

struct netns *netns_lookup(struct vnet *w, uint32_t id)
{
    netns_each(w, ns)
    {
        if (ns->id == id)
            return ns;
    }
    return NULL;
}

/* ---- vnet_netns_*: what `ip netns` and unshare(1) ask for ---- */

bool netns_name_ok(const char *name)
{
    return strlen(name) <= VNET_NETNS_NAME_MAX && !strchr(name, '/') && strcmp(name, ".") != 0 &&
           strcmp(name, "..") != 0 && !text_has_control(name);
}

static unsigned count(const struct vnet *w)
{
    unsigned n = 0;
    list_each(pos, &w->netns_list)
    {
        n++;
    }
    return n;
}

struct netns *vnet_netns_add(struct netns *from, const char *name, int *error, struct vnet_err *err)
{
    *error = !netns_name_ok(name)                   ? -EINVAL
             : *name && vnet_ns_find(from->w, name) ? -EEXIST
             : count(from->w) >= VNET_NETNS_MAX
                 ? vnet_err(err, ENOSPC, "vnet keeps %d network namespaces", VNET_NETNS_MAX)
                 : 0;
    if (*error)
        return NULL;
    struct netns *ns = netns_new(from->w, name, from);
    if (*name)
        rtnl_notify_name(from->w, name, VNET_RTM_NEWNSNAME);
    vnet_touch(from->w);
    return ns;
}

void vnet_netns_collect(struct vnet *w, bool (*held)(uint32_t id, void *arg), void *arg)
{
    list_each_safe(pos, next, &w->netns_list)
    {
        struct netns *ns = list_entry(pos, struct netns, node);
        if (ns != vnet_init_ns(w) && !*ns->name && !ns->outside && !(held && held(ns->id, arg)))
            netns_cleanup(ns);
    }
}

int vnet_netns_del(struct vnet *w, const char *name, bool (*held)(uint32_t id, void *arg),
                   void *arg)
{
    struct netns *ns = *name ? vnet_ns_find(w, name) : NULL;
    if (!ns)
        return -ENOENT;
    rtnl_notify_name(w, ns->name, VNET_RTM_DELNSNAME);
    ns->name[0] = '\0';
    vnet_touch(w);
    vnet_netns_collect(w, held, arg);
    return 0;
}

static struct netns *next_named(const struct vnet *w, const struct netns *after)
{
    const struct list *pos = after ? after->node.prev : w->netns_list.prev;
    for (; pos != &w->netns_list; pos = pos->prev) {
        struct netns *ns = list_entry(pos, struct netns, node);
        if (*ns->name)
            return ns;
    }
    return NULL;
}

struct netns *vnet_netns_next(struct vnet *w, const struct netns *after)
{
    return netns_awake(next_named(w, after));
}

const struct netns *vnet_netns_next_name(const struct vnet *w, const struct netns *after)
{
    return next_named(w, after);
}

struct netns *vnet_netns_by_id(struct vnet *w, uint32_t id)
{
    return netns_by_id(w, id);
}

const char *vnet_netns_name(const struct netns *ns)
{
    return ns->name;
}

uint32_t vnet_netns_id(const struct netns *ns)
{
    return ns->id;
}
