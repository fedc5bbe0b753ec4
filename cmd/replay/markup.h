/* Where in a text terminals are shown: all of a raw paste, the code blocks of Markdown and
 * reStructuredText. */
#ifndef VNET_CMD_REPLAY_MARKUP_H
#define VNET_CMD_REPLAY_MARKUP_H

#include <stdbool.h>

#include "cmd/replay/source.h"

enum block_kind {
    BLOCK_PASTE, /* the text itself, prose and all */
    BLOCK_CODE,  /* set apart as a code block: no prose in it */
    BLOCK_DATA,  /* a code block in a language that terminals do not speak; perhaps `ip -j` */
};

struct block {
    size_t first, end; /* lines [first, end) */
    size_t indent;     /* white space before each line that belongs to the markup */
    enum block_kind kind;
};

struct blocks {
    struct block *block; /* owned */
    size_t n, cap;
};

void markup_find(const struct source *s, struct blocks *out);
void markup_release(struct blocks *b);
/* A line of the block without the markup's white space. */
const char *markup_line(const struct source *s, const struct block *b, size_t line);
/* The text of a directive, "#vnet ..." or in a comment of the markup ("<!-- vnet ... -->",
 * ".. vnet ..."): to be freed; NULL: the line is none. */
char *markup_directive(const char *line);

#endif
