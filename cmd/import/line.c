#include "cmd/import/line.h"

#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\r\v\f";

void line_cut(struct line_words *w, const char *line)
{
    size_t len = strlen(line);
    w->n = 0;
    w->cut_off = len >= sizeof(w->text);
    if (w->cut_off)
        len = sizeof(w->text) - 1;
    memcpy(w->text, line, len);
    w->text[len] = '\0';
    for (char *s = w->text + strspn(w->text, blanks); *s; s += strspn(s, blanks)) {
        char *word = s;
        s += strcspn(s, blanks);
        if (*s)
            *s++ = '\0';
        if (w->n == LINE_WORDS) {
            w->cut_off = true;
            return;
        }
        w->word[w->n++] = word;
    }
}

bool line_is(const struct line_words *w, int i, const char *word)
{
    return i >= 0 && i < w->n && strcmp(w->word[i], word) == 0;
}

int line_find(const struct line_words *w, int from, const char *word)
{
    for (int i = from; i < w->n; i++)
        if (strcmp(w->word[i], word) == 0)
            return i;
    return -1;
}

const char *line_value(const struct line_words *w, const char *key)
{
    int i = line_find(w, 0, key);
    return i >= 0 && i + 1 < w->n ? w->word[i + 1] : NULL;
}

bool line_u32(const char *s, uint32_t max, uint32_t *out)
{
    uint64_t v = 0;
    if (!*s)
        return false;
    for (; *s; s++) {
        if (*s < '0' || *s > '9' || v > max)
            return false;
        v = v * 10 + (uint64_t)(*s - '0');
    }
    if (v > max)
        return false;
    *out = (uint32_t)v;
    return true;
}
