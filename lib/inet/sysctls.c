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
    s->ipv4_all.v[IPV4_CONF_accept_source_route] = 0;
    s->ipv6_all.v[IPV6_CONF_accept_dad] = 0;
    init_facts(s, kernel);
}

void sysctls_net_init(struct netns *ns)
{
    ns->sysctls = mem_alloc(sizeof(*ns->sysctls));
    sysctls_defaults(&ns->w->profile->kernel, ns->sysctls);
}

void sysctls_net_exit(struct netns *ns)
{
    free(ns->sysctls);
    ns->sysctls = NULL;
}
