/* UDP (RFC 768). */
#include "cmd/tcpdump/dis.h"

void print_udp(struct dis *d, size_t at, size_t len, size_t ip, bool fragmented, uint8_t ttl)
{
    char src[DIS_NAME], dst[DIS_NAME], sport[DIS_NAME], dport[DIS_NAME];
    (void)fragmented;
    (void)ttl;
    (void)len;
    d->proto = "udp";
    dis_put(d, "%s.%s > %s.%s: UDP, length %d", dis_ip4(d, ip + 12, src),
            dis_port(d, false, dis_u16(d, at), sport), dis_ip4(d, ip + 16, dst),
            dis_port(d, false, dis_u16(d, at + 2), dport), dis_u16(d, at + 4) - 8);
}
