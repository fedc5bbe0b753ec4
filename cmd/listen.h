/* What those have in common who wait for frames that other commands cause: tcpdump and candump. */
#ifndef VNET_CMD_LISTEN_H
#define VNET_CMD_LISTEN_H

#include "cmd/cmd.h"

struct listener {
    const struct cmd_env *env;
    int64_t until; /* world time at which it wants to be woken whatever happens; 0: never */
    int64_t now;   /* world's clock when last looked at, if there is a deadline */
    unsigned idle; /* waits in which nothing happened: whoever sees something sets it to 0 */
};

/* The signal that ends it, sent by a person or by timeout(1); 0: none yet. */
int listener_signal(struct listener *l, struct vnet_err *err);
/* Until there may be more, `until` or timeout(1)'s end is reached. 0 or -errno; -EAGAIN: nothing
 * more can come. If a time is to come in virtual time, somebody has to make it pass: the listener
 * itself; in the background, where other commands do it, only once they have done nothing for a
 * second or so. */
int listener_wait(struct listener *l, struct vnet_err *err);

#endif
