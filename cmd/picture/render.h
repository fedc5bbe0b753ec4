/* Renderers of pictures. Private to cmd/picture. */
#ifndef VNET_CMD_PICTURE_RENDER_H
#define VNET_CMD_PICTURE_RENDER_H

#include "cmd/picture/layout.h"
#include "cmd/sink.h"

/* Text: with the signs of Unicode or those of ASCII, in a terminal's colours or in none. */
void render_text(const struct layout *l, bool ascii, bool colour, struct sink *out);

#endif
