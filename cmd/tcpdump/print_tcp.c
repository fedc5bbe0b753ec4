/* TCP (RFC 9293). Payloads are not looked into. */
#include "cmd/tcpdump/dis.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { TCP_HLEN = 20, PROTO_TCP = 6 };
enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, URG = 32 };

enum {
    OPT_EOL = 0,
    OPT_NOP = 1,
    OPT_MSS = 2,
    OPT_WSCALE = 3,
    OPT_SACKOK = 4,
    OPT_SACK = 5,
    OPT_ECHO = 6,
    OPT_ECHOREPLY = 7,
    OPT_TIMESTAMP = 8,
    OPT_CC = 11,
    OPT_CCNEW = 12,
    OPT_CCECHO = 13,
    OPT_MD5 = 19,
    OPT_SCPS = 20,
    OPT_UTO = 28,
    OPT_FASTOPEN = 34,
    OPT_AO = 29,
    OPT_EXPERIMENT = 254,
};

static const struct nametab option_names[] = {
    {"mss", OPT_MSS},      {"wscale", OPT_WSCALE},  {"sackOK", OPT_SACKOK},
    {"sack", OPT_SACK},    {"echo", OPT_ECHO},      {"echoreply", OPT_ECHOREPLY},
    {"TS", OPT_TIMESTAMP}, {"cc", OPT_CC},          {"ccnew", OPT_CCNEW},
    {"", OPT_CCECHO},      {"md5", OPT_MD5},        {"scps", OPT_SCPS},
    {"uto", OPT_UTO},      {"tcp-ao", OPT_AO},      {"mptcp", 30},
    {"tfo", OPT_FASTOPEN}, {"exp", OPT_EXPERIMENT}, {NULL, 0},
};

/* ---- connections: sequence numbers are shown relative to the first seen ---- */

struct flow {
    struct inet_addr low, high; /* ends, ordered by port, then address */
    uint16_t low_port, high_port;
    uint32_t seq, ack; /* what is zero for the low end, for the high end */
};

struct tcp_flows {
    struct flow *flow;
    size_t n, cap;
};

void tcp_flows_free(struct tcp_flows *f)
{
    if (!f)
        return;
    free(f->flow);
    free(f);
}

static struct inet_addr address(struct dis *d, size_t ip, bool destination)
{
    if (dis_u8(d, ip) >> 4 != 6)
        return inet_addr_v4(dis_u32(d, ip + (destination ? 16 : 12)));
    size_t at = ip + (destination ? 24 : 8);
    return dis_need(d, at, 16) ? inet_addr_v6(d->data + at) : inet_addr_any(VNET_AF_INET6);
}

static bool same_ends(const struct flow *a, const struct flow *b)
{
    return a->low_port == b->low_port && a->high_port == b->high_port &&
           inet_addr_eq(&a->low, &b->low) && inet_addr_eq(&a->high, &b->high);
}

/* The connection of a segment, NULL if it is a new one; *reverse: it goes from high to low. */
static struct flow *flow_find(struct dis *d, size_t ip, size_t at, struct flow *key, bool *reverse)
{
    uint16_t sport = dis_u16(d, at), dport = dis_u16(d, at + 2);
    struct inet_addr src = address(d, ip, false), dst = address(d, ip, true);
    *reverse = sport > dport || (sport == dport && inet_addr_cmp(&src, &dst) > 0);
    *key = *reverse ? (struct flow){dst, src, dport, sport, 0, 0}
                    : (struct flow){src, dst, sport, dport, 0, 0};
    if (!d->ctx->flows)
        d->ctx->flows = mem_alloc(sizeof(*d->ctx->flows));
    struct tcp_flows *f = d->ctx->flows;
    for (size_t i = 0; i < f->n; i++)
        if (same_ends(&f->flow[i], key))
            return &f->flow[i];
    return NULL;
}

struct segment {
    size_t at, hlen, len; /* len: of the payload */
    uint32_t seq, ack;
    uint32_t sack_base; /* subtracted from SACK edges */
    uint8_t flags;
};

