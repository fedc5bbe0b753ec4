/* Members of the state file that routes, rules and addresses have: numbers, names for numbers,
 * address prefixes. */
#ifndef VNET_STATE_VALUES_H
#define VNET_STATE_VALUES_H

#include "base/nametab.h"
#include "state/state.h"

/* A value by its name, or as a number where it has none; nothing at its default. */
void state_put_name(struct json_out *o, const char *key, const struct nametab *t, uint32_t value,
                    uint32_t dflt);
void state_put_nonzero(struct json_out *o, const char *key, int64_t value);
/* "10.0.0.0/8"; "10.0.0.1" for one of full length */
void state_put_prefix(struct json_out *o, const char *key, const struct inet_prefix *p);

/* An absent member leaves *out as it is. */
int state_get_number(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     const char *key, int64_t max, uint32_t *out);
int state_get_byte(struct state_loader *l, const json_t *obj, const struct state_path *at,
                   const char *key, uint8_t *out);
/* A name of the table or a number. */
int state_get_name(struct state_loader *l, const json_t *obj, const struct state_path *at,
                   const char *key, const struct nametab *t, int64_t max, uint32_t *out);
int state_get_name8(struct state_loader *l, const json_t *obj, const struct state_path *at,
                    const char *key, const struct nametab *t, uint8_t *out);
/* What state_put_prefix() writes; host_bits: there may be bits behind its length. */
bool state_parse_prefix(const char *text, bool host_bits, struct inet_prefix *p);
int state_get_prefix(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     const char *key, bool host_bits, struct inet_prefix *p);

#endif
