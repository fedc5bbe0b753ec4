#include "state/fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/put.h"

enum { KEYS_MAX = 48 };

_Static_assert(sizeof(bool) == 1, "a bool is read and written as a byte");

static int64_t field_read(const struct state_field *f, const void *base)
{
    const void *m = (const char *)base + f->offset;
    switch (f->size) {
    case 8:
        return *(const int64_t *)m;
    case 4:
        return f->kind == FIELD_INT ? *(const int32_t *)m : (int64_t) * (const uint32_t *)m;
    case 2:
        return *(const uint16_t *)m;
    default:
        return *(const uint8_t *)m;
    }
}

static void field_write(const struct state_field *f, void *base, int64_t v)
{
    void *m = (char *)base + f->offset;
    switch (f->size) {
    case 8:
        *(int64_t *)m = v;
        break;
    case 4:
        *(uint32_t *)m = (uint32_t)v;
        break;
    case 2:
        *(uint16_t *)m = (uint16_t)v;
        break;
    default:
        *(uint8_t *)m = (uint8_t)v;
        break;
    }
}

/* At most 30 bytes. */
static char *put_value(char *p, const struct state_field *f, int64_t v)
{
    switch (f->kind) {
    case FIELD_BOOL:
        return v ? PUT(p, "true") : PUT(p, "false");
    case FIELD_V4:
        return PUT(put_v4(PUT(p, "\""), (uint32_t)v), "\"");
    case FIELD_U64:
        return json_text_u64(p, (uint64_t)v);
    default:
        return put_int(p, v);
    }
}

void state_put_fields(struct json_out *o, const struct state_field *fields, const void *base)
{
    for (const struct state_field *f = fields; f->key; f++) {
        int64_t v = field_read(f, base);
        if (v != f->initial)
            json_put_text_end(o, put_value(json_put_text(o, f->key, STATE_FIELD_ROOM), f, v));
    }
}

/* *before comes before the first, and is a comma then. */
static char *put_members(char *p, char *before, const struct state_field *fields, const void *base)
{
    for (const struct state_field *f = fields; f->key; f++) {
        int64_t v = field_read(f, base);
        if (v == f->initial)
            continue;
        *p++ = *before;
        *before = ',';
        p = PUT(put_bytes(PUT(p, "\""), f->key, f->key_len), "\":");
        p = put_value(p, f, v);
    }
    return p;
}

char *put_fields(char *p, const struct state_field *fields, const void *base)
{
    char before = ',';
    return put_members(p, &before, fields, base);
}

char *put_fields_object(char *p, const struct state_field *fields, const void *base)
{
    char before = '{';
    p = put_members(p, &before, fields, base);
    return before == ',' ? PUT(p, "}") : PUT(p, "{}");
}

bool state_fields_initial(const struct state_field *fields, const void *base)
{
    const struct state_field *f = fields;
    while (f->key && field_read(f, base) == f->initial)
        f++;
    return !f->key;
}

static int64_t kind_max(const struct state_field *f)
{
    static const int64_t most[] = {
        [FIELD_U8] = UINT8_MAX,  [FIELD_U16] = UINT16_MAX, [FIELD_U32] = UINT32_MAX,
        [FIELD_INT] = INT32_MAX, [FIELD_I64] = INT64_MAX,
    };
    return f->max ? f->max : most[f->kind];
}

/* The kinds that are not plain integers. */
static int get_special(struct state_loader *l, const json_t *obj, const struct state_path *at,
                       const struct state_field *f, int64_t *v)
{
    bool flag = *v != 0;
    uint64_t u64 = (uint64_t)*v;
    struct inet_addr a = inet_addr_v4((uint32_t)*v);
    int rc;
    switch (f->kind) {
    case FIELD_BOOL:
        rc = state_get_bool(l, obj, at, f->key, &flag);
        *v = flag;
        return rc;
    case FIELD_V4:
        rc = state_get_addr(l, obj, at, f->key, VNET_AF_INET, &a);
        *v = inet_addr_to_v4(&a);
        return rc;
    default:
        rc = state_get_u64(l, obj, at, f->key, &u64);
        *v = (int64_t)u64;
        return rc;
    }
}

static int get_field(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     const struct state_field *f, int64_t *v)
{
    if (f->kind == FIELD_BOOL || f->kind == FIELD_V4 || f->kind == FIELD_U64)
        return get_special(l, obj, at, f, v);
    const json_t *member = json_object_get(obj, f->key);
    return member ? state_check_int(l, member, at, f->key, f->min, kind_max(f), v) : 0;
}

int state_get_fields(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     const struct state_field *fields, void *base)
{
    const uint64_t keys = json_is_object(obj) ? obj->u.has.keys : 0;
    for (const struct state_field *f = fields; f->key; f++) {
        int64_t v = f->initial;
        int rc = keys & json_key_bit(f->key) ? get_field(l, obj, at, f, &v) : 0;
        if (rc < 0)
            return rc;
        field_write(f, base, v);
    }
    return 0;
}

/* The one of those from f on whose key stands there, behind a quote; NULL: none has it. */
static const struct state_field *scan_key(struct scan *s, const struct state_field *f)
{
    const char *key = s->p;
    for (; f->key; f++) {
        if (f->key[0] != key[0] || strncmp(f->key, key, f->key_len) != 0 ||
            key[f->key_len] != '"' || key[f->key_len + 1] != ':')
            continue;
        s->p = key + f->key_len + 2;
        return f;
    }
    return NULL;
}

