/* ICMP (RFC 792). */
#ifndef VNET_WIRE_ICMP_H
#define VNET_WIRE_ICMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum { ICMP_HDR_LEN = 8 };

enum icmp_type {
    ICMP_ECHOREPLY = 0,
    ICMP_DEST_UNREACH = 3,
    ICMP_SOURCE_QUENCH = 4,
    ICMP_REDIRECT = 5,
    ICMP_ECHO = 8,
    ICMP_TIME_EXCEEDED = 11,
    ICMP_PARAMETERPROB = 12,
    ICMP_TIMESTAMP = 13,
    ICMP_TIMESTAMPREPLY = 14,
    ICMP_INFO_REQUEST = 15,
    ICMP_INFO_REPLY = 16,
    ICMP_ADDRESS = 17,
    ICMP_ADDRESSREPLY = 18,
    ICMP_TYPE_MAX = 18,
};
enum icmp_unreach {
    ICMP_NET_UNREACH,
    ICMP_HOST_UNREACH,
    ICMP_PROT_UNREACH,
    ICMP_PORT_UNREACH,
    ICMP_FRAG_NEEDED,
    ICMP_SR_FAILED,
    ICMP_NET_UNKNOWN,
    ICMP_HOST_UNKNOWN,
    ICMP_HOST_ISOLATED,
    ICMP_NET_ANO,
    ICMP_HOST_ANO,
    ICMP_NET_UNR_TOS,
    ICMP_HOST_UNR_TOS,
    ICMP_PKT_FILTERED,
    ICMP_PREC_VIOLATION,
    ICMP_PREC_CUTOFF,
    ICMP_UNREACH_MAX = 15,
};
enum { ICMP_REDIR_NET = 0, ICMP_REDIR_HOST = 1, ICMP_REDIR_NETTOS = 2, ICMP_REDIR_HOSTTOS = 3 };
enum { ICMP_EXC_TTL = 0, ICMP_EXC_FRAGTIME = 1 };

struct icmp_hdr { /* host order */
    uint8_t type, code;
    uint16_t check;
    uint32_t rest; /* the second word: id and sequence, MTU, gateway, pointer */
};

static inline uint16_t icmp_echo_id(const struct icmp_hdr *h)
{
    return (uint16_t)(h->rest >> 16);
}
static inline uint16_t icmp_echo_seq(const struct icmp_hdr *h)
{
    return (uint16_t)h->rest;
}
/* RFC 1122 3.2.2: a message about a packet that went wrong (or redirect), not a query. */
bool icmp_type_is_error(uint8_t type);

/* false: fewer than 8 bytes. The checksum is not verified: it covers the whole message. */
static inline bool icmp_parse(const uint8_t *p, size_t len, struct icmp_hdr *out)
{
    if (len < ICMP_HDR_LEN)
        return false;
    out->type = p[0];
    out->code = p[1];
    out->check = get_be16(p + 2);
    out->rest = get_be32(p + 4);
    return true;
}
/* Write the header as it is, the checksum too. */
static inline void icmp_put(uint8_t *p, const struct icmp_hdr *h)
{
    p[0] = h->type;
    p[1] = h->code;
    put_be16(p + 2, h->check);
    put_be32(p + 4, h->rest);
}
/* Write the header in front of a message of len bytes in all and compute the checksum over it. */
void icmp_emit(uint8_t *p, size_t len, const struct icmp_hdr *h);

#endif
