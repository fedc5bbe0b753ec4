#include <stdlib.h>
#include <string.h>

#include "base/json.h"
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

static bool is_plain(char c)
{
    return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/* Append what fits into the room that was made for it. */
static void put_raw(struct strbuf *out, const char *s, size_t n)
{
    memcpy(out->data + out->len, s, n);
    out->len += n;
    out->data[out->len] = '\0';
}

static void put_text_tail(struct strbuf *out, const char *s)
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

static void put_text(struct strbuf *out, const char *s)
{
    size_t plain = 0;
    while (is_plain(s[plain]))
        plain++;
    strbuf_grow(out, plain + 2);
    put_raw(out, "\"", 1);
    put_raw(out, s, plain);
    if (s[plain])
        put_text_tail(out, s + plain);
    strbuf_addc(out, '"');
}

/* What stands before a value: comma, line break and indentation, key. */
static void lead(struct json_out *o, const char *key)
{
    static const char spaces[JSON_OUT_DEPTH + 1] = "\n               ";
    strbuf_grow(o->sb, JSON_OUT_DEPTH + 2);
    if (o->depth) {
        struct json_out_level *l = &o->level[o->depth - 1];
        if (l->some)
            put_raw(o->sb, ",", 1);
        if (l->lines)
            put_raw(o->sb, spaces, o->depth);
        l->some = true;
    }
    if (key) {
        put_text(o->sb, key);
        strbuf_addc(o->sb, ':');
    }
}

static void open_level(struct json_out *o, const char *key, bool lines, const char brackets[2])
{
    if (o->depth == JSON_OUT_DEPTH)
        abort(); /* a bug: the nesting is the program's, not the data's */
    lead(o, key);
    strbuf_addc(o->sb, brackets[0]);
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
        strbuf_addc(o->sb, '\n');
        for (unsigned i = 1; i < o->depth; i++)
            strbuf_addc(o->sb, ' ');
    }
    strbuf_addc(o->sb, l->close);
}

static void put_digits(struct strbuf *out, uint64_t n, bool negative)
{
    char digits[24], *p = digits + sizeof(digits);
    for (; n >= 100; n /= 100) {
        unsigned two = (unsigned)(n % 100);
        *--p = (char)('0' + two % 10);
        *--p = (char)('0' + two / 10);
    }
    if (n >= 10)
        *--p = (char)('0' + n % 10);
    *--p = (char)('0' + (n >= 10 ? n / 10 : n));
    if (negative)
        *--p = '-';
    strbuf_add(out, p, (size_t)(digits + sizeof(digits) - p));
}

void json_put_int(struct json_out *o, const char *key, int64_t value)
{
    lead(o, key);
    put_digits(o->sb, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, value < 0);
}

void json_put_u64(struct json_out *o, const char *key, uint64_t value)
{
    bool large = value > INT64_MAX;
    lead(o, key);
    if (large)
        strbuf_addc(o->sb, '"');
    put_digits(o->sb, value, false);
    if (large)
        strbuf_addc(o->sb, '"');
}

void json_put_str(struct json_out *o, const char *key, const char *s)
{
    lead(o, key);
    put_text(o->sb, s);
}

void json_put_bool(struct json_out *o, const char *key, bool value)
{
    lead(o, key);
    strbuf_adds(o->sb, value ? "true" : "false");
}
