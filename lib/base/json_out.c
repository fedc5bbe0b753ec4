#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/put.h"
#include "base/text.h"

/* A byte that cannot stand as it is. One that is not UTF-8 (a device's name may be any bytes)
 * becomes a lone surrogate, U+DC80 to U+DCFF, as in Python's "surrogateescape". */
static void put_stray(struct strbuf *out, unsigned char c)
{
    if (c == '"' || c == '\\')
        strbuf_addf(out, "\\%c", c);
    else
        strbuf_addf(out, "\\u%04x", c < 0x20 ? c : 0xdc00U | c);
}

/* Room for n more bytes and a 0: where they go. written() says how far they went. */
static inline char *room(struct strbuf *out, size_t n)
{
    if (out->cap - out->len <= n)
        strbuf_grow(out, n);
    return out->data + out->len;
}

static inline void written(struct strbuf *out, char *end)
{
    *end = '\0';
    out->len = (size_t)(end - out->data);
}

static void put_char(struct strbuf *out, char c)
{
    char *p = room(out, 1);
    *p = c;
    written(out, p + 1);
}

void json_escape(struct strbuf *out, const char *s)
{
    while (*s) {
        unsigned n = *s != '"' && *s != '\\' && (unsigned char)*s >= ' ' ? utf8_length(s) : 0;
        if (n)
            strbuf_add(out, s, n);
        else
            put_stray(out, (unsigned char)*s);
        s += n ? n : 1;
    }
}

/* The characters of a string, to where there is room for all of them and two more; what is not
 * plain goes the long way. Where to go on, with room for two. */
static inline char *put_chars(struct strbuf *out, char *p, const char *s)
{
    while (json_is_plain(*s))
        *p++ = *s++;
    if (!*s)
        return p;
    written(out, p);
    json_escape(out, s);
    return room(out, 2);
}

char *json_text_chars(char *p, const char *s)
{
    struct strbuf rest = STRBUF_INIT;
    while (json_is_plain(*s))
        *p++ = *s++;
    if (!*s)
        return p;
    json_escape(&rest, s);
    p = put_bytes(p, rest.data, rest.len);
    strbuf_release(&rest);
    return p;
}

/* What stands before a value: comma, line break and indentation, key. Where the value goes, which
 * has at most `most` bytes. */
static char *lead(struct json_out *o, const char *key, size_t most)
{
    size_t n = key ? strlen(key) : 0;
    char *p = room(o->sb, JSON_OUT_DEPTH + n + 5 + most);
    if (o->depth) {
        struct json_out_level *l = &o->level[o->depth - 1];
        if (l->some)
            *p++ = ',';
        if (l->lines) {
            static const char blanks[JSON_OUT_DEPTH + 1] = "                ";
            *p++ = '\n';
            memcpy(p, blanks, JSON_OUT_DEPTH);
            p += o->depth - 1;
        }
        l->some = true;
    }
    if (key) {
        *p++ = '"';
        p = put_bytes(p, key, n);
        *p++ = '"';
        *p++ = ':';
    }
    return p;
}

static void open_level(struct json_out *o, const char *key, bool lines, const char brackets[2])
{
    if (o->depth == JSON_OUT_DEPTH)
        abort(); /* a bug: the nesting is the program's, not the data's */
    char *p = lead(o, key, 1);
    *p = brackets[0];
    written(o->sb, p + 1);
    o->level[o->depth++] = (struct json_out_level){.close = brackets[1], .lines = lines};
}

void json_put_object(struct json_out *o, const char *key, bool lines)
{
    open_level(o, key, lines, "{}");
}

void json_put_array(struct json_out *o, const char *key, bool lines)
{
    open_level(o, key, lines, "[]");
}

void json_put_end(struct json_out *o)
{
    const struct json_out_level *l = &o->level[--o->depth];
    if (l->lines && l->some) {
        put_char(o->sb, '\n');
        for (unsigned i = 1; i < o->depth; i++)
            put_char(o->sb, ' ');
    }
    put_char(o->sb, l->close);
}

void json_put_int(struct json_out *o, const char *key, int64_t value)
{
    written(o->sb, put_int(lead(o, key, PUT_INT_ROOM), value));
}

char *json_text_u64(char *p, uint64_t value)
{
    if (value <= INT64_MAX)
        return put_uint(p, value);
    return PUT(put_uint(PUT(p, "\""), value), "\"");
}

void json_put_u64(struct json_out *o, const char *key, uint64_t value)
{
    written(o->sb, json_text_u64(lead(o, key, PUT_INT_ROOM + 2), value));
}

void json_put_str(struct json_out *o, const char *key, const char *s)
{
    char *p = lead(o, key, strlen(s) + 2);
    *p++ = '"';
    p = put_chars(o->sb, p, s);
    *p++ = '"';
    written(o->sb, p);
}

void json_put_bool(struct json_out *o, const char *key, bool value)
{
    char *p = lead(o, key, 5);
    written(o->sb, value ? PUT(p, "true") : PUT(p, "false"));
}

char *json_put_text(struct json_out *o, const char *key, size_t n)
{
    return lead(o, key, n);
}

char *json_put_members(struct json_out *o, size_t n)
{
    o->level[o->depth - 1].some = true;
    return room(o->sb, n);
}

void json_put_text_end(struct json_out *o, char *end)
{
    written(o->sb, end);
}
