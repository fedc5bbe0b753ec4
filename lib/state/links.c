/* Links in the state file. Keys are those of `ip -j -d -s link` where it has them; "kind" is its
 * linkinfo.info_kind, or "loopback" or "nic". */
#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "base/nametab.h"
#include "dev/addr_lists.h"
#include "dev/core.h"
#include "dev/nic.h"
#include "dev/pair.h"
#include "inet/devinet.h"
#include "state/hw_addrs.h"
#include "state/link_records.h"

#define DELAY_MAX (10 * NSEC_PER_SEC - 1)

enum { ALIAS_MAX = 255, ALTNAME_MAX = 127, ALTNAMES_MAX = 64 };

static const struct nametab linkmode_names[] = {
    {"DEFAULT", 0},
    {"DORMANT", 1},
    {NULL, 0},
};

/* ---- save ---- */

static void save_names(const struct netdev *dev, struct json_out *o)
{
    if (dev->alias)
        json_put_str(o, "ifalias", dev->alias);
    if (!dev->altnames)
        return;
    json_put_array(o, "altnames", false);
    for (char **alt = dev->altnames; *alt; alt++)
        json_put_str(o, NULL, *alt);
    json_put_end(o);
}

/* What ties it to another link comes right behind what it is. */
static void save_identity(const struct netdev *dev, struct json_out *o)
{
    struct netns *ns = NULL;
    const char *sleeper = is_pair(dev) ? pair_sleeper(dev, &ns) : NULL;
    const struct netdev *peer = is_pair(dev) ? pair_tied(dev) : NULL;
    const char *link = ns     ? sleeper
                       : peer ? peer->name
                              : NULL; /* a pair without: nothing loads that */
    if (!ns && peer)
        ns = peer->ns;
    state_put_link_identity(o, dev, link, ns && ns != dev->ns ? ns->id : 0);
}

static void save_wire(const struct netdev *dev, struct json_out *o)
{
    const struct netdev *to = nic_wired_to(dev);
    if (!to)
        return;
    json_put_str(o, "wire", to->name);
    json_put_int(o, "wire_netns", to->ns->id);
    json_put_array(o, "delay", false);
    json_put_int(o, NULL, dev->hop_ns_min);
    json_put_int(o, NULL, dev->hop_ns_spread);
    json_put_end(o);
}

static void save_link(const struct netdev *dev, struct json_out *o)
{
    json_put_object(o, NULL, false);
    save_identity(dev, o);
    if (dev->kind == &nic_kind)
        save_wire(dev, o);
    state_put_link_settings(o, dev);
    if (dev->linkmode)
        json_put_str(o, "linkmode", nametab_name(linkmode_names, dev->linkmode));
    state_put_link_values(o, dev);
    if (!dev->in_dev)
        json_put_bool(o, "inet", false);
    save_names(dev, o);
    if (dev->uc_promisc && !netif_running(dev)) /* else its addresses tell */
        json_put_bool(o, "uc_promisc", true);
    if (dev->uc.n)
        state_put_hw_addrs(o, "hwaddrs", &dev->uc);
    state_put_link_stats(o, &dev->stats);
    json_put_end(o);
}

void state_save_links(const struct netns *ns, struct json_out *o)
{
    json_put_array(o, "links", true);
    netdev_each(ns, dev, i)
    {
        save_link(dev, o);
    }
    json_put_end(o);
}

/* ---- load ---- */

static int get_name(struct state_loader *l, const json_t *obj, const struct state_path *at,
                    const char *key, const struct nametab *names, uint8_t *out)
{
    const char *name = NULL;
    uint32_t value = *out;
    int rc = state_get_str(l, obj, at, key, 32, &name);
    if (rc < 0 || !name)
        return rc;
    if (!nametab_value(names, name, &value))
        return state_fail(l, at, key, "is not one of the names that `ip link` has for it");
    *out = (uint8_t)value;
    return 0;
}

