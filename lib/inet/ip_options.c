#include "inet/ip_options.h"

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "inet/devinet.h"
#include "inet/fib.h"
#include "inet/icmp.h"
#include "inet/route.h"
#include "sim/world.h"
#include "vnet_route.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

enum { OPT_END = 0, OPT_NOOP = 1, OPT_RR = 7, OPT_TIMESTAMP = 68, OPT_LSRR = 131, OPT_SSRR = 137 };
enum { TS_ONLY = 0, TS_AND_ADDR = 1, TS_PRESPECIFIED = 3 };
enum { ADDR = 4, TIME = 4 }; /* bytes of what is recorded */

/* An option is compiled as one that a sender asks for (skb NULL: places are kept) or as one that
 * came in (they are filled in). Handlers return 0, or the place of the byte that is wrong. */
struct compile {
    struct netns *ns;
    struct skb *skb;
    uint8_t *hdr; /* options lie from byte 20 on */
    unsigned end; /* of the options */
    struct ip_opt_places *at;
};

/* Milliseconds since midnight UT (inet_current_timestamp()). */
static uint32_t timestamp(const struct netns *ns)
{
    enum { MSEC_PER_DAY = 86400000 };
    return (uint32_t)(ns->w->now / NSEC_PER_MSEC % MSEC_PER_DAY);
}

static void record_address(const struct compile *c, uint8_t *to)
{
    if (c->skb)
        put_be32(to, fib_compute_spec_dst(c->skb));
}

static unsigned compile_source_route(struct compile *c, unsigned o, unsigned len)
{
    const uint8_t *p = c->hdr + o;
    if (len < 3)
        return o + 1;
    if (p[2] < 4)
        return o + 2;
    if (c->at->srr)
        return o;
    if (!c->skb && (p[2] != 4 || len < 3 + ADDR || (len - 3) % ADDR))
        return o + 1;
    c->at->srr = (uint8_t)o;
    return 0;
}

static unsigned compile_record_route(struct compile *c, unsigned o, unsigned len)
{
    uint8_t *p = c->hdr + o;
    if (c->at->rr)
        return o;
    if (len < 3)
        return o + 1;
    if (p[2] < 4)
        return o + 2;
    if (p[2] <= len) {
        if (p[2] - 1U + ADDR > len)
            return o + 2;
        record_address(c, p + p[2] - 1);
        p[2] += ADDR;
        c->at->rr_needaddr = true;
    }
    c->at->rr = (uint8_t)o;
    return 0;
}

/* A timestamp option with room for another entry at its pointer. */
static unsigned record_time(struct compile *c, unsigned o, unsigned len)
{
    uint8_t *p = c->hdr + o, *entry = p + p[2] - 1;
    unsigned kind = p[3] & 0x0f;
    bool with_address = kind == TS_AND_ADDR || kind == TS_PRESPECIFIED;
    if (p[2] - 1U + TIME + (with_address ? ADDR : 0) > len)
        return o + 2;
    if (kind != TS_ONLY && !with_address)
        return 0;
    if (kind == TS_PRESPECIFIED) {
        struct inet_addr whose = inet_addr_v4(get_be32(entry));
        if (inet_addr_type(c->ns, &whose) == VNET_RTN_UNICAST)
            return 0;
    } else if (kind == TS_AND_ADDR) {
        record_address(c, entry);
        c->at->ts_needaddr = true;
    }
    c->at->ts_needtime = true;
    p[2] += with_address ? ADDR + TIME : TIME;
    if (c->skb)
        put_be32(entry + (with_address ? ADDR : 0), timestamp(c->ns));
    return 0;
}

static unsigned compile_timestamp(struct compile *c, unsigned o, unsigned len)
{
    uint8_t *p = c->hdr + o;
    if (c->at->ts)
        return o;
    if (len < 4)
        return o + 1;
    if (p[2] < 5)
        return o + 2;
    c->at->ts = (uint8_t)o;
    if (p[2] <= len)
        return record_time(c, o, len);
    unsigned overflow = p[3] >> 4; /* hosts that found no room */
    bool counted = (p[3] & 0x0f) != TS_PRESPECIFIED;
    if (counted && overflow == 15)
        return o + 3;
    if (counted && c->skb)
        p[3] = (uint8_t)((p[3] & 0x0f) | (overflow + 1) << 4);
    return 0;
}

