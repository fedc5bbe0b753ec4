/* The variables of unification: typed bindings with rollback. Internal to unify*.c. */
#ifndef VNET_CMD_REPLAY_UNIFY_VAR_H
#define VNET_CMD_REPLAY_UNIFY_VAR_H

#include "cmd/replay/unify.h"

enum unify_type {
    VAR_MAC,      /* unicast, 48 bits */
    VAR_MAC_TAIL, /* its last 24 bits: what a solicited-node group shows of it */
    VAR_IFINDEX,
    VAR_ECHO_ID,   /* ICMP echo identifier */
    VAR_IP_ID,     /* IPv4 identification */
    VAR_FLOWLABEL, /* IPv6 */
    VAR_FRAG6_ID,  /* identification of IPv6 fragments */
    VAR_NONCE,     /* of duplicate address detection (RFC 7527), 48 bits */
    VAR_BRIDGE,    /* a bridge's address: the least of its ports', whichever that is */
    VAR_TYPES,
};

struct unify_binding {
    enum unify_type type;
    uint64_t expected, actual;
};

/* The clock of a capture: the last packet's time on both sides. */
struct unify_clock {
    bool running;
    int64_t expected_ns, actual_ns;
};

struct unify {
    struct unify_opts opts;
    struct unify_binding *binding;
    size_t n, cap;
    size_t block_start; /* bindings before this one were made by earlier blocks */
    struct unify_clock clock;
};

/* What a rollback returns to. */
struct unify_mark {
    size_t n;
    struct unify_clock clock;
};

struct unify_mark unify_mark(const struct unify *u);
void unify_rollback(struct unify *u, struct unify_mark mark);

/* True if expected may stand for actual; binds them if both are new. */
bool unify_bind(struct unify *u, enum unify_type type, uint64_t expected, uint64_t actual);
/* A link-layer address: group addresses are no variables, save for a solicited-node group's tail.
 */
bool unify_mac(struct unify *u, const uint8_t expected[6], const uint8_t actual[6]);
/* Six bytes that are either the link-layer address or the nonce of a neighbour discovery option. */
bool unify_nd_option(struct unify *u, const uint8_t expected[6], const uint8_t actual[6]);
/* A bridge's address, 48 bits. Which port's it is, is chance, unless commands spell both out. */
bool unify_bridge(struct unify *u, uint64_t expected, uint64_t actual);
/* An IPv6 address: an interface identifier made of a MAC address follows that address. */
bool unify_in6(struct unify *u, const uint8_t expected[16], const uint8_t actual[16]);
/* The time of a packet: it must not go back where expected does not, nor the interval differ by
 * more than the tolerance. */
bool unify_clock_tick(struct unify *u, int64_t expected_ns, int64_t actual_ns);
/* Two durations agree within the tolerance. */
bool unify_duration(const struct unify *u, int64_t expected_ns, int64_t actual_ns);

#endif
