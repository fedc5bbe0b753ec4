#include <limits.h>

#include "cmd/ping/state.h"

/* A reply over virtual links takes microseconds: it is worked off within the transaction that sent
 * the request, though the wall clock has not got there yet. */
static const int64_t lookahead = NSEC_PER_MSEC;
/* Between looks at a world that other processes may have changed. */
static const int64_t longest_sleep = 100 * NSEC_PER_MSEC;

int64_t ping_now(const struct ping *p)
{
    return vnet_now(p->w);
}

static bool interrupted(struct ping *p)
{
    int sig = p->env->interrupted ? (int)*p->env->interrupted : 0;
    if (!sig)
        return false;
    p->exiting = true;
    p->killed = sig != SIGINT;
    return true;
}

/* The limit that timeout(1) puts on the command. */
static bool past_deadline(struct ping *p)
{
    if (!p->env->deadline || vnet_now(p->w) < p->env->deadline)
        return false;
    p->exiting = true;
    p->killed = p->env->deadline_signal != SIGINT;
    return true;
}

/* Let the wall clock catch up, or others, without the lock. false: failed, or the signal came. */
static bool sleep_beside_others(struct ping *p, int64_t until)
{
    int64_t next = vnet_next_event(p->w), cap = vnet_now(p->w) + longest_sleep;
    struct vnet_err err = {""};
    if (until > next)
        until = next;
    if (until > cap)
        until = cap;
    if (cmd_commit(p->env) < 0) {
        p->w = NULL;
        return false;
    }
    p->w = NULL;
    vnet_session_sleep(p->env->session, until, &err);
    return cmd_begin(p->env, &p->w, &p->ns) == 0;
}

int ping_wait(struct ping *p, int64_t until)
{
    bool alarm = p->alarm && p->alarm <= until;
    bool shared = vnet_session_shared(p->env->session);
    bool alone = !shared && vnet_session_clock(p->env->session) == VNET_CLOCK_VIRTUAL;
    int64_t ahead = shared ? 0 : lookahead;
    if (alarm)
        until = p->alarm;
    if (p->env->deadline && p->env->deadline < until) {
        until = p->env->deadline;
        alarm = false;
    }
    for (;;) {
        if (interrupted(p) || past_deadline(p)) /* also where there is always something to read */
            return -1;
        int64_t horizon = until;
        if (!alone && horizon > vnet_now(p->w) + ahead)
            horizon = vnet_now(p->w) + ahead;
        if (vnet_sock_wait(p->w, p->sock, horizon))
            return 1;
        if (horizon == until || vnet_now(p->w) >= until)
            break;
        if (!sleep_beside_others(p, until)) {
            p->exiting = p->killed = true;
            return -1;
        }
    }
    vnet_run_until(p->w, until);
    if (past_deadline(p))
        return -1;
    if (alarm)
        p->exiting = true;
    return alarm ? -1 : 0;
}
