#include "state/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/block.h"
#include "base/fdio.h"
#include "base/mem.h"
#include "base/pieces.h"

static int io_error(struct vnet_err *err, const char *what, const char *path)
{
    int e = errno;
    return vnet_err(err, e, "cannot %s %s: %s", what, path, strerror(e));
}

void state_file_init(struct state_file *f, const char *path)
{
    struct strbuf lock = STRBUF_INIT;
    strbuf_addf(&lock, "%s.lock", path);
    *f = (struct state_file){
        .path = mem_strdup(path), .lock_path = strbuf_detach(&lock), .lock_fd = -1};
}

void state_file_release(struct state_file *f)
{
    if (f->lock_fd >= 0)
        close(f->lock_fd);
    free(f->path);
    free(f->lock_path);
}

/* ---- locks ---- */

/* Make the folders above path, as the XDG base directory specification wants them: 0700. */
static int make_folders(const char *path)
{
    char *copy = mem_strdup(path);
    int rc = 0;
    for (char *p = strchr(copy + 1, '/'); p && rc == 0; p = strchr(p + 1, '/')) {
        *p = '\0';
        if (mkdir(copy, 0700) < 0 && errno != EEXIST)
            rc = -errno;
        *p = '/';
    }
    free(copy);
    return rc;
}

int state_file_open_lock(struct state_file *f, struct vnet_err *err)
{
    const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    if (f->lock_fd >= 0)
        return 0;
    f->lock_fd = open(f->lock_path, flags, 0600);
    if (f->lock_fd < 0 && errno == ENOENT) {
        int rc = make_folders(f->path);
        if (rc < 0)
            return vnet_err(err, -rc, "cannot make the folder of %s: %s", f->path, strerror(-rc));
        f->lock_fd = open(f->lock_path, flags, 0600);
    }
    return f->lock_fd < 0 ? io_error(err, "open", f->lock_path) : 0;
}

static struct flock byte_lock(short type, int64_t byte)
{
    return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)byte, .l_len = 1};
}

/* Nobody shall be stopped (^Z) while holding the lock: all others would wait for the fg. */
static void block_stopping(struct state_file *f)
{
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTSTP);
    sigaddset(&stops, SIGTTIN);
    sigaddset(&stops, SIGTTOU);
    sigprocmask(SIG_BLOCK, &stops, &f->signals);
}

int state_file_lock(struct state_file *f, struct vnet_err *err)
{
    int rc = state_file_open_lock(f, err);
    if (rc < 0)
        return rc;
    struct flock l = byte_lock(F_WRLCK, STATE_LOCK_WORLD);
    block_stopping(f);
    for (int signals = 0; fcntl(f->lock_fd, F_SETLKW, &l) < 0;)
        if (errno != EINTR || ++signals == 2) {
            rc = io_error(err, "lock", f->lock_path);
            sigprocmask(SIG_SETMASK, &f->signals, NULL);
            return rc;
        }
    f->locked = true;
    return 0;
}

void state_file_unlock(struct state_file *f)
{
    struct flock l = byte_lock(F_UNLCK, STATE_LOCK_WORLD);
    if (f->locked) {
        fcntl(f->lock_fd, F_SETLK, &l);
        sigprocmask(SIG_SETMASK, &f->signals, NULL);
    }
    f->locked = false;
}

void state_file_own(struct state_file *f, int64_t byte, bool own)
{
    struct flock l = byte_lock(own ? F_WRLCK : F_UNLCK, byte);
    fcntl(f->lock_fd, F_SETLK, &l);
}

int64_t state_file_find_owned(const struct state_file *f, int64_t from, int64_t to, int64_t *byte)
{
    struct flock l = byte_lock(F_WRLCK, from);
    l.l_len = (off_t)(to - from);
    if (from >= to || fcntl(f->lock_fd, F_GETLK, &l) < 0 || l.l_type == F_UNLCK)
        return 0;
    *byte = l.l_start;
    return l.l_start >= from && l.l_len <= to - l.l_start ? l.l_len : 0;
}

bool state_file_owned_by_other(const struct state_file *f, int64_t byte)
{
    struct flock l = byte_lock(F_WRLCK, byte);
    return fcntl(f->lock_fd, F_GETLK, &l) == 0 && l.l_type != F_UNLCK;
}

int64_t state_file_owner(const struct state_file *f, int64_t byte)
{
    struct flock l = byte_lock(F_WRLCK, byte);
    if (fcntl(f->lock_fd, F_GETLK, &l) < 0 || l.l_type == F_UNLCK)
        return 0;
    return l.l_pid;
}

void state_file_keep(struct state_file *f)
{
    if (f->lock_fd >= 0)
        fcntl(f->lock_fd, F_SETFD, 0);
}

uint64_t state_file_changes(const struct state_file *f)
{
    uint64_t changes = 0;
    if (f->lock_fd < 0 || pread(f->lock_fd, &changes, sizeof(changes), 0) != sizeof(changes))
        return 0;
    return changes;
}

/* ---- reading ---- */

static struct timespec modified(const struct stat *st)
{
#ifdef __APPLE__ /* where POSIX alone is asked for, it has no st_mtim */
    return (struct timespec){.tv_sec = st->st_mtime, .tv_nsec = st->st_mtimensec};
#else
    return st->st_mtim;
#endif
}

static void take_stamp(const struct state_file *f, const struct stat *st, struct state_stamp *stamp)
{
    *stamp = (struct state_stamp){.changes = state_file_changes(f),
                                  .dev = st->st_dev,
                                  .ino = st->st_ino,
                                  .size = st->st_size,
                                  .mtime = modified(st),
                                  .known = true};
}

