#define _GNU_SOURCE /* sync_file_range() is of Linux; used where it is */
#include "base/fdio.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { AT_ONCE = 1024 }; /* IOV_MAX of Linux, macOS and the BSDs */

int read_all(int fd, char *text, size_t len)
{
    while (len) {
        ssize_t n = read(fd, text, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : -EIO;
        text += n;
        len -= (size_t)n;
    }
    return 0;
}

int write_all(int fd, const char *text, size_t len)
{
    while (len) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno != EINTR)
            return -errno;
        if (n > 0) {
            text += n;
            len -= (size_t)n;
        }
    }
    return 0;
}

/* The pieces behind `done` bytes of them; the first of those may be a part. */
static struct iovec *skip(struct iovec *v, const struct iovec *end, size_t done)
{
    for (; v < end && done >= v->iov_len; v++)
        done -= v->iov_len;
    if (v < end) {
        v->iov_base = (char *)v->iov_base + done;
        v->iov_len -= done;
    }
    return v;
}

int writev_all(int fd, struct iovec *v, size_t n, size_t from)
{
    const struct iovec *end = v + n;
    v = skip(v, end, from);
    while (v < end) {
        size_t left = (size_t)(end - v);
        ssize_t done = writev(fd, v, left < AT_ONCE ? (int)left : AT_ONCE);
        if (done < 0 && errno != EINTR)
            return -errno;
        if (done > 0)
            v = skip(v, end, (size_t)done);
    }
    return 0;
}

void start_writing(int fd, off_t len)
{
#ifdef SYNC_FILE_RANGE_WRITE
    (void)sync_file_range(fd, 0, len, SYNC_FILE_RANGE_WRITE);
#else
    (void)fd;
    (void)len;
#endif
}