static int set_flags(struct state_loader *l, const struct state_path *at, struct netdev *dev,
                     uint32_t flags)
{
    static const uint32_t free_to_set = VNET_IFF_MULTICAST | VNET_IFF_NOARP | VNET_IFF_ALLMULTI |
                                        VNET_IFF_PROMISC | VNET_IFF_DEBUG | VNET_IFF_DYNAMIC |
                                        VNET_IFF_AUTOMEDIA | VNET_IFF_PORTSEL |
                                        VNET_IFF_NOTRAILERS | VNET_IFF_UP;
    if ((flags ^ dev->flags) & ~free_to_set)
        return state_fail(l, at, "flags", "are not those of this kind of link");
    dev->flags = flags;
    dev->promiscuity = flags & VNET_IFF_PROMISC ? 1 : 0;
    dev->allmulti = flags & VNET_IFF_ALLMULTI ? 1 : 0;
    return 0;
}

static int get_flags(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     struct netdev *dev)
{
    const json_t *list = json_object_get(obj, "flags"), *v;
    uint32_t flags = 0, bit;
    size_t i;
    if (!json_is_array(list))
        return state_fail(l, at, "flags", "must be an array of flags");
    json_array_foreach(list, i, v)
    {
        if (!json_is_string(v) ||
            !nametab_value(vnet_link_flag_names, json_string_value(v), &bit) ||
            bit & STATE_COMPUTED_FLAGS)
            return state_fail(l, at, "flags", "must be an array of flags of `ip link`");
        flags |= bit;
    }
    return set_flags(l, at, dev, flags);
}

/* As long as the device's own addresses are. */
static int set_eth(struct state_loader *l, const struct state_path *at, const char *key,
                   const struct lladdr *addr, struct lladdr *out)
{
    if (addr->len != out->len)
        return state_fail(l, at, key,
                          out->len ? "must be an address of six bytes"
                                   : "is not for this kind of link");
    *out = *addr;
    return 0;
}

static int get_eth(struct state_loader *l, const json_t *obj, const struct state_path *at,
                   const char *key, struct lladdr *out)
{
    struct lladdr addr = *out;
    int rc = state_get_lladdr(l, obj, at, key, &addr);
    return rc ? rc : set_eth(l, at, key, &addr, out);
}

static int get_qdisc(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     const char *key, char out[VNET_IFNAMSIZ])
{
    const char *name = NULL;
    int rc = state_get_str(l, obj, at, key, VNET_IFNAMSIZ - 1, &name);
    if (rc == 0 && name) {
        memset(out, 0, VNET_IFNAMSIZ);
        for (size_t i = 0; name[i] && i < VNET_IFNAMSIZ - 1; i++)
            out[i] = name[i];
    }
    return rc;
}

static int get_altnames(struct state_loader *l, const json_t *obj, const struct state_path *at,
                        struct netdev *dev)
{
    const json_t *list = json_object_get(obj, "altnames"), *v;
    size_t n = json_array_size(list), i;
    if (!list)
        return 0;
    if (!json_is_array(list) || n == 0 || n > ALTNAMES_MAX)
        return state_fail(l, at, "altnames", "must be an array of 1 to %d names", ALTNAMES_MAX);
    dev->altnames = mem_calloc(n + 1, sizeof(char *));
    l->ns->altnames = true;
    json_array_foreach(list, i, v)
    {
        const char *name = json_string_value(v);
        if (!name || !netdev_altname_valid(name) || netdev_by_name(l->ns, name))
            return state_fail(l, at, "altnames", "must be names that no other link has");
        dev->altnames[i] = mem_strdup(name);
    }
    return 0;
}

/* Of a device that is down: it was up while it had such addresses. */
static int get_uc_promisc(struct state_loader *l, const json_t *obj, const struct state_path *at,
                          struct netdev *dev)
{
    bool promisc = false;
    int rc = state_get_bool(l, obj, at, "uc_promisc", &promisc);
    if (rc < 0 || !promisc || netif_running(dev))
        return rc;
    dev->uc_promisc = true;
    netdev_set_promiscuity(dev, 1);
    return 0;
}

static int get_hwaddrs(struct state_loader *l, const json_t *obj, const struct state_path *at,
                       struct netdev *dev)
{
    if (dev->addr.len != ETH_ALEN && json_object_get(obj, "hwaddrs"))
        return state_fail(l, at, "hwaddrs", "are for Ethernet devices");
    int rc = state_get_hw_addrs(l, obj, at, "hwaddrs", ETH_ALEN, &dev->uc);
    dev_set_rx_mode(dev);
    return rc;
}

