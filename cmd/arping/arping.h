/* arping(8) of iputils 20221126. */
#ifndef VNET_CMD_ARPING_ARPING_H
#define VNET_CMD_ARPING_ARPING_H

#include "cmd/sockwait.h"
#include "vnet_link.h"

int arping_main(struct cmd_env *env, int argc, char **argv);

/* ---- its parts ---- */

enum { ARPING_GO_ON = -1, ARPING_E_FAILED = 2 };

struct arping {
    struct cmd_env *env;
    struct sock_wait s; /* with the open transaction */
    bool broadcast_only, dad, unsolicited, advert, quiet, quit_on_reply;
    int count, timeout, interval; /* count -1: no end; seconds */
    const char *device, *source, *target;
    char device_name[VNET_IFNAMSIZ]; /* where the route told the device */
    struct inet_addr gsrc, gdst;
    struct vnet_link_info me;
    struct lladdr he; /* whom to send to */
    bool unicasting;
    int64_t last; /* when the last request went out; 0: none did */
    int sent, brd_sent, received, brd_recv, req_recv;
};

/* setup.c: device, addresses, socket, banner. ARPING_GO_ON, or the exit status. */
int arping_setup(struct arping *a);
/* packet.c: send a request. */
void arping_send(struct arping *a);
/* Look at a packet that came; true: it was the last one needed. */
bool arping_receive(struct arping *a, const uint8_t *packet, size_t len,
                    const struct vnet_msg *msg);
/* error(3): "arping: TEXT", and ": REASON" if error is not 0; behind what standard output has. */
void arping_complain(struct arping *a, int error, const char *fmt, ...) VNET_PRINTF(3, 4);

#endif
