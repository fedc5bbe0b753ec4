#include "base/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* ---- reading trees ---- */

/* Remember where a get ended: a hint, no part of the value. */
static json_t *found(const json_t *parent, json_t *child)
{
    ((json_t *)(uintptr_t)parent)->u.child.recent = child;
    return child;
}

json_t *json_array_get(const json_t *array, size_t index)
{
    if (index >= json_array_size(array))
        return NULL;
    json_t *v = array->u.child.recent;
    if (!v || v->at.index > index)
        v = array->u.child.first;
    while (v->at.index < index)
        v = v->next;
    return found(array, v);
}

static json_t *find_member(json_t *v, const json_t *end, const char *key)
{
    for (; v != end; v = v->next)
        if (v->at.key[0] == key[0] && strcmp(v->at.key, key) == 0)
            return v;
    return NULL;
}

json_t *json_object_get(const json_t *object, const char *key)
{
    if (!json_is_object(object))
        return NULL;
    json_t *from = object->u.child.recent ? object->u.child.recent : object->u.child.first;
    json_t *v = find_member(from, NULL, key);
    if (!v)
        v = find_member(object->u.child.first, from, key);
    return v ? found(object, v) : NULL;
}

/* Decimal digits only, no leading zero; false on anything else and on overflow. */
static bool parse_u64(const char *s, uint64_t *out)
{
    uint64_t n = 0;
    if (!*s || (*s == '0' && s[1]))
        return false;
    for (; *s; s++) {
        if (*s < '0' || *s > '9')
            return false;
        uint64_t digit = (uint64_t)(*s - '0');
        if (n > (UINT64_MAX - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *out = n;
    return true;
}

bool json_u64_value(const json_t *v, uint64_t *out)
{
    if (!json_is_integer(v))
        return json_is_string(v) && parse_u64(json_string_value(v), out);
    if (json_integer_value(v) < 0)
        return false;
    *out = (uint64_t)json_integer_value(v);
    return true;
}

/* ---- parsing ---- */

enum { MAX_DEPTH = 32, BLOCK_NODES = 1000 };

struct block { /* nodes of a parsed document */
    struct block *next;
    uint32_t used;
    json_t nodes[BLOCK_NODES];
};

struct document { /* what json_parse() returns is `root`, the first field */
    json_t root;
    char *text;
    struct block *blocks;
};

struct parser {
    struct document *doc;
    char *p;
    const char *end;
    struct vnet_err *err;
    unsigned depth;
};

void json_free(json_t *root)
{
    if (!root)
        return;
    struct document *doc = (struct document *)(void *)root;
    for (struct block *b = doc->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(doc->text);
    free(doc);
}

static json_t *take_node(struct document *doc)
{
    struct block *b = doc->blocks;
    if (!b || b->used == BLOCK_NODES) {
        b = mem_realloc(NULL, sizeof(*b)); /* not zeroed: each node is set when taken */
        b->used = 0;
        b->next = doc->blocks;
        doc->blocks = b;
    }
    return &b->nodes[b->used++];
}

static bool bad(struct parser *ps, const char *what)
{
    unsigned line = 1, column = 1;
    for (const char *q = ps->doc->text; q < ps->p; q++) {
        column = *q == '\n' ? 1 : column + 1;
        line += *q == '\n';
    }
    vnet_err(ps->err, EINVAL, "line %u column %u: %s", line, column, what);
    return false;
}

static void skip_space(struct parser *ps)
{
    while (*ps->p == ' ' || *ps->p == '\n' || *ps->p == '\t' || *ps->p == '\r')
        ps->p++;
}

static int hex4(const char *p)
{
    int v = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i], lower = (char)(c | 0x20);
        if (c >= '0' && c <= '9')
            v = v << 4 | (c - '0');
        else if (lower >= 'a' && lower <= 'f')
            v = v << 4 | (lower - 'a' + 10);
        else
            return -1;
    }
    return v;
}

static char *put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
        return out;
    }
    if (c < 0x800) {
        *out++ = (char)(0xc0 | c >> 6);
    } else {
        if (c < 0x10000) {
            *out++ = (char)(0xe0 | c >> 12);
        } else {
            *out++ = (char)(0xf0 | c >> 18);
            *out++ = (char)(0x80 | (c >> 12 & 0x3f));
        }
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
    }
    *out++ = (char)(0x80 | (c & 0x3f));
    return out;
}

