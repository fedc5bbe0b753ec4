/* Elements of the lists that make a state long, read without a tree of JSON nodes: where one has
 * the form in which it is saved, and nothing in it is out of range, it becomes a record at once. An
 * element of any other form is parsed as all JSON is, to the same effect, or to say what is wrong
 * with it. */
#ifndef VNET_STATE_RECORDS_H
#define VNET_STATE_RECORDS_H

#include "base/addr.h"
#include "base/json.h"
#include "base/nametab.h"

struct neigh_record { /* of "neighs", IPv4; times in ns */
    int32_t ifindex;
    uint32_t dst; /* host order */
    uint16_t state;
    uint8_t flags, type, protocol;
    bool has_timer;
    uint32_t probes;
    int64_t used, confirmed, updated;
    int64_t expires, order; /* the timer, if there is one */
    uint8_t lladdr_len, lladdr[7];
};

struct route_record { /* of "routes", IPv4; addresses in host order, 0: none */
    const char *dev;  /* dev_len bytes of the text, 0: none */
    uint32_t dst, gateway, prefsrc;
    uint32_t table, metric;
    uint8_t len, protocol, scope;
    uint8_t type : 4, dev_len : 4;
};

/* The same text as save_neigh() writes; false, and nothing is written, of a state not known here.
 */
bool state_put_neigh_record(struct json_out *o, const struct neigh_record *r);

/* The same text as save_route() writes. */
void state_put_route_record(struct json_out *o, const struct route_record *r);
const char *state_read_route_record(const char *text, const char *end, void *record);

extern const struct nametab state_route_types[], state_route_protocols[], state_route_scopes[],
    state_route_tables[];

/* For json_parse_records(). */
extern const struct json_record_kind state_records[];

#endif
