/* What a new world begins with. */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "dev/netns.h"
#include "sim/world.h"
#include "state/preset.h"
#include "vnet_addr.h"
#include "vnet_link.h"
#include "vnet_outside.h"
#include "vnet_route.h"

int preset_link_up(struct netns *ns, const char *name, struct vnet_err *err)
{
    struct vnet_link_req req = {
        .ifindex = vnet_link_index(ns, name), .flags = VNET_IFF_UP, .change = VNET_IFF_UP};
    return vnet_link_set(ns, &req, err);
}

int preset_add_addr(struct netns *ns, const char *dev, const struct inet_prefix *p,
                    struct vnet_err *err)
{
    const struct vnet_addr_req req = {.ifindex = vnet_link_index(ns, dev),
                                      .family = VNET_AF_INET,
                                      .prefixlen = p->len,
                                      .local = p->addr,
                                      .address = p->addr,
                                      .brd = inet_addr_broadcast(&p->addr, p->len)};
    return vnet_addr_add(ns, &req, err);
}

int preset_default_route(struct netns *ns, const char *dev, const struct inet_addr *gateway,
                         struct vnet_err *err)
{
    const struct vnet_nexthop nh = {.oif = vnet_link_index(ns, dev), .gateway = *gateway};
    const struct vnet_route_info route = {.family = VNET_AF_INET,
                                          .type = VNET_RTN_UNICAST,
                                          .protocol = VNET_RTPROT_BOOT,
                                          .table = VNET_RT_TABLE_MAIN,
                                          .nnh = 1,
                                          .nh = &nh};
    return vnet_route_add(ns, &route, VNET_NLM_F_CREATE | VNET_NLM_F_EXCL, err);
}

static int make_bare(struct netns *ns, struct vnet_err *err)
{
    return preset_link_up(ns, "lo", err);
}

static int add_nic(struct netns *ns, const char *name, struct vnet_err *err)
{
    struct vnet *w = ns->w;
    uint8_t mac[ETH_ALEN] = {0x52, 0x54, 0x00}; /* as QEMU's NICs */
    rng_bytes(&w->rng, mac + 3, 3);
    struct lladdr addr = lladdr_eth(mac);
    int rc = vnet_nic_add(ns, 2, name, &addr, "fq_codel", 1, err);
    return rc < 0 ? rc : preset_link_up(ns, name, err);
}

static int make_host(struct netns *ns, struct vnet_err *err)
{
    const struct inet_prefix gateway = {inet_addr_v4(0xc0a80101), 24}; /* 192.168.1.1 */
    const struct inet_prefix addr = {inet_addr_v4(0xc0a8010b), 24};    /* 192.168.1.11 */
    int rc = make_bare(ns, err);
    if (rc == 0)
        rc = add_nic(ns, "eth0", err);
    if (rc == 0)
        rc = preset_add_addr(ns, "eth0", &addr, err);
    if (rc == 0)
        rc = preset_default_route(ns, "eth0", &gateway.addr, err);
    return rc < 0 ? rc : vnet_outside_add(ns, vnet_link_index(ns, "eth0"), &gateway, NULL, err);
}

const struct vnet_preset vnet_presets[] = {
    {"bare", "lo, and nothing else", make_bare},
    {"host", "eth0 192.168.1.11/24, gateway 192.168.1.1, the Internet behind it", make_host},
    {"two-hosts", "ns1 (veth1 10.0.0.1/24) and ns2 (veth2 10.0.0.2/24), joined", lab_two_hosts},
    {"router", "ns1 (10.0.1.2/24) and ns2 (10.0.2.2/24), router between them", lab_router},
    {"bridge", "br0 10.0.0.1/24; ns1, ns2, ns3 (10.0.0.11 to .13) at its ports", lab_bridge},
    {.name = NULL},
};

/* Nothing that happened so far was seen by anyone. */
void vnet_settle(struct vnet *w)
{
    vnet_run_until(w, w->now + VNET_PRESET_TIME);
    recorder_clear(&w->recorder);
    w->recorder.next_seq = w->recorder.first_seq = 0;
}

int vnet_preset(struct vnet *w, const char *preset, struct vnet_err *err)
{
    for (const struct vnet_preset *p = vnet_presets; p->name; p++) {
        if (strcmp(preset, p->name) == 0) {
            int rc = p->make(vnet_init_ns(w), err);
            if (rc == 0)
                vnet_settle(w);
            return rc;
        }
    }
    return vnet_err(err, EINVAL, "unknown preset \"%s\"", preset);
}
