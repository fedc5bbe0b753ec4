/* Renderers of pictures. Private to cmd/picture. */
#ifndef VNET_CMD_PICTURE_RENDER_H
#define VNET_CMD_PICTURE_RENDER_H

#include "cmd/picture/layout.h"
#include "cmd/sink.h"

/* Text: with the signs of Unicode or those of ASCII, in a terminal's colours or in none. */
void render_text(const struct layout *l, bool ascii, bool colour, struct sink *out);
/* A drawing of the same layout in SVG 1.1. */
void render_svg(const struct layout *l, struct sink *out);
/* The same things for programs that find places for them: a graph for Graphviz's dot, */
void render_dot(const struct picture *p, struct sink *out);
/* and a flowchart for Mermaid. */
void render_mermaid(const struct picture *p, struct sink *out);

#endif
