/* The IPv4 addresses of a namespace in the state file. */
#include <string.h>

#include "base/mem.h"
#include "dev/netdev.h"
#include "inet/devinet.h"
#include "state/fields.h"
#include "state/state.h"
#include "state/values.h"

struct flag_name {
    const char *key;
    uint32_t flag;
};

static const struct flag_name addr_flags[] = {
    {"secondary", VNET_IFA_F_SECONDARY},
    {"deprecated", VNET_IFA_F_DEPRECATED},
    {"noprefixroute", VNET_IFA_F_NOPREFIXROUTE},
    {"autojoin", VNET_IFA_F_MCAUTOJOIN},
};

/* ---- save ---- */

static void save_lifetime(const struct in_ifaddr *ifa, struct json_out *o)
{
    json_put_int(o, "cstamp", ifa->cstamp);
    if (ifa->flags & VNET_IFA_F_PERMANENT)
        return;
    json_put_int(o, "tstamp", ifa->tstamp);
    json_put_int(o, "valid_life_time", ifa->valid_lft);
    json_put_int(o, "preferred_life_time", ifa->preferred_lft);
    state_put_timer(o, "expiry", &ifa->expiry);
}

static void save_addr(const struct in_ifaddr *ifa, struct json_out *o)
{
    const struct netdev *dev = ifa->in_dev->dev;
    json_put_object(o, NULL, false);
    json_put_str(o, "dev", dev->name);
    state_put_addr(o, "local", &ifa->local);
    json_put_int(o, "prefixlen", ifa->prefixlen);
    if (!inet_addr_eq(&ifa->address, &ifa->local))
        state_put_addr(o, "address", &ifa->address);
    state_put_addr(o, "broadcast", &ifa->broadcast);
    state_put_nonzero(o, "scope", ifa->scope);
    if (strcmp(ifa->label, dev->name) != 0)
        json_put_str(o, "label", ifa->label);
    for (size_t i = 0; i < ARRAY_LEN(addr_flags); i++)
        if (ifa->flags & addr_flags[i].flag)
            json_put_bool(o, addr_flags[i].key, true);
    state_put_nonzero(o, "metric", ifa->metric);
    state_put_nonzero(o, "protocol", ifa->proto);
    save_lifetime(ifa, o);
    json_put_end(o);
}

void state_save_addrs(const struct netns *ns, struct json_out *o)
{
    json_put_array(o, "addrs", true);
    netdev_each(ns, dev, i)
    {
        if (!dev->in_dev)
            continue;
        list_each(pos, &dev->in_dev->ifa_list)
        {
            save_addr(list_entry(pos, struct in_ifaddr, node), o);
        }
    }
    json_put_end(o);
}

/* ---- load ---- */

static int get_number(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      const char *key, int64_t max, uint32_t *out)
{
    int64_t v = *out;
    int rc = state_get_int(l, obj, at, key, 0, max, &v);
    *out = (uint32_t)v;
    return rc;
}

static int load_flags(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      uint32_t *flags)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ARRAY_LEN(addr_flags); i++) {
        bool set = false;
        rc = state_get_bool(l, obj, at, addr_flags[i].key, &set);
        if (set)
            *flags |= addr_flags[i].flag;
    }
    return rc;
}

static int load_lifetime(struct state_loader *l, const json_t *obj, const struct state_path *at,
                         struct in_ifaddr *ifa)
{
    int rc = state_get_int(l, obj, at, "cstamp", 0, STATE_TIME_MAX, &ifa->cstamp);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "tstamp", 0, STATE_TIME_MAX, &ifa->tstamp);
    if (!json_object_get(obj, "valid_life_time"))
        ifa->flags |= VNET_IFA_F_PERMANENT;
    if (rc == 0)
        rc = get_number(l, obj, at, "valid_life_time", VNET_LIFETIME_FOREVER - 1, &ifa->valid_lft);
    if (rc == 0)
        rc = get_number(l, obj, at, "preferred_life_time", ifa->valid_lft, &ifa->preferred_lft);
    if (rc == 0 && !(ifa->flags & VNET_IFA_F_PERMANENT))
        rc = state_get_timer(l, obj, at, "expiry", &ifa->expiry);
    return rc;
}

static int load_fields(struct state_loader *l, const json_t *obj, const struct state_path *at,
                       struct in_ifaddr *ifa)
{
    uint32_t prefixlen = 32, scope = 0, proto = 0;
    const char *label = NULL;
    int rc = state_get_addr(l, obj, at, "local", VNET_AF_INET, &ifa->local);
    ifa->address = ifa->local;
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "address", VNET_AF_INET, &ifa->address);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "broadcast", VNET_AF_INET, &ifa->broadcast);
    if (rc == 0)
        rc = get_number(l, obj, at, "prefixlen", 32, &prefixlen);
    if (rc == 0)
        rc = get_number(l, obj, at, "scope", 255, &scope);
    if (rc == 0)
        rc = get_number(l, obj, at, "protocol", 255, &proto);
    if (rc == 0)
        rc = get_number(l, obj, at, "metric", UINT32_MAX, &ifa->metric);
    if (rc == 0)
        rc = state_get_str(l, obj, at, "label", VNET_IFNAMSIZ - 1, &label);
    if (rc == 0)
        rc = load_flags(l, obj, at, &ifa->flags);
    ifa->prefixlen = (uint8_t)prefixlen;
    ifa->scope = (uint8_t)scope;
    ifa->proto = (uint8_t)proto;
    if (label) {
        memset(ifa->label, 0, sizeof(ifa->label));
        memcpy(ifa->label, label, strlen(label));
    }
    return rc;
}

static int load_addr(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {"dev",
                                       "local",
                                       "prefixlen",
                                       "address",
                                       "broadcast",
                                       "scope",
                                       "label",
                                       "secondary",
                                       "deprecated",
                                       "noprefixroute",
                                       "autojoin",
                                       "metric",
                                       "protocol",
                                       "cstamp",
                                       "tstamp",
                                       "valid_life_time",
                                       "preferred_life_time",
                                       "expiry",
                                       NULL};
    const char *name = NULL;
    int rc = state_only_keys(l, obj, at, keys);
    if (rc == 0)
        rc = state_get_str(l, obj, at, "dev", VNET_IFNAMSIZ - 1, &name);
    if (rc < 0)
        return rc;
    struct netdev *dev = name ? netdev_by_name(l->ns, name) : NULL;
    if (!dev || !dev->in_dev)
        return state_fail(l, at, "dev", "must name a link that has IPv4");
    if (!json_object_get(obj, "local"))
        return state_fail(l, at, "local", "is missing");
    struct in_ifaddr *ifa = inet_alloc_ifa(dev->in_dev);
    rc = load_fields(l, obj, at, ifa);
    if (rc == 0)
        rc = load_lifetime(l, obj, at, ifa);
    inet_load_ifa(ifa); /* also one that is wrong: it goes with its device */
    return rc;
}

int state_load_addrs(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    const struct state_path list = {.up = at, .key = "addrs"};
    const json_t *addrs = json_object_get(obj, "addrs"), *v;
    size_t i;
    int rc = 0;
    if (addrs && !json_is_array(addrs))
        return state_fail(l, at, "addrs", "must be an array");
    json_array_foreach(addrs, i, v)
    {
        const struct state_path item = {.up = &list, .index = i};
        if (rc == 0)
            rc = load_addr(l, v, &item);
    }
    return rc;
}
