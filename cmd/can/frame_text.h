/* CAN frames as text, in the ways of can-utils 2020.11 (lib.c). */
#ifndef VNET_CMD_CAN_FRAME_TEXT_H
#define VNET_CMD_CAN_FRAME_TEXT_H

#include "base/strbuf.h"
#include "vnet_can.h"

/* "123#DEADBEEF", "123#R", "12345678##0DE.AD": cansend's argument. false: it is none. What follows
 * the longest data is not looked at. */
bool frame_parse(const char *text, struct vnet_can_frame *f);
/* The same form, as candump -L writes it. */
void frame_put(struct strbuf *out, const struct vnet_can_frame *f);

struct frame_view {
    bool binary, ascii, swap;
    bool indent_sff; /* standard identifiers in a column of extended ones */
};

/* "123   [4]  DE AD BE EF": candump's own form. */
void frame_put_long(struct strbuf *out, const struct vnet_can_frame *f,
                    const struct frame_view *view);

#endif
