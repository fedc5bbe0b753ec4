/* Listening to the kernel's messages: what `ip monitor` and `bridge monitor` share. */
#ifndef VNET_CMD_IP_NL_LISTEN_H
#define VNET_CMD_IP_NL_LISTEN_H

#include "cmd/ip/ctx.h"
#include "cmd/ip/ll_map.h"
#include "cmd/listen.h"
#include "vnet_netlink.h"

struct nl_listen {
    struct ip *ip;
    uint32_t groups; /* VNET_RTMGRP_* */
    bool by_stdio;   /* what is printed is flushed by stdio alone, and lost with the process */
    /* A message, in msg, that was sent at that time. */
    void (*accept)(struct nl_listen *l, int64_t when);
    struct vnet_netlink_msg msg;
    struct ll_map names; /* as iproute2 remembers them */
    struct listener wait;
    vnet_sock_id sock;
};

/* Until a signal comes or nothing more can come. The world is open, and closed then. */
int nl_listen(struct nl_listen *l);
/* print_timestamp(): of -timestamp and -tshort. */
void nl_print_timestamp(const struct ip *ip, int64_t when);

#endif
