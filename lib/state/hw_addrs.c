#include "state/hw_addrs.h"

#include "state/fields.h"

enum { MOST = 1 << 12 }; /* of a list */

static const struct state_field fields[] = {
    FIELD(hw_addr, users, "users", FIELD_U32, .min = 1, .initial = 1),
    FIELD(hw_addr, fixed, "static", FIELD_BOOL),
    FIELD(hw_addr, synced, "synced", FIELD_U32),
    FIELD(hw_addr, passed, "passed_down", FIELD_BOOL),
    {.key = NULL},
};

void state_put_hw_addrs(struct json_out *o, const char *key, const struct hw_addr_list *list)
{
    json_put_array(o, key, false);
    for (uint32_t i = 0; i < list->n; i++) {
        const struct hw_addr *ha = &list->v[i];
        if (state_fields_initial(fields, ha)) {
            state_put_lladdr(o, NULL, &ha->addr);
            continue;
        }
        json_put_object(o, NULL, false);
        state_put_lladdr(o, "address", &ha->addr);
        state_put_fields(o, fields, ha);
        json_put_end(o);
    }
    json_put_end(o);
}

static int get_object(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      struct hw_addr *ha)
{
    static const char *const keys[] = {"address", NULL};
    int rc = state_only_fields(l, obj, at, fields, keys);
    if (rc == 0)
        rc = state_get_lladdr(l, obj, at, "address", &ha->addr);
    if (rc == 0)
        rc = state_get_fields(l, obj, at, fields, ha);
    if (rc == 0 && !ha->addr.len)
        rc = state_fail(l, at, "address", "is missing");
    if (rc == 0 && ha->synced > ha->users)
        rc = state_fail(l, at, "synced", "must be at most \"users\"");
    return rc;
}

struct target {
    struct hw_addr_list *list;
    uint8_t len; /* of addresses; 0: any */
};

static int get_element(struct state_loader *l, const json_t *v, const struct state_path *at,
                       void *arg)
{
    const struct target *to = arg;
    struct hw_addr ha = {.users = 1};
    const char *text = json_string_value(v);
    int rc = text ? 0 : get_object(l, v, at, &ha);
    if (rc < 0)
        return rc;
    if ((text && !lladdr_parse(text, &ha.addr)) || (to->len && ha.addr.len != to->len) ||
        hw_addr_find(to->list, &ha.addr))
        return state_fail(l, at, NULL, "must be a link-layer address, each once");
    *hw_addr_append(to->list, &ha.addr) = ha;
    return 0;
}

int state_get_hw_addrs(struct state_loader *l, const json_t *obj, const struct state_path *at,
                       const char *key, uint8_t len, struct hw_addr_list *list)
{
    const json_t *array = json_object_get(obj, key);
    struct target to = {list, len};
    if (array && (!json_is_array(array) || json_array_size(array) > MOST))
        return state_fail(l, at, key, "must be an array of at most %d addresses", MOST);
    return state_get_list_into(l, obj, at, key, get_element, &to);
}
