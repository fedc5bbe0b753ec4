#include "wire/arp.h"

#include <string.h>

#include "base/bytes.h"

bool arp_parse_hdr(const uint8_t *p, size_t len, struct arp_pkt *out)
{
    if (len < ARP_HDR_LEN)
        return false;
    memset(out, 0, sizeof(*out));
    out->hrd = get_be16(p);
    out->pro = get_be16(p + 2);
    out->hln = p[4];
    out->pln = p[5];
    out->op = get_be16(p + 6);
    return true;
}

bool arp_parse(const uint8_t *p, size_t len, struct arp_pkt *out)
{
    struct arp_pkt a;
    if (!arp_parse_hdr(p, len, &a) || a.hln != 6 || a.pln != 4 || len < ARP_LEN)
        return false;
    memcpy(a.sha, p + 8, 6);
    a.spa = get_be32(p + 14);
    memcpy(a.tha, p + 18, 6);
    a.tpa = get_be32(p + 24);
    *out = a;
    return true;
}

void arp_emit(uint8_t *p, const struct arp_pkt *a)
{
    put_be16(p, a->hrd);
    put_be16(p + 2, a->pro);
    p[4] = 6;
    p[5] = 4;
    put_be16(p + 6, a->op);
    memcpy(p + 8, a->sha, 6);
    put_be32(p + 14, a->spa);
    memcpy(p + 18, a->tha, 6);
    put_be32(p + 24, a->tpa);
}