bool state_stamp_equal(const struct state_stamp *a, const struct state_stamp *b)
{
    return a->known && b->known && a->changes == b->changes && a->dev == b->dev &&
           a->ino == b->ino && a->size == b->size && a->mtime.tv_sec == b->mtime.tv_sec &&
           a->mtime.tv_nsec == b->mtime.tv_nsec;
}

int state_file_stamp(const struct state_file *f, struct state_stamp *stamp, struct vnet_err *err)
{
    struct stat st;
    if (stat(f->path, &st) < 0)
        return io_error(err, "read", f->path);
    take_stamp(f, &st, stamp);
    return 0;
}

/* Room to grow: what is written after a small change fits too. */
static void make_room(struct strbuf *text, size_t size)
{
    strbuf_reset(text);
    strbuf_grow(text, size + size / 8);
    block_prefault(text->data, size);
}

static int read_open(const struct state_file *f, int fd, struct strbuf *text,
                     struct state_stamp *stamp, struct vnet_err *err)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return io_error(err, "read", f->path);
    if (!S_ISREG(st.st_mode))
        return vnet_err(err, EINVAL, "%s is not a regular file", f->path);
    if (st.st_size > STATE_SIZE_MAX)
        return vnet_err(err, EFBIG, "%s is too large for a state (over 64 MiB)", f->path);
    take_stamp(f, &st, stamp);
    make_room(text, (size_t)st.st_size);
    int rc = read_all(fd, text->data, (size_t)st.st_size);
    if (rc < 0) { /* it shrank under our lock, perhaps */
        errno = -rc;
        return io_error(err, "read", f->path);
    }
    text->len = (size_t)st.st_size;
    text->data[text->len] = '\0';
    return 0;
}

int state_file_read(const struct state_file *f, struct strbuf *text, struct state_stamp *stamp,
                    struct vnet_err *err)
{
    /* O_NONBLOCK: a FIFO in its place must not hang us */
    int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return io_error(err, "read", f->path);
    int rc = read_open(f, fd, text, stamp, err);
    close(fd);
    return rc;
}

/* ---- writing ---- */

/* From the first byte that is not in the file yet. */
static int write_rest(struct state_writer *wr, const struct pieces *text)
{
    size_t n;
    struct iovec *all = pieces_all(text, &n);
    int rc = writev_all(wr->fd, all, n, wr->written);
    free(all);
    wr->written = pieces_len(text);
    errno = -rc;
    return rc;
}

/* Write the rest, check and close the temporary file. */
static int finish(struct state_writer *wr, const struct pieces *text, struct stat *written)
{
    struct stat old;
    const off_t len = (off_t)pieces_len(text);
    bool ok = wr->error == 0 && write_rest(wr, text) == 0 && ftruncate(wr->fd, len) == 0;
    if (wr->error)
        errno = wr->error;
    if (ok && stat(wr->f->path, &old) == 0) /* keep the permissions that someone gave it */
        ok = fchmod(wr->fd, old.st_mode & 07777) == 0;
    ok = ok && fsync(wr->fd) == 0 && fstat(wr->fd, written) == 0;
    if (ok && written->st_size != len) {
        errno = EIO;
        ok = false;
    }
    int saved = errno;
    if (close(wr->fd) < 0 && ok)
        return -1;
    errno = saved;
    return ok ? 0 : -1;
}

static int count_change(const struct state_file *f)
{
    uint64_t changes = state_file_changes(f) + 1;
    return pwrite(f->lock_fd, &changes, sizeof(changes), 0) == sizeof(changes) ? 0 : -1;
}

static char *temporary_path(const struct state_file *f)
{
    struct strbuf path = STRBUF_INIT;
    strbuf_addf(&path, "%s.new", f->path);
    return strbuf_detach(&path);
}

int state_file_reuse(const struct state_file *f, const char *path)
{
    char *temporary = temporary_path(f);
    int rc = rename(path, temporary) == 0 || unlink(path) == 0 ? 0 : -errno;
    free(temporary);
    return rc;
}

/* Of state_file_reuse(), or of a process that was killed. What has another name too is not ours to
 * fill. */
static int open_spare(const char *path)
{
    struct stat st;
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return -1;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1 && st.st_uid == geteuid())
        return fd;
    close(fd);
    return -1;
}

static int open_temporary(const char *path)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    int fd = open_spare(path);
    if (fd >= 0)
        return fd;
    fd = open(path, flags, 0600);
    if (fd >= 0 || errno != EEXIST)
        return fd;
    unlink(path);
    return open(path, flags, 0600);
}

int state_writer_open(struct state_writer *wr, const struct state_file *f, struct vnet_err *err)
{
    *wr = (struct state_writer){.f = f, .temporary = temporary_path(f)};
    wr->fd = open_temporary(wr->temporary);
    if (wr->fd >= 0)
        return 0;
    int rc = io_error(err, "write", wr->temporary);
    free(wr->temporary);
    return rc;
}

void state_writer_begin(struct state_writer *wr, const struct pieces *text)
{
    enum { LARGE = 128 << 10 }; /* less is written as soon as begun */
    if (pieces_len(text) < LARGE)
        return;
    if (write_rest(wr, text) < 0)
        wr->error = errno;
    else
        start_writing(wr->fd, (off_t)wr->written);
}

int state_writer_end(struct state_writer *wr, const struct pieces *text, struct state_stamp *stamp,
                     struct vnet_err *err)
{
    struct stat st;
    int rc = 0;
    if (finish(wr, text, &st) < 0 || count_change(wr->f) < 0 ||
        rename(wr->temporary, wr->f->path) < 0) {
        rc = io_error(err, "write", wr->f->path);
        unlink(wr->temporary);
    } else {
        take_stamp(wr->f, &st, stamp);
    }
    free(wr->temporary);
    return rc;
}
