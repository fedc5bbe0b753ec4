/* ICMP messages that come in (net/ipv4/icmp.c; RFC 792, RFC 1122 3.2.2). */
#include "inet/icmp.h"

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "inet/devinet.h"
#include "inet/fib.h"
#include "inet/icmp_limit.h"
#include "inet/mib.h"
#include "inet/route_cache.h"
#include "inet/sock.h"
#include "inet/text.h"
#include "sim/trace.h"
#include "vnet_route.h"
#include "wire/cksum.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

struct icmp_in { /* a message that passed the checks; skb->head is at the ICMP header */
    struct netns *ns;
    struct skb *skb;
    const struct ipv4_hdr *ip;
    struct icmp_hdr icmp;
};

static void verdict(const struct icmp_in *in, const char *func, enum vnet_verdict v,
                    const struct vnet_drop_reason *reason, const char *why)
{
    trace(in->ns->w, in->skb->dev, "icmp", func, v, reason, "%s > %s, type %u code %u: %s",
          V4_STR(in->ip->saddr), V4_STR(in->ip->daddr), in->icmp.type, in->icmp.code, why);
}

/* ---- answers ---- */

/* What a trace says of a route that is none. */
static const char *no_route(int error)
{
    return error == -EACCES         ? "no route for the answer: prohibited"
           : error == -EHOSTUNREACH ? "no route for the answer: unreachable"
           : error == -EINVAL       ? "no route for the answer: a blackhole"
                                    : "no route for the answer: the network is unreachable";
}

/* icmp_reply(): the message itself, with another header in front of its data, to its sender. The
 * header's check may be known already; 0: it is not. */
static void icmp_reply(struct icmp_in *in, const struct icmp_hdr *icmp, const uint8_t *data,
                       uint32_t len)
{
    struct flow4 fl = {
        .daddr = in->ip->saddr,
        .saddr = fib_compute_spec_dst(in->skb),
        .mark = ip4_reply_mark(in->ns, in->skb),
        .tos = in->ip->tos & 0x1e,
        .proto = 1,
    };
    struct skb *skb = skb_alloc(in->ns->w, ICMP_HDR_LEN + len);
    struct ip_options opt;
    int rc = ip_route_output_cached(in->ns, &fl, &skb->dst);
    skb->has_dst = rc == 0;
    if (rc < 0)
        verdict(in, "icmp_reply", VNET_TRACE_DROPPED, DROP_REASON(IP_OUTNOROUTES), no_route(rc));
    if (!skb->has_dst || ip_options_echo(in->skb, &opt) < 0 ||
        !icmp_global_allow(in->ns, icmp->type, icmp->code) ||
        !icmp_peer_allow(in->ns, skb->dst.dev, in->ip->saddr, icmp->type, icmp->code)) {
        skb_free(in->ns->w, skb);
        return;
    }
    uint8_t *p = skb_put(skb, ICMP_HDR_LEN + len);
    memcpy(p + ICMP_HDR_LEN, data, len);
    if (icmp->check)
        icmp_put(p, icmp);
    else
        icmp_emit(p, ICMP_HDR_LEN + len, icmp);
    struct ip_send how = {
        .protocol = 1, .tos = in->ip->tos, .ttl = -1, .opt = opt.len ? &opt : NULL};
    if (skb->dst.type == VNET_RTN_MULTICAST)
        how.ttl = 1;
    ip_send_skb(in->ns, skb, in->ip->saddr, &how);
}

static void icmp_echo(struct icmp_in *in)
{
    if (net_sysctl(in->ns, NET_IPV4_ICMP_ECHO_IGNORE_ALL)) {
        verdict(in, "icmp_echo", VNET_TRACE_IGNORED, NULL, "icmp_echo_ignore_all");
        return;
    }
    verdict(in, "icmp_echo", VNET_TRACE_OK, NULL, "answered");
    uint16_t was = (uint16_t)(in->icmp.type << 8 | in->icmp.code);
    struct icmp_hdr reply = {.type = ICMP_ECHOREPLY,
                             .check = cksum_update(in->icmp.check, was, ICMP_ECHOREPLY << 8),
                             .rest = in->icmp.rest};
    icmp_reply(in, &reply, skb_data(in->skb) + ICMP_HDR_LEN, in->skb->len - ICMP_HDR_LEN);
}

