#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "cmd/ping/state.h"
#include "wire/cksum.h"

enum { /* types of ICMP */
       UNREACH = 3,
       SOURCE_QUENCH = 4,
       REDIRECT = 5,
       TIME_EXCEEDED = 11,
       PARAMETER_PROBLEM = 12
};

void ping_print_timestamp(struct ping *p)
{
    int64_t now = vnet_now(p->w);
    if (p->o.timestamps)
        sink_printf(p->env->out, "[%lld.%06lld] ", (long long)(now / NSEC_PER_SEC),
                    (long long)(now % NSEC_PER_SEC / NSEC_PER_USEC));
}

/* Microseconds from the time stamp in the data to the arrival. */
static int64_t trip_time(struct ping *p, const uint8_t *data, int64_t arrived)
{
    int64_t sec = (int64_t)get_le64(data), usec = (int64_t)get_le64(data + 8);
    if (p->o.latency)
        arrived = vnet_now(p->w);
    arrived /= NSEC_PER_USEC;
    if (sec < 0 || sec > arrived / 1000000 + 1 || usec < 0 || usec >= 1000000)
        return 0;
    int64_t trip = arrived - (sec * 1000000 + usec);
    return trip < 0 ? 0 : trip;
}

static void account_trip(struct ping *p, int64_t trip)
{
    p->tsum += trip;
    p->tsum2 += (double)trip * (double)trip;
    if (trip < p->tmin)
        p->tmin = trip;
    if (trip > p->tmax)
        p->tmax = trip;
    p->rtt = p->rtt ? p->rtt + trip - p->rtt / 8 : trip * 8;
    if (p->o.adaptive)
        ping_update_interval(p);
}

static void print_trip(struct sink *out, int64_t t)
{
    if (t >= 100000 - 50)
        sink_printf(out, " time=%lld ms", (long long)((t + 500) / 1000));
    else if (t >= 10000 - 5)
        sink_printf(out, " time=%lld.%01lld ms", (long long)((t + 50) / 1000),
                    (long long)((t + 50) % 1000 / 100));
    else if (t >= 1000)
        sink_printf(out, " time=%lld.%02lld ms", (long long)((t + 5) / 1000),
                    (long long)((t + 5) % 1000 / 10));
    else
        sink_printf(out, " time=%lld.%03lld ms", (long long)(t / 1000), (long long)(t % 1000));
}

static void print_wrong_data(struct ping *p, const uint8_t *data)
{
    struct sink *out = p->env->out;
    const uint8_t *sent = p->out + PING_HEADER;
    for (int64_t i = PING_TIMEVAL; i < p->o.datalen; i++) {
        if (data[i] == sent[i])
            continue;
        sink_printf(out, "\nwrong data byte #%lld should be 0x%x but was 0x%x", (long long)i,
                    sent[i], data[i]);
        for (int64_t k = PING_TIMEVAL; k < p->o.datalen; k++) {
            if (k % 32 == PING_TIMEVAL)
                sink_printf(out, "\n#%lld\t", (long long)k);
            sink_printf(out, "%x ", data[k]);
        }
        return;
    }
}

struct echo_reply {
    const uint8_t *icmp;
    size_t len; /* of the ICMP message */
    uint16_t seq;
    int ttl;
    bool bad_cksum, dup, wrong_source;
    int64_t trip;
    const struct inet_addr *from;
    int scope;
};

static void print_reply(struct ping *p, const struct echo_reply *r)
{
    struct sink *out = p->env->out;
    char from[128];
    ping_print_timestamp(p);
    sink_printf(out, "%zu bytes from %s: icmp_seq=%u", r->len,
                ping_addr_text(p, r->from, r->scope, from, sizeof(from)), r->seq);
    if (p->o.verbose && (!p->dgram || p->o.ident_given))
        sink_printf(out, " ident=%u", get_be16(r->icmp + 4));
    sink_printf(out, " ttl=%d", r->ttl);
    if (r->len < (size_t)p->o.datalen + PING_HEADER) {
        sink_puts(out, " (truncated)\n");
        return;
    }
    if (p->timing)
        print_trip(out, r->trip);
    if (r->dup && (!p->multicast || p->o.verbose))
        sink_puts(out, " (DUP!)");
    if (r->bad_cksum)
        sink_puts(out, " (BAD CHECKSUM!)");
    if (r->wrong_source)
        sink_puts(out, " (DIFFERENT ADDRESS!)");
    print_wrong_data(p, r->icmp + PING_HEADER);
    if (p->o.audible)
        sink_puts(out, "\a");
    ping_print_ip_options(p, p->in);
    sink_puts(out, "\n");
}

