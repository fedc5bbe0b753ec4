/* VLANs of a bridge and its ports (net/bridge/br_vlan.c). Even where frames are not filtered by
 * them, each port has its list, and its address in the forwarding table for each of them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bridge/br.h"
#include "dev/vlan.h"
#include "sim/trace.h"
#include "wire/ether.h"

static uint32_t place(const struct br_vlans *vg, uint16_t vid)
{
    uint32_t lo = 0, hi = vg->n;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (vg->v[mid].vid < vid)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

struct br_vlan *br_vlan_find(const struct br_vlans *vg, uint16_t vid)
{
    uint32_t at = place(vg, vid);
    return at < vg->n && vg->v[at].vid == vid ? &vg->v[at] : NULL;
}

struct br_vlan *br_vlan_insert(struct br_vlans *vg, uint16_t vid, uint8_t flags)
{
    uint32_t at = place(vg, vid);
    ARRAY_GROW(vg->v, vg->n, vg->cap);
    memmove(vg->v + at + 1, vg->v + at, (vg->n - at) * sizeof(*vg->v));
    vg->v[at] = (struct br_vlan){vid, flags & (uint8_t)~BR_VLAN_PVID};
    vg->n++;
    if (flags & BR_VLAN_PVID)
        vg->pvid = vid;
    return &vg->v[at];
}

static void removed(struct br_vlans *vg, const struct br_vlan *v)
{
    uint32_t at = (uint32_t)(v - vg->v);
    vg->n--;
    memmove(vg->v + at, vg->v + at + 1, (vg->n - at) * sizeof(*vg->v));
}

static bool any_port_has(const struct bridge *br, uint16_t vid)
{
    for (const struct br_port *p = br->ports; p; p = p->next)
        if (br_vlan_find(&p->vlans, vid))
            return true;
    return false;
}

/* __vlan_add_flags() */
static void add_flags(struct br_vlans *vg, struct br_vlan *v, uint8_t flags)
{
    if (flags & BR_VLAN_PVID)
        vg->pvid = v->vid;
    else if (vg->pvid == v->vid)
        vg->pvid = 0;
    v->flags &= (uint8_t)~BR_VLAN_UNTAGGED;
    v->flags |= flags & BR_VLAN_UNTAGGED;
}

/* The bridge knows each VLAN that one of its ports is in (br_vlan_get_master()). */
static void get_master(struct bridge *br, uint16_t vid)
{
    if (!br_vlan_find(&br->vlans, vid))
        br_vlan_insert(&br->vlans, vid, 0);
}

static void put_master(struct bridge *br, uint16_t vid)
{
    struct br_vlan *v = br_vlan_find(&br->vlans, vid);
    if (v && !(v->flags & BR_VLAN_BRENTRY) && !any_port_has(br, vid))
        removed(&br->vlans, v);
}

static int add_to_port(struct br_port *p, uint16_t vid, uint8_t flags)
{
    struct br_vlan *v = br_vlan_find(&p->vlans, vid);
    if (!v) {
        if (flags & BR_VLAN_MASTER)
            br_vlan_add(p->br, NULL, vid, flags | BR_VLAN_BRENTRY);
        get_master(p->br, vid);
        br_fdb_add_local(p->br, p, p->dev->addr.bytes, vid);
        v = br_vlan_insert(&p->vlans, vid, 0);
    }
    add_flags(&p->vlans, v, flags);
    return 0;
}

static int add_to_bridge(struct bridge *br, uint16_t vid, uint8_t flags)
{
    struct br_vlan *v = br_vlan_find(&br->vlans, vid);
    bool was = br_vlan_used(v, true);
    if (!was && !(flags & BR_VLAN_BRENTRY)) /* br_vlan_add_existing() */
        return v ? -EINVAL : -ENOENT;
    if (!v)
        v = br_vlan_insert(&br->vlans, vid, 0);
    if (!was) {
        v->flags |= BR_VLAN_BRENTRY;
        br_fdb_add_local(br, NULL, br->dev->addr.bytes, vid);
    }
    add_flags(&br->vlans, v, flags);
    return 0;
}

