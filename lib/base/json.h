/* JSON, as far as the state file needs it: integers, strings, booleans, null, arrays, objects.
 *
 * A library of its own because a one-shot command's time is the parse of the state: here nodes lie
 * in one block, strings stay in the text that was read, and output goes straight into a buffer. The
 * names of the reading part are those of jansson, with the same meaning; a tree has one owner. */
#ifndef VNET_BASE_JSON_H
#define VNET_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"

typedef struct json json_t;
typedef int64_t json_int_t;

enum json_type {
    JSON_OBJECT,
    JSON_ARRAY,
    JSON_STRING,
    JSON_INTEGER,
    JSON_REAL, /* recognised so that it can be refused; carries no value */
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
    JSON_RECORD, /* json_parse_records() */
};

struct json { /* read by the functions below only. Nodes lie in the order of the text */
    union {
        const char *key; /* in an object */
        size_t index;    /* in an array */
    } at;
    union {
        json_int_t integer;
        const char *string;
        struct {
            uint64_t keys : 39;   /* of an object: a bit for each member's key */
            uint64_t recent : 25; /* where the last get among the children ended, in nodes from
                                     here; 0: nowhere */
        } has;
    } u;
    uint32_t n;         /* bytes of the string, number of children */
    uint32_t size : 25; /* in nodes, itself included */
    uint32_t type : 4;  /* enum json_type */
    uint32_t plain : 1; /* a string of printable ASCII */
    uint32_t last : 1;  /* of its parent's children */
    uint32_t asked : 1; /* for by json_object_get() */
};

/* Parse a whole text (RFC 8259; UTF-8 is checked, \u0000 and nesting deeper than 32 are refused;
 * numbers with a fraction or exponent become JSON_REAL): len bytes and a 0 behind them. The text
 * stays the caller's, but is written over, and strings in the tree point into it. NULL and "line L
 * column C: what" in *err. */
json_t *json_parse(char *text, size_t len, struct vnet_err *err);
void json_free(json_t *root); /* NULL is fine */

/* Elements of the array that is a member called `key` of any object: where `read` knows the text of
 * one, which ends before `end` and begins with a bracket, it fills the record (of `size` bytes) and
 * returns the place behind the element; the tree then has a JSON_RECORD in its place. NULL: it is
 * parsed. */
struct json_record_kind {
    const char *key;
    size_t size;
    const char *(*read)(const char *text, const char *end, void *record);
};
/* json_parse(), with some elements as records; kinds end with a key of NULL. */
json_t *json_parse_records(char *text, size_t len, const struct json_record_kind *kinds,
                           struct vnet_err *err);
/* NULL: v is no record. */
static inline const void *json_record(const json_t *v);

/* ---- reading: NULL and values of another type are fine, and give NULL or 0 ---- */

static inline bool json_is_type(const json_t *v, enum json_type type)
{
    return v && v->type == type;
}
#define json_is_object(v)  json_is_type((v), JSON_OBJECT)
#define json_is_array(v)   json_is_type((v), JSON_ARRAY)
#define json_is_string(v)  json_is_type((v), JSON_STRING)
#define json_is_integer(v) json_is_type((v), JSON_INTEGER)
#define json_is_true(v)    json_is_type((v), JSON_TRUE)
#define json_is_false(v)   json_is_type((v), JSON_FALSE)
#define json_is_boolean(v) (json_is_true(v) || json_is_false(v))

