/* IPv6 (RFC 8200): header and extension headers. */
#include "cmd/tcpdump/dis.h"

enum { IP6_HLEN = 40, FRAGMENT_HLEN = 8 };
enum {
    PROTO_HOPOPTS = 0,
    PROTO_TCP = 6,
    PROTO_UDP = 17,
    PROTO_ROUTING = 43,
    PROTO_FRAGMENT = 44,
    PROTO_DSTOPTS = 60,
};
enum {
    OPT_PAD1 = 0,
    OPT_PADN = 1,
    OPT_ROUTER_ALERT = 5,
    OPT_JUMBO = 0xc2,
    OPT_HOME_ADDRESS = 0xc9
};

/* ---- options of the hop-by-hop and destination headers ---- */

/* What is wrong is said always, what is there with -v only. */
struct options {
    size_t at, left;
    bool hop_by_hop;
    uint32_t *payload; /* the header's payload length; 0 until a jumbo option gives it */
    bool found_jumbo;
};

/* Whether an option is there whole and says its own size (or more, where more may follow). */
static bool well_sized(struct dis *d, const struct options *o, const char *name, size_t size,
                       bool more)
{
    uint8_t len = dis_u8(d, o->at + 1);
    if (o->left < size) {
        dis_put(d, "(%s: trunc)", name);
        return false;
    }
    if (more ? len < size - 2 : len != size - 2) {
        dis_put(d, "(%s: invalid len %u)", name, len);
        return false;
    }
    return true;
}

static void put_jumbo(struct dis *d, struct options *o)
{
    uint32_t n = dis_u32(d, o->at + 2);
    const char *problem = "";
    if (!o->hop_by_hop)
        problem = " - not a hop-by-hop option";
    else if (o->found_jumbo)
        problem = " - already seen";
    else if (*o->payload != 0)
        problem = " - payload len != 0";
    else if (n < 65536)
        problem = " - < 65536";
    if (d->o->verbose)
        dis_put(d, "(jumbo: %u%s) ", n, problem);
    if (!problem[0]) {
        o->found_jumbo = true;
        *o->payload = n;
    }
}

/* The options within a home address option. false: they are cut short. */
static bool put_suboptions(struct dis *d, size_t at, size_t len)
{
    while (len > 0 && !d->cut) {
        uint8_t type = dis_u8(d, at);
        size_t n = 1;
        if (type != OPT_PAD1)
            n = len > 1 ? dis_u8(d, at + 1) + 2u : len + 1;
        if (n > len)
            return false;
        if (type > OPT_PADN && d->o->verbose)
            dis_put(d, ", sopt_type 0x%02x: len=%u", type, dis_u8(d, at + 1));
        else if (d->o->verbose)
            dis_put(d, type == OPT_PAD1 ? ", pad1" : ", padn");
        at += n;
        len -= n;
    }
    return true;
}

static bool put_home_address(struct dis *d, const struct options *o)
{
    char addr[DIS_NAME];
    uint8_t len = dis_u8(d, o->at + 1);
    if (!d->o->verbose)
        return put_suboptions(d, o->at + 18, len - 16u);
    dis_put(d, "(homeaddr: %s", dis_ip6(d, o->at + 2, addr));
    if (!put_suboptions(d, o->at + 18, len - 16u))
        return false;
    dis_put(d, ")");
    return true;
}

/* false: there is no sense in going on. */
static bool put_option(struct dis *d, struct options *o)
{
    uint8_t type = dis_u8(d, o->at);
    switch (type) {
    case OPT_PAD1:
    case OPT_PADN:
        if (d->o->verbose)
            dis_put(d, type == OPT_PAD1 ? "(pad1)" : "(padn)");
        return true;
    case OPT_ROUTER_ALERT:
        if (!well_sized(d, o, "rtalert", 4, false))
            return false;
        if (d->o->verbose)
            dis_put(d, "(rtalert: 0x%04x) ", dis_u16(d, o->at + 2));
        return true;
    case OPT_JUMBO:
        if (!well_sized(d, o, "jumbo", 6, false))
            return false;
        put_jumbo(d, o);
        return true;
    case OPT_HOME_ADDRESS:
        return well_sized(d, o, "homeaddr", 18, true) && put_home_address(d, o);
    }
    if (d->o->verbose)
        dis_put(d, "(opt_type 0x%02x: len=%u)", type, dis_u8(d, o->at + 1));
    return true;
}

/* false: they are cut short or make no sense. */
static bool put_options(struct dis *d, struct options *o)
{
    while (o->left > 0 && !d->cut) {
        size_t n = 1;
        if (dis_u8(d, o->at) != OPT_PAD1)
            n = o->left > 1 ? dis_u8(d, o->at + 1) + 2u : o->left + 1;
        if (n > o->left || !put_option(d, o))
            return false;
        o->at += n;
        o->left -= n;
    }
    if (d->o->verbose)
        dis_put(d, " ");
    return true;
}

