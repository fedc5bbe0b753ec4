/* ICMP (RFC 792, 950, 1256, 1191). */
#include "cmd/tcpdump/dis.h"

#include <stdio.h>

enum {
    ECHO_REPLY = 0,
    UNREACHABLE = 3,
    SOURCE_QUENCH = 4,
    REDIRECT = 5,
    ECHO_REQUEST = 8,
    ROUTER_ADVERT = 9,
    ROUTER_SOLICIT = 10,
    TIME_EXCEEDED = 11,
    PARAMETER = 12,
    TIMESTAMP = 13,
    TIMESTAMP_REPLY = 14,
    INFO = 15,
    INFO_REPLY = 16,
    MASK = 17,
    MASK_REPLY = 18,
};

enum { UNREACH_PROTOCOL = 2, UNREACH_PORT = 3, UNREACH_NEEDFRAG = 4 };
enum { QUOTE = 8, QUOTE_PROTO = QUOTE + 9, QUOTE_DST = QUOTE + 16, PROTO_TCP = 6, PROTO_UDP = 17 };

enum { LONGEST_MESSAGE = 163 };

static const struct nametab types[] = {
    {"echo reply", ECHO_REPLY},        {"source quench", SOURCE_QUENCH},
    {"echo request", ECHO_REQUEST},    {"router solicitation", ROUTER_SOLICIT},
    {"time stamp request", TIMESTAMP}, {"time stamp reply", TIMESTAMP_REPLY},
    {"information request", INFO},     {"information reply", INFO_REPLY},
    {"address mask request", MASK},    {NULL, 0},
};

/* What stands before and after the address that cannot be reached. */
static const struct {
    const char *before, *after;
} unreachable[] = {
    [0] = {"net ", ""},
    [1] = {"host ", ""},
    [5] = {"", " - source route failed"},
    [6] = {"net ", " - unknown"},
    [7] = {"host ", " - unknown"},
    [8] = {"", " - source host isolated"},
    [9] = {"net ", " - admin prohibited"},
    [10] = {"host ", " - admin prohibited"},
    [11] = {"net ", " - tos prohibited"},
    [12] = {"host ", " - tos prohibited"},
    [13] = {"host ", " - admin prohibited filter"},
    [14] = {"host ", " - host precedence violation"},
    [15] = {"host ", " - precedence cutoff"},
};

static void put_unreachable_port(struct dis *d, size_t at)
{
    char addr[DIS_NAME], port[DIS_NAME];
    if (!dis_check(d, at + QUOTE_PROTO, 1))
        return;
    uint8_t protocol = dis_u8(d, at + QUOTE_PROTO);
    size_t hlen = (dis_u8(d, at + QUOTE) & 15) * 4u;
    uint16_t dport = dis_u16(d, at + QUOTE + hlen + 2);
    dis_ip4(d, at + QUOTE_DST, addr);
    if (protocol == PROTO_TCP || protocol == PROTO_UDP)
        dis_put(d, "%s %s port %s unreachable", addr, protocol == PROTO_TCP ? "tcp" : "udp",
                dis_port(d, protocol == PROTO_TCP, dport, port));
    else
        dis_put(d, "%s protocol %u port %u unreachable", addr, protocol, dport);
}

static void put_unreachable(struct dis *d, size_t at)
{
    char addr[DIS_NAME];
    uint8_t code = dis_u8(d, at + 1);
    if (code == UNREACH_PORT) {
        put_unreachable_port(d, at);
        return;
    }
    dis_ip4(d, at + QUOTE_DST, addr);
    if (code == UNREACH_PROTOCOL) {
        dis_put(d, "%s protocol %u unreachable", addr, dis_u8(d, at + QUOTE_PROTO));
    } else if (code == UNREACH_NEEDFRAG) {
        uint16_t mtu = dis_u16(d, at + 6);
        dis_put(d, "%s unreachable - need to frag", addr);
        if (mtu)
            dis_put(d, " (mtu %u)", mtu);
    } else if (code < sizeof(unreachable) / sizeof(unreachable[0])) {
        dis_put(d, "%s%s unreachable%s", unreachable[code].before, addr, unreachable[code].after);
    } else {
        dis_put(d, "%s unreachable - #%u", addr, code);
    }
}

static void put_redirect(struct dis *d, size_t at)
{
    char dst[DIS_NAME], gw[DIS_NAME];
    uint8_t code = dis_u8(d, at + 1);
    dis_ip4(d, at + QUOTE_DST, dst);
    dis_ip4(d, at + 4, gw);
    if (code < 4)
        dis_put(d, "redirect%s %s to %s %s", code & 2 ? "-tos" : "", dst, code & 1 ? "host" : "net",
                gw);
    else
        dis_put(d, "redirect-#%u %s to %s", code, dst, gw);
}

