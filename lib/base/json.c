#include "base/json.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/mem.h"
#include "base/text.h"

/* ---- reading trees ---- */

/* Remember where a get ended: a hint, no part of the value. */
static const json_t *found(const json_t *parent, const json_t *child)
{
    ((json_t *)(uintptr_t)parent)->u.child.recent = (uint32_t)(child - parent);
    return child;
}

const json_t *json_array_get(const json_t *array, size_t index)
{
    if (index >= json_array_size(array))
        return NULL;
    const json_t *v = array + array->u.child.recent;
    if (v == array || v->at.index > index)
        v = array + 1;
    while (v->at.index < index)
        v += v->size;
    return found(array, v);
}

static uint32_t key_bit(const char *key)
{
    unsigned first = (unsigned char)key[0], second = first ? (unsigned char)key[1] : 0;
    return 1U << ((first * 7 + second * 13) & 31);
}

const json_t *json_object_get(const json_t *object, const char *key)
{
    if (!json_is_object(object) || !(object->u.child.keys & key_bit(key)))
        return NULL;
    const json_t *from = object + object->u.child.recent;
    if (from == object)
        from = object + 1;
    const json_t *v = from;
    do {
        if (json_same_key(v->at.key, key))
            return found(object, v);
        v = v->last ? object + 1 : v + v->size;
    } while (v != from);
    return NULL;
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

enum { MAX_DEPTH = 32, BYTES_A_NODE = 10 };

struct document { /* json_parse() returns its first node */
    char *text;
    uint32_t n, cap;
    json_t nodes[];
};

struct parser {
    struct document *doc;
    char *p;
    const char *end;
    struct vnet_err *err;
    unsigned depth;
};

static struct document *resize(struct document *doc, uint32_t cap)
{
    doc = mem_realloc(doc, sizeof(*doc) + (size_t)cap * sizeof(doc->nodes[0]));
    doc->cap = cap;
    return doc;
}

void json_free(json_t *root)
{
    if (!root)
        return;
    struct document *doc = container_of(root, struct document, nodes);
    free(doc->text);
    free(doc);
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

static inline bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static inline void skip_space(struct parser *ps)
{
    if ((unsigned char)*ps->p > ' ')
        return;
    while (is_space(*ps->p))
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

/* Printable ASCII but for the quote and the backslash. */
#define TRUE_2(c)  [c] = true, [(c) + 1] = true
#define TRUE_8(c)  TRUE_2(c), TRUE_2((c) + 2), TRUE_2((c) + 4), TRUE_2((c) + 6)
#define TRUE_32(c) TRUE_8(c), TRUE_8((c) + 8), TRUE_8((c) + 16), TRUE_8((c) + 24)
static const bool plain_chars[UCHAR_MAX + 1] = {
    TRUE_2(' '),      TRUE_32('#'), TRUE_8('#' + 32), TRUE_8('#' + 40),
    TRUE_8('#' + 48), ['['] = true, TRUE_32(']'),     TRUE_2('}'),
};

static inline bool is_plain(char c)
{
    return plain_chars[(unsigned char)c];
}

/* The rest of a string that has something else than plain characters in it, up to the quote. */
static bool parse_string_tail(struct parser *ps, char **out)
{
    for (unsigned char c; (c = (unsigned char)*ps->p) != '"';) {
        if (c < 0x20)
            return bad(ps, ps->p == ps->end ? "the text ends in a string"
                                            : "control character in a string");
        if (c == '\\' ? !unescape(ps, out) : c >= 0x80 && !copy_utf8(ps, out))
            return false;
        if (c != '\\' && c < 0x80)
            *(*out)++ = *ps->p++;
    }
    return true;
}

/* At the opening quote. The string is unescaped in place and ended by 0, at the latest on the
 * closing quote. *end: where. */
static bool parse_string(struct parser *ps, const char **start, char **end, bool *plain)
{
    char *p = ps->p + 1; /* in a register: writes through char pointers may alias ps */
    *start = p;
    while (is_plain(*p))
        p++;
    ps->p = *end = p;
    *plain = *p == '"';
    if (!*plain && !parse_string_tail(ps, end))
        return false;
    ps->p++;
    **end = '\0';
    return true;
}

static bool parse_text(struct parser *ps, json_t *v)
{
    char *end;
    if (!parse_string(ps, &v->u.string, &end, &v->plain))
        return false;
    v->type = JSON_STRING;
    v->n = (uint32_t)(end - v->u.string);
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

/* Digits from ps->p on; false if they make more than `limit`. */
static bool parse_digits(struct parser *ps, uint64_t limit, uint64_t *value)
{
    enum { SAFE_DIGITS = 18 }; /* any number of so many fits */
    char *p = ps->p;
    const char *safe = p + SAFE_DIGITS;
    uint64_t n = 0;
    while (is_digit(*p) && p < safe)
        n = n * 10 + (unsigned)(*p++ - '0');
    for (; is_digit(*p); p++) {
        unsigned digit = (unsigned)(*p - '0');
        if (n > (limit - digit) / 10)
            break;
        n = n * 10 + digit;
    }
    ps->p = p;
    *value = n;
    return !is_digit(*p);
}

static bool parse_number(struct parser *ps, json_t *v)
{
    bool negative = *ps->p == '-';
    uint64_t n;
    if (negative)
        ps->p++;
    if (!is_digit(*ps->p) || (*ps->p == '0' && is_digit(ps->p[1])))
        return bad(ps, "bad number");
    if (!parse_digits(ps, (uint64_t)INT64_MAX + negative, &n))
        return bad(ps, "number too large");
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

/* Nodes may move while children are parsed, so they are named by index. */
static bool parse_value(struct parser *ps, uint32_t at);

static json_t *node(const struct parser *ps, uint32_t at)
{
    return &ps->doc->nodes[at];
}

static uint32_t take_node(struct parser *ps)
{
    if (ps->doc->n == ps->doc->cap)
        ps->doc = resize(ps->doc, ps->doc->cap * 2);
    json_t *v = node(ps, ps->doc->n);
    v->last = v->plain = false;
    v->size = 1;
    return ps->doc->n++;
}

static bool parse_key(struct parser *ps, uint32_t parent, json_t *v)
{
    char *end;
    bool plain;
    if (*ps->p != '"')
        return bad(ps, "expected a key");
    if (!parse_string(ps, &v->at.key, &end, &plain))
        return false;
    skip_space(ps);
    if (*ps->p != ':')
        return bad(ps, "expected ':'");
    ps->p++;
    skip_space(ps);
    node(ps, parent)->u.child.keys |= key_bit(v->at.key);
    return true;
}

/* One child of `parent`, its key first if it is an object. */
static bool parse_child(struct parser *ps, uint32_t parent, uint32_t *child)
{
    uint32_t at = *child = take_node(ps);
    json_t *up = node(ps, parent), *v = node(ps, at);
    v->at.index = up->n++;
    return (up->type == JSON_ARRAY || parse_key(ps, parent, v)) && parse_value(ps, at);
}

/* At the opening bracket of an array or object. */
static bool parse_children(struct parser *ps, uint32_t at, char close)
{
    uint32_t child = 0;
    if (++ps->depth > MAX_DEPTH)
        return bad(ps, "nested too deeply");
    ps->p++;
    skip_space(ps);
    while (*ps->p != close || child) {
        if (!parse_child(ps, at, &child))
            return false;
        skip_space(ps);
        if (*ps->p != ',')
            break;
        ps->p++;
        skip_space(ps);
    }
    if (*ps->p != close)
        return bad(ps, ps->p == ps->end ? "the text ends too early" : "unexpected character");
    ps->p++;
    ps->depth--;
    if (child)
        node(ps, child)->last = true;
    node(ps, at)->size = ps->doc->n - at;
    return true;
}

static bool parse_container(struct parser *ps, uint32_t at, enum json_type type)
{
    json_t *v = node(ps, at);
    v->type = (uint8_t)type;
    v->n = 0;
    v->u.child.keys = v->u.child.recent = 0;
    return parse_children(ps, at, type == JSON_OBJECT ? '}' : ']');
}

static bool parse_value(struct parser *ps, uint32_t at)
{
    json_t *v = node(ps, at);
    switch (*ps->p) {
    case '{':
        return parse_container(ps, at, JSON_OBJECT);
    case '[':
        return parse_container(ps, at, JSON_ARRAY);
    case '"':
        return parse_text(ps, v);
    case 't':
        return parse_word(ps, v, "true", JSON_TRUE);
    case 'f':
        return parse_word(ps, v, "false", JSON_FALSE);
    case 'n':
        return parse_word(ps, v, "null", JSON_NULL);
    case ',':
    case ']':
    case '}':
        return bad(ps, "unexpected character");
    case '\0':
        return bad(ps, ps->p == ps->end ? "the text ends too early" : "unexpected character");
    default:
        return parse_number(ps, v);
    }
}

static bool parse_document(struct parser *ps)
{
    skip_space(ps);
    if (!parse_value(ps, take_node(ps)))
        return false;
    skip_space(ps);
    node(ps, 0)->last = true;
    return ps->p == ps->end || bad(ps, "text behind the end");
}

json_t *json_parse(char *text, size_t len, struct vnet_err *err)
{
    struct document *doc =
        resize(NULL, (uint32_t)(len < UINT32_MAX ? len / BYTES_A_NODE + 16 : 16));
    doc->text = text;
    doc->n = 0;
    struct parser ps = {.doc = doc, .p = text, .end = text + len, .err = err};
    bool ok = len < UINT32_MAX / 2 ? parse_document(&ps) : bad(&ps, "too large");
    if (ok)
        return ps.doc->nodes;
    json_free(ps.doc->nodes);
    return NULL;
}
