#include <string.h>

#include "cmd/teach/finder.h"
#include "vnet_bridge.h"

/* ---- ports ---- */

static int master_of(const struct survey_link *l)
{
    struct vnet_link_info info;
    if (l->bridge)
        return l->ifindex;
    return vnet_link_get(l->ns, l->ifindex, &info) < 0 ? 0 : info.master;
}

/* A port that left its bridge lost its VLANs; it may be down besides. */
static void offer_port(struct finder *f, const struct survey_link *l, const struct survey_link *br,
                       uint16_t vid, const char *flags)
{
    struct in_netns ip = tool_in("ip", l->ns), bridge = tool_in("bridge", l->ns);
    if (!l->up)
        offer(f, l, NULL, 3,
              "%s link set %s up\n%s link set %s master %s\n%s vlan add vid %u dev %s%s", ip.text,
              l->name, ip.text, l->name, br->name, bridge.text, vid, l->name, flags);
    offer(f, l, NULL, 2, "%s link set %s master %s\n%s vlan add vid %u dev %s%s", ip.text, l->name,
          br->name, bridge.text, vid, l->name, flags);
}

/* Those that others of its ports have, but for the one that each gets by itself. */
static void find_ports_vlans(struct finder *f, const struct survey_link *l,
                             const struct survey_link *br)
{
    struct vnet_link_opts opts;
    struct vnet_brvlan v;
    if (!vnet_bridge_get(br->ns, br->ifindex, &opts) || !opts.v[VNET_BR_VLAN_FILTERING])
        return;
    for (size_t i = 0; i < f->s.nlinks; i++) {
        const struct survey_link *other = &f->s.links[i];
        if (other == br || other->ns != br->ns || master_of(other) != br->ifindex)
            continue;
        for (unsigned k = 0; vnet_brvlan_get(other->ns, other->ifindex, k, &v); k++) {
            if (v.vid == opts.v[VNET_BR_VLAN_DEFAULT_PVID])
                continue;
            offer_port(f, l, br, v.vid, " pvid untagged");
            offer_port(f, l, br, v.vid, ""); /* it was the trunk */
        }
    }
}

/* A link that hangs on nothing, beside a bridge. */
static bool may_be_port(const struct survey_link *l, const struct survey_link *br)
{
    return br->bridge && br->ns == l->ns && !l->bridge && !l->loopback && !l->has_master &&
           !l->has_addr;
}

static void find_ports(struct finder *f)
{
    for (size_t i = 0; i < f->s.nlinks; i++) {
        const struct survey_link *l = &f->s.links[i];
        for (size_t j = 0; j < f->s.nlinks; j++) {
            const struct survey_link *br = &f->s.links[j];
            if (!may_be_port(l, br))
                continue;
            offer(f, l, NULL, 1, "%s link set %s master %s", tool_in("ip", l->ns).text, l->name,
                  br->name);
            find_ports_vlans(f, l, br);
        }
    }
}

static void find_port_settings(struct finder *f, const struct survey_link *l)
{
    static const struct {
        enum vnet_brport_opt opt;
        const char *word;
        uint64_t wanted;
        const char *value;
    } rows[] = {{VNET_BRPORT_STATE, "state", VNET_BR_STATE_FORWARDING, "forwarding"},
                {VNET_BRPORT_ISOLATED, "isolated", 0, "off"},
                {VNET_BRPORT_LOCKED, "locked", 0, "off"},
                {VNET_BRPORT_FLOOD, "flood", 1, "on"},
                {VNET_BRPORT_BCAST_FLOOD, "bcast_flood", 1, "on"},
                {VNET_BRPORT_MCAST_FLOOD, "mcast_flood", 1, "on"},
                {VNET_BRPORT_LEARNING, "learning", 1, "on"}};
    struct vnet_link_opts port;
    if (!vnet_brport_get(l->ns, l->ifindex, &port))
        return;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (port.v[rows[i].opt] != rows[i].wanted)
            offer(f, l, NULL, 2, "%s link set dev %s %s %s", tool_in("bridge", l->ns).text, l->name,
                  rows[i].word, rows[i].value);
}

/* ---- VLANs ---- */

static bool has_vlan(const struct survey_link *l, uint16_t vid)
{
    struct vnet_brvlan v;
    for (unsigned i = 0; vnet_brvlan_get(l->ns, l->ifindex, i, &v); i++)
        if (v.vid == vid)
            return true;
    return false;
}

static void offer_vlan(struct finder *f, const struct survey_link *l, const struct vnet_brvlan *v)
{
    const char *self = l->bridge ? " self" : "";
    if (!has_vlan(l, v->vid))
        offer(f, l, NULL, l->bridge ? 5 : 2, "%s vlan add vid %u dev %s%s",
              tool_in("bridge", l->ns).text, v->vid, l->name, self);
    offer(f, l, NULL, l->bridge ? 6 : 3, "%s vlan add vid %u dev %s pvid untagged%s",
          tool_in("bridge", l->ns).text, v->vid, l->name, self);
}

/* The VLANs of the bridge's other ports. */
static void find_vlans(struct finder *f, const struct survey_link *l)
{
    struct vnet_link_opts br;
    int master = master_of(l);
    if (!master || !vnet_bridge_get(l->ns, master, &br) || !br.v[VNET_BR_VLAN_FILTERING])
        return;
    if (l->bridge)
        offer(f, l, NULL, 7, "%s link set %s type bridge vlan_filtering 0",
              tool_in("ip", l->ns).text, l->name);
    for (size_t i = 0; i < f->s.nlinks; i++) {
        const struct survey_link *other = &f->s.links[i];
        struct vnet_brvlan v;
        if (other == l || other->ns != l->ns || master_of(other) != master)
            continue;
        for (unsigned k = 0; vnet_brvlan_get(other->ns, other->ifindex, k, &v); k++)
            offer_vlan(f, l, &v);
    }
}

/* ---- namespaces ---- */

/* A link that was left where it is of no use: down, or without address and master. */
static void find_strays(struct finder *f, const struct survey_link *l)
{
    if (l->loopback || l->bridge || l->has_master || l->has_addr || l->peer < 0)
        return;
    for (size_t i = 0; i < f->s.nns; i++) {
        const char *name = vnet_netns_name(f->s.ns[i].ns);
        if (f->s.ns[i].ns != l->ns && *name)
            offer(f, l, NULL, 5, "%s link set %s netns %s", tool_in("ip", l->ns).text, l->name,
                  name);
    }
}

void find_switching(struct finder *f)
{
    find_ports(f);
    for (size_t i = 0; i < f->s.nlinks; i++) {
        find_port_settings(f, &f->s.links[i]);
        find_vlans(f, &f->s.links[i]);
        find_strays(f, &f->s.links[i]);
    }
}
