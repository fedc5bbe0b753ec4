/* The shell's file descriptors 0 to 9: a table of streams, which are files, or memory. */
#ifndef VNET_CMD_SHELL_IO_H
#define VNET_CMD_SHELL_IO_H

#include "cmd/cmd.h"
#include "cmd/reader.h"
#include "cmd/shell/ast.h"

enum { IO_MAX = 10 };

/* A stream is a file descriptor, or a sink that somebody else owns (a replay's screen), or text in
 * memory that is read or collected, or an emulated file below /proc/sys that is written. */
struct stream {
    unsigned refs;
    int fd;                  /* -1: none */
    struct sink *sink;       /* borrowed; NULL: none */
    struct reader text;      /* text to be read */
    struct strbuf collected; /* what was written, when there is neither fd nor sink */
    char *sysctl;            /* the path below /proc/sys; owned */
};

struct io {
    struct stream *at[IO_MAX]; /* NULL: closed */
};

/* Each with one reference. */
struct stream *stream_fd(int fd); /* owns fd, unless it is 0, 1 or 2 */
struct stream *stream_sink(struct sink *sink);
struct stream *stream_text(char *text, size_t len); /* takes text */
struct stream *stream_collect(void);
struct stream *stream_ref(struct stream *s);
void stream_unref(struct stream *s);

void io_copy(struct io *to, const struct io *from);
void io_release(struct io *io);
/* Takes the stream; what was there is let go. */
void io_set(struct io *io, int fd, struct stream *s);

struct shell;
/* Carry out redirections on `io`, which is the command's own copy: 0, or -1 with a message printed
 * where errors went until then. */
int io_redirect(struct shell *sh, struct io *io, const struct redirect *list);

/* What a tool or builtin runs with: sinks on the streams 1 and 2, a source on 0. */
struct channels {
    struct sink out, err;
    struct reader in;
    struct stream *out_stream, *err_stream; /* borrowed */
};

/* Fill in env's in, out, err; `io` must outlive it. */
void channels_open(struct channels *c, const struct io *io, struct cmd_env *env);
/* Write out what standard output still holds: 0, or -errno if that could not be written. */
int channels_flush(struct channels *c, struct cmd_env *env);
/* After channels_flush(), and after what is to be said of it on env's err. */
void channels_close(struct channels *c, struct cmd_env *env);

#endif