/* gather_statistics() */
static void account(struct ping *p, struct echo_reply *r, int64_t arrived)
{
    p->received++;
    if (!r->bad_cksum)
        ping_acknowledge(p, r->seq);
    if (p->timing && r->len >= PING_HEADER + PING_TIMEVAL) {
        r->trip = trip_time(p, r->icmp + PING_HEADER, arrived);
        if (!r->bad_cksum)
            account_trip(p, r->trip);
    }
    uint8_t *seen = &p->seen[r->seq / 8], bit = (uint8_t)(1U << r->seq % 8);
    if (r->bad_cksum) {
        p->corrupted++;
        p->received--;
    } else if (*seen & bit) {
        p->repeats++;
        p->received--;
        r->dup = true;
    } else {
        *seen |= bit;
    }
}

static bool handle_echo_reply(struct ping *p, struct echo_reply *r, int64_t arrived)
{
    if (!p->dgram && get_be16(r->icmp + 4) != p->o.ident)
        return true;
    r->wrong_source = !p->multicast && !p->subnet_router && !inet_addr_eq(r->from, &p->dst);
    account(p, r, arrived);
    if (p->o.quiet)
        return false;
    if (p->o.flood)
        sink_puts(p->env->out, r->bad_cksum ? "\bC" : "\b \b");
    else
        print_reply(p, r);
    if (!p->o.flood)
        sink_flush(p->env->out);
    return false;
}

/* pr_iph(): its 16-bit fields as a little-endian machine has them. */
static void print_ip_header(struct sink *out, const uint8_t *ip, size_t hlen)
{
    struct inet_addr saddr = inet_addr_v4(get_be32(ip + 12)),
                     daddr = inet_addr_v4(get_be32(ip + 16));
    char s[INET_ADDRSTRLEN_MAX], d[INET_ADDRSTRLEN_MAX];
    unsigned frag = get_le16(ip + 6);
    sink_puts(out, "Vr HL TOS  Len   ID Flg  off TTL Pro  cks      Src      Dst Data\n");
    sink_printf(out, " %1x  %1x  %02x %04x %04x   %1x %04x  %02x  %02x %04x %s  %s ", ip[0] >> 4,
                ip[0] & 15, ip[1], get_le16(ip + 2), get_le16(ip + 4), frag >> 13, frag & 0x1fff,
                ip[8], ip[9], get_le16(ip + 10), inet_addr_str(&saddr, s),
                inet_addr_str(&daddr, d));
    for (size_t i = 20; i < hlen; i++)
        sink_printf(out, "%02x", ip[i]);
    sink_puts(out, "\n");
}

/* pr_icmph() of what is no error, and so is not in the error queue. */
static void print_notice(struct ping *p, const uint8_t *icmp, size_t hlen)
{
    static const char *const redirects[] = {"Redirect Network", "Redirect Host",
                                            "Redirect Type of Service and Network",
                                            "Redirect Type of Service and Host"};
    struct sink *out = p->env->out;
    struct inet_addr gateway = inet_addr_v4(get_be32(icmp + 4));
    char text[128];
    if (icmp[0] == SOURCE_QUENCH) {
        sink_puts(out, "Source Quench\n");
    } else {
        if (icmp[1] < ARRAY_LEN(redirects))
            sink_puts(out, redirects[icmp[1]]);
        else
            sink_printf(out, "Redirect, Bad Code: %d", icmp[1]);
        sink_printf(out, "(New nexthop: %s)\n", ping_addr_text(p, &gateway, 0, text, sizeof(text)));
    }
    if (p->o.verbose)
        print_ip_header(out, icmp + PING_HEADER, hlen);
}

