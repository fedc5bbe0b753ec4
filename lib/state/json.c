/* Typed, checked reads of the state file's JSON; messages carry the JSON path. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/put.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "state/state.h"

enum { PATH_KEY_SHOWN = 64 }; /* bytes of a hostile key that a message quotes */

/* A file's keys are hostile: what would reach the terminal is printable ASCII, or '?'. */
static void add_key(struct strbuf *sb, const char *key)
{
    size_t n = strlen(key);
    for (size_t i = 0; i < n && i < PATH_KEY_SHOWN; i++)
        strbuf_addc(sb, key[i] >= 0x20 && key[i] < 0x7f ? key[i] : '?');
    if (n > PATH_KEY_SHOWN)
        strbuf_adds(sb, "...");
}

static void add_step(struct strbuf *sb, const char *key, size_t index)
{
    if (!key) {
        strbuf_addf(sb, "[%zu]", index);
        return;
    }
    if (sb->len)
        strbuf_addc(sb, '.');
    add_key(sb, key);
}

static void add_path(struct strbuf *sb, const struct state_path *at)
{
    if (!at)
        return;
    add_path(sb, at->up);
    add_step(sb, at->key, at->index);
}

int state_fail(struct state_loader *l, const struct state_path *at, const char *key,
               const char *what, ...)
{
    struct strbuf sb = STRBUF_INIT;
    va_list ap;
    add_path(&sb, at);
    if (key)
        add_step(&sb, key, 0);
    if (sb.len)
        strbuf_adds(&sb, ": ");
    va_start(ap, what);
    strbuf_vaddf(&sb, what, ap);
    va_end(ap);
    int rc = vnet_err(l->err, EINVAL, "%s", strbuf_cstr(&sb));
    strbuf_release(&sb);
    return rc;
}

int state_get_int(struct state_loader *l, const json_t *obj, const struct state_path *at,
                  const char *key, int64_t min, int64_t max, int64_t *out)
{
    const json_t *v = json_object_get(obj, key);
    return v ? state_check_int(l, v, at, key, min, max, out) : 0;
}

int state_check_range(struct state_loader *l, const struct state_path *at, const char *key,
                      int64_t n, int64_t min, int64_t max)
{
    if (n >= min && n <= max)
        return 0;
    return state_fail(l, at, key, "must be from %" PRId64 " to %" PRId64, min, max);
}

int state_check_int(struct state_loader *l, const json_t *v, const struct state_path *at,
                    const char *key, int64_t min, int64_t max, int64_t *out)
{
    if (!json_is_integer(v))
        return state_fail(l, at, key, "must be an integer");
    int64_t n = json_integer_value(v);
    int rc = state_check_range(l, at, key, n, min, max);
    if (rc == 0)
        *out = n;
    return rc;
}

int state_get_u32(struct state_loader *l, const json_t *obj, const struct state_path *at,
                  const char *key, int64_t min, uint32_t *out)
{
    int64_t v = *out;
    int rc = state_get_int(l, obj, at, key, min, UINT32_MAX, &v);
    *out = (uint32_t)v;
    return rc;
}

int state_get_u64(struct state_loader *l, const json_t *obj, const struct state_path *at,
                  const char *key, uint64_t *out)
{
    const json_t *v = json_object_get(obj, key);
    if (!v)
        return 0;
    if (json_u64_value(v, out))
        return 0;
    return state_fail(l, at, key,
                      "must be an integer from 0 to 2^64-1 (a string of digits if large)");
}

int state_get_bool(struct state_loader *l, const json_t *obj, const struct state_path *at,
                   const char *key, bool *out)
{
    const json_t *v = json_object_get(obj, key);
    if (!v)
        return 0;
    if (!json_is_boolean(v))
        return state_fail(l, at, key, "must be true or false");
    *out = json_is_true(v);
    return 0;
}

int state_get_str(struct state_loader *l, const json_t *obj, const struct state_path *at,
                  const char *key, size_t max, const char **out)
{
    const json_t *v = json_object_get(obj, key);
    if (!v)
        return 0;
    if (!json_is_string(v))
        return state_fail(l, at, key, "must be a string");
    if (json_string_length(v) > max)
        return state_fail(l, at, key, "must have at most %zu bytes", max);
    if (!json_string_is_plain(v) && text_has_control(json_string_value(v)))
        return state_fail(l, at, key, "must not have control characters");
    *out = json_string_value(v);
    return 0;
}