static void put_lifetime(struct dis *d, unsigned seconds)
{
    if (seconds < 60)
        dis_put(d, "%u", seconds);
    else if (seconds < 3600)
        dis_put(d, "%u:%02u", seconds / 60, seconds % 60);
    else
        dis_put(d, "%u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

static void put_router_advert(struct dis *d, size_t at)
{
    char addr[DIS_NAME];
    if (!dis_check(d, at + 4, 4))
        return;
    unsigned n = dis_u8(d, at + 4), size = dis_u8(d, at + 5);
    dis_put(d, "router advertisement lifetime ");
    put_lifetime(d, dis_u16(d, at + 6));
    dis_put(d, " %u:", n);
    if (size != 2) {
        dis_put(d, " [size %u]", size);
        return;
    }
    for (size_t i = at + 8; n > 0 && dis_check(d, i, 8); n--, i += 8)
        dis_put(d, " {%s %u}", dis_ip4(d, i, addr), dis_u32(d, i + 4));
}

static void put_time_exceeded(struct dis *d, size_t at)
{
    uint8_t code = dis_u8(d, at + 1);
    dis_check(d, at + QUOTE_DST, 4);
    if (code == 0)
        dis_put(d, "time exceeded in-transit");
    else if (code == 1)
        dis_put(d, "ip reassembly time exceeded");
    else
        dis_put(d, "time exceeded-#%u", code);
}

static void put_midnight(struct dis *d, const char *what, uint32_t ms)
{
    dis_put(d, "%s%02u:%02u:%02u.%03u", what, ms / 3600000, ms / 60000 % 60, ms / 1000 % 60,
            ms % 1000);
}

static void put_timestamp_reply(struct dis *d, size_t at)
{
    if (!dis_check(d, at + 16, 4))
        return;
    dis_put(d, "time stamp reply id %u seq %u: ", dis_u16(d, at + 4), dis_u16(d, at + 6));
    put_midnight(d, "org ", dis_u32(d, at + 8));
    put_midnight(d, ", recv ", dis_u32(d, at + 12));
    put_midnight(d, ", xmit ", dis_u32(d, at + 16));
}

static void put_parameter_problem(struct dis *d, size_t at)
{
    uint8_t code = dis_u8(d, at + 1);
    if (code)
        dis_put(d, "parameter problem - code %u", code);
    else
        dis_put(d, "parameter problem - octet %u", dis_u8(d, at + 4));
}

static void put_message(struct dis *d, size_t at, uint8_t type)
{
    char buf[DIS_NAME];
    switch (type) {
    case ECHO_REPLY:
    case ECHO_REQUEST:
        dis_put(d, "echo %s, id %u, seq %u", type == ECHO_REPLY ? "reply" : "request",
                dis_u16(d, at + 4), dis_u16(d, at + 6));
        break;
    case UNREACHABLE:
        put_unreachable(d, at);
        break;
    case REDIRECT:
        put_redirect(d, at);
        break;
    case ROUTER_ADVERT:
        put_router_advert(d, at);
        break;
    case TIME_EXCEEDED:
        put_time_exceeded(d, at);
        break;
    case PARAMETER:
        put_parameter_problem(d, at);
        break;
    case MASK_REPLY:
        dis_put(d, "address mask is 0x%08x", dis_u32(d, at + 8));
        break;
    case TIMESTAMP:
        dis_put(d, "time stamp query id %u seq %u", dis_u16(d, at + 4), dis_u16(d, at + 6));
        break;
    case TIMESTAMP_REPLY:
        put_timestamp_reply(d, at);
        break;
    default:
        dis_put(d, "%s", dis_tok(types, "type-#%u", type, buf));
    }
}

static bool quotes_a_packet(uint8_t type)
{
    return type == UNREACHABLE || type == SOURCE_QUENCH || type == REDIRECT ||
           type == TIME_EXCEEDED || type == PARAMETER;
}

static void put_cksum(struct dis *d, size_t at, size_t len)
{
    if (!dis_has(d, at, len))
        return;
    uint16_t sum = dis_cksum(d, at, len), field = dis_u16(d, at + 2);
    if (sum)
        dis_put(d, " (wrong icmp cksum %x (->%x)!)", field, dis_cksum_shouldbe(field, sum));
}

/* The message is written aside: one that is cut leaves nothing of itself; a very long one is cut
 * off, tcpdump has a buffer of fixed size. */
static void put_whole_message(struct dis *d, size_t at, size_t len, uint8_t type)
{
    struct strbuf *out = d->out, text = STRBUF_INIT;
    d->out = &text;
    put_message(d, at, type);
    d->out = out;
    if (d->cut) {
        d->cut = false;
        dis_stop(d);
    }
    dis_put(d, "ICMP %.*s, length %zu", LONGEST_MESSAGE, strbuf_cstr(&text), len);
    strbuf_release(&text);
}

/* The packet quoted by an error; what follows its end by its own account is no part of it. */
static void put_quote(struct dis *d, size_t at)
{
    dis_put(d, "\n\t");
    size_t whole = d->end, len = dis_u16(d, at + 2);
    if (at + len < d->end)
        d->end = at + len;
    if (dis_need(d, at, 4))
        print_ip(d, at, len);
    d->end = whole;
}

void print_icmp(struct dis *d, size_t at, size_t len, bool fragmented)
{
    d->proto = "icmp";
    uint8_t type = dis_u8(d, at);
    if (!dis_need(d, at, 2))
        return;
    put_whole_message(d, at, len, type);
    if (!d->o->verbose)
        return;
    if (!fragmented)
        put_cksum(d, at, len);
    if (quotes_a_packet(type))
        put_quote(d, at + QUOTE);
    if (type == UNREACHABLE || type == TIME_EXCEEDED || type == PARAMETER) {
        d->proto = "icmp";
        print_icmp_extension(d, at, len);
    }
}
