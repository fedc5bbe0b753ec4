/* Where a command reads from: a file descriptor, or text in memory. */
#ifndef VNET_CMD_READER_H
#define VNET_CMD_READER_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/strbuf.h"

struct reader {
    int fd;         /* -1: memory */
    bool owns_fd;   /* closed by reader_release() */
    char *text;     /* memory: owned; with a file descriptor: what is read ahead */
    size_t len, at; /* of text; what is before `at` has been taken */
    size_t cap;
    struct reader *shared;                    /* another one that this only passes on; NULL: none */
    const volatile sig_atomic_t *interrupted; /* reading ends with -EINTR; may be NULL */
};

void reader_init_fd(struct reader *s, int fd, bool owns_fd);
void reader_init_text(struct reader *s, char *text, size_t len); /* takes text */
/* Takes from `other`, which is not released with it. */
void reader_init_shared(struct reader *s, struct reader *other);
void reader_release(struct reader *s);

/* Up to n bytes: their number, 0 at the end, or -errno. */
ssize_t reader_read(struct reader *s, void *buf, size_t n);
/* The next line with its newline, if it has one, in place of `line`'s content: 1, 0 at the end, or
 * -errno. */
int reader_line(struct reader *s, struct strbuf *line);
/* The next byte, never reading ahead (what is left is for others): 0..255, -1 at the end, -errno
 * - 1 on an error. */
int reader_byte(struct reader *s);

#endif
