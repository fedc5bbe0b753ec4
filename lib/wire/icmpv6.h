/* ICMPv6 (RFC 4443), neighbour discovery (RFC 4861, nonce: RFC 3971), MLD (RFC 2710, RFC 3810). */
#ifndef VNET_WIRE_ICMPV6_H
#define VNET_WIRE_ICMPV6_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { /* types */
       ICMPV6_DEST_UNREACH = 1,
       ICMPV6_PKT_TOOBIG = 2,
       ICMPV6_TIME_EXCEED = 3,
       ICMPV6_PARAMPROB = 4,
       ICMPV6_INFOMSG_MASK = 0x80,
       ICMPV6_ECHO_REQUEST = 128,
       ICMPV6_ECHO_REPLY = 129,
       ICMPV6_MGM_QUERY = 130,
       ICMPV6_MGM_REPORT = 131,
       ICMPV6_MGM_REDUCTION = 132,
       NDISC_ROUTER_SOLICITATION = 133,
       NDISC_ROUTER_ADVERTISEMENT = 134,
       NDISC_NEIGHBOUR_SOLICITATION = 135,
       NDISC_NEIGHBOUR_ADVERTISEMENT = 136,
       NDISC_REDIRECT = 137,
       ICMPV6_MLD2_REPORT = 143,
};
enum { /* codes of DEST_UNREACH, TIME_EXCEED, PARAMPROB */
       ICMPV6_NOROUTE = 0,
       ICMPV6_ADM_PROHIBITED = 1,
       ICMPV6_NOT_NEIGHBOUR = 2,
       ICMPV6_ADDR_UNREACH = 3,
       ICMPV6_PORT_UNREACH = 4,
       ICMPV6_POLICY_FAIL = 5,
       ICMPV6_REJECT_ROUTE = 6,
       ICMPV6_EXC_HOPLIMIT = 0,
       ICMPV6_EXC_FRAGTIME = 1,
       ICMPV6_HDR_FIELD = 0,
       ICMPV6_UNK_NEXTHDR = 1,
       ICMPV6_UNK_OPTION = 2,
       ICMPV6_HDR_INCOMP = 3,
};
enum {
    ICMPV6_HDR_LEN = 8,
    ND_NS_LEN = 24,
    ND_NA_LEN = 24,
    ND_RS_LEN = 8,
    ND_RA_LEN = 16,
    ND_REDIRECT_LEN = 40
};

struct icmpv6_hdr { /* host order */
    uint8_t type, code;
    uint16_t check;
    uint32_t info; /* the second word: id and sequence, MTU, pointer, flags */
};
/* false if there are fewer than 8 bytes. */
bool icmpv6_parse(const uint8_t *p, size_t len, struct icmpv6_hdr *out);
void icmpv6_emit(uint8_t *p, const struct icmpv6_hdr *h);
/* Compute and store the checksum of the message of len bytes at p. */
void icmpv6_checksum(uint8_t *p, size_t len, const uint8_t saddr[16], const uint8_t daddr[16]);

/* ---- neighbour discovery ---- */

/* flags of a neighbour advertisement, in icmpv6_hdr.info */
#define ND_NA_ROUTER    0x80000000U
#define ND_NA_SOLICITED 0x40000000U
#define ND_NA_OVERRIDE  0x20000000U
enum { /* option types */
       ND_OPT_SOURCE_LL_ADDR = 1,
       ND_OPT_TARGET_LL_ADDR = 2,
       ND_OPT_PREFIX_INFO = 3,
       ND_OPT_REDIRECT_HDR = 4,
       ND_OPT_MTU = 5,
       ND_OPT_NONCE = 14,
};

struct nd_opt {          /* one option: where it lies; len 0: absent */
    const uint8_t *data; /* behind type and length; borrowed from the packet */
    uint16_t len;        /* bytes of data */
};
struct nd_opts {
    struct nd_opt source, target, redirected, nonce, mtu; /* the first of each type counts */
};
/* ndisc_parse_options(): false if one is truncated or has length 0. Unknown ones are skipped. */
bool nd_opts_parse(const uint8_t *p, size_t len, struct nd_opts *out);
/* The link-layer address of an option for addresses of alen bytes; NULL if its length is another
 * (ndisc_opt_addr_data()). */
