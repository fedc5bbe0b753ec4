#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "cmd/ping/state.h"
#include "wire/icmp.h"

int64_t ping_in_flight(const struct ping *p)
{
    uint16_t diff = (uint16_t)((uint16_t)p->transmitted - p->acked);
    return diff <= 0x7fff ? diff : p->transmitted - p->received - p->errors;
}

void ping_acknowledge(struct ping *p, uint16_t seq)
{
    uint16_t diff = (uint16_t)((uint16_t)p->transmitted - seq);
    if (diff > 0x7fff)
        return;
    if (diff + 1 > p->pipesize)
        p->pipesize = diff + 1;
    if ((int16_t)(seq - p->acked) > 0 || (uint16_t)((uint16_t)p->transmitted - p->acked) > 0x7fff)
        p->acked = seq;
}

static void advance_transmitted(struct ping *p)
{
    p->transmitted++;
    if ((uint16_t)((uint16_t)p->transmitted - p->acked) > 0x7fff)
        p->acked = (uint16_t)(p->transmitted + 1);
}

/* -A: a probe each round trip, by an eighth of the smoothed value (update_interval()). */
void ping_update_interval(struct ping *p)
{
    int64_t est = p->rtt ? p->rtt / 8 : (int64_t)p->o.interval * 1000;
    p->o.interval = (int)((est + p->rtt_addend + 500) / 1000);
}

static int send_packet6(struct ping *p, size_t len, uint16_t seq)
{
    const struct vnet_sockaddr6 dst = {
        .addr = p->dst, .scope_id = p->scope_id, .flowlabel = p->o.flowlabel};
    p->out[0] = 128;          /* echo request */
    memset(p->out + 1, 0, 3); /* the kernel fills the checksum */
    put_be16(p->out + 4, p->o.ident);
    put_be16(p->out + 6, seq);
    return vnet_sendto6(p->w, p->sock, p->out, len, &dst, p->pktinfo);
}

static int send_packet(struct ping *p, size_t len, uint16_t seq)
{
    if (ping_is_v6(p))
        return send_packet6(p, len, seq);
    const struct icmp_hdr icmp = {.type = ICMP_ECHO, .rest = (uint32_t)p->o.ident << 16 | seq};
    icmp_emit(p->out, len, &icmp);
    return vnet_sendto(p->w, p->sock, p->out, len, &p->dst);
}

/* The world's time, taken apart once for all that asks at that time. */
static void look_at_clock(struct ping *p)
{
    int64_t now = vnet_now(p->w);
    if (now == p->now)
        return;
    p->now = now;
    p->now_sec = now / NSEC_PER_SEC;
    p->now_nsec = now % NSEC_PER_SEC;
}

static int send_request(struct ping *p)
{
    uint16_t seq = (uint16_t)(p->transmitted + 1);
    size_t len = PING_HEADER + (size_t)p->o.datalen;
    p->seen[seq / 8] &= (uint8_t) ~(1U << seq % 8);
    if (p->timing) { /* struct timeval of a 64-bit little-endian machine */
        put_le64(p->out + PING_HEADER, (uint64_t)p->now_sec);
        put_le64(p->out + PING_HEADER + 8, (uint64_t)(p->now_nsec / NSEC_PER_USEC));
    }
    return send_packet(p, len, seq);
}

static int64_t at_least_min_interval(int64_t ms)
{
    return ms < PING_MIN_INTERVAL ? PING_MIN_INTERVAL : ms;
}

static void note_sent(struct ping *p)
{
    p->last_sent = p->now;
    p->sent_sec = p->now_sec;
    p->sent_nsec = p->now_nsec;
}

/* The token bucket of pinger(): 0: send now; else ms to wait. Milliseconds are cut from a seconds
 * and a nanoseconds difference apart, so that up to 1 ms too early still counts. */
static int64_t take_token(struct ping *p)
{
    int64_t interval = p->o.interval;
    look_at_clock(p);
    if (!p->started) {
        p->started = true;
        note_sent(p);
        p->tokens = interval * (p->o.preload - 1);
        return 0;
    }
    int64_t ntokens =
        (p->now_sec - p->sent_sec) * 1000 + (p->now_nsec - p->sent_nsec) / NSEC_PER_MSEC;
    if (interval == 0 && ntokens < PING_MIN_INTERVAL && ping_in_flight(p) >= p->o.preload)
        return PING_MIN_INTERVAL - ntokens;
    ntokens += p->tokens;
    if (interval * p->o.preload < ntokens)
        ntokens = interval * p->o.preload;
    if (ntokens < interval)
        return interval - ntokens;
    note_sent(p);
    p->tokens = ntokens - interval;
    return 0;
}

static void report_outstanding(struct ping *p)
{
    uint16_t seq = (uint16_t)p->transmitted;
    if (!p->o.outstanding || p->transmitted == 0 || p->seen[seq / 8] & 1U << seq % 8)
        return;
    ping_print_timestamp(p);
    sink_printf(p->env->out, "no answer yet for icmp_seq=%lld\n",
                (long long)(p->transmitted % PING_MAX_SEQ));
    sink_flush(p->env->out);
}

static int64_t after_send(struct ping *p)
{
    enum { SCREEN_WIDTH = 65535 };
    p->oom_count = 0;
    advance_transmitted(p);
    if (!p->o.quiet && p->o.flood &&
        ((p->o.preload < SCREEN_WIDTH && p->pipesize < SCREEN_WIDTH) ||
         ping_in_flight(p) < SCREEN_WIDTH))
        sink_puts(p->env->out, ".");
    return p->o.interval - p->tokens;
}

/* The device's queue is full: wait a while, unless that has gone on for too long. -1: give up. */
static int64_t after_no_buffers(struct ping *p)
{
    p->tokens = 0;
    p->rtt_addend += p->rtt < 8 * 50000 ? p->rtt / 8 : 50000;
    if (p->o.adaptive)
        ping_update_interval(p);
    int64_t wait = at_least_min_interval(p->o.interval / 2);
    if (wait > 500)
        wait = 500;
    return ++p->oom_count * wait < p->o.linger ? wait : -1;
}

/* The request counts as sent; iputils 20221126 says nothing of errors that the error queue does not
 * explain. */
static int64_t after_hard_error(struct ping *p)
{
    advance_transmitted(p);
    p->tokens = 0;
    return at_least_min_interval(p->o.interval);
}

/* That went on for too long. */
static int64_t after_stuck(struct ping *p, int error)
{
    int64_t wait = after_hard_error(p);
    if (p->o.quiet)
        return wait;
    if (p->o.flood)
        sink_puts(p->env->out, "E");
    else
        ping_complain(p, "sendmsg: %s", cmd_strerror(error));
    return wait;
}

int64_t ping_probe(struct ping *p)
{
    if (p->exiting || (p->o.count && p->transmitted >= p->o.count && !p->o.deadline))
        return 1000;
    int64_t wait = take_token(p);
    if (wait)
        return wait;
    report_outstanding(p);
    for (;;) {
        int error = -send_request(p);
        if (error == 0)
            return after_send(p);
        if (error == ENOBUFS || error == ENOMEM) {
            wait = after_no_buffers(p);
            return wait >= 0 ? wait : after_stuck(p, error);
        }
        if (error == EAGAIN) {
            p->tokens += p->o.interval;
            return PING_MIN_INTERVAL;
        }
        if (ping_read_error(p, &error) > 0 || error)
            return after_hard_error(p);
    }
}
