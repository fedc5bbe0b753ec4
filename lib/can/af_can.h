/* CAN inside the stack (net/can/af_can.c, raw.c): devices, sockets, and the frames between them. */
#ifndef VNET_CAN_AF_CAN_H
#define VNET_CAN_AF_CAN_H

#include "inet/sock.h"
#include "vnet_can.h"

struct can_raw_opts { /* struct raw_sock; of a socket of VNET_AF_CAN */
    int ifindex;      /* 0: all CAN devices */
    bool bound, loopback, recv_own_msgs, fd_frames, join_filters;
    uint32_t err_mask;
    uint32_t nfilters;
    struct vnet_can_filter *filters; /* owned */
};

/* can_send(): skb is a frame for dev, as bytes; loop: other sockets of this machine get it, too.
 * Consumes. -EINVAL, -EMSGSIZE, -EPERM (no CAN device), -ENETDOWN. */
int can_send(struct netdev *dev, struct skb *skb, bool loop);
/* can_rcv(), canfd_rcv(): to the sockets that want it. Consumes. */
void can_rcv(struct skb *skb, struct netdev *dev);
/* A frame of CAN's that a CAN device can carry (can_is_can_skb() or can_is_canfd_skb()). */
bool can_skb_ok(const struct skb *skb);

/* raw_init(): a socket's options as socket(2) makes them. */
struct can_raw_opts *can_raw_opts_new(void);
void can_raw_opts_free(struct can_raw_opts *ro);
/* setsockopt(CAN_RAW_FILTER) */
int can_raw_set_filters(struct can_raw_opts *ro, const struct vnet_can_filter *filters, size_t n);
/* raw_setsockopt(): VNET_CAN_RAW_*. -ENOPROTOOPT. */
int can_raw_setopt(struct sock *sk, enum vnet_sock_opt opt, int64_t value);
/* raw_sendmsg() to the device that the socket is bound to. -ENXIO: to none. */
int can_raw_sendmsg(struct sock *sk, const void *frame, size_t len);
/* raw_rcv(), if the socket's filters want the frame. Does not consume. */
void can_raw_rcv(struct sock *sk, const struct skb *skb);
/* raw_notifier(): sockets bound to a device that goes down or away are told. */
void can_netdev_event(struct netdev *dev, enum netdev_event event);

#endif
