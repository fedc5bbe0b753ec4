#include "cmd/tracepath/tracepath.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/mem.h"

enum { DEFAULT_PORT = 44444, DEFAULT_HOPS = 30, SENDS = 10, PROBES = 3, LARGEST = 128000 };

static int open_socket(struct tracepath *t)
{
    struct vnet *w = t->s.w;
    int rc = vnet_socket(t->s.ns, t->family, VNET_SOCK_DGRAM, VNET_IPPROTO_UDP, &t->s.sock);
    if (rc < 0) {
        sink_printf(t->env->err, "tracepath: socket: %s\n", cmd_strerror(-rc));
        return 1;
    }
    vnet_sock_setopt(w, t->s.sock, VNET_IP_MTU_DISCOVER, 2);
    vnet_sock_setopt(w, t->s.sock, VNET_IP_RECVERR, 1);
    vnet_sock_setopt(w, t->s.sock, VNET_IP_RECVTTL, 1);
    t->data = mem_calloc(LARGEST, 1);
    return TRACEPATH_GO_ON;
}

/* The probe begins with its TTL and the time. 0 or -errno. */
static int send_probe(struct tracepath *t)
{
    struct slot *slot = &t->slots[t->slot];
    int len = (t->mtu < LARGEST ? t->mtu : LARGEST) - t->overhead;
    slot->hops = t->ttl;
    slot->sent = vnet_now(t->s.w);
    put_be32(t->data, (uint32_t)t->ttl);
    put_be32(t->data + 8, (uint32_t)(slot->sent / NSEC_PER_SEC));
    put_be32(t->data + 16, (uint32_t)(slot->sent % NSEC_PER_SEC));
    return vnet_udp_send(t->s.w, t->s.sock, t->data, (size_t)len, &t->dst,
                         (uint16_t)(t->port + (int)t->slot));
}

/* The first that can be sent; what hinders the others is told. SILENT: it is on its way. */
static enum tracepath_progress send_one(struct tracepath *t)
{
    for (int i = 0; i < SENDS; i++) {
        if (send_probe(t) == 0)
            return TRACEPATH_SILENT;
        enum tracepath_progress progress = tracepath_answers(t);
        t->slots[t->slot].hops = 0;
        if (progress == TRACEPATH_DONE)
            return progress;
        if (progress == TRACEPATH_ANSWERED)
            i = -1; /* with the MTU that it told */
    }
    sink_printf(t->env->out, "%2d:  send failed\n", t->ttl);
    return TRACEPATH_DONE;
}

/* probe_ttl(): one second for an answer. *status: the exit status if a signal came. */
static enum tracepath_progress probe(struct tracepath *t, int *status)
{
    enum { KILLED_BY_SIGNAL = 128 };
    uint8_t byte;
    struct vnet_msg m;
    if (send_one(t) == TRACEPATH_DONE)
        return TRACEPATH_DONE;
    t->slot = (t->slot + 1) % TRACEPATH_SLOTS;
    if (sock_wait(&t->s, vnet_now(t->s.w) + NSEC_PER_SEC) < 0) {
        *status = t->s.signal ? KILLED_BY_SIGNAL + t->s.signal : 1;
        return TRACEPATH_DONE;
    }
    if (vnet_recvmsg(t->s.w, t->s.sock, &byte, 1, 0, &m) >= 0) {
        sink_printf(t->env->out, "%2d?: reply received 8)\n", t->ttl);
        return TRACEPATH_DONE;
    }
    return tracepath_answers(t);
}

/* A TTL, anew whenever the path's MTU turns out to be another. */
static enum tracepath_progress probe_ttl(struct tracepath *t, int *status)
{
    enum tracepath_progress progress = TRACEPATH_SILENT;
    vnet_sock_setopt(t->s.w, t->s.sock, VNET_IP_TTL, t->ttl);
    for (int i = 0; i < PROBES && progress == TRACEPATH_SILENT; i++) {
        int mtu = t->mtu;
        progress = probe(t, status);
        if (*status != TRACEPATH_GO_ON || t->mtu == mtu)
            continue;
        progress = TRACEPATH_SILENT;
        i = -1;
    }
    if (progress == TRACEPATH_SILENT)
        sink_printf(t->env->out, "%2d:  no reply\n", t->ttl);
    return progress;
}

static void resume(struct tracepath *t)
{
    struct sink *out = t->env->out;
    sink_printf(out, "     Resume: pmtu %d ", t->mtu);
    if (t->hops_to >= 0)
        sink_printf(out, "hops %d ", t->hops_to);
    if (t->hops_from >= 0)
        sink_printf(out, "back %d ", t->hops_from);
    sink_puts(out, "\n");
}

static int trace_path(struct tracepath *t)
{
    enum tracepath_progress progress = TRACEPATH_SILENT;
    int status = TRACEPATH_GO_ON;
    for (t->ttl = 1; t->ttl <= t->max_hops && progress != TRACEPATH_DONE; t->ttl++)
        progress = probe_ttl(t, &status);
    if (status != TRACEPATH_GO_ON)
        return status;
    if (progress != TRACEPATH_DONE)
        sink_printf(t->env->out, "     Too many hops: pmtu %d\n", t->mtu);
    resume(t);
    return 0;
}

int tracepath_main(struct cmd_env *env, int argc, char **argv)
{
    struct tracepath t = {
        .env = env, .s = {.env = env}, .max_hops = DEFAULT_HOPS, .hops_to = -1, .hops_from = -1};
    int status = tracepath_options(&t, argc, argv);
    if (!t.port)
        t.port = DEFAULT_PORT;
    if (status == TRACEPATH_GO_ON)
        status = open_socket(&t);
    if (status == TRACEPATH_GO_ON)
        status = trace_path(&t);
    if (t.s.w) {
        if (t.s.sock)
            vnet_sock_close(t.s.w, t.s.sock);
        if (cmd_commit(env) < 0 && status == 0)
            status = 1;
    }
    free(t.data);
    return status;
}
