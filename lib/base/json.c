#include "base/json.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/block.h"
#include "base/list.h"
#include "base/mem.h"
#include "base/text.h"

/* ---- reading trees ---- */

/* Remember where a get ended: a hint, no part of the value. */
static const json_t *found(const json_t *parent, const json_t *child)
{
    ((json_t *)(uintptr_t)parent)->u.has.recent = (uint32_t)(child - parent) & 0x1ffffff;
    ((json_t *)(uintptr_t)child)->asked = true;
    return child;
}

const json_t *json_array_get(const json_t *array, size_t index)
{
    if (index >= json_array_size(array))
        return NULL;
    const json_t *v = array + array->u.has.recent;
    if (v == array || v->at.index > index)
        v = array + 1;
    while (v->at.index < index)
        v += v->size;
    return found(array, v);
}

static inline const json_t *next_around(const json_t *object, const json_t *v)
{
    return v->last ? object + 1 : v + v->size;
}

const json_t *json_object_get(const json_t *object, const char *key)
{
    if (!json_may_have(object, key))
        return NULL;
    const json_t *v = object + object->u.has.recent, *from;
    from = v = v == object ? object + 1 : next_around(object, v);
    do {
        if (json_same_key(v->at.key, key))
            return found(object, v);
        v = next_around(object, v);
    } while (v != from);
    return NULL;
}