int br_vlan_add(struct bridge *br, struct br_port *p, uint16_t vid, uint8_t flags)
{
    vnet_touch(dev_world(br->dev));
    int rc = p ? add_to_port(p, vid, flags) : add_to_bridge(br, vid, flags);
    if (rc == 0)
        br_vlan_notify(br, p, vid, VNET_RTM_NEWVLAN);
    return rc;
}

static void delete_local(struct bridge *br, struct br_port *p, const uint8_t *addr, uint16_t vid)
{
    struct br_fdb *f = br_fdb_find(br, addr, vid);
    if (f && f->flags & FDB_LOCAL && f->dst == p && !(f->flags & FDB_BY_USER))
        br_fdb_delete_local(br, p, f);
}

int br_vlan_delete(struct bridge *br, struct br_port *p, uint16_t vid)
{
    struct br_vlans *vg = p ? &p->vlans : &br->vlans;
    struct br_vlan *v = br_vlan_find(vg, vid);
    if (!br_vlan_used(v, !p))
        return -ENOENT;
    vnet_touch(dev_world(br->dev));
    if (vg->pvid == vid)
        vg->pvid = 0;
    delete_local(br, p, p ? p->dev->addr.bytes : br->dev->addr.bytes, vid);
    if (p) {
        br_fdb_delete_by_port(br, p, vid, false);
        removed(vg, v);
    } else {
        v->flags &= (uint8_t)~BR_VLAN_BRENTRY;
    }
    put_master(br, vid);
    br_vlan_notify(br, p, vid, VNET_RTM_DELVLAN);
    return 0;
}

void nbp_vlan_init(struct br_port *p)
{
    uint16_t pvid = (uint16_t)p->br->opt[VNET_BR_VLAN_DEFAULT_PVID];
    if (br_vlans_known(p->br) && pvid)
        br_vlan_add(p->br, p, pvid, BR_VLAN_PVID | BR_VLAN_UNTAGGED);
}

/* Called when the port is no longer on the bridge's list. */
void nbp_vlan_flush(struct br_port *p)
{
    while (p->vlans.n) {
        uint16_t vid = p->vlans.v[--p->vlans.n].vid;
        put_master(p->br, vid);
    }
    p->vlans.pvid = 0;
}

/* ---- frames ---- */

static bool reject(struct netdev *dev, struct skb *skb, const char *func, uint16_t vid)
{
    trace(dev_world(dev), dev, "bridge", func, VNET_TRACE_DROPPED, NULL, "VLAN %u is not let pass",
          vid);
    skb_free(dev_world(dev), skb);
    return false;
}

/* A tag of another protocol is part of the data. */
static void tag_inside(struct skb *skb)
{
    skb_push(skb, ETH_HLEN);
    vlan_insert_tag(skb);
    skb_pull(skb, ETH_HLEN);
    skb->net = skb->head;
}

/* The VLAN of a frame that has none is the port's own; false: it has none either. */
static bool classify(const struct bridge *br, const struct br_vlans *vg, struct skb *skb)
{
    uint16_t proto = (uint16_t)br->opt[VNET_BR_VLAN_PROTOCOL];
    if (!skb->vlan_proto && skb->protocol == proto)
        skb_vlan_untag(skb);
    if (skb->vlan_proto && skb->vlan_proto != proto)
        tag_inside(skb);
    if (skb->vlan_proto && skb->vlan_tci & VLAN_VID_MASK)
        return true;
    if (!vg->pvid)
        return false;
    skb->vlan_tci = skb->vlan_proto ? skb->vlan_tci | vg->pvid : vg->pvid;
    skb->vlan_proto = proto;
    return true;
}

bool br_allowed_ingress(struct bridge *br, const struct br_port *p, struct skb *skb, uint16_t *vid)
{
    const struct br_vlans *vg = p ? &p->vlans : &br->vlans;
    skb->br_filtered = br->opt[VNET_BR_VLAN_FILTERING];
    if (!skb->br_filtered)
        return true;
    if (!classify(br, vg, skb))
        return reject(p ? p->dev : br->dev, skb, "br_allowed_ingress", 0);
    *vid = skb->vlan_tci & VLAN_VID_MASK;
    if (br_vlan_used(br_vlan_find(vg, *vid), !p))
        return true;
    return reject(p ? p->dev : br->dev, skb, "br_allowed_ingress", *vid);
}

