/* What the flight recorder has written: member "recorder" of the root. */
#include <string.h>

#include "base/mem.h"
#include "base/put.h"
#include "base/scan.h"
#include "state/records.h"
#include "state/state.h"
#include "vnet_link.h"

/* ---- save ---- */

static void save_device(const struct recorder_device *d, struct json_out *o)
{
    json_put_array(o, NULL, false);
    json_put_str(o, NULL, d->ifname);
    char *p = put_uint(PUT(json_put_members(o, 4 * PUT_INT_ROOM), ","), d->netns);
    p = put_int(PUT(p, ","), d->ifindex);
    json_put_text_end(o, put_uint(PUT(p, ","), d->arphrd));
    json_put_end(o);
}

void state_save_recorder(const struct vnet *w, struct json_out *o)
{
    const struct recorder *r = &w->recorder;
    const struct recorder_segment *s = &r->segment;
    if (!r->next_seq)
        return;
    json_put_object(o, "recorder", false);
    json_put_u64(o, "next", r->next_seq);
    json_put_u64(o, "last_traffic", w->last_traffic_seq);
    json_put_u64(o, "segment", s->generation);
    json_put_int(o, "committed", s->committed);
    json_put_array(o, "devices", false);
    for (uint32_t i = 0; i < s->ndevices; i++)
        save_device(&s->devices[i], o);
    json_put_end(o);
    json_put_end(o);
}

/* ---- load ---- */

const char *state_read_device_record(const char *text, const char *end, void *record)
{
    struct recorder_device *d = record;
    struct scan s = {text, end};
    int64_t netns, ifindex, arphrd;
    memset(d, 0, sizeof(*d));
    if (!SCAN(&s, "[") || !scan_text(&s, d->ifname, sizeof(d->ifname)) || !SCAN(&s, ",") ||
        !scan_uint(&s, UINT32_MAX, &netns) || !SCAN(&s, ",") ||
        !scan_uint(&s, INT32_MAX, &ifindex) || !SCAN(&s, ",") ||
        !scan_uint(&s, UINT16_MAX, &arphrd) || !SCAN(&s, "]"))
        return NULL;
    d->netns = (uint32_t)netns;
    d->ifindex = (int32_t)ifindex;
    d->arphrd = (uint16_t)arphrd;
    return netns && ifindex && arphrd && vnet_link_name_valid(d->ifname) ? s.p : NULL;
}

static int parse_device(struct state_loader *l, const json_t *v, const struct state_path *at,
                        struct recorder_device *d)
{
    const json_t *name = json_array_get(v, 0);
    int64_t netns = json_integer_value(json_array_get(v, 1));
    int64_t ifindex = json_integer_value(json_array_get(v, 2));
    int64_t arphrd = json_integer_value(json_array_get(v, 3));
    if (json_array_size(v) != 4 || netns < 1 || netns > UINT32_MAX || ifindex < 1 ||
        ifindex > INT32_MAX || arphrd < 1 || arphrd > UINT16_MAX)
        return state_fail(l, at, NULL, "must be [name, namespace, index, type]");
    if (!json_is_string(name) || json_string_length(name) >= sizeof(d->ifname) ||
        !vnet_link_name_valid(json_string_value(name)))
        return state_fail(l, at, NULL, "must begin with a device's name");
    memcpy(d->ifname, json_string_value(name), json_string_length(name));
    d->netns = (uint32_t)netns;
    d->ifindex = (int32_t)ifindex;
    d->arphrd = (uint16_t)arphrd;
    return 0;
}

static int load_device(struct state_loader *l, const json_t *v, const struct state_path *at)
{
    struct recorder_segment *s = &l->w->recorder.segment;
    struct recorder_device d = {0};
    const struct recorder_device *record = json_record(v);
    int rc = record ? 0 : parse_device(l, v, at, &d);
    if (rc < 0)
        return rc;
    ARRAY_GROW(s->devices, s->ndevices, s->devices_cap);
    s->devices[s->ndevices++] = record ? *record : d;
    return 0;
}

static int load_members(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {"next",      "last_traffic", "segment",
                                       "committed", "devices",      NULL};
    struct recorder *r = &l->w->recorder;
    int64_t next = 0, last = 0, generation = 0, committed = 0;
    int rc = state_only_keys(l, obj, at, keys);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "next", 0, STATE_COUNTER_MAX, &next);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "last_traffic", 0, next, &last);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "segment", 0, STATE_COUNTER_MAX, &generation);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "committed", 0, UINT32_MAX, &committed);
    r->next_seq = r->first_seq = (uint64_t)next;
    r->segment.generation = (uint64_t)generation;
    r->segment.committed = (uint32_t)committed;
    l->w->last_traffic_seq = (uint64_t)last;
    return rc;
}

int state_load_recorder(struct state_loader *l, const json_t *root)
{
    const struct state_path at = {.key = "recorder"}, list = {.up = &at, .key = "devices"};
    const json_t *obj = json_object_get(root, "recorder"), *v;
    size_t i;
    int rc = obj ? load_members(l, obj, &at) : 0;
    json_array_foreach(json_object_get(obj, "devices"), i, v)
    {
        const struct state_path item = {.up = &list, .index = i};
        if (rc == 0)
            rc = load_device(l, v, &item);
    }
    return rc;
}