const json_t *json_not_asked_for(const json_t *object)
{
    const json_t *v = json_first_child(object);
    while (v && v->asked)
        v = json_next(v);
    return v;
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

enum {
    MAX_DEPTH = 32,
    BYTES_A_NODE = 12,
    LONG = 96 << 10,
    MAX_LEN = (1 << 26) - 16, /* at most a node each two bytes, and their number fits json.size */
};

struct document { /* json_parse() returns its first node */
    uint32_t n, cap;
    json_t nodes[];
};

struct parser {
    struct document *doc;
    const char *text, *end;
    struct vnet_err *err;
    const struct json_record_kind *kinds; /* NULL: none */
    unsigned depth;
};

static size_t document_size(uint32_t cap)
{
    return sizeof(struct document) + (size_t)cap * sizeof(json_t);
}

static struct document *new_document(uint32_t cap)
{
    struct document *doc = mem_realloc(NULL, document_size(cap));
    block_prefault(doc, document_size(cap));
    doc->n = 0;
    doc->cap = cap;
    return doc;
}

/* Half as much again; a large block moves without being copied. */
static void grow(struct parser *ps, uint32_t more)
{
    uint32_t old = ps->doc->cap, cap = old + old / 2 + more;
    ps->doc = mem_realloc(ps->doc, document_size(cap));
    ps->doc->cap = cap;
    block_prefault(&ps->doc->nodes[old], (cap - old) * sizeof(json_t));
}

void json_free(json_t *root)
{
    if (root)
        free(container_of(root, struct document, nodes));
}

/* The functions below take the place in the text where something begins, and return the place
 * behind it; or NULL, after bad(). */

static char *bad(const struct parser *ps, const char *p, const char *what)
{
    unsigned line = 1, column = 1;
    for (const char *q = ps->text; q < p; q++) {
        column = *q == '\n' ? 1 : column + 1;
        line += *q == '\n';
    }
    vnet_err(ps->err, EINVAL, "line %u column %u: %s", line, column, what);
    return NULL;
}

static char *unexpected(const struct parser *ps, const char *p)
{
    return bad(ps, p, p == ps->end ? "the text ends too early" : "unexpected character");
}

static inline char *skip_space(char *p)
{
    if ((unsigned char)*p > ' ')
        return p;
    while (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r')
        p++;
    return p;
}

/* ---- strings ---- */

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

/* Behind "\u": one escape, two that form a surrogate pair, or a stray byte (put_stray()). */
static char *unescape_unicode(const struct parser *ps, char *p, char **out)
{
    int c = hex4(p);
    bool stray = c >= 0xdc80 && c < 0xdd00;
    if (c <= 0 || (c >= 0xdc00 && c < 0xe000 && !stray))
        return bad(ps, p, "bad \\u escape");
    p += 4;
    if (stray) {
        *(*out)++ = (char)(c & 0xff);
        return p;
    }
    if (c >= 0xd800 && c < 0xdc00) {
        int low = p[0] == '\\' && p[1] == 'u' ? hex4(p + 2) : -1;
        if (low < 0xdc00 || low >= 0xe000)
            return bad(ps, p, "bad \\u escape");
        p += 6;
        c = 0x10000 + ((c - 0xd800) << 10 | (low - 0xdc00));
    }
    *out = put_utf8(*out, (uint32_t)c);
    return p;
}

/* Behind a backslash. */
static char *unescape(const struct parser *ps, char *p, char **out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *at = *p ? strchr(from, *p) : NULL;
    if (*p == 'u')
        return unescape_unicode(ps, p + 1, out);
    if (!at)
        return bad(ps, p, "bad escape");
    *(*out)++ = to[at - from];
    return p + 1;
}

static char *copy_utf8(const struct parser *ps, char *p, char **out)
{
    unsigned n = utf8_length(p);
    if (!n)
        return bad(ps, p, "bad UTF-8");
    memmove(*out, p, n);
    *out += n;
    return p + n;
}

/* The rest of a string that has something else than plain characters in it; the quote's place. */
static char *parse_string_tail(const struct parser *ps, char *p, char **out)
{
    while (p && *p != '"') {
        if ((unsigned char)*p < 0x20)
            return bad(ps, p,
                       p == ps->end ? "the text ends in a string"
                                    : "control character in a string");
        if (*p == '\\')
            p = unescape(ps, p + 1, out);
        else
            p = copy_utf8(ps, p, out);
    }
    return p;
}

/* Behind the opening quote. The string is unescaped in place and ended by 0, at the latest on the
 * closing quote. *end: where. */
static inline char *parse_string(const struct parser *ps, char *p, char **end, bool *plain)
{
    while (json_is_plain(*p))
        p++;
    *end = p;
    *plain = *p == '"';
    if (!*plain)
        p = parse_string_tail(ps, p, end);
    if (!p)
        return NULL;
    **end = '\0';
    return p + 1;
}

static inline char *parse_text(const struct parser *ps, char *p, json_t *v)
{
    char *end, *start = p + 1;
    bool plain = false;
    p = parse_string(ps, start, &end, &plain);
    v->plain = plain;
    v->type = JSON_STRING;
    v->u.string = start;
    v->n = (uint32_t)(end - start);
    return p;
}

/* ---- numbers and words ---- */

static inline bool is_digit(char c)
{
    return (unsigned char)(c - '0') <= 9;
}

static char *skip_digits(char *p)
{
    while (is_digit(*p))
        p++;
    return p;
}

/* The rest of a number that is not an integer: checked, not evaluated. */
static char *parse_real(const struct parser *ps, char *p, json_t *v)
{
    v->type = JSON_REAL;
    if (*p == '.' && !is_digit(*++p))
        return bad(ps, p, "bad number");
    p = skip_digits(p);
    if (*p != 'e' && *p != 'E')
        return p;
    p++;
    if (*p == '+' || *p == '-')
        p++;
    return is_digit(*p) ? skip_digits(p) : bad(ps, p, "bad number");
}

/* Digits that make at most `limit`; the place of the first that would make more. */
static inline char *parse_digits(char *p, uint64_t limit, uint64_t *value)
{
    const uint64_t safe = INT64_MAX / 10; /* below this, another digit fits */
    uint64_t n = 0;
    for (unsigned digit; (digit = (unsigned)(unsigned char)*p - '0') <= 9 && n < safe; p++)
        n = n * 10 + digit;
    for (; is_digit(*p); p++) {
        unsigned digit = (unsigned)(*p - '0');
        if (n > (limit - digit) / 10)
            break;
        n = n * 10 + digit;
    }
    *value = n;
    return p;
}

static inline char *parse_number(const struct parser *ps, char *p, json_t *v)
{
    bool negative = *p == '-';
    uint64_t n;
    p += negative;
    if (!is_digit(*p) || (*p == '0' && is_digit(p[1])))
        return bad(ps, p, "bad number");
    p = parse_digits(p, (uint64_t)INT64_MAX + negative, &n);
    if (is_digit(*p))
        return bad(ps, p, "number too large");
    v->type = JSON_INTEGER;
    v->u.integer = negative ? (json_int_t)(0 - n) : (json_int_t)n;
    return *p == '.' || *p == 'e' || *p == 'E' ? parse_real(ps, p, v) : p;
}

static char *parse_word(const struct parser *ps, char *p, json_t *v, const char *word,
                        enum json_type type)
{
    size_t n = strlen(word);
    v->type = type & 15;
    return strncmp(p, word, n) == 0 ? p + n : bad(ps, p, "unexpected character");
}

/* ---- arrays and objects ---- */

/* Anything but strings and numbers. Nodes may move meanwhile, so they are named by index. */
static char *parse_other(struct parser *ps, char *p, uint32_t at, const char *key);

static inline json_t *node(const struct parser *ps, uint32_t at)
{
    return &ps->doc->nodes[at];
}

static inline uint32_t take_node(struct parser *ps)
{
    if (ps->doc->n == ps->doc->cap)
        grow(ps, 0);
    json_t *v = node(ps, ps->doc->n);
    v->last = v->plain = v->asked = false;
    v->size = 1;
    return ps->doc->n++;
}

/* A key, the colon behind it, and space. */
static inline char *parse_key(const struct parser *ps, char *p, json_t *up, json_t *v)
{
    char *end, *start = p + 1;
    bool plain;
    if (*p != '"')
        return bad(ps, p, "expected a key");
    p = parse_string(ps, start, &end, &plain);
    if (!p)
        return NULL;
    v->at.key = start;
    up->u.has.keys |= json_key_bit(start);
    p = skip_space(p);
    return *p == ':' ? skip_space(p + 1) : bad(ps, p, "expected ':'");
}

static inline char *parse_value(struct parser *ps, char *p, uint32_t at, const char *key)
{
    if (*p == '"')
        return parse_text(ps, p, node(ps, at));
    if (is_digit(*p) || *p == '-')
        return parse_number(ps, p, node(ps, at));
    return parse_other(ps, p, at, key);
}

/* Elements that become records, as long as they do; each lies in the nodes behind its own. The
 * place of the next element, *more; or of what stands behind the last. */
static char *parse_records(struct parser *ps, char *p, uint32_t parent, uint32_t *child,
                           const struct json_record_kind *kind, bool *more)
{
    const uint32_t nodes = 1 + (uint32_t)((kind->size + sizeof(json_t) - 1) / sizeof(json_t));
    while (*p == '{' || *p == '[') {
        if (ps->doc->cap - ps->doc->n < nodes)
            grow(ps, nodes);
        json_t *v = node(ps, ps->doc->n);
        const char *end = kind->read(p, ps->end, v + 1);
        if (!end)
            break;
        *v = (json_t){
            .at.index = node(ps, parent)->n++, .type = JSON_RECORD, .size = nodes & 0x1ffffff};
        *child = ps->doc->n;
        ps->doc->n += nodes;
        p = skip_space(p + (end - p));
        *more = *p == ',';
        if (!*more)
            break;
        p = skip_space(p + 1);
    }
    return p;
}

/* One child of `parent`, its key first if it is an object. */
static inline char *parse_child(struct parser *ps, char *p, uint32_t parent, uint32_t *child)
{
    uint32_t at = *child = take_node(ps);
    json_t *up = node(ps, parent), *v = node(ps, at);
    v->at.index = up->n++;
    if (up->type == JSON_OBJECT) {
        p = parse_key(ps, p, up, v);
        return p ? parse_value(ps, p, at, v->at.key) : NULL;
    }
    return parse_value(ps, p, at, NULL);
}

/* Behind the opening bracket of an array or object. */
static char *parse_children(struct parser *ps, char *p, uint32_t at, char close,
                            const struct json_record_kind *kind)
{
    uint32_t child = 0;
    bool more = true;
    p = skip_space(p);
    while (*p != close || child) {
        if (kind)
            p = parse_records(ps, p, at, &child, kind, &more);
        if (!more)
            break;
        p = parse_child(ps, p, at, &child);
        if (!p)
            return NULL;
        p = skip_space(p);
        if (*p != ',')
            break;
        p = skip_space(p + 1);
    }
    if (*p != close)
        return unexpected(ps, p);
    if (child)
        node(ps, child)->last = true;
    node(ps, at)->size = ps->doc->n - at;
    return p + 1;
}

/* Of the elements of an array that is a member of an object. */
static const struct json_record_kind *kind_of(const struct parser *ps, const char *key)
{
    const struct json_record_kind *k = ps->kinds;
    while (k && k->key && !json_same_key(k->key, key))
        k++;
    return k && k->key ? k : NULL;
}

static char *parse_container(struct parser *ps, char *p, uint32_t at, enum json_type type,
                             const struct json_record_kind *kind)
{
    json_t *v = node(ps, at);
    v->type = type & 15;
    v->n = 0;
    v->u.has.keys = v->u.has.recent = 0;
    if (++ps->depth > MAX_DEPTH)
        return bad(ps, p, "nested too deeply");
    p = parse_children(ps, p + 1, at, type == JSON_OBJECT ? '}' : ']', kind);
    ps->depth--;
    return p;
}

static char *parse_other(struct parser *ps, char *p, uint32_t at, const char *key)
{
    json_t *v = node(ps, at);
    switch (*p) {
    case '{':
        return parse_container(ps, p, at, JSON_OBJECT, NULL);
    case '[':
        return parse_container(ps, p, at, JSON_ARRAY, key ? kind_of(ps, key) : NULL);
    case 't':
        return parse_word(ps, p, v, "true", JSON_TRUE);
    case 'f':
        return parse_word(ps, p, v, "false", JSON_FALSE);
    case 'n':
        return parse_word(ps, p, v, "null", JSON_NULL);
    case ',':
    case ']':
    case '}':
    case '\0':
        return unexpected(ps, p);
    default:
        return bad(ps, p, "bad number");
    }
}

static bool parse_document(struct parser *ps, char *text)
{
    char *p = parse_value(ps, skip_space(text), take_node(ps), NULL);
    if (!p)
        return false;
    p = skip_space(p);
    node(ps, 0)->last = true;
    return p == ps->end || bad(ps, p, "text behind the end");
}

json_t *json_parse(char *text, size_t len, struct vnet_err *err)
{
    return json_parse_records(text, len, NULL, err);
}

json_t *json_parse_records(char *text, size_t len, const struct json_record_kind *kinds,
                           struct vnet_err *err)
{
    bool small = len < MAX_LEN;
    size_t nodes = (len < LONG ? len : LONG) / BYTES_A_NODE + 16; /* a long one may have records */
    struct parser ps = {.doc = new_document((uint32_t)nodes),
                        .text = text,
                        .end = text + len,
                        .err = err,
                        .kinds = kinds};
    if (small ? parse_document(&ps, text) : bad(&ps, text, "too large") != NULL)
        return ps.doc->nodes;
    json_free(ps.doc->nodes);
    return NULL;
}
