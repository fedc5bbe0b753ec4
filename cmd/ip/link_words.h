/* The words that `ip link set` and `ip link add` share, also those behind `peer` (iplink_parse() of
 * iproute2 6.1.0). */
#ifndef VNET_CMD_IP_LINK_WORDS_H
#define VNET_CMD_IP_LINK_WORDS_H

#include "cmd/ip/ctx.h"

struct link_words {
    struct ip *ip;
    bool create;
    struct vnet_link_req req;     /* name, index and all that was given */
    const char *name, *dev;       /* as typed */
    const char *kind;             /* `type KIND`; NULL: not given */
    bool long_name;               /* of a new link: what IFLA_IFNAME cannot hold */
    bool has_data;                /* words stand behind `type KIND` (IFLA_INFO_DATA) */
    bool whole_group;             /* set, delete: all links of req.group, not one */
    bool asks_vf, asks_protodown; /* what every emulated device refuses */
};

/* Reads until `type KIND` or the end of the line, checks, and completes req. */
int ip_read_link_words(struct link_words *w, struct args *a);
/* `ip link property ...` */
int ip_link_property(struct ip *ip, struct args *a, const struct ip_verb *verb);
/* `ip link xstats ...`, `ip link afstats ...` */
int ip_link_xstats(struct ip *ip, struct args *a, const struct ip_verb *verb);
int ip_link_afstats(struct ip *ip, struct args *a, const struct ip_verb *verb);
/* The kinds whose own words iproute2 can read (get_link_kind()). */
bool ip_kind_known(const char *kind);
/* The keyword `vf`; into: struct link_words. */
int ip_take_vf(struct args *a, void *into, const struct keyword *kw);

#endif
