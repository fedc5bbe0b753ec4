#include "wire/icmpv6.h"

#include <string.h>

#include "base/bytes.h"
#include "wire/cksum.h"
#include "wire/ipv6.h"

bool icmpv6_parse(const uint8_t *p, size_t len, struct icmpv6_hdr *out)
{
    if (len < ICMPV6_HDR_LEN)
        return false;
    *out = (struct icmpv6_hdr){
        .type = p[0], .code = p[1], .check = get_be16(p + 2), .info = get_be32(p + 4)};
    return true;
}

void icmpv6_emit(uint8_t *p, const struct icmpv6_hdr *h)
{
    p[0] = h->type;
    p[1] = h->code;
    put_be16(p + 2, h->check);
    put_be32(p + 4, h->info);
}

void icmpv6_checksum(uint8_t *p, size_t len, const uint8_t saddr[16], const uint8_t daddr[16])
{
    put_be16(p + 2, 0);
    put_be16(p + 2, cksum_ipv6(saddr, daddr, IPV6_NEXTHDR_ICMP, p, len));
}

/* ---- neighbour discovery ---- */

static struct nd_opt *opt_slot(struct nd_opts *o, uint8_t type)
{
    switch (type) {
    case ND_OPT_SOURCE_LL_ADDR:
        return &o->source;
    case ND_OPT_TARGET_LL_ADDR:
        return &o->target;
    case ND_OPT_REDIRECT_HDR:
        return &o->redirected;
    case ND_OPT_NONCE:
        return &o->nonce;
    case ND_OPT_MTU:
        return &o->mtu;
    default:
        return NULL;
    }
}

bool nd_opts_parse(const uint8_t *p, size_t len, struct nd_opts *out)
{
    memset(out, 0, sizeof(*out));
    while (len > 0) {
        if (len < 2)
            return false;
        size_t l = (size_t)p[1] * 8;
        if (l == 0 || l > len)
            return false;
        struct nd_opt *slot = opt_slot(out, p[0]);
        if (slot && slot->len == 0)
            *slot = (struct nd_opt){p + 2, (uint16_t)(l - 2)};
        p += l;
        len -= l;
    }
    return true;
}

size_t nd_opt_lladdr_size(unsigned alen)
{
    return (alen + 2 + 7) & ~(size_t)7;
}

const uint8_t *nd_opt_lladdr(const struct nd_opt *opt, unsigned alen)
{
    return opt->len + 2U == nd_opt_lladdr_size(alen) ? opt->data : NULL;
}

size_t nd_opt_emit_lladdr(uint8_t *p, uint8_t type, const uint8_t *addr, unsigned alen)
{
    size_t size = nd_opt_lladdr_size(alen);
    memset(p, 0, size);
    p[0] = type;
    p[1] = (uint8_t)(size / 8);
    memcpy(p + 2, addr, alen);
    return size;
}

size_t nd_opt_emit_nonce(uint8_t *p, uint64_t nonce)
{
    p[0] = ND_OPT_NONCE;
    p[1] = 1;
    put_be16(p + 2, (uint16_t)(nonce >> 32));
    put_be32(p + 4, (uint32_t)nonce);
    return 8;
}

uint64_t nd_opt_nonce(const struct nd_opt *opt)
{
    return opt->len == 6 ? (uint64_t)get_be16(opt->data) << 32 | get_be32(opt->data + 2) : 0;
}

bool nd_msg_parse(const uint8_t *p, size_t len, struct nd_msg *out)
{
    if (len < ND_NS_LEN || !icmpv6_parse(p, len, &out->icmp))
        return false;
    memcpy(out->target, p + 8, 16);
    return true;
}

void nd_msg_emit(uint8_t *p, const struct nd_msg *m)
{
    icmpv6_emit(p, &m->icmp);
    memcpy(p + 8, m->target, 16);
}

bool nd_redirect_parse(const uint8_t *p, size_t len, struct nd_redirect *out)
{
    if (len < ND_REDIRECT_LEN || !icmpv6_parse(p, len, &out->icmp))
        return false;
    memcpy(out->target, p + 8, 16);
    memcpy(out->dest, p + 24, 16);
    return true;
}

