/* IPv6 (RFC 8200): header and extension headers. */
#include "cmd/tcpdump/dis.h"

enum { IP6_HLEN = 40 };

void print_ip6(struct dis *d, size_t at, size_t len)
{
    char src[DIS_NAME], dst[DIS_NAME];
    d->proto = "ip6";
    if (!d->o->link_header)
        dis_put(d, "IP6 ");
    if (len < IP6_HLEN) {
        dis_put(d, "truncated-ip6 %zu", len);
        return;
    }
    if (!dis_need(d, at, IP6_HLEN))
        return;
    dis_put(d, "%s > %s: ", dis_ip6(d, at + 8, src), dis_ip6(d, at + 24, dst));
    print_ip_payload(d, dis_u8(d, at + 6), at + IP6_HLEN, dis_u16(d, at + 4), 6, false,
                     dis_u8(d, at + 7), at);
}
