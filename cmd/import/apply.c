/* listing_apply(): a world like the machine that was listed. */
#include "cmd/import/apply.h"

#include <stdio.h>
#include <string.h>

/* An address that only a route tells: "... proto kernel scope link src ADDRESS" is its subnet's. */
static void guess_addr(struct listing *l, const struct listed_words *route)
{
    char dst[64], dev[VNET_IFNAMSIZ], src[64];
    struct inet_addr net;
    uint8_t len;
    static const char form[] = "%63s dev %15s proto kernel scope link src %63s";
    if (route->family != VNET_AF_INET || sscanf(route->text, form, dst, dev, src) != 3 ||
        !inet_addr_parse(VNET_AF_INET, src, &net))
        return;
    const struct listed_link *link = listing_find_link(l, dev);
    const char *slash = strchr(dst, '/');
    uint32_t bits = 32;
    if (!link || !link->guessed || (slash && sscanf(slash, "/%2u", &bits) != 1) || bits > 32)
        return;
    len = (uint8_t)bits;
    struct listed_addr a = {.line = route->line,
                            .info = {.family = VNET_AF_INET,
                                     .prefixlen = len,
                                     .local = net,
                                     .address = net,
                                     .valid_lft = VNET_LIFETIME_FOREVER,
                                     .preferred_lft = VNET_LIFETIME_FOREVER}};
    if (len < 31)
        a.info.brd = inet_addr_broadcast(&net, len);
    memcpy(a.dev, dev, sizeof(a.dev));
    listing_add_addr(l, &a);
}

int listing_apply(struct listing *l, struct vnet *w, struct vnet_err *err)
{
    struct netns *ns = vnet_init_ns(w);
    (void)err;
    for (size_t i = 0; i < l->routes.n; i++)
        guess_addr(l, &l->routes.v[i]);
    apply_sysctls(l, ns, false);
    apply_links(l, w, ns);
    apply_sysctls(l, ns, false);
    apply_links_up(l, ns);
    vnet_settle(w);
    apply_addrs(l, ns);
    apply_routes(l, w, ns);
    apply_rules(l, w, ns);
    apply_neighs(l, w, ns);
    apply_outside(ns);
    apply_sysctls(l, ns, true);
    apply_check_links(l, ns);
    return 0;
}
