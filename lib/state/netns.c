/* Namespaces in the state file: "netns" of the root. */
#include "state/fields.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/put.h"
#include "base/text.h"
#include "dev/netns.h"
#include "dev/nsid.h"
#include "state/asleep.h"
#include "state/records.h"
#include "vnet_netns.h"

/* ---- save ---- */

/* [[number, id], ...] */
static void save_nsids(const struct netns *ns, struct json_out *o)
{
    if (!ns->nnsids)
        return;
    json_put_array(o, "nsids", false);
    for (uint32_t i = 0; i < ns->nnsids; i++) {
        char *p = PUT(json_put_text(o, NULL, 3 * PUT_INT_ROOM), "[");
        p = PUT(put_int(p, ns->nsids[i].id), ",");
        json_put_text_end(o, PUT(put_uint(p, ns->nsids[i].peer->id), "]"));
    }
    json_put_end(o);
}

void state_save_members(const struct netns *ns, struct json_out *o)
{
    if (ns->outside)
        json_put_str(o, "outside", ns->outside);
    json_put_int(o, "last_ifindex", ns->last_ifindex);
    save_nsids(ns, o);
    state_save_links(ns, o);
    state_save_vlans(ns, o);
    state_save_bridges(ns, o);
    state_save_addrs(ns, o);
    state_save_inet6(ns, o);
    state_save_sysctls(ns, o);
    state_save_nexthops(ns, o);
    state_save_fib(ns, o);
    state_save_routes(ns, o);
    state_save_rules(ns, o);
    state_save_neighs(ns, o);
    state_save_proxy_queue(ns, o);
    state_save_sockets(ns, o);
    state_save_ip(ns, o);
    state_save_mcast(ns, o);
    state_save_snmp(ns, o);
}

static void save_netns(const struct netns *ns, struct json_out *o, bool asleep)
{
    json_put_object(o, NULL, true);
    json_put_str(o, "name", ns->name);
    json_put_int(o, "id", ns->id);
    if (asleep)
        asleep_save(ns, o);
    else
        state_save_members(ns, o);
    json_put_end(o);
}

void state_save_netns(struct state_save *s, bool asleep)
{
    netns_each(s->w, ns)
    {
        if ((ns->asleep || (s->sleeps && asleep_can(ns))) != asleep)
            continue;
        if (ns->asleep)
            ns = asleep_save_run(ns, &s->o);
        else
            save_netns(ns, &s->o, asleep);
    }
}

/* ---- load ---- */

typedef int load_fn(struct state_loader *l, const json_t *obj, const struct state_path *at);

static int load_outside(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    const char *label = NULL;
    int rc = state_get_str(l, obj, at, "outside", VNET_NETNS_NAME_MAX, &label);
    if (rc < 0 || !label)
        return rc;
    if (!*label || *l->ns->name || text_has_control(label))
        return state_fail(l, at, "outside", "must be some name for one that has no other");
    l->ns->outside = mem_strdup(label);
    return 0;
}

/* May there be one with that name and id? */
static int check_identity(struct state_loader *l, const struct state_path *at, const char *name,
                          uint32_t id)
{
    if ((id == NETNS_INIT_ID && *name) || !netns_name_ok(name))
        return state_fail(l, at, "name", "must be a file's name, and empty for the first");
    if (id >= l->w->next_netns_id)
        return state_fail(l, at, "id", "must be below \"next_netns\"");
    return 0;
}

/* The one that was made last comes to its place by id: it is that of the list. */
static int sort_in(struct state_loader *l, struct netns *ns, const struct state_path *at)
{
    struct list *before = ns->node.prev;
    while (list_entry(before, struct netns, node)->id > ns->id)
        before = before->prev;
    if (list_entry(before, struct netns, node)->id == ns->id)
        return state_fail(l, at, "id", "is there twice");
    list_del(&ns->node);
    list_add_tail(&ns->node, before->next);
    return 0;
}

