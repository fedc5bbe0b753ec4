#include "cmd/shell/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/shell/expand.h"
#include "cmd/shell/state.h"

/* ---- streams ---- */

static struct stream *new_stream(void)
{
    struct stream *s = mem_alloc(sizeof(*s));
    s->refs = 1;
    s->fd = -1;
    s->text.fd = -1;
    return s;
}

struct stream *stream_fd(int fd)
{
    struct stream *s = new_stream();
    s->fd = fd;
    return s;
}

struct stream *stream_sink(struct sink *sink)
{
    struct stream *s = new_stream();
    s->sink = sink;
    return s;
}

struct stream *stream_text(char *text, size_t len)
{
    struct stream *s = new_stream();
    reader_init_text(&s->text, text, len);
    return s;
}

struct stream *stream_collect(void)
{
    return new_stream();
}

struct stream *stream_ref(struct stream *s)
{
    if (s)
        s->refs++;
    return s;
}

void stream_unref(struct stream *s)
{
    if (!s || --s->refs)
        return;
    if (s->fd > STDERR_FILENO)
        close(s->fd);
    reader_release(&s->text);
    strbuf_release(&s->collected);
    free(s->sysctl);
    free(s);
}

/* ---- tables ---- */

void io_copy(struct io *to, const struct io *from)
{
    for (int i = 0; i < IO_MAX; i++)
        to->at[i] = stream_ref(from->at[i]);
}

void io_release(struct io *io)
{
    for (int i = 0; i < IO_MAX; i++)
        io_set(io, i, NULL);
}

void io_set(struct io *io, int fd, struct stream *s)
{
    stream_unref(io->at[fd]);
    io->at[fd] = s;
}

/* ---- redirections ---- */

static const int open_flags[] = {
    [REDIRECT_IN] = O_RDONLY,
    [REDIRECT_OUT] = O_WRONLY | O_CREAT | O_TRUNC,
    [REDIRECT_CLOBBER] = O_WRONLY | O_CREAT | O_TRUNC,
    [REDIRECT_APPEND] = O_WRONLY | O_CREAT | O_APPEND,
    [REDIRECT_BOTH] = O_WRONLY | O_CREAT | O_TRUNC,
    [REDIRECT_BOTH_APPEND] = O_WRONLY | O_CREAT | O_APPEND,
    [REDIRECT_RDWR] = O_RDWR | O_CREAT,
};

/* An emulated file below /proc, to be read or, of /proc/sys, written. */
static int open_proc(struct shell *sh, const char *name, bool write, struct stream **s)
{
    struct reader in;
    int rc = cmd_open_reader(sh->opts.env, name, &in);
    if (write && (rc == 0 || rc == -EACCES)) { /* there are files of mode 0200 */
        if (rc == 0)
            reader_release(&in);
        *s = new_stream();
        (*s)->sysctl = mem_strdup(cmd_sysctl_path(name));
        return 0;
    }
    if (rc == 0) {
        *s = new_stream();
        (*s)->text = in;
    }
    return rc;
}