static int get_alias(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     struct netdev *dev)
{
    const char *alias = NULL;
    int rc = state_get_str(l, obj, at, "ifalias", ALIAS_MAX, &alias);
    if (rc == 0 && alias && *alias)
        dev->alias = mem_strdup(alias);
    return rc;
}

static int get_stats(struct state_loader *l, const json_t *obj, const struct state_path *up,
                     struct netdev *dev)
{
    static const char *const keys[] = {"rx", "tx", NULL};
    const struct state_path at = {.up = up, .key = "stats64"};
    const struct state_path rx = {.up = &at, .key = "rx"}, tx = {.up = &at, .key = "tx"};
    const json_t *stats = json_object_get(obj, "stats64");
    if (!stats)
        return 0;
    const json_t *rx_obj = json_object_get(stats, "rx"), *tx_obj = json_object_get(stats, "tx");
    int rc = state_only_keys(l, stats, &at, keys);
    if (rc == 0)
        rc = state_get_fields(l, rx_obj, &rx, state_rx_fields, &dev->stats);
    if (rc == 0)
        rc = state_get_fields(l, tx_obj, &tx, state_tx_fields, &dev->stats);
    if (rc == 0)
        rc = state_no_others(l, rx_obj, &rx);
    return rc ? rc : state_no_others(l, tx_obj, &tx);
}

static int64_t max_mtu(const struct netdev *dev)
{
    return dev->max_mtu ? dev->max_mtu : INT32_MAX;
}

static int get_mtu(struct state_loader *l, const json_t *obj, const struct state_path *at,
                   struct netdev *dev)
{
    int64_t mtu = dev->mtu;
    int rc = state_get_int(l, obj, at, "mtu", dev->min_mtu, max_mtu(dev), &mtu);
    dev->mtu = (uint32_t)mtu;
    return rc;
}

static int take_record(struct state_loader *l, const struct link_record *r,
                       const struct state_path *at, struct netdev *dev)
{
    int rc = set_flags(l, at, dev, r->dev.flags);
    if (rc == 0)
        rc = state_check_range(l, at, "mtu", r->dev.mtu, dev->min_mtu, max_mtu(dev));
    if (rc == 0 && r->dev.addr.len)
        rc = set_eth(l, at, "address", &r->dev.addr, &dev->addr);
    if (rc == 0 && r->dev.brd.len)
        rc = set_eth(l, at, "broadcast", &r->dev.brd, &dev->brd);
    if (rc < 0)
        return rc;
    dev->mtu = r->dev.mtu;
    memcpy(dev->qdisc, r->dev.qdisc, sizeof(dev->qdisc));
    if (*r->dev.default_qdisc)
        memcpy(dev->default_qdisc, r->dev.default_qdisc, sizeof(dev->default_qdisc));
    state_copy_fields(state_link_fields, &r->dev, dev);
    dev->stats = r->dev.stats;
    return 0;
}

/* Everything but the name, the index and the peer. */
static int get_values(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      struct netdev *dev)
{
    if (json_record(obj))
        return take_record(l, json_record(obj), at, dev);
    int rc = get_flags(l, obj, at, dev);
    if (rc == 0)
        rc = get_mtu(l, obj, at, dev);
    if (rc == 0)
        rc = get_qdisc(l, obj, at, "qdisc", dev->qdisc);
    if (rc == 0)
        rc = get_qdisc(l, obj, at, "default_qdisc", dev->default_qdisc);
    if (rc == 0)
        rc = get_name(l, obj, at, "linkmode", linkmode_names, &dev->linkmode);
    if (rc == 0)
        rc = get_eth(l, obj, at, "address", &dev->addr);
    if (rc == 0)
        rc = get_eth(l, obj, at, "broadcast", &dev->brd);
    if (rc == 0)
        rc = state_get_fields(l, obj, at, state_link_fields, dev);
    if (rc == 0)
        rc = get_alias(l, obj, at, dev);
    if (rc == 0)
        rc = get_altnames(l, obj, at, dev);
    if (rc == 0)
        rc = get_hwaddrs(l, obj, at, dev);
    if (rc == 0)
        rc = get_uc_promisc(l, obj, at, dev);
    return rc ? rc : get_stats(l, obj, at, dev);
}

