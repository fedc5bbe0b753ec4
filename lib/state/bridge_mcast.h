/* What a bridge that snoops knows, in the state file. */
#ifndef VNET_STATE_BRIDGE_MCAST_H
#define VNET_STATE_BRIDGE_MCAST_H

#include "bridge/br.h"
#include "state/fields.h"

/* A timer and when it is due: what is told of it. Their keys are BR_TIMER("NAME"). */
#define BR_TIMER(name) name, name "_due"
void state_put_br_timer(struct json_out *o, const char *key, const char *due,
                        const struct br_timer *t);
int state_get_br_timer(struct state_loader *l, const json_t *obj, const struct state_path *at,
                       const char *key, const char *due, struct br_timer *t);

/* other NULL: of a port. */
void state_put_mcast_ctx(struct json_out *o, const struct br_mcast_ctx ctx[2],
                         const struct br_querier other[2]);
int state_get_mcast_ctx(struct state_loader *l, const json_t *obj, const struct state_path *at,
                        struct br_mcast_ctx ctx[2], struct br_querier other[2]);
void state_put_mdb(struct json_out *o, const struct bridge *br);
/* One element of "mdb". */
int state_load_mdb(struct state_loader *l, const json_t *obj, const struct state_path *at,
                   struct bridge *br);

#endif
