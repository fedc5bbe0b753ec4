/* The world outside: what is behind a network card. The card's wire leads to a gateway, which knows
 * the way to a provider, behind which every public address is there and answers. Each is a
 * namespace of the engine, which no tool lists; its links are network cards, too, and no frame of
 * theirs is recorded. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "dev/core.h"
#include "dev/nic.h"
#include "sim/world.h"
#include "vnet_addr.h"
#include "vnet_link.h"
#include "vnet_neigh.h"
#include "vnet_outside.h"
#include "vnet_route.h"
#include "vnet_sysctl.h"

/* ---- small things ---- */

static struct inet_prefix ipv4(uint32_t addr, uint8_t len)
{
    return (struct inet_prefix){inet_addr_v4(addr), len};
}

static int add_addr(struct netdev *dev, const struct inet_prefix *p, struct vnet_err *err)
{
    const struct vnet_addr_req req = {.ifindex = dev->ifindex,
                                      .family = VNET_AF_INET,
                                      .prefixlen = p->len,
                                      .local = p->addr,
                                      .address = p->addr,
                                      .brd = p->len < 31 ? inet_addr_broadcast(&p->addr, p->len)
                                                         : inet_addr_any(VNET_AF_UNSPEC)};
    return vnet_addr_add(dev->ns, &req, err);
}

/* gateway NULL: on link, or of a type that has no next hop. */
static int add_route(struct netdev *dev, uint8_t type, const struct inet_prefix *to,
                     const struct inet_addr *gateway, struct vnet_err *err)
{
    struct vnet_nexthop nh = {.oif = dev->ifindex};
    if (gateway)
        nh.gateway = *gateway;
    const struct vnet_route_info route = {
        .family = VNET_AF_INET,
        .type = type,
        .protocol = VNET_RTPROT_STATIC,
        .scope = type == VNET_RTN_LOCAL ? VNET_SCOPE_HOST : VNET_SCOPE_UNIVERSE,
        .table = type == VNET_RTN_LOCAL ? VNET_RT_TABLE_LOCAL : VNET_RT_TABLE_MAIN,
        .dst = inet_addr_masked(&to->addr, to->len),
        .dst_len = to->len,
        .nnh = type == VNET_RTN_BLACKHOLE ? 0 : 1,
        .nh = &nh};
    return vnet_route_add(dev->ns, &route, VNET_NLM_F_CREATE | VNET_NLM_F_EXCL, err);
}

/* They never need to ask each other: no timer of theirs is ever pending. */
static int know_neighbour(struct netdev *dev, const struct inet_addr *addr,
                          const struct netdev *neighbour, struct vnet_err *err)
{
    const struct vnet_neigh_req req = {.family = VNET_AF_INET,
                                       .ifindex = dev->ifindex,
                                       .dst = *addr,
                                       .has_lladdr = true,
                                       .lladdr = neighbour->addr,
                                       .state = VNET_NUD_PERMANENT};
    return vnet_neigh_add(dev->ns, &req, VNET_NLM_F_CREATE, err);
}

/* ---- its parts ---- */

static struct netns *make_place(struct vnet *w, const char *label)
{
    static const char *const settings[][2] = {
        {"net/ipv6/conf/all/disable_ipv6", "1"},
        {"net/ipv6/conf/default/disable_ipv6", "1"},
        {"net/ipv4/ip_forward", "1"},
    };
    struct netns *ns = netns_new(w, "", NULL);
    ns->outside = mem_strdup(label);
    for (size_t i = 0; i < ARRAY_LEN(settings); i++)
        vnet_sysctl_set(ns, settings[i][0], settings[i][1], NULL);
    return ns;
}

