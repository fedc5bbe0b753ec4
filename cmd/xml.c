#include "cmd/xml.h"

void xml_escaped(struct sink *out, const char *text)
{
    for (const unsigned char *s = (const unsigned char *)text; *s; s++) {
        switch (*s) {
        case '<':
            sink_puts(out, "&lt;");
            break;
        case '>':
            sink_puts(out, "&gt;");
            break;
        case '&':
            sink_puts(out, "&amp;");
            break;
        case '"':
            sink_puts(out, "&quot;");
            break;
        default:
            if (*s >= 0x20 || *s == '\n' || *s == '\t')
                sink_write(out, s, 1);
            else
                sink_puts(out, "?");
        }
    }
}
