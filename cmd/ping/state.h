/* What a running ping knows. Private to cmd/ping. */
#ifndef VNET_CMD_PING_STATE_H
#define VNET_CMD_PING_STATE_H

#include "cmd/cmd.h"
#include "vnet_sock.h"

enum {
    PING_MIN_INTERVAL = 10,    /* ms: shortest wait (MININTERVAL) */
    PING_MAX_SEQ = 0x10000,    /* sequence numbers remembered for duplicates (MAX_DUP_CHK) */
    PING_LINGER = 10,          /* s: wait for a first reply at the end (MAXWAIT) */
    PING_HEADER = 8,           /* bytes of an ICMP echo header */
    PING_TIMEVAL = 16,         /* bytes of the time stamp in the data */
    PING_ROUTE_MAX = 9,        /* hosts in a source route */
    PING_MAX_DATA = 65536 * 2, /* what -s may make us allocate at most */
};

struct ping_opts {
    bool adaptive, audible, broadcast, strict_source, flood, latency, noloop, numeric, outstanding,
        timestamps, quiet, verbose, interval_given, ttl_given, mark_given, ident_given, connect,
        debug, dontroute, source_given, flow_given, record_route, timestamp;
    uint8_t timestamp_kind; /* -T */
    uint8_t family;         /* -4, -6, or the name called by; UNSPEC: the target decides */
    int interval;           /* ms */
    int preload, tos, pmtudisc, ttl;
    int64_t count;    /* 0: no end */
    int64_t deadline; /* s, 0: none */
    int64_t linger;   /* ms */
    int64_t datalen;
    int64_t sndbuf;
    uint32_t mark, flowlabel;
    uint16_t ident;
    const char *pattern;
    const char *device;       /* -I NAME, NULL */
    struct inet_addr source;  /* IPv4's */
    struct inet_addr source6; /* IPv6's */
    const char *target;
    const char *hops[PING_ROUTE_MAX]; /* the hosts before it on the command line */
    int nhops;                        /* how many were given */
};

struct ping {
    struct cmd_env *env;
    struct vnet *w; /* open transaction; NULL between */
    struct netns *ns;
    struct ping_opts o;
    const char *prog; /* ping, ping4, ping6: what messages begin with */
    vnet_sock_id sock;
    struct inet_addr dst;                   /* its family is what kind of ping this is */
    int scope_id, source_scope;             /* IPv6: sin6_scope_id of the target, the source */
    int pktinfo;                            /* IPv6: ifindex of IPV6_PKTINFO, 0: none */
    struct inet_addr route[PING_ROUTE_MAX]; /* the addresses of o.hops */
    unsigned nroute;
    uint8_t last_route[40]; /* -R: what the reply before recorded */
    uint8_t last_route_len;
    const char *hostname;
    bool dgram;         /* the socket is a datagram one: the kernel chooses the id and checks it */
    bool subnet_router; /* IPv6: the target may be the anycast address of a subnet's routers */
    bool multicast, timing, exiting, killed, confirmed;
    uint8_t *out; /* header and data of the request */
    uint8_t *in;  /* a datagram received */
    size_t in_size;
    uint8_t seen[PING_MAX_SEQ / 8];

    int64_t start, last_sent;       /* ns, world clock */
    int64_t now, now_sec, now_nsec; /* the clock as the last probe saw it, and taken apart */
    int64_t sent_sec, sent_nsec;    /* ... and last_sent */
    int64_t alarm;                  /* when SIGALRM comes, 0: never */
    bool exit_scheduled, started;
    int64_t tokens;
    int64_t oom_count;

    int64_t transmitted, received, repeats, corrupted, errors;
    uint16_t acked;
    int pipesize;
    int64_t tmin, tmax, tsum; /* us */
    double tsum2;
    int64_t rtt, rtt_addend; /* us, rtt times 8 */
};

/* options.c: -1: go on; else the exit status. */
int ping_parse_options(struct ping *p, int argc, char **argv);
/* The usage text; its exit status. */
int ping_usage(struct ping *p);
/* "ping: MESSAGE\n" on standard error, after flushing standard output as error(3) does. */
void ping_complain(struct ping *p, const char *fmt, ...) VNET_PRINTF(2, 3);

/* setup.c: socket, source, device, banner. -1: go on; else the exit status. */
int ping_setup(struct ping *p);
/* "ping: WHAT: Strerror"; 2. */
int ping_fail(struct ping *p, const char *what, int error);
/* sock_setbufs(): room for what is in flight; per_packet: header bytes of the estimate. */
void ping_set_buffers(struct ping *p, int64_t header);
void ping_set_flags(struct ping *p);
/* setup6.c: ping6_run(): source, device, options. -1: go on; else the exit status. */
int ping_setup6(struct ping *p);
void ping_print_banner6(struct ping *p);

/* target.c: who is pinged, by which family. -1: go on; else the exit status. */
int ping_find_target(struct ping *p);
int ping_resolve4(struct ping *p, const char *host, struct inet_addr *addr);
/* "10.0.0.1", "fe80::1%eth0", or "name (10.0.0.1)", into buf. scope: an ifindex, 0: none. */
const char *ping_addr_text(const struct ping *p, const struct inet_addr *a, int scope, char *buf,
                           size_t size);

static inline bool ping_is_v6(const struct ping *p)
{
    return p->dst.family == VNET_AF_INET6;
}

/* ip_options.c: -R and -T. 0, or the exit status. */
int ping_option_record_route(struct ping *p);
int ping_option_timestamp(struct ping *p, const char *arg);
/* May as many hosts be named as were, with these options? */
bool ping_route_allowed(const struct ping *p);
/* Bytes that the banner counts for options. */
int ping_options_len(const struct ping *p);
/* -1: go on; else the exit status. */
int ping_set_ip_options(struct ping *p);
/* What the options of a reply, an IPv4 header, say of its way. */
void ping_print_ip_options(struct ping *p, const uint8_t *ip);

/* wait.c: until the socket is readable (1), `until` or the alarm comes (0), or a signal (-1). */
int ping_wait(struct ping *p, int64_t until);
int64_t ping_now(const struct ping *p);

/* probe.c: pinger(): send if it is time; ms until the next call. */
int64_t ping_probe(struct ping *p);
int64_t ping_in_flight(const struct ping *p);
void ping_acknowledge(struct ping *p, uint16_t seq);
void ping_update_interval(struct ping *p);

/* reply.c: a datagram of `len` bytes in p->in. true: not ours. */
bool ping_reply(struct ping *p, size_t len, const struct vnet_msg *msg);
void ping_print_timestamp(struct ping *p);

/* error.c: read one message of the error queue. >0 network errors, <0 local errors, 0 nothing of
 * ours; *error (a pending errno) is cleared where the message explains it. */
int ping_read_error(struct ping *p, int *error);

/* finish.c: the statistics; the exit status. */
int ping_finish(struct ping *p);

#endif
