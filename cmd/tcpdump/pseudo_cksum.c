/* Checksums over a pseudo-header: UDP's, TCP's, ICMPv6's. */
#include "base/bytes.h"
#include "cmd/tcpdump/dis.h"
#include "wire/cksum.h"

enum { IP_HLEN = 20, IP6_HLEN = 40 };
enum { OPT_EOL = 0, OPT_NOP = 1, OPT_LSRR = 131, OPT_SSRR = 137 };
enum { PROTO_HOPOPTS = 0, PROTO_ROUTING = 43, PROTO_FRAGMENT = 44, PROTO_DSTOPTS = 60 };

/* The last hop of a source route is what the pseudo-header holds. */
static size_t final_destination(const struct dis *d, size_t ip, size_t hlen)
{
    for (size_t i = ip + IP_HLEN; i < ip + hlen && dis_has(d, i, 2);) {
        uint8_t code = d->data[i];
        size_t n = code == OPT_NOP ? 1 : d->data[i + 1];
        if (code == OPT_EOL || n == 0 || (n < 2 && code != OPT_NOP) || n > ip + hlen - i ||
            !dis_has(d, i, n))
            break;
        if ((code == OPT_SSRR || code == OPT_LSRR) && n >= 7)
            return i + n - 4;
        i += n;
    }
    return ip + 16;
}

/* The same for IPv6: the last address of a routing header, of segment routing's the first. */
static size_t final_destination6(const struct dis *d, size_t ip, size_t payload)
{
    uint8_t nh = d->data[ip + 6];
    for (size_t i = ip + IP6_HLEN; i < payload && dis_has(d, i, 8);) {
        size_t len = nh == PROTO_FRAGMENT ? 8 : (d->data[i + 1] + 1u) * 8;
        if (nh == PROTO_ROUTING) {
            uint8_t type = d->data[i + 2], n = d->data[i + 1];
            size_t at = type == 4 ? i + 8 : i + 8u + (n / 2 - 1u) * 16;
            bool known = type == 0 || type == 2 || type == 4;
            return known && n >= 2 && dis_has(d, at, 16) ? at : ip + 24;
        }
        if (nh != PROTO_HOPOPTS && nh != PROTO_FRAGMENT && nh != PROTO_DSTOPTS)
            break;
        nh = d->data[i];
        i += len;
    }
    return ip + 24;
}

uint16_t ip_pseudo_cksum(struct dis *d, size_t ip, size_t at, size_t len, size_t cover,
                         uint8_t protocol)
{
    if (dis_u8(d, ip) >> 4 == 6)
        return cksum_ipv6(d->data + ip + 8, d->data + final_destination6(d, ip, at), protocol,
                          d->data + at, len);
    uint8_t tail[4] = {0, protocol, 0, 0};
    size_t hlen = (dis_u8(d, ip) & 15) * 4u;
    put_be16(tail + 2, (uint16_t)len);
    uint64_t sum = cksum_add(0, d->data + ip + 12, 4);
    sum = cksum_add(sum, d->data + final_destination(d, ip, hlen), 4);
    sum = cksum_add(sum, tail, sizeof(tail));
    return cksum_finish(cksum_add(sum, d->data + at, cover));
}