/* ... and what registering a device would set anew. */
static int settle(struct state_loader *l, const json_t *obj, const struct state_path *at,
                  struct netdev *dev)
{
    bool inet = true;
    const struct link_record *r = json_record(obj);
    dev->operstate = r ? r->dev.operstate : VNET_OPER_UNKNOWN;
    if (r)
        return 0;
    int rc = get_name(l, obj, at, "operstate", state_operstates, &dev->operstate);
    if (rc == 0)
        rc = state_get_bool(l, obj, at, "inet", &inet);
    if (rc == 0 && !inet)
        inetdev_destroy(dev);
    return rc;
}

struct identity {
    const struct link_kind *kind;
    const char *name;
    int ifindex;
};

static int parse_identity(struct state_loader *l, const json_t *obj, const struct state_path *at,
                          struct identity *id)
{
    const char *kind = NULL;
    int64_t ifindex = 0;
    int rc = state_get_int(l, obj, at, "ifindex", 1, INT32_MAX, &ifindex);
    if (rc == 0)
        rc = state_get_str(l, obj, at, "ifname", VNET_IFNAMSIZ - 1, &id->name);
    if (rc == 0)
        rc = state_get_str(l, obj, at, "kind", 32, &kind);
    id->ifindex = (int)ifindex;
    id->kind = kind ? link_kind_by_state_name(kind) : NULL;
    return rc;
}

static int get_identity(struct state_loader *l, const json_t *obj, const struct state_path *at,
                        struct identity *id)
{
    const struct link_record *r = json_record(obj);
    int rc = 0;
    if (r)
        *id = (struct identity){r->kind, r->name, r->ifindex};
    else
        rc = parse_identity(l, obj, at, id);
    if (rc < 0)
        return rc;
    if (!id->kind)
        return state_fail(l, at, "kind", "is not a kind of link that this vnet knows");
    if (!id->name || !vnet_link_name_valid(id->name) || strchr(id->name, '%'))
        return state_fail(l, at, "ifname", "must be a name that a link may have");
    return 0;
}

/* lo is there already: it comes with the namespace. */
static int load_loopback(struct state_loader *l, const json_t *obj, const struct state_path *at,
                         const struct identity *id)
{
    struct netdev *lo = l->ns->loopback;
    if (id->ifindex != lo->ifindex)
        return state_fail(l, at, "ifindex", "of the loopback device must be %d", lo->ifindex);
    if (netdev_by_name(l->ns, id->name) && netdev_by_name(l->ns, id->name) != lo)
        return state_fail(l, at, "ifname", "is there twice");
    netdev_rename(lo, id->name);
    int rc = get_values(l, obj, at, lo);
    return rc ? rc : settle(l, obj, at, lo);
}

static int load_other(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      const struct identity *id)
{
    if (netdev_by_index(l->ns, id->ifindex))
        return state_fail(l, at, "ifindex", "is there twice");
    if (netdev_by_name(l->ns, id->name))
        return state_fail(l, at, "ifname", "is there twice");
    struct netdev *dev = netdev_alloc(l->ns, id->kind);
    dev->ifindex = id->ifindex;
    int rc = get_values(l, obj, at, dev);
    if (rc == 0)
        rc = netdev_insert(dev, id->name);
    if (rc) {
        netdev_free(dev);
        return rc;
    }
    return settle(l, obj, at, dev);
}

static int load_link(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    struct identity id = {0};
    int rc = get_identity(l, obj, at, &id);
    if (rc < 0)
        return rc;
    return id.kind == &loopback_kind ? load_loopback(l, obj, at, &id) : load_other(l, obj, at, &id);
}

static int get_peer(struct state_loader *l, const json_t *obj, const struct state_path *at,
                    const char **name, struct netns **ns, struct netdev **peer)
{
    const struct link_record *r = json_record(obj);
    int64_t id = r && r->link_netns ? r->link_netns : l->ns->id;
    int rc = state_get_str(l, obj, at, "link", VNET_IFNAMSIZ - 1, name);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "link_netns", 1, UINT32_MAX, &id);
    if (rc < 0)
        return rc;
    if (r)
        *name = *r->link ? r->link : NULL;
    *ns = id == l->ns->id ? l->ns : state_find_netns(l, (uint32_t)id);
    *peer = *name && *ns ? netdev_by_name(*ns, *name) : NULL;
    return 0;
}

