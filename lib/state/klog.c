/* The kernel's log: member "klog" of the root. */
#include "state/fields.h"

#include <string.h>

#include "base/put.h"
#include "base/text.h"
#include "sim/printk.h"
#include "state/records.h"

/* {"next": N, "net": [begin, printed, missed], "lines": [[time, level, "text"], ...]} */
void state_save_klog(const struct vnet *w, struct json_out *o)
{
    const struct klog *k = &w->klog;
    if (!k->next && k->net.begin < 0)
        return;
    json_put_object(o, "klog", true);
    json_put_u64(o, "next", k->next);
    if (k->net.begin >= 0) {
        json_put_array(o, "net", false);
        json_put_int(o, NULL, k->net.begin);
        json_put_int(o, NULL, k->net.printed);
        json_put_int(o, NULL, k->net.missed);
        json_put_end(o);
    }
    json_put_array(o, "lines", true);
    for (uint64_t i = k->first; i < k->next; i++) {
        const struct vnet_klog_line line = vnet_klog_get(w, i);
        size_t room = 6 * strlen(line.text) + 3 * PUT_INT_ROOM;
        char *p = put_int(PUT(json_put_text(o, NULL, room), "["), line.time);
        p = PUT(put_uint(PUT(p, ","), line.level), ",\"");
        json_put_text_end(o, PUT(json_text_chars(p, line.text), "\"]"));
    }
    json_put_end(o);
    json_put_end(o);
}

static bool int_in(const json_t *v, int64_t min, int64_t max)
{
    return json_is_integer(v) && json_integer_value(v) >= min && json_integer_value(v) <= max;
}

const char *state_read_klog_record(const char *text, const char *end, void *record)
{
    struct klog_record *r = record;
    struct scan s = {text, end};
    int64_t level;
    if (!SCAN(&s, "[") || !scan_uint(&s, STATE_TIME_MAX, &r->time) || !SCAN(&s, ",") ||
        !scan_uint(&s, VNET_KLOG_LEVELS - 1, &level) || !SCAN(&s, ",\""))
        return NULL;
    r->text = s.p;
    r->len = (uint16_t)scan_plain(&s, VNET_KLOG_TEXT);
    r->level = (uint8_t)level;
    return r->len && SCAN(&s, "]") ? s.p : NULL;
}

static int parse_line(struct state_loader *l, const json_t *v, const struct state_path *at,
                      struct klog_record *r)
{
    const json_t *time = json_array_get(v, 0), *level = json_array_get(v, 1);
    const json_t *what = json_array_get(v, 2);
    const char *text = json_string_value(what);
    if (json_array_size(v) != 3 || !int_in(time, 0, STATE_TIME_MAX) ||
        !int_in(level, 0, VNET_KLOG_LEVELS - 1) || !text)
        return state_fail(l, at, NULL, "must be [time, level, text]");
    if (strlen(text) > VNET_KLOG_TEXT || (!json_string_is_plain(what) && text_has_control(text)))
        return state_fail(l, at, NULL, "must have a text of at most %d bytes, no control ones",
                          VNET_KLOG_TEXT);
    *r = (struct klog_record){json_integer_value(time), text, (uint16_t)strlen(text),
                              (uint8_t)json_integer_value(level)};
    return 0;
}

static int load_line(struct state_loader *l, const json_t *v, const struct state_path *at)
{
    struct klog *k = &l->w->klog;
    struct klog_record parsed;
    const struct klog_record *r = json_record(v);
    int rc = r ? 0 : parse_line(l, v, at, &parsed);
    if (rc < 0)
        return rc;
    if (!r)
        r = &parsed;
    if (k->next - k->first == VNET_KLOG_LINES)
        return state_fail(l, at, NULL, "is one more than %d lines", VNET_KLOG_LINES);
    klog_add(k, r->time, r->level, r->text, r->len);
    return 0;
}

static int load_ratelimit(struct state_loader *l, const json_t *v, const struct state_path *at)
{
    if (!v)
        return 0;
    const json_t *begin = json_array_get(v, 0), *printed = json_array_get(v, 1),
                 *missed = json_array_get(v, 2);
    if (json_array_size(v) != 3 || !int_in(begin, 0, STATE_TIME_MAX) ||
        !int_in(printed, 0, UINT32_MAX) || !int_in(missed, 0, UINT32_MAX))
        return state_fail(l, at, "net", "must be [time, number, number]");
    l->w->klog.net =
        (struct ratelimit){json_integer_value(begin), (uint32_t)json_integer_value(printed),
                           (uint32_t)json_integer_value(missed)};
    return 0;
}

static int load_klog(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {"next", "net", "lines", NULL};
    struct klog *k = &l->w->klog;
    uint64_t next = 0;
    int rc = state_only_keys(l, obj, at, keys);
    if (rc == 0)
        rc = state_get_u64(l, obj, at, "next", &next);
    if (rc == 0)
        rc = load_ratelimit(l, json_object_get(obj, "net"), at);
    size_t n = json_array_size(json_object_get(obj, "lines"));
    if (rc == 0 && (next < n || next > (uint64_t)INT64_MAX))
        return state_fail(l, at, "next",
                          "must be 2^63-1 at most, and no less than there are lines");
    k->first = k->next = next - n;
    return rc ? rc : state_get_list(l, obj, at, "lines", load_line);
}

int state_load_klog(struct state_loader *l, const json_t *root)
{
    const struct state_path at = {.key = "klog"};
    const json_t *obj = json_object_get(root, "klog");
    l->w->klog.quiet = false;
    if (!obj)
        return 0;
    return json_is_object(obj) ? load_klog(l, obj, &at)
                               : state_fail(l, NULL, "klog", "must be an object");
}