static unsigned compile_one(struct compile *c, unsigned o, unsigned len)
{
    switch (c->hdr[o]) {
    case OPT_SSRR:
    case OPT_LSRR:
        return compile_source_route(c, o, len);
    case OPT_RR:
        return compile_record_route(c, o, len);
    case OPT_TIMESTAMP:
        return compile_timestamp(c, o, len);
    default:
        return 0;
    }
}

/* ip_options_compile(): 0, or the place of the first byte that is wrong. */
static unsigned compile(struct compile *c)
{
    *c->at = (struct ip_opt_places){0};
    for (unsigned o = IPV4_HDR_LEN; o < c->end;) {
        if (c->hdr[o] == OPT_END) {
            memset(c->hdr + o, OPT_END, c->end - o);
            return 0;
        }
        if (c->hdr[o] == OPT_NOOP) {
            o++;
            continue;
        }
        unsigned len = o + 1 < c->end ? c->hdr[o + 1] : 0;
        unsigned bad = len < 2 || len > c->end - o ? o : compile_one(c, o, len);
        if (bad)
            return bad;
        o += len;
    }
    return 0;
}

/* ---- of a sender ---- */

int ip_options_get(struct netns *ns, struct ip_options *opt, const uint8_t *data, size_t len)
{
    uint8_t hdr[IPV4_HDR_LEN + IP_OPTIONS_MAX] = {0};
    struct ip_opt_places at;
    if (len > IP_OPTIONS_MAX)
        return -EINVAL;
    if (len > 0)
        memcpy(hdr + IPV4_HDR_LEN, data, len);
    size_t padded = (len + 3) & ~(size_t)3;
    struct compile c = {.ns = ns, .hdr = hdr, .end = (unsigned)(IPV4_HDR_LEN + padded), .at = &at};
    if (compile(&c) != 0)
        return -EINVAL;
    if (at.srr)
        return -EPERM;
    opt->at = at;
    opt->len = (uint8_t)padded;
    memcpy(opt->data, hdr + IPV4_HDR_LEN, sizeof(opt->data));
    return 0;
}

/* ip_rt_get_source(): the address by which the packet leaves this host. */
static uint32_t leaving_source(const struct skb *skb)
{
    const uint8_t *hdr = skb_data(skb);
    if (!skb->dst.input)
        return get_be32(hdr + 12);
    struct flow fl = {.family = VNET_AF_INET,
                      .daddr = inet_addr_v4(get_be32(hdr + 16)),
                      .oif = skb->dst.dev->ifindex,
                      .tos = hdr[1] & 0x1e};
    struct inet_addr src;
    struct dst dst;
    if (ip_route_output(skb->dst.dev->ns, &fl, &dst) == 0)
        return inet_addr_to_v4(&dst.src);
    if (inet_select_addr(skb->dst.dev->ns, skb->dst.dev, &fl.daddr, VNET_SCOPE_UNIVERSE, &src))
        return inet_addr_to_v4(&src);
    return 0;
}

/* The places before the pointers of options in the header at skb's data. */
static uint8_t *last_route_place(const struct skb *skb)
{
    uint8_t *p = skb_data(skb) + skb->opt.rr;
    return p + p[2] - 1 - ADDR;
}
static uint8_t *last_time_place(const struct skb *skb)
{
    uint8_t *p = skb_data(skb) + skb->opt.ts;
    return p + p[2] - 1 - TIME;
}

void ip_options_build(struct skb *skb, const struct ip_options *opt)
{
    memcpy(skb_data(skb) + IPV4_HDR_LEN, opt->data, opt->len);
    skb->opt = opt->at;
    if (skb->opt.rr_needaddr)
        put_be32(last_route_place(skb), leaving_source(skb));
    if (skb->opt.ts_needaddr)
        put_be32(last_time_place(skb) - ADDR, leaving_source(skb));
    if (skb->opt.ts_needtime)
        put_be32(last_time_place(skb), timestamp(skb->dst.dev->ns));
}

/* ---- of a router ---- */

void ip_forward_options(struct skb *skb)
{
    if (skb->opt.rr_needaddr)
        put_be32(last_route_place(skb), leaving_source(skb));
}

/* ---- of a receiver ---- */

static unsigned compile_received(struct skb *skb)
{
    uint8_t *hdr = skb_net(skb);
    struct compile c = {
        .ns = skb->dev->ns, .skb = skb, .hdr = hdr, .end = (hdr[0] & 0x0fU) * 4, .at = &skb->opt};
    return compile(&c);
}

