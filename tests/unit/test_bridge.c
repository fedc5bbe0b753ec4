/* Bridges and VLANs: what no transcript shows. */
#include <errno.h>

#include "bridge/br.h"
#include "dev/vlan.h"
#include "tests/unit/net.h"
#include "vnet_bridge.h"

static int index_of(struct vnet *w, const char *name)
{
    return vnet_link_index(vnet_init_ns(w), name);
}

static struct netdev *dev(struct vnet *w, const char *name)
{
    return netdev_by_name(vnet_init_ns(w), name);
}

static int add_bridge(struct vnet *w, const char *name)
{
    struct vnet_err err = {""};
    struct vnet_link_req req = {.kind = "bridge"};
    snprintf(req.ifname, sizeof(req.ifname), "%s", name);
    return vnet_link_add(vnet_init_ns(w), &req, &err);
}

static int enslave(struct vnet *w, const char *port, const char *master)
{
    struct vnet_err err = {""};
    const struct vnet_link_req req = {
        .ifindex = index_of(w, port), .set = VNET_LINK_MASTER, .master = index_of(w, master)};
    return vnet_link_set(vnet_init_ns(w), &req, &err);
}

static int add_vlan(struct vnet *w, const char *link, const char *name, uint16_t id)
{
    struct vnet_err err = {""};
    const struct vnet_vlan_req v = {.has_id = true, .id = id};
    struct vnet_link_req req = {
        .kind = "vlan", .link = index_of(w, link), .has_data = true, .vlan = &v};
    snprintf(req.ifname, sizeof(req.ifname), "%s", name);
    return vnet_link_add(vnet_init_ns(w), &req, &err);
}

/* br0 with ports a0 and b0, all up. */
static struct vnet *bridged(void)
{
    static const char *const up[] = {"a0", "a1", "b0", "b1", "br0"};
    struct vnet *w = net_world("debian12");
    add_bridge(w, "br0");
    net_veth(w, "a0", "a1");
    net_veth(w, "b0", "b1");
    enslave(w, "a0", "br0");
    enslave(w, "b0", "br0");
    for (unsigned i = 0; i < 5; i++)
        net_up(w, up[i], true);
    vnet_run_until(w, T0 + 2 * NSEC_PER_SEC);
    return w;
}

/* A frame that arrives at a port. */
static void arrive(struct vnet *w, const char *port, const char *to, const char *from)
{
    struct skb *skb = skb_alloc(w, 64);
    uint8_t *p = skb_put(skb, 64);
    memset(p, 0, 64);
    memcpy(p, to, 6);
    memcpy(p + 6, from, 6);
    put_be16(p + 12, 0x0806);
    skb->mac = skb->head;
    netif_receive_skb(dev(w, port), skb);
}

#define HOST_A "\x02\x00\x00\x00\x0a\x0a"
#define HOST_B "\x02\x00\x00\x00\x0b\x0b"

static struct br_fdb *entry(struct vnet *w, const char *addr)
{
    return br_fdb_find(br_of(dev(w, "br0")), (const uint8_t *)addr, 0);
}

static void test_learning_and_ageing(void)
{
    struct vnet *w = bridged();
    arrive(w, "a0", "\xff\xff\xff\xff\xff\xff", HOST_A);
    CHECK(entry(w, HOST_A) && entry(w, HOST_A)->dst == dev(w, "a0")->br_port);
    uint64_t sent = dev(w, "b0")->stats.tx_packets;
    arrive(w, "b0", HOST_A, HOST_B);
    CHECK_INT(dev(w, "b0")->stats.tx_packets, sent); /* not back */
    arrive(w, "b0", HOST_A, HOST_A);                 /* it moved */
    CHECK(entry(w, HOST_A)->dst == dev(w, "b0")->br_port);
    vnet_run_until(w, T0 + 290 * NSEC_PER_SEC);
    CHECK(entry(w, HOST_A));
    vnet_run_until(w, T0 + 330 * NSEC_PER_SEC);
    CHECK(!entry(w, HOST_A) && !entry(w, HOST_B));
    vnet_free(w);
}

