/* Ports and groups of the usual form and entries of the forwarding table, without a tree: see
 * records.h. */
#ifndef VNET_STATE_BRIDGE_RECORDS_H
#define VNET_STATE_BRIDGE_RECORDS_H

#include "bridge/br.h"
#include "state/fields.h"

struct fdb_record {        /* of "fdb", a bridge's */
    int64_t updated, used; /* 0: left out */
    uint16_t port, vlan;
    uint8_t flags, mac[6];
};

struct port_record {             /* of "ports": one that is in one VLAN, with one timer at most */
    int64_t expires, order, due; /* its forward_delay_timer, if there is one */
    int32_t ifindex;
    uint16_t no;
    struct br_vlan vlan;
    bool has_timer;
    struct br_port port; /* of it: the fields below */
};

struct mdb_record { /* of "mdb": a group of addresses with one port, whose timer runs */
    struct br_group group;
    int64_t expires, order, due;
    uint16_t no;
    uint8_t flags;
};

extern const struct state_field state_port_fields[]; /* of struct br_port */

/* May the group have its source? */
bool state_mdb_source_ok(const struct br_group *g);
/* The first members of a port, into the open object. */
void state_put_port_values(struct json_out *o, const struct br_port *p);
void state_put_fdb_record(struct json_out *o, const struct fdb_record *r);
const char *state_read_fdb_record(const char *text, const char *end, void *record);
const char *state_read_mdb_record(const char *text, const char *end, void *record);
const char *state_read_port_record(const char *text, const char *end, void *record);

#endif
