/* What was typed, kept in a file from one session to the next. Private to cmd/shell. */
#ifndef VNET_CMD_SHELL_HISTORY_H
#define VNET_CMD_SHELL_HISTORY_H

#include "cmd/shell/vars.h"
#include "cmd/sink.h"

struct history {
    struct words lines;
    char *path; /* NULL: not kept */
    bool grown; /* the file holds more than is wanted */
};

/* path: NULL: none; copied. What the file holds is read. */
void history_init(struct history *h, const char *path);
/* Shortens the file if need be; frees. */
void history_release(struct history *h);
/* A command, unless it is blank or the same as the last: at once in the file, too. */
void history_add(struct history *h, const char *line);
void history_clear(struct history *h);
/* The last n, numbered. */
void history_print(const struct history *h, size_t n, struct sink *out);

#endif
