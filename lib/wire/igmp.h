/* IGMP (RFC 1112, RFC 2236, RFC 3376). */
#ifndef VNET_WIRE_IGMP_H
#define VNET_WIRE_IGMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IGMP_LEN = 8, IGMP3_REPORT_HDR = 8, IGMP3_GREC_LEN = 8 };

enum igmp_type {
    IGMP_QUERY = 0x11,
    IGMP_V1_REPORT = 0x12,
    IGMP_V2_REPORT = 0x16,
    IGMP_V2_LEAVE = 0x17,
    IGMP_V3_REPORT = 0x22,
};

enum igmp3_grec_type { IGMP3_CHANGE_TO_INCLUDE = 3, IGMP3_CHANGE_TO_EXCLUDE = 4 };

struct igmp_msg { /* of versions 1 and 2 */
    uint8_t type, code;
    uint32_t group; /* host order */
};

/* false: shorter than 8 bytes. The checksum, over the whole message, is not verified. */
bool igmp_parse(const uint8_t *p, size_t len, struct igmp_msg *out);
/* IGMP_LEN bytes, the checksum with them. */
void igmp_emit(uint8_t *p, const struct igmp_msg *m);
/* A record without sources, IGMP3_GREC_LEN bytes. */
void igmp3_grec_emit(uint8_t *p, enum igmp3_grec_type type, uint32_t group);
/* The head of a report whose n records follow, len bytes in all. */
void igmp3_report_emit(uint8_t *p, size_t len, uint16_t n);

#endif
