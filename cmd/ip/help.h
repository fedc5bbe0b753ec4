#ifndef VNET_CMD_IP_HELP_H
#define VNET_CMD_IP_HELP_H

#include "cmd/ip/ctx.h"

enum ip_help {
    HELP_IP,
    HELP_LINK,
    HELP_ADDR,
    HELP_ROUTE,
    HELP_NEIGH,
    HELP_RULE,
    HELP_ADDRLABEL,
    HELP_FOU,
    HELP_ILA,
    HELP_IOAM,
    HELP_L2TP,
    HELP_MACSEC,
    HELP_MADDRESS,
    HELP_MONITOR,
    HELP_MPTCP,
    HELP_MROUTE,
    HELP_NETCONF,
    HELP_NETNS,
    HELP_NEXTHOP,
    HELP_NTABLE,
    HELP_SR,
    HELP_STATS,
    HELP_TCPMETRICS,
    HELP_TOKEN,
    HELP_TUNNEL,
    HELP_TUNTAP,
    HELP_VRF,
    HELP_XFRM,
};

/* Prints the usage text of an object on standard error; returns ARG_USAGE. */
int ip_usage(struct ip *ip, enum ip_help topic);
/* The text of one of the smaller objects, NULL: not one of those. cmd/ip/help_objects.c */
const char *ip_object_text(enum ip_help topic);
/* The text of `ip link help KIND`, on standard output; false if there is none. */
bool ip_kind_usage(struct ip *ip, const char *kind);
/* The text itself, NULL if there is none. */
const char *ip_kind_text(const char *kind);

#endif
