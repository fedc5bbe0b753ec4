/* Those who wait: sleeping without the lock, running the world's events as their time comes. */
#include <errno.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "state/session.h"
#include "state/state.h"

/* Between looks at a world that other processes may have changed. */
static const int64_t longest_pause = 100 * NSEC_PER_MSEC;

static bool interrupted(const struct vnet_session *s)
{
    return s->interrupt && *s->interrupt;
}

/* pselect() opens the door for signals only while it sleeps, so that none slips in between the look
 * at the flag and the sleep. */
int session_pause(const struct vnet_session *s, int64_t ns)
{
    const struct timespec ts = {.tv_sec = (time_t)(ns / NSEC_PER_SEC),
                                .tv_nsec = (long)(ns % NSEC_PER_SEC)};
    sigset_t closed, before;
    sigfillset(&closed);
    sigprocmask(SIG_BLOCK, &closed, &before);
    int rc = 0;
    if (interrupted(s) || (ns > 0 && pselect(0, NULL, NULL, NULL, &ts, &before) < 0))
        rc = -EINTR;
    sigprocmask(SIG_SETMASK, &before, NULL);
    return rc;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* How long until the world's clock shows `until`, or something is due, or it is time for a look. */
static int64_t pause_length(const struct vnet_session *s, int64_t until)
{
    int64_t now = session_wall_clock() + s->w->clock_offset;
    int64_t next = earlier(until, vnet_next_event(s->w));
    return next <= now ? 0 : earlier(next - now, longest_pause);
}

static bool is_over(const struct vnet_session *s, int64_t until)
{
    return s->w->now >= until;
}

static int sleep_real(struct vnet_session *s, int64_t until, struct vnet_err *err)
{
    until = earlier(until, STATE_TIME_MAX); /* where the clock stands still */
    for (;;) {
        int rc = session_run_due(s, err);
        if (rc < 0 || is_over(s, until))
            return rc;
        rc = session_pause(s, pause_length(s, until));
        if (rc < 0)
            return rc;
    }
}

static int sleep_virtual(struct vnet_session *s, int64_t until, struct vnet_err *err)
{
    struct vnet *w;
    if (interrupted(s))
        return -EINTR;
    if (until > STATE_TIME_MAX)
        return session_past_end(err);
    int rc = vnet_begin(s, false, &w, err);
    if (rc < 0)
        return rc;
    bool whole = vnet_run_until_stopped(w, until, s->interrupt);
    rc = vnet_commit(s, err);
    return rc < 0 || whole ? rc : -EINTR;
}

int vnet_session_sleep(struct vnet_session *s, int64_t until, struct vnet_err *err)
{
    if (vnet_session_shared(s))
        return s->turns.sleep(s->turns.arg, until);
    return s->clock == VNET_CLOCK_REAL ? sleep_real(s, until, err) : sleep_virtual(s, until, err);
}

int vnet_session_now(struct vnet_session *s, int64_t *now, struct vnet_err *err)
{
    struct vnet *w;
    if (s->clock == VNET_CLOCK_REAL && s->w) {
        int64_t wall = session_wall_clock() + s->w->clock_offset;
        *now = wall > s->w->now ? wall : s->w->now;
        return 0;
    }
    int rc = vnet_begin(s, false, &w, err);
    if (rc < 0)
        return rc;
    *now = w->now;
    vnet_abort(s);
    return 0;
}

/* ---- waiting for others ---- */

int vnet_session_wait(struct vnet_session *s, int64_t until, struct vnet_err *err)
{
    static const int64_t poll_interval = 50 * NSEC_PER_MSEC;
    static const int64_t virtual_poll_interval = 5 * NSEC_PER_MSEC;
    int64_t now;
    if (vnet_session_shared(s))
        return s->turns.wait(s->turns.arg, until);
    if (session_in_memory(s))
        return -EAGAIN;
    if (s->clock == VNET_CLOCK_VIRTUAL)
        return session_pause(s, virtual_poll_interval);
    int rc = vnet_session_now(s, &now, err);
    if (rc < 0)
        return rc;
    bool sooner = until && until < now + poll_interval;
    return vnet_session_sleep(s, sooner ? until : now + poll_interval, err);
}

uint64_t vnet_session_changes(const struct vnet_session *s)
{
    return session_in_memory(s) ? 0 : state_file_changes(&s->file);
}

void vnet_session_listen(struct vnet_session *s, bool on)
{
    if (!session_in_memory(s))
        state_file_own(&s->file, STATE_LOCK_CAPTURE(getpid()), on);
}