bool ip_rcv_options(struct skb *skb, const char **why)
{
    const struct in_device *in_dev = skb->dev->in_dev;
    unsigned bad = compile_received(skb);
    if (bad) {
        *why = "malformed options";
        skb->opt = (struct ip_opt_places){0};
        icmp_send(skb, ICMP_PARAMETERPROB, 0, (uint32_t)bad << 24);
        return false;
    }
    if (!skb->opt.srr)
        return true;
    *why = in_dev && in_dev_andconf(in_dev, IPV4_CONF_accept_source_route)
               ? "source routes are not followed"
               : "source routed (accept_source_route)";
    return false;
}

bool ip_options_recompile(struct skb *skb)
{
    return compile_received(skb) == 0;
}

void ip_options_find(struct skb *skb)
{
    const uint8_t *hdr = skb_net(skb);
    unsigned end = (hdr[0] & 0x0fU) * 4;
    skb->opt = (struct ip_opt_places){0};
    for (unsigned o = IPV4_HDR_LEN; o + 1 < end && hdr[o] != OPT_END;) {
        unsigned len = hdr[o] == OPT_NOOP ? 1 : hdr[o + 1];
        if (len == 0 || len > end - o)
            return;
        if (hdr[o] == OPT_RR && len >= 3) {
            skb->opt.rr = (uint8_t)o;
            skb->opt.rr_needaddr = true;
        } else if (hdr[o] == OPT_TIMESTAMP && len >= 4) {
            skb->opt.ts = (uint8_t)o;
            skb->opt.ts_needaddr = (hdr[o + 3] & 0x0f) == TS_AND_ADDR;
            skb->opt.ts_needtime = true;
        }
        o += len;
    }
}

/* ---- of an answer ---- */

/* The place in a timestamp option that the answer's sender is to fill next: how far its pointer
 * moves. -1: the option cannot hold what it promises. */
static int echo_time_step(const struct skb *skb, const uint8_t *p, struct ip_opt_places *at)
{
    unsigned pointer = p[2], len = p[1];
    if (skb->opt.ts_needaddr) {
        if (pointer + 3 > len)
            return -1;
        at->ts_needaddr = true;
        pointer += ADDR;
    }
    if (!skb->opt.ts_needtime)
        return (int)(pointer - p[2]);
    if (pointer + 3 > len)
        return -1;
    if ((p[3] & 0x0f) != TS_PRESPECIFIED) {
        at->ts_needtime = true;
        pointer += TIME;
    } else if (pointer + 7 <= len) {
        struct inet_addr whose = inet_addr_v4(get_be32(p + pointer - 1));
        if (inet_addr_type(skb->dev->ns, &whose) != VNET_RTN_UNICAST) {
            at->ts_needtime = true;
            pointer += ADDR + TIME;
        }
    }
    return (int)(pointer - p[2]);
}

static uint8_t *append_copy(struct ip_options *opt, const uint8_t *p)
{
    uint8_t *copy = opt->data + opt->len;
    memcpy(copy, p, p[1]);
    opt->len = (uint8_t)(opt->len + p[1]);
    return copy;
}

int ip_options_echo(const struct skb *skb, struct ip_options *opt)
{
    const uint8_t *hdr = skb_net(skb);
    opt->at = (struct ip_opt_places){0};
    opt->len = 0;
    if (skb->opt.rr) {
        const uint8_t *p = hdr + skb->opt.rr;
        opt->at.rr = IPV4_HDR_LEN;
        uint8_t *copy = append_copy(opt, p);
        if (skb->opt.rr_needaddr && p[2] <= p[1]) {
            if (p[2] + 3U > p[1])
                return -EINVAL;
            copy[2] = (uint8_t)(p[2] + ADDR);
            opt->at.rr_needaddr = true;
        }
    }
    if (skb->opt.ts) {
        const uint8_t *p = hdr + skb->opt.ts;
        opt->at.ts = (uint8_t)(IPV4_HDR_LEN + opt->len);
        uint8_t *copy = append_copy(opt, p);
        int step = p[2] <= p[1] ? echo_time_step(skb, p, &opt->at) : 0;
        if (step < 0)
            return -EINVAL;
        copy[2] = (uint8_t)(p[2] + step);
    }
    while (opt->len % 4)
        opt->data[opt->len++] = OPT_END;
    return 0;
}
