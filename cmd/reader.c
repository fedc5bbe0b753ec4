#include "cmd/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

enum { BLOCK = 16384 };

void reader_init_fd(struct reader *s, int fd, bool owns_fd)
{
    *s = (struct reader){.fd = fd, .owns_fd = owns_fd};
}

void reader_init_text(struct reader *s, char *text, size_t len)
{
    *s = (struct reader){.fd = -1, .text = text, .len = len};
}

void reader_init_shared(struct reader *s, struct reader *other)
{
    *s = (struct reader){.fd = -1, .shared = other};
}

void reader_release(struct reader *s)
{
    if (s->owns_fd && s->fd >= 0)
        close(s->fd);
    free(s->text);
    *s = (struct reader){.fd = -1};
}

static ssize_t read_fd(struct reader *s, void *buf, size_t n)
{
    for (;;) {
        ssize_t got = s->fd < 0 ? 0 : read(s->fd, buf, n);
        if (got >= 0)
            return got;
        if (errno != EINTR || (s->interrupted && *s->interrupted))
            return -errno;
    }
}

static ssize_t take_ahead(struct reader *s, void *buf, size_t n)
{
    size_t left = s->len - s->at;
    if (n > left)
        n = left;
    memcpy(buf, s->text + s->at, n);
    s->at += n;
    return (ssize_t)n;
}

ssize_t reader_read(struct reader *s, void *buf, size_t n)
{
    if (s->shared)
        return reader_read(s->shared, buf, n);
    return s->at < s->len ? take_ahead(s, buf, n) : read_fd(s, buf, n);
}

/* More into the memory for what is read ahead: as reader_read() returns. */
static ssize_t fill(struct reader *s)
{
    if (s->fd < 0)
        return 0;
    if (!s->cap) {
        s->cap = BLOCK;
        s->text = mem_realloc(s->text, s->cap);
    }
    ssize_t n = read_fd(s, s->text, s->cap);
    s->at = 0;
    s->len = n > 0 ? (size_t)n : 0;
    return n;
}

int reader_line(struct reader *s, struct strbuf *line)
{
    if (s->shared)
        return reader_line(s->shared, line);
    strbuf_reset(line);
    for (;;) {
        ssize_t n = s->at < s->len ? 1 : fill(s);
        if (n < 0)
            return (int)n;
        if (n == 0)
            return line->len > 0;
        const char *start = s->text + s->at;
        const char *end = memchr(start, '\n', s->len - s->at);
        size_t take = end ? (size_t)(end - start) + 1 : s->len - s->at;
        strbuf_add(line, start, take);
        s->at += take;
        if (end)
            return 1;
    }
}

int reader_byte(struct reader *s)
{
    unsigned char c;
    ssize_t n = reader_read(s, &c, 1);
    return n > 0 ? c : (int)n - 1;
}
