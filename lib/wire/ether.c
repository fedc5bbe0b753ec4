#include "wire/ether.h"

#include <string.h>

#include "base/bytes.h"

bool ether_parse(const uint8_t *p, size_t len, struct ether_hdr *out)
{
    if (len < ETH_HLEN)
        return false;
    memcpy(out->dst, p, 6);
    memcpy(out->src, p + 6, 6);
    out->type = get_be16(p + 12);
    return true;
}

void ether_emit(uint8_t *p, const struct ether_hdr *h)
{
    memcpy(p, h->dst, 6);
    memcpy(p + 6, h->src, 6);
    put_be16(p + 12, h->type);
}

bool ether_is_broadcast(const uint8_t mac[6])
{
    return (mac[0] & mac[1] & mac[2] & mac[3] & mac[4] & mac[5]) == 0xff;
}
