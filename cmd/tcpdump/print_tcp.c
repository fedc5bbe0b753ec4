/* TCP (RFC 9293). */
#include "cmd/tcpdump/dis.h"

#include <stdlib.h>

void tcp_flows_free(struct tcp_flows *f)
{
    free(f);
}

void print_tcp(struct dis *d, size_t at, size_t len, size_t ip, bool fragmented)
{
    char src[DIS_NAME], dst[DIS_NAME], sport[DIS_NAME], dport[DIS_NAME];
    (void)fragmented;
    d->proto = "tcp";
    dis_put(d, "%s.%s > %s.%s: tcp %zu", dis_ip4(d, ip + 12, src),
            dis_port(d, true, dis_u16(d, at), sport), dis_ip4(d, ip + 16, dst),
            dis_port(d, true, dis_u16(d, at + 2), dport), len);
}
