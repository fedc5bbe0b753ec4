/* Text as a terminal shows it. */
#ifndef VNET_CMD_PICTURE_GLYPHS_H
#define VNET_CMD_PICTURE_GLYPHS_H

#include <stdint.h>

#include "base/strbuf.h"

/* Columns that a code point takes: 0, 1 or 2. */
unsigned glyph_columns(uint32_t c);
/* The next code point of well-formed UTF-8; *text moves behind it. */
uint32_t glyph_next(const char **text);
void glyph_add(struct strbuf *sb, uint32_t c);
/* Columns of a text that is safe. */
unsigned glyph_width(const char *text);
/* Append a text so that it is safe to show: well-formed UTF-8 in which each code point takes a
 * column or two; what is not, controls and what changes the direction of writing among it, as \xNN.
 */
void glyph_add_safe(struct strbuf *sb, const char *text);

#endif
