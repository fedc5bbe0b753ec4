/* CAN frames inside the stack; vnet_can.h has the codec. */
#ifndef VNET_WIRE_CAN_H
#define VNET_WIRE_CAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ETH_P_CAN = 0x000c, ETH_P_CANFD = 0x000d };

/* All of these take whole frames, which vnet_can_parse() accepts. */
uint32_t can_get_id(const uint8_t *frame); /* with its flags */
void can_set_fdf(uint8_t *fd_frame);       /* CANFD_FDF */
/* can_skb_get_data_len(): what statistics count; nothing for a remote request. */
uint32_t can_data_len(const uint8_t *frame, size_t n);

#endif
