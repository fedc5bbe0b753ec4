/* The state file on disk: its lock, reading it whole, replacing it whole. */
#ifndef VNET_STATE_FILE_H
#define VNET_STATE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/strbuf.h"

/* The lock file ("PATH.lock") is made once and never renamed or removed. In it, as byte ranges:
 *
 *     0                      the state itself: held during a transaction
 *     1 .. 2^32-1            a socket each, by id: held by the process that owns it
 *     2^32 .. 2^33-1         a capture each, by process id: held while it is registered
 *
 * and, as content, 8 bytes that grow by one before each replacement of the state file: who sees the
 * same number has seen the same state. */
enum { STATE_LOCK_WORLD = 0 };
#define STATE_LOCK_CAPTURE(pid) ((int64_t)1 << 32 | (int64_t)(pid))

struct state_file {
    char *path;      /* owned */
    char *lock_path; /* owned */
    int lock_fd;     /* -1: not opened yet. Stays open: closing it would drop all locks */
    bool locked;
};

struct state_stamp {  /* which content: equal stamps, equal content */
    uint64_t changes; /* the number in the lock file */
    dev_t dev;
    ino_t ino;
    off_t size;
    struct timespec mtime;
    bool known;
};

void state_file_init(struct state_file *f, const char *path);
void state_file_release(struct state_file *f);
/* Open the lock file (and make its folder), if it is not open. */
int state_file_open_lock(struct state_file *f, struct vnet_err *err);
/* Open the lock file, take the lock of the state, waiting for it.
 * -EINTR after the second signal that arrived meanwhile. */
int state_file_lock(struct state_file *f, struct vnet_err *err);
void state_file_unlock(struct state_file *f);
/* Hold, or give back, the byte of a socket or capture; does not wait. */
void state_file_own(struct state_file *f, int64_t byte, bool own);
/* Does another process hold that byte? */
bool state_file_owned_by_other(const struct state_file *f, int64_t byte);
/* The number in the lock file; needs no lock. */
uint64_t state_file_changes(const struct state_file *f);

/* The rest needs the lock. */
/* What is on disk now; -ENOENT. */
int state_file_stamp(const struct state_file *f, struct state_stamp *stamp, struct vnet_err *err);
bool state_stamp_equal(const struct state_stamp *a, const struct state_stamp *b);
/* The whole content, in place of what `text` held. -ENOENT, -EINVAL (no regular file, too large),
 * ... */
int state_file_read(const struct state_file *f, struct strbuf *text, struct state_stamp *stamp,
                    struct vnet_err *err);
/* Replace the content: a temporary file in the same folder, fsync, rename. On error the file is as
 * before; after a power failure it may be, too. */
int state_file_write(const struct state_file *f, const char *text, size_t len,
                     struct state_stamp *stamp, struct vnet_err *err);

#endif