void nd_redirect_emit(uint8_t *p, const struct nd_redirect *r)
{
    icmpv6_emit(p, &r->icmp);
    memcpy(p + 8, r->target, 16);
    memcpy(p + 24, r->dest, 16);
}

size_t nd_opt_emit_redirected(uint8_t *p, const uint8_t *packet, size_t len)
{
    memset(p, 0, 8);
    p[0] = ND_OPT_REDIRECT_HDR;
    p[1] = (uint8_t)(len / 8 + 1);
    memcpy(p + 8, packet, len);
    return len + 8;
}

bool nd_ra_parse(const uint8_t *p, size_t len, struct nd_ra *out)
{
    if (len < ND_RA_LEN || !icmpv6_parse(p, len, &out->icmp))
        return false;
    out->hop_limit = p[4];
    out->flags = p[5];
    out->lifetime = get_be16(p + 6);
    out->reachable_time = get_be32(p + 8);
    out->retrans_timer = get_be32(p + 12);
    return true;
}

/* ---- MLD ---- */

/* Maximum response code: a float from 0x8000 on (RFC 3810 5.1.3). */
static uint32_t mrc_ms(uint16_t code)
{
    if (code < 0x8000)
        return code;
    return (uint32_t)((code & 0xfff) | 0x1000) << (((code >> 12) & 7) + 3);
}

/* Querier's query interval code: a float from 128 on (RFC 3810 5.1.9). */
static uint32_t qqi_seconds(uint8_t code)
{
    if (code < 128)
        return code;
    return (uint32_t)((code & 0xf) | 0x10) << (((code >> 4) & 7) + 3);
}

bool mld_parse(const uint8_t *p, size_t len, struct mld_msg *out)
{
    if (len < MLD_LEN)
        return false;
    *out = (struct mld_msg){.v2 = len >= MLD2_QUERY_LEN};
    icmpv6_parse(p, len, &out->icmp);
    memcpy(out->group, p + 8, 16);
    uint16_t code = (uint16_t)(out->icmp.info >> 16);
    out->max_delay_ms = out->v2 ? mrc_ms(code) : code;
    if (out->v2) {
        out->suppress = p[24] & 8;
        out->qrv = p[24] & 7;
        out->qqi = qqi_seconds(p[25]);
        out->nsrcs = get_be16(p + 26);
    }
    return true;
}

void mld_query_emit(uint8_t *p, size_t len, uint16_t code, const uint8_t group[16], uint8_t qrv,
                    uint8_t qqic)
{
    icmpv6_emit(p, &(struct icmpv6_hdr){.type = ICMPV6_MGM_QUERY, .info = (uint32_t)code << 16});
    memcpy(p + 8, group, 16);
    if (len < MLD2_QUERY_LEN)
        return;
    p[24] = qrv;
    p[25] = qqic;
    put_be16(p + 26, 0);
}

void mld1_emit(uint8_t *p, uint8_t type, const uint8_t group[16])
{
    icmpv6_emit(p, &(struct icmpv6_hdr){.type = type});
    memcpy(p + 8, group, 16);
}

void mld2_report_emit(uint8_t *p, uint16_t ngrec)
{
    icmpv6_emit(p, &(struct icmpv6_hdr){.type = ICMPV6_MLD2_REPORT, .info = ngrec});
}

void mld2_grec_emit(uint8_t *p, const struct mld2_grec *g)
{
    p[0] = g->type;
    p[1] = 0;
    put_be16(p + 2, g->nsrcs);
    memcpy(p + 4, g->group, 16);
}

int mld2_report_parse(const uint8_t *p, size_t len)
{
    return len < MLD2_REPORT_HDR ? -1 : get_be16(p + 6);
}

bool mld2_grec_parse(const uint8_t *p, size_t len, size_t *off, struct mld2_grec *out)
{
    if (len < *off || len - *off < MLD2_GREC_LEN)
        return false;
    const uint8_t *g = p + *off;
    size_t nsrcs = get_be16(g + 2), size = MLD2_GREC_LEN + nsrcs * 16 + (size_t)g[1] * 4;
    if (len - *off < size)
        return false;
    *out = (struct mld2_grec){
        .type = g[0], .nsrcs = (uint16_t)nsrcs, .srcs = nsrcs ? g + MLD2_GREC_LEN : NULL};
    memcpy(out->group, g + 4, 16);
    *off += size;
    return true;
}
