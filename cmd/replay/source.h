/* The text of a transcript as its file has it: lines, and where in the text they lie. */
#ifndef VNET_CMD_REPLAY_SOURCE_H
#define VNET_CMD_REPLAY_SOURCE_H

#include <stddef.h>

struct source_line {
    char *text;        /* owned; without newline and carriage return */
    size_t start, end; /* bytes in the file, end behind the newline */
};

struct source {
    struct source_line *line; /* owned; lines are numbered from 0 here */
    size_t n, cap;
};

void source_split(struct source *s, const char *text, size_t len);
void source_release(struct source *s);

#endif
