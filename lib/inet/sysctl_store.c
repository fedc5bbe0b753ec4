/* What writing a sysctl does (net/ipv4/devinet.c, net/ipv6/addrconf.c, net/core/neighbour.c). */
#include <errno.h>
#include <string.h>

#include "inet/addrconf.h"
#include "inet/devinet.h"
#include "inet/fib_exception.h"
#include "inet/rtnetlink.h"
#include "inet/sysctl_file.h"

static void put(const struct sysctl_ref *ref, int64_t value)
{
    if (ref->v64)
        *ref->v64 = value;
    else
        *ref->v32 = (int32_t)value;
}

/* inet_netconf_notify_devconf(), of one value. */
static void tell(const struct netns *ns, uint8_t family, int ifindex, unsigned id, int32_t value)
{
    bool v6 = family == VNET_AF_INET6;
    struct vnet_netconf_info c = vnet_netconf_none(family, ifindex);
    if (id == (v6 ? (unsigned)IPV6_CONF_forwarding : (unsigned)IPV4_CONF_forwarding))
        c.forwarding = (uint32_t)value;
    else if (!v6 && id == IPV4_CONF_rp_filter)
        c.rp_filter = (uint32_t)value;
    else if (id == (v6 ? (unsigned)IPV6_CONF_proxy_ndp : (unsigned)IPV4_CONF_proxy_arp))
        c.proxy_neigh = (uint32_t)value;
    else if (id == (v6 ? (unsigned)IPV6_CONF_ignore_routes_with_linkdown
                       : (unsigned)IPV4_CONF_ignore_routes_with_linkdown))
        c.ignore_routes_with_linkdown = (uint32_t)value;
    else
        return;
    netconf_notify(ns, &c);
}

static int conf_index(const struct sysctl_ref *ref)
{
    return ref->scope == SCOPE_ALL       ? VNET_NETCONF_ALL
           : ref->scope == SCOPE_DEFAULT ? VNET_NETCONF_DEFAULT
                                         : ref->dev->ifindex;
}

/* ---- net/ipv4/conf ---- */

static void mark_own(struct ipv4_conf *conf, unsigned id)
{
    conf->set[id / 64] |= 1ULL << id % 64;
}

static bool is_own(const struct ipv4_conf *conf, unsigned id)
{
    return conf->set[id / 64] >> id % 64 & 1;
}

/* devinet_copy_dflt_conf(): devices without a value of their own follow. */
static void copy_default(struct netns *ns, unsigned id)
{
    netdev_each(ns, dev, i)
    {
        if (dev->in_dev && !is_own(&dev->in_dev->conf, id))
            dev->in_dev->conf.v[id] = ns->sysctls->ipv4_default.v[id];
    }
}

/* inet_forward_change() */
static void forward_change(struct netns *ns, int on)
{
    struct inet_sysctls *s = ns->sysctls;
    s->ipv4_all.v[IPV4_CONF_accept_redirects] = !on;
    tell(ns, VNET_AF_INET, VNET_NETCONF_ALL, IPV4_CONF_forwarding, on);
    tell(ns, VNET_AF_INET, VNET_NETCONF_DEFAULT, IPV4_CONF_forwarding, on);
    s->ipv4_default.v[IPV4_CONF_forwarding] = on;
    netdev_each(ns, dev, i)
    {
        if (!dev->in_dev)
            continue;
        tell(ns, VNET_AF_INET, dev->ifindex, IPV4_CONF_forwarding, on);
        dev->in_dev->conf.v[IPV4_CONF_forwarding] = on;
        mark_own(&dev->in_dev->conf, IPV4_CONF_forwarding);
    }
}

static struct ipv4_conf *conf4_of(const struct sysctl_ref *ref)
{
    struct inet_sysctls *s = ref->ns->sysctls;
    return ref->scope == SCOPE_ALL       ? &s->ipv4_all
           : ref->scope == SCOPE_DEFAULT ? &s->ipv4_default
                                         : &ref->dev->in_dev->conf;
}

