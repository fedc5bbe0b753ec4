/* tracepath (iputils 20221126): the hops and the path MTU to a host, by UDP and its error queue. */
#ifndef VNET_CMD_TRACEPATH_TRACEPATH_H
#define VNET_CMD_TRACEPATH_TRACEPATH_H

#include "cmd/sockwait.h"
#include "vnet_udp.h"

int tracepath_main(struct cmd_env *env, int argc, char **argv);

/* ---- its parts ---- */

enum { TRACEPATH_GO_ON = -1, TRACEPATH_USAGE = 255, TRACEPATH_SLOTS = 64 };

struct tracepath {
    struct cmd_env *env;
    struct sock_wait s; /* with the open transaction and the socket */
    uint8_t family;     /* 0: as the host's name says */
    bool numeric, both;
    int max_hops, mtu, overhead; /* mtu 0: the family's own */
    int port;                    /* 0: 44444 */
    struct vnet_sockaddr6 dst;
    int ttl;
    int hops_to, hops_from; /* -1: unknown */
    struct slot {
        int hops; /* 0: free */
        int64_t sent;
    } slots[TRACEPATH_SLOTS]; /* of the last probes, by port */
    unsigned slot;            /* of the next one */
    uint8_t *data;            /* owned: what is sent */
};

/* options.c: TRACEPATH_GO_ON or the exit status. */
int tracepath_options(struct tracepath *t, int argc, char **argv);

/* What a probe came to. */
enum tracepath_progress { TRACEPATH_DONE, TRACEPATH_ANSWERED, TRACEPATH_SILENT };

/* answer.c: print what the error queue has. */
enum tracepath_progress tracepath_answers(struct tracepath *t);

#endif
