#include "cmd/can/frame_text.h"

#include <string.h>

/* ---- reading ---- */

static const char delimiter = '#', separator = '.', swap_delimiter = '`';

/* 16: not a hexadecimal digit. */
static unsigned nibble(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A' + 10);
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a' + 10);
    return 16;
}

/* The digits up to `end`. */
static bool parse_id(const char *text, size_t end, uint32_t *id)
{
    *id = 0;
    for (size_t i = 0; i < end; i++) {
        if (nibble(text[i]) > 15)
            return false;
        *id = *id << 4 | nibble(text[i]);
    }
    return true;
}

static void parse_remote(const char *length, struct vnet_can_frame *f)
{
    f->id |= VNET_CAN_RTR_FLAG;
    if (nibble(*length) <= VNET_CAN_MAX_DLEN)
        f->len = (uint8_t)nibble(*length);
}

static bool parse_data(const char *p, struct vnet_can_frame *f)
{
    unsigned most = f->fd ? VNET_CANFD_MAX_DLEN : VNET_CAN_MAX_DLEN;
    while (f->len < most) {
        if (*p == separator)
            p++;
        if (!*p)
            break;
        if (nibble(p[0]) > 15 || nibble(p[1]) > 15)
            return false;
        f->data[f->len++] = (uint8_t)(nibble(p[0]) << 4 | nibble(p[1]));
        p += 2;
    }
    return true;
}

bool frame_parse(const char *text, struct vnet_can_frame *f)
{
    enum { SFF_DIGITS = 3, EFF_DIGITS = 8 };
    size_t len = strlen(text), digits = SFF_DIGITS;
    *f = (struct vnet_can_frame){0};
    if (len > SFF_DIGITS && text[SFF_DIGITS] != delimiter)
        digits = EFF_DIGITS;
    if (len <= digits || text[digits] != delimiter || !parse_id(text, digits, &f->id))
        return false;
    if (digits == EFF_DIGITS && !(f->id & VNET_CAN_ERR_FLAG))
        f->id |= VNET_CAN_EFF_FLAG;
    const char *rest = text + digits + 1;
    if (*rest == 'R' || *rest == 'r') {
        parse_remote(rest + 1, f);
        return true;
    }
    if (*rest != delimiter)
        return parse_data(rest, f);
    if (nibble(rest[1]) > 15)
        return false;
    f->fd = true;
    f->flags = (uint8_t)nibble(rest[1]);
    return parse_data(rest + 2, f);
}

/* ---- writing ---- */

static void put_hex(struct strbuf *out, const struct vnet_can_frame *f)
{
    for (unsigned i = 0; i < f->len; i++)
        strbuf_addf(out, "%02X", f->data[i]);
}

static bool is_remote(const struct vnet_can_frame *f)
{
    return !f->fd && f->id & VNET_CAN_RTR_FLAG;
}

static void put_id(struct strbuf *out, uint32_t id, bool indent)
{
    if (id & VNET_CAN_ERR_FLAG)
        strbuf_addf(out, "%08X", id & (VNET_CAN_ERR_MASK | VNET_CAN_ERR_FLAG));
    else if (id & VNET_CAN_EFF_FLAG)
        strbuf_addf(out, "%08X", id & VNET_CAN_EFF_MASK);
    else
        strbuf_addf(out, indent ? "%8.3X" : "%03X", id & VNET_CAN_SFF_MASK);
}

void frame_put(struct strbuf *out, const struct vnet_can_frame *f)
{
    put_id(out, f->id, false);
    strbuf_addc(out, delimiter);
    if (is_remote(f)) {
        strbuf_addc(out, 'R');
        if (f->len)
            strbuf_addf(out, "%u", f->len);
        return;
    }
    if (f->fd)
        strbuf_addf(out, "%c%X", delimiter, f->flags & 0xfU);
    put_hex(out, f);
}

static void put_byte(struct strbuf *out, uint8_t byte, bool binary)
{
    if (!binary)
        strbuf_addf(out, "%02X", byte);
    for (unsigned bit = 0x80; binary && bit; bit >>= 1)
        strbuf_addc(out, byte & bit ? '1' : '0');
}

static uint8_t byte_at(const struct vnet_can_frame *f, const struct frame_view *view, unsigned i)
{
    return f->data[view->swap ? f->len - 1U - i : i];
}

static void put_bytes(struct strbuf *out, const struct vnet_can_frame *f,
                      const struct frame_view *view)
{
    for (unsigned i = 0; i < f->len; i++) {
        strbuf_addc(out, i > 0 && view->swap ? swap_delimiter : ' ');
        put_byte(out, byte_at(f, view, i), view->binary);
    }
}

/* In a column behind eight bytes of data. */
static void put_ascii(struct strbuf *out, const struct vnet_can_frame *f,
                      const struct frame_view *view, int width)
{
    char quote = view->swap ? swap_delimiter : '\'';
    strbuf_addf(out, "%*c", width + 4, quote);
    for (unsigned i = 0; i < f->len; i++) {
        uint8_t c = byte_at(f, view, i);
        strbuf_addc(out, c > 0x1f && c < 0x7f ? (char)c : '.');
    }
    strbuf_addc(out, quote);
}

void frame_put_long(struct strbuf *out, const struct vnet_can_frame *f,
                    const struct frame_view *view)
{
    put_id(out, f->id, view->indent_sff);
    strbuf_addf(out, f->fd ? "  [%02u] " : "   [%u] ", f->len);
    if (is_remote(f)) {
        strbuf_adds(out, " remote request");
        return;
    }
    put_bytes(out, f, view);
    if (f->len > VNET_CAN_MAX_DLEN)
        return;
    int width = (view->binary ? 9 : 3) * (VNET_CAN_MAX_DLEN - f->len);
    if (f->id & VNET_CAN_ERR_FLAG)
        strbuf_addf(out, "%*s", width + 13, "ERRORFRAME");
    else if (view->ascii)
        put_ascii(out, f, view, width);
}