/* /dev/stdin, /dev/stdout, /dev/stderr, /dev/tty: what is there already. */
static struct stream *standard_stream(const struct io *io, const char *name)
{
    static const char *const names[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
    for (int i = 0; i < 3; i++)
        if (strcmp(name, names[i]) == 0)
            return stream_ref(io->at[i]);
    return NULL;
}

static int open_stream(struct shell *sh, const struct io *io, enum redirect_kind kind,
                       const char *name, struct stream **s)
{
    if (cmd_sysctl_path(name) || (cmd_proc_net_name(name) && kind == REDIRECT_IN))
        return open_proc(sh, name, kind != REDIRECT_IN, s);
    *s = standard_stream(io, name);
    if (*s)
        return 0;
    int fd = files_open(sh->opts.env->files, name, open_flags[kind]);
    if (fd >= 0 && fd <= STDERR_FILENO) { /* the process itself has one of those closed */
        int other = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        close(fd);
        fd = other < 0 ? -errno : other;
    }
    if (fd >= 0)
        *s = stream_fd(fd);
    return fd < 0 ? fd : 0;
}

/* <&N, >&N, <&-, and bash's >&FILE */
static int duplicate(struct shell *sh, struct io *io, const struct redirect *r, const char *to)
{
    struct stream *s = NULL;
    if (strcmp(to, "-") == 0) {
        io_set(io, r->fd, NULL);
        return 0;
    }
    if (strlen(to) == 1 && *to >= '0' && *to <= '9') {
        s = stream_ref(io->at[*to - '0']);
        if (!s)
            return -EBADF;
    } else if (r->kind == REDIRECT_DUP_OUT && r->fd == 1) {
        int rc = open_stream(sh, io, REDIRECT_OUT, to, &s);
        if (rc < 0)
            return rc;
        io_set(io, 2, stream_ref(s));
    } else {
        return -EBADF;
    }
    io_set(io, r->fd, s);
    return 0;
}

static int redirect_to(struct shell *sh, struct io *io, const struct redirect *r, char *target)
{
    struct stream *s = NULL;
    if (r->kind == REDIRECT_DUP_IN || r->kind == REDIRECT_DUP_OUT)
        return duplicate(sh, io, r, target);
    int rc = open_stream(sh, io, r->kind, target, &s);
    if (rc < 0)
        return rc;
    if (r->kind == REDIRECT_BOTH || r->kind == REDIRECT_BOTH_APPEND)
        io_set(io, 2, stream_ref(s));
    io_set(io, r->fd, s);
    return 0;
}

static int redirect_one(struct shell *sh, struct io *io, const struct redirect *r)
{
    char *target = expand_to_string(sh, &r->target);
    int rc;
    if (!target)
        return -1;
    if (r->kind == REDIRECT_HERE) {
        io_set(io, r->fd, stream_text(target, strlen(target)));
        return 0;
    }
    rc = redirect_to(sh, io, r, target);
    if (rc < 0)
        shell_complain(sh, "%s: %s", target, cmd_strerror(-rc));
    free(target);
    return rc < 0 ? -1 : 0;
}

int io_redirect(struct shell *sh, struct io *io, const struct redirect *list)
{
    int rc = 0;
    for (; list && rc == 0; list = list->next)
        rc = redirect_one(sh, io, list);
    return rc;
}

/* ---- what a command runs with ---- */

static void open_sink(struct sink *sink, const struct stream *s, size_t limit)
{
    if (s && s->fd >= 0)
        sink_init_fd(sink, s->fd);
    else
        sink_init_mem(sink);
    sink->limit = limit;
}

void channels_open(struct channels *c, const struct io *io, struct cmd_env *env)
{
    *c = (struct channels){.out_stream = io->at[1], .err_stream = io->at[2]};
    size_t limit = env->out ? env->out->limit : 0;
    open_sink(&c->out, c->out_stream, limit);
    open_sink(&c->err, c->err_stream, limit);
    c->err.line_buffered = true;
    env->out = c->out_stream && c->out_stream->sink ? c->out_stream->sink : &c->out;
    env->err = c->err_stream && c->err_stream->sink ? c->err_stream->sink : &c->err;
    struct stream *in = io->at[0];
    if (in && in->fd >= 0)
        reader_init_fd(&c->in, in->fd, false);
    else if (in)
        reader_init_shared(&c->in, &in->text);
    else
        reader_init_text(&c->in, NULL, 0);
    c->in.interrupted = env->interrupted;
    env->in = &c->in;
}

/* What was written into memory goes where it belongs. */
static int settle(struct stream *s, const struct sink *sink, struct cmd_env *env)
{
    if (!s)
        return sink->buf.len ? -EBADF : 0;
    if (s->sysctl)
        return cmd_write_sysctl(env, s->sysctl, &sink->buf);
    if (!s->sink && s->fd < 0)
        strbuf_add(&s->collected, strbuf_cstr(&sink->buf), sink->buf.len);
    return s->sink ? 0 : -sink->error;
}

int channels_flush(struct channels *c, struct cmd_env *env)
{
    if (c->out_stream && c->out_stream->fd >= 0)
        return sink_flush(&c->out);
    if (c->err_stream == c->out_stream && c->err_stream && !c->err_stream->sink) {
        settle(c->err_stream, &c->err, env); /* it is not buffered, so that it comes first */
        strbuf_reset(&c->err.buf);
    }
    int rc = settle(c->out_stream, &c->out, env);
    strbuf_reset(&c->out.buf);
    return rc;
}

void channels_close(struct channels *c, struct cmd_env *env)
{
    if (!c->err_stream || c->err_stream->fd < 0)
        settle(c->err_stream, &c->err, env);
    sink_release(&c->out);
    sink_release(&c->err);
    reader_release(&c->in);
}
