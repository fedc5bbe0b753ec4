#include "wire/igmp.h"

#include <string.h>

#include "base/bytes.h"
#include "wire/cksum.h"
#include "wire/ipv4.h"

bool igmp_parse(const uint8_t *p, size_t len, struct igmp_msg *out)
{
    if (len < IGMP_LEN)
        return false;
    *out = (struct igmp_msg){.type = p[0], .code = p[1], .group = get_be32(p + 4)};
    return true;
}

void igmp_emit(uint8_t *p, const struct igmp_msg *m)
{
    p[0] = m->type;
    p[1] = m->code;
    put_be16(p + 2, 0);
    put_be32(p + 4, m->group);
    put_be16(p + 2, cksum(p, IGMP_LEN));
}

void igmp3_query_emit(uint8_t *p, const struct igmp_msg *m, uint8_t qrv, uint8_t qqic)
{
    igmp_emit(p, m);
    p[8] = qrv;
    p[9] = qqic;
    put_be16(p + 10, 0);
    put_be16(p + 2, 0);
    put_be16(p + 2, cksum(p, IGMP3_QUERY_LEN));
}

uint32_t igmp3_code(uint8_t code)
{
    return code < 0x80 ? code : (uint32_t)((code & 0x0f) | 0x10) << ((code >> 4 & 7) + 3);
}

int igmp3_report_parse(const uint8_t *p, size_t len)
{
    return len < IGMP3_REPORT_HDR ? -1 : get_be16(p + 6);
}

bool igmp3_grec_parse(const uint8_t *p, size_t len, size_t *off, struct igmp3_grec *out)
{
    enum { WORD = 4 };
    if (*off > len || len - *off < IGMP3_GREC_LEN)
        return false;
    const uint8_t *r = p + *off;
    *out = (struct igmp3_grec){.type = r[0], .nsrcs = get_be16(r + 2), .group = get_be32(r + 4)};
    size_t size = IGMP3_GREC_LEN + (size_t)WORD * (r[1] + out->nsrcs);
    if (len - *off < size)
        return false;
    *off += size;
    return true;
}

void igmp3_grec_emit(uint8_t *p, enum igmp3_grec_type type, uint32_t group)
{
    p[0] = (uint8_t)type;
    p[1] = 0;
    put_be16(p + 2, 0);
    put_be32(p + 4, group);
}

void igmp3_report_emit(uint8_t *p, size_t len, uint16_t n)
{
    memset(p, 0, IGMP3_REPORT_HDR);
    p[0] = IGMP_V3_REPORT;
    put_be16(p + 6, n);
    put_be16(p + 2, cksum(p, len));
}

void igmp_ipv4_emit(uint8_t p[IGMP_IPV4_HDR_LEN], uint32_t saddr, uint32_t daddr, size_t len)
{
    static const uint8_t router_alert[IGMP_IPV4_HDR_LEN - IPV4_HDR_LEN] = {0x94, 4, 0, 0};
    const struct ipv4_hdr h = {.version = 4,
                               .hdr_len = IGMP_IPV4_HDR_LEN,
                               .tos = 0xc0,
                               .ttl = 1,
                               .protocol = IGMP_PROTOCOL,
                               .frag = IPV4_DF,
                               .tot_len = (uint16_t)(IGMP_IPV4_HDR_LEN + len),
                               .saddr = saddr,
                               .daddr = daddr};
    ipv4_emit(p, &h, router_alert);
}
