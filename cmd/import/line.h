/* A line of a listing, cut into words. */
#ifndef VNET_CMD_IMPORT_LINE_H
#define VNET_CMD_IMPORT_LINE_H

#include <stdbool.h>
#include <stdint.h>

enum { LINE_WORDS = 128, LINE_TEXT = 4096 };

struct line_words {
    char text[LINE_TEXT];
    char *word[LINE_WORDS]; /* into text */
    int n;
    bool cut_off; /* there was more than fits */
};

/* Cut at blanks. */
void line_cut(struct line_words *w, const char *line);
/* Is there a word i and is it this? */
bool line_is(const struct line_words *w, int i, const char *word);
/* The index of a word from `from` on, -1: there is none. */
int line_find(const struct line_words *w, int from, const char *word);
/* The word behind `key`, NULL if there is none. */
const char *line_value(const struct line_words *w, const char *key);
/* All digits, at most max. */
bool line_u32(const char *s, uint32_t max, uint32_t *out);

#endif