static void icmp_timestamp(struct icmp_in *in)
{
    enum { STAMPS = 12, MSEC_PER_DAY = 86400000 };
    uint8_t data[STAMPS];
    if (in->skb->len < ICMP_HDR_LEN + 4) {
        icmp_inc(in->ns, ICMP_MIB_INERRORS);
        verdict(in, "icmp_timestamp", VNET_TRACE_DROPPED, DROP_REASON(PKT_TOO_SMALL), "no time");
        return;
    }
    uint32_t now = (uint32_t)(in->ns->w->now / NSEC_PER_MSEC % MSEC_PER_DAY);
    memcpy(data, skb_data(in->skb) + ICMP_HDR_LEN, 4);
    put_be32(data + 4, now);
    put_be32(data + 8, now);
    struct icmp_hdr reply = {.type = ICMP_TIMESTAMPREPLY, .rest = in->icmp.rest};
    icmp_reply(in, &reply, data, STAMPS);
}

/* ---- news for sockets ---- */

static void icmp_echoreply(struct icmp_in *in)
{
    if (ping_rcv(in->skb) || in->skb->raw_taken)
        return;
    verdict(in, "ping_rcv", VNET_TRACE_DROPPED, DROP_REASON(NO_SOCKET), "nobody asked");
}

/* What an unreachable or parameter problem says beside its code; false: it is to be ignored. */
static bool error_info(const struct icmp_in *in, uint32_t *info)
{
    *info = 0;
    if (in->icmp.type == ICMP_PARAMETERPROB)
        *info = in->icmp.rest >> 24;
    if (in->icmp.type == ICMP_TIME_EXCEEDED && in->icmp.code == ICMP_EXC_FRAGTIME)
        return false;
    if (in->icmp.type != ICMP_DEST_UNREACH)
        return true;
    if (in->icmp.code == ICMP_FRAG_NEEDED) {
        int64_t no_pmtu = net_sysctl(in->ns, NET_IPV4_IP_NO_PMTU_DISC);
        if (no_pmtu >= 2)
            return false;
        if (no_pmtu == 0)
            *info = in->icmp.rest & 0xffff;
    }
    return in->icmp.code <= ICMP_UNREACH_MAX;
}

/* icmp_socket_deliver(): `len` bytes of a quoted packet. */
static void socket_deliver(struct icmp_in *in, const struct ipv4_hdr *inner, uint32_t len,
                           uint32_t info)
{
    if (len < (uint32_t)inner->hdr_len + 8) {
        icmp_inc(in->ns, ICMP_MIB_INERRORS);
        verdict(in, "icmp_socket_deliver", VNET_TRACE_IGNORED, NULL, "the quote is cut short");
        return;
    }
    sock_icmp_error(in->skb, in->skb->head + ICMP_HDR_LEN, in->icmp.type, in->icmp.code, info);
}

/* Errors about broadcasts, which RFC 1122 3.2.2 forbids. */
static bool is_bogus(const struct icmp_in *in, const struct ipv4_hdr *inner)
{
    const struct inet_addr to = inet_addr_v4(inner->daddr);
    return !net_sysctl(in->ns, NET_IPV4_ICMP_IGNORE_BOGUS_ERROR_RESPONSES)
               ? false
               : inet_addr_type(in->ns, &to) == VNET_RTN_BROADCAST;
}

/* icmp_unreach() */
static void icmp_unreach(struct icmp_in *in)
{
    struct ipv4_hdr inner;
    uint32_t info;
    const uint8_t *quote = skb_data(in->skb) + ICMP_HDR_LEN;
    uint32_t len = in->skb->len - ICMP_HDR_LEN;
    if (!ipv4_parse(quote, len, &inner) || inner.hdr_len < IPV4_HDR_LEN)
        icmp_inc(in->ns, ICMP_MIB_INERRORS);
    if (!ipv4_parse(quote, len, &inner)) {
        verdict(in, "icmp_unreach", VNET_TRACE_DROPPED, DROP_REASON(PKT_TOO_SMALL), "no quote");
        return;
    }
    if (inner.hdr_len < IPV4_HDR_LEN) {
        verdict(in, "icmp_unreach", VNET_TRACE_DROPPED, DROP_REASON(IP_INHDR), "mangled quote");
        return;
    }
    if (!error_info(in, &info) || is_bogus(in, &inner))
        verdict(in, "icmp_unreach", VNET_TRACE_IGNORED, NULL, "says nothing of use");
    else
        socket_deliver(in, &inner, len, info);
}