/* After "\u": one escape, two that form a surrogate pair, or a stray byte (put_stray()). */
static bool unescape_unicode(struct parser *ps, char **out)
{
    int c = hex4(ps->p);
    bool stray = c >= 0xdc80 && c < 0xdd00;
    if (c <= 0 || (c >= 0xdc00 && c < 0xe000 && !stray))
        return bad(ps, "bad \\u escape");
    ps->p += 4;
    if (stray) {
        *(*out)++ = (char)(c & 0xff);
        return true;
    }
    if (c >= 0xd800 && c < 0xdc00) {
        int low = ps->p[0] == '\\' && ps->p[1] == 'u' ? hex4(ps->p + 2) : -1;
        if (low < 0xdc00 || low >= 0xe000)
            return bad(ps, "bad \\u escape");
        ps->p += 6;
        c = 0x10000 + ((c - 0xd800) << 10 | (low - 0xdc00));
    }
    *out = put_utf8(*out, (uint32_t)c);
    return true;
}

static bool unescape(struct parser *ps, char **out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = *++ps->p;
    const char *at = c ? strchr(from, c) : NULL;
    if (c == 'u') {
        ps->p++;
        return unescape_unicode(ps, out);
    }
    if (!at)
        return bad(ps, "bad escape");
    *(*out)++ = to[at - from];
    ps->p++;
    return true;
}

static bool copy_utf8(struct parser *ps, char **out)
{
    unsigned n = utf8_length(ps->p);
    if (!n)
        return bad(ps, "bad UTF-8");
    memmove(*out, ps->p, n);
    *out += n;
    ps->p += n;
    return true;
}

