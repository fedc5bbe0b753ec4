/* Printing the options of a link kind, or of a port of one, by a table. */
#ifndef VNET_CMD_IP_LINK_OPTS_H
#define VNET_CMD_IP_LINK_OPTS_H

#include "cmd/printer.h"
#include "vnet_bridge.h"

enum opt_form {
    AS_NUMBER,
    AS_HEX,
    AS_BRIDGE_ID,
    AS_MAC,
    AS_VLAN_PROTO,
    AS_TIMER, /* hundredths of a second */
    AS_PORT_STATE,
    AS_ON_OFF,      /* JSON: true, false */
    AS_TEXT_ON_OFF, /* not in JSON */
    AS_FORWARD_MASK,
};

struct opt_row {
    unsigned opt;            /* VNET_BR_*, VNET_BRPORT_* */
    const char *text, *json; /* json NULL: the same */
    enum opt_form form;
};

/* Those that are given, in the table's order, as an object `key`. */
void ip_print_link_opts(struct printer *p, const char *key, const struct opt_row *rows, size_t n,
                        const struct vnet_link_opts *o);

#endif
