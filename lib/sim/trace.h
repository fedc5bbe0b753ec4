/* Emitting trace events from inside the stack. */
#ifndef VNET_SIM_TRACE_H
#define VNET_SIM_TRACE_H

#include "base/err.h"
#include "sim/world.h"
#include "vnet_trace.h"

struct netdev;

/* trace(w, dev, "arp", "arp_process", VNET_TRACE_IGNORED, NULL, "fmt", ...): one branch if nobody
 * listens. dev may be NULL. */
#define trace(w, ...)                     \
    do {                                  \
        if ((w)->trace_fn)                \
            trace_emit((w), __VA_ARGS__); \
    } while (0)

void trace_emit(struct vnet *w, const struct netdev *dev, const char *what, const char *func,
                enum vnet_verdict verdict, const struct vnet_drop_reason *reason, const char *fmt,
                ...) VNET_PRINTF(7, 8) VNET_COLD;

/* Drop reasons that the engine gives: DROP_REASON(IP_CSUM) is a const struct vnet_drop_reason *. */
#define DROP_REASONS(X)                  \
    X(NO_SOCKET, 0x051100)               \
    X(SOCKET_FILTER, 0x051100)           \
    X(IP_CSUM, 0x051200)                 \
    X(IP_INHDR, 0x051200)                \
    X(IP_RPFILTER, 0x051200)             \
    X(UNICAST_IN_L2_MULTICAST, 0x051200) \
    X(OTHERHOST, 0x051200)               \
    X(IP_NOPROTO, 0x051200)              \
    X(NETFILTER_DROP, 0x051200)          \
    X(SOCKET_RCVBUFF, 0x051200)          \
    X(PROTO_MEM, 0x051200)               \
    X(UNHANDLED_PROTO, 0x051200)         \
    X(PKT_TOO_SMALL, 0x051200)           \
    X(ICMP_CSUM, 0x060000)               \
    X(UDP_CSUM, 0x051100)                \
    X(INVALID_PROTO, 0x060000)           \
    X(IP_INADDRERRORS, 0x060000)         \
    X(IP_INNOROUTES, 0x060000)           \
    X(IP_OUTNOROUTES, 0x060000)          \
    X(PKT_TOO_BIG, 0x060000)             \
    X(DUP_FRAG, 0x060100)                \
    X(FRAG_REASM_TIMEOUT, 0x060100)      \
    X(FRAG_TOO_FAR, 0x060100)            \
    X(NEIGH_CREATEFAIL, 0x051200)        \
    X(NEIGH_FAILED, 0x051200)            \
    X(NEIGH_QUEUEFULL, 0x051200)         \
    X(NEIGH_DEAD, 0x051200)              \
    X(DEV_READY, 0x051200)               \
    X(HDR_TRUNC, 0x051200)               \
    X(IPV6DISABLED, 0x060000)            \
    X(IP_LOCAL_SOURCE, 0x060e00)         \
    X(IP_INVALID_SOURCE, 0x060e00)       \
    X(IP_LOCALNET, 0x060e00)             \
    X(IP_INVALID_DEST, 0x060e00)         \
    X(ARP_PVLAN_DISABLE, 0x060e00)

enum drop_reason_id {
#define DROP_REASON_ID(name, since) DROP_##name,
    DROP_REASONS(DROP_REASON_ID)
#undef DROP_REASON_ID
        DROP_REASON_COUNT
};
extern const struct vnet_drop_reason drop_reasons[DROP_REASON_COUNT];
#define DROP_REASON(name) (&drop_reasons[DROP_##name])

#endif