/* At the opening quote; the string is unescaped in place and ended by 0. */
static bool parse_string(struct parser *ps, const char **s, uint32_t *len)
{
    char *start = ++ps->p, *out = start;
    for (;;) {
        unsigned char c = (unsigned char)*ps->p;
        if (c == '"')
            break;
        if (c < 0x20)
            return bad(ps, ps->p == ps->end ? "the text ends in a string"
                                            : "control character in a string");
        if (c == '\\' ? !unescape(ps, &out) : c >= 0x80 && !copy_utf8(ps, &out))
            return false;
        if (c != '\\' && c < 0x80)
            *out++ = *ps->p++;
    }
    ps->p++;
    *out = '\0'; /* at the latest on the closing quote */
    *s = start;
    *len = (uint32_t)(out - start);
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The rest of a number that is not an integer: checked, not evaluated. */
static bool parse_real(struct parser *ps, json_t *v)
{
    v->type = JSON_REAL;
    if (*ps->p == '.' && !is_digit(*++ps->p))
        return bad(ps, "bad number");
    while (is_digit(*ps->p))
        ps->p++;
    if (*ps->p != 'e' && *ps->p != 'E')
        return true;
    ps->p++;
    if (*ps->p == '+' || *ps->p == '-')
        ps->p++;
    if (!is_digit(*ps->p))
        return bad(ps, "bad number");
    while (is_digit(*ps->p))
        ps->p++;
    return true;
}

static bool parse_number(struct parser *ps, json_t *v)
{
    bool negative = *ps->p == '-';
    uint64_t n = 0, limit = (uint64_t)INT64_MAX + negative;
    if (negative)
        ps->p++;
    if (!is_digit(*ps->p) || (*ps->p == '0' && is_digit(ps->p[1])))
        return bad(ps, "bad number");
    for (; is_digit(*ps->p); ps->p++) {
        unsigned digit = (unsigned)(*ps->p - '0');
        if (n > (limit - digit) / 10)
            return bad(ps, "number too large");
        n = n * 10 + digit;
    }
    v->type = JSON_INTEGER;
    v->u.integer = negative ? (json_int_t)(0 - n) : (json_int_t)n;
    return *ps->p == '.' || *ps->p == 'e' || *ps->p == 'E' ? parse_real(ps, v) : true;
}

static bool parse_word(struct parser *ps, json_t *v, const char *word, enum json_type type)
{
    size_t n = strlen(word);
    if (strncmp(ps->p, word, n) != 0)
        return bad(ps, "unexpected character");
    ps->p += n;
    v->type = (uint8_t)type;
    return true;
}

static bool parse_value(struct parser *ps, json_t *v);

static bool parse_key(struct parser *ps, json_t *v)
{
    uint32_t len;
    if (*ps->p != '"')
        return bad(ps, "expected a key");
    if (!parse_string(ps, &v->at.key, &len))
        return false;
    skip_space(ps);
    if (*ps->p != ':')
        return bad(ps, "expected ':'");
    ps->p++;
    skip_space(ps);
    return true;
}

/* At the opening bracket of an array or object. */
static bool parse_children(struct parser *ps, json_t *v, enum json_type type, char close)
{
    json_t **link = &v->u.child.first;
    v->type = (uint8_t)type;
    *link = v->u.child.recent = NULL;
    if (++ps->depth > MAX_DEPTH)
        return bad(ps, "nested too deeply");
    ps->p++;
    skip_space(ps);
    while (*ps->p != close) {
        json_t *c = take_node(ps->doc);
        *c = (json_t){.at.index = v->n++};
        if ((type == JSON_OBJECT && !parse_key(ps, c)) || !parse_value(ps, c))
            return false;
        *link = c;
        link = &c->next;
        skip_space(ps);
        if (*ps->p != ',')
            break;
        ps->p++;
        skip_space(ps);
        if (*ps->p == close)
            return bad(ps, "unexpected character");
    }
    if (*ps->p != close)
        return bad(ps, ps->p == ps->end ? "the text ends too early" : "unexpected character");
    ps->p++;
    ps->depth--;
    return true;
}

static bool parse_value(struct parser *ps, json_t *v)
{
    switch (*ps->p) {
    case '{':
        return parse_children(ps, v, JSON_OBJECT, '}');
    case '[':
        return parse_children(ps, v, JSON_ARRAY, ']');
    case '"':
        v->type = JSON_STRING;
        return parse_string(ps, &v->u.string, &v->n);
    case 't':
        return parse_word(ps, v, "true", JSON_TRUE);
    case 'f':
        return parse_word(ps, v, "false", JSON_FALSE);
    case 'n':
        return parse_word(ps, v, "null", JSON_NULL);
    case '\0':
        return bad(ps, ps->p == ps->end ? "the text ends too early" : "unexpected character");
    default:
        return parse_number(ps, v);
    }
}

json_t *json_parse(char *text, size_t len, struct vnet_err *err)
{
    struct document *doc = mem_alloc(sizeof(*doc));
    doc->text = text;
    struct parser ps = {.doc = doc, .p = text, .end = text + len, .err = err};
    bool ok = len < UINT32_MAX || bad(&ps, "too large");
    if (ok) {
        skip_space(&ps);
        ok = parse_value(&ps, &doc->root);
    }
    if (ok) {
        skip_space(&ps);
        ok = ps.p == ps.end || bad(&ps, "text behind the end");
    }
    if (ok)
        return &doc->root;
    json_free(&doc->root);
    return NULL;
}

/* ---- writing ---- */

/* A byte that cannot stand as it is. One that is not UTF-8 (a device's name may be any bytes)
 * becomes a lone surrogate, U+DC80 to U+DCFF, as in Python's "surrogateescape". */
static void put_stray(struct strbuf *out, unsigned char c)
{
    if (c == '"' || c == '\\')
        strbuf_addf(out, "\\%c", c);
    else
        strbuf_addf(out, "\\u%04x", c < 0x20 ? c : 0xdc00U | c);
}

static unsigned plain_length(const char *s)
{
    return (unsigned char)*s < 0x20 || *s == '"' || *s == '\\' ? 0 : utf8_length(s);
}

static void put_text(struct strbuf *out, const char *s)
{
    strbuf_addc(out, '"');
    while (*s) {
        size_t run = 0;
        for (unsigned n; (n = plain_length(s + run)) > 0;)
            run += n;
        strbuf_add(out, s, run);
        s += run;
        if (*s)
            put_stray(out, (unsigned char)*s++);
    }
    strbuf_addc(out, '"');
}

/* What stands before a value: comma, line break and indentation, key. */
static void lead(struct json_out *o, const char *key)
{
    if (o->depth) {
        struct json_out_level *l = &o->level[o->depth - 1];
        if (l->some)
            strbuf_addc(o->sb, ',');
        if (l->lines)
            strbuf_addf(o->sb, "\n%*s", (int)o->depth - 1, "");
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
    if (l->lines && l->some)
        strbuf_addf(o->sb, "\n%*s", o->depth ? (int)o->depth - 1 : 0, "");
    strbuf_addc(o->sb, l->close);
}

static void put_digits(struct strbuf *out, uint64_t n, bool negative)
{
    char digits[24], *p = digits + sizeof(digits);
    do
        *--p = (char)('0' + n % 10);
    while (n /= 10);
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
