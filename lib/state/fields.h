/* Records of numbers, addresses and bytes in the state file, by table; packets. */
#ifndef VNET_STATE_FIELDS_H
#define VNET_STATE_FIELDS_H

#include "base/scan.h"
#include "dev/skb.h"
#include "state/state.h"

/* A member of a structure: written unless it has its default, checked on load. */
struct state_field {
    const char *key; /* NULL ends a table */
    size_t key_len, offset;
    unsigned size; /* of the member: 1, 2, 4 or 8 */
    enum {
        FIELD_BOOL,
        FIELD_U8,
        FIELD_U16,
        FIELD_U32,
        FIELD_INT,
        FIELD_I64,
        FIELD_U64,
        FIELD_V4
    } kind;
    int64_t min, max; /* numbers only; max 0: all that the member can hold */
    int64_t initial;  /* the default */
};
#define FIELD(type, member, name, as, ...)                                                   \
    {                                                                                        \
        .key = (name), .key_len = sizeof(name) - 1, .offset = offsetof(struct type, member), \
        .size = sizeof(((struct type *)0)->member), .kind = (as), __VA_ARGS__                \
    }

void state_put_fields(struct json_out *o, const struct state_field *fields, const void *base);
/* Has every member its default? */
bool state_fields_initial(const struct state_field *fields, const void *base);
/* Sets every member, to its default where the key is absent. */
int state_get_fields(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     const struct state_field *fields, void *base);
/* To where there is room for STATE_FIELD_ROOM bytes a field and two more: members behind others,
 * from the comma before the first on, or a whole object. The place behind. */
enum { STATE_FIELD_ROOM = 64 };
char *put_fields(char *p, const struct state_field *fields, const void *base);
char *put_fields_object(char *p, const struct state_field *fields, const void *base);
/* The same of text in that form; false: it has another, or some value is out of range or of a kind
 * that is not known here. */
bool state_scan_members(struct scan *s, const struct state_field *fields, void *base);
bool state_scan_object(struct scan *s, const struct state_field *fields, void *base);
void state_copy_fields(const struct state_field *fields, const void *from, void *to);
/* state_only_keys() with the table's keys and `more` (NULL-terminated, or NULL). */
int state_only_fields(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      const struct state_field *fields, const char *const *more);

/* UNSPEC is left out. */
void state_put_addr(struct json_out *o, const char *key, const struct inet_addr *a);
void state_put_lladdr(struct json_out *o, const char *key, const struct lladdr *a);
/* Bytes as hexadecimal digits. */
void state_put_hex(struct json_out *o, const char *key, const uint8_t *p, size_t len);
/* A value that is a string of hexadecimal digits: *out is malloc()ed, *len at most max; -EINVAL.
 * key is for the message only. */
int state_get_hex(struct state_loader *l, const json_t *value, const struct state_path *at,
                  const char *key, size_t max, uint8_t **out, size_t *len);

/* Call load for each element of the array `key` of obj, until it fails; an absent array is fine. */
int state_get_list(struct state_loader *l, const json_t *obj, const struct state_path *at,
                   const char *key,
                   int (*load)(struct state_loader *, const json_t *, const struct state_path *));
/* The same, and arg goes with each. */
int state_get_list_into(struct state_loader *l, const json_t *obj, const struct state_path *at,
                        const char *key,
                        int (*load)(struct state_loader *, const json_t *,
                                    const struct state_path *, void *),
                        void *arg);

/* The members of a packet, its route included, into the innermost open object. */
void state_put_skb(struct json_out *o, const struct skb *skb);
extern const char *const state_skb_keys[]; /* NULL-terminated */
/* A packet of the namespace ns from those members; *out: owned by the caller. */
int state_get_skb(struct state_loader *l, struct netns *ns, const json_t *obj,
                  const struct state_path *at, struct skb **out);

#endif
