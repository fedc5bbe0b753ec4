#include "cmd/replay/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The end of the escape sequence at s (ECMA-48: CSI ... letter, OSC ... BEL
 * or ST, two characters). */
static const char *escape_end(const char *s)
{
    if (s[1] == '[') {
        for (s += 2; *s; s++)
            if (*s >= 0x40 && *s <= 0x7e)
                return s + 1;
        return s;
    }
    if (s[1] == ']') {
        const char *end = s + 2 + strcspn(s + 2, "\a\033");
        return *end == '\a' ? end + 1 : *end && end[1] == '\\' ? end + 2 : end;
    }
    return s + (s[1] ? 2 : 1);
}

/* A terminal's recording has colours and window titles in it. */
static char *without_escapes(char *line)
{
    char *out = strchr(line, '\033');
    for (const char *s = out; s && *s;) {
        if (*s == '\033')
            s = escape_end(s);
        else
            *out++ = *s++;
    }
    if (out)
        *out = '\0';
    return line;
}

void source_split(struct source *s, const char *text, size_t len)
{
    size_t at = 0;
    *s = (struct source){0};
    while (at < len) {
        const char *nl = memchr(text + at, '\n', len - at);
        size_t end = nl ? (size_t)(nl - text) : len, n = end - at;
        while (n && text[at + n - 1] == '\r')
            n--;
        ARRAY_GROW(s->line, s->n, s->cap);
        s->line[s->n++] = (struct source_line){

            .text = without_escapes(mem_strndup(text + at, n)),
            .start = at,
            .end = end + (nl != NULL)};
        at = end + 1;
    }
}

void source_release(struct source *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->line[i].text);
    free(s->line);
    *s = (struct source){0};
}