bool br_allowed_egress(const struct br_vlans *vg, const struct skb *skb, bool of_bridge)
{
    uint16_t vid = skb->vlan_proto ? skb->vlan_tci & VLAN_VID_MASK : 0;
    return !skb->br_filtered || br_vlan_used(br_vlan_find(vg, vid), of_bridge);
}

bool br_handle_vlan(struct bridge *br, const struct br_port *p, struct skb *skb)
{
    if (!skb->br_filtered)
        return true;
    uint16_t vid = skb->vlan_proto ? skb->vlan_tci & VLAN_VID_MASK : 0;
    const struct br_vlan *v = br_vlan_find(p ? &p->vlans : &br->vlans, vid);
    if (!br_vlan_used(v, !p)) /* a promiscuous bridge sees the frame as it is */
        return !p || reject(p->dev, skb, "br_handle_vlan", vid);
    if (v->flags & BR_VLAN_UNTAGGED)
        skb->vlan_proto = 0;
    return true;
}

/* ---- settings ---- */

static void recalculate_group_addr(struct bridge *br)
{
    bool provider = br->opt[VNET_BR_VLAN_FILTERING] && br->opt[VNET_BR_VLAN_PROTOCOL] == BR_8021AD;
    uint64_t addr = br->opt[VNET_BR_GROUP_ADDR];
    if (!br->group_addr_set)
        br->opt[VNET_BR_GROUP_ADDR] = (addr & ~UINT64_C(0xff)) | (provider ? 0x08 : 0x00);
}

int br_vlan_set_filtering(struct bridge *br, uint64_t on)
{
    if (!br_vlans_known(br))
        return -EOPNOTSUPP;
    br->opt[VNET_BR_VLAN_FILTERING] = on != 0;
    recalculate_group_addr(br);
    return 0;
}

int br_vlan_set_proto(struct bridge *br, uint64_t proto)
{
    if (proto != BR_8021Q && proto != BR_8021AD)
        return -EPROTONOSUPPORT;
    br->opt[VNET_BR_VLAN_PROTOCOL] = proto;
    recalculate_group_addr(br);
    return 0;
}

/* Who still has the old one by default gets the new one in its place. */
static void move_pvid(struct bridge *br, struct br_port *p, uint16_t old, uint16_t new_pvid)
{
    struct br_vlans *vg = p ? &p->vlans : &br->vlans;
    const struct br_vlan *v = old ? br_vlan_find(vg, old) : NULL;
    bool has = v && vg->pvid == old && v->flags & BR_VLAN_UNTAGGED;
    if ((old && !has) || (new_pvid && br_vlan_used(br_vlan_find(vg, new_pvid), !p)))
        return;
    if (new_pvid)
        br_vlan_add(br, p, new_pvid, BR_VLAN_PVID | BR_VLAN_UNTAGGED | (p ? 0 : BR_VLAN_BRENTRY));
    if (old)
        br_vlan_delete(br, p, old);
}

int br_vlan_set_default_pvid(struct bridge *br, uint64_t pvid)
{
    uint16_t old = (uint16_t)br->opt[VNET_BR_VLAN_DEFAULT_PVID];
    if (pvid >= VLAN_VID_MASK)
        return -EINVAL;
    if (pvid == old)
        return 0;
    move_pvid(br, NULL, old, (uint16_t)pvid);
    for (struct br_port *p = br->ports; p; p = p->next)
        move_pvid(br, p, old, (uint16_t)pvid);
    br->opt[VNET_BR_VLAN_DEFAULT_PVID] = pvid;
    return 0;
}

int br_vlan_set_stats_per_port(struct bridge *br, uint64_t on)
{
    if (on > 1)
        return -EINVAL;
    for (const struct br_port *p = br->ports; p; p = p->next)
        if (p->vlans.n)
            return -EBUSY;
    br->opt[VNET_BR_VLAN_STATS_PER_PORT] = on;
    return 0;
}
