/* Where a command's text goes: a file descriptor, or memory (replay, the shell's pipes, tests). */
#ifndef VNET_CMD_SINK_H
#define VNET_CMD_SINK_H

#include <stdbool.h>

#include "base/strbuf.h"

enum { SINK_COPY = 4096 };

struct sink {
    struct strbuf buf;  /* what is not written yet; in memory mode all of it */
    int fd;             /* -1: memory */
    bool line_buffered; /* write out at each newline (a terminal, tcpdump -l, standard error) */
    size_t limit;       /* bytes at most, 0: any number; more is dropped, error is EFBIG */
    size_t written;     /* to fd, where there is a limit */
    struct sink *onto;  /* what is written goes there; buf has the first SINK_COPY bytes of it */
    int error;          /* errno of the first write that failed, else 0 */
};

/* line_buffered is set if fd is a terminal, as stdio does. Does not own fd. */
void sink_init_fd(struct sink *s, int fd);
void sink_init_mem(struct sink *s);
/* To listen to what is written to another sink, which is borrowed. */
void sink_init_onto(struct sink *s, struct sink *onto);
/* Flushes and frees. Returns 0, or -errno if anything could not be written. */
int sink_release(struct sink *s);
void sink_write(struct sink *s, const void *bytes, size_t len);
void sink_puts(struct sink *s, const char *text); /* no newline added */
void sink_printf(struct sink *s, const char *fmt, ...) VNET_PRINTF(2, 3);
void sink_vprintf(struct sink *s, const char *fmt, va_list ap) VNET_PRINTF(2, 0);
int sink_flush(struct sink *s);
/* What has not been written to a file yet is lost, as with a process that a signal ends. */
void sink_discard(struct sink *s);
/* Columns of the terminal that it writes to; -1: it is none, or does not say. */
int sink_columns(const struct sink *s);

#endif
