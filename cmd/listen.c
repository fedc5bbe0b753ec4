#include "cmd/listen.h"

#include <errno.h>

int listener_signal(struct listener *l, struct vnet_err *err)
{
    const struct cmd_env *env = l->env;
    int64_t now;
    if (env->interrupted && *env->interrupted)
        return (int)*env->interrupted;
    if ((!env->deadline && !l->until) || vnet_session_now(env->session, &now, err) < 0)
        return 0;
    if (now != l->now)
        l->idle = 0;
    l->now = now;
    return env->deadline && now >= env->deadline ? env->deadline_signal : 0;
}

static int64_t wake_time(const struct listener *l)
{
    int64_t deadline = l->env->deadline;
    if (!l->until || (deadline && deadline < l->until))
        return deadline;
    return l->until;
}

/* The world goes on to what happens next, the time to wake at the latest. */
static int pass_time(const struct listener *l, struct vnet_err *err)
{
    struct vnet *w;
    int rc = vnet_begin(l->env->session, false, &w, err);
    if (rc < 0)
        return rc;
    int64_t next = vnet_next_event(w), wake = wake_time(l);
    vnet_abort(l->env->session);
    return vnet_session_sleep(l->env->session, next < wake ? next : wake, err);
}

int listener_wait(struct listener *l, struct vnet_err *err)
{
    enum { PATIENCE = 200 }; /* waits of some milliseconds each */
    struct vnet_session *s = l->env->session;
    bool must_end = wake_time(l) && vnet_session_clock(s) == VNET_CLOCK_VIRTUAL;
    bool alone = !l->env->background || l->idle >= PATIENCE;
    l->idle++;
    int rc = must_end && alone ? pass_time(l, err) : vnet_session_wait(s, wake_time(l), err);
    return rc == -EINTR ? 0 : rc;
}