static int store_ipv4_conf(const struct sysctl_ref *ref, int64_t value)
{
    unsigned id = ref->file->id;
    bool changed = *ref->v32 != value;
    put(ref, value);
    if (id == IPV4_CONF_forwarding) {
        if (changed && ref->scope == SCOPE_ALL)
            forward_change(ref->ns, (int)value);
        else if (changed)
            tell(ref->ns, VNET_AF_INET, conf_index(ref), id, (int32_t)value);
        return 0;
    }
    mark_own(conf4_of(ref), id);
    if (ref->scope == SCOPE_DEFAULT)
        copy_default(ref->ns, id);
    if (changed)
        tell(ref->ns, VNET_AF_INET, conf_index(ref), id, (int32_t)value);
    return 0;
}

/* ---- net/ipv6/conf ---- */

static bool toggled(int64_t a, int64_t b)
{
    return !a != !b;
}

typedef void changed_fn(struct inet6_dev *idev);

static void disable_changed(struct inet6_dev *idev)
{
    addrconf_disable_ipv6(idev, idev->conf.v[IPV6_CONF_disable_ipv6] != 0);
}

static void nothing_changed(struct inet6_dev *idev)
{
    (void)idev;
}

/* all: default and every device get the value too; whoever it switches hears of it. */
static int store_switch(const struct sysctl_ref *ref, int32_t value, changed_fn *changed)
{
    unsigned id = ref->file->id;
    int32_t old = *ref->v32;
    *ref->v32 = value;
    if (ref->scope == SCOPE_DEV && toggled(old, value))
        changed(ref->dev->in6_dev);
    if (ref->scope != SCOPE_ALL) {
        if (toggled(old, value))
            tell(ref->ns, VNET_AF_INET6, conf_index(ref), id, value);
        return 0;
    }
    if (id == IPV6_CONF_forwarding && toggled(ref->ns->sysctls->ipv6_default.v[id], value))
        tell(ref->ns, VNET_AF_INET6, VNET_NETCONF_DEFAULT, id, value);
    ref->ns->sysctls->ipv6_default.v[id] = value;
    netdev_each(ref->ns, dev, i)
    {
        struct inet6_dev *idev = dev->in6_dev;
        if (!idev)
            continue;
        bool switched = toggled(idev->conf.v[id], value);
        idev->conf.v[id] = value;
        if (!switched)
            continue;
        changed(idev);
        tell(ref->ns, VNET_AF_INET6, dev->ifindex, id, value);
    }
    if (toggled(old, value))
        tell(ref->ns, VNET_AF_INET6, VNET_NETCONF_ALL, id, value);
    return 0;
}

/* addrconf_sysctl_addr_gen_mode() */
static int store_addr_gen_mode(const struct sysctl_ref *ref, uint8_t mode)
{
    if (ref->scope == SCOPE_DEV)
        return addrconf_write_addr_gen_mode(ref->dev->in6_dev, mode);
    *ref->v32 = mode;
    if (ref->scope == SCOPE_DEFAULT)
        return 0;
    ref->ns->sysctls->ipv6_default.v[IPV6_CONF_addr_gen_mode] = mode;
    netdev_each(ref->ns, dev, i)
    {
        if (dev->in6_dev && dev->in6_dev->conf.v[IPV6_CONF_addr_gen_mode] != mode)
            addrconf_write_addr_gen_mode(dev->in6_dev, mode);
    }
    return 0;
}

/* addrconf_sysctl_stable_secret(): of a device only; vnet keeps none for "default". */
static int store_secret(const struct sysctl_ref *ref, const char *text)
{
    char word[INET_ADDRSTRLEN_MAX];
    size_t n = strcspn(text, " \t\n");
    struct inet_addr addr;
    if (ref->scope != SCOPE_DEV || n >= sizeof(word))
        return -EIO;
    memcpy(word, text, n);
    word[n] = '\0';
    if (!inet_addr_parse(VNET_AF_INET6, word, &addr))
        return -EIO;
    addrconf_set_secret(ref->dev->in6_dev, addr.bytes);
    return 0;
}

