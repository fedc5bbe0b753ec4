/* Which probe is sent when, how long each is waited for, and what is printed (do_it(),
 * get_timeout(), check_expired(), print_probe() of traceroute.c). */
#include <stdlib.h>

#include "base/mem.h"
#include "cmd/resolve.h"
#include "cmd/traceroute/traceroute.h"

#define WAIT_PRECISION NSEC_PER_MSEC /* DEF_WAIT_PREC */

/* ---- printing ---- */

static void print_addr(struct traceroute *t, const struct inet_addr *a)
{
    char text[INET_ADDRSTRLEN_MAX];
    struct sink *out = t->env->out;
    inet_addr_str(a, text);
    const char *name = hosts_name(vnet_hosts(t->s.w), a);
    if (t->numeric)
        sink_printf(out, " %s", text);
    else
        sink_printf(out, " %s (%s)", name ? name : text, text);
}

/* Is it another than that of the probe before, of those that were answered? */
static bool addr_is_news(const struct probe *pb, uint32_t np)
{
    for (const struct probe *p = pb; np > 0; np--) {
        p--;
        if (p->res.family)
            return !inet_addr_eq(&p->res, &pb->res);
    }
    return true;
}

static void print_probe(struct traceroute *t, const struct probe *pb)
{
    uint32_t i = (uint32_t)(pb - t->probes), np = i % t->probes_per_hop;
    struct sink *out = t->env->out;
    if (np == 0)
        sink_printf(out, "\n%2u ", i / t->probes_per_hop + 1);
    if (!pb->res.family)
        sink_puts(out, " *");
    else if (addr_is_news(pb, np))
        print_addr(t, &pb->res);
    if (pb->recv_time) {
        int64_t us = pb->recv_time / NSEC_PER_USEC - pb->send_time / NSEC_PER_USEC;
        sink_printf(out, "  %lld.%03lld ms", (long long)(us / 1000), (long long)(us % 1000));
    }
    if (pb->err[0])
        sink_printf(out, " %s", pb->err);
    sink_flush(out);
}

/* ---- time-outs ---- */

static int64_t at_most(const struct traceroute *t, const struct probe *p, double factor)
{
    double most = t->wait * (double)NSEC_PER_SEC;
    double v = (double)(p->recv_time - p->send_time + WAIT_PRECISION) * factor;
    return (int64_t)(v < most ? v : most);
}

static bool answered(const struct probe *p)
{
    return p->done && p->recv_time > p->send_time;
}

/* get_timeout() */
static int64_t timeout_of(const struct traceroute *t, const struct probe *pb)
{
    uint32_t i = (uint32_t)(pb - t->probes);
    const struct probe *hop = &t->probes[i - i % t->probes_per_hop], *end = t->probes + t->nprobes;
    for (const struct probe *p = hop; t->here != 0 && p < hop + t->probes_per_hop; p++)
        if (answered(p))
            return at_most(t, p, t->here);
    for (const struct probe *p = pb + 1; t->near != 0 && p < end && p->send_time; p++)
        if (answered(p))
            return at_most(t, p, t->near);
    return (int64_t)(t->wait * (double)NSEC_PER_SEC);
}

static int ttl_to_hops(int ttl)
{
    return ttl > 128 ? 256 - ttl : ttl > 64 ? 129 - ttl : 65 - ttl;
}

/* By how the answers came back: does the final one belong to the hop of this probe? */
static bool hops_agree(const struct traceroute *t, const struct probe *pb, const struct probe *fp)
{
    int back = ttl_to_hops(fp->recv_ttl);
    int ttl = (int)((uint32_t)(pb - t->probes) / t->probes_per_hop) + 1;
    for (const struct probe *p = pb; p > t->probes;) {
        p--;
        if (!p->done || p->final || !p->recv_ttl)
            continue;
        int hops = ttl_to_hops(p->recv_ttl);
        if (hops >= back)
            continue;
        back = back - hops + (int)((uint32_t)(p - t->probes) / t->probes_per_hop) + 1;
        break;
    }
    return back <= ttl;
}

/* Was this probe lost, though a later one, which is final, tells of the same hop? */
static bool belongs_here(const struct traceroute *t, const struct probe *pb, const struct probe *fp,
                         bool previous_final)
{
    uint32_t i = (uint32_t)(pb - t->probes);
    if (previous_final || i % t->probes_per_hop + (uint32_t)(fp - pb) < t->probes_per_hop)
        return true;
    for (const struct probe *p = pb; p > t->probes;) {
        p--;
        if (p->res.family && inet_addr_eq(&p->res, &fp->res))
            return true;
    }
    return fp->recv_ttl && hops_agree(t, pb, fp);
}

