#include "cmd/teach/wrap.h"

#include <string.h>

/* Columns of the first n bytes: all of one but UTF-8's further bytes. */
static int width_of(const char *s, size_t n)
{
    int columns = 0;
    for (size_t i = 0; i < n; i++)
        columns += (s[i] & 0xc0) != 0x80;
    return columns;
}

/* Bytes of the blanks at s and the word behind them. */
static size_t next_word(const char *s)
{
    size_t blanks = strspn(s, " ");
    return blanks + strcspn(s + blanks, " ");
}

void wrap_line(struct sink *out, const char *line, int indent)
{
    int most = sink_columns(out), at = 0;
    if (indent > most / 2) /* it is narrow */
        indent = most / 10;
    while (*line) {
        size_t n = next_word(line);
        if (most > 0 && at > indent && at + width_of(line, n) > most) {
            sink_printf(out, "\n%*s", indent, "");
            at = indent;
            size_t blanks = strspn(line, " ");
            line += blanks;
            n -= blanks;
        }
        sink_write(out, line, n);
        at += width_of(line, n);
        line += n;
    }
    sink_puts(out, "\n");
}
