/* arping: options, the loop, the summary. */
#include "cmd/arping/arping.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/options.h"
#include "vnet_profile.h"

static const char usage_text[] =
    "\n"
    "Usage:\n"
    "  arping [options] <destination>\n"
    "\n"
    "Options:\n"
    "  -f            quit on first reply\n"
    "  -q            be quiet\n"
    "  -b            keep on broadcasting, do not unicast\n"
    "  -D            duplicate address detection mode\n"
    "  -U            unsolicited ARP mode, update your neighbours\n"
    "  -A            ARP answer mode, update your neighbours\n"
    "  -V            print version and exit\n"
    "  -c <count>    how many packets to send\n"
    "  -w <timeout>  how long to wait for a reply\n"
    "  -i <interval> set interval between packets (default: 1 second)\n"
    "  -I <device>   which ethernet device to use\n"
    "  -s <source>   source ip address\n"
    "  <destination> dns name or ip address\n"
    "\n"
    "For more details see arping(8).\n";

static int usage(struct arping *a)
{
    sink_puts(a->env->err, usage_text);
    return 2;
}

void arping_complain(struct arping *a, int error, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    sink_flush(a->env->out);
    sink_puts(a->env->err, "arping: ");
    sink_vprintf(a->env->err, fmt, ap);
    if (error)
        sink_printf(a->env->err, ": %s", cmd_strerror(error));
    sink_puts(a->env->err, "\n");
    va_end(ap);
}

static int version(struct arping *a)
{
    sink_printf(a->env->out,
                "arping from iputils %s\n"
                "libcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): "
                "yes\n",
                cmd_profile(a->env)->tools.iputils);
    return 0;
}

/* strtol_or_err() */
static int take_number(struct arping *a, const char *arg, int min, int *value)
{
    char *end = NULL;
    errno = 0;
    long v = strtol(arg, &end, 10);
    if (*arg == '\0' || end == arg || *end || errno) {
        arping_complain(a, errno, "invalid argument: '%s'", arg);
        return 1;
    }
    if (v < min || v > INT_MAX) {
        arping_complain(a, 0, "invalid argument: '%s': out of range: %d <= value <= %d", arg, min,
                        INT_MAX);
        return 1;
    }
    *value = (int)v;
    return ARPING_GO_ON;
}

static int take_option(struct arping *a, const struct options *o, int c)
{
    switch (c) {
    case 'b':
        a->broadcast_only = true;
        break;
    case 'D':
        a->dad = a->quit_on_reply = true;
        break;
    case 'A':
        a->advert = a->unsolicited = true;
        break;
    case 'U':
        a->unsolicited = true;
        break;
    case 'q':
        a->quiet = true;
        break;
    case 'f':
        a->quit_on_reply = true;
        break;
    case 'c':
        return take_number(a, o->arg, 1, &a->count);
    case 'w':
        return take_number(a, o->arg, 0, &a->timeout);
    case 'i':
        return take_number(a, o->arg, 0, &a->interval);
    case 'I':
        a->device = *o->arg ? o->arg : NULL;
        break;
    case 's':
        a->source = o->arg;
        break;
    case 'V':
        return version(a);
    default:
        return usage(a);
    }
    return ARPING_GO_ON;
}

/* ---- the loop ---- */

static int finish(const struct arping *a)
{
    struct sink *out = a->env->out;
    if (!a->quiet) {
        sink_printf(out, "Sent %d probes (%d broadcast(s))\nReceived %d response(s)", a->sent,
                    a->brd_sent, a->received);
        if (a->brd_recv || a->req_recv)
            sink_puts(out, " (");
        if (a->req_recv)
            sink_printf(out, "%d request(s)", a->req_recv);
        if (a->brd_recv)
            sink_printf(out, "%s%d broadcast(s)", a->req_recv ? ", " : "", a->brd_recv);
        sink_puts(out, a->brd_recv || a->req_recv ? ")\n" : "\n");
    }
    if (a->dad)
        return a->received != 0;
    if (a->unsolicited)
        return 0;
    if (a->count > 0)
        return a->sent != a->received;
    return a->received == 0;
}

