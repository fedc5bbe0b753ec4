/* What of the routing tables routes and rules alone do not say: tables without routes, that there
 * were rules once, exceptions. */
#include "inet/fib_exception.h"
#include "inet/fib_internal.h"
#include "state/fields.h"
#include "state/state.h"

static const struct state_field exception_fields[] = {
    FIELD(fib_exception, ifindex, "ifindex", FIELD_INT),
    FIELD(fib_exception, mtu, "mtu", FIELD_U32, .max = INT32_MAX),
    FIELD(fib_exception, mtu_locked, "mtu_locked", FIELD_BOOL),
    FIELD(fib_exception, expires, "expires", FIELD_I64, .max = STATE_TIME_MAX),
    FIELD(fib_exception, stamp, "stamp", FIELD_I64, .max = STATE_TIME_MAX),
    {.key = NULL},
};

/* ---- save ---- */

/* Would the routes of the file alone bring this table back? */
static bool table_implied(const struct fib *fib, const struct fib_table *t)
{
    if (fib->family == VNET_AF_INET6 && (t == fib->main || t == fib->local))
        return true; /* always there */
    if (t == fib->main && fib->local && fib->local->trie == t->trie)
        return fib->local->routes != 0; /* it brings both */
    return t->routes != 0;
}

static bool all_implied(const struct fib *fib)
{
    for (unsigned i = 0; i < fib->ntables; i++)
        if (!table_implied(fib, fib->tables[i]))
            return false;
    return true;
}

static void save_exceptions(const struct fib *fib, struct json_out *o)
{
    if (list_empty(&fib->exceptions))
        return;
    json_put_array(o, "exceptions", true);
    list_each(pos, &fib->exceptions)
    {
        const struct fib_exception *e = list_entry(pos, struct fib_exception, node);
        json_put_object(o, NULL, false);
        state_put_addr(o, "daddr", &e->daddr);
        state_put_addr(o, "gateway", &e->gateway);
        state_put_addr(o, "redirect", &e->redirect);
        state_put_fields(o, exception_fields, e);
        json_put_end(o);
    }
    json_put_end(o);
}

static void save_family(const struct fib *fib, const char *key, struct json_out *o)
{
    json_put_object(o, key, false);
    if (fib->custom_rules)
        json_put_bool(o, "custom_rules", true);
    if (fib->custom_local)
        json_put_bool(o, "custom_local", true);
    if (!all_implied(fib)) {
        json_put_array(o, "tables", false);
        for (unsigned i = 0; i < fib->ntables; i++)
            json_put_int(o, NULL, fib->tables[i]->id);
        json_put_end(o);
    }
    state_put_timer(o, "gc", &fib->gc);
    save_exceptions(fib, o);
    json_put_end(o);
}

void state_save_fib(const struct netns *ns, struct json_out *o)
{
    const struct fib *fib[] = {ns->fib4, ns->fib6};
    static const char *const names[] = {"inet", "inet6"};
    bool any = false;
    for (unsigned i = 0; i < 2; i++)
        any |= fib[i]->custom_rules || fib[i]->custom_local || !all_implied(fib[i]) ||
               timer_pending(&fib[i]->gc) || !list_empty(&fib[i]->exceptions);
    if (!any)
        return;
    json_put_object(o, "fib", false);
    for (unsigned i = 0; i < 2; i++)
        save_family(fib[i], names[i], o);
    json_put_end(o);
}

/* ---- load ---- */

static int load_exception(struct state_loader *l, const json_t *obj, const struct state_path *at,
                          struct fib *fib)
{
    static const char *const keys[] = {"daddr", "gateway", "redirect", NULL};
    const uint32_t least = fib->family == VNET_AF_INET6 ? 1280 : 1;
    int rc = state_only_fields(l, obj, at, exception_fields, keys);
    if (rc < 0)
        return rc;
    struct fib_exception *e = fib_exception_new(fib);
    rc = state_get_fields(l, obj, at, exception_fields, e);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "daddr", fib->family, &e->daddr);
    if (rc == 0) /* IPv4 may go by an IPv6 gateway */
        rc = state_get_addr(l, obj, at, "gateway", 0, &e->gateway);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "redirect", fib->family, &e->redirect);
    if (rc == 0 &&
        (!e->ifindex || !e->daddr.family || (e->mtu ? e->mtu < least : !e->redirect.family)))
        rc =
            state_fail(l, at, NULL, "must have \"daddr\", \"ifindex\" and \"mtu\" or \"redirect\"");
    return rc;
}

static int load_exception4(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    return load_exception(l, obj, at, l->ns->fib4);
}

static int load_exception6(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    return load_exception(l, obj, at, l->ns->fib6);
}

static int load_family(struct state_loader *l, const json_t *obj, const struct state_path *at,
                       const char *key, struct fib *fib)
{
    static const char *const keys[] = {"custom_rules", "custom_local", "tables",
                                       "gc",           "exceptions",   NULL};
    const struct state_path here = {.up = at, .key = key};
    const json_t *f = json_object_get(obj, key), *v;
    size_t i;
    int rc = f ? state_only_keys(l, f, &here, keys) : 0;
    if (rc == 0)
        rc = state_get_bool(l, f, &here, "custom_rules", &fib->custom_rules);
    if (rc == 0)
        rc = state_get_bool(l, f, &here, "custom_local", &fib->custom_local);
    if (rc == 0 && f && fib->family == VNET_AF_INET6)
        rc = state_get_timer(l, f, &here, "gc", &fib->gc);
    if (rc == 0 && f)
        rc = state_get_list(l, f, &here, "exceptions",
                            fib->family == VNET_AF_INET6 ? load_exception6 : load_exception4);
    json_array_foreach(json_object_get(f, "tables"), i, v)
    {
        if (rc < 0)
            break;
        if (!json_is_integer(v) || json_integer_value(v) < 1 || json_integer_value(v) > UINT32_MAX)
            rc = state_fail(l, &here, "tables", "must be numbers of tables");
        else
            fib_load_table(fib, (uint32_t)json_integer_value(v));
    }
    return rc;
}

int state_load_fib(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {"inet", "inet6", NULL};
    const struct state_path here = {.up = at, .key = "fib"};
    const json_t *fib = json_object_get(obj, "fib");
    fib_reset(l->ns->fib4);
    fib_reset(l->ns->fib6);
    int rc = fib ? state_only_keys(l, fib, &here, keys) : 0;
    if (rc == 0)
        rc = load_family(l, fib, &here, "inet", l->ns->fib4);
    if (rc == 0)
        rc = load_family(l, fib, &here, "inet6", l->ns->fib6);
    return rc;
}