static inline json_int_t json_integer_value(const json_t *v)
{
    return json_is_integer(v) ? v->u.integer : 0;
}
static inline const void *json_record(const json_t *v)
{
    return json_is_type(v, JSON_RECORD) ? v + 1 : NULL;
}
/* What json_put_u64() wrote; false if v is nothing of the kind. */
bool json_u64_value(const json_t *v, uint64_t *out);
static inline const char *json_string_value(const json_t *v)
{
    return json_is_string(v) ? v->u.string : NULL;
}
static inline size_t json_string_length(const json_t *v)
{
    return json_is_string(v) ? v->n : 0;
}
static inline size_t json_array_size(const json_t *v)
{
    return json_is_array(v) ? v->n : 0;
}
static inline size_t json_object_size(const json_t *v)
{
    return json_is_object(v) ? v->n : 0;
}
/* A member that json_object_get() never gave: NULL if there is none. */
const json_t *json_not_asked_for(const json_t *object);
/* A string of printable ASCII only: known without a look. */
static inline bool json_string_is_plain(const json_t *v)
{
    return json_is_string(v) && v->plain;
}
static inline const json_t *json_first_child(const json_t *v)
{
    return v && v->type <= JSON_ARRAY && v->n ? v + 1 : NULL;
}
static inline const json_t *json_next(const json_t *v)
{
    return v->last ? NULL : v + v->size;
}
/* Are two keys the same? */
static inline bool json_same_key(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}
/* Constant time when the indexes grow by one. */
const json_t *json_array_get(const json_t *array, size_t index);
static inline uint64_t json_key_bit(const char *key)
{
    unsigned first = (unsigned char)key[0], second = first ? (unsigned char)key[1] : 0;
    uint32_t mixed = (first << 8 | second) * 0x9e3779b1U;
    return 1ULL << ((uint64_t)mixed * 39 >> 32);
}

/* false: there is no such member. */
static inline bool json_may_have(const json_t *object, const char *key)
{
    return json_is_object(object) && object->u.has.keys & json_key_bit(key);
}
/* The member of that name (any, if there are several); cheap when asked for in the order of the
 * file. */
const json_t *json_object_get(const json_t *object, const char *key);

#define json_array_foreach(array, i, v) \
    for ((v) = json_first_child(array), (i) = 0; (v); (v) = json_next(v), (i)++)
#define json_object_foreach(object, k, v) \
    for ((v) = json_first_child(object); (v) && ((k) = (v)->at.key, true); (v) = json_next(v))

/* ---- writing: straight into a buffer ---- */

enum { JSON_OUT_DEPTH = 16 };

struct pieces;

struct json_out {
    struct strbuf *sb;     /* borrowed */
    struct pieces *pieces; /* the state's, whose own text sb is; NULL: nothing lies elsewhere */
    unsigned depth;
    struct {
        int64_t when, order;
        bool any;
    } first; /* of the timers that were written: the state's, which notes them (state/json.c) */
    struct json_out_level {
        char close; /* ']' or '}' */
        bool lines; /* each child on a line of its own */
        bool some;  /* a child was written */
    } level[JSON_OUT_DEPTH];
};

/* What stands between the quotes of a string, of any bytes. */
void json_escape(struct strbuf *out, const char *s);
/* What each writes is a member called `key` (as it stands in the text: of plain characters, or
 * escaped) of the innermost open object (or, with key NULL, the
 * next element of the innermost open array, or the whole text). lines: its children are written on
 * lines of their own, else the whole of it on one. */
void json_put_object(struct json_out *o, const char *key, bool lines);
void json_put_array(struct json_out *o, const char *key, bool lines);
void json_put_end(struct json_out *o); /* of the innermost open object or array */
void json_put_int(struct json_out *o, const char *key, int64_t value);
void json_put_u64(struct json_out *o, const char *key, uint64_t value); /* above 2^63: a string */
void json_put_str(struct json_out *o, const char *key, const char *s);  /* any bytes */
void json_put_bool(struct json_out *o, const char *key, bool value);
/* Text that is JSON already: room for n bytes; end: behind them. */
char *json_put_text(struct json_out *o, const char *key, size_t n);
void json_put_text_end(struct json_out *o, char *end);
/* The same of members of the open object, from the comma before them on, if others are before. */
char *json_put_members(struct json_out *o, size_t n);
/* To where there is room, and the place behind: what stands between the quotes of a string, with
 * six bytes of room for each of its own; a number as json_put_u64() writes it, with PUT_INT_ROOM
 * + 2. */
char *json_text_chars(char *p, const char *s);
char *json_text_u64(char *p, uint64_t value);

/* ---- between json*.c ---- */

extern const bool json_plain_chars[256];
/* Printable ASCII but for the quote and the backslash: stands in a string as it is. */
static inline bool json_is_plain(char c)
{
    return json_plain_chars[(unsigned char)c];
}

#endif
