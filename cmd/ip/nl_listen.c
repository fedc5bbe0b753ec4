/* Listening to the kernel's messages: what `ip monitor` and `bridge monitor` share. */
#include "cmd/ip/nl_listen.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"

/* print_timestamp() */
void nl_print_timestamp(const struct ip *ip, int64_t when)
{
    time_t seconds = (time_t)(when / NSEC_PER_SEC);
    long usec = (long)(when % NSEC_PER_SEC / NSEC_PER_USEC);
    char text[64] = "";
    struct tm tm;
    gmtime_r(&seconds, &tm);
    if (ip->opt.timestamp_short) {
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
        sink_printf(ip->out.out, "[%s.%06ld] ", text, usec);
    } else {
        strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &tm);
        sink_printf(ip->out.out, "Timestamp: %s %ld usec\n", text, usec);
    }
}

/* From now on all is owed to us: who waits for that hears of it. */
static int start(struct nl_listen *m)
{
    enum { RCVBUF = 1024 * 1024 };
    struct ip *ip = m->ip;
    struct cmd_env *env = ip->env;
    int rc = vnet_socket(ip->ns, VNET_AF_NETLINK, VNET_SOCK_RAW, 0, &m->sock);
    if (rc < 0) {
        sink_printf(ip->err, "Cannot open netlink socket: %s\n", cmd_strerror(-rc));
        return ARG_FAILED;
    }
    vnet_sock_setopt(ip->w, m->sock, VNET_SO_RCVBUF, RCVBUF);
    vnet_netlink_bind(ip->w, m->sock, m->groups);
    ll_map_init(&m->names, ip->ns);
    vnet_session_listen(env->session, true);
    if (ip_close(ip))
        return ARG_FAILED;
    if (env->listening)
        env->listening(env);
    return ARG_OK;
}

/* Messages that have been received, and not been accepted yet: one is about links that the next
 * ones name. */
struct batch {
    struct received {
        int64_t time;
        size_t at, len; /* in bytes */
    } * v;
    size_t n, cap;
    struct strbuf bytes;
};

static void receive(struct nl_listen *m, struct batch *b)
{
    uint8_t *bytes = mem_alloc(UINT16_MAX);
    struct vnet_msg meta;
    long n;
    while ((n = vnet_recvmsg(m->ip->w, m->sock, bytes, UINT16_MAX, 0, &meta)) != -EAGAIN) {
        if (n == -ENOBUFS)
            sink_printf(m->ip->err, "netlink receive error %s (%d)\n", cmd_strerror(ENOBUFS),
                        ENOBUFS);
        if (n < 0)
            continue;
        ARRAY_GROW(b->v, b->n, b->cap);
        b->v[b->n++] = (struct received){meta.time, b->bytes.len, (size_t)n};
        strbuf_add(&b->bytes, bytes, (size_t)n);
        if (vnet_netlink_parse(bytes, (size_t)n, &m->msg) == 0 && m->msg.type == VNET_RTM_NEWLINK)
            ll_map_ahead(&m->names, &m->msg.link);
    }
    free(bytes);
}

/* What there is by now. */
static int look(struct nl_listen *m)
{
    struct batch b = {.bytes = STRBUF_INIT};
    int status = ip_open(m->ip);
    if (status)
        return status;
    receive(m, &b);
    for (size_t i = 0; i < b.n; i++) {
        const uint8_t *bytes = (const uint8_t *)b.bytes.data + b.v[i].at;
        if (vnet_netlink_parse(bytes, b.v[i].len, &m->msg) == 0)
            m->accept(m, b.v[i].time);
    }
    if (b.n)
        m->wait.idle = 0;
    free(b.v);
    strbuf_release(&b.bytes);
    if (!m->by_stdio)
        sink_flush(m->ip->out.out);
    return ip_close(m->ip);
}

static int run(struct nl_listen *m)
{
    struct vnet_err err = {""};
    struct vnet_session *s = m->ip->env->session;
    uint64_t seen = 0;
    for (;;) {
        int signal = listener_signal(&m->wait, &err);
        uint64_t changes = vnet_session_changes(s);
        bool virtual = vnet_session_clock(s) == VNET_CLOCK_VIRTUAL;
        int status = signal || !virtual || !seen || changes != seen ? look(m) : ARG_OK;
        seen = changes;
        if (signal && m->by_stdio)
            sink_discard(m->ip->out.out);
        if (status || signal)
            return signal ? ARG_EXIT | (128 + signal) : status;
        int rc = listener_wait(&m->wait, &err);
        if (rc < 0)
            return rc == -EAGAIN ? ARG_OK : ARG_FAILED;
    }
}

static void stop(struct nl_listen *m)
{
    if (m->sock && ip_open(m->ip) == ARG_OK) {
        vnet_sock_close(m->ip->w, m->sock);
        vnet_session_listen(m->ip->env->session, false);
        ip_close(m->ip);
    }
    ll_map_release(&m->names);
}

int nl_listen(struct nl_listen *m)
{
    int status = start(m);
    m->ip->names = &m->names;
    if (!status)
        status = run(m);
    m->ip->names = NULL;
    stop(m);
    return status;
}
