/* The further addresses that a device receives, in the state file. */
#ifndef VNET_STATE_HW_ADDRS_H
#define VNET_STATE_HW_ADDRS_H

#include "dev/addr_lists.h"
#include "state/state.h"

/* An array, of which an element is "02:00:00:00:00:01", or an object where there is more to say. */
void state_put_hw_addrs(struct json_out *o, const char *key, const struct hw_addr_list *list);
/* What the member has is put behind the list; an absent one is fine. `len`: bytes of an address,
 * 0 for any. */
int state_get_hw_addrs(struct state_loader *l, const json_t *obj, const struct state_path *at,
                       const char *key, uint8_t len, struct hw_addr_list *list);

#endif
