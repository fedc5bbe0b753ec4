/* Multicast in the state file: the IPv4 groups of devices and the link-layer addresses that they
 * listen to, "multicast" of a namespace, of those devices where these are not as they come about by
 * themselves. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dev/addr_lists.h"
#include "inet/addrconf.h"
#include "inet/igmp.h"
#include "state/fields.h"
#include "state/hw_addrs.h"
#include "wire/ipv6.h"

enum { MOST = 4096, CHANGES_MAX = 7, QUERY_MAX = 31744 };

static const struct state_field group_fields[] = {
    FIELD(ip_mc, users, "users", FIELD_U32, .min = 1, .initial = 1),
    FIELD(ip_mc, loaded, "loaded", FIELD_BOOL),
    FIELD(ip_mc, crcount, "changes", FIELD_U8, .max = CHANGES_MAX),
    FIELD(ip_mc, reporter, "reporter", FIELD_BOOL),
    FIELD(ip_mc, unsolicited, "unsolicited", FIELD_U8, .max = CHANGES_MAX),
    {.key = NULL},
};

static const struct state_field dev_fields[] = {
    FIELD(in_device, mr_ifc_count, "changes", FIELD_U8, .max = CHANGES_MAX),
    FIELD(in_device, mr_v1_seen, "v1_until", FIELD_I64, .min = 0, .max = STATE_TIMER_MAX),
    FIELD(in_device, mr_v2_seen, "v2_until", FIELD_I64, .min = 0, .max = STATE_TIMER_MAX),
    FIELD(in_device, mr_qi, "query_interval", FIELD_U32, .min = 1, .max = QUERY_MAX,
          .initial = IGMP_QUERY_INTERVAL),
    FIELD(in_device, mr_qri, "response_interval", FIELD_U32, .min = 0, .max = QUERY_MAX,
          .initial = IGMP_QUERY_RESPONSE_INTERVAL),
    FIELD(in_device, mr_qrv, "robustness", FIELD_U8, .min = 1, .max = CHANGES_MAX,
          .initial = QUERY_ROBUSTNESS),
    {.key = NULL},
};

/* ---- what a device listens to by its groups, in the usual order ---- */

static void add6(const struct inet6_mc *mc, struct netdev *into)
{
    uint8_t mac[6];
    if (!(mc->mca_flags & MAF_LOADED) || into->type != VNET_ARPHRD_ETHER)
        return;
    ipv6_mc_mac(mc->addr.bytes, mac);
    const struct lladdr addr = lladdr_eth(mac);
    dev_mc_add(into, &addr);
}

static bool is_all_nodes(const struct inet6_mc *mc)
{
    return mc->addr.bytes[1] == 2 && mc->addr.bytes[15] == 1 && mc->addr.bytes[13] == 0;
}

static void add_groups6(const struct netdev *dev, struct netdev *into, bool all_nodes)
{
    if (!dev->in6_dev)
        return;
    const struct list *head = &dev->in6_dev->mc_list; /* newest first */
    for (const struct list *pos = head->prev; pos != head; pos = pos->prev) {
        const struct inet6_mc *mc = list_entry(pos, struct inet6_mc, node);
        if (is_all_nodes(mc) == all_nodes)
            add6(mc, into);
    }
}

static void add_groups4(const struct netdev *dev, struct netdev *into)
{
    struct lladdr addr;
    if (!dev->in_dev)
        return;
    const struct list *head = &dev->in_dev->mc_list;
    for (const struct list *pos = head->prev; pos != head; pos = pos->prev) {
        const struct ip_mc *im = list_entry(pos, struct ip_mc, node);
        if (im->loaded && ip_mc_map(dev, im->group, &addr))
            dev_mc_add(into, &addr);
    }
}

static void usual_addresses(const struct netdev *dev, struct netdev *into)
{
    add_groups6(dev, into, true);
    add_groups4(dev, into);
    add_groups6(dev, into, false);
}

static bool same_addresses(const struct netdev *a, const struct netdev *b)
{
    if (a->mc.n != b->mc.n)
        return false;
    for (uint32_t i = 0; i < a->mc.n; i++) {
        const struct hw_addr *x = &a->mc.v[i], *y = &b->mc.v[i];
        if (x->users != y->users || x->fixed != y->fixed || x->synced || x->passed ||
            !lladdr_eq(&x->addr, &y->addr))
            return false;
    }
    return true;
}

/* `usual` is made to have them; the memory of its list serves the next device. */
static bool has_usual_addresses(const struct netdev *dev, struct netdev *usual)
{
    usual->type = dev->type;
    usual->mc.n = 0;
    usual_addresses(dev, usual);
    return same_addresses(dev, usual);
}

/* ---- save ---- */

static void save_groups(const struct list *head, const char *key, struct json_out *o)
{
    json_put_array(o, key, false);
    list_each(pos, head)
    {
        const struct ip_mc *im = list_entry(pos, struct ip_mc, node);
        const struct inet_addr group = inet_addr_v4(im->group);
        json_put_object(o, NULL, false);
        state_put_addr(o, "group", &group);
        state_put_fields(o, group_fields, im);
        state_put_timer(o, "timer", &im->timer);
        json_put_end(o);
    }
    json_put_end(o);
}

