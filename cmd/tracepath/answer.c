/* What tracepath's error queue tells: a line a message. */
#include <errno.h>
#include <string.h>

#include "base/hosts.h"
#include "base/strbuf.h"
#include "cmd/tracepath/tracepath.h"

enum { ORIGIN_LOCAL = 1, ORIGIN_ICMP = 2, ORIGIN_ICMP6 = 3, HOST_COLUMN = 52 };

/* The probe that a message is about. */
struct about {
    int hops;     /* -1: unknown */
    int64_t sent; /* 0: unknown */
};

static struct about find_slot(struct tracepath *t, const struct vnet_msg *m)
{
    struct about a = {-1, 0};
    int slot = m->port - t->port;
    if (slot < 0 || slot >= TRACEPATH_SLOTS - 1 || !t->slots[slot].hops)
        return a;
    a.hops = t->slots[slot].hops;
    a.sent = t->slots[slot].sent;
    t->slots[slot].hops = 0;
    return a;
}

static void print_host(struct tracepath *t, const struct inet_addr *addr)
{
    char text[INET_ADDRSTRLEN_MAX];
    struct strbuf host = STRBUF_INIT;
    inet_addr_str(addr, text);
    if (t->numeric) {
        strbuf_adds(&host, text);
    } else {
        const char *name = hosts_name(vnet_hosts(t->s.w), addr);
        strbuf_adds(&host, name ? name : "???");
        if (t->both)
            strbuf_addf(&host, " (%s)", text);
    }
    sink_printf(t->env->out, "%-*s", HOST_COLUMN, strbuf_cstr(&host));
    strbuf_release(&host);
}

static void print_place(struct tracepath *t, const struct vnet_msg *m, const struct about *a)
{
    struct sink *out = t->env->out;
    if (m->ee_origin == ORIGIN_LOCAL) {
        sink_printf(out, "%2d?: %-32s ", t->ttl, "[LOCALHOST]");
    } else if (m->ee_origin == ORIGIN_ICMP || m->ee_origin == ORIGIN_ICMP6) {
        if (a->hops > 0)
            sink_printf(out, "%2d:  ", a->hops);
        else
            sink_printf(out, "%2d?: ", t->ttl);
        print_host(t, &m->offender);
    }
    if (a->sent) {
        long us = (long)((vnet_now(t->s.w) - a->sent) / 1000);
        sink_printf(out, "%3ld.%03ldms ", us / 1000, us % 1000);
    }
}

/* How far away the answer's sender is, by its TTL; what it began with is guessed. */
static int hops_back(int ttl)
{
    return ttl < 0 ? -1 : ttl <= 64 ? 65 - ttl : ttl <= 128 ? 129 - ttl : 256 - ttl;
}

static bool time_exceeded(const struct vnet_msg *m)
{
    return (m->ee_origin == ORIGIN_ICMP && m->ee_type == 11 && m->ee_code == 0) ||
           (m->ee_origin == ORIGIN_ICMP6 && m->ee_type == 3 && m->ee_code == 0);
}

static void print_asymmetry(struct tracepath *t, const struct about *a, int back)
{
    if (back >= 0 && back != (a->hops >= 0 ? a->hops : t->ttl))
        sink_printf(t->env->out, "asymm %2d ", back);
}

/* true: there may be more. */
static bool print_error(struct tracepath *t, const struct vnet_msg *m, const struct about *a)
{
    struct sink *out = t->env->out;
    int back = hops_back(m->ttl);
    switch (m->ee_errno) {
    case ETIMEDOUT:
        sink_puts(out, "\n");
        return true;
    case EMSGSIZE:
        sink_printf(out, "pmtu %d\n", (int)m->ee_info);
        t->mtu = (int)m->ee_info;
        return true;
    case ECONNREFUSED:
        sink_puts(out, "reached\n");
        t->hops_to = a->hops < 0 ? t->ttl : a->hops;
        t->hops_from = back;
        return false;
    case EHOSTUNREACH:
        if (!time_exceeded(m)) {
            sink_puts(out, "!H\n");
            return false;
        }
        print_asymmetry(t, a, back);
        sink_puts(out, "\n");
        return true;
    case EPROTO:
        sink_puts(out, "!P\n");
        return false;
    case ENETUNREACH:
        sink_puts(out, "!N\n");
        return false;
    case EACCES:
        sink_puts(out, "!A\n");
        return false;
    default:
        sink_puts(out, "\n");
        sink_flush(out);
        sink_printf(t->env->err, "tracepath: NET ERROR: %s\n", cmd_strerror(m->ee_errno));
        return false;
    }
}

/* recverr() */
enum tracepath_progress tracepath_answers(struct tracepath *t)
{
    enum tracepath_progress progress = TRACEPATH_SILENT;
    uint8_t buf[24];
    struct vnet_msg m = {0};
    while (vnet_recvmsg(t->s.w, t->s.sock, buf, sizeof(buf), VNET_MSG_ERRQUEUE, &m) >= 0) {
        struct about a = find_slot(t, &m);
        print_place(t, &m, &a);
        if (!print_error(t, &m, &a))
            return TRACEPATH_DONE;
        progress = TRACEPATH_ANSWERED;
    }
    return progress;
}