static int store_ipv6_conf(const struct sysctl_ref *ref, int64_t value)
{
    switch (ref->file->id) {
    case IPV6_CONF_forwarding:
        return store_switch(ref, (int32_t)value, addrconf_forwarding_changed);
    case IPV6_CONF_disable_ipv6:
        return store_switch(ref, (int32_t)value, disable_changed);
    case IPV6_CONF_ignore_routes_with_linkdown:
        return store_switch(ref, (int32_t)value, nothing_changed);
    case IPV6_CONF_addr_gen_mode:
        return store_addr_gen_mode(ref, (uint8_t)value);
    case IPV6_CONF_proxy_ndp:
        if (*ref->v32 != value)
            tell(ref->ns, VNET_AF_INET6, conf_index(ref), IPV6_CONF_proxy_ndp, (int32_t)value);
        put(ref, value);
        return 0;
    default:
        put(ref, value);
        return 0;
    }
}

/* ---- net/ipv4/neigh, net/ipv6/neigh ---- */

static struct neigh_parms *parms_of(const struct netdev *dev, enum sysctl_class c)
{
    if (c == CLASS_IPV4_NEIGH)
        return dev->in_dev ? &dev->in_dev->neigh : NULL;
    return dev->in6_dev ? &dev->in6_dev->neigh : NULL;
}

/* neigh_proc_update(), neigh_copy_dflt_parms() */
static int store_neigh(const struct sysctl_ref *ref, int64_t value)
{
    put(ref, value);
    if (ref->v64) /* gc_thresh1 and its like are no parameters of devices */
        return 0;
    uint32_t bit = 1U << ref->file->id;
    if (ref->scope == SCOPE_DEV)
        parms_of(ref->dev, ref->class)->set |= bit;
    if (ref->scope != SCOPE_DEFAULT)
        return 0;
    netdev_each(ref->ns, dev, i)
    {
        struct neigh_parms *p = parms_of(dev, ref->class);
        if (p && !(p->set & bit))
            p->v[ref->file->id] = (int32_t)value;
    }
    return 0;
}

/* ---- the others ---- */

static int store_net(const struct sysctl_ref *ref, const int64_t value[SYSCTL_WORDS_MAX])
{
    if (ref->file->conv == CONV_FLUSH) {
        bool v6 = ref->file->id == NET_IPV6_ROUTE_FLUSH;
        fib_exceptions_flush(v6 ? ref->ns->fib6 : ref->ns->fib4);
        return 0;
    }
    if (ref->v32) { /* ip_forward is conf/all/forwarding */
        struct sysctl_ref all;
        int rc = sysctl_find(ref->ns, "ipv4/conf/all/forwarding", &all);
        return rc ? rc : store_ipv4_conf(&all, value[0]);
    }
    put(ref, value[0]);
    for (unsigned i = 1; i < sysctl_words(ref->file); i++)
        ref->v64[i] = value[i];
    return 0;
}

int sysctl_store(const struct sysctl_ref *ref, const int64_t value[SYSCTL_WORDS_MAX],
                 const char *text)
{
    if (ref->file->conv == CONV_SECRET)
        return store_secret(ref, text);
    switch (ref->class) {
    case CLASS_IPV4_CONF:
        return store_ipv4_conf(ref, value[0]);
    case CLASS_IPV6_CONF:
        return store_ipv6_conf(ref, value[0]);
    case CLASS_IPV4_NEIGH:
    case CLASS_IPV6_NEIGH:
        return store_neigh(ref, value[0]);
    default:
        return store_net(ref, value);
    }
}
