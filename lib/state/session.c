#include "state/session.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "dev/netns.h"
#include "inet/sock.h"
#include "state/keep.h"
#include "state/segments.h"
#include "state/state.h"

/* The wall clock was set back by more than this: the world's time goes on from where it stands. */
static const int64_t clock_step = NSEC_PER_SEC;

static struct vnet_session *new_session(enum vnet_clock_mode clock)
{
    struct vnet_session *s = mem_alloc(sizeof(*s));
    s->clock = clock;
    s->new_command = true;
    s->file.lock_fd = -1;
    list_init(&s->captures);
    return s;
}

struct vnet_session *vnet_session_new(const char *path, enum vnet_clock_mode clock,
                                      const struct vnet_profile *profile)
{
    struct vnet_session *s = new_session(clock);
    s->profile = profile;
    state_file_init(&s->file, path);
    return s;
}

struct vnet_session *vnet_session_memory(struct vnet *w)
{
    struct vnet_session *s = new_session(VNET_CLOCK_VIRTUAL);
    s->w = w;
    return s;
}

void vnet_session_free(struct vnet_session *s)
{
    if (!s)
        return;
    if (s->open)
        vnet_abort(s);
    vnet_free(s->w);
    state_file_release(&s->file);
    pieces_release(&s->text);
    free(s->owned);
    free(s->homes);
    free(s->command);
    free(s->command_netns);
    keep_release(s);
    free(s);
}

struct vnet *vnet_session_take(struct vnet_session *s)
{
    struct vnet *w = s->w;
    s->w = NULL;
    vnet_session_free(s);
    return w;
}

enum vnet_clock_mode vnet_session_clock(const struct vnet_session *s)
{
    return s->clock;
}

const char *vnet_session_path(const struct vnet_session *s)
{
    return s->file.path;
}

void vnet_session_interrupt(struct vnet_session *s, const volatile sig_atomic_t *flag)
{
    s->interrupt = flag;
}

void vnet_session_share(struct vnet_session *s, const struct vnet_session_turns *turns)
{
    s->turns = turns ? *turns : (struct vnet_session_turns){0};
}

bool vnet_session_shared(const struct vnet_session *s)
{
    return s->turns.sleep != NULL;
}

void vnet_session_command(struct vnet_session *s)
{
    s->new_command = true;
    s->stepped = false;
    free(s->command);
    s->command = NULL;
}

