/* Links of the usual form, read without a tree: see records.h. */
#ifndef VNET_STATE_LINK_RECORDS_H
#define VNET_STATE_LINK_RECORDS_H

#include "dev/core.h"
#include "state/fields.h"

struct link_record {
    int32_t ifindex;
    uint32_t link_netns; /* 0: the link's own */
    char name[VNET_IFNAMSIZ], link[VNET_IFNAMSIZ];
    const struct link_kind *kind;
    /* Of it: flags, mtu, qdisc, default_qdisc ("": left out), operstate, addr and brd (of no bytes:
     * left out), the fields below and stats. */
    struct netdev dev;
};

const char *state_read_link_record(const char *text, const char *end, void *record);

/* What the kernel computes, whatever the device's flags. */
#define STATE_COMPUTED_FLAGS ((uint32_t)(VNET_IFF_LOWER_UP | VNET_IFF_DORMANT | VNET_IFF_ECHO))

extern const struct nametab state_operstates[];
extern const struct state_field state_link_fields[];                  /* of struct netdev */
extern const struct state_field state_rx_fields[], state_tx_fields[]; /* struct vnet_link_stats */

#endif