static int compare_names(const void *a, const void *b)
{
    const struct netns *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static int check_netns(struct state_loader *l, size_t elements)
{
    const struct netns **sorted = mem_calloc(elements + 1, sizeof(*sorted));
    size_t n = 0;
    int rc = 0;
    netns_each(l->w, ns)
    {
        sorted[n++] = ns;
    }
    if (n != elements)
        rc = state_fail(l, NULL, "netns", "must have one namespace with the id 1");
    qsort(sorted, n, sizeof(*sorted), compare_names);
    for (size_t i = 1; rc == 0 && i < n; i++)
        if (*sorted[i]->name && strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
            rc =
                state_fail(l, NULL, "netns", "there are two with the name \"%s\"", sorted[i]->name);
    free(sorted);
    return rc;
}

/* The namespace to fill: the first is there already (vnet_new()). */
static int make_netns(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    const char *name = NULL;
    uint32_t id = 0;
    int rc = state_get_str(l, obj, at, "name", VNET_NETNS_NAME_MAX, &name);
    if (rc == 0)
        rc = state_get_u32(l, obj, at, "id", 1, &id);
    if (rc < 0)
        return rc;
    if (!name || !id)
        return state_fail(l, at, NULL, "must have a \"name\" and an \"id\"");
    rc = check_identity(l, at, name, id);
    if (rc < 0)
        return rc;
    if (id == NETNS_INIT_ID) {
        l->ns = vnet_init_ns(l->w);
        return 0;
    }
    l->ns = netns_new(l->w, name, NULL);
    l->ns->id = id;
    rc = sort_in(l, l->ns, at);
    return rc ? rc : load_outside(l, obj, at);
}

static int make_asleep(struct state_loader *l, const struct asleep_record *r,
                       const struct state_path *at)
{
    char name[VNET_NETNS_NAME_MAX + 1];
    memcpy(name, r->name, r->name_len);
    name[r->name_len] = '\0';
    int rc = r->id == NETNS_INIT_ID ? state_fail(l, at, NULL, "cannot be asleep")
                                    : check_identity(l, at, name, r->id);
    if (rc == 0)
        rc = asleep_load(l, r, name, at);
    return rc ? rc : sort_in(l, l->ns, at);
}

/* First all namespaces with their links, as those refer to each other. */
static int load_netns(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {
        "name",      "id",       "asleep",       "outside",     "last_ifindex", "nsids",
        "links",     "addrs",    "inet6",        "sysctl",      "fib",          "routes",
        "rules",     "neighs",   "proxies",      "proxy_queue", "neigh_tables", "sockets",
        "ip",        "nexthops", "last_nexthop", "vlans",       "bridges",      "snmp",
        "multicast", NULL};
    uint32_t next_id = l->w->next_netns_id;
    if (json_record(obj))
        return make_asleep(l, json_record(obj), at);
    int rc = state_only_keys(l, obj, at, keys);
    if (rc == 0)
        rc = make_netns(l, obj, at);
    l->w->next_netns_id = next_id; /* netns_new() counts too */
    return rc ? rc : state_load_links(l, obj, at);
}

struct netns *state_find_netns(struct state_loader *l, uint32_t id)
{
    const struct list *next = l->found ? l->found->node.next : &l->w->netns_list;
    struct netns *ns = next != &l->w->netns_list ? list_entry(next, struct netns, node) : NULL;
    l->found = ns && ns->id == id ? ns : netns_lookup(l->w, id);
    return l->found;
}

/* No namespace has id 0. */
static bool get_nsid(const json_t *obj, struct nsid_record *r)
{
    const json_t *number = json_array_get(obj, 0), *id = json_array_get(obj, 1);
    int64_t n = json_integer_value(number), peer_id = json_integer_value(id);
    if (json_array_size(obj) != 2 || !json_is_integer(number) || !json_is_integer(id) || n < 0 ||
        n > INT32_MAX)
        return false;
    *r = (struct nsid_record){(int32_t)n, 0};
    if (peer_id > 0 && peer_id <= UINT32_MAX)
        r->netns = (uint32_t)peer_id;
    return true;
}

static int load_nsid(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    struct nsid_record parsed;
    const struct nsid_record *r = json_record(obj);
    if (!r && !get_nsid(obj, &parsed))
        return state_fail(l, at, NULL, "must be [number, id]");
    if (!r)
        r = &parsed;
    struct netns *peer = r->netns ? state_find_netns(l, r->netns) : NULL;
    if (!peer)
        return state_fail(l, at, NULL, "must have the id of a namespace");
    return nsid_insert(l->ns, peer, r->number)
               ? 0
               : state_fail(l, at, NULL, "its number or its id is there twice");
}

static int load_nsids(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    return state_get_list(l, obj, at, "nsids", load_nsid);
}

static int load_last_ifindex(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    int64_t last = l->ns->last_ifindex;
    int rc = state_get_int(l, obj, at, "last_ifindex", last, INT32_MAX, &last);
    l->ns->last_ifindex = (int)last;
    return rc;
}

/* ... which of them belong together, ... */
static int load_stacks(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    int rc = state_load_peers(l, obj, at);
    return rc ? rc : state_load_vlans(l, obj, at);
}

/* ... then what is on them. */
static int load_subjects(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static load_fn *const subjects[] = {
        load_nsids,        state_check_vlans,  state_load_bridges,  state_load_addrs,
        state_load_inet6,  state_load_sysctls, state_load_nexthops, state_load_fib,
        state_load_routes, state_load_rules,   state_load_neighs,   state_load_proxy_queue,
        state_load_mcast,  state_load_sockets, state_load_ip,       state_load_snmp,
        load_last_ifindex,
    };
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ARRAY_LEN(subjects); i++)
        rc = subjects[i](l, obj, at);
    return rc;
}

int state_load_members(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    int rc = load_stacks(l, obj, at);
    return rc ? rc : load_subjects(l, obj, at);
}

/* Settings of the initial namespace count for all (neigh_defaults()): it comes before the others,
 * wherever it stands. */
static int load_initial(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    return l->ns->id == NETNS_INIT_ID ? load_subjects(l, obj, at) : 0;
}

static int load_others(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    return l->ns->id == NETNS_INIT_ID ? 0 : load_subjects(l, obj, at);
}

static int load_each_netns(struct state_loader *l, const json_t *list, load_fn *load)
{
    const struct state_path at = {.key = "netns"};
    const json_t *obj;
    size_t i;
    int rc = 0;
    json_array_foreach(list, i, obj)
    {
        const struct state_path item = {.up = &at, .index = i};
        l->ns = l->elements[i];
        if (rc == 0 && !(l->ns && l->ns->asleep))
            rc = load(l, obj, &item);
        l->elements[i] = l->ns;
    }
    return rc;
}

int state_load_netns(struct state_loader *l, const json_t *root)
{
    const json_t *list = json_object_get(root, "netns");
    size_t n = json_array_size(list);
    if (n < 1 || n > VNET_NETNS_MAX)
        return state_fail(l, NULL, "netns", "must be an array of 1 to %d namespaces",
                          VNET_NETNS_MAX);
    l->elements = mem_calloc(n, sizeof(*l->elements));
    int rc = load_each_netns(l, list, load_netns);
    if (rc == 0)
        rc = check_netns(l, n);
    if (rc == 0)
        rc = load_each_netns(l, list, load_stacks);
    if (rc == 0)
        rc = load_each_netns(l, list, load_initial);
    if (rc == 0)
        rc = load_each_netns(l, list, load_others);
    free(l->elements);
    l->elements = NULL;
    return rc;
}