/* Where the walk through the headers stands. */
struct walk {
    size_t ip, at;    /* of the packet, of the header that is next */
    size_t wire;      /* bytes of the packet on the wire */
    uint32_t payload; /* the header's payload length */
    uint8_t nh;
    bool fragmented, found_hop_by_hop, found_jumbo;
};

/* The length of a header of options, 0: it was not captured whole. */
static size_t put_options_header(struct dis *d, struct walk *w, const char *proto, const char *name)
{
    d->proto = proto;
    size_t len = (dis_u8(d, w->at + 1) + 1u) * 8;
    if (!dis_has(d, w->at, len)) {
        dis_trunc(d);
        return 0;
    }
    struct options o = {.at = w->at + 2,
                        .left = len - 2,
                        .hop_by_hop = w->nh == PROTO_HOPOPTS,
                        .payload = &w->payload};
    dis_put(d, "%s ", name);
    if ((o.hop_by_hop || d->o->verbose) && !put_options(d, &o)) {
        dis_trunc(d);
        return 0;
    }
    w->found_jumbo |= o.found_jumbo;
    return len;
}

/* RFC 8200 4.1: at most once, and first. */
static size_t put_hop_by_hop(struct dis *d, struct walk *w)
{
    const char *problem = NULL;
    size_t len = 0;
    if (w->found_hop_by_hop)
        problem = "The Hop-by-Hop Options header was already found";
    else if (w->at != w->ip + IP6_HLEN)
        problem = "The Hop-by-Hop Options header don't follow the IPv6 header";
    if (!problem) {
        w->found_hop_by_hop = true;
        len = put_options_header(d, w, "hbhopt", "HBH");
        if (!d->cut && w->payload == 0 && !w->found_jumbo)
            problem = "No valid Jumbo Payload Hop-by-Hop option found";
    }
    if (problem) {
        dis_put(d, "[%s]", problem);
        dis_invalid(d);
        return 0;
    }
    return len;
}

/* ---- other extension headers ---- */

/* 0: a later fragment, or cut: nothing of the payload can be told. */
static size_t put_fragment(struct dis *d, size_t at, size_t ip)
{
    d->proto = "frag6";
    unsigned offset = dis_u16(d, at + 2) & 0xfff8;
    size_t len = IP6_HLEN + dis_u16(d, ip + 4) - (at - ip) - FRAGMENT_HLEN;
    if (d->o->verbose)
        dis_put(d, "frag (0x%08x:%u|%zu)", dis_u32(d, at + 4), offset, len);
    else
        dis_put(d, "frag (%u|%zu)", offset, len);
    if (offset)
        return 0;
    dis_put(d, " ");
    return FRAGMENT_HLEN;
}

/* Routing headers of type 0 (RFC 5095 forbids it) and 2 (RFC 6275): addresses. */
static bool put_route(struct dis *d, size_t at, unsigned len)
{
    char addr[DIS_NAME];
    uint32_t reserved = dis_u32(d, at + 4);
    if (reserved || d->o->verbose)
        dis_put(d, ", rsv=0x%0x", reserved);
    if (len % 2) {
        dis_put(d, " (invalid length %u)", len);
        return false;
    }
    for (unsigned i = 0; i < len / 2 && !d->cut; i++)
        dis_put(d, ", [%u]%s", i, dis_ip6(d, at + 8 + 16 * i, addr));
    return true;
}

/* Type 4, segment routing (RFC 8754). */
static bool put_segments(struct dis *d, size_t at, unsigned len)
{
    char addr[DIS_NAME];
    dis_put(d, ", last-entry=%u", dis_u8(d, at + 4));
    if (dis_u8(d, at + 5) || d->o->verbose)
        dis_put(d, ", flags=0x%0x", dis_u8(d, at + 5));
    dis_put(d, ", tag=%x", dis_u16(d, at + 6));
    if (len % 2) {
        dis_put(d, " (invalid length %u)", len);
        return false;
    }
    for (unsigned i = 0; i < len / 2 && !d->cut; i++)
        dis_put(d, ", [%u]%s", i, dis_ip6(d, at + 8 + 16 * i, addr));
    return true;
}

static size_t put_routing(struct dis *d, size_t at)
{
    if (!dis_check(d, at, 1))
        return 0;
    d->proto = "rt6";
    dis_put(d, "RT6");
    unsigned len = dis_u8(d, at + 1);
    dis_put(d, " (len=%u", len);
    uint8_t type = dis_u8(d, at + 2);
    dis_put(d, ", type=%u%s", type, type == 0 ? " [Deprecated]" : "");
    dis_put(d, ", segleft=%u", dis_u8(d, at + 3));
    bool good = false;
    if (type == 0 || type == 2)
        good = put_route(d, at, len);
    else if (type == 4)
        good = put_segments(d, at, len);
    else
        dis_put(d, " (unknown type)");
    if (good)
        dis_put(d, ") ");
    else
        dis_invalid(d);
    return good && !d->cut ? (len + 1u) * 8 : 0;
}

