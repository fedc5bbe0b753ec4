/* UDP (RFC 768). */
#ifndef VNET_WIRE_UDP_H
#define VNET_WIRE_UDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum { UDP_HDR_LEN = 8 };

struct udp_hdr { /* host order */
    uint16_t sport, dport;
    uint16_t len; /* with the header */
    uint16_t check;
};

/* false: fewer than 8 bytes. Nothing is verified. */
static inline bool udp_parse(const uint8_t *p, size_t len, struct udp_hdr *out)
{
    if (len < UDP_HDR_LEN)
        return false;
    out->sport = get_be16(p);
    out->dport = get_be16(p + 2);
    out->len = get_be16(p + 4);
    out->check = get_be16(p + 6);
    return true;
}

static inline void udp_emit(uint8_t *p, const struct udp_hdr *h)
{
    put_be16(p, h->sport);
    put_be16(p + 2, h->dport);
    put_be16(p + 4, h->len);
    put_be16(p + 6, h->check);
}

#endif