/* Make seq and ack relative, or remember the first ones. */
static void relate(struct dis *d, size_t ip, struct segment *s)
{
    struct flow key, *f;
    bool reverse;
    f = flow_find(d, ip, s->at, &key, &reverse);
    if (d->cut)
        return;
    if (!f || s->flags & SYN) {
        struct tcp_flows *all = d->ctx->flows;
        if (!f) {
            ARRAY_GROW(all->flow, all->n, all->cap);
            f = &all->flow[all->n++];
        }
        *f = key;
        f->seq = reverse ? s->ack - 1 : s->seq;
        f->ack = reverse ? s->seq : s->ack - 1;
    } else {
        s->seq -= reverse ? f->ack : f->seq;
        s->ack -= reverse ? f->seq : f->ack;
    }
    s->sack_base = reverse ? f->seq : f->ack;
}

/* ---- options ---- */

/* Whether n bytes of an option's value were captured. If not the packet stops, in tcpdump's odd
 * words: a bracket is closed that is not open, unless it was the first option. */
static bool value_captured(struct dis *d, size_t at, size_t n, const char *sep)
{
    if (d->cut || dis_has(d, at, n))
        return !d->cut;
    dis_trunc(d);
    dis_put(d, "%s", *sep ? ">" : "");
    d->cut = true;
    return false;
}

static void put_sack(struct dis *d, size_t at, size_t len, const char *sep, const struct segment *s)
{
    if (len % 8) {
        dis_put(d, " invalid sack");
        return;
    }
    dis_put(d, " %zu ", len / 8);
    for (size_t i = 0; i < len && value_captured(d, at, i + 8, sep); i += 8)
        dis_put(d, "{%u:%u}", dis_u32(d, at + i) - s->sack_base,
                dis_u32(d, at + i + 4) - s->sack_base);
}

static void put_hex(struct dis *d, const char *before, size_t at, size_t len, const char *sep)
{
    dis_put(d, "%s", before);
    for (size_t i = 0; i < len && value_captured(d, at + i, 1, sep); i++)
        dis_put(d, "%02x", dis_u8(d, at + i));
}

/* RFC 7413: a request is empty, a cookie has 4 to 16 bytes, an even number. */
static void put_fast_open(struct dis *d, size_t at, size_t len)
{
    if (len == 0)
        dis_put(d, " cookiereq");
    else if (len % 2 || len < 4 || len > 16)
        dis_invalid(d);
    else
        put_hex(d, " cookie ", at, len, "");
}

/* RFC 6994: an experiment is told by its first two bytes. */
static void put_experiment(struct dis *d, size_t at, size_t len)
{
    if (len < 2) {
        dis_put(d, " bad");
        return;
    }
    uint16_t id = dis_u16(d, at);
    if (id == 0xf989) {
        dis_put(d, "-tfo");
        put_fast_open(d, at + 2, len - 2);
    } else {
        dis_put(d, "-%04x", id);
    }
}

static void put_user_timeout(struct dis *d, uint16_t v)
{
    unsigned seconds = v & 1 ? (v >> 1) * 60u : v >> 1;
    dis_put(d, " 0x%x %u", v, seconds);
}

/* How many bytes of value an option of this kind has; -1: what it says itself. */
static int value_size(uint8_t kind)
{
    switch (kind) {
    case OPT_EOL:
    case OPT_NOP:
    case OPT_SACKOK:
        return 0;
    case OPT_WSCALE:
        return 1;
    case OPT_MSS:
    case OPT_SCPS:
    case OPT_UTO:
        return 2;
    case OPT_ECHO:
    case OPT_ECHOREPLY:
    case OPT_CC:
    case OPT_CCNEW:
    case OPT_CCECHO:
        return 4;
    case OPT_TIMESTAMP:
        return 8;
    case OPT_MD5:
        return 16;
    }
    return -1;
}

/* RFC 5925. */
static void put_authentication(struct dis *d, size_t at, size_t len, const char *sep)
{
    if (!value_captured(d, at, 1, sep))
        return;
    dis_put(d, " keyid %u", dis_u8(d, at));
    if (!value_captured(d, at + 1, 1, sep))
        return;
    dis_put(d, " rnextkeyid %u", dis_u8(d, at + 1));
    if (len > 2)
        put_hex(d, " mac 0x", at + 2, len - 2, sep);
}

