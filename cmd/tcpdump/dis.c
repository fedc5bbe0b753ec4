#include "cmd/tcpdump/dis.h"

#include <string.h>

#include "base/bytes.h"
#include "wire/cksum.h"

void dis_put(struct dis *d, const char *fmt, ...)
{
    if (d->cut)
        return;
    va_list ap;
    va_start(ap, fmt);
    strbuf_vaddf(d->out, fmt, ap);
    va_end(ap);
}

void dis_put_char(struct dis *d, uint8_t c)
{
    if (c & 0x80)
        dis_put(d, "M-");
    c &= 0x7f;
    if (c < 0x20 || c == 0x7f)
        dis_put(d, "^%c", c ^ 0x40);
    else
        dis_put(d, "%c", c);
}

void dis_trunc(struct dis *d)
{
    dis_put(d, " [|%s]", d->proto);
}

void dis_invalid(struct dis *d)
{
    dis_put(d, " (invalid)");
}

void dis_stop(struct dis *d)
{
    dis_trunc(d);
    d->cut = true;
}

void dis_cut(struct dis *d)
{
    dis_stop(d);
    d->jumped = true;
}

bool dis_has(const struct dis *d, size_t at, size_t n)
{
    return at <= d->end && n <= d->end - at;
}

bool dis_need(struct dis *d, size_t at, size_t n)
{
    if (!d->cut && !dis_has(d, at, n))
        dis_cut(d);
    return !d->cut;
}

bool dis_check(struct dis *d, size_t at, size_t n)
{
    if (!d->cut && !dis_has(d, at, n))
        dis_stop(d);
    return !d->cut;
}

uint8_t dis_u8(struct dis *d, size_t at)
{
    return dis_need(d, at, 1) ? d->data[at] : 0;
}

uint16_t dis_u16(struct dis *d, size_t at)
{
    return dis_need(d, at, 2) ? get_be16(d->data + at) : 0;
}

uint32_t dis_u32(struct dis *d, size_t at)
{
    return dis_need(d, at, 4) ? get_be32(d->data + at) : 0;
}

uint64_t dis_u64(struct dis *d, size_t at)
{
    uint64_t high = dis_u32(d, at);
    return high << 32 | dis_u32(d, at + 4);
}

size_t dis_left(const struct dis *d, size_t at)
{
    return at < d->end ? d->end - at : 0;
}

uint16_t dis_cksum(const struct dis *d, size_t at, size_t len)
{
    return cksum(d->data + at, len);
}

/* The sum with the field taken out again, in one's complement: ~(data - field). */
uint16_t dis_cksum_shouldbe(uint16_t field, uint16_t sum)
{
    uint32_t v = (uint32_t)field + sum;
    v = (v & 0xffff) + (v >> 16);
    return (uint16_t)((v & 0xffff) + (v >> 16));
}