/* A card with an address; a frame takes at least `delay` ns to it, and some more. */
static struct netdev *make_card(struct netns *ns, const char *name, const struct lladdr *given,
                                int64_t delay, const struct inet_prefix *addr, struct vnet_err *err)
{
    uint8_t mac[ETH_ALEN] = {0x52, 0x54, 0x00};
    rng_bytes(&ns->w->rng, mac + 3, 3);
    const struct lladdr lladdr = given && given->len == ETH_ALEN ? *given : lladdr_eth(mac);
    int ifindex = (int)ns->ndevs + 1;
    if (vnet_nic_add(ns, ifindex, name, &lladdr, "fq_codel", 1, err) < 0)
        return NULL;
    struct netdev *dev = netdev_by_index(ns, ifindex);
    nic_set_delay(dev, delay, delay / 4);
    if (netdev_open(dev, err) < 0 || (addr && add_addr(dev, addr, err) < 0))
        return NULL;
    return dev;
}

/* A wire between two places: `near` has a's address, `far` b's. */
struct wire {
    struct netdev *near, *far;
};

static int join(struct netns *near, const char *near_name, const struct inet_prefix *near_addr,
                struct netns *far, const char *far_name, const struct inet_prefix *far_addr,
                int64_t delay, struct wire *wire, struct vnet_err *err)
{
    wire->near = make_card(near, near_name, NULL, delay, near_addr, err);
    wire->far = make_card(far, far_name, NULL, delay, far_addr, err);
    if (!wire->near || !wire->far)
        return -EINVAL;
    nic_wire(wire->near, wire->far);
    int rc = know_neighbour(wire->near, &far_addr->addr, wire->far, err);
    return rc ? rc : know_neighbour(wire->far, &near_addr->addr, wire->near, err);
}

/* What is no public address (RFC 6890) is nowhere out there. */
static int drop_private(struct netdev *dev, struct vnet_err *err)
{
    const struct inet_prefix nowhere[] = {
        ipv4(0x0a000000, 8),  ipv4(0x64400000, 10), ipv4(0xa9fe0000, 16),
        ipv4(0xac100000, 12), ipv4(0xc0000200, 24), ipv4(0xc0a80000, 16),
        ipv4(0xc6120000, 15), ipv4(0xc6336400, 24), ipv4(0xcb007100, 24),
    };
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ARRAY_LEN(nowhere); i++)
        rc = add_route(dev, VNET_RTN_BLACKHOLE, &nowhere[i], NULL, err);
    return rc;
}

enum {
    WAY_OUT = 4000000, /* ns: from the gateway to the provider, about */
    BACKBONE = 2500000,
    LAN = 120000,
};

struct outside {
    struct inet_prefix gateway, lan; /* its address; the network that it is the gateway of */
    struct netns *home, *provider, *internet;
    struct lladdr mac;   /* len 0: any */
    struct netdev *door; /* the gateway's card */
};

/* gateway - provider: 203.0.113.0/31; provider - internet: 198.51.100.0/31 (RFC 5737, 3021) */
static int build(struct outside *o, struct vnet_err *err)
{
    const struct inet_prefix all = ipv4(0, 0);
    const struct inet_prefix up = ipv4(0xcb007101, 31), down = ipv4(0xcb007100, 31);
    const struct inet_prefix edge = ipv4(0xc6336401, 31), far = ipv4(0xc6336400, 31);
    struct wire out, backbone;
    o->door = make_card(o->home, "lan", &o->mac, LAN, &o->gateway, err);
    int rc = o->door ? join(o->home, "wan", &down, o->provider, "down", &up, WAY_OUT, &out, err)
                     : -EINVAL;
    if (rc == 0)
        rc = join(o->provider, "up", &edge, o->internet, "up", &far, BACKBONE, &backbone, err);
    if (rc == 0)
        rc = add_route(out.near, VNET_RTN_UNICAST, &all, &up.addr, err);
    if (rc == 0)
        rc = add_route(out.far, VNET_RTN_UNICAST, &o->lan, &down.addr, err);
    if (rc == 0)
        rc = add_route(backbone.near, VNET_RTN_UNICAST, &all, &far.addr, err);
    if (rc == 0)
        rc = drop_private(backbone.near, err);
    if (rc == 0)
        rc = add_route(backbone.far, VNET_RTN_UNICAST, &o->lan, &edge.addr, err);
    if (rc == 0)
        rc = add_route(backbone.far, VNET_RTN_UNICAST, &up, &edge.addr, err);
    return rc ? rc : add_route(o->internet->loopback, VNET_RTN_LOCAL, &all, NULL, err);
}

