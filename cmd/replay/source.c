#include "cmd/replay/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void source_split(struct source *s, const char *text, size_t len)
{
    size_t at = 0;
    *s = (struct source){0};
    while (at < len) {
        const char *nl = memchr(text + at, '\n', len - at);
        size_t end = nl ? (size_t)(nl - text) : len, n = end - at;
        if (n && text[end - 1] == '\r')
            n--;
        ARRAY_GROW(s->line, s->n, s->cap);
        s->line[s->n++] = (struct source_line){
            .text = mem_strndup(text + at, n), .start = at, .end = end + (nl != NULL)};
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
