#include "base/text.h"

unsigned utf8_length(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    unsigned n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (n > 1 && (p[0] < 0xc2 || p[0] > 0xf4))
        return 0;
    for (unsigned i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return n;
}

bool text_has_control(const char *s)
{
    for (unsigned n; *s; s += n ? n : 1) {
        unsigned char c = (unsigned char)*s;
        n = c >= 0x20 && c < 0x7f ? 1 : utf8_length(s);
        if (c < 0x20 || c == 0x7f || (n == 0 && c < 0xa0))
            return true;
        if (n == 2 && c == 0xc2 && (unsigned char)s[1] < 0xa0)
            return true;
    }
    return false;
}