static void save_dev(const struct netdev *dev, bool groups, bool addresses, struct json_out *o)
{
    json_put_object(o, NULL, false);
    json_put_int(o, "ifindex", dev->ifindex);
    if (groups) {
        save_groups(&dev->in_dev->mc_list, "groups", o);
        save_groups(&dev->in_dev->mc_tomb, "groups_left", o);
        state_put_fields(o, dev_fields, dev->in_dev);
        state_put_timer(o, "change", &dev->in_dev->mr_ifc);
        state_put_timer(o, "answer", &dev->in_dev->mr_gq);
    }
    if (addresses)
        state_put_hw_addrs(o, "listens", &dev->mc);
    json_put_end(o);
}

void state_save_mcast(const struct netns *ns, struct json_out *o)
{
    bool any = false;
    struct netdev usual = {.type = 0};
    netdev_each(ns, dev, i)
    {
        bool groups = dev->in_dev && !ip_mc_is_default(dev->in_dev);
        bool addresses = !has_usual_addresses(dev, &usual);
        if (!groups && !addresses)
            continue;
        if (!any)
            json_put_array(o, "multicast", true);
        any = true;
        save_dev(dev, groups, addresses, o);
    }
    if (any)
        json_put_end(o);
    dev_mc_flush(&usual);
}

/* ---- load ---- */

static int find_dev(struct state_loader *l, const json_t *obj, const struct state_path *at,
                    struct netdev **dev)
{
    int64_t ifindex = 0;
    int rc = state_get_int(l, obj, at, "ifindex", 1, INT32_MAX, &ifindex);
    *dev = rc == 0 ? netdev_by_index(l->ns, (int)ifindex) : NULL;
    return rc < 0 || *dev ? rc : state_fail(l, at, "ifindex", "must be that of a link");
}

static int load_group(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      struct in_device *in_dev, bool tomb)
{
    static const char *const keys[] = {"group", "timer", NULL};
    struct inet_addr group = {0};
    int rc = state_only_fields(l, obj, at, group_fields, keys);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "group", VNET_AF_INET, &group);
    if (rc < 0)
        return rc;
    if (!inet_addr_is_multicast(&group))
        return state_fail(l, at, "group", "must be a multicast address");
    struct ip_mc *im = ip_mc_load(in_dev, inet_addr_to_v4(&group), tomb);
    if (!im)
        return state_fail(l, at, "group", "is there twice");
    rc = state_get_fields(l, obj, at, group_fields, im);
    return rc < 0 ? rc : state_get_timer(l, obj, at, "timer", &im->timer);
}

static int load_groups(struct state_loader *l, const json_t *obj, const struct state_path *at,
                       const char *key, struct in_device *in_dev)
{
    const json_t *list = json_object_get(obj, key), *v;
    const struct state_path list_at = {.up = at, .key = key};
    size_t i;
    int rc = 0;
    if (json_array_size(list) > MOST)
        return state_fail(l, at, key, "must have at most %d groups", MOST);
    json_array_foreach(list, i, v)
    {
        const struct state_path item = {.up = &list_at, .index = i};
        if (rc == 0)
            rc = load_group(l, v, &item, in_dev, in_dev && key[6] != '\0');
    }
    return rc;
}

/* A device's groups. */
static int load_dev(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {"ifindex", "groups",  "groups_left", "change",
                                       "answer",  "listens", NULL};
    struct netdev *dev;
    int rc = state_only_fields(l, obj, at, dev_fields, keys);
    if (rc == 0)
        rc = find_dev(l, obj, at, &dev);
    if (rc < 0 || !json_object_get(obj, "groups"))
        return rc;
    struct in_device *in_dev = dev->in_dev;
    if (!in_dev)
        return state_fail(l, at, "groups", "need a link that has IPv4");
    ip_mc_destroy_dev(in_dev);
    rc = load_groups(l, obj, at, "groups", in_dev);
    if (rc == 0)
        rc = load_groups(l, obj, at, "groups_left", in_dev);
    if (rc == 0)
        rc = state_get_fields(l, obj, at, dev_fields, in_dev);
    if (rc == 0)
        rc = state_get_timer(l, obj, at, "change", &in_dev->mr_ifc);
    return rc < 0 ? rc : state_get_timer(l, obj, at, "answer", &in_dev->mr_gq);
}

/* What it listens to, if that is said. */
static int load_listens(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    struct netdev *dev;
    int rc = find_dev(l, obj, at, &dev);
    if (rc < 0 || !json_object_get(obj, "listens"))
        return rc;
    dev_mc_flush(dev);
    return state_get_hw_addrs(l, obj, at, "listens", 0, &dev->mc);
}

int state_load_mcast(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    netdev_each(l->ns, dev, i)
    {
        if (dev->in_dev)
            ip_mc_load_default(dev->in_dev);
    }
    int rc = state_get_list(l, obj, at, "multicast", load_dev);
    netdev_each(l->ns, other, k)
    {
        dev_mc_flush(other);
        usual_addresses(other, other);
    }
    return rc < 0 ? rc : state_get_list(l, obj, at, "multicast", load_listens);
}
