/* Hex dumps: -x, -X, -A, and what an unknown payload gets. */
#include "cmd/tcpdump/dis.h"

enum { ROW = 16 };

static bool is_graphic(uint8_t c)
{
    return c > 0x20 && c < 0x7f;
}

static size_t clip(const struct dis *d, size_t at, size_t len)
{
    size_t left = dis_left(d, at);
    return len < left ? len : left;
}

static void put_row(struct dis *d, const char *indent, size_t at, size_t offset, size_t n)
{
    dis_put(d, "%s0x%04zx: ", indent, offset);
    for (size_t i = 0; i < n; i++)
        dis_put(d, i % 2 ? "%02x" : " %02x", d->data[at + i]);
}

static void hex(struct dis *d, const char *indent, size_t at, size_t len)
{
    len = clip(d, at, len);
    for (size_t i = 0; i < len; i += ROW)
        put_row(d, indent, at + i, i, len - i < ROW ? len - i : ROW);
}

void dis_hex(struct dis *d, size_t at, size_t len)
{
    hex(d, "\n\t", at, len);
}

void dis_hex_ascii(struct dis *d, size_t at, size_t len)
{
    len = clip(d, at, len);
    for (size_t i = 0; i < len; i += ROW) {
        size_t n = len - i < ROW ? len - i : ROW;
        char text[ROW + 1] = "";
        put_row(d, "\n\t", at + i, i, n);
        for (size_t k = 0; k < n; k++)
            text[k] = is_graphic(d->data[at + i + k]) ? (char)d->data[at + i + k] : '.';
        int pad = (int)((ROW - n) * 2 + (ROW - n) / 2);
        dis_put(d, "%*s  %s", pad, "", text);
    }
}

void dis_unknown(struct dis *d, size_t at, size_t len, const char *indent)
{
    hex(d, indent, at, len);
}

/* As tcpdump -A shows bytes: on lines of their own, newline and tab kept. A CR is left out before
 * LF and among the last two bytes. */
void dis_ascii(struct dis *d, size_t at, size_t len)
{
    len = clip(d, at, len);
    dis_put(d, "\n");
    for (size_t i = 0; i < len; i++) {
        uint8_t c = d->data[at + i];
        if (c == '\r' && (i + 2 >= len || d->data[at + i + 1] == '\n'))
            continue;
        dis_put(d, "%c", c == '\n' || c == '\t' || c == ' ' || is_graphic(c) ? c : '.');
    }
}

void dis_default(struct dis *d, size_t at, size_t len)
{
    if (!d->o->quiet && !d->o->hex && !d->o->hex_ascii)
        dis_hex_ascii(d, at, len);
}
