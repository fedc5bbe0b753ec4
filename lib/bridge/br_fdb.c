/* The forwarding table: which port an address is behind (net/bridge/br_fdb.c). */
#include <errno.h>
#include <string.h>

#include "bridge/br.h"
#include "sim/trace.h"

static uint32_t hash(const uint8_t *addr, uint16_t vlan)
{
    return (uint32_t)(bridge_id_make(vlan, addr) * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

struct br_fdb *br_fdb_find(const struct bridge *br, const uint8_t *addr, uint16_t vlan)
{
    struct htab_link *l = htab_first(&br->fdb, hash(addr, vlan));
    for (; l; l = htab_next(l)) {
        struct br_fdb *f = container_of(l, struct br_fdb, link);
        if (f->vlan == vlan && memcmp(f->addr, addr, ETH_ALEN) == 0)
            return f;
    }
    return NULL;
}

struct br_fdb *br_fdb_create(struct bridge *br, struct br_port *dst, const uint8_t *addr,
                             uint16_t vlan, uint8_t flags)
{
    struct br_fdb *f = pool_take(&br->fdb_pool);
    f->dst = dst;
    f->vlan = vlan;
    f->flags = flags;
    f->updated = f->used = dev_world(br->dev)->now;
    memcpy(f->addr, addr, ETH_ALEN);
    list_add_head(&f->node, &br->fdb_list);
    htab_add(&br->fdb, &f->link, hash(addr, vlan));
    vnet_touch(dev_world(br->dev));
    return f;
}

void br_fdb_delete(struct bridge *br, struct br_fdb *f)
{
    br_fdb_notify(br, f, VNET_RTM_DELNEIGH);
    htab_del(&br->fdb, &f->link);
    list_del(&f->node);
    pool_give(&br->fdb_pool, f);
    vnet_touch(dev_world(br->dev));
}

static const char *mac_str(const uint8_t *addr, char buf[LLADDR_STRLEN_MAX])
{
    const struct lladdr a = lladdr_eth(addr);
    return lladdr_str(&a, buf);
}

/* fdb_add_local(): learned from a frame, and ours all the same. */
static void say_taken(const struct bridge *br, const struct br_port *p, const uint8_t *addr,
                      uint16_t vlan)
{
    char mac[LLADDR_STRLEN_MAX];
    netdev_printk(br->dev, VNET_KLOG_WARNING,
                  "adding interface %s with same address as a received packet (addr:%s, vlan:%u)",
                  p ? p->dev->name : br->dev->name, mac_str(addr, mac), vlan);
}

static void say_own(const struct br_port *p, const uint8_t *addr, uint16_t vlan)
{
    char mac[LLADDR_STRLEN_MAX];
    if (net_ratelimit(p->dev->ns))
        netdev_printk(p->br->dev, VNET_KLOG_WARNING,
                      "received packet on %s with own address as source address (addr:%s, vlan:%u)",
                      p->dev->name, mac_str(addr, mac), vlan);
}

int br_fdb_add_local(struct bridge *br, struct br_port *p, const uint8_t *addr, uint16_t vlan)
{
    const struct lladdr own = lladdr_eth(addr);
    if (!netdev_mac_valid(&own))
        return -EINVAL;
    struct br_fdb *f = br_fdb_find(br, addr, vlan);
    if (f && f->flags & FDB_LOCAL)
        return 0;
    if (f) {
        say_taken(br, p, addr, vlan);
        br_fdb_delete(br, f);
    }
    f = br_fdb_create(br, p, addr, vlan, FDB_LOCAL | FDB_STATIC);
    br_fdb_notify(br, f, VNET_RTM_NEWNEIGH);
    return 0;
}

static struct br_port *other_port_with(const struct bridge *br, const struct br_port *p,
                                       const struct br_fdb *f)
{
    for (struct br_port *op = br->ports; op; op = op->next)
        if (op != p && memcmp(op->dev->addr.bytes, f->addr, ETH_ALEN) == 0 &&
            (!f->vlan || br_vlan_find(&op->vlans, f->vlan)))
            return op;
    return NULL;
}

/* fdb_delete_local(): another port, or the bridge itself, may have the same address. */
void br_fdb_delete_local(struct bridge *br, const struct br_port *p, struct br_fdb *f)
{
    struct br_port *op = other_port_with(br, p, f);
    bool own = p && memcmp(br->dev->addr.bytes, f->addr, ETH_ALEN) == 0 &&
               (!f->vlan || br_vlan_used(br_vlan_find(&br->vlans, f->vlan), true));
    if (!op && !own) {
        br_fdb_delete(br, f);
        return;
    }
    f->dst = op;
    f->flags &= (uint8_t)~FDB_BY_USER;
}

static void move(struct bridge *br, struct br_fdb *f, struct br_port *p)
{
    if (p == f->dst || f->flags & FDB_STICKY)
        return;
    f->dst = p;
    f->flags &= (uint8_t)~FDB_EXT_LEARN;
    br_fdb_notify(br, f, VNET_RTM_NEWNEIGH);
}

void br_fdb_update(struct bridge *br, struct br_port *p, const uint8_t *addr, uint16_t vlan,
                   uint8_t flags)
{
    struct vnet *w = dev_world(br->dev);
    if (br->ageing_time == 0) /* hold_time() */
        return;
    struct br_fdb *f = br_fdb_find(br, addr, vlan);
    if (!f) {
        f = br_fdb_create(br, p, addr, vlan, flags);
        br_fdb_notify(br, f, VNET_RTM_NEWNEIGH);
        return;
    }
    if (f->flags & FDB_LOCAL) {
        trace(w, p->dev, "bridge", "br_fdb_update", VNET_TRACE_OK, NULL,
              "received with its own address as source address");
        say_own(p, addr, vlan);
        return;
    }
    f->updated = w->now;
    move(br, f, p);
    f->flags |= flags & FDB_BY_USER;
}

void br_fdb_delete_by_port(struct bridge *br, const struct br_port *p, uint16_t vlan, bool all)
{
    list_each_safe(pos, next, &br->fdb_list)
    {
        struct br_fdb *f = list_entry(pos, struct br_fdb, node);
        if (f->dst != p ||
            (!all && (f->flags & (FDB_STATIC | FDB_EXT_LEARN) || (vlan && f->vlan != vlan))))
            continue;
        if (f->flags & FDB_LOCAL)
            br_fdb_delete_local(br, p, f);
        else
            br_fdb_delete(br, f);
    }
}

void br_fdb_flush(struct bridge *br)
{
    list_each_safe(pos, next, &br->fdb_list)
    {
        struct br_fdb *f = list_entry(pos, struct br_fdb, node);
        if (!(f->flags & FDB_STATIC))
            br_fdb_delete(br, f);
    }
}

void br_fdb_changeaddr(struct br_port *p, const uint8_t *addr)
{
    struct bridge *br = p->br;
    list_each_safe(pos, next, &br->fdb_list)
    {
        struct br_fdb *f = list_entry(pos, struct br_fdb, node);
        if (f->dst == p && f->flags & FDB_LOCAL && !(f->flags & FDB_BY_USER))
            br_fdb_delete_local(br, p, f);
    }
    br_fdb_add_local(br, p, addr, 0);
    for (uint32_t i = 0; i < p->vlans.n; i++)
        br_fdb_add_local(br, p, addr, p->vlans.v[i].vid);
}

static void forget_own(struct bridge *br, uint16_t vlan)
{
    struct br_fdb *f = br_fdb_find(br, br->dev->addr.bytes, vlan);
    if (f && f->flags & FDB_LOCAL && !f->dst && !(f->flags & FDB_BY_USER))
        br_fdb_delete_local(br, NULL, f);
}

void br_fdb_change_mac_address(struct bridge *br, const uint8_t *addr)
{
    forget_own(br, 0);
    br_fdb_add_local(br, NULL, addr, 0);
    for (uint32_t i = 0; i < br->vlans.n; i++) {
        if (!br_vlan_used(&br->vlans.v[i], true))
            continue;
        forget_own(br, br->vlans.v[i].vid);
        br_fdb_add_local(br, NULL, addr, br->vlans.v[i].vid);
    }
}

/* hold_time() */
static int64_t hold_time(const struct bridge *br)
{
    return br_jiffies(br, br->topology_change ? br->forward_delay : br->ageing_time);
}

/* What is too old goes; the next look is when the next one may be. */
void br_fdb_cleanup(struct vnet *w, struct timer *t)
{
    struct bridge *br = container_of(t, struct bridge, gc.timer);
    int64_t hold = hold_time(br), wait = hold;
    vnet_worked(w, br->fdb.n);
    list_each_safe(pos, next, &br->fdb_list)
    {
        struct br_fdb *f = list_entry(pos, struct br_fdb, node);
        if (f->flags & (FDB_STATIC | FDB_EXT_LEARN))
            continue;
        int64_t left = f->updated + hold - w->now;
        if (left <= 0)
            br_fdb_delete(br, f);
        else if (left < wait)
            wait = left;
    }
    if (wait < 10 * NSEC_PER_MSEC)
        wait = 10 * NSEC_PER_MSEC;
    br_timer_set(w, &br->gc, wait);
    if (hold == 0) /* nothing is ever learned: what falls due each 10 ms is a look at nothing */
        timer_set_jiffies(w, &br->gc.timer, NSEC_PER_SEC);
}

void br_fdb_init(struct bridge *br)
{
    list_init(&br->fdb_list);
    br->fdb_pool.size = sizeof(struct br_fdb);
}

void br_fdb_release(struct bridge *br)
{
    pool_release(&br->fdb_pool);
    list_init(&br->fdb_list);
    htab_release(&br->fdb);
}
