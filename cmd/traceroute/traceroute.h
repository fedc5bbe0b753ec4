/* traceroute ("Modern traceroute for Linux" 2.1.2): probes with growing TTLs by UDP or ICMP. */
#ifndef VNET_CMD_TRACEROUTE_TRACEROUTE_H
#define VNET_CMD_TRACEROUTE_TRACEROUTE_H

#include "cmd/sockwait.h"
#include "vnet_udp.h"

int traceroute_main(struct cmd_env *env, int argc, char **argv);
int traceroute6_main(struct cmd_env *env, int argc, char **argv);

/* ---- its parts ---- */

enum { TRACEROUTE_GO_ON = -1, TRACEROUTE_USAGE = 2 };

struct probe {
    int64_t send_time, recv_time; /* ns; 0: not yet */
    bool done, final;
    struct inet_addr res; /* who answered; UNSPEC: nobody */
    int recv_ttl;
    vnet_sock_id sock; /* UDP: of its own; 0: none */
    uint16_t seq;      /* ICMP: sequence number; UDP: port; 0: none */
    char err[24];      /* "!H" */
};

struct traceroute {
    struct cmd_env *env;
    struct sock_wait s; /* with the open transaction */
    uint8_t family;     /* 0: as the host's name says */
    bool icmp, numeric;
    uint32_t first_hop, max_hops, probes_per_hop, sim_probes, port;
    double wait, here, near, send_wait; /* seconds, factors */
    const char *device, *source, *host, *packet_len;
    struct inet_addr dst, src;
    int header_len, data_len;
    struct probe *probes; /* owned */
    uint32_t nprobes;
    uint8_t *data; /* owned: what is sent */
    vnet_sock_id icmp_sock;
    uint16_t ident, next_seq; /* ICMP; UDP: next_seq is the port */
    int send_error;           /* errno of the last probe that could not be sent yet */
};

extern const char traceroute_usage[];
/* options.c: TRACEROUTE_GO_ON or the exit status. */
int traceroute_options(struct traceroute *t, int argc, char **argv);
/* perror(3) behind what standard output has; the exit status. */
int traceroute_fail(struct traceroute *t, const char *call, int error);

/* method.c: UDP or ICMP. */
int traceroute_init(struct traceroute *t);
/* Send a probe. TRACEROUTE_GO_ON or the exit status. */
int traceroute_send(struct traceroute *t, struct probe *pb, uint32_t ttl);
/* Read a message from each socket that has some. */
void traceroute_receive(struct traceroute *t);
void traceroute_probe_done(struct traceroute *t, struct probe *pb);
/* The sockets with answers to come, for s.socks. */
void traceroute_poll_set(struct traceroute *t, vnet_sock_id *ids, unsigned *n);

/* loop.c: until the host, or the last hop, has answered. The exit status. */
int traceroute_run(struct traceroute *t);

#endif
