/* What a new world begins with. */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "dev/netns.h"
#include "sim/world.h"
#include "vnet_addr.h"
#include "vnet_link.h"
#include "vnet_outside.h"
#include "vnet_route.h"

static int link_up(struct netns *ns, const char *name, struct vnet_err *err)
{
    struct vnet_link_req req = {
        .ifindex = vnet_link_index(ns, name), .flags = VNET_IFF_UP, .change = VNET_IFF_UP};
    return vnet_link_set(ns, &req, err);
}

static int make_bare(struct netns *ns, struct vnet_err *err)
{
    return link_up(ns, "lo", err);
}

static int add_nic(struct netns *ns, const char *name, struct vnet_err *err)
{
    struct vnet *w = ns->w;
    uint8_t mac[ETH_ALEN] = {0x52, 0x54, 0x00}; /* as QEMU's NICs */
    rng_bytes(&w->rng, mac + 3, 3);
    struct lladdr addr = lladdr_eth(mac);
    int rc = vnet_nic_add(ns, 2, name, &addr, "fq_codel", 1, err);
    return rc < 0 ? rc : link_up(ns, name, err);
}

static int add_host_addr(struct netns *ns, int ifindex, struct vnet_err *err)
{
    const struct inet_addr addr = inet_addr_v4(0xc0a8010b); /* 192.168.1.11 */
    const struct vnet_addr_req req = {.ifindex = ifindex,
                                      .family = VNET_AF_INET,
                                      .prefixlen = 24,
                                      .local = addr,
                                      .address = addr,
                                      .brd = inet_addr_broadcast(&addr, 24)};
    return vnet_addr_add(ns, &req, err);
}

static int add_default_route(struct netns *ns, int ifindex, struct vnet_err *err)
{
    const struct vnet_nexthop nh = {.oif = ifindex, .gateway = inet_addr_v4(0xc0a80101)};
    const struct vnet_route_info route = {.family = VNET_AF_INET,
                                          .type = VNET_RTN_UNICAST,
                                          .protocol = VNET_RTPROT_BOOT,
                                          .table = VNET_RT_TABLE_MAIN,
                                          .nnh = 1,
                                          .nh = &nh};
    return vnet_route_add(ns, &route, VNET_NLM_F_CREATE | VNET_NLM_F_EXCL, err);
}

static int make_host(struct netns *ns, struct vnet_err *err)
{
    const struct inet_prefix gateway = {inet_addr_v4(0xc0a80101), 24}; /* 192.168.1.1 */
    int rc = make_bare(ns, err);
    if (rc == 0)
        rc = add_nic(ns, "eth0", err);
    if (rc < 0)
        return rc;
    int ifindex = vnet_link_index(ns, "eth0");
    rc = add_host_addr(ns, ifindex, err);
    if (rc == 0)
        rc = add_default_route(ns, ifindex, err);
    return rc < 0 ? rc : vnet_outside_add(ns, ifindex, &gateway, NULL, err);
}

static const char *const names[] = {"bare", "host", NULL};
static int (*const makers[])(struct netns *ns, struct vnet_err *err) = {make_bare, make_host};

const char *const *vnet_preset_names(void)
{
    return names;
}

/* Nothing that happened so far was seen by anyone. */
void vnet_settle(struct vnet *w)
{
    vnet_run_until(w, w->now + VNET_PRESET_TIME);
    recorder_clear(&w->recorder);
    w->recorder.next_seq = w->recorder.first_seq = 0;
}

int vnet_preset(struct vnet *w, const char *preset, struct vnet_err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(makers); i++) {
        if (strcmp(preset, names[i]) == 0) {
            int rc = makers[i](vnet_init_ns(w), err);
            if (rc == 0)
                vnet_settle(w);
            return rc;
        }
    }
    return vnet_err(err, EINVAL, "unknown preset \"%s\"", preset);
}