/* A port's own address is the bridge's; it is never learned behind another. */
static void test_own_addresses(void)
{
    struct vnet *w = bridged();
    const struct netdev *a0 = dev(w, "a0");
    arrive(w, "b0", "\xff\xff\xff\xff\xff\xff", (const char *)a0->addr.bytes);
    struct br_fdb *f = entry(w, (const char *)a0->addr.bytes);
    CHECK(f && f->flags & FDB_LOCAL && f->dst == a0->br_port);
    enslave(w, "a0", "br0"); /* as it is */
    struct vnet_err err;
    const struct vnet_link_req nobody = {.ifindex = index_of(w, "a0"), .set = VNET_LINK_MASTER};
    CHECK_INT(vnet_link_set(vnet_init_ns(w), &nobody, &err), 0);
    CHECK(!entry(w, (const char *)a0->addr.bytes));
    CHECK_INT(a0->promiscuity, 0);
    CHECK_INT(a0->allmulti, 0);
    vnet_free(w);
}

/* What lies on a device cannot carry it, nor can there be too many on each other. */
static void test_nesting(void)
{
    struct vnet *w = net_world("debian12");
    add_bridge(w, "br0");
    add_bridge(w, "br1");
    CHECK_INT(enslave(w, "br1", "br0"), -ELOOP);
    CHECK_INT(add_vlan(w, "br0", "up0", 10), 0);
    CHECK_INT(enslave(w, "up0", "br0"), -EBUSY);
    CHECK_INT(enslave(w, "up0", "br1"), 0);
    CHECK_INT(add_vlan(w, "br1", "up1", 10), 0);
    CHECK_INT(enslave(w, "up1", "br0"), -EBUSY);
    net_veth(w, "v0", "w0");
    char below[VNET_IFNAMSIZ] = "v0", name[VNET_IFNAMSIZ];
    int rc = 0, n = 0;
    for (; rc == 0 && n < 20; n++) {
        snprintf(name, sizeof(name), "v0.%d", n);
        rc = add_vlan(w, below, name, 7);
        snprintf(below, sizeof(below), "%s", name);
    }
    CHECK_INT(rc, -EMLINK);
    CHECK(n < 10);
    vnet_free(w);
}

static bool saved_is_same(struct vnet *w)
{
    struct vnet *copy = vnet_clone(w);
    struct vnet_link_info a, b;
    bool same = true;
    for (int i = vnet_link_next(vnet_init_ns(w), 0); i; i = vnet_link_next(vnet_init_ns(w), i)) {
        vnet_link_get(vnet_init_ns(w), i, &a);
        vnet_link_get(vnet_init_ns(copy), i, &b);
        same = same && a.promiscuity == b.promiscuity && a.allmulti == b.allmulti &&
               a.master == b.master && a.iflink == b.iflink && a.tso_max_size == b.tso_max_size &&
               memcmp(&a.opts, &b.opts, sizeof(a.opts)) == 0 &&
               memcmp(&a.slave_opts, &b.slave_opts, sizeof(a.slave_opts)) == 0;
    }
    vnet_free(copy);
    return same;
}

static void test_saved(void)
{
    struct vnet *w = bridged();
    arrive(w, "a0", "\xff\xff\xff\xff\xff\xff", HOST_A);
    CHECK_INT(add_vlan(w, "b1", "b1.10", 10), 0);
    CHECK_INT(add_vlan(w, "b1.10", "b1.10.5", 5), 0);
    net_up(w, "b1.10", true);
    net_up(w, "b1.10.5", true);
    add_bridge(w, "br1");
    CHECK_INT(enslave(w, "b1.10.5", "br1"), 0);
    CHECK_INT(dev(w, "b1")->promiscuity, 1); /* what a port wants is handed down */
    CHECK(saved_is_same(w));
    net_up(w, "b1", false);
    CHECK_INT(dev(w, "b1")->promiscuity, 0);
    CHECK(saved_is_same(w));
    struct vnet_err err;
    CHECK_INT(vnet_link_del(vnet_init_ns(w), index_of(w, "b0"), &err),
              0); /* and all that lies on it */
    CHECK(!dev(w, "b1.10.5"));
    CHECK(saved_is_same(w));
    vnet_free(w);
}

int main(void)
{
    RUN(test_learning_and_ageing);
    RUN(test_own_addresses);
    RUN(test_nesting);
    RUN(test_saved);
    return unit_end();
}