int64_t session_wall_clock(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

/* ---- new worlds ---- */

int vnet_session_world(struct vnet_session *s, const struct vnet_profile *profile,
                       const char *preset, uint64_t seed, struct vnet **w, struct vnet_err *err)
{
    bool real = s->clock == VNET_CLOCK_REAL;
    int64_t now = real ? session_wall_clock() : VNET_VIRTUAL_EPOCH;
    if (!seed)
        seed = real ? (uint64_t)now : 1;
    struct vnet *fresh =
        vnet_new(profile ? profile : vnet_profiles(), seed, now - VNET_PRESET_TIME);
    if (real)
        fresh->clock_offset = 0;
    int rc = vnet_preset(fresh, preset, err);
    if (rc < 0)
        vnet_free(fresh);
    else
        *w = fresh;
    return rc;
}

static int write_world(struct vnet_session *s, const struct vnet *w, struct state_stamp *stamp,
                       struct vnet_err *err)
{
    struct state_writer file;
    struct state_save save;
    int rc = state_writer_open(&file, &s->file, err);
    if (rc < 0)
        return rc;
    pieces_reset(&s->text);
    state_save_begin(&save, w, &s->text);
    state_writer_begin(&file, &s->text);
    state_save_end(&save);
    s->size = pieces_len(&s->text);
    rc = state_writer_end(&file, &s->text, stamp, err);
    pieces_reset(&s->text);
    return rc;
}

static void forget_world(struct vnet_session *s)
{
    vnet_free(s->w);
    s->w = NULL;
    s->stamp.known = false;
    s->pending = false;
}

/* It takes the place of what is there, in one step that can be undone. NULL: nothing is there, or
 * nothing that can be read. */
static struct vnet *following(struct vnet_session *s, const struct vnet *w)
{
    struct state_stamp stamp;
    struct vnet_err err;
    struct vnet *next = NULL, *old = NULL;
    if (state_file_read(&s->file, &s->text.own, &stamp, &err) == 0) {
        s->size = s->text.own.len;
        old = state_parse_buf(&s->text.own, &err);
    }
    if (!old)
        return NULL;
    next = vnet_clone(w);
    free(next->history.command);
    next->history = old->history;
    old->history.command = NULL;
    session_begin_step(s, next);
    vnet_free(old);
    return next;
}

int vnet_session_create(struct vnet_session *s, const struct vnet *w, bool force,
                        struct vnet_err *err)
{
    struct state_stamp stamp;
    int rc = state_file_lock(&s->file, err);
    if (rc < 0)
        return rc;
    if (!force && state_file_stamp(&s->file, &stamp, NULL) != -ENOENT)
        rc = vnet_err(err, EEXIST, "%s exists already", s->file.path);
    struct vnet *next = rc == 0 ? following(s, w) : NULL;
    if (rc == 0)
        rc = write_world(s, next ? next : w, &stamp, err);
    vnet_free(next);
    state_file_unlock(&s->file);
    forget_world(s);
    return rc;
}

/* ---- loading ---- */

/* The first use: made and written at once, so that whoever comes next sees the same world. */
static int make_first(struct vnet_session *s, struct vnet_err *err)
{
    struct vnet *w;
    int rc = vnet_session_world(s, s->profile, "host", 0, &w, err);
    if (rc < 0)
        return rc;
    rc = write_world(s, w, &s->stamp, err);
    if (rc < 0)
        vnet_free(w);
    else
        s->w = w;
    return rc;
}

static int read_world(struct vnet_session *s, struct vnet_err *err)
{
    struct vnet_err why = {""};
    int rc = state_file_read(&s->file, &s->text.own, &s->stamp, err);
    if (rc == -ENOENT)
        return make_first(s, err);
    if (rc < 0)
        return rc;
    s->size = s->text.own.len;
    s->w = state_parse_buf(&s->text.own, &why);
    if (!s->w)
        return vnet_err(err, EINVAL, "%s: %s", s->file.path, why.msg);
    return 0;
}

static int load(struct vnet_session *s, struct vnet_err *err)
{
    struct state_stamp stamp = {.known = false};
    if (s->w && state_file_stamp(&s->file, &stamp, NULL) == 0 &&
        state_stamp_equal(&stamp, &s->stamp))
        return 0;
    forget_world(s);
    int rc = read_world(s, err);
    if (rc < 0) {
        s->stamp.known = false;
        return rc;
    }
    s->saved_profile = s->w->profile;
    if (s->profile)
        s->w->profile = s->profile;
    return 0;
}

int session_load(struct vnet_session *s, struct vnet_err *err)
{
    int rc = state_file_lock(&s->file, err);
    if (rc < 0)
        return rc;
    rc = load(s, err);
    if (rc < 0)
        state_file_unlock(&s->file);
    return rc;
}

void session_unlock(struct vnet_session *s)
{
    state_file_unlock(&s->file);
}

/* ---- catching up ---- */

/* In place of the clock that the file has: the world has gone on from there. */
#define EVENTS_RAN INT64_MIN

static void run_until(struct vnet_session *s, int64_t until)
{
    struct vnet *w = s->w;
    w->dirty = false;
    vnet_run_until(w, until < STATE_TIME_MAX ? until : STATE_TIME_MAX);
    s->pending |= w->dirty;
}

static void catch_up_real(struct vnet_session *s)
{
    struct vnet *w = s->w;
    int64_t wall = session_wall_clock();
    if (w->clock_offset == WORLD_NO_OFFSET || wall + w->clock_offset < w->now - clock_step)
        w->clock_offset = w->now - wall;
    run_until(s, wall + w->clock_offset);
}

static void catch_up(struct vnet_session *s, bool command)
{
    int64_t now = s->w->now;
    s->stored_now = now;
    s->w->dirty = false;
    if (s->clock == VNET_CLOCK_REAL) {
        catch_up_real(s);
    } else {
        s->w->clock_offset = WORLD_NO_OFFSET;
        if (command && s->new_command) {
            if (vnet_next_event(s->w) <= now + VNET_COMMAND_COST)
                s->stored_now = EVENTS_RAN;
            run_until(s, now + VNET_COMMAND_COST);
        }
    }
    if (command && s->new_command) {
        s->new_command = false;
        s->command_seq = s->w->recorder.next_seq;
    }
}

/* ---- sockets and their owners ---- */

static bool is_owned(const struct vnet_session *s, vnet_sock_id id)
{
    for (uint32_t i = 0; i < s->nowned; i++)
        if (s->owned[i] == id)
            return true;
    return false;
}

/* Sockets whose owner was killed. */
static void collect_sockets(struct vnet_session *s)
{
    netns_each_awake(s->w, ns)
    {
        list_each_safe(pos, next, &ns->socks->socks)
        {
            vnet_sock_id id = list_entry(pos, struct sock, node)->id;
            if (!is_owned(s, id) && !state_file_owned_by_other(&s->file, id))
                vnet_sock_close(s->w, id);
        }
    }
}

/* Hold the bytes of the sockets made in this transaction, let go those that were closed. */
static void own_sockets(struct vnet_session *s)
{
    for (vnet_sock_id id = s->last_sock; id != s->w->last_sock_id;) {
        if (!sock_find(s->w, ++id))
            continue;
        ARRAY_GROW(s->owned, s->nowned, s->owned_cap);
        s->owned[s->nowned++] = id;
        state_file_own(&s->file, id, true);
    }
    for (uint32_t i = s->nowned; i-- > 0;) {
        if (sock_find(s->w, s->owned[i]))
            continue;
        state_file_own(&s->file, s->owned[i], false);
        s->owned[i] = s->owned[--s->nowned];
    }
}

/* ---- transactions ---- */

/* A namespace of a state that was not what it said (state/asleep.c) is not there: what has happened
 * without it counts for nothing. */
static int check_whole(const struct vnet_session *s, struct vnet_err *err)
{
    if (!s->w->broken)
        return 0;
    return vnet_err(err, EINVAL, "%s: %s", session_in_memory(s) ? "state" : s->file.path,
                    s->w->broken->msg);
}

/* What a step that is made of this transaction goes back to. */
static void take_snapshot(struct vnet_session *s)
{
    pieces_reset(&s->text);
    state_save(s->w, &s->text.own);
    s->size = s->text.own.len;
}

/* What is in memory only stays as it is, but for a clock that has come to its end. */
static void forget_changes(struct vnet_session *s)
{
    if (!session_in_memory(s))
        forget_world(s);
    else if (s->w->now > STATE_TIME_MAX)
        s->w->now = s->began;
}

int vnet_begin(struct vnet_session *s, bool command, struct vnet **w, struct vnet_err *err)
{
    int rc = 0;
    if (!session_in_memory(s))
        rc = session_load(s, err);
    else if (s->keeps_steps)
        take_snapshot(s);
    if (rc < 0)
        return rc;
    catch_up(s, command);
    if (!session_in_memory(s))
        collect_sockets(s);
    session_collect_netns(s);
    session_count_captures(s);
    rc = check_whole(s, err);
    if (rc < 0) {
        forget_changes(s);
        session_unlock(s);
        return rc;
    }
    if (s->w->dirty)
        s->stored_now = EVENTS_RAN;
    s->w->dirty = false;
    s->began = s->w->now;
    s->began_seq = s->w->recorder.next_seq;
    s->by_command = command;
    s->last_sock = s->w->last_sock_id;
    s->open = true;
    *w = s->w;
    return 0;
}

static bool must_save(const struct vnet_session *s)
{
    return s->w->dirty || (s->clock == VNET_CLOCK_VIRTUAL && s->w->now != s->began);
}

int session_past_end(struct vnet_err *err)
{
    return vnet_err(err, EOVERFLOW, "the world's clock cannot go beyond the year 2099");
}

static int save(struct vnet_session *s, struct vnet_err *err)
{
    const struct vnet_profile *shown = s->w->profile;
    if (s->by_command && s->w->recorder.next_seq != s->began_seq)
        s->w->last_traffic_seq = s->command_seq;
    if (s->w->now > STATE_TIME_MAX)
        return session_past_end(err);
    if (s->by_command && !s->stepped && (s->keeps_steps || !session_in_memory(s)))
        session_begin_step(s, s->w);
    if (session_in_memory(s))
        return 0;
    own_sockets(s);
    int rc = segments_write(s->file.path, s->w, err);
    if (rc < 0)
        return rc;
    s->w->profile = s->saved_profile;
    rc = write_world(s, s->w, &s->stamp, err);
    s->w->profile = shown;
    if (rc < 0)
        return rc;
    recorder_clear(&s->w->recorder);
    s->pending = false;
    return 0;
}

/* End without saving: a world that is as one that catches up anew can stay; so can one in which
 * nothing but the time has passed, once that is what it was. */
static void drop(struct vnet_session *s, bool changed)
{
    if (session_in_memory(s) && (changed || s->stored_now == EVENTS_RAN))
        return;
    if (changed || (s->clock == VNET_CLOCK_VIRTUAL && s->stored_now == EVENTS_RAN))
        s->stamp.known = false; /* no longer what the file holds: load() drops it */
    else if (s->clock == VNET_CLOCK_VIRTUAL)
        s->w->now = s->stored_now;
}

int vnet_commit(struct vnet_session *s, struct vnet_err *err)
{
    int rc = check_whole(s, err);
    if (rc == 0 && !must_save(s))
        drop(s, false);
    else if (rc < 0 || (rc = save(s, err)) < 0)
        forget_changes(s);
    session_unlock(s);
    s->open = false;
    return rc;
}

void vnet_abort(struct vnet_session *s)
{
    drop(s, must_save(s));
    session_unlock(s);
    s->open = false;
}

struct vnet_session *vnet_session_lend(struct vnet_session *s, struct vnet_err *err)
{
    struct vnet *w;
    if (vnet_begin(s, true, &w, err) < 0)
        return NULL;
    struct vnet_session *lent = vnet_session_memory(w);
    lent->interrupt = s->interrupt;
    return lent;
}

int vnet_session_return(struct vnet_session *s, struct vnet_session *lent, struct vnet_err *err)
{
    s->w = vnet_session_take(lent);
    s->w->dirty = true;
    return vnet_commit(s, err);
}

int session_run_due(struct vnet_session *s, struct vnet_err *err)
{
    struct vnet *w;
    int rc = vnet_begin(s, false, &w, err);
    if (rc < 0)
        return rc;
    w->dirty = s->pending;
    return vnet_commit(s, err);
}
