#include "cmd/ping/ping.h"

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cmd/ping/state.h"

/* What one round of waiting for a reply is: how long, and by which system call. */
struct wait_plan {
    bool poll; /* poll(2): exact; else recvmsg(2), which wakes at a jiffy (SO_RCVTIMEO) */
    bool spin; /* sched_yield() and a look */
    int64_t ms;
};

static int64_t at_least_min_interval(int64_t ms)
{
    return ms < PING_MIN_INTERVAL ? PING_MIN_INTERVAL : ms;
}

/* schedule_exit(): after the last request, SIGALRM ends the wait for its reply. */
static int64_t schedule_exit(struct ping *p, int64_t next)
{
    if (!p->o.count || p->transmitted < p->o.count || p->o.deadline || p->exit_scheduled)
        return next;
    int64_t wait = p->o.linger * 1000; /* us */
    if (p->received) {
        wait = 2 * p->tmax;
        if (wait < 1000 * (int64_t)p->o.interval)
            wait = 1000 * (int64_t)p->o.interval;
    }
    if (wait > 0) {
        p->exit_scheduled = true;
        p->alarm = vnet_now(p->w) + wait * NSEC_PER_USEC;
    }
    return next < wait / 1000 ? wait / 1000 : next;
}

/* main_loop()'s choice between recvmsg(), poll() and spinning. */
static struct wait_plan plan_wait(const struct ping *p, int64_t next)
{
    struct wait_plan plan = {.ms = at_least_min_interval(p->o.interval)};
    if (!p->o.adaptive && next >= at_least_min_interval(p->o.interval))
        return plan;
    if (next <= 10) { /* a tick of user space's clock */
        plan.spin = ping_in_flight(p) == 0;
        next = PING_MIN_INTERVAL;
    }
    plan.poll = !plan.spin && (p->o.adaptive || p->o.interval);
    if (plan.poll)
        plan.ms = next;
    return plan;
}

static int carry_out_wait(struct ping *p, const struct wait_plan *plan)
{
    static const int64_t spin_time = 20 * NSEC_PER_USEC, poll_slack = 55 * NSEC_PER_USEC;
    int64_t now = vnet_now(p->w), delay = plan->ms * NSEC_PER_MSEC;
    if (plan->spin)
        return ping_wait(p, now + spin_time);
    return ping_wait(p, plan->poll ? now + delay + poll_slack : vnet_timeout_end(p->w, delay));
}

/* Read what there is: replies, and errors where the socket has one pending. */
static void drain(struct ping *p)
{
    for (;;) {
        struct vnet_msg msg;
        bool not_ours = false;
        long n = vnet_recvmsg(p->w, p->sock, p->in, p->in_size, 0, &msg);
        if (n >= 0) {
            not_ours = ping_reply(p, (size_t)n, &msg);
        } else {
            int error = (int)-n;
            if (error == EAGAIN && !vnet_sock_readable(p->w, p->sock))
                return;
            if (!ping_read_error(p, &error) && error && error != EAGAIN) {
                ping_complain(p, "recvmsg: %s", cmd_strerror(error));
                return;
            }
        }
        if (ping_in_flight(p) == 0 && !not_ours)
            return;
    }
}

static bool finished(const struct ping *p)
{
    return p->exiting || (p->o.count && p->received + p->errors >= p->o.count) ||
           (p->o.deadline && p->errors);
}

static void main_loop(struct ping *p)
{
    while (!finished(p)) {
        int64_t next;
        do
            next = schedule_exit(p, ping_probe(p));
        while (next <= 0);
        struct wait_plan plan = plan_wait(p, next);
        int rc = carry_out_wait(p, &plan);
        if (!p->w || p->killed)
            return;
        if (rc > 0)
            drain(p);
    }
}

static bool endless(const struct ping *p)
{
    return !p->o.count && !p->o.deadline && !p->env->deadline && !p->env->may_wait_forever &&
           vnet_session_clock(p->env->session) == VNET_CLOCK_VIRTUAL;
}

static int run(struct ping *p)
{
    enum { KILLED_BY_SIGNAL = 128 };
    int rc = ping_setup(p);
    if (rc != -1)
        return rc;
    if (endless(p)) {
        ping_complain(p, "would never end: with the virtual clock, give -c or -w");
        return 2;
    }
    if (!p->o.ident_given && !p->dgram)
        p->o.ident = (uint16_t)vnet_random(p->w);
    p->start = vnet_now(p->w);
    if (p->o.deadline)
        p->alarm = p->start + p->o.deadline * NSEC_PER_SEC;
    main_loop(p);
    if (!p->w)
        return 1;
    return p->killed ? KILLED_BY_SIGNAL + SIGTERM : ping_finish(p);
}

int ping_main(struct cmd_env *env, int argc, char **argv)
{
    struct ping *p = mem_alloc(sizeof(*p));
    p->env = env;
    p->prog = argv[0];
    p->pipesize = -1;
    p->tmin = INT64_MAX;
    int rc = ping_parse_options(p, argc, argv);
    if (rc == -1)
        rc = cmd_begin(env, &p->w, &p->ns) < 0 ? 2 : run(p);
    if (p->w) {
        if (p->sock)
            vnet_sock_close(p->w, p->sock);
        if (cmd_commit(env) < 0 && rc == 0)
            rc = 1;
    }
    free(p->out);
    free(p->in);
    free(p);
    return rc;
}
