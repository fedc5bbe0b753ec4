/* Inside a session; for session.c, sleep.c and capture.c. */
#ifndef VNET_STATE_SESSION_H
#define VNET_STATE_SESSION_H

#include "base/pieces.h"
#include "sim/world.h"
#include "state/file.h"
#include "vnet_session.h"
#include "vnet_sock.h"

struct session_home { /* a namespace that this process lives in */
    uint32_t netns, count;
    int64_t byte; /* in the lock file, 0: none */
};

struct vnet_session {
    struct state_file file; /* path NULL: in memory */
    enum vnet_clock_mode clock;
    const struct vnet_profile *profile; /* in place of the file's, NULL: the file's own */
    const volatile sig_atomic_t *interrupt;

    /* The world as last loaded or saved, kept while nobody else replaces the file. */
    struct vnet *w;
    struct state_stamp stamp;
    const struct vnet_profile *saved_profile;
    bool pending;       /* events have run in it that the file does not know of */
    struct pieces text; /* the file is read and written through it, so that its pages are fetched
                           once; in memory, where steps are kept: the world at vnet_begin() */
    size_t size;        /* of the state that was read or written last, or is in `text` */

    bool open;            /* inside a transaction */
    int64_t stored_now;   /* virtual time: the clock before it, or EVENTS_RAN (session.c) */
    int64_t began;        /* the world's clock when the caller got it */
    uint32_t last_sock;   /* ids behind it were made in this transaction */
    uint64_t began_seq;   /* the recorder's position then */
    bool by_command;      /* this transaction is a command's own */
    bool new_command;     /* see vnet_session_command() */
    uint64_t command_seq; /* recorder's position when the command began */

    struct vnet_session_turns turns; /* in memory; sleep NULL: nobody else uses it */

    char *command_netns;
    char *command;     /* its words, as they are told later; owned; NULL: not known */
    bool stepped;      /* it has made its step, or makes none */
    bool keeps_steps;  /* in memory: those before each command are kept */
    struct kept *kept; /* in memory: state/keep.c */
    size_t nkept, kept_cap;

    struct list captures; /* those that are registered (state/capture.c) */
    vnet_sock_id *owned;  /* sockets of this process */
    uint32_t nowned, owned_cap;
    struct session_home *homes; /* state/inhabit.c */
    uint32_t nhomes, homes_cap;
};

static inline bool session_in_memory(const struct vnet_session *s)
{
    return !s->file.path;
}
/* Take the lock and have s->w as it is on disk (no catching up). */
int session_load(struct vnet_session *s, struct vnet_err *err);
/* Give the lock back. */
void session_unlock(struct vnet_session *s);
/* undo.c: before the first save of a command, its step; the world w is what will be saved. */
void session_begin_step(struct vnet_session *s, struct vnet *w);
/* Inside a transaction: `fresh`, which it takes, in the place of the world. */
void session_replace(struct vnet_session *s, struct vnet *fresh);
/* A transaction that saves what catching up did; the wall clock's catching up included. */
int session_run_due(struct vnet_session *s, struct vnet_err *err);
/* Under the lock: how many promiscuous captures each device has, into struct netdev's captures. */
void session_count_captures(struct vnet_session *s);
/* Nameless namespaces that nobody lives in go. */
void session_collect_netns(struct vnet_session *s);
/* -EOVERFLOW: what would put the world's clock behind STATE_TIME_MAX is not done, not saved. */
int session_past_end(struct vnet_err *err);
/* Wait that many ns of real time: 0, or -EINTR when a signal arrives (or the interrupt flag is
 * set). */
int session_pause(const struct vnet_session *s, int64_t ns);
int64_t session_wall_clock(void);

#endif