/* icmp_redirect(): whoever sent the packet learns of it. */
static void icmp_redirect(struct icmp_in *in)
{
    struct ipv4_hdr inner;
    const uint8_t *quote = skb_data(in->skb) + ICMP_HDR_LEN;
    uint32_t len = in->skb->len - ICMP_HDR_LEN;
    if (ipv4_parse(quote, len, &inner)) {
        socket_deliver(in, &inner, len, in->icmp.rest);
        return;
    }
    icmp_inc(in->ns, ICMP_MIB_INERRORS);
    verdict(in, "icmp_redirect", VNET_TRACE_DROPPED, DROP_REASON(PKT_TOO_SMALL), "no quote");
}

static void icmp_discard(struct icmp_in *in)
{
    verdict(in, "icmp_discard", VNET_TRACE_IGNORED, NULL, "nothing to do");
}

static void (*const handlers[ICMP_TYPE_MAX + 1])(struct icmp_in *in) = {
    [ICMP_ECHOREPLY] = icmp_echoreply,
    [1] = icmp_discard,
    [2] = icmp_discard,
    [ICMP_DEST_UNREACH] = icmp_unreach,
    [ICMP_SOURCE_QUENCH] = icmp_unreach,
    [ICMP_REDIRECT] = icmp_redirect,
    [6] = icmp_discard,
    [7] = icmp_discard,
    [ICMP_ECHO] = icmp_echo,
    [9] = icmp_discard,
    [10] = icmp_discard,
    [ICMP_TIME_EXCEEDED] = icmp_unreach,
    [ICMP_PARAMETERPROB] = icmp_unreach,
    [ICMP_TIMESTAMP] = icmp_timestamp,
    [ICMP_TIMESTAMPREPLY] = icmp_discard,
    [ICMP_INFO_REQUEST] = icmp_discard,
    [ICMP_INFO_REPLY] = icmp_discard,
    [ICMP_ADDRESS] = icmp_discard,
    [ICMP_ADDRESSREPLY] = icmp_discard,
};

/* RFC 1122 3.2.2.6, 3.2.2.8: what may be sent to a group. */
static bool group_message_ok(const struct icmp_in *in)
{
    switch (in->icmp.type) {
    case ICMP_ECHO:
    case ICMP_TIMESTAMP:
        return !net_sysctl(in->ns, NET_IPV4_ICMP_ECHO_IGNORE_BROADCASTS);
    case ICMP_ADDRESS:
    case ICMP_ADDRESSREPLY:
        return true;
    default:
        return false;
    }
}

static void refuse(const struct icmp_in *in, const struct vnet_drop_reason *reason, const char *why)
{
    icmp_inc(in->ns, ICMP_MIB_INERRORS);
    verdict(in, "icmp_rcv", VNET_TRACE_DROPPED, reason, why);
}

static void receive(struct icmp_in *in)
{
    const uint32_t group = VNET_RTCF_BROADCAST | VNET_RTCF_MULTICAST;
    if (cksum(skb_data(in->skb), in->skb->len) != 0) {
        icmp_inc(in->ns, ICMP_MIB_CSUMERRORS);
        refuse(in, DROP_REASON(ICMP_CSUM), "bad checksum");
        return;
    }
    in->ns->mib->icmpmsg[in->icmp.type]++;
    if (in->icmp.type > ICMP_TYPE_MAX)
        refuse(in, DROP_REASON(UNHANDLED_PROTO), "unknown type");
    else if ((in->skb->dst.flags & group) && !group_message_ok(in))
        refuse(in, DROP_REASON(INVALID_PROTO), "sent to a group (icmp_echo_ignore_broadcasts)");
    else
        handlers[in->icmp.type](in);
}

void icmp_rcv(struct skb *skb, const struct ipv4_hdr *h)
{
    struct icmp_in in = {.ns = skb->dev->ns, .skb = skb, .ip = h};
    icmp_inc(in.ns, ICMP_MIB_INMSGS);
    if (icmp_parse(skb_data(skb), skb->len, &in.icmp))
        receive(&in);
    else
        refuse(&in, NULL, "truncated");
    skb_free(in.ns->w, skb);
}
