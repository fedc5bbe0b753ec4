/* candump of what has passed already: for a replay, where the frames were sent before. */
#include "cmd/can/candump.h"
#include "vnet_capture.h"
#include "vnet_link.h"

/* By which device the frame went out that comes back now: those who hear it there are its sender's
 * neighbours, not the far side. */
struct last {
    struct candump *d;
    int sent_by;
};

/* 0 to go on, 1 at the end. */
static int show(struct last *l, const struct vnet_frame *frame)
{
    struct candump *d = l->d;
    struct vnet_can_frame f;
    struct vnet *w;
    struct netns *ns;
    int status = 0;
    bool sent_here = frame->ifindex == l->sent_by;
    if (frame->pkttype == VNET_PACKET_OUTGOING)
        l->sent_by = frame->ifindex;
    if (frame->arphrd != VNET_ARPHRD_CAN || frame->pkttype == VNET_PACKET_OUTGOING ||
        !vnet_can_parse(frame->data, frame->caplen, &f))
        return 0;
    const struct vnet_msg msg = {
        .time = frame->time, .iif = frame->ifindex, .flags = sent_here ? VNET_MSG_DONTROUTE : 0};
    if (cmd_begin(d->env, &w, &ns) < 0)
        return 1;
    for (int i = 0; i < d->nsources && status == 0; i++) {
        if (!vnet_can_wants(w, d->sources[i].sock, msg.iif, f.id))
            continue;
        status = candump_print(d, ns, &msg, &f);
        if (status == 0 && d->o.count && --d->o.count == 0)
            status = 1;
    }
    return cmd_commit(d->env) < 0 ? 1 : status;
}

int candump_last(struct candump *d)
{
    struct vnet_capture *cap;
    struct vnet_frame frame;
    struct vnet_err err = {""};
    struct last l = {.d = d};
    if (vnet_capture_open(d->env->session, d->env->netns, NULL, VNET_CAPTURE_LAST, &cap, &err) <
        0) {
        sink_printf(d->env->err, "candump: %s\n", err.msg);
        return 1;
    }
    while (cmd_capture_next(d->env, cap, &frame, NULL, &err) == 1)
        if (show(&l, &frame))
            break;
    vnet_capture_close(cap);
    return 0;
}
