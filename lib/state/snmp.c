/* SNMP counters of a namespace in the state file: "snmp", an object a table, those that are not 0;
 * and "nstat", those that nstat(8) has seen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inet/mib.h"
#include "sim/world.h"
#include "state/state.h"
#include "vnet_nstat.h"

enum { NAME_MAX_LEN = 32 };

static uint64_t *values_of(const struct netns *ns, const struct mib_table *t)
{
    return (uint64_t *)((char *)ns->mib + t->offset);
}

static const char *name_of(const struct mib_table *t, uint32_t i, char buf[NAME_MAX_LEN])
{
    if (t->names)
        return t->names[i];
    snprintf(buf, NAME_MAX_LEN, "%sType%u", i < MIB_MSG_OUT ? "In" : "Out", i % MIB_MSG_OUT);
    return buf;
}

/* The first that is not 0, from `i` on; t->n: none. */
static uint32_t next_value(const uint64_t *v, const struct mib_table *t, uint32_t i)
{
    while (i < t->n && !v[i])
        i++;
    return i;
}

static bool is_empty(const struct netns *ns)
{
    for (const struct mib_table *t = mib_tables; t->name; t++)
        if (next_value(values_of(ns, t), t, 0) < t->n)
            return false;
    return true;
}

void state_save_snmp(const struct netns *ns, struct json_out *o)
{
    char buf[NAME_MAX_LEN];
    if (is_empty(ns))
        return;
    json_put_object(o, "snmp", true);
    for (const struct mib_table *t = mib_tables; t->name; t++) {
        const uint64_t *v = values_of(ns, t);
        uint32_t i = next_value(v, t, 0);
        if (i == t->n)
            continue;
        json_put_object(o, t->name, false);
        for (; i < t->n; i = next_value(v, t, i + 1))
            json_put_u64(o, name_of(t, i, buf), v[i]);
        json_put_end(o);
    }
    json_put_end(o);
}

/* ---- load ---- */

/* "InType8", "OutType0"; t->n: no such name. */
static uint32_t type_by_name(const struct mib_table *t, const char *name)
{
    char buf[NAME_MAX_LEN];
    bool out = strncmp(name, "OutType", 7) == 0;
    long type = strtol(strncmp(name, "InType", 6) == 0 ? name + 6
                       : out                           ? name + 7
                                                       : "-1",
                       NULL, 10);
    if (type < 0 || type >= MIB_MSG_OUT)
        return t->n;
    uint32_t i = (uint32_t)type + (out ? MIB_MSG_OUT : 0);
    return strcmp(name_of(t, i, buf), name) == 0 ? i : t->n;
}

static uint32_t index_by_name(const struct mib_table *t, const char *name)
{
    if (!t->names)
        return type_by_name(t, name);
    for (uint32_t i = 0; i < t->n; i++)
        if (strcmp(t->names[i], name) == 0)
            return i;
    return t->n;
}

static int load_table(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      const struct mib_table *t)
{
    const char *key;
    const json_t *v;
    json_object_foreach(obj, key, v)
    {
        uint32_t i = index_by_name(t, key);
        if (i == t->n)
            return state_fail(l, at, key, "is no counter of this table");
        if (!json_u64_value(v, &values_of(l->ns, t)[i]))
            return state_fail(l, at, key, "must be an integer from 0 to 2^64-1");
    }
    return 0;
}

int state_load_snmp(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    const struct state_path snmp_at = {.up = at, .key = "snmp"};
    const json_t *snmp = json_object_get(obj, "snmp");
    const char *key;
    const json_t *v;
    if (snmp && !json_is_object(snmp))
        return state_fail(l, at, "snmp", "must be an object");
    json_object_foreach(snmp, key, v)
    {
        const struct state_path table_at = {.up = &snmp_at, .key = key};
        const struct mib_table *t = mib_tables;
        while (t->name && strcmp(t->name, key) != 0)
            t++;
        if (!t->name)
            return state_fail(l, &snmp_at, key, "is no table of counters");
        if (!json_is_object(v))
            return state_fail(l, &snmp_at, key, "must be an object");
        int rc = load_table(l, v, &table_at, t);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* ---- nstat ---- */

void state_save_nstat(const struct vnet *w, struct json_out *o)
{
    size_t n;
    const struct vnet_nstat_entry *v = vnet_nstat_history(w, &n);
    if (n == 0)
        return;
    json_put_object(o, "nstat", false);
    for (size_t i = 0; i < n; i++)
        json_put_u64(o, v[i].name, v[i].value);
    json_put_end(o);
}

static bool name_ok(const char *name)
{
    size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    return n > 0 && n < VNET_NSTAT_NAME && !name[n];
}

static int load_entries(struct state_loader *l, const json_t *list, const struct state_path *at,
                        struct vnet_nstat_entry *v)
{
    const char *key;
    const json_t *value;
    size_t n = 0;
    json_object_foreach(list, key, value)
    {
        if (!name_ok(key))
            return state_fail(l, at, NULL, "must have names of counters only");
        if (!json_u64_value(value, &v[n].value))
            return state_fail(l, at, key, "must be an integer from 0 to 2^64-1");
        strcpy(v[n++].name, key);
    }
    vnet_nstat_keep(l->w, v, n);
    return 0;
}

int state_load_nstat(struct state_loader *l, const json_t *root, const struct state_path *at)
{
    const json_t *list = json_object_get(root, "nstat");
    const struct state_path list_at = {.up = at, .key = "nstat"};
    if (!list)
        return 0;
    if (!json_is_object(list) || json_object_size(list) > VNET_NSTAT_MAX)
        return state_fail(l, at, "nstat", "must be an object of at most %d members",
                          VNET_NSTAT_MAX);
    struct vnet_nstat_entry *v = mem_calloc(json_object_size(list) + 1, sizeof(*v));
    int rc = load_entries(l, list, &list_at, v);
    free(v);
    return rc;
}
