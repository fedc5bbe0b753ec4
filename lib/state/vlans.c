/* VLAN devices in the state file: "vlans" of a namespace says on which device each lies. */
#include <string.h>

#include "base/mem.h"
#include "dev/vlan.h"
#include "sim/world.h"
#include "state/fields.h"

static const struct state_field vlan_fields[] = {
    FIELD(vlan_dev, vid, "id", FIELD_U16, .max = VLAN_VID_MASK - 1),
    FIELD(vlan_dev, flags, "flags", FIELD_U32, .min = VNET_VLAN_REORDER_HDR,
          .max = VNET_VLAN_REORDER_HDR | VNET_VLAN_LOOSE_BINDING, .initial = VNET_VLAN_REORDER_HDR),
    {.key = NULL},
};

/* ---- save ---- */

static void save_maps(const struct vlan_dev *v, struct json_out *o)
{
    json_put_array(o, "ingress", false);
    for (unsigned i = 0; i < ARRAY_LEN(v->ingress); i++)
        json_put_int(o, NULL, v->ingress[i]);
    json_put_end(o);
    json_put_array(o, "egress", false);
    for (uint32_t i = 0; i < v->negress; i++) {
        json_put_array(o, NULL, false);
        json_put_int(o, NULL, v->egress[i].from);
        json_put_int(o, NULL, v->egress[i].to);
        json_put_end(o);
    }
    json_put_end(o);
}

static void save_vlan(const struct netdev *dev, struct json_out *o)
{
    static const uint32_t none[8];
    const struct vlan_dev *v = vlan_of(dev);
    json_put_object(o, NULL, false);
    json_put_int(o, "ifindex", dev->ifindex);
    json_put_str(o, "link", v->real_dev->name);
    if (v->real_dev->ns != dev->ns)
        json_put_int(o, "link_netns", v->real_dev->ns->id);
    if (v->proto == ETH_P_8021AD)
        json_put_bool(o, "802.1ad", true);
    state_put_fields(o, vlan_fields, v);
    if (v->real_dev_addr.len)
        state_put_lladdr(o, "link_address", &v->real_dev_addr);
    if (v->negress || memcmp(v->ingress, none, sizeof(none)) != 0)
        save_maps(v, o);
    json_put_end(o);
}

void state_save_vlans(const struct netns *ns, struct json_out *o)
{
    bool any = false;
    netdev_each(ns, dev, i)
    {
        if (!is_vlan_dev(dev))
            continue;
        if (!any)
            json_put_array(o, "vlans", true);
        any = true;
        save_vlan(dev, o);
    }
    if (any)
        json_put_end(o);
}

/* ---- load ---- */

enum { EGRESS_MAX = 4096 };

static int load_maps(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     struct vlan_dev *v)
{
    const json_t *ingress = json_object_get(obj, "ingress"), *egress, *pair;
    size_t i;
    for (i = 0; i < ARRAY_LEN(v->ingress); i++) {
        int64_t to = json_integer_value(json_array_get(ingress, i));
        if (to < 0 || to > UINT32_MAX)
            return state_fail(l, at, "ingress", "must be eight priorities");
        v->ingress[i] = (uint32_t)to;
    }
    egress = json_object_get(obj, "egress");
    if (json_array_size(egress) > EGRESS_MAX)
        return state_fail(l, at, "egress", "has too many priorities");
    json_array_foreach(egress, i, pair)
    {
        int64_t from = json_integer_value(json_array_get(pair, 0));
        int64_t to = json_integer_value(json_array_get(pair, 1));
        if (json_array_size(pair) != 2 || from < 0 || from > UINT32_MAX || to < 0 || to > 7)
            return state_fail(l, at, "egress", "must be pairs [priority of a packet, of a tag]");
        ARRAY_GROW(v->egress, v->negress, v->egress_cap);
        v->egress[v->negress++] = (struct vlan_map){(uint32_t)from, (uint32_t)to};
    }
    return 0;
}

static int get_link(struct state_loader *l, const json_t *obj, const struct state_path *at,
                    struct netdev *dev)
{
    const char *name = NULL;
    int64_t id = l->ns->id;
    int rc = state_get_str(l, obj, at, "link", VNET_IFNAMSIZ - 1, &name);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "link_netns", 1, UINT32_MAX, &id);
    if (rc < 0)
        return rc;
    const struct netns *ns = netns_lookup(l->w, (uint32_t)id);
    struct netdev *real_dev = name && ns ? netdev_by_name(ns, name) : NULL;
    if (!real_dev || vlan_of(dev)->real_dev || !vlan_may_lie_on(dev, real_dev))
        return state_fail(l, at, "link", "must name a link that this VLAN can lie on");
    vlan_link(dev, real_dev);
    return 0;
}

static int load_vlan(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {"ifindex", "link",         "link_netns", "802.1ad",
                                       "ingress", "link_address", "egress",     NULL};
    int64_t ifindex = 0;
    bool provider = false;
    int rc = state_only_fields(l, obj, at, vlan_fields, keys);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "ifindex", 1, INT32_MAX, &ifindex);
    if (rc == 0)
        rc = state_get_bool(l, obj, at, "802.1ad", &provider);
    if (rc < 0)
        return rc;
    struct netdev *dev = netdev_by_index(l->ns, (int)ifindex);
    if (!dev || !is_vlan_dev(dev))
        return state_fail(l, at, "ifindex", "must be of a VLAN");
    struct vlan_dev *v = vlan_of(dev);
    v->proto = provider ? ETH_P_8021AD : ETH_P_8021Q;
    rc = state_get_fields(l, obj, at, vlan_fields, v);
    if (rc == 0)
        rc = state_get_lladdr(l, obj, at, "link_address", &v->real_dev_addr);
    if (rc == 0)
        rc = load_maps(l, obj, at, v);
    return rc ? rc : get_link(l, obj, at, dev);
}

int state_load_vlans(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    return state_get_list(l, obj, at, "vlans", load_vlan);
}

int state_check_vlans(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    (void)obj;
    netdev_each(l->ns, dev, i)
    {
        if (is_vlan_dev(dev) && !vlan_dev_real_dev(dev))
            return state_fail(l, at, "vlans", "must say on which link %s lies", dev->name);
        if (is_vlan_dev(dev) && netif_running(dev))
            vlan_load_wants(dev);
    }
    return 0;
}
