/* Presets of several hosts: each host is a named namespace, as tutorials make them, and each cable
 * a veth pair. man/vnet.1 draws them. */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "dev/netns.h"
#include "state/preset.h"
#include "vnet_link.h"
#include "vnet_netns.h"
#include "vnet_sysctl.h"

struct end { /* of a cable, or a bridge */
    const char *ns, *dev;
    uint32_t addr; /* 0: none; all of them are /24 */
    uint32_t gateway;
    const char *bridge; /* that it is a port of */
};

struct cable {
    struct end a, b;
};

static const struct cable two_hosts[] = {
    {{"ns1", "veth1", .addr = 0x0a000001}, {"ns2", "veth2", .addr = 0x0a000002}},
};
static const struct cable router[] = {
    {{"ns1", "veth1", .addr = 0x0a000102, .gateway = 0x0a000101},
     {"router", "veth1-r", .addr = 0x0a000101}},
    {{"ns2", "veth2", .addr = 0x0a000202, .gateway = 0x0a000201},
     {"router", "veth2-r", .addr = 0x0a000201}},
};
static const struct end br0 = {"", "br0", .addr = 0x0a000001};
static const struct cable bridge[] = {
    {{"ns1", "veth1", .addr = 0x0a00000b, .gateway = 0x0a000001},
     {"", "veth1-br", .bridge = "br0"}},
    {{"ns2", "veth2", .addr = 0x0a00000c, .gateway = 0x0a000001},
     {"", "veth2-br", .bridge = "br0"}},
    {{"ns3", "veth3", .addr = 0x0a00000d, .gateway = 0x0a000001},
     {"", "veth3-br", .bridge = "br0"}},
};

/* The namespace of a name, made if it is not there. */
static struct netns *place(struct netns *init, const char *name, struct vnet_err *err)
{
    struct netns *ns = vnet_ns_find(init->w, name);
    int error;
    if (ns)
        return ns;
    ns = vnet_netns_add(init, name, &error, err);
    return ns && preset_link_up(ns, "lo", err) == 0 ? ns : NULL;
}

static int set_master(struct netns *ns, const char *dev, const char *master, struct vnet_err *err)
{
    const struct vnet_link_req req = {.ifindex = vnet_link_index(ns, dev),
                                      .set = VNET_LINK_MASTER,
                                      .master = vnet_link_index(ns, master)};
    return vnet_link_set(ns, &req, err);
}

static int configure(struct netns *ns, const struct end *end, struct vnet_err *err)
{
    const struct inet_prefix addr = {inet_addr_v4(end->addr), 24};
    const struct inet_addr gateway = inet_addr_v4(end->gateway);
    int rc = end->bridge ? set_master(ns, end->dev, end->bridge, err) : 0;
    if (rc == 0 && end->addr)
        rc = preset_add_addr(ns, end->dev, &addr, err);
    if (rc == 0)
        rc = preset_link_up(ns, end->dev, err);
    if (rc == 0 && end->gateway)
        rc = preset_default_route(ns, end->dev, &gateway, err);
    return rc;
}

static void name_link(struct vnet_link_req *req, struct netns *ns, const char *name)
{
    memcpy(req->ifname, name, strlen(name) + 1);
    req->set = VNET_LINK_NETNS;
    req->netns = ns;
}

/* ip link add A netns NS type veth peer name B netns NS */
static int lay(struct netns *init, const struct cable *c, struct vnet_err *err)
{
    struct netns *a = place(init, c->a.ns, err), *b = place(init, c->b.ns, err);
    struct vnet_link_req peer = {.ifindex = 0};
    struct vnet_link_req req = {.kind = "veth", .has_data = true, .peer = &peer};
    if (!a || !b)
        return -EINVAL;
    name_link(&req, a, c->a.dev);
    name_link(&peer, b, c->b.dev);
    int rc = vnet_link_add(init, &req, err);
    if (rc == 0)
        rc = configure(a, &c->a, err);
    return rc ? rc : configure(b, &c->b, err);
}

static int lay_all(struct netns *init, const struct cable *c, size_t n, struct vnet_err *err)
{
    int rc = preset_link_up(init, "lo", err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = lay(init, &c[i], err);
    return rc;
}

int lab_two_hosts(struct netns *ns, struct vnet_err *err)
{
    return lay_all(ns, two_hosts, ARRAY_LEN(two_hosts), err);
}

int lab_router(struct netns *ns, struct vnet_err *err)
{
    int rc = lay_all(ns, router, ARRAY_LEN(router), err);
    return rc ? rc
              : vnet_sysctl_set(vnet_ns_find(ns->w, "router"), "net/ipv4/ip_forward", "1", err);
}

int lab_bridge(struct netns *ns, struct vnet_err *err)
{
    struct vnet_link_req req = {.kind = "bridge"};
    memcpy(req.ifname, br0.dev, strlen(br0.dev) + 1);
    int rc = vnet_link_add(ns, &req, err);
    if (rc == 0)
        rc = configure(ns, &br0, err);
    return rc ? rc : lay_all(ns, bridge, ARRAY_LEN(bridge), err);
}