/* RFC 2385: vnet has no secrets to check it with. */
static void put_digest(struct dis *d, size_t at, size_t len, const struct segment *s)
{
    dis_put(d, " %s, can't check - ",
            dis_has(d, s->at + s->hlen, s->len) ? "shared secret not supplied with -M"
                                                : "snaplen too short");
    put_hex(d, "", at, len, "");
}

static void put_value(struct dis *d, uint8_t kind, size_t at, size_t len, const char *sep,
                      const struct segment *s)
{
    switch (kind) {
    case OPT_SACKOK:
        break;
    case OPT_WSCALE:
        dis_put(d, " %u", dis_u8(d, at));
        break;
    case OPT_MSS:
        dis_put(d, " %u", dis_u16(d, at));
        break;
    case OPT_SCPS:
        dis_put(d, " cap %02x id %u", dis_u8(d, at), dis_u8(d, at + 1));
        break;
    case OPT_UTO:
        put_user_timeout(d, dis_u16(d, at));
        break;
    case OPT_SACK:
        put_sack(d, at, len, sep, s);
        break;
    case OPT_ECHO:
    case OPT_ECHOREPLY:
    case OPT_CC:
    case OPT_CCNEW:
    case OPT_CCECHO:
        dis_put(d, " %u", dis_u32(d, at));
        break;
    case OPT_TIMESTAMP:
        dis_put(d, " val %u ecr %u", dis_u32(d, at), dis_u32(d, at + 4));
        break;
    case OPT_MD5:
        put_digest(d, at, len, s);
        break;
    case OPT_AO:
        put_authentication(d, at, len, sep);
        break;
    case OPT_FASTOPEN:
        dis_put(d, " ");
        put_fast_open(d, at, len);
        break;
    case OPT_EXPERIMENT:
        put_experiment(d, at, len);
        break;
    default:
        put_hex(d, len ? " 0x" : "", at, len, sep);
    }
}

/* One option, `left` bytes of the header left; the bytes it takes, 0: it is none. What it says of
 * its length decides only where that is open; else a wrong one is shown. */
static size_t put_option(struct dis *d, size_t at, size_t left, const char *sep,
                         const struct segment *s)
{
    char buf[DIS_NAME];
    uint8_t kind = dis_u8(d, at);
    if (kind == OPT_EOL || kind == OPT_NOP) {
        dis_put(d, "%s", kind == OPT_EOL ? "eol" : "nop");
        return 1;
    }
    size_t n = dis_u8(d, at + 1);
    if (n < 2 || n > left)
        return 0;
    dis_put(d, "%s", dis_tok(option_names, "unknown-%u", kind, buf));
    size_t size = value_size(kind) < 0 ? n - 2 : (size_t)value_size(kind);
    if (size > left - 2)
        return 0;
    bool alone = kind == OPT_FASTOPEN || kind == OPT_EXPERIMENT || value_size(kind) >= 0;
    if (alone && !value_captured(d, at + 2, size, sep))
        return 0;
    put_value(d, kind, at + 2, size, sep, s);
    if (size + 2 != n)
        dis_put(d, "[len %zu]", n);
    return size + 2;
}

/* false: there was nonsense. */
static bool put_options(struct dis *d, const struct segment *s)
{
    size_t at = s->at + TCP_HLEN, left = s->hlen - TCP_HLEN;
    const char *sep = "";
    dis_put(d, ", options [");
    while (left > 0 && !d->cut) {
        dis_put(d, "%s", sep);
        uint8_t kind = dis_u8(d, at);
        size_t n = put_option(d, at, left, sep, s);
        if (n == 0) {
            dis_put(d, "[bad opt]%s", *sep ? "]" : "");
            return false;
        }
        if (kind == OPT_EOL)
            break;
        at += n;
        left -= n;
        sep = ",";
    }
    dis_put(d, "]");
    return true;
}

/* ---- the segment ---- */

