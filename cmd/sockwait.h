/* Waiting at a socket: poll(2) with a time-out, for tools that send and wait for answers. */
#ifndef VNET_CMD_SOCKWAIT_H
#define VNET_CMD_SOCKWAIT_H

#include "cmd/cmd.h"
#include "vnet_sock.h"

struct sock_wait {
    struct cmd_env *env;
    struct vnet
        *w; /* the open transaction; others may be opened while waiting; NULL: that failed */
    struct netns *ns;
    vnet_sock_id sock;
    const vnet_sock_id *socks; /* in the place of sock, nsocks of them; NULL: none; borrowed */
    unsigned nsocks;
    int signal; /* that ended the wait: SIGINT, SIGTERM, timeout(1)'s; 0: none */
};

/* Until a socket is readable (1), until `until` (0), or a signal came or the transaction could
 * not be saved (-1). */
int sock_wait(struct sock_wait *s, int64_t until);

#endif
