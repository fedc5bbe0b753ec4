/* IGMP (RFC 1112, RFC 2236, RFC 3376). */
#ifndef VNET_WIRE_IGMP_H
#define VNET_WIRE_IGMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IGMP_LEN = 8, IGMP3_QUERY_LEN = 12, IGMP3_REPORT_HDR = 8, IGMP3_GREC_LEN = 8 };

enum igmp_type {
    IGMP_QUERY = 0x11,
    IGMP_V1_REPORT = 0x12,
    IGMP_V2_REPORT = 0x16,
    IGMP_V2_LEAVE = 0x17,
    IGMP_V3_REPORT = 0x22,
};

enum igmp3_grec_type { /* MLDv2's have the same numbers */
                       IGMP3_MODE_IS_INCLUDE = 1,
                       IGMP3_MODE_IS_EXCLUDE = 2,
                       IGMP3_CHANGE_TO_INCLUDE = 3,
                       IGMP3_CHANGE_TO_EXCLUDE = 4,
                       IGMP3_ALLOW_NEW_SOURCES = 5,
                       IGMP3_BLOCK_OLD_SOURCES = 6,
};

struct igmp_msg { /* of versions 1 and 2 */
    uint8_t type, code;
    uint32_t group; /* host order */
};

/* false: shorter than 8 bytes. The checksum, over the whole message, is not verified. */
bool igmp_parse(const uint8_t *p, size_t len, struct igmp_msg *out);
/* IGMP_LEN bytes, the checksum with them. */
void igmp_emit(uint8_t *p, const struct igmp_msg *m);
/* A query of version 3 without sources, IGMP3_QUERY_LEN bytes; qqic: s, below 128. */
void igmp3_query_emit(uint8_t *p, const struct igmp_msg *m, uint8_t qrv, uint8_t qqic);
/* The value of a code of such a query: IGMPV3_MRC(), IGMPV3_QQIC(). */
uint32_t igmp3_code(uint8_t code);

struct igmp3_grec { /* one record of a report; its sources are skipped */
    uint8_t type;   /* enum igmp3_grec_type */
    uint16_t nsrcs;
    uint32_t group; /* host order */
};
/* Number of records of a report, -1 if it is truncated. */
int igmp3_report_parse(const uint8_t *p, size_t len);
/* The record at *off (start with IGMP3_REPORT_HDR), which moves behind it; false if truncated. */
bool igmp3_grec_parse(const uint8_t *p, size_t len, size_t *off, struct igmp3_grec *out);
/* A record without sources, IGMP3_GREC_LEN bytes. */
void igmp3_grec_emit(uint8_t *p, enum igmp3_grec_type type, uint32_t group);
/* The head of a report whose n records follow, len bytes in all. */
void igmp3_report_emit(uint8_t *p, size_t len, uint16_t n);

enum { IGMP_PROTOCOL = 2, IGMP_IPV4_HDR_LEN = 24 };
/* The IPv4 header of a message of len bytes: for the link only, with a router alert (RFC 3376, 4).
 * Addresses: host order. */
void igmp_ipv4_emit(uint8_t p[IGMP_IPV4_HDR_LEN], uint32_t saddr, uint32_t daddr, size_t len);

#endif