const uint8_t *nd_opt_lladdr(const struct nd_opt *opt, unsigned alen);
/* Bytes that a link-layer address option takes: type, length, address, padded to 8. */
size_t nd_opt_lladdr_size(unsigned alen);
/* Write such an option (padding zero); returns its size. */
size_t nd_opt_emit_lladdr(uint8_t *p, uint8_t type, const uint8_t *addr, unsigned alen);
/* Write a nonce option of 48 bits, first byte highest; 8 bytes. */
size_t nd_opt_emit_nonce(uint8_t *p, uint64_t nonce);
/* The 48 bits of a nonce option of length 8, 0 otherwise. */
uint64_t nd_opt_nonce(const struct nd_opt *opt);

struct nd_msg { /* solicitation and advertisement */
    struct icmpv6_hdr icmp;
    uint8_t target[16];
};
bool nd_msg_parse(const uint8_t *p, size_t len, struct nd_msg *out);
void nd_msg_emit(uint8_t *p, const struct nd_msg *m); /* 24 bytes, checksum as given */

struct nd_redirect { /* RFC 4861 4.5 */
    struct icmpv6_hdr icmp;
    uint8_t target[16], dest[16];
};
bool nd_redirect_parse(const uint8_t *p, size_t len, struct nd_redirect *out);
void nd_redirect_emit(uint8_t *p, const struct nd_redirect *r); /* 40 bytes, checksum as given */
/* A redirected header option that quotes len bytes, a multiple of 8; its size: 8 more. */
size_t nd_opt_emit_redirected(uint8_t *p, const uint8_t *packet, size_t len);

struct nd_ra { /* router advertisement */
    struct icmpv6_hdr icmp;
    uint8_t hop_limit, flags;               /* flags: 0x80 managed, 0x40 other, 0x18 preference */
    uint16_t lifetime;                      /* s */
    uint32_t reachable_time, retrans_timer; /* ms */
};
bool nd_ra_parse(const uint8_t *p, size_t len, struct nd_ra *out);

/* ---- MLD ---- */

enum { MLD_LEN = 24, MLD2_QUERY_LEN = 28, MLD2_GREC_LEN = 20, MLD2_REPORT_HDR = 8 };
enum { /* record types of a MLDv2 report */
       MLD2_MODE_IS_INCLUDE = 1,
       MLD2_MODE_IS_EXCLUDE = 2,
       MLD2_CHANGE_TO_INCLUDE = 3,
       MLD2_CHANGE_TO_EXCLUDE = 4,
       MLD2_ALLOW_NEW_SOURCES = 5,
       MLD2_BLOCK_OLD_SOURCES = 6,
};

struct mld_msg {            /* MLDv1 query, report, done; the start of a MLDv2 query */
    struct icmpv6_hdr icmp; /* info: maximum response delay in the upper half */
    uint8_t group[16];
    bool v2;               /* a query of MLDv2 */
    uint32_t max_delay_ms; /* of either version, decoded */
    bool suppress;
    uint8_t qrv;  /* MLDv2: querier's robustness */
    uint32_t qqi; /* MLDv2: query interval, s */
    uint16_t nsrcs;
};
/* len: of the whole ICMPv6 message: a query of 24 bytes is MLDv1, of 28 and more MLDv2. */
bool mld_parse(const uint8_t *p, size_t len, struct mld_msg *out);
/* A query of len bytes, MLD_LEN or MLD2_QUERY_LEN, without checksum; code: of the maximum response
 * delay. */
void mld_query_emit(uint8_t *p, size_t len, uint16_t code, const uint8_t group[16], uint8_t qrv,
                    uint8_t qqic);
void mld1_emit(uint8_t *p, uint8_t type, const uint8_t group[16]); /* 24 bytes, no checksum */

struct mld2_grec { /* one record of a report */
    uint8_t type;
    uint16_t nsrcs;
    uint8_t group[16];
    const uint8_t *srcs; /* nsrcs addresses, borrowed */
};
/* Header of a report with ngrec records, 8 bytes, no checksum. */
void mld2_report_emit(uint8_t *p, uint16_t ngrec);
void mld2_grec_emit(uint8_t *p, const struct mld2_grec *g); /* 20 bytes: without sources */
/* Number of records of a report, -1 if it is truncated. */
int mld2_report_parse(const uint8_t *p, size_t len);
/* The record at *off (start with MLD2_REPORT_HDR), which moves behind it; false if truncated. */
bool mld2_grec_parse(const uint8_t *p, size_t len, size_t *off, struct mld2_grec *out);

#endif
