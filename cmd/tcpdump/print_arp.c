/* ARP and RARP (RFC 826, 903, 2390). */
#include "cmd/tcpdump/dis.h"

enum { ARP_HLEN = 8, ETHERTYPE_IP = 0x0800, ETHERTYPE_TRAIL = 0x1000 };

enum {
    REQUEST = 1,
    REPLY = 2,
    REVERSE_REQUEST = 3,
    REVERSE_REPLY = 4,
    INVERSE_REQUEST = 8,
    INVERSE_REPLY = 9,
};

static const struct nametab operations[] = {
    {"Request", REQUEST},
    {"Reply", REPLY},
    {"Reverse Request", REVERSE_REQUEST},
    {"Reverse Reply", REVERSE_REPLY},
    {"Inverse Request", INVERSE_REQUEST},
    {"Inverse Reply", INVERSE_REPLY},
    {"NACK Reply", 10},
    {NULL, 0},
};

static const struct nametab hardware[] = {
    {"Ethernet", 1}, {"TokenRing", 6},  {"ArcNet", 7},      {"FrameRelay", 15}, {"ATM", 19},
    {"Strip", 23},   {"IEEE 1394", 24}, {"InfiniBand", 32}, {NULL, 0},
};

struct arp {
    uint16_t hrd, pro, op;
    uint8_t hln, pln;
    size_t sha, spa, tha, tpa; /* offsets */
};

static void put_protocol_addr(struct dis *d, const struct arp *a, size_t at)
{
    char buf[DIS_NAME];
    if (a->pro != ETHERTYPE_IP && a->pro != ETHERTYPE_TRAIL)
        dis_put(d, "<wrong proto type>");
    else if (a->pln != 4)
        dis_put(d, "<wrong len>");
    else
        dis_put(d, "%s", dis_ip4(d, at, buf));
}

static bool is_zero(struct dis *d, size_t at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (dis_u8(d, at + i))
            return false;
    return true;
}

static void put_request(struct dis *d, const struct arp *a)
{
    dis_put(d, "who-has ");
    put_protocol_addr(d, a, a->tpa);
    if (!is_zero(d, a->tha, a->hln)) {
        dis_put(d, " (");
        dis_put_linkaddr(d, a->tha, a->hln);
        dis_put(d, ")");
    }
    dis_put(d, " tell ");
    put_protocol_addr(d, a, a->spa);
}

static void put_reply(struct dis *d, const struct arp *a)
{
    put_protocol_addr(d, a, a->spa);
    dis_put(d, " is-at ");
    dis_put_linkaddr(d, a->sha, a->hln);
}

static void put_who_is(struct dis *d, const struct arp *a)
{
    dis_put(d, "who-is ");
    dis_put_linkaddr(d, a->tha, a->hln);
    dis_put(d, " tell ");
    dis_put_linkaddr(d, a->sha, a->hln);
}

static void put_at(struct dis *d, const struct arp *a, size_t ha, size_t pa)
{
    dis_put_linkaddr(d, ha, a->hln);
    dis_put(d, " at ");
    put_protocol_addr(d, a, pa);
}

/* false: the operation is none of ours. */
static bool put_operation(struct dis *d, const struct arp *a)
{
    switch (a->op) {
    case REQUEST:
        put_request(d, a);
        return true;
    case REPLY:
        put_reply(d, a);
        return true;
    case REVERSE_REQUEST:
    case INVERSE_REQUEST:
        put_who_is(d, a);
        return true;
    case REVERSE_REPLY:
        put_at(d, a, a->tha, a->tpa);
        return true;
    case INVERSE_REPLY:
        put_at(d, a, a->sha, a->spa);
        return true;
    }
    return false;
}

static bool parse(struct dis *d, size_t at, struct arp *a)
{
    if (!dis_need(d, at, ARP_HLEN))
        return false;
    a->hrd = dis_u16(d, at);
    a->pro = dis_u16(d, at + 2);
    a->hln = dis_u8(d, at + 4);
    a->pln = dis_u8(d, at + 5);
    a->op = dis_u16(d, at + 6);
    a->sha = at + ARP_HLEN;
    a->spa = a->sha + a->hln;
    a->tha = a->spa + a->pln;
    a->tpa = a->tha + a->hln;
    return dis_need(d, a->tpa, a->pln);
}

void print_arp(struct dis *d, size_t at, size_t len)
{
    struct arp a;
    char buf[DIS_NAME];
    d->proto = "arp";
    if (!parse(d, at, &a))
        return;
    if (!d->o->link_header)
        dis_put(d, "ARP, ");
    bool odd = (a.pro != ETHERTYPE_IP && a.pro != ETHERTYPE_TRAIL) || a.pln != 4 || a.hln == 0;
    if (odd || d->o->verbose) {
        dis_put(d, "%s (len %u), ", dis_tok(hardware, "Unknown Hardware (%u)", a.hrd, buf), a.hln);
        dis_put(d, "%s (len %u)", dis_tok(dis_ethertypes, "Unknown Protocol (0x%04x)", a.pro, buf),
                a.pln);
    }
    if (!odd || d->o->verbose) {
        dis_put(d, "%s%s ", d->o->verbose ? ", " : "",
                dis_tok(operations, "Unknown (%u)", a.op, buf));
        if (!put_operation(d, &a)) {
            dis_hex_ascii(d, at, dis_left(d, at));
            return;
        }
    }
    dis_put(d, ", length %zu", len);
}
