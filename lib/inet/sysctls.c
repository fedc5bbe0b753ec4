/* A namespace's sysctl values as they begin. */
#include "inet/sysctls.h"

#include <stdlib.h>

#include "base/mem.h"
#include "inet/sysctl_file.h"
#include "sim/world.h"

static void init_values(int32_t *v, enum sysctl_class c)
{
    const struct sysctl_dir *d = &sysctl_dirs[c];
    for (unsigned i = 0; i < d->nfiles; i++)
        if (!(d->files[i].flags & (SYSCTL_VIEW | SYSCTL_DEFAULT)))
            v[d->files[i].id] = (int32_t)d->files[i].def;
}

static void init_net(int64_t *net, enum sysctl_class c, unsigned flag)
{
    const struct sysctl_dir *d = &sysctl_dirs[c];
    for (unsigned i = 0; i < d->nfiles; i++)
        if ((d->files[i].flags & (SYSCTL_VIEW | flag)) == flag)
            net[d->files[i].id] = d->files[i].def;
}

/* What differs between kernels and distributions. */
static void init_facts(struct inet_sysctls *s, const struct kernel_facts *k)
{
    if (k->version >= 0x060f00)
        s->net[NET_CORE_RMEM_MAX] = s->net[NET_CORE_WMEM_MAX] = 4194304;
    if (k->version >= 0x061200)
        s->net[NET_IPV6_ICMP_RATELIMIT] = 100;
    s->net[NET_IPV4_ROUTE_ERROR_COST] = k->hz; /* these four count jiffies */
    s->net[NET_IPV4_ROUTE_ERROR_BURST] = 5 * (int64_t)k->hz;
    s->net[NET_IPV4_ROUTE_REDIRECT_LOAD] = k->hz / 50;
    s->net[NET_IPV4_ROUTE_REDIRECT_SILENCE] = (int64_t)(k->hz / 50) << 10;
    s->neigh4_default.v[NEIGH_PARM_unres_qlen_bytes] = (int32_t)k->neigh_unres_qlen_bytes;
    s->neigh6_default.v[NEIGH_PARM_unres_qlen_bytes] = (int32_t)k->neigh_unres_qlen_bytes;
    s->ipv4_all.v[IPV4_CONF_rp_filter] = (int32_t)k->rp_filter;
    s->ipv4_default.v[IPV4_CONF_rp_filter] = (int32_t)k->rp_filter;
}

void sysctls_defaults(const struct kernel_facts *kernel, struct inet_sysctls *s)
{
    *s = (struct inet_sysctls){0};
    init_values(s->ipv4_all.v, CLASS_IPV4_CONF);
    init_values(s->ipv4_default.v, CLASS_IPV4_CONF);
    init_values(s->ipv6_all.v, CLASS_IPV6_CONF);
    init_values(s->ipv6_default.v, CLASS_IPV6_CONF);
    init_values(s->neigh4_default.v, CLASS_IPV4_NEIGH);
    init_values(s->neigh6_default.v, CLASS_IPV6_NEIGH);
    init_net(s->net, CLASS_NET, 0);
    init_net(s->net, CLASS_IPV4_NEIGH, SYSCTL_DEFAULT);
    init_net(s->net, CLASS_IPV6_NEIGH, SYSCTL_DEFAULT);
    s->net[NET_IPV4_PING_GROUP_MAX] = 0; /* "1 0": no group may */
    s->net[NET_IPV4_IP_LOCAL_PORT_MAX] = 60999;
    s->net[NET_IPV6_ICMP_RATEMASK_1] = -1; /* all errors but "packet too big" */
    s->ipv4_all.v[IPV4_CONF_accept_source_route] = 0;
    s->ipv6_all.v[IPV6_CONF_accept_dad] = 0;
    init_facts(s, kernel);
}

int64_t net_sysctl_global(const struct netns *ns, enum net_sysctl_id id)
{
    return net_sysctl(vnet_init_ns(ns->w), id);
}

const struct inet_sysctls *neigh_defaults(const struct netns *ns)
{
    return vnet_init_ns(ns->w)->sysctls;
}

enum { INHERIT_OLD_WAY, INHERIT_INIT, INHERIT_NOTHING, INHERIT_CURRENT };

/* devinet_init_net(), addrconf_init_net(): of IPv4 the initial namespace's values are the default,
 * of IPv6 the kernel's own. */
static void inherit(struct inet_sysctls *s, const struct netns *parent)
{
    int64_t how = net_sysctl_global(parent, NET_CORE_DEVCONF_INHERIT_INIT_NET);
    const struct netns *from = how == INHERIT_CURRENT ? parent : vnet_init_ns(parent->w);
    if (how == INHERIT_NOTHING) {
        s->ipv4_all.v[IPV4_CONF_rp_filter] = s->ipv4_default.v[IPV4_CONF_rp_filter] = 0;
        return;
    }
    s->ipv4_all = from->sysctls->ipv4_all;
    s->ipv4_default = from->sysctls->ipv4_default;
    if (how == INHERIT_OLD_WAY)
        return;
    s->ipv6_all = from->sysctls->ipv6_all;
    s->ipv6_default = from->sysctls->ipv6_default;
    s->ipv6_default.v[IPV6_CONF_autoconf] = 1; /* the module's parameters */
    s->ipv6_default.v[IPV6_CONF_disable_ipv6] = 0;
}

void sysctls_net_init(struct netns *ns, const struct netns *parent)
{
    ns->sysctls = mem_alloc(sizeof(*ns->sysctls));
    sysctls_defaults(&ns->w->profile->kernel, ns->sysctls);
    if (parent)
        inherit(ns->sysctls, parent);
}

void sysctls_net_exit(struct netns *ns)
{
    free(ns->sysctls);
    ns->sysctls = NULL;
}
