/* Links of the usual form, read without a tree, and written: see records.h. */
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
/* The members of a link in the form that is read, into the open object and in this order. link: the
 * other end of its pair (NULL: none), which is in the namespace link_netns (0: the same). */
void state_put_link_identity(struct json_out *o, const struct netdev *dev, const char *link,
                             uint32_t link_netns);
void state_put_link_settings(struct json_out *o, const struct netdev *dev); /* flags to operstate */
void state_put_link_values(struct json_out *o, const struct netdev *dev);   /* addresses, fields */
void state_put_link_stats(struct json_out *o, const struct vnet_link_stats *stats); /* if any */

/* What the kernel computes, whatever the device's flags. */
#define STATE_COMPUTED_FLAGS ((uint32_t)(VNET_IFF_LOWER_UP | VNET_IFF_DORMANT | VNET_IFF_ECHO))

extern const struct nametab state_operstates[];
extern const struct state_field state_link_fields[];                  /* of struct netdev */
extern const struct state_field state_rx_fields[], state_tx_fields[]; /* struct vnet_link_stats */

#endif
