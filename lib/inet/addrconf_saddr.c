/* Source address selection (RFC 6724 5; net/ipv6/addrconf.c: ipv6_dev_get_saddr). */
#include "inet/addrconf_int.h"
#include "inet/addrlabel.h"

struct candidate { /* one value a rule, compared in order: more is better */
    const struct inet6_ifaddr *ifa;
    int score[9];
};
enum { RULES = 9 };

/* Rule 2: the smallest scope that is enough, else the largest. */
static int scope_score(int scope, int wanted)
{
    return scope >= wanted ? -scope : scope - 128;
}

static void judge(struct candidate *c, const struct inet_addr *daddr, const struct netdev *dev)
{
    const struct inet6_ifaddr *ifa = c->ifa;
    const struct inet6_dev *idev = ifa->idev;
    bool use_optimistic = (in6_dev_all(idev, IPV6_CONF_optimistic_dad) ||
                           in6_dev_conf(idev, IPV6_CONF_optimistic_dad)) &&
                          (in6_dev_all(idev, IPV6_CONF_use_optimistic) ||
                           in6_dev_conf(idev, IPV6_CONF_use_optimistic));
    uint32_t avoid = VNET_IFA_F_DEPRECATED | (use_optimistic ? 0 : VNET_IFA_F_OPTIMISTIC);
    unsigned bits = ipv6_common_bits(&ifa->addr, daddr);
    bool prefer_temporary = in6_dev_conf(idev, IPV6_CONF_use_tempaddr) >= 2;
    bool temporary = ifa->flags & VNET_IFA_F_SECONDARY;
    const int score[RULES] = {
        inet_addr_eq(&ifa->addr, daddr),
        scope_score(ipv6_scope(&ifa->addr), ipv6_scope(daddr)),
        inet_addr_is_loopback(&ifa->addr) || !(ifa->flags & avoid),
        (ifa->flags & VNET_IFA_F_HOMEADDRESS) != 0,
        !dev || dev == idev->dev,
        ipv6_addr_label(idev->dev->ns, &ifa->addr, idev->dev->ifindex) ==
            ipv6_addr_label(idev->dev->ns, daddr, dev ? dev->ifindex : 0),
        temporary == prefer_temporary,
        ipv6_is_orchid(&ifa->addr) == ipv6_is_orchid(daddr),
        (int)(bits < ifa->prefixlen ? bits : ifa->prefixlen),
    };
    memcpy(c->score, score, sizeof(score));
}

static bool better(const struct candidate *a, const struct candidate *b)
{
    for (int i = 0; i < RULES; i++) {
        if (a->score[i] != b->score[i])
            return a->score[i] > b->score[i];
    }
    return false;
}

static void consider(const struct inet6_dev *idev, const struct inet_addr *daddr,
                     const struct netdev *dev, struct candidate *best)
{
    if (!idev)
        return;
    list_each(pos, &idev->addr_list)
    {
        struct candidate c = {.ifa = list_entry(pos, struct inet6_ifaddr, node)};
        uint32_t state = c.ifa->flags & (VNET_IFA_F_TENTATIVE | VNET_IFA_F_OPTIMISTIC);
        if (state == VNET_IFA_F_TENTATIVE || inet_addr_is_multicast(&c.ifa->addr))
            continue;
        judge(&c, daddr, dev);
        if (!best->ifa || better(&c, best))
            *best = c;
    }
}

bool ipv6_select_addr(struct netns *ns, const struct netdev *dev, const struct inet_addr *daddr,
                      struct inet_addr *out)
{
    struct candidate best = {0};
    bool only_dev =
        dev && (inet_addr_is_multicast(daddr) || ipv6_scope(daddr) <= IPV6_SCOPE_LINKLOCAL ||
                (dev->in6_dev && in6_dev_conf(dev->in6_dev, IPV6_CONF_use_oif_addrs_only)));
    netdev_each(ns, d, i)
    {
        if (!only_dev || d == dev)
            consider(d->in6_dev, daddr, dev, &best);
    }
    if (best.ifa)
        *out = best.ifa->addr;
    return best.ifa != NULL;
}
