/* ICMPv6 (RFC 4443), neighbour discovery (RFC 4861), MLD (RFC 2710, 3810). */
#include "cmd/tcpdump/dis.h"

static const struct nametab types[] = {
    {"echo request", 128},
    {"echo reply", 129},
    {"router solicitation", 133},
    {NULL, 0},
};

void print_icmp6(struct dis *d, size_t at, size_t len, size_t ip, bool fragmented)
{
    char buf[DIS_NAME];
    (void)ip;
    (void)fragmented;
    d->proto = "icmp6";
    dis_put(d, "ICMP6, %s, length %zu", dis_tok(types, "type-#%u", dis_u8(d, at), buf), len);
}
