/* candump of can-utils 2020.11: frames as they come. */
#include "cmd/can/candump.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/can/can.h"
#include "vnet_link.h"

/* What a function that may end candump answers: RUN, or an exit status. */
enum { RUN = -1 };

static int fail(struct candump *d, const char *what, int rc)
{
    sink_printf(d->env->err, "%s: %s\n", what, cmd_strerror(-rc));
    return 1;
}

/* ---- sockets ---- */

static int find_device(struct candump *d, struct netns *ns, struct candump_source *src)
{
    char name[VNET_IFNAMSIZ] = "";
    size_t n = strcspn(src->text, ",");
    if (n >= VNET_IFNAMSIZ) {
        sink_printf(d->env->err, "name of CAN device '%s' is too long!\n", src->text);
        return 1;
    }
    if ((int)n > d->name_width)
        d->name_width = (int)n;
    memcpy(name, src->text, n);
    src->ifindex = strcmp(name, "any") == 0 ? 0 : vnet_link_index(ns, name);
    return src->ifindex || strcmp(name, "any") == 0 ? RUN : fail(d, "SIOCGIFINDEX", -ENODEV);
}

static int open_source(struct candump *d, struct vnet *w, struct netns *ns,
                       struct candump_source *src)
{
    int rc = vnet_socket(ns, VNET_AF_CAN, VNET_SOCK_RAW, VNET_CAN_RAW, &src->sock);
    if (rc < 0)
        return fail(d, "socket", rc);
    d->nsources++;
    int status = find_device(d, ns, src);
    if (status != RUN)
        return status;
    if (candump_set_filters(d->env, w, src->sock, src->text))
        return 1;
    vnet_sock_setopt(w, src->sock, VNET_CAN_RAW_FD_FRAMES, 1);
    if (d->o.rcvbuf)
        vnet_sock_setopt(w, src->sock, VNET_SO_RCVBUFFORCE, d->o.rcvbuf);
    rc = vnet_can_bind(w, src->sock, src->ifindex);
    return rc < 0 ? fail(d, "bind", rc) : RUN;
}

/* From now on frames are owed to us: who waits for that hears of it. */
static int open_all(struct candump *d)
{
    struct vnet *w;
    struct netns *ns;
    int status = RUN;
    if (cmd_begin(d->env, &w, &ns) < 0)
        return 1;
    for (int i = 0; i < d->o.ndevices && status == RUN; i++) {
        d->sources[i].text = d->o.devices[i];
        status = open_source(d, w, ns, &d->sources[i]);
    }
    if (d->o.timeout >= 0)
        d->wait.until = vnet_now(w) + d->o.timeout;
    vnet_session_listen(d->env->session, true);
    return cmd_commit(d->env) < 0 ? 1 : status;
}

static void close_all(struct candump *d)
{
    struct vnet *w;
    struct netns *ns;
    if (d->nsources == 0 || cmd_begin(d->env, &w, &ns) < 0)
        return;
    for (int i = 0; i < d->nsources; i++)
        vnet_sock_close(w, d->sources[i].sock);
    vnet_session_listen(d->env->session, false);
    cmd_commit(d->env);
}

/* ---- receiving ---- */

/* What came after the time had run out is no longer ours. */
static bool too_late(const struct candump *d, int64_t time)
{
    int64_t deadline = d->env->deadline;
    return (d->wait.until && time > d->wait.until) || (deadline && time > deadline);
}

static int take(struct candump *d, const struct netns *ns, const struct vnet_msg *msg,
                const uint8_t *bytes, long n)
{
    struct vnet_can_frame f;
    if (!vnet_can_parse(bytes, (size_t)n, &f)) {
        sink_puts(d->env->err, "read: incomplete CAN frame\n");
        return 1;
    }
    if (too_late(d, msg->time))
        return 0;
    if (d->o.timeout >= 0)
        d->wait.until = msg->time + d->o.timeout;
    if (candump_print(d, ns, msg, &f))
        return 1;
    return d->o.count && --d->o.count == 0 ? 0 : RUN;
}

static int receive(struct candump *d, struct vnet *w, const struct netns *ns,
                   const struct candump_source *src)
{
    uint8_t bytes[VNET_CANFD_MTU];
    struct vnet_msg msg;
    char name[VNET_IFNAMSIZ];
    long n = vnet_recvmsg(w, src->sock, bytes, sizeof(bytes), 0, &msg);
    d->wait.idle = 0;
    if (n >= 0)
        return take(d, ns, &msg, bytes, n);
    if (n != -ENETDOWN || !d->o.keeps_running)
        return fail(d, "read", (int)n);
    sink_printf(d->env->err, "%s: interface down\n", vnet_link_name(ns, src->ifindex, name));
    return RUN;
}

/* One frame of each socket that has any, and again, until all are empty. */
static int receive_all(struct candump *d, struct vnet *w, const struct netns *ns)
{
    int status = RUN;
    bool more = true;
    while (more && status == RUN) {
        more = false;
        for (int i = 0; i < d->nsources && status == RUN; i++) {
            if (!vnet_sock_readable(w, d->sources[i].sock))
                continue;
            status = receive(d, w, ns, &d->sources[i]);
            more = true;
        }
    }
    return status;
}

/* What there is by now. */
static int look(struct candump *d)
{
    struct vnet *w;
    struct netns *ns;
    if (cmd_begin(d->env, &w, &ns) < 0)
        return 1;
    int status = receive_all(d, w, ns);
    if (status == RUN && d->wait.until && vnet_now(w) >= d->wait.until)
        status = 0;
    return cmd_commit(d->env) < 0 ? 1 : status;
}

/* ---- until the end ---- */

static int run(struct candump *d)
{
    struct vnet_err err = {""};
    struct vnet_session *s = d->env->session;
    bool virtual = vnet_session_clock(s) == VNET_CLOCK_VIRTUAL;
    uint64_t seen = 0;
    for (;;) {
        int signal = listener_signal(&d->wait, &err);
        uint64_t changes = vnet_session_changes(s);
        int status = signal || !virtual || !seen || changes != seen ? look(d) : RUN;
        seen = changes;
        if (status != RUN)
            return status;
        if (signal)
            return 0;
        int rc = listener_wait(&d->wait, &err);
        if (rc == -EAGAIN)
            return 0;
        if (rc < 0)
            return fail(d, "epoll_wait", rc);
    }
}

int candump_main(struct cmd_env *env, int argc, char **argv)
{
    struct candump *d = mem_alloc(sizeof(*d));
    d->env = env;
    d->wait.env = env;
    int status = candump_parse(env, argc, argv, &d->o);
    if (status == 0) {
        int rc = open_all(d);
        status = rc != RUN ? rc : env->capture_last ? candump_last(d) : run(d);
        close_all(d);
    } else {
        status--;
    }
    strbuf_release(&d->line);
    free(d->o.devices);
    free(d);
    return status;
}
