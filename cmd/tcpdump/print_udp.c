/* UDP (RFC 768). Payloads are not looked into: "UDP, length N". */
#include "cmd/tcpdump/dis.h"

#include <stdio.h>

enum { UDP_HLEN = 8, PROTO_UDP = 17 };

static void put_cksum(struct dis *d, size_t at, size_t len, size_t ip)
{
    uint16_t field = dis_u16(d, at + 6);
    bool v6 = dis_u8(d, ip) >> 4 == 6;
    if (!v6 && field == 0) {
        dis_put(d, "[no cksum] ");
        return;
    }
    if (!dis_has(d, at, len) || (v6 && dis_u16(d, ip + 4) == 0))
        return;
    uint16_t sum = ip_pseudo_cksum(d, ip, at, len, len, PROTO_UDP);
    if (sum)
        dis_put(d, "[bad udp cksum 0x%04x -> 0x%04x!] ", field, dis_cksum_shouldbe(field, sum));
    else
        dis_put(d, "[udp sum ok] ");
}

void print_udp(struct dis *d, size_t at, size_t len, size_t ip, bool fragmented)
{
    d->proto = "udp";
    if (!dis_has(d, at, 4)) {
        dis_put_hosts(d, ip, " ");
        dis_trunc(d);
        return;
    }
    dis_put_ports(d, ip, at, PROTO_UDP);
    if (len < UDP_HLEN) {
        dis_put(d, "truncated-udp %zu", len);
        return;
    }
    if (!dis_has(d, at, UDP_HLEN)) {
        dis_trunc(d);
        return;
    }
    size_t ulen = dis_u16(d, at + 4), payload = len - UDP_HLEN;
    if (ulen == 0 && payload > 65535)
        ulen = len;
    if (ulen < UDP_HLEN) {
        dis_put(d, "truncated-udplength %zu", ulen);
        return;
    }
    ulen -= UDP_HLEN;
    if (ulen < payload)
        payload = ulen;
    unsigned wanted = dis_u8(d, ip) >> 4 == 6 ? 1 : 2; /* -v or -vv */
    if (d->o->verbose >= wanted && !d->o->no_checksums && !fragmented)
        put_cksum(d, at, payload + UDP_HLEN, ip);
    if (ulen > payload && !fragmented)
        dis_put(d, "UDP, bad length %zu > %zu", ulen, payload);
    else
        dis_put(d, "UDP, length %zu", ulen);
}
