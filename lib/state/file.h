/* The state file on disk: its lock, reading it whole, replacing it whole. */
#ifndef VNET_STATE_FILE_H
#define VNET_STATE_FILE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/pieces.h"

/* A state of a hundred thousand things has some 20 MB. */
enum { STATE_SIZE_MAX = 64 << 20 };

/* The lock file ("PATH.lock") is made once and never renamed or removed. In it, as byte ranges:
 *
 *     0                      the state itself: held during a transaction
 *     1 .. 2^32-1            a socket each, by id: held by the process that owns it
 *     2^32 .. 2^33-1         a capture each, by process id: held while it is registered
 *     2^61 ..                256 for each namespace: one held by each process that lives in it
 *     2^62 ..                256 for each device: one held by each promiscuous capture of it
 *
 * and, as content, 8 bytes that grow by one before each replacement of the state file: who sees the
 * same number has seen the same state. */
enum { STATE_LOCK_WORLD = 0 };
#define STATE_LOCK_CAPTURE(pid) ((int64_t)1 << 32 | (int64_t)(pid))

/* Where the bytes of promiscuous captures begin: 2^62, 23 bits of namespace, 31 of device. */
enum { STATE_LOCK_SLOTS = 256, STATE_LOCK_NETNS_MAX = (1 << 23) - 1 };
#define STATE_LOCK_PROMISC ((int64_t)1 << 62)
static inline int64_t state_lock_promisc(uint32_t netns, int ifindex) /* its first byte */
{
    return STATE_LOCK_PROMISC | (int64_t)netns << 39 | (int64_t)ifindex << 8;
}
static inline uint32_t state_lock_netns(int64_t byte)
{
    return (uint32_t)(byte >> 39) & STATE_LOCK_NETNS_MAX;
}
static inline int state_lock_ifindex(int64_t byte)
{
    return (int)(byte >> 8 & INT32_MAX);
}

#define STATE_LOCK_HOME ((int64_t)1 << 61)
static inline int64_t state_lock_home(uint32_t netns) /* the first byte of a namespace */
{
    return STATE_LOCK_HOME | (int64_t)netns << 8;
}

struct state_file {
    char *path;      /* owned */
    char *lock_path; /* owned */
    int lock_fd;     /* -1: not opened yet. Stays open: closing it would drop all locks */
    bool locked;
    sigset_t signals; /* the mask before it was locked */
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
/* A run of bytes in from..to-1 that another process holds, not always the lowest: its length, and
 * where it starts in *byte; 0: there is none. */
int64_t state_file_find_owned(const struct state_file *f, int64_t from, int64_t to, int64_t *byte);
/* Does another process hold that byte? */
bool state_file_owned_by_other(const struct state_file *f, int64_t byte);
/* The process that holds it; 0: none, or this one. */
int64_t state_file_owner(const struct state_file *f, int64_t byte);
/* Let what this process holds outlive exec(), as the new program's. */
void state_file_keep(struct state_file *f);
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
/* The file at `path` is no longer needed: the next state_writer_open() may fill it. 0 or -errno. */
int state_file_reuse(const struct state_file *f, const char *path);

/* Replace the content: a temporary file in the same folder, fsync, rename. On error the file is as
 * before; after a power failure it may be, too. */
struct state_writer {
    const struct state_file *f;
    char *temporary; /* owned */
    int fd;
    int error; /* errno of an early failure */
    size_t written;
};
int state_writer_open(struct state_writer *wr, const struct state_file *f, struct vnet_err *err);
/* The text has this much so far: the disk may begin with it. */
void state_writer_begin(struct state_writer *wr, const struct pieces *text);
/* That is all of it; the end of the writer in any case. */
int state_writer_end(struct state_writer *wr, const struct pieces *text, struct state_stamp *stamp,
                     struct vnet_err *err);

#endif