static int get_delay(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     struct netdev *dev)
{
    const json_t *list = json_object_get(obj, "delay");
    int64_t v[2];
    for (size_t i = 0; i < 2; i++) {
        const json_t *item = json_array_get(list, i);
        v[i] = json_integer_value(item);
        if (json_array_size(list) != 2 || !json_is_integer(item) || v[i] < 0 || v[i] > DELAY_MAX)
            return state_fail(l, at, "delay", "must be two numbers of nanoseconds below 10 s");
    }
    nic_set_delay(dev, v[0], v[1]);
    return 0;
}

/* Each end of a wire names the other, too. */
static int load_wire(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     struct netdev *dev)
{
    const char *name = NULL;
    int64_t id = 0;
    int rc = state_get_str(l, obj, at, "wire", VNET_IFNAMSIZ - 1, &name);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "wire_netns", 1, UINT32_MAX, &id);
    if (rc < 0 || (!name && !id && !json_object_get(obj, "delay")))
        return rc;
    const struct netns *ns = netns_lookup(l->w, (uint32_t)id);
    struct netdev *to = name && ns ? netdev_by_name(ns, name) : NULL;
    if (dev->kind != &nic_kind || !to || to == dev || to->kind != &nic_kind)
        return state_fail(l, at, "wire", "must lead from one network card to another");
    if (!nic_wired_to(dev) && !nic_wired_to(to))
        nic_wire(dev, to);
    if (nic_wired_to(dev) != to)
        return state_fail(l, at, "wire", "must name a card that names this one");
    return get_delay(l, obj, at, dev);
}

/* What this end is for the other, which was read before: asleep, if that names it so. */
static bool wanted_by(const struct netdev *peer, const struct netdev *dev)
{
    struct netns *bed;
    const char *name = pair_sleeper(peer, &bed);
    return !bed || (bed == dev->ns && strcmp(name, dev->name) == 0);
}

static int not_named_back(struct state_loader *l, const struct state_path *at)
{
    return state_fail(l, at, "link", "must name an end that names this one");
}

/* Each end of a pair names the other. */
static int load_other_end(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    const char *name = NULL;
    struct netns *ns = NULL;
    struct netdev *peer = NULL;
    const struct link_record *r = json_record(obj);
    int64_t ifindex = r ? r->ifindex : 0;
    int rc = state_get_int(l, obj, at, "ifindex", 1, INT32_MAX, &ifindex);
    if (rc == 0)
        rc = get_peer(l, obj, at, &name, &ns, &peer);
    if (rc < 0)
        return rc;
    struct netdev *dev = netdev_by_index(l->ns, (int)ifindex);
    if (!dev) /* the loopback keeps its index whatever the file says */
        return state_fail(l, at, "ifindex", "is not this link's");
    if (!is_pair(dev) && (name || (r && r->link_netns) || json_object_get(obj, "link_netns")))
        return state_fail(l, at, "link", "is for the ends of a pair only");
    if (!is_pair(dev))
        return load_wire(l, obj, at, dev);
    if (name && ns && ns->asleep) {
        if (pair_tied(dev)) /* to one that is awake */
            return not_named_back(l, at);
        pair_tie_asleep(dev, ns, name);
        return 0;
    }
    if (!peer || peer == dev || peer->kind != dev->kind)
        return state_fail(l, at, "link", "must name the other end of the pair");
    if (!pair_tied(dev) && !pair_tied(peer) && wanted_by(peer, dev))
        pair_tie(dev, peer);
    return pair_tied(dev) == peer ? 0 : not_named_back(l, at);
}

/* ... behind which no key is left. */
static int load_peer(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    int rc = load_other_end(l, obj, at);
    return rc || json_record(obj) ? rc : state_no_others(l, obj, at);
}

int state_load_links(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    return state_get_list(l, obj, at, "links", load_link);
}

int state_load_peers(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    return state_get_list(l, obj, at, "links", load_peer);
}
