/* A world kept in a state file, one transaction at a time. */
#ifndef VNET_SESSION_H
#define VNET_SESSION_H

#include <signal.h>

#include "vnet.h"

enum vnet_clock_mode {
    VNET_CLOCK_REAL,    /* the world's clock follows the wall clock */
    VNET_CLOCK_VIRTUAL, /* time moves only by what commands do */
};

struct vnet_session;

/* path: the state file (its folder is made if need be; the lock and the recorder's segments lie
 * beside it). profile: NULL: the file's own, else for this process in its place. Nothing is opened
 * yet. The session owns copies of its arguments. */
struct vnet_session *vnet_session_new(const char *path, enum vnet_clock_mode clock,
                                      const struct vnet_profile *profile);
/* A session without a file: one world in memory, virtual clock (replay, trials, tests). What a
 * transaction has changed stays, however it ends: a copy of the world at every vnet_begin() would
 * cost more than the commands. Owns w. */
struct vnet_session *vnet_session_memory(struct vnet *w);
/* The world of s in a session in memory, for many commands that are saved once: s stays locked, and
 * must not be used, until vnet_session_return(), which frees lent and saves what it has made of the
 * world, as one step. NULL, or a return of -errno: a message; nothing is saved then. */
struct vnet_session *vnet_session_lend(struct vnet_session *s, struct vnet_err *err);
int vnet_session_return(struct vnet_session *s, struct vnet_session *lent, struct vnet_err *err);
void vnet_session_free(struct vnet_session *s);
/* End a session in memory, between transactions: its world is the caller's. */
struct vnet *vnet_session_take(struct vnet_session *s);

enum vnet_clock_mode vnet_session_clock(const struct vnet_session *s);
const char *vnet_session_path(const struct vnet_session *s); /* NULL: in memory */

/* Waiting ends early (-EINTR) once *flag is not 0: a signal handler sets it. Borrowed, NULL: none.
 */
void vnet_session_interrupt(struct vnet_session *s, const volatile sig_atomic_t *flag);
/* A new command starts: the next vnet_begin() with `command` costs VNET_COMMAND_COST of virtual
 * time, and captures of "the last traffic" go back to here, if it causes any. A new session begins
 * with one; who runs several commands in a session calls this before each. */
void vnet_session_command(struct vnet_session *s);

/* This process lives in a namespace (of that id) from now on, once more or less; as on a kernel a
 * namespace stays while any process does, whatever becomes of its name. In a transaction. */
void vnet_session_enter(struct vnet_session *s, uint32_t netns);
void vnet_session_leave(struct vnet_session *s, uint32_t netns);
/* Does any process? As vnet_netns_del() asks; `session` is a struct vnet_session. In a transaction,
 * as all of these. */
bool vnet_session_inhabited(uint32_t netns, void *session);
/* The processes that do, `most` of them at most: their number. */
size_t vnet_session_inhabitants(struct vnet_session *s, uint32_t netns, int64_t *pids, size_t most);
/* The namespace that a process lives in; 0: none, as far as is known. */
uint32_t vnet_session_home(struct vnet_session *s, int64_t pid);
/* Before this process becomes another program: that one lives where this one does. */
void vnet_session_keep(struct vnet_session *s);

/* Begin a transaction: take the lock (shared access is not distinguished from exclusive), load the
 * file (made from preset "host" on first use), and let the clock catch up: in real mode to the wall
 * clock, in virtual mode by the cost of starting a command where `command` is true (once a
 * command). The world's clock may stand up to a millisecond ahead of the wall clock, for a command
 * that ran the world on to see the answer of a virtual link, some microseconds away, in the same
 * transaction. On error (*err names file and JSON path) nothing is held. */
int vnet_begin(struct vnet_session *s, bool command, struct vnet **w, struct vnet_err *err);
/* Save if anything was touched since vnet_begin (write, fsync, rename; frames to the recorder
 * first), and unlock. A transaction that touched nothing writes nothing; what catching up changed
 * is then forgotten, since the next one will come to the same. On error the file on disk is as
 * before; the lock is released in any case and *w is gone. */
int vnet_commit(struct vnet_session *s, struct vnet_err *err);
/* Forget what was done, unlock. */
void vnet_abort(struct vnet_session *s);

/* For those who wait (ping, tcpdump, sleep). Not inside a transaction.
 * Real clock: sleeps until the wall clock shows `until`, a signal arrives (-EINTR), or, if that is
 * earlier, runs due world events in transactions of its own as their time comes. Virtual clock: one
 * transaction that runs the world up to `until`; -EOVERFLOW if that is after the year 2099, which
 * vnet_commit() too refuses. */
int vnet_session_sleep(struct vnet_session *s, int64_t until, struct vnet_err *err);
/* Wait until others may have changed the world: 50 ms of real time at most, 5 ms with the virtual
 * clock; in real mode runs due events, and ends at `until` (0: none). Not inside a transaction. 0,
 * or -EINTR when a signal arrived. In memory nobody else can change it: -EAGAIN at once, unless it
 * is shared. */
int vnet_session_wait(struct vnet_session *s, int64_t until, struct vnet_err *err);
/* In memory several may use the session, by turns: who waits then lets others go on. arg is given
 * to both; each returns 0, or -errno as the function in whose place it is called. */
struct vnet_session_turns {
    int (*sleep)(void *arg, int64_t until); /* in place of vnet_session_sleep() */
    int (*wait)(void *arg, int64_t until);  /* in place of vnet_session_wait()'s -EAGAIN */
    void *arg;
};
/* Copied; NULL: nobody else is there. */
void vnet_session_share(struct vnet_session *s, const struct vnet_session_turns *turns);
/* Do others use it, too? Then nobody but vnet_session_sleep() and vnet_session_wait() lets time
 * pass. */
bool vnet_session_shared(const struct vnet_session *s);
/* A number that changes with each save by any process; without a transaction. In memory: 0. */
uint64_t vnet_session_changes(const struct vnet_session *s);
/* Inside a transaction: from now on (or until `on` is false) this process waits for what others
 * cause, as captures do; vnet_capture_registered() then says so. */
void vnet_session_listen(struct vnet_session *s, bool on);
/* The wall clock plus the world's saved offset (real) or the world's own time (virtual), without a
 * transaction if one was made before in this process. */
int vnet_session_now(struct vnet_session *s, int64_t *now, struct vnet_err *err);

/* A new world with a preset, its clock as the session's mode has it: at the wall clock, or at
 * VNET_VIRTUAL_EPOCH. seed: 0 chooses one, in virtual mode always the same. Owned by the caller. */
int vnet_session_world(struct vnet_session *s, const struct vnet_profile *profile,
                       const char *preset, uint64_t seed, struct vnet **w, struct vnet_err *err);
/* Write a new state file from w (ownership stays with the caller). -EEXIST unless force. */
int vnet_session_create(struct vnet_session *s, const struct vnet *w, bool force,
                        struct vnet_err *err);

#define VNET_COMMAND_COST  NSEC_PER_MSEC
#define VNET_VIRTUAL_EPOCH (1735689600 * NSEC_PER_SEC) /* 2025-01-01 00:00:00 UTC */

#endif