/* An ICMP error that quotes a request of ours (its text comes by the error queue), or a redirect.
 */
static bool handle_icmp_error(struct ping *p, const struct echo_reply *r)
{
    const uint8_t *icmp = r->icmp;
    const size_t len = r->len;
    char from[128];
    const uint8_t *ip = icmp + PING_HEADER;
    size_t hlen = len >= PING_HEADER + 20 ? (size_t)(ip[0] & 15) * 4 : 0;
    if (hlen < 20 || len < PING_HEADER + hlen + 8)
        return true;
    const uint8_t *quoted = ip + hlen;
    if (quoted[0] != 8 || memcmp(ip + 16, p->dst.bytes, 4) != 0 ||
        get_be16(quoted + 4) != p->o.ident)
        return true;
    if (icmp[0] != REDIRECT && icmp[0] != SOURCE_QUENCH) {
        ping_acknowledge(p, get_be16(quoted + 6));
        return false;
    }
    if (p->o.quiet || p->o.flood)
        return true;
    ping_print_timestamp(p);
    sink_printf(p->env->out, "From %s: icmp_seq=%u ",
                ping_addr_text(p, r->from, r->scope, from, sizeof(from)), get_be16(quoted + 6));
    if (r->bad_cksum)
        sink_puts(p->env->out, "(BAD CHECKSUM)");
    print_notice(p, icmp, hlen);
    return true;
}

/* ping6_parse_reply(): there is no IP header; the filter lets nothing but echo replies pass. */
static bool reply6(struct ping *p, size_t len, const struct vnet_msg *msg)
{
    enum { ECHO_REPLY = 129 };
    if (len < PING_HEADER) {
        if (p->o.verbose)
            ping_complain(p, "packet too short: %zu bytes", len);
        return true;
    }
    struct echo_reply r = {.icmp = p->in,
                           .len = len,
                           .seq = get_be16(p->in + 6),
                           .ttl = msg->ttl,
                           .from = &msg->from,
                           .scope = msg->scope_id};
    return p->in[0] != ECHO_REPLY || handle_echo_reply(p, &r, msg->time);
}

/* A datagram socket gives echo replies alone, without their IPv4 header. */
static bool reply_datagram(struct ping *p, size_t len, const struct vnet_msg *msg)
{
    if (len < PING_HEADER)
        return true;
    struct echo_reply r = {.icmp = p->in,
                           .len = len,
                           .seq = get_be16(p->in + 6),
                           .ttl = msg->ttl,
                           .bad_cksum = cksum(p->in, len) != 0,
                           .from = &msg->from};
    return p->in[0] != 0 || handle_echo_reply(p, &r, msg->time);
}

bool ping_reply(struct ping *p, size_t len, const struct vnet_msg *msg)
{
    if (ping_is_v6(p))
        return reply6(p, len, msg);
    if (p->dgram)
        return reply_datagram(p, len, msg);
    const uint8_t *ip = p->in;
    size_t hlen = len ? (size_t)(ip[0] & 15) * 4 : 0;
    if (hlen < 20 || len < hlen + PING_HEADER)
        return true;
    const uint8_t *icmp = ip + hlen;
    struct echo_reply r = {
        .icmp = icmp,
        .len = len - hlen,
        .seq = get_be16(icmp + 6),
        .ttl = ip[8],
        .bad_cksum = cksum(icmp, len - hlen) != 0,
        .from = &msg->from,
    };
    switch (icmp[0]) {
    case 0:
        return handle_echo_reply(p, &r, msg->time);
    case UNREACH:
    case SOURCE_QUENCH:
    case REDIRECT:
    case TIME_EXCEEDED:
    case PARAMETER_PROBLEM:
        return handle_icmp_error(p, &r);
    default:
        return true;
    }
}
