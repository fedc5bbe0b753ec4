/* A packet as text: number, time, link type's printer, hex dump. */
#include "cmd/tcpdump/dissect.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/tcpdump/dis.h"
#include "vnet_link.h"

enum { MAX_SNAPLEN = 262144 }; /* libpcap's bound for all link types but D-Bus */

struct printer {
    uint32_t link;
    void (*print)(struct dis *d, size_t at, size_t len);
};

/* DLT_RAW: the version tells. */
static void print_raw(struct dis *d, size_t at, size_t len)
{
    d->proto = "raw";
    if (d->o->link_header)
        dis_put(d, "ip: ");
    if (len < 1) {
        dis_put(d, "truncated-ip %zu", len);
        return;
    }
    uint8_t version = dis_u8(d, at) >> 4;
    if (version == 4)
        print_ip(d, at, len);
    else if (version == 6)
        print_ip6(d, at, len);
    else
        dis_put(d, "unknown ip %u", version);
}

static void print_ether_frame(struct dis *d, size_t at, size_t len)
{
    d->proto = "ether";
    print_ether(d, at, len);
}

/* unsupported_if_printer() */
static void print_unsupported(struct dis *d, size_t at, size_t len)
{
    dis_put(d, "UNSUPPORTED");
    dis_hex_ascii(d, at, len);
}

static const struct printer printers[] = {
    {DISSECT_ETHERNET, print_ether_frame},
    {DISSECT_CAN, print_unsupported},
    {DISSECT_RAW, print_raw},
    {DISSECT_SLL, print_sll},
    {DISSECT_SLL2, print_sll2},
};

static const struct printer *printer_of(uint32_t link)
{
    for (size_t i = 0; i < ARRAY_LEN(printers); i++)
        if (printers[i].link == link)
            return &printers[i];
    return NULL;
}

bool dissect_knows(uint32_t link)
{
    return printer_of(link) != NULL;
}

struct dissector *dissector_new(const struct dissect_opts *opts)
{
    struct dissector *ctx = mem_alloc(sizeof(*ctx));
    ctx->opts = *opts;
    return ctx;
}

void dissector_free(struct dissector *ctx)
{
    if (!ctx)
        return;
    tcp_flows_free(ctx->flows);
    free(ctx);
}

/* ---- the packet ---- */

/* What libpcap may hand over from a damaged file; false: nothing else is printed of the packet. */
static bool lengths_ok(const struct dissect_packet *p, struct strbuf *out)
{
    size_t before = out->len;
    const char *sep = "[Invalid header:";
    if (p->caplen == 0) {
        strbuf_addf(out, "%s caplen==0", sep);
        sep = ",";
    }
    if (p->len == 0) {
        strbuf_addf(out, "%s len==0", sep);
        sep = ",";
    } else if (p->len < p->caplen) {
        strbuf_addf(out, "%s len(%u) < caplen(%u)", sep, p->len, p->caplen);
        sep = ",";
    }
    if (p->caplen > MAX_SNAPLEN) {
        strbuf_addf(out, "%s caplen(%u) > %u", sep, p->caplen, MAX_SNAPLEN);
        sep = ",";
    }
    if (p->len > MAX_SNAPLEN)
        strbuf_addf(out, "%s len(%u) > %u", sep, p->len, MAX_SNAPLEN);
    if (out->len == before)
        return true;
    strbuf_adds(out, "]\n");
    return false;
}

/* The dumps that options ask for: without the link-layer header, doubled options with it. */
static void put_dumps(struct dis *d)
{
    const struct dissect_opts *o = d->o;
    unsigned times = o->hex_ascii ? o->hex_ascii : o->hex ? o->hex : o->ascii;
    if (!times)
        return;
    size_t at = times > 1 ? 0 : d->hdrlen;
    if (at >= d->end)
        return;
    if (o->hex_ascii)
        dis_hex_ascii(d, at, d->end - at);
    else if (o->hex)
        dis_hex(d, at, d->end - at);
    else
        dis_ascii(d, at, d->end - at);
}

void dissect_packet(struct dissector *ctx, const struct dissect_packet *pkt, struct strbuf *out)
{
    ctx->count++;
    if (ctx->opts.number)
        strbuf_addf(out, "%5u  ", ctx->count);
    if (!lengths_ok(pkt, out))
        return;
    dis_stamp(ctx, pkt->time, out);
    struct dis d = {.ctx = ctx,
                    .o = &ctx->opts,
                    .out = out,
                    .data = pkt->data,
                    .end = pkt->caplen,
                    .proto = ""};
    const struct printer *p = printer_of(pkt->link);
    if (p)
        p->print(&d, 0, pkt->len);
    if (d.jumped)
        d.hdrlen = 0; /* the dump then shows all of it, as tcpdump's does after its long jump */
    d.cut = false;
    d.end = pkt->caplen;
    put_dumps(&d);
    strbuf_addc(out, '\n');
}

void dissect_from_frame(const struct vnet_frame *frame, struct dissect_packet *pkt)
{
    *pkt = (struct dissect_packet){
        /* ARPHRD_LOOPBACK too has Ethernet headers */
        .link = frame->arphrd == VNET_ARPHRD_CAN ? DISSECT_CAN : DISSECT_ETHERNET,
        .time = {frame->time / NSEC_PER_SEC, frame->time % NSEC_PER_SEC},
        .len = frame->len,
        .caplen = frame->caplen,
        .data = frame->data,
    };
}

void dissect_frame(const struct dissect_opts *opts, const struct vnet_frame *frame,
                   struct strbuf *out)
{
    struct dissector *ctx = dissector_new(opts);
    struct dissect_packet pkt;
    dissect_from_frame(frame, &pkt);
    dissect_packet(ctx, &pkt, out);
    dissector_free(ctx);
}
