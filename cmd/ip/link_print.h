/* How `ip link` and `ip address` print a link. */
#ifndef VNET_CMD_IP_LINK_PRINT_H
#define VNET_CMD_IP_LINK_PRINT_H

#include "cmd/ip/ctx.h"
#include "vnet_netlink.h"

struct link_view {
    bool link_object;                  /* `ip link`, not `ip address` */
    uint8_t family;                    /* which the listing is for; PACKET: no addresses follow */
    bool asked_family;                 /* -4 or -6: the dump is of that family */
    bool inet6_dump;                   /* the attributes of an AF_INET6 dump only */
    const struct vnet_link_news *news; /* `ip monitor`: what a message tells; NULL: a dump */
};

/* The link's record, up to and with its last newline. */
void ip_print_link(struct ip *ip, const struct vnet_link_info *l, const struct link_view *view);
/* Its one line of `ip -br`; without addresses to follow, with its newline. */
void ip_print_link_brief(struct ip *ip, const struct vnet_link_info *l,
                         const struct link_view *view);
/* "veth0@veth1: <...> " */
void ip_print_name_and_flags(struct ip *ip, const struct vnet_link_info *l);
/* The counters of `ip -s`, without a newline at the end. */
void ip_print_stats(struct ip *ip, const struct vnet_link_info *l);
/* Those of `ip stats`: the counters alone. */
void ip_print_stats64(struct ip *ip, const struct vnet_link_info *l, bool errors);
/* A bridge's counts of multicast, which it does not keep: the object "multicast". */
void ip_print_mcast_xstats(struct ip *ip);

/* IFLA_OPERSTATE's names, any case: -1 if there is none. */
int ip_operstate_value(const char *name);
int ip_linkmode_value(const char *name);
int ip_addrgen_value(const char *name);

#endif
