#include "dev/netns.h"

#include <stdlib.h>

#include "base/mem.h"
#include "dev/core.h"
#include "inet/fib.h"
#include "inet/icmp.h"
#include "inet/ip.h"
#include "inet/neigh.h"
#include "inet/route_cache.h"
#include "inet/sock.h"
#include "inet/sysctls.h"
#include "sim/world.h"

struct netns *netns_new(struct vnet *w, const char *name)
{
    struct netns *ns = mem_alloc(sizeof(*ns));
    int error;
    ns->w = w;
    ns->id = w->next_netns_id++;
    ns->name = mem_strdup(name);
    ns->ip_id = (uint16_t)rng_next(&w->rng);
    list_add_tail(&ns->node, &w->netns_list);
    sysctls_net_init(ns);
    neigh_table_init(ns);
    ns->fib4 = fib_new(ns, VNET_AF_INET);
    ns->fib6 = fib_new(ns, VNET_AF_INET6);
    sock_table_init(ns);
    ip_frags_init(ns);
    icmp_net_init(ns);
    ns->loopback = netdev_register(ns, &loopback_kind, "lo", 0, NULL, &error, NULL);
    return ns;
}

/* Links go first, lo last, as each subject's state is still asked while they do. */
void netns_free(struct netns *ns)
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
    neigh_table_exit(ns);
    fib_free(ns->fib4);
    fib_free(ns->fib6);
    sysctls_net_exit(ns);
    list_del(&ns->node);
    free(ns->devs);
    free(ns->name);
    free(ns);
}

struct netns *netns_by_id(struct vnet *w, uint32_t id)
{
    netns_each(w, ns)
    {
        if (ns->id == id)
            return ns;
    }
    return NULL;
}