/* Read a packet. 0: go on; 1: it was the last one; -errno: there is none to come. */
static int read_packet(struct arping *a)
{
    uint8_t packet[4096];
    struct vnet_msg msg;
    long n = vnet_recvmsg(a->s.w, a->s.sock, packet, sizeof(packet), 0, &msg);
    if (n == -EAGAIN)
        return 0;
    if (n < 0) {
        arping_complain(a, (int)-n, "recvfrom");
        return n == -ENETDOWN ? -ENETDOWN : 0;
    }
    return arping_receive(a, packet, (size_t)n, &msg);
}

/* Times at which the timers of the loop expire next; INT64_MAX: never. */
struct timers {
    int64_t interval, timeout;
    int64_t expired; /* how often the interval did, and once for the first request */
};

static int64_t timer_start(const struct arping *a, int seconds)
{
    return seconds ? vnet_now(a->s.w) + seconds * NSEC_PER_SEC : INT64_MAX;
}

/* The timer of the interval: true: enough was sent. */
static bool interval_expired(struct arping *a, struct timers *t)
{
    t->interval += a->interval * NSEC_PER_SEC;
    t->expired++;
    if (a->count > 0 && a->count < t->expired)
        return true;
    arping_send(a);
    return false;
}

/* What is due at this moment. 0: go on, 1: the end, -errno. */
static int step(struct arping *a, struct timers *t, bool readable)
{
    int64_t now = vnet_now(a->s.w);
    bool end = false;
    if (now >= t->interval)
        end = interval_expired(a, t);
    if (now >= t->timeout)
        end = true;
    int rc = readable ? read_packet(a) : 0;
    return rc ? rc : end;
}

static int event_loop(struct arping *a)
{
    struct timers t = {timer_start(a, a->interval), timer_start(a, a->timeout), 1};
    int rc = 0;
    arping_send(a);
    while (rc == 0) {
        int64_t until = t.interval < t.timeout ? t.interval : t.timeout;
        int ready = sock_wait(&a->s, until);
        if (!a->s.w)
            return 1;
        rc = ready < 0 ? 1 : step(a, &t, ready > 0);
    }
    int status = finish(a);
    return rc < 0 ? ARPING_E_FAILED | status : status;
}

static bool endless(const struct arping *a)
{
    bool bounded = a->timeout || (a->count > 0 && a->interval);
    return !bounded && !a->env->deadline && !a->env->may_wait_forever &&
           vnet_session_clock(a->env->session) == VNET_CLOCK_VIRTUAL;
}

static int run(struct arping *a)
{
    int status = arping_setup(a);
    if (status != ARPING_GO_ON)
        return status;
    if (endless(a)) {
        arping_complain(a, 0, "may never end: with the virtual clock, give -c or -w");
        return ARPING_E_FAILED;
    }
    return event_loop(a);
}

int arping_main(struct cmd_env *env, int argc, char **argv)
{
    struct arping a = {.env = env, .s = {.env = env}, .count = -1, .interval = 1};
    struct options o;
    int c, status = ARPING_GO_ON;
    options_init(&o, argc, argv, "h?bfDUAqc:w:i:s:I:V", NULL, env->err);
    o.complete = env->complete;
    o.usage = usage_text;
    while (status == ARPING_GO_ON && (c = options_next(&o)) != -1)
        status = take_option(&a, &o, c);
    if (status == ARPING_GO_ON && o.noperands != 1)
        status = usage(&a);
    if (status == ARPING_GO_ON && cmd_begin(env, &a.s.w, &a.s.ns) < 0)
        status = ARPING_E_FAILED;
    if (status == ARPING_GO_ON) {
        a.target = o.operands[0];
        status = run(&a);
    }
    options_release(&o);
    if (a.s.w && a.s.sock)
        vnet_sock_close(a.s.w, a.s.sock);
    if (a.s.w && cmd_commit(env) < 0 && status == 0)
        status = 1;
    return status;
}