/* ---- the header ---- */

static void put_verbose(struct dis *d, size_t at)
{
    char buf[DIS_NAME];
    uint32_t first = dis_u32(d, at);
    uint8_t nh = dis_u8(d, at + 6);
    dis_put(d, "(");
    if (first & 0x0ff00000)
        dis_put(d, "class 0x%02x, ", (first & 0x0ff00000) >> 20);
    if (first & 0x000fffff)
        dis_put(d, "flowlabel 0x%05x, ", first & 0x000fffff);
    dis_put(d, "hlim %u, next-header %s (%u) payload length: %u) ", dis_u8(d, at + 7),
            dis_tok(dis_protocols, "unknown", nh, buf), nh, dis_u16(d, at + 4));
}

/* An extension header: its length, 0: the line ends here. */
static size_t put_extension(struct dis *d, struct walk *w)
{
    switch (w->nh) {
    case PROTO_HOPOPTS:
        return put_hop_by_hop(d, w);
    case PROTO_DSTOPTS:
        return put_options_header(d, w, "dstopt", "DSTOPT");
    case PROTO_FRAGMENT:
        w->fragmented = true;
        return put_fragment(d, w->at, w->ip);
    case PROTO_ROUTING:
        return put_routing(d, w->at);
    }
    return 0;
}

static bool is_extension(uint8_t nh)
{
    return nh == PROTO_HOPOPTS || nh == PROTO_DSTOPTS || nh == PROTO_FRAGMENT ||
           nh == PROTO_ROUTING;
}

/* RFC 2675: the length stands in an option, the header says 0. */
static void note_jumbo(struct dis *d, struct walk *w)
{
    size_t total = (size_t)w->payload + IP6_HLEN;
    if (w->wire < total)
        dis_put(d, "truncated-ip6 - %zu bytes missing!", total - w->wire);
    if (w->ip + total < d->end)
        d->end = w->ip + total;
}

/* What the headers leave of the payload, by the header's account. */
static void put_payload(struct dis *d, const struct walk *w)
{
    size_t headers = w->at - w->ip - IP6_HLEN;
    d->proto = "ip6";
    if (headers > w->payload) {
        dis_trunc(d);
        return;
    }
    size_t len = w->payload - headers;
    if (w->at + len < d->end)
        d->end = w->at + len;
    print_ip_payload(d, w->nh, w->at, len, 6, w->fragmented, w->ip);
}

static void walk_headers(struct dis *d, struct walk *w)
{
    while (is_extension(w->nh)) {
        bool jumbo = w->found_jumbo;
        size_t n = put_extension(d, w);
        if (w->found_jumbo && !jumbo && n > 0)
            note_jumbo(d, w);
        if (n == 0 || d->cut || (w->nh == PROTO_FRAGMENT && d->end <= w->at + n))
            return;
        w->nh = dis_u8(d, w->at);
        w->at += n;
    }
    put_payload(d, w);
}

void print_ip6(struct dis *d, size_t at, size_t len)
{
    char src[DIS_NAME], dst[DIS_NAME];
    d->proto = "ip6";
    if (!dis_check(d, at, IP6_HLEN))
        return;
    if (!d->o->link_header)
        dis_put(d, "IP6 ");
    if (dis_u8(d, at) >> 4 != 6) {
        dis_put(d, "version error: %u != 6", dis_u8(d, at) >> 4);
        return;
    }
    if (len < IP6_HLEN) {
        dis_put(d, "truncated-ip6 %zu", len);
        return;
    }
    size_t payload = dis_u16(d, at + 4), total = payload + IP6_HLEN, whole = d->end;
    if (len < total)
        dis_put(d, "truncated-ip6 - %zu bytes missing!", total - len);
    if (d->o->verbose)
        put_verbose(d, at);
    if (payload && at + total < d->end)
        d->end = at + total;
    struct walk w = {.ip = at,
                     .at = at + IP6_HLEN,
                     .wire = len,
                     .payload = (uint32_t)payload,
                     .nh = dis_u8(d, at + 6)};
    if (w.nh != PROTO_TCP && w.nh != PROTO_UDP) /* those put ports behind the addresses */
        dis_put(d, "%s > %s: ", dis_ip6(d, at + 8, src), dis_ip6(d, at + 24, dst));
    walk_headers(d, &w);
    d->end = whole;
}
