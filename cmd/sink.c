#include "cmd/sink.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#if defined(__linux__) || defined(__APPLE__)
#include <sys/ioctl.h>
#endif

enum { SINK_BLOCK = 32768 };

void sink_init_fd(struct sink *s, int fd)
{
    *s = (struct sink){.fd = fd, .line_buffered = isatty(fd) == 1};
}

void sink_init_mem(struct sink *s)
{
    *s = (struct sink){.fd = -1};
}

void sink_init_onto(struct sink *s, struct sink *onto)
{
    *s = (struct sink){.fd = -1, .onto = onto};
}

int sink_release(struct sink *s)
{
    int rc = sink_flush(s);
    strbuf_release(&s->buf);
    return rc;
}

/* Cut what is beyond the limit. */
static void keep_limit(struct sink *s)
{
    size_t room = s->limit - s->written;
    if (!s->limit || s->buf.len <= room)
        return;
    s->buf.len = room;
    s->buf.data[room] = '\0';
    s->error = EFBIG;
}

static void write_out(struct sink *s)
{
    size_t done = 0;
    while (done < s->buf.len) {
        ssize_t n = write(s->fd, s->buf.data + done, s->buf.len - done);
        if (n > 0)
            done += (size_t)n;
        else if (n < 0 && errno != EINTR) {
            s->error = errno;
            break;
        }
    }
    s->written += s->limit ? done : 0;
}

void sink_discard(struct sink *s)
{
    if (s->fd >= 0)
        strbuf_reset(&s->buf);
    if (s->onto)
        sink_discard(s->onto);
}

int sink_flush(struct sink *s)
{
    if (s->onto)
        return sink_flush(s->onto);
    if (s->fd < 0)
        return 0;
    bool failed = s->error;
    keep_limit(s);
    if (!failed)
        write_out(s);
    strbuf_reset(&s->buf);
    return -s->error;
}

/* After an append: write out what stdio would have written out by now. */
static void sink_settle(struct sink *s, size_t added)
{
    if (s->onto) {
        sink_write(s->onto, s->buf.data + s->buf.len - added, added);
        s->buf.len = s->buf.len < SINK_COPY ? s->buf.len : SINK_COPY;
        return;
    }
    if (s->fd < 0) {
        keep_limit(s);
        return;
    }
    if (s->buf.len >= SINK_BLOCK ||
        (s->line_buffered && added && memchr(s->buf.data + s->buf.len - added, '\n', added)))
        sink_flush(s);
}

void sink_write(struct sink *s, const void *bytes, size_t len)
{
    strbuf_add(&s->buf, bytes, len);
    sink_settle(s, len);
}

void sink_puts(struct sink *s, const char *text)
{
    sink_write(s, text, strlen(text));
}

void sink_vprintf(struct sink *s, const char *fmt, va_list ap)
{
    size_t before = s->buf.len;
    strbuf_vaddf(&s->buf, fmt, ap);
    sink_settle(s, s->buf.len - before);
}

void sink_printf(struct sink *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    sink_vprintf(s, fmt, ap);
    va_end(ap);
}

int sink_columns(const struct sink *s)
{
#ifdef TIOCGWINSZ
    struct winsize size;
    if (s->fd >= 0 && ioctl(s->fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
#else
    (void)s;
#endif
    return -1;
}
