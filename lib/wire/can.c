/* CAN frames as sockets and devices carry them (include/uapi/linux/can.h), the identifier in the
 * order of a little-endian machine. */
#include <string.h>

#include "vnet_can.h"
#include "wire/can.h"

enum { AT_LEN = 4, AT_FLAGS = 5, AT_LEN8_DLC = 7, AT_DATA = 8 };

uint32_t can_get_id(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static void put_id(uint8_t *p, uint32_t id)
{
    p[0] = (uint8_t)id;
    p[1] = (uint8_t)(id >> 8);
    p[2] = (uint8_t)(id >> 16);
    p[3] = (uint8_t)(id >> 24);
}

void can_set_fdf(uint8_t *p)
{
    p[AT_FLAGS] |= VNET_CANFD_FDF;
}

bool vnet_can_parse(const uint8_t *p, size_t n, struct vnet_can_frame *f)
{
    if (n != VNET_CAN_MTU && n != VNET_CANFD_MTU)
        return false;
    bool fd = n == VNET_CANFD_MTU;
    if (p[AT_LEN] > (fd ? VNET_CANFD_MAX_DLEN : VNET_CAN_MAX_DLEN))
        return false;
    *f = (struct vnet_can_frame){.id = can_get_id(p), .fd = fd, .len = p[AT_LEN]};
    if (fd)
        f->flags = p[AT_FLAGS];
    else
        f->len8_dlc = p[AT_LEN8_DLC];
    memcpy(f->data, p + AT_DATA, n - AT_DATA);
    return true;
}

size_t vnet_can_emit(uint8_t p[VNET_CANFD_MTU], const struct vnet_can_frame *f)
{
    size_t n = f->fd ? VNET_CANFD_MTU : VNET_CAN_MTU;
    memset(p, 0, n);
    put_id(p, f->id);
    p[AT_LEN] = f->len;
    if (f->fd)
        p[AT_FLAGS] = f->flags;
    else
        p[AT_LEN8_DLC] = f->len8_dlc;
    memcpy(p + AT_DATA, f->data, n - AT_DATA);
    return n;
}

uint32_t can_data_len(const uint8_t *p, size_t n)
{
    bool rtr = n == VNET_CAN_MTU && (can_get_id(p) & VNET_CAN_RTR_FLAG);
    return rtr ? 0 : p[AT_LEN];
}
