#include "cmd/sockwait.h"

#include <limits.h>

/* A reply over virtual links takes microseconds: it is worked off within the transaction that sent
 * the request, though the wall clock has not got there yet. */
static const int64_t lookahead = NSEC_PER_MSEC;
/* Between looks at a world that other processes may have changed. */
static const int64_t longest_sleep = 100 * NSEC_PER_MSEC;

/* From an interrupt to the process that it wakes: what the same interrupt still brings, such as the
 * other errors of one neighbour that does not answer, is there when the process looks. */
static const int64_t wakeup_latency = 20 * NSEC_PER_USEC;

/* A signal, or the limit that timeout(1) puts on the command. */
static bool ended(struct sock_wait *s)
{
    if (s->env->interrupted && *s->env->interrupted)
        s->signal = (int)*s->env->interrupted;
    else if (s->env->deadline && vnet_now(s->w) >= s->env->deadline)
        s->signal = s->env->deadline_signal;
    return s->signal != 0;
}

/* Let the wall clock catch up, or others, without the lock. */
static bool sleep_beside_others(struct sock_wait *s, int64_t until)
{
    int64_t next = vnet_next_event(s->w), cap = vnet_now(s->w) + longest_sleep;
    struct vnet_err err = {""};
    if (until > next)
        until = next;
    if (until > cap)
        until = cap;
    int rc = cmd_commit(s->env);
    s->w = NULL;
    if (rc < 0)
        return false;
    vnet_session_sleep(s->env->session, until, &err);
    return cmd_begin(s->env, &s->w, &s->ns) == 0;
}

static bool readable_by(struct sock_wait *s, int64_t horizon)
{
    int64_t asleep = vnet_now(s->w);
    const volatile sig_atomic_t *stop = s->env->interrupted;
    if (s->socks ? !vnet_sock_wait_any(s->w, s->socks, s->nsocks, horizon, stop)
                 : !vnet_sock_wait(s->w, s->sock, horizon, stop))
        return false;
    int64_t woken = vnet_now(s->w);
    if (woken > asleep)
        vnet_run_until(s->w, woken + wakeup_latency < horizon ? woken + wakeup_latency : horizon);
    return true;
}

int sock_wait(struct sock_wait *s, int64_t until)
{
    bool shared = vnet_session_shared(s->env->session);
    bool alone = !shared && vnet_session_clock(s->env->session) == VNET_CLOCK_VIRTUAL;
    int64_t ahead = shared ? 0 : lookahead;
    if (s->env->deadline && s->env->deadline < until)
        until = s->env->deadline;
    for (;;) {
        if (ended(s))
            return -1;
        int64_t horizon = until;
        if (!alone && horizon > vnet_now(s->w) + ahead)
            horizon = vnet_now(s->w) + ahead;
        if (readable_by(s, horizon))
            return 1;
        if (horizon == until || vnet_now(s->w) >= until)
            break;
        if (!sleep_beside_others(s, until))
            return -1;
    }
    vnet_run_until_stopped(s->w, until, s->env->interrupted);
    return ended(s) ? -1 : 0;
}