static bool scan_field(struct scan *s, const struct state_field *f, int64_t *v)
{
    switch (f->kind) {
    case FIELD_BOOL:
        *v = SCAN(s, "true");
        return *v || SCAN(s, "false");
    case FIELD_V4:
        return false;
    case FIELD_U64:
        return scan_uint(s, INT64_MAX, v);
    default:
        return scan_int(s, INT64_MAX, v) && *v >= f->min && *v <= kind_max(f);
    }
}

static bool scan_fields(struct scan *s, char *before, const struct state_field *fields, void *base)
{
    for (const struct state_field *f = fields; f->key; f++)
        field_write(f, base, f->initial);
    for (const struct state_field *f = fields; s->p[0] == *before && s->p[1] == '"'; f++) {
        struct scan key = {s->p + 2, s->end};
        int64_t v;
        f = scan_key(&key, f);
        if (!f)
            return true; /* something else follows */
        *s = key;
        *before = ',';
        if (!scan_field(s, f, &v))
            return false;
        field_write(f, base, v);
    }
    return true;
}

bool state_scan_members(struct scan *s, const struct state_field *fields, void *base)
{
    char before = ',';
    return scan_fields(s, &before, fields, base);
}

bool state_scan_object(struct scan *s, const struct state_field *fields, void *base)
{
    char before = '{';
    return scan_fields(s, &before, fields, base) && (before == ',' || SCAN(s, "{")) && SCAN(s, "}");
}

void state_copy_fields(const struct state_field *fields, const void *from, void *to)
{
    for (const struct state_field *f = fields; f->key; f++)
        field_write(f, to, field_read(f, from));
}

int state_only_fields(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      const struct state_field *fields, const char *const *more)
{
    const char *keys[KEYS_MAX + 1];
    unsigned n = 0;
    for (const struct state_field *f = fields; f->key && n < KEYS_MAX; f++)
        keys[n++] = f->key;
    for (; more && *more && n < KEYS_MAX; more++)
        keys[n++] = *more;
    keys[n] = NULL;
    return state_only_keys(l, obj, at, keys);
}

void state_put_addr(struct json_out *o, const char *key, const struct inet_addr *a)
{
    char buf[INET_ADDRSTRLEN_MAX];
    if (a->family != VNET_AF_UNSPEC)
        json_put_str(o, key, inet_addr_str(a, buf));
}

void state_put_lladdr(struct json_out *o, const char *key, const struct lladdr *a)
{
    if (!a->len)
        return;
    char *p = PUT(json_put_text(o, key, LLADDR_STRLEN_MAX + 2), "\"");
    json_put_text_end(o, PUT(put_lladdr(p, a->bytes, a->len), "\""));
}

int state_get_list_into(struct state_loader *l, const json_t *obj, const struct state_path *at,
                        const char *key,
                        int (*load)(struct state_loader *, const json_t *,
                                    const struct state_path *, void *),
                        void *arg)
{
    const json_t *list = json_object_get(obj, key), *v;
    const struct state_path list_at = {.up = at, .key = key};
    size_t i;
    int rc = 0;
    if (list && !json_is_array(list))
        return state_fail(l, at, key, "must be an array");
    json_array_foreach(list, i, v)
    {
        const struct state_path item = {.up = &list_at, .index = i};
        if (rc == 0)
            rc = load(l, v, &item, arg);
    }
    return rc;
}

struct alone {
    int (*load)(struct state_loader *, const json_t *, const struct state_path *);
};

static int load_alone(struct state_loader *l, const json_t *v, const struct state_path *at,
                      void *arg)
{
    return ((const struct alone *)arg)->load(l, v, at);
}

int state_get_list(struct state_loader *l, const json_t *obj, const struct state_path *at,
                   const char *key,
                   int (*load)(struct state_loader *, const json_t *, const struct state_path *))
{
    return state_get_list_into(l, obj, at, key, load_alone, &(struct alone){load});
}

/* ---- bytes ---- */

void state_put_hex(struct json_out *o, const char *key, const uint8_t *p, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    char *text = mem_alloc(len * 2 + 1);
    for (size_t i = 0; i < len; i++) {
        text[2 * i] = digits[p[i] >> 4];
        text[2 * i + 1] = digits[p[i] & 15];
    }
    json_put_str(o, key, text);
    free(text);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int state_get_hex(struct state_loader *l, const json_t *value, const struct state_path *at,
                  const char *key, size_t max, uint8_t **out, size_t *len)
{
    const char *s = json_string_value(value);
    size_t n = json_string_length(value);
    if (!s || n % 2)
        return state_fail(l, at, key, "must be pairs of hexadecimal digits");
    if (n / 2 > max)
        return state_fail(l, at, key, "must be at most %zu bytes", max);
    uint8_t *p = mem_alloc(n / 2 + 1);
    for (size_t i = 0; i < n / 2; i++) {
        int hi = hex_digit(s[2 * i]), lo = hex_digit(s[2 * i + 1]);
        if (hi < 0 || lo < 0) {
            free(p);
            return state_fail(l, at, key, "must be pairs of hexadecimal digits");
        }
        p[i] = (uint8_t)(hi << 4 | lo);
    }
    *out = p;
    *len = n / 2;
    return 0;
}
