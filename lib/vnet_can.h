/* CAN frames and CAN_RAW sockets: what cansend and candump need. A socket is made by vnet_socket()
 * of VNET_AF_CAN, VNET_SOCK_RAW, VNET_CAN_RAW; vnet_sendto() without an address sends a frame,
 * vnet_recvmsg() takes one. Frames are bytes as struct can_frame and struct canfd_frame have them
 * on a little-endian machine (include/uapi/linux/can.h), 16 or 72 of them. */
#ifndef VNET_CAN_H
#define VNET_CAN_H

#include "vnet_sock.h"

enum { VNET_CAN_RAW = 1 };                       /* protocol of VNET_AF_CAN */
enum { VNET_CAN_MTU = 16, VNET_CANFD_MTU = 72 }; /* bytes of a frame of either kind */
enum { VNET_CAN_MAX_DLEN = 8, VNET_CANFD_MAX_DLEN = 64 };

#define VNET_CAN_EFF_FLAG 0x80000000U /* extended frame format: 29 bits of identifier */
#define VNET_CAN_RTR_FLAG 0x40000000U /* remote transmission request */
#define VNET_CAN_ERR_FLAG 0x20000000U /* error message; in a filter: inverted */
#define VNET_CAN_SFF_MASK 0x000007ffU
#define VNET_CAN_EFF_MASK 0x1fffffffU
#define VNET_CAN_ERR_MASK 0x1fffffffU

enum { VNET_CANFD_BRS = 1, VNET_CANFD_ESI = 2, VNET_CANFD_FDF = 4 };

struct vnet_can_frame {
    uint32_t id; /* with its VNET_CAN_*_FLAG */
    bool fd;
    uint8_t len;      /* bytes of data */
    uint8_t flags;    /* VNET_CANFD_*, FD only */
    uint8_t len8_dlc; /* classic only: a data length code above 8, 0: none */
    uint8_t data[VNET_CANFD_MAX_DLEN];
};

/* false: not the length of a frame of either kind, or more data than it may have. */
bool vnet_can_parse(const uint8_t *bytes, size_t n, struct vnet_can_frame *f);
/* Writes VNET_CAN_MTU or VNET_CANFD_MTU bytes; returns how many. f->len must be in bounds. */
size_t vnet_can_emit(uint8_t bytes[VNET_CANFD_MTU], const struct vnet_can_frame *f);

/* struct can_filter: matches if (id of the frame & mask) == (id & mask); with VNET_CAN_ERR_FLAG
 * (the kernel's CAN_INV_FILTER) in id, if not. */
struct vnet_can_filter {
    uint32_t id, mask;
};
enum { VNET_CAN_FILTER_MAX = 512 };

/* bind(2): to a device, 0: to all CAN devices. -ENODEV: none such, or no CAN device. A device that
 * is down can be bound to; the error ENETDOWN is then pending. */
int vnet_can_bind(struct vnet *w, vnet_sock_id id, int ifindex);
/* setsockopt(CAN_RAW_FILTER): copies. n 0: nothing is received. -EINVAL: more than
 * VNET_CAN_FILTER_MAX. */
int vnet_can_set_filters(struct vnet *w, vnet_sock_id id, const struct vnet_can_filter *filters,
                         size_t n);

/* Would the socket get a frame with this identifier that came in by that device? (Who looks at the
 * recorder asks.) */
bool vnet_can_wants(struct vnet *w, vnet_sock_id id, int ifindex, uint32_t can_id);

/* vnet_msg.flags of a received frame */
enum {
    VNET_MSG_DONTROUTE = 0x4, /* sent by a socket of this machine */
    VNET_MSG_CONFIRM = 0x800, /* sent by this very socket */
};

#endif