/* Names that tutorials ask for, with addresses that they have had. */
static void name_hosts(struct vnet *w)
{
    static const struct {
        const char *name;
        uint32_t addr;
    } names[] = {
        {"dns.google", 0x08080808},         {"dns.google", 0x08080404},
        {"one.one.one.one", 0x01010101},    {"one.one.one.one", 0x01000001},
        {"dns9.quad9.net", 0x09090909},     {"google.com", 0x8efab98e},
        {"www.google.com", 0x8efab9a4},     {"example.com", 0x5db8d70e},
        {"www.example.com", 0x5db8d70e},    {"github.com", 0x8c527904},
        {"www.kernel.org", 0x8bb254d9},     {"kernel.org", 0x8bb254d9},
        {"www.debian.org", 0x95e60284},     {"debian.org", 0x95e60284},
        {"deb.debian.org", 0x97650284},     {"ubuntu.com", 0xb97dbe14},
        {"archive.ubuntu.com", 0xb97dbe24}, {"www.baidu.com", 0x6ef24442},
        {"baidu.com", 0x279c420a},          {"www.wikipedia.org", 0xb90f3be0},
        {"cloudflare.com", 0x681084e5},     {"www.cloudflare.com", 0x68107b60},
        {"yahoo.com", 0x4a068fc0},          {"stackoverflow.com", 0x681200c4},
    };
    for (size_t i = 0; w->hosts.n < HOSTS_MAX && i < ARRAY_LEN(names); i++) {
        const struct inet_addr addr = inet_addr_v4(names[i].addr);
        hosts_add(&w->hosts, names[i].name, &addr);
    }
}

int vnet_outside_add(struct netns *ns, int ifindex, const struct inet_prefix *gateway,
                     const struct lladdr *mac, struct vnet_err *err)
{
    struct netdev *card = netdev_by_index(ns, ifindex);
    if (!card || card->kind != &nic_kind)
        return vnet_err(err, EOPNOTSUPP, "is no network card");
    if (nic_wired_to(card))
        return vnet_err(err, EBUSY, "%s is connected already", card->name);
    struct outside o = {.gateway = *gateway,
                        .mac = mac ? *mac : (struct lladdr){0},
                        .lan = {inet_addr_masked(&gateway->addr, gateway->len), gateway->len},
                        .home = make_place(ns->w, "gateway"),
                        .provider = make_place(ns->w, "provider"),
                        .internet = make_place(ns->w, "internet")};
    int rc = netdev_open(o.internet->loopback, err);
    if (rc == 0)
        rc = build(&o, err);
    if (rc < 0)
        return rc;
    nic_set_delay(card, LAN, LAN / 4);
    if (!ns->w->hosts.n)
        name_hosts(ns->w);
    nic_wire(card, o.door);
    linkwatch_run(ns->w);
    vnet_touch(ns->w);
    return 0;
}

static int take_address(const struct vnet_addr_info *a, void *arg)
{
    *(struct inet_prefix *)arg = (struct inet_prefix){a->local, a->prefixlen};
    return 1;
}

bool vnet_outside_gateway(const struct netns *ns, int ifindex, struct inet_prefix *gateway)
{
    const struct netdev *card = netdev_by_index(ns, ifindex);
    const struct netdev *door = card && card->kind == &nic_kind ? nic_wired_to(card) : NULL;
    return door && door->ns->outside &&
           vnet_addr_dump(door->ns, VNET_AF_INET, door->ifindex, take_address, gateway) > 0;
}