static void put_flags(struct dis *d, uint8_t flags)
{
    static const char letters[] = "FSRP.UEW";
    char text[9];
    size_t n = 0;
    for (unsigned i = 0; i < 8; i++)
        if (flags & 1u << i)
            text[n++] = letters[i];
    text[n] = '\0';
    dis_put(d, "Flags [%s]", n ? text : "none");
}

static void put_cksum(struct dis *d, const struct segment *s, size_t ip, size_t len)
{
    if (!dis_has(d, s->at, len) || (dis_u8(d, ip) >> 4 == 6 && dis_u16(d, ip + 4) == 0))
        return;
    uint16_t field = dis_u16(d, s->at + 16);
    uint16_t sum = ip_pseudo_cksum(d, ip, s->at, len, len, PROTO_TCP);
    dis_put(d, ", cksum 0x%04x", field);
    if (sum)
        dis_put(d, " (incorrect -> 0x%04x)", dis_cksum_shouldbe(field, sum));
    else
        dis_put(d, " (correct)");
}

/* RFC 1122 4.2.2.12: a reset may say why. */
static void put_reset_reason(struct dis *d, size_t at, size_t len)
{
    enum { LONGEST = 30 };
    dis_put(d, dis_has(d, at, len) ? " [RST" : " [!RST");
    if (len > LONGEST) {
        len = LONGEST;
        dis_put(d, "+");
    }
    dis_put(d, " ");
    for (size_t i = 0; i < len && dis_has(d, at + i, 1); i++)
        dis_put_char(d, d->data[at + i]);
    dis_put(d, "]");
}

static void put_segment(struct dis *d, const struct segment *s)
{
    if (d->o->verbose > 1 || s->len > 0 || s->flags & (SYN | FIN | RST)) {
        dis_put(d, ", seq %u", s->seq);
        if (s->len > 0)
            dis_put(d, ":%u", s->seq + (uint32_t)s->len);
    }
    if (s->flags & ACK)
        dis_put(d, ", ack %u", s->ack);
    dis_put(d, ", win %u", dis_u16(d, s->at + 14));
    if (s->flags & URG)
        dis_put(d, ", urg %u", dis_u16(d, s->at + 18));
    if (s->hlen > TCP_HLEN && !put_options(d, s))
        return;
    dis_put(d, ", length %zu", s->len);
    if (s->len && !dis_has(d, s->at, s->hlen)) {
        dis_put(d, " [remaining caplen(%zu) < header length(%zu)]", dis_left(d, s->at), s->hlen);
        dis_cut(d);
    }
    if (s->len && s->flags & RST && d->o->verbose)
        put_reset_reason(d, s->at + s->hlen, s->len);
}

void print_tcp(struct dis *d, size_t at, size_t len, size_t ip, bool fragmented)
{
    d->proto = "tcp";
    if (!dis_has(d, at, 4)) {
        dis_put_hosts(d, ip, "");
        dis_trunc(d);
        return;
    }
    dis_put_ports(d, ip, at, PROTO_TCP);
    if (!dis_check(d, at, TCP_HLEN))
        return;
    struct segment s = {.at = at,
                        .hlen = (dis_u8(d, at + 12) >> 4) * 4u,
                        .seq = dis_u32(d, at + 4),
                        .ack = dis_u32(d, at + 8),
                        .flags = dis_u8(d, at + 13)};
    if (s.hlen < TCP_HLEN) {
        dis_put(d, " tcp %u [bad hdr length %zu - too short, < %d]", (unsigned)(len - s.hlen),
                s.hlen, TCP_HLEN);
        return;
    }
    if (d->o->quiet) {
        dis_put(d, "tcp %u", (unsigned)(len - s.hlen));
        if (s.hlen > len)
            dis_put(d, " [bad hdr length %zu - too long, > %zu]", s.hlen, len);
        return;
    }
    put_flags(d, s.flags);
    if (!d->o->absolute_seq && s.flags & ACK)
        relate(d, ip, &s);
    if (s.hlen > len) {
        dis_put(d, " [bad hdr length %zu - too long, > %zu]", s.hlen, len);
        return;
    }
    if (d->o->verbose && !d->o->no_checksums && !fragmented)
        put_cksum(d, &s, ip, len);
    s.len = len - s.hlen;
    put_segment(d, &s);
}
