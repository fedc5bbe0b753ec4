/* Settings of devices as `ip netconf` shows them (inet_netconf_fill_devconf(),
 * inet_netconf_dump_devconf() of net/ipv4/devinet.c; net/ipv6/addrconf.c). */
#include "inet/netconf.h"

#include "inet/addrconf.h"
#include "inet/devinet.h"
#include "sim/world.h"

void netconf_fill4(const struct netns *ns, const struct ipv4_conf *conf, int ifindex,
                   struct vnet_netconf_info *c)
{
    (void)ns;
    *c = (struct vnet_netconf_info){
        .family = VNET_AF_INET,
        .ifindex = ifindex,
        .forwarding = (uint32_t)conf->v[IPV4_CONF_forwarding],
        .rp_filter = (uint32_t)conf->v[IPV4_CONF_rp_filter],
        .mc_forwarding = (uint32_t)conf->v[IPV4_CONF_mc_forwarding],
        .proxy_neigh = (uint32_t)conf->v[IPV4_CONF_proxy_arp],
        .ignore_routes_with_linkdown = (uint32_t)conf->v[IPV4_CONF_ignore_routes_with_linkdown],
    };
}

void netconf_fill6(const struct netns *ns, const struct ipv6_conf *conf, int ifindex,
                   struct vnet_netconf_info *c)
{
    *c = (struct vnet_netconf_info){
        .family = VNET_AF_INET6,
        .ifindex = ifindex,
        .rp_filter = VNET_NETCONF_NOT_TOLD,
        .forwarding = (uint32_t)conf->v[IPV6_CONF_forwarding],
        .mc_forwarding = ns->w->profile->kernel.ipv6_options
                             ? 0
                             : VNET_NETCONF_NOT_TOLD, /* CONFIG_IPV6_MROUTE */
        .proxy_neigh = (uint32_t)conf->v[IPV6_CONF_proxy_ndp],
        .ignore_routes_with_linkdown = (uint32_t)conf->v[IPV6_CONF_ignore_routes_with_linkdown],
    };
}

typedef int netconf_fn(const struct vnet_netconf_info *c, void *arg);

static int dump4(const struct netns *ns, netconf_fn *cb, void *arg)
{
    struct vnet_netconf_info c;
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && i < ns->ndevs; i++) {
        const struct in_device *in_dev = ns->devs[i]->in_dev;
        if (!in_dev)
            continue;
        netconf_fill4(ns, &in_dev->conf, ns->devs[i]->ifindex, &c);
        rc = cb(&c, arg);
    }
    if (rc == 0) {
        netconf_fill4(ns, &ns->sysctls->ipv4_all, VNET_NETCONF_ALL, &c);
        rc = cb(&c, arg);
    }
    if (rc == 0) {
        netconf_fill4(ns, &ns->sysctls->ipv4_default, VNET_NETCONF_DEFAULT, &c);
        rc = cb(&c, arg);
    }
    return rc;
}

static int dump6(const struct netns *ns, netconf_fn *cb, void *arg)
{
    struct vnet_netconf_info c;
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && i < ns->ndevs; i++) {
        const struct inet6_dev *idev = ns->devs[i]->in6_dev;
        if (!idev)
            continue;
        netconf_fill6(ns, &idev->conf, ns->devs[i]->ifindex, &c);
        rc = cb(&c, arg);
    }
    if (rc == 0) {
        netconf_fill6(ns, &ns->sysctls->ipv6_all, VNET_NETCONF_ALL, &c);
        rc = cb(&c, arg);
    }
    if (rc == 0) {
        netconf_fill6(ns, &ns->sysctls->ipv6_default, VNET_NETCONF_DEFAULT, &c);
        rc = cb(&c, arg);
    }
    return rc;
}

int vnet_netconf_dump(const struct netns *ns, uint8_t family, netconf_fn *cb, void *arg)
{
    int rc = family == VNET_AF_INET6 ? 0 : dump4(ns, cb, arg);
    return rc || family == VNET_AF_INET ? rc : dump6(ns, cb, arg);
}