/* check_expired(): a final answer further on may be moved to the place of a probe that expired. */
static void check_expired(struct traceroute *t, struct probe *pb)
{
    uint32_t i = (uint32_t)(pb - t->probes);
    struct probe *end = t->probes + t->nprobes, *fp = NULL;
    bool previous_final = false;
    for (const struct probe *p = &t->probes[i - i % t->probes_per_hop]; p < pb; p++) {
        if (!p->done || !p->final)
            return;
        previous_final = true;
    }
    for (struct probe *p = pb + 1; p < end && p->send_time && !fp; p++) {
        if (!p->done)
            continue;
        if (!p->final)
            return;
        fp = p;
    }
    if (!fp || !fp->err[0] || !belongs_here(t, pb, fp, previous_final))
        return;
    *pb = *fp;
    *fp = (struct probe){.send_time = 1}; /* not to be sent again */
}

/* ---- the loop ---- */

struct window {
    uint32_t start, end; /* probes that are of interest */
    int64_t last_send, next_time;
};

/* A kernel's own network, and namespaces behind it, answer while sendto() runs: who polls then
 * finds all answers there. */
static int wait_for_answers(struct sock_wait *s, int64_t until)
{
    int ready = sock_wait(s, until);
    if (ready <= 0)
        return ready;
    s->nsocks = 0;
    ready = sock_wait(s, vnet_now(s->w) + NSEC_PER_MSEC / 5);
    return ready < 0 ? ready : 1;
}

/* The first probe is waited for; it may be time to give up. */
static void look_at_first(struct traceroute *t, struct window *win, struct probe *pb, int64_t now)
{
    if (pb->done || !pb->send_time)
        return;
    int64_t expires = pb->send_time + timeout_of(t, pb);
    if (expires > now) {
        win->next_time = expires;
        return;
    }
    traceroute_probe_done(t, pb);
    check_expired(t, pb);
}

static void settle(struct traceroute *t, struct window *win, uint32_t n)
{
    if (n == win->start) {
        print_probe(t, &t->probes[n]);
        win->start++;
    }
    if (t->probes[n].final)
        win->end = (n / t->probes_per_hop + 1) * t->probes_per_hop;
}

/* -z: not yet? */
static bool must_wait(const struct traceroute *t, struct window *win, int64_t now)
{
    int64_t next = win->last_send + (int64_t)(t->send_wait * (double)NSEC_PER_SEC);
    if (t->send_wait == 0 || !win->last_send || next <= now)
        return false;
    win->next_time = next;
    return true;
}

/* A pass over the window: print, expire, send. */
static int pass(struct traceroute *t, struct window *win)
{
    uint32_t num = 0;
    int64_t now = vnet_now(t->s.w);
    win->next_time = 0;
    for (uint32_t n = win->start; n < win->end; n++) {
        struct probe *pb = &t->probes[n];
        if (n == win->start)
            look_at_first(t, win, pb, now);
        if (pb->done) {
            settle(t, win, n);
            continue;
        }
        if (!pb->send_time) {
            if (must_wait(t, win, now))
                break;
            int status = traceroute_send(t, pb, n / t->probes_per_hop + 1);
            if (status != TRACEROUTE_GO_ON)
                return status;
            if (!pb->send_time)
                return win->next_time ? TRACEROUTE_GO_ON
                                      : traceroute_fail(t, "send probe", t->send_error);
            win->last_send = pb->send_time;
        }
        if (!win->next_time)
            win->next_time = pb->send_time + timeout_of(t, pb);
        if (++num >= t->sim_probes)
            break;
    }
    return TRACEROUTE_GO_ON;
}

int traceroute_run(struct traceroute *t)
{
    enum { KILLED_BY_SIGNAL = 128 };
    char text[INET_ADDRSTRLEN_MAX];
    struct window win = {.start = (t->first_hop - 1) * t->probes_per_hop, .end = t->nprobes};
    vnet_sock_id *ids = mem_calloc(t->nprobes + 1, sizeof(*ids));
    int status = TRACEROUTE_GO_ON;
    sink_printf(t->env->out, "traceroute to %s (%s), %u hops max, %d byte packets", t->host,
                inet_addr_str(&t->dst, text), t->max_hops, t->header_len + t->data_len);
    sink_flush(t->env->out);
    while (status == TRACEROUTE_GO_ON && win.start < win.end) {
        status = pass(t, &win);
        if (status != TRACEROUTE_GO_ON || !win.next_time)
            continue;
        t->s.socks = ids;
        traceroute_poll_set(t, ids, &t->s.nsocks);
        int ready = wait_for_answers(&t->s, win.next_time);
        if (ready > 0)
            traceroute_receive(t);
        else if (ready < 0)
            status = t->s.signal ? KILLED_BY_SIGNAL + t->s.signal : 1;
    }
    free(ids);
    if (status != TRACEROUTE_GO_ON)
        return status;
    sink_puts(t->env->out, "\n");
    return 0;
}
