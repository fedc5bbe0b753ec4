#include "wire/igmp.h"

#include <string.h>

#include "base/bytes.h"
#include "wire/cksum.h"

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