int state_get_addr(struct state_loader *l, const json_t *obj, const struct state_path *at,
                   const char *key, uint8_t family, struct inet_addr *out)
{
    const char *text = NULL;
    int rc = state_get_str(l, obj, at, key, INET_ADDRSTRLEN_MAX, &text);
    if (rc < 0 || !text)
        return rc;
    if (family != VNET_AF_INET6 && inet_addr_parse(VNET_AF_INET, text, out))
        return 0;
    if (family != VNET_AF_INET && inet_addr_parse(VNET_AF_INET6, text, out))
        return 0;
    return state_fail(l, at, key, "must be an %s address",
                      family == VNET_AF_INET    ? "IPv4"
                      : family == VNET_AF_INET6 ? "IPv6"
                                                : "IP");
}

int state_get_lladdr(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     const char *key, struct lladdr *out)
{
    const char *text = NULL;
    int rc = state_get_str(l, obj, at, key, LLADDR_STRLEN_MAX, &text);
    if (rc < 0 || !text)
        return rc;
    if (!lladdr_parse(text, out))
        return state_fail(l, at, key, "must be a link-layer address");
    return 0;
}

int state_get_timer(struct state_loader *l, const json_t *obj, const struct state_path *at,
                    const char *key, struct timer *t)
{
    const json_t *v = json_object_get(obj, key);
    if (!v)
        return 0;
    const json_t *expires = json_array_get(v, 0), *seq = json_array_get(v, 1);
    if (json_array_size(v) != 2 || !json_is_integer(expires) || !json_is_integer(seq))
        return state_fail(l, at, key, "must be [expires, sequence]");
    return state_set_timer(l, at, key, json_integer_value(expires), json_integer_value(seq), t);
}

int state_set_timer(struct state_loader *l, const struct state_path *at, const char *key,
                    int64_t when, int64_t order, struct timer *t)
{
    if (when < 0 || when > STATE_TIMER_MAX)
        return state_fail(l, at, key, "must expire from 0 to %lld", STATE_TIMER_MAX);
    if ((uint64_t)(order < 0 ? ~order : order) >= l->w->event_seq)
        return state_fail(l, at, key, "must have a sequence number below \"event_seq\"");
    if (l->sorted)
        timer_restore(l->w, t, when, (uint64_t)order);
    else
        timer_restore_unsorted(l->w, t, when, (uint64_t)order);
    return 0;
}

void state_note_timer(struct json_out *o, int64_t when, int64_t order)
{
    if (o->first.any && (o->first.when != when ? o->first.when < when : o->first.order < order))
        return;
    o->first.any = true;
    o->first.when = when;
    o->first.order = order;
}

char *put_timer(char *p, const struct timer *t, struct json_out *o)
{
    state_note_timer(o, t->expires, (int64_t)t->seq);
    p = put_int(PUT(p, "["), t->expires);
    return PUT(put_int(PUT(p, ","), (int64_t)t->seq), "]");
}

void state_put_timer(struct json_out *o, const char *key, const struct timer *t)
{
    if (timer_pending(t))
        json_put_text_end(o, put_timer(json_put_text(o, key, 2 * PUT_INT_ROOM), t, o));
}

enum { KEYS_MAX = 64 };

static bool find_place(const char *key, const char *const *keys, unsigned from, unsigned to,
                       unsigned *place)
{
    for (unsigned i = from; i < to; i++) {
        if (keys[i][0] == key[0] && json_same_key(keys[i], key)) {
            *place = i;
            return true;
        }
    }
    return false;
}

int state_only_keys(struct state_loader *l, const json_t *obj, const struct state_path *at,
                    const char *const *keys)
{
    const char *key;
    const json_t *v;
    uint64_t seen = 0;
    unsigned n = 0, place = 0;
    if (!json_is_object(obj))
        return state_fail(l, at, NULL, "must be an object");
    while (keys[n] && n < KEYS_MAX)
        n++;
    json_object_foreach(obj, key, v)
    {
        /* most files have the keys in this order: go on behind the last */
        if (!find_place(key, keys, place, n, &place) && !find_place(key, keys, 0, place, &place))
            return state_fail(l, at, key, "is not known to this version of vnet");
        if (seen >> place & 1)
            return state_fail(l, at, key, "is there twice");
        seen |= 1ULL << place++;
    }
    return 0;
}

int state_no_others(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const none[] = {NULL};
    const json_t *v = json_not_asked_for(obj);
    if (!json_is_object(obj))
        return state_only_keys(l, obj, at, none);
    if (!v)
        return 0;
    bool twice = json_object_get(obj, v->at.key) != v;
    return state_fail(l, at, v->at.key,
                      twice ? "is there twice" : "is not known to this version of vnet");
}
