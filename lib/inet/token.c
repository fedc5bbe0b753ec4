/* `ip token`: vnet_token_* (net/ipv6/addrconf.c: inet6_set_iftoken()). */
#include <errno.h>
#include <string.h>

#include "dev/core.h"
#include "inet/addrconf_int.h"

bool vnet_token_get(const struct netns *ns, int ifindex, struct inet_addr *token)
{
    const struct netdev *dev = netdev_by_index(ns, ifindex);
    if (!dev || !dev->in6_dev)
        return false;
    *token = dev->in6_dev->token;
    token->family = VNET_AF_INET6;
    return true;
}

/* Why there may be none; NULL: there may. */
static const char *no_token(const struct inet6_dev *idev)
{
    if (netif_is_loopback(idev->dev))
        return "ipv6: Device is loopback";
    if (idev->dev->flags & VNET_IFF_NOARP)
        return "ipv6: Device does not do neighbour discovery";
    if (!ipv6_accept_ra(idev))
        return "ipv6: Router advertisement is disabled on device";
    return in6_dev_conf(idev, IPV6_CONF_router_solicitations)
               ? NULL
               : "Router solicitation is disabled on device";
}

/* No address is made from an advertisement, so there is none to take away; but a router is asked.
 */
static void set_token(struct inet6_dev *idev, const struct inet_addr *token)
{
    static const uint8_t none[16];
    idev->token = (struct inet_addr){.family = VNET_AF_INET6};
    memcpy(idev->token.bytes + 8, token->bytes + 8, 8);
    if (memcmp(token->bytes, none, sizeof(none)) == 0)
        idev->token.family = VNET_AF_UNSPEC;
    else if (!idev->dead && idev->if_flags & IF_READY)
        addrconf_rs_start(idev, VNET_IFA_F_TENTATIVE | VNET_IFA_F_OPTIMISTIC);
}

int vnet_token_set(struct netns *ns, int ifindex, const struct inet_addr *token,
                   struct vnet_err *err)
{
    struct netdev *dev = netdev_by_index(ns, ifindex);
    if (!dev)
        return -ENODEV;
    if (!dev->in6_dev)
        return -EAFNOSUPPORT; /* inet6_validate_link_af() */
    const char *why = no_token(dev->in6_dev);
    if (why)
        return vnet_err(err, EINVAL, "%s", why);
    set_token(dev->in6_dev, token);
    netdev_state_change(dev); /* do_setlink() */
    vnet_touch(ns->w);
    return 0;
}
